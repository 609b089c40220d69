"""A simulated clerk's applications and questions, against a real server of a furnished hall."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

from demo.crowd import Crowd
from demo.desks import HttpDesk
from demo.matters import APPLIES, Known, Matters, seals
from demo.notes import read
from demo.plan import CLERK_AT, Runtime, free_ports
from demo.talk import Hall, HallTime
from hall_server.journal.reader import Reader

COUNTER, LINE = "5", "A"


class Always(Random):
    """Dice that fall as wanted once, and then as they like."""

    def __init__(self, first: float) -> None:
        super().__init__(4)
        self._first: float | None = first

    def random(self) -> float:
        """The wanted one first."""
        if getattr(self, "_first", None) is not None:
            first, self._first = self._first, None
            return first  # type: ignore[return-value]
        return super().random()


@asynccontextmanager
async def at_the_counter(data: Path, dice: Random) -> AsyncIterator[Matters]:
    """A visitor sits at counter 5 of a hall that runs."""
    port, runtime = free_ports(1)[0], Runtime.beside(data)
    held = read(runtime.secrets)
    server = subprocess.Popen(
        [sys.executable, "-m", "demo.server", str(data), str(port)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        assert server.stdout is not None
        assert b"ready" in await asyncio.wait_for(asyncio.to_thread(server.stdout.readline), 30)
        hall = Hall(port)
        time = HallTime(hall, speed=1)
        await time.set()
        catalogue = await hall.ask("GET", "/catalogue")
        known = Known({s["service"]: s for s in catalogue["services"]}, seals(), tuple(CLERK_AT.values()))
        clerk = CLERK_AT[COUNTER]
        token, pin = held["tokens"][f"counter-{COUNTER}"], held["clerks"][clerk]
        desk = HttpDesk(hall, counter=COUNTER, token=token, clerk=clerk, pin=pin)
        await hall.ask("POST", "/tickets", {"service": "S022"}, token=held["tokens"]["K2"])
        await desk.look()
        for act in ("open", "call_next", "begin"):
            assert await desk.act(act)
        crowd = Crowd(hall, time, Random(1), runtime)
        matters = Matters(desk, known=known, crowd=crowd, time=time, dice=Random(1))
        matters.dice = dice
        yield matters
    finally:
        server.terminate()
        server.wait(10)
        if server.stdout is not None:
            server.stdout.close()


def happened(data: Path, dice: Random, story: Callable[[Matters], Awaitable[Any]]) -> list[tuple[str, dict[str, Any]]]:
    """What the record has of it."""

    async def whole() -> None:
        async with at_the_counter(data, dice) as matters:
            await story(matters)

    asyncio.run(whole())
    with Reader(data / "journal.db") as reader:
        return [(row.type, json.loads(row.data)) for row in reader.stream(0)]


def test_an_application_becomes_a_case_with_its_ticket(furnished: Path):
    rows = happened(furnished, Always(APPLIES / 2), lambda matters: matters.of_visitor())
    kinds = [kind for kind, _ in rows]
    assert "case_received" in kinds
    case = next(data for kind, data in rows if kind == "case_received")
    assert case["clerk"] == CLERK_AT[COUNTER]
    assert case["ticket"].endswith("A001")
    assert "case_decided" in kinds or "case_supplement_asked" in kinds or "case_accepted" in kinds


def test_a_question_is_registered_and_answered_or_handed_on(furnished: Path):
    rows = happened(furnished, Always(APPLIES + 0.01), lambda matters: matters.of_visitor())
    kinds = {kind for kind, _ in rows}
    assert "inquiry_opened" in kinds
    assert kinds & {"inquiry_answered", "inquiry_handed_over"}
