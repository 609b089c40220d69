"""Now, twice: by a clock that never jumps, and by the hall's clock. Handed in; nothing in this file reads a clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Moment:
    """One instant. Spans on the screen are measured with `mono_s`, dates and times said are `hall`."""

    mono_s: float
    """Seconds of a monotonic clock; a demo hall's speed does not touch it."""
    hall: datetime
    """The hall's time, aware; carried on while the link is down."""

    def age_s(self, at: str) -> float:
        """Hall seconds since `at` (RFC 3339); 0 when unreadable or in the future (a clock was set back)."""
        then = when(at)
        return max(0.0, (self.hall - then).total_seconds()) if then else 0.0


def when(text: str | None) -> datetime | None:
    """An RFC 3339 text as an aware time; None when there is none or it is not one."""
    if not text:
        return None
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return None
    return told if told.tzinfo else None


def clock(text: str | datetime | None, *, like: datetime | None = None) -> str:
    """Hour and minute, in the zone of `like` where given: `09:05`; empty when unknown."""
    at = when(text) if isinstance(text, str) or text is None else text
    if at is None:
        return ""
    return (at.astimezone(like.tzinfo) if like else at).strftime("%H:%M")
