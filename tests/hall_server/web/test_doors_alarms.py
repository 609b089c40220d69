"""Thresholds on the managers' list of a real hall, and its failure to tell somebody outside."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

from doors_material import Doors, doors_of

from hall_server.web.outward import view_of, watch_of


async def chosen(doors: Doors, **rules: Any) -> None:
    told = {"session": {"idle_min": 480}, "alarms": rules}
    await doors.happy("PATCH", "/api/v1/settings", "manager", told, headers={"if-match": "*"})


def codes(doors: Doors) -> list[str]:
    return [one.code for one in view_of(doors.house).alerts]


def test_a_queue_and_a_wait_over_their_thresholds_are_on_the_list(county: Path) -> None:
    async def story() -> None:
        async with doors_of(county) as doors:
            await chosen(doors, queue=2, wait_min=10)
            await doors.take("A")
            assert "queue_long" not in codes(doors)
            await doors.take("A")
            assert "queue_long" in codes(doors)
            doors.clock.at += 9 * 60_000
            assert "long_wait" not in codes(doors)
            doors.clock.at += 2 * 60_000
            assert "long_wait" in codes(doors)
            view = view_of(doors.house)
            assert all("{" not in view.say(f"alert.{a.code}", **a.values) for a in view.alerts)
            await doors.at_counter("call-next")
            assert "queue_long" not in codes(doors)

    asyncio.run(story())


def test_a_receiver_that_is_not_there_is_said_on_the_list_until_it_is_taken_away(county: Path) -> None:
    async def story() -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            dead = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        async with doors_of(county) as doors:
            await chosen(doors, queue=1, webhook=dead)
            await doors.take("A")
            watch = watch_of(doors.house)
            await watch.once()
            assert "alarm_not_sent" in codes(doors)
            await chosen(doors, webhook=None)
            await watch.once()
            assert "alarm_not_sent" not in codes(doors)

    asyncio.run(story())


def test_an_old_backup_is_on_the_list_only_where_the_hall_wants_it(county: Path) -> None:
    async def story() -> None:
        async with doors_of(county) as doors:
            doors.house.check_disk()
            assert "backup_old" not in codes(doors)
            await chosen(doors, backup_age_h=24)
            doors.house.check_disk()
            assert "backup_old" in codes(doors)
            (county / "backups" / "hall.tar").write_bytes(b"x")
            doors.house.check_disk()
            assert "backup_old" not in codes(doors)

    asyncio.run(story())
