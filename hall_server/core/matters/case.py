"""A case (办件) from receipt to delivery: what it is, what happens to it, and what that makes of it.

received → accepted → decided → delivered, with supplement before acceptance, pauses and reporting up after it, and
withdrawn, not_accepted and void as other ends. What may happen when is in `case_acts.py`, both clocks are in
`case_clock.py`. Whose case it is stands in the vault and nowhere here.
"""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING, Any

import msgspec

from ..registry import evolves
from ..stamp import Stamp, instant
from .case_events import (
    CaseAccepted,
    CaseDecided,
    CaseDelivered,
    CaseEvent,
    CaseExtended,
    CaseNotAccepted,
    CasePaused,
    CaseRecalculated,
    CaseReceived,
    CaseReopened,
    CaseReportedAnswer,
    CaseReportedUp,
    CaseResumed,
    CaseStepped,
    CaseSupplementAsked,
    CaseVoided,
    CaseWarned,
    CaseWithdrawn,
)

if TYPE_CHECKING:
    from ..hall import Hall
    from ..places.catalogue import Service

OPEN_STATES = frozenset({"received", "supplementing", "accepted", "paused", "reported_up"})
RUNNING_STATES = frozenset({"accepted", "reported_up"})
"""Both clocks run; a case that was decided before runs no more."""
LICENCE = "01"
"""Type code of 行政许可: its decisions need the approval seal."""


class Stop(msgspec.Struct, gc=False, array_like=True):
    """Both clocks stand from the day `begins` until the day `ends`, which counts again."""

    begins: str
    ends: str | None
    reason: str
    notice_no: str


class Case(msgspec.Struct, gc=False, array_like=True):
    """One matter. Instants in milliseconds, days as `YYYY-MM-DD`. Limits are those it began under, for good."""

    no: str
    service: str
    edition: int
    """Which row of the catalogue it began under: place in `hall.editions[service]`."""
    department: str
    site: str
    form: str
    state: str
    handling: str
    promised_days: int
    """0 is on the spot."""
    statutory_days: int | None
    day_unit: str
    type_code: str
    catalogue_version: str
    received: int
    entered: int
    ticket: str | None = None
    channel: str | None = None
    project: str | None = None
    reference: str | None = None
    """Its number in the system it came from; nothing is received twice under one."""
    show_name: bool = False
    counter: str | None = None
    """With whom it lies: who acted last."""
    clerk: str | None = None
    documents: tuple[int, ...] | None = None
    """Those that are there, by place in the catalogue's list; None: nobody has said."""
    missing: tuple[int, ...] | None = None
    """Named in the one-time notice; None: no notice was given."""
    supplement_until: str | None = None
    notice_no: str | None = None
    accepted_on: str | None = None
    accepted: int | None = None
    """When it was accepted, for what is due the same day; by the clock itself: when it was received."""
    promised_due: int | None = None
    statutory_due: int | None = None
    provisional: bool = False
    calendar_version: str = ""
    stops: list[Stop] = msgspec.field(default_factory=list)
    extended: int = 0
    step: int | None = None
    """Place of the step under way in the catalogue's list."""
    step_on: int | None = None
    step_due: int | None = None
    steps: list[tuple[int, int]] = msgspec.field(default_factory=list)
    """Steps begun, and when."""
    warned: bool = False
    cards: list[str] = msgspec.field(default_factory=list)
    standing: list[str] = msgspec.field(default_factory=list)
    """Levels of the cards that stand."""
    done: list[str] = msgspec.field(default_factory=list)
    """`level:cause` that was raised or has been passed over for good."""
    decided: int | None = None
    """The first decision: it ends both clocks and a later one does not change it."""
    outcome: str | None = None
    place: str | None = None
    seal: str | None = None
    reported: bool = False
    reopened: int = 0
    delivered: int | None = None
    ended: int | None = None
    """When it was withdrawn, refused, void, decided or delivered, whichever came last."""

    @property
    def is_open(self) -> bool:
        """Whether something is still to be decided."""
        return self.state in OPEN_STATES

    @property
    def is_running(self) -> bool:
        """Whether both clocks run."""
        return self.state in RUNNING_STATES and self.decided is None

    @property
    def clock(self) -> str:
        """`not_started running stopped ended`"""
        if self.accepted_on is None:
            return "not_started" if self.is_open else "ended"
        if self.decided is not None or not self.is_open:
            return "ended"
        return "stopped" if self.state == "paused" else "running"


