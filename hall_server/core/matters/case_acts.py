"""What may happen to a case, and when (domain.md 2, 5 and 7).

Whatever time has made true is said before the act that follows it, so a promise broken at half past four stands in the
journal before a decision made a second later. Reasons are codes; whose case it is and what was written is not here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec

from hall_protocol.refusals import Refused

from ..oversight.authorisation import letter_for
from ..oversight.seal import seal_may_be_used
from ..registry import Event, decides
from ..stamp import Stamp, day_of, text, text_or_none
from . import case_clock
from .card import find_case
from .case import LICENCE, Case, Stop, about, accept, begun, case_no, edition_of
from .case_commands import (
    BY_GUIDE,
    AcceptCase,
    AskSupplement,
    DecideCase,
    Decision,
    DeliverCase,
    ExtendCase,
    PauseCase,
    ReceiveCase,
    RefuseCase,
    ReopenCase,
    ReportedAnswer,
    ReportUp,
    ResumeCase,
    StepCase,
    VoidCase,
    WithdrawCase,
)
from .case_events import (
    CaseAccepted,
    CaseDecided,
    CaseDelivered,
    CaseEvent,
    CaseExtended,
    CaseNotAccepted,
    CasePaused,
    CaseReceived,
    CaseReopened,
    CaseReportedAnswer,
    CaseReportedUp,
    CaseResumed,
    CaseStepped,
    CaseSupplementAsked,
    CaseVoided,
    CaseWithdrawn,
)
from .reckoner import Reckoner

if TYPE_CHECKING:
    from ..hall import Hall
    from ..places.catalogue import Service

NUMBER: Final = re.compile(
    r"(?!.*\d{9})[A-Za-z]{0,10}"
    r"[0-9A-Z〔〕\[\]（）()/_.#年月日第号號字通知告书書补補正延期长長暂停受理审審批政办辦函送达達县縣市局厅廳省章行专專用-]{1,40}"
)
"""What may stand in the journal as a paper's number: letters, figures and official words; no telephone, no name."""
FIRST_YEAR: Final = 2004
"""The first year of the published calendar; nothing was received before."""


# ---------------------------------------------------------------- what acts share


def due_now(hall: Hall, no: str, stamp: Stamp, *states: str) -> tuple[Case, list[Event]]:
    """The case as it is once everything is said that time has made true, and that; refuses in any other state.

    An act at the very instant a limit ends is still in time.
    """
    case = find_case(hall, no)
    events = case_clock.overdue(hall, case, stamp.at, upto=stamp.at - 1)
    for event in events:
        if isinstance(event, CaseAccepted):
            case = msgspec.structs.replace(case)
            accept(case, event, at=stamp.at)
    if case.state not in states:
        raise Refused("wrong_state", state=case.state)
    return case, events


def number(words: str, *, missing: str, field: str) -> str:
    """The number of a paper, or the refusal that it is missing or no number."""
    if not words.strip():
        raise Refused(missing)
    if NUMBER.fullmatch(words.strip()) is None:
        raise Refused("bad_request", why=field)
    return words.strip()


def reason_of(words: str) -> str:
    """A reason's code; nothing ends and no clock stands without one."""
    if not words.strip():
        raise Refused("reason_missing")
    return words


def require_chief(hall: Hall, case: Case, stamp: Stamp) -> None:
    """Refuses anybody but a chief representative of the case's department (A5d)."""
    clerk = hall.clerks.get(stamp.clerk or "")
    if clerk is not None and clerk.chief and clerk.department == case.department:
        return
    kind, _, name = stamp.actor.partition(":")
    account = hall.accounts.get(name) if kind == "account" else None
    if account is not None and account.role == "chief_representative" and account.department in (None, case.department):
        return
    raise Refused("not_authorised")


def places_of(service: Service, names: Iterable[str]) -> tuple[int, ...]:
    """Places of documents in the catalogue's list, in its order; refuses a name that is not in it."""
    known = {material.name: n for n, material in enumerate(service.materials)}
    found = set()
    for name in names:
        if name not in known:
            raise Refused("unknown_document")
        found.add(known[name])
    return tuple(sorted(found))


def require_before_due(case: Case, at: int) -> None:
    """Refuses once the promised instant is past: an overdue case stays overdue."""
    if case.promised_due is not None and at > case.promised_due:
        raise Refused("overdue")


# ---------------------------------------------------------------- receipt and acceptance


