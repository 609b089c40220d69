"""The life of a ticket, from the touch on the kiosk to its end.

waiting → called → serving → finished, with parked, no_show, cancelled and expired beside it. Counters act on a ticket
in `calling.py` (call, recall, begin …) and `desk.py` (park, transfer …); here are issue, merge, and what visitors do.
"""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING, Any

import msgspec

from hall_protocol.ids import PriorityClass
from hall_protocol.pictures import Estimate
from hall_protocol.refusals import Refused

from ..places import hours
from ..registry import Command, Event, decides, evolves
from ..stamp import Stamp, day_of, instant, text
from . import numbering

if TYPE_CHECKING:
    from ..hall import Hall

OPEN_STATES = frozenset({"waiting", "called", "serving", "parked"})
PERSONAL = "@"
"""A list that belongs to one counter is named `@COUNTER`."""


class Ticket(msgspec.Struct, gc=False, array_like=True):
    """One place in one line. Instants in milliseconds. A hall may hold 100,000: a snapshot has no field names."""

    id: str
    line: str
    service: str | None
    form: str
    klass: str
    language: str
    state: str
    issued: int
    key: int = 0
    """Its place in the order while it waits."""
    queue: str = ""
    """The list it waits in: its line, or `@COUNTER`."""
    called: int | None = None
    begun: int | None = None
    finished: int | None = None
    counter: str | None = None
    """Where it is called, served or parked, or was last."""
    calls: int = 0
    parked_until: int | None = None
    transferred_from: str | None = None
    on_my_way: bool = False
    reinstated: int = 0
    reason: str | None = None
    rating: str | None = None
    """Its rating request."""
    off_block: bool = False
    standing: str | None = None
    """Why it stands where it stands: `returned reinstated transferred`, else None."""

    @property
    def number(self) -> str:
        """As printed."""
        return numbering.number_in(self.id)

    @property
    def day(self) -> str:
        """The hall-day it was issued on."""
        return numbering.day_in(self.id)


class TicketEvent(Event, frozen=True, kw_only=True):
    """What every event about a ticket says."""

    ticket: str
    number: str
    line: str
    service: str | None
    priority_class: str
    counter: str | None = None
    clerk: str | None = None
    device: str | None = None
    reason_code: str | None = None


def about(
    ticket: Ticket, stamp: Stamp, *, counter: str | None = None, reason_code: str | None = None
) -> dict[str, Any]:
    """The common fields of an event about this ticket."""
    return {
        "ticket": ticket.id,
        "number": ticket.number,
        "line": ticket.line,
        "service": ticket.service,
        "priority_class": ticket.klass,
        "counter": counter or ticket.counter,
        "clerk": stamp.clerk,
        "device": stamp.device,
        "reason_code": reason_code,
    }


# ---------------------------------------------------------------- commands


class TakeTicket(Command, frozen=True, kw_only=True):
    """A visitor takes a number. `estimate` is what he was told, for the record.

    `held` are tickets the same person took before, found outside by a keyed mark that is no part of the hall: whether
    one of them is still open is decided here, in the order of all commands.
    """

    service: str | None = None
    line: str | None = None
    priority_class: PriorityClass = "ordinary"
    form: str | None = None
    appointment: str | None = None
    language: str | None = None
    estimate: Estimate | None = None
    held: tuple[str, ...] = ()


class OfflineEntry(Command, frozen=True, kw_only=True):
    """One ticket a kiosk issued alone. `unseen` is the ticket its own online try had made."""

    number: str
    issued_at: int
    line: str | None = None
    service: str | None = None
    priority_class: PriorityClass = "ordinary"
    language: str | None = None
    unseen: str | None = None


class CancelTicket(Command, frozen=True, kw_only=True):
    """The visitor gives the number back."""

    ticket: str


class ReinstateTicket(Command, frozen=True, kw_only=True):
    """A visitor who missed the call is back."""

    ticket: str


class SayOnMyWay(Command, frozen=True, kw_only=True):
    """The visitor is coming."""

    ticket: str


class ReclassifyTicket(Command, frozen=True, kw_only=True):
    """A clerk sees that the visitor belongs to another class."""

    ticket: str
    priority_class: PriorityClass
    reason: str


class RecordPrint(Command, frozen=True, kw_only=True):
    """What the printer answered."""

    ticket: str
    outcome: str
    how: str | None = None
    evidence: str | None = None


