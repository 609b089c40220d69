"""Why an act may not be done now, and the sentence of a refusal. Pure, told the time.

Each rule looks at the counter's picture and returns the reason under its button, or None when the act may be done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hall_protocol.refusals import REFUSALS

from .moments import seconds_until
from .saying import Say, plain, say

Act = str
"""`open call_next call_number recall begin finish no_show park transfer return reclassify pause close undo
sign_out reinstate resume`."""

ACTS: tuple[Act, ...] = (
    "open",
    "call_next",
    "call_number",
    "recall",
    "begin",
    "finish",
    "no_show",
    "park",
    "resume",
    "transfer",
    "return",
    "reclassify",
    "pause",
    "close",
    "undo",
    "reinstate",
    "sign_out",
)
UNDO_WAY_S = 2
"""The hall keeps its offer a little longer than the clerk sees it count: the rest is for the way."""
REFUSAL_SHOWN_S = 8
TOLD_SHOWN_S = 6
RACE_SHOWN_S = 4
"""How long the loser of a race for a ticket is told who has it (design, section 6)."""


@dataclass(frozen=True)
class Refusal:
    """The hall said no to an act of this clerk. `values` come from the problem document, never personal."""

    act: Act
    code: str
    at: float
    """When it came, by the monotonic clock: a demo hall's time may run faster than a reader's eyes."""
    values: dict[str, Any] = field(default_factory=dict)
    detail: str = ""
    """The hall's own sentence, for a code this program does not know."""


@dataclass(frozen=True)
class Situation:
    """What only this program knows: who signed in here, whether the hall can be heard, what is under way."""

    now: datetime
    """The hall's time."""
    tick: float = 0.0
    """The monotonic clock, seconds."""
    language: str = "zh-Hans"
    day_units: Mapping[str, str] = field(default_factory=dict)
    """Unit of a service's limits by service, from the catalogue: `working_day` or `day`."""
    clerk: str | None = None
    """Staff number of the session of this program; None before sign-in."""
    locked: bool = False
    offline_since: datetime | None = None
    """Since when the picture is stale; None while it is live."""
    barred: bool = False
    """The hall does not know this machine any more; waiting does not mend it."""
    busy: Act | None = None
    """The act whose answer is awaited."""
    refusal: Refusal | None = None
    told: tuple[Say, float] | None = None
    """What became of the last paper, and when by the monotonic clock."""


@dataclass(frozen=True)
class Button:
    """One act as the clerk sees it. `why` says why it is disabled, or why the hall just refused it."""

    act: Act
    enabled: bool
    why: Say | None = None
    primary: bool = False
    busy: bool = False
    refused: bool = False
    note: Say | None = None
    """A fact about an enabled act (“还可叫 1 次”)."""


def button_of(act: Act, picture: dict[str, Any], at: Situation) -> Button:
    why = _why_not(act, picture, at)
    note = _note(act, picture) if why is None else None
    refusal = at.refusal
    if refusal and refusal.act == act and at.tick - refusal.at < REFUSAL_SHOWN_S:
        return Button(act, enabled=why is None, why=refusal_text(refusal), refused=True, busy=at.busy == act)
    return Button(act, enabled=why is None, why=why, busy=at.busy == act, note=note)


def as_primary(button: Button) -> Button:
    return Button(
        button.act, button.enabled, button.why, True, busy=button.busy, refused=button.refused, note=button.note
    )


def _why_not(act: Act, picture: dict[str, Any], at: Situation) -> Say | None:
    """Why an act may not be done now; None when it may."""
    return hindered(picture, at) or _RULES[act](picture, at.now)


def hindered(picture: dict[str, Any], at: Situation) -> Say | None:
    """What hinders every act of this program alike; None when nothing does."""
    if at.offline_since is not None:
        return say("desk.why.offline")
    if at.clerk is None or at.locked:
        return say("desk.why.sign_in")
    if picture.get("evacuation"):
        return say("desk.why.evacuation")
    if at.busy is not None:
        return say("desk.why.busy")
    return None


def in_hand(picture: dict[str, Any]) -> tuple[str | None, str]:
    """State and number of the ticket in hand; None when there is none."""
    ticket = picture.get("ticket") or {}
    state = ticket.get("state")
    return (state if state in ("called", "serving") else None), str(ticket.get("number", ""))


def counter_state(picture: dict[str, Any]) -> str:
    return str(picture.get("counter", {}).get("state", "closed"))


def _must_be_free(picture: dict[str, Any], _now: datetime) -> Say | None:
    """For acts that take a ticket in hand: the counter is open and nobody stands at it."""
    counter = counter_state(picture)
    if counter == "closed":
        return say("desk.why.closed")
    state, number = in_hand(picture)
    if state:
        return say(f"desk.why.after_{state}", number=number)
    return say("desk.why.paused") if counter == "paused" else None


def _call_number(picture: dict[str, Any], now: datetime) -> Say | None:
    state, number = in_hand(picture)
    return say(f"desk.why.call_after_{state}", number=number) if state else _must_be_free(picture, now)


