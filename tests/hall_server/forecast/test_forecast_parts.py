"""The parts a forecast is made of: times, the waiting room, pauses, draws, calibration, regression."""

import math
import random
import sys
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hall_server.forecast.blend import LeastSquares
from hall_server.forecast.calibrate import PRIOR, WINDOW, Calibrator, Window
from hall_server.forecast.draws import COLUMNS, SplitMix, rows
from hall_server.forecast.learnt import Learnt
from hall_server.forecast.openings import DAY_MS, Openings, returns_after
from hall_server.forecast.quantiles import LEVELS, gamma_quantiles, log_s, quantile_of, seconds_of
from hall_server.forecast.times import CHANGE_LAST, UNKNOWN, RecentTimes, Sample
from hall_server.forecast.waiting import Waiting, WaitingRoom

HOUR, MINUTE = 3_600_000, 60_000


def test_the_scale_of_comparison_goes_back_and_forth() -> None:
    for seconds in (0.0, 1.0, 45.0, 600.0, 7200.0):
        assert seconds_of(log_s(seconds)) == pytest.approx(seconds, abs=1e-6)
    assert seconds_of(-100.0) == 0.0


def test_gamma_quantiles_are_those_of_the_exponential_law() -> None:
    found = gamma_quantiles(mean_s=600, variance_s2=600 * 600)
    exact = [-600 * math.log(1 - level) for level in LEVELS]
    assert found == pytest.approx(exact, rel=0.08)


def test_split_mix_is_the_published_generator() -> None:
    """First outputs for seed 1234567, as in the reference implementation's test vectors, in their upper 53 bits."""
    chance = SplitMix(1234567)
    for expected in (6457827717110365317, 3203168211198807973, 9817491932198370423):
        assert chance.uniform() == ((expected >> 11) + 0.5) / (1 << 53)


def test_each_column_of_draws_divides_the_chances_evenly() -> None:
    table = rows(16)
    assert len(table) == 16
    for column in range(0, COLUMNS, 17):
        assert sorted(int(row[column] * 16) for row in table) == list(range(16))


def test_the_rest_of_a_service_is_learnt_from_those_that_took_longer() -> None:
    sample = Sample([60.0, 100.0, 200.0, 300.0, 400.0])
    assert sample.mean_left(0.0) == pytest.approx(212.0)
    assert sample.mean_left(150.0) == pytest.approx(150.0)
    assert sample.mean_left(350.0) == pytest.approx(0.35 * 350)
    assert sample.mean == pytest.approx(212.0)
    assert sample.variance == pytest.approx(15776.0)


def test_few_times_are_filled_up_from_everything_else() -> None:
    times = RecentTimes(keep=100)
    assert times.sample(UNKNOWN).mean == pytest.approx(UNKNOWN.mean)
    for _ in range(4):
        times.add(1000.0)
    assert UNKNOWN.mean < times.sample(UNKNOWN).mean < 1000
    for _ in range(8):
        times.add(1000.0)
    assert times.sample(UNKNOWN).mean == pytest.approx(1000)


def test_only_so_many_times_are_kept_and_a_change_shortens_the_memory() -> None:
    chance = random.Random(4)
    times = RecentTimes(keep=500)
    for _ in range(900):
        times.add(300 * chance.lognormvariate(-0.18, 0.6))
    assert len(times) == 500
    # A threefold change shows long before the window has turned over.
    for _ in range(60):
        times.add(900 * chance.lognormvariate(-0.18, 0.6))
    assert CHANGE_LAST <= len(times) < 120
    for _ in range(60):
        times.add(900 * chance.lognormvariate(-0.18, 0.6))
    assert times.sample(UNKNOWN).mean == pytest.approx(900, rel=0.25)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 15), st.integers(0, 40), st.sampled_from("abc")), max_size=80),
    st.integers(0, 45),
)
def test_the_waiting_room_counts_as_a_plain_list_does(steps: list[tuple[bool, int, int, str]], asked: int) -> None:
    room, plain = WaitingRoom(), {}
    for number, (comes, ticket, key, unit) in enumerate(steps):
        if comes:
            waiting = Waiting(unit=unit, line=unit.upper(), key_ms=key, at_ms=number)
            room.add(f"t{ticket}", waiting)
            plain[f"t{ticket}"] = waiting
        else:
            assert room.take(f"t{ticket}") == plain.pop(f"t{ticket}", None)
        assert len(room) == len(plain)
    for itself in (True, False):
        counted = {queue.unit: people for queue, people in room.ahead(asked, itself=itself)}
        for unit in "abc":
            ahead = [
                w for w in plain.values() if w.unit == unit and (w.key_ms < asked or (w.key_ms == asked and not itself))
            ]
            assert counted.get(unit, 0) == len(ahead)
    for unit in "abc":
        first_key = min((w.key_ms for w in plain.values() if w.unit == unit), default=None)
        if first_key is None:
            assert room.first_since(unit) is None
        else:
            assert room.first_since(unit) in {w.at_ms for w in plain.values() if w.key_ms == first_key}


def test_a_waiting_ticket_takes_little_memory() -> None:
    names = [f"ticket-{number}" for number in range(20_000)]
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    room = WaitingRoom()
    for number, name in enumerate(names):
        room.add(name, Waiting(unit="a", line="a", key_ms=number, at_ms=number))
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert sys.getsizeof(room) < used < 150 * len(names)


