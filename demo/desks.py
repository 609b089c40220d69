"""A counter as a simulated clerk works at it: over the hall's interface, or with the keys of the real program."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from .talk import Away, Device, Hall, Hand, No

HANDS_OFF_S = 90.0
"""So long after a person last touched a screen through the page, simulated people leave it alone."""
ANSWER_S = 6.0
TOO_SOON = frozenset({"recall_too_soon", "recall_limit", "no_show_too_soon", "too_many_requests"})
KEYS = {"call_next": "F2", "recall": "F3", "begin": "F4", "no_show": "F6", "finish": "F8"}
PATHS = {
    "open": "open",
    "close": "close",
    "call_next": "call-next",
    "recall": "recall",
    "begin": "begin",
    "no_show": "no-show",
    "finish": "finish",
    "park": "park",
    "resume": "resume",
    "transfer": "transfer",
    "pause": "pause",
}


@dataclass
class Seen:
    """A counter at a glance."""

    state: str
    """`closed open paused`."""
    number: str | None = None
    ticket: str = ""
    """`called serving` or empty."""


class Desk(Protocol):
    """What a clerk can do at a counter. Every act tells whether it happened."""

    counter: str

    async def look(self) -> Seen: ...
    async def act(self, name: str, **words: Any) -> bool: ...
    async def is_free(self) -> bool: ...


class HttpDesk:
    """A counter over HTTP, with the counter's token and a session."""

    def __init__(self, hall: Hall, *, counter: str, token: str, clerk: str, pin: str) -> None:
        self._hall, self.counter, self.clerk = hall, counter, clerk
        self._token, self._pin = token, pin
        self._session: str | None = None
        self.seen = Seen("closed")
        self.ticket: dict[str, Any] = {}
        """The ticket in hand, as the hall last told it."""

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Anything else of the hall's interface, as the clerk who is signed in. Raises `No`, `Away`."""
        await self.look()
        return await self._hall.ask(method, path, body, token=self._session)

    async def is_free(self) -> bool:
        """Nobody else uses it."""
        return True

    async def look(self) -> Seen:
        """Signs in when needed; then it is known from the answers."""
        if self._session is None:
            body = {"clerk": self.clerk, "pin": self._pin}
            made = await self._hall.ask("POST", "/sessions", body, token=self._token)
            self._session = str(made["token"])
            every = (await self._hall.ask("GET", "/catalogue"))["counters"]
            own = next(c for c in every if c["counter"] == self.counter)
            self.seen = Seen(own["state"], own.get("ticket"), "serving" if own.get("ticket") else "")
            if self.seen.number:  # called or served? after `begin` it is served in both cases
                with contextlib.suppress(No):
                    await self._hall.ask("POST", f"/counters/{self.counter}/begin", token=self._session)
        return self.seen

    async def act(self, name: str, **words: Any) -> bool:
        """One request; False when the hall refuses it."""
        try:
            answer = await self._hall.ask("POST", f"/counters/{self.counter}/{PATHS[name]}", words, token=self._session)
        except No as no:
            if no.code not in TOO_SOON:
                self._session = None  # look again from the beginning
            return False
        self._learn(answer)
        return True

    def _learn(self, answer: dict[str, Any]) -> None:
        if "state" in answer and "counter" in answer:
            self.seen = Seen(answer["state"], self.seen.number, self.seen.ticket)
            return
        ticket = answer.get("ticket") or {}
        if ticket.get("state") in ("called", "serving") and ticket.get("counter") == self.counter:
            self.seen, self.ticket = Seen("open", ticket["number"], ticket["state"]), ticket
        else:
            self.seen, self.ticket = Seen(self.seen.state), {}


