"""The hall-day: when it ends, what ends with it, what goes on (domain.md 8; M11, U6, U12, R5)."""

import pytest
from core_material import Scene

from hall_server.core.day import TimePassed, is_due
from hall_server.core.lines.calling import BeginService
from hall_server.core.lines.desk import ParkTicket
from hall_server.core.lines.ticket import ReinstateTicket
from hall_server.core.matters.rating import GiveRating
from hall_server.core.people.counter import CloseCounter

TOMORROW = "2026-11-25"


def a_full_hall(scene: Scene) -> None:
    """One ticket in every state, counters 1 to 3 open."""
    for counter in ("1", "2", "3"):
        scene.open(counter)
    for _ in range(6):
        scene.take()
    scene.call("1"), scene.serve("1")
    scene.call("1"), scene.miss("1")
    scene.call("1")
    scene.do(ParkTicket(reason="copy"), counter="1")
    scene.call("1")
    scene.call("2")
    scene.do(BeginService(), counter="2")


def test_at_midnight_with_all_counters_closed_the_day_ends() -> None:
    scene = Scene({"session": {"longest_h": 24}})
    scene.open("1")
    scene.take(), scene.take()
    scene.do(CloseCounter(), counter="1")
    scene.at("23:59")
    assert not is_due(scene.hall, scene.now)
    scene.at("00:00", TOMORROW)
    assert is_due(scene.hall, scene.now)
    events = scene.do(TimePassed())
    assert [type(e).__name__ for e in events] == ["TicketExpired", "TicketExpired", "DayEnded"]
    assert scene.hall.day == TOMORROW
    assert not is_due(scene.hall, scene.now), "once"
    assert scene.do(TimePassed()) == []
    scene.check()


def test_an_open_counter_holds_the_day_until_four() -> None:
    scene = Scene({"session": {"longest_h": 24}})
    a_full_hall(scene)
    scene.at("03:59", TOMORROW)
    assert not is_due(scene.hall, scene.now)
    assert scene.hall.day == "2026-11-24"
    scene.at("04:00", TOMORROW)
    scene.do(TimePassed())
    assert scene.hall.day == TOMORROW
    assert {c.state for c in scene.hall.counters.values()} == {"closed"}
    assert all(c.ticket is None for c in scene.hall.counters.values())
    scene.check()


def test_everything_that_stands_expires_with_the_day_and_says_so() -> None:
    """waiting, called, serving, parked and missed end as `expired`; what was finished stays finished."""
    scene = Scene()
    a_full_hall(scene)
    before = scene.states()
    assert before == {
        "A001": "finished", "A002": "no_show", "A003": "parked", "A004": "called", "A005": "serving", "A006": "waiting",
    }  # fmt: skip
    scene.at("04:00", TOMORROW)
    events = scene.do(TimePassed())
    expired = {e.number for e in events if type(e).__name__ == "TicketExpired"}
    assert expired == {n for n, state in before.items() if state != "finished"}
    assert "20261124-A001" in scene.hall.tickets, "its rating is still open"
    assert not scene.hall.missed
    assert scene.refusal(ReinstateTicket(ticket="20261124-A002")) == "unknown_ticket"
    scene.check()


def test_a_hall_may_keep_its_queue_overnight() -> None:
    """U12: an office wants the queue kept."""
    scene = Scene({"hours": {"keep_tickets_overnight": True}})
    a_full_hall(scene)
    scene.at("04:00", TOMORROW)
    scene.do(TimePassed())
    assert scene.states() == {"A001": "finished", "A003": "parked", "A006": "waiting"}
    scene.at("09:05", TOMORROW)
    assert scene.take().number == "A001"
    assert scene.order("1") == ["A006", "A001"]
    scene.open("1")
    assert getattr(scene.call("1"), "day", None) == "2026-11-24"
    scene.check()


def test_a_number_asked_for_is_the_latest_day_that_has_it() -> None:
    scene = Scene({"hours": {"keep_tickets_overnight": True}})
    scene.take()
    scene.at("09:05", TOMORROW)
    scene.do(TimePassed())
    found = scene.hall.by_number("A001")
    assert found is not None
    assert found.day == "2026-11-24"
    scene.take()
    found = scene.hall.by_number("A001")
    assert found is not None
    assert found.day == TOMORROW


def test_numbers_begin_again_and_counts_are_of_the_day() -> None:
    scene = Scene()
    a_full_hall(scene)
    scene.at("04:00", TOMORROW)
    scene.do(TimePassed())
    scene.at("09:00", TOMORROW)
    assert scene.take().id == "20261125-A001"
    today = scene.hall.today
    assert (today.issued, today.done, today.no_shows) == (1, 0, 0)
    assert not scene.hall.calls


def test_three_idle_days_then_a_call() -> None:
    """U6."""
    scene = Scene()
    for day in ("2026-11-25", "2026-11-26", "2026-11-27"):
        scene.at("00:00", day)
        scene.do(TimePassed())
    scene.at("09:00", "2026-11-27")
    scene.open("1"), scene.take()
    assert scene.call("1") is not None
    assert [c.number for c in scene.hall.calls] == ["A001"]
    scene.check()


