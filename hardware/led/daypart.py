"""Brightness by the time of day: `?bright=60`, or parts of the day as `?bright=100@07:00,40@18:30,15@21:00`.

Per cent of what the bar can do, from that time on until the next one, round the clock. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from hardware.address import BadAddress

_PART = re.compile(r"(\d{1,3})(?:@(\d{1,2}):(\d{2}))?")


@dataclass(frozen=True, slots=True)
class Dayparts:
    """Parts of a day in order of their beginning, each with its per cent."""

    parts: tuple[tuple[time, int], ...]

    @classmethod
    def parse(cls, text: str) -> Dayparts | None:
        """The option's value; None for an empty one: the bar's own brightness is left alone. Raises BadAddress."""
        if not text:
            return None
        parts = sorted(_part(piece.strip(), alone="," not in text) for piece in text.split(","))
        if len({at for at, _ in parts}) != len(parts):
            raise BadAddress(f"bright={text}: two parts of the day begin at the same time")
        return cls(tuple(parts))

    def percent(self, at: time) -> int:
        """The brightness at a time of day; before the first part the last one of the day before still holds."""
        begun = [percent for begins, percent in self.parts if begins <= at]
        return begun[-1] if begun else self.parts[-1][1]

    def by_hour(self, *, top: int) -> bytes:
        """A step of 0 to `top` for each of the 24 hours, as it is at the beginning of the hour."""
        return bytes(step(self.percent(time(hour)), top=top) for hour in range(24))


def step(percent: int, *, top: int) -> int:
    """The nearest of the steps 0 to `top`."""
    return round(max(0, min(percent, 100)) * top / 100)


def _part(piece: str, *, alone: bool) -> tuple[time, int]:
    found = _PART.fullmatch(piece)
    if found is None or int(found[1]) > 100 or (found[2] is None and not alone):
        raise BadAddress(f"bright={piece}: write 60, or parts of the day as 100@07:00,40@18:30")
    try:
        begins = time(int(found[2]), int(found[3])) if found[2] else time(0)
    except ValueError:
        raise BadAddress(f"bright={piece}: no such time of day") from None
    return begins, int(found[1])
