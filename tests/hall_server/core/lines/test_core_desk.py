"""Parking, resuming, transferring, returning and taking back (domain.md 8; U19, `undo` of the contract)."""

import msgspec
import pytest
from core_material import Scene

from hall_server.core.hall import as_values
from hall_server.core.lines import choice
from hall_server.core.lines.calling import BeginService, MarkNoShow
from hall_server.core.lines.desk import ParkTicket, ResumeTicket, ReturnTicket, TransferTicket, UndoAct
from hall_server.core.people.counter import CloseCounter, OpenCounter, PauseCounter
from hall_server.core.registry import Command


@pytest.fixture
def scene() -> Scene:
    made = Scene()
    for counter in ("1", "2", "3"):
        made.open(counter)
    return made


def serving(scene: Scene, counter: str = "1") -> None:
    scene.take(), scene.call(counter)
    scene.do(BeginService(), counter=counter)


def test_a_parked_visitor_goes_on_at_any_free_counter(scene: Scene) -> None:
    serving(scene)
    held = scene.hall.tickets["20261124-A001"]
    begun = held.begun
    scene.do(ParkTicket(reason="copy", until=scene.now + 600_000), counter="1")
    assert (held.state, held.parked_until) == ("parked", scene.now + 600_000)
    assert scene.hall.counters["1"].ticket is None
    scene.later(minutes=5)
    scene.do(ResumeTicket(number="A001"), counter="3")
    assert (held.state, held.counter, held.begun, held.parked_until) == ("serving", "3", begun, None)
    assert scene.refusal(ResumeTicket(number="A001"), counter="1") == "wrong_state"
    assert scene.refusal(ResumeTicket(number="A009"), counter="1") == "unknown_ticket"
    assert scene.refusal(ResumeTicket(number="A001"), counter="3") == "counter_busy"
    scene.check()


def test_a_visitor_parked_before_the_service_begins_it_on_resuming(scene: Scene) -> None:
    held = scene.take()
    scene.call("1")
    scene.do(ParkTicket(reason="copy"), counter="1")
    scene.later(minutes=1)
    scene.do(ResumeTicket(number="A001"), counter="1")
    assert held.begun == scene.now


def test_a_transfer_reaches_the_line_it_names_and_the_time_waited_counts(scene: Scene) -> None:
    """U19; domain.md 8: "transferred keeps the time already waited"."""
    moved = scene.take()
    scene.later(minutes=1), scene.take("B")
    scene.call("1"), scene.later(minutes=1)
    scene.do(TransferTicket(reason="x", line="B"), counter="1")
    assert (moved.state, moved.line, moved.transferred_from, moved.number) == ("waiting", "B", "A", "A001")
    assert scene.order("3") == ["A001", "B001"]
    assert scene.order("1") == []
    called = scene.call("3")
    assert called is moved
    assert moved.reason == "transferred"
    scene.check()


def test_a_transfer_to_a_counter_reaches_that_counter_alone(scene: Scene) -> None:
    scene.take(), scene.call("1")
    scene.do(TransferTicket(reason="x", counter="3"), counter="1")
    assert (scene.order("1"), scene.order("2"), scene.order("3")) == ([], [], ["A001"])
    assert scene.call("2") is None
    assert scene.call("3") is not None
    scene.check()


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (TransferTicket(reason="x"), "bad_request"),
        (TransferTicket(reason="x", line="A", counter="2"), "bad_request"),
        (TransferTicket(reason="x", line="Z"), "unknown_line"),
        (TransferTicket(reason="x", counter="77"), "unknown_counter"),
        (TransferTicket(reason="x", counter="1"), "bad_request"),
    ],
)
def test_a_transfer_to_nowhere(scene: Scene, command: Command, code: str) -> None:
    serving(scene)
    assert scene.refusal(command, counter="1") == code


def test_a_returned_visitor_stands_before_everybody(scene: Scene) -> None:
    scene.take(), scene.later(minutes=1)
    scene.take(klass="elder"), scene.take()
    scene.call("1")
    scene.do(ReturnTicket(reason="x"), counter="1")
    assert scene.order("1") == ["A002", "A001", "A003"]
    first = scene.call("1")
    assert first is not None
    assert (first.number, first.reason) == ("A002", "returned")
    scene.check()


def test_of_two_returned_the_later_stands_first(scene: Scene) -> None:
    scene.take(), scene.take()
    scene.call("1"), scene.call("2")
    scene.do(ReturnTicket(reason="x"), counter="1")
    scene.do(ReturnTicket(reason="x"), counter="2")
    assert scene.order("1") == ["A002", "A001"]


# ---------------------------------------------------------------- undo


ACTS: dict[str, Command] = {
    "park": ParkTicket(reason="copy"),
    "no_show": MarkNoShow(),
    "transfer": TransferTicket(reason="x", line="B"),
    "transfer to a counter": TransferTicket(reason="x", counter="3"),
}


