"""Words of the visitor's page: one language, times and dates, and how a wait is said (design.md 3.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Request

from hall_protocol.ids import Language
from hall_protocol.pictures import Estimate

from ..problems import LANGUAGES, catalogue

HONEST_FROM, HONEST_TO = 75, 85
"""Percent of ranges that held between which "8 times out of 10" may be said."""
LONG_MIN = 90
AXIS_SHARE = 1.5
"""The bar ends this much later than the range, so that the range does not look like the end of the world."""
NARROW_PERCENT = 17
"""Two clock times nearer than this would touch."""


@dataclass(frozen=True)
class Speech:
    """Everything said in one language."""

    language: Language

    def say(self, key: str, **values: object) -> str:
        """One text of the catalogue."""
        return catalogue().say(key, self.language, **values)

    def knows(self, key: str) -> bool:
        """Whether the catalogue has this key: reasons of clerks may be words of their own."""
        return key in catalogue().words(self.language)

    def clock(self, moment: str) -> str:
        """`10:32` of an RFC 3339 text in the hall's zone."""
        return moment[11:16]

    def date(self, moment: str) -> str:
        """`11月24日`, `24 November`."""
        day = datetime.fromisoformat(moment)
        return self.say(f"page.month.{day.month}", d=day.day)

    def listed(self, things: list[str]) -> str:
        """`3、4、5`."""
        return self.say("page.joint").join(things)


def chosen_language(request: Request[Any, Any, Any], offered: Sequence[Language], own: str | None) -> Language:
    """The language asked for by `?lang=`, else the browser's first that the hall speaks, else the ticket's own."""
    wanted = [request.query_params.get("lang")]
    for part in request.headers.get("accept-language", "").split(","):
        tag = part.split(";")[0].strip().lower()
        wanted.append(LANGUAGES.get(tag) or ("en" if tag.startswith("en") else "zh-Hans" if tag[:2] == "zh" else None))
    wanted.append(own)
    return next((language for asked in wanted for language in offered if language == asked), offered[0])


@dataclass(frozen=True)
class Bar:
    """The range on a line of clock times, in percent of the line's length."""

    start: float
    end: float
    from_clock: str
    to_clock: str
    last_clock: str
    narrow: bool
    """The two clock times would touch if they stood under the ends of the range."""
    middle: float
    at_once: bool
    """The range begins so early that its clock time stands where `now` would."""


@dataclass(frozen=True)
class Wait:
    """A wait in words; `bar` only where there is a range, `why` only where there is none."""

    short: str
    bar: Bar | None = None
    why: str | None = None


def whole_minutes(seconds: int, *, up: bool = False) -> int:
    """Whole minutes; from 20 on in steps of five. The upper end is rounded up: a promise is not cut short."""
    exact = seconds / 60
    step = 5 if exact >= 20 else 1
    whole = int(exact // step) * step
    return whole + step if up and whole < exact else max(whole, 0)


def wait_words(
    speech: Speech, estimate: Estimate | None, *, ahead: int | None, counters_open: int, free: bool, now: str
) -> Wait:
    """What to say of the wait; `free` is whether an open counter has no visitor, `now` hall time as RFC 3339 text."""
    if ahead == 0 and free:
        return Wait(speech.say("wait.now"))
    if counters_open == 0:
        return Wait("—", why=speech.say("wait.why_closed"))
    if estimate is None:
        return Wait("—", why=speech.say("wait.unknown"))
    low, high = whole_minutes(estimate.p10_s), whole_minutes(estimate.p90_s, up=True)
    bar = bar_of(low, high, now=now)
    if high > LONG_MIN:
        return Wait(speech.say("wait.long_range", a=hours(speech, low), b=hours(speech, high)), bar)
    if high - low < 3:
        return Wait(speech.say("wait.about", n=max(1, whole_minutes(estimate.p50_s, up=True))), bar)
    return Wait(speech.say("wait.short", a=low, b=high), bar)


def hours(speech: Speech, minutes: int) -> str:
    """Minutes beyond an hour in hours and minutes."""
    if minutes < 60:
        return speech.say("wait.only_minutes", m=minutes)
    if minutes % 60 == 0:
        return speech.say("wait.hours", h=minutes // 60)
    return speech.say("wait.hours_minutes", h=minutes // 60, m=minutes % 60)


def bar_of(low: int, high: int, *, now: str) -> Bar:
    """The bar of a range in minutes from now."""
    length = max(5, round(high * AXIS_SHARE))
    start, end = 100 * low / length, 100 * max(high, low + 1) / length
    return Bar(
        start=round(start, 1),
        end=round(end, 1),
        from_clock=later(now, low),
        to_clock=later(now, high),
        last_clock=later(now, length),
        narrow=end - start < NARROW_PERCENT,
        middle=round((start + end) / 2, 1),
        at_once=start < NARROW_PERCENT + (6 if end - start < NARROW_PERCENT else 0),
    )


def later(now: str, minutes: int) -> str:
    """The clock so many minutes after `now`."""
    moment = datetime.fromisoformat(now)
    whole = moment.hour * 60 + moment.minute + minutes
    return f"{whole // 60 % 24:02d}:{whole % 60:02d}"


def honesty(speech: Speech, coverage_percent: int | None) -> str:
    """How often such ranges held; claimed only while it was measured (design.md 3.1)."""
    held = coverage_percent is not None and HONEST_FROM <= coverage_percent <= HONEST_TO
    return speech.say("page.held" if held else "wait.estimate")
