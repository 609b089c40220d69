"""First-contact responsibility (domain.md 3): the first person asked stays responsible until the visitor has an answer.

open → handed_over → open (accepted by the one named, or declined) … → answered. Until a named person accepts, the one
before stays responsible; `first` never changes. What was asked and answered is kept where names are kept.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from hall_protocol.refusals import Refused

from ..registry import Command, Event, decides, evolves
from ..stamp import Stamp, instant, local, text
from . import deadlines, register
from .inquiry_chief import chief_of, department_of, may_assign

if TYPE_CHECKING:
    from ..hall import Hall

DECLINE_REASONS = ("not_my_matter", "other_department", "away", "already_answered", "other")
NOTICE_NUMBER = re.compile(r"(?!.*\d{9})[A-Z]{0,4}[0-9〔〕\[\]()（）年第号/-]{1,36}")
"""What may stand in the journal as the number of a notice; never nine figures in a row, that could be a telephone."""


class Link(msgspec.Struct):
    """Somebody who was responsible, since when, and how it came to him: `asked accepted assigned`."""

    clerk: str
    since: int
    how: str
    counter: str | None = None
    offered: int | None = None


class Inquiry(msgspec.Struct, kw_only=True):
    """A question and who must see it through. Instants in milliseconds."""

    id: str
    belongs_to: str
    service: str | None
    department: str
    """Of the clerk who was asked first."""
    counter: str | None
    channel: str
    ticket: str | None
    opened: int
    chain: list[Link]
    """The first one asked first, the one responsible last."""
    state: str = "open"
    """`open handed_over answered`"""
    offered_to: str | None = None
    offered: int | None = None
    accept_due: int | None = None
    declined_by: str | None = None
    decline_reason: str | None = None
    listed: str | None = None
    """The department whose chief representative has it, when nobody's account is left."""
    answered: int | None = None
    result_code: str | None = None
    one_time_notice: str | None = None

    @property
    def first(self) -> str:
        """The first one asked."""
        return self.chain[0].clerk

    @property
    def responsible(self) -> str | None:
        """Who must see it through; None when it lies with a department's chief representative."""
        return None if self.listed is not None else self.chain[-1].clerk


# ---------------------------------------------------------------- commands


class OpenInquiry(Command, frozen=True, kw_only=True):
    """Somebody asks; the clerk who is signed in is the first one responsible."""

    belongs_to: str
    service: str | None = None
    channel: str = "hall"
    ticket: str | None = None


class HandOverInquiry(Command, frozen=True, kw_only=True):
    """Offered to a named clerk."""

    inquiry: str
    to: str


class AcceptInquiry(Command, frozen=True, kw_only=True):
    """The one it was offered to takes it."""

    inquiry: str


class DeclineInquiry(Command, frozen=True, kw_only=True):
    """The one it was offered to does not take it."""

    inquiry: str
    reason: str


class AnswerInquiry(Command, frozen=True, kw_only=True):
    """The visitor has an answer. `notice` is the number of a one-time notice, or `given` when it is to get one."""

    inquiry: str
    notice: str | None = None


class AssignInquiry(Command, frozen=True, kw_only=True):
    """A chief representative says who sees it through."""

    inquiry: str
    to: str


# ---------------------------------------------------------------- events


class InquiryOpened(Event, frozen=True, kw_only=True):
    """Asked; `clerk` is responsible from now on."""

    inquiry: str
    matter_code: str
    service: str | None
    department: str
    counter: str | None
    clerk: str
    channel: str
    ticket: str | None = None


class InquiryHandedOver(Event, frozen=True, kw_only=True):
    """Offered; `from_clerk` stays responsible until `to_clerk` accepts, which should be by `accept_due`."""

    inquiry: str
    from_clerk: str
    to_clerk: str
    accept_due: str


class InquiryAccepted(Event, frozen=True, kw_only=True):
    """`clerk` is responsible now."""

    inquiry: str
    clerk: str
    counter: str | None = None


class InquiryDeclined(Event, frozen=True, kw_only=True):
    """Not taken; nothing changes in who is responsible."""

    inquiry: str
    clerk: str
    reason_code: str


class InquiryAnswered(Event, frozen=True, kw_only=True):
    """The visitor has an answer."""

    inquiry: str
    clerk: str
    result_code: str
    one_time_notice: str | None
    counter: str | None = None


class InquiryAssigned(Event, frozen=True, kw_only=True):
    """Somebody else is responsible, by a chief representative or because an account closed.

    Without `to_clerk` it lies on the list of the chief representative of `department`.
    """

    inquiry: str
    from_clerk: str | None
    to_clerk: str | None
    department: str
    reason_code: str


