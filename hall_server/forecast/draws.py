"""Pseudo-random numbers for replays: fixed tables, one row for each play, the same for every forecast.

The same hall therefore always gets the same answer, on every machine, and two forecasts that differ by one visitor are
played with the same luck, so that their difference is the visitor and not the draw. In each column the rows divide
(0, 1) evenly between them (a Latin hypercube), so that few plays stand for many.
"""

from __future__ import annotations

from functools import lru_cache

COLUMNS = 256
_MASK = (1 << 64) - 1


class SplitMix:
    """SplitMix64: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014."""

    def __init__(self, seed: int) -> None:
        self._state = seed & _MASK

    def uniform(self) -> float:
        """In (0, 1)."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        z = self._state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        return (((z ^ (z >> 31)) >> 11) + 0.5) / (1 << 53)

    def shuffled(self, count: int) -> list[int]:
        """The numbers below `count` in a random order."""
        return [i for _, i in sorted((self.uniform(), i) for i in range(count))]


@lru_cache(maxsize=8)
def rows(plays: int) -> list[list[float]]:
    """For each play its uniform numbers in (0, 1), to be walked in a circle."""
    chance = SplitMix(seed=plays)
    columns = [[(stratum + chance.uniform()) / plays for stratum in chance.shuffled(plays)] for _ in range(COLUMNS)]
    return [list(row) for row in zip(*columns, strict=True)]
