"""Calling: who comes to which counter, from the call to the end of the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hall_protocol.refusals import Refused

from ..matters import rating
from ..people.counter import Counter, own_counter, remember
from ..registry import Command, Event, decides, evolves
from ..stamp import Stamp
from . import choice, numbering
from .ticket import Ticket, TicketEvent, about, leave

if TYPE_CHECKING:
    from ..hall import Hall

MISSED_KEPT = 200
"""No-shows a hall keeps in its list of those who may come back."""


class CallNext(Command, frozen=True, kw_only=True):
    """The rule chooses."""


class CallGivenNumber(Command, frozen=True, kw_only=True):
    """The clerk chooses; recorded as out of order."""

    number: str
    reason: str


class Recall(Command, frozen=True, kw_only=True):
    """The same call said again."""


class BeginService(Command, frozen=True, kw_only=True):
    """The visitor is here."""


class FinishService(Command, frozen=True, kw_only=True):
    """The service ends and the visitor is asked for a rating."""

    outcome: str | None = None
    services: tuple[str, ...] = ()


class MarkNoShow(Command, frozen=True, kw_only=True):
    """Called and not come."""


class TicketCalled(TicketEvent, frozen=True, kw_only=True):
    """Called to `counter`; `reason_code` says why: `first priority returned reinstated transferred by_number`."""

    out_of_order: bool = False
    reason: str | None = None
    settings: str | None = None
    """Version of the settings the rule used."""


class TicketRecalled(TicketEvent, frozen=True, kw_only=True):
    """Said again; `calls` is how often by now."""

    calls: int


class ServiceBegun(TicketEvent, frozen=True, kw_only=True):
    """The visitor sits at the counter."""


class ServiceFinished(TicketEvent, frozen=True, kw_only=True):
    """Served. `services` are the items done in this visit."""

    site: str
    department: str
    form: str
    outcome: str | None = None
    services: tuple[str, ...] = ()


class TicketMarkedNoShow(TicketEvent, frozen=True, kw_only=True):
    """Did not come after `calls` calls."""

    calls: int


# ---------------------------------------------------------------- decide


def free_counter(hall: Hall, stamp: Stamp) -> Counter:
    """The clerk's counter, open and without a ticket."""
    counter = own_counter(hall, stamp)
    if counter.state == "closed":
        raise Refused("counter_closed")
    if counter.state == "paused":
        raise Refused("counter_paused")
    if counter.ticket is not None:
        raise Refused("counter_busy", number=numbering.number_in(counter.ticket))
    return counter


def ticket_in_hand(hall: Hall, stamp: Stamp, *states: str) -> Ticket:
    """The ticket at the clerk's counter, in one of these states, or `wrong_state`."""
    counter = own_counter(hall, stamp)
    if counter.ticket is None:
        raise Refused("wrong_state", state="none")
    ticket = hall.tickets[counter.ticket]
    if ticket.state not in states:
        raise Refused("wrong_state", state=ticket.state)
    return ticket


@decides(CallNext)
def call_next(hall: Hall, c: CallNext, stamp: Stamp) -> list[Event]:
    counter = free_counter(hall, stamp)
    ticket = choice.next_ticket(hall, counter.counter)
    if ticket is None:
        return []
    reason = choice.reason_of(hall, ticket)
    fields = about(ticket, stamp, counter=counter.counter, reason_code=reason)
    return [TicketCalled(**fields, settings=hall.settings_version)]


@decides(CallGivenNumber)
def call_given(hall: Hall, c: CallGivenNumber, stamp: Stamp) -> list[Event]:
    counter = free_counter(hall, stamp)
    ticket = hall.by_number(c.number)
    if ticket is None:
        raise Refused("unknown_ticket")
    if ticket.state in ("called", "serving"):
        raise Refused("taken_elsewhere", number=ticket.number, counter=ticket.counter)
    if ticket.state != "waiting":
        raise Refused("wrong_state", state=ticket.state)
    if ticket.queue not in choice.lists_of(hall, counter.counter) and counter.kind != "desk":
        raise Refused("not_served_here", number=ticket.number)
    first = choice.next_ticket(hall, counter.counter)
    fields = about(ticket, stamp, counter=counter.counter, reason_code="by_number")
    return [
        TicketCalled(
            **fields,
            out_of_order=first is None or first.id != ticket.id,
            reason=c.reason,
            settings=hall.settings_version,
        )
    ]


