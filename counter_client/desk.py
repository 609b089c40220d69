"""The clerk's desk: from the counter's picture to what may be done now, and why not. Pure, told the time.

The hall decides every act; what stands here only tells beforehand what it would refuse, so that a button that would be
refused is disabled with its reason under it (design, section 6).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from hall_protocol.refusals import REFUSALS

from . import lists, mini
from .moments import clock, moment, running, seconds_since, seconds_until
from .saying import Say, plain, say

Stage = Literal["starting", "signed_out", "locked", "desk", "evacuation"]
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
RACE_SHOWN_S = 4
"""How long the loser of a race for a ticket is told who has it (design, section 6)."""
LINK_LOST_AFTER_S = 15
"""Silence after which the LED bar asks visitors to listen for the clerk's voice."""


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
    clerk: str | None = None
    """Staff number of the session of this program; None before sign-in."""
    locked: bool = False
    offline_since: datetime | None = None
    """Since when the picture is stale; None while it is live."""
    busy: Act | None = None
    """The act whose answer is awaited."""
    refusal: Refusal | None = None


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


@dataclass(frozen=True)
class Visitor:
    """The ticket in hand."""

    number: str
    service: str
    line: str
    state: str
    """`called serving`"""
    detail: Say
    timer: str
    timer_late: bool
    """Longer than nine in ten services of this line take: amber, never a sound."""
    timer_note: Say | None
    step: int
    """Of the trail 已叫 · 办理中 · 办结 · 评价: 0 or 1."""
    priority: str
    documents: tuple[str, ...] = ()
    promised: str = ""
    statutory: str = ""


@dataclass(frozen=True)
class Toast:
    """A line at the foot. `seconds` counts down where something may be taken back."""

    text: Say
    undo: bool = False
    seconds: int | None = None
    warning: bool = False


@dataclass(frozen=True)
class Desk:
    """Everything the clerk's window shows."""

    stage: Stage
    counter: str = ""
    title: Say | None = None
    state_word: Say | None = None
    state_tone: str = "grey"
    """`green amber red grey` of the state's capsule."""
    counter_state: str = "closed"
    clerk: str = ""
    visitor: Visitor | None = None
    empty: Say | None = None
    """What the middle says while nobody is at the counter."""
    empty_hint: Say | None = None
    buttons: dict[Act, Button] = field(default_factory=dict)
    primary: Act = ""
    next: lists.NextCard | None = None
    queue: tuple[lists.Row, ...] = ()
    queue_title: Say | None = None
    queue_note: Say | None = None
    parked: tuple[lists.Row, ...] = ()
    missed: tuple[lists.Row, ...] = ()
    notes: tuple[lists.Note, ...] = ()
    toast: Toast | None = None
    band: Say | None = None
    """The yellow bar while the hall cannot be heard."""
    evacuation: Say | None = None
    mini: mini.Mini = mini.NOTHING
    undo_seq: int | None = None


def look(picture: dict[str, Any] | None, at: Situation) -> Desk:
    """The desk at one moment."""
    if picture is None:
        return Desk(stage="starting", band=_band(None, at))
    counter = picture.get("counter", {})
    stage = _stage(picture, at)
    buttons = {act: _button(act, picture, at) for act in ACTS}
    primary = _primary(picture)
    if primary in buttons:
        buttons[primary] = _as_primary(buttons[primary])
    visitor = _visitor(picture, at)
    empty, hint = _empty(picture) if visitor is None else (None, None)
    word, tone = _state(picture, at)
    return Desk(
        stage=stage,
        counter=str(counter.get("counter", "")),
        title=lists.title(picture),
        state_word=word,
        state_tone=tone,
        counter_state=str(counter.get("state", "closed")),
        clerk=at.clerk or "",
        visitor=visitor,
        empty=empty,
        empty_hint=hint,
        buttons=buttons,
        primary=primary,
        next=lists.next_card(picture, now=at.now),
        queue=lists.queue(picture, now=at.now),
        queue_title=say("desk.queue", n=picture.get("queue_length", 0)),
        queue_note=lists.longest(picture, now=at.now),
        parked=lists.parked(picture, now=at.now),
        missed=lists.missed(picture, now=at.now),
        notes=lists.notes(picture, language=at.language),
        toast=_toast(picture, at),
        band=_band(picture, at),
        evacuation=_evacuation(picture),
        mini=mini.of(picture, now=at.now, offline_since=at.offline_since, ready=stage == "desk"),
        undo_seq=_undo_offer(picture, at),
    )