# ---------------------------------------------------------------- events


class TicketIssued(TicketEvent, frozen=True, kw_only=True):
    """A number was given out. `issued_at` counts for the order; `estimate` is what the visitor was told, seconds."""

    site: str
    issued_at: str
    form: str
    language: str
    estimate: Estimate | None = None
    offline: bool = False
    off_block: bool = False
    printed_number: str | None = None
    """The number on the paper, when it was taken by somebody else and another one had to be given."""


class TicketCancelled(TicketEvent, frozen=True, kw_only=True):
    """Given back, or `unseen`: nobody ever held it."""


class TicketReinstated(TicketEvent, frozen=True, kw_only=True):
    """Back in line, behind `after` others."""

    key: int
    after: int


class VisitorOnTheWay(TicketEvent, frozen=True, kw_only=True):
    """The visitor said he is coming."""


class TicketReclassified(TicketEvent, frozen=True, kw_only=True):
    """Another priority class; `was` is the old one."""

    was: str
    reason: str


class TicketPrinted(TicketEvent, frozen=True, kw_only=True):
    """The printer confirmed, `how` tells by what."""

    how: str
    evidence: str | None = None


class TicketPrintFailed(TicketEvent, frozen=True, kw_only=True):
    """Not printed, or nobody knows: `outcome` is `failed` or `unknown`."""

    outcome: str
    how: str | None = None
    evidence: str | None = None


class TicketExpired(TicketEvent, frozen=True, kw_only=True):
    """The day ended."""


# ---------------------------------------------------------------- decide


def find(hall: Hall, ticket: str) -> Ticket:
    """The ticket of that id, or `unknown_ticket`."""
    found = hall.tickets.get(ticket)
    if found is None:
        raise Refused("unknown_ticket")
    return found


def chosen_line(hall: Hall, *, service: str | None, line: str | None) -> tuple[str, str | None]:
    """Line and service a request names; a service decides its line."""
    if service is not None:
        offered = hall.services.get(service)
        if offered is None or offered.state != "in_use" or offered.line not in hall.lines:
            raise Refused("unknown_service")
        if line is not None and line != offered.line:
            raise Refused("bad_request", field="line")
        return offered.line, service
    if line is None:
        raise Refused("bad_request", field="service")
    if line not in hall.lines:
        raise Refused("unknown_line")
    return line, None


def head_start(hall: Hall, klass: str) -> int:
    """How much earlier than its arrival a class counts, milliseconds (waiting.md 11)."""
    return 0 if klass == "ordinary" else hall.settings.queue.head_start_min * 60_000


@decides(TakeTicket)
def take(hall: Hall, c: TakeTicket, stamp: Stamp) -> list[Event]:
    if c.appointment is not None:
        raise Refused("unknown_appointment")
    line, service = chosen_line(hall, service=c.service, line=c.line)
    require_none_open(hall, held=c.held, line=line, service=service)
    hours.require_open(hall, line=line, at=stamp.at)
    day = day_of(stamp.at, hall.zone)
    require_quota(hall, line=line, day=day)
    numbers, _ = numbering.next_numbers(hall, line=line, day=day, count=1)
    return [
        TicketIssued(
            ticket=numbering.ticket_id(day=day, number=numbers[0]),
            number=numbers[0],
            line=line,
            service=service,
            priority_class=c.priority_class,
            device=stamp.device,
            clerk=stamp.clerk,
            counter=stamp.counter,
            site=hall.lines[line].site,
            issued_at=text(stamp.at, hall.zone),
            form=c.form or "reception",
            language=c.language or hall.settings.hall.languages[0],
            estimate=c.estimate,
        )
    ]


def require_none_open(hall: Hall, *, held: tuple[str, ...], line: str, service: str | None) -> None:
    """One open ticket per person and item (domain.md 14): refuses with the number that is valid already.

    Without an item the line stands for it. A transferred ticket keeps its item; one whose call was missed is not open.
    """
    for ident in held:
        other = hall.tickets.get(ident)
        if other is None or other.state not in OPEN_STATES or other.service != service:
            continue
        if service is not None or other.line == line:
            raise Refused("already_waiting", number=other.number)


