"""The journal as the engine sees it: queue a batch, be told when it is on disk, read what is committed."""

import logging
from collections.abc import Iterator
from pathlib import Path

import apsw

from hall_server.journal import schema
from hall_server.journal.known_keys import KnownKeys
from hall_server.journal.reader import Reader, read_head, stream
from hall_server.journal.rows import Answer, Batch, Head, Row
from hall_server.journal.schema import JournalDamaged, JournalMissing, StorageFailed
from hall_server.journal.writer import Done, Writer

__all__ = ["Journal", "JournalClosed", "JournalDamaged", "JournalMissing", "Reader", "StorageFailed"]

log = logging.getLogger(__name__)

TAIL_CHECKED = 1_000
"""Rows whose hashes are recomputed on opening when no snapshot says from where."""


class JournalClosed(Exception):
    """The journal was closed; nothing more is taken."""


class Journal:
    """One file, one writer thread, one reading connection for the thread of the event loop.

    Whoever opens it holds the lock file of the folder (`lock.py`) first; the journal does not take it by itself.
    """

    def __init__(self, path: Path, *, vfs: str | None = None) -> None:
        self.path = path
        self._vfs = vfs
        # Opened before the writer and kept open: while it lives, a failed commit cannot come back to life.
        self._reader = Reader(path, vfs=vfs)
        self._reader.head  # noqa: B018 - the first read maps the index
        self._writer = Writer(path, vfs=vfs)
        self._known = KnownKeys(self._reader.answered_keys())
        self._closed = False

    @classmethod
    def create(cls, path: Path | str, *, vfs: str | None = None) -> "Journal":
        """Make a new journal (mode 0600) and open it. `FileExistsError` when something is there."""
        schema.create_file(Path(path), vfs)
        return cls(Path(path), vfs=vfs)

    @classmethod
    def open(cls, path: Path | str, *, check_after: int | None = None, vfs: str | None = None) -> "Journal":
        """Open an existing journal after the cheap checks.

        Numbers and hashes of the rows after `check_after` (the snapshot's seq; without it the last 1,000 rows) are
        recomputed. `verify.py` checks the whole of it. Raises `JournalMissing`, `JournalDamaged`, `StorageFailed`.
        """
        path = Path(path)
        if not path.is_file() or path.stat().st_size == 0:
            raise JournalMissing(path)
        try:
            _check_tail(path, check_after, vfs)
            return cls(path, vfs=vfs)
        except (apsw.NotADBError, apsw.CorruptError) as error:
            raise JournalDamaged(0, f"the database file is damaged ({error})") from error
        except apsw.Error as error:
            raise StorageFailed(f"the journal could not be opened: {error}") from error

    @property
    def head(self) -> Head:
        """Number and hash of the last committed row, as one value."""
        return self._writer.head

    @property
    def head_seq(self) -> int:
        return self._writer.head.seq

    @property
    def head_hash(self) -> str:
        """64 hexadecimal digits."""
        return self._writer.head.hash.hex()

    @property
    def failure(self) -> Exception | None:
        """Why nothing is written at the moment, or None."""
        return self._writer.failure

    def submit(self, batch: Batch, done: Done) -> None:
        """Queue a batch. `done(batch, None)` is called on the writer's thread once it is on stable storage,
        `done(batch, error)` when it is not; strictly in the order of the calls. Never blocks."""
        if self._closed:
            raise JournalClosed
        for answer in batch.answers:
            self._known.add(answer.scope, answer.key)
        self._writer.submit(batch, done)

    def recover(self) -> None:
        """After a failure: re-open, prove that writing works, read the real head. Blocks while the disk does.

        Batches queued before this call fail; those after it are taken. Raises `StorageFailed` while storage fails.
        """
        self._writer.call(self._writer.recover).result()

    def forget_answers(self, before_day: str) -> int:
        """Forget answers of hall-days before `YYYY-MM-DD`; waits for the writer and returns how many went."""
        forgotten: int = self._writer.call(lambda: self._writer.forget_answers(before_day)).result()
        return forgotten

    def find_answer(self, scope: str, key: str) -> Answer | None:
        """The committed first answer to this key. For the event loop's thread."""
        return self._reader.find_answer(scope, key) if self._known.may_hold(scope, key) else None

    def read(self, after: int, limit: int, types: frozenset[str] | None = None) -> list[Row]:
        """Up to `limit` committed rows with a higher number, of these types if given. For the event loop's thread."""
        return self._reader.read(after, limit, types)

    def read_these(self, seqs: list[int]) -> list[Row]:
        """The committed rows with these numbers, in order. For the event loop's thread."""
        return self._reader.read_these(seqs)

    def hash_at(self, seq: int) -> str | None:
        """Hash of one row (64 hexadecimal digits), the genesis for 0, None without it. For the event loop's thread."""
        return self._reader.hash_at(seq)

    def replay(self, after: int = 0, *, check: bool = False) -> Iterator[Row]:
        """Stream the committed rows after a number, on a connection of its own: any thread may do this.

        A missing number raises `JournalDamaged`; with `check` every hash is recomputed too (half as fast).
        """
        with Reader(self.path, vfs=self._vfs) as reader:
            yield from reader.stream(after, upto=self.head_seq, check=check)

    def close(self) -> None:
        """Write what is queued, then close. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        self._writer.finish()
        try:
            self._reader.close()
        except apsw.Error as error:
            log.warning("closing the journal's reader: %s", error)
        try:
            self._writer.close()
        except apsw.Error as error:
            log.warning("closing the journal: %s", error)  # the log keeps what could not be moved into the file


def _check_tail(path: Path, check_after: int | None, vfs: str | None) -> None:
    # Read-write although nothing is written: after a crash the log has to be recovered first.
    db = schema.connect(path, vfs=vfs)
    try:
        schema.check_format(db)
        head = read_head(db).seq
        after = max(0, head - TAIL_CHECKED) if check_after is None else min(check_after, head)
        for _ in stream(db, after=after, upto=head, check=True):
            pass
    except apsw.SQLError as error:
        raise JournalDamaged(0, f"its tables are not those of a journal ({error})") from error
    finally:
        db.close()