# ---------------------------------------------------------------- decide


def find(hall: Hall, ident: str) -> Inquiry:
    """The inquiry of that number, or `unknown_inquiry`."""
    found = hall.inquiries.get(ident) or hall.inquiries_answered.get(ident)
    if found is None:
        raise Refused("unknown_inquiry")
    return found


def own(hall: Hall, ident: str, stamp: Stamp) -> Inquiry:
    """An inquiry without an answer for which the clerk is responsible."""
    found = find(hall, ident)
    if found.state == "answered":
        raise Refused("wrong_state", state=found.state)
    if stamp.clerk is None or found.responsible != stamp.clerk:
        raise Refused("not_yours")
    return found


def offered(hall: Hall, ident: str, stamp: Stamp) -> Inquiry:
    """An inquiry that is offered to the clerk."""
    found = find(hall, ident)
    if found.state != "handed_over":
        raise Refused("wrong_state", state=found.state)
    if stamp.clerk is None or found.offered_to != stamp.clerk:
        raise Refused("not_yours")
    return found


def require_clerk(hall: Hall, number: str) -> None:
    """Somebody who may sign in."""
    clerk = hall.clerks.get(number)
    if clerk is None or not clerk.enabled:
        raise Refused("unknown_clerk")


def is_overdue(inquiry: Inquiry, now: int) -> bool:
    """Whether the one it was offered to should have accepted by now."""
    return inquiry.accept_due is not None and now > inquiry.accept_due


@decides(OpenInquiry)
def open_inquiry(hall: Hall, c: OpenInquiry, stamp: Stamp) -> list[Event]:
    clerk = hall.clerks.get(stamp.clerk or "")
    if clerk is None or not clerk.enabled:
        raise Refused("not_allowed")
    if c.service is not None and c.service not in hall.services:
        raise Refused("unknown_service")
    if c.ticket is not None and c.ticket not in hall.tickets:
        raise Refused("unknown_ticket")
    counter = hall.counters.get(stamp.counter or "")
    return [
        InquiryOpened(
            inquiry=register.next_number(hall, register.INQUIRY, at=stamp.at),
            matter_code=c.belongs_to,
            service=c.service,
            department=clerk.department,
            counter=stamp.counter,
            clerk=clerk.number,
            channel=c.channel,
            ticket=c.ticket or (counter.ticket if counter is not None else None),
        )
    ]


@decides(HandOverInquiry)
def hand_over(hall: Hall, c: HandOverInquiry, stamp: Stamp) -> list[Event]:
    inquiry = own(hall, c.inquiry, stamp)
    if c.to == stamp.clerk:
        raise Refused("hand_over_to_oneself")
    require_clerk(hall, c.to)
    if inquiry.offered_to == c.to:
        raise Refused("wrong_state", state=inquiry.state)
    today = local(stamp.at, hall.zone).date()
    due = deadlines.due_instant(hall, start=today, days=hall.settings.inquiry.hand_over_accept)
    return [
        InquiryHandedOver(
            inquiry=inquiry.id, from_clerk=str(stamp.clerk), to_clerk=c.to, accept_due=text(due, hall.zone)
        )
    ]


@decides(AcceptInquiry)
def accept(hall: Hall, c: AcceptInquiry, stamp: Stamp) -> list[Event]:
    inquiry = offered(hall, c.inquiry, stamp)
    return [InquiryAccepted(inquiry=inquiry.id, clerk=str(stamp.clerk), counter=stamp.counter)]


@decides(DeclineInquiry)
def decline(hall: Hall, c: DeclineInquiry, stamp: Stamp) -> list[Event]:
    inquiry = offered(hall, c.inquiry, stamp)
    reason = c.reason if c.reason in DECLINE_REASONS else "other"
    return [InquiryDeclined(inquiry=inquiry.id, clerk=str(stamp.clerk), reason_code=reason)]


@decides(AnswerInquiry)
def answer(hall: Hall, c: AnswerInquiry, stamp: Stamp) -> list[Event]:
    inquiry = own(hall, c.inquiry, stamp)
    notice = c.notice
    if notice is not None and not NOTICE_NUMBER.fullmatch(notice):
        notice = register.next_number(hall, register.NOTICE, at=stamp.at)
    return [
        InquiryAnswered(
            inquiry=inquiry.id,
            clerk=str(stamp.clerk),
            result_code="guided" if inquiry.belongs_to == "outside" else "answered",
            one_time_notice=notice,
            counter=stamp.counter,
        )
    ]


