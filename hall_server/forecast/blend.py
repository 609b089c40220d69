"""Several opinions made one: an online regression on all that is known, weighed against drain and replay themselves.

Everything is in logarithms of seconds + 30. The regression learns how far drain is off, given how it differs from other
signs. Neighbours in a queue share their luck, so a wait counts for less the more people stood ahead: without that the
regression learns the weather of the last hour (measured on the textbook queue, where drain alone is nearly exact).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from .learnt import Model
from .quantiles import clip, log_s, seconds_of
from .scene import Scene

FORGET, FORGET_AFTER = 0.9985, 300
PRIOR = 0.3
SHARED_LUCK = 3.0
"""People ahead per independent piece of information."""

BIAS_STEP = 0.004
EXPERTS = 3
LOSSES_AT_FIRST = (0.42, 0.33, 0.30)
"""Of drain, replay and regression. While its weights are 0 the regression is drain with what the day has shown."""

LOSS_SEEN, LOSS_STEP, LOSS_MOST = 100, 0.0008, 4.0
SHARPNESS = 60.0
"""An expert worse by 1/60 of the usual wait has 1/e of the weight."""

SHORTEST_LOG, LONGEST_LOG = 3.4, 9.3


class LeastSquares:
    """Recursive weighted least squares with forgetting. O(d²) an update."""

    def __init__(self, size: int) -> None:
        self.weights = [0.0] * size
        self.spread = [[PRIOR if i == j else 0.0 for j in range(size)] for i in range(size)]
        self.seen = 0

    def predict(self, x: Sequence[float]) -> float:
        return sum(map(float.__mul__, self.weights, x))

    def learn(self, x: Sequence[float], y: float, *, weight: float, luck: float) -> None:
        """One observation of that weight, one of `luck` that are alike."""
        self.seen += 1
        forget = 1 - (1 - FORGET) / luck if self.seen > FORGET_AFTER else 1.0
        px = [sum(map(float.__mul__, row, x)) for row in self.spread]
        gain = forget * luck / weight + sum(map(float.__mul__, x, px))
        error = clip(y - self.predict(x)) / gain
        self.weights = [w + p * error for w, p in zip(self.weights, px, strict=True)]
        shrink = 0.5 if self.spread[0][0] > 5 else 1.0  # a covariance that has wound up while nothing new came
        for row, p in zip(self.spread, px, strict=True):
            q = p / gain
            row[:] = [(r - q * v) * shrink / forget for r, v in zip(row, px, strict=True)]


class Blend:
    """The regression, a slow bias of each unit, and how well each expert has done."""

    def __init__(self, size: int, model: Model | None) -> None:
        self._squares = LeastSquares(size)
        self._losses = list(LOSSES_AT_FIRST)
        self._biases: dict[str, float] = {}
        if model is not None and len(model.weights) == size and len(model.losses) == EXPERTS:
            self._squares.weights = list(model.weights)
            self._squares.spread = [list(row) for row in model.spread]
            self._squares.seen = model.seen
            self._losses, self._biases = list(model.losses), dict(model.biases)

    def opinions(self, x: Sequence[float], *, unit: str, drained: float, played: float) -> tuple[float, float, float]:
        """What each expert says, in logarithms."""
        regressed = drained + self._squares.predict(x) + self._biases.get(unit, 0.0)
        return drained, played, max(SHORTEST_LOG, min(LONGEST_LOG, regressed))

    def mixed(self, opinions: Sequence[float]) -> float:
        """One opinion, by how well each has done."""
        best = min(self._losses)
        weights = [math.exp(-SHARPNESS * (loss - best)) for loss in self._losses]
        return sum(w * opinion for w, opinion in zip(weights, opinions, strict=True)) / sum(weights)

    def learn(
        self, x: Sequence[float], opinions: Sequence[float], *, unit: str, people: int, wait_s: float, usual_s: float
    ) -> None:
        """A wait is over. `people`: how many stood ahead; `usual_s`: the scale on which errors count."""
        seen, y, bias = self._squares.seen, log_s(wait_s), self._biases.get(unit, 0.0)
        step = max(1 / (seen + LOSS_SEEN), LOSS_STEP)
        for i, opinion in enumerate(opinions):
            loss = min(LOSS_MOST, abs(seconds_of(opinion) - wait_s) / usual_s)
            self._losses[i] += step * (loss - self._losses[i])
        weight = max(0.1, min(3.0, math.exp(opinions[-1]) / usual_s))
        self._squares.learn(x, y - opinions[0] - bias, weight=weight, luck=1 + people / SHARED_LUCK)
        self._biases[unit] = bias + BIAS_STEP * clip(y - opinions[-1])

    def model(self) -> Model:
        """What has been learnt, as a value."""
        squares = self._squares
        spread = [list(row) for row in squares.spread]
        return Model(list(squares.weights), spread, squares.seen, list(self._losses), dict(self._biases))


FEATURES = 13


def features(scene: Scene, *, base: float, played: Sequence[float]) -> tuple[float, ...]:
    """What else is known, relative to `base`, the logarithm of drain's median; `played`: quantiles of the replay."""
    waits, unit, now_ms = scene.hall.waits, scene.place.unit, scene.now_ms
    counters = max(1, len(scene.open))
    last = waits.last_for(unit)
    first_ms = scene.hall.room.first_since(unit)
    return (
        1.0,
        (base - 6) / 2,
        log_s(_queue_length_s(scene, counters)) - base,
        (log_s((scene.people_ahead + 1) / waits.exits_per_s(now_ms)) - base) / 2,
        (log_s(last) - base) / 2,
        (log_s(0.0 if first_ms is None else (now_ms - first_ms) / 1000) - base) / 2,
        (log_s(waits.usual.get(unit, last)) - base) / 2,
        math.log((scene.same_ahead + 1) / counters) / 2,
        math.log(counters) / 2,
        min(4.0, scene.ahead_s / 1200),
        sum(counter.is_busy for counter in scene.open) / counters,
        log_s(played[1]) - base,
        log_s(played[3]) - base - 1.0,
    )


def _queue_length_s(scene: Scene, counters: int) -> float:
    """Competing work over counters, with nothing known about what goes on at them (Ibrahim and Whitt's QL)."""
    gap, line = scene.hall.manners.mean_gap, scene.place.line
    work = scene.sample(scene.place.unit, line).mean + gap
    for queue, people in scene.ahead:
        share = scene.hall.floor.share(line, queue.line)
        work += people * (scene.sample(queue.unit, queue.line).mean + gap) * share
    return work / counters
