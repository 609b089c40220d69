"""The hall played forward, several times, by its own rule: what the wait of one place turns out to be.

Each play draws how long the busy counters still need, when the closed ones return, who with a head start still comes,
how long everybody takes and who has given up; then counters take the first in order that they may serve, until one
would take this place. Used while few people are ahead; drain is as good when many are, and cheaper.
"""

from __future__ import annotations

import math
from bisect import insort
from heapq import heapify, heappop, heappush

from .arrivals import Lead
from .draws import SIZE, Draws
from .floor import Counter
from .scene import Scene

AHEAD_MOST = 100
"""With more people ahead no replay is made: O(people x plays)."""

HORIZON_S = 3600.0
UNKNOWN_FROM_S, UNKNOWN_FOR_S = 60.0, 600.0
"""When no counter is known that serves this line, one opens some time in these ten minutes."""

Entry = tuple[int, str, str]
"""Key (negative, so that the first in order is the last of a list), unit, line."""


class Replay:
    """Plays for one question."""

    def __init__(self, scene: Scene, plays: int) -> None:
        self._scene, self._plays = scene, plays
        manners = scene.hall.manners
        self._gaps, self._hazard = tuple(manners.gaps), manners.hazard
        self._rate, self._likely = scene.hall.arrivals.overtaking(ahead_s=scene.ahead_s, now_ms=scene.now_ms)
        self._queues: dict[str, list[Entry]] = {}
        for queue, people in scene.ahead:
            entries = [(-key, queue.unit, queue.line) for key in queue.keys[:people]]
            self._queues.setdefault(queue.line, []).extend(entries)
        for entries in self._queues.values():
            entries.sort()
        here = scene.hall.floor.counters.values()
        self._open = [counter for counter in here if counter.is_open]

    def waits(self) -> list[float]:
        """How long it took in each play, ascending, seconds."""
        return sorted(self._play(number) for number in range(self._plays))

    def _play(self, number: int) -> float:
        draws = Draws(number * (SIZE // self._plays))
        line = self._scene.place.line
        queues = {name: list(entries) for name, entries in self._queues.items()}
        counters, free = self._start(draws, number)
        next_s = draws.exponential() / self._rate if self._likely and self._rate > 0 else math.inf
        while free:
            at, i = heappop(free)
            counter = counters[i]
            while next_s < min(at, HORIZON_S):
                self._overtake(queues, draws, next_s)
                next_s += draws.exponential() / self._rate
            lines = counter.lines if counter else frozenset((line,))
            taken = self._next_for(lines, queues, draws, at)
            if taken is None:
                if line in lines:
                    return at
                continue  # nothing left for this counter to do before us
            spent = self._scene.sample(taken[1], taken[2]).drawn(draws.uniform())
            pace = counter.habit.pace if counter else 1.0
            heappush(free, (at + spent * pace + self._gap(draws), i))
        return HORIZON_S

    def _start(self, draws: Draws, number: int) -> tuple[list[Counter | None], list[tuple[float, int]]]:
        """Counters and when each is free first; None stands for one that nobody knows yet."""
        scene, line = self._scene, self._scene.place.line
        counters: list[Counter | None] = []
        free: list[tuple[float, int]] = []
        stratum = (number + draws.uniform()) / self._plays if len(self._open) == 1 else None
        served = False
        for counter in self._open:
            free.append((self._rest(counter, draws, stratum), len(counters)))
            counters.append(counter)
            served = served or line in counter.lines
        for counter, returns in scene.away:
            back = returns.drawn_s(uniform=draws.uniform(), exponential=draws.exponential())
            if back < HORIZON_S and (counter.opened_today or draws.uniform() < counter.habit.used):
                busy = self._rest(counter, draws, None) if counter.is_busy else 0.0
                free.append((max(back, busy), len(counters)))
                counters.append(counter)
                served = served or line in counter.lines
        if not served:
            free.append((UNKNOWN_FROM_S + UNKNOWN_FOR_S * draws.uniform(), len(counters)))
            counters.append(None)
        heapify(free)
        return counters, free

    def _rest(self, counter: Counter, draws: Draws, stratum: float | None) -> float:
        """When an open counter takes its next visitor."""
        if counter.served is None:
            idle_s = (self._scene.now_ms - counter.idle_ms) / 1000 if counter.idle_ms is not None else 0.0
            return max(0.0, self._gap(draws) - min(5.0, max(0.0, idle_s)))
        _, unit, line, _ = counter.served
        uniform = draws.uniform() if stratum is None else stratum
        left = self._scene.sample(unit, line).drawn_left(
            self._scene.elapsed_s(counter), uniform=uniform, exponential=draws.exponential()
        )
        return left * counter.habit.pace + self._gap(draws)

    def _next_for(self, lines: frozenset[str], queues: dict[str, list[Entry]], draws: Draws, at: float) -> Entry | None:
        """The first in order that a counter may serve and who has not given up by then."""
        while True:
            best: list[Entry] | None = None
            for line in lines:
                entries = queues.get(line)
                if entries and (best is None or entries[-1][0] > best[-1][0]):
                    best = entries
            if best is None:
                return None
            taken = best.pop()
            if draws.exponential() > at * self._hazard:
                return taken

    def _overtake(self, queues: dict[str, list[Entry]], draws: Draws, at: float) -> None:
        """Somebody comes whose head start may reach before this place."""
        lead: Lead = self._likely[int(draws.uniform() * len(self._likely))]
        if lead.lead_s > self._scene.ahead_s + at:
            key = self._scene.now_ms + int((at - lead.lead_s) * 1000)
            insort(queues.setdefault(lead.line, []), (-key, lead.unit, lead.line))

    def _gap(self, draws: Draws) -> float:
        return self._gaps[int(draws.uniform() * len(self._gaps))]
