"""The second listener opens for phones what they need, and nothing else."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
import uvicorn
import websockets
from page_hall import PageHall, page_hall

from hall_server.trust.roles import ALLOWED
from hall_server.web.public.listener import public_app

OPEN = {
    ("GET", "/api/v1/catalogue"),
    ("GET", "/api/v1/lines"),
    ("GET", "/api/v1/board"),
    ("POST", "/api/v1/case-status"),
    ("GET", "/api/v1/clock"),
    ("GET", "/api/v1/tickets/{id}"),
    ("POST", "/api/v1/tickets/{id}/cancel"),
    ("POST", "/api/v1/tickets/{id}/reinstate"),
    ("POST", "/api/v1/tickets/{id}/on-my-way"),
    ("POST", "/api/v1/ratings"),
}


def test_only_these_routes_are_there(county: Path):
    async def story() -> None:
        async with page_hall(county) as hall:
            for method, path in sorted(ALLOWED):
                if path == "/api/v1/live":
                    continue
                answer = await hall.outside.request(method, path.replace("{id}", "x").replace("{n}", "3"))
                there = answer.status_code not in (404, 405) or answer.json()["code"] == "unknown_ticket"
                assert there == ((method, path) in OPEN), (method, path, answer.status_code)
            assert (await hall.outside.get("/demo")).status_code == 404

    asyncio.run(story())


def test_a_page_works_here_and_devices_do_not(county: Path):
    async def story() -> None:
        async with page_hall(county) as hall:
            ticket, url = await hall.take()
            assert (await hall.outside.get(url)).status_code == 200
            path = f"/api/v1/tickets/{ticket['id']}"
            for who in ("kiosk", "clerk"):
                answer = await hall.outside.get(path, headers={"Authorization": f"Bearer {hall.tokens[who]}"})
                assert answer.status_code == 403
            own = await hall.outside.get(path, headers={"Authorization": f"Bearer {url.split('/')[-1]}"})
            assert own.json()["number"] == "A001"

    asyncio.run(story())


@asynccontextmanager
async def listening(hall: PageHall) -> AsyncIterator[int]:
    """The public app on a real port of this machine."""
    bound = socket.create_server(("127.0.0.1", 0))
    app = public_app(hall.house, hall.hub)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="websockets-sansio", lifespan="off"))
    task = asyncio.ensure_future(server.serve(sockets=[bound]))
    try:
        async with asyncio.timeout(10):
            while not server.started:
                await asyncio.sleep(0.01)
        yield bound.getsockname()[1]
    finally:
        server.should_exit = True
        await task


async def first_word(port: int, hello: Any, **headers: str) -> Any:
    """The socket's first answer to a hello."""
    address = f"ws://127.0.0.1:{port}/api/v1/live"
    async with websockets.connect(address, additional_headers=headers, proxy=None) as client:
        await client.send(msgspec.json.encode(hello).decode())
        return msgspec.json.decode(await asyncio.wait_for(client.recv(), 5))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_live_socket_shows_tickets_alone(county: Path):
    async def story() -> None:
        async with page_hall(county) as hall, listening(hall) as port:
            _, url = await hall.take()
            token = url.split("/")[-1]
            shown = await first_word(port, {"hello": 1, "picture": f"ticket:{token}"})
            assert shown["snapshot"]["ticket"]["number"] == "A001"
            counter = hall.tokens["counter"]
            for hello in (
                {"hello": 1, "picture": "counter:3", "token": counter},
                {"hello": 1, "picture": "manager", "token": counter},
                {"hello": 1, "picture": "ticket:wrong", "token": counter},
                ["nonsense"],
            ):
                said = await first_word(port, hello, authorization=f"Bearer {counter}")
                assert said == {"refused": "unknown_ticket"}

    asyncio.run(story())
