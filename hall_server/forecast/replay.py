"""The hall played forward, several times, by its own rule: what the wait of one place turns out to be.

Each play draws how long the busy counters still need, when the closed ones return, who with a head start still comes,
how long everybody takes and who has given up; then counters take the first in order that they may serve, until one
would take this place. Used while few people are ahead; drain is as good when many are, and cheaper.
"""

from __future__ import annotations

import math
from bisect import bisect_right, insort
from collections.abc import Callable, Sequence
from heapq import heapify, heappop, heappush
from itertools import cycle

from .draws import rows
from .floor import Counter
from .openings import Returns
from .quantiles import LEVELS, quantile_of
from .scene import Scene

AHEAD_MOST = 100
"""With more people ahead no replay is made: O(people x plays)."""

PLAYS_MOST, PLAYS_LEAST = 64, 16
STEPS = 1200
"""Services and counters played in one forecast, about 1 µs each: fewer plays of a longer queue."""

HORIZON_S = 3600.0
UNKNOWN_FROM_S, UNKNOWN_FOR_S = 60.0, 600.0
"""When no counter is known that serves this line, one opens some time in these ten minutes."""

FRESH_S = 5.0
"""A counter free for longer than this is not about to be taken by somebody already called."""

Entry = tuple[int, Sequence[float]]
"""Key (negative, so that the first in order is the last of a list) and the times of the service wanted."""

Draw = Callable[[], float]


class Player:
    """A counter as the plays see it: which queues it takes from, and what is known about when it is free."""

    __slots__ = ("elapsed", "idle_s", "is_ours", "is_unknown", "longer", "pace", "queues", "returns", "times", "used")

    def __init__(self, scene: Scene, counter: Counter | None, queues: list[int], returns: Returns | None) -> None:
        self.queues, self.returns = queues, returns
        self.is_unknown = counter is None
        self.is_ours = counter is None or scene.place.line in counter.lines
        self.pace = counter.habit.pace if counter else 1.0
        self.used = 1.0 if counter is None or counter.opened_today else counter.habit.used
        self.times: Sequence[float] = ()
        self.longer, self.elapsed, self.idle_s = 0, 0.0, 0.0
        if counter is not None and counter.served is not None:
            self.elapsed = scene.elapsed_s(counter)
            self.times = scene.sample(counter.served[1], counter.served[2]).values
            self.longer = len(self.times) - bisect_right(self.times, self.elapsed)
        elif counter is not None and counter.idle_ms is not None:
            self.idle_s = min(FRESH_S, max(0.0, (scene.now_ms - counter.idle_ms) / 1000))

    def free_after(self, draw: Draw, gap: float) -> float:
        """A possible number of seconds until it takes its next visitor; as many draws every time."""
        uniform, back = draw(), draw()
        if self.is_unknown:
            return UNKNOWN_FROM_S + UNKNOWN_FOR_S * uniform
        if not self.times:
            rest = max(0.0, gap - self.idle_s)
        elif self.longer < 3:
            rest = -math.log(uniform) * max(60.0, 0.35 * self.elapsed) * self.pace + gap
        else:
            rest = (self.times[int(uniform * self.longer) - self.longer] - self.elapsed) * self.pace + gap
        if self.returns is None:
            return rest
        if self.used < 1 and draw() > self.used:
            return math.inf
        return max(rest, self.returns.drawn_s(back))


