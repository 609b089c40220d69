"""Recent service times of one unit (a service, or a line): mean, spread, and how long a service begun still takes."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import accumulate

PRIOR_S = (120.0, 200.0, 300.0, 400.0, 600.0)
"""Until anything is known about the hall."""

SHORTEST_S = 5.0
LONGEST_S = 4 * 3600.0
ENOUGH = 12
"""Times from which a unit speaks for itself."""

CHANGE_LAST = 40
CHANGE_Z = 5.0
"""The last 40 are compared with those before; farther apart than 5 standard errors, the old ones are forgotten. So the
memory can be long while the hall is stable and is short after a new form or a slow network."""


class Sample:
    """Values in ascending order, with what forecasts ask of them. Immutable."""

    __slots__ = ("_sums_from_end", "mean", "values", "variance")

    def __init__(self, ordered: Sequence[float]) -> None:
        self.values = ordered
        n = len(ordered)
        self._sums_from_end = list(accumulate(reversed(ordered)))
        self.mean = self._sums_from_end[-1] / n
        self.variance = max(1.0, sum(x * x for x in ordered) / n - self.mean**2)

    def mean_left(self, elapsed_s: float) -> float:
        """Expected rest of a service that has already taken this long, from those that took longer."""
        longer = len(self.values) - bisect_right(self.values, elapsed_s)
        if longer < 3:
            return max(60.0, 0.35 * elapsed_s)
        return self._sums_from_end[longer - 1] / longer - elapsed_s

    def drawn(self, uniform: float) -> float:
        """A service time for a uniform number in [0, 1)."""
        return self.values[int(uniform * len(self.values))]


UNKNOWN = Sample(PRIOR_S)


class RecentTimes:
    """The last times of one unit, at most `keep`; fewer after the unit has changed. O(log n) an addition."""

    def __init__(self, keep: int, times_s: Iterable[float] = ()) -> None:
        self.keep = keep
        self.recent: deque[float] = deque()
        self._ordered: list[float] = []
        self._logs, self._log_squares = 0.0, 0.0
        self._sample: Sample | None = None
        for seconds in times_s:
            self._append(seconds)

    def __len__(self) -> int:
        return len(self.recent)

    def add(self, seconds: float) -> None:
        """One more service is over."""
        self._append(round(min(LONGEST_S, max(SHORTEST_S, seconds)), 1))
        if self._has_changed():
            while len(self.recent) > CHANGE_LAST:
                self._drop_oldest()

    def sample(self, pooled: Sample) -> Sample:
        """What is known; while that is little, filled up from `pooled`, the times of everything else."""
        if len(self.recent) < ENOUGH:
            quintiles = [pooled.drawn(q) for q in (0.1, 0.3, 0.5, 0.7, 0.9)]
            return Sample(sorted([*self._ordered, *quintiles]))
        if self._sample is None:
            self._sample = Sample(tuple(self._ordered))
        return self._sample

    def _append(self, seconds: float) -> None:
        self._count(seconds, 1)
        self.recent.append(seconds)
        insort(self._ordered, seconds)
        while len(self.recent) > self.keep:
            self._drop_oldest()
        self._sample = None

    def _drop_oldest(self) -> None:
        oldest = self.recent.popleft()
        del self._ordered[bisect_left(self._ordered, oldest)]
        self._count(oldest, -1)

    def _count(self, seconds: float, sign: int) -> None:
        log = math.log(seconds)
        self._logs += sign * log
        self._log_squares += sign * log * log

    def _has_changed(self) -> bool:
        n, rest = len(self.recent), len(self.recent) - CHANGE_LAST
        if rest < CHANGE_LAST:
            return False
        last = sum(math.log(self.recent[-1 - i]) for i in range(CHANGE_LAST))
        apart = abs(last / CHANGE_LAST - (self._logs - last) / rest)
        variance = max(1e-4, self._log_squares / n - (self._logs / n) ** 2)
        return apart > CHANGE_Z * math.sqrt(variance * (1 / CHANGE_LAST + 1 / rest))
