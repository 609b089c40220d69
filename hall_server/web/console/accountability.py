"""Listed supervision and accountability records, for auditors; every look is on record (domain.md A13a, A14)."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.datastructures import State

from hall_protocol.requests import oversight as ask

from ...core.hall import Hall
from ...core.oversight import accountability as rules
from ...core.oversight.accountability import Listed, Record
from ...core.registry import Command, Event
from ...personal.vault import Visitor
from ..device.tickets import answers, house_of
from ..house import House, HttpRequest
from ..kept_words import opened
from .records import rests_on_hidden
from .registers import day


class ListedView(msgspec.Struct):
    """The supervision list."""

    entries: list[Listed]


class RecordsView(msgspec.Struct):
    """Accountability records, without their words."""

    records: list[Record]


class WholeRecord(msgspec.Struct):
    """One record with its words."""

    record: Record
    note: str | None
    decision_note: str | None


async def entered(
    request: HttpRequest, state: State, command: Command, view: Any, key: str, text: str | None, suffix: str = ""
) -> Response[bytes]:
    """One step, and its words where names are kept."""
    house = house_of(state)
    answer = await house.act(request, command, view, status=201 if not suffix else 200)
    if text:
        await house.keep(str(msgspec.json.decode(answer.content)[key]) + suffix, Visitor(text=text))
    return answer


@get("/supervision", responses=answers(200, ListedView, "The list"), summary="The supervision list")
async def supervision(request: HttpRequest, state: State) -> Response[bytes]:
    """Open entries and closed ones with their results; what rests on a hidden complaint is there for auditors alone."""
    house = house_of(state)
    sees_all = house.caller(request).role == "auditor"

    def view(hall: Hall) -> ListedView:
        return ListedView([e for e in hall.listed.values() if sees_all or not rests_on_hidden(house, e.evidence)])

    return await house.shown(view)


@post("/supervision", responses=answers(201, Listed, "Listed"), summary="List a matter for supervision")
async def list_matter(request: HttpRequest, state: State, data: ask.ListForSupervision) -> Response[bytes]:
    """Until its deadline; it leaves the list only with a result."""
    command = rules.ListForSupervision(
        department=data.department, deadline=day(data.deadline, "deadline"), evidence=tuple(data.evidence)
    )

    def view(hall: Hall, events: list[Event]) -> Listed:
        (event,) = events
        assert isinstance(event, rules.SupervisionListed)
        return hall.listed[event.entry]

    return await entered(request, state, command, view, "entry", data.subject)


@post(
    "/supervision/{id:str}/close", status_code=200, responses=answers(200, Listed, "Closed"), summary="Close an entry"
)
async def close_matter(request: HttpRequest, state: State, id: str, data: ask.CloseListing) -> Response[bytes]:
    """With its result."""
    command = rules.CloseListing(entry=id, result=data.result)
    return await entered(request, state, command, lambda hall, _: hall.listed[id], "entry", data.note, "/result")


@get("/accountability", responses=answers(200, RecordsView, "The records"), summary="Accountability records")
async def records(request: HttpRequest, state: State) -> Response[bytes]:
    """Without their words."""
    return await house_of(state).shown(lambda hall: RecordsView(list(hall.records.values())))


@get("/accountability/{id:str}", responses=answers(200, WholeRecord, "The record"), summary="Look at a record")
async def look_at_record(request: HttpRequest, state: State, id: str) -> Response[bytes]:
    """With its words. The look is an event with who, when, which, before anything is shown."""
    house: House = house_of(state)
    caller = house.caller(request)
    await house.engine.submit(rules.LookAtRecord(record=id), caller.stamp(house.engine.clock.now()))
    note = await opened(house, id, who=caller.actor, why="look_at_accountability")
    decided = await opened(house, f"{id}/decision", who=caller.actor, why="look_at_accountability")
    return await house.shown(lambda hall: WholeRecord(hall.records[id], note.text, decided.text))


@post("/accountability", responses=answers(201, Record, "Opened"), summary="Open an accountability record")
async def open_record(request: HttpRequest, state: State, data: ask.OpenRecord) -> Response[bytes]:
    """Never without evidence."""
    command = rules.OpenRecord(department=data.department, clerk=data.clerk, evidence=tuple(data.evidence))

    def view(hall: Hall, events: list[Event]) -> Record:
        (event,) = events
        assert isinstance(event, rules.AccountabilityOpened)
        return hall.records[event.record]

    return await entered(request, state, command, view, "record", data.note)


@post(
    "/accountability/{id:str}/decide",
    status_code=200,
    responses=answers(200, Record, "Decided"),
    summary="Decide an accountability record",
)
async def decide_record(request: HttpRequest, state: State, id: str, data: ask.DecideRecord) -> Response[bytes]:
    """Never closed without a decision."""
    command = rules.DecideRecord(record=id, decision=data.decision)
    return await entered(request, state, command, lambda hall, _: hall.records[id], "record", data.note, "/decision")


ROUTES = (supervision, list_matter, close_matter, records, look_at_record, open_record, decide_record)
