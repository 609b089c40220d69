"""Who is next at a counter, and why: the order of waiting.md 11 without its guards.

Every waiting ticket has a key known when it was issued. A counter takes the smallest key among the heads of the lists
it serves, so within a line and class visitors are called in the order they came, and each choice has one reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .ticket import PERSONAL, Ticket

if TYPE_CHECKING:
    from ..hall import Hall


def lists_of(hall: Hall, counter: str) -> list[str]:
    """The waiting lists a counter serves: its lines and its own list."""
    return [*hall.counters[counter].lines, PERSONAL + counter]


def next_ticket(hall: Hall, counter: str) -> Ticket | None:
    """Who call-next would take at this counter, or None when nobody it may serve waits."""
    best: tuple[int, str] | None = None
    for name in lists_of(hall, counter):
        waiting = hall.waiting.get(name)
        if waiting and waiting.keys and (best is None or waiting.keys[0] < best[0]):
            best = (waiting.keys[0], waiting.ids[0])
    return None if best is None else hall.tickets[best[1]]


def reason_of(hall: Hall, ticket: Ticket) -> str:
    """Why this waiting ticket is where it is: `first priority returned reinstated transferred`.

    `priority` only when the head start decided: somebody of an ordinary class who came earlier still waits.
    """
    if ticket.standing is not None:
        return ticket.standing
    if ticket.klass != "ordinary" and overtakes(hall, ticket):
        return "priority"
    return "first"


def overtakes(hall: Hall, ticket: Ticket) -> bool:
    """Whether the ticket right behind in the list was issued earlier."""
    waiting = hall.waiting_in(ticket.queue)
    behind = waiting.index(key=ticket.key) + 1
    return behind < len(waiting) and hall.tickets[waiting.ids[behind]].issued < ticket.issued


def in_order(hall: Hall, counter: str, *, limit: int) -> list[Ticket]:
    """The first `limit` tickets this counter would call, in that order."""
    heads: list[tuple[int, str]] = []
    for name in lists_of(hall, counter):
        waiting = hall.waiting.get(name)
        if waiting:
            heads.extend(zip(waiting.keys[:limit], waiting.ids[:limit], strict=True))
    return [hall.tickets[ticket] for _, ticket in sorted(heads)[:limit]]


def ahead_of(hall: Hall, ticket: Ticket) -> int | None:
    """How many of its list stand before a waiting ticket; None when it does not wait."""
    if ticket.state != "waiting":
        return None
    return hall.waiting_in(ticket.queue).index(key=ticket.key)


def counters_for(hall: Hall, line: str) -> list[str]:
    """Counters that serve a line now; when none is open or paused, all that would."""
    serving = hall.counters_of_line(line)
    present = [n for n in serving if hall.counters[n].state != "closed"]
    return present or serving
