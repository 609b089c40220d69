"""A journal of many working days, made by the rules and the journal themselves, as fast as they go."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from pathlib import Path

from hall_server.core import machine
from hall_server.core.day import TimePassed
from hall_server.core.hall import Hall, encode
from hall_server.core.lines.calling import BeginService, CallNext, FinishService
from hall_server.core.lines.ticket import TakeTicket
from hall_server.core.matters.calendar import calendar_of
from hall_server.core.matters.rating import GiveRating
from hall_server.core.people.counter import CloseCounter, OpenCounter
from hall_server.core.people.session import EndSession, SignInClerk
from hall_server.core.registry import Command, Event
from hall_server.core.stamp import Stamp, at_clock, text
from hall_server.engine import SNAPSHOT_EVERY, apply_row, code_version
from hall_server.journal import snapshot
from hall_server.journal.rows import Batch, NewRow
from hall_server.journal.store import Journal

TICKETS_A_DAY = 2_000


class Maker:
    """Lets days pass in a hall that exists, and writes what happens in large batches."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.journal = Journal.open(data / "journal.db")
        self.hall = Hall()
        for row in self.journal.replay(0):
            apply_row(self.hall, row)
        self.rows: list[NewRow] = []
        self.now = self.hall.at
        self.snapshot: tuple[int, bytes] | None = None

    def do(self, command: Command, *, counter: str | None = None, device: str | None = None) -> list[Event]:
        """One command, on the hall and in the rows."""
        clerk = self.hall.counters[counter].clerk if counter else None
        stamp = Stamp(at=self.now, actor="hall", counter=counter, clerk=clerk, device=device)
        events = machine.decide(self.hall, command, stamp)
        for event in events:
            at = machine.at_of(event, stamp)
            machine.evolve(self.hall, event, at)
            row = NewRow(
                at=text(at, self.hall.zone), type=machine.name_of(event), data=machine.encode(event), actor="hall"
            )
            self.rows.append(row)
        if len(self.rows) >= 5_000:
            self.flush()
        return events

    def flush(self) -> None:
        """What has happened goes to the disk."""
        done = threading.Event()
        self.journal.submit(Batch(rows=self.rows, answers=[]), lambda _batch, _error: done.set())
        done.wait()
        self.rows = []

    def fill(self, events: int) -> None:
        """Working days until the journal has so many events, with a snapshot as far behind as a kill may leave it."""
        day = date.fromisoformat(self.hall.day)
        counters = [c.counter for c in self.hall.counters.values() if c.lines]
        clerks = list(self.hall.clerks)
        while self.hall.seq < events:
            day += timedelta(days=1)
            if calendar_of(self.hall).is_working_day(day):
                self.one_day(day, counters, clerks, upto=events)
        self.flush()
        self.keep_snapshot()
        self.journal.close()

    def one_day(self, day: date, counters: list[str], clerks: list[str], *, upto: int) -> None:
        """Everybody signs in, visitors come and go, everybody leaves."""
        self.now = at_clock(day, "09:00", self.hall.zone)
        self.do(TimePassed())
        for n, counter in enumerate(counters):
            self.do(SignInClerk(clerk=clerks[n], counter=counter))
            self.do(OpenCounter(), counter=counter)
        lines = list(self.hall.lines)
        for n in range(TICKETS_A_DAY):
            self.now += 6_000
            self.do(TakeTicket(line=lines[n % len(lines)]), device="D1")
            counter = counters[n % len(counters)]
            if self.do(CallNext(), counter=counter):
                self.do(BeginService(), counter=counter)
                asked = self.do(FinishService(), counter=counter)[1]
                if n % 3 == 0:
                    self.do(GiveRating(request=asked.request, level=5, source="keypad"))  # type: ignore[attr-defined]
            if self.snapshot is None and self.hall.seq >= upto - SNAPSHOT_EVERY:
                self.snapshot = (self.hall.seq, encode(self.hall))
            if self.hall.seq >= upto:
                return
        for counter in counters:
            self.do(CloseCounter(), counter=counter)
            self.do(EndSession(session=str(self.hall.counters[counter].session), reason="signed_out"))

    def keep_snapshot(self) -> None:
        """The snapshot a running hall would have kept."""
        if self.snapshot is not None:
            seq, payload = self.snapshot
            folder = self.data / "snapshots"
            for old in folder.glob("snapshot-*"):
                old.unlink()
            head = self.journal.hash_at(seq)
            assert head is not None
            snapshot.write(folder, seq=seq, head_hash=head, payload=payload, code_version=code_version())
