"""The only clock. Hall time is integer milliseconds since 1970 UTC.

A hall must not jump because somebody set the machine's clock: waits, deadlines and the end of the day are measured by
it. So hall time is read once from the wall clock and then follows the steady one. Small differences are made up slowly;
a step is reported, and taken over only when nobody waits and no counter is open (`Engine.is_quiet`).

A demo hall has a clock of its own that starts at a busy hour and may run faster. Only a data folder made with
`init --demo` accepts it; in any other the two variables have no effect.
"""

import json
import os
import re
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from .core.hall import Hall
from .core.matters.calendar import Calendar, calendar_of
from .files import write_private

Milliseconds = Callable[[], int]

STEP_MS: Final = 2_000
"""From this difference on the wall clock has been set, not drifted."""
SLEW_SHARE: Final = 50
"""A difference is made up by at most one part in so many of the time passed: 20 ms a second."""
DEMO_FILE: Final = "demo_clock.json"
DEMO_START: Final = "09:20"
DEMO_GAP_MS: Final = 7_200_000
"""A demo hall that stood still for longer (real time, since its last event) begins another morning."""


def wall_ms() -> int:
    """The machine's wall clock."""
    return time.time_ns() // 1_000_000


def steady_ms() -> int:
    """A clock that nobody can set and that also counts while the machine sleeps, where there is one."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return (time.monotonic_ns() if boot is None else time.clock_gettime_ns(boot)) // 1_000_000


class Clock(Protocol):
    """What the rest of the server knows of a clock."""

    @property
    def speed(self) -> int:
        """Hall seconds in a real second."""

    @property
    def step_ms(self) -> int:
        """How far the wall clock was set away from hall time and has not been followed yet; 0 is not at all."""

    def now(self) -> int:
        """Hall time; never earlier than the time before, unless a step was adopted."""

    def check(self) -> None:
        """Compare with the wall clock; to be called about once a second."""

    def adopt(self) -> int:
        """Follow the wall clock at once; returns by how many milliseconds hall time jumped."""


class HallClock:
    """The clock of a real hall."""

    speed = 1

    def __init__(
        self,
        *,
        not_before_ms: int = 0,
        wall: Milliseconds = wall_ms,
        steady: Milliseconds = steady_ms,
        on_step: Callable[[int], None] = lambda step_ms: None,
    ) -> None:
        """Start from the wall clock, but not before `not_before_ms`, the time of the last event.

        `on_step` is told the difference whenever the wall clock was set by another amount.
        """
        self._wall, self._steady, self._on_step = wall, steady, on_step
        self._checked_at = steady()
        self._offset = max(wall(), not_before_ms) - self._checked_at
        self._latest = 0
        self._told = 0
        self.step_ms = 0

    def now(self) -> int:
        """Hall time."""
        self._latest = max(self._latest, self._steady() + self._offset)
        return self._latest

    def check(self) -> None:
        """Make up a drift, or notice a step."""
        steady = self._steady()
        passed, self._checked_at = steady - self._checked_at, steady
        difference = self._wall() - (steady + self._offset)
        if abs(difference) < STEP_MS:
            self.step_ms = self._told = 0
            most = max(passed // SLEW_SHARE, 0)
            self._offset += max(-most, min(difference, most))
            return
        self.step_ms = difference
        if abs(difference - self._told) >= STEP_MS:
            self._told = difference
            self._on_step(difference)

    def adopt(self) -> int:
        """Follow the wall clock now, even backwards. Only when nobody waits and no counter is open."""
        before = self.now()
        self._checked_at = self._steady()
        self._latest = self._wall()
        self._offset = self._latest - self._checked_at
        self.step_ms = self._told = 0
        return self._latest - before


class DemoClock:
    """Hall time of a demo: from `start_ms` on, `speed` times as fast as the steady clock."""

    step_ms = 0

    def __init__(self, *, start_ms: int, speed: int, steady: Milliseconds = steady_ms) -> None:
        self.speed = speed
        self._start, self._steady = start_ms, steady
        self._from = steady()

    def now(self) -> int:
        """Hall time."""
        return self._start + (self._steady() - self._from) * self.speed

    def check(self) -> None:
        """The wall clock is none of a demo's business."""

    def adopt(self) -> int:
        """Nothing to follow."""
        return 0


