"""`report.db` follows the journal by a cursor; built again from nothing it is the same (reliability.md I13)."""

import logging
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Final

from sqlite_utils import Database

from hall_server.files import sync_folder
from hall_server.reports import appliers_cases, appliers_oversight, tables
from hall_server.reports.appliers import EventRow, apply_row

log = logging.getLogger(__name__)

ROOMS: Final = (appliers_cases, appliers_oversight)
"""Imported for what they register."""
CHUNK: Final = 5_000
"""Rows a transaction takes; a reader of the file waits for no more than that."""
BUSY_S: Final = 10.0
STATEMENTS: Final = 512
CACHE_KIB: Final = 64 * 1024


class ReportOutOfStep(Exception):
    """The rows handed in do not follow the last one read, or the file is of another format: build it again."""


class Projection:
    """The writing side of one `report.db`. For one thread."""

    def __init__(self, path: Path, *, scratch: bool = False) -> None:
        """Opens the file, or makes it (0600) with its tables. Raises `ReportOutOfStep`, `sqlite3.Error`.

        A `scratch` file nobody else sees yet is written without care for a crash; `finish` makes it whole and safe.
        """
        self._path, self._scratch = path, scratch
        self._days: dict[str, tuple[int, int]] = {}
        """Days of the rows taken in this transaction, with their first and last row."""
        new = not path.exists() or path.stat().st_size == 0
        if new:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, cached_statements=STATEMENTS)
        try:
            # A rollback journal and not a log: nothing lies beside the file, and any tool may open it while we write.
            self._db.execute(f"PRAGMA journal_mode = {'OFF' if scratch else 'DELETE'}")
            self._db.execute(f"PRAGMA synchronous = {'OFF' if scratch else 'FULL'}")
            self._db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            self._db.execute("PRAGMA recursive_triggers = ON")  # a replaced item leaves the words of the old one
            if new:
                self._create()
            self.seq, self.hash = self._cursor()
        except BaseException:
            self._db.close()
            raise

    def apply(self, rows: Iterable[EventRow], *, told: Callable[[int], None] = lambda seq: None) -> int:
        """Take up the rows behind the cursor; those before it are skipped. Returns how many were taken.

        `told` hears the number of the last row after each transaction. Rows and cursor move together: after a crash
        the file stands between two transactions.
        """
        taken = 0
        remaining = iter(rows)
        while chunk := list(islice(remaining, CHUNK)):
            with self._transaction():
                self.seq, self.hash = self._cursor()  # another process may have brought it further meanwhile
                taken += sum(self._take(row) for row in chunk)
                self._keep_days()
                self._db.execute("UPDATE progress SET seq = ?, hash = ? WHERE id = 1", (self.seq, self.hash))
            told(self.seq)
        return taken

    def _take(self, row: EventRow) -> bool:
        if row.seq <= self.seq:
            return False
        if row.seq != self.seq + 1:
            raise ReportOutOfStep(f"row {row.seq} was handed in after row {self.seq}")
        apply_row(self._db, row)
        day = row.at[:10]
        first, _ = self._days.get(day, (row.seq, 0))
        self._days[day] = first, row.seq
        self.seq, self.hash = row.seq, row.hash
        return True

    def _keep_days(self) -> None:
        rows = [(day, first, last) for day, (first, last) in self._days.items()]
        self._days.clear()
        self._db.executemany(
            "INSERT INTO days VALUES (?, ?, ?) ON CONFLICT(day) DO UPDATE SET last_seq = excluded.last_seq", rows
        )

    def finish(self) -> None:
        """A scratch file gets its indexes and reaches the disk."""
        with self._transaction():
            tables.index(Database(self._db))
        self._db.close()
        descriptor = os.open(self._path, os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _create(self) -> None:
        with self._transaction():
            tables.create(Database(self._db))
            if not self._scratch:
                tables.index(Database(self._db))

    def _cursor(self) -> tuple[int, str]:
        try:
            found = self._db.execute("SELECT format, seq, hash FROM progress WHERE id = 1").fetchone()
        except sqlite3.DatabaseError as error:
            raise ReportOutOfStep(f"the file is not a report ({error})") from error
        if found is None or found[0] != tables.FORMAT:
            raise ReportOutOfStep("the file was made by another version")
        return found[1], found[2]

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        before = getattr(self, "seq", 0), getattr(self, "hash", "")
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            self._days.clear()
            self.seq, self.hash = before
            raise

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> "Projection":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def refresh(
    path: Path, *, rows_after: Callable[[int], Iterable[EventRow]], hash_at: Callable[[int], str | None]
) -> int:
    """Bring `path` up to date; build it again when it is damaged, of another format, or of another journal.

    Returns the number of the last row it knows. Raises `sqlite3.Error`, `OSError`.
    """
    try:
        with Projection(path) as projection:
            if projection.seq == 0 or hash_at(projection.seq) == projection.hash:
                projection.apply(rows_after(projection.seq))
                return projection.seq
    except ReportOutOfStep as why:
        log.warning("%s is built again: %s", path.name, why)
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:  # locked, full: building again would not help
            raise
        log.warning("%s is built again: %s", path.name, error)
    return rebuild(path, rows_after(0))


def rebuild(path: Path, rows: Iterable[EventRow], *, told: Callable[[int], None] = lambda seq: None) -> int:
    """Make `path` from all rows of the journal; the old file serves until the new one is whole.

    `told` hears how far it has come. Returns the number of the last row.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    temporary.unlink(missing_ok=True)
    try:
        with Projection(temporary, scratch=True) as projection:
            projection.apply(rows, told=told)
            seq = projection.seq
            projection.finish()
        # What a crash left beside the old file must not be played into the new one.
        path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)
    return seq
