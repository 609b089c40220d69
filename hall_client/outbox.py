"""What must survive the program: requests until answered, numbers set aside, tickets issued offline.

Standard library sqlite3, one connection, rollback journal, `synchronous=FULL`: when a method returns, it is on disk.
Nothing personal is kept: keys, numbers, lines, services, times.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE request (key TEXT PRIMARY KEY, method TEXT NOT NULL, path TEXT NOT NULL, body TEXT NOT NULL,
    made_at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE number (block TEXT NOT NULL, position INTEGER NOT NULL, number TEXT NOT NULL, url TEXT NOT NULL,
    line TEXT NOT NULL, day TEXT NOT NULL, used_by TEXT, PRIMARY KEY (block, position)) WITHOUT ROWID;
CREATE INDEX number_free ON number (line, day) WHERE used_by IS NULL;
CREATE TABLE ticket (key TEXT PRIMARY KEY, number TEXT NOT NULL, url TEXT NOT NULL, line TEXT NOT NULL, service TEXT,
    priority_class TEXT NOT NULL, language TEXT, issued_at TEXT NOT NULL, merged_id TEXT) WITHOUT ROWID;
CREATE TABLE kept (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Kept:
    """A request that has no known answer yet."""

    key: str
    method: str
    path: str
    body: Any


@dataclass(frozen=True)
class OwnTicket:
    """A ticket this device issued from its own block."""

    key: str
    number: str
    url: str
    line: str
    service: str | None
    priority_class: str
    language: str | None
    issued_at: str
    merged_id: str | None = None

    def as_request(self) -> dict[str, Any]:
        """The entry of `POST /tickets/offline`; the service where one was chosen, else the line."""
        entry: dict[str, Any] = {
            "key": self.key,
            "number": self.number,
            "line": self.line,
            "priority_class": self.priority_class,
            "issued_at": self.issued_at,
        }
        if self.service is not None:
            entry["service"] = self.service
        if self.language is not None:
            entry["language"] = self.language
        return entry


class Outbox:
    """One file, one connection, used from one thread."""

    def __init__(self, file: Path) -> None:
        """Opens or makes the file (0600). `sqlite3.Error` or `OSError` when the disk says no."""
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not file.exists():
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        self._db = sqlite3.connect(file, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=DELETE")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.row_factory = sqlite3.Row
        (found,) = self._db.execute("PRAGMA user_version").fetchone()
        if found == 0:
            self._db.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version={SCHEMA_VERSION}; COMMIT;")
        elif found != SCHEMA_VERSION:
            raise sqlite3.DatabaseError(f"outbox of version {found}, this program knows {SCHEMA_VERSION}")

    def close(self) -> None:
        """Closes the file."""
        self._db.close()

    # -- requests -----------------------------------------------------------------------------------------------

    def keep(self, *, key: str, method: str, path: str, body: Any, made_at: str) -> None:
        """Remembers a request before it is sent; the same key again changes nothing."""
        self._db.execute(
            "INSERT OR IGNORE INTO request VALUES (?,?,?,?,?)",
            (key, method, path, json.dumps(body, ensure_ascii=False), made_at),
        )

    def answered(self, key: str) -> None:
        """The outcome is known: forget the request."""
        self._db.execute("DELETE FROM request WHERE key=?", (key,))

    def unanswered(self) -> list[Kept]:
        """Requests whose outcome is unknown, oldest first."""
        rows = self._db.execute("SELECT * FROM request ORDER BY made_at, key")
        return [Kept(r["key"], r["method"], r["path"], json.loads(r["body"])) for r in rows]

    # -- blocks of numbers --------------------------------------------------------------------------------------

    def add_block(self, *, block: str, line: str, day: str, tickets: Sequence[tuple[str, str]]) -> None:
        """Numbers set aside for this device: `tickets` are (number, url). The same block again changes nothing."""
        rows = [(block, i, number, url, line, day) for i, (number, url) in enumerate(tickets)]
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany("INSERT OR IGNORE INTO number VALUES (?,?,?,?,?,?,NULL)", rows)
        self._db.execute("COMMIT")

    def left(self, *, day: str) -> dict[str, int]:
        """Unused numbers of the day by line."""
        rows = self._db.execute(
            "SELECT line, count(*) n FROM number WHERE day=? AND used_by IS NULL GROUP BY line", (day,)
        )
        return {r["line"]: r["n"] for r in rows}

    def issue(
        self,
        *,
        key: str,
        line: str,
        day: str,
        issued_at: str,
        service: str | None = None,
        priority_class: str = "ordinary",
        language: str | None = None,
    ) -> OwnTicket | None:
        """Gives out the next number of `line`, durably; None when none is left. The same key gets its number again."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            ticket = self.own_ticket(key) or self._next(
                OwnTicket(key, "", "", line, service, priority_class, language, issued_at), day=day
            )
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")
        return ticket

    def own_ticket(self, key: str) -> OwnTicket | None:
        """The ticket issued under this key, merged or not."""
        row = self._db.execute("SELECT * FROM ticket WHERE key=?", (key,)).fetchone()
        return OwnTicket(**row) if row else None

    def _next(self, wanted: OwnTicket, *, day: str) -> OwnTicket | None:
        free = self._db.execute(
            "SELECT block, position, number, url FROM number WHERE line=? AND day=? AND used_by IS NULL "
            "ORDER BY length(number), number LIMIT 1",
            (wanted.line, day),
        ).fetchone()
        if free is None:
            return None
        self._db.execute(
            "UPDATE number SET used_by=? WHERE block=? AND position=?", (wanted.key, free["block"], free["position"])
        )
        ticket = replace(wanted, number=free["number"], url=free["url"])
        self._db.execute(
            "INSERT INTO ticket VALUES "
            "(:key, :number, :url, :line, :service, :priority_class, :language, :issued_at, :merged_id)",
            asdict(ticket),
        )
        return ticket

    def to_merge(self, limit: int = 1000) -> list[OwnTicket]:
        """Tickets the server has not confirmed, in the order taken."""
        rows = self._db.execute(
            "SELECT * FROM ticket WHERE merged_id IS NULL ORDER BY issued_at, number LIMIT ?", (limit,)
        )
        return [OwnTicket(**row) for row in rows]

    def merged(self, tickets: Iterable[tuple[str, str]]) -> None:
        """The server has these: (key, id). Their requests are answered with that."""
        pairs = list(tickets)
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany("UPDATE ticket SET merged_id=? WHERE key=?", [(id_, key) for key, id_ in pairs])
        self._db.executemany("DELETE FROM request WHERE key=?", [(key,) for key, _ in pairs])
        self._db.execute("COMMIT")

    def forget_days_before(self, day: str) -> None:
        """Drops what older days left behind, except tickets the server does not have yet."""
        self._db.execute("BEGIN IMMEDIATE")
        self._db.execute("DELETE FROM number WHERE day < ?", (day,))
        self._db.execute("DELETE FROM ticket WHERE merged_id IS NOT NULL AND substr(issued_at,1,10) < ?", (day,))
        self._db.execute("COMMIT")

    # -- the last known state -----------------------------------------------------------------------------------

    def remember(self, name: str, value: Any) -> None:
        """Keeps a JSON value under a name (the catalogue, the last picture)."""
        self._db.execute("INSERT OR REPLACE INTO kept VALUES (?,?)", (name, json.dumps(value, ensure_ascii=False)))

    def recall(self, name: str) -> Any:
        """The value under a name, None when there is none."""
        row = self._db.execute("SELECT value FROM kept WHERE name=?", (name,)).fetchone()
        return json.loads(row["value"]) if row else None
