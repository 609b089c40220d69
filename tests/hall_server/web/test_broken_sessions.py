"""Sessions nobody uses end (reliability.md S6), whoever moves the clock and whatever the server did meanwhile."""

from __future__ import annotations

import asyncio
from pathlib import Path

from broken_hall import MORNING, BrokenHall, broken_hall

from hall_server.core.stamp import instant
from hall_server.web.app import open_house

MINUTE_MS = 60_000


async def answers(hall: BrokenHall) -> list[int]:
    """What a manager's and a clerk's session are told."""
    manager = await hall.ask("GET", "/devices", "manager")
    clerk = await hall.ask("POST", "/counters/3/open", "clerk")
    return [manager.status_code, clerk.status_code]


def test_a_session_nobody_used_for_half_an_hour_is_nobodys(county: Path) -> None:
    async def story() -> None:
        async with broken_hall(county) as hall:
            for _ in range(3):
                hall.clock.at += 29 * MINUTE_MS
                assert await answers(hall) == [200, 200]
            hall.clock.at += 31 * MINUTE_MS
            assert await answers(hall) == [401, 401]
            assert len(hall.house.idle_sessions()) == 2

    asyncio.run(story())


def test_a_session_does_not_outlive_a_server_that_was_away(county: Path) -> None:
    async def story() -> None:
        async with broken_hall(county) as hall:
            for away, told in ((29, []), (31, sorted(hall.house.engine.hall.sessions))):
                hall.clock.at = instant(MORNING) + away * MINUTE_MS
                again = open_house(county, hall.house.engine)
                assert sorted(again.idle_sessions()) == told
                again.close()

    asyncio.run(story())
