"""The question a rating keypad is asked, and the host's half of the nonce rule (docs/devices-pads.md).

A pad that cannot echo a nonce (`pad68`, `template`, `hid`) proves nothing about a press; the host counts it only while
a question is open for that very device, once, within its time, and says so with `echo = False`. Pure: told the time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from hardware.health import Event, KeyIgnored, Rated, Unrated

FAST_MS = 400
EVEN_RUN = 4
EVEN_WITHIN_MS = 30


@dataclass(frozen=True, slots=True)
class Ask:
    """Put the question to the visitor. `session` is the caller's number for it, 1 to 2**32 - 1."""

    session: int
    timeout_s: int = 20


@dataclass(frozen=True, slots=True)
class Cancel:
    """Take the question away; it ends as Unrated."""

    session: int


@dataclass(slots=True)
class Pace:
    """What makes a press worth a look: sooner than a visitor can read, or in step with the ones before."""

    _recent_ms: deque[int] = field(default_factory=lambda: deque(maxlen=EVEN_RUN))

    def flags(self, ms_after_ask: int, *, host_ms: int) -> tuple[str, ...]:
        """`too_fast`, `even_intervals`, both or none. Flagged presses count."""
        self._recent_ms.append(ms_after_ask)
        flags = []
        if min(ms_after_ask, host_ms) < FAST_MS:
            flags.append("too_fast")
        if len(self._recent_ms) == EVEN_RUN and max(self._recent_ms) - min(self._recent_ms) <= EVEN_WITHIN_MS:
            flags.append("even_intervals")
        return tuple(flags)


@dataclass(frozen=True, slots=True)
class _Open:
    session: int
    asked_s: float
    ends_s: float


class Question:
    """At most one open question of one device. Times are seconds of the host's monotonic clock."""

    def __init__(self, address: str, *, tell: Callable[[Event], None], wall: Callable[[], datetime]) -> None:
        self._address, self._tell, self._wall = address, tell, wall
        self._open: _Open | None = None
        self._pace = Pace()

    @property
    def session(self) -> int | None:
        """The session of the open question."""
        return self._open.session if self._open is not None else None

    def ask(self, ask: Ask, *, now: float) -> None:
        """Opens a question; one that was open before ends unrated."""
        self.close("replaced")
        self._open = _Open(ask.session, asked_s=now, ends_s=now + ask.timeout_s)

    def cancel(self, session: int) -> bool:
        """Closes the question of that session; False when another one is open, or none."""
        if self._open is None or self._open.session != session:
            return False
        self.close("cancelled")
        return True

    def close(self, reason: str) -> None:
        """Ends the open question without a rating: never a default one."""
        if self._open is not None:
            ended, self._open = self._open, None
            self._tell(Unrated(self._address, ended.session, reason))

    def pass_time(self, *, now: float) -> bool:
        """Ends a question whose time is over. True when it ended now."""
        if self._open is None or now <= self._open.ends_s:
            return False
        self.close("timed_out")
        return True

    def press(self, level: int, *, now: float) -> bool:
        """A rating key: counted as the answer of the open question, else told as ignored. True when it counts."""
        asked = self._open
        if asked is None or now > asked.ends_s or not 1 <= level <= 5:
            reason = "no_open_ask" if asked is None else "late" if now > asked.ends_s else "no_such_key"
            self.ignore(level, reason)
            return False
        self._open = None
        ms = round((now - asked.asked_s) * 1000)
        flags = self._pace.flags(ms, host_ms=ms)
        self._tell(Rated(self._address, asked.session, level, ms, 1, echo=False, flags=flags))
        return True

    def ignore(self, key: int, reason: str) -> None:
        """A press that cannot count: told with its reason, never hidden."""
        self._tell(KeyIgnored(self._address, reason, self.session or 0, key, self._wall()))


@dataclass(slots=True)
class Debounce:
    """A key held down, bouncing or repeated by its device acts once; one held for too long is stuck."""

    quiet_s: float = 0.3
    stuck_s: float = 10.0
    _last: object = None
    _seen_s: float = float("-inf")
    _since_s: float = float("-inf")

    def is_new(self, what: object, *, now: float) -> bool:
        """Whether this is another press, not the last one still going on."""
        again = what == self._last and now - self._seen_s < self.quiet_s
        self._seen_s = now
        if not again:
            self._last, self._since_s = what, now
        return not again

    def is_stuck(self, *, now: float) -> bool:
        """Whether the last key has been going on for too long and still is."""
        return now - self._seen_s < self.quiet_s and self._seen_s - self._since_s >= self.stuck_s