def test_a_server_that_slept_over_a_weekend_goes_straight_to_today() -> None:
    scene = Scene()
    scene.at("16:00", "2026-11-27")
    scene.do(TimePassed())
    scene.take()
    scene.at("09:30", "2026-11-30")
    events = scene.do(TimePassed())
    assert [type(e).__name__ for e in events] == ["TicketExpired", "DayEnded"]
    assert scene.hall.day == "2026-11-30"


def test_the_first_ticket_after_midnight_is_of_the_new_day_even_before_the_old_one_ended() -> None:
    """M11: numbers are of the date in the hall; a late counter does not move it."""
    scene = Scene({"hours": {"working_day": ["00:00-24:00"]}, "session": {"longest_h": 24}})
    scene.open("1")
    assert scene.take().id == "20261124-A001"
    scene.at("00:30", TOMORROW)
    assert not is_due(scene.hall, scene.now)
    assert scene.take().id == "20261125-A001"
    assert scene.order("1") == ["A001", "A001"]
    scene.check()


def test_tickets_taken_after_midnight_outlive_the_day_that_ends_late() -> None:
    """They are of the new day: good for it, and their numbers are never given again."""
    scene = Scene({"hours": {"working_day": ["00:00-24:00"]}, "session": {"longest_h": 24}})
    scene.open("1"), scene.open("2")
    scene.take()
    scene.at("03:30", TOMORROW)
    for _ in range(4):
        scene.take()
    for _ in range(2):
        scene.call("1"), scene.miss("1")
    scene.call("1")
    scene.at("04:00", TOMORROW)
    scene.do(TimePassed())
    left = {t.id: t.state for t in scene.hall.tickets.values()}
    assert left == {
        "20261125-A001": "no_show",
        "20261125-A002": "expired",
        "20261125-A003": "waiting",
        "20261125-A004": "waiting",
    }
    assert list(scene.hall.missed) == ["20261125-A001"]
    scene.do(ReinstateTicket(ticket="20261125-A001"))
    assert scene.take().id == "20261125-A005"
    scene.check()


def test_a_number_given_out_ahead_of_its_counter_is_never_given_again() -> None:
    """I3: merged off block, and the day is over when another kiosk brings the same number."""
    from hall_server.core.lines.ticket import OfflineEntry

    scene = Scene()
    early = scene.now
    scene.do(OfflineEntry(number="A900", issued_at=early, line="A"), device=scene.kiosk)
    scene.at("09:10", TOMORROW)
    scene.do(TimePassed())
    (again, _) = scene.do(OfflineEntry(number="A900", issued_at=early, line="A"), device=scene.device("kiosk", "K2"))
    assert (again.number, again.printed_number) == ("A001", "A900")  # type: ignore[attr-defined]
    scene.check()


def test_a_clock_set_back_over_midnight_gives_no_number_twice() -> None:
    """R5: yesterday's counters are remembered."""
    scene = Scene()
    for _ in range(3):
        scene.take()
    scene.at("09:00", TOMORROW)
    scene.do(TimePassed())
    scene.at("11:00")
    assert scene.take().id == "20261124-A004"
    scene.check()


@pytest.mark.parametrize(
    ("zone", "offset"), [("Asia/Shanghai", "+08:00"), ("Asia/Urumqi", "+06:00"), ("Europe/Berlin", "+01:00")]
)
def test_the_day_is_that_of_the_halls_own_zone(zone: str, offset: str) -> None:
    from hall_server.core.stamp import instant

    scene = Scene({"hall": {"zone": zone}}, at=f"2026-11-24T10:00:00.000{offset}")
    scene.take()
    scene.now = instant(f"2026-11-24T23:59:59.999{offset}")
    assert not is_due(scene.hall, scene.now)
    scene.now = instant(f"2026-11-25T00:00:00.000{offset}")
    assert is_due(scene.hall, scene.now)


def test_a_rating_stays_open_over_the_night_and_is_then_forgotten() -> None:
    scene = Scene()
    scene.open("1"), scene.take(), scene.call("1")
    request = scene.serve("1")
    scene.do(CloseCounter(), counter="1")
    scene.at("10:00", TOMORROW)
    scene.do(TimePassed())
    scene.do(GiveRating(request=request, level=5, source="page"))
    scene.at("10:00", "2026-11-26")
    scene.do(TimePassed())
    assert not scene.hall.ratings
    assert not scene.hall.tickets
    scene.check()


def test_a_session_that_lasted_too_long_ends_and_closes_its_counter() -> None:
    """S6: twelve hours at most."""
    scene = Scene()
    scene.open("1")
    scene.later(hours=12)
    assert is_due(scene.hall, scene.now)
    events = scene.do(TimePassed())
    assert [type(e).__name__ for e in events] == ["CounterClosed", "ClerkSignedOut"]
    assert not is_due(scene.hall, scene.now)
    scene.check()


def test_day_end_and_session_end_at_once_close_each_counter_once() -> None:
    scene = Scene()
    scene.open("1"), scene.open("2")
    scene.at("04:30", TOMORROW)
    events = scene.do(TimePassed())
    names = [type(e).__name__ for e in events]
    assert names.count("CounterClosed") == 2
    assert names[-1] == "DayEnded"
    scene.check()
