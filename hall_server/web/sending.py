"""Answers as they leave: the bytes are made already, the headers are the same each time, and one write carries both.

The frame's own response does more than a hall's answer needs, several times a ticket; and the listener writes head
and body apart, which costs a second system call and a second packet.
"""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Response
from litestar.datastructures import Cookie

from .problems import HEADERS
from .wire import Bounded

_HEAD = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
_JSON = [*_HEAD, (b"content-type", b"application/json")]


class Told(Response[Any]):
    """An answer of the hall: JSON or nothing. Headers and cookies may be added until it leaves."""

    def __init__(self, status: int, body: bytes) -> None:
        self.content = body or None
        self.status_code = status
        self.headers: dict[str, Any] = {}
        self.cookies: list[Cookie] = []
        self.background = None
        self.media_type = None
        self.encoding = "utf-8"
        self.response_type_encoders = {}

    def to_asgi_response(self, app: Any, request: Any, **_: Any) -> Any:
        """What sends it."""
        head = list(_JSON if self.content else _HEAD)
        if self.status_code != 204:
            head.append((b"content-length", str(len(self.content or b"")).encode()))
        head += [(name.lower().encode("latin-1"), str(value).encode("latin-1")) for name, value in self.headers.items()]
        head += [cookie.to_encoded_header() for cookie in self.cookies]
        return Sending(self.status_code or 200, head, self.content or b"")


class Sending:
    """One answer on its way."""

    __slots__ = ("_body", "_head", "_status")

    def __init__(self, status: int, head: list[tuple[bytes, bytes]], body: bytes) -> None:
        self._status, self._head, self._body = status, head, body

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": self._status, "headers": self._head})
        await send({"type": "http.response.body", "body": self._body, "more_body": False})


class OneWriteProtocol(Bounded):
    """The listener's protocol on a transport that writes an answer's parts together."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(Corked(transport, self.loop))  # type: ignore[arg-type]


class Corked:
    """A transport that keeps what is written until the loop has gone round once.

    Only for HTTP: when a WebSocket takes over, each message leaves at once again.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._kept: list[bytes] = []
        self._corked = True

    def write(self, data: bytes) -> None:
        """Takes bytes; they leave in order."""
        if not self._corked:
            self._transport.write(data)
            return
        if not self._kept:
            self._loop.call_soon(self._flush)
        self._kept.append(data)

    def _flush(self) -> None:
        if self._kept:
            kept, self._kept = self._kept, []
            self._transport.write(b"".join(kept))

    def close(self) -> None:
        """Everything written leaves first."""
        self._flush()
        self._transport.close()

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Another protocol takes over."""
        self._flush()
        self._corked = False
        self._transport.set_protocol(protocol)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
