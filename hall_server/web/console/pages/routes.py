"""All pages of the console behind their lock."""

from __future__ import annotations

from typing import Any

from litestar import Router
from litestar.exceptions import HTTPException

from hall_protocol.refusals import Refused

from . import bulletin, counters, devices, floor, frame, matters, people, replay, settings, sign_in

ROOMS = (sign_in, floor, counters, matters, bulletin, replay, devices, settings, people)
"""Each brings its `ROUTES`."""


def console_routes() -> list[Any]:
    """The routers for the hall's own listener; never for the public one."""
    pages = [route for room in ROOMS for route in room.ROUTES]
    return [
        Router(
            path="/",
            route_handlers=[*pages, frame.file],
            guards=[frame.lock],
            exception_handlers={
                Refused: frame.on_refused,
                frame.SignInFirst: frame.on_sign_in_first,
                HTTPException: frame.on_http,
            },
        )
    ]
