"""The tables of `journal.db` and how a connection to it is opened.

Through apsw only (it brings its own SQLite): Python's own may still have the WAL-reset bug of 3.7.0 to 3.51.2, and two
copies of SQLite on one file in one process drop each other's locks.
"""

import os
from pathlib import Path

import apsw

from hall_server.files import sync_folder

FORMAT = 1
APPLICATION_ID = 0x48414C4C  # "HALL"

_TABLES = """
CREATE TABLE events(
    seq   INTEGER PRIMARY KEY,
    at    TEXT NOT NULL,
    type  TEXT NOT NULL,
    data  TEXT NOT NULL,
    actor TEXT NOT NULL,
    hash  BLOB NOT NULL
) STRICT;
CREATE TRIGGER events_only_appended BEFORE INSERT ON events
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM events)
BEGIN SELECT RAISE(ABORT, 'events are numbered without gap and never replaced'); END;
CREATE TRIGGER events_never_updated BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_never_deleted BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TABLE answers(
    scope       TEXT NOT NULL,
    key         TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    status      INTEGER NOT NULL,
    body        BLOB NOT NULL,
    day         TEXT NOT NULL,
    UNIQUE (scope, key)
) STRICT; -- with rowid: keys are random, and a large body must not be carried into a random page (a third of the cost)
CREATE TABLE meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES ('recoveries', 0);
"""

INSERT_EVENTS = "INSERT INTO events(seq, at, type, data, actor, hash) VALUES "
# Plain INSERT: a second answer under one key is a fault of ours and must undo its events, not replace the first answer.
INSERT_ANSWERS = "INSERT INTO answers(scope, key, fingerprint, status, body, day) VALUES "
SIX_VALUES = "(?, ?, ?, ?, ?, ?)"
FIND_ANSWER = "SELECT scope, key, fingerprint, status, body, day FROM answers WHERE scope = ? AND key = ?"
ANSWERED_KEYS = "SELECT scope, key FROM answers"
FORGET_ANSWERS = "DELETE FROM answers WHERE day < ?"
READ_HEAD = "SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1"
HASH_AT = "SELECT hash FROM events WHERE seq = ?"
# CAST gives the stored bytes without a detour through str.
_COLUMNS = "seq, at, type, CAST(data AS BLOB), actor, lower(hex(hash))"
READ_AFTER = f"SELECT {_COLUMNS} FROM events WHERE seq > ? ORDER BY seq LIMIT ?"  # noqa: S608 - a constant
READ_THESE = f"SELECT {_COLUMNS} FROM events WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq"  # noqa: S608 - a constant
READ_TYPES = (
    f"SELECT {_COLUMNS} FROM events WHERE seq > ?"  # noqa: S608 - a constant
    " AND type IN (SELECT value FROM json_each(?)) ORDER BY seq LIMIT ?"
)
READ_RAW = (
    "SELECT seq, CAST(at AS BLOB), CAST(type AS BLOB), CAST(data AS BLOB), CAST(actor AS BLOB), CAST(hash AS BLOB),"
    " typeof(at) || typeof(type) || typeof(data) || typeof(actor) || typeof(hash)"
    " FROM events WHERE seq > ? ORDER BY seq LIMIT ?"
)
RAW_TYPES = "texttexttexttextblob"
PROBE = "UPDATE meta SET value = value + 1 WHERE key = 'recoveries'"


class JournalMissing(Exception):
    """There is no journal at this place; nothing is ever started empty in silence."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"no journal at {path}: run `hall-server init` or restore a backup")
        self.path = path


class JournalDamaged(Exception):
    """The file is not what was written; `seq` is the first row that is wrong."""

    def __init__(self, seq: int, why: str) -> None:
        super().__init__(f"broken at seq {seq}: {why}")
        self.seq = seq
        self.why = why


class StorageFailed(Exception):
    """The disk said no: full, unreadable, or a sync that failed. Recoverable through `Journal.recover`."""


def create_file(path: Path, vfs: str | None = None) -> None:
    """Make an empty journal that only this user can read, on stable storage before it returns."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with connect(path, vfs=vfs) as db:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT}")
        db.execute(_TABLES)
    db.close()
    sync_folder(path.parent)


def connect(path: Path, *, read_only: bool = False, vfs: str | None = None) -> apsw.Connection:
    """A connection with the journal's settings. Checkpoints never happen by themselves: the writer makes them."""
    flags = apsw.SQLITE_OPEN_READONLY if read_only else apsw.SQLITE_OPEN_READWRITE
    db = apsw.Connection(str(path), flags=flags, vfs=vfs)
    db.set_busy_timeout(10_000)
    if not read_only:
        db.execute("PRAGMA journal_mode = WAL").fetchall()
    db.execute(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"
        # Answers that are forgotten leave nothing legible in free places of the file.
        " PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 0; PRAGMA cell_size_check = ON"
    ).fetchall()  # apsw stops at a statement that gives a row until it is asked for more
    return db


def check_format(db: apsw.Connection) -> None:
    """Raise `JournalDamaged` when this is not a journal, or one of a newer program."""
    try:
        (application,) = db.execute("PRAGMA application_id").fetchone() or (0,)
        (version,) = db.execute("PRAGMA user_version").fetchone() or (0,)
    except (apsw.NotADBError, apsw.CorruptError) as error:
        raise JournalDamaged(0, f"not a readable database ({error})") from error
    if application != APPLICATION_ID:
        raise JournalDamaged(0, "this file is not a journal of this program")
    if version > FORMAT:
        raise JournalDamaged(0, f"written by a newer program (format {version}, this one knows {FORMAT})")
