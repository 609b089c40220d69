"""A case in answers, on the page of whoever holds its receipt, and in a clerk's list. No rule is made here."""

from __future__ import annotations

from datetime import date
from heapq import nsmallest

from hall_protocol.pictures.matters import Card as CardView
from hall_protocol.pictures.matters import Case as CaseView
from hall_protocol.pictures.matters import CaseBrief, CaseColumn, CaseDates, CasePause, CaseStatus, TrailStep

from ..hall import Hall
from ..matters import case_clock
from ..matters.card import Card
from ..matters.case import LICENCE, Case, begun, edition_of
from ..matters.case_acts import received
from ..matters.case_commands import ReceiveCase
from ..oversight.authorisation import letter_for
from ..places.catalogue import Service
from ..stamp import Stamp, text, text_or_none

COLUMN_SHOWN = 20
WORST = {"red": 0, "yellow": 1, "green": 2}
BEHIND = {"stopped": 4, "ended": 8}
NEVER = 1 << 62
BEFORE_ACCEPTANCE = frozenset({"received", "supplementing", "not_accepted"})
PLAIN_WAY = ("received", "accepted", "reviewing", "decided", "delivered")
"""Steps of an item whose catalogue names none."""


def days_left(hall: Hall, case: Case, at: int) -> int | None:
    """Working days after today up to the promised day; below 0 when it is past, None while the clock does not run."""
    if not case.is_running or case.promised_due is None:
        return None
    reckoner = hall.agenda_now().reckoner
    return reckoner.working_days(reckoner.day(at), reckoner.day(case.promised_due))


def stopped_since(case: Case) -> str | None:
    """The day from which the clock stands, if it does."""
    return case.stops[-1].begins if case.clock == "stopped" else None


def step_name(hall: Hall, case: Case) -> str | None:
    """The step under way in the catalogue's words."""
    steps = edition_of(hall, case).steps
    place = step_now(hall, case)
    return steps[place].name if place is not None and place < len(steps) else None


def step_now(hall: Hall, case: Case) -> int | None:
    """Place of the step under way: the one a clerk named, else what its state says.

    Steps that do not count at the beginning of the list come before acceptance, those at its end after the decision.
    """
    steps = edition_of(hall, case).steps
    if not steps:
        return None
    counting = [n for n, s in enumerate(steps) if s.counts]
    first, last = (counting[0], counting[-1]) if counting else (0, len(steps) - 1)
    if case.state in BEFORE_ACCEPTANCE:
        return 0
    if case.state in ("decided", "delivered"):
        return last + 1 if case.state == "decided" else len(steps)
    return case.step if case.step is not None else first


def trail(hall: Hall, case: Case) -> list[TrailStep]:
    """The way from receipt to delivery with where it is now."""
    zone, steps = hall.zone, edition_of(hall, case).steps
    if not steps:
        return plain_trail(hall, case)
    now, begun_at = step_now(hall, case) or 0, dict(case.steps)
    over = not case.is_open and case.state not in ("decided", "delivered")
    return [
        TrailStep(
            code=f"step_{n + 1}",
            name=step.name,
            state="done" if n < now else ("now" if n == now and not over else "to_come"),
            counts=step.counts,
            at=text_or_none(begun_at.get(n), zone),
            due=text_or_none(case.step_due, zone) if n == case.step and n == now else None,
        )
        for n, step in enumerate(steps)
    ]


def plain_trail(hall: Hall, case: Case) -> list[TrailStep]:
    """The five steps everything has."""
    at = {"received": case.received, "decided": case.decided, "delivered": case.delivered}
    place = {"received": 0, "supplementing": 0, "not_accepted": 0, "decided": 4, "delivered": 5}.get(case.state, 2)
    if case.accepted_on is None and case.state in ("withdrawn", "void"):
        place = 0
    at["accepted"] = case.accepted
    over = case.state in ("not_accepted", "withdrawn", "void")
    return [
        TrailStep(
            code=code,
            state="done" if n < place else ("now" if n == place and not over else "to_come"),
            at=text_or_none(at.get(code), hall.zone),
        )
        for n, code in enumerate(PLAIN_WAY)
    ]


