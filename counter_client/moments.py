"""Reading the hall's times, and spans as a clerk reads them. Times are RFC 3339 texts in the hall's zone."""

from __future__ import annotations

from datetime import datetime


def moment(text: str | None) -> datetime | None:
    """A time of a picture; None when there is none or it cannot be read."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def seconds_until(text: str | None, *, now: datetime) -> int:
    """Whole seconds from `now` to a time, rounded up; 0 when it has passed or is unknown."""
    at = moment(text)
    if at is None or at <= now:
        return 0
    left = at - now
    return left.days * 86_400 + left.seconds + (1 if left.microseconds else 0)


def seconds_since(text: str | None, *, now: datetime) -> int | None:
    """Whole seconds from a time to `now`, never negative; None when the time is unknown."""
    at = moment(text)
    return None if at is None else max(0, int((now - at).total_seconds()))


def minutes_since(text: str | None, *, now: datetime) -> int | None:
    """Whole minutes from a time to `now`; None when the time is unknown."""
    seconds = seconds_since(text, now=now)
    return None if seconds is None else seconds // 60


def clock(text: str | None) -> str:
    """The time of day, `10:25`; `—` when unknown."""
    at = moment(text)
    return "—" if at is None else f"{at:%H:%M}"


def running(seconds: int | None, *, short: bool = False) -> str:
    """A running span, `06:12` (short `6:12`), with hours `1:06:12`; `—` when unknown."""
    if seconds is None:
        return "—"
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02d}:{rest:02d}"
    return f"{minutes}:{rest:02d}" if short else f"{minutes:02d}:{rest:02d}"
