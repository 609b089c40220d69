"""Tickets a kiosk gave out alone, sent twice at one instant, crossed with their own online try, or with odd numbers."""

from __future__ import annotations

import asyncio
import threading
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest
from broken_doors import doors_of
from broken_hall import MORNING, BrokenHall, broken_hall

from hall_server.journal.rows import Batch


def entry(key: str, number: str, *, line: str = "A") -> dict[str, Any]:
    return {"key": key, "number": number, "line": line, "priority_class": "ordinary", "issued_at": MORNING}


def offline(*entries: dict[str, Any]) -> tuple[str, dict[str, Any], str]:
    """A merge: path, body, a key of its own."""
    return "/tickets/offline", {"tickets": list(entries)}, uuid.uuid4().hex


async def ask(hall: BrokenHall, port: int, *asked: tuple[str, dict[str, Any], str]) -> list[Any]:
    """All requests of the kiosk at one instant: nothing is on disk before the last has been read."""
    headers = {"Authorization": f"Bearer {hall.tokens['kiosk']}"}
    go = threading.Event()
    hall.house.engine.journal.submit(Batch(rows=[], answers=[]), lambda _batch, _error: go.wait(20))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/api/v1", headers=headers) as client:
        under_way = [
            asyncio.ensure_future(client.post(path, json=body, headers={"Idempotency-Key": key}))
            for path, body, key in asked
        ]
        await asyncio.sleep(0.3)
        go.set()
        return await asyncio.gather(*under_way)


def test_merges_that_cross_make_each_ticket_once(county: Path) -> None:
    async def story() -> None:
        async with broken_hall(county) as hall, doors_of(hall) as port:
            both = entry("touch-1", "R001"), entry("touch-2", "R002")
            answers = await ask(hall, port, *(offline(*(both if n % 2 else both[::-1])) for n in range(8)))
            assert {answer.status_code for answer in answers} == {200}
            told = {(t["key"], t["id"], t["number"]) for answer in answers for t in answer.json()["tickets"]}
            assert {(key, number) for key, _, number in told} == {("touch-1", "R001"), ("touch-2", "R002")}
            assert len(told) == len(hall.house.engine.hall.tickets) == 2

    asyncio.run(story())


@pytest.mark.parametrize("online_first", [True, False])
def test_a_merge_that_crosses_its_own_online_try_makes_one_waiting_ticket(county: Path, online_first: bool) -> None:
    async def story() -> None:
        async with broken_hall(county) as hall, doors_of(hall) as port:
            online = "/tickets", {"line": "A"}, "touch-1"
            tries = [online, offline(entry("touch-1", "R001")), online]
            answers = await ask(hall, port, *(tries if online_first else tries[1:]))
            assert {answer.status_code for answer in answers} <= {200, 201}
            (again,) = await ask(hall, port, offline(entry("touch-1", "R001")))
            assert again.json()["tickets"][0]["number"] == "R001"
            waiting = [t.number for t in hall.house.engine.hall.tickets.values() if t.state == "waiting"]
            assert waiting == ["R001"]
            assert hall.house.engine.failed_at is None

    asyncio.run(story())


@pytest.mark.parametrize("number", ["", "A" * 17, "../x", "<b>", "A 1", "\u0000", "A\n"])
def test_a_number_nobody_can_print_is_refused(county: Path, number: str) -> None:
    async def story() -> None:
        async with broken_hall(county) as hall:
            path, body, key = offline(entry("touch-1", number))
            assert (await hall.ask("POST", path, "kiosk", body, key=key)).status_code == 400
            assert not hall.house.engine.hall.tickets

    asyncio.run(story())