class StandingClock:
    """Time that stands: for commands on a demo hall that has not been run yet."""

    speed = 1
    step_ms = 0

    def __init__(self, at_ms: int) -> None:
        self._at = at_ms

    def now(self) -> int:
        """Always the same."""
        return self._at

    def check(self) -> None:
        """Nothing moves."""

    def adopt(self) -> int:
        """Nothing moves."""
        return 0


class BadClockVariable(ValueError):
    """`HALL_SPEED` or `HALL_START` cannot be used; the text says which and why."""


def clock_for(data: Path, hall: Hall, *, running: bool, on_step: Callable[[int], None] | None = None) -> Clock:
    """The clock of the hall in `data`. `running` is the server itself; commands only look at the demo's clock.

    Raises `BadClockVariable`.
    """
    if hall.demo:
        return _demo_clock(data, hall, running=running)
    return HallClock(not_before_ms=hall.at, on_step=on_step or (lambda step_ms: None))


def demo_start(calendar: Calendar, *, zone: str, after_ms: int, variables: Mapping[str, str] = os.environ) -> int:
    """The instant a demo day begins: `HALL_START` on the first working day that has it after `after_ms`."""
    text = variables.get("HALL_START") or DEMO_START
    if not re.fullmatch(r"([01]?[0-9]|2[0-3]):[0-5][0-9]", text):
        raise BadClockVariable(f"HALL_START is {text!r}; write a time such as {DEMO_START}")
    hour, minute = map(int, text.split(":"))
    day = datetime.fromtimestamp(after_ms / 1000, ZoneInfo(zone)).date()
    while True:
        start = round(datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone)).timestamp() * 1000)
        if calendar.is_working_day(day) and start >= after_ms:
            return start
        day += timedelta(days=1)


def demo_speed(variables: Mapping[str, str] = os.environ) -> int:
    """`HALL_SPEED`, 1–60."""
    text = variables.get("HALL_SPEED") or "1"
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= 60):
        raise BadClockVariable(f"HALL_SPEED is {text!r}; write a whole number from 1 to 60")
    return int(text)


def demo_founding(calendar: Calendar, *, zone: str, today: date) -> int:
    """Midnight of the first working day from `today` on: when a new demo hall is founded, so that it opens that day."""
    day = today
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    return round(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def _demo_clock(data: Path, hall: Hall, *, running: bool) -> Clock:
    """The demo's clock, going on where it was."""
    begun = _read_demo(data / DEMO_FILE)
    if begun is not None:
        hall_ms, real_ms, speed = begun
        goes_on = hall_ms + (wall_ms() - real_ms) * speed
        if abs(goes_on - hall.at) <= DEMO_GAP_MS * speed:
            if running and speed != (wanted := demo_speed()):
                return _begin_demo(data, start_ms=max(goes_on, hall.at), speed=wanted)
            return DemoClock(start_ms=max(goes_on, hall.at), speed=speed)
    if not running:
        return StandingClock(hall.at)
    start_ms = demo_start(calendar_of(hall), zone=hall.zone, after_ms=hall.at)
    return _begin_demo(data, start_ms=start_ms, speed=demo_speed())


def _begin_demo(data: Path, *, start_ms: int, speed: int) -> Clock:
    """A demo clock whose beginning is written down, so that a server started again goes on."""
    state = {"hall_ms": start_ms, "real_ms": wall_ms(), "speed": speed}
    write_private(data / DEMO_FILE, json.dumps(state).encode() + b"\n")
    return DemoClock(start_ms=start_ms, speed=speed)


def _read_demo(path: Path) -> tuple[int, int, int] | None:
    """Hall time, wall time and speed of the last beginning, or None when there is none that can be used."""
    try:
        state = json.loads(path.read_bytes())
        return int(state["hall_ms"]), int(state["real_ms"]), int(state["speed"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
