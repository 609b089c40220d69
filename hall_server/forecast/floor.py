"""The counters: which are open for what, who is busy since when, and when the closed ones usually come back."""

from __future__ import annotations

from collections.abc import Sequence

from .learnt import UNITS_MOST, CounterHabit, Learnt
from .openings import Openings, Returns, returns_after

USED_STEP = 0.2
PACE_STEP, PACE_DOUBT, PACE_MOST = 0.02, 8, 4.0


def copied(habit: CounterHabit) -> CounterHabit:
    """A habit of its own, so that a snapshot stays as it was taken."""
    return CounterHabit(list(habit.lines), habit.pace, habit.seen, habit.used)


class Counter:
    """One counter. Instants in milliseconds."""

    __slots__ = ("closed_ms", "ends_ms", "habit", "idle_ms", "is_open", "lines", "name", "opened_today", "served")

    def __init__(self, name: str, habit: CounterHabit) -> None:
        self.name, self.habit = name, habit
        self.lines = frozenset(habit.lines)
        self.day_started()

    def day_started(self) -> None:
        self.is_open, self.opened_today = False, False
        self.idle_ms: int | None = None
        """Since when it has been free; None while it is busy or closed."""
        self.served: tuple[str, str, str, int] | None = None
        """Ticket, unit, line, and since when, while it is busy; a closed counter may still finish."""
        self.closed_ms: int | None = None
        self.ends_ms: Sequence[float] = ()
        """When the present pause may end."""

    @property
    def is_busy(self) -> bool:
        return self.served is not None

    def paced(self, ratio: float) -> None:
        """One more service took `ratio` times what it usually takes."""
        habit = self.habit
        habit.pace += max(1 / (habit.seen + PACE_DOUBT), PACE_STEP) * (min(PACE_MOST, ratio) - habit.pace)
        habit.seen += 1


class Floor:
    """All counters that are known. Who serves what is kept until a counter opens or closes."""

    def __init__(self, learnt: Learnt) -> None:
        self.openings = Openings(learnt.pauses, learnt.firsts)
        self.counters = {name: Counter(name, copied(habit)) for name, habit in learnt.counters.items()}
        self._open_for: dict[str, list[Counter]] = {}
        self._shares: dict[tuple[str, str], float] = {}

    # ------------------------------------------------------------ events

    def day_started(self) -> None:
        """Everything is closed. A day on which no counter opened teaches nothing about habits."""
        worked = any(counter.opened_today for counter in self.counters.values())
        for counter in self.counters.values():
            if worked:
                counter.habit.used += USED_STEP * (counter.opened_today - counter.habit.used)
                if counter.closed_ms is not None and not counter.is_open:
                    self.openings.pause_over(closed_ms=counter.closed_ms, back_ms=0)
            counter.day_started()
        self._forget_shares()

    def opened(self, name: str, lines: frozenset[str], at_ms: int) -> None:
        """A counter is ready, or serves other lines from now on."""
        counter = self._known(name)
        self._forget_shares()
        if counter.lines != lines:
            counter.lines, counter.habit.lines = lines, sorted(lines)
        if counter.is_open:
            return
        counter.is_open = True
        if not counter.is_busy:
            counter.idle_ms = at_ms
        if not counter.opened_today:
            self.openings.opened_first(at_ms)
        elif counter.closed_ms is not None and at_ms >= counter.closed_ms:
            self.openings.pause_over(closed_ms=counter.closed_ms, back_ms=at_ms)
        counter.opened_today = True

    def closed(self, name: str, at_ms: int) -> None:
        """A counter pauses or closes."""
        counter = self.counters.get(name)
        if counter is None or not counter.is_open:
            return
        counter.is_open, counter.idle_ms, counter.closed_ms = False, None, at_ms
        counter.ends_ms = self.openings.ends_of_pause(at_ms)
        self._forget_shares()

    def begun(self, name: str, *, ticket: str, unit: str, line: str, at_ms: int) -> int | None:
        """A counter is busy; since when it had been free is returned, None when it was not."""
        counter = self._known(name)
        idle_ms, counter.idle_ms = counter.idle_ms, None
        counter.served = (ticket, unit, line, at_ms)
        return idle_ms

    def free_again(self, counter: Counter, at_ms: int) -> None:
        """The visitor of a counter has gone."""
        counter.served = None
        if counter.is_open:
            counter.idle_ms = at_ms

    # ------------------------------------------------------------ questions

    def serving(self, ticket: str) -> Counter | None:
        """The counter at which that ticket is."""
        return next((c for c in self.counters.values() if c.served is not None and c.served[0] == ticket), None)

    def open_for(self, line: str) -> list[Counter]:
        """The open counters of a line."""
        found = self._open_for.get(line)
        if found is None:
            found = [counter for counter in self.counters.values() if counter.is_open and line in counter.lines]
            self._open_for[line] = found
        return found

    def share(self, line: str, other: str) -> float:
        """The part of the other line's open counters that also serves `line`: how much of its work delays us."""
        found = self._shares.get((line, other))
        if found is None:
            theirs = self.open_for(other)
            common = sum(line in counter.lines for counter in theirs)
            found = self._shares[line, other] = common / len(theirs) if theirs else 0.0
        return found

    def away(self, now_ms: int) -> list[tuple[Counter, Returns]]:
        """The closed counters that may come back today."""
        morning: Returns | None = None
        found = []
        for counter in self.counters.values():
            if counter.is_open:
                continue
            if counter.closed_ms is not None:
                found.append((counter, returns_after(counter.ends_ms, now_ms)))
            elif counter.habit.used > 0.05:
                morning = morning or self.openings.first_openings(now_ms)
                found.append((counter, morning))
        return found

    def tell(self, learnt: Learnt) -> None:
        learnt.counters = {name: copied(counter.habit) for name, counter in self.counters.items()}
        learnt.pauses, learnt.firsts = list(self.openings.pauses), list(self.openings.firsts)

    def _known(self, name: str) -> Counter:
        counter = self.counters.get(name)
        if counter is None:
            if len(self.counters) >= UNITS_MOST:
                self._forget_one()
            counter = self.counters[name] = Counter(name, CounterHabit([]))
        return counter

    def _forget_one(self) -> None:
        idle = (name for name, c in self.counters.items() if not (c.is_open or c.is_busy))
        self.counters.pop(next(idle, ""), None)

    def _forget_shares(self) -> None:
        self._open_for.clear()
        self._shares.clear()
