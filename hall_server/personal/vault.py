"""`personal.db`: names, telephones and identity numbers, sealed by day, looked at on the record, purged for good.

Sealed with AES-256-GCM (NIST SP 800-38D) under a key derived from the day's key; reference and day are authenticated
with it, so a row cannot be moved to another ticket. Whether the same person is already there is answered by a keyed
hash of the identity number and its last four characters, without opening anything else (domain.md 9).
"""

import hmac
import os
import secrets
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import apsw
import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hall_server.files import private_folder, sync_folder
from hall_server.personal.day_keys import DayKeys, derived

FILE: Final = "personal.db"
KEYS: Final = "keys"
NONCE_BYTES: Final = 12
TRIES: Final = 3
"""A row is written so often before the disk's no is believed: what it belongs to has already happened."""
_Row = tuple[str, str, bytes, bytes | None]
"""Reference, day, sealed, mark."""
_TABLES = """
CREATE TABLE IF NOT EXISTS personal(
    ref    TEXT PRIMARY KEY,
    day    TEXT NOT NULL,
    sealed BLOB NOT NULL,
    mark   BLOB
) STRICT;
CREATE INDEX IF NOT EXISTS personal_by_mark ON personal(day, mark);
"""


class Visitor(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a visitor may leave with a ticket or a case; nothing of it is needed to queue."""

    name: str | None = None
    phone: str | None = None
    id_number: str | None = None
    text: str | None = None
    """Free words that may name somebody: a comment with a rating, a clerk's note."""
    id_last_four: str | None = None
    """Of a visitor whose number is not kept: what is left of it beside the mark (domain.md 9)."""

    def __repr__(self) -> str:
        """Never the content: representations end in logs."""
        return f"Visitor({', '.join(self.fields)})"

    __str__ = __repr__

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of what was left."""
        return tuple(name for name in self.__struct_fields__ if getattr(self, name) is not None)


class Look(msgspec.Struct, frozen=True):
    """Somebody reads personal data. Holds none itself and may be logged and journalled."""

    ref: str
    who: str
    """Actor as the journal names it."""
    why: str
    """Code of the screen or act that needs it."""
    fields: tuple[str, ...]


class Same(msgspec.Struct, frozen=True):
    """The same identity number or telephone was left with this reference."""

    ref: str
    last_four: str


class VaultUnreadable(Exception):
    """The row was changed, or its key is not the one it was sealed with."""


class Vault:
    """The vault of one data folder. Any thread may call it; a call blocks for one disk write at most."""

    def __init__(self, data: Path, *, on_look: Callable[[Look], None]) -> None:
        """Opens or makes `data/personal.db` (0600).

        `on_look` is told before anything is shown; when it raises, nothing is shown.
        """
        self._path = data / FILE
        self._keys = DayKeys(private_folder(private_folder(data / KEYS) / "days"))
        self._on_look = on_look
        self._lock = threading.Lock()
        self._db = _open(self._path)

    def put(
        self, ref: str, visitor: Visitor, *, day: str, marked_by: str | None = None, instead_of: str | None = None
    ) -> None:
        """Keep what belongs to `ref` under the key of `day` (`YYYY-MM-DD`); on stable storage when it returns.

        `marked_by` is an identity number of which no more than the mark is kept. Replaces what the reference had
        before, and with it whatever `instead_of` had: both or neither. Nothing to keep, nothing written. Raises
        `apsw.Error`, `OSError` when the disk says no `TRIES` times.
        """
        if not visitor.fields:
            return
        self._write([self._row(ref, visitor, day=day, marked_by=marked_by)], instead_of=instead_of)

    def put_all(self, kept: Iterable[tuple[str, Visitor, str]]) -> None:
        """`put` of many (reference, what it has, day), all of them or none, with one write to the disk."""
        rows = [self._row(ref, visitor, day=day) for ref, visitor, day in kept if visitor.fields]
        self._write(rows)

    def _row(self, ref: str, visitor: Visitor, *, day: str, marked_by: str | None = None) -> _Row:
        key = self._keys.for_writing(day)
        mark = _mark(key, marked_by or visitor.id_number or visitor.phone)
        return ref, day, _seal(key, ref=ref, day=day, visitor=visitor), mark

    def _write(self, rows: list[_Row], *, instead_of: str | None = None) -> None:
        for left in reversed(range(TRIES)):
            try:
                with self._lock, self._db:
                    self._db.execute("DELETE FROM personal WHERE ref = ?", (instead_of,))
                    for row in rows:
                        self._db.execute(
                            "INSERT OR REPLACE INTO personal(ref, day, sealed, mark) VALUES (?, ?, ?, ?)", row
                        )
                return
            except apsw.Error:
                if not left:
                    raise

    def get(self, ref: str, *, who: str, why: str) -> Visitor | None:
        """What `ref` has, after the look was recorded; None when there is nothing (any more).

        Raises `VaultUnreadable`, `apsw.Error`, and whatever `on_look` raises.
        """
        visitor = self._open_row(ref)
        if visitor is not None:
            self._on_look(Look(ref=ref, who=who, why=why, fields=visitor.fields))
        return visitor

    @property
    def days(self) -> list[str]:
        """Hall-days of which something is kept."""
        with self._lock:
            return [str(day) for (day,) in self._db.execute("SELECT DISTINCT day FROM personal ORDER BY day")]

    def find_same(self, id_number: str, *, day: str) -> list[Same]:
        """References of this day with the same identity number, or the same telephone where no number was left.

        Tells no more than its last four characters.
        """
        key = self._keys.existing(day)
        if key is None:
            return []
        mark = _mark(key, id_number)
        with self._lock:
            found = self._db.execute(
                "SELECT ref FROM personal WHERE day = ? AND mark = ? ORDER BY rowid", (day, mark)
            ).fetchall()
        return [Same(ref=str(ref), last_four=_normal(id_number)[-4:]) for (ref,) in found]

    def fields_of(self, ref: str) -> tuple[str, ...]:
        """Which things a reference has, not what they say: nobody looks at anything. Raises `VaultUnreadable`."""
        visitor = self._open_row(ref)
        return () if visitor is None else visitor.fields

    def forget(self, ref: str) -> None:
        """Remove what one reference has, before its day is purged."""
        with self._lock:
            self._db.execute("DELETE FROM personal WHERE ref = ?", (ref,))

    def renew(self, keep: Callable[[str], bool], *, before_day: str, day: str) -> int:
        """Seals under the key of `day` what is older than `before_day` and still needed; returns how many rows.

        Whose case it is must outlive the key of the day it came in, as long as the case is not over.
        """
        with self._lock:
            found = self._db.execute("SELECT ref FROM personal WHERE day < ?", (before_day,)).fetchall()
        renewed = 0
        for ref in (str(ref) for (ref,) in found):
            visitor = self._open_row(ref) if keep(ref) else None
            if visitor is not None:
                self.put(ref, visitor, day=day)
                renewed += 1
        return renewed

    def purge(self, before_day: str) -> int:
        """End all personal data of days before `YYYY-MM-DD`; returns how many rows went.

        The keys go first: if the power fails now, what is left cannot be read. Then rows, free pages and log. Backups
        hold keys too: `journal.backup.forget_day_keys` takes them out of those under `backups/`.
        """
        self._keys.destroy_before(before_day)
        with self._lock:
            self._db.execute("DELETE FROM personal WHERE day < ?", (before_day,))
            gone = self._db.changes()
            self._db.execute("VACUUM")
            self._db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        return gone

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def _open_row(self, ref: str) -> Visitor | None:
        with self._lock:
            found = self._db.execute("SELECT day, sealed FROM personal WHERE ref = ?", (ref,)).fetchone()
        if found is None or (key := self._keys.existing(found[0])) is None:
            return None
        return _unseal(key, ref=ref, day=found[0], sealed=found[1])


def _open(path: Path) -> apsw.Connection:
    new = not path.exists()
    if new:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    db = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    db.set_busy_timeout(10_000)
    # secure_delete: freed places are filled with zeros at once, not only at the next purge.
    for setting in ("journal_mode = WAL", "synchronous = FULL", "trusted_schema = OFF", "secure_delete = ON"):
        db.execute(f"PRAGMA {setting}").fetchall()
    db.execute(_TABLES)
    if new:
        sync_folder(path.parent)
    return db


def _bound(ref: str, day: str) -> bytes:
    return msgspec.json.encode([ref, day])


def _seal(key: bytes, *, ref: str, day: str, visitor: Visitor) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(derived(key, b"seal")).encrypt(nonce, msgspec.json.encode(visitor), _bound(ref, day))


def _unseal(key: bytes, *, ref: str, day: str, sealed: bytes) -> Visitor:
    try:
        opened = AESGCM(derived(key, b"seal")).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _bound(ref, day))
        return msgspec.json.decode(opened, type=Visitor)
    except (InvalidTag, ValueError) as error:
        raise VaultUnreadable(f"personal data of {ref} cannot be read") from error


def last_four(id_number: str) -> str:
    """The last four characters of an identity number as compared; nothing of what is no longer than that."""
    number = _normal(id_number)
    return number[-4:] if len(number) > 4 else ""


def _normal(id_number: str) -> str:
    """As compared: no spaces, capitals (the check character of a resident identity number may be x or X)."""
    return "".join(id_number.split()).upper()


def _mark(key: bytes, id_number: str | None) -> bytes | None:
    """Keyed hash of an identity number and its last four characters: 16 bytes, useless without the day's key."""
    if not id_number or not _normal(id_number):
        return None
    number = _normal(id_number)
    told = msgspec.json.encode([number, number[-4:]])
    return hmac.digest(derived(key, b"mark"), told, "sha256")[:16]
