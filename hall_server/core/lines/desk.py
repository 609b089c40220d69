"""What a clerk does with a ticket beside calling and serving it: park, resume, transfer, return, and take back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hall_protocol.refusals import Refused

from ..people.counter import own_counter, remember
from ..registry import Command, Event, decides, evolves
from ..stamp import Stamp, instant, text_or_none
from .calling import free_counter, ticket_in_hand
from .ticket import PERSONAL, Ticket, TicketEvent, about, join, leave
from .waiting import head_key

if TYPE_CHECKING:
    from ..hall import Hall


class ParkTicket(Command, frozen=True, kw_only=True):
    """Interrupted; the visitor keeps the ticket."""

    reason: str
    until: int | None = None


class ResumeTicket(Command, frozen=True, kw_only=True):
    """Go on with a parked ticket, at any counter that is free."""

    number: str


class TransferTicket(Command, frozen=True, kw_only=True):
    """To another line or counter; the time already waited counts."""

    reason: str
    line: str | None = None
    counter: str | None = None


class ReturnTicket(Command, frozen=True, kw_only=True):
    """Back to the head of its line."""

    reason: str


class UndoAct(Command, frozen=True, kw_only=True):
    """Take back the act recorded as event `seq`."""

    seq: int


class TicketParked(TicketEvent, frozen=True, kw_only=True):
    """On hold at a counter until the visitor is back."""

    reason: str
    until: str | None = None


class TicketResumed(TicketEvent, frozen=True, kw_only=True):
    """Being served again."""


class TicketTransferred(TicketEvent, frozen=True, kw_only=True):
    """Waiting again: in `line`, or for `to_counter` alone. `from_line` is where it came from."""

    reason: str
    from_line: str
    from_counter: str
    to_counter: str | None = None


class TicketReturned(TicketEvent, frozen=True, kw_only=True):
    """At the head of its line again."""

    reason: str


class ActUndone(TicketEvent, frozen=True, kw_only=True):
    """All is as it was before event `undone`."""

    undone: int
    act: str


# ---------------------------------------------------------------- decide


@decides(ParkTicket)
def park(hall: Hall, c: ParkTicket, stamp: Stamp) -> list[Event]:
    ticket = ticket_in_hand(hall, stamp, "called", "serving")
    return [TicketParked(**about(ticket, stamp), reason=c.reason, until=text_or_none(c.until, hall.zone))]


@decides(ResumeTicket)
def resume(hall: Hall, c: ResumeTicket, stamp: Stamp) -> list[Event]:
    counter = free_counter(hall, stamp)
    ticket = hall.by_number(c.number)
    if ticket is None:
        raise Refused("unknown_ticket")
    if ticket.state != "parked":
        raise Refused("wrong_state", state=ticket.state)
    return [TicketResumed(**about(ticket, stamp, counter=counter.counter))]


@decides(TransferTicket)
def transfer(hall: Hall, c: TransferTicket, stamp: Stamp) -> list[Event]:
    ticket = ticket_in_hand(hall, stamp, "called", "serving")
    if (c.line is None) == (c.counter is None):
        raise Refused("bad_request", field="line")
    if c.line is not None and c.line not in hall.lines:
        raise Refused("unknown_line")
    if c.counter is not None and c.counter not in hall.counters:
        raise Refused("unknown_counter")
    if c.counter == ticket.counter:
        raise Refused("bad_request", field="counter")
    fields = about(ticket, stamp) | {"line": c.line or ticket.line}
    return [
        TicketTransferred(
            **fields,
            reason=c.reason,
            from_line=ticket.line,
            from_counter=str(ticket.counter),
            to_counter=c.counter,
        )
    ]


@decides(ReturnTicket)
def send_back(hall: Hall, c: ReturnTicket, stamp: Stamp) -> list[Event]:
    ticket = ticket_in_hand(hall, stamp, "called", "serving")
    return [TicketReturned(**about(ticket, stamp), reason=c.reason)]


@decides(UndoAct)
def undo(hall: Hall, c: UndoAct, stamp: Stamp) -> list[Event]:
    counter = own_counter(hall, stamp)
    offer = counter.undo
    if offer is None or offer.seq != c.seq or stamp.at > offer.until:
        raise Refused("not_undoable")
    if offer.act == "pause":
        if counter.state != "paused":
            raise Refused("not_undoable")
        return [
            ActUndone(
                ticket="", number="", line="", service=None, priority_class="ordinary", counter=counter.counter,
                clerk=stamp.clerk, device=stamp.device, undone=c.seq, act="pause",
            )
        ]  # fmt: skip
    assert offer.ticket is not None
    ticket = hall.tickets[offer.ticket.id]
    expected = {"park": "parked", "no_show": "no_show", "transfer": "waiting"}[offer.act]
    if counter.ticket is not None or counter.state != "open" or ticket.state != expected:
        raise Refused("not_undoable")
    return [ActUndone(**about(ticket, stamp, counter=counter.counter), undone=c.seq, act=offer.act)]


# ---------------------------------------------------------------- evolve


@evolves(TicketParked)
def parked(hall: Hall, e: TicketParked, at: int, seq: int) -> None:
    ticket = hall.tickets[e.ticket]
    counter = hall.counters[str(ticket.counter)]
    before = msgspec.structs.replace(ticket)
    leave(hall, ticket)
    ticket.state, ticket.reason = "parked", e.reason
    ticket.parked_until = None if e.until is None else instant(e.until)
    hall.parked[ticket.id] = None
    remember(counter, act="park", at=at, seq=seq, ticket=before)


@evolves(TicketResumed)
def resumed(hall: Hall, e: TicketResumed, at: int, seq: int) -> None:
    ticket = hall.tickets[e.ticket]
    leave(hall, ticket)
    ticket.state, ticket.counter, ticket.parked_until, ticket.reason = "serving", e.counter, None, None
    ticket.begun = ticket.begun or at
    counter = hall.counters[str(e.counter)]
    counter.ticket, counter.since, counter.undo = ticket.id, at, None


@evolves(TicketTransferred)
def transferred(hall: Hall, e: TicketTransferred, at: int, seq: int) -> None:
    ticket = hall.tickets[e.ticket]
    counter = hall.counters[e.from_counter]
    before = msgspec.structs.replace(ticket)
    leave(hall, ticket)
    ticket.transferred_from, ticket.line, ticket.standing = e.from_line, e.line, "transferred"
    ticket.counter, ticket.called, ticket.begun, ticket.calls = None, None, None, 0
    ticket.reason = "transferred"
    queue = e.line if e.to_counter is None else PERSONAL + e.to_counter
    join(hall, ticket, queue=queue)
    remember(counter, act="transfer", at=at, seq=seq, ticket=before)


@evolves(TicketReturned)
def returned(hall: Hall, e: TicketReturned, at: int, seq: int) -> None:
    ticket = hall.tickets[e.ticket]
    counter = hall.counters[str(ticket.counter)]
    leave(hall, ticket)
    ticket.standing, ticket.reason = "returned", "returned"
    ticket.counter, ticket.called, ticket.begun, ticket.calls = None, None, None, 0
    join(hall, ticket, queue=ticket.line, key=head_key(seq=seq))
    counter.undo = None


@evolves(ActUndone)
def undone(hall: Hall, e: ActUndone, at: int, seq: int) -> None:
    counter = hall.counters[str(e.counter)]
    offer, counter.undo = counter.undo, None
    assert offer is not None, "an act that is undone was offered"
    if offer.act == "pause":
        counter.state, counter.reason, counter.resume_at, counter.since = "open", None, None, at
        return
    before = offer.ticket
    assert before is not None
    ticket = hall.tickets[before.id]
    leave(hall, ticket)
    if offer.act == "no_show":
        hall.today.no_shows -= 1
    restore(ticket, before)
    counter.ticket = ticket.id


def restore(ticket: Ticket, before: Ticket) -> None:
    """Every field as it was."""
    for field in Ticket.__struct_fields__:
        setattr(ticket, field, getattr(before, field))