class Replay:
    """Plays for one question."""

    def __init__(self, scene: Scene, plays_most: int) -> None:
        self._scene = scene
        manners, arrivals = scene.hall.manners, scene.hall.arrivals
        self._gaps, self._hazard = tuple(manners.gaps), manners.hazard
        rate, likely = arrivals.overtaking(ahead_s=scene.ahead_s, now_ms=scene.now_ms)
        self._between_s = 1 / rate if likely and rate > 0 else math.inf
        self._number: dict[str, int] = {}
        self._queues: list[list[Entry]] = []
        for queue, people in scene.ahead:
            times = scene.sample(queue.unit, queue.line).values
            self._queues[self._queue(queue.line)] += [(-key, times) for key in queue.keys[:people]]
        self._likely = [
            (lead.lead_s, self._queue(lead.line), scene.sample(lead.unit, lead.line).values) for lead in likely
        ]
        for entries in self._queues:
            entries.sort(key=_key)
        self._players = self._all_players()
        affordable = STEPS // (scene.people_ahead + len(self._players))
        self._plays = min(plays_most, PLAYS_MOST, max(PLAYS_LEAST, 1 << max(0, affordable.bit_length() - 1)))

    def quantiles(self) -> list[float]:
        """Of the wait, seconds, at the usual levels."""
        waits = sorted(self._play(cycle(row).__next__) for row in rows(self._plays))
        return [quantile_of(waits, level) for level in LEVELS]

    def _queue(self, line: str) -> int:
        number = self._number.get(line)
        if number is None:
            number = self._number[line] = len(self._queues)
            self._queues.append([])
        return number

    def _all_players(self) -> list[Player]:
        """Counters that matter: those of this line, or of a line somebody is ahead in; one unknown if none is ours."""
        scene = self._scene
        here: list[tuple[Counter, Returns | None]] = [
            (counter, None) for counter in scene.hall.floor.counters.values() if counter.is_open
        ]
        players = [
            Player(scene, counter, queues, returns)
            for counter, returns in (*here, *scene.away)
            if (queues := sorted(self._number[line] for line in counter.lines if line in self._number))
            or scene.place.line in counter.lines
        ]
        if not any(player.is_ours for player in players):
            own = self._number.get(scene.place.line)
            players.append(Player(scene, None, [] if own is None else [own], None))
        return players

    def _play(self, draw: Draw) -> float:
        """The wait in one play, seconds."""
        players, gaps, queues = self._players, self._gaps, [list(entries) for entries in self._queues]
        free = self._start(draw)
        next_s = -math.log(draw()) * self._between_s
        while free:
            at, i = heappop(free)
            while next_s < at and next_s < HORIZON_S:
                self._overtake(queues, draw, next_s)
                next_s -= math.log(draw()) * self._between_s
            player = players[i]
            times = self._next_for(player.queues, queues, draw, at)
            if times is None:
                if player.is_ours:
                    return at
                continue  # nothing left for this counter to do before us
            spent = times[int(draw() * len(times))] * player.pace
            heappush(free, (at + spent + gaps[int(draw() * len(gaps))], i))
        return HORIZON_S

    def _start(self, draw: Draw) -> list[tuple[float, int]]:
        """When each counter is free for the first time, as a heap."""
        gaps = self._gaps
        free = []
        for i, player in enumerate(self._players):
            at = player.free_after(draw, gaps[int(draw() * len(gaps))])
            if at < math.inf:
                free.append((at, i))
        heapify(free)
        return free

    def _next_for(self, numbers: list[int], queues: list[list[Entry]], draw: Draw, at: float) -> Sequence[float] | None:
        """The service times of the first in order that a counter may serve and who has not given up by then."""
        stays = math.exp(-at * self._hazard)
        while True:
            best: list[Entry] | None = None
            for number in numbers:
                entries = queues[number]
                if entries and (best is None or entries[-1][0] > best[-1][0]):
                    best = entries
            if best is None:
                return None
            taken = best.pop()
            if draw() < stays:
                return taken[1]

    def _overtake(self, queues: list[list[Entry]], draw: Draw, at: float) -> None:
        """Somebody comes whose head start may reach before this place."""
        lead_s, number, times = self._likely[int(draw() * len(self._likely))]
        if lead_s > self._scene.ahead_s + at:
            key = self._scene.now_ms + int((at - lead_s) * 1000)
            insort(queues[number], (-key, times), key=_key)


def prepare(plays_most: int) -> None:
    """Makes the tables of draws, 10 ms, before the first visitor asks."""
    plays = min(plays_most, PLAYS_MOST)
    while plays >= PLAYS_LEAST:
        rows(plays)
        plays //= 2


def _key(entry: Entry) -> int:
    return entry[0]
