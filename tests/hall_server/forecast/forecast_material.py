"""A small hall that plays itself: visitors, counters with different skills, pauses; every number from one seed."""

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from hall_server.forecast import Predictor, Quantiles

DAY_MS = 86_400_000
OPENS_MS, ENDS_MS = 9 * 3_600_000, 15 * 3_600_000
LINES = {"tax": 240.0, "land": 420.0, "permits": 600.0}
COUNTERS = {"1": {"tax"}, "2": {"tax", "land"}, "3": {"land"}, "4": {"permits"}, "5": {"permits", "land"}}
HEAD_START_MS = {"ordinary": 0, "elder": 900_000}


@dataclass(order=True)
class Happening:
    at_ms: int
    rank: int
    what: str = field(compare=False)
    who: str = field(compare=False, default="")
    line: str = field(compare=False, default="")
    klass: str = field(compare=False, default="")


@dataclass
class Wait:
    """One wait as it was forecast and as it turned out."""

    day: int
    line: str
    klass: str
    told: Quantiles
    wait_s: float


class SmallHall:
    """Plays days past a predictor; `waits` are those above 20 s that were forecast with a counter open."""

    def __init__(self, predictor: Predictor, seed: int) -> None:
        self.predictor, self.chance = predictor, random.Random(seed)
        self.waits: list[Wait] = []
        self.tickets = 0

    def play(self, days: int) -> list[Wait]:
        for day in range(days):
            self._day(day)
        return self.waits

    def _day(self, day: int) -> None:
        begin = day * DAY_MS
        self.predictor.day_started(begin)
        self.waiting: list[tuple[int, int, str, str, str, Quantiles | None, int]] = []
        self.open: dict[str, str | None] = {}
        self.ahead = list(self._plan(day, begin))
        heapq.heapify(self.ahead)
        while self.ahead:
            happening = heapq.heappop(self.ahead)
            getattr(self, "_" + happening.what)(happening)
            self._call(happening.at_ms, day)

    def _plan(self, day: int, begin: int) -> Iterator[Happening]:
        for name in COUNTERS:
            yield Happening(begin + OPENS_MS + self.chance.randrange(240_000), 0, "opens", name)
            pause = begin + OPENS_MS + self.chance.randrange(3_600_000, 14_400_000)
            yield Happening(pause, 1, "pauses", name)
            yield Happening(pause + self.chance.randrange(400_000, 900_000), 0, "opens", name)
        load = self.chance.uniform(0.85, 1.15)
        at = begin + OPENS_MS - 300_000
        while (at := at + int(1000 * self.chance.expovariate(load * 39 / 3600))) < begin + ENDS_MS:
            line = self.chance.choices(list(LINES), (5, 3, 2))[0]
            klass = "elder" if self.chance.random() < 0.2 else "ordinary"
            self.tickets += 1
            yield Happening(at, 3, "comes", f"t{self.tickets}", line, klass)

    def _opens(self, happening: Happening) -> None:
        self.open.setdefault(happening.who, None)
        lines = frozenset(COUNTERS[happening.who])
        self.predictor.counter_opened(happening.who, lines=lines, at_ms=happening.at_ms)

    def _pauses(self, happening: Happening) -> None:
        if self.open.get(happening.who) is None:
            self.open.pop(happening.who, None)
            self.predictor.counter_paused(happening.who, at_ms=happening.at_ms)

    def _comes(self, happening: Happening) -> None:
        at, key = happening.at_ms, happening.at_ms - HEAD_START_MS[happening.klass]
        told = self.predictor.ticket_waiting(
            happening.who, line=happening.line, klass=happening.klass, at_ms=at, key_ms=key
        )
        entry = (key, int(happening.who[1:]), happening.who, happening.line, happening.klass, told, at)
        self.waiting.append(entry)
        self.waiting.sort()

    def _ends(self, happening: Happening) -> None:
        self.predictor.finished(happening.line, at_ms=happening.at_ms)
        self.open[happening.who] = None

    def _call(self, now_ms: int, day: int) -> None:
        for counter, busy in list(self.open.items()):
            entry = next((e for e in self.waiting if e[3] in COUNTERS[counter]), None)
            if busy is not None or entry is None:
                continue
            self.waiting.remove(entry)
            _, _, ticket, line, klass, told, since = entry
            self.predictor.called(ticket, counter=counter, at_ms=now_ms)
            self.open[counter] = ticket
            seconds = LINES[line] * self.chance.lognormvariate(-0.18, 0.6)
            heapq.heappush(self.ahead, Happening(now_ms + int(1000 * seconds), 2, "ends", counter, ticket))
            wait_s = (now_ms - since) / 1000
            if told is not None and wait_s > 20:
                self.waits.append(Wait(day, line, klass, told, wait_s))


def opened(predictor: Predictor, *, counters: int = 2, line: str = "tax") -> Predictor:
    """A day on which some counters serve one line."""
    predictor.day_started(0)
    for number in range(counters):
        predictor.counter_opened(str(number), lines=frozenset((line,)), at_ms=1000)
    return predictor


def values(told: Quantiles | None) -> list[float]:
    """The four numbers."""
    assert told is not None
    return [told.p10_s, told.p50_s, told.p80_s, told.p90_s]
