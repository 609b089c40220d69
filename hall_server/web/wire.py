"""The connections under the doors: bounded in number, in patience and in what they hold, and cut for good.

A client that stands still cannot be told so: whatever is written to it waits in buffers, and an orderly close waits
behind that. So live pictures are pinged, buffers are small, and what overstays is aborted, not closed.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

REQUEST_WITHIN_S: Final = 30.0
"""A request must be here as a whole so long after the connection, or after its first byte on a kept one."""
READ_WITHIN_S: Final = 30.0
"""A client that takes nothing of its answer for so long has gone."""
HEAD_BYTES_MOST: Final = 65_536
"""Request line and headers; a single packet more may pass."""
SPARE_DESCRIPTORS: Final = 128
"""Kept for files: the journal must not fail because too many are connected."""
PING_EVERY_S: Final = 10.0
PONG_WITHIN_S: Final = 22.0
"""Without an answer to a ping for so long the client reads nothing (contract.md 4: 30 s, counted from its last)."""
LINGER_S: Final = 3.0
"""What is left to send when a conversation has ended gets so long to leave."""
KERNEL_SEND_BYTES: Final = 131_072
"""What the operating system may hold for one client; by itself it takes megabytes before anybody notices."""
ABORT: Final = "counterhall.abort"
"""Extension of the ASGI scope: ends the connection at once, whatever is still to be sent."""
_TOO_MUCH: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


def room_for_connections() -> int:
    """Asks the system for all the descriptors this process may have; how many of them connections may take."""
    try:
        import resource
    except ImportError:
        return 2048  # Windows has no such limit that matters here
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return max(64, hard - SPARE_DESCRIPTORS)


class Bounded(HttpToolsProtocol):
    """One HTTP connection. `connections_most` is set once, when the doors open."""

    connections_most = 2048

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client is here."""
        super().connection_made(transport)
        self._head_bytes: int | None = 0
        """Bytes of a head that is not complete; None while a body comes or is answered."""
        self._late: asyncio.TimerHandle | None = None
        self._deaf: asyncio.TimerHandle | None = None
        self._expect()
        if len(self.connections) > self.connections_most:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """It has gone."""
        self._forget_timers()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """What the client sent."""
        if self._head_bytes is not None:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._head_bytes is not None and self._head_bytes > HEAD_BYTES_MOST and not self.transport.is_closing():
            self.transport.write(_TOO_MUCH)
            self.transport.close()

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        super().on_message_begin()
        if self._late is None:
            self._expect()

    def on_headers_complete(self) -> None:
        """The head is here."""
        self._head_bytes = None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is here."""
        self._head_bytes = 0
        if self._late is not None:
            self._late.cancel()
            self._late = None
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """Another protocol takes over, with times of its own."""
        self._forget_timers()
        super().handle_websocket_upgrade()

    def pause_writing(self) -> None:
        """The client is slower than its answer."""
        super().pause_writing()
        if self._deaf is None:
            self._deaf = self.loop.call_later(READ_WITHIN_S, self.transport.abort)

    def resume_writing(self) -> None:
        """It takes more."""
        if self._deaf is not None:
            self._deaf.cancel()
            self._deaf = None
        super().resume_writing()

    def _expect(self) -> None:
        self._late = self.loop.call_later(REQUEST_WITHIN_S, self.transport.abort)

    def _forget_timers(self) -> None:
        for timer in (self._late, self._deaf):
            if timer is not None:
                timer.cancel()
        self._late = self._deaf = None


class LiveProtocol(WebSocketsSansIOProtocol):
    """One WebSocket connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client is here."""
        super().connection_made(transport)
        plain = transport.get_extra_info("socket")
        if plain is not None:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_SEND_BYTES)

    def handle_connect(self, event: Any) -> None:
        """The request to open: what the application may do with the connection is put in its scope."""
        super().handle_connect(event)
        if self.response.status_code == 101:
            self.scope["extensions"][ABORT] = {"abort": self.transport.abort}  # type: ignore[typeddict-item,index]

    def send_receive_event_to_app(self) -> None:
        """A message; one that is no text although it says so ends the conversation, which is no error of ours."""
        if self.curr_msg_data_type == "text":
            try:
                b"".join(self.frames).decode()
            except UnicodeDecodeError:
                self.conn.fail(1007, "not UTF-8")
                self.handle_parser_exception()
                return
        super().send_receive_event_to_app()

    def keepalive_timeout(self) -> None:
        """No answer to a ping: nobody reads there."""
        super().keepalive_timeout()
        self.transport.abort()

    async def run_asgi(self) -> None:
        """The conversation; when it has ended the connection does not outlive it for long."""
        await super().run_asgi()
        self.loop.call_later(LINGER_S if self.close_timer is None else self.close_timeout, self.transport.abort)