def about(case: Case, stamp: Stamp | None = None) -> dict[str, Any]:
    """The common fields of an event about this case: who acts, or without a stamp with whom it lies."""
    acts = stamp is not None and stamp.actor != "hall"
    return {
        "case": case.no,
        "service": case.service,
        "department": case.department,
        "counter": stamp.counter if acts and stamp else case.counter,
        "clerk": stamp.clerk if acts and stamp else case.clerk,
        "ticket": case.ticket,
    }


# ---------------------------------------------------------------- what events make of a case


def edition_of(hall: Hall, case: Case) -> Service:
    """The catalogue's row this case began under."""
    return hall.editions[case.service][case.edition]


def moment(words: str | None) -> int | None:
    """An instant of an event, or None."""
    return None if words is None else instant(words)


def begun(e: CaseReceived, *, edition: int, at: int) -> Case:
    """The case an application makes."""
    return Case(
        no=e.case,
        service=intern(e.service),
        edition=edition,
        department=intern(e.department),
        site=intern(e.site),
        form=intern(e.form),
        state="received",
        handling=intern(e.handling),
        promised_days=e.promised_days,
        statutory_days=e.statutory_days,
        day_unit=intern(e.day_unit),
        type_code=intern(e.type_code),
        catalogue_version=intern(e.catalogue_version),
        received=instant(e.received_at),
        entered=at,
        ticket=e.ticket,
        channel=e.channel,
        project=e.project,
        reference=e.reference,
        show_name=e.show_name,
        counter=e.counter,
        clerk=e.clerk,
        documents=e.documents,
    )


def accept(case: Case, e: CaseAccepted, *, at: int) -> None:
    """What acceptance makes of it."""
    case.state, case.accepted_on = "accepted", e.accepted_on
    case.accepted = case.received if e.by_clock else at
    case.promised_due, case.statutory_due = moment(e.promised_due), moment(e.statutory_due)
    case.provisional, case.calendar_version = e.provisional, e.calendar_version


def acted(hall: Hall, e: CaseEvent) -> Case:
    """The case of an event; it lies with the clerk who acted, if one did."""
    case = hall.cases[e.case]
    if e.clerk is not None:
        case.clerk, case.counter = e.clerk, e.counter
    return case


@evolves(CaseReceived)
def received(hall: Hall, e: CaseReceived, at: int, seq: int) -> None:
    editions = hall.editions.setdefault(e.service, [])
    row = hall.services[e.service]
    if not editions or editions[-1] != row:
        editions.append(row)
    case = begun(e, edition=len(editions) - 1, at=at)
    hall.cases[case.no] = case
    day = case_day(case.no)
    hall.case_counts[day] = max(hall.case_counts.get(day, 0), case_count(case.no))
    if case.reference is not None:
        hall.references[case.reference] = case.no
    if case.ticket is not None:
        hall.ticket_cases.setdefault(case.ticket, []).append(case.no)
    hall.case_changed(case)


@evolves(CaseSupplementAsked)
def supplement_asked(hall: Hall, e: CaseSupplementAsked, at: int, seq: int) -> None:
    case = acted(hall, e)
    case.state, case.missing = "supplementing", e.missing
    case.supplement_until, case.notice_no = e.until, e.notice_no
    hall.case_changed(case)


@evolves(CaseAccepted)
def accepted(hall: Hall, e: CaseAccepted, at: int, seq: int) -> None:
    case = hall.cases[e.case] if e.by_clock else acted(hall, e)
    accept(case, e, at=at)
    if not e.by_clock:
        case.documents = tuple(range(len(edition_of(hall, case).materials)))
    hall.case_changed(case)


@evolves(CaseNotAccepted)
def not_accepted(hall: Hall, e: CaseNotAccepted, at: int, seq: int) -> None:
    end(hall, acted(hall, e), state="not_accepted", at=at)


@evolves(CaseWithdrawn)
def withdrawn(hall: Hall, e: CaseWithdrawn, at: int, seq: int) -> None:
    end(hall, acted(hall, e), state="withdrawn", at=at)


@evolves(CaseVoided)
def voided(hall: Hall, e: CaseVoided, at: int, seq: int) -> None:
    end(hall, acted(hall, e), state="void", at=at)


