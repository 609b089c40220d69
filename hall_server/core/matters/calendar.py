"""The working calendar: which days count (domain.md 2.3).

Precedence: what the hall itself decided → the State Council's notice of that year → the provisional table of statutory
days → weekends. A year without a notice is provisional: its dates carry the word 暂定 wherever they are shown.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Protocol

from ..stamp import at_clock, local

if TYPE_CHECKING:
    from ..hall import Hall

SATURDAY = 5
DECEMBER = 12


class Year(Protocol):
    """One year as published: days off and make-up working days on weekends, `YYYY-MM-DD`."""

    @property
    def off(self) -> Collection[str]: ...

    @property
    def work(self) -> Collection[str]: ...


@dataclass(frozen=True, slots=True)
class Calendar:
    """Every day's answer. Years are keyed by their four digits."""

    published: Mapping[str, Year]
    provisional: Mapping[str, Year]
    off: Collection[str] = ()
    """Days this hall is closed by its own decision, `YYYY-MM-DD`."""
    work: Collection[str] = ()
    """Days this hall works by its own decision."""
    known: dict[date, bool] = field(default_factory=dict, compare=False, repr=False)
    """Answers given before: a recalculation asks for the same days thousands of times."""

    def is_working_day(self, day: date) -> bool:
        """Whether `day` counts."""
        answer = self.known.get(day)
        if answer is None:
            answer = self.known[day] = self._looked_up(day)
        return answer

    def _looked_up(self, day: date) -> bool:
        text = day.isoformat()
        if text in self.off:
            return False
        if text in self.work:
            return True
        for year in self._years(day):
            if text in year.work:
                return True
            if text in year.off:
                return False
        return day.weekday() < SATURDAY

    def is_provisional(self, day: date) -> bool:
        """Whether the notice for the year of `day` is not known yet."""
        return f"{day.year:04}" not in self.published

    def _years(self, day: date) -> list[Year]:
        """The years whose notices speak of `day`, the later first: it may settle the last days of the one before."""
        own = f"{day.year:04}"
        year = self.published.get(own) or self.provisional.get(own)
        found = [year] if year else []
        if day.month == DECEMBER and (following := self.published.get(f"{day.year + 1:04}")):
            found.insert(0, following)
        return found


def calendar_of(hall: Hall) -> Calendar:
    """The calendar as this hall has it now."""
    chosen = hall.settings.calendar
    return Calendar(hall.published, hall.provisional, off=chosen.off, work=chosen.work)


def is_working_day(hall: Hall, day: date) -> bool:
    """Whether `day` is a working day of this hall."""
    return calendar_of(hall).is_working_day(day)


def notice_missing(hall: Hall, *, at: int) -> tuple[int, int] | None:
    """Since when, and for which year, the State Council's notice is missed; None while it is there or not yet due.

    A hall that was never given a calendar is told so for the year it is in, from its first day.
    """
    today = local(at, hall.zone).date()
    warned = hall.settings.calendar.calendar_warning_from
    begins = date(today.year, 1, 1).replace(month=int(warned[:2]), day=min(int(warned[3:]), 28))
    if f"{today.year:04}" not in hall.published:
        return at_clock(date(today.year, 1, 1), "00:00", hall.zone), today.year
    if today >= begins and f"{today.year + 1:04}" not in hall.published:
        return at_clock(begins, "00:00", hall.zone), today.year + 1
    return None
