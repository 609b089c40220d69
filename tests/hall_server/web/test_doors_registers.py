"""A register for each institution, a month of it as JSON and CSV (A3a)."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from pathlib import Path

from doors_material import CLERK, doors_of

import hall_server.core.machine
from hall_server.core.registry import EVENT_TYPES
from hall_server.trust.roles import ALLOWED
from hall_server.web.console.register_export import KINDS, shown


def test_entries_of_every_register_are_events_of_ours() -> None:
    """A3a: each institution's register; a word that is nobody's would be an empty register for ever."""
    assert hall_server.core.machine.LIVES
    for kind, types in KINDS.items():
        assert set(types) <= set(EVENT_TYPES), kind
    for prefix in ("inquiry_", "complaint_", "message_", "bad_rating_", "case_", "card_", "letter_", "finding_"):
        known = {t for t in EVENT_TYPES if t.startswith(prefix) and t != "message_sent"}
        assert known <= {t for types in KINDS.values() for t in types}, prefix


def test_no_request_deletes_or_rewrites_an_entry() -> None:
    """A3a: append-only."""
    changing = {"PUT", "PATCH", "DELETE"}
    for word in ("inquiries", "complaints", "messages/{id}", "bad-ratings", "cases", "cards", "registers", "seals"):
        assert not [route for route in ALLOWED if route[0] in changing and word in route[1]], word


def test_a_month_of_a_register(county: Path) -> None:
    """A3a: each register exports a month; misconduct is in the auditor's alone."""

    async def work() -> None:
        async with doors_of(county) as doors:
            ask = {"matter": "x", "belongs_to": "outside"}
            made = await doors.happy("POST", "/api/v1/inquiries", "clerk", ask)
            await doors.happy("POST", f"/api/v1/inquiries/{made['id']}/answer", "clerk", {"result": "x"})
            for category in ("fees", "推诿"):
                body = {"category": category, "text": "x"}
                await doors.happy("POST", "/api/v1/complaints", "kiosk", body)
            for kind in KINDS:
                register = await doors.happy("GET", f"/api/v1/registers/{kind}?month=2026-11", "manager")
                assert (register["kind"], register["month"]) == (kind, "2026-11")
                assert {e["type"] for e in register["entries"]} <= set(KINDS[kind])
            register = await doors.happy("GET", "/api/v1/registers/inquiries?month=2026-11", "manager")
            assert [e["type"] for e in register["entries"]] == ["inquiry_opened", "inquiry_answered"]
            assert [e["data"]["clerk"] for e in register["entries"]] == [CLERK, CLERK]
            assert (await doors.happy("GET", "/api/v1/registers/inquiries?month=2026-10", "auditor"))["entries"] == []
            counts = {}
            for who in ("manager", "auditor"):
                found = await doors.happy("GET", "/api/v1/registers/complaints?month=2026-11", who)
                counts[who] = [e["data"]["category"] for e in found["entries"]]
            assert counts == {"manager": ["fees"], "auditor": ["fees", "shirking"]}
            answer = await doors.ask("GET", "/api/v1/registers/complaints?month=2026-11&format=csv", "auditor")
            assert answer.headers["content-type"].startswith("text/csv")
            assert "complaints-2026-11.csv" in answer.headers["content-disposition"]
            rows = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))
            assert [(r["type"], r["category"], r["actor"]) for r in rows] == [
                ("complaint_received", "fees", rows[0]["actor"]), ("complaint_received", "shirking", rows[0]["actor"]),
            ]  # fmt: skip
            for query, code in (("month=2026-13", "unknown_month"), ("month=2026-11&format=xml", "bad_request")):
                assert (await doors.ask("GET", f"/api/v1/registers/complaints?{query}", "auditor")).code == code
            assert (await doors.ask("GET", "/api/v1/registers/secrets?month=2026-11", "auditor")).code == "not_found"
            assert (await doors.ask("GET", "/api/v1/registers/cards", "auditor")).code == "bad_request"

    asyncio.run(work())


def test_a_cell_is_never_a_formula() -> None:
    assert shown("=SUM(A1)") == "'=SUM(A1)"
    assert shown("@x") == "'@x"
    assert shown("-") == "'-"
    assert shown("2026-11-24") == "2026-11-24"
    assert shown(None) == ""
    assert json.loads(shown(["a", 1])) == ["a", 1]
