"""Signing in with a name and a password; the cookie of browsers."""

from __future__ import annotations

import time

import msgspec
from litestar import Response, delete, post
from litestar.datastructures import Cookie, State

from hall_protocol.requests import manager as ask

from ...core.hall import Hall
from ...core.people import session
from ...core.registry import Event
from ...core.stamp import instant
from ..device.tickets import REFUSED, answers, house_of
from ..house import HIDDEN, HttpRequest


class AccountSessionView(msgspec.Struct):
    """An account is signed in."""

    token: str
    role: str
    expires_at: str


def cookie_name(request: HttpRequest) -> str:
    """`__Host-session` under TLS; browsers refuse that prefix on plain loopback."""
    return "__Host-session" if request.url.scheme == "https" else "session"


@post("/accounts/sessions", responses=answers(201, AccountSessionView, "Signed in"), summary="Sign in an account")
async def sign_in(request: HttpRequest, state: State, data: ask.AccountSignIn) -> Response[bytes]:
    """Managers, auditors and the others who have an account."""
    house = house_of(state)
    caller = house.caller(request)
    account = house.engine.hall.accounts.get(data.name)
    hashed = house.credentials.password_hash(data.name) if account is not None and account.enabled else None
    await house.once(request, caller)
    await house.passwords.check(
        who=data.name,
        where=request.client.host if request.client else "",
        secret=data.password,
        hashed=hashed,
        now_ms=round(time.monotonic() * 1000),
    )

    def view(hall: Hall, events: list[Event]) -> AccountSessionView:
        event = events[-1]
        assert isinstance(event, session.AccountSignedIn)
        return AccountSessionView(token=HIDDEN + event.session, role=event.role, expires_at=event.expires_at)

    answer = await house.act(request, session.SignInAccount(name=data.name), view, status=201)
    shown = msgspec.json.decode(answer.content)
    seconds = max(0, (instant(shown["expires_at"]) - house.engine.clock.now()) // 1000)
    secure = request.url.scheme == "https"
    answer.set_cookie(
        Cookie(
            key=cookie_name(request),
            value=shown["token"],
            path="/",
            max_age=seconds,
            httponly=True,
            secure=secure,
            samesite="strict",
        )
    )
    return answer


@delete("/accounts/sessions/current", status_code=204, responses=REFUSED, summary="Sign out an account")
async def sign_out(request: HttpRequest, state: State) -> Response[None]:
    """The session ends at once."""
    house = house_of(state)
    current = house.caller(request).session or ""
    answer = await house.act(request, session.EndSession(session=current, reason="signed_out"), None, status=204)
    answer.delete_cookie(cookie_name(request))
    return answer
