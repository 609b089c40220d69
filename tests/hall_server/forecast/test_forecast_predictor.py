"""A forecast is a range that keeps its order, says nothing when no counter is open, and is the same again."""

import time

import msgspec
import pytest
from forecast_material import DAY_MS, OPENS_MS, SmallHall, opened, values
from hypothesis import given, settings
from hypothesis import strategies as st

from hall_server.forecast import Learnt, Predictor


def test_without_an_open_counter_nothing_is_said() -> None:
    predictor = Predictor()
    predictor.day_started(0)
    assert predictor.ask(line="tax", klass="ordinary", at_ms=1000) is None
    assert predictor.ticket_waiting("t1", line="tax", klass="ordinary", at_ms=1000, key_ms=1000) is None
    predictor.counter_opened("1", lines=frozenset({"land"}), at_ms=2000)
    assert predictor.ask(line="tax", klass="ordinary", at_ms=3000) is None
    predictor.counter_opened("1", lines=frozenset({"land", "tax"}), at_ms=4000)
    assert predictor.ask_ticket("t1", at_ms=5000) is not None
    predictor.counter_paused("1", at_ms=6000)
    assert predictor.ask_ticket("t1", at_ms=7000) is None
    assert predictor.ask_ticket("t1", at_ms=7000, when_closed=True) is not None


def test_only_a_waiting_ticket_has_a_forecast() -> None:
    predictor = opened(Predictor())
    predictor.ticket_waiting("t1", line="tax", klass="ordinary", at_ms=2000, key_ms=2000)
    assert predictor.ask_ticket("t1", at_ms=3000) is not None
    predictor.called("t1", counter="0", at_ms=4000)
    assert predictor.ask_ticket("t1", at_ms=5000) is None
    assert predictor.ask_ticket("never seen", at_ms=5000) is None


@pytest.mark.parametrize("plays", [0, 32])
def test_more_people_ahead_never_make_the_wait_much_shorter(plays: int) -> None:
    predictor = opened(Predictor(plays=plays))
    medians = []
    for number in range(250):
        at = 2000 + number
        medians.append(values(predictor.ask(line="tax", klass="ordinary", at_ms=at))[1])
        predictor.ticket_waiting(f"t{number}", line="tax", klass="ordinary", at_ms=at, key_ms=at)
    for one, longer in zip(medians, medians[5:], strict=False):
        assert longer > one * 0.95
    assert medians[200] > 10 * medians[5]


def test_a_head_start_shortens_the_wait() -> None:
    predictor = opened(Predictor())
    for number in range(30):
        at = 1_000_000 + number * 20_000
        predictor.ticket_waiting(f"t{number}", line="tax", klass="ordinary", at_ms=at, key_ms=at)
    ordinary = values(predictor.ask(line="tax", klass="ordinary", at_ms=1_600_000, key_ms=1_600_000))
    ahead = values(predictor.ask(line="tax", klass="elder", at_ms=1_600_000, key_ms=1_300_000))
    assert ahead[1] < 0.8 * ordinary[1]


def test_without_a_key_the_head_start_of_the_class_is_assumed() -> None:
    predictor = opened(Predictor())
    for number in range(60):
        at, lead = 1_000_000 + number * 20_000, 900_000 * (number % 2)
        klass = "elder" if lead else "ordinary"
        predictor.ticket_waiting(f"t{number}", line="tax", klass=klass, at_ms=at, key_ms=at - lead)
    elder, now = predictor.ask(line="tax", klass="elder", at_ms=2_300_000), 2_300_000
    assert elder == predictor.ask(line="tax", klass="elder", at_ms=now, key_ms=now - 900_000)
    assert values(elder)[1] < values(predictor.ask(line="tax", klass="ordinary", at_ms=now))[1]


def test_a_counter_of_another_line_does_not_help() -> None:
    one, two = opened(Predictor(plays=0), counters=1), opened(Predictor(plays=0), counters=1)
    two.counter_opened("other", lines=frozenset({"land"}), at_ms=1500)
    helped = opened(Predictor(plays=0), counters=2)
    for predictor in (one, two, helped):
        for number in range(20):
            predictor.ticket_waiting(f"t{number}", line="tax", klass="", at_ms=2000, key_ms=2000 + number)
    median = [values(predictor.ask(line="tax", at_ms=3000))[1] for predictor in (one, two, helped)]
    assert median[1] == pytest.approx(median[0])
    assert median[2] < 0.7 * median[0]


