"""How people are: when they come, what for, how long they wait, how long it takes, whether they come when called.

Composed for the demo; no hall was measured. All spans are hall time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from random import Random
from typing import TypeVar

T = TypeVar("T")

HOURS = ((time(9), time(12)), (time(13, 30), time(16, 30)))
ARRIVALS_PER_HOUR = {9: 96.0, 10: 108.0, 11: 72.0, 13: 80.0, 14: 90.0, 15: 72.0, 16: 36.0}
"""Visitors of the whole hall in an hour that begins then."""
LINES = {"A": 0.36, "B": 0.17, "C": 0.2, "D": 0.05, "E": 0.06, "F": 0.06, "G": 0.03, "H": 0.07}
SERVICE_MIN = {"A": 4.6, "B": 5.4, "C": 5.0, "D": 6.5, "E": 4.0, "F": 4.5, "G": 7.5, "H": 3.0}
CLASSES = {"ordinary": 0.82, "elder": 0.12, "pregnant": 0.02, "disabled": 0.02, "military": 0.02}
LEVELS = {5: 0.7, 4: 0.18, 3: 0.06, 2: 0.04, 1: 0.02}
LANGUAGES = {"zh-Hans": 0.94, "zh-Hant": 0.02, "en": 0.04}
COMMENTS = {
    5: "很快，谢谢",
    4: "讲得清楚",
    3: "等得有点久",
    2: "要的材料和指南上写的不一样",
    1: "等了很久，话也没说清楚",
}
NO_SHOW, RETURNS, PARKED, MOVED, RATES, COMMENTS_TOO, GIVES_BACK = 0.07, 0.6, 0.05, 0.03, 0.55, 0.25, 0.5
ON_MY_WAY = 0.3
WALK_S = (6.0, 25.0)
PATIENCE_MIN = (35.0, 0.5)
"""Median and spread of how long somebody waits before leaving."""
PAUSE_EVERY_MIN, PAUSE_MIN = 70.0, (4.0, 9.0)


@dataclass
class Wishes:
    """What one visitor is like."""

    line: str
    klass: str
    language: str
    patience_s: float
    shows: bool
    returns: bool
    says_coming: bool
    level: int | None
    comment: str | None
    gives_back: bool


def open_at(now: datetime) -> bool:
    """Whether people come and clerks serve at that moment of the day."""
    return any(start <= now.time() < end for start, end in HOURS)


def arrivals_per_s(now: datetime) -> float:
    """Visitors a second."""
    return ARRIVALS_PER_HOUR.get(now.hour, 0.0) / 3600 if open_at(now) else 0.0


def drawn(dice: Random, shares: dict[T, float]) -> T:
    """One of them, by its share."""
    return dice.choices(list(shares), weights=list(shares.values()))[0]


def somebody(dice: Random) -> Wishes:
    """A visitor."""
    level = drawn(dice, LEVELS) if dice.random() < RATES else None
    return Wishes(
        line=drawn(dice, LINES),
        klass=drawn(dice, CLASSES),
        language=drawn(dice, LANGUAGES),
        patience_s=60 * PATIENCE_MIN[0] * dice.lognormvariate(0, PATIENCE_MIN[1]),
        shows=dice.random() >= NO_SHOW,
        returns=dice.random() < RETURNS,
        says_coming=dice.random() < ON_MY_WAY,
        level=level,
        comment=COMMENTS[level] if level and dice.random() < COMMENTS_TOO else None,
        gives_back=dice.random() < GIVES_BACK,
    )


def service_s(dice: Random, line: str) -> float:
    """How long serving somebody of this line takes."""
    return 60 * SERVICE_MIN.get(line, 5.0) * dice.lognormvariate(-0.12, 0.5)