def test_a_short_pause_is_known_by_its_length_and_a_long_one_by_the_hour_it_ends() -> None:
    openings = Openings()
    for day in range(10):
        morning, noon = day * DAY_MS + 10 * HOUR, day * DAY_MS + 12 * HOUR
        openings.pause_over(closed_ms=morning + day * MINUTE, back_ms=morning + day * MINUTE + 10 * MINUTE)
        openings.pause_over(closed_ms=noon + day * MINUTE, back_ms=day * DAY_MS + 13 * HOUR + 30 * MINUTE)
    now = 20 * DAY_MS + 10 * HOUR + 20 * MINUTE
    assert returns_after(openings.ends_of_pause(now), now).median_s() == pytest.approx(600)
    noon = 20 * DAY_MS + 12 * HOUR + 15 * MINUTE
    lunch = openings.ends_of_pause(noon)
    assert returns_after(lunch, noon).median_s() == pytest.approx(75 * 60)
    assert returns_after(lunch, noon + HOUR).median_s() == pytest.approx(15 * 60)
    assert returns_after(lunch, noon + 2 * HOUR).median_s() == math.inf


def test_first_openings_are_found_across_midnight() -> None:
    openings = Openings()
    for day in range(5):
        openings.opened_first(day * DAY_MS + HOUR)
    assert openings.first_openings(9 * DAY_MS + HOUR - 5 * MINUTE).median_s() == pytest.approx(300)
    assert openings.first_openings(9 * DAY_MS - 5 * MINUTE).median_s() == pytest.approx(3900)
    assert openings.first_openings(9 * DAY_MS + HOUR + 5 * MINUTE).median_s() == math.inf


def test_a_counter_that_stays_away_is_not_expected() -> None:
    openings = Openings()
    for day in range(10):
        openings.pause_over(closed_ms=day * DAY_MS + 16 * HOUR, back_ms=0)
    returns = returns_after(openings.ends_of_pause(20 * DAY_MS + 16 * HOUR), 20 * DAY_MS + 16 * HOUR)
    assert returns.median_s() == math.inf
    assert returns.drawn_s(0.3) == math.inf


def test_a_window_forgets_its_first_days() -> None:
    window = Window()
    for _ in range(200):
        window.add(5.0)
    for _ in range(300):
        window.add(0.0)
    assert window.at(0.95) == 0.0
    for _ in range(3000):
        window.add(1.0)
    assert len(window.recent) == WINDOW


def test_ranges_follow_where_waits_fell() -> None:
    """Forecasts that are half of the truth, with too narrow a range, become true ones."""
    calibrator, chance = Calibrator(Learnt()), random.Random(6)
    raw = (200.0, 300.0, 400.0, 500.0)
    for _ in range(1500):
        calibrator.learn(raw, unit="a", klass="n", wait_s=600 * chance.lognormvariate(0, 0.5))
    told = calibrator.published(raw, unit="a", klass="n")
    waits = [600 * chance.lognormvariate(0, 0.5) for _ in range(4000)]
    inside = sum(told.p10_s <= wait <= told.p90_s for wait in waits) / len(waits)
    assert inside == pytest.approx(0.8, abs=0.05)
    assert sum(wait <= told.p80_s for wait in waits) / len(waits) == pytest.approx(0.8, abs=0.05)


def test_a_class_apart_gets_a_range_of_its_own() -> None:
    calibrator, chance = Calibrator(Learnt()), random.Random(7)
    raw, width = (300.0, 600.0, 900.0, 1200.0), {"steady": 0.1, "wild": 0.9}
    for number in range(4000):
        klass = "steady" if number % 2 else "wild"
        calibrator.learn(raw, unit="a", klass=klass, wait_s=600 * chance.lognormvariate(0, width[klass]))
    for klass, sigma in width.items():
        told = calibrator.published(raw, unit="a", klass=klass)
        waits = [600 * chance.lognormvariate(0, sigma) for _ in range(4000)]
        assert sum(told.p10_s <= wait <= told.p90_s for wait in waits) / 4000 == pytest.approx(0.8, abs=0.1)


def test_calibration_starts_as_a_normal_law() -> None:
    told = Calibrator(Learnt()).published((100.0, 300.0, 600.0, 900.0), unit="a", klass="n")
    assert told.p50_s == pytest.approx(300, rel=0.01)
    assert log_s(told.p90_s) - log_s(told.p10_s) == pytest.approx(log_s(900) - log_s(100), rel=0.05)
    assert quantile_of(PRIOR, 0.5) == pytest.approx(0, abs=1e-9)


def test_least_squares_finds_what_made_the_numbers() -> None:
    squares, chance = LeastSquares(3), random.Random(9)
    for _ in range(3000):
        x = [1.0, chance.uniform(-1, 1), chance.uniform(-1, 1)]
        y = 0.2 + 0.5 * x[1] - 0.3 * x[2] + chance.gauss(0, 0.1)
        squares.learn(x, y, weight=1.0, luck=1.0)
    assert squares.weights == pytest.approx([0.2, 0.5, -0.3], abs=0.03)


def test_neighbours_with_the_same_luck_count_less() -> None:
    alone, together = LeastSquares(1), LeastSquares(1)
    for _ in range(20):
        alone.learn([1.0], 0.8, weight=1.0, luck=1.0)
        together.learn([1.0], 0.8, weight=1.0, luck=20.0)
    assert together.weights[0] < alone.weights[0] < 0.8
