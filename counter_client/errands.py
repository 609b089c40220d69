"""Carries the clerk's acts to the hall and keeps what this program alone knows: session, lock, refusal, busy act.

One act at a time. An act without an answer is told as unreachable and never sent again by itself: when the link is
back the picture is read anew and tells what happened.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol
from uuid import uuid4

import structlog
from PySide6.QtCore import QObject, QTimer, Signal

from .acts import GIVE_UP_AFTER_S, Intentions, Request, problem_of, request_of
from .sitting import Sitting, pin_fault
from .whynot import Act, Refusal

KEEP_ALIVE_S = 60
"""While the clerk touches the keys, the hall hears of it at least so often: any input counts against its idle limit."""
SESSION_LOST = frozenset({"not_signed_in", "not_allowed", "not_your_counter"})
log = structlog.get_logger("counter")


class Carrier(Protocol):
    """What is needed of `hall_client.link.Link`."""

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        done: Callable[[int | None, Any], None] | None = None,
        timeout_ms: int = 10_000,
        token: str | None = None,
    ) -> object: ...

    def now(self) -> datetime: ...


class Errands(QObject):
    """Acts of one clerk at one counter."""

    changed = Signal()
    """Session, lock, refusal or what is under way is another one now."""
    done = Signal(str, dict)
    """The hall did it: the act and its answer."""

    def __init__(
        self,
        carrier: Carrier,
        *,
        counter: str,
        sitting: Sitting | None = None,
        tick: Callable[[], float] = time.monotonic,
        new_key: Callable[[], str] = lambda: uuid4().hex,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._carrier, self._counter, self.tick = carrier, counter, tick
        self.sitting = sitting or Sitting()
        self._intentions = Intentions(new_key)
        self.busy: Act | None = None
        self.refusal: Refusal | None = None
        self._told_alive = 0.0
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self._second)
        self._clock.start()

    # -- acts -----------------------------------------------------------------------------------------------------

    def do(self, act: Act, *, ticket: str = "", words: dict[str, Any] | None = None) -> bool:
        """Sends an act. False when another one is still under way or nobody is signed in."""
        if self.busy is not None or self.sitting.token is None or self.sitting.locked:
            return False
        request = self._intentions.keyed(request_of(act, counter=self._counter, ticket=ticket, words=words))
        self._send(request, token=self.sitting.token)
        return True

    def sign_in(self, clerk: str, pin: str) -> str | None:
        """Sends number and PIN, which is kept nowhere. A key of what is missing, or None when it was sent."""
        fault = pin_fault(clerk, pin)
        if fault or self.busy is not None or self.sitting.delay_left(now=self.tick()):
            return fault
        words = {"clerk": clerk.strip(), "pin": pin}
        self._send(self._intentions.keyed(request_of("sign_in", counter=self._counter, words=words)), token=None)
        return None

    def _send(self, request: Request, *, token: str | None) -> None:
        self.busy, self.refusal = request.act, None
        self._carrier.request(
            request.method,
            request.path,
            request.body or None,
            key=request.key,
            token=token,
            timeout_ms=int(GIVE_UP_AFTER_S * 1000),
            done=lambda status, body: self._answered(request, status, body),
        )
        self.changed.emit()

    def _answered(self, request: Request, status: int | None, body: Any) -> None:
        self.busy = None
        if status is None:
            self._refuse(request.act, "unreachable", {}, "")
        elif status < 300:
            self._intentions.answered(request)
            self._succeeded(request, body if isinstance(body, dict) else {})
        else:
            self._intentions.answered(request)
            self._refuse(request.act, *problem_of(status, body))
        self.changed.emit()

    def _succeeded(self, request: Request, body: dict[str, Any]) -> None:
        log.info("done", act=request.act)
        if request.act == "sign_in":
            self._told_alive = self.tick()
            self.sitting.signed_in(clerk=str(body["clerk"]), token=str(body["token"]), now=self.tick())
        elif request.act == "sign_out":
            self.sitting.signed_out()
        self.done.emit(request.act, body)

    def _refuse(self, act: Act, code: str, values: dict[str, Any], detail: str) -> None:
        log.info("refused", act=act, code=code)
        self.refusal = Refusal(act=act, code=code, at=self.tick(), values=values, detail=detail)
        if code == "pin_delayed":
            self.sitting.delayed(seconds=_whole(values.get("retry_after_s"), 5), now=self.tick())
        if act != "sign_in" and code in SESSION_LOST:
            self.sitting.signed_out(why="expired")

    def look(self, path: str, done: Callable[[int | None, Any], None]) -> None:
        """Reads something for the clerk who is signed in; nothing is changed by it and nothing waits for it."""
        if self.sitting.token is not None:
            self._carrier.request("GET", path, token=self.sitting.token, done=done)

    # -- the live picture -----------------------------------------------------------------------------------------

    def read(self, picture: dict[str, Any], *, whole: bool) -> None:
        """A new picture came; a whole one after a break tells how everything open ended."""
        if whole:
            self._intentions.read_anew()
        if self.sitting.check(picture, now=self.tick()):
            log.info("session ended elsewhere")
            self.changed.emit()

    # -- the clerk is here, or not ----------------------------------------------------------------------------------

    def lock(self) -> None:
        """Hides the desk until the PIN is entered again; the session stays."""
        self.sitting.lock()
        self.changed.emit()

    def touched(self) -> None:
        """Any key or click."""
        now = self.tick()
        self.sitting.touched(now=now)
        token = self.sitting.token
        if token is not None and not self.sitting.locked and now - self._told_alive >= KEEP_ALIVE_S:
            self._told_alive = now
            self._carrier.request("GET", "/clock", token=token)

    def switch_clerk(self) -> None:
        """Somebody else signs in at a locked screen; the session of before ends when he does."""
        self.sitting.signed_out()
        self.sitting.last_clerk = ""
        self.changed.emit()

    def _second(self) -> None:
        if self.sitting.is_idle(now=self.tick()):
            log.info("locked after idling")
            self.lock()

    def stop(self) -> None:
        """No further timer."""
        self._clock.stop()


def _whole(value: Any, otherwise: int) -> int:
    try:
        return max(1, int(value))
    except (TypeError, ValueError):
        return otherwise
