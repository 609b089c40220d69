"""The mini-bar, 360 × 60 and always in front: one line of truth, one of detail, one or two acts (design, section 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from . import lists
from .moments import clock, minutes_since, running, seconds_since
from .saying import Say, plain, say

SNAP_PX = 16
"""Nearer than so many pixels the bar sits at the edge."""


@dataclass(frozen=True)
class Mini:
    """What the bar says. `acts` are one or two, the first is the filled one."""

    state: str
    """`nothing next called serving paused offline`"""
    line: Say
    detail: Say
    acts: tuple[str, ...] = ()
    warn: bool = False
    """The detail is told in amber."""


NOTHING = Mini("nothing", plain("—"), plain(""))


def snapped(place: int, *, size: int, low: int, high: int) -> int:
    """One coordinate of a window of this size between two edges of its screen: near an edge it is at the edge."""
    inside = max(low, min(high - size, place))
    if inside - low <= SNAP_PX:
        return low
    return high - size if high - size - inside <= SNAP_PX else inside


def of(picture: dict[str, Any], *, now: datetime, offline_since: datetime | None, ready: bool) -> Mini:
    """The bar's state; `ready` when the clerk is signed in here and nothing forbids acts."""
    if offline_since is not None:
        return _offline(picture, offline_since)
    if not ready:
        return Mini("nothing", say("mini.sign_in"), say("mini.sign_in_hint"))
    counter, ticket = picture.get("counter", {}), picture.get("ticket") or {}
    if ticket.get("state") == "called":
        return _called(picture, ticket, now)
    if ticket.get("state") == "serving":
        return _serving(picture, ticket, now)
    if counter.get("state") == "paused":
        return _paused(counter, now)
    if counter.get("state") == "closed":
        return Mini("nothing", say("desk.empty.closed"), say("desk.empty.closed_hint"), ("open",))
    return _next(picture, now)


def _offline(picture: dict[str, Any], since: datetime) -> Mini:
    number = ((picture.get("next") or {}).get("entry") or {}).get("number")
    time = f"{since:%H:%M}"
    detail = say("mini.offline_call", time=time, number=number) if number else say("mini.offline", time=time)
    return Mini("offline", say("mini.unreachable"), detail)


def _called(picture: dict[str, Any], ticket: dict[str, Any], now: datetime) -> Mini:
    calls = ticket.get("calls", 1)
    line = say("mini.called", number=ticket["number"], n=calls)
    span = running(seconds_since(ticket.get("called_at"), now=now), short=True)
    most = picture.get("hall", {}).get("calls_max", 3)
    if picture.get("calls_left"):
        return Mini("called", line, say("mini.called_more", span=span, n=most), ("begin", "recall"), warn=True)
    return Mini("called", line, say("mini.called_all", span=span), ("begin", "no_show"), warn=True)


def _serving(picture: dict[str, Any], ticket: dict[str, Any], now: datetime) -> Mini:
    seconds = seconds_since(ticket.get("begun_at"), now=now)
    usual = picture.get("usual_service_s")
    span = running(seconds)
    line = say("mini.serving", number=ticket["number"])
    if not usual:
        return Mini("serving", line, plain(span), ("finish",))
    low, high = max(1, round(usual[0] / 60)), max(1, round(usual[1] / 60))
    late = seconds is not None and seconds > usual[1]
    return Mini("serving", line, say("mini.serving_usual", span=span, a=low, b=high), ("finish",), warn=late)


def _paused(counter: dict[str, Any], now: datetime) -> Mini:
    line = say("mini.paused", reason=lists.reason(counter.get("reason"), kind="pause"))
    span = running(seconds_since(counter.get("since"), now=now))
    until = counter.get("resume_at")
    return Mini(
        "paused", line, say("mini.paused_until", span=span, time=clock(until)) if until else plain(span), ("open",)
    )


def _next(picture: dict[str, Any], now: datetime) -> Mini:
    waiting = picture.get("queue_length", 0)
    number = ((picture.get("next") or {}).get("entry") or {}).get("number")
    if not number:
        return Mini("next", say("desk.empty.nobody"), say("desk.queue", n=waiting), ("call_next",))
    longest = minutes_since(picture.get("longest_since"), now=now)
    detail = say("mini.waiting", n=waiting, m="—" if longest is None else longest)
    return Mini("next", say("mini.next", number=number), detail, ("call_next",))
