"""The broken hall on a real port, for what only a real connection shows."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from broken_hall import BrokenHall

from hall_server.web.app import Doors, listener_on, make_app

LIMIT_S = 10


@asynccontextmanager
async def doors_of(hall: BrokenHall) -> AsyncIterator[int]:
    """The hall on a real port."""
    doors, listener = Doors(), listener_on("127.0.0.1", 0)
    await doors.open(make_app(hall.house, hall.hub), listener, certificate=None)
    try:
        yield listener.getsockname()[1]
    finally:
        hall.hub.close_all()
        await doors.close()


async def until(test: Callable[[], bool], what: str) -> None:
    """Waits for `test()`."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LIMIT_S):
            while not test():
                await asyncio.sleep(0.02)
    assert test(), what


async def exchange(port: int, request: bytes) -> bytes:
    """Sends bytes and reads until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    got = b""
    with contextlib.suppress(ConnectionError):
        writer.write(request)
        await writer.drain()
        async with asyncio.timeout(LIMIT_S):
            while more := await reader.read(65_536):
                got += more
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    return got
