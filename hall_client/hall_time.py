"""The hall's time as the server tells it, carried on between two beats by the monotonic clock.

A demo hall may run faster than the world (contract 1, `HALL_SPEED`): the factor is measured from beats, never assumed.
Pure: both times are handed in.
"""

from __future__ import annotations

from datetime import datetime, timedelta

RATE_MIN_SPAN_S = 2.0
"""Two beats closer than this say nothing about the speed."""
RATE_MAX = 60.0


class HallTime:
    """Offset and speed of the hall's clock against this machine's monotonic clock."""

    def __init__(self) -> None:
        self._anchor: tuple[datetime, float] | None = None
        self._before: tuple[datetime, float] | None = None
        self.rate = 1.0
        """Hall seconds per real second; 1 outside a demo."""

    def heard(self, text: str, *, now: float) -> None:
        """The server said it is `text` (RFC 3339). Anything else is ignored."""
        try:
            told = datetime.fromisoformat(text)
        except ValueError:
            return
        if told.tzinfo is None:
            return
        self._measure(told, now=now)
        self._anchor = (told, now)

    def _measure(self, told: datetime, *, now: float) -> None:
        if self._before is None:
            self._before = (told, now)
            return
        span = now - self._before[1]
        if span < RATE_MIN_SPAN_S:
            return
        rate = (told - self._before[0]).total_seconds() / span
        self._before = (told, now)
        if 0.5 <= rate <= RATE_MAX * 1.1:
            nearest = float(max(1, round(rate)))
            self.rate = nearest if abs(rate - nearest) <= 0.1 * nearest else rate

    def at(self, *, now: float) -> datetime | None:
        """The hall's time at monotonic `now`; None before the server was ever heard."""
        if self._anchor is None:
            return None
        told, when = self._anchor
        return told + timedelta(seconds=(now - when) * self.rate)