def _stage(picture: dict[str, Any], at: Situation) -> Stage:
    if picture.get("evacuation"):
        return "evacuation"
    if at.clerk is None:
        return "signed_out"
    return "locked" if at.locked else "desk"


# why not -------------------------------------------------------------------------------------------------------------


def _button(act: Act, picture: dict[str, Any], at: Situation) -> Button:
    why = _why_not(act, picture, at)
    note = _note(act, picture) if why is None else None
    refusal = at.refusal
    if refusal and refusal.act == act and at.tick - refusal.at < REFUSAL_SHOWN_S:
        return Button(act, enabled=why is None, why=refusal_text(refusal), refused=True, busy=at.busy == act)
    return Button(act, enabled=why is None, why=why, busy=at.busy == act, note=note)


def _as_primary(button: Button) -> Button:
    return Button(
        button.act, button.enabled, button.why, True, busy=button.busy, refused=button.refused, note=button.note
    )


def _why_not(act: Act, picture: dict[str, Any], at: Situation) -> Say | None:
    """Why an act may not be done now; None when it may."""
    if at.offline_since is not None:
        return say("desk.why.offline")
    if at.clerk is None or at.locked:
        return say("desk.why.sign_in")
    if picture.get("evacuation"):
        return say("desk.why.evacuation")
    if at.busy is not None:
        return say("desk.why.busy")
    return _RULES[act](picture, at.now)


def _ticket(picture: dict[str, Any]) -> tuple[str | None, str]:
    """State and number of the ticket in hand; None when there is none."""
    ticket = picture.get("ticket") or {}
    state = ticket.get("state")
    return (state if state in ("called", "serving") else None), str(ticket.get("number", ""))


def _counter_state(picture: dict[str, Any]) -> str:
    return str(picture.get("counter", {}).get("state", "closed"))


def _must_be_free(picture: dict[str, Any], _now: datetime) -> Say | None:
    """For acts that take a ticket in hand: the counter is open and nobody stands at it."""
    counter = _counter_state(picture)
    if counter == "closed":
        return say("desk.why.closed")
    state, number = _ticket(picture)
    if state:
        return say(f"desk.why.after_{state}", number=number)
    return say("desk.why.paused") if counter == "paused" else None


def _call_number(picture: dict[str, Any], now: datetime) -> Say | None:
    state, number = _ticket(picture)
    return say(f"desk.why.call_after_{state}", number=number) if state else _must_be_free(picture, now)


def _call_next(picture: dict[str, Any], now: datetime) -> Say | None:
    why = _call_number(picture, now)
    if why is None and not picture.get("next") and not picture.get("queue_length"):
        return say("desk.why.nobody")
    return why


def _recall(picture: dict[str, Any], now: datetime) -> Say | None:
    state, _ = _ticket(picture)
    if state != "called":
        return say("desk.why.serving") if state else say("desk.why.call_first")
    if not picture.get("calls_left"):
        return say("desk.why.all_called", n=_calls_max(picture))
    left = seconds_until(picture.get("recall_from"), now=now)
    return say("desk.why.recall_in", n=left) if left else None


def _no_show(picture: dict[str, Any], now: datetime) -> Say | None:
    state, _ = _ticket(picture)
    if state != "called":
        return say("desk.why.serving") if state else say("desk.why.call_first")
    if picture.get("calls_left"):
        return say("desk.why.no_show_after", n=_calls_max(picture))
    left = seconds_until(picture.get("no_show_from"), now=now)
    return say("desk.why.no_show_in", n=left) if left else None


def _calls_max(picture: dict[str, Any]) -> int:
    return int(picture.get("hall", {}).get("calls_max", 3))


def _called(picture: dict[str, Any], _now: datetime) -> Say | None:
    state, _ = _ticket(picture)
    if state == "called":
        return None
    return say("desk.why.serving") if state else say("desk.why.call_first")


def _serving(picture: dict[str, Any], _now: datetime) -> Say | None:
    state, _ = _ticket(picture)
    if state == "serving":
        return None
    return say("desk.why.begin_first") if state else say("desk.why.call_first")


