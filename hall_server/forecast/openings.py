"""When does a closed counter come back? Learnt from what counters did at the same hour of earlier days.

Short pauses are remembered by how long they took, long ones (lunch, the night) by the hour of the day at which they
ended. Everything is taken modulo a day, so no time zone is needed; a change to summer time costs one day's accuracy.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Sequence

DAY_MS = 86_400_000
KEPT = 400
NEAR_MS = 45 * 60_000
"""Pauses that began at about this hour are alike."""

ALIKE_MOST = 80
LONG_MS = 30 * 60_000
"""From here a pause ends at an hour of the day rather than after a span."""

PASSED_MS = 16 * 3_600_000
"""An hour of the day that is farther ahead than this lies behind us."""

FEW = 3
GUESS_S = 1200.0
"""Mean rest of a pause about which nothing is known."""


class Returns:
    """When a counter will be back: instants of equal chance, ascending; those in the past are ruled out."""

    __slots__ = ("_left_s",)

    def __init__(self, left_s: Sequence[float]) -> None:
        self._left_s = left_s

    def median_s(self) -> float:
        """Seconds until it is back, infinite when it probably stays away."""
        n = len(self._left_s)
        return self._left_s[n // 2] if n >= FEW else math.inf

    def drawn_s(self, uniform: float) -> float:
        """One possible number of seconds until it is back, infinite when it stays away."""
        n = len(self._left_s)
        if n >= FEW:
            return self._left_s[int(uniform * n)]
        return -GUESS_S * math.log(2 * uniform) if uniform < 0.5 else math.inf


class Openings:
    """The pauses and first openings of all counters."""

    def __init__(self, pauses: Iterable[tuple[int, int]] = (), firsts: Iterable[int] = ()) -> None:
        self.pauses: deque[tuple[int, int]] = deque(pauses, maxlen=KEPT)
        """(closed at, back at), milliseconds; back at 0: not on that day."""
        self.firsts: deque[int] = deque(firsts, maxlen=KEPT // 3)
        """When counters opened for the first time on a day."""

    def pause_over(self, *, closed_ms: int, back_ms: int) -> None:
        """A counter is back; `back_ms` 0: it stayed closed that day."""
        self.pauses.append((closed_ms, back_ms))

    def opened_first(self, at_ms: int) -> None:
        """A counter opened for the first time on a day."""
        self.firsts.append(at_ms)

    def ends_of_pause(self, closed_ms: int) -> list[float]:
        """Instants at which a pause begun at `closed_ms` may end, ascending, infinite for never today."""
        alike: list[float] = []
        for closed, back in reversed(self.pauses):
            shift = round((closed_ms - closed) / DAY_MS) * DAY_MS
            if abs(closed_ms - closed - shift) >= NEAR_MS:
                continue
            if not back:
                alike.append(math.inf)
            else:
                alike.append(closed_ms + back - closed if back - closed < LONG_MS else back + shift)
            if len(alike) == ALIKE_MOST:
                break
        return sorted(alike)

    def first_openings(self, now_ms: int) -> Returns:
        """When a counter opens that has not yet opened today."""
        ahead = ((first - now_ms) % DAY_MS for first in self.firsts)
        return Returns(sorted(left / 1000 for left in ahead if left < PASSED_MS))


def returns_after(ends_ms: Sequence[float], now_ms: int) -> Returns:
    """What `ends_of_pause` says once it is known that the counter is still away now."""
    return Returns([(end - now_ms) / 1000 for end in ends_ms[bisect_right(ends_ms, now_ms) :]])
