"""The life of a ticket from the touch to its end (domain.md 8; M3, M5, M7, U3, U17, U19, U22, U23)."""

import msgspec
import pytest
from core_material import Scene

from hall_protocol.refusals import Refused
from hall_server.core.lines import calling, choice, ticket
from hall_server.core.lines.numbering import day_in, number_in, ticket_id
from hall_server.core.lines.ticket import (
    CancelTicket,
    ReclassifyTicket,
    RecordPrint,
    ReinstateTicket,
    SayOnMyWay,
    TakeTicket,
)


@pytest.fixture
def scene() -> Scene:
    return Scene()


# ---------------------------------------------------------------- issue


def test_the_first_number_is_one_and_people_ahead_are_counted_apart(scene: Scene) -> None:
    """U22: a number is not a count of people."""
    assert [scene.take().number for _ in range(3)] == ["A001", "A002", "A003"]
    assert scene.take("B").number == "B001"
    third = scene.hall.by_number("A003")
    assert third is not None
    assert choice.ahead_of(scene.hall, third) == 2


def test_a_service_decides_its_line_and_is_kept(scene: Scene) -> None:
    taken = scene.take(service="S2")
    assert (taken.line, taken.service, taken.number) == ("B", "S2", "B001")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (TakeTicket(service="S9"), "unknown_service"),
        (TakeTicket(service="S3"), "unknown_service"),
        (TakeTicket(service="S1", line="B"), "bad_request"),
        (TakeTicket(line="Z"), "unknown_line"),
        (TakeTicket(), "bad_request"),
        (TakeTicket(line="A", appointment="x"), "unknown_appointment"),
    ],
)
def test_what_does_not_exist_cannot_be_had(scene: Scene, command: TakeTicket, code: str) -> None:
    """A1: an abolished service is nowhere to be had."""
    assert scene.refusal(command, device=scene.kiosk) == code
    assert not scene.hall.tickets


def test_a_thousand_takes_give_a_thousand_numbers_without_a_gap(scene: Scene) -> None:
    """M3, U3: no number twice, none missing, whatever ends in between."""
    scene.open("1")
    for n in range(1000):
        scene.do(TakeTicket(line="A"), device=scene.kiosk, watched=False)
        if n % 7 == 0:
            scene.do(CancelTicket(ticket=list(scene.hall.tickets)[-1]), watched=False)
    assert [t.number for t in scene.hall.tickets.values()] == [f"A{n:03d}" for n in range(1, 1001)]
    scene.check()


def test_numbers_go_on_past_their_digits(scene: Scene) -> None:
    scene.hall.last_number["2026-11-24"] = {"A": 998}
    assert [scene.take().number for _ in range(3)] == ["A999", "A1000", "A1001"]


def test_an_id_is_the_day_and_the_number() -> None:
    ident = ticket_id(day="2026-11-24", number="A012")
    assert (ident, day_in(ident), number_in(ident)) == ("20261124-A012", "2026-11-24", "A012")


def test_the_quota_counts_every_number_of_the_line_and_says_when_the_next_are(scene: Scene) -> None:
    """U23: `quota_reached` with the next opening; cancelling does not give a number back to the line."""
    for _ in range(5):
        scene.take("B")
    scene.do(CancelTicket(ticket="20261124-B001"))
    with pytest.raises(Refused) as refused:
        scene.take("B")
    assert refused.value.code == "quota_reached"
    assert refused.value.values["opens_at"] == "2026-11-25T09:00:00.000+08:00"
    assert scene.take("A").number == "A001"


def test_the_halls_quota_holds_where_a_line_has_none() -> None:
    scene = Scene({"queue": {"daily_quota": 2}})
    scene.take("A"), scene.take("A")
    assert scene.refusal(TakeTicket(line="A"), device=scene.kiosk) == "quota_reached"
    assert [scene.take("B").number for _ in range(5)][-1] == "B005", "a line's own quota wins"


def test_first_number_and_digits_are_settings() -> None:
    scene = Scene({"queue": {"first_number": 101, "digits": 4}})
    assert [scene.take().number, scene.take().number] == ["A0101", "A0102"]


# ---------------------------------------------------------------- the order


def test_entitled_visitors_count_a_head_start_from_their_arrival(scene: Scene) -> None:
    """waiting.md 11: static key = issue time - 15 min; U13: the head start is bounded, nobody is always first."""
    scene.take(), scene.later(minutes=10)
    scene.take(), scene.later(minutes=10)
    elder = scene.take(klass="elder")
    assert scene.order("1") == ["A001", "A003", "A002"]
    assert choice.ahead_of(scene.hall, elder) == 1
    assert choice.reason_of(scene.hall, elder) == "priority"
    scene.later(minutes=15)
    scene.take(klass="military")
    assert scene.order("1") == ["A001", "A003", "A002", "A004"]