def _in_hand(picture: dict[str, Any], _now: datetime) -> Say | None:
    state, _ = _ticket(picture)
    return None if state else say("desk.why.call_first")


def _open(picture: dict[str, Any], _now: datetime) -> Say | None:
    return say("desk.why.open_already") if _counter_state(picture) == "open" else None


def _pause(picture: dict[str, Any], _now: datetime) -> Say | None:
    counter = _counter_state(picture)
    if counter != "open":
        return say("desk.why.paused_already") if counter == "paused" else say("desk.why.closed")
    state, number = _ticket(picture)
    return say(f"desk.why.after_{state}", number=number) if state else None


def _close(picture: dict[str, Any], _now: datetime) -> Say | None:
    if _counter_state(picture) == "closed":
        return say("desk.why.closed_already")
    state, number = _ticket(picture)
    return say(f"desk.why.after_{state}", number=number) if state else None


def _sign_out(picture: dict[str, Any], _now: datetime) -> Say | None:
    state, number = _ticket(picture)
    return say(f"desk.why.after_{state}", number=number) if state else None


def _undo(picture: dict[str, Any], now: datetime) -> Say | None:
    offer = picture.get("undo") or {}
    if not offer.get("seq") or _undo_left(offer, now) <= 0:
        return say("desk.why.no_undo")
    return None if offer.get("act") == "pause" else _must_be_free(picture, now)


def _undo_left(offer: dict[str, Any], now: datetime) -> int:
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
    "park": _in_hand,
    "resume": _must_be_free,
    "transfer": _in_hand,
    "return": _in_hand,
    "reclassify": _called,
    "pause": _pause,
    "close": _close,
    "undo": _undo,
    "reinstate": _anytime,
    "sign_out": _sign_out,
}


def _note(act: Act, picture: dict[str, Any]) -> Say | None:
    if act == "recall":
        return say("desk.note.calls_left", n=picture.get("calls_left", 0))
    return None


def _primary(picture: dict[str, Any]) -> Act:
    """The one filled button: what most clerks want now."""
    state, _ = _ticket(picture)
    if state:
        return "begin" if state == "called" else "finish"
    return "call_next" if _counter_state(picture) == "open" else "open"


# what is seen --------------------------------------------------------------------------------------------------------


def _state(picture: dict[str, Any], at: Situation) -> tuple[Say, str]:
    """The capsule in the bar: word and tone."""
    if at.offline_since is not None:
        return say("desk.state.offline"), "amber"
    counter = _counter_state(picture)
    state, _ = _ticket(picture)
    if counter == "paused":
        return say("desk.state.paused"), "amber"
    if counter == "closed":
        return say("desk.state.closed"), "grey"
    return say(f"desk.state.{state or 'free'}"), "green"


def _visitor(picture: dict[str, Any], at: Situation) -> Visitor | None:
    state, number = _ticket(picture)
    if state is None:
        return None
    ticket, service = picture["ticket"], picture.get("ticket_service") or {}
    timer, late, note = _timer(picture, ticket, state, at)
    return Visitor(
        number=number,
        service=str(service.get("name") or ticket.get("line_name", "")),
        line=str(ticket.get("line", "")),
        state=state,
        detail=_visitor_detail(ticket, state),
        timer=timer,
        timer_late=late,
        timer_note=note,
        step=1 if state == "serving" else 0,
        priority=str(ticket.get("priority_class", "ordinary")),
        documents=tuple(service.get("documents", ())),
        promised=str(service.get("promised", "")),
        statutory=str(service.get("statutory", "")),
    )


