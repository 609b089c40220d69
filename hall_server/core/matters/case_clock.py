"""Both clocks of a case, the warning and the cards they lead to (domain.md 2 and 5).

Promised and statutory run beside each other and count the same pauses. What time alone changes is kept in an agenda:
the next instant of every case in one ordered list, so that a second that passes looks at its head and at nothing else.
The agenda is derived from the hall and never stored; a new calendar or another setting makes it anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from ..registry import Event
from ..stamp import text
from . import card
from .case import Case, about, edition_of
from .case_events import CaseAccepted, CaseRecalculated, CaseWarned
from .reckoner import PROMISED, STATUTORY, STEP, Reckoner, Threshold

if TYPE_CHECKING:
    from ..hall import Hall


class Light(NamedTuple):
    """What a moment makes of a case."""

    light: str
    warning: bool


GREEN, WARNING = Light("green", False), Light("yellow", True)
YELLOW, RED = Light("yellow", False), Light("red", False)


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
