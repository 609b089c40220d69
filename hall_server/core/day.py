"""The hall-day ends when nobody serves any more, at the latest at `day_ends_at`; then everything that waits ends.

Time is a command too, so a day ends at the same place in the journal however often it is replayed.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from .lines.calling import TicketMarkedNoShow
from .lines.ticket import OPEN_STATES, Ticket, TicketExpired, about
from .matters import case_clock, rating
from .people.counter import Counter, CounterClosed
from .people.session import ending
from .registry import Command, Event, decides, evolves
from .stamp import Stamp, at_clock, day_of

if TYPE_CHECKING:
    from .hall import Hall

NUMBERS_KEPT_DAYS = 8
"""How long yesterday's counters are remembered, for a clock that was set back and kiosks that were cut off."""
USES_KEPT_DAYS = 30


class TimePassed(Command, frozen=True, kw_only=True):
    """It is later now."""


class DayEnded(Event, frozen=True, kw_only=True):
    """`day` is over and `next_day` has begun."""

    day: str
    next_day: str


def is_due(hall: Hall, at: int) -> bool:
    """Whether time alone changes something now."""
    return (
        day_is_over(hall, at)
        or case_clock.is_due(hall, at)
        or any(s.expires <= at for s in hall.sessions.values())
        or bool(rating.unanswered(hall, at))
        or (hall.settings.queue.no_show_by_itself and any(called_in_vain(hall, c, at) for c in hall.counters.values()))
    )


def called_in_vain(hall: Hall, counter: Counter, at: int) -> bool:
    """Whether the last call of the ticket here has gone unanswered for one more interval."""
    queue = hall.settings.queue
    ticket = hall.tickets.get(counter.ticket or "")
    return (
        ticket is not None
        and ticket.state == "called"
        and ticket.calls >= queue.calls_max
        and at - counter.last_call >= queue.call_interval_s * 1000
    )


def day_is_over(hall: Hall, at: int) -> bool:
    """Another date, and nobody serves or it is late enough."""
    if day_of(at, hall.zone) <= hall.day:
        return False
    latest = at_clock(date.fromisoformat(hall.day) + timedelta(days=1), hall.settings.hours.day_ends_at, hall.zone)
    return at >= latest or all(c.state == "closed" and c.ticket is None for c in hall.counters.values())


@decides(TimePassed)
def time_passed(hall: Hall, c: TimePassed, stamp: Stamp) -> list[Event]:
    events: list[Event] = [*case_clock.fallen_due(hall, stamp.at), *rating.by_default(hall, stamp.at)]
    closed: set[str] = set()
    for session in hall.sessions.values():
        if session.expires <= stamp.at:
            ends = ending(hall, session, reason="expired")
            closed.update(e.counter for e in ends if isinstance(e, CounterClosed))
            events.extend(ends)
    if day_is_over(hall, stamp.at):
        events.extend(end_of_day(hall, stamp, closed))
    elif hall.settings.queue.no_show_by_itself:
        for counter in hall.counters.values():
            if called_in_vain(hall, counter, stamp.at):
                ticket = hall.tickets[str(counter.ticket)]
                fields = about(ticket, stamp, reason_code="not_come")
                events.append(TicketMarkedNoShow(**fields, calls=ticket.calls))
    return events


def end_of_day(hall: Hall, stamp: Stamp, closed: set[str]) -> list[Event]:
    """Everything that still stands ends, counters close, the next day begins."""
    events: list[Event] = []
    for ticket in hall.tickets.values():
        if ends_with_the_day(hall, ticket):
            events.append(
                TicketExpired(
                    ticket=ticket.id,
                    number=ticket.number,
                    line=ticket.line,
                    service=ticket.service,
                    priority_class=ticket.klass,
                    counter=ticket.counter,
                    reason_code="day_ended",
                )
            )
    for counter in hall.counters.values():
        if counter.state != "closed" and counter.counter not in closed:
            events.append(CounterClosed(counter=counter.counter, clerk=counter.clerk, reason_code="day_ended"))
    events.append(DayEnded(day=hall.day, next_day=day_of(stamp.at, hall.zone)))
    return events


def ends_with_the_day(hall: Hall, ticket: Ticket) -> bool:
    """Whether a ticket expires now: not when it is finished, and not when it is good for longer than the day.

    Tickets taken after midnight are of the next day; what a counter holds ends, because its counter closes.
    """
    if ticket.state in ("called", "serving"):
        return True
    if ticket.day > hall.day or (hall.settings.hours.keep_tickets_overnight and ticket.state != "no_show"):
        return False
    return ticket.state in OPEN_STATES or ticket.state == "no_show"


@evolves(DayEnded)
def day_ended(hall: Hall, e: DayEnded, at: int, seq: int) -> None:
    hall.day = e.next_day
    hall.start_day(at)


def before(day: str, days: int) -> str:
    """The date so many days earlier."""
    return (date.fromisoformat(day) - timedelta(days=days)).isoformat()
