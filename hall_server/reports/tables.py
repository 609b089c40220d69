"""The tables of `report.db`. Instants are RFC 3339 in the hall's zone as the journal has them, spans are seconds.

`seq` columns are the journal's numbers: whatever a table says can be looked up there.
"""

from typing import Final

from sqlite_utils import Database

FORMAT: Final = 3
"""Raised with every change of tables or of what fills them: an older file is built again."""

_TABLES: Final[dict[str, tuple[str | tuple[str, ...], dict[str, type]]]] = {
    # How far the journal has been read.
    "progress": ("id", {"id": int, "format": int, "seq": int, "hash": str}),
    "hall": ("id", {"id": int, "hall": str, "zone": str}),
    "days": ("day", {"day": str, "first_seq": int, "last_seq": int}),
    "tickets": (
        "ticket",
        {
            "ticket": str, "number": str, "day": str, "site": str, "line": str, "service": str, "form": str,
            "language": str, "priority_class": str, "state": str, "offline": int, "off_block": int,
            "issued_at": str, "first_called_at": str, "called_at": str, "begun_at": str, "finished_at": str,
            "calls": int, "counter": str, "clerk": str, "device": str, "transferred_from": str, "reason_code": str,
            "printed": str, "told_p10_s": int, "told_p90_s": int, "issued_seq": int, "last_seq": int,
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
    "services": (
        "service",
        {"service": str, "name": str, "department": str, "line": str, "state": str, "short_name": str, "aliases": str,
         "official_code": str, "kind": str},
    ),
    "lines": ("line", {"line": str, "name": str, "site": str}),
    "clerks": ("clerk", {"clerk": str, "department": str}),
    # An item's states, one row a change: what was in use on a day is the last row up to it.
    "service_states": (
        "id",
        {"id": int, "seq": int, "day": str, "service": str, "department": str, "line": str, "state": str,
         "complete": int},
    ),
    "counter_lines": (("counter", "line"), {"counter": str, "line": str}),
    "letters": (
        "letter",
        {"letter": str, "holder": str, "valid_from": str, "valid_to": str, "revoked_from": str, "seq": int},
    ),
    "letter_powers": (("letter", "service", "power"), {"letter": str, "service": str, "power": str}),
    "seals": ("seal", {"seal": str, "holder": str, "department": str, "seq": int}),
    "findings": (
        "finding",
        {"finding": str, "department": str, "service": str, "found_on": str, "case_no": str, "seq": int},
    ),
    # Cases. Due dates as they stand now; what they were at any time is in case_clocks.
    "cases": (
        "case_no",
        {
            "case_no": str, "service": str, "department": str, "site": str, "counter": str, "clerk": str, "form": str,
            "channel": str, "ticket": str, "handling": str, "catalogue_version": str, "promised_days": int,
            "statutory_days": int, "day_unit": str, "received_at": str, "received_on": str, "entered_on": str,
            "state": str, "step": int, "accepted_on": str, "promised_due": str, "statutory_due": str,
            "provisional": int, "clock": str, "decided_at": str, "decided_on": str, "outcome": str, "place": str,
            "under": str, "seal": str, "decided_counter": str, "decided_clerk": str, "on_time": int,
            "on_time_by_law": int, "before_due_day": int, "reported_up": int, "reopened_at": str, "ended_on": str,
            "void": int, "delivered_at": str, "project": str, "received_seq": int, "decided_seq": int, "last_seq": int,
        },
    ),
    "case_clocks": (
        "seq_case",
        {"seq_case": str, "seq": int, "at": str, "case_no": str, "clock": str, "promised_due": str,
         "promised_due_ms": int, "statutory_due": str, "reason": str},
    ),
    "case_events": ("seq", {"seq": int, "at": str, "case_no": str, "type": str, "counter": str, "clerk": str}),
    "cards": (
        "card",
        {
            "card": str, "case_no": str, "service": str, "department": str, "counter": str, "clerk": str, "level": str,
            "cause": str, "rule": str, "due_at": str, "true_at": str, "raised_at": str, "revoked_at": str,
            "revoked_reason": str, "seq": int,
        },
    ),
    # First inquiries, with every change of hands.
    "inquiries": (
        "inquiry",
        {
            "inquiry": str, "opened_at": str, "belongs_to": str, "service": str, "department": str, "counter": str,
            "channel": str, "first_responsible": str, "responsible": str, "offered_to": str, "state": str,
            "answered_at": str, "result": str, "one_time_notice": str, "seq": int,
        },
    ),
    "inquiry_steps": (
        "seq",
        {"seq": int, "at": str, "inquiry": str, "step": str, "from_clerk": str, "clerk": str, "reason": str},
    ),
    "complaints": (
        "complaint",
        {
            "complaint": str, "kind": str, "category": str, "channel": str, "ticket": str, "case_no": str,
            "department": str, "counter": str, "clerk": str, "received_at": str, "month": str, "state": str,
            "outcome": str, "decided_on": str, "accept_due": str, "answer_due": str, "answered_at": str, "seq": int,
        },
    ),
    "messages": (
        "message",
        {"message": str, "channel": str, "received_at": str, "answer_due": str, "answered_at": str, "published": int,
         "seq": int},
    ),
    "bad_ratings": (
        "loop",
        {
            "loop": str, "request": str, "ticket": str, "counter": str, "clerk": str, "department": str, "level": int,
            "named": int, "state": str, "opened_at": str, "closed_at": str, "seq": int,
        },
    ),
    "bulletins": ("month", {"month": str, "frozen_at": str, "sha256": str, "formulas": int, "seq": int}),
    "settings_changes": ("seq", {"seq": int, "at": str, "actor": str, "setting": str, "old": str, "new": str}),
    # What a ticket was before an act that may be taken back; emptied when the day ends.
    "undo_tickets": ("seq", {"seq": int, "ticket": str, "was": str}),
}  # fmt: skip

_INDEXES_FOR_FOLLOWING: Final = (("calls", ["ticket"]), ("services_done", ["ticket"]))
"""What the appliers themselves look up."""
_INDEXES_FOR_READING: Final = (
    ("tickets", ["day", "line"]),
    ("services_done", ["month"]),
    ("ratings", ["month"]),
    ("ratings", ["service_seq"]),
    ("service_states", ["service", "day"]),
    ("letter_powers", ["service"]),
    ("cases", ["received_on"]),
    ("cases", ["decided_on"]),
    ("cases", ["state", "promised_due"]),
    ("case_clocks", ["case_no", "seq"]),
    ("case_events", ["case_no"]),
    ("cards", ["case_no"]),
    ("inquiry_steps", ["inquiry"]),
    ("complaints", ["month"]),
    ("findings", ["found_on"]),
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
    """Make every table and view in an empty file; `index` makes the rest when it is filled."""
    for name, (key, columns) in _TABLES.items():
        db.table(name).create(columns, pk=key)
    for name, columns_of in _INDEXES_FOR_FOLLOWING:
        db.table(name).create_index(columns_of)
    for name, sql in _VIEWS.items():
        db.create_view(name, sql)
    db.table("progress").insert({"id": 1, "format": FORMAT, "seq": 0, "hash": ""})


SEARCHED: Final = ("name", "short_name", "aliases", "department", "official_code")
"""What full-text search looks through. Trigrams: Chinese has no blanks between words."""


def index(db: Database) -> None:
    """Make the indexes for those who read: once, and faster behind the rows than before them."""
    for name, columns_of in _INDEXES_FOR_READING:
        db.table(name).create_index(columns_of)
    db.table("services").enable_fts(SEARCHED, tokenize="trigram", create_triggers=True)
