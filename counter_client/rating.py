"""The bridge of the rating keypad: a question of the hall becomes one ASK, the press that counts one rating.

The hall's nonce stays here and goes back with the keypad's own token; the frame's nonce is the driver's business
(devices.md 9.4). What was pressed passes through once and is never kept, shown or logged. Pure: the program carries
the orders to the pad and the answer to the outbox.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

SESSION_MAX = 0xFFFF_FFFF


@dataclass(frozen=True)
class Order:
    """Something the pad shall do: `ask cancel staff welcome`."""

    what: str
    session: int = 0
    window_s: int = 0
    clerk: str = ""


@dataclass(frozen=True)
class Answer:
    """`POST /ratings` of the keypad. The key is the request's own, so that no restart rates twice."""

    body: dict[str, Any] = field(repr=False)
    key: str = ""


@dataclass(frozen=True)
class _Open:
    request: str
    nonce: str = field(repr=False)
    session: int = 0


class Bridge:
    """Follows the picture `keypad:N`. One question is asked once, whatever reconnects."""

    def __init__(self, *, first_session: int = 1) -> None:
        """`first_session` numbers the first ASK; the program draws it so that a restarted one repeats no number."""
        self._next_session = first_session
        self._open: _Open | None = None
        self._asked: set[str] = set()
        self._greeted: str | None = None
        self._read = False

    def picture(self, picture: dict[str, Any]) -> list[Order]:
        """Orders that follow from a new picture; none when nothing changed for the pad."""
        orders = self._question(picture)
        orders += self._greeting(str(picture.get("clerk") or ""))
        self._read = True
        return orders

    def _question(self, picture: dict[str, Any]) -> list[Order]:
        request = None if picture.get("evacuation") else picture.get("rating_request")
        wanted = str(request["id"]) if request else None
        orders: list[Order] = []
        if self._open is not None and self._open.request != wanted:
            orders.append(Order("cancel", session=self._open.session))
            self._open = None
        if request is None or wanted is None or wanted in self._asked:
            return orders
        self._asked.add(wanted)
        if not self._read:
            return orders  # asked before this program started: whoever it was meant for has gone
        self._open = _Open(request=wanted, nonce=str(request["nonce"]), session=self._session())
        orders.append(Order("ask", session=self._open.session, window_s=int(picture.get("key_window_s", 20))))
        return orders

    def _session(self) -> int:
        session, self._next_session = self._next_session, self._next_session % SESSION_MAX + 1
        return session

    def _greeting(self, clerk: str) -> list[Order]:
        if clerk == self._greeted:
            return []
        self._greeted = clerk
        return [Order("staff", clerk=clerk)] if clerk else [Order("welcome")]

    def pad_is_back(self) -> list[Order]:
        """The pad was off: it is told again whose counter this is (the driver itself asks again, with a new nonce)."""
        if self._greeted is None:
            return []
        return [Order("staff", clerk=self._greeted)] if self._greeted else [Order("welcome")]

    def pressed(self, *, session: int, key: int) -> Answer | None:
        """The driver's counted press. None when it answers no open question of the hall."""
        if self._open is None or self._open.session != session or not 1 <= key <= 5:
            return None
        asked, self._open = self._open, None
        return Answer({"request": asked.request, "nonce": asked.nonce, "level": key}, key=f"pad-{asked.request}")

    def unrated(self, *, session: int) -> None:
        """The time on the pad ended without a press: not rated, and nothing is sent."""
        if self._open is not None and self._open.session == session:
            self._open = None
