"""What each event type changes in the tables. Unknown types change nothing, so newer journals can be read."""

import sqlite3
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple, Protocol

import msgspec


class EventRow(Protocol):
    """A row of the journal, as far as reports need it."""

    @property
    def seq(self) -> int: ...
    @property
    def at(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def data(self) -> bytes: ...
    @property
    def actor(self) -> str: ...
    @property
    def hash(self) -> str: ...


class Fact(NamedTuple):
    """An event with its data read."""

    seq: int
    at: str
    actor: str
    data: dict[str, Any]


Apply = Callable[[sqlite3.Connection, Fact], None]
APPLIERS: Final[dict[str, Apply]] = {}
UNCOUNTED_SOURCES: Final = frozenset({"default", "clerk"})
"""Ratings nobody gave: a local default rule's, a clerk's own. They stay in the table and out of the indicators."""


def on(*types: str) -> Callable[[Apply], Apply]:
    """Marks the function that applies these event types."""

    def register(function: Apply) -> Apply:
        for name in types:
            assert name not in APPLIERS, name
            APPLIERS[name] = function
        return function

    return register


def apply_row(db: sqlite3.Connection, row: EventRow) -> None:
    """Bring the tables from the row before to this one."""
    function = APPLIERS.get(row.type)  # filled by the rooms that `projection` imports
    if function is not None:
        function(db, Fact(row.seq, row.at, row.actor, msgspec.json.decode(row.data)))


def insert(db: sqlite3.Connection, table: str, values: dict[str, Any], *, verb: str = "INSERT") -> None:
    """One row of a table."""
    db.execute(_inserting(verb, table, *values), tuple(values.values()))


def change(db: sqlite3.Connection, table: str, key: str, ident: str, **changes: Any) -> None:
    """Other values in the row whose key is `ident`."""
    db.execute(_changing(table, key, *changes), (*changes.values(), ident))


@cache
def _inserting(verb: str, table: str, *columns: str) -> str:
    return f"{verb} INTO {table}({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


@cache
def _changing(table: str, key: str, *columns: str) -> str:
    settings = ", ".join(f"{name} = ?" for name in columns)
    return f"UPDATE {table} SET {settings} WHERE {key} = ?"  # noqa: S608 - own names


def _change_ticket(db: sqlite3.Connection, fact: Fact, **changes: Any) -> None:
    change(db, "tickets", "ticket", fact.data["ticket"], **changes, last_seq=fact.seq)


def _seconds(start: str | None, end: str | None) -> int | None:
    """Whole seconds from one instant to the other, cut; None when one is missing."""
    if start is None or end is None:
        return None
    return int((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds())


# ------------------------------------------------------------------ tickets


@on("ticket_issued")
def issued(db: sqlite3.Connection, fact: Fact) -> None:
    data = fact.data
    values = {
        name: data.get(name)
        for name in ("ticket", "number", "site", "line", "service", "form", "language", "priority_class", "device")
    }
    values |= {
        "day": data.get("issued_at", fact.at)[:10],
        "issued_at": data.get("issued_at", fact.at),
        "state": "waiting",
        "offline": int(data.get("offline", False)),
        "off_block": int(data.get("off_block", False)),
        "calls": 0,
        "told_p10_s": (data.get("estimate") or {}).get("p10_s"),
        "told_p90_s": (data.get("estimate") or {}).get("p90_s"),
        "issued_seq": fact.seq,
        "last_seq": fact.seq,
    }
    insert(db, "tickets", values)


@on("ticket_called")
def called(db: sqlite3.Connection, fact: Fact) -> None:
    data = fact.data
    _call(db, fact, kind="called", out_of_order=int(data.get("out_of_order", False)), reason=data.get("reason"))
    _change_ticket(
        db, fact, state="called", called_at=fact.at, counter=data.get("counter"), clerk=data.get("clerk"), calls=1
    )
    db.execute("UPDATE tickets SET first_called_at = coalesce(first_called_at, called_at) WHERE ticket = ?",
               (data["ticket"],))  # fmt: skip


@on("ticket_recalled")
def recalled(db: sqlite3.Connection, fact: Fact) -> None:
    _call(db, fact, kind="recalled", out_of_order=0, reason=None)
    _change_ticket(db, fact, calls=fact.data.get("calls"))


def _call(db: sqlite3.Connection, fact: Fact, *, kind: str, out_of_order: int, reason: str | None) -> None:
    named = {name: fact.data.get(name) for name in ("ticket", "number", "line", "service", "counter", "clerk")}
    rest = {"seq": fact.seq, "at": fact.at, "kind": kind, "out_of_order": out_of_order, "reason": reason, "void": 0}
    insert(db, "calls", rest | named)


@on("service_begun")
def begun(db: sqlite3.Connection, fact: Fact) -> None:
    _change_ticket(db, fact, state="serving", begun_at=fact.at)


@on("ticket_resumed")
def resumed(db: sqlite3.Connection, fact: Fact) -> None:
    _change_ticket(db, fact, state="serving", counter=fact.data.get("counter"), clerk=fact.data.get("clerk"))
    db.execute("UPDATE tickets SET begun_at = coalesce(begun_at, ?) WHERE ticket = ?", (fact.at, fact.data["ticket"]))


@on("service_finished")
def finished(db: sqlite3.Connection, fact: Fact) -> None:
    data = fact.data
    found = db.execute(
        "SELECT issued_at, first_called_at, begun_at FROM tickets WHERE ticket = ?", (data["ticket"],)
    ).fetchone()
    issued_at, first_called_at, begun_at = found or (None, None, None)
    names = ("ticket", "number", "line", "service", "form", "outcome", "site", "department", "counter", "clerk")
    values = {name: data.get(name) for name in names}
    values |= {
        "seq": fact.seq,
        "at": fact.at,
        "month": fact.at[:7],
        "priority_class": data.get("priority_class"),
        "services": " ".join(data.get("services") or ()),
        "wait_s": _seconds(issued_at, first_called_at),
        "service_s": _seconds(begun_at, fact.at),
    }
    insert(db, "services_done", values)
    _change_ticket(db, fact, state="finished", finished_at=fact.at, clerk=data.get("clerk"))


@on("ticket_parked")
def parked(db: sqlite3.Connection, fact: Fact) -> None:
    _remember(db, fact)
    _change_ticket(db, fact, state="parked", reason_code=fact.data.get("reason_code") or fact.data.get("reason"))


@on("ticket_marked_no_show")
def no_show(db: sqlite3.Connection, fact: Fact) -> None:
    _remember(db, fact)
    _change_ticket(db, fact, state="no_show", reason_code=fact.data.get("reason_code"))


@on("ticket_transferred")
def transferred(db: sqlite3.Connection, fact: Fact) -> None:
    _remember(db, fact)
    _change_ticket(db, fact, line=fact.data["line"], transferred_from=fact.data.get("from_line"), **_WAITING_AGAIN)


@on("ticket_returned")
def returned(db: sqlite3.Connection, fact: Fact) -> None:
    _change_ticket(db, fact, **_WAITING_AGAIN)


@on("ticket_reinstated")
def reinstated(db: sqlite3.Connection, fact: Fact) -> None:
    _change_ticket(db, fact, **_WAITING_AGAIN)


_WAITING_AGAIN: Final[dict[str, Any]] = {
    "state": "waiting",
    "counter": None,
    "clerk": None,
    "called_at": None,
    "begun_at": None,
    "calls": 0,
}


@on("ticket_cancelled")
def cancelled(db: sqlite3.Connection, fact: Fact) -> None:
    _change_ticket(db, fact, state="cancelled", reason_code=fact.data.get("reason_code"))
    if fact.data.get("reason_code") == "unseen":
        # Nobody ever held this number: a call it had was heard by nobody.
        db.execute("UPDATE calls SET void = 1 WHERE ticket = ?", (fact.data["ticket"],))


@on("ticket_expired")
def expired(db: sqlite3.Connection, fact: Fact) -> None:
    _change_ticket(db, fact, state="expired", reason_code=fact.data.get("reason_code"))


@on("ticket_reclassified")
def reclassified(db: sqlite3.Connection, fact: Fact) -> None:
    _change_ticket(db, fact, priority_class=fact.data["priority_class"])


@on("ticket_printed")
def printed(db: sqlite3.Connection, fact: Fact) -> None:
    _change_ticket(db, fact, printed="confirmed")


@on("ticket_print_failed")
def print_failed(db: sqlite3.Connection, fact: Fact) -> None:
    _change_ticket(db, fact, printed=fact.data.get("outcome", "failed"))


_KEPT: Final = (
    "state", "line", "counter", "clerk", "calls", "called_at", "begun_at", "transferred_from", "reason_code",
)  # fmt: skip


def _remember(db: sqlite3.Connection, fact: Fact) -> None:
    """Keep what the ticket was, for `act_undone`."""
    found = db.execute(
        f"SELECT {', '.join(_KEPT)} FROM tickets WHERE ticket = ?",  # noqa: S608 - own names
        (fact.data["ticket"],),
    ).fetchone()
    was = msgspec.json.encode(dict(zip(_KEPT, found or (), strict=False))).decode()
    insert(db, "undo_tickets", {"seq": fact.seq, "ticket": fact.data["ticket"], "was": was})


@on("act_undone")
def undone(db: sqlite3.Connection, fact: Fact) -> None:
    if fact.data.get("act") == "pause":
        _counter_state(db, fact, state="open")
        return
    found = db.execute("SELECT was FROM undo_tickets WHERE seq = ?", (fact.data["undone"],)).fetchone()
    if found is not None:
        _change_ticket(db, fact, **msgspec.json.decode(found[0]))


@on("day_ended")
def day_ended(db: sqlite3.Connection, fact: Fact) -> None:
    db.execute("DELETE FROM undo_tickets")


# ------------------------------------------------------------------ ratings


@on("rating_requested")
def rating_requested(db: sqlite3.Connection, fact: Fact) -> None:
    data = fact.data
    (service_seq,) = db.execute("SELECT max(seq) FROM services_done WHERE ticket = ?", (data["ticket"],)).fetchone()
    values = {"seq": fact.seq, "at": fact.at, "service_seq": service_seq, "expires_at": data.get("expires_at")}
    insert(db, "rating_requests", values | {"request": data["request"], "ticket": data["ticket"]})


@on("rating_given")
def rating_given(db: sqlite3.Connection, fact: Fact) -> None:
    """Belongs to the month and place of the service, and to the one who finished it. The first one counts."""
    data = fact.data
    service = db.execute(
        "SELECT s.seq, s.month, s.site, s.department, s.counter, s.clerk FROM rating_requests AS r"
        " JOIN services_done AS s ON s.seq = r.service_seq WHERE r.request = ?",
        (data["request"],),
    ).fetchone()
    service_seq, month, site, department, counter, clerk = service or (
        None, fact.at[:7], None, None, data.get("counter"), data.get("clerk"),
    )  # fmt: skip
    values = {
        "request": data["request"], "seq": fact.seq, "at": fact.at, "service_seq": service_seq, "month": month,
        "ticket": data.get("ticket"), "level": data["level"], "source": data.get("source"), "site": site,
        "department": department, "counter": counter, "clerk": clerk,
        "counted": int(data.get("source") not in UNCOUNTED_SOURCES),
    }  # fmt: skip
    insert(db, "ratings", values, verb="INSERT OR IGNORE")


@on("rating_reviewed")
def rating_reviewed(db: sqlite3.Connection, fact: Fact) -> None:
    """A review that excludes a rating leaves it in the table and takes it out of the indicators."""
    if fact.data.get("decision") == "excluded":
        db.execute("UPDATE ratings SET counted = 0 WHERE request = ?", (fact.data["request"],))


# ------------------------------------------------------------------ counters, catalogue, settings


@on("counter_opened")
def counter_opened(db: sqlite3.Connection, fact: Fact) -> None:
    _counter_state(db, fact, state="open")


@on("counter_paused")
def counter_paused(db: sqlite3.Connection, fact: Fact) -> None:
    _counter_state(db, fact, state="paused")


@on("counter_closed")
def counter_closed(db: sqlite3.Connection, fact: Fact) -> None:
    _counter_state(db, fact, state="closed")


def _counter_state(db: sqlite3.Connection, fact: Fact, *, state: str) -> None:
    data = fact.data
    reason = (data.get("reason") or data.get("reason_code")) if state != "open" else None
    clerk = data.get("clerk") if state != "closed" else None
    insert(
        db,
        "counter_states",
        {"seq": fact.seq, "at": fact.at, "counter": data["counter"], "state": state, "clerk": clerk, "reason": reason},
    )
    db.execute(
        "INSERT INTO counters(counter, state, clerk, since, reason, resume_at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT(counter) DO UPDATE SET state = excluded.state, clerk = excluded.clerk, since = excluded.since,"
        " reason = excluded.reason, resume_at = excluded.resume_at",
        (data["counter"], state, clerk, fact.at, reason, data.get("resume_at") if state == "paused" else None),
    )


@on("catalogue_changed")
def catalogue_changed(db: sqlite3.Connection, fact: Fact) -> None:
    data = fact.data
    for row in data.get("services", ()):
        names = ("service", "name", "department", "line", "short_name", "official_code", "kind")
        state = row.get("state", "in_use")
        more = {"state": state, "aliases": " ".join(row.get("aliases") or ())}
        insert(db, "services", {n: row.get(n) for n in names} | more, verb=_REPLACE)
        # Complete: the guide can be given (domain.md A1c), that is steps, documents and both places to go.
        complete = int(bool(row.get("steps")) and bool(row.get("materials")) and bool(row.get("line")))
        of_item = {"service": row["service"], "department": row.get("department"), "line": row.get("line")}
        insert(db, "service_states", of_item | {
            "id": None, "seq": fact.seq, "day": fact.at[:10], "state": state, "complete": complete,
        })  # fmt: skip
    for row in data.get("lines", ()):
        values = {"line": row["line"], "name": row.get("name"), "site": row.get("site", "county")}
        insert(db, "lines", values, verb=_REPLACE)
    for row in data.get("clerks", ()):
        insert(db, "clerks", {"clerk": row["number"], "department": row.get("department")}, verb=_REPLACE)
    for row in data.get("counters", ()):
        db.execute(
            "INSERT INTO counters(counter, site, kind, department, state) VALUES (?, ?, ?, ?, 'closed')"
            " ON CONFLICT(counter) DO UPDATE SET site = excluded.site, kind = excluded.kind,"
            " department = excluded.department",
            (row["counter"], row.get("site", "county"), row.get("kind", "service"), row.get("department", "")),
        )
        _lines_of(db, row["counter"], row.get("lines", ()))


def _lines_of(db: sqlite3.Connection, counter: str, lines: Any) -> None:
    db.execute("DELETE FROM counter_lines WHERE counter = ?", (counter,))
    db.executemany("INSERT INTO counter_lines VALUES (?, ?)", [(counter, line) for line in lines])


_REPLACE: Final = "INSERT OR REPLACE"


@on("clerk_added")
def clerk_added(db: sqlite3.Connection, fact: Fact) -> None:
    number = fact.data.get("clerk") or fact.data.get("number")
    insert(db, "clerks", {"clerk": number, "department": fact.data.get("department")}, verb=_REPLACE)


@on("hall_founded")
def hall_founded(db: sqlite3.Connection, fact: Fact) -> None:
    chosen = fact.data.get("settings", {}).get("hall", {})
    values = {"id": 1, "hall": chosen.get("hall", ""), "zone": chosen.get("zone", "Asia/Shanghai")}
    insert(db, "hall", values, verb=_REPLACE)


@on("config_changed")
def config_changed(db: sqlite3.Connection, fact: Fact) -> None:
    old, new = (msgspec.json.encode(fact.data.get(name)).decode() for name in ("old", "new"))
    values = {"seq": fact.seq, "at": fact.at, "actor": fact.actor, "setting": fact.data["setting"]}
    insert(db, "settings_changes", values | {"old": old, "new": new})
    if fact.data["setting"] == "hall.zone":
        db.execute("UPDATE hall SET zone = ?", (fact.data["new"],))
    place, _, name = fact.data["setting"].rpartition(".")
    if place.startswith("counters.") and name == "lines":
        _lines_of(db, place.removeprefix("counters."), fact.data.get("new") or ())
