"""A browser in words: somebody signed in by cookie who opens pages and sends forms."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

from doors_material import ACCOUNTS, MORNING, Answer, Doors, call, doors_of

from hall_server.web.app import make_app
from hall_server.web.console.pages.routes import console_routes

HOST = "hall.test"


class Console:
    """The hall with its console."""

    def __init__(self, doors: Doors) -> None:
        self.doors = doors
        self.app = make_app(doors.house, doors.hub, console_routes())

    async def open(self, path: str, who: str | None = "manager", *, language: str = "zh-CN", **headers: str) -> Answer:
        """A page."""
        return await call(self.app, "GET", path, self._headers(who, language) | headers, b"")

    async def send(
        self,
        path: str,
        fields: dict[str, str] | None = None,
        who: str | None = "manager",
        *,
        key: str | None = None,
        origin: str | None = f"http://{HOST}",
    ) -> Answer:
        """A form, with its hidden key."""
        made = {"idempotency_key": key or f"form-{next(self.doors._keys)}", **(fields or {})}
        content = urlencode(made).encode()
        headers = self._headers(who, "zh-CN")
        headers |= {"content-type": "application/x-www-form-urlencoded", "content-length": str(len(content))}
        if origin is not None:
            headers["origin"] = origin
        return await call(self.app, "POST", path, headers, content)

    def _headers(self, who: str | None, language: str) -> dict[str, str]:
        headers = {"host": HOST, "accept-language": language}
        if who is not None:
            headers["cookie"] = f"session={self.doors.tokens[who]}"
        return headers


def words(answer: Answer) -> str:
    """What a reader sees of a page."""
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", answer.body.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@asynccontextmanager
async def console_of(data: Path, *, at: str = MORNING) -> AsyncIterator[Console]:
    """The county hall in the morning, an account of every role signed in."""
    async with doors_of(data, at=at) as doors:
        yield Console(doors)


__all__ = ["ACCOUNTS", "HOST", "Console", "console_of", "words"]
