"""Both clocks of a case, the warning and the cards they lead to (domain.md 2 and 5).

Promised and statutory run beside each other and count the same pauses. What time alone changes is kept in an agenda:
the next instant of every case in one ordered list, so that a second that passes looks at its head and at nothing else.
The agenda is derived from the hall and never stored; a new calendar or another setting makes it anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from hall_protocol.refusals import Refused

from ..places import hours
from ..registry import Event
from ..stamp import at_clock, local, text
from . import card, deadlines
from .calendar import calendar_of
from .case import Case, about, edition_of
from .case_events import CaseAccepted, CaseRecalculated, CaseWarned
from .deadlines import Due, Pause, Unit

if TYPE_CHECKING:
    from ..hall import Hall

PROMISED, STATUTORY, STEP = "promised_limit_passed", "statutory_limit_passed", "step_overdue"
DAY = timedelta(days=1)
RECALCULATED_MOST = 200_000
"""Cases in one recalculation; more than any hall has open."""


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


class Light(NamedTuple):
    """What a moment makes of a case."""

    light: str
    warning: bool


GREEN, WARNING = Light("green", False), Light("yellow", True)
YELLOW, RED = Light("yellow", False), Light("red", False)


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


# ---------------------------------------------------------------- the agenda


class Agenda:
    """The next instant of every open case, in order."""

    def __init__(self, hall: Hall) -> None:
        self.reckoner = Reckoner(hall)
        self.version = 0
        """Changes with every case, so that what was made from all of them knows when it is stale."""
        self.kept: dict[str, object] = {}
        """What others derived from it, by their own names; forgotten with the next change."""
        self._next: dict[str, int] = {}
        self._heap: list[tuple[int, str]] = []
        for case in hall.cases.values():
            if case.is_open and (ahead := self.reckoner.ahead(case)):
                self._next[case.no] = ahead[0].at
                self._heap.append((ahead[0].at, case.no))
        heapify(self._heap)

    def changed(self, case: Case) -> None:
        """A case is another one now: its next instant too."""
        self.version += 1
        self.kept.clear()
        ahead = self.reckoner.ahead(case) if case.is_open else []
        if ahead:
            self._next[case.no] = ahead[0].at
            heappush(self._heap, (ahead[0].at, case.no))
        else:
            self._next.pop(case.no, None)

    def first(self) -> int | None:
        """The first instant at which time alone changes something."""
        while self._heap and self._next.get(self._heap[0][1]) != self._heap[0][0]:
            heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def until(self, at: int) -> list[str]:
        """Cases whose instant has come, in order. They stay on the agenda until an event changes them."""
        found: list[tuple[int, str]] = []
        while (first := self.first()) is not None and first <= at:
            entry = heappop(self._heap)
            if entry not in found[-1:]:
                found.append(entry)
        for entry in found:
            heappush(self._heap, entry)
        return [no for _, no in found]


def is_due(hall: Hall, at: int) -> bool:
    """Whether time alone changes a case now."""
    first = hall.agenda_now().first()
    return first is not None and first <= at


def fallen_due(hall: Hall, at: int) -> list[Event]:
    """Everything that became true of cases until now: acceptance by the clock itself, warnings, cards."""
    agenda = hall.agenda_now()
    return [event for no in agenda.until(at) for event in overdue(hall, hall.cases[no], at, upto=at)]


def overdue(hall: Hall, case: Case, at: int, *, upto: int) -> list[Event]:
    """What became true of one case up to an instant and was not said yet; the true time of each stands in it."""
    return list(_overdue(hall, case, at, upto))


def _overdue(hall: Hall, case: Case, at: int, upto: int) -> Iterator[Event]:
    reckoner = hall.agenda_now().reckoner
    raised, red = len(case.cards), "red" in case.standing
    for due in reckoner.ahead(case):
        if due.at > upto:
            return
        if due.kind == "accept":
            yield accepted_by_clock(reckoner, case)
        elif due.kind == "warn":
            ends = case.promised_due
            if ends is not None and at < ends:
                yield CaseWarned(**about(case), due_at=text(ends, hall.zone))
        elif due.kind == "yellow" or not red:
            raised, red = raised + 1, red or due.kind == "red"
            yield card.CardRaised(
                **about(case),
                card=card.card_id(case.no, raised),
                level=due.kind,
                cause=due.cause,
                rule=due.rule,
                due_at=text(due_of(case, due), hall.zone),
                calendar_version=case.calendar_version,
                true_at=text(due.at, hall.zone),
                raised_at=text(at, hall.zone),
            )


def due_of(case: Case, due: Threshold) -> int:
    """The due instant a card is about."""
    named = {PROMISED: case.promised_due, STATUTORY: case.statutory_due, STEP: case.step_due}[due.cause]
    return due.at if named is None else named


def accepted_by_clock(reckoner: Reckoner, case: Case) -> CaseAccepted:
    """Nobody said in time what was missing: it counts as accepted from the day of receipt (licensing law 32)."""
    return acceptance(reckoner, case, at=case.received, by_clock=True)


def acceptance(reckoner: Reckoner, case: Case, *, at: int, by_clock: bool = False) -> CaseAccepted:
    """The acceptance of a case at that instant, with both dates."""
    hall, trial = reckoner.hall, msgspec.structs.replace(case)
    trial.accepted_on, trial.accepted, trial.state = reckoner.day(at).isoformat(), at, "accepted"
    dates = reckoner.dates(trial)
    return CaseAccepted(
        **about(case),
        accepted_on=trial.accepted_on,
        promised_due=None if dates.promised is None else text(dates.promised, hall.zone),
        statutory_due=None if dates.statutory is None else text(dates.statutory, hall.zone),
        provisional=dates.provisional,
        calendar_version=hall.calendar_version,
        by_clock=by_clock,
    )


def light(hall: Hall, case: Case, at: int) -> Light:
    """Red if a red card stands, yellow if another or a warning does, else green."""
    if case.standing:
        return RED if "red" in case.standing else YELLOW
    return WARNING if is_warned(hall.agenda_now().reckoner, case, at) else GREEN


def is_warned(reckoner: Reckoner, case: Case, at: int) -> bool:
    """Whether it is due soon: from the warning's instant until the due one, while the clock runs."""
    if case.promised_due is None or at >= case.promised_due or not case.is_running:
        return False
    warn = reckoner.warn_at(case)
    return warn is not None and warn <= at


