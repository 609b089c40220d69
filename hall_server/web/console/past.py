"""The past through the doors: the hall at any row of a day, and why one ticket came before another."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import Response, get
from litestar.datastructures import State
from litestar.params import Parameter

from hall_protocol.ids import Number
from hall_protocol.pictures.wall import Figures, WallCounter
from hall_protocol.refusals import Refused

from ...core.hall import Hall
from ...core.pictures.wall import counter_rows, figures
from ...core.stamp import text
from ...history.past import Past
from ...history.why import LINES_OF_A_STORY, Explanation, why
from ..device.tickets import answers, house_of
from ..house import HttpRequest
from .records import aside

SHOWN = LINES_OF_A_STORY | {
    "service_finished", "counter_opened", "counter_paused", "counter_closed", "rating_requested", "config_changed",
    "notice_posted", "help_requested", "evacuation_started", "evacuation_ended", "case_received", "case_decided",
    "card_raised", "inquiry_opened", "inquiry_answered", "day_ended",
}  # fmt: skip
"""What the time bar has a mark for."""


class Mark(msgspec.Struct, array_like=True):
    """One row on the time bar: seq, instant, type, number, line, counter."""

    seq: int
    at: str
    type: str
    number: str | None
    line: str | None
    counter: str | None


class LineThen(msgspec.Struct):
    """One line as it stood: the numbers waiting in calling order."""

    name: str
    waiting: int
    next: list[str]
    longest_since: str | None


class Then(msgspec.Struct):
    """The hall as it was after a row."""

    seq: int
    at: str
    lines: dict[str, LineThen]
    counters: dict[str, WallCounter]
    figures: Figures
    settings: str


class Day(msgspec.Struct):
    """One day: its rows for the time bar, and the hall at one of them."""

    day: str
    first: int
    last: int
    events: list[Mark]
    then: Then


NEXT_SHOWN = 12
Row = Annotated[int | None, Parameter(ge=0, le=2**63 - 1)]
Day_ = Annotated[str, Parameter(pattern=r"^\d{4}-\d{2}-\d{2}$")]


@get("/replay", responses=answers(200, Day, "The day"), summary="The hall as it was")
async def replay(
    request: HttpRequest, state: State, day: Day_, seq: Row = None, events: bool = True
) -> Response[bytes]:
    """The rows of a day, and the hall after row `seq`, or as the day began. `events=false` leaves the rows out."""
    house = house_of(state)
    found = await aside(_day, house.data, checked(day), seq, events)
    return house.response(200, msgspec.json.encode(found))


def checked(day: str) -> str:
    """A day of the calendar."""
    try:
        date.fromisoformat(day)
    except ValueError as error:
        raise Refused("bad_request", why="day") from error
    return day


def _day(data: Any, day: str, seq: int | None, events: bool) -> Day:
    with Past(data) as past:
        span = past.span(day)
        if span is None:
            raise Refused("unknown_day")
        chosen = span.first - 1 if seq is None else seq
        if not span.first - 1 <= chosen <= span.last:
            raise Refused("bad_request", why="seq")
        marks = []
        if events:
            for row in past.rows(span):
                if row.type in SHOWN:
                    told = msgspec.json.decode(row.data)
                    who = (told.get("number") or told.get("case"), told.get("line"), told.get("counter"))
                    marks.append(Mark(row.seq, row.at, row.type, *who))
        return Day(day=day, first=span.first, last=span.last, events=marks, then=then_of(past.hall_after(chosen)))


def then_of(hall: Hall) -> Then:
    """The hall as a page shows it."""
    lines = {}
    for name in sorted(hall.lines):
        waiting = hall.waiting.get(name)
        ids = waiting.ids if waiting else []
        numbers = [hall.tickets[t].number for t in ids[:NEXT_SHOWN]]
        oldest = min((hall.tickets[t].issued for t in ids), default=None)
        since = None if oldest is None else text(oldest, hall.zone)
        lines[name] = LineThen(name=hall.lines[name].name, waiting=len(ids), next=numbers, longest_since=since)
    return Then(
        seq=hall.seq,
        at=text(hall.at, hall.zone),
        lines=lines,
        counters=counter_rows(hall),
        figures=figures(hall),
        settings=hall.settings_version,
    )


@get("/why", responses=answers(200, Explanation, "The explanation"), summary="Why one ticket came before another")
async def explain(
    request: HttpRequest, state: State, ticket: Number, before: Number, day: str | None = None
) -> Response[bytes]:
    """From the journal alone, with the rule and the settings' version of that moment; today when no day is named."""
    house = house_of(state)
    asked = house.engine.hall.date_of(house.engine.clock.now()) if day is None else checked(day)
    found = await aside(_why, house.data, asked, ticket, before)
    return house.response(200, msgspec.json.encode(found))


def _why(data: Any, day: str, ticket: str, before: str) -> Explanation:
    with Past(data) as past:
        return why(past, day=day, ticket=ticket, before=before)


ROUTES = (replay, explain)
