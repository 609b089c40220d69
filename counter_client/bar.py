"""What the LED bar over the counter shows (design, section 5, LED bars). Pure; glyphs are the driver's business.

Each situation has its tone, which bars of more than one colour show: green as usual, yellow a call, red closed, paused,
lost or leave. The words say the same.

A bar of 16 dots shows one line, one of 32 dots a line twice as large or two lines. No line scrolls and none loses a
character: what does not fit is split at words over several pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from hardware.led.page import LINE_DOTS, Page, Tone, dots_of, fitted, split

from .moments import clock, moment
from .saying import Say, say, text_of

CALL_SHOWN_S = 60
CALL_BLINKS = 2
LOST_AFTER_S = 15
"""Silence of the hall after which visitors are asked to listen for the clerk."""
SHORT_NAMES_MAX = 8
NOTICES_MAX = 2
TONES = {"idle": Tone.CALM, "serving": Tone.CALM, "calling": Tone.CALL}
"""Every other situation is a warning."""


@dataclass(frozen=True)
class Shown:
    """What the bar was told. Two that are equal need not be told twice; a repeated call is another one."""

    why: str
    """`idle calling serving paused closed lost evacuation`"""
    pages: tuple[Page, ...]
    blink: int = 0
    calls: int = 0
    fallback: Page | None = None
    """The last words of a bar that keeps no page of its own, when this program ends."""

    @property
    def text(self) -> str:
        """Everything on the pages."""
        return "".join(line for page in self.pages for line in page.lines)


@dataclass(frozen=True)
class Size:
    """The bar's dots."""

    width: int = 192
    height: int = 16

    @property
    def large(self) -> bool:
        """Whether there is room for 32-dot characters."""
        return self.height >= 2 * LINE_DOTS


def nothing_lacks(text: str) -> Iterable[str]:
    """A bar that can show every character."""
    return ()


def show(
    picture: dict[str, Any] | None,
    *,
    now: datetime,
    lost_s: float,
    size: Size,
    speak: Callable[..., str],
    services: list[dict[str, Any]] | None = None,
    language: str = "",
    simply: Callable[..., str] | None = None,
    lacks: Callable[[str], Iterable[str]] = nothing_lacks,
) -> Shown:
    """What the bar shall show now. `lost_s` is how long the hall has not been heard, seconds; `services` the entries
    of the catalogue of this counter's lines; `language` the one of the notices.

    A card whose characters are GB2312 has no Traditional ones: where `speak` needs characters the bar `lacks`, the
    same is said `simply`.
    """

    def pages(speaker: Callable[..., str], of: str) -> Shown:
        shown = _situation(picture, now=now, lost_s=lost_s, size=size, speak=speaker, services=services, language=of)
        tone = TONES.get(shown.why, Tone.WARN)
        (fallback, *_) = _one("lost", say("bar.lost"), size, speaker).pages
        return replace(
            shown,
            pages=tuple(replace(page, tone=tone) for page in shown.pages),
            fallback=replace(fallback, tone=Tone.WARN),
        )

    shown = pages(speak, language)
    lost = len(set(lacks(shown.text)))
    if lost and simply is not None:
        other = pages(simply, "zh-Hans")
        return other if len(set(lacks(other.text))) < lost else shown
    return shown


def _situation(
    picture: dict[str, Any] | None,
    *,
    now: datetime,
    lost_s: float,
    size: Size,
    speak: Callable[..., str],
    services: list[dict[str, Any]] | None,
    language: str,
) -> Shown:
    if picture is None or lost_s > LOST_AFTER_S:
        return _one("lost", say("bar.lost"), size, speak)
    if picture.get("evacuation"):
        return _one("evacuation", say("bar.evacuation"), size, speak, large=say("bar.evacuation.large"))
    counter, ticket = picture.get("counter", {}), picture.get("ticket") or {}
    n, number = str(counter.get("counter", "")), str(ticket.get("number", ""))
    if ticket.get("state") == "called" and _recent(ticket, picture, now):
        words, large = (say(key, number=number, n=n) for key in ("bar.calling", "bar.calling.large"))
        shown = _one("calling", words, size, speak, large=large)
        return replace(shown, blink=CALL_BLINKS, calls=int(ticket.get("calls", 1)))
    if ticket.get("state") == "serving":
        return _one("serving", say("bar.serving", number=number), size, speak, large=_fact(number))
    return _counter_pages(picture, size, speak, services or [], _notices(picture, now, language))


def _notices(picture: dict[str, Any], now: datetime, language: str) -> list[str]:
    """The hall's notices that hold now."""
    found = []
    for notice in picture.get("notices") or []:
        begins, ends = moment(notice.get("from")), moment(notice.get("to"))
        texts = notice.get("text") or {}
        text = texts.get(language) or next(iter(texts.values()), "")
        if text and (begins is None or begins <= now) and (ends is None or now < ends):
            found.append(str(text))
    return found[:NOTICES_MAX]


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
    picture: dict[str, Any],
    size: Size,
    speak: Callable[..., str],
    services: list[dict[str, Any]],
    notices: list[str],
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
    return _idle(picture, size, speak, services, notices)


def _one(why: str, text: Say, size: Size, speak: Callable[..., str], *, large: Say | None = None) -> Shown:
    """One sentence: the short one where it fills a 32-dot bar, else the long one on as many pages as it needs."""
    if size.large and large is not None:
        spoken = text_of(large, speak)
        if dots_of(spoken, line_dots=size.height) <= size.width:
            return Shown(why, (Page((spoken,)),))
    return Shown(why, fitted([Page((text_of(text, speak),))], width=size.width, height=size.height))


def _idle(
    picture: dict[str, Any],
    size: Size,
    speak: Callable[..., str],
    services: list[dict[str, Any]],
    notices: list[str],
) -> Shown:
    counter, hall = picture.get("counter", {}), picture.get("hall", {})
    n, department = counter.get("counter", ""), counter.get("department", "")
    head = say("bar.idle.head", n=n, department=department) if department else say("bar.idle.counter", n=n)
    texts = [text_of(one, speak) for one in _about(services)]
    names = " ".join(s["short_name"] for s in services[:SHORT_NAMES_MAX] if s.get("short_name"))
    below = [names, " ".join(texts)]
    if picture.get("phone"):
        below.append(text_of(say("bar.idle.telephone", phone=picture["phone"]), speak))
    elif hall.get("hotline"):
        below.append(text_of(say("bar.idle.phone", phone=hall["hotline"]), speak))
    if first_contact := picture.get("post") or counter.get("clerk"):
        below.append(text_of(say("bar.idle.clerk", n=first_contact), speak))
    below += notices
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
    days = {s.get("promised_days") for s in services} - {None}
    if days == {0}:
        return [*found, say("bar.idle.on_the_spot")]
    for unit, key in (("working_day", "bar.idle.promised"), ("day", "bar.idle.promised_days")):
        of_unit = {
            int(s["promised_days"])
            for s in services
            if s.get("promised_days") is not None and s.get("day_unit", "working_day") == unit
        }
        if of_unit == {max(of_unit, default=0)} and of_unit != {0}:
            found.append(say(key, n=max(of_unit)))
        elif len(of_unit) > 1:
            found.append(say(f"{key}_range", a=min(of_unit), b=max(of_unit)))
    return found