@decides(ReceiveCase)
def receive(hall: Hall, c: ReceiveCase, stamp: Stamp) -> list[Event]:
    service = hall.services.get(c.service)
    if service is None or service.state != "in_use":
        raise Refused("unknown_service")
    event = received(hall, c, service, stamp)
    case = begun(event, edition=len(hall.editions.get(c.service, ())), at=stamp.at)
    Reckoner(hall).tell_until(case)  # a date no calendar reaches is refused here, not at the next tick
    events: list[Event] = [event]
    if c.accept or c.decision is not None:
        accepted = acceptance(hall, case, service, None, stamp)
        events.append(accepted)
        accept(case, accepted, at=stamp.at)
    if c.decision is not None:
        events.append(decision(hall, case, c.decision, stamp))
    return events


def received(hall: Hall, c: ReceiveCase, service: Service, stamp: Stamp) -> CaseReceived:
    """The event of an application, with the limits of the catalogue as it is now."""
    at = stamp.at if c.received_at is None else c.received_at
    if at > stamp.at:
        raise Refused("bad_request", why="received_at")
    if c.reference is not None and c.reference in hall.references:
        raise Refused("already_received", no=hall.references[c.reference])
    day = day_of(stamp.at, hall.zone)
    if int(day_of(at, hall.zone)[:4]) < FIRST_YEAR:
        raise Refused("date_outside_calendar")
    ticket = None
    if c.ticket is not None:
        found = hall.tickets.get(c.ticket) or hall.by_number(c.ticket)
        if found is None:
            raise Refused("unknown_ticket")
        ticket = found.id
    counter = hall.counters.get(stamp.counter or "")
    line = hall.lines.get(service.line)
    return CaseReceived(
        case=case_no(day=day, count=hall.case_counts.get(day, 0) + 1),
        service=service.service,
        department=service.department,
        counter=stamp.counter,
        clerk=stamp.clerk,
        ticket=ticket,
        site=counter.site if counter is not None else (line.site if line is not None else "county"),
        form=c.form,
        catalogue_version=hall.catalogue_version,
        type_code=service.type_code,
        handling=service.handling,
        promised_days=0 if service.handling == "on_the_spot" else service.promised_days,
        statutory_days=service.statutory_days,
        day_unit=service.day_unit,
        received_at=text(at, hall.zone),
        channel=c.channel or ("hall" if stamp.clerk is not None else "integrator"),
        documents=None if c.documents is None else places_of(service, c.documents),
        show_name=c.show_name,
        project=c.project,
        reference=c.reference,
    )


@decides(AskSupplement)
def ask_supplement(hall: Hall, c: AskSupplement, stamp: Stamp) -> list[Event]:
    case = find_case(hall, c.case)
    if case.missing is not None:
        raise Refused("supplement_given")
    case, events = due_now(hall, c.case, stamp, "received")
    missing = places_of(edition_of(hall, case), c.missing)
    if not missing:
        raise Refused("nothing_missing")
    reckoner = hall.agenda_now().reckoner
    limit = hall.settings.deadlines.supplement
    until = reckoner.due(start=reckoner.day(stamp.at), days=limit, unit="working_day").day
    assert until is not None, "without pauses every limit ends"
    notice = number(c.notice_no, missing="notice_missing", field="notice_no") if c.notice_no else f"{case.no}-1"
    return [
        *events,
        CaseSupplementAsked(**about(case, stamp), missing=missing, notice_no=notice, until=until.isoformat()),
    ]


@decides(AcceptCase)
def accept_case(hall: Hall, c: AcceptCase, stamp: Stamp) -> list[Event]:
    case, events = due_now(hall, c.case, stamp, "received", "supplementing")
    return [*events, acceptance(hall, case, edition_of(hall, case), c.documents, stamp)]


def acceptance(hall: Hall, case: Case, service: Service, named: tuple[str, ...] | None, stamp: Stamp) -> CaseAccepted:
    """The acceptance, once nothing is missing. After a supplement it says itself that all is there now."""
    there = case.documents if named is None else places_of(service, named)
    said_complete = named is None and case.missing is not None
    if there is not None and not said_complete and len(there) < len(service.materials):
        raise Refused("documents_missing", n=len(service.materials) - len(there))
    event = case_clock.acceptance(Reckoner(hall), case, at=stamp.at)
    return msgspec.structs.replace(event, counter=stamp.counter, clerk=stamp.clerk)


