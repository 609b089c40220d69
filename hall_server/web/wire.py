"""The socket under a live picture: bounded in what it holds, and cut for good when its client is gone or reads nothing.

A client that stands still cannot be told so: whatever is written to it waits in buffers, and an orderly close waits
behind that. So the connection is pinged, its buffers are kept small, and it is aborted, not closed.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

PING_EVERY_S = 10.0
PONG_WITHIN_S = 22.0
"""Without an answer to a ping for so long the client reads nothing (contract.md 4: 30 s, counted from its last)."""
LINGER_S = 3.0
"""What is left to send when a conversation has ended gets so long to leave."""
KERNEL_SEND_BYTES = 131_072
"""What the operating system may hold for one client; by itself it takes megabytes before anybody notices."""
ABORT = "counterhall.abort"
"""Extension of the ASGI scope: ends the connection at once, whatever is still to be sent."""


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

    def keepalive_timeout(self) -> None:
        """No answer to a ping: nobody reads there."""
        super().keepalive_timeout()
        self.transport.abort()

    async def run_asgi(self) -> None:
        """The conversation; when it has ended the connection does not outlive it for long."""
        await super().run_asgi()
        self.loop.call_later(LINGER_S if self.close_timer is None else self.close_timeout, self.transport.abort)