def card_view(hall: Hall, card: Card) -> CardView:
    """A card as every answer shows it."""
    zone = hall.zone
    return CardView(
        id=card.id,
        case=card.case,
        level=card.level,
        cause=card.cause,
        rule=card.rule,
        due_at=text_or_none(card.due, zone),
        true_at=text(card.true, zone),
        raised_at=text(card.raised, zone),
        revoked_at=text_or_none(card.revoked, zone),
        reason_code=card.reason,
        calendar_version=card.calendar_version,
    )


def documents_of(service: Service, places: tuple[int, ...] | None) -> list[str]:
    """Names of documents by their places."""
    return [service.materials[n].name for n in places or () if n < len(service.materials)]


def missing_of(case: Case) -> tuple[int, ...]:
    """What is still to be brought; nothing once it was accepted."""
    return case.missing or () if case.accepted_on is None else ()


def deliver_until(hall: Hall, case: Case) -> int | None:
    """The instant until which a decision is to be delivered (licensing law 44)."""
    if case.state != "decided" or case.ended is None:
        return None
    reckoner = hall.agenda_now().reckoner
    limit = hall.settings.deadlines.delivery
    day = reckoner.due(start=reckoner.day(case.ended), days=limit, unit="working_day").day
    return None if day is None else reckoner.end(day, case.site)


def pauses_of(case: Case, *, numbers: bool) -> list[CasePause]:
    """Its stops; the notices' numbers are for staff."""
    return [
        CasePause(from_=s.begins, to=s.ends, reason_code=s.reason, notice_no=s.notice_no if numbers else None)
        for s in case.stops
    ]


def case_view(hall: Hall, case: Case, at: int) -> CaseView:
    """A case as clerks and integrators see it."""
    zone, service = hall.zone, edition_of(hall, case)
    lit = case_clock.light(hall, case, at)
    return CaseView(
        no=case.no,
        service=case.service,
        service_name=service.name,
        department=case.department,
        site=case.site,
        form=case.form,
        state=case.state,
        step=step_name(hall, case),
        notice_no=case.notice_no,
        received_at=text(case.received, zone),
        accepted_on=case.accepted_on,
        promised_due=text_or_none(case.promised_due, zone),
        statutory_due=text_or_none(case.statutory_due, zone),
        provisional=case.provisional,
        clock=case.clock,
        stopped_since=stopped_since(case),
        light=lit.light,
        warning=lit.warning,
        working_days_left=days_left(hall, case, at),
        cards=[card_view(hall, hall.cards[c]) for c in case.cards],
        pauses=pauses_of(case, numbers=True),
        decided_at=text_or_none(case.decided, zone),
        outcome=case.outcome,
        place=case.place,
        seal=case.seal,
        ticket=case.ticket,
        project=case.project,
        channel=case.channel,
        handling=case.handling,
        promised_days=case.promised_days,
        statutory_days=case.statutory_days,
        day_unit=case.day_unit,
        catalogue_version=case.catalogue_version,
        extended_days=case.extended,
        documents=documents_of(service, case.documents),
        missing=documents_of(service, missing_of(case)),
        supplement_until=case.supplement_until if case.state == "supplementing" else None,
        deliver_due=text_or_none(deliver_until(hall, case), zone),
        trail=trail(hall, case),
        counter=case.counter,
        clerk=case.clerk,
        show_name=case.show_name,
        reopened=case.reopened > 0,
    )


