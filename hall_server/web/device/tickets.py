"""Taking a number and what becomes of it, as kiosks, clerks and the visitor's page ask for it."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.datastructures import State
from litestar.openapi import ResponseSpec

from hall_protocol.pictures import Estimate
from hall_protocol.pictures.ticket import Ticket as TicketView
from hall_protocol.refusals import Refused
from hall_protocol.requests import visitor as ask

from ...core.hall import Hall
from ...core.lines import block, ticket
from ...core.places import notice
from ...core.registry import Event
from ...core.stamp import instant
from ...engine import ANY_BODY
from ...journal.rows import Answer
from ...personal.vault import Visitor
from ..caller import Caller
from ..house import HIDDEN, House, HttpRequest
from ..problems import Problem
from . import same_person

CODE_WORD = re.compile(r"[a-z][a-z0-9_.-]{0,39}")
HEX_BYTES = re.compile(r"(?:[0-9A-Fa-f]{2} ?){0,200}")
"""What a program says may enter the journal; anything else may name somebody (contract.md 3)."""
TICKETS_ROUTE = "POST /api/v1/tickets"
REFUSED = {
    status: ResponseSpec(
        data_container=Problem, description=words, generate_examples=False, media_type="application/problem+json"
    )
    for status, words in (
        (400, "What was asked cannot be read, or the key is missing"),
        (401, "No credential, or one that is nobody's"),
        (403, "Not for this role"),
        (404, "No such thing"),
        (409, "A rule says no"),
        (422, "The key was used for another request"),
        (429, "Too fast; see Retry-After"),
        (503, "Storage is unavailable; nothing has happened"),
    )
}


class BlockNumber(msgspec.Struct):
    """One number set aside, with the page it will have."""

    number: str
    url: str


class BlockView(msgspec.Struct):
    """Numbers of one line and day that are this kiosk's."""

    block: str
    day: str
    tickets: list[BlockNumber]


class Merged(msgspec.Struct):
    """What became of one offline ticket."""

    key: str
    id: str
    number: str
    url: str


class MergedTickets(msgspec.Struct):
    """What became of all of them, in their order."""

    tickets: list[Merged]


class RatingView(msgspec.Struct):
    """A rating was recorded."""

    request: str
    recorded: bool = True


def house_of(state: State) -> House:
    """The house the routes belong to."""
    return state.house  # type: ignore[no-any-return]


def answers(status: int, shape: Any, text: str) -> dict[int, ResponseSpec]:
    """What a route answers, for the OpenAPI document."""
    return {status: ResponseSpec(data_container=shape, description=text, generate_examples=False), **REFUSED}


def own_ticket(caller: Caller, id: str) -> None:
    """A visitor's page may act on its own ticket alone."""
    if caller.role == "ticket" and caller.ticket != id:
        raise Refused("unknown_ticket")


@post("/tickets", responses=answers(201, TicketView, "The number, stored"), summary="Take a number")
async def take(request: HttpRequest, state: State, data: ask.TakeTicket) -> Response[bytes]:
    """A visitor takes a number at a kiosk, or a clerk at a `desk` counter takes one for him."""
    house = house_of(state)
    caller = house.caller(request)
    if caller.role == "clerk":
        counter = house.engine.hall.counters.get(caller.counter or "")
        if counter is None or counter.kind != "desk":
            raise Refused("not_allowed")
    if data.service is None and data.line is None and data.appointment is None:
        raise Refused("bad_request", why="service: missing")
    line = data.line or getattr(house.engine.hall.services.get(data.service or ""), "line", None)
    told = estimate_told(house, line, data.priority_class) if line else None
    command = ticket.TakeTicket(
        service=data.service,
        line=data.line,
        priority_class=data.priority_class,
        form=data.form,
        appointment=data.appointment,
        language=data.language,
        estimate=told,
    )
    issued: list[str] = []

    def view(hall: Hall, events: list[Event]) -> TicketView:
        event = events[0]
        assert isinstance(event, ticket.TicketIssued)
        issued.append(event.ticket)
        return house.ticket(hall, hall.tickets[event.ticket], told=told)

    async def act(asked: ticket.TakeTicket) -> tuple[str, Response[bytes]]:
        answer = await house.act(request, asked, view, status=201)
        return issued[0] if issued else msgspec.json.decode(answer.content)["id"], answer

    who = data.visitor
    if who is not None and who.id_number is not None:
        once = await house.once(request, caller)
        return await same_person.take_once(house, once, command, act, visitor=who, id_number=who.id_number)
    ident, answer = await act(command)
    if who is not None:
        await house.keep(ident, Visitor(name=who.name, phone=who.phone))
    return answer


