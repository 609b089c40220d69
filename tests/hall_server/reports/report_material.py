"""A small hall whose days write journal rows, and an independent recount of them."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec

from hall_server.journal import chain
from hall_server.journal.rows import Row

ZONE = timezone(timedelta(hours=8))
DEPARTMENTS = {"1": "县自然资源局", "2": "县市场监督管理局", "3": "县行政审批局"}
EMPTY_DEPARTMENT = "县档案局"


@dataclass
class Book:
    """Journal rows, chained as the journal does it."""

    rows: list[Row] = field(default_factory=list)
    head: bytes = chain.GENESIS

    def add(self, at: str, type: str, actor: str = "hall", /, **data: Any) -> int:
        seq = len(self.rows) + 1
        body = msgspec.json.encode(data)
        self.head = chain.link(self.head, seq=seq, at=at.encode(), type=type.encode(), data=body, actor=actor.encode())
        self.rows.append(Row(seq, at, type, body, actor, self.head.hex()))
        return seq

    def after(self, seq: int) -> list[Row]:
        return self.rows[seq:]

    def hash_at(self, seq: int) -> str | None:
        return self.rows[seq - 1].hash if 0 < seq <= len(self.rows) else None


def text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def founded() -> Book:
    """Three counters of three departments, and a department without a counter."""
    book = Book()
    at = "2026-09-01T07:00:00.000+08:00"
    counters = [{"counter": n, "site": "county", "kind": "service", "department": d} for n, d in DEPARTMENTS.items()]
    services = [{"service": "S1", "name": "档案查询", "department": EMPTY_DEPARTMENT, "line": "A"}]
    lines = [{"line": "A", "name": "综合", "site": "county"}]
    clerks = [{"number": f"030{n}", "department": d} for n, d in DEPARTMENTS.items()]
    book.add(at, "catalogue_changed", counters=counters, services=services, lines=lines, clerks=clerks)
    return book


def serve(book: Book, *, n: int, counter: str, finished_at: datetime) -> str:
    """A whole visit that ends at that instant; returns the rating request."""
    ticket = f"T{n}"
    about = {"ticket": ticket, "number": f"A{n:03d}", "line": "A", "service": "S1", "priority_class": "ordinary"}
    at_desk = about | {"counter": counter, "clerk": f"030{counter}"}
    start = finished_at - timedelta(minutes=20)
    book.add(
        text(start),
        "ticket_issued",
        **about,
        site="county",
        issued_at=text(start),
        form="reception",
        language="zh-Hans",
    )
    book.add(text(start + timedelta(minutes=8)), "ticket_called", **at_desk, reason="first")
    book.add(text(start + timedelta(minutes=9)), "service_begun", **at_desk)
    end = text(finished_at)
    place = {"site": "county", "department": DEPARTMENTS[counter], "form": "reception"}
    seq = book.add(end, "service_finished", **at_desk, **place)
    book.add(end, "rating_requested", request=f"R{seq + 1}", **at_desk, expires_at="2026-12-01T17:00:00.000+08:00")
    return f"R{seq + 1}"


def rate(book: Book, request: str, level: int, *, at: str, source: str = "keypad") -> None:
    book.add(at, "rating_given", request=request, ticket="", level=level, source=source, counter="9", clerk="0399")


ACTS = (
    "ticket_called", "ticket_recalled", "service_begun", "service_finished", "ticket_parked", "ticket_resumed",
    "ticket_transferred", "ticket_returned", "ticket_marked_no_show", "ticket_reinstated", "ticket_cancelled",
    "ticket_expired", "ticket_reclassified", "ticket_printed", "ticket_print_failed", "act_undone", "rating_given",
    "rating_reviewed", "counter_opened", "counter_paused", "counter_closed", "config_changed", "day_ended",
    "ticket_issued", "something_newer",
)  # fmt: skip


def any_day(seed: int, length: int) -> Book:
    """Rows of every type in a random, not always sensible order: the projection must take whatever was recorded."""
    rng = random.Random(seed)
    book = founded()
    moment = datetime(2026, 9, 28, 9, tzinfo=ZONE)
    requests = ["R-unknown"]
    undoable = [1]
    for n in range(length):
        moment += timedelta(seconds=rng.randrange(0, 20_000))
        at, act = text(moment), rng.choice(ACTS)
        ticket = f"T{rng.randrange(max(1, n // 6 + 1))}"
        counter = rng.choice(list(DEPARTMENTS))
        about = {"ticket": ticket, "number": ticket, "line": "A", "service": "S1", "priority_class": "elder"}
        about |= {"counter": counter, "clerk": f"030{counter}", "reason": "meeting", "calls": rng.randrange(1, 4)}
        if act == "ticket_issued":
            book.add(
                at, act, **about | {"ticket": f"T{n}x"}, site="county", issued_at=at, form="reception", language="en"
            )
        elif act == "service_finished":
            seq = book.add(at, act, **about, site="county", department=DEPARTMENTS[counter], form="reception")
            requests.append(f"R{seq + 1}")
            book.add(at, "rating_requested", request=f"R{seq + 1}", **about, expires_at=at)
        elif act in ("rating_given", "rating_reviewed"):
            chance = {"source": rng.choice(("keypad", "page", "default")), "level": rng.randrange(1, 6)}
            chance |= {"request": rng.choice(requests), "decision": rng.choice(("excluded", "confirmed"))}
            book.add(at, act, **chance, ticket=ticket, counter=counter, clerk=f"030{counter}")
        elif act == "act_undone":
            book.add(at, act, **about, undone=rng.choice(undoable), act=rng.choice(("park", "pause", "no_show")))
        elif act == "config_changed":
            book.add(at, act, setting="hall.name", old=None, new={"a": [1]})
        elif act == "day_ended":
            book.add(at, act, day=at[:10], next_day=at[:10])
        else:
            seq = book.add(at, act, **about, from_line="B", reason_code=rng.choice((None, "unseen")), outcome="failed")
            undoable.append(seq)
    return book