def status_view(hall: Hall, case: Case, at: int, *, applicant: str | None) -> CaseStatus:
    """A case as anybody with its receipt sees it; `applicant` is masked already."""
    zone, service = hall.zone, edition_of(hall, case)
    lit = case_clock.light(hall, case, at)
    return CaseStatus(
        no=case.no,
        service=case.service,
        service_name=service.name,
        department=case.department,
        form=case.form,
        applicant=applicant,
        state=case.state,
        step=step_name(hall, case),
        received_at=text(case.received, zone),
        accepted_on=case.accepted_on,
        promised_due=text_or_none(case.promised_due, zone),
        statutory_due=text_or_none(case.statutory_due, zone),
        provisional=case.provisional,
        clock=case.clock,
        stopped_since=stopped_since(case),
        light=lit.light,
        warning=lit.warning,
        working_days_left=days_left(hall, case, at),
        pauses=pauses_of(case, numbers=False),
        missing=documents_of(service, missing_of(case)),
        supplement_until=case.supplement_until if case.state == "supplementing" else None,
        decided_at=text_or_none(case.decided, zone),
        outcome=case.outcome,
        promised_days=case.promised_days,
        statutory_days=case.statutory_days,
        day_unit=case.day_unit,
        trail=trail(hall, case),
    )


def brief(hall: Hall, case: Case, at: int) -> CaseBrief:
    """A case in a list."""
    lit = case_clock.light(hall, case, at)
    return CaseBrief(
        no=case.no,
        service=case.service,
        service_name=short_name(edition_of(hall, case)),
        state=case.state,
        step=step_name(hall, case),
        light=lit.light,
        warning=lit.warning,
        clock=case.clock,
        promised_due=text_or_none(case.promised_due, hall.zone),
        working_days_left=days_left(hall, case, at),
        provisional=case.provisional,
        counter=case.counter,
        clerk=case.clerk,
    )


def short_name(service: Service) -> str:
    """A name short enough for a row."""
    return service.short_name or service.name


def urgency(hall: Hall, case: Case, at: int) -> tuple[int, int, str]:
    """Worst light first, then the earliest promise, then the number; stopped clocks come behind, ended ones last."""
    rank = WORST[case_clock.light(hall, case, at).light]
    if not case.is_running:
        rank += BEHIND.get(case.clock, 0)
    return rank, NEVER if case.promised_due is None else case.promised_due, case.no


def counter_column(hall: Hall, counter: str, at: int) -> CaseColumn | None:
    """Cases in progress that lie with a counter, worst first."""
    own = own_cases(hall).get(counter, [])
    if not own:
        return None
    first = nsmallest(COLUMN_SHOWN, own, key=lambda c: urgency(hall, c, at))
    return CaseColumn(cases=[brief(hall, case, at) for case in first], total=len(own))


def own_cases(hall: Hall) -> dict[str, list[Case]]:
    """Open cases, and decided ones to be delivered, by their counter; made once for every change of a case."""
    agenda = hall.agenda_now()
    found = agenda.kept.get("by_counter")
    if found is None:
        by_counter: dict[str, list[Case]] = {}
        for case in hall.cases.values():
            if case.counter is not None and (case.is_open or case.state == "decided"):
                by_counter.setdefault(case.counter, []).append(case)
        agenda.kept["by_counter"] = found = by_counter
    return found  # type: ignore[return-value]


def preview(hall: Hall, service: Service, stamp: Stamp) -> CaseDates:
    """What would be promised if an application for this item were accepted now."""
    event = received(hall, ReceiveCase(service=service.service), service, stamp)
    case = begun(event, edition=0, at=stamp.at)
    accepted = case_clock.acceptance(hall.agenda_now().reckoner, case, at=stamp.at)
    today = date.fromisoformat(hall.date_of(stamp.at))
    powers = ("decide", "seal") if service.type_code == LICENCE else ("decide",)
    return CaseDates(
        service=service.service,
        accepted_on=accepted.accepted_on,
        promised_due=accepted.promised_due,
        statutory_due=accepted.statutory_due,
        provisional=accepted.provisional,
        promised_days=case.promised_days,
        statutory_days=case.statutory_days,
        day_unit=case.day_unit,
        handling=case.handling,
        may_decide=stamp.clerk is not None
        and all(
            letter_for(hall, clerk=stamp.clerk, service=service.service, power=p, day=today) is not None for p in powers
        ),
        seal_needed=service.type_code == LICENCE,
        materials=[m.name for m in service.materials],
    )
