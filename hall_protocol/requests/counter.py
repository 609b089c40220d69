"""Requests of counters and their clerks."""

from typing import Annotated

from msgspec import Meta

from ..ids import Moment, Number, PriorityClass, Text40, Text64, Text200, Text2000
from . import Request


class SignIn(Request, kw_only=True):
    """`POST /sessions` with a counter's token."""

    clerk: Text40
    pin: Annotated[str, Meta(min_length=1, max_length=64)]


class PauseCounter(Request, kw_only=True):
    """`POST /counters/{n}/pause`."""

    reason: Text200
    resume_at: Moment | None = None


class CallNumber(Request, kw_only=True):
    """`POST /counters/{n}/call`: a given number, recorded as out of order."""

    number: Number
    reason: Text200


class Park(Request, kw_only=True):
    """`POST /counters/{n}/park`."""

    reason: Text200
    until: Moment | None = None


class Resume(Request, kw_only=True):
    """`POST /counters/{n}/resume` of a parked ticket."""

    number: Number


class Transfer(Request, kw_only=True):
    """`POST /counters/{n}/transfer`: to one of `line` and `counter`."""

    reason: Text200
    line: Text64 | None = None
    counter: Text64 | None = None


class Undo(Request, kw_only=True):
    """`POST /counters/{n}/undo` of the act recorded as event `seq`."""

    seq: Annotated[int, Meta(ge=1)]


class Finish(Request, kw_only=True):
    """`POST /counters/{n}/finish`. `note` stays with the counter and never enters the journal."""

    outcome: Text64 | None = None
    services: Annotated[list[Text64], Meta(max_length=20)] | None = None
    note: Text2000 | None = None


class Reclassify(Request, kw_only=True):
    """`POST /tickets/{id}/reclassify`."""

    priority_class: PriorityClass
    reason: Text200
