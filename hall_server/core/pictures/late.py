"""Steps of the registers that are late: hand-overs nobody accepted, complaints, messages, loops of bad ratings.

Numbers and departments only: whoever these are about is nobody's business in front of a wall, and what is for the
auditor alone is not here at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import nsmallest
from typing import NamedTuple

from hall_protocol.pictures.wall import Alert

from ..hall import Hall
from ..matters import bad_rating, complaint, inquiry, message_book
from ..matters.inquiry_chief import department_of
from ..stamp import text

SHOWN_MOST = 40
"""The oldest ones; a list nobody can read helps nobody."""


class Late(NamedTuple):
    """A late step, before it is told."""

    since: int
    no: str
    code: str
    level: str = "yellow"


def late_steps(hall: Hall, *, now: int) -> list[Alert]:
    """What is late now, the oldest first."""
    found = [*late_inquiries(hall, now), *late_complaints(hall, now), *late_messages(hall, now), *late_loops(hall, now)]
    return [alert(hall, late) for late in nsmallest(SHOWN_MOST, found)]


def late_inquiries(hall: Hall, now: int) -> Iterator[Late]:
    """Hand-overs not accepted in time, and inquiries whose clerk's account closed without a chief to take them."""
    for one in hall.inquiries.values():
        if one.listed is not None:
            yield Late(one.opened, one.id, "inquiry_unassigned", "red")
        elif inquiry.is_overdue(one, now):
            yield Late(one.accept_due or 0, one.id, "hand_over_overdue")


def late_complaints(hall: Hall, now: int) -> Iterator[Late]:
    """Complaints not taken up or not answered in time, those for the auditor alone left out."""
    for one in hall.complaints.values():
        late = complaint.overdue_step(one, now)
        if late is not None and not complaint.is_hidden(one):
            level = "red" if late[0] == "answer" else "yellow"
            yield Late(late[1], one.no, f"complaint_{late[0]}_overdue", level)


def late_messages(hall: Hall, now: int) -> Iterator[Late]:
    """Entries of the message book not answered in time."""
    for one in hall.book.values():
        if message_book.is_overdue(one, now):
            yield Late(one.answer_due, one.no, "message_overdue")


def late_loops(hall: Hall, now: int) -> Iterator[Late]:
    """Loops of bad ratings with a late step; neither counter nor clerk is named."""
    for one in hall.bad_ratings.values():
        late = bad_rating.overdue_step(one, now)
        if late is not None:
            yield Late(late[1], one.id, f"bad_rating_{late[0]}_overdue")


def alert(hall: Hall, late: Late) -> Alert:
    """A late step as it is told."""
    values = {"no": late.no}
    if late.no in hall.inquiries:
        one = hall.inquiries[late.no]
        values |= {"department": department_of(hall, one), "clerk": one.offered_to or ""}
    elif late.no in hall.complaints:
        values["department"] = hall.complaints[late.no].department or ""
    since = text(late.since, hall.zone)
    return Alert(id=f"late/{late.no}", level=late.level, code=late.code, since=since, values=values)
