"""The visitor's page in a real browser of a phone's size: alive, stale, large enough to touch, nothing cut."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from browser import CHROMIUM, Tab, phone
from page_hall import PageHall, page_hall

from hall_server.web.app import make_app
from hall_server.web.public.page import page_routes

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs a browser"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
TOO_SMALL = """
[...document.querySelectorAll('a, button, summary, .toggle')].filter((e) => {
  const box = e.getBoundingClientRect();
  return box.width && (box.height < 44 || box.width < 44);
}).map((e) => e.outerHTML.slice(0, 80))
"""
CUT = """
[...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().width).filter((e) => {
  const box = e.getBoundingClientRect();
  return box.right > innerWidth + 0.5 || box.left < -0.5
    || (e.children.length === 0 && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline');
}).map((e) => e.outerHTML.slice(0, 90))
"""


class Doors:
    """The hall on a real port, which can go away."""

    def __init__(self, hall: PageHall) -> None:
        self._hall = hall
        self._server: uvicorn.Server | None = None
        self._task: asyncio.Task[None] | None = None
        self.port = 0

    async def open(self) -> None:
        bound = socket.create_server(("127.0.0.1", self.port))
        self.port = bound.getsockname()[1]
        app = make_app(self._hall.house, self._hall.hub, page_routes(self._hall.house))
        config = uvicorn.Config(
            app, log_config=None, ws="websockets-sansio", lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._task = asyncio.ensure_future(self._server.serve(sockets=[bound]))
        async with asyncio.timeout(10):
            while not self._server.started:
                await asyncio.sleep(0.01)

    async def close(self) -> None:
        if self._server is not None and self._task is not None:
            self._hall.hub.close_all()
            self._server.should_exit = True
            await self._task
            self._server = None


@asynccontextmanager
async def seen(county: Path) -> AsyncIterator[tuple[PageHall, Doors, Tab]]:
    """A hall, its doors, and a phone."""
    async with page_hall(county) as hall, phone() as tab:
        doors = Doors(hall)
        await doors.open()
        try:
            yield hall, doors, tab
        finally:
            await doors.close()


def address(doors: Doors, path: str, query: str = "?lang=zh-Hans") -> str:
    return f"http://127.0.0.1:{doors.port}{path}{query}"


def test_the_page_follows_the_call_without_a_reload_and_keeps_to_its_policy(county: Path):
    async def story() -> None:
        async with seen(county) as (hall, doors, tab):
            _, url = await hall.take()
            await tab.open(address(doors, url))
            await tab.until("document.getElementById('link').className.includes('live')")
            assert await tab.value("document.title") == "A001 · 前面 0 人"
            await tab.value("window.same = true")
            await hall.at_counter("call-next")
            await tab.until("document.getElementById('page').dataset.state == 'called'", 5)
            assert await tab.value("window.same") is True
            assert "到您了" in await tab.value("document.title")
            assert await tab.value("getComputedStyle(document.querySelector('.amber')).backgroundColor") == (
                "rgb(255, 194, 51)"
            )
            assert tab.complaints == []

    asyncio.run(story())


def test_a_lost_connection_is_said_the_range_hidden_and_all_comes_back(county: Path):
    async def story() -> None:
        async with seen(county) as (hall, doors, tab):
            for _ in range(3):
                _, url = await hall.take()
            await tab.open(address(doors, url))
            await tab.until("document.getElementById('link').className.includes('live')")
            await doors.close()
            await tab.until("document.documentElement.classList.contains('is-stale')", 16)
            assert await tab.value("document.getElementById('stale').hidden") is False
            assert "连接断了，这是 10:3" in await tab.value("document.getElementById('stale').innerText")
            assert await tab.value("getComputedStyle(document.querySelector('.range')).visibility") == "hidden"
            await doors.open()
            await tab.value("document.getElementById('retry').click()")
            await tab.until("!document.documentElement.classList.contains('is-stale')", 20)
            assert await tab.value("getComputedStyle(document.querySelector('.range')).visibility") == "visible"

    asyncio.run(story())


def test_a_reminder_is_shown_when_few_are_ahead_and_a_comment_being_written_stays(county: Path):
    async def story() -> None:
        async with seen(county) as (hall, doors, tab):
            for _ in range(4):
                _, url = await hall.take()
            await tab.open(address(doors, url))
            await tab.value("document.querySelector('#remind input').click()")
            assert await tab.value("document.getElementById('reminded').hidden") is True
            await hall.at_counter("call-next")
            await tab.until("document.getElementById('page').dataset.ahead == '2'")
            assert await tab.value("document.getElementById('reminded').hidden") is False
            await tab.value("document.querySelector('details').open = true")
            await hall.at_counter("begin")
            await hall.at_counter("finish")
            await hall.at_counter("call-next")
            assert await tab.value("document.querySelector('details').open") is True

    asyncio.run(story())


async def every_state(hall: PageHall) -> list[str]:
    """Pages of tickets in every state."""
    pages = []
    for _ in range(7):
        ticket, url = await hall.take(service="S026")
        pages.append((ticket["id"], url))
    found = []
    await hall.at_counter("call-next")
    await hall.at_counter("begin")
    await hall.at_counter("finish")
    found.append(pages[0][1])
    await hall.at_counter("call-next")
    for _ in range(2):
        hall.clock.pass_s(20)
        await hall.at_counter("recall")
    hall.clock.pass_s(20)
    await hall.at_counter("no-show")
    found.append(pages[1][1])
    await hall.at_counter("call-next")
    await hall.at_counter("begin")
    await hall.at_counter("park", {"reason": "fetch_original"})
    found.append(pages[2][1])
    await hall.at_counter("call-next")
    await hall.at_counter("transfer", {"line": "B", "reason": "next_step"})
    found.append(pages[3][1])
    await hall.ask("POST", f"/tickets/{pages[6][0]}/cancel", "kiosk")
    await hall.at_counter("call-next")
    return [*found, pages[4][1], pages[5][1], pages[6][1], "/t/wrong"]


@pytest.mark.parametrize("query", ["?lang=zh-Hans", "?lang=zh-Hant", "?lang=en", "?lang=en&size=large"])
def test_nothing_is_cut_and_everything_is_large_enough_to_touch(county: Path, query: str):
    async def story() -> dict[str, Any]:
        wrong: dict[str, Any] = {}
        states = []
        async with seen(county) as (hall, doors, tab):
            for path in await every_state(hall):
                await tab.open(address(doors, path, query))
                state = await tab.value("document.getElementById('page').dataset.state || 'message'")
                states.append(state)
                for what, question in (("small", TOO_SMALL), ("cut", CUT)):
                    found = await tab.value(question)
                    if found:
                        wrong[f"{state} {what}"] = found
        assert states == ["finished", "no_show", "parked", "waiting", "called", "waiting", "cancelled", "message"]
        return wrong

    assert asyncio.run(story()) == {}


OPEN_PAGES = ("", "/items", "/waiting", "/board", "/bulletin", "/case", "/write", "/hall", "/item/S035", "/item/none")


@pytest.mark.parametrize("width", [390, 360])
def test_open_pages_fit_a_phone_and_keep_to_their_policy(county: Path, width: int):
    """A10a: guides, waits, board and forms on a small phone, in two languages and large print, without script."""

    async def story() -> dict[str, Any]:
        wrong: dict[str, Any] = {}
        async with seen(county) as (hall, doors, tab):
            await tab.do(
                "Emulation.setDeviceMetricsOverride", width=width, height=780, deviceScaleFactor=1, mobile=True
            )
            for query in ("?lang=zh-Hans", "?lang=en", "?lang=en&size=large"):
                for place in OPEN_PAGES:
                    hall.house.pace._seen.clear()
                    await tab.open(address(doors, f"/guide{place}", query))
                    for what, question in (("small", TOO_SMALL), ("cut", CUT)):
                        if found := await tab.value(question):
                            wrong[f"{place}{query} {what}"] = found
            wrong |= {"policy": tab.complaints} if tab.complaints else {}
        return wrong

    assert asyncio.run(story()) == {}
