"""Who sits at this counter: the clerk's session as this program holds it. Pure; the token stays in memory only.

Locking keeps the session and everything on the desk; unlocking is a sign-in of its own, because a PIN is never kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

PICTURE_MAY_LAG_S = 5.0
"""How long after a sign-in the picture may still show the counter without its clerk."""
PIN_MIN = 6
PIN_MAX = 12


@dataclass
class Sitting:
    """A clerk's session, its lock, and the delay after wrong PINs. Times are monotonic seconds."""

    idle_lock_s: float = 600.0
    """Without any input for so long the window locks."""
    clerk: str | None = None
    token: str | None = field(default=None, repr=False)
    locked: bool = False
    last_clerk: str = ""
    """Offered at the next sign-in, so that only the PIN is missing."""
    began: float = 0.0
    last_input: float = 0.0
    delayed_until: float = 0.0
    ended: str = ""
    """Why the last session ended, when the clerk did not end it: `elsewhere` or `expired`."""

    def signed_in(self, *, clerk: str, token: str, now: float) -> None:
        """The hall accepted clerk and PIN."""
        self.clerk, self.token, self.last_clerk = clerk, token, clerk
        self.locked, self.ended = False, ""
        self.began = self.last_input = now
        self.delayed_until = 0.0

    def signed_out(self, *, why: str = "") -> None:
        """The session is over; `why` when somebody else ended it."""
        self.clerk = self.token = None
        self.locked, self.ended = False, why

    def lock(self) -> None:
        """The clerk leaves the screen; the session stays at this counter."""
        if self.clerk is not None:
            self.locked = True

    def touched(self, *, now: float) -> None:
        """Any key or click: the clerk is here."""
        self.last_input = now

    def is_idle(self, *, now: float) -> bool:
        """Whether the window should lock by itself."""
        return self.clerk is not None and not self.locked and now - self.last_input >= self.idle_lock_s

    def delayed(self, *, seconds: int, now: float) -> None:
        """The hall wants a pause after wrong PINs."""
        self.delayed_until = max(self.delayed_until, now + seconds)

    def delay_left(self, *, now: float) -> int:
        """Whole seconds until the next try; 0 when it may be made."""
        left = self.delayed_until - now
        return 0 if left <= 0 else int(left) + (1 if left % 1 else 0)

    def check(self, picture: dict[str, Any], *, now: float) -> bool:
        """Compares with a live picture; ends the session when the hall no longer knows it here. True when it ended."""
        if self.clerk is None or now - self.began < PICTURE_MAY_LAG_S:
            return False
        if (picture.get("counter") or {}).get("clerk") == self.clerk:
            return False
        self.signed_out(why="elsewhere")
        return True


def pin_fault(clerk: str, pin: str) -> str | None:
    """Why these two cannot be sent yet, as a key; None when they can."""
    if not clerk.strip():
        return "signin.need_clerk"
    if not PIN_MIN <= len(pin) <= PIN_MAX or not pin.isdigit():
        return "signin.need_pin"
    return None