def _call_next(picture: dict[str, Any], now: datetime) -> Say | None:
    why = _call_number(picture, now)
    if why is None and not picture.get("next") and not picture.get("queue_length"):
        return say("desk.why.nobody")
    return why


def _recall(picture: dict[str, Any], now: datetime) -> Say | None:
    state, _ = in_hand(picture)
    if state != "called":
        return say("desk.why.serving") if state else say("desk.why.call_first")
    if not picture.get("calls_left"):
        return say("desk.why.all_called", n=_calls_max(picture))
    left = seconds_until(picture.get("recall_from"), now=now)
    return say("desk.why.recall_in", n=left) if left else None


def _no_show(picture: dict[str, Any], now: datetime) -> Say | None:
    state, _ = in_hand(picture)
    if state != "called":
        return say("desk.why.serving") if state else say("desk.why.call_first")
    if picture.get("calls_left"):
        return say("desk.why.no_show_after", n=_calls_max(picture))
    left = seconds_until(picture.get("no_show_from"), now=now)
    return say("desk.why.no_show_in", n=left) if left else None


def _calls_max(picture: dict[str, Any]) -> int:
    return int(picture.get("hall", {}).get("calls_max", 3))


def _called(picture: dict[str, Any], _now: datetime) -> Say | None:
    state, _ = in_hand(picture)
    if state == "called":
        return None
    return say("desk.why.serving") if state else say("desk.why.call_first")


def _serving(picture: dict[str, Any], _now: datetime) -> Say | None:
    state, _ = in_hand(picture)
    if state == "serving":
        return None
    return say("desk.why.begin_first") if state else say("desk.why.call_first")


def _someone_here(picture: dict[str, Any], _now: datetime) -> Say | None:
    state, _ = in_hand(picture)
    return None if state else say("desk.why.call_first")


def _open(picture: dict[str, Any], _now: datetime) -> Say | None:
    return say("desk.why.open_already") if counter_state(picture) == "open" else None


def _pause(picture: dict[str, Any], _now: datetime) -> Say | None:
    counter = counter_state(picture)
    if counter != "open":
        return say("desk.why.paused_already") if counter == "paused" else say("desk.why.closed")
    state, number = in_hand(picture)
    return say(f"desk.why.after_{state}", number=number) if state else None


def _close(picture: dict[str, Any], _now: datetime) -> Say | None:
    if counter_state(picture) == "closed":
        return say("desk.why.closed_already")
    state, number = in_hand(picture)
    return say(f"desk.why.after_{state}", number=number) if state else None


def _sign_out(picture: dict[str, Any], _now: datetime) -> Say | None:
    state, number = in_hand(picture)
    return say(f"desk.why.after_{state}", number=number) if state else None


def undo_refused(picture: dict[str, Any], now: datetime) -> Say | None:
    offer = picture.get("undo") or {}
    if not offer.get("seq") or undo_left(offer, now) <= 0:
        return say("desk.why.no_undo")
    return None if offer.get("act") == "pause" else _must_be_free(picture, now)


def undo_left(offer: dict[str, Any], now: datetime) -> int:
    return seconds_until(offer.get("until"), now=now) - UNDO_WAY_S


def _anytime(_picture: dict[str, Any], _now: datetime) -> Say | None:
    return None


_RULES = {
    "open": _open,
    "call_next": _call_next,
    "call_number": _call_number,
    "recall": _recall,
    "begin": _called,
    "finish": _serving,
    "no_show": _no_show,
    "park": _someone_here,
    "resume": _must_be_free,
    "transfer": _someone_here,
    "return": _someone_here,
    "reclassify": _called,
    "pause": _pause,
    "close": _close,
    "undo": undo_refused,
    "reinstate": _anytime,
    "sign_out": _sign_out,
}


def _note(act: Act, picture: dict[str, Any]) -> Say | None:
    if act == "recall":
        return say("desk.note.calls_left", n=picture.get("calls_left", 0))
    return None


def primary_of(picture: dict[str, Any]) -> Act:
    """The one filled button: what most clerks want now."""
    state, _ = in_hand(picture)
    if state:
        return "begin" if state == "called" else "finish"
    return "call_next" if counter_state(picture) == "open" else "open"


def refusal_text(refusal: Refusal) -> Say:
    """The sentence of a refusal; the two clerks' race names who has the ticket when the hall told it."""
    values = refusal.values
    if refusal.code == "taken_elsewhere" and values.get("number") and values.get("counter"):
        return say("counter.taken", number=values["number"], counter=values["counter"])
    if refusal.code in KNOWN_LOCAL:
        return say(f"desk.refused.{refusal.code}")
    if refusal.code in REFUSALS:
        return say(f"refusal.{refusal.code}", **{**UNTOLD, **values})
    return plain(refusal.detail) if refusal.detail else say("desk.refused.unknown")


UNTOLD = {"number": "—", "no": "—", "n": "—"}
"""What a sentence shows where an older hall told no value."""
KNOWN_LOCAL = frozenset({"unreachable"})
"""Codes of this program itself: the hall gave no answer."""
