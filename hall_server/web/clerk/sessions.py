"""Signing in and out at a counter."""

from __future__ import annotations

import time

import msgspec
from litestar import Response, delete, post
from litestar.datastructures import State

from hall_protocol.refusals import Refused
from hall_protocol.requests import counter as ask

from ...core.hall import Hall
from ...core.people import session
from ...core.registry import Event
from ..device.tickets import REFUSED, answers, house_of
from ..house import HIDDEN, HttpRequest


class SessionView(msgspec.Struct):
    """A clerk is signed in. The token is for this counter and this clerk alone."""

    token: str
    clerk: str
    counter: str
    expires_at: str


@post("/sessions", responses=answers(201, SessionView, "Signed in"), summary="Sign in at a counter")
async def sign_in(request: HttpRequest, state: State, data: ask.SignIn) -> Response[bytes]:
    """A clerk's number and PIN, worth something only with the token of a paired counter."""
    house = house_of(state)
    caller = house.caller(request)
    clerk = house.engine.hall.clerks.get(data.clerk)
    hashed = house.credentials.pin_hash(data.clerk) if clerk is not None and clerk.enabled else None
    await house.once(request, caller)
    await house.pins.check(
        who=data.clerk,
        where=caller.device or "",
        secret=data.pin,
        hashed=hashed,
        now_ms=round(time.monotonic() * 1000),
    )
    if caller.counter is None:
        raise Refused("unknown_counter")

    def view(hall: Hall, events: list[Event]) -> SessionView:
        event = events[-1]
        assert isinstance(event, session.ClerkSignedIn)
        return SessionView(
            token=HIDDEN + event.session, clerk=event.clerk, counter=event.counter, expires_at=event.expires_at
        )

    return await house.act(request, session.SignInClerk(clerk=data.clerk, counter=caller.counter), view, status=201)


@delete("/sessions/current", status_code=204, responses=REFUSED, summary="Sign out")
async def sign_out(request: HttpRequest, state: State) -> Response[None]:
    """The clerk leaves; an open counter without a visitor closes."""
    house = house_of(state)
    caller = house.caller(request)
    current = caller.session
    if current is None:
        counter = house.engine.hall.counters.get(caller.counter or "")
        current = counter.session if counter is not None else None
    return await house.act(request, session.EndSession(session=current or "", reason="signed_out"), None, status=204)
