"""One question, with the hall as it stands: everything the ways of forecasting look at, found once."""

from __future__ import annotations

from functools import cached_property

from .arrivals import Arrivals
from .floor import Counter, Floor
from .openings import Returns
from .statistics import Manners, ServiceTimes, Waits
from .times import Sample
from .waiting import UnitQueue, Waiting, WaitingRoom


class Knowledge:
    """What is learnt and what is going on: the parts a forecast is made from."""

    __slots__ = ("arrivals", "floor", "manners", "room", "times", "waits")

    def __init__(
        self,
        *,
        floor: Floor,
        room: WaitingRoom,
        times: ServiceTimes,
        manners: Manners,
        waits: Waits,
        arrivals: Arrivals,
    ) -> None:
        self.floor, self.room, self.times = floor, room, times
        self.manners, self.waits, self.arrivals = manners, waits, arrivals


class Scene:
    """A place in the order, now. `itself`: the place belongs to a ticket that is waiting already."""

    def __init__(self, hall: Knowledge, place: Waiting, *, now_ms: int, itself: bool) -> None:
        self.hall, self.place, self.now_ms, self._itself = hall, place, now_ms, itself

    @cached_property
    def ahead(self) -> list[tuple[UnitQueue, int]]:
        """Queues with people before this place, and how many."""
        return self.hall.room.ahead(self.place.key_ms, itself=self._itself)

    @cached_property
    def people_ahead(self) -> int:
        """Of all lines."""
        return sum(count for _, count in self.ahead)

    @cached_property
    def same_ahead(self) -> int:
        """Of the same unit."""
        return sum(count for queue, count in self.ahead if queue.unit == self.place.unit)

    @cached_property
    def open(self) -> list[Counter]:
        """Open counters that serve this line."""
        return self.hall.floor.open_for(self.place.line)

    @cached_property
    def away(self) -> list[tuple[Counter, Returns]]:
        """Closed counters, of every line, with what is known about their return."""
        return self.hall.floor.away(self.now_ms)

    @cached_property
    def ahead_s(self) -> float:
        """By how much this place is older than now: the head start and the time already waited."""
        return (self.now_ms - self.place.key_ms) / 1000

    def sample(self, unit: str, line: str) -> Sample:
        """Times of a unit."""
        return self.hall.times.sample(unit, line)

    def elapsed_s(self, counter: Counter) -> float:
        """How long a busy counter's service has gone on, at the pace of an average counter."""
        assert counter.served is not None
        return max(0.0, (self.now_ms - counter.served[3]) / 1000 / counter.habit.pace)
