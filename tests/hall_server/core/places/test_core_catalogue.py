"""Catalogue and settings as events: only what differs, with old and new, for everybody from then on (A1, M1)."""

import pytest
from core_material import COUNTERS, LINES, SERVICES, Scene

from hall_server.core.lines.calling import CallNext
from hall_server.core.lines.ticket import TakeTicket
from hall_server.core.places.catalogue import ClerkRow, CounterRow, Line, Service, TakeOver, YearRow
from hall_server.core.places.config import ChangeSettings, ConfigChanged, FoundHall, SetCounterLines
from hall_server.core.places.settings import Settings
from hall_server.core.places.settings_rules import patched


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_the_same_file_twice_changes_nothing(scene: Scene) -> None:
    again = TakeOver(lines=LINES, services=SERVICES, counters=COUNTERS, calendar={})
    assert scene.do(again) == []
    year = {"2026": YearRow(off=("2026-10-01",))}
    assert len(scene.do(TakeOver(calendar=year))) == 1
    assert scene.do(TakeOver(calendar=year)) == []


def test_only_the_rows_that_differ_are_in_the_event(scene: Scene) -> None:
    changed = Service(service="S1", name="社会保障卡申领", department="县人社局", line="B", handling="on_the_spot")
    (event,) = scene.do(TakeOver(services=(changed, SERVICES[1])))
    assert event.services == (changed,)  # type: ignore[attr-defined]
    assert scene.take(service="S1").line == "B"
    scene.check()


def test_a_service_taken_out_of_use_is_nowhere_to_be_had(scene: Scene) -> None:
    scene.take(service="S1")
    gone = Service(service="S1", name="社会保障卡申领", department="县人社局", line="A", state="suspended")
    scene.do(TakeOver(services=(gone,)))
    assert scene.refusal(TakeTicket(service="S1"), device=scene.kiosk) == "unknown_service"
    assert scene.states() == {"A001": "waiting"}, "who has a number keeps it"


def test_two_lines_cannot_share_a_letter(scene: Scene) -> None:
    """M3: one letter, one counter of numbers."""
    assert scene.refusal(TakeOver(lines=(Line(line="X", name="x", prefix="A"),))) == "name_taken"
    twins = (Line(line="X", name="x", prefix="Q"), Line(line="Y", name="y", prefix="Q"))
    assert scene.refusal(TakeOver(lines=twins)) == "name_taken"


def test_a_counter_set_up_otherwise_goes_on_with_its_visitor(scene: Scene) -> None:
    scene.open("1"), scene.take(), scene.call("1")
    scene.do(TakeOver(counters=(CounterRow(counter="1", department="县人社局", lines=("B",), phone="0"),)))
    counter = scene.hall.counters["1"]
    assert (counter.lines, counter.state, counter.ticket) == (["B"], "open", "20261124-A001")
    scene.serve("1")
    scene.take("A"), scene.take("B")
    assert scene.order("1") == ["B001"]
    scene.check()


def test_importing_clerks_keeps_who_was_disabled(scene: Scene) -> None:
    from hall_server.core.people.account import DisableClerk

    scene.do(DisableClerk(number="0301"))
    scene.do(TakeOver(clerks=(ClerkRow(number="0301", department="县医保局"),)))
    clerk = scene.hall.clerks["0301"]
    assert (clerk.enabled, clerk.department) == (False, "县医保局")


def test_every_difference_of_the_settings_is_one_event_with_old_and_new(scene: Scene) -> None:
    new = patched(scene.hall.settings, {"queue": {"calls_max": 5, "daily_quota": 80}, "hall": {"hotline": "110"}})
    events = scene.do(ChangeSettings(settings=new))
    assert {(e.setting, e.old, e.new) for e in events if isinstance(e, ConfigChanged)} == {
        ("queue.calls_max", 3, 5),
        ("queue.daily_quota", None, 80),
        ("hall.hotline", "12345", "110"),
    }
    assert scene.hall.settings == new
    assert scene.do(ChangeSettings(settings=new)) == []
    scene.check()


def test_calls_name_the_settings_they_were_made_under(scene: Scene) -> None:
    scene.open("1"), scene.take(), scene.take()
    (first,) = scene.do(CallNext(), counter="1")
    scene.serve("1")
    scene.do(ChangeSettings(settings=patched(scene.hall.settings, {"queue": {"head_start_min": 0}})))
    (second,) = scene.do(CallNext(), counter="1")
    assert first.settings != second.settings  # type: ignore[attr-defined]


def test_what_a_counter_serves_is_a_setting_too(scene: Scene) -> None:
    (event,) = scene.do(SetCounterLines(counter="3", lines=("A",)))
    assert (event.setting, event.old, event.new) == ("counters.3.lines", ["B"], ["A"])  # type: ignore[attr-defined]
    assert scene.do(SetCounterLines(counter="3", lines=("A",))) == []
    assert scene.refusal(SetCounterLines(counter="77", lines=())) == "unknown_counter"
    assert scene.refusal(SetCounterLines(counter="3", lines=("Z",))) == "unknown_line"
    scene.open("3"), scene.take("A")
    assert scene.call("3") is not None
    scene.check()


def test_a_hall_is_founded_once(scene: Scene) -> None:
    assert scene.refusal(FoundHall(settings=Settings())) == "wrong_state"
