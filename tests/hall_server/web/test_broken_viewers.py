"""Clients of live pictures that stand still (contract.md 4, reliability.md R6): cut, and nobody else notices."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import socket
from pathlib import Path

import pytest
from broken_doors import LIMIT_S, doors_of, until
from broken_hall import broken_hall
from websockets.asyncio.client import connect

from hall_server.web import app, live
from hall_server.web.live import NOT_ALLOWED


async def deaf_client(port: int, token: str, *, hello: bool = True) -> socket.socket:
    """A client that asks for the kiosk's picture and never reads a byte of it."""
    loop, client = asyncio.get_running_loop(), socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    client.setblocking(False)
    await loop.sock_connect(client, ("127.0.0.1", port))
    key = base64.b64encode(os.urandom(16)).decode()
    head = (
        f"GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nAuthorization: Bearer {token}\r\n\r\n"
    )
    await loop.sock_sendall(client, head.encode())
    if hello:
        assert (await loop.sock_recv(client, 1000)).startswith(b"HTTP/1.1 101")
        words = json.dumps({"hello": 1, "picture": "kiosk:kiosk-t", "after": None}).encode()
        # A frame of a client is masked (RFC 6455 5.3); the mask of zeros leaves the words as they are.
        await loop.sock_sendall(client, bytes([0x81, 0x80 | len(words), 0, 0, 0, 0]) + words)
    return client


def test_a_client_that_reads_nothing_is_cut_and_others_stay(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "PING_EVERY_S", 0.3)
    monkeypatch.setattr(app, "PONG_WITHIN_S", 0.9)

    async def story() -> None:
        async with broken_hall(county) as hall, doors_of(hall) as port:
            headers = {"Authorization": f"Bearer {hall.tokens['kiosk']}"}
            async with connect(f"ws://127.0.0.1:{port}/api/v1/live", additional_headers=headers) as reader:
                await reader.send(json.dumps({"hello": 1, "picture": "kiosk:kiosk-t", "after": None}))
                assert "snapshot" in json.loads(await reader.recv())
                deaf = await deaf_client(port, hall.tokens["kiosk"])
                viewers = hall.hub.topics["kiosk:kiosk-t"].viewers
                await until(lambda: len(viewers) == 2, "the deaf client was let in")
                await until(lambda: len(viewers) == 1, "the deaf client was cut")
                await hall.take(line="A")
                assert "seq" in json.loads(await asyncio.wait_for(reader.recv(), LIMIT_S))
                deaf.close()

    asyncio.run(story())


def test_a_client_with_full_buffers_is_cut_although_no_good_bye_reaches_it(
    county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "CUT_AFTER_S", 0.3)

    async def story() -> None:
        async with broken_hall(county) as hall, doors_of(hall) as port:
            deaf = await deaf_client(port, hall.tokens["kiosk"])
            await until(lambda: "kiosk:kiosk-t" in hall.hub.topics, "the deaf client was let in")
            topic = hall.hub.topics["kiosk:kiosk-t"]
            viewer = next(iter(topic.viewers))
            while viewer.sending_since is None:
                viewer.post(json.dumps({"seq": 1, "patch": {"padding": "x" * 20_000}}))
                await asyncio.sleep(0)
            await asyncio.sleep(0.4)
            hall.hub.beat()
            await until(lambda: not topic.viewers, "the deaf client was cut")
            deaf.close()

    asyncio.run(story())


def test_a_client_that_never_says_hello_is_sent_away(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HELLO_WITHIN_S", 0.2)

    async def story() -> None:
        async with broken_hall(county) as hall, doors_of(hall) as port:
            silent = await deaf_client(port, hall.tokens["kiosk"], hello=False)
            got = b""
            async with asyncio.timeout(LIMIT_S):
                while b"\x88\x02" + NOT_ALLOWED.to_bytes(2) not in got:  # the close frame
                    got += await asyncio.get_running_loop().sock_recv(silent, 4096)
            silent.close()

    asyncio.run(story())
