"""The callers: kept-alive HTTP connections and walls, thin enough that the server under test is what is measured."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import os
import time
from collections.abc import Awaitable, Callable
from typing import Any

_key = itertools.count()
RUN = os.urandom(4).hex()
"""Keeps the keys of two runs apart."""


class Connection(asyncio.Protocol):
    """One kept-alive connection, one request at a time."""

    def __init__(self, port: int = 0) -> None:
        self._port = port
        self._buffer = bytearray()
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._transport: asyncio.Transport | None = None
        self._end = -1

    @classmethod
    async def to(cls, port: int) -> Connection:
        """Connected to a port on loopback."""
        _, made = await asyncio.get_running_loop().create_connection(lambda: cls(port), "127.0.0.1", port)
        return made

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._end < 0:
            head = self._buffer.find(b"\r\n\r\n")
            if head < 0:
                return
            self._end = head + 4 + length_in(bytes(self._buffer[:head]))
            self._head = head
        if len(self._buffer) >= self._end:
            answer, self._answer = self._answer, None
            status = int(self._buffer[9:12])
            body = bytes(self._buffer[self._head + 4 : self._end])
            del self._buffer[: self._end]
            self._end = -1
            if answer is not None and not answer.done():
                answer.set_result((status, body))

    def connection_lost(self, error: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError("the server ended the connection"))

    async def ask(
        self, method: str, path: str, body: Any = None, *, token: str = "", key: str | None = None
    ) -> tuple[int, bytes]:
        """One request; status and body of its answer."""
        if self._transport is None or self._transport.is_closing():  # kept alive for a while only
            await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self._port)
        assert self._transport is not None
        content = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", "Host: bench", f"Content-Length: {len(content)}"]
        if content:
            lines.append("Content-Type: application/json")
        if token:
            lines.append(f"Authorization: Bearer {token}")
        if method != "GET":
            lines.append(f"Idempotency-Key: {key or f'{RUN}-{next(_key)}'}")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write("\r\n".join(lines).encode() + b"\r\n\r\n" + content)
        return await self._answer

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


def length_in(head: bytes) -> int:
    """The body's length as the head of an answer says; 0 when it says none."""
    lower = head.lower()
    at = lower.find(b"content-length:")
    if at < 0:
        return 0
    end = lower.find(b"\r\n", at)
    return int(lower[at + 15 : end if end >= 0 else None])


class Wall(asyncio.Protocol):
    """One live picture, followed without unpacking: it answers pings and looks for a text in what comes."""

    def __init__(self, path: str, token: str, hello: dict[str, Any]) -> None:
        self._path, self._token, self._hello = path, token, hello
        self._open = False
        self._buffer = bytearray()
        self.wanted = b""
        self.seen: Callable[[], None] = lambda: None
        self.first = asyncio.get_running_loop().create_future()
        self.bytes = 0

    @classmethod
    async def at(cls, port: int, *, path: str, token: str = "", hello: dict[str, Any]) -> Wall:
        """Connected and past its snapshot."""
        loop = asyncio.get_running_loop()
        _, made = await loop.create_connection(lambda: cls(path, token, hello), "127.0.0.1", port)
        await asyncio.wait_for(made.first, 30)
        return made

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        key = base64.b64encode(os.urandom(16)).decode()
        bearer = f"Authorization: Bearer {self._token}\r\n" if self._token else ""
        self._transport.write(
            f"GET {self._path} HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{bearer}"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self.bytes += len(data)
        self._buffer += data
        if not self._open:
            head = self._buffer.find(b"\r\n\r\n")
            if head < 0:
                return
            assert b" 101 " in self._buffer[:20], bytes(self._buffer[:200])
            del self._buffer[: head + 4]
            self._open = True
            self._transport.write(frame(0x81, json.dumps(self._hello).encode()))
        while (found := next_frame(self._buffer)) is not None:
            opcode, start, end = found
            payload = bytes(self._buffer[start:end])
            del self._buffer[:end]
            if opcode == 0x9:
                self._transport.write(frame(0x8A, payload))
            elif opcode == 0x1:
                self._told(payload)

    def _told(self, words: bytes) -> None:
        if not self.first.done():
            assert b'"refused"' not in words, words[:200]
            self.first.set_result(None)
        if self.wanted and self.wanted in words:
            self.wanted = b""
            self.seen()

    def close(self) -> None:
        self._transport.abort()


def next_frame(buffer: bytearray) -> tuple[int, int, int] | None:
    """Opcode, start and end of the first frame's payload, once it is there as a whole; servers do not mask."""
    if len(buffer) < 2:
        return None
    size, start = buffer[1], 2
    if size == 126:
        size, start = int.from_bytes(buffer[2:4], "big"), 4
    elif size == 127:
        size, start = int.from_bytes(buffer[2:10], "big"), 10
    return (buffer[0] & 0xF, start, start + size) if len(buffer) >= start + size else None


def frame(first: int, payload: bytes) -> bytes:
    """A masked frame, as clients must send it; the mask is zero, which leaves the payload as it is."""
    size = bytes([0x80 | len(payload)]) if len(payload) < 126 else bytes([0xFE]) + len(payload).to_bytes(2, "big")
    return bytes([first]) + size + b"\0\0\0\0" + payload


async def walls(port: int, count: int, *, path: str, token: str = "", hello: dict[str, Any]) -> list[Wall]:
    """So many of them, a hundred at a time."""
    made: list[Wall] = []
    while len(made) < count:
        batch = min(100, count - len(made))
        made += await asyncio.gather(*(Wall.at(port, path=path, token=token, hello=hello) for _ in range(batch)))
    return made


async def until_last(screens: list[Wall], wanted: bytes, act: Callable[[], Awaitable[Any]]) -> float:
    """Milliseconds from the beginning of `act` until the last wall has seen `wanted`."""
    left = len(screens)
    done = asyncio.get_running_loop().create_future()
    last = 0.0

    def seen() -> None:
        nonlocal left, last
        left -= 1
        if left == 0:
            last = time.perf_counter()
            done.set_result(None)

    for screen in screens:
        screen.wanted, screen.seen = wanted, seen
    begun = time.perf_counter()
    await act()
    await asyncio.wait_for(done, 30)
    return (last - begun) * 1000


async def hammer(
    port: int, clients: int, seconds: float, press: Callable[[Connection, int], Awaitable[tuple[int, bytes]]]
) -> tuple[float, list[float]]:
    """Closed loop: every client presses again as soon as it is answered. Presses a second, sorted milliseconds."""
    connections = [await Connection.to(port) for _ in range(clients)]
    times: list[float] = []
    end = time.perf_counter() + seconds

    async def client(connection: Connection, name: int) -> None:
        clock = time.perf_counter
        while (begun := clock()) < end:
            status, body = await press(connection, name)
            assert status in (200, 201), (status, body)
            times.append((clock() - begun) * 1000)

    begun = time.perf_counter()
    await asyncio.gather(*(client(connection, n) for n, connection in enumerate(connections)))
    took = time.perf_counter() - begun
    for connection in connections:
        connection.close()
    times.sort()
    return len(times) / took, times


def at_share(sorted_values: list[float], share: float) -> float:
    """The value below which that share lies."""
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))]