@pytest.mark.parametrize("klass", ["elder", "disabled", "pregnant", "military"])
def test_every_entitled_class_has_the_same_head_start(scene: Scene, klass: str) -> None:
    scene.take(), scene.later(minutes=14)
    scene.take(klass=klass)
    assert scene.order("1") == ["A002", "A001"]


def test_without_a_head_start_it_is_strictly_first_come_first_served() -> None:
    scene = Scene({"queue": {"head_start_min": 0}})
    scene.take(), scene.later(s=1)
    scene.take(klass="elder")
    assert scene.order("1") == ["A001", "A002"]


def test_the_same_millisecond_is_ordered_by_the_journal(scene: Scene) -> None:
    for _ in range(50):
        scene.take()
    assert scene.order("1") == [f"A{n:03d}" for n in range(1, 51)]


def test_the_order_within_a_millisecond_holds_at_every_number_of_the_journal(scene: Scene) -> None:
    """M8: no width of a number field may show in the order."""
    for power in (7, 14, 16, 21):
        scene.hall.seq = (1 << power) - 2
        scene.later(s=1)
        for _ in range(4):
            scene.take()
    assert scene.order("1") == [f"A{n:03d}" for n in range(1, 17)]


# ---------------------------------------------------------------- the visitor's own acts


def test_a_number_can_be_given_back_until_the_service_begins(scene: Scene) -> None:
    scene.open("1")
    for act in ("wait", "call", "park", "miss"):
        taken = scene.take()
        if act != "wait":
            scene.call("1")
        if act == "miss":
            scene.miss("1")
        scene.do(CancelTicket(ticket=taken.id))
        assert (taken.state, taken.reason) == ("cancelled", "given_back")
        assert scene.hall.counters["1"].ticket is None
        assert scene.refusal(CancelTicket(ticket=taken.id)) == "wrong_state"
    scene.take(), scene.call("1")
    scene.do(calling.BeginService(), counter="1")
    assert scene.refusal(CancelTicket(ticket="20261124-A005")) == "wrong_state"
    assert scene.refusal(CancelTicket(ticket="20261124-A999")) == "unknown_ticket"
    scene.check()


def test_a_missed_visitor_comes_back_behind_three_others_once(scene: Scene) -> None:
    """A second no-show ends the ticket."""
    scene.open("1")
    late = scene.take()
    for _ in range(5):
        scene.take()
    scene.call("1"), scene.miss("1")
    scene.do(ReinstateTicket(ticket=late.id))
    assert scene.order("1") == ["A002", "A003", "A004", "A001", "A005", "A006"]
    assert (late.state, late.standing, late.calls, late.counter) == ("waiting", "reinstated", 0, None)
    for _ in range(3):
        scene.call("1"), scene.serve("1")
    assert scene.call("1") is late
    assert late.reason == "reinstated"
    scene.miss("1")
    assert scene.refusal(ReinstateTicket(ticket=late.id)) == "reinstated_already"
    scene.check()


def test_two_missed_visitors_who_come_back_keep_their_order(scene: Scene) -> None:
    scene.open("1")
    for _ in range(6):
        scene.take()
    for _ in range(2):
        scene.call("1"), scene.miss("1")
    scene.do(ReinstateTicket(ticket="20261124-A001"))
    scene.do(ReinstateTicket(ticket="20261124-A002"))
    assert scene.order("1").index("A001") < scene.order("1").index("A002")
    scene.check()


@pytest.mark.parametrize(("waiting", "place"), [(0, 0), (1, 1), (2, 2), (3, 3)])
def test_behind_fewer_than_three_it_is_the_end_of_the_line(scene: Scene, waiting: int, place: int) -> None:
    scene.open("1")
    late = scene.take()
    scene.call("1"), scene.miss("1")
    for _ in range(waiting):
        scene.take()
    scene.do(ReinstateTicket(ticket=late.id))
    assert choice.ahead_of(scene.hall, late) == place


def test_reinstating_can_be_switched_off() -> None:
    scene = Scene({"queue": {"reinstate_max": 0}})
    scene.open("1")
    late = scene.take()
    scene.call("1"), scene.miss("1")
    assert scene.refusal(ReinstateTicket(ticket=late.id)) == "wrong_state"


def test_only_a_no_show_is_reinstated(scene: Scene) -> None:
    waiting = scene.take()
    assert scene.refusal(ReinstateTicket(ticket=waiting.id)) == "wrong_state"


