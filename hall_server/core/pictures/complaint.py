"""Complaints, the message book and bad ratings in answers. Words come from the shell: they are in the vault."""

from __future__ import annotations

from collections.abc import Mapping

from hall_protocol.pictures.inquiries import BadRating as BadRatingView
from hall_protocol.pictures.inquiries import BookEntry as BookView
from hall_protocol.pictures.inquiries import Complaint as ComplaintView
from hall_protocol.pictures.inquiries import Step as StepView

from ..hall import Hall
from ..matters import bad_rating, complaint, message_book
from ..matters.bad_rating import BadRating
from ..matters.complaint import Complaint
from ..matters.message_book import BookEntry
from ..matters.register import Step
from ..stamp import text, text_or_none

Words = Mapping[str, str]
"""Texts by what they belong to: `text`, `answer`, `visitor`, `comment`, and steps by their names."""
NOTHING: Words = {}


def step_views(hall: Hall, steps: list[Step], words: Words) -> list[StepView]:
    """Steps in their order, each with its words where there are any."""
    return [
        StepView(step=s.step, at=text(s.at, hall.zone), who=s.who, outcome=s.outcome, text=words.get(s.step))
        for s in steps
    ]


def complaint_view(hall: Hall, found: Complaint, *, now: int, words: Words = NOTHING) -> ComplaintView:
    """A complaint for those for whom there is one."""
    late = complaint.overdue_step(found, now)
    return ComplaintView(
        no=found.no,
        kind=found.kind,
        category=found.category,
        channel=found.channel,
        state=found.state,
        received_at=text(found.received, hall.zone),
        accept_due=text(found.accept_due, hall.zone),
        answer_due=text(found.answer_due, hall.zone),
        overdue=late[0] if late else None,
        department=found.department,
        counter=found.counter,
        clerk=found.clerk,
        ticket=found.ticket,
        case=found.case,
        message=found.message,
        outcome=found.outcome,
        closed_at=text_or_none(found.closed, hall.zone),
        released=not complaint.is_hidden(found),
        steps=step_views(hall, found.steps, words),
        text=words.get("text"),
        answer=words.get("answered"),
        visitor=words.get("visitor"),
    )


def book_view(hall: Hall, entry: BookEntry, *, now: int, words: Words = NOTHING) -> BookView:
    """An entry for those who answer it."""
    return BookView(
        no=entry.no,
        state=entry.state,
        received_at=text(entry.received, hall.zone),
        answered_at=text_or_none(entry.answered, hall.zone),
        text=words.get("text"),
        answer=words.get("answered"),
        publish_wanted=entry.publish_wanted,
        channel=entry.channel,
        answer_due=text(entry.answer_due, hall.zone),
        overdue=message_book.is_overdue(entry, now),
        complaint=None if entry.complaint in hall.complaints_hidden else entry.complaint,
    )


def public_view(hall: Hall, entry: BookEntry, *, words: Words) -> BookView:
    """A published entry as everybody sees it."""
    return BookView(
        no=entry.no,
        state=entry.state,
        received_at=text(entry.received, hall.zone),
        answered_at=text_or_none(entry.answered, hall.zone),
        text=words.get("text"),
        answer=words.get("answered"),
    )


def bad_rating_view(hall: Hall, loop: BadRating, *, now: int, words: Words = NOTHING) -> BadRatingView:
    """A loop for those who handle it; never for the clerk concerned."""
    late = bad_rating.overdue_step(loop, now)
    return BadRatingView(
        id=loop.id,
        request=loop.request,
        ticket=loop.ticket,
        state=loop.state,
        level=loop.level,
        named=loop.named,
        counter=loop.counter,
        clerk=loop.clerk,
        department=loop.department,
        opened_at=text(loop.opened, hall.zone),
        verify_due=text(loop.verify_due, hall.zone),
        call_back_due=text_or_none(loop.call_back_due, hall.zone),
        put_right_due=text(loop.put_right_due, hall.zone),
        finding=loop.finding,
        call_back=loop.call_back or (bad_rating.ANONYMOUS if loop.closed is not None else None),
        overdue=late[0] if late else None,
        closed_at=text_or_none(loop.closed, hall.zone),
        reviewed=loop.reviewed,
        steps=step_views(hall, loop.steps, words),
        comment=words.get("comment"),
    )
