"""What is learnt about services, people leaving and the gap between two visitors. Seconds throughout."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from .learnt import UNITS_MOST, Learnt
from .times import UNKNOWN, RecentTimes, Sample

LINE_KEPT, SERVICE_KEPT, POOLED_KEPT = 2000, 300, 300
GAPS_KEPT = 300
GAP_MOST = 900.0
GAP_AT_FIRST = 5.0
USUAL_STEP, HALL_STEP = 0.3, 0.01
EXITS_MS, EXITS_MOST = 20 * 60_000, 4000


def in_tenths(seconds: Iterable[float]) -> list[int]:
    """As they are stored: a third of the bytes of floating-point numbers."""
    return [round(10 * x) for x in seconds]


def in_seconds(tenths: Iterable[int]) -> list[float]:
    """Back from storage."""
    return [x / 10 for x in tenths]


class ServiceTimes:
    """Times by unit (service, or line when no service was named), by line, and of the whole hall."""

    def __init__(self, learnt: Learnt) -> None:
        self._units = {unit: RecentTimes(LINE_KEPT, in_seconds(times)) for unit, times in learnt.times.items()}
        self._pooled = RecentTimes(POOLED_KEPT, in_seconds(learnt.pooled))
        self._known: dict[tuple[str, str], Sample] = {}

    def add(self, *, unit: str, line: str, seconds: float) -> None:
        """A service is over; `seconds` at the pace of an average counter."""
        self._known.clear()
        self._pooled.add(seconds)
        self._of(line, LINE_KEPT).add(seconds)
        if unit != line:
            self._of(unit, SERVICE_KEPT).add(seconds)

    def sample(self, unit: str, line: str) -> Sample:
        """What is known about a unit, filled up from its line, and that from the hall, while it is little."""
        found = self._known.get((unit, line))
        if found is None:
            found = self._pooled.sample(UNKNOWN)
            for name in (line, unit):
                if times := self._units.get(name):
                    found = times.sample(found)
            self._known[unit, line] = found
        return found

    def _of(self, name: str, keep: int) -> RecentTimes:
        times = self._units.pop(name, None) or RecentTimes(keep)
        times.keep = keep  # of a stored one it is not known
        self._units[name] = times  # put last: the dict is in order of use
        if len(self._units) > UNITS_MOST:
            del self._units[next(iter(self._units))]
        return times

    def tell(self, learnt: Learnt) -> None:
        learnt.times = {unit: in_tenths(times.recent) for unit, times in self._units.items()}
        learnt.pooled = in_tenths(self._pooled.recent)


class Manners:
    """How people behave: the gap until the next one sits down, and how many give up waiting."""

    def __init__(self, learnt: Learnt) -> None:
        self.gaps = deque(learnt.gaps or [GAP_AT_FIRST] * 5, maxlen=GAPS_KEPT)
        self.mean_gap = learnt.mean_gap
        self._left, self._waited = learnt.left, learnt.waited

    @property
    def hazard(self) -> float:
        """Chance to leave within the next second of waiting."""
        return self._left / self._waited

    def gap_seen(self, seconds: float) -> None:
        """A counter stood empty so long although somebody was waiting for it."""
        gap = min(GAP_MOST, max(0.0, seconds))
        self.gaps.append(gap)
        self.mean_gap += 0.02 * (gap - self.mean_gap)

    def waited(self, seconds: float, *, gave_up: bool) -> None:
        """Somebody's wait is over, by a call or by giving up."""
        self._waited += max(0.0, seconds)
        self._left += gave_up

    def tell(self, learnt: Learnt) -> None:
        learnt.gaps, learnt.mean_gap = [round(gap, 1) for gap in self.gaps], self.mean_gap
        learnt.left, learnt.waited = self._left, self._waited


class Waits:
    """Waits as they turned out: the last one and a moving average by unit, and what is usual in this hall."""

    def __init__(self, learnt: Learnt) -> None:
        self.usual = dict(learnt.usual_waits)
        self.hall_usual = learnt.hall_usual_wait
        self.last: dict[str, float] = {}
        self.last_of_all: float | None = None
        self._exits: deque[int] = deque(maxlen=EXITS_MOST)

    def day_started(self) -> None:
        self.last.clear()
        self.last_of_all = None
        self._exits.clear()

    def exit_seen(self, at_ms: int) -> None:
        """Somebody left the queue, called or not."""
        self._exits.append(at_ms)

    def exits_per_s(self, now_ms: int) -> float:
        """How fast the whole queue moved in the last 20 minutes; never 0."""
        while self._exits and self._exits[0] < now_ms - EXITS_MS:
            self._exits.popleft()
        return max(1, len(self._exits)) / (EXITS_MS / 1000)

    def called_after(self, unit: str, seconds: float) -> None:
        """Somebody was called."""
        usual = self.usual.pop(unit, seconds)
        self.usual[unit] = usual + USUAL_STEP * (seconds - usual)
        if len(self.usual) > UNITS_MOST:
            del self.usual[next(iter(self.usual))]
        self.hall_usual += HALL_STEP * (seconds - self.hall_usual)
        self.last[unit] = self.last_of_all = seconds

    def last_for(self, unit: str) -> float:
        """What the last one called had waited, of the same unit if there was one today."""
        return self.last.get(unit, 60.0 if self.last_of_all is None else self.last_of_all)

    def tell(self, learnt: Learnt) -> None:
        learnt.usual_waits, learnt.hall_usual_wait = dict(self.usual), self.hall_usual
