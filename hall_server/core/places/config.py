"""Settings as data: every change is an event with who, old and new, and outlives a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hall_protocol.refusals import Refused

from ..registry import Command, Event, decides, evolves
from ..stamp import Stamp
from .settings import Settings

if TYPE_CHECKING:
    from ..hall import Hall


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


def flat(value: Any, prefix: str = "") -> dict[str, Any]:
    """Nested tables as dotted names."""
    if not isinstance(value, dict) or not value:
        return {prefix: value}
    out: dict[str, Any] = {}
    for key, inner in value.items():
        out.update(flat(inner, f"{prefix}.{key}" if prefix else key))
    return out


@decides(FoundHall)
def found(hall: Hall, c: FoundHall, stamp: Stamp) -> list[Event]:
    if hall.seq:
        raise Refused("wrong_state", state="founded")
    return [HallFounded(settings=msgspec.to_builtins(c.settings), demo=c.demo)]


@decides(ChangeSettings)
def change_settings(hall: Hall, c: ChangeSettings, stamp: Stamp) -> list[Event]:
    old, new = flat(msgspec.to_builtins(hall.settings)), flat(msgspec.to_builtins(c.settings))
    names = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    return [ConfigChanged(setting=name, old=old.get(name), new=new.get(name)) for name in names]


@decides(SetCounterLines)
def set_counter_lines(hall: Hall, c: SetCounterLines, stamp: Stamp) -> list[Event]:
    counter = hall.counters.get(c.counter)
    if counter is None:
        raise Refused("unknown_counter")
    if any(line not in hall.lines for line in c.lines):
        raise Refused("unknown_line")
    if list(c.lines) == counter.lines:
        return []
    return [ConfigChanged(setting=f"counters.{c.counter}.lines", old=list(counter.lines), new=list(c.lines))]


@evolves(HallFounded)
def founded(hall: Hall, e: HallFounded, at: int, seq: int) -> None:
    hall.settings = msgspec.convert(e.settings, Settings)
    hall.demo = e.demo
    hall.settings_version = f"s{seq}"
    hall.day = hall.day or hall.date_of(at)


@evolves(ConfigChanged)
def config_changed(hall: Hall, e: ConfigChanged, at: int, seq: int) -> None:
    parts = e.setting.split(".")
    if parts[0] == "counters" and parts[-1] == "lines":
        hall.counters[".".join(parts[1:-1])].lines = list(e.new)
        hall.forget_line_index()
    else:
        hall.settings = msgspec.convert(with_value(msgspec.to_builtins(hall.settings), parts, e.new), Settings)
    hall.settings_version = f"s{seq}"


def with_value(tree: Any, parts: list[str], value: Any) -> Any:
    """The tree with one leaf set; None takes an optional leaf away."""
    out = dict(tree) if isinstance(tree, dict) else {}
    if len(parts) == 1:
        if value is None:
            out.pop(parts[0], None)
        else:
            out[parts[0]] = value
    else:
        out[parts[0]] = with_value(out.get(parts[0]), parts[1:], value)
    return out
