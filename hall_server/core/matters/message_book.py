"""The message book (A13d): written → answered → published when both sides agree, numbered together with complaints.

A word in it becomes a complaint only by a person's decision. Text and answer are kept where names are kept; everybody
sees them only when the writer wanted it and whoever answered agrees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hall_protocol.refusals import Refused

from ..registry import Command, Event, decides, evolves
from ..stamp import Stamp, instant, local, text
from . import complaint, deadlines, register
from .complaint_about import about
from .register import Step

if TYPE_CHECKING:
    from datetime import date

    from ..hall import Hall


class BookEntry(msgspec.Struct, kw_only=True):
    """One word in the book. Instants in milliseconds."""

    no: str
    publish_wanted: bool
    channel: str
    received: int
    answer_due: int
    ticket: str | None
    state: str = "written"
    """`written answered published complaint`"""
    answered: int | None = None
    complaint: str | None = None
    steps: list[Step]


class WriteMessage(Command, frozen=True, kw_only=True):
    """Somebody writes. `received_on` is the date an entry of the paper box bears."""

    publish: bool
    channel: str
    ticket: str | None = None
    received_on: date | None = None


class AnswerMessage(Command, frozen=True, kw_only=True):
    """The hall answers; `publish` when it agrees that everybody sees it."""

    message: str
    publish: bool


class MakeComplaint(Command, frozen=True, kw_only=True):
    """A person decides that this word is a complaint."""

    message: str
    category: str


class MessageWritten(Event, frozen=True, kw_only=True):
    """It has a number."""

    message: str
    publish_wanted: bool
    channel: str
    received_at: str
    answer_due: str
    by: str
    ticket: str | None = None


class MessageAnswered(Event, frozen=True, kw_only=True):
    """Answered; `publish` says whether the hall agrees that everybody sees it."""

    message: str
    publish: bool
    by: str


class MessagePublished(Event, frozen=True, kw_only=True):
    """Both sides agree."""

    message: str


class MessageMadeComplaint(Event, frozen=True, kw_only=True):
    """It goes on as that complaint."""

    message: str
    complaint: str
    by: str


def find(hall: Hall, ident: str) -> BookEntry:
    """The entry of that number, or `unknown_message`."""
    found = hall.book.get(ident)
    if found is None:
        raise Refused("unknown_message")
    return found


def may_see(hall: Hall, entry: BookEntry, role: str) -> bool:
    """Whether there is such an entry for this role: one that became a complaint about misconduct is the auditor's."""
    return role == "auditor" or entry.complaint not in hall.complaints_hidden


@decides(WriteMessage)
def write(hall: Hall, c: WriteMessage, stamp: Stamp) -> list[Event]:
    received = complaint.received_instant(hall, stamp, c.received_on)
    start = local(received, hall.zone).date()
    due = deadlines.due_instant(hall, start=start, days=hall.settings.complaint.answer_suggestion)
    return [
        MessageWritten(
            message=register.next_number(hall, register.BOOK, at=stamp.at),
            publish_wanted=c.publish,
            channel=c.channel,
            received_at=text(received, hall.zone),
            answer_due=text(due, hall.zone),
            by=stamp.actor,
            ticket=c.ticket,
        )
    ]


@decides(AnswerMessage)
def answer(hall: Hall, c: AnswerMessage, stamp: Stamp) -> list[Event]:
    entry = find(hall, c.message)
    if entry.state != "written":
        raise Refused("wrong_state", state=entry.state)
    if c.publish and not entry.publish_wanted:
        raise Refused("publishing_not_wanted")
    events: list[Event] = [MessageAnswered(message=entry.no, publish=c.publish, by=stamp.actor)]
    return [*events, MessagePublished(message=entry.no)] if c.publish else events


@decides(MakeComplaint)
def make_complaint(hall: Hall, c: MakeComplaint, stamp: Stamp) -> list[Event]:
    entry = find(hall, c.message)
    if entry.state not in ("written", "answered"):
        raise Refused("wrong_state", state=entry.state)
    category = complaint.ALSO_CALLED.get(c.category, c.category)
    if category not in complaint.CATEGORIES:
        raise Refused("unknown_category")
    meant = about(hall, ticket=entry.ticket)
    received = complaint.receiving(
        hall, stamp, category=category, channel=entry.channel, received=entry.received, about=meant, message=entry.no
    )
    return [received, MessageMadeComplaint(message=entry.no, complaint=received.complaint, by=stamp.actor)]


def is_overdue(entry: BookEntry, now: int) -> bool:
    """Whether it should have been answered by now."""
    return entry.state == "written" and now > entry.answer_due


@evolves(MessageWritten)
def was_written(hall: Hall, e: MessageWritten, at: int, seq: int) -> None:
    register.count(hall, e.message)
    hall.book[e.message] = BookEntry(
        no=e.message,
        publish_wanted=e.publish_wanted,
        channel=e.channel,
        received=instant(e.received_at),
        answer_due=instant(e.answer_due),
        ticket=e.ticket,
        steps=[Step(step="written", at=at, who=e.by)],
    )


@evolves(MessageAnswered)
def was_answered(hall: Hall, e: MessageAnswered, at: int, seq: int) -> None:
    entry = hall.book[e.message]
    entry.state, entry.answered = "answered", at
    entry.steps.append(Step(step="answered", at=at, who=e.by))


@evolves(MessagePublished)
def was_published(hall: Hall, e: MessagePublished, at: int, seq: int) -> None:
    hall.book[e.message].state = "published"


@evolves(MessageMadeComplaint)
def was_made_complaint(hall: Hall, e: MessageMadeComplaint, at: int, seq: int) -> None:
    entry = hall.book[e.message]
    entry.state, entry.complaint = "complaint", e.complaint
    entry.answered = entry.answered or at
    entry.steps.append(Step(step="complaint", at=at, who=e.by, outcome=e.complaint))
