"""The zones of a wall, one file each: the live picture in, rows of words out.

Rules of the room
- Pure: no Qt, no clock; the time comes as a `Moment`, texts come from `Texts`.
- A zone knows its own rectangle and how many rows fit; it drops rows, it never shrinks a text below its floor.
- Frozen dataclasses out, equal when nothing changed, so that the screen redraws only what did.
- A stale wall keeps numbers and places; ranges, calls and colours go (design 5).
"""

from __future__ import annotations

from dataclasses import dataclass

from display_wall.texts import Texts


@dataclass(frozen=True)
class Place:
    """A zone's rectangle in the screen's pixels, and what sizes there are multiplied with."""

    x: float
    y: float
    w: float
    h: float
    u: float = 1.0
    """See `measure.unit`."""


@dataclass(frozen=True)
class Seen:
    """What every zone needs to know of the wall."""

    texts: Texts
    stale: bool = False


def natural(key: str) -> tuple[int, int, str]:
    """Sorts counters as people count them: 2 before 10, names after numbers."""
    return (0, int(key), key) if key.isdecimal() else (1, 0, key)
