"""A real browser without a window, driven through its debugging port: what a phone makes of a page."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import websockets

CHROMIUM = shutil.which("chromium")
PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}


class Tab:
    """One page of the browser."""

    def __init__(self, line: Any) -> None:
        self._line, self._next = line, 0
        self.complaints: list[str] = []
        """What the browser says about the page: broken rules, errors in the script."""

    async def do(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command; its result."""
        self._next += 1
        await self._line.send(json.dumps({"id": self._next, "method": method, "params": parameters}))
        while True:
            message = json.loads(await asyncio.wait_for(self._line.recv(), 20))
            self._note(message)
            if message.get("id") == self._next:
                assert "error" not in message, message
                result: dict[str, Any] = message["result"]
                return result

    def _note(self, message: dict[str, Any]) -> None:
        if message.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(message["params"])[:400])
        if message.get("method") == "Log.entryAdded" and message["params"]["entry"]["source"] == "security":
            self.complaints.append(message["params"]["entry"]["text"])

    async def value(self, expression: str) -> Any:
        """What an expression is in the page."""
        found = await self.do("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    async def until(self, expression: str, within_s: float = 15.0) -> None:
        """Waits until an expression holds in the page."""
        async with asyncio.timeout(within_s):
            while not await self.value(expression):
                await asyncio.sleep(0.1)

    async def open(self, address: str) -> None:
        """Goes to an address and waits until it is there."""
        await self.do("Page.navigate", url=address)
        await self.until(f"document.readyState == 'complete' && location.href.includes({json.dumps(address[-20:])})")


@asynccontextmanager
async def phone() -> AsyncIterator[Tab]:
    """A browser of a phone's size."""
    assert CHROMIUM is not None
    # Its helpers write for a moment after it was ended; what they leave behind is the system's to clear.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0",
            f"--user-data-dir={profile}", "about:blank",
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            port = await debugging_port(Path(profile) / "DevToolsActivePort")
            target = await first_tab(port)
            async with websockets.connect(target, max_size=None, proxy=None) as line:
                tab = Tab(line)
                for domain in ("Page", "Runtime", "Log"):
                    await tab.do(f"{domain}.enable")
                await tab.do("Emulation.setDeviceMetricsOverride", **PHONE)
                yield tab
        finally:
            process.kill()
            await process.wait()


async def debugging_port(file: Path) -> int:
    """Where the browser listens, once it does."""
    async with asyncio.timeout(30):
        while not file.exists() or not file.read_text().strip():
            await asyncio.sleep(0.05)
    return int(file.read_text().splitlines()[0])


async def first_tab(port: int) -> str:
    """The debugging address of the browser's first page."""

    def asked() -> list[dict[str, str]]:
        with urlopen(f"http://127.0.0.1:{port}/json/list", timeout=5) as answer:
            listed: list[dict[str, str]] = json.load(answer)
        return listed

    async with asyncio.timeout(15):
        while True:
            tabs = [t for t in await asyncio.to_thread(asked) if t["type"] == "page"]
            if tabs:
                return tabs[0]["webSocketDebuggerUrl"]
            await asyncio.sleep(0.1)