def estimate_told(house: House, line: str, klass: str) -> Estimate | None:
    """What the visitor is told: for ordinary visitors what the kiosk showed, for others with their head start."""
    if klass == "ordinary":
        return house.eyes.estimate_for(line)
    return house.foresight.for_line(line, house.engine.clock.now(), klass=klass)


@get("/tickets/{id:str}", responses=answers(200, TicketView, "The ticket as it is"), summary="Look at a ticket")
async def look(request: HttpRequest, state: State, id: str) -> Response[bytes]:
    """One ticket, with people ahead and the wait that remains. A kiosk may name it by the token its paper shows."""
    house = house_of(state)
    caller = house.caller(request)
    own_ticket(caller, id)
    # Only in a reading: what changes something is recorded with its path, and a token must not stand in a record.
    scanned = house.seals.unseal("ticket", id) if caller.role == "kiosk" else None
    return await house.shown(lambda hall: house.ticket(hall, ticket.find(hall, scanned or id)))


@post("/tickets/{id:str}/cancel", status_code=200, responses=answers(200, TicketView, "Cancelled"), summary="Give back")
async def cancel(request: HttpRequest, state: State, id: str) -> Response[bytes]:
    """The visitor gives the number back."""
    house = house_of(state)
    own_ticket(house.caller(request), id)
    return await house.act(
        request, ticket.CancelTicket(ticket=id), lambda hall, _: house.ticket(hall, hall.tickets[id])
    )


@post(
    "/tickets/{id:str}/reinstate", status_code=200, responses=answers(200, TicketView, "Waiting again"), summary="Back"
)
async def reinstate(request: HttpRequest, state: State, id: str) -> Response[bytes]:
    """A visitor who missed the call comes back, once, by the hall's rule."""
    house = house_of(state)
    own_ticket(house.caller(request), id)
    return await house.act(
        request, ticket.ReinstateTicket(ticket=id), lambda hall, _: house.ticket(hall, hall.tickets[id])
    )


@post("/tickets/{id:str}/on-my-way", status_code=200, responses=answers(200, TicketView, "Noted"), summary="Coming")
async def on_my_way(request: HttpRequest, state: State, id: str) -> Response[bytes]:
    """The visitor is coming; the counter sees it."""
    house = house_of(state)
    own_ticket(house.caller(request), id)
    return await house.act(request, ticket.SayOnMyWay(ticket=id), lambda hall, _: house.ticket(hall, hall.tickets[id]))


@post("/tickets/{id:str}/print-result", status_code=204, responses=REFUSED, summary="What the printer answered")
async def print_result(request: HttpRequest, state: State, id: str, data: ask.PrintResult) -> Response[None]:
    """For the record; a number is valid whatever the printer did."""
    command = ticket.RecordPrint(
        ticket=id,
        outcome=data.outcome,
        how=data.how if data.how is None or CODE_WORD.fullmatch(data.how) else "other",
        evidence=data.evidence if data.evidence is not None and HEX_BYTES.fullmatch(data.evidence) else None,
    )
    return await house_of(state).act(request, command, None, status=204)


@post("/blocks", responses=answers(201, BlockView, "Numbers set aside"), summary="Set numbers aside")
async def lease(request: HttpRequest, state: State, data: ask.LeaseBlock) -> Response[bytes]:
    """Numbers for this kiosk to go on with while the server is away."""

    def view(hall: Hall, events: list[Event]) -> BlockView:
        event = events[0]
        assert isinstance(event, block.BlockLeased)
        stem = event.day.replace("-", "")
        numbers = [BlockNumber(number=n, url=f"{HIDDEN}{stem}-{n}") for n in event.numbers]
        return BlockView(block=event.block, day=event.day, tickets=numbers)

    return await house_of(state).act(request, block.LeaseBlock(line=data.line, size=data.size), view, status=201)


