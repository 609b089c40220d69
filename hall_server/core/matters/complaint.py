"""Complaints and reports (domain.md 4.3): received → accepted → investigating → disposed → answered → filed.

A complaint belongs to the month of its receipt. Misconduct (吃拿卡要, 推诿) is for the auditor until he releases it:
to anybody else there is no such complaint (A11a). Text, answer and complainant are kept where names are kept.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from hall_protocol.refusals import Refused

from ..registry import Command, Event, decides, evolves
from ..stamp import Stamp, at_clock, instant, local, text
from . import deadlines, register
from .complaint_about import About, about
from .register import Step

if TYPE_CHECKING:
    from ..hall import Hall

MISCONDUCT = ("solicitation", "shirking")
CATEGORIES = (
    "attitude", "efficiency", "competence", "fees", "environment", *MISCONDUCT, "other", "consultation", "suggestion",
)  # fmt: skip
ALSO_CALLED = {"吃拿卡要": "solicitation", "推诿": "shirking"}
KINDS = {"consultation": "consultation", "suggestion": "suggestion"}
"""What is no complaint although it comes the same way; it has a shorter limit."""
FILE_REASONS = ("not_taken_up", "anonymous", "repeated", "other_authority", "other")
PAPER = "paper"
Outcome = Literal["upheld", "dismissed"]


class Complaint(msgspec.Struct, kw_only=True):
    """One complaint. Instants in milliseconds."""

    no: str
    category: str
    kind: str
    channel: str
    received: int
    accept_due: int
    answer_due: int
    department: str | None
    counter: str | None
    clerk: str | None
    ticket: str | None
    case: str | None
    message: str | None
    """The entry of the message book it was made from."""
    state: str = "received"
    outcome: str | None = None
    released: bool = False
    closed: int | None = None
    steps: list[Step]


# ---------------------------------------------------------------- commands


class Complain(Command, frozen=True, kw_only=True):
    """Somebody complains, asks or suggests. `received_on` is the date an entry of the paper box bears."""

    category: str
    channel: str
    ticket: str | None = None
    case: str | None = None
    counter: str | None = None
    department: str | None = None
    received_on: date | None = None


class AcceptComplaint(Command, frozen=True, kw_only=True):
    """It is taken up."""

    complaint: str


class InvestigateComplaint(Command, frozen=True, kw_only=True):
    """It is being looked into."""

    complaint: str


class DisposeComplaint(Command, frozen=True, kw_only=True):
    """What came out."""

    complaint: str
    outcome: Outcome


class AnswerComplaint(Command, frozen=True, kw_only=True):
    """The complainant was told."""

    complaint: str


class FileComplaint(Command, frozen=True, kw_only=True):
    """It is over: answered, or not taken up for a reason."""

    complaint: str
    reason: str | None = None


class WithdrawComplaint(Command, frozen=True, kw_only=True):
    """The complainant takes it back."""

    complaint: str


class ReleaseComplaint(Command, frozen=True, kw_only=True):
    """The auditor lets the department see it."""

    complaint: str


# ---------------------------------------------------------------- events


class ComplaintReceived(Event, frozen=True, kw_only=True):
    """It has a number. `received_at` may be earlier than the event: the date of the paper box, or of a message."""

    complaint: str
    category: str
    kind: str
    channel: str
    ticket: str | None
    case: str | None
    department: str | None
    counter: str | None
    clerk: str | None
    """Whom it is about."""
    received_at: str
    accept_due: str
    answer_due: str
    by: str
    """Who took it in, as the journal names actors."""
    message: str | None = None


class ComplaintEvent(Event, frozen=True, kw_only=True):
    """A step of a complaint, and who took it."""

    complaint: str
    by: str


class ComplaintAccepted(ComplaintEvent, frozen=True, kw_only=True):
    """Taken up."""


class ComplaintInvestigated(ComplaintEvent, frozen=True, kw_only=True):
    """Being looked into."""


class ComplaintDisposed(ComplaintEvent, frozen=True, kw_only=True):
    """`upheld` or `dismissed`, decided on that day."""

    outcome: str
    decided_on: str


class ComplaintAnswered(ComplaintEvent, frozen=True, kw_only=True):
    """The complainant was told."""


class ComplaintFiled(ComplaintEvent, frozen=True, kw_only=True):
    """Over; `reason_code` says why when it was not taken up."""

    reason_code: str | None = None


class ComplaintWithdrawn(ComplaintEvent, frozen=True, kw_only=True):
    """Taken back."""


class ComplaintReleased(ComplaintEvent, frozen=True, kw_only=True):
    """The department may see it now."""


# ---------------------------------------------------------------- who may see it


def is_hidden(complaint: Complaint) -> bool:
    """Whether it is for the auditor alone."""
    return complaint.category in MISCONDUCT and not complaint.released


def may_see(hall: Hall, stamp: Stamp, complaint: Complaint) -> bool:
    """Whether there is such a complaint for the caller."""
    account = hall.accounts.get(stamp.actor.removeprefix("account:"))
    if account is not None and account.role == "auditor":
        return True
    if is_hidden(complaint):
        return False
    if account is not None and account.role == "manager":
        return True
    if complaint.department is None:
        return False
    if account is not None:
        return account.role == "chief_representative" and account.department == complaint.department
    clerk = hall.clerks.get(stamp.clerk or "")
    return clerk is not None and clerk.chief and clerk.department == complaint.department


def find(hall: Hall, ident: str, stamp: Stamp) -> Complaint:
    """The complaint of that number, for those for whom there is one."""
    found = hall.complaints.get(ident)
    if found is None or not may_see(hall, stamp, found):
        raise Refused("unknown_complaint")
    return found


# ---------------------------------------------------------------- decide


PAPER_FIRST: Final = date(2000, 1, 1)
"""No paper of the box is older; what is bears a date that was written wrongly."""


def received_instant(hall: Hall, stamp: Stamp, day: date | None) -> int:
    """When it counts as received: now, or the beginning of the day a paper bears. Refuses a day that has not come."""
    if day is None:
        return stamp.at
    if day > local(stamp.at, hall.zone).date():
        raise Refused("date_ahead")
    if day < PAPER_FIRST:
        raise Refused("bad_request", why="received_on")
    return at_clock(day, "00:00", hall.zone)


def answer_days(hall: Hall, kind: str) -> int:
    """Working days until an answer is due."""
    limits = hall.settings.complaint
    return {"consultation": limits.answer_consultation, "suggestion": limits.answer_suggestion}.get(
        kind, limits.answer_complaint
    )


def receiving(
    hall: Hall, stamp: Stamp, *, category: str, channel: str, received: int, about: About, message: str | None = None
) -> ComplaintReceived:
    """The event that gives a complaint its number."""
    kind = KINDS.get(category, "complaint")
    start = local(received, hall.zone).date()
    accept = deadlines.due_instant(hall, start=start, days=hall.settings.complaint.acceptance)
    answer = deadlines.due_instant(hall, start=start, days=answer_days(hall, kind))
    return ComplaintReceived(
        complaint=register.next_number(hall, register.BOOK, at=stamp.at),
        category=category,
        kind=kind,
        channel=channel,
        ticket=about.ticket,
        case=about.case,
        department=about.department,
        counter=about.counter,
        clerk=about.clerk,
        received_at=text(received, hall.zone),
        accept_due=text(min(accept, answer), hall.zone),
        answer_due=text(answer, hall.zone),
        by=stamp.actor,
        message=message,
    )


@decides(Complain)
def complain(hall: Hall, c: Complain, stamp: Stamp) -> list[Event]:
    category = ALSO_CALLED.get(c.category, c.category)
    if category not in CATEGORIES:
        raise Refused("unknown_category")
    received = received_instant(hall, stamp, c.received_on)
    return [
        receiving(
            hall,
            stamp,
            category=category,
            channel=c.channel,
            received=received,
            about=about(hall, ticket=c.ticket, case=c.case, counter=c.counter, department=c.department),
        )
    ]


def at_step(hall: Hall, ident: str, stamp: Stamp, *states: str) -> Complaint:
    """The complaint, when it is in one of these states."""
    found = find(hall, ident, stamp)
    if found.state not in states:
        raise Refused("wrong_state", state=found.state)
    return found


@decides(AcceptComplaint)
def accept(hall: Hall, c: AcceptComplaint, stamp: Stamp) -> list[Event]:
    found = at_step(hall, c.complaint, stamp, "received")
    return [ComplaintAccepted(complaint=found.no, by=stamp.actor)]


@decides(InvestigateComplaint)
def investigate(hall: Hall, c: InvestigateComplaint, stamp: Stamp) -> list[Event]:
    found = at_step(hall, c.complaint, stamp, "accepted")
    return [ComplaintInvestigated(complaint=found.no, by=stamp.actor)]


@decides(DisposeComplaint)
def dispose(hall: Hall, c: DisposeComplaint, stamp: Stamp) -> list[Event]:
    found = at_step(hall, c.complaint, stamp, "investigating")
    today = hall.date_of(stamp.at)
    return [ComplaintDisposed(complaint=found.no, by=stamp.actor, outcome=c.outcome, decided_on=today)]


@decides(AnswerComplaint)
def answer(hall: Hall, c: AnswerComplaint, stamp: Stamp) -> list[Event]:
    found = at_step(hall, c.complaint, stamp, "disposed")
    return [ComplaintAnswered(complaint=found.no, by=stamp.actor)]


@decides(FileComplaint)
def file(hall: Hall, c: FileComplaint, stamp: Stamp) -> list[Event]:
    found = at_step(hall, c.complaint, stamp, "received", "answered")
    if found.state == "answered":
        return [ComplaintFiled(complaint=found.no, by=stamp.actor)]
    if c.reason is None:
        raise Refused("reason_missing")
    reason = c.reason if c.reason in FILE_REASONS else "other"
    return [ComplaintFiled(complaint=found.no, by=stamp.actor, reason_code=reason)]


@decides(WithdrawComplaint)
def withdraw(hall: Hall, c: WithdrawComplaint, stamp: Stamp) -> list[Event]:
    found = at_step(hall, c.complaint, stamp, "received", "accepted", "investigating", "disposed")
    return [ComplaintWithdrawn(complaint=found.no, by=stamp.actor)]


@decides(ReleaseComplaint)
def release(hall: Hall, c: ReleaseComplaint, stamp: Stamp) -> list[Event]:
    found = find(hall, c.complaint, stamp)
    account = hall.accounts.get(stamp.actor.removeprefix("account:"))
    if account is None or account.role != "auditor":
        raise Refused("not_allowed")
    if not is_hidden(found):
        raise Refused("wrong_state", state="released")
    return [ComplaintReleased(complaint=found.no, by=stamp.actor)]


def overdue_step(complaint: Complaint, now: int) -> tuple[str, int] | None:
    """The step that is late and since when: `accept` or `answer`; None when none is."""
    if complaint.state == "received" and now > complaint.accept_due:
        return "accept", complaint.accept_due
    if complaint.state in ("received", "accepted", "investigating", "disposed") and now > complaint.answer_due:
        return "answer", complaint.answer_due
    return None


# ---------------------------------------------------------------- evolve


@evolves(ComplaintReceived)
def was_received(hall: Hall, e: ComplaintReceived, at: int, seq: int) -> None:
    register.count(hall, e.complaint)
    hall.complaints[e.complaint] = Complaint(
        no=e.complaint,
        category=e.category,
        kind=e.kind,
        channel=e.channel,
        received=instant(e.received_at),
        accept_due=instant(e.accept_due),
        answer_due=instant(e.answer_due),
        department=e.department,
        counter=e.counter,
        clerk=e.clerk,
        ticket=e.ticket,
        case=e.case,
        message=e.message,
        steps=[Step(step="received", at=at, who=e.by)],
    )
    if e.category in MISCONDUCT:
        hall.complaints_hidden[e.complaint] = None


def noted(hall: Hall, e: ComplaintEvent, *, step: str, at: int, outcome: str | None = None) -> Complaint:
    """The complaint, one step further."""
    found = hall.complaints[e.complaint]
    found.steps.append(Step(step=step, at=at, who=e.by, outcome=outcome))
    return found


@evolves(ComplaintAccepted)
def was_accepted(hall: Hall, e: ComplaintAccepted, at: int, seq: int) -> None:
    noted(hall, e, step="accepted", at=at).state = "accepted"


@evolves(ComplaintInvestigated)
def was_investigated(hall: Hall, e: ComplaintInvestigated, at: int, seq: int) -> None:
    noted(hall, e, step="investigating", at=at).state = "investigating"


@evolves(ComplaintDisposed)
def was_disposed(hall: Hall, e: ComplaintDisposed, at: int, seq: int) -> None:
    found = noted(hall, e, step="disposed", at=at, outcome=e.outcome)
    found.state, found.outcome = "disposed", e.outcome


@evolves(ComplaintAnswered)
def was_answered(hall: Hall, e: ComplaintAnswered, at: int, seq: int) -> None:
    noted(hall, e, step="answered", at=at).state = "answered"


@evolves(ComplaintFiled)
def was_filed(hall: Hall, e: ComplaintFiled, at: int, seq: int) -> None:
    found = noted(hall, e, step="filed", at=at, outcome=e.reason_code)
    found.state, found.closed = "filed", at


@evolves(ComplaintWithdrawn)
def was_withdrawn(hall: Hall, e: ComplaintWithdrawn, at: int, seq: int) -> None:
    found = noted(hall, e, step="withdrawn", at=at)
    found.state, found.closed = "withdrawn", at


@evolves(ComplaintReleased)
def was_released(hall: Hall, e: ComplaintReleased, at: int, seq: int) -> None:
    noted(hall, e, step="released", at=at).released = True
    hall.complaints_hidden.pop(e.complaint, None)
