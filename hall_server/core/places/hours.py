"""Opening hours: when a line gives out numbers, when the hall opens next. Split days and make-up days included."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from hall_protocol.refusals import Refused

from ..matters import calendar
from ..stamp import at_clock, local, text
from .settings import WEEKDAYS

if TYPE_CHECKING:
    from ..hall import Hall

LOOK_AHEAD_DAYS = 40
"""Longer than any holiday."""


def spans(hall: Hall, *, day: date, site: str = "", line: str | None = None) -> list[tuple[int, int]]:
    """Opening spans of a day as instants, the end not included; empty on a day off."""
    if not calendar.is_working_day(hall, day):
        return []
    chosen: tuple[str, ...] = ()
    if line is not None:
        chosen = hall.lines[line].hours
        site = hall.lines[line].site
    rules = hall.settings.hours
    chosen = chosen or rules.sites.get(site) or rules.weekdays.get(WEEKDAYS[day.weekday()]) or rules.working_day
    return list(instants(chosen, day, hall.zone))


@lru_cache(maxsize=256)
def instants(chosen: tuple[str, ...], day: date, zone: str) -> tuple[tuple[int, int], ...]:
    """Spans of the clock on that day as instants. Remembered: every ticket asks for those of its line."""
    return tuple((at_clock(day, span[:5], zone), at_clock(day, span[6:], zone)) for span in chosen)


def is_open(hall: Hall, *, at: int, line: str | None = None) -> bool:
    """Whether numbers are given out at that instant."""
    today = local(at, hall.zone).date()
    return any(start <= at < end for start, end in spans(hall, day=today, line=line))


def next_opening(hall: Hall, *, at: int, line: str | None = None) -> int | None:
    """The next instant after `at` at which it opens."""
    today = local(at, hall.zone).date()
    for ahead in range(LOOK_AHEAD_DAYS):
        for start, _ in spans(hall, day=today + timedelta(days=ahead), line=line):
            if start > at:
                return start
    return None


def closing_of(hall: Hall, *, at: int) -> int | None:
    """When the hall closes on the day of `at`; None on a day off."""
    today = spans(hall, day=local(at, hall.zone).date())
    return today[-1][1] if today else None


def require_open(hall: Hall, *, line: str, at: int) -> None:
    """Refuses with `line_closed` and the time it opens."""
    if not is_open(hall, at=at, line=line):
        raise Refused("line_closed", line=hall.lines[line].name, opens_at=opens_text(hall, line=line, at=at))


def opens_text(hall: Hall, *, line: str, at: int | None = None) -> str | None:
    """When the line opens next, RFC 3339; from the next day on when no instant is given."""
    moment = at if at is not None else hall.end_of_day()
    opening = next_opening(hall, at=moment, line=line)
    return None if opening is None else text(opening, hall.zone)