def test_the_same_hall_gets_the_same_answer() -> None:
    told = []
    for _ in range(2):
        predictor = Predictor()
        told.append([wait.told for wait in SmallHall(predictor, seed=3).play(2)])
    assert told[0] == told[1]


def test_what_was_learnt_can_be_stored_and_taken_over() -> None:
    first = Predictor()
    SmallHall(first, seed=5).play(4)
    first.day_started(4 * DAY_MS)  # what is learnt about a whole day is learnt at its end
    stored = msgspec.msgpack.encode(first.state())
    assert len(stored) < 100_000
    second = Predictor()
    second.restore(msgspec.msgpack.decode(stored, type=Learnt))
    for predictor in (first, second):
        predictor.day_started(4 * DAY_MS)
        for name, lines in (("1", {"tax"}), ("2", {"tax", "land"})):
            predictor.counter_opened(name, lines=frozenset(lines), at_ms=4 * DAY_MS + OPENS_MS)
        for number in range(25):
            at = 4 * DAY_MS + OPENS_MS + 1000 * number
            predictor.ticket_waiting(f"n{number}", line="tax", klass="elder", at_ms=at, key_ms=at)
    now = 4 * DAY_MS + OPENS_MS + 60_000
    for klass in ("elder", "ordinary"):
        answers = [values(predictor.ask(line="tax", klass=klass, at_ms=now)) for predictor in (first, second)]
        # Times are kept to a tenth of a second.
        assert answers[1] == pytest.approx(answers[0], rel=0.01, abs=1)
    assert second.coverage("tax") == first.coverage("tax") is not None


def test_a_stored_state_does_not_change_any_more() -> None:
    predictor = Predictor()
    hall = SmallHall(predictor, seed=8)
    hall.play(1)
    state = predictor.state()
    before = msgspec.msgpack.encode(state)
    hall.play(1)
    assert msgspec.msgpack.encode(state) == before
    assert msgspec.msgpack.encode(predictor.state()) != before


def test_twenty_thousand_waiting_cost_no_more_than_a_few() -> None:
    predictor = opened(Predictor(), counters=8)
    for number in range(20_000):
        predictor.ticket_waiting(
            f"t{number}", line="tax", klass="", at_ms=2000, key_ms=2000 + number, forecast=number < 10
        )
    begun = time.process_time()
    for number in range(200):
        assert predictor.ask(line="tax", at_ms=30_000 + number) is not None
        predictor.called(f"t{number}", counter=str(number % 8), at_ms=30_000 + number)
        predictor.finished(f"t{number}", at_ms=30_000 + number)
        predictor.left(f"t{19_000 + number}", at_ms=30_000 + number)
    # Generous: about 0.2 ms a round on the development machine, 20 ms if the list were walked.
    assert (time.process_time() - begun) / 200 < 0.005


def test_late_news_is_not_learnt_from() -> None:
    predictor = opened(Predictor())
    predictor.finished("nobody", at_ms=5_000_000)
    told = predictor.ticket_waiting("t1", line="tax", klass="", at_ms=1_000_000, key_ms=1_000_000)
    assert told is None
    predictor.called("t1", counter="0", at_ms=6_000_000)
    assert predictor.coverage("tax") is None
    assert predictor.state().scores == {}


def test_coverage_counts_the_waits_of_thirty_days() -> None:
    predictor = Predictor()
    waits = SmallHall(predictor, seed=2).play(3)
    for line in ("tax", "land", "permits"):
        mine = [wait for wait in waits if wait.line == line]
        held = sum(wait.told.p10_s <= wait.wait_s <= wait.told.p90_s for wait in mine)
        assert predictor.coverage(line) == (len(mine), held)
    assert predictor.coverage("unknown") is None
    now = 40 * DAY_MS
    predictor.day_started(now)
    predictor.counter_opened("1", lines=frozenset({"tax"}), at_ms=now)
    predictor.ticket_waiting("late", line="tax", klass="", at_ms=now, key_ms=now)
    predictor.called("late", counter="1", at_ms=now + 60_000)
    found = predictor.coverage("tax")
    assert found is not None
    assert found[0] == 1


