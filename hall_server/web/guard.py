"""The lock on all doors: who asks, may this role use this route, is it too fast, does it come from our page."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection

from hall_protocol.refusals import Refused

from ..trust.roles import ALLOWED, METRICS_OPEN_ON_LOOPBACK
from .caller import ANYONE, Caller, bearer, caller_of, header
from .live import same_origin

READING = frozenset({"GET", "HEAD", "OPTIONS"})
UNPACED = ("/healthz", "/readyz", "/metrics")
LOOPBACK = frozenset({"127.0.0.1", "::1"})


async def guard(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Lets a request in or refuses; the caller is found in the request's state afterwards.

    Runs before each request is looked at. It waits for nothing; it is `async` because the frame runs other functions
    on a thread, which costs more than the rest, and no guard of the frame, for which it copies the route each time.
    """
    house = connection.app.state.house
    route = (str(connection.scope.get("method", "GET")), str(connection.scope.get("path_template", "")))
    caller = identify(connection)
    if connection.scope["path"] not in UNPACED:
        pace = caller.scope if caller is not ANYONE else f"address:{address_of(connection)}"
        house.pace.check(pace, house.engine.hall.settings.limits.requests_per_s)
    allowed = ALLOWED.get(route, frozenset())
    open_here = route == METRICS_OPEN_ON_LOOPBACK and address_of(connection) in LOOPBACK
    if caller.role not in allowed and not open_here:
        raise Refused("not_signed_in" if caller is ANYONE else "not_allowed")
    if house.is_idle(caller.session):
        raise Refused("not_signed_in")
    if caller.by_cookie and route[0] not in READING and not same_origin(dict(connection.headers)):
        raise Refused("cross_origin")
    house.used(caller.session)
    connection.scope["state"]["caller"] = caller


def identify(connection: ASGIConnection[Any, Any, Any, Any]) -> Caller:
    """The caller of a request; a credential that is nobody's is refused, not ignored."""
    said = {"authorization": header(connection.scope, b"authorization")}
    token, by_cookie = bearer(said, connection.cookies if header(connection.scope, b"cookie") else {})
    if token is None:
        return ANYONE
    house = connection.app.state.house
    found = caller_of(
        token, hall=house.engine.hall, credentials=house.credentials, seals=house.seals, by_cookie=by_cookie
    )
    if found is None:
        if by_cookie:
            return ANYONE
        raise Refused("not_signed_in")
    return found


def address_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Where a request comes from."""
    return connection.client.host if connection.client else ""
