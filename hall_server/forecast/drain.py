"""How long until the work ahead has drained through the counters of a line: mean and variance of the wait.

People ahead in other lines count by the share of their counters that are also ours. Counters that are away join when
they usually return. The cost grows with units and counters, not with people.
"""

from __future__ import annotations

import math

from .floor import Counter
from .scene import Scene

SOON_S = 2400.0
"""Counters that are away longer than this do not matter to somebody deciding whether to wait."""

NOBODY_S = 600.0
"""Until something happens at all when no counter is open and none is known to come."""

HAZARD_LEAST = 0.02
"""From this chance on, people ahead who give up are worth the arithmetic."""


def moments(scene: Scene) -> tuple[float, float]:
    """Mean (s) and variance (s²) of the wait, a gap after everybody included."""
    soon = _soon(scene)
    work, variance = _work_ahead(scene, [counter for _, counter in soon])
    rest = _mean_rest(scene)
    wait = _drained(
        work + rest, open_now=len(scene.open), joining_s=[s for s, c in soon if scene.place.line in c.lines]
    )
    counters = max(1.0, (work + rest) / max(wait, 1.0))
    hazard = scene.hall.manners.hazard
    if hazard * wait > HAZARD_LEAST:
        wait = math.log1p(hazard * wait) / hazard
    return wait, variance / counters**2 + (rest / counters) ** 2


def _soon(scene: Scene) -> list[tuple[float, Counter]]:
    back = ((returns.median_s(), counter) for counter, returns in scene.away)
    return sorted(((s, counter) for s, counter in back if s <= SOON_S), key=lambda pair: pair[0])


def _work_ahead(scene: Scene, soon: list[Counter]) -> tuple[float, float]:
    """Seconds of work before this place that falls to its counters, and their variance."""
    work = variance = 0.0
    gap = scene.hall.manners.mean_gap
    for queue, people in scene.ahead:
        share = _share(scene, queue.line, soon)
        if share:
            sample = scene.sample(queue.unit, queue.line)
            cycle = sample.mean + gap
            work += people * cycle * share
            variance += people * share * (sample.variance + (1 - share) * cycle * cycle)
    return work, variance


def _share(scene: Scene, other: str, soon: list[Counter]) -> float:
    if not soon:
        return scene.hall.floor.share(scene.place.line, other)
    theirs = [c for c in (*scene.hall.floor.open_for(other), *soon) if other in c.lines]
    return sum(scene.place.line in c.lines for c in theirs) / len(theirs) if theirs else 0.0


def _mean_rest(scene: Scene) -> float:
    """Mean time until one of the open counters is free for the next."""
    if not scene.open:
        return scene.hall.manners.mean_gap
    return sum(rest_of(scene, counter) for counter in scene.open) / len(scene.open)


def rest_of(scene: Scene, counter: Counter) -> float:
    """Expected seconds until a counter is free."""
    if counter.served is None:
        return scene.hall.manners.mean_gap
    _, unit, line, _ = counter.served
    return scene.sample(unit, line).mean_left(scene.elapsed_s(counter)) * counter.habit.pace


def _drained(work_s: float, *, open_now: int, joining_s: list[float]) -> float:
    """When that much work is done by counters of which some join later, ascending."""
    counters, at = open_now, 0.0
    for joins in joining_s:
        done = counters * (joins - at)
        if done >= work_s:
            break
        work_s, at, counters = work_s - done, joins, counters + 1
    return at + (work_s / counters if counters else NOBODY_S + work_s)
