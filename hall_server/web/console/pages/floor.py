"""现场: the hall in one look, what to do about it, notices, evacuation (design.md 9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from litestar import Response, get, post
from litestar.response import Redirect

from hall_protocol.pictures.manager import ManagerPicture
from hall_protocol.pictures.wall import Alert, WallCounter, WallLine
from hall_protocol.refusals import Refused

from ....core.pictures.manager import manager_picture
from ....core.places import notice
from ....core.stamp import instant, text
from ....trust.roles import PAGES
from ...house import House, HttpRequest
from ...public.words import Speech, wait_words
from .frame import BASE, HEADERS, TABS, act, form_of, page, speech_of

LONG_MIN = 45
HOUR_MS = 3_600_000
ACT_OF = {"long_wait": "counters", "queue_long": "counters",
         "alarm_not_sent": "settings", "card_yellow": "limits", "card_red": "limits", "cards_more": "limits",
          "calendar_missing": "settings"}  # fmt: skip
"""Code of an alert → the page where something is done about it; devices go to theirs."""


@dataclass(frozen=True)
class Tile:
    """One figure, where it leads, and its light."""

    name: str
    value: str
    note: str
    link: str
    light: str = ""


@get(BASE, include_in_schema=False)
async def home(request: HttpRequest) -> Response[Any]:
    """The first page this account may see."""
    role = request.app.state.house.caller(request).role
    first = next(path for tab in (*TABS, "people") if role in PAGES.get(("GET", path := f"{BASE}/{tab}"), frozenset()))
    return Redirect(first, status_code=303, headers=HEADERS)


@get(f"{BASE}/floor", include_in_schema=False)
async def floor(request: HttpRequest) -> Response[str]:
    """The whole page."""
    house: House = request.app.state.house
    speech, picture = speech_of(request), seen(house)
    hall = house.engine.hall
    notices = [
        {
            "id": one.id,
            "words": one.text.get(speech.language) or next(iter(one.text.values())),
            "span": f"{speech.clock(one.from_)}–{speech.clock(one.to)}",
        }
        for one in picture.notices
    ]
    answer = page(
        request, "floor.html", tab="floor", title=speech.say("console.tab.floor"), notices=notices,
        evacuation=picture.evacuation, may_act=house.caller(request).role == "manager",
        screens=list(hall.settings.screens) or ["main"], **parts(house, picture, speech),
    )  # fmt: skip
    await house.engine.settled()
    return answer


@get(f"{BASE}/floor/now", include_in_schema=False)
async def floor_now(request: HttpRequest) -> Response[str]:
    """The part that moves."""
    house: House = request.app.state.house
    answer = page(request, "floor_now.html", **parts(house, seen(house), speech_of(request)))
    await house.engine.settled()
    return answer


def seen(house: House) -> ManagerPicture:
    """The managers' picture now."""
    hall = house.engine.hall
    return manager_picture(hall, house.eyes.sight(hall))


def parts(house: House, picture: ManagerPicture, speech: Speech) -> dict[str, Any]:
    """Tiles, lines, counters and the list of what to do, in words."""
    now = house.engine.clock.now()
    return {
        "tiles": tiles(house, picture, speech, now),
        "lines": [line_row(speech, name, line, now, house) for name, line in picture.lines.items()],
        "counters": [counter_row(speech, number, one, now) for number, one in picture.counters.items()],
        "todo": [todo_row(speech, one) for one in picture.alerts],
    }


def tiles(house: House, picture: ManagerPicture, speech: Speech, now: int) -> list[Tile]:
    """The figures over everything."""
    figures = picture.figures
    longest = None if figures.longest_since is None else (now - instant(figures.longest_since)) // 60_000
    held = [line.coverage_percent for line in picture.lines.values() if line.coverage_percent is not None]
    journal = f"{BASE}/replay"
    storage = picture.stale_since is None
    return [
        Tile(
            speech.say("console.tile.waiting"), speech.say("console.n_people", n=figures.waiting), "", f"{BASE}/replay"
        ),
        Tile(
            speech.say("console.tile.longest"),
            "—" if longest is None else speech.say("console.n_minutes", n=longest),
            "",
            f"{BASE}/counters",
            "yellow" if longest is not None and longest > LONG_MIN else "",
        ),
        Tile(speech.say("console.tile.open"), f"{figures.open_counters} / {figures.counters}", "", f"{BASE}/counters"),
        Tile(
            speech.say("console.tile.done"),
            speech.say("console.n_people", n=figures.done_today),
            speech.say("console.tile.issued", n=figures.issued_today),
            f"{BASE}/bulletin",
        ),
        Tile(
            speech.say("console.tile.held"),
            "—" if not held else f"{sum(held) // len(held)} %",
            speech.say("console.tile.held_target"),
            f"{BASE}/bulletin",
        ),
        Tile(
            speech.say("console.tile.journal"),
            speech.say("console.tile.whole" if storage else "console.tile.broken"),
            speech.say("console.tile.upto", n=f"{picture.head_seq:,}"),
            journal,
            "green" if storage else "red",
        ),
    ]


