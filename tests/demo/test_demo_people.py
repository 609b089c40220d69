"""People are drawn from a seed, come by the hour, and use the hall as anybody would."""

from datetime import datetime
from random import Random

from demo import habits
from demo.talk import Forms


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-24T{clock}:00+08:00")


def test_the_same_seed_is_the_same_people():
    first, second = ([habits.somebody(dice) for _ in range(50)] for dice in (Random(7), Random(7)))
    assert first == second
    assert first != [habits.somebody(Random(8)) for _ in range(50)]


def test_nobody_comes_outside_the_hours_and_more_come_in_the_morning():
    assert habits.arrivals_per_s(at("08:59")) == 0
    assert habits.arrivals_per_s(at("12:30")) == 0
    assert habits.arrivals_per_s(at("13:29")) == 0
    assert habits.arrivals_per_s(at("16:30")) == 0
    assert habits.arrivals_per_s(at("10:30")) > habits.arrivals_per_s(at("16:00")) > 0


def test_people_are_not_all_alike():
    crowd = [habits.somebody(Random(n)) for n in range(2000)]
    rated = [one for one in crowd if one.level is not None]
    assert 0.45 < len(rated) / len(crowd) < 0.65
    assert {one.level for one in rated} == {1, 2, 3, 4, 5}
    assert 0.03 < sum(not one.shows for one in crowd) / len(crowd) < 0.12
    assert {one.line for one in crowd} == set(habits.LINES)
    assert 0.1 < sum(one.klass != "ordinary" for one in crowd) / len(crowd) < 0.26


def test_counters_can_serve_whoever_comes_but_not_at_leisure():
    """Work offered in the busiest hour against the clerks of each line: people wait, and the line does not run away."""
    clerks = {"A": 3, "B": 2, "C": 2}
    busiest = max(habits.ARRIVALS_PER_HOUR.values())
    for line, count in clerks.items():
        load = busiest * habits.LINES[line] * habits.SERVICE_MIN[line] / 60 / count
        assert 0.6 < load < 1.05, line


def test_a_page_is_read_by_its_forms():
    forms = Forms(
        '<form action="/t/X/cancel?lang=en"><input type="hidden" name="idempotency_key" value="k1"></form>'
        '<input type="hidden" name="stray" value="1"><form action="/t/X/rate"><input type="hidden" name="n" value="2">'
    )
    assert forms.found["cancel"]["idempotency_key"] == "k1"
    assert forms.addresses["cancel"] == "/t/X/cancel?lang=en"
    assert forms.found["rate"] == {"n": "2"}
