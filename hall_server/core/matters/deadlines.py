"""When something is due (domain.md 2.2): working days or plain days after a start, pauses left out.

The day on which a period begins is not counted (Civil Code article 201); a period that ends on a day off ends on the
next working day, at the close of business (article 203). A pause is `[begins, ends)`: the day it begins does not count,
the day it ends counts again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Literal

from ..places import hours
from ..stamp import at_clock
from .calendar import Calendar, calendar_of

if TYPE_CHECKING:
    from ..hall import Hall

Unit = Literal["working_day", "day"]
DAY = timedelta(days=1)
DAYS_MOST = 3_000
"""Longest limit that is computed; the law's longest is sixty."""
HOLIDAY_DAYS_MOST = 400
"""A calendar with more days off in a row is a mistake, not a holiday."""


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stands from `begins` on, until `ends`; without an end it still stands."""

    begins: date
    ends: date | None = None

    def __post_init__(self) -> None:
        if self.ends is not None and self.ends < self.begins:
            raise ValueError(f"a pause cannot end on {self.ends}, before it begins on {self.begins}")


@dataclass(frozen=True, slots=True)
class Due:
    """The day a limit ends. `day` is None while the clock stands; then `stopped_since` says from when."""

    day: date | None
    provisional: bool
    """The notice of some year it reaches into is not known yet (暂定)."""
    stopped_since: date | None = None


def due(
    calendar: Calendar,
    *,
    start: date,
    days: int,
    unit: Unit = "working_day",
    pauses: Iterable[Pause] = (),
    after_closing: bool = False,
) -> Due:
    """The due day of a limit of `days` from `start`, the date of acceptance.

    With 0 days (on the spot) it is `start` itself, or the next working day when `start` is none, lies in a pause, or
    the acceptance came `after_closing`. Raises `ValueError` for a limit below 0 or above `DAYS_MOST`.
    """
    if not 0 <= days <= DAYS_MOST:
        raise ValueError(f"a limit of {days} days is not between 0 and {DAYS_MOST}")
    on_the_spot = days == 0
    plain, working = (days - 1, 1) if unit == "day" and not on_the_spot else (0, max(days, 1))
    running = _running(_merged(pauses), start if on_the_spot and not after_closing else start + DAY)
    try:
        for _ in range(plain):
            next(running)
        for _ in range(working):
            day = _next_working(calendar, running)
    except _Stands as stands:
        return Due(None, provisional=False, stopped_since=stands.since)
    return Due(day, provisional=any(calendar.is_provisional(date(y, 1, 1)) for y in range(start.year, day.year + 1)))


def due_instant(hall: Hall, *, start: date, days: int) -> int:
    """The instant at which a limit of `days` working days from `start` ends, by this hall's calendar and hours."""
    day = due(calendar_of(hall), start=start, days=days).day
    assert day is not None, "without pauses every limit ends"
    return end_of(hall, day)


def end_of(hall: Hall, day: date, *, site: str = "") -> int:
    """The instant a due day ends: closing time, or midnight after it, as the hall has set `due_at`."""
    spans = hours.spans(hall, day=day, site=site)
    if hall.settings.hours.due_at == "closing" and spans:
        return spans[-1][1]
    return at_clock(day, "24:00", hall.zone)


class _Stands(Exception):
    """The clock reached a pause that has no end yet."""

    def __init__(self, since: date) -> None:
        self.since = since


def _running(pauses: list[Pause], first: date) -> Iterator[date]:
    """The days from `first` on that lie in no pause, in order, without end."""
    waiting = iter(pauses)
    pause = next(waiting, None)
    day = first
    while True:
        while pause is not None and pause.begins <= day:
            if pause.ends is None:
                raise _Stands(pause.begins)
            day = max(day, pause.ends)
            pause = next(waiting, None)
        yield day
        day += DAY


def _next_working(calendar: Calendar, running: Iterator[date]) -> date:
    for day in islice(running, HOLIDAY_DAYS_MOST):
        if calendar.is_working_day(day):
            return day
    raise ValueError(f"no working day within {HOLIDAY_DAYS_MOST} days")


def _merged(pauses: Iterable[Pause]) -> list[Pause]:
    """Pauses in order, overlapping and touching ones joined, empty ones left out: each day is left out once."""
    joined: list[Pause] = []
    for pause in sorted((p for p in pauses if p.ends != p.begins), key=lambda p: p.begins):
        last = joined[-1] if joined else None
        if last is None or (last.ends is not None and pause.begins > last.ends):
            joined.append(pause)
        elif last.ends is not None:
            joined[-1] = Pause(last.begins, None if pause.ends is None else max(last.ends, pause.ends))
    return joined