def require_quota(hall: Hall, *, line: str, day: str) -> None:
    """Refuses when the line has given out its numbers of the day."""
    quota = quota_of(hall, line)
    if quota is not None and hall.issued_count(day=day, line=line) >= quota:
        raise Refused("quota_reached", line=hall.lines[line].name, opens_at=hours.opens_text(hall, line=line))


def quota_of(hall: Hall, line: str) -> int | None:
    """Tickets a day of this line; None is no limit."""
    own = hall.lines[line].quota
    return own if own is not None else hall.settings.queue.daily_quota


@decides(OfflineEntry)
def merge_offline(hall: Hall, c: OfflineEntry, stamp: Stamp) -> list[Event]:
    line, service = chosen_line(hall, service=c.service, line=c.line)
    issued_at = min(c.issued_at, stamp.at)
    day = day_of(issued_at, hall.zone)
    ident = numbering.ticket_id(day=day, number=c.number)
    own_block = hall.set_aside.get(ident) is not None and hall.blocks[hall.set_aside[ident]].device == stamp.device
    number, printed = c.number, None
    if not own_block and numbering.is_given_out(hall, day=day, number=c.number):
        number, printed = numbering.next_numbers(hall, line=line, day=day, count=1)[0][0], c.number
    events: list[Event] = [
        TicketIssued(
            ticket=numbering.ticket_id(day=day, number=number),
            number=number,
            line=line,
            service=service,
            priority_class=c.priority_class,
            device=stamp.device,
            site=hall.lines[line].site,
            issued_at=text(issued_at, hall.zone),
            form="reception",
            language=c.language or hall.settings.hall.languages[0],
            offline=True,
            off_block=not own_block,
            printed_number=printed,
            reason_code="number_taken" if printed else ("off_block" if not own_block else None),
        )
    ]
    unseen = hall.tickets.get(c.unseen) if c.unseen else None
    if unseen is not None and unseen.state in OPEN_STATES | {"no_show"} and unseen.state != "serving":
        events.append(TicketCancelled(**about(unseen, stamp, reason_code="unseen")))
    if day < hall.day:
        issued = events[0]
        assert isinstance(issued, TicketIssued)
        events.append(
            TicketExpired(
                ticket=issued.ticket, number=number, line=line, service=service, priority_class=c.priority_class
            )
        )
    return events


@decides(CancelTicket)
def cancel(hall: Hall, c: CancelTicket, stamp: Stamp) -> list[Event]:
    ticket = find(hall, c.ticket)
    if ticket.state not in {"waiting", "called", "parked", "no_show"}:
        raise Refused("wrong_state", state=ticket.state)
    return [TicketCancelled(**about(ticket, stamp, reason_code="given_back"))]


@decides(ReinstateTicket)
def reinstate(hall: Hall, c: ReinstateTicket, stamp: Stamp) -> list[Event]:
    ticket = find(hall, c.ticket)
    if ticket.reinstated >= hall.settings.queue.reinstate_max and ticket.reinstated > 0:
        raise Refused("reinstated_already")
    if ticket.state != "no_show" or hall.settings.queue.reinstate_max == 0:
        raise Refused("wrong_state", state=ticket.state)
    waiting = hall.waiting_in(ticket.line)
    after = hall.settings.queue.reinstate_after
    key = waiting.behind(others=after, at=stamp.at, seq=hall.seq + 1)
    return [TicketReinstated(**about(ticket, stamp, reason_code="reinstated"), key=key, after=min(after, len(waiting)))]


@decides(SayOnMyWay)
def on_my_way(hall: Hall, c: SayOnMyWay, stamp: Stamp) -> list[Event]:
    ticket = find(hall, c.ticket)
    if ticket.state not in {"waiting", "called"}:
        raise Refused("wrong_state", state=ticket.state)
    return [] if ticket.on_my_way else [VisitorOnTheWay(**about(ticket, stamp))]


@decides(ReclassifyTicket)
def reclassify(hall: Hall, c: ReclassifyTicket, stamp: Stamp) -> list[Event]:
    ticket = find(hall, c.ticket)
    if ticket.state not in {"waiting", "called", "parked"}:
        raise Refused("wrong_state", state=ticket.state)
    if ticket.klass == c.priority_class:
        return []
    fields = about(ticket, stamp) | {"priority_class": c.priority_class}
    return [TicketReclassified(**fields, was=ticket.klass, reason=c.reason)]


