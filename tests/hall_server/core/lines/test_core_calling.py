"""Calling, serving and ending at a counter (domain.md 8; M6, M7, M9, U1, U2, U16, U17, U24)."""

import pytest
from core_material import Scene

from hall_server.core.lines.calling import (
    BeginService,
    CallGivenNumber,
    CallNext,
    FinishService,
    MarkNoShow,
    Recall,
)
from hall_server.core.lines.desk import ParkTicket, ReturnTicket, TransferTicket
from hall_server.core.people.counter import CloseCounter, OpenCounter, PauseCounter


@pytest.fixture
def scene() -> Scene:
    made = Scene()
    for counter in ("1", "2", "3", "9"):
        made.open(counter)
    return made


def test_a_counter_takes_the_smallest_key_of_the_lines_it_serves(scene: Scene) -> None:
    scene.take("B"), scene.later(s=1)
    scene.take("A"), scene.later(s=1)
    scene.take("B")
    assert [t.number for t in map(scene.call, ("2", "1", "3")) if t] == ["B001", "A001", "B002"]
    scene.check()


def test_nobody_waiting_is_no_error_and_no_event(scene: Scene) -> None:
    """I6 from the other side: null only when nobody this counter may serve waits."""
    assert scene.call("1") is None
    scene.take("B")
    assert scene.call("1") is None
    assert scene.call("3") is not None


def test_twenty_counters_at_once_get_one_ticket_once(scene: Scene) -> None:
    """M6, U1: commands come one after the other; exactly one gets the ticket, the others null."""
    only = scene.take("A")
    got = [scene.call(n) for n in ("1", "2")]
    assert got == [only, None]
    assert only.counter == "1"


@pytest.mark.parametrize("state", ["called", "serving"])
def test_a_counter_holds_one_ticket(scene: Scene, state: str) -> None:
    """M7: 409 `counter_busy`, never two tickets."""
    scene.take(), scene.take()
    scene.call("1")
    if state == "serving":
        scene.do(BeginService(), counter="1")
    for command in (CallNext(), CallGivenNumber(number="A002", reason="x"), CloseCounter(), PauseCounter(reason="x")):
        assert scene.refusal(command, counter="1") == "counter_busy"
    scene.check()


@pytest.mark.parametrize("act", [CallNext(), CallGivenNumber(number="A001", reason="x")])
@pytest.mark.parametrize(
    ("closing", "code"), [(CloseCounter(), "counter_closed"), (PauseCounter(reason="meal"), "counter_paused")]
)
def test_a_counter_that_is_not_open_calls_nobody(scene: Scene, act: object, closing: object, code: str) -> None:
    scene.take()
    scene.do(closing, counter="1")  # type: ignore[arg-type]
    assert scene.refusal(act, counter="1") == code  # type: ignore[arg-type]
    scene.do(OpenCounter(), counter="1")
    assert scene.do(act, counter="1")  # type: ignore[arg-type]


def test_every_choice_says_why(scene: Scene) -> None:
    """The reason of every choice is in the event."""
    scene.take(), scene.later(minutes=1)
    scene.take(klass="elder"), scene.take()
    reasons = []
    for _ in range(3):
        held = scene.call("1")
        assert held is not None
        reasons.append((held.number, held.reason))
        scene.serve("1")
    assert reasons == [("A002", "priority"), ("A001", "first"), ("A003", "first")]


def test_a_given_number_is_recorded_as_out_of_order_only_when_it_is(scene: Scene) -> None:
    """U17."""
    scene.take(), scene.take(), scene.take()
    (event,) = scene.do(CallGivenNumber(number="A002", reason="asked"), counter="1")
    assert (event.out_of_order, event.reason_code, event.reason) == (True, "by_number", "asked")  # type: ignore[attr-defined]
    (event,) = scene.do(CallGivenNumber(number="A001", reason="asked"), counter="2")
    assert event.out_of_order is False  # type: ignore[attr-defined]
    scene.check()


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("A999", "unknown_ticket"),
        ("A001", "taken_elsewhere"),
        ("B001", "not_served_here"),
        ("A002", "wrong_state"),
        ("nothing", "unknown_ticket"),
    ],
)
def test_a_number_that_cannot_be_called(scene: Scene, number: str, code: str) -> None:
    scene.take(), scene.take(), scene.take("B")
    scene.call("2")
    scene.do(CallGivenNumber(number="A002", reason="x"), counter="1")
    scene.miss("1")
    assert scene.refusal(CallGivenNumber(number=number, reason="x"), counter="1") == code


