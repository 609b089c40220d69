"""The four quantiles of a wait, and the scale on which waits are compared: the logarithm of seconds + 30."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import accumulate
from statistics import NormalDist

import msgspec

LEVELS = (0.1, 0.5, 0.8, 0.9)
NORMAL_Z = tuple(NormalDist().inv_cdf(level) for level in LEVELS)
OFFSET_S = 30.0
"""Added before taking logarithms, so that half a minute more or less weighs little on a short wait."""

LONGEST_S = 10 * 3600.0
"""No forecast is longer than a hall-day."""

NORMAL_WIDTH = 2.5632
"""P90 less P10 of a standard normal law."""


class Quantiles(msgspec.Struct, frozen=True):
    """Seconds still to wait; never negative, never decreasing."""

    p10_s: float
    p50_s: float
    p80_s: float
    p90_s: float


def log_s(seconds: float) -> float:
    """A wait on the scale of comparison."""
    return math.log(max(0.0, seconds) + OFFSET_S)


def seconds_of(log_wait: float) -> float:
    """Back from the scale of comparison."""
    return min(LONGEST_S, max(0.0, math.exp(min(log_wait, 12.0)) - OFFSET_S))


def in_order(values_s: Iterable[float]) -> Quantiles:
    """Four values made a forecast: a lower level never lies above a higher one."""
    p10, p50, p80, p90 = accumulate(values_s, max)
    return Quantiles(p10, p50, p80, p90)


def gamma_quantiles(*, mean_s: float, variance_s2: float) -> list[float]:
    """Quantiles of the gamma law with that mean and variance, by the approximation of Wilson and Hilferty (1931)."""
    shape = max(0.3, mean_s * mean_s / max(variance_s2, 1.0))
    cube = (1 - 1 / (9 * shape) + z / (3 * math.sqrt(shape)) for z in NORMAL_Z)
    return [mean_s * max(0.0, root) ** 3 for root in cube]


def quantile_of(ordered: Sequence[float], level: float) -> float:
    """The quantile of at least two values in ascending order, between neighbours by proportion."""
    place = level * len(ordered) - 0.5
    i = max(0, min(len(ordered) - 2, int(place)))
    return ordered[i] + (place - i) * (ordered[i + 1] - ordered[i])


def clip(value: float, most: float = 1.0) -> float:
    """Between -most and most: one odd visitor must not turn what was learnt."""
    return max(-most, min(most, value))
