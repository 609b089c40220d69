"""A network cable between a program and the hall that can be pulled: a relay on loopback."""

from __future__ import annotations

import asyncio
import contextlib

CHUNK = 65_536


class Cable:
    """Carries every connection to the hall's port until it is pulled, and again once it is plugged in."""

    def __init__(self, *, port: int, to_port: int) -> None:
        self.port, self.to_port = port, to_port
        self.pulled = False
        self._server: asyncio.Server | None = None
        self._ends: set[asyncio.StreamWriter] = set()
        self._carrying: set[asyncio.Task[None]] = set()

    async def plug(self) -> None:
        """Connections are taken from now on."""
        self.pulled = False
        if self._server is None:
            self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)

    async def pull(self) -> None:
        """What is under way breaks, and nothing new is taken."""
        self.pulled = True
        server, self._server = self._server, None
        if server is not None:
            server.close()
        for end in list(self._ends):
            end.transport.abort()
        if self._carrying:
            await asyncio.wait(self._carrying, timeout=1)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.to_port)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, far_writer}
        task = asyncio.current_task()
        assert task is not None
        self._carrying.add(task)
        task.add_done_callback(self._carrying.discard)
        self._ends |= ends
        ways = [
            asyncio.ensure_future(self._one_way(reader, far_writer)),
            asyncio.ensure_future(self._one_way(far_reader, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.ALL_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            for end in ends:
                end.transport.abort()
            self._ends -= ends

    async def _one_way(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK):
                writer.write(data)
                await writer.drain()
        with contextlib.suppress(OSError, RuntimeError):
            if writer.can_write_eof():
                writer.write_eof()
