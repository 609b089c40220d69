"""Settings as data: every change is an event with who, old and new, and outlives a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hall_protocol.refusals import Refused

from ..matters import case_clock
from ..registry import Command, Event, decides, evolves
from ..stamp import Stamp
from .settings import Settings
from .settings_rules import applied, differences

if TYPE_CHECKING:
    from ..hall import Hall

COUNTERS, LINES = "counters.", ".lines"
"""What a counter serves is a setting too: `counters.N.lines`."""
CALENDAR = "calendar."
MOVES_DATES = (CALENDAR, "hours.", "hall.zone")
"""Settings that move due dates: every open case is reckoned again in the same commit."""


class FoundHall(Command, frozen=True, kw_only=True):
    """The first act in an empty journal."""

    settings: Settings
    demo: bool = False


class ChangeSettings(Command, frozen=True, kw_only=True):
    """The settings shall be these; checked by the shell."""

    settings: Settings


class SetCounterLines(Command, frozen=True, kw_only=True):
    """A manager decides what a counter serves from now on."""

    counter: str
    lines: tuple[str, ...]


class HallFounded(Event, frozen=True, kw_only=True):
    """A hall begins. `demo` halls accept a demo clock."""

    settings: dict[str, Any]
    demo: bool = False


class ConfigChanged(Event, frozen=True, kw_only=True):
    """One setting is another one now, by its dotted name; `counters.N.lines` is what a counter serves."""

    setting: str
    old: Any
    new: Any


@decides(FoundHall)
def found(hall: Hall, c: FoundHall, stamp: Stamp) -> list[Event]:
    if hall.seq:
        raise Refused("wrong_state", state="founded")
    return [HallFounded(settings=msgspec.to_builtins(c.settings), demo=c.demo)]


@decides(ChangeSettings)
def change_settings(hall: Hall, c: ChangeSettings, stamp: Stamp) -> list[Event]:
    changes = differences(hall.settings, c.settings)
    events: list[Event] = [ConfigChanged(setting=one.setting, old=one.old, new=one.new) for one in changes]
    if not any(one.setting.startswith(MOVES_DATES) for one in changes):
        return events
    overrides = [n for n, one in enumerate(changes) if one.setting.startswith(CALENDAR)]
    version = f"k{hall.seq + overrides[-1] + 1}" if overrides else hall.calendar_version
    then = msgspec.structs.replace(hall, settings=c.settings)
    return events + case_clock.recalculated(hall, then, reason_code="settings_changed", calendar_version=version)


@decides(SetCounterLines)
def set_counter_lines(hall: Hall, c: SetCounterLines, stamp: Stamp) -> list[Event]:
    counter = hall.counters.get(c.counter)
    if counter is None:
        raise Refused("unknown_counter")
    if any(line not in hall.lines for line in c.lines):
        raise Refused("unknown_line")
    if list(c.lines) == counter.lines:
        return []
    return [ConfigChanged(setting=f"{COUNTERS}{c.counter}{LINES}", old=list(counter.lines), new=list(c.lines))]


@evolves(HallFounded)
def founded(hall: Hall, e: HallFounded, at: int, seq: int) -> None:
    hall.settings = msgspec.convert(e.settings, Settings)
    hall.demo = e.demo
    hall.settings_version = f"s{seq}"
    hall.day = hall.day or hall.date_of(at)


@evolves(ConfigChanged)
def config_changed(hall: Hall, e: ConfigChanged, at: int, seq: int) -> None:
    if e.setting.startswith(COUNTERS):
        hall.counters[e.setting[len(COUNTERS) : -len(LINES)]].lines = list(e.new)
        hall.forget_line_index()
    else:
        hall.settings = applied(hall.settings, {e.setting: e.new})
        hall.forget_agenda()
    if e.setting.startswith(CALENDAR):
        hall.calendar_version = f"k{seq}"
    hall.settings_version = f"s{seq}"