@post("/tickets/offline", status_code=200, responses=answers(200, MergedTickets, "All in"), summary="Merge")
async def merge(request: HttpRequest, state: State, data: ask.MergeOffline) -> Response[bytes]:
    """Tickets a kiosk gave out alone, in order of issue; each key counts once, however often it is sent."""
    house = house_of(state)
    caller = house.caller(request)
    scopes = (merge_scope(caller), f"{caller.scope}|{TICKETS_ROUTE}")
    await house.engine.none_under_way((scope, one.key) for one in data.tickets for scope in scopes)
    known: dict[str, Merged] = {}
    fresh: dict[str, ticket.OfflineEntry] = {}
    for one in sorted(data.tickets, key=lambda t: moment_of(t.issued_at)):
        earlier = await merged_before(house, caller, one.key)
        if earlier is not None:
            known[one.key] = earlier
        elif one.key not in fresh:
            fresh[one.key] = await entry_of(house, caller, one)

    def view(hall: Hall, events: list[Event]) -> MergedTickets:
        known.update(merged_now(list(fresh), events))
        return MergedTickets(tickets=[known[t.key] for t in data.tickets])

    def aliases(hall: Hall, events: list[Event]) -> list[Answer]:
        return list(keys_of(house, caller, hall, merged_now(list(fresh), events)))

    return await house.act(request, list(fresh.values()), view, aliases=aliases)


def moment_of(words: str) -> int:
    """The instant a kiosk gave a ticket out."""
    try:
        return instant(words)
    except ValueError as error:
        raise Refused("bad_request", why="issued_at") from error


def merge_scope(caller: Caller) -> str:
    """Where the keys of merged tickets are kept."""
    return f"{caller.scope}|offline"


async def merged_before(house: House, caller: Caller, key: str) -> Merged | None:
    """What became of this key when it was merged earlier."""
    kept = await house.engine.answer_to(merge_scope(caller), key)
    return None if kept is None else msgspec.json.decode(kept, type=Merged)


async def entry_of(house: House, caller: Caller, one: ask.OfflineTicket) -> ticket.OfflineEntry:
    """The command for one offline ticket, with the one its own online try may have made."""
    ticket.chosen_line(house.engine.hall, service=one.service, line=one.line)
    tried = await house.engine.answer_to(f"{caller.scope}|{TICKETS_ROUTE}", one.key)
    unseen = msgspec.json.decode(tried)["id"] if tried else None
    return ticket.OfflineEntry(
        number=one.number,
        issued_at=moment_of(one.issued_at),
        line=one.line,
        service=one.service,
        priority_class=one.priority_class,
        language=one.language,
        unseen=unseen,
    )


def merged_now(keys: list[str], events: list[Event]) -> dict[str, Merged]:
    """Key → ticket, from the events of a merge: one issue for each entry, in order."""
    issues = [e for e in events if isinstance(e, ticket.TicketIssued)]
    return {
        key: Merged(key=key, id=e.ticket, number=e.number, url=HIDDEN + e.ticket)
        for key, e in zip(keys, issues, strict=True)
    }


def keys_of(house: House, caller: Caller, hall: Hall, merged: dict[str, Merged]) -> list[Answer]:
    """Answers under which a merged key is found again: by a second merge, and by a late online try of the touch."""
    out: list[Answer] = []
    day = hall.date_of(house.engine.clock.now())
    for key, one in merged.items():
        out.append(Answer(merge_scope(caller), key, ANY_BODY, 200, msgspec.json.encode(one), day))
        scope = f"{caller.scope}|{TICKETS_ROUTE}"
        if house.engine.journal.find_answer(scope, key) is None:
            body = msgspec.json.encode(house.ticket(hall, hall.tickets[one.id]))
            out.append(Answer(scope, key, ANY_BODY, 201, body, day))
    return out


@post("/help", status_code=204, responses=REFUSED, summary="Ask for a person")
async def ask_help(request: HttpRequest, state: State, data: ask.AskHelp) -> Response[None]:
    """Raises an alert on the manager's picture; no personal data."""
    screen = data.screen if data.screen is not None and CODE_WORD.fullmatch(data.screen) else None
    command = notice.AskHelp(language=data.language, screen=screen)
    return await house_of(state).act(request, command, None, status=204)
