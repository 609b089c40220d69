"""The one thread that writes the journal, and the only one that checkpoints it.

It takes whatever is queued, up to `ROWS_A_COMMIT` rows, and commits it with one sync; so batches grow exactly when the
disk is slow. Order is the order of the queue, for rows, recoveries and everything else.
"""

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final

import apsw

from hall_server.journal import chain, schema
from hall_server.journal.reader import read_head
from hall_server.journal.rows import Batch, Head
from hall_server.journal.schema import StorageFailed

log = logging.getLogger(__name__)

ROWS_A_COMMIT: Final = 1024
ROWS_A_STATEMENT: Final = (128, 16, 4, 1)
"""Few sizes, so that their statements stay prepared."""
IDLE_S: Final = 0.5
"""Quiet time after which the write-ahead log is moved into the database file."""
WAL_PAGES_MAX: Final = 4096
"""16 MiB: past this a checkpoint is made even without a pause."""

Done = Callable[[Batch, Exception | None], None]


class _Task:
    """Something else than rows that the writer does between two commits."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self.work = work
        self.result: Future[Any] = Future()


_Queued = tuple[Batch, Done]
_Item = _Queued | _Task | None
"""None ends the thread."""


class Writer:
    """Owns the writing connection. `head` may be read from any thread; everything else goes through the queue."""

    def __init__(self, path: Path, *, vfs: str | None = None) -> None:
        self._path = path
        self._vfs = vfs
        self._queue: queue.SimpleQueue[_Item] = queue.SimpleQueue()
        self._held: list[_Item] = []
        """What was taken from the queue behind a full group and is not a batch: at most one."""
        self._wal_pages = 0
        """Pages in the write-ahead log that are not yet in the database file; 0 after a full checkpoint."""
        self.failure: Exception | None = None
        """Why the last commit failed; while set, every batch is refused with it."""
        self._db = self._open()
        self.head = read_head(self._db)
        """Last committed row; moves only after the sync."""
        self._checkpoint("TRUNCATE")
        self._thread = threading.Thread(target=self._run, name="journal-writer", daemon=True)
        self._thread.start()

    def submit(self, batch: Batch, done: Done) -> None:
        self._queue.put((batch, done))

    def call(self, work: Callable[[], Any]) -> "Future[Any]":
        """Run something on the writer's thread after all that was queued before."""
        task = _Task(work)
        self._queue.put(task)
        return task.result

    def finish(self) -> None:
        """Finish what is queued, move the log into the file, end the thread."""
        self._queue.put(None)
        self._thread.join()

    def close(self) -> None:
        """Close the file. After `finish`, and as the last connection, so that the log file goes too."""
        self._db.close(True)

    # On the writer's thread from here on.

    def _open(self) -> apsw.Connection:
        db = schema.connect(self._path, vfs=self._vfs)
        db.set_wal_hook(self._note_wal_pages)
        return db

    def _note_wal_pages(self, _db: apsw.Connection, _name: str, pages: int) -> int:
        self._wal_pages = pages
        return apsw.SQLITE_OK

    def _run(self) -> None:
        while (item := self._take()) is not None:
            if isinstance(item, _Task):
                self._perform(item)
            else:
                self._commit_group(self._gather(item))
        self._checkpoint("TRUNCATE")

    def _take(self) -> _Item:
        """The next thing queued; waits for it, and uses a pause for a checkpoint."""
        if self._held:
            return self._held.pop()
        while True:
            try:
                return self._queue.get(timeout=IDLE_S if self._wal_pages else None)
            except queue.Empty:
                self._checkpoint("PASSIVE")

    def _gather(self, first: _Queued) -> list[_Queued]:
        """This batch and those waiting right behind it, as far as they fit into one commit."""
        group = [first]
        rows = len(first[0].rows)
        while rows < ROWS_A_COMMIT:
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                break
            if not isinstance(item, tuple):
                self._held.append(item)
                break
            group.append(item)
            rows += len(item[0].rows)
        return group

    def _commit_group(self, group: list[_Queued]) -> None:
        error = self._try_commit([batch for batch, _ in group])
        for batch, done in group:
            try:
                done(batch, error)
            except Exception:
                log.exception("a caller's done() failed; the journal goes on")
        if self._wal_pages > WAL_PAGES_MAX:
            self._checkpoint("PASSIVE")

    def _try_commit(self, batches: list[Batch]) -> Exception | None:
        if self.failure is None:
            try:
                self._commit(batches)
            except Exception as error:
                self._fail(error)
                if isinstance(error, apsw.Error):
                    self._commit_again(batches)
        return self.failure

    def _commit_again(self, batches: list[Batch]) -> None:
        """Once more through a fresh connection before anybody is refused: a disk that fails now and then is no
        reason to stop the hall. The rows are written anew, so nothing relies on the sync that failed."""
        try:
            db = self._open()
        except apsw.Error as error:
            log.warning("the journal cannot be opened again: %s", error)
            return
        try:
            unchanged = read_head(db) == self.head
        except apsw.Error:
            unchanged = False
        if not unchanged:
            db.close(True)
            return
        self._db, self.failure = db, None
        try:
            self._commit(batches)
        except Exception as error:
            self._fail(error)
        else:
            log.warning("the commit succeeded at the second try")

    def _commit(self, batches: list[Batch]) -> None:
        events, answers, head = _prepare(batches, self.head)
        if not events and not answers:
            return
        self._db.execute("BEGIN IMMEDIATE")
        self._insert(schema.INSERT_EVENTS, events)
        self._insert(schema.INSERT_ANSWERS, answers)
        self._db.execute("COMMIT")
        self.head = head

    def _insert(self, insert: str, rows: list[tuple[Any, ...]]) -> None:
        """Many rows a statement: between two statements this thread has to win the interpreter back from the loop,
        which takes up to half a millisecond (trap 6)."""
        at = 0
        for size in ROWS_A_STATEMENT:
            while len(rows) - at >= size:
                values = tuple(value for row in rows[at : at + size] for value in row)
                self._db.execute(insert + ", ".join([schema.SIX_VALUES] * size), values)
                at += size

    def _fail(self, error: Exception) -> None:
        """Give up the connection with its pages: a sync that failed once must not be tried again on them.

        The reading connection stays open and keeps the shared index, so frames of the failed commit that may lie in
        the log count for nothing and the next commit overwrites them.
        """
        self.failure = StorageFailed(f"the journal could not be written: {error}")
        self.failure.__cause__ = error
        log.error("journal commit failed at seq %d: %s", self.head.seq + 1, error)
        try:
            self._db.close(True)
        except apsw.Error as closing:
            log.warning("closing the journal after a failure: %s", closing)

    def recover(self) -> Head:
        """Open the file afresh, prove that it can be written and synced, take its real head. For `call`."""
        if self.failure is None:
            return self.head
        db = self._open()
        try:
            schema.check_format(db)
            db.execute("BEGIN IMMEDIATE")
            db.execute(schema.PROBE)
            db.execute("COMMIT")
            head = read_head(db)
        except Exception as error:
            db.close(True)
            raise StorageFailed(f"the journal still cannot be written: {error}") from error
        self._db, self.head, self.failure = db, head, None
        log.info("journal writes again from seq %d", head.seq + 1)
        return head

    def forget_answers(self, before_day: str) -> int:
        """Drop the answers of days before this one; returns how many. For `call`."""
        if self.failure is not None:
            raise self.failure
        try:
            self._db.execute(schema.FORGET_ANSWERS, (before_day,))
            return self._db.changes()
        except apsw.Error as error:
            self._fail(error)
            raise StorageFailed(str(error)) from error

    def _perform(self, task: _Task) -> None:
        try:
            task.result.set_result(task.work())
        except Exception as error:
            task.result.set_exception(error)

    def _checkpoint(self, mode: str) -> None:
        """Move the log into the file. A failure here loses nothing: the log still holds every row."""
        if self.failure is not None:
            self._wal_pages = 0
            return
        try:
            self._db.wal_checkpoint(mode=getattr(apsw, f"SQLITE_CHECKPOINT_{mode}"))
        except apsw.BusyError:
            pass  # somebody reads from the log: the next pause will do
        except apsw.Error as error:
            log.warning("checkpoint put off: %s", error)
        self._wal_pages = 0


def _prepare(batches: list[Batch], head: Head) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]], Head]:
    """Number and link the rows; gives the values of both tables and the head after them."""
    seq, previous = head.seq, head.hash
    events: list[tuple[Any, ...]] = []
    answers: list[tuple[Any, ...]] = []
    link = chain.link
    for batch in batches:
        batch.first_seq = seq + 1
        for row in batch.rows:
            seq += 1
            previous = link(
                previous,
                seq=seq,
                at=row.at.encode(),
                type=row.type.encode(),
                data=row.data,
                actor=row.actor.encode(),
            )
            events.append((seq, row.at, row.type, row.data.decode(), row.actor, previous))
        for answer in batch.answers:
            answers.append((answer.scope, answer.key, answer.fingerprint, answer.status, answer.body, answer.day))
    return events, answers, Head(seq, previous)