def line_row(speech: Speech, name: str, line: WallLine, now: int, house: House) -> dict[str, Any]:
    """One line: people, the longest wait, the range."""
    waiting = house.engine.hall.waiting.get(name)
    oldest = min((house.engine.hall.tickets[t].issued for t in waiting.ids), default=None) if waiting else None
    minutes = None if oldest is None else (now - oldest) // 60_000
    wait = wait_words(
        speech, line.estimate, ahead=line.waiting, counters_open=line.open_counters, free=line.counter_free,
        now=text(now, house.engine.hall.zone),
    ) if line.estimate is None or line.waiting == 0 else None  # fmt: skip
    short = wait.short if wait else range_words(speech, line)
    return {
        "letter": name,
        "name": line.name,
        "waiting": line.waiting,
        "longest": "—" if minutes is None else speech.say("console.n_minutes", n=minutes),
        "wait": short,
        "light": "yellow" if minutes is not None and minutes > LONG_MIN else "",
    }


def range_words(speech: Speech, line: WallLine) -> str:
    """The range of a wait without its bar."""
    assert line.estimate is not None
    low, high = line.estimate.p10_s // 60, -(-line.estimate.p90_s // 60)
    return speech.say("wait.about", n=max(1, high)) if high - low < 3 else speech.say("wait.short", a=low, b=high)


def counter_row(speech: Speech, number: str, one: WallCounter, now: int) -> dict[str, Any]:
    """One counter: the ticket in hand, or what it does instead."""
    minutes = None if one.called_at is None else (now - instant(one.called_at)) // 60_000
    words = one.number or speech.say(f"counter.state.{one.state}")
    return {
        "counter": number,
        "words": words,
        "state": one.state,
        "since": "" if minutes is None or one.number is None else speech.say("console.n_minutes", n=minutes),
        "long": one.number is not None and minutes is not None and minutes >= 20,
    }


def todo_row(speech: Speech, one: Alert) -> dict[str, Any]:
    """One thing to do: what, since when, how, and where."""
    where = ACT_OF.get(one.code) or ("devices" if one.id.startswith("device/") else "")
    line = f"?line={quote(one.values['line'])}" if one.code in ("long_wait", "queue_long") else ""
    return {
        "level": one.level,
        "what": speech.say(f"alert.{one.code}", **one.values),
        "since": speech.clock(one.since) if one.since else "",
        "act": speech.say(f"alert.{one.code}_act", **one.values),
        "link": f"{BASE}/{where}{line}" if where else "",
        "verb": speech.say(f"console.verb.{where}") if where else "",
    }


# ---------------------------------------------------------------- acts


@post(f"{BASE}/floor/notices", include_in_schema=False, status_code=303)
async def post_notice(request: HttpRequest) -> Response[Any]:
    """A notice from now on, for so many hours."""
    house: House = request.app.state.house
    fields = await form_of(request)
    texts = {name[5:]: words[:200] for name, words in fields.items() if name.startswith("text-") and words}
    hours = fields.get("hours", "")
    if not texts or not hours.isdigit() or not 1 <= int(hours) <= 240:
        raise Refused("bad_request", why="hours" if texts else "text")
    start = house.engine.clock.now()
    command = notice.PostNotice(text=texts, start=start, end=start + int(hours) * HOUR_MS, zones=())
    return await act(request, fields, command, back=f"{BASE}/floor", said="posted")


@post(f"{BASE}/floor/notices/{{id:str}}/remove", include_in_schema=False, status_code=303)
async def remove_notice(request: HttpRequest, id: str) -> Response[Any]:
    """Before its end."""
    fields = await form_of(request)
    return await act(request, fields, notice.RemoveNotice(notice=id), back=f"{BASE}/floor", said="taken_down")


@post(f"{BASE}/floor/evacuation", include_in_schema=False, status_code=303)
async def evacuate(request: HttpRequest) -> Response[Any]:
    """The second step: every picture is replaced at once."""
    fields = await form_of(request)
    exits = {name[5:]: way for name, way in fields.items() if name.startswith("exit-")}
    if any(way not in ("left", "right", "ahead", "back") for way in exits.values()):
        raise Refused("bad_request", why="exits")
    return await act(request, fields, notice.StartEvacuation(exits=exits), back=f"{BASE}/floor", said="evacuating")


@post(f"{BASE}/floor/evacuation/end", include_in_schema=False, status_code=303)
async def end_evacuation(request: HttpRequest) -> Response[Any]:
    """Every picture is back."""
    fields = await form_of(request)
    return await act(request, fields, notice.EndEvacuation(), back=f"{BASE}/floor", said="evacuation_over")


ROUTES = (home, floor, floor_now, post_notice, remove_notice, evacuate, end_evacuation)
