"""The reading side asked by somebody hostile or unlucky: odd addresses, a locked or damaged file, hidden complaints."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from pathlib import Path

import pytest
from console_hall import console_of, words
from doors_material import doors_of

from hall_server.core.oversight.bulletin import FreezeBulletin
from hall_server.journal import backup as backups
from hall_server.reports import bulletin
from hall_server.reports.facts import check_month
from hall_server.web.console import records

MONTH = "2026-11"
INDICATORS = f"/api/v1/indicators?month={MONTH}"
ODD_ADDRESSES = (
    "/api/v1/indicators?month=9999-12",
    "/api/v1/indicators?month=0000-12",
    "/api/v1/indicators/entry_rate/events?month=9999-12",
    "/api/v1/replay?day=0001-01-01",
    "/api/v1/registers/cards?month=0000-01&format=csv",
)
ODD_PAGES = (
    "/console/replay?day=0001-01-01",
    "/console/replay?day=0001-01-07",
    "/console/replay?day=9999-12-31&seq=99999999999999999999999",
    "/console/bulletin?month=0000-01",
    "/console/bulletin?month=9999-12",
    "/console/bulletin/members/entry_rate?month=9999-12",
    "/console/bulletin/file?month=9999-12&format=csv",
    "/console/bulletin/cards?page=%C2%B2",
)


def test_odd_days_and_months_are_refused_and_never_a_fault(county: Path) -> None:
    """S8: bad input is 4xx, never 5xx, at the ends of the calendar too."""

    async def work() -> None:
        async with console_of(county) as console:
            doors = console.doors
            for path in ODD_ADDRESSES:
                assert (await doors.ask("GET", path, "auditor")).status in (400, 404), path
            for path in ODD_PAGES:
                assert (await console.open(path, "auditor")).status < 500, path
            no_number = await console.send("/console/settings-back", {"seq": "²"})
            assert no_number.status == 404
            body = {"decision": "excluded", "reason": "other", "evidence": ["seq:1"]}
            answer = await doors.ask("POST", "/api/v1/ratings/R²/review", "auditor", body)
            assert answer.status in (400, 404, 409), answer
            paper = {"category": "fees", "text": "x", "channel": "paper", "received_on": "0001-01-01"}
            assert (await doors.ask("POST", "/api/v1/complaints", "clerk", paper)).code == "bad_request"
            note = {"text": "x", "publish": False, "channel": "paper", "received_on": "0001-01-01"}
            assert (await doors.ask("POST", "/api/v1/messages", "clerk", note)).code == "bad_request"

    asyncio.run(work())


@pytest.mark.parametrize("month", ["0000-01", "9999-12", "2026-13", "2026-11\n", "２０２６-11"])
def test_no_month_of_a_hall(month: str) -> None:
    """Months at the ends of the calendar have no month before or after them."""
    with pytest.raises(ValueError, match="not a month"):
        check_month(month)


def test_a_file_that_cannot_be_opened_is_said_plainly(county: Path) -> None:
    """S8, R4: 503 and not a fault, and nobody who stores something waits for it; it is well again by itself."""

    async def work() -> None:
        async with console_of(county) as console:
            doors = console.doors
            (county / "report.db").mkdir()
            answer = await doors.ask("GET", INDICATORS, "manager")
            assert (answer.status, answer.code) == (503, "storage_unavailable")
            assert (await console.open("/console/bulletin")).status == 503
            (county / "report.db").rmdir()
            assert (await doors.ask("GET", INDICATORS, "manager")).status == 200

    asyncio.run(work())


def test_many_readers_of_a_slow_file_leave_threads_for_those_who_store(county: Path) -> None:
    """R6: fifty ask for figures while the file does not answer; a complaint with its words is stored at once."""

    async def work() -> None:
        async with doors_of(county) as doors:
            with records.REPORTING:
                asking = [asyncio.ensure_future(doors.ask("GET", INDICATORS, "manager")) for _ in range(50)]
                await asyncio.sleep(0)
                began = time.monotonic()
                said = doors.happy("POST", "/api/v1/complaints", "kiosk", {"category": "attitude", "text": "等太久"})
                await asyncio.wait_for(said, 5)
                assert time.monotonic() - began < 2
                assert not any(one.done() for one in asking)
            assert {one.status for one in await asyncio.gather(*asking)} == {200}

    asyncio.run(work())


def test_a_damaged_page_is_made_again_while_it_is_read(county: Path) -> None:
    """A page of a table is torn, the cursor is not: the file is made again and the question answered."""

    async def work() -> None:
        async with doors_of(county) as doors:
            whole = (await doors.ask("GET", INDICATORS, "manager")).json
            report = county / "report.db"
            with sqlite3.connect(report) as db:
                (root,) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'cases'").fetchone()
                (size,) = db.execute("PRAGMA page_size").fetchone()
            db.close()
            with report.open("r+b") as file:
                file.seek((root - 1) * size)
                file.write(b"\xff" * size)
            assert (await doors.ask("GET", INDICATORS, "manager")).json == whole

    asyncio.run(work())


def test_hidden_complaints_are_counted_and_not_named(county: Path) -> None:
    """A11a: neither the lists behind a fraction, nor the record, nor what rests on one tells its number."""

    async def work() -> None:
        async with console_of(county) as console:
            doors = console.doors
            no = (await doors.happy("POST", "/api/v1/complaints", "kiosk", {"category": "吃拿卡要", "text": "要烟"}))[
                "no"
            ]
            for verb, body in (("accept", None), ("investigate", None), ("dispose", {"outcome": "upheld"})):
                await doors.happy("POST", f"/api/v1/complaints/{no}/{verb}", "auditor", body)
            department = next(iter(doors.hall.counters.values())).department
            listed = {
                "department": department,
                "deadline": "2026-12-31",
                "subject": "x",
                "evidence": [f"complaint:{no}"],
            }
            await doors.happy("POST", "/api/v1/supervision", "auditor", listed)
            record = {"department": department, "evidence": [f"complaint:{no}"]}
            await doors.happy("POST", "/api/v1/accountability", "auditor", record)
            behind = f"/api/v1/indicators/complaint_rate/events?month={MONTH}"
            for path in (behind, "/api/v1/events?limit=5000", "/api/v1/complaints", "/api/v1/supervision",
                         f"/api/v1/registers/complaints?month={MONTH}", "/api/v1/board"):  # fmt: skip
                answer = await doors.ask("GET", path, "manager")
                assert answer.status == 200, path
                assert no not in answer.body.decode(), path
            assert no not in words(await console.open(f"/console/bulletin/members/complaint_rate?month={MONTH}"))
            counted = (await doors.happy("GET", INDICATORS, "manager"))["rows"][0]["complaint_rate"]
            assert counted["numerator"] == 1, "it is counted for everybody"
            assert no in (await doors.happy("GET", behind, "auditor"))["numerator"]
            assert no in words(await console.open(f"/console/bulletin/members/complaint_rate?month={MONTH}", "auditor"))
            await doors.happy("POST", f"/api/v1/complaints/{no}/release", "auditor")
            assert no in (await doors.happy("GET", behind, "manager"))["numerator"]

    asyncio.run(work())


def test_a_restored_hall_still_has_its_published_months(county: Path, tmp_path: Path) -> None:
    """R10: the journal has only the fingerprint of a frozen month; the backup has the month itself."""

    async def work() -> None:
        async with doors_of(county, at="2026-12-20T10:00:00.000+08:00") as doors:
            engine = doors.engine
            sha256 = bulletin.freeze(
                county, engine.journal.replay(0), month=MONTH, frozen_at="2026-12-08T09:00:00.000+08:00"
            )
            await engine.submit(FreezeBulletin(month=MONTH, sha256=sha256, formulas=1), engine.stamp("hall"))
            told = (await doors.ask("GET", INDICATORS, "manager")).json
            assert told["frozen_at"]
            backups.backup(county, tmp_path / "b.tar", at="2026-12-20T10:00:00.000+08:00")
        backups.restore(tmp_path / "b.tar", tmp_path / "again")
        async with doors_of(tmp_path / "again", at="2026-12-20T10:05:00.000+08:00") as doors:
            assert (await doors.ask("GET", INDICATORS, "manager")).json == told
            bulletin.path_of(tmp_path / "again", MONTH).write_bytes(b"{}")
            changed = await doors.ask("GET", INDICATORS, "manager")
            assert (changed.status, changed.code) == (503, "storage_unavailable")

    asyncio.run(work())


def test_nobody_is_answered_with_nothing(county: Path) -> None:
    """A form without words is refused as the interface refuses it, and the matter stays open."""

    async def work() -> None:
        async with console_of(county) as console:
            doors = console.doors
            no = (await doors.happy("POST", "/api/v1/messages", "kiosk", {"text": "几点开门", "publish": True}))["no"]
            empty = await console.send(f"/console/messages/{no}/reply", {"publish": "yes", "text": "  "})
            assert empty.status == 400
            assert doors.hall.book[no].answered is None
            answered = await console.send(f"/console/messages/{no}/reply", {"publish": "yes", "text": "九点"})
            assert answered.status == 303

    asyncio.run(work())
