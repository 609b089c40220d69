"""Pseudo-random numbers for replays: one fixed table, walked from the same place for every forecast.

The same hall therefore always gets the same answer, on every machine, and two forecasts that differ by one visitor are
played with the same luck, so that their difference is the visitor and not the draw.
"""

from __future__ import annotations

import math

SIZE = 8191
"""Prime, so that walking in steps visits every entry."""

_MASK = (1 << 64) - 1


def split_mix(seed: int, count: int) -> list[float]:
    """`count` uniform numbers in (0, 1). SplitMix64: Steele, Lea, Flood, "Fast Splittable PRNGs", OOPSLA 2014."""
    out, state = [], seed & _MASK
    for _ in range(count):
        state = (state + 0x9E3779B97F4A7C15) & _MASK
        z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        out.append((((z ^ (z >> 31)) >> 11) + 0.5) / (1 << 53))
    return out


UNIFORM = split_mix(seed=2026, count=SIZE)
EXPONENTIAL = [-math.log(u) for u in split_mix(seed=1729, count=SIZE)]


class Draws:
    """A walk through the tables."""

    __slots__ = ("_at",)

    def __init__(self, start: int) -> None:
        self._at = start % SIZE

    def uniform(self) -> float:
        """In (0, 1)."""
        self._at = at = (self._at + 1) % SIZE
        return UNIFORM[at]

    def exponential(self) -> float:
        """Mean 1."""
        self._at = at = (self._at + 1) % SIZE
        return EXPONENTIAL[at]