def test_a_service_learnt_apart_from_its_line() -> None:
    predictor = opened(Predictor(plays=0), counters=1)
    for number in range(40):
        at, quick = 10_000 + number * 2_000_000, number % 2
        service = "stamp" if quick else "estate"
        ticket = f"t{number}"
        predictor.ticket_waiting(ticket, line="tax", service=service, klass="", at_ms=at, key_ms=at, forecast=False)
        predictor.called(ticket, counter="0", at_ms=at + 1000)
        predictor.finished(ticket, at_ms=at + 1000 + (60_000 if quick else 1_200_000))
    now = 90_000_000
    learnt = predictor.state().times
    assert len(learnt["stamp"]) == len(learnt["estate"]) == 20
    assert len(learnt["tax"]) == 40
    medians = {}
    for service in ("stamp", "estate"):
        for number in range(10):
            at = now + number
            predictor.ticket_waiting(f"{service}{number}", line="tax", service=service, klass="", at_ms=at, key_ms=at)
        medians[service] = values(predictor.ask(line="tax", at_ms=now + 100))[1]
        for number in range(10):
            predictor.left(f"{service}{number}", at_ms=now + 200)
        now += 10_000
    assert medians["estate"] > 3 * medians["stamp"]


KINDS = st.sampled_from(["comes", "called", "finished", "left", "opens", "pauses", "closes", "day", "begun"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(KINDS, st.integers(0, 12), st.integers(0, 3), st.integers(-60_000, 2_000_000)), max_size=60))
def test_whatever_happens_the_quantiles_are_in_order(happenings: list[tuple[str, int, int, int]]) -> None:
    predictor, now = Predictor(), 0
    lines = ("a", "b", "c", "a")
    for what, ticket, counter, later in happenings:
        now = max(0, now + later)
        who, place, line = f"t{ticket}", f"c{counter}", lines[counter]
        match what:
            case "comes":
                key = now - 900_000 * (ticket % 2)
                predictor.ticket_waiting(who, line=line, service=None, klass="x", at_ms=now, key_ms=key)
            case "called":
                predictor.called(who, counter=place, at_ms=now)
            case "begun":
                predictor.begun(who, counter=place, at_ms=now)
            case "finished":
                predictor.finished(who, at_ms=now)
            case "left":
                predictor.left(who, at_ms=now)
            case "opens":
                predictor.counter_opened(place, lines=frozenset({line, "b"}), at_ms=now)
            case "pauses":
                predictor.counter_paused(place, at_ms=now)
            case "closes":
                predictor.counter_closed(place, at_ms=now)
            case "day":
                predictor.day_started(now)
        for told in (predictor.ask(line=line, at_ms=now), predictor.ask_ticket(who, at_ms=now, when_closed=True)):
            if told is not None:
                numbers = values(told)
                assert numbers == sorted(numbers)
                assert numbers[0] >= 0
                assert numbers[3] <= 36_000
    again = Predictor(msgspec.msgpack.decode(msgspec.msgpack.encode(predictor.state()), type=Learnt))
    assert again.state() == predictor.state()


def test_a_service_keeps_its_shorter_memory_over_a_restart() -> None:
    predictor = opened(Predictor(plays=0), counters=1)
    for restarts in range(2):
        for number in range(320):
            at, ticket = (restarts * 320 + number) * 200_000 + 2000, f"t{restarts}-{number}"
            predictor.ticket_waiting(ticket, line="tax", service="stamp", at_ms=at, key_ms=at, forecast=False)
            predictor.called(ticket, counter="0", at_ms=at)
            predictor.finished(ticket, at_ms=at + 60_000 + 5000 * (number % 7))
        learnt = predictor.state().times
        assert len(learnt["stamp"]) == 300
        assert len(learnt["tax"]) == 320 * (restarts + 1)
        predictor = opened(Predictor(predictor.state(), plays=0), counters=1)
