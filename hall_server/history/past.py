"""The state after any row: from the nearest kept state and the rows behind it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import msgspec

from ..core.hall import Hall, decode, encode
from ..engine import apply_row, code_version
from ..journal import snapshot
from ..journal.reader import Reader
from ..journal.rows import Row

log = logging.getLogger(__name__)

FOLDER: Final = "days"
"""Under `snapshots/`: the state before the first row of each day, so that a year is no slower than a week."""
KEPT: Final = 800
"""Days; two years and the holidays between."""
LOOK_BACK_DAYS: Final = 14
"""As long as a hall may have been switched off before days stay unkept; those are made from the rows when asked for."""


class Span(msgspec.Struct, frozen=True):
    """The rows of one date: from `first` to `last`, both included."""

    day: str
    first: int
    last: int


class Past:
    """One hall's past. Open it for a question and close it; not for two threads."""

    def __init__(self, data: Path) -> None:
        """Raises `StorageFailed`, `JournalMissing`."""
        self._folder = data / "snapshots" / FOLDER
        self._reader = Reader(data / "journal.db")

    def __enter__(self) -> Past:
        return self

    def __exit__(self, *error: object) -> None:
        self._reader.close()

    def span(self, day: str) -> Span | None:
        """The rows that bear this date, found by bisection: order follows the journal, so the days do too.

        None for a day without a row. `ValueError` for a text that is no day.
        """
        date.fromisoformat(day)
        first, last = self._first_not_before(day), self._first_not_before(day, after=True) - 1
        return None if first > last else Span(day=day, first=first, last=last)

    def rows(self, span: Span) -> Iterator[Row]:
        """The rows of a span, in order."""
        return self._reader.stream(span.first - 1, upto=span.last)

    def hall_after(self, seq: int) -> Hall:
        """The hall as it was after row `seq`; 0 is before everything. A value of the caller's own."""
        begins, hall = self._kept_before(seq)
        for row in self._reader.stream(begins, upto=seq):
            apply_row(hall, row)
        return hall

    def keep_start_of(self, day: str) -> bool:
        """Keeps the state before the first row of `day`, unless it is there: done nightly it costs one day of rows."""
        span = self.span(day)
        if span is None or span.first == 1 or span.first - 1 in self._kept():
            return False
        hall = self.hall_after(span.first - 1)
        snapshot.write(
            self._folder,
            seq=span.first - 1,
            head_hash=self._reader.hash_at(span.first - 1) or "",
            payload=encode(hall),
            code_version=code_version(),
            keep=KEPT,
        )
        return True

    def _kept(self) -> list[int]:
        return snapshot.kept_after(self._folder)

    def _kept_before(self, seq: int) -> tuple[int, Hall]:
        for known in self._kept():
            if known > seq:
                continue
            payload = snapshot.read(self._folder, known, self._reader, code_version=code_version())
            if payload is not None:
                return known, decode(payload)
        return 0, Hall()

    def _first_not_before(self, day: str, *, after: bool = False) -> int:
        """The first row of that date or a later one (`after`: of a later one), or the place behind the last row."""
        low, high = 1, self._reader.head.seq + 1
        while low < high:
            middle = (low + high) // 2
            (row,) = self._reader.read(middle - 1, 1)
            if row.at[:10] < day or (after and row.at[:10] == day):
                low = middle + 1
            else:
                high = middle
        return low


def keep_days(data: Path, *, today: str) -> int:
    """Once a night: keeps the starts of the last days that are not kept yet, oldest first. Returns how many."""
    first = date.fromisoformat(today) - timedelta(days=LOOK_BACK_DAYS)
    with Past(data) as past:
        return sum(past.keep_start_of((first + timedelta(days=n)).isoformat()) for n in range(LOOK_BACK_DAYS + 1))
