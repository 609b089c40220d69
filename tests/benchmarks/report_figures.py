"""Figures of the reading side: the tables made again, the month of a large hall, a page of the console.

    python -m tests.benchmarks.report_figures [--quick]

A process of its own measures the month, so that its memory is the reading's alone.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from hall_server.reports.indicators import indicators
from hall_server.reports.projection import rebuild

ZONE = timezone(timedelta(hours=8))
OPENS = datetime(2026, 10, 1, 9, tzinfo=ZONE)
DAYS, DAY_S = 31, 27_000
ITEMS, COUNTERS, DEPARTMENTS = 75, 16, 10


class Row(NamedTuple):
    """A row of a journal nobody wrote: the reading side asks for no more."""

    seq: int
    at: str
    type: str
    data: bytes
    actor: str
    hash: str


class Month:
    """October with so many tickets and cases."""

    def __init__(self, *, tickets: int, cases: int) -> None:
        self.tickets, self.every = tickets, max(1, tickets // max(1, cases))
        self.seq = 0

    def row(self, at: str, event: str, /, **data: Any) -> Row:
        self.seq += 1
        return Row(self.seq, at, event, msgspec.json.encode(data), "hall", "0" * 64)

    def rows(self) -> Iterator[Row]:
        """All rows in order."""
        begun = "2026-09-30T08:00:00.000+08:00"
        yield self.row(begun, "hall_founded", settings={"hall": {"zone": "Asia/Shanghai"}})
        yield self.row(
            begun, "catalogue_changed", lines=[{"line": "A", "name": "x", "site": "county"}],
            services=[{"service": f"S{i}", "name": "n", "department": f"D{i % DEPARTMENTS}", "line": "A"}
                      for i in range(ITEMS)],
            counters=[{"counter": str(i), "site": "county", "department": f"D{i % DEPARTMENTS}", "lines": ["A"]}
                      for i in range(COUNTERS)],
        )  # fmt: skip
        per_day = max(1, self.tickets // DAYS)
        for n in range(self.tickets):
            moment = OPENS + timedelta(days=min(n // per_day, DAYS - 1), seconds=(n % per_day) * DAY_S // per_day)
            at = moment.isoformat(timespec="milliseconds")
            yield from self.visit(n, at)
            if n % self.every == 0:
                yield from self.case(n, at)

    def visit(self, n: int, at: str) -> Iterator[Row]:
        """One visitor from the kiosk to the rating."""
        about = {"ticket": f"T{n}", "number": f"A{n % 999:03d}", "line": "A", "service": f"S{n % ITEMS}",
                 "priority_class": "ordinary"}  # fmt: skip
        desk = about | {"counter": str(n % COUNTERS), "clerk": f"03{n % 20:02d}"}
        yield self.row(at, "ticket_issued", **about, site="county", issued_at=at, form="reception", device="D1")
        yield self.row(at, "ticket_printed", **about, how="barrier")
        yield self.row(at, "ticket_called", **desk, reason="first")
        yield self.row(at, "service_begun", **desk)
        yield self.row(
            at, "service_finished", **desk, site="county", department=f"D{n % DEPARTMENTS}", form="reception"
        )
        asked = self.row(at, "rating_requested", request=f"R{n}", ticket=f"T{n}", expires_at=at)
        yield asked
        if n % 2:
            yield self.row(at, "rating_given", request=f"R{n}", ticket=f"T{n}", level=1 + n % 5, source="keypad")

    def case(self, n: int, at: str) -> Iterator[Row]:
        """One case; two of three are decided at once."""
        about = {"case": f"C{n}", "service": f"S{n % ITEMS}", "department": f"D{n % DEPARTMENTS}",
                 "counter": str(n % COUNTERS), "clerk": "0301"}  # fmt: skip
        due = f"{at[:8]}28T16:30:00.000+08:00"
        yield self.row(
            at, "case_received", **about, site="county", form="reception", catalogue_version="c1", handling="committed",
            promised_days=5, statutory_days=20, day_unit="working_day", received_at=at, channel="hall",
        )  # fmt: skip
        yield self.row(at, "case_accepted", **about, accepted_on=at[:10], promised_due=due, statutory_due=due)
        if n // self.every % 3:
            yield self.row(at, "case_decided", **about, outcome="granted", place="counter", under="L1", decided_at=at,
                           first=True)  # fmt: skip


def measured(*, quick: bool) -> dict[str, float]:
    """Rows a second while the tables are made again, then the month by hall and department, and the memory it took."""
    month = Month(tickets=30_000 if quick else 1_000_000, cases=3_000 if quick else 100_000)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.db"
        making = 0.0

        def watched() -> Iterator[Row]:
            nonlocal making
            rows = month.rows()
            while True:
                begun = time.perf_counter()
                row = next(rows, None)
                making += time.perf_counter() - begun
                if row is None:
                    return
                yield row

        begun = time.perf_counter()
        rebuild(path, watched())
        took = time.perf_counter() - begun - making
        begun = time.perf_counter()
        for by in ("hall", "department"):
            indicators(path, month="2026-10", by=by)  # type: ignore[arg-type]
        report = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"rows": month.seq, "rows_a_second": month.seq / took, "month_s": report, "peak_mib": peak}


if __name__ == "__main__":
    print(json.dumps(measured(quick="--quick" in sys.argv)))
