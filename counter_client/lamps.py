"""The lamps in the bar: keypad, counter screen, network. Silence is never green (devices.md 1)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from .saying import Say, say

LIGHTS = {"ready": "green", "degraded": "yellow", "fault": "red", "absent": "red", "connecting": "unknown"}
KNOWN_FAULTS = (
    "gone",
    "no_permission",
    "busy_port",
    "silent",
    "garbage",
    "key_stuck",
    "pad_memory",
    "pad_display",
    "replay",
    "font_missing",
)
"""Faults with a sentence of what to do, the most hindering first."""


HAVE_KEYS = ("keypad", "pad")


@dataclass(frozen=True)
class Lamp:
    """One lamp: its light, its word, and what to do."""

    name: Say
    light: str
    """`green yellow red unknown` of the component `Lamp`."""
    word: Say
    todo: Say


def of_device(name: str, *, state: str, faults: Collection[str]) -> Lamp:
    """A lamp of a driver's health; `name` is `pad`, `keypad` or `led`."""
    known = state if state in LIGHTS else "unknown"
    return Lamp(say(f"lamp.{name}"), LIGHTS.get(state, "unknown"), say(f"lamp.{known}"), _todo(name, state, faults))


def _todo(name: str, state: str, faults: Collection[str]) -> Say:
    for word in KNOWN_FAULTS:
        if word in faults:
            return say(f"lamp.todo.{word}")
    if any(word.startswith("nack") for word in faults):
        return say("lamp.todo.nack")
    if state == "ready":
        return say("lamp.todo.ready")
    if state == "unknown" and name in HAVE_KEYS:
        return say("lamp.todo.unheard")
    return say("lamp.todo.report") if state in ("fault", "degraded", "absent") else say("lamp.todo.wait")


def of_network(*, offline: bool, ever_heard: bool) -> Lamp:
    """The lamp of the link to the hall."""
    if not offline:
        return Lamp(say("lamp.network"), "green", say("lamp.ready"), say("lamp.todo.ready"))
    state = "absent" if ever_heard else "connecting"
    return Lamp(say("lamp.network"), LIGHTS[state], say(f"lamp.{state}"), say("lamp.todo.network"))


def health_report(snapshots: Collection[Any]) -> list[dict[str, object]]:
    """The body of `PUT /devices/current/health` from the drivers' healths."""
    return [snapshot.as_report() for snapshot in snapshots]
