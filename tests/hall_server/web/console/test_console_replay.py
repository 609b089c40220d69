"""回放: a day on the bar, one row forward and back, and the B018 question answered in words."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from console_hall import Console, console_of, words

DAY = "2026-11-24"


async def take(console: Console, klass: str = "ordinary") -> str:
    console.doors.clock.at += 60_000
    return str((await console.doors.take(priority_class=klass))["number"])


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh-CN", "是老年人，抵前 15 分钟后按"),
        ("zh-TW", "抵前 15 分鐘後按"),
        ("en-GB", "has a head start of 15 min and counts from"),
    ],
)
def test_why_one_number_came_before_another(county: Path, language: str, sentence: str) -> None:
    async def story() -> None:
        async with console_of(county) as console:
            first, elder = await take(console), await take(console, "elder")
            await console.doors.at_counter("call-next")
            asked = f"/console/replay?day={DAY}&ticket={elder.lower()}&before={first}"
            shown = words(await console.open(asked, language=language))
            assert sentence in shown
            assert "{" not in shown
            assert console.doors.hall.settings_version in shown
            nothing = words(await console.open(f"/console/replay?day={DAY}&ticket=Z999&before={first}"))
            assert "抵前 15 分钟后" not in nothing

    asyncio.run(story())


def test_the_hall_at_any_row_without_script(county: Path) -> None:
    async def story() -> None:
        async with console_of(county) as console:
            number = await take(console)
            seq = console.doors.hall.seq
            await console.doors.at_counter("call-next")
            shown = words(await console.open(f"/console/replay?day={DAY}&seq={seq}"))
            assert f"#{seq}" in shown
            assert number in shown
            before = await console.open(f"/console/replay/then?day={DAY}&seq={seq - 1}")
            assert number not in words(before)
            after = words(await console.open(f"/console/replay/then?day={DAY}&seq={seq + 1}"))
            assert "叫号" in after
            empty = words(await console.open("/console/replay?day=2026-11-20"))
            assert "那一天没有记录" in empty
            assert (await console.open("/console/replay?day=2026-02-30")).status == 400
            assert (await console.open("/console/replay/then?day=2026-11-20&seq=1")).status == 404

    asyncio.run(story())