@decides(Recall)
def recall(hall: Hall, c: Recall, stamp: Stamp) -> list[Event]:
    ticket = ticket_in_hand(hall, stamp, "called")
    queue = hall.settings.queue
    if ticket.calls >= queue.calls_max:
        raise Refused("recall_limit", calls=ticket.calls)
    wait_ms = hall.counters[str(ticket.counter)].last_call + queue.call_interval_s * 1000 - stamp.at
    if wait_ms > 0:
        raise Refused("recall_too_soon", seconds=-(-wait_ms // 1000))
    return [TicketRecalled(**about(ticket, stamp), calls=ticket.calls + 1)]


@decides(BeginService)
def begin(hall: Hall, c: BeginService, stamp: Stamp) -> list[Event]:
    return [ServiceBegun(**about(ticket_in_hand(hall, stamp, "called"), stamp))]


@decides(MarkNoShow)
def no_show(hall: Hall, c: MarkNoShow, stamp: Stamp) -> list[Event]:
    ticket = ticket_in_hand(hall, stamp, "called")
    return [TicketMarkedNoShow(**about(ticket, stamp, reason_code="not_come"), calls=ticket.calls)]


@decides(FinishService)
def finish(hall: Hall, c: FinishService, stamp: Stamp) -> list[Event]:
    ticket = ticket_in_hand(hall, stamp, "serving")
    counter = hall.counters[str(ticket.counter)]
    for service in c.services:
        if service not in hall.services:
            raise Refused("unknown_service")
    department = hall.services[ticket.service].department if ticket.service in hall.services else counter.department
    done = ServiceFinished(
        **about(ticket, stamp),
        site=counter.site,
        department=department,
        form=ticket.form,
        outcome=c.outcome,
        services=c.services or ((ticket.service,) if ticket.service else ()),
    )
    return [done, rating.requested(hall, ticket, stamp)]


# ---------------------------------------------------------------- evolve


@evolves(TicketCalled)
def called(hall: Hall, e: TicketCalled, at: int, seq: int) -> None:
    ticket = hall.tickets[e.ticket]
    counter = hall.counters[str(e.counter)]
    leave(hall, ticket)
    ticket.state, ticket.counter, ticket.called, ticket.calls = "called", e.counter, at, 1
    ticket.reason = e.reason_code
    counter.ticket, counter.last_call, counter.since = ticket.id, at, at
    counter.undo = None
    hall.announce(seq=seq, ticket=ticket, at=at)


@evolves(TicketRecalled)
def recalled(hall: Hall, e: TicketRecalled, at: int, seq: int) -> None:
    ticket = hall.tickets[e.ticket]
    ticket.calls = e.calls
    hall.counters[str(ticket.counter)].last_call = at
    hall.announce(seq=seq, ticket=ticket, at=at)


@evolves(ServiceBegun)
def begun(hall: Hall, e: ServiceBegun, at: int, seq: int) -> None:
    ticket = hall.tickets[e.ticket]
    ticket.state = "serving"
    ticket.begun = at
    ticket.on_my_way = False
    hall.counters[str(ticket.counter)].rating = None


@evolves(ServiceFinished)
def finished(hall: Hall, e: ServiceFinished, at: int, seq: int) -> None:
    ticket = hall.tickets[e.ticket]
    leave(hall, ticket)
    ticket.state, ticket.finished, ticket.standing = "finished", at, None
    hall.today.done += 1
    if ticket.begun is not None:
        hall.note_service_time(line=ticket.line, seconds=(at - ticket.begun) // 1000)
    hall.counters[str(ticket.counter)].undo = None


@evolves(TicketMarkedNoShow)
def missed(hall: Hall, e: TicketMarkedNoShow, at: int, seq: int) -> None:
    ticket = hall.tickets[e.ticket]
    counter = hall.counters[str(ticket.counter)]
    before = msgspec.structs.replace(ticket)
    leave(hall, ticket)
    ticket.state = "no_show"
    hall.missed[ticket.id] = at
    while len(hall.missed) > MISSED_KEPT:
        hall.missed.pop(next(iter(hall.missed)))
    hall.today.no_shows += 1
    remember(counter, act="no_show", at=at, seq=seq, ticket=before)
