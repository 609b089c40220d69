"""Ranges that are true: quantiles are moved to where past waits of the same kind fell in their forecasts.

Each finished wait is a score: its distance from the forecast's middle, in widths of that forecast. Published quantiles
are read from recent scores of the hall, moved towards those of the unit and of the class as far as there are enough.
A window begins as a normal law, and never holds more than the newer half of what it has seen: the first days, when the
forecaster knew little, are soon forgotten. (A fast adaptive step does harm here: the truth comes a queue-length late.)
"""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Sequence
from statistics import NormalDist

from .learnt import UNITS_MOST, Learnt, Scores
from .quantiles import LEVELS, NORMAL_WIDTH, Quantiles, in_order, log_s, quantile_of, seconds_of

WINDOW = 1200
PRIOR = [NormalDist().inv_cdf((j + 0.5) / 40) / NORMAL_WIDTH for j in range(40)]
BELIEF = 100
"""Scores at which a unit or class is half believed."""

SPREAD_LEAST = 0.35
MEDIAN_WEIGHT = 0.3
"""The median is moved only by this part of what scores say: the regression has already seen to it."""

PER_SCORE = 1000
"""Scores are kept in thousandths."""


class Window:
    """Recent scores, in order of time and of size. O(log n) an addition, beside moving the numbers behind it."""

    def __init__(self, kept: Scores | None = None) -> None:
        self.recent = deque(PRIOR if kept is None else [score / PER_SCORE for score in kept.recent])
        self._ordered = sorted(self.recent)
        self.seen = 0 if kept is None else kept.seen

    def add(self, score: float) -> None:
        self.seen += 1
        rounded = round(score * PER_SCORE) / PER_SCORE
        self.recent.append(rounded)
        insort(self._ordered, rounded)
        while len(self.recent) > min(WINDOW, len(PRIOR) + self.seen // 2):
            del self._ordered[bisect_left(self._ordered, self.recent.popleft())]

    def at(self, level: float) -> float:
        return quantile_of(self._ordered, level)

    @property
    def belief(self) -> float:
        return self.seen / (self.seen + BELIEF)

    def kept(self) -> Scores:
        return Scores([round(score * PER_SCORE) for score in self.recent], self.seen)


class Calibrator:
    """Windows of the hall, of each unit and of each class."""

    def __init__(self, learnt: Learnt) -> None:
        self._windows = {name: Window(kept) for name, kept in learnt.scores.items()}

    def published(self, raw: Sequence[float], *, unit: str, klass: str) -> Quantiles:
        """Raw quantiles (s) as they are told to people."""
        centre, spread = log_s(raw[1]), width(raw)
        hall = self._windows.get("hall")
        kinds = [w for name in kinds_of(unit, klass) if (w := self._windows.get(name))]
        out = []
        for level, prior in zip(LEVELS, PRIOR_Z, strict=True):
            z = whole = prior if hall is None else hall.at(level)
            z += sum(window.belief * (window.at(level) - whole) for window in kinds)
            out.append(seconds_of(centre + spread * z * (MEDIAN_WEIGHT if level == 0.5 else 1.0)))
        return in_order(out)

    def learn(self, raw: Sequence[float], *, unit: str, klass: str, wait_s: float) -> None:
        """A wait is over for which `raw` was forecast."""
        score = max(-30.0, min(30.0, (log_s(wait_s) - log_s(raw[1])) / width(raw)))
        for name in ("hall", *kinds_of(unit, klass)):
            window = self._windows.pop(name, None) or Window()
            self._windows[name] = window  # put last: the dict is in order of use
            window.add(score)
        while len(self._windows) > UNITS_MOST:
            del self._windows[next(iter(self._windows))]

    def tell(self, learnt: Learnt) -> None:
        learnt.scores = {name: window.kept() for name, window in self._windows.items()}


PRIOR_Z = tuple(quantile_of(PRIOR, level) for level in LEVELS)


def kinds_of(unit: str, klass: str) -> tuple[str, str]:
    """Names of the windows beside the hall's."""
    return f"unit {unit}", f"class {klass}"


def width(raw: Sequence[float]) -> float:
    """P90 less P10 on the scale of comparison."""
    return max(SPREAD_LEAST, math.log((max(0.0, raw[3]) + 30) / (max(0.0, raw[0]) + 30)))
