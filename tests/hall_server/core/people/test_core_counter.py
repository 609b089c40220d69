"""A counter's own life: closed, open, paused (contract 3; U2, U16, U18)."""

import pytest
from core_material import Scene

from hall_server.core.people.counter import CloseCounter, OpenCounter, PauseCounter
from hall_server.core.registry import Command

ACTS: dict[str, Command] = {"open": OpenCounter(), "pause": PauseCounter(reason="meal"), "close": CloseCounter()}


@pytest.mark.parametrize(
    ("state", "act", "outcome"),
    [
        ("closed", "open", "open"),
        ("closed", "pause", "counter_closed"),
        ("closed", "close", "closed"),
        ("open", "open", "open"),
        ("open", "pause", "paused"),
        ("open", "close", "closed"),
        ("paused", "open", "open"),
        ("paused", "pause", "wrong_state"),
        ("paused", "close", "closed"),
    ],
)
def test_from_every_state_by_every_act(state: str, act: str, outcome: str) -> None:
    """U2: no state without a way out."""
    scene = Scene()
    scene.open("1")
    if state != "open":
        scene.do(ACTS["pause" if state == "paused" else "close"], counter="1")
    counter = scene.hall.counters["1"]
    assert counter.state == state
    if outcome in ("open", "closed", "paused"):
        events = scene.do(ACTS[act], counter="1")
        assert counter.state == outcome
        assert (events == []) is (state == outcome), "the second press changes nothing"
    else:
        assert scene.refusal(ACTS[act], counter="1") == outcome
    scene.check()


def test_a_pause_keeps_its_reason_and_says_when_it_ends() -> None:
    """U16: a pause needs a reason."""
    scene = Scene()
    scene.open("1")
    scene.do(PauseCounter(reason="meal", resume_at=scene.now + 600_000), counter="1")
    counter = scene.hall.counters["1"]
    assert (counter.reason, counter.resume_at, counter.since) == ("meal", scene.now + 600_000, scene.now)
    scene.do(OpenCounter(), counter="1")
    assert (counter.reason, counter.resume_at) == (None, None)


def test_a_counter_that_does_not_exist() -> None:
    scene = Scene()
    assert scene.refusal(OpenCounter(), counter="77") == "unknown_counter"
