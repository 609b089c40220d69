"""Which function decides a command and which makes an event true. Filled by the lives as they are imported."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

if TYPE_CHECKING:
    from .hall import Hall
    from .stamp import Stamp


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants. Never stored."""


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What has happened. Its fields are the journal's `data`; fields without a default are always written."""


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """An event with the time it bears and its place in the journal, as `evolve` gets it."""

    event: Event
    at: int
    seq: int


Decide = Callable[["Hall", Any, "Stamp"], list[Event]]
Evolve = Callable[["Hall", Any, int, int], None]
C = TypeVar("C", bound=Decide)
E = TypeVar("E", bound=Evolve)

DECIDERS: dict[type[Command], Decide] = {}
EVOLVERS: dict[type[Event], Evolve] = {}
EVENT_TYPES: dict[str, type[Event]] = {}


@cache
def type_name(event: type[Event]) -> str:
    """The journal's word for an event class: `TicketIssued` is `ticket_issued`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", event.__name__).lower()


def decides(command: type[Command]) -> Callable[[C], C]:
    """Marks the function that decides this command."""

    def register(function: C) -> C:
        assert command not in DECIDERS, command
        DECIDERS[command] = function
        return function

    return register


def evolves(event: type[Event]) -> Callable[[E], E]:
    """Marks the function that makes this event true: `(hall, event, at, seq)`."""

    def register(function: E) -> E:
        assert event not in EVOLVERS, event
        EVOLVERS[event] = function
        EVENT_TYPES[type_name(event)] = event
        return function

    return register