@decides(RecordPrint)
def record_print(hall: Hall, c: RecordPrint, stamp: Stamp) -> list[Event]:
    fields = about(find(hall, c.ticket), stamp)
    if c.outcome == "confirmed":
        return [TicketPrinted(**fields, how=c.how or "none", evidence=c.evidence)]
    return [TicketPrintFailed(**fields, outcome=c.outcome, how=c.how, evidence=c.evidence)]


# ---------------------------------------------------------------- evolve


@evolves(TicketIssued)
def issued(hall: Hall, e: TicketIssued, at: int, seq: int) -> None:
    when = instant(e.issued_at)
    day = numbering.day_in(e.ticket)
    ticket = Ticket(
        id=e.ticket,
        line=intern(e.line),
        service=e.service and intern(e.service),
        form=intern(e.form),
        klass=intern(e.priority_class),
        language=intern(e.language),
        state="waiting",
        issued=when,
        off_block=e.off_block,
        reason=e.reason_code,
    )
    hall.tickets[e.ticket] = ticket
    hall.release_set_aside(e.ticket)
    hall.count_issue(day=day, line=e.line, service=e.service, number=e.number)
    join(hall, ticket, queue=ticket.line)


def join(hall: Hall, ticket: Ticket, *, queue: str, key: int | None = None) -> None:
    """Puts a ticket in a list: at that key, or where its issue and its class put it."""
    waiting = hall.waiting_in(queue)
    if key is None:
        ticket.key = waiting.arrive(at=ticket.issued - head_start(hall, ticket.klass), ticket=ticket.id)
    else:
        ticket.key = waiting.add(key=key, ticket=ticket.id)
    ticket.queue = queue
    ticket.state = "waiting"


def leave(hall: Hall, ticket: Ticket) -> None:
    """Takes a ticket out of wherever it stands: its list, its counter, the parked ones."""
    if ticket.state == "waiting":
        hall.waiting_in(ticket.queue).remove(key=ticket.key)
    elif ticket.state in ("called", "serving"):
        assert ticket.counter is not None
        hall.counters[ticket.counter].ticket = None
    elif ticket.state == "parked":
        hall.parked.pop(ticket.id, None)
    elif ticket.state == "no_show":
        hall.missed.pop(ticket.id, None)


@evolves(TicketCancelled)
def cancelled(hall: Hall, e: TicketCancelled, at: int, seq: int) -> None:
    end(hall, hall.tickets[e.ticket], state="cancelled", reason=e.reason_code)
    hall.today.cancelled += 1


def end(hall: Hall, ticket: Ticket, *, state: str, reason: str | None) -> None:
    """The ticket's life is over."""
    leave(hall, ticket)
    ticket.state = state
    ticket.reason = reason


@evolves(TicketExpired)
def expired(hall: Hall, e: TicketExpired, at: int, seq: int) -> None:
    end(hall, hall.tickets[e.ticket], state="expired", reason="day_ended")


@evolves(TicketReinstated)
def reinstated(hall: Hall, e: TicketReinstated, at: int, seq: int) -> None:
    ticket = hall.tickets[e.ticket]
    leave(hall, ticket)
    ticket.reinstated += 1
    ticket.standing = "reinstated"
    ticket.counter = ticket.called = None
    ticket.calls = 0
    ticket.on_my_way = False
    join(hall, ticket, queue=ticket.line, key=e.key)


@evolves(VisitorOnTheWay)
def on_the_way(hall: Hall, e: VisitorOnTheWay, at: int, seq: int) -> None:
    hall.tickets[e.ticket].on_my_way = True


@evolves(TicketReclassified)
def reclassified(hall: Hall, e: TicketReclassified, at: int, seq: int) -> None:
    ticket = hall.tickets[e.ticket]
    ticket.klass = e.priority_class
    if ticket.state == "waiting" and ticket.standing is None:
        leave(hall, ticket)
        join(hall, ticket, queue=ticket.queue)


@evolves(TicketPrinted)
def printed(hall: Hall, e: TicketPrinted, at: int, seq: int) -> None:
    hall.today.printed += 1


@evolves(TicketPrintFailed)
def print_failed(hall: Hall, e: TicketPrintFailed, at: int, seq: int) -> None:
    hall.today.print_failed += 1