@decides(RefuseCase)
def refuse(hall: Hall, c: RefuseCase, stamp: Stamp) -> list[Event]:
    case, events = due_now(hall, c.case, stamp, "received", "supplementing")
    return [*events, CaseNotAccepted(**about(case, stamp), reason_code=reason_of(c.reason))]


# ---------------------------------------------------------------- while both clocks run


@decides(PauseCase)
def pause(hall: Hall, c: PauseCase, stamp: Stamp) -> list[Event]:
    require_chief(hall, find_case(hall, c.case), stamp)
    case, events = due_now(hall, c.case, stamp, "accepted")
    if case.decided is not None:
        raise Refused("wrong_state", state="decided")
    reason = reason_of(c.reason)
    notice = number(c.notice_no, missing="notice_missing", field="notice_no")
    require_before_due(case, stamp.at)
    if reason in BY_GUIDE and not step_is_free(hall, case):
        raise Refused("counts_by_guide")
    today = hall.date_of(stamp.at)
    return [*events, CasePaused(**about(case, stamp), from_on=today, reason_code=reason, notice_no=notice)]


def step_is_free(hall: Hall, case: Case) -> bool:
    """Whether the step a clerk named is one that does not count towards the limit."""
    return case.step is not None and not edition_of(hall, case).steps[case.step].counts


@decides(ResumeCase)
def resume(hall: Hall, c: ResumeCase, stamp: Stamp) -> list[Event]:
    case, events = due_now(hall, c.case, stamp, "paused")
    reckoner = hall.agenda_now().reckoner
    stop = case.stops[-1]
    to_on = max(hall.date_of(stamp.at), stop.begins)
    trial = msgspec.structs.replace(case, stops=[*case.stops[:-1], Stop(stop.begins, to_on, "", "")], state="accepted")
    dates, step = reckoner.dates(trial), None
    assert dates.promised is not None, "a clock that runs has a date"
    if case.step is not None and case.step_on is not None and case.step_due is not None:
        days = case_clock.step_days(hall, case, case.step)
        step = None if days is None else reckoner.step_due(trial, days=days, start=reckoner.day(case.step_on))
    return [
        *events,
        CaseResumed(
            **about(case, stamp),
            to_on=to_on,
            promised_due=text(dates.promised, hall.zone),
            statutory_due=text_or_none(dates.statutory, hall.zone),
            provisional=dates.provisional,
            calendar_version=hall.calendar_version,
            step_due=text_or_none(step, hall.zone),
        ),
    ]


@decides(StepCase)
def step(hall: Hall, c: StepCase, stamp: Stamp) -> list[Event]:
    case, events = due_now(hall, c.case, stamp, "accepted", "paused", "reported_up")
    steps = edition_of(hall, case).steps
    place = c.step - 1 if isinstance(c.step, int) else next((n for n, s in enumerate(steps) if s.name == c.step), -1)
    if not 0 <= place < len(steps):
        raise Refused("unknown_step")
    if place == case.step:
        return events
    reckoner, days, due = hall.agenda_now().reckoner, steps[place].days, None
    if days is not None and case.is_running:
        due = reckoner.step_due(case, days=days, start=reckoner.day(stamp.at))
    return [*events, CaseStepped(**about(case, stamp), step=place, step_due=text_or_none(due, hall.zone))]


@decides(ExtendCase)
def extend(hall: Hall, c: ExtendCase, stamp: Stamp) -> list[Event]:
    require_chief(hall, find_case(hall, c.case), stamp)
    case, events = due_now(hall, c.case, stamp, "accepted")
    if case.decided is not None:
        raise Refused("wrong_state", state="decided")
    reason = reason_of(c.reason)
    notice = number(c.notice_no, missing="notice_missing", field="notice_no")
    if case.extended:
        raise Refused("extended_already")
    rules = hall.settings.deadlines
    most = rules.joint_extension if case.project is not None else rules.extension
    if c.days > most:
        raise Refused("extension_too_long", n=most)
    require_before_due(case, stamp.at)
    dates = hall.agenda_now().reckoner.dates(case, extended=c.days)
    assert dates.promised is not None, "a clock that runs has a date"
    return [
        *events,
        CaseExtended(
            **about(case, stamp),
            days=c.days,
            reason_code=reason,
            notice_no=notice,
            promised_due=text(dates.promised, hall.zone),
            statutory_due=text_or_none(dates.statutory, hall.zone),
            provisional=dates.provisional,
            calendar_version=hall.calendar_version,
        ),
    ]


