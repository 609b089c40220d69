"""The tables of `report.db`. Instants are RFC 3339 in the hall's zone as the journal has them, spans are seconds.

`seq` columns are the journal's numbers: whatever a table says can be looked up there.
"""

from typing import Final

from sqlite_utils import Database

FORMAT: Final = 1
"""Raised with every change of tables or of what fills them: an older file is built again."""

_TABLES: Final[dict[str, tuple[str, dict[str, type]]]] = {
    # How far the journal has been read.
    "progress": ("id", {"id": int, "format": int, "seq": int, "hash": str}),
    "days": ("day", {"day": str, "first_seq": int, "last_seq": int}),
    "tickets": (
        "ticket",
        {
            "ticket": str, "number": str, "day": str, "site": str, "line": str, "service": str, "form": str,
            "language": str, "priority_class": str, "state": str, "offline": int, "off_block": int,
            "issued_at": str, "first_called_at": str, "called_at": str, "begun_at": str, "finished_at": str,
            "calls": int, "counter": str, "clerk": str, "device": str, "transferred_from": str, "reason_code": str,
            "printed": str, "issued_seq": int, "last_seq": int,
        },
    ),
    "calls": (
        "seq",
        {
            "seq": int, "at": str, "kind": str, "ticket": str, "number": str, "line": str, "service": str,
            "counter": str, "clerk": str, "out_of_order": int, "reason": str, "void": int,
        },
    ),
    "services_done": (
        "seq",
        {
            "seq": int, "at": str, "month": str, "ticket": str, "number": str, "line": str, "service": str,
            "services": str, "form": str, "outcome": str, "site": str, "department": str, "counter": str,
            "clerk": str, "priority_class": str, "wait_s": int, "service_s": int,
        },
    ),
    "rating_requests": (
        "request",
        {"request": str, "seq": int, "at": str, "service_seq": int, "ticket": str, "expires_at": str},
    ),
    "ratings": (
        "request",
        {
            "request": str, "seq": int, "at": str, "service_seq": int, "month": str, "ticket": str, "level": int,
            "source": str, "site": str, "department": str, "counter": str, "clerk": str, "counted": int,
        },
    ),
    "counters": (
        "counter",
        {
            "counter": str, "site": str, "kind": str, "department": str, "state": str, "clerk": str, "since": str,
            "reason": str, "resume_at": str,
        },
    ),
    "counter_states": (
        "seq",
        {"seq": int, "at": str, "counter": str, "state": str, "clerk": str, "reason": str},
    ),
    "services": ("service", {"service": str, "name": str, "department": str, "line": str, "state": str}),
    "lines": ("line", {"line": str, "name": str, "site": str}),
    "clerks": ("clerk", {"clerk": str, "department": str}),
    "settings_changes": ("seq", {"seq": int, "at": str, "actor": str, "setting": str, "old": str, "new": str}),
    # What a ticket was before an act that may be taken back; emptied when the day ends.
    "undo_tickets": ("seq", {"seq": int, "ticket": str, "was": str}),
}  # fmt: skip

_INDEXES: Final = (
    ("tickets", ["day", "line"]),
    ("calls", ["ticket"]),
    ("services_done", ["month"]),
    ("services_done", ["ticket"]),
    ("ratings", ["month"]),
    ("ratings", ["service_seq"]),
)

_VIEWS: Final = {
    "departments": """
        SELECT department FROM counters WHERE department <> '' UNION SELECT department FROM services
        WHERE department <> '' ORDER BY 1""",
    "sites": "SELECT site FROM counters WHERE site <> '' UNION SELECT site FROM lines WHERE site <> '' ORDER BY 1",
    "days_by_line": """
        SELECT day, line, count(*) AS issued, sum(state = 'finished') AS finished, sum(state = 'no_show') AS no_shows,
        sum(state = 'cancelled') AS cancelled, sum(state = 'expired') AS expired FROM tickets GROUP BY day, line""",
}


def create(db: Database) -> None:
    """Make every table, index and view in an empty file."""
    for name, (key, columns) in _TABLES.items():
        db.table(name).create(columns, pk=key)
    for name, columns_of in _INDEXES:
        db.table(name).create_index(columns_of)
    for name, sql in _VIEWS.items():
        db.create_view(name, sql)
    db.table("progress").insert({"id": 1, "format": FORMAT, "seq": 0, "hash": ""})
