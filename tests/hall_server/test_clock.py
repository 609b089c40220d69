"""Setting the machine's clock moves nothing that waits; a demo hall is alive at any real hour."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hall_server import clock as clocks
from hall_server.clock import (
    BadClockVariable,
    DemoClock,
    HallClock,
    StandingClock,
    clock_for,
    demo_founding,
    demo_speed,
    demo_start,
    steady_ms,
)
from hall_server.core.hall import Hall
from hall_server.core.matters.calendar import Calendar
from hall_server.core.places.catalogue import YearRow

HOUR = 3_600_000
CALENDAR = Calendar({"2026": YearRow(off=("2026-10-01", "2026-10-02", "2026-10-03"), work=("2026-10-10",))}, {})
SHANGHAI = ZoneInfo("Asia/Shanghai")


class Machine:
    """Both clocks of a machine, moved by hand."""

    def __init__(self) -> None:
        self.wall, self.steady = 1_000_000_000, 5_000
        self.steps: list[int] = []

    def clock(self, not_before_ms: int = 0) -> HallClock:
        return HallClock(
            not_before_ms=not_before_ms,
            wall=lambda: self.wall,
            steady=lambda: self.steady,
            on_step=self.steps.append,
        )

    def passes(self, ms: int, drift: int = 0) -> None:
        self.steady += ms
        self.wall += ms + drift


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).timestamp() * 1000)


def text_of(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, SHANGHAI).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize("step", [2 * HOUR, -2 * HOUR, 24 * HOUR, -24 * HOUR, 3_000])
def test_a_step_is_told_once_and_changes_nothing_until_adopted(step: int) -> None:
    machine = Machine()
    clock = machine.clock()
    start = clock.now()
    machine.wall += step
    for _ in range(3):
        machine.passes(1000)
        clock.check()
    assert clock.now() == start + 3000
    assert machine.steps == [step]
    assert clock.step_ms == step
    assert clock.adopt() == step
    assert clock.now() == start + 3000 + step == machine.wall
    clock.check()
    assert clock.step_ms == 0


def test_a_clock_set_back_again_is_no_step_any_more() -> None:
    machine = Machine()
    clock = machine.clock()
    for step in (HOUR, -HOUR):
        machine.wall += step
        clock.check()
    assert (clock.step_ms, machine.steps) == (0, [HOUR])


@pytest.mark.parametrize("drift", [1, -1, 5, -5])
def test_drift_is_made_up_and_time_never_goes_back(drift: int) -> None:
    machine = Machine()
    clock = machine.clock()
    last = clock.now()
    for _ in range(1000):
        machine.passes(1000, drift)
        clock.check()
        for _ in range(3):
            machine.passes(1)
            assert clock.now() >= last
            last = clock.now()
    assert abs(clock.now() - machine.wall) <= 10
    assert machine.steps == []


def test_a_server_started_with_a_clock_set_back_does_not_go_before_its_journal() -> None:
    machine = Machine()
    clock = machine.clock(not_before_ms=machine.wall + HOUR)
    assert clock.now() == machine.wall + HOUR
    machine.passes(1000)
    clock.check()
    assert clock.step_ms == -HOUR
    assert clock.adopt() == -HOUR


def test_the_real_clocks() -> None:
    before = steady_ms()
    clock = HallClock()
    assert abs(clock.now() - datetime.now(UTC).timestamp() * 1000) < 1000
    clock.check()
    assert clock.step_ms == 0
    assert steady_ms() >= before


def test_a_demo_day_begins_on_a_working_day() -> None:
    def start(after: str, **variables: str) -> str:
        return text_of(demo_start(CALENDAR, zone="Asia/Shanghai", after_ms=at(after), variables=variables))

    assert start("2026-09-30 00:00") == "2026-09-30 09:20"
    assert start("2026-09-30 09:21") == "2026-10-05 09:20"
    assert start("2026-10-10 00:00", HALL_START="13:45") == "2026-10-10 13:45"
    assert start("2026-11-28 00:00", HALL_START="9:05") == "2026-11-30 09:05"
    founded = demo_founding(CALENDAR, zone="Asia/Shanghai", today=date(2026, 10, 1))
    assert text_of(founded) == "2026-10-05 00:00"


@pytest.mark.parametrize("variables", [{"HALL_START": "24:00"}, {"HALL_START": "nine"}, {"HALL_START": "9"}])
def test_a_bad_start_is_named(variables: dict[str, str]) -> None:
    with pytest.raises(BadClockVariable, match="HALL_START"):
        demo_start(CALENDAR, zone="Asia/Shanghai", after_ms=0, variables=variables)


@pytest.mark.parametrize("text", ["0", "61", "1.5", "-1", "fast", "²"])
def test_a_bad_speed_is_named(text: str) -> None:
    with pytest.raises(BadClockVariable, match="HALL_SPEED"):
        demo_speed({"HALL_SPEED": text})
    assert demo_speed({}) == 1
    assert demo_speed({"HALL_SPEED": "60"}) == 60


def test_a_demo_runs_faster() -> None:
    machine = Machine()
    clock = DemoClock(start_ms=at("2026-11-24 09:20"), speed=60, steady=lambda: machine.steady)
    machine.passes(60_000)
    assert text_of(clock.now()) == "2026-11-24 10:20"


class TestDemoFolder:
    """A demo hall goes on after a restart, and begins another morning after a long rest."""

    @pytest.fixture
    def machine(self, monkeypatch: pytest.MonkeyPatch) -> Machine:
        machine = Machine()
        machine.wall = at("2026-11-24 22:00")
        monkeypatch.setattr(clocks, "wall_ms", lambda: machine.wall)
        monkeypatch.delenv("HALL_START", raising=False)
        monkeypatch.setenv("HALL_SPEED", "10")
        return machine

    def hall(self, text: str, *, demo: bool = True) -> Hall:
        return Hall(at=at(text), demo=demo)

    def test_before_the_first_run_time_stands(self, machine: Machine, tmp_path: Path) -> None:
        clock = clock_for(tmp_path, self.hall("2026-11-24 00:00"), running=False)
        assert isinstance(clock, StandingClock)
        assert text_of(clock.now()) == "2026-11-24 00:00"
        assert list(tmp_path.iterdir()) == []

    def test_it_goes_on_where_it_was(self, machine: Machine, tmp_path: Path) -> None:
        first = clock_for(tmp_path, self.hall("2026-11-24 00:00"), running=True)
        assert text_of(first.now()) == "2026-11-24 09:20"
        assert first.speed == 10
        machine.wall += 6 * 60_000
        for running in (True, False):
            again = clock_for(tmp_path, self.hall("2026-11-24 10:00"), running=running)
            assert text_of(again.now()) == "2026-11-24 10:20"

    def test_another_speed_takes_over_from_now_on(
        self, machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clock_for(tmp_path, self.hall("2026-11-24 00:00"), running=True)
        machine.wall += 6 * 60_000
        monkeypatch.setenv("HALL_SPEED", "1")
        clock_for(tmp_path, self.hall("2026-11-24 10:00"), running=True)
        machine.wall += 5 * 60_000
        assert text_of(clock_for(tmp_path, self.hall("2026-11-24 10:20"), running=True).now()) == "2026-11-24 10:25"

    def test_after_a_long_rest_another_morning_begins(self, machine: Machine, tmp_path: Path) -> None:
        clock_for(tmp_path, self.hall("2026-11-24 00:00"), running=True)
        machine.wall += 24 * HOUR
        clock = clock_for(tmp_path, self.hall("2026-11-24 10:00"), running=True)
        assert text_of(clock.now()) == "2026-11-25 09:20"

    def test_a_real_hall_takes_no_notice(self, machine: Machine, tmp_path: Path) -> None:
        clock = clock_for(tmp_path, self.hall("2026-11-24 00:00", demo=False), running=True)
        assert isinstance(clock, HallClock)
        assert clock.speed == 1
        assert list(tmp_path.iterdir()) == []

    def test_a_damaged_file_is_another_beginning(self, machine: Machine, tmp_path: Path) -> None:
        (tmp_path / "demo_clock.json").write_text("{}")
        assert text_of(clock_for(tmp_path, self.hall("2026-11-24 00:00"), running=True).now()) == "2026-11-24 09:20"