@decides(ReportUp)
def report_up(hall: Hall, c: ReportUp, stamp: Stamp) -> list[Event]:
    case, events = due_now(hall, c.case, stamp, "accepted")
    if case.decided is not None:
        raise Refused("wrong_state", state="decided")
    receipt = number(c.receipt, missing="notice_missing", field="receipt")
    return [*events, CaseReportedUp(**about(case, stamp), to_code=c.to, receipt=receipt)]


# ---------------------------------------------------------------- ends


@decides(DecideCase)
def decide_case(hall: Hall, c: DecideCase, stamp: Stamp) -> list[Event]:
    case, events = due_now(hall, c.case, stamp, "accepted", "reported_up")
    return [*events, decision(hall, case, c.decision, stamp)]


def decision(hall: Hall, case: Case, wanted: Decision, stamp: Stamp) -> CaseDecided:
    """The decision: at the counter under a letter, else the department's. A licence needs the entry of its seal."""
    by_clerk = stamp.clerk is not None and stamp.counter is not None
    place = wanted.place or ("counter" if by_clerk else "department")
    if place == "counter" and not by_clerk:
        raise Refused("not_authorised")
    under = None
    if place == "counter":
        under = power(hall, case, "decide", stamp)
    if wanted.seal is None and case.type_code == LICENCE:
        raise Refused("seal_missing")
    if wanted.seal is not None and place == "counter":
        power(hall, case, "seal", stamp)
        if not seal_may_be_used(hall, seal=wanted.seal, department=case.department):
            raise Refused("unknown_seal")
    elif wanted.seal is not None and wanted.seal not in hall.seals:
        number(wanted.seal, missing="seal_missing", field="seal")
    return CaseDecided(
        **about(case, stamp),
        outcome=wanted.outcome,
        place=place,
        under=under,
        seal=wanted.seal,
        decided_at=text(stamp.at, hall.zone),
        first=case.decided is None,
    )


def power(hall: Hall, case: Case, which: str, stamp: Stamp) -> str:
    """The letter that gives this clerk this power for this item today, or the refusal (A5a)."""
    today = date.fromisoformat(hall.date_of(stamp.at))
    found = letter_for(hall, clerk=stamp.clerk or "", service=case.service, power=which, day=today)
    if found is None:
        raise Refused("not_authorised")
    return found


@decides(ReportedAnswer)
def reported_answer(hall: Hall, c: ReportedAnswer, stamp: Stamp) -> list[Event]:
    case, events = due_now(hall, c.case, stamp, "reported_up")
    decided = CaseDecided(
        **about(case, stamp),
        outcome=c.outcome,
        place="department",
        under=None,
        seal=None,
        decided_at=text(stamp.at, hall.zone),
        first=case.decided is None,
    )
    return [*events, CaseReportedAnswer(**about(case, stamp), outcome=c.outcome), decided]


@decides(DeliverCase)
def deliver(hall: Hall, c: DeliverCase, stamp: Stamp) -> list[Event]:
    case, events = due_now(hall, c.case, stamp, "decided")
    return [*events, CaseDelivered(**about(case, stamp))]


@decides(WithdrawCase)
def withdraw(hall: Hall, c: WithdrawCase, stamp: Stamp) -> list[Event]:
    return ending(hall, c, CaseWithdrawn, stamp)


@decides(VoidCase)
def void(hall: Hall, c: VoidCase, stamp: Stamp) -> list[Event]:
    return ending(hall, c, CaseVoided, stamp)


def ending(hall: Hall, c: WithdrawCase | VoidCase, kind: type[CaseWithdrawn | CaseVoided], stamp: Stamp) -> list[Event]:
    """An end without a decision."""
    case, events = due_now(hall, c.case, stamp, "received", "supplementing", "accepted", "paused", "reported_up")
    if case.decided is not None:
        raise Refused("wrong_state", state="decided")
    ended: CaseEvent = kind(**about(case, stamp), reason_code=reason_of(c.reason))
    return [*events, ended]


@decides(ReopenCase)
def reopen(hall: Hall, c: ReopenCase, stamp: Stamp) -> list[Event]:
    require_chief(hall, find_case(hall, c.case), stamp)
    case, events = due_now(hall, c.case, stamp, "decided", "delivered")
    return [*events, CaseReopened(**about(case, stamp), reason_code=reason_of(c.reason))]