def end(hall: Hall, case: Case, *, state: str, at: int) -> None:
    """Nothing more is to be decided; a pause that still stands ends with it."""
    case.state, case.ended, case.step_due = intern(state), at, None
    if case.stops and case.stops[-1].ends is None:
        case.stops[-1].ends = max(case.stops[-1].begins, hall.date_of(at))
    hall.case_changed(case)


@evolves(CasePaused)
def paused(hall: Hall, e: CasePaused, at: int, seq: int) -> None:
    case = acted(hall, e)
    case.state, case.notice_no = "paused", e.notice_no
    case.stops.append(Stop(e.from_on, None, intern(e.reason_code), e.notice_no))
    case.promised_due = case.statutory_due = None
    hall.case_changed(case)


@evolves(CaseResumed)
def resumed(hall: Hall, e: CaseResumed, at: int, seq: int) -> None:
    case = acted(hall, e)
    case.state = "accepted"
    case.stops[-1].ends = e.to_on
    set_dates(case, e)
    if case.step_due is not None:
        case.step_due = moment(e.step_due)
    hall.case_changed(case)


def set_dates(case: Case, e: CaseResumed | CaseExtended) -> None:
    """Other dates by an act."""
    case.promised_due, case.statutory_due = moment(e.promised_due), moment(e.statutory_due)
    case.provisional, case.calendar_version = e.provisional, e.calendar_version


@evolves(CaseStepped)
def stepped(hall: Hall, e: CaseStepped, at: int, seq: int) -> None:
    case = acted(hall, e)
    case.step, case.step_on, case.step_due = e.step, at, moment(e.step_due)
    case.steps.append((e.step, at))
    hall.case_changed(case)


@evolves(CaseExtended)
def extended(hall: Hall, e: CaseExtended, at: int, seq: int) -> None:
    case = acted(hall, e)
    case.extended, case.notice_no = e.days, e.notice_no
    set_dates(case, e)
    hall.case_changed(case)


@evolves(CaseDecided)
def decided(hall: Hall, e: CaseDecided, at: int, seq: int) -> None:
    case = acted(hall, e)
    if e.first:
        case.decided, case.place = instant(e.decided_at), intern(e.place)
    case.outcome, case.seal = intern(e.outcome), e.seal
    end(hall, case, state="decided", at=at)


@evolves(CaseDelivered)
def delivered(hall: Hall, e: CaseDelivered, at: int, seq: int) -> None:
    case = acted(hall, e)
    case.delivered = at
    end(hall, case, state="delivered", at=at)


@evolves(CaseReportedUp)
def reported_up(hall: Hall, e: CaseReportedUp, at: int, seq: int) -> None:
    case = acted(hall, e)
    case.state, case.reported = "reported_up", True
    hall.case_changed(case)


@evolves(CaseReportedAnswer)
def reported_answer(hall: Hall, e: CaseReportedAnswer, at: int, seq: int) -> None:
    """For the record; the decision that follows from it is an event of its own."""
    hall.case_changed(acted(hall, e))


@evolves(CaseReopened)
def reopened(hall: Hall, e: CaseReopened, at: int, seq: int) -> None:
    case = acted(hall, e)
    case.state, case.ended, case.delivered = "accepted", None, None
    case.reopened += 1
    hall.case_changed(case)


@evolves(CaseRecalculated)
def recalculated(hall: Hall, e: CaseRecalculated, at: int, seq: int) -> None:
    for no, _, promised, _, statutory, provisional in e.cases:
        case = hall.cases[no]
        case.promised_due, case.statutory_due = moment(promised), moment(statutory)
        case.provisional, case.calendar_version = provisional, e.calendar_version
    hall.forget_agenda()


@evolves(CaseWarned)
def warned(hall: Hall, e: CaseWarned, at: int, seq: int) -> None:
    case = hall.cases[e.case]
    case.warned = True
    hall.case_changed(case)


# ---------------------------------------------------------------- numbers


def case_no(*, day: str, count: int) -> str:
    """The public number of the day's n-th case; opaque to everybody else."""
    return f"{day.replace('-', '')}-{count:04d}"


def case_day(no: str) -> str:
    """The day a number was given out."""
    return f"{no[:4]}-{no[4:6]}-{no[6:8]}"


def case_count(no: str) -> int:
    """Which of its day it is."""
    return int(no[9:])
