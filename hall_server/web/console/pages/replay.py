"""回放: any day on a time bar, one event forward and back, and why one ticket came before another (design.md 9)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from litestar import Response, get

from hall_protocol.refusals import Refused

from ....core.stamp import instant
from ....history.past import Past
from ....history.why import Explanation, Step, why
from ...house import House, HttpRequest
from ...public.words import Speech
from ..past import Then, checked, then_of
from ..records import aside
from .frame import BASE, page, speech_of

WEEK = timedelta(days=7)


@get(f"{BASE}/replay", include_in_schema=False)
async def replay(
    request: HttpRequest, day: str = "", seq: int | None = None, ticket: str = "", before: str = ""
) -> Response[str]:
    """A day, the hall at one of its rows, and the answer to one question."""
    house: House = request.app.state.house
    speech = speech_of(request)
    today = house.engine.hall.date_of(house.engine.clock.now())
    chosen_day = checked(day or today)
    first, last, then = await aside(at_row, house, chosen_day, seq)
    told = None
    if ticket and before and then is not None:
        told = await aside(asked_why, house, chosen_day, ticket.upper()[:12], before.upper()[:12])
    shown = date.fromisoformat(chosen_day)
    week_ago = (shown - WEEK if shown - date.min > WEEK else shown).isoformat()
    return page(
        request, "replay.html", tab="replay", title=speech.say("console.tab.replay"), day=chosen_day, today=today,
        known=then is not None, first=first, last=last, chosen=first - 1 if then is None else then.seq,
        then=None if then is None else then_words(speech, then, event=""), ticket=ticket, before=before,
        why=None if told is None else why_words(speech, told), before_day=week_ago,
    )  # fmt: skip


@get(f"{BASE}/replay/then", include_in_schema=False)
async def replay_then(request: HttpRequest, day: str, seq: int) -> Response[str]:
    """The hall at one row."""
    house: House = request.app.state.house
    _, _, then = await aside(at_row, house, checked(day), seq)
    if then is None:
        raise Refused("unknown_day")
    speech = speech_of(request)
    rows = house.engine.journal.read_these([seq])
    event = event_words(speech, rows[0].type) if rows else ""
    return page(request, "replay_then.html", then=then_words(speech, then, event=event))


def at_row(house: House, day: str, seq: int | None) -> tuple[int, int, Then | None]:
    """First and last row of the day, and the hall then; None for a day without rows. On a thread of its own."""
    with Past(house.data) as past:
        span = past.span(day)
        if span is None:
            return 1, 0, None
        chosen = span.last if seq is None else min(max(seq, span.first - 1), span.last)
        return span.first, span.last, then_of(past.hall_after(chosen))


def asked_why(house: House, day: str, ticket: str, before: str) -> Explanation | None:
    """The explanation, or None when that day knows no such number. On a thread of its own."""
    with Past(house.data) as past:
        try:
            return why(past, day=day, ticket=ticket, before=before)
        except Refused:
            return None


def event_words(speech: Speech, name: str) -> str:
    """An event in the reader's words, or its own name."""
    key = f"event.{name}"
    return speech.say(key) if speech.knows(key) else name


def then_words(speech: Speech, then: Then, *, event: str) -> dict[str, Any]:
    """The hall at a row, in words."""
    now = instant(then.at)

    def minutes(moment: str | None) -> str:
        return "" if moment is None else speech.say("console.n_minutes", n=(now - instant(moment)) // 60_000)

    return {
        "seq": then.seq,
        "clock": then.at[11:19],
        "event": event,
        "settings": then.settings,
        "lines": [
            {
                "letter": name, "name": line.name, "waiting": line.waiting, "next": " ".join(line.next),
                "since": minutes(line.longest_since),
            }
            for name, line in then.lines.items()
        ],
        "counters": [
            {
                "counter": number, "state": one.state, "words": one.number or speech.say(f"counter.state.{one.state}"),
                "since": minutes(one.called_at) if one.number else "",
            }
            for number, one in then.counters.items()
        ],
    }  # fmt: skip


def why_words(speech: Speech, told: Explanation) -> dict[str, Any]:
    """The explanation as sentences: what was, by which rule, and the rows it rests on."""
    values = {"ticket": told.ticket, "before": told.before, "counter": told.counter or "", **told.values}
    for name in ("from", "other_from", "at", "other_at"):
        if name in values:
            values[name] = values[name][11:19]
    if "class" in values:
        values["class"] = speech.say(f"report.code.priority_class.{values['class']}")
    if "state" in values:
        values["state"] = speech.say(f"ticket.state.{values['state']}")
    values["group"] = values.pop("class", "")
    rule = "" if told.settings is None else speech.say(
        "console.why.rule", n=told.rule.get("head_start_min", 0), version=told.settings
    )  # fmt: skip
    return {
        "sentence": speech.say(f"explain.{told.answer}", **values),
        "rule": rule,
        "events": [{"at": one.at[11:19], "words": step_words(speech, one), "seq": one.seq} for one in told.events],
    }


def step_words(speech: Speech, one: Step) -> str:
    """One row about one of the two tickets."""
    words = f"{one.number} {event_words(speech, one.type)}"
    if one.counter:
        words += f" · {speech.say('console.at_counter', n=one.counter)}"
    key = f"report.code.priority_class.{one.reason_code}"
    return f"{words} · {speech.say(key)}" if one.reason_code and speech.knows(key) else words


ROUTES = (replay, replay_then)
