"""What the forecaster has learnt, as a value for the server's snapshot. Windows are bounded, so it stays small:
about 10 kB for each busy line, and never more than `UNITS_MOST` units."""

from __future__ import annotations

import msgspec

UNITS_MOST = 400
"""Services and lines remembered; the one not heard of for longest goes first."""


class CounterHabit(msgspec.Struct, array_like=True):
    """One counter: the lines it last served, its pace (time / usual time of the service), how many services that is
    learnt from, and the share of recent days on which it opened."""

    lines: list[str]
    pace: float = 1.0
    seen: int = 0
    used: float = 1.0


class Scores(msgspec.Struct, array_like=True):
    """Where waits fell in their forecasts: the recent ones in thousandths of a spread, and how many there ever were."""

    recent: list[int]
    seen: int


class Tally(msgspec.Struct, array_like=True):
    """Waits of one day (days since 1970 UTC) and how many fell between P10 and P90."""

    day: int
    measured: int
    held: int


class Model(msgspec.Struct):
    """The regression: weights, their covariance, how many waits it has learnt from; and each expert's mean loss."""

    weights: list[float]
    spread: list[list[float]]
    seen: int
    losses: list[float]
    biases: dict[str, float]


class Learnt(msgspec.Struct):
    """Everything that outlives a day. Seconds, unless a name says milliseconds."""

    version: int = 1
    times: dict[str, list[int]] = {}
    """Recent service times by unit, in tenths of a second."""

    pooled: list[int] = []
    """The same of the whole hall."""

    counters: dict[str, CounterHabit] = {}
    gaps: list[float] = []
    mean_gap: float = 8.0
    left: float = 1.0
    waited: float = 40_000.0
    usual_waits: dict[str, float] = {}
    hall_usual_wait: float = 600.0
    leads: list[tuple[float, str, str]] = []
    class_leads: dict[str, float] = {}
    profile: list[float] = []
    days: int = 0
    pauses: list[tuple[int, int]] = []
    firsts: list[int] = []
    model: Model | None = None
    scores: dict[str, Scores] = {}
    tallies: dict[str, list[Tally]] = {}