def _visitor_detail(ticket: dict[str, Any], state: str) -> Say:
    klass = say(f"desk.class.{ticket.get('priority_class', 'ordinary')}")
    issued, called = moment(ticket.get("issued_at")), moment(ticket.get("called_at"))
    waited: Any = "—" if issued is None or called is None else max(0, int((called - issued).total_seconds()) // 60)
    at = ticket.get("begun_at") if state == "serving" else ticket.get("called_at")
    return say(f"desk.visitor.{state}", **{"class": klass, "n": waited, "time": clock(at)})


def _timer(picture: dict[str, Any], ticket: dict[str, Any], state: str, at: Situation) -> tuple[str, bool, Say | None]:
    if state == "called":
        seconds = seconds_since(ticket.get("called_at"), now=at.now)
        return running(seconds), False, say("desk.called_times", n=ticket.get("calls", 1))
    seconds = seconds_since(ticket.get("begun_at"), now=at.now)
    usual = picture.get("usual_service_s")
    if not usual:
        return running(seconds), False, None
    low, high = max(1, round(usual[0] / 60)), max(1, round(usual[1] / 60))
    note = say("desk.usual", a=low, b=high) if low != high else say("desk.usual_about", n=high)
    return running(seconds), seconds is not None and seconds > usual[1], note


def _empty(picture: dict[str, Any]) -> tuple[Say, Say]:
    """What the middle says with nobody at the counter, and what to do."""
    counter = picture.get("counter", {})
    state = _counter_state(picture)
    if state == "closed":
        return say("desk.empty.closed"), say("desk.empty.closed_hint")
    if state == "paused":
        reason = lists.reason(counter.get("reason"), kind="pause")
        if counter.get("resume_at"):
            return say("desk.empty.paused", reason=reason), say(
                "desk.empty.paused_until", time=clock(counter["resume_at"])
            )
        return say("desk.empty.paused", reason=reason), say("desk.empty.paused_hint")
    if picture.get("queue_length"):
        return say("desk.empty.free"), say("desk.empty.free_hint")
    return say("desk.empty.nobody"), say("desk.empty.nobody_hint")


def _band(picture: dict[str, Any] | None, at: Situation) -> Say | None:
    if at.offline_since is None:
        return None
    entry = ((picture or {}).get("next") or {}).get("entry", {})
    if entry.get("number"):
        return say("counter.offline", number=entry["number"])
    return say("desk.offline_nobody")


def _evacuation(picture: dict[str, Any]) -> Say | None:
    evacuation = picture.get("evacuation")
    if not evacuation:
        return None
    exits = evacuation.get("exits", {})
    way = exits.get(f"counter:{picture.get('counter', {}).get('counter', '')}")
    return say(f"evac.exit.{way}") if way in ("left", "right", "ahead", "back") else say("desk.evac.signs")


# the line at the foot ------------------------------------------------------------------------------------------------


def _undo_offer(picture: dict[str, Any], at: Situation) -> int | None:
    offer = picture.get("undo") or {}
    return offer.get("seq") if _undo(picture, at.now) is None else None


def _toast(picture: dict[str, Any], at: Situation) -> Toast | None:
    refusal = at.refusal
    if refusal is not None:
        race = refusal.code == "taken_elsewhere"
        shown = RACE_SHOWN_S if race or refusal.act not in _WITH_BUTTON else 0
        if at.tick - refusal.at < shown:
            return Toast(refusal_text(refusal), warning=True)
    if _undo_offer(picture, at) is None:
        return None
    offer = picture["undo"]
    return Toast(_undo_text(picture, offer), undo=at.offline_since is None, seconds=_undo_left(offer, at.now))


_WITH_BUTTON = frozenset(
    {"call_next", "recall", "begin", "finish", "no_show", "park", "transfer", "return", "reclassify", "open", "pause"}
)
"""Acts whose refusal has a button to stand under; the others are told at the foot."""


def _undo_text(picture: dict[str, Any], offer: dict[str, Any]) -> Say:
    act, number = offer.get("act", ""), offer.get("number", "")
    if act == "park":
        for entry in picture.get("parked", ()):
            if entry.get("number") == number and entry.get("park_reason"):
                return say(
                    "desk.undo.park_reason", number=number, reason=lists.reason(entry["park_reason"], kind="park")
                )
    if act in ("park", "no_show", "transfer", "pause"):
        return say(f"desk.undo.{act}", number=number) if act != "pause" else say("desk.undo.pause")
    return plain(str(number))


def refusal_text(refusal: Refusal) -> Say:
    """The sentence of a refusal; the two clerks' race names who has the ticket when the hall told it."""
    values = refusal.values
    if refusal.code == "taken_elsewhere" and values.get("number") and values.get("counter"):
        return say("counter.taken", number=values["number"], counter=values["counter"])
    if refusal.code in KNOWN_LOCAL:
        return say(f"desk.refused.{refusal.code}")
    if refusal.code in REFUSALS:
        return say(f"refusal.{refusal.code}")
    return plain(refusal.detail) if refusal.detail else say("desk.refused.unknown")


KNOWN_LOCAL = frozenset({"unreachable"})
"""Codes of this program itself: the hall gave no answer."""
