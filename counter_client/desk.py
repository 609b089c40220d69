"""The clerk's desk: from the counter's picture to what may be done now, and why not. Pure, told the time.

The hall decides every act; what stands here only tells beforehand what it would refuse, so that a button that would be
refused is disabled with its reason under it (design, section 6).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from . import lists, mini
from .moments import clock, moment, running, seconds_since
from .saying import Say, plain, say
from .whynot import (
    ACTS,
    RACE_SHOWN_S,
    TOLD_SHOWN_S,
    Act,
    Button,
    Refusal,
    Situation,
    as_primary,
    button_of,
    counter_state,
    in_hand,
    primary_of,
    refusal_text,
    undo_left,
    undo_refused,
)

__all__ = ["ACTS", "Desk", "Refusal", "Situation", "look"]

Stage = Literal["starting", "signed_out", "locked", "desk", "evacuation"]


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
    promised: Say | None = None
    statutory: Say | None = None


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
    department: str = ""
    lines: tuple[tuple[str, str], ...] = ()
    """Letter and name of each line served here."""
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
    buttons = {act: button_of(act, picture, at) for act in ACTS}
    primary = primary_of(picture)
    if primary in buttons:
        buttons[primary] = as_primary(buttons[primary])
    visitor = _visitor(picture, at)
    empty, hint = _empty(picture, at) if visitor is None else (None, None)
    word, tone = _state(picture, at)
    return Desk(
        stage=stage,
        counter=str(counter.get("counter", "")),
        department=str(counter.get("department", "")),
        lines=lists.lines_served(picture),
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


# what is seen --------------------------------------------------------------------------------------------------------


def _state(picture: dict[str, Any], at: Situation) -> tuple[Say, str]:
    """The capsule in the bar: word and tone."""
    if at.offline_since is not None:
        return say("desk.state.offline"), "amber"
    counter = counter_state(picture)
    state, _ = in_hand(picture)
    if counter == "paused":
        return say("desk.state.paused"), "amber"
    if counter == "closed":
        return say("desk.state.closed"), "grey"
    return say(f"desk.state.{state or 'free'}"), "green"


def _visitor(picture: dict[str, Any], at: Situation) -> Visitor | None:
    state, number = in_hand(picture)
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
        promised=_limit(service.get("promised"), ticket, at) if service else None,
        statutory=_limit(service.get("statutory"), ticket, at) if service else None,
    )


def _limit(days: str | None, ticket: dict[str, Any], at: Situation) -> Say:
    """A limit with its unit; the catalogue knows whether its days are working days."""
    if not days:
        return say("desk.days.none")
    if days == "0":
        return say("limits.on_the_spot")
    unit = at.day_units.get(str(ticket.get("service")), "working_day")
    return say("desk.days.day" if unit == "day" else "desk.days.working_day", n=days)


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


def _empty(picture: dict[str, Any], at: Situation) -> tuple[Say, Say]:
    """What the middle says with nobody at the counter, and what to do."""
    counter = picture.get("counter", {})
    state = counter_state(picture)
    if at.offline_since is not None:
        return say("desk.empty.offline"), say("lamp.todo.network")
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
    if at.barred:
        return say("desk.barred")
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
    number = str(picture.get("counter", {}).get("counter", ""))
    way = exits.get(f"counter:{number}") or exits.get(number)
    return say(f"evac.exit.{way}") if way in ("left", "right", "ahead", "back") else say("desk.evac.signs")


# the line at the foot ------------------------------------------------------------------------------------------------


def _undo_offer(picture: dict[str, Any], at: Situation) -> int | None:
    offer = picture.get("undo") or {}
    return offer.get("seq") if undo_refused(picture, at.now) is None else None


def _toast(picture: dict[str, Any], at: Situation) -> Toast | None:
    refusal = at.refusal
    if refusal is not None:
        race = refusal.code == "taken_elsewhere"
        shown = RACE_SHOWN_S if race or refusal.act not in _WITH_BUTTON else 0
        if at.tick - refusal.at < shown:
            return Toast(refusal_text(refusal), warning=True)
    if at.told is not None and at.tick - at.told[1] < TOLD_SHOWN_S:
        return Toast(at.told[0])
    if _undo_offer(picture, at) is None:
        return None
    offer = picture["undo"]
    return Toast(_undo_text(picture, offer), undo=at.offline_since is None, seconds=undo_left(offer, at.now))


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