class KeyDesk:
    """The real counter program, worked with its keys."""

    def __init__(
        self, hand: Hand, *, counter: str, clerk: str, pin: str, hands: Path, pad: Device | None = None
    ) -> None:
        """`pad` is the call pad beside the screen, if there is one: every second call is a key of the pad."""
        self._hand, self.counter = hand, counter
        self._clerk, self._pin, self._hands = clerk, pin, hands
        self._pad, self._by_pad = pad, False

    async def is_free(self) -> bool:
        """Whether no person works here through the page."""
        return not used_lately(self._hands)

    async def look(self) -> Seen:
        """Signs in when needed. Raises `Away` while the program is not there or cannot reach the hall."""
        seen = await self._hand.look()
        if seen["offline"] or seen["stage"] in ("starting", "evacuation", "unpaired"):
            raise Away(f"counter {self.counter}")
        if seen["stage"] in ("signed_out", "locked"):
            await self._sign_in(locked=seen["stage"] == "locked")
            seen = await self._hand.look()
            if seen["stage"] != "desk":
                raise Away(f"counter {self.counter}")
        if seen["dialog"]:
            await self._hand.key("Esc")
        ticket = seen["ticket_state"] if seen["ticket_state"] in ("called", "serving") else ""
        return Seen(seen["counter_state"], seen["ticket"] if ticket else None, ticket)

    async def _sign_in(self, *, locked: bool) -> None:
        if not locked:
            await self._hand.tap("signin_clerk")
            for _ in range(12):
                await self._hand.key("Backspace")
            await self._hand.do(f"text {self._clerk}")
        await self._hand.tap("signin_pin")
        await self._hand.do(f"text {self._pin}")
        await self._hand.key("Return")
        await self._hand.until(lambda seen: seen["stage"] == "desk", within_s=ANSWER_S)

    async def act(self, name: str, **words: Any) -> bool:
        """Presses the key and waits until the screen shows what it was to bring about."""
        before = await self._hand.look()
        if name in KEYS and name not in before["can"]:
            return False
        match name:
            case "open":
                return await self._pressed("F9", lambda seen: seen["counter_state"] == "open")
            case "pause":
                await self._hand.key("F9")
                await self._answer("4")
                await self._hand.key("Return")
                return await self._comes(lambda seen: seen["counter_state"] == "paused")
            case "close":
                return await self._close()
            case "park":
                await self._hand.key("F7")
                await self._answer("1")
                return await self._comes(lambda seen: seen["ticket"] != before["ticket"])
            case "transfer":
                await self._hand.key("F10")
                await self._hand.until(lambda seen: bool(seen["dialog"]), within_s=2)
                await self._hand.do(f"text {words['line']}")
                await self._hand.key("Return")
                return await self._comes(lambda seen: seen["ticket"] != before["ticket"])
            case "resume":
                number = words["number"]
                await self._hand.tap(f"resume_{number}")
                return await self._comes(lambda seen: seen["ticket"] == number)
            case "call_next":
                await self._call()
                return await self._comes(lambda seen: seen["ticket_state"] == "called")
            case "begin":
                return await self._pressed("F4", lambda seen: seen["ticket_state"] == "serving")
            case "finish" | "no_show":
                return await self._pressed(KEYS[name], lambda seen: seen["ticket"] != before["ticket"])
        await self._hand.key(KEYS[name])
        return True

    async def _call(self) -> None:
        """With the key of the screen and the key of the pad by turns: they are the same act."""
        self._by_pad = self._pad is not None and not self._by_pad
        if self._by_pad and self._pad is not None:
            with contextlib.suppress(Away):
                if (await self._pad.do("press call")) == "ok":
                    return
        await self._hand.key("F2")

    async def _answer(self, digit: str) -> None:
        await self._hand.until(lambda seen: bool(seen["dialog"]), within_s=2)
        await self._hand.key(digit)

    async def _close(self) -> bool:
        """Closing stands in the menu behind the clerk's name."""
        await self._hand.tap("menu")
        seen = await self._hand.until(lambda seen: bool(seen["dialog"]), within_s=2)
        if seen is None:
            return False
        await self._answer("2")
        return await self._comes(lambda seen: seen["counter_state"] == "closed" or seen["stage"] != "desk")

    async def _pressed(self, key: str, condition: Any) -> bool:
        await self._hand.key(key)
        return await self._comes(condition)

    async def _comes(self, condition: Any) -> bool:
        seen = await self._hand.until(condition, within_s=ANSWER_S)
        if seen is None:
            await self._hand.key("Esc")
        return seen is not None


def used_lately(file: Path) -> bool:
    """Whether a person used the screen of this file through the page a moment ago."""
    try:
        return time.time() - file.stat().st_mtime < HANDS_OFF_S
    except OSError:
        return False


async def until_free(desk: Desk) -> None:
    """Waits while a person works at the counter."""
    while not await desk.is_free():
        await asyncio.sleep(1.0)
