"""The life of a counter: closed, open, paused, and the one ticket it may hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hall_protocol.refusals import Refused

from ..lines.ticket import Ticket
from ..registry import Command, Event, decides, evolves
from ..stamp import Stamp, instant, text_or_none

if TYPE_CHECKING:
    from ..hall import Hall

UNDO_MS = 10_000
"""The screen counts 8 s; the rest is for the way."""


class Undo(msgspec.Struct):
    """The last act that may be taken back, with the ticket as it was before."""

    seq: int
    until: int
    act: str
    ticket: Ticket | None = None


class Counter(msgspec.Struct):
    """Where a clerk serves. Instants in milliseconds."""

    counter: str
    site: str
    kind: str
    department: str
    lines: list[str]
    phone: str = ""
    post: str = ""
    """Staff number of the first-contact post."""
    state: str = "closed"
    clerk: str | None = None
    session: str | None = None
    ticket: str | None = None
    since: int = 0
    reason: str | None = None
    resume_at: int | None = None
    last_call: int = 0
    undo: Undo | None = None
    rating: str | None = None
    """The rating request its keypad shows."""
    last_finished: str | None = None
    retired: bool = False


class OpenCounter(Command, frozen=True, kw_only=True):
    """The clerk begins to serve, or comes back from a pause."""


class PauseCounter(Command, frozen=True, kw_only=True):
    """The clerk is away for a while."""

    reason: str
    resume_at: int | None = None


class CloseCounter(Command, frozen=True, kw_only=True):
    """The clerk stops serving."""


class CounterEvent(Event, frozen=True, kw_only=True):
    """What every event about a counter says."""

    counter: str
    clerk: str | None
    device: str | None = None


class CounterOpened(CounterEvent, frozen=True, kw_only=True):
    """Open; `lines` are those it serves now."""

    lines: tuple[str, ...]


class CounterPaused(CounterEvent, frozen=True, kw_only=True):
    """Paused; the wall shows only `resume_at`."""

    reason: str
    resume_at: str | None = None


class CounterClosed(CounterEvent, frozen=True, kw_only=True):
    """Closed; `reason_code` is `signed_out` or `day_ended` when nobody pressed the key."""

    reason_code: str | None = None


def own_counter(hall: Hall, stamp: Stamp) -> Counter:
    """The counter the clerk is signed in at."""
    counter = hall.counters.get(str(stamp.counter))
    if counter is None or counter.retired:
        raise Refused("unknown_counter")
    return counter


def remember(counter: Counter, *, act: str, at: int, seq: int, ticket: Ticket | None = None) -> None:
    """Offers to take this act back for a while."""
    counter.undo = Undo(seq=seq, until=at + UNDO_MS, act=act, ticket=ticket)


@decides(OpenCounter)
def open_counter(hall: Hall, c: OpenCounter, stamp: Stamp) -> list[Event]:
    counter = own_counter(hall, stamp)
    if counter.state == "open":
        return []
    return [CounterOpened(counter=counter.counter, clerk=stamp.clerk, device=stamp.device, lines=tuple(counter.lines))]


@decides(PauseCounter)
def pause_counter(hall: Hall, c: PauseCounter, stamp: Stamp) -> list[Event]:
    counter = own_counter(hall, stamp)
    if counter.state == "closed":
        raise Refused("counter_closed")
    if counter.state == "paused":
        raise Refused("wrong_state", state="paused")
    if counter.ticket is not None:
        raise Refused("counter_busy", number=hall.tickets[counter.ticket].number)
    return [
        CounterPaused(
            counter=counter.counter,
            clerk=stamp.clerk,
            device=stamp.device,
            reason=c.reason,
            resume_at=text_or_none(c.resume_at, hall.zone),
        )
    ]


@decides(CloseCounter)
def close_counter(hall: Hall, c: CloseCounter, stamp: Stamp) -> list[Event]:
    counter = own_counter(hall, stamp)
    if counter.ticket is not None:
        raise Refused("counter_busy", number=hall.tickets[counter.ticket].number)
    if counter.state == "closed":
        return []
    return [CounterClosed(counter=counter.counter, clerk=stamp.clerk, device=stamp.device)]


@evolves(CounterOpened)
def opened(hall: Hall, e: CounterOpened, at: int, seq: int) -> None:
    counter = hall.counters[e.counter]
    counter.state, counter.since, counter.reason, counter.resume_at = "open", at, None, None
    counter.undo = None


@evolves(CounterPaused)
def paused(hall: Hall, e: CounterPaused, at: int, seq: int) -> None:
    counter = hall.counters[e.counter]
    counter.state, counter.since, counter.reason = "paused", at, e.reason
    counter.resume_at = None if e.resume_at is None else instant(e.resume_at)
    remember(counter, act="pause", at=at, seq=seq)


@evolves(CounterClosed)
def closed(hall: Hall, e: CounterClosed, at: int, seq: int) -> None:
    counter = hall.counters[e.counter]
    counter.state, counter.since, counter.reason, counter.resume_at = "closed", at, None, None
    counter.undo = None
