"""What a person leaves with a ticket: kept with the right ticket, and never a crash when the disk says no."""

from __future__ import annotations

import asyncio
from pathlib import Path

import apsw
import pytest
from broken_hall import BrokenHall, broken_hall


async def call(hall: BrokenHall) -> str:
    """The next visitor is called and served; the ticket's id."""
    await hall.at_counter("call-next")
    return str((await hall.at_counter("begin"))["ticket"]["id"])


def line_of_counter(hall: BrokenHall) -> str:
    return hall.house.engine.hall.counters["3"].lines[0]


def test_a_repeated_park_keeps_its_words_with_the_ticket_it_was_about(county: Path) -> None:
    async def story() -> None:
        async with broken_hall(county) as hall:
            for _ in range(2):
                await hall.take(line=line_of_counter(hall))
            first = await call(hall)
            words = {"reason": "fetches the copy from Mr. Canary"}
            await hall.at_counter("park", words, key="park-1")
            second = await call(hall)
            again = await hall.at_counter("park", words, key="park-1")
            assert again["ticket"]["id"] == first != second
            assert hall.house.words == {first: words["reason"]}
            assert hall.house.vault.get(second, who="test", why="test") is None

    asyncio.run(story())


def test_a_repeated_finish_keeps_its_note_with_the_ticket_it_was_about(county: Path) -> None:
    async def story() -> None:
        async with broken_hall(county) as hall:
            for _ in range(2):
                await hall.take(line=line_of_counter(hall))
            first = await call(hall)
            note = {"note": "asked for Mr. Canary"}
            await hall.at_counter("finish", note, key="finish-1")
            second = await call(hall)
            await hall.at_counter("finish", note, key="finish-1")
            assert hall.house.vault.get(f"note:{second}", who="test", why="test") is None
            kept = hall.house.vault.get(f"note:{first}", who="test", why="test")
            assert kept is not None
            assert kept.text == note["note"]

    asyncio.run(story())


def test_free_words_of_a_program_do_not_enter_the_journal(county: Path) -> None:
    async def story() -> None:
        async with broken_hall(county) as hall:
            ticket = await hall.take(line="A")
            said = {"outcome": "failed", "how": "Canary Wang", "evidence": "Canary 13900001111"}
            path = f"/tickets/{ticket['id']}/print-result"
            assert (await hall.ask("POST", path, "kiosk", said)).status_code == 204
            assert (await hall.ask("POST", "/help", "kiosk", {"screen": "Canary Wang"})).status_code == 204
            known = {"outcome": "confirmed", "how": "process_id", "evidence": "33 37 32 32"}
            assert (await hall.ask("POST", path, "kiosk", known)).status_code == 204
            events = (await hall.ask("GET", "/events", "manager")).text
            assert "Canary" not in events
            assert "13900001111" not in events
            assert "process_id" in events
            assert "33 37 32 32" in events

    asyncio.run(story())


def test_personal_data_the_disk_refuses_is_told_as_storage_and_kept_at_the_second_try(
    county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with broken_hall(county) as hall:
            body = {"line": line_of_counter(hall), "visitor": {"name": "Canary"}}

            def full(*_: object, **__: object) -> None:
                raise apsw.FullError("database or disk is full")

            with monkeypatch.context() as broken:
                broken.setattr(hall.house.vault, "put", full)
                refused = await hall.ask("POST", "/tickets", "kiosk", body, key="press-1")
            assert (refused.status_code, refused.json()["code"]) == (503, "storage_unavailable")
            given = await hall.ask("POST", "/tickets", "kiosk", body, key="press-1")
            assert given.status_code == 201
            kept = hall.house.vault.get(given.json()["id"], who="test", why="test")
            assert kept is not None
            assert kept.name == "Canary"
            assert len(hall.house.engine.hall.tickets) == 1

    asyncio.run(story())
