"""Due dates: 127 worked-out rows, and what must hold for every other."""

import csv
import json
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall_server.core.matters.calendar import Calendar
from hall_server.core.matters.deadlines import DAYS_MOST, Due, Pause, due

VECTORS = Path(__file__).parents[3] / "vectors"


def year(off: list[str] | None = None, work: list[str] | None = None) -> Any:
    return SimpleNamespace(off=frozenset(off or ()), work=frozenset(work or ()))


def national(**local: Any) -> Calendar:
    published = json.loads((VECTORS / "cn_calendar.json").read_text())
    statutory = json.loads((VECTORS / "cn_statutory.json").read_text())
    return Calendar(
        {y: year(d["off"], d["work"]) for y, d in published.items()},
        {y: year(days["off"] if isinstance(days, dict) else days) for y, days in statutory.items()},
        **local,
    )


CALENDAR = national()
ROWS = list(csv.DictReader((VECTORS / "deadline_vectors.csv").read_text("utf-8").splitlines()))


def pauses_of(text: str) -> list[Pause]:
    ends = [p.split("/") for p in text.split(";") if p]
    return [Pause(date.fromisoformat(a), date.fromisoformat(b) if b else None) for a, b in ends]


def test_all_rows_are_there() -> None:
    assert len(ROWS) == 127


@pytest.mark.parametrize("row", ROWS, ids=[r["id"] for r in ROWS])
def test_worked_out_rows(row: dict[str, str]) -> None:
    found = due(
        CALENDAR,
        start=date.fromisoformat(row["start"]),
        days=int(row["n"]),
        unit=row["unit"],  # type: ignore[arg-type]
        pauses=pauses_of(row["pauses"]),
    )
    assert found.day == (date.fromisoformat(row["due"]) if row["due"] else None)
    if found.day:
        assert found.day.strftime("%a") == row["due_weekday"]
        assert found.provisional == (row["provisional"] == "yes")
    else:
        assert found.stopped_since == max(p.begins for p in pauses_of(row["pauses"]))


DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
PAUSES = st.lists(
    st.builds(lambda a, n: Pause(a, a + timedelta(days=n)), DAYS, st.integers(0, 40)),
    max_size=4,
)


def brute(start: date, days: int, pauses: list[Pause]) -> date:
    """Working days counted one by one, straight from the rule's first sentence."""
    day = start if days == 0 else start + timedelta(days=1)
    left = max(days, 1)
    while True:
        stands = any(p.begins <= day < (p.ends or date.max) for p in pauses)
        left -= CALENDAR.is_working_day(day) and not stands
        if not left:
            return day
        day += timedelta(days=1)


@given(DAYS, st.integers(0, 60), PAUSES)
def test_every_pause_is_left_out_once(start: date, days: int, pauses: list[Pause]) -> None:
    assert due(CALENDAR, start=start, days=days, pauses=pauses).day == brute(start, days, pauses)


@given(DAYS, st.integers(0, 60), PAUSES, st.sampled_from(["working_day", "day"]))
def test_more_days_or_a_later_start_are_never_due_earlier(
    start: date, days: int, pauses: list[Pause], unit: Any
) -> None:
    found = due(CALENDAR, start=start, days=days, unit=unit, pauses=pauses).day
    more = due(CALENDAR, start=start, days=days + 1, unit=unit, pauses=pauses).day
    later = due(CALENDAR, start=start + timedelta(days=1), days=days, unit=unit, pauses=pauses).day
    assert found is not None
    assert more is not None
    assert later is not None
    assert CALENDAR.is_working_day(found)
    assert found <= more
    assert found <= later


def test_on_the_spot_after_closing_is_the_next_working_day() -> None:
    friday = date(2026, 11, 27)
    assert due(CALENDAR, start=friday, days=0).day == friday
    assert due(CALENDAR, start=friday, days=0, after_closing=True).day == date(2026, 11, 30)


def test_the_hall_decides_before_the_notice_and_the_notice_before_the_table() -> None:
    closed, opened = date(2026, 11, 25), date(2026, 11, 28)
    local = national(off=(closed.isoformat(),), work=(opened.isoformat(),))
    assert not local.is_working_day(closed)
    assert local.is_working_day(opened)
    assert due(local, start=date(2026, 11, 24), days=3).day == opened
    published = Calendar({"2027": year(work=["2027-01-01"])}, CALENDAR.provisional)
    assert published.is_working_day(date(2027, 1, 1))
    assert not CALENDAR.is_working_day(date(2027, 1, 1))


def test_a_notice_may_settle_the_last_days_of_the_year_before() -> None:
    calendar = Calendar({"2026": year(), "2027": year(off=["2026-12-31"], work=["2026-12-26"])}, {})
    assert not calendar.is_working_day(date(2026, 12, 31))
    assert calendar.is_working_day(date(2026, 12, 26))


def test_provisional_follows_every_year_it_reaches_into() -> None:
    assert due(CALENDAR, start=date(2026, 12, 30), days=1).provisional is False
    assert due(CALENDAR, start=date(2026, 12, 31), days=1).provisional is True
    assert due(CALENDAR, start=date(2003, 12, 31), days=5).provisional is True


def test_an_open_pause_says_since_when() -> None:
    found = due(CALENDAR, start=date(2026, 11, 2), days=5, pauses=[Pause(date(2026, 11, 4))])
    assert found == Due(None, provisional=False, stopped_since=date(2026, 11, 4))


def test_limits() -> None:
    with pytest.raises(ValueError, match="3001 days"):
        due(CALENDAR, start=date(2026, 1, 1), days=DAYS_MOST + 1)
    with pytest.raises(ValueError, match="-1 days"):
        due(CALENDAR, start=date(2026, 1, 1), days=-1)
    with pytest.raises(ValueError, match="before it begins"):
        Pause(date(2026, 1, 2), date(2026, 1, 1))
    never = national(off=tuple((date(2026, 1, 1) + timedelta(days=n)).isoformat() for n in range(800)))
    with pytest.raises(ValueError, match="no working day"):
        due(never, start=date(2026, 1, 1), days=1)
