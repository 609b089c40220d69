"""Steps of the registers that are late: hand-overs nobody accepted, complaints, messages, loops of bad ratings.

Numbers and departments only: whoever these are about is nobody's business in front of a wall, and what is for the
auditor alone is not here at all.
"""

from __future__ import annotations

from collections.abc import Iterator

from hall_protocol.pictures.wall import Alert

from ..hall import Hall
from ..matters import bad_rating, complaint, inquiry, message_book
from ..stamp import text

SHOWN_MOST = 40


def late_steps(hall: Hall, *, now: int) -> list[Alert]:
    """Everything that is late now, the oldest first."""
    found = [*late_inquiries(hall, now), *late_complaints(hall, now), *late_messages(hall, now), *late_loops(hall, now)]
    return sorted(found, key=lambda a: a.since)[:SHOWN_MOST]


def late_inquiries(hall: Hall, now: int) -> Iterator[Alert]:
    """Hand-overs not accepted in time, and inquiries whose clerk's account closed without a chief to take them."""
    for one in hall.inquiries.values():
        department = inquiry.department_of(hall, one)
        values = {"no": one.id, "department": department, "clerk": one.offered_to or ""}
        if one.listed is not None:
            yield alert(hall, one.id, "inquiry_unassigned", level="red", since=one.opened, values=values)
        elif inquiry.is_overdue(one, now):
            yield alert(hall, one.id, "hand_over_overdue", level="yellow", since=one.accept_due or 0, values=values)


def late_complaints(hall: Hall, now: int) -> Iterator[Alert]:
    """Complaints not taken up or not answered in time, those for the auditor alone left out."""
    for one in hall.complaints.values():
        late = complaint.overdue_step(one, now)
        if late is not None and not complaint.is_hidden(one):
            values = {"no": one.no, "department": one.department or ""}
            code = f"complaint_{late[0]}_overdue"
            yield alert(
                hall, one.no, code, level="red" if late[0] == "answer" else "yellow", since=late[1], values=values
            )


def late_messages(hall: Hall, now: int) -> Iterator[Alert]:
    """Entries of the message book not answered in time."""
    for one in hall.book.values():
        if message_book.is_overdue(one, now):
            yield alert(hall, one.no, "message_overdue", level="yellow", since=one.answer_due, values={"no": one.no})


def late_loops(hall: Hall, now: int) -> Iterator[Alert]:
    """Loops of bad ratings with a late step; neither counter nor clerk is named."""
    for one in hall.bad_ratings.values():
        late = bad_rating.overdue_step(one, now)
        if late is not None:
            code = f"bad_rating_{late[0]}_overdue"
            yield alert(hall, one.id, code, level="yellow", since=late[1], values={"no": one.id})


def alert(hall: Hall, ident: str, code: str, *, level: str, since: int, values: dict[str, str]) -> Alert:
    """One alert."""
    return Alert(id=f"late/{ident}", level=level, code=code, since=text(since, hall.zone), values=values)
