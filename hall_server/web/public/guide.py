"""Guides, open to anyone: what can be done here, by department, and one item whole (domain.md A1b, A10a).

The texts are the catalogue's own, as kiosk, wall and counter show them; an item that is not in use is not here either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, get

from hall_protocol.pictures.catalogue import ServiceEntry
from hall_protocol.refusals import Refused

from ...core.hall import Hall
from ...core.pictures.catalogue import line_entry, service_entry
from ...core.pictures.sight import Sight
from ...core.pictures.wall import line_row
from ...core.places.catalogue import Service
from ...core.stamp import text
from ..house import House, HttpRequest
from .open_page import open_page, page_asked, speech_of
from .words import Speech, wait_words

ROWS = 40
ASKED_MOST = 40


@dataclass(frozen=True)
class ItemRow:
    """One item in a list."""

    service: str
    name: str
    short: str
    limit: str
    """What is promised, in words."""


@dataclass(frozen=True)
class Limits:
    """Both limits of an item and its fee, always together."""

    promised: str
    statutory: str
    fee: str


def days_words(speech: Speech, days: int, unit: str) -> str:
    """`20 个工作日`."""
    return f"{days} {speech.say('limits.unit_day' if unit == 'day' else 'limits.unit_working_day')}"


def limits_of(entry: ServiceEntry, speech: Speech) -> Limits:
    """The words the kiosk has for the same numbers."""
    promised, statutory = entry.promised_days, entry.statutory_days
    return Limits(
        promised=days_words(speech, promised, entry.day_unit) if promised else speech.say("limits.on_the_spot"),
        statutory=days_words(speech, statutory, entry.day_unit) if statutory else speech.say("limits.none"),
        fee=speech.say("fee.some") + " · " + speech.say("fee.ask") if entry.fee else speech.say("fee.none"),
    )


def offered(hall: Hall) -> list[Service]:
    """What may be had, as `GET /catalogue` has it."""
    return [s for s in hall.services.values() if s.state == "in_use" and s.line in hall.lines]


def row_of(service: Service, speech: Speech) -> ItemRow:
    """An item in a list."""
    entry = service_entry(service, lambda _: "")
    return ItemRow(entry.service, entry.name, entry.short_name, limits_of(entry, speech).promised)


@get("/", include_in_schema=False)
async def show_home(request: HttpRequest) -> Response[str]:
    """What there is to read, and every department."""
    house: House = request.app.state.house
    hall, speech = house.engine.hall, speech_of(request)
    counted: dict[str, int] = {}
    for service in offered(hall):
        counted[service.department] = counted.get(service.department, 0) + 1
    answer = open_page(
        request, "guide_home.html", speech, title=speech.say("public.title"), departments=sorted(counted.items()),
        phone=hall.settings.hall.complaint_phone,
    )  # fmt: skip
    await house.engine.settled()
    return answer


@get("/items", include_in_schema=False)
async def show_items(request: HttpRequest) -> Response[str]:
    """The items of a department, or those whose name has a word in it."""
    house: House = request.app.state.house
    hall, speech = house.engine.hall, speech_of(request)
    department, asked = request.query_params.get("department", ""), request.query_params.get("q", "").strip()
    asked = asked[:ASKED_MOST]
    found = [s for s in offered(hall) if not department or s.department == department]
    if asked:
        found = [s for s in found if any(asked.casefold() in n.casefold() for n in (s.name, s.short_name, *s.aliases))]
    pages = max(1, -(-len(found) // ROWS))
    at = min(page_asked(request), pages)
    title = department or speech.say("public.items")
    answer = open_page(
        request, "guide_items.html", speech, title=title, place="items", asked=asked, count=len(found),
        rows=[row_of(s, speech) for s in found[(at - 1) * ROWS : at * ROWS]], at=at, pages=pages,
    )  # fmt: skip
    await house.engine.settled()
    return answer


@get("/item/{service:str}", include_in_schema=False)
async def show_item(request: HttpRequest, service: str) -> Response[str]:
    """One item's guide."""
    house: House = request.app.state.house
    hall, speech = house.engine.hall, speech_of(request)
    known = hall.services.get(service)
    if known is None or known.state != "in_use" or known.line not in hall.lines:
        raise Refused("unknown_service")
    entry = service_entry(known, lambda _: "")
    answer = open_page(
        request, "guide_item.html", speech, title=entry.name, place=f"item/{service}", item=entry,
        limits=limits_of(entry, speech), crumb=crumb(entry, speech), documents=documents_title(entry, speech),
        steps=[step_words(step, entry.day_unit, speech) for step in entry.steps],
        where=where_of(hall, entry, speech), **waiting_of(house, hall, entry.line, speech),
    )  # fmt: skip
    await house.engine.settled()
    return answer


def crumb(entry: ServiceEntry, speech: Speech) -> str:
    """Department, kind and way of handling."""
    parts = [entry.department]
    parts += [speech.say(k) for k in (f"kind.{entry.kind}", f"item.{entry.handling}") if speech.knows(k)]
    return " · ".join(p for p in parts if p)


def documents_title(entry: ServiceEntry, speech: Speech) -> str:
    """How many documents are needed."""
    n = len(entry.materials)
    if n == 1:
        return speech.say("docs.one")
    return speech.say("docs.title", n=n) if n else speech.say("docs.none")


def step_words(step: Any, unit: str, speech: Speech) -> tuple[str, str]:
    """A step's name, and whether its time counts."""
    counts = speech.say("public.step_counts" if step.counts else "public.step_stops")
    own = speech.say("public.step_limit", days=days_words(speech, step.days, unit)) + " · " if step.days else ""
    return step.name, own + counts


def where_of(hall: Hall, entry: ServiceEntry, speech: Speech) -> str:
    """Counters, place and hours of its line."""
    line = line_entry(hall, hall.lines[entry.line])
    counters = speech.say("detail.counters", counters=speech.listed(line.counters)) if line.counters else ""
    hours = speech.listed([f"{a}–{b}" for a, b in line.hours])
    return " · ".join(part for part in (line.place, counters, hours) if part)


def waiting_of(house: House, hall: Hall, line: str, speech: Speech) -> dict[str, Any]:
    """How the line stands now, for somebody who would take a ticket."""
    sight = house.eyes.sight(hall)
    told = wait_of(hall, sight, line, speech)
    return {"line": line, "line_name": hall.lines[line].name, **told}


def wait_of(hall: Hall, sight: Sight, line: str, speech: Speech) -> dict[str, Any]:
    """People ahead and the range, or why there is none."""
    row = line_row(hall, sight, line)
    wait = wait_words(
        speech, row.estimate, ahead=row.waiting, counters_open=row.open_counters, free=row.counter_free,
        now=text(sight.now, hall.zone),
    )  # fmt: skip
    state = row.state
    if state != "open":
        opens = row.opens_at
        key = "public.line_quota" if state == "quota_reached" else "public.line_closed"
        shut = speech.say(key)
        if opens:
            shut += " · " + speech.say("public.opens", d=speech.date(opens), time=speech.clock(opens))
        return {"people": "—" if not row.waiting else str(row.waiting), "wait": "—", "why": shut, "open": False}
    return {"people": str(row.waiting), "wait": wait.short, "why": wait.why or "", "open": True}


ROUTES = (show_home, show_items, show_item)