# ---------------------------------------------------------------- another calendar


def recalculated(hall: Hall, then: Hall, *, reason_code: str, calendar_version: str) -> list[Event]:
    """Every open case by the calendar and settings of `then`; one event for all whose dates change, or none.

    A promise already printed that is earlier than the new one, and still a working day, stays the promise.
    """
    before, after = hall.agenda_now().reckoner, Reckoner(then)
    changes = []
    for case in hall.cases.values():
        if not case.is_running:
            continue
        found = after.dates(case)
        promised = kept_promise(case, found.promised, before, after)
        if (promised, found.statutory, found.provisional) != (case.promised_due, case.statutory_due, case.provisional):
            old = [text(at, hall.zone) if at is not None else None for at in (case.promised_due, case.statutory_due)]
            new = [text(at, then.zone) if at is not None else None for at in (promised, found.statutory)]
            changes.append((case.no, old[0], new[0], old[1], new[1], found.provisional))
    if not changes:
        return []
    return [CaseRecalculated(cases=tuple(changes), calendar_version=calendar_version, reason_code=reason_code)]


def kept_promise(case: Case, promised: int | None, before: Reckoner, after: Reckoner) -> int | None:
    """The date a citizen was given, if it is the earlier one and people still work on it; else the new one."""
    if promised is None or case.promised_due is None:
        return promised
    told = before.day(case.promised_due)
    if told < after.day(promised) and after.calendar.is_working_day(told):
        return after.end(told, case.site)
    return promised


def step_days(hall: Hall, case: Case, step: int) -> int | None:
    """The limit of a step, in the unit of the case; None has none."""
    return edition_of(hall, case).steps[step].days
