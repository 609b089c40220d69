"""The second listener: what phones outside may reach, and nothing else."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Litestar, Router, asgi
from litestar.config.response_cache import ResponseCacheConfig
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.exceptions import HTTPException

from hall_protocol.refusals import Refused

from ..device import ratings, tickets
from ..guard import guard
from ..house import House
from ..live import Hub, Receive, Send
from ..problems import on_crash, on_http, on_refused
from . import case_status, readings
from .open_pages import show_start
from .page import page_routes

BODY_MAX = 64_000
HERE_ALLOWED = frozenset({"anyone", "ticket"})
OWN = (
    tickets.look, tickets.cancel, tickets.reinstate, tickets.on_my_way, ratings.give,
    readings.catalogue, readings.lines, readings.board, readings.clock, case_status.ask_status,
)  # fmt: skip
"""Routes under `/api/v1` that a ticket's page may use, and those anyone may read."""


async def public_guard(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """The lock of all doors, and no devices, clerks or managers from outside."""
    await guard(connection)
    if connection.scope["state"]["caller"].role not in HERE_ALLOWED:
        raise Refused("not_allowed")


def tickets_only(hub: Hub) -> Any:
    """The live socket for pictures of tickets; no other credential than the picture's own token is looked at."""

    @asgi("/api/v1/live", copy_scope=False)
    async def live(scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await send({"type": "http.response.start", "status": 426, "headers": [(b"upgrade", b"websocket")]})
            await send({"type": "http.response.body", "body": b""})
            return
        bare = {**scope, "headers": []}
        await hub.serve(bare, modest(receive), send)

    return live


def modest(receive: Receive) -> Receive:
    """The client's messages, the hello reduced to a ticket's picture."""
    said_hello = False

    async def next_message() -> dict[str, Any]:
        nonlocal said_hello
        message: dict[str, Any] = await receive()
        if message["type"] == "websocket.receive" and not said_hello:
            said_hello = True
            return {"type": "websocket.receive", "text": reduced(message.get("text") or "")}
        return message

    return next_message


def reduced(hello: str) -> str:
    """A hello that asks for a ticket and for nothing else; any other asks for the ticket of nobody."""
    picture, after = "ticket:", None
    try:
        words = msgspec.json.decode(hello[:4096])
    except msgspec.DecodeError:
        words = None
    if isinstance(words, dict) and isinstance(words.get("picture"), str) and words["picture"].startswith("ticket:"):
        picture = words["picture"]
        after = words["after"] if isinstance(words.get("after"), int) else None
    return msgspec.json.encode({"hello": 1, "picture": picture, "after": after}).decode()


def public_app(house: House, hub: Hub) -> Litestar:
    """All doors of the listener for phones."""
    from ..app import with_headers

    return Litestar(
        route_handlers=[
            Router(path="/api/v1", route_handlers=list(OWN), before_request=public_guard),
            tickets_only(hub),
            show_start,
            *page_routes(house),
        ],
        state=State({"house": house, "hub": hub}),
        exception_handlers={Refused: on_refused, HTTPException: on_http, Exception: on_crash},
        after_request=with_headers,
        openapi_config=None,
        request_max_body_size=BODY_MAX,
        logging_config=None,
        response_cache_config=ResponseCacheConfig(default_expiration=0),
    )