@decides(AssignInquiry)
def assign(hall: Hall, c: AssignInquiry, stamp: Stamp) -> list[Event]:
    inquiry = find(hall, c.inquiry)
    if not may_assign(hall, stamp, department_of(hall, inquiry)):
        raise Refused("not_yours")
    if inquiry.state == "answered":
        raise Refused("wrong_state", state=inquiry.state)
    require_clerk(hall, c.to)
    if inquiry.responsible == c.to:
        raise Refused("wrong_state", state=inquiry.state)
    return [assigned(hall, inquiry, to=c.to, reason="by_chief")]


def assigned(hall: Hall, inquiry: Inquiry, *, to: str | None, reason: str) -> InquiryAssigned:
    """The event that gives an inquiry to `to`, or to the list of its department."""
    return InquiryAssigned(
        inquiry=inquiry.id,
        from_clerk=inquiry.responsible,
        to_clerk=to,
        department=department_of(hall, inquiry),
        reason_code=reason,
    )


def when_account_closes(hall: Hall, clerk: str) -> list[Event]:
    """What becomes of his inquiries before a clerk's account closes: nothing is lost, somebody has each of them.

    His own go to the chief representative; offers to him go back to whoever made them.
    """
    events: list[Event] = []
    for inquiry in hall.inquiries.values():
        if inquiry.responsible == clerk:
            chief = chief_of(hall, hall.clerks[clerk].department, besides=clerk)
            events.append(assigned(hall, inquiry, to=chief, reason="account_closed"))
        elif inquiry.offered_to == clerk:
            events.append(InquiryDeclined(inquiry=inquiry.id, clerk=clerk, reason_code="account_closed"))
    return events


# ---------------------------------------------------------------- evolve


@evolves(InquiryOpened)
def opened(hall: Hall, e: InquiryOpened, at: int, seq: int) -> None:
    register.count(hall, e.inquiry)
    hall.inquiries[e.inquiry] = Inquiry(
        id=e.inquiry,
        belongs_to=e.matter_code,
        service=e.service,
        department=e.department,
        counter=e.counter,
        channel=e.channel,
        ticket=e.ticket,
        opened=at,
        chain=[Link(clerk=e.clerk, since=at, how="asked", counter=e.counter)],
    )


@evolves(InquiryHandedOver)
def handed_over(hall: Hall, e: InquiryHandedOver, at: int, seq: int) -> None:
    inquiry = hall.inquiries[e.inquiry]
    inquiry.state, inquiry.offered_to, inquiry.offered = "handed_over", e.to_clerk, at
    inquiry.accept_due = instant(e.accept_due)
    inquiry.declined_by = inquiry.decline_reason = None


def no_longer_offered(inquiry: Inquiry) -> None:
    """The offer is over, whatever became of it."""
    inquiry.state, inquiry.offered_to, inquiry.offered, inquiry.accept_due = "open", None, None, None


@evolves(InquiryAccepted)
def accepted(hall: Hall, e: InquiryAccepted, at: int, seq: int) -> None:
    inquiry = hall.inquiries[e.inquiry]
    inquiry.chain.append(Link(clerk=e.clerk, since=at, how="accepted", counter=e.counter, offered=inquiry.offered))
    inquiry.listed = None
    no_longer_offered(inquiry)


@evolves(InquiryDeclined)
def declined(hall: Hall, e: InquiryDeclined, at: int, seq: int) -> None:
    inquiry = hall.inquiries[e.inquiry]
    no_longer_offered(inquiry)
    inquiry.declined_by, inquiry.decline_reason = e.clerk, e.reason_code


@evolves(InquiryAnswered)
def was_answered(hall: Hall, e: InquiryAnswered, at: int, seq: int) -> None:
    inquiry = hall.inquiries_answered[e.inquiry] = hall.inquiries.pop(e.inquiry)
    no_longer_offered(inquiry)
    inquiry.state, inquiry.answered = "answered", at
    inquiry.result_code, inquiry.one_time_notice = e.result_code, e.one_time_notice
    if e.one_time_notice == register.next_number(hall, register.NOTICE, at=at):
        register.count(hall, e.one_time_notice)


@evolves(InquiryAssigned)
def was_assigned(hall: Hall, e: InquiryAssigned, at: int, seq: int) -> None:
    inquiry = hall.inquiries[e.inquiry]
    if e.to_clerk is None:
        inquiry.listed = e.department
        return
    inquiry.listed = None
    inquiry.chain.append(Link(clerk=e.to_clerk, since=at, how="assigned"))
    if inquiry.offered_to == e.to_clerk:
        no_longer_offered(inquiry)
