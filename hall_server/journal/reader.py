"""Reading the journal without writing it: beside a running server, in another thread, or from the command line."""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import apsw
import msgspec

from hall_server.journal import chain, schema
from hall_server.journal.rows import Answer, Head, Row
from hall_server.journal.schema import JournalDamaged, JournalMissing, StorageFailed

CHUNK = 2_000
"""Rows a read takes at once: no read transaction lives long enough to keep the log from being reset."""


class Reader:
    """A reading connection. For one thread at a time; open as many as there are threads."""

    def __init__(self, path: Path, *, vfs: str | None = None) -> None:
        """Raises `JournalMissing`, `JournalDamaged`, `StorageFailed`."""
        if not path.is_file():
            raise JournalMissing(path)
        try:
            self._db = schema.connect(path, read_only=True, vfs=vfs)
            schema.check_format(self._db)
        except apsw.Error as error:
            raise StorageFailed(f"the journal could not be opened: {error}") from error

    @property
    def head(self) -> Head:
        """The last committed row at this moment."""
        return read_head(self._db)

    def read(self, after: int, limit: int, types: frozenset[str] | None = None) -> list[Row]:
        """Up to `limit` committed rows with a higher number, of these types if given. Raises `StorageFailed`."""
        return read_rows(self._db, after=after, limit=limit, types=types)

    def read_these(self, seqs: list[int]) -> list[Row]:
        """The committed rows with these numbers, in order. Raises `StorageFailed`."""
        return read_these(self._db, seqs)

    def stream(self, after: int = 0, *, upto: int | None = None, check: bool = False) -> Iterator[Row]:
        """Rows `after` < seq ≤ `upto` (the head at the start if not given), in chunks.

        A missing number raises `JournalDamaged`; with `check` every hash is recomputed too (half as fast).
        """
        return stream(self._db, after=after, upto=self.head.seq if upto is None else upto, check=check)

    def hash_at(self, seq: int) -> str | None:
        """Hash of one row (64 hexadecimal digits), the genesis for 0, None where there is no such row."""
        if seq == 0:
            return chain.GENESIS.hex()
        found = _first(self._db, schema.HASH_AT, (seq,))
        return bytes(found[0]).hex() if found else None

    def find_answer(self, scope: str, key: str) -> Answer | None:
        """The committed first answer to this key."""
        found = _first(self._db, schema.FIND_ANSWER, (scope, key))
        return Answer(*found) if found else None

    def answered_keys(self) -> Iterator[tuple[str, str]]:
        """Scope and key of every answer that is kept. Raises `StorageFailed`."""
        try:
            yield from self._db.execute(schema.ANSWERED_KEYS)
        except apsw.Error as error:
            raise StorageFailed(f"the journal could not be read: {error}") from error

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> "Reader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read_head(db: apsw.Connection) -> Head:
    """The last row in the file, or the genesis of an empty one."""
    found = db.execute(schema.READ_HEAD).fetchone()
    return Head(found[0], found[1]) if found else Head(0, chain.GENESIS)


def _first(db: apsw.Connection, sql: str, values: tuple[object, ...]) -> tuple[Any, ...] | None:
    try:
        return db.execute(sql, values).fetchone()
    except apsw.Error as error:
        raise StorageFailed(f"the journal could not be read: {error}") from error


def read_rows(db: apsw.Connection, *, after: int, limit: int, types: frozenset[str] | None = None) -> list[Row]:
    """Up to `limit` rows after a number, in order. Raises `StorageFailed`."""
    try:
        if types is None:
            found = db.execute(schema.READ_AFTER, (after, limit))
        else:
            found = db.execute(schema.READ_TYPES, (after, msgspec.json.encode(sorted(types)).decode(), limit))
        return [Row(*row) for row in found]
    except apsw.Error as error:
        raise StorageFailed(f"the journal could not be read: {error}") from error


def read_these(db: apsw.Connection, seqs: list[int]) -> list[Row]:
    """The rows with these numbers, in order. Raises `StorageFailed`."""
    try:
        return [Row(*row) for row in db.execute(schema.READ_THESE, (msgspec.json.encode(seqs).decode(),))]
    except apsw.Error as error:
        raise StorageFailed(f"the journal could not be read: {error}") from error


def stream(db: apsw.Connection, *, after: int, upto: int, check: bool) -> Iterator[Row]:
    """Rows `after` < seq ≤ `upto` in chunks. Raises `JournalDamaged` at the first that is missing or wrong."""
    previous = _hash_before(db, after) if check else b""
    while after < upto:
        rows = read_rows(db, after=after, limit=min(CHUNK, upto - after))
        if not rows:
            raise JournalDamaged(after + 1, "the row is missing")
        for row in rows:
            after += 1
            if row.seq != after:
                raise JournalDamaged(after, "the row is missing")
            if check:
                previous = _checked(previous, row)
            yield row


def _hash_before(db: apsw.Connection, after: int) -> bytes:
    if after == 0:
        return chain.GENESIS
    found = db.execute(schema.HASH_AT, (after,)).fetchone()
    if not found:
        raise JournalDamaged(after, "the row is missing")
    return bytes(found[0])


def _checked(previous: bytes, row: Row) -> bytes:
    """The row's hash, or `JournalDamaged` when what is stored is another."""
    expected = chain.link(
        previous,
        seq=row.seq,
        at=row.at.encode(),
        type=row.type.encode(),
        data=row.data,
        actor=row.actor.encode(),
    )
    if expected.hex() != row.hash:
        raise JournalDamaged(row.seq, "its hash does not follow from what it holds and the row before")
    return expected
