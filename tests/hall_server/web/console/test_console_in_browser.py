"""The console in a real headless Chromium: whole in three languages and two widths, alive, and axe is content."""

from __future__ import annotations

import asyncio
import csv
import io
import shutil
import socket
import subprocess
import tarfile
import time
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from console_hall import Console, console_of
from test_console_frame import set_password

CHROMIUM = shutil.which("chromium")
playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="needs the browser chromium"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
TABS = (
    "floor", "counters", "counters?line=A", "counters/3", "limits", "inquiries", "ratings", "complaints", "bulletin",
    "replay", "devices", "settings", "settings/queue", "settings/alarms", "people",
)  # fmt: skip
WIDTHS = {1440: 900, 390: 844}
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
AXE = "axe-core@4.10.3"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@asynccontextmanager
async def served(county: Path) -> AsyncIterator[tuple[Console, str]]:
    """The hall with its console on a real port."""
    async with console_of(county) as console:
        bound = socket.create_server(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        config = uvicorn.Config(
            console.app, log_config=None, ws="websockets-sansio", lifespan="off", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        task = asyncio.ensure_future(server.serve(sockets=[bound]))
        async with asyncio.timeout(10):
            while not server.started:
                await asyncio.sleep(0.01)
        try:
            yield console, f"http://127.0.0.1:{port}"
        finally:
            console.doors.hub.close_all()
            server.should_exit = True
            await asyncio.wait([task], timeout=5)


@asynccontextmanager
async def browsing(console: Console, base: str, *, width: int = 1440, who: str = "manager") -> AsyncIterator[Any]:
    """A page of a browser in which somebody is signed in; what it complains about fails the test."""
    async with playwright.async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        try:
            context = await browser.new_context(
                viewport={"width": width, "height": WIDTHS[width]}, accept_downloads=True, locale="zh-CN"
            )
            context.set_default_timeout(10_000)
            await context.add_cookies([{"name": "session", "value": console.doors.tokens[who], "url": base}])
            page = await context.new_page()
            wrong: list[str] = []
            page.on("pageerror", lambda error: wrong.append(str(error)))
            page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
            yield page
            assert wrong == []
        finally:
            await browser.close()


def test_the_floor_follows_an_event_and_a_counter_takes_another_line(county: Path) -> None:
    """The quick run: the floor changes by the live socket, and a manager moves a counter with the mouse."""

    async def story() -> None:
        async with served(county) as (console, base), browsing(console, base) as page:
            await page.goto(f"{base}/console/floor")
            await page.wait_for_function("document.getElementById('link').textContent.includes('0')")
            took = []
            for n in range(1, 6):
                began = time.perf_counter()
                await console.doors.take("A")
                await page.wait_for_function(
                    "n => [...document.querySelectorAll('#floor tbody tr')].some((r) =>"
                    " r.querySelector('.letter').textContent === 'A' && r.querySelector('td b').textContent === n)",
                    arg=str(n),
                )
                took.append((time.perf_counter() - began) * 1000)
            print("floor after an event, ms:", [round(one) for one in took])  # noqa: T201 - a measurement
            assert sorted(took)[2] < 600, "the middle one; 300 ms alone on a machine, twice that beside other tests"
            other = next(n for n in console.doors.hall.lines if n not in console.doors.hall.counters["3"].lines)
            await page.goto(f"{base}/console/counters/3")
            await page.check(f"input[name='serves-{other}']")
            await page.click("form[action$='/lines'] button")
            await page.wait_for_selector(".said")
            assert other in console.doors.hall.counters["3"].lines

    asyncio.run(story())


@pytest.mark.slow
def test_a_device_is_paired_and_the_bulletin_is_exported(county: Path) -> None:
    async def story() -> None:
        async with served(county) as (console, base), browsing(console, base) as page:
            asked = await console.doors.happy("POST", "/api/v1/pairings", "anyone", {"role": "kiosk"})
            await page.goto(f"{base}/console/devices")
            await page.fill("input[name=code]", asked["code"])
            await page.fill("input[name=name]", "东门")
            await page.check("input[name=same]")
            await page.click("form[action$='/pair'] button")
            await page.wait_for_selector(".said")
            assert console.doors.hall.device_named("东门") is not None
            await page.goto(f"{base}/console/bulletin")
            async with page.expect_download() as coming:
                await page.click("a[href*='format=csv']")
            kept = await (await coming.value).path()
            assert kept.stat().st_size > 100
            for _ in range(2):
                await console.doors.take("A")
            await page.goto(f"{base}/console/replay?ticket=A002&before=A001")
            assert "A002" in await page.inner_text("main")

    asyncio.run(story())


@pytest.mark.slow
def test_somebody_signs_in_and_a_service_comes_by_import(county: Path) -> None:
    """Through the forms alone: name and password, the files out, one row more, the files in; the kiosk has it."""

    async def story() -> None:
        async with served(county) as (console, base), browsing(console, base) as page:
            await set_password(console, "manager-t", "a long pass phrase")
            await page.context.clear_cookies()
            await page.goto(f"{base}/console/settings")
            await page.fill("input[name=name]", "manager-t")
            await page.fill("input[name=password]", "a long pass phrase")
            await page.click("main button")
            await page.wait_for_url("**/console/settings")
            async with page.expect_download() as coming:
                await page.click("a[href$='/files/export']")
            with zipfile.ZipFile(await (await coming.value).path()) as archive:
                rows = list(csv.DictReader(io.StringIO(archive.read("services.csv").decode("utf-8-sig"))))
            again = rows[0] | {
                "service": "S999",
                "name": "测试新事项",
                "short_name": "测试新事项",
                "aliases": "",
                "official_code": "",
            }
            out = io.StringIO()
            writer = csv.DictWriter(out, list(rows[0]))
            writer.writeheader()
            writer.writerows([*rows, again])
            sent = {"name": "services.csv", "mimeType": "text/csv", "buffer": out.getvalue().encode()}
            await page.set_input_files("input[name=files]", sent)
            await page.click("form[action$='/files/import'] button")
            await page.wait_for_load_state()
            assert await page.locator(".said").count(), await page.inner_text("main")
            catalogue = await console.doors.ask("GET", "/api/v1/catalogue", "kiosk")
            assert "测试新事项" in catalogue.body.decode()

    asyncio.run(story())


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_screen_in_any_language(county: Path, width: int) -> None:
    async def story() -> None:
        wide = {}
        async with served(county) as (console, base), browsing(console, base, width=width) as page:
            for language in LANGUAGES:
                for tab in TABS:
                    joint = "&" if "?" in tab else "?"
                    await page.goto(f"{base}/console/{tab}{joint}lang={language}")
                    over = await page.evaluate(OVERFLOW)
                    if over > 0:
                        wide[tab, language] = over
        assert wide == {}

    asyncio.run(story())


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The text of axe-core, fetched from the registry of npm for this run."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed, so axe-core cannot be fetched")
    folder = tmp_path_factory.mktemp("axe")
    try:
        subprocess.run([npm, "pack", AXE], cwd=folder, check=True, capture_output=True, timeout=60)
    except (subprocess.SubprocessError, OSError) as error:
        pytest.skip(f"axe-core cannot be fetched: {type(error).__name__}")
    (packed,) = folder.glob("*.tgz")
    with tarfile.open(packed) as archive:
        found = archive.extractfile("package/axe.min.js")
        assert found is not None
        return found.read().decode()


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_any_page(county: Path, axe: str, width: int) -> None:
    """WCAG 2.2 A and AA, as far as a program can tell."""

    async def story() -> None:
        found = {}
        async with served(county) as (console, base), browsing(console, base, width=width) as page:
            for tab in TABS:
                await page.goto(f"{base}/console/{tab}")
                await page.evaluate(axe)
                told = await page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", RULES)
                for one in told["violations"]:
                    found[tab, one["id"]] = [node["html"][:120] for node in one["nodes"]][:3]
        assert found == {}

    asyncio.run(story())
