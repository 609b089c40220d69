"""Signing in and out in a browser."""

from __future__ import annotations

import time
from typing import Any

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.response import Redirect

from hall_protocol.refusals import Refused

from ....core.people import session
from ...house import House, HttpRequest
from ..accounts import cookie_name
from .frame import BASE, FIELD, HEADERS, form_of, page, speech_of

PASSWORD_MOST = 256


@get(f"{BASE}/sign-in", include_in_schema=False)
async def show_sign_in(request: HttpRequest, next: str = BASE) -> Response[str]:
    """Name and password."""
    return page(request, "sign_in.html", next=own_page(next), name="", title=speech_of(request).say("console.sign_in"))


@post(f"{BASE}/sign-in", include_in_schema=False, status_code=303)
async def sign_in(request: HttpRequest) -> Response[Any]:
    """A session and its cookie; what is wrong is said without saying which of the two."""
    house: House = request.app.state.house
    fields = await form_of(request)
    name = fields.get("name", "")[:64]
    account = house.engine.hall.accounts.get(name)
    hashed = house.credentials.password_hash(name) if account is not None and account.enabled else None
    try:
        await house.passwords.check(
            who=name,
            where=request.client.host if request.client else "",
            secret=str((await request.form()).get("password", ""))[:PASSWORD_MOST],
            hashed=hashed,
            now_ms=round(time.monotonic() * 1000),
        )
        command = session.SignInAccount(name=name)
        outcome = await house.engine.submit(command, house.caller(request).stamp(house.engine.clock.now()))
    except Refused as refused:
        speech = speech_of(request)
        sentence = speech.say(f"refusal.{refused.code}", **refused.values)
        answer = page(
            request, "sign_in.html", status=refused.status, next=own_page(fields.get("next", BASE)), name=name,
            refusal=sentence, title=speech.say("console.sign_in"),
        )  # fmt: skip
        if "retry_after_s" in refused.values:
            answer.headers["Retry-After"] = str(refused.values["retry_after_s"])
        return answer
    event = outcome.events[-1]
    assert isinstance(event, session.AccountSignedIn)
    secure = request.url.scheme == "https"
    return Redirect(
        own_page(fields.get("next", BASE)),
        status_code=303,
        headers=HEADERS,
        cookies=[
            Cookie(
                key=cookie_name(request),
                value=house.seals.seal("session", event.session),
                path="/",
                httponly=True,
                secure=secure,
                samesite="strict",
            )
        ],
    )


@post(f"{BASE}/sign-out", include_in_schema=False, status_code=303)
async def sign_out(request: HttpRequest) -> Response[Any]:
    """The session ends at once."""
    house: House = request.app.state.house
    fields = await form_of(request)
    current = house.caller(request).session or ""
    command = session.EndSession(session=current, reason="signed_out")
    await house.act(request, command, None, key=fields.get(FIELD, ""))
    answer: Response[Any] = Redirect(f"{BASE}/sign-in", status_code=303, headers=HEADERS)
    answer.delete_cookie(cookie_name(request))
    return answer


def own_page(wanted: str) -> str:
    """Where to go after signing in: a page of the console and nothing else."""
    return wanted if wanted == BASE or (wanted.startswith(f"{BASE}/") and "//" not in wanted[1:]) else BASE


ROUTES = (show_sign_in, sign_in, sign_out)
