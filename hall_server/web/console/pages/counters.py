"""窗口: who serves what where, what a counter serves from now on, a word to one of them (design.md 9)."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from litestar import Response, get, post

from hall_protocol.refusals import Refused

from ....core.hall import Hall
from ....core.people import message
from ....core.people.counter import Counter
from ....core.places import config
from ....core.registry import Event
from ....personal.vault import Visitor
from ...house import House, HttpRequest
from ...public.words import Speech
from .frame import BASE, FIELD, act, form_of, go, page, speech_of

HERE: Final = f"{BASE}/counters"
WORDS_MOST: Final = 200
TICKED: Final = "serves-"
"""In front of a line's name: the box of that line."""
JOINT: Final = ","
READINESS: Final = {"open": 0, "paused": 1, "closed": 2}


@get(HERE, include_in_schema=False)
async def show_counters(request: HttpRequest, line: str = "") -> Response[str]:
    """All of them; with `line` first of all where a further line could be opened."""
    house: House = request.app.state.house
    hall, speech = house.engine.hall, speech_of(request)
    wanted = hall.lines.get(line)
    answer = page(
        request, "counters.html", tab="counters", title=speech.say("console.tab.counters"), rows=rows_of(house, speech),
        line=None if wanted is None else {"letter": line, "name": wanted.name},
        helpers=[] if wanted is None else helpers(hall, speech, line), may_act=may_act(house, request),
    )  # fmt: skip
    await house.engine.settled()
    return answer


@get(f"{HERE}/now", include_in_schema=False)
async def counters_now(request: HttpRequest) -> Response[str]:
    """The part that moves."""
    house: House = request.app.state.house
    answer = page(request, "counters_now.html", rows=rows_of(house, speech_of(request)))
    await house.engine.settled()
    return answer


def may_act(house: House, request: HttpRequest) -> bool:
    """Auditors look, managers act."""
    return house.caller(request).role == "manager"


def in_use(hall: Hall) -> list[Counter]:
    """Counters of the hall in the order of their numbers."""
    return sorted((c for c in hall.counters.values() if not c.retired), key=lambda c: (len(c.counter), c.counter))


def rows_of(house: House, speech: Speech) -> list[dict[str, Any]]:
    """Every counter in words."""
    hall, now = house.engine.hall, house.engine.clock.now()
    return [row_of(hall, speech, one, now) for one in in_use(hall)]


def row_of(hall: Hall, speech: Speech, one: Counter, now: int) -> dict[str, Any]:
    """One counter: what it does, with whom, since when, and which lines it serves."""
    ticket = hall.tickets.get(one.ticket or "")
    minutes = (now - one.since) // 60_000 if one.since else None
    return {
        "counter": one.counter,
        "department": one.department,
        "state": one.state,
        "state_words": speech.say(f"counter.state.{one.state}"),
        "clerk": one.clerk or "—",
        "ticket": "—" if ticket is None else ticket.number,
        "since": "—" if minutes is None else speech.say("console.n_minutes", n=minutes),
        "lines": lines_of(hall, one),
    }


def lines_of(hall: Hall, one: Counter) -> list[dict[str, str]]:
    """What it serves, by letter and name."""
    return [{"letter": name, "name": hall.lines[name].name} for name in one.lines if name in hall.lines]


def helpers(hall: Hall, speech: Speech, line: str) -> list[dict[str, str]]:
    """Counters that do not serve the line yet: open ones without a visitor first."""
    able = [one for one in in_use(hall) if line not in one.lines]
    able.sort(key=lambda one: (READINESS.get(one.state, 3), one.ticket is not None))
    return [
        {
            "counter": one.counter,
            "department": one.department,
            "state_words": speech.say(f"counter.state.{one.state}"),
            "busy": "" if one.ticket is None else hall.tickets[one.ticket].number,
            "were": JOINT.join(one.lines),
        }
        for one in able
    ]


@get(f"{HERE}/{{n:str}}", include_in_schema=False)
async def show_counter(request: HttpRequest, n: str) -> Response[str]:
    """One counter with its boxes and its messages."""
    house: House = request.app.state.house
    hall, speech = house.engine.hall, speech_of(request)
    one = counter_named(hall, n)
    answer = page(
        request, "counter.html", tab="counters", title=speech.say("console.counter_n", n=n),
        row=row_of(hall, speech, one, house.engine.clock.now()), were=JOINT.join(one.lines),
        boxes=[
            {"name": f"{TICKED}{name}", "letter": name, "words": line.name, "ticked": name in one.lines}
            for name, line in sorted(hall.lines.items())
        ],
        may_act=may_act(house, request),
    )  # fmt: skip
    await house.engine.settled()
    return answer


def counter_named(hall: Hall, n: str) -> Counter:
    """A counter of the hall."""
    known = hall.counters.get(n)
    if known is None or known.retired:
        raise Refused("unknown_counter")
    return known


# ---------------------------------------------------------------- acts


@post(f"{HERE}/{{n:str}}/lines", include_in_schema=False, status_code=303)
async def change_lines(request: HttpRequest, n: str) -> Response[Any]:
    """What it serves from now on; whoever changed it meanwhile is not overwritten."""
    house: House = request.app.state.house
    fields, one = await form_of(request), counter_named(house.engine.hall, n)
    ticked = {name.removeprefix(TICKED) for name in fields if name.startswith(TICKED)}
    kept = [line for line in one.lines if line in ticked]
    lines = (*kept, *sorted(ticked.difference(kept)))
    return await serve(request, fields, one, lines, back=f"{HERE}/{n}")


@post(f"{HERE}/{{n:str}}/further", include_in_schema=False, status_code=303)
async def open_further(request: HttpRequest, n: str) -> Response[Any]:
    """A further line in one press, from the list of what to do."""
    house: House = request.app.state.house
    fields, one = await form_of(request), counter_named(house.engine.hall, n)
    lines = tuple(dict.fromkeys((*one.lines, fields.get("line", ""))))
    return await serve(request, fields, one, lines, back=HERE)


async def serve(
    request: HttpRequest, fields: dict[str, str], one: Counter, lines: tuple[str, ...], *, back: str
) -> Response[Any]:
    """Takes the new lines when the old ones are still those the form was made from, or it is the same form again."""
    same = JOINT.join(one.lines) in (fields.get("were"), JOINT.join(lines))
    if not same:
        raise Refused("changed_meanwhile")
    command = config.SetCounterLines(counter=one.counter, lines=lines)
    return await act(request, fields, command, back=back, said="lines_changed")


@post(f"{HERE}/{{n:str}}/message", include_in_schema=False, status_code=303)
async def send_message(request: HttpRequest, n: str) -> Response[Any]:
    """A word to that counter alone. It may name somebody, so it is kept where it can be forgotten."""
    house: House = request.app.state.house
    fields = await form_of(request)
    words = fields.get("words", "")
    if not 1 <= len(words) <= WORDS_MOST:
        raise Refused("bad_request", why="words")

    def view(hall: Hall, events: list[Event]) -> str:
        event = events[0]
        assert isinstance(event, message.MessageSent)
        house.words[event.message] = words
        return event.message

    told = await house.act(request, message.SendMessage(counter=n), view, key=fields.get(FIELD, ""))
    await house.keep(msgspec.json.decode(told.content), Visitor(text=words))
    return go(f"{HERE}/{n}", said="message_sent")


ROUTES = (show_counters, counters_now, show_counter, change_lines, open_further, send_message)
