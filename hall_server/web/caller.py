"""Who is asking: the credential of a request, what it proves, and how fast it may ask."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import msgspec

from hall_protocol.refusals import Refused

from ..core.hall import Hall
from ..core.stamp import Stamp

if TYPE_CHECKING:
    from ..trust.credentials import Credentials
    from ..trust.tokens import Seals

COOKIES = ("__Host-session", "session")
BURST = 2
"""A caller may be this many seconds' worth of requests ahead."""


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """What a credential proves. `scope` is the credential as idempotency keys know it."""

    role: str
    scope: str
    actor: str
    device: str | None = None
    device_name: str | None = None
    counter: str | None = None
    clerk: str | None = None
    session: str | None = None
    account: str | None = None
    ticket: str | None = None
    by_cookie: bool = False

    def stamp(self, at: int) -> Stamp:
        """This caller, now."""
        return Stamp(at=at, actor=self.actor, device=self.device, clerk=self.clerk, counter=self.counter)


ANYONE = Caller(role="anyone", scope="anyone", actor="anyone")


def caller_of(
    token: str, *, hall: Hall, credentials: Credentials, seals: Seals, by_cookie: bool = False
) -> Caller | None:
    """The caller this token belongs to, or None when it is nobody's (any more)."""
    device = hall.devices.get(credentials.device_of(token) or "")
    if device is not None:
        if device.revoked:
            return None
        return Caller(
            role=device.role,
            scope=f"device:{device.id}",
            actor=f"device:{device.id}",
            device=device.id,
            device_name=device.name,
            counter=device.counter,
        )
    session = hall.sessions.get(seals.unseal("session", token) or "")
    if session is not None:
        who = f"{session.kind}:{session.who}"
        return Caller(
            role=session.role,
            scope=f"session:{session.id}",
            actor=who,
            device=session.device,
            counter=session.counter,
            clerk=session.who if session.kind == "clerk" else None,
            session=session.id,
            account=session.who if session.kind == "account" else None,
            by_cookie=by_cookie,
        )
    ticket = seals.unseal("ticket", token)
    if ticket is not None:
        return Caller(role="ticket", scope=f"ticket:{ticket}", actor="ticket", ticket=ticket)
    return None


def header(scope: Any, name: bytes) -> str:
    """One header of an ASGI scope, in which names are small letters; empty when it is not there."""
    for known, value in scope["headers"]:
        if known == name:
            return bytes(value).decode("latin-1")
    return ""


def bearer(headers: Any, cookies: Any) -> tuple[str | None, bool]:
    """The token of a request, and whether it came as a cookie."""
    value = headers.get("authorization", "")
    if value[:7].lower() == "bearer ":
        return value[7:].strip(), False
    for name in COOKIES:
        if cookies.get(name):
            return cookies[name], True
    return None, False


class Pace:
    """At most so many requests a second for each credential or address; a short burst is allowed."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[float, float]] = {}

    def check(self, who: str, per_second: int) -> None:
        """Refuses with `too_many_requests` when `who` is too fast; 0 is no limit."""
        if per_second <= 0:
            return
        now = time.monotonic()
        left, then = self._seen.get(who, (float(per_second * BURST), now))
        left = min(per_second * BURST, left + (now - then) * per_second)
        if left < 1:
            self._seen[who] = (left, now)
            raise Refused("too_many_requests", retry_after_s=max(1, round((1 - left) / per_second + 0.5)))
        self._seen[who] = (left - 1, now)
        if len(self._seen) > 20_000:
            self._seen = {k: v for k, v in self._seen.items() if now - v[1] < 60}
