"""What the LED bar over the counter shows (design, section 5, LED bars). Pure; glyphs are the driver's business.

A bar of 16 dots shows one line, one of 32 dots a line twice as large or two lines. No line scrolls and none loses a
character: what does not fit is split at words over several pages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hardware.led.page import LINE_DOTS, Page, dots_of, fitted, split

from .moments import clock, moment
from .saying import Say, say, text_of

CALL_SHOWN_S = 60
CALL_BLINKS = 2
LOST_AFTER_S = 15
"""Silence of the hall after which visitors are asked to listen for the clerk."""
SHORT_NAMES_MAX = 8


@dataclass(frozen=True)
class Shown:
    """What the bar was told. Two that are equal need not be told twice; a repeated call is another one."""

    why: str
    """`idle calling serving paused closed lost evacuation`"""
    pages: tuple[Page, ...]
    blink: int = 0
    calls: int = 0


@dataclass(frozen=True)
class Size:
    """The bar's dots."""

    width: int = 192
    height: int = 16

    @property
    def large(self) -> bool:
        """Whether there is room for 32-dot characters."""
        return self.height >= 2 * LINE_DOTS


def show(
    picture: dict[str, Any] | None,
    *,
    now: datetime,
    lost_s: float,
    size: Size,
    speak: Callable[..., str],
    services: list[dict[str, Any]] | None = None,
) -> Shown:
    """What the bar shall show now. `lost_s` is how long the hall has not been heard, seconds; `services` the entries
    of the catalogue of this counter's lines.
    """
    if picture is None or lost_s > LOST_AFTER_S:
        return _one("lost", say("bar.lost"), size, speak)
    if picture.get("evacuation"):
        return _one("evacuation", say("bar.evacuation"), size, speak, large=say("bar.evacuation.large"))
    counter, ticket = picture.get("counter", {}), picture.get("ticket") or {}
    n, number = str(counter.get("counter", "")), str(ticket.get("number", ""))
    if ticket.get("state") == "called" and _recent(ticket, picture, now):
        shown = _one(
            "calling",
            say("bar.calling", number=number, n=n),
            size,
            speak,
            large=say("bar.calling.large", number=number, n=n),
        )
        return Shown("calling", shown.pages, blink=CALL_BLINKS, calls=int(ticket.get("calls", 1)))
    if ticket.get("state") == "serving":
        return _one("serving", say("bar.serving", number=number), size, speak, large=_fact(number))
    return _counter_pages(picture, size, speak, services or [])


def _recent(ticket: dict[str, Any], picture: dict[str, Any], now: datetime) -> bool:
    """Whether the last call, the first or a repeated one, is younger than a minute."""
    interval = timedelta(seconds=int(picture.get("hall", {}).get("call_interval_s", 15)))
    repeats = [moment(picture.get(name)) for name in ("recall_from", "no_show_from")]
    calls = [moment(ticket.get("called_at")), *(at - interval for at in repeats if at is not None)]
    known = [at for at in calls if at is not None]
    return bool(known) and now - max(known) < timedelta(seconds=CALL_SHOWN_S)


def _fact(text: str) -> Say:
    return Say("", (("text", text),))


def _counter_pages(
    picture: dict[str, Any], size: Size, speak: Callable[..., str], services: list[dict[str, Any]]
) -> Shown:
    counter = picture.get("counter", {})
    if counter.get("state") == "closed":
        return _one("closed", say("bar.closed"), size, speak, large=say("bar.closed.large"))
    if counter.get("state") == "paused":
        until = counter.get("resume_at")
        if until:
            time = clock(until)
            large = say("bar.paused.large", time=time)
            return _one("paused", say("bar.paused", time=time), size, speak, large=large)
        return _one("paused", say("bar.paused.open_end"), size, speak, large=say("bar.paused.open_end.large"))
    return _idle(picture, size, speak, services)


def _one(why: str, text: Say, size: Size, speak: Callable[..., str], *, large: Say | None = None) -> Shown:
    """One sentence: the short one where it fills a 32-dot bar, else the long one on as many pages as it needs."""
    if size.large and large is not None:
        spoken = text_of(large, speak)
        if dots_of(spoken, line_dots=size.height) <= size.width:
            return Shown(why, (Page((spoken,)),))
    return Shown(why, fitted([Page((text_of(text, speak),))], width=size.width, height=size.height))


def _idle(picture: dict[str, Any], size: Size, speak: Callable[..., str], services: list[dict[str, Any]]) -> Shown:
    counter, hall = picture.get("counter", {}), picture.get("hall", {})
    n, department = counter.get("counter", ""), counter.get("department", "")
    head = say("bar.idle.head", n=n, department=department) if department else say("bar.idle.counter", n=n)
    texts = [text_of(one, speak) for one in _about(services)]
    names = " ".join(s["short_name"] for s in services[:SHORT_NAMES_MAX] if s.get("short_name"))
    below = [names, " ".join(texts)]
    if hall.get("hotline"):
        below.append(text_of(say("bar.idle.phone", phone=hall["hotline"]), speak))
    if counter.get("clerk"):
        below.append(text_of(say("bar.idle.clerk", n=counter["clerk"]), speak))
    lines = [line for text in below if text for line in split(text, width=size.width)]
    heads = split(text_of(head, speak), width=size.width)
    if size.large:
        pairs = [(heads[i % len(heads)], line) for i, line in enumerate(lines or [""])]
        return Shown("idle", tuple(Page(pair) for pair in pairs))
    return Shown("idle", tuple(Page((line,)) for line in [*heads, *lines]))


def _about(services: list[dict[str, Any]]) -> list[Say]:
    """Fee and promised time, only where all services of the counter agree or as their range."""
    found: list[Say] = []
    if services and not any(s.get("fee") for s in services):
        found.append(say("bar.idle.no_fee"))
    days = sorted({int(s["promised_days"]) for s in services if s.get("promised_days") is not None})
    if days == [0]:
        found.append(say("bar.idle.on_the_spot"))
    elif len(days) == 1:
        found.append(say("bar.idle.promised", n=days[0]))
    elif days:
        found.append(say("bar.idle.promised_range", a=days[0], b=days[-1]))
    return found
