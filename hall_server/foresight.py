"""Foresight: the forecaster, fed from the journal's events, asked by doors and pictures.

It learns from committed events only, so a failed commit teaches it nothing. What it has learnt is kept in a file of its
own beside the snapshots; it is an opinion, not a fact, and a hall without it starts with none.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

import msgspec

from hall_protocol.pictures import Estimate

from .core import machine
from .core.day import DayEnded
from .core.hall import Hall
from .core.lines import calling, desk, ticket
from .core.lines.waiting import counts_from
from .core.people import counter
from .core.places import config
from .core.registry import Event
from .core.stamp import instant
from .files import write_private
from .forecast import Learnt, Predictor, Quantiles
from .journal.store import Journal

log = logging.getLogger(__name__)

REPLAYED_MOST = 5_000
"""Events a start looks back when nothing learnt was kept."""
LEARNT_FROM_A_SECOND = 40
"""New tickets a second (real time) whose forecast is made and remembered to learn from; a hall issues a few."""


class Kept(msgspec.Struct):
    """What was learnt up to event `seq`."""

    seq: int
    learnt: Learnt


class Foresight:
    """The predictor and where in the journal it stands."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "forecast.bin"
        self._predictor = Predictor()
        self._coverage: dict[str, int] = {}
        self._learnt_from = 0
        self.seq = 0

    # ------------------------------------------------------------ start and end

    def load(self, journal: Journal, hall: Hall) -> None:
        """What was learnt before, then the events since."""
        try:
            kept = msgspec.msgpack.decode(self._file.read_bytes(), type=Kept)
            if kept.seq <= journal.head_seq:
                self._predictor.restore(kept.learnt)
                self.seq = kept.seq
        except FileNotFoundError:
            pass
        except (OSError, msgspec.MsgspecError) as error:
            log.warning("what the forecaster had learnt cannot be read: %s", error)
        for row in journal.replay(max(self.seq, journal.head_seq - REPLAYED_MOST)):
            event = machine.decode(row.type, row.data)
            self._see(event, instant(row.at), hall)
        self.seq = journal.head_seq
        self.reconcile(hall)

    def reconcile(self, hall: Hall) -> None:
        """Today's state from the hall itself: who waits, who serves, which counters are open."""
        now = hall.at
        self._predictor.day_started(now)
        for place in hall.counters.values():
            if place.state == "open":
                self._predictor.counter_opened(place.counter, lines=frozenset(place.lines), at_ms=place.since)
        for held in hall.tickets.values():
            if held.state == "waiting":
                self._waits(held.id, held.line, held.service, held.klass, held.issued, held.key)
            elif held.state == "serving" and held.counter is not None:
                self._waits(held.id, held.line, held.service, held.klass, held.issued, held.key)
                self._predictor.called(held.id, counter=held.counter, at_ms=held.called or now)
                self._predictor.begun(held.id, counter=held.counter, at_ms=held.begun or now)

    def kept(self) -> Kept:
        """What was learnt until now, as a value that shares nothing with what goes on."""
        return Kept(seq=self.seq, learnt=self._predictor.state())

    def save(self, kept: Kept | None = None) -> None:
        """Keeps what was learnt; on any thread when it is handed in. A failure costs an opinion, nothing else."""
        try:
            write_private(self._file, msgspec.msgpack.encode(kept or self.kept()))
        except OSError as error:
            log.warning("what the forecaster has learnt cannot be kept: %s", error)

    # ------------------------------------------------------------ learning

    def second_passed(self) -> None:
        """Another second of real time: that many more tickets may be learnt from."""
        self._learnt_from = 0

    def observe(self, events: Iterable[Event], hall: Hall) -> None:
        """Committed events, in order."""
        for event in events:
            self._see(event, hall.at, hall)
            self.seq += 1

    def _see(self, event: Event, at: int, hall: Hall) -> None:
        p = self._predictor
        if isinstance(event, ticket.TicketIssued):
            held = hall.tickets.get(event.ticket)
            key = held.key if held is not None and held.state == "waiting" else None
            self._waits(event.ticket, event.line, event.service, event.priority_class, instant(event.issued_at), key)
        elif isinstance(event, calling.TicketCalled):
            p.called(event.ticket, counter=str(event.counter), at_ms=at)
        elif isinstance(event, calling.ServiceBegun):
            p.begun(event.ticket, counter=str(event.counter), at_ms=at)
        elif isinstance(event, calling.ServiceFinished):
            p.finished(event.ticket, at_ms=at)
        elif isinstance(event, ticket.TicketCancelled | calling.TicketMarkedNoShow):
            p.left(event.ticket, at_ms=at)
        elif isinstance(event, ticket.TicketExpired | desk.TicketParked):
            p.left(event.ticket, at_ms=at, gave_up=False)
        elif isinstance(event, ticket.TicketReinstated | desk.TicketReturned | desk.TicketTransferred):
            p.left(event.ticket, at_ms=at, gave_up=False)
            held = hall.tickets.get(event.ticket)
            if held is not None and held.state == "waiting":
                self._waits(held.id, held.line, held.service, held.klass, at, held.key)
        elif isinstance(event, counter.CounterOpened):
            p.counter_opened(event.counter, lines=frozenset(event.lines), at_ms=at)
        elif isinstance(event, counter.CounterPaused):
            p.counter_paused(event.counter, at_ms=at)
        elif isinstance(event, counter.CounterClosed):
            p.counter_closed(event.counter, at_ms=at)
        elif isinstance(event, DayEnded):
            p.day_started(at)
        elif isinstance(event, config.ConfigChanged | desk.ActUndone):
            for place in hall.counters.values():
                if place.state == "open":
                    p.counter_opened(place.counter, lines=frozenset(place.lines), at_ms=at)

    def _waits(self, ident: str, line: str, service: str | None, klass: str, at: int, key: int | None) -> None:
        key_ms = at if key is None else counts_from(key)
        self._learnt_from += 1
        self._predictor.ticket_waiting(
            ident,
            line=line,
            service=service,
            klass=klass,
            at_ms=at,
            key_ms=key_ms,
            forecast=self._learnt_from <= LEARNT_FROM_A_SECOND,
        )

    # ------------------------------------------------------------ asking

    def for_line(self, line: str, now: int, *, klass: str = "ordinary") -> Estimate | None:
        """What somebody taking a ticket of that line now would wait; None when no counter serves it."""
        return shown(self._predictor.ask(line=line, klass=klass, at_ms=now))

    def for_ticket(self, ident: str, now: int) -> Estimate | None:
        """What a waiting ticket has still to wait."""
        return shown(self._predictor.ask_ticket(ident, at_ms=now))

    def coverage(self) -> dict[str, int]:
        """By line: percent of past ranges that held over the last 30 days, where enough were measured."""
        return self._coverage

    def measure(self, lines: Iterable[str]) -> None:
        """Computes the coverage again."""
        self._coverage = {}
        for line in lines:
            found = self._predictor.coverage(line)
            if found is not None:
                measured, hits = found
                if measured >= 30:
                    self._coverage[line] = 100 * hits // measured


def shown(quantiles: Quantiles | None) -> Estimate | None:
    """A forecast as the outside world sees it, whole seconds."""
    if quantiles is None:
        return None
    return Estimate(
        p10_s=round(quantiles.p10_s),
        p50_s=round(quantiles.p50_s),
        p80_s=round(quantiles.p80_s),
        p90_s=round(quantiles.p90_s),
    )