def test_a_desk_may_call_any_number(scene: Scene) -> None:
    scene.take("B")
    scene.do(CallGivenNumber(number="B001", reason="x"), counter="9")
    assert scene.hall.counters["9"].ticket == "20261124-B001"


def test_three_calls_fifteen_seconds_apart_and_no_more(scene: Scene) -> None:
    """U24: exactly three calls."""
    held = scene.take()
    scene.call("1")
    assert scene.refusal(Recall(), counter="1") == "recall_too_soon"
    scene.later(s=14.999)
    assert scene.refusal(Recall(), counter="1") == "recall_too_soon"
    scene.later(s=0.001)
    scene.do(Recall(), counter="1")
    scene.later(s=15)
    scene.do(Recall(), counter="1")
    assert held.calls == 3
    scene.later(s=60)
    assert scene.refusal(Recall(), counter="1") == "recall_limit"
    assert [c.calls for c in scene.hall.calls] == [1, 2, 3], "walls hear each of them"


def test_two_calls_of_one_millisecond_are_both_on_the_wall_in_order(scene: Scene) -> None:
    """M9."""
    scene.take(), scene.take()
    scene.call("1"), scene.call("2")
    assert [(c.number, c.counter) for c in scene.hall.calls] == [("A001", "1"), ("A002", "2")]
    assert scene.hall.calls[0].seq < scene.hall.calls[1].seq


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        ("none", set()),
        ("called", {"recall", "begin", "no_show", "park", "transfer", "return"}),
        ("serving", {"finish", "park", "transfer", "return"}),
    ],
)
def test_which_acts_a_state_allows(scene: Scene, state: str, allowed: set[str]) -> None:
    """U2: every state has a way out; the rest is `wrong_state`, never silence."""
    acts = {
        "recall": Recall(),
        "begin": BeginService(),
        "finish": FinishService(),
        "no_show": MarkNoShow(),
        "park": ParkTicket(reason="copy"),
        "transfer": TransferTicket(reason="x", line="B"),
        "return": ReturnTicket(reason="x"),
    }
    for name, act in acts.items():
        fresh = Scene()
        fresh.open("1")
        if state != "none":
            fresh.take(), fresh.call("1"), fresh.later(s=20)
        if state == "serving":
            fresh.do(BeginService(), counter="1")
        if name in allowed:
            assert fresh.do(act, counter="1")
            fresh.check()
        else:
            assert fresh.refusal(act, counter="1") == "wrong_state"
    if state != "none":
        assert allowed


def test_finishing_asks_for_a_rating_and_counts_the_services_done(scene: Scene) -> None:
    held = scene.take(service="S2")
    scene.call("3")
    scene.do(BeginService(), counter="3")
    assert scene.refusal(FinishService(services=("S9",)), counter="3") == "unknown_service"
    scene.later(minutes=4)
    done, asked = scene.do(FinishService(outcome="done"), counter="3")
    assert (done.services, done.department, done.form) == (("S2",), "县自然资源局", "reception")  # type: ignore[attr-defined]
    assert asked.ticket == held.id  # type: ignore[attr-defined]
    assert held.rating == asked.request  # type: ignore[attr-defined]
    assert scene.hall.service_times["B"] == [240]
    scene.check()


def test_a_no_show_by_itself_comes_after_the_last_call_and_one_more_interval() -> None:
    from hall_server.core.day import TimePassed, is_due

    scene = Scene({"queue": {"no_show_by_itself": True, "calls_max": 2}})
    scene.open("1")
    held = scene.take()
    scene.call("1")
    scene.later(s=15), scene.do(Recall(), counter="1")
    scene.later(s=14.9)
    assert not is_due(scene.hall, scene.now)
    assert scene.do(TimePassed()) == []
    scene.later(s=0.1)
    assert is_due(scene.hall, scene.now)
    scene.do(TimePassed())
    assert (held.state, scene.log[-1].name) == ("no_show", "ticket_marked_no_show")
    assert not is_due(scene.hall, scene.now)
    scene.check()


def test_without_the_setting_nobody_is_missed_by_the_clock(scene: Scene) -> None:
    from hall_server.core.day import TimePassed

    held = scene.take()
    scene.call("1"), scene.later(hours=2)
    assert scene.do(TimePassed()) == []
    assert held.state == "called"
