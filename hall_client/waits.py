"""How a wait is said: the rules of design.md 3.1, for every screen and the paper. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol


class Says(Protocol):
    """Whoever knows texts: `i18n.Words`, or a catalogue bound to a language."""

    def say(self, key: str, **values: object) -> str: ...


Kind = Literal["now", "range", "about", "unknown", "long"]


@dataclass(frozen=True)
class Wait:
    """A wait in words. `short` fits a tile, `full` a sentence, `reason` says why it is unknown."""

    kind: Kind
    short: str
    full: str
    reason: str = ""


def minutes(seconds: int, *, up: bool = False) -> int:
    """Whole minutes; from 20 on in steps of five. The upper end is rounded up: a promise is not cut short."""
    exact = seconds / 60
    step = 5 if exact >= 20 else 1
    whole = int(exact // step) * step
    return whole + step if up and whole < exact else max(whole, 0)


def wait_words(
    words: Says,
    estimate: Mapping[str, Any] | None,
    *,
    ahead: int | None,
    open_counters: int,
    free: bool,
    stale: bool = False,
) -> Wait:
    """What to show for a line or a ticket. `estimate` is the picture's `{p10_s, p50_s, p80_s, p90_s}` or None.

    `free` is whether an open counter has no visitor: only then, with nobody ahead, is it one's turn now.
    """
    if ahead == 0 and free and open_counters and not stale:
        now = words.say("wait.now")
        return Wait("now", now, now)
    if stale or estimate is None or open_counters == 0:
        key = "wait.why_offline" if stale else "wait.why_closed" if open_counters == 0 else "wait.unknown"
        return Wait("unknown", "—", "—", words.say(key))
    low, high = minutes(int(estimate["p10_s"])), minutes(int(estimate["p90_s"]), up=True)
    if high > 90:
        text = words.say("wait.long_range", a=_hours(words, low), b=_hours(words, high))
        halves = words.say("wait.long_short", a=_half_hours(low), b=_half_hours(high, up=True))
        return Wait("long", halves, words.say("wait.expect", text=text))
    if high - low < 3:
        text = words.say("wait.about", n=max(1, minutes(int(estimate["p50_s"]), up=True)))
        return Wait("about", text, words.say("wait.expect", text=text))
    return Wait("range", words.say("wait.short", a=low, b=high), words.say("wait.range", a=low, b=high))


def _hours(words: Says, total: int) -> str:
    if total < 60:
        return words.say("wait.only_minutes", m=total)
    if total % 60 == 0:
        return words.say("wait.hours", h=total // 60)
    return words.say("wait.hours_minutes", h=total // 60, m=total % 60)


def _half_hours(total: int, *, up: bool = False) -> str:
    halves = -(-total // 30) if up else total // 30
    return f"{halves / 2:g}"


def honesty(words: Says, coverage_percent: int | None) -> str:
    """The sentence under a range: the share that held may only be claimed while it was measured (design.md 3.1)."""
    held = coverage_percent is not None and 75 <= coverage_percent <= 85
    return words.say("wait.honest" if held else "wait.estimate")


def ahead_words(words: Says, n: int | None) -> str:
    """People ahead; nobody is said in words, unknown as a dash."""
    if n is None:
        return "—"
    return words.say("wait.ahead", n=n) if n else words.say("wait.nobody")


def ahead_short(words: Says, n: int | None) -> str:
    """The same for a tile or a row of a list."""
    if n is None:
        return "—"
    return words.say("wait.ahead_short", n=n) if n else words.say("wait.nobody_short")