def test_on_my_way_is_said_once_and_ends_with_the_service(scene: Scene) -> None:
    scene.open("1")
    coming = scene.take()
    assert len(scene.do(SayOnMyWay(ticket=coming.id))) == 1
    assert scene.do(SayOnMyWay(ticket=coming.id)) == [], "the second press changes nothing"
    scene.call("1")
    assert coming.on_my_way
    scene.serve("1")
    assert not coming.on_my_way
    assert scene.refusal(SayOnMyWay(ticket=coming.id)) == "wrong_state"


# ---------------------------------------------------------------- class, print


def test_another_class_moves_the_ticket_to_where_it_would_have_stood(scene: Scene) -> None:
    scene.open("1")
    scene.take(), scene.later(minutes=5)
    second = scene.take()
    scene.do(ReclassifyTicket(ticket=second.id, priority_class="pregnant", reason="seen"), counter="1")
    assert scene.order("1") == ["A002", "A001"]
    scene.do(ReclassifyTicket(ticket=second.id, priority_class="ordinary", reason="seen"), counter="1")
    assert scene.order("1") == ["A001", "A002"]
    assert scene.do(ReclassifyTicket(ticket=second.id, priority_class="ordinary", reason="seen"), counter="1") == []
    scene.check()


def test_a_reinstated_ticket_keeps_its_place_when_its_class_changes(scene: Scene) -> None:
    """Its place is a rule of its own; a class must not jump it."""
    scene.open("1")
    late = scene.take()
    for _ in range(4):
        scene.later(s=1), scene.take()
    scene.call("1"), scene.miss("1")
    scene.do(ReinstateTicket(ticket=late.id))
    before = scene.order("1")
    scene.do(ReclassifyTicket(ticket=late.id, priority_class="elder", reason="seen"), counter="1")
    assert scene.order("1") == before
    assert late.klass == "elder"


@pytest.mark.parametrize(
    ("outcome", "name", "printed", "failed"),
    [
        ("confirmed", "ticket_printed", 1, 0),
        ("failed", "ticket_print_failed", 0, 1),
        ("unknown", "ticket_print_failed", 0, 1),
    ],
)
def test_what_the_printer_said_is_recorded_and_the_number_stays_valid(
    scene: Scene, outcome: str, name: str, printed: int, failed: int
) -> None:
    """M5, U8: printing never changes whether a number is valid."""
    taken = scene.take()
    scene.do(RecordPrint(ticket=taken.id, outcome=outcome, how="asb"), device=scene.kiosk)
    assert scene.log[-1].name == name
    assert (scene.hall.today.printed, scene.hall.today.print_failed) == (printed, failed)
    assert taken.state == "waiting"
    assert scene.refusal(RecordPrint(ticket="x", outcome=outcome), device=scene.kiosk) == "unknown_ticket"


def test_changing_one_ticket_leaves_a_thousand_others_as_they_were(scene: Scene) -> None:
    """M1."""
    for _ in range(1000):
        scene.do(TakeTicket(line="A"), device=scene.kiosk, watched=False)
    one = scene.hall.tickets["20261124-A500"]
    before = {k: msgspec.json.encode(t) for k, t in scene.hall.tickets.items() if t is not one}
    scene.do(ReclassifyTicket(ticket=one.id, priority_class="elder", reason="x"))
    scene.do(SayOnMyWay(ticket=one.id))
    scene.do(CancelTicket(ticket=one.id))
    assert {k: msgspec.json.encode(t) for k, t in scene.hall.tickets.items() if t is not one} == before


def test_any_words_as_a_reason_change_nothing_else(scene: Scene) -> None:
    """M12: no flag hides in a comment."""
    from hall_server.core.lines.desk import ParkTicket

    scene.open("1")
    for words in ("|||park|||", '"}],', "\u0000", "undo:1", "'; DROP TABLE events;--"):
        held = scene.take()
        scene.call("1")
        scene.do(ParkTicket(reason=words), counter="1")
        assert (held.state, held.reason) == ("parked", words)
    assert set(scene.states().values()) == {"parked"}
    scene.check()


def test_events_of_a_ticket_say_what_the_contract_says(scene: Scene) -> None:
    """Contract 3: ticket, number, line, service, priority_class, and where they apply counter, clerk, device."""
    scene.open("1")
    scene.take(service="S1"), scene.call("1")
    issued, called = (msgspec.json.decode(e.data) for e in scene.log if e.name in ("ticket_issued", "ticket_called"))
    for event in (issued, called):
        assert {"ticket", "number", "line", "service", "priority_class"} <= event.keys()
        assert (event["ticket"], event["number"]) == ("20261124-A001", "A001")
    assert issued["device"] == scene.kiosk
    assert (called["counter"], called["clerk"], called["reason_code"]) == ("1", "0301", "first")
    assert ticket.TicketIssued.__struct_config__.omit_defaults
