"""The lists beside the visitor: who is next and why, who waits, who is on hold, who was missed, what is to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from .moments import clock, minutes_since, moment
from .saying import Say, plain, say

ROWS_MAX = 30
"""As many of the queue as the picture carries."""
TAGGED_WHY = frozenset({"appointment", "returned", "reinstated", "transferred"})


@dataclass(frozen=True)
class NextCard:
    """Who call-next would give now."""

    number: str
    service: str
    waited: Say
    why: Say


@dataclass(frozen=True)
class Row:
    """One ticket of a list. `tag` stands on a tinted ground when `tagged`."""

    id: str
    number: str
    title: Say | str
    tag: Say
    tagged: bool
    right: Say
    next: bool = False


@dataclass(frozen=True)
class Note:
    """One thing to know: a notice, a manager's message, whether the last visitor rated."""

    id: str
    tone: Literal["info", "good", "warning"]
    title: Say
    detail: Say | None
    time: str


def lines_served(picture: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Letter and name of each line this counter serves."""
    names = {line.get("line"): str(line.get("name", "")) for line in picture.get("lines", ())}
    return tuple((str(line), names.get(line) or str(line)) for line in picture.get("counter", {}).get("lines", ()))


def next_card(picture: dict[str, Any], *, now: datetime) -> NextCard | None:
    """The next one with the sentence of the server's reason code."""
    upcoming = picture.get("next")
    if not upcoming:
        return None
    entry = upcoming["entry"]
    return NextCard(
        number=str(entry.get("number", "")),
        service=str(entry.get("service_name", "")),
        waited=_waited(entry, now=now),
        why=_why(picture, upcoming),
    )


def _why(picture: dict[str, Any], upcoming: dict[str, Any]) -> Say:
    code, values = str(upcoming.get("reason_code", "")), upcoming.get("values") or {}
    if code == "priority":
        klass = values.get("class") or upcoming["entry"].get("priority_class", "ordinary")
        minutes = values.get("minutes") or picture.get("hall", {}).get("head_start_min", 0)
        return say("why.priority", **{"class": say(f"desk.class.{klass}"), "n": minutes})
    if code == "appointment":
        return say("why.appointment", time=_time_of_day(str(values.get("time") or "—")))
    if code == "returned":
        return say("desk.tag.returned")
    if code == "reinstated":
        return say("why.returned")
    if code == "transferred":
        return say("desk.tag.transferred")
    return say("why.cap") if code == "cap" else say("why.first")


def _time_of_day(text: str) -> str:
    return clock(text) if moment(text) else text


def queue(picture: dict[str, Any], *, now: datetime) -> tuple[Row, ...]:
    """The waiting ones in calling order."""
    upcoming = ((picture.get("next") or {}).get("entry") or {}).get("number")
    return tuple(
        _row(entry, right=_minutes(entry.get("issued_at"), now=now), upcoming=upcoming)
        for entry in picture.get("queue", ())[:ROWS_MAX]
    )


def parked(picture: dict[str, Any], *, now: datetime) -> tuple[Row, ...]:
    """The ones on hold here: why, and until when their place is kept."""
    return tuple(_parked_row(entry, now=now) for entry in picture.get("parked", ()))


def _parked_row(entry: dict[str, Any], *, now: datetime) -> Row:
    until = entry.get("parked_until")
    waited = _minutes(entry.get("issued_at"), now=now)
    return Row(
        id=str(entry["id"]),
        number=str(entry["number"]),
        title=reason(entry["park_reason"], kind="park") if entry.get("park_reason") else str(entry["service_name"]),
        tag=say("desk.parked.until", time=clock(until)) if until else waited,
        tagged=False,
        right=plain(""),
    )


def missed(picture: dict[str, Any], *, now: datetime) -> tuple[Row, ...]:
    """Those called in vain who may still come back today."""
    return tuple(
        _row(entry, right=_minutes(entry.get("issued_at"), now=now), upcoming=None)
        for entry in picture.get("missed", ())
    )


def _row(entry: dict[str, Any], *, right: Say, upcoming: str | None) -> Row:
    klass, code = entry.get("priority_class", "ordinary"), entry.get("reason_code")
    if entry.get("on_my_way"):
        tag, tagged = say("desk.tag.on_my_way"), True
    elif code in TAGGED_WHY:
        tag, tagged = say(f"desk.tag.{code}"), True
    else:
        tag, tagged = say(f"desk.class.{klass}"), klass != "ordinary"
    return Row(
        id=str(entry["id"]),
        number=str(entry["number"]),
        title=str(entry.get("service_name", "")),
        tag=tag,
        tagged=tagged,
        right=right,
        next=entry["number"] == upcoming,
    )


def _minutes(since: str | None, *, now: datetime) -> Say:
    minutes = minutes_since(since, now=now)
    return plain("—") if minutes is None else say("desk.minutes", n=minutes)


def _waited(entry: dict[str, Any], *, now: datetime) -> Say:
    minutes = minutes_since(entry.get("issued_at"), now=now)
    return say("desk.waited", n="—" if minutes is None else minutes)


def longest(picture: dict[str, Any], *, now: datetime) -> Say | None:
    """How long the longest waiting has waited; None when nobody waits or it is unknown."""
    minutes = minutes_since(picture.get("longest_since"), now=now)
    return None if minutes is None else say("desk.longest", n=minutes)


def reason(code: str | None, *, kind: Literal["pause", "park"]) -> Say:
    """A reason's word: those of the hall's list have a translation, any other is shown as it was given."""
    if not code:
        return plain("—")
    known = PAUSE_WORDS if kind == "pause" else PARK_WORDS
    return say(f"desk.{kind}.{code}") if code in known else plain(str(code))


PAUSE_WORDS = frozenset({"fetch_documents", "printer_fault", "system_fault", "meal", "handover", "other"})
PARK_WORDS = frozenset({"fetch_original", "copy", "photo", "pay", "fill_form", "other"})


def notes(picture: dict[str, Any], *, language: str = "zh-Hans") -> tuple[Note, ...]:
    """Manager's messages, the hall's notices and whether the last visitor rated, newest first."""
    found: list[tuple[str, Note]] = []
    for message in picture.get("messages", ()):
        note = Note(f"message:{message['id']}", "warning", plain(str(message["text"])), say("desk.note.manager"), "")
        found.append((str(message.get("at", "")), note))
    for notice in picture.get("notices", ()):
        text = _in_language(notice.get("text", {}), language)
        found.append((str(notice.get("from", "")), Note(f"notice:{notice['id']}", "info", plain(text), None, "")))
    rated = _rated(picture.get("rating"))
    if rated:
        found.append((str(picture["rating"].get("finished_at", "")), rated))
    found.sort(key=lambda pair: pair[0], reverse=True)
    return tuple(Note(n.id, n.tone, n.title, n.detail, clock(at)) for at, n in found)


def _rated(rating: dict[str, Any] | None) -> Note | None:
    if not rating or rating.get("state") not in ("open", "rated", "unrated"):
        return None
    state, number = rating["state"], rating.get("number", "")
    detail = say("desk.rating.hidden") if state == "rated" else None
    tone: Literal["info", "good"] = "good" if state == "rated" else "info"
    return Note(f"rating:{number}", tone, say(f"desk.rating.{state}", number=number), detail, "")


def _in_language(texts: dict[str, str], language: str) -> str:
    """A notice in the language in use, else in the first one it has."""
    return texts.get(language) or next(iter(texts.values()), "")
