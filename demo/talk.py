"""How simulated people reach the hall: its interface, its page, the screens' hands, the devices' control lines."""

from __future__ import annotations

import asyncio
import http.client
import json
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

PATIENCE_S = 5.0
TRIES = 6
AGAIN_S = 1.0
LINE_MAX = 1_000_000


class Away(Exception):
    """Whoever was asked does not answer."""


class No(Exception):
    """The hall refused; `code` says why."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code = status, code


@dataclass(frozen=True)
class Hall:
    """The hall's interface over HTTP. Every request is repeated with its own key until it is answered."""

    port: int

    async def ask(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> Any:
        """One request; its JSON. Raises `No` when refused, `Away` when there is no answer after some tries."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        text = json.dumps({} if body is None and method == "POST" else body).encode() if method != "GET" else None
        status, answer, _ = await self._tried(method, f"/api/v1{path}", text, headers)
        value = json.loads(answer) if answer else None
        if status >= 400:
            raise No(status, str((value or {}).get("code", "unknown")))
        return value

    async def page(self, path: str) -> str:
        """A page as a phone gets it. Raises `No`, `Away`."""
        status, answer, _ = await self._tried("GET", path, None, {"Accept-Language": "zh-CN"})
        if status >= 400:
            raise No(status, "page")
        return answer.decode()

    async def send_form(self, path: str, fields: dict[str, str]) -> None:
        """A form of a page, as a phone sends it. Raises `No`, `Away`."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        status, _, location = await self._tried("POST", path, urlencode(fields).encode(), headers)
        if status >= 400 or "said=" in location:
            raise No(status, location.rpartition("said=")[2] or "page")

    async def _tried(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes, str]:
        for tried in range(TRIES):
            try:
                answer = await asyncio.to_thread(self._once, method, path, body, headers)
            except (OSError, http.client.HTTPException):
                answer = None
            if answer is not None and answer[0] not in (429, 503):
                return answer
            await asyncio.sleep(AGAIN_S * (tried + 1))
        raise Away(path.partition("/t/")[0] or "the visitor's page")

    def _once(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            line.request(method, path, body=body, headers=headers)
            answer = line.getresponse()
            return answer.status, answer.read(), answer.getheader("location") or ""
        finally:
            line.close()


class HallTime:
    """Hall time, as the hall tells it, going on at the demo's speed."""

    def __init__(self, hall: Hall, *, speed: int) -> None:
        self._hall, self.speed = hall, speed
        self._now = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
        self._at = time.monotonic()

    async def set(self) -> None:
        """Asks the hall. Raises `Away`."""
        told = await self._hall.ask("GET", "/clock")
        self._now, self._at = datetime.fromisoformat(told["now"]), time.monotonic()

    def now(self) -> datetime:
        """Hall time now."""
        return self._now + timedelta(seconds=(time.monotonic() - self._at) * self.speed)

    async def pass_s(self, hall_s: float, *, least_s: float = 0.0) -> None:
        """Waits so many seconds of hall time, and not less than `least_s` real ones."""
        await asyncio.sleep(max(hall_s / self.speed, least_s))


@dataclass(frozen=True)
class Hand:
    """A hand at a program's screen (HALL_DRIVE)."""

    port: int

    async def do(self, line: str) -> dict[str, Any]:
        """One touch, key or look; the program's answer. Raises `Away`."""
        answer = await line_asked(self.port, line)
        try:
            value = json.loads(answer)
        except ValueError:
            raise Away(line) from None
        return value if isinstance(value, dict) else {}

    async def tap(self, name: str) -> bool:
        """Touches the item of that name; False when it is not there or may not be touched."""
        return bool((await self.do(f"tap {name}")).get("ok"))

    async def key(self, name: str) -> None:
        """Presses a key."""
        await self.do(f"key {name}")

    async def look(self) -> dict[str, Any]:
        """What the program shows."""
        return await self.do("state")

    async def until(
        self, condition: Callable[[dict[str, Any]], object], *, within_s: float = 6.0
    ) -> dict[str, Any] | None:
        """Looks until it is so; None when it does not become so in time."""
        until = time.monotonic() + within_s
        while True:
            seen = await self.look()
            if condition(seen):
                return seen
            if time.monotonic() > until:
                return None
            await asyncio.sleep(0.15)


@dataclass(frozen=True)
class Device:
    """A simulated device's control line."""

    port: int

    async def do(self, line: str) -> str:
        """One command. Raises `Away`."""
        return await line_asked(self.port, line)

    async def status(self) -> dict[str, Any]:
        """What the device says of itself. Raises `Away`."""
        try:
            value = json.loads(await self.do("status"))
        except ValueError:
            raise Away("status") from None
        return value if isinstance(value, dict) else {}


async def line_asked(port: int, line: str) -> str:
    """One line there, one line back, over loopback. Raises `Away`."""

    async def there_and_back() -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=LINE_MAX)
        try:
            writer.write(line.encode() + b"\n")
            return await reader.readline()
        finally:
            writer.close()

    try:
        answer = await asyncio.wait_for(there_and_back(), PATIENCE_S)
    except (OSError, TimeoutError, ValueError) as error:
        raise Away(line) from error
    if not answer:
        raise Away(line)
    return answer.decode("utf-8", "replace").strip()


class Forms(HTMLParser):
    """The forms of a page with their hidden fields, by the last word of their address."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str]] = {}
        self.addresses: dict[str, str] = {}
        self._open: dict[str, str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        if tag == "form":
            address = has.get("action") or ""
            verb = address.partition("?")[0].rpartition("/")[2]
            self._open = self.found[verb] = {}
            self.addresses[verb] = address
        elif tag == "input" and has.get("type") == "hidden" and self._open is not None:
            self._open[has.get("name") or ""] = has.get("value") or ""


async def patiently(act: Callable[[], Awaitable[Any]], *, pause_s: float = 2.0) -> Any:
    """Tries again and again until somebody answers."""
    while True:
        try:
            return await act()
        except Away:
            await asyncio.sleep(pause_s)
