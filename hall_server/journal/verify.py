"""Is the journal what was written? The whole chain, row by row, beside a running server.

Found and named by the first bad row: an edit, a deletion, a reordering, an insertion, damage to the file, and, given an
anchor, the loss of the end or a chain that was recomputed as a whole.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import apsw
import msgspec

from hall_server.journal import chain, schema
from hall_server.journal.anchor import Anchor
from hall_server.journal.rows import Row
from hall_server.journal.schema import JournalDamaged, JournalMissing

CHUNK = 2_000
_FIRST_ROWID = -(1 << 63)
_TRIGGERS = {"events_only_appended", "events_never_updated", "events_never_deleted"}

Replay = Callable[[Iterator[Row]], tuple[int, str] | None]
"""Takes every row in order and compares what they give with what is stored: None, or (seq, why) of the difference."""


class Verified(msgspec.Struct, frozen=True):
    """The outcome; `line` is what `hall-server verify` prints."""

    events: int
    head: str
    broken_at: int | None = None
    """The first bad row; None when all is well. 0 means the file as a whole."""
    why: str = ""

    @property
    def ok(self) -> bool:
        return self.broken_at is None

    @property
    def line(self) -> str:
        if self.broken_at is None:
            return f"ok {self.events} events head {self.head}"
        return f"broken at seq {self.broken_at}: {self.why}"


def verify(path: Path, anchor: Anchor | None = None, replay: Replay | None = None) -> Verified:
    """Check the journal at `path` up to the row that is its last one now. Reads only; raises `JournalMissing`."""
    walk = _Walk(anchor)
    if not path.is_file():
        raise JournalMissing(path)
    try:
        db = schema.connect(path, read_only=True)
        try:
            _check_whole(db, walk, replay)
        finally:
            db.close()
    except JournalDamaged as damage:
        return walk.outcome(damage)
    except apsw.Error as error:
        return walk.outcome(JournalDamaged(walk.seq + 1, f"the file cannot be read from here on ({error})"))
    return walk.outcome(None)


def _check_whole(db: apsw.Connection, walk: "_Walk", replay: Replay | None) -> None:
    schema.check_format(db)
    rows = walk.rows(db)
    different = replay(rows) if replay else None
    for _ in rows:
        pass
    walk.finish(db)
    if different is not None:
        raise JournalDamaged(*different)


class _Walk:
    """How far the check has come."""

    def __init__(self, anchor: Anchor | None) -> None:
        self.seq = 0
        self.hash = chain.GENESIS
        self._anchor = anchor

    def outcome(self, damage: JournalDamaged | None) -> Verified:
        if damage is None:
            return Verified(events=self.seq, head=self.hash.hex())
        return Verified(events=self.seq, head=self.hash.hex(), broken_at=damage.seq, why=damage.why)

    def rows(self, db: apsw.Connection) -> Iterator[Row]:
        """Every row that was checked, in order; `JournalDamaged` at the first bad one."""
        (last,) = db.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone() or (0,)
        after = _FIRST_ROWID
        while self.seq < last:
            found: list[Any] = db.execute(schema.READ_RAW, (after, CHUNK)).fetchall()
            if not found:
                raise JournalDamaged(self.seq + 1, "the row is missing")
            for row in found:
                yield self._checked(*row)
            after = self.seq

    def _checked(self, seq: int, at: bytes, type: bytes, data: bytes, actor: bytes, stored: bytes, types: str) -> Row:
        wanted = self.seq + 1
        if seq < wanted:
            raise JournalDamaged(seq, "a row that nobody wrote stands before the first")
        if seq > wanted:
            raise JournalDamaged(wanted, "the row is missing")
        if types != schema.RAW_TYPES:
            raise JournalDamaged(wanted, "a column is empty or of another type")
        expected = chain.link(self.hash, seq=seq, at=at, type=type, data=data, actor=actor)
        if expected != stored:
            raise JournalDamaged(wanted, "its hash does not follow from what it holds and the row before")
        if self._anchor is not None and self._anchor.seq == seq and self._anchor.head != expected.hex():
            raise JournalDamaged(wanted, "the chain was rewritten: the anchor has another hash here")
        self.seq, self.hash = seq, expected
        return Row(seq, at.decode(), type.decode(), data, actor.decode(), expected.hex())

    def finish(self, db: apsw.Connection) -> None:
        """What can only be said after the last row."""
        if self._anchor is not None and self._anchor.seq > self.seq:
            raise JournalDamaged(self.seq + 1, f"the journal ends here, but the anchor knows {self._anchor.seq} rows")
        if self._anchor is not None and self._anchor.seq == 0 and self._anchor.head != chain.GENESIS.hex():
            raise JournalDamaged(0, "the anchor belongs to another kind of journal")
        bad = [" ".join(str(told).split()) for (told,) in db.execute("PRAGMA quick_check(1)") if told != "ok"]
        if bad:
            raise JournalDamaged(0, f"the file is damaged beside its rows ({bad[0]})")
        present = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")}
        if not present >= _TRIGGERS:
            raise JournalDamaged(0, "the rules that forbid changing rows were removed from the file")
