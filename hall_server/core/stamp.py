"""When, and by whom: what the shell adds to a request so that the rules need no clock.

Instants are integer milliseconds since 1970 UTC inside the hall, RFC 3339 texts with offset outside.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """The circumstances of one command."""

    at: int
    """Hall time, milliseconds since 1970 UTC."""
    actor: str
    """Who acts, as the journal names it: `device:D3`, `clerk:0312`, `account:NAME`, `ticket`, `console`, `hall`."""
    device: str | None = None
    """Id of the device the request came through."""
    clerk: str | None = None
    counter: str | None = None


@lru_cache(maxsize=8)
def zone_of(name: str) -> ZoneInfo:
    """The zone of that IANA name."""
    return ZoneInfo(name)


def local(at: int, zone: str) -> datetime:
    """The wall clock of the hall at that instant."""
    return datetime.fromtimestamp(at / 1000, zone_of(zone))


@lru_cache(maxsize=512)
def text(at: int, zone: str) -> str:
    """RFC 3339 with offset and milliseconds. Remembered: an event, its row and its answer bear the same instant."""
    return local(at, zone).isoformat(timespec="milliseconds")


def text_or_none(at: int | None, zone: str) -> str | None:
    """`text`, or None for None."""
    return None if at is None else text(at, zone)


def instant(rfc3339: str) -> int:
    """Milliseconds since 1970 UTC; ValueError when the text is no RFC 3339 instant with an offset."""
    moment = datetime.fromisoformat(rfc3339)
    if moment.tzinfo is None:
        raise ValueError(f"{rfc3339!r} has no offset")
    return round(moment.timestamp() * 1000)


def day_of(at: int, zone: str) -> str:
    """The date on the hall's wall at that instant, `YYYY-MM-DD`."""
    return local(at, zone).date().isoformat()


def at_clock(day: date, clock: str, zone: str) -> int:
    """The instant of `HH:MM` on that day; `24:00` is the next midnight."""
    hours, minutes = int(clock[:2]), int(clock[3:])
    start = datetime(day.year, day.month, day.day, tzinfo=zone_of(zone))
    return round((start + timedelta(hours=hours, minutes=minutes)).timestamp() * 1000)