@pytest.mark.parametrize("act", ACTS)
def test_undo_makes_all_as_it_was_before(scene: Scene, act: str) -> None:
    """Every field of hall, ticket and counter; the journal alone remembers."""
    scene.take(), scene.take(), scene.call("1"), scene.later(s=16)
    before = as_values(scene.hall)
    scene.do(ACTS[act], counter="1")
    offer = scene.hall.counters["1"].undo
    assert offer is not None
    assert offer.seq == scene.hall.seq
    scene.later(s=9)
    scene.do(UndoAct(seq=offer.seq), counter="1")
    after = as_values(scene.hall)
    for moving in ("seq", "at"):
        before.pop(moving), after.pop(moving)
    assert after == before
    assert scene.refusal(UndoAct(seq=offer.seq), counter="1") == "not_undoable"
    scene.check()


def test_undo_of_a_pause_opens_the_counter_again(scene: Scene) -> None:
    scene.do(PauseCounter(reason="meal", resume_at=scene.now + 60_000), counter="1")
    offer = scene.hall.counters["1"].undo
    assert offer is not None
    scene.do(UndoAct(seq=offer.seq), counter="1")
    counter = scene.hall.counters["1"]
    assert (counter.state, counter.reason, counter.resume_at) == ("open", None, None)
    scene.check()


def test_the_offer_ends_with_its_time(scene: Scene) -> None:
    scene.take(), scene.call("1")
    scene.do(MarkNoShow(), counter="1")
    seq = scene.hall.seq
    scene.later(s=10.001)
    assert scene.refusal(UndoAct(seq=seq), counter="1") == "not_undoable"


def test_what_somebody_took_over_is_not_undone(scene: Scene) -> None:
    """A transfer already called, a parked ticket already resumed, a counter that went on."""
    scene.take(), scene.take(), scene.call("1")
    scene.do(TransferTicket(reason="x", line="B"), counter="1")
    seq = scene.hall.seq
    assert scene.call("3") is not None
    assert scene.refusal(UndoAct(seq=seq), counter="1") == "not_undoable"
    assert scene.refusal(UndoAct(seq=seq), counter="2") == "not_undoable", "another counter's act"
    scene.call("1")
    scene.do(ParkTicket(reason="copy"), counter="1")
    seq = scene.hall.seq
    scene.do(ResumeTicket(number="A002"), counter="2")
    assert scene.refusal(UndoAct(seq=seq), counter="1") == "not_undoable"
    scene.check()


@pytest.mark.parametrize("then", ["call", "close", "close and open", "pause"])
def test_the_next_act_ends_the_offer(scene: Scene, then: str) -> None:
    scene.take(), scene.take(), scene.call("1")
    scene.do(ParkTicket(reason="copy"), counter="1")
    seq = scene.hall.seq
    if then == "call":
        scene.call("1")
    elif then == "pause":
        scene.do(PauseCounter(reason="meal"), counter="1")
    else:
        scene.do(CloseCounter(), counter="1")
        if then == "close and open":
            scene.do(OpenCounter(), counter="1")
    assert scene.refusal(UndoAct(seq=seq), counter="1") == "not_undoable"
    scene.check()


def test_undo_keeps_a_place_that_others_have_since_joined(scene: Scene) -> None:
    """The ticket goes back to the counter; nobody else moves."""
    scene.take(), scene.take(), scene.call("1")
    scene.do(TransferTicket(reason="x", line="B"), counter="1")
    seq = scene.hall.seq
    scene.take("B")
    scene.do(UndoAct(seq=seq), counter="1")
    assert scene.order("3") == ["B001"]
    held = scene.hall.tickets["20261124-A001"]
    assert (held.state, held.line, held.transferred_from) == ("called", "A", None)
    scene.check()


def test_a_return_or_a_call_is_not_undone(scene: Scene) -> None:
    """They were heard."""
    scene.take(), scene.call("1")
    assert scene.refusal(UndoAct(seq=scene.hall.seq), counter="1") == "not_undoable"
    scene.do(ReturnTicket(reason="x"), counter="1")
    assert scene.refusal(UndoAct(seq=scene.hall.seq), counter="1") == "not_undoable"


def test_resuming_and_reparking_keeps_one_ticket_in_one_place(scene: Scene) -> None:
    serving(scene)
    for counter in ("1", "2", "3", "1"):
        if scene.hall.tickets["20261124-A001"].state == "parked":
            scene.do(ResumeTicket(number="A001"), counter=counter)
        scene.do(ParkTicket(reason="copy"), counter=counter)
        scene.check()
    held = scene.hall.tickets["20261124-A001"]
    assert choice.ahead_of(scene.hall, held) is None
    assert msgspec.structs.asdict(held)["counter"] == "1"
