"""When numbers are given out: split days, days off, make-up days, lines and sites of their own.

domain.md 2.3, 8; U23.
"""

from datetime import date

import pytest
from core_material import Scene

from hall_server.core.lines.ticket import TakeTicket
from hall_server.core.places import hours
from hall_server.core.places.catalogue import Line, TakeOver, YearRow
from hall_server.core.stamp import instant, text

OFF, MAKE_UP = "2026-10-01", "2026-10-10"
"""National day, and the Saturday worked for it."""


@pytest.fixture
def scene() -> Scene:
    made = Scene()
    lines = (
        Line(line="C", name="早市", hours=("07:00-09:30",)),
        Line(line="D", name="分厅", site="north"),
    )
    made.do(TakeOver(lines=lines, calendar={"2026": YearRow(off=(OFF,), work=(MAKE_UP,))}))
    return made


@pytest.mark.parametrize(
    ("clock", "day", "is_open"),
    [
        ("08:59", "2026-11-24", False),
        ("09:00", "2026-11-24", True),
        ("11:59", "2026-11-24", True),
        ("12:00", "2026-11-24", False),
        ("13:29", "2026-11-24", False),
        ("13:30", "2026-11-24", True),
        ("16:30", "2026-11-24", False),
        ("10:00", "2026-11-28", False),
        ("10:00", OFF, False),
        ("10:00", MAKE_UP, True),
    ],
)
def test_open_or_closed(scene: Scene, clock: str, day: str, is_open: bool) -> None:
    scene.at(clock, day)
    assert hours.is_open(scene.hall, at=scene.now) is is_open
    if is_open:
        scene.take()
    else:
        assert scene.refusal(TakeTicket(line="A"), device=scene.kiosk) == "line_closed"


@pytest.mark.parametrize(
    ("clock", "day", "line", "opens"),
    [
        ("08:00", "2026-11-24", "A", "2026-11-24T09:00"),
        ("12:10", "2026-11-24", "A", "2026-11-24T13:30"),
        ("17:00", "2026-11-24", "A", "2026-11-25T09:00"),
        ("17:00", "2026-11-27", "A", "2026-11-30T09:00"),
        ("10:00", OFF, "A", "2026-10-02T09:00"),
        ("17:00", "2026-10-09", "A", "2026-10-10T09:00"),
        ("10:00", "2026-11-24", "C", "2026-11-25T07:00"),
    ],
)
def test_closed_says_when_it_opens(scene: Scene, clock: str, day: str, line: str, opens: str) -> None:
    """U23: in words with the next opening."""
    scene.at(clock, day)
    found = hours.next_opening(scene.hall, at=scene.now, line=line)
    assert found == instant(f"{opens}:00.000+08:00")
    assert hours.opens_text(scene.hall, line=line, at=scene.now) == text(found, scene.hall.zone)


def test_a_line_a_site_and_a_weekday_may_have_hours_of_their_own() -> None:
    scene = Scene({"hours": {"weekdays": {"tuesday": ["10:00-11:00"]}, "sites": {"north": ["06:00-24:00"]}}})
    lines = (Line(line="C", name="早市", hours=("07:00-09:30",)), Line(line="D", name="分厅", site="north"))
    scene.do(TakeOver(lines=lines))
    scene.at("09:15")
    found = {line: hours.is_open(scene.hall, at=scene.now, line=line) for line in "ACD"}
    assert found == {"A": False, "C": True, "D": True}
    scene.at("23:59")
    assert hours.is_open(scene.hall, at=scene.now, line="D"), "24:00 is the end of the day"
    wednesday = hours.spans(scene.hall, day=date(2026, 11, 25), line="A")
    assert len(wednesday) == 2


def test_the_halls_own_days_win_over_the_calendar(scene: Scene) -> None:
    own = Scene({"calendar": {"off": ["2026-11-24"], "work": ["2026-11-28"]}})
    own.at("10:00")
    assert not hours.is_open(own.hall, at=own.now)
    own.at("10:00", "2026-11-28")
    assert hours.is_open(own.hall, at=own.now)


def test_a_hall_closed_for_ever_says_nothing_rather_than_something_wrong() -> None:
    scene = Scene({"hours": {"working_day": []}})
    assert hours.next_opening(scene.hall, at=scene.now) is None
    assert scene.refusal(TakeTicket(line="A"), device=scene.kiosk) == "line_closed"


def test_a_day_with_a_changed_clock_keeps_its_hours() -> None:
    """Where summer time exists, 09:00 is 09:00 on the day it begins too."""
    scene = Scene(
        {
            "hall": {"zone": "Europe/Berlin"},
            "hours": {"sites": {"county": ["09:00-17:00"]}},
            "calendar": {"work": ["2026-03-29"]},
        }
    )
    (span,) = hours.spans(scene.hall, day=date(2026, 3, 29), line="A")
    assert text(span[0], "Europe/Berlin") == "2026-03-29T09:00:00.000+02:00"
    assert text(span[1], "Europe/Berlin") == "2026-03-29T17:00:00.000+02:00"
