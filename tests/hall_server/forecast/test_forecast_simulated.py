"""A small simulated hall: ranges hold as often as they say, and forecasts beat the wall's rule of thumb."""

from functools import cache

import pytest
from forecast_material import SmallHall, Wait

from hall_server.forecast import Predictor

DAYS, WARM = 12, 3


@cache
def played(plays: int) -> tuple[Wait, ...]:
    waits: list[Wait] = []
    for seed in (1, 2):
        waits += [w for w in SmallHall(Predictor(plays=plays), seed).play(DAYS) if w.day >= WARM]
    return tuple(waits)


def share(waits: list[Wait]) -> float:
    return sum(wait.told.p10_s <= wait.wait_s <= wait.told.p90_s for wait in waits) / len(waits)


def mean_error_s(plays: int) -> float:
    return sum(abs(wait.told.p50_s - wait.wait_s) for wait in played(plays)) / len(played(plays))


@pytest.mark.parametrize("plays", [0, 32])
def test_of_ten_people_told_a_range_eight_are_called_within_it(plays: int) -> None:
    waits = list(played(plays))
    assert len(waits) > 800
    assert 0.72 < share(waits) < 0.88
    assert 0.72 < sum(wait.wait_s <= wait.told.p80_s for wait in waits) / len(waits) < 0.88


@pytest.mark.parametrize("group", ["ordinary", "elder", "tax", "land", "permits"])
def test_the_range_holds_in_every_class_and_line(group: str) -> None:
    waits = [wait for wait in played(32) if group in (wait.klass, wait.line)]
    assert len(waits) > 100
    assert 0.70 < share(waits) < 0.90


def test_playing_the_hall_forward_pays() -> None:
    mean_wait_s = sum(wait.wait_s for wait in played(32)) / len(played(32))
    assert mean_error_s(32) < mean_error_s(0)
    assert mean_error_s(32) < 0.5 * mean_wait_s
