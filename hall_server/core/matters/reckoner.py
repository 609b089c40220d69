"""Reckoning for cases: working days, closing times, both due dates and what follows from them, each looked up once.

`deadlines.py` has the rule for one limit; here it meets a hall's calendar, hours and settings and a case's pauses. A
reckoner is good for one calendar and one set of settings: with others it is made anew.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from hall_protocol.refusals import Refused

from ..places import hours
from ..stamp import at_clock, local
from . import deadlines
from .calendar import calendar_of
from .case import Case
from .deadlines import Due, Pause, Unit

if TYPE_CHECKING:
    from ..hall import Hall

PROMISED, STATUTORY, STEP = "promised_limit_passed", "statutory_limit_passed", "step_overdue"
"""Causes of the cards the clock raises."""
DAY = timedelta(days=1)


class Dates(NamedTuple):
    """Both due instants; None while the clock stands, the statutory one also when no limit is known."""

    promised: int | None
    statutory: int | None
    provisional: bool


class Threshold(NamedTuple):
    """Something that becomes true at an instant by itself."""

    at: int
    kind: str
    """`accept warn yellow red`"""
    cause: str = ""
    rule: str = ""


class Reckoner:
    """Working days and closing times of one hall as it is now, each looked up once."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.calendar = calendar_of(hall)
        self._due: dict[tuple[date, int, str, bool], Due] = {}
        self._ends: dict[tuple[date, str], int] = {}
        self._shifted: dict[tuple[date, int], date] = {}
        self._between: dict[tuple[date, date], int] = {}
        self._opening: dict[tuple[date, str], int] = {}
        self._days: dict[int, date] = {}
        self._warn: dict[tuple[int, int, str], int] = {}

    def day(self, at: int) -> date:
        """The date in the hall at that instant."""
        found = self._days.get(at)
        if found is None:
            found = self._days[at] = local(at, self.hall.zone).date()
        return found

    def due(
        self, *, start: date, days: int, unit: str, pauses: tuple[Pause, ...] = (), after_closing: bool = False
    ) -> Due:
        """`deadlines.due` by this calendar. Refuses with `date_outside_calendar` what no calendar reaches."""
        key = (start, days, unit, after_closing)
        found = None if pauses else self._due.get(key)
        if found is None:
            found = self._reckon(start, days, "day" if unit == "day" else "working_day", pauses, after_closing)
            if not pauses:
                self._due[key] = found
        return found

    def _reckon(self, start: date, days: int, unit: Unit, pauses: tuple[Pause, ...], after_closing: bool) -> Due:
        try:
            return deadlines.due(
                self.calendar, start=start, days=days, unit=unit, pauses=pauses, after_closing=after_closing
            )
        except (ValueError, OverflowError) as error:
            raise Refused("date_outside_calendar") from error

    def end(self, day: date, site: str) -> int:
        """The instant that day ends at that site."""
        found = self._ends.get((day, site))
        if found is None:
            found = self._ends[day, site] = deadlines.end_of(self.hall, day, site=site)
        return found

    def opening(self, day: date, site: str) -> int:
        """When that site opens on that day; its midnight when it does not."""
        found = self._opening.get((day, site))
        if found is None:
            spans = hours.spans(self.hall, day=day, site=site)
            found = spans[0][0] if spans else at_clock(day, "00:00", self.hall.zone)
            self._opening[day, site] = found
        return found

    def shifted(self, day: date, working_days: int) -> date:
        """The n-th working day after `day`, or before it for n below 0; `day` itself for 0."""
        found = self._shifted.get((day, working_days))
        if found is None:
            found, step = day, DAY if working_days > 0 else -DAY
            for _ in range(abs(working_days)):
                found += step
                while not self.calendar.is_working_day(found):
                    found += step
            self._shifted[day, working_days] = found
        return found

    def working_days(self, after: date, upto: date) -> int:
        """Working days after one day up to another; below 0 when that lies before."""
        if upto < after:
            return -self.working_days(upto, after)
        found = self._between.get((after, upto))
        if found is None:
            span = (upto - after).days
            found = sum(self.calendar.is_working_day(after + n * DAY) for n in range(1, span + 1))
            self._between[after, upto] = found
        return found

    # ------------------------------------------------------------ a case's dates

    def dates(self, case: Case, *, extended: int | None = None) -> Dates:
        """Both due instants of an accepted case."""
        assert case.accepted_on is not None, "its clocks have not started"
        assert case.accepted is not None, "its clocks have not started"
        start, more = date.fromisoformat(case.accepted_on), case.extended if extended is None else extended
        late = self.day(case.accepted) == start and case.accepted > self.end(start, case.site)
        pauses = tuple(Pause(day_of(s.begins), day_of(s.ends) if s.ends else None) for s in case.stops)
        found: list[Due | None] = [
            None
            if limit is None
            else self.due(start=start, days=limit + more, unit=case.day_unit, pauses=pauses, after_closing=late)
            for limit in (case.promised_days, case.statutory_days)
        ]
        ends = [self.end(due.day, case.site) if due is not None and due.day is not None else None for due in found]
        return Dates(ends[0], ends[1], any(due is not None and due.provisional for due in found))

    def step_due(self, case: Case, *, days: int, start: date) -> int | None:
        """When a step begun on that day ends; None while the clock stands."""
        pauses = tuple(Pause(day_of(s.begins), day_of(s.ends) if s.ends else None) for s in case.stops)
        day = self.due(start=start, days=days, unit=case.day_unit, pauses=pauses).day
        return None if day is None else self.end(day, case.site)

    def tell_until(self, case: Case) -> int:
        """Until when the hall must have said what is missing: five working days from receipt, at least the first day.

        What was found and entered late has the day of its entry.
        """
        limit = self.hall.settings.deadlines.supplement
        day = self.due(start=self.day(case.received), days=limit, unit="working_day").day
        assert day is not None, "without pauses every limit ends"
        return max(self.end(day, case.site), self.end(self.shifted_on(self.day(case.entered)), case.site))

    def shifted_on(self, day: date) -> date:
        """`day`, or the next working day when it is none."""
        return day if self.calendar.is_working_day(day) else self.shifted(day, 1)

    # ------------------------------------------------------------ warning and cards

    def warn_at(self, case: Case) -> int | None:
        """From when it is due soon: opening time of a working day before the promised one, or of that day itself."""
        limit = case.promised_days + case.extended
        if case.promised_due is None or limit == 0:
            return None
        key = (case.promised_due, limit, case.site)
        found = self._warn.get(key)
        if found is None:
            rules = self.hall.settings.supervision
            before = min(rules.warning_working_days, limit * rules.warning_share // 100)
            found = self._warn[key] = self.opening(self.shifted(self.day(case.promised_due), -before), case.site)
        return found

    def red_at(self, case: Case) -> list[Threshold]:
        """Instants of the red card, the first first."""
        found = []
        if case.promised_due is not None:
            after = self.hall.settings.supervision.red_after_working_days
            at = self.end(self.shifted(self.day(case.promised_due), after), case.site)
            found.append(Threshold(at, "red", PROMISED, f"red_after_working_days={after}"))
        if case.statutory_due is not None:
            found.append(Threshold(case.statutory_due, "red", STATUTORY, "statutory_limit"))
        return sorted(found)

    def ahead(self, case: Case) -> list[Threshold]:
        """What will become true of a case by itself and has not been said, in order. Nothing while its clock stands."""
        if case.state == "received":
            return [Threshold(self.tell_until(case), "accept")]
        if not case.is_running:
            return []
        found: list[Threshold] = []
        is_late = f"yellow:{PROMISED}" in case.done
        warn = None if case.warned or is_late else self.warn_at(case)
        if warn is not None:
            found.append(Threshold(warn, "warn"))
        if case.promised_due is not None:
            found.append(Threshold(case.promised_due, "yellow", PROMISED, "promised_limit"))
        if case.step_due is not None:
            found.append(Threshold(case.step_due, "yellow", STEP, f"step={case.step}"))
        if "red" not in case.standing:
            found += self.red_at(case)
        return sorted(t for t in found if f"{t.kind}:{t.cause}" not in case.done)


def day_of(words: str) -> date:
    """A day of an event."""
    return date.fromisoformat(words)
