"""Everything a clerk does at the counter. Each act is one command; the answer shows the ticket as it is then."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response, post
from litestar.datastructures import State

from hall_protocol.pictures.counter import Counter as CounterView
from hall_protocol.pictures.ticket import Ticket as TicketView
from hall_protocol.refusals import Refused
from hall_protocol.requests import Empty
from hall_protocol.requests import counter as ask
from hall_protocol.requests.visitor import Reason

from ...core.hall import Hall
from ...core.lines import calling, desk, ticket
from ...core.people import counter
from ...core.pictures.counter import PARK_REASONS, PAUSE_REASONS, counter_view
from ...core.registry import Command, Event
from ...core.stamp import instant, text
from ...personal.vault import Visitor
from ..caller import Caller
from ..device.tickets import answers, house_of
from ..house import PARKED, House, HttpRequest


class TicketInHand(msgspec.Struct):
    """The ticket an act was about, or null when nobody waits."""

    ticket: TicketView | None


class RatingAsked(msgspec.Struct):
    """The question put to the visitor; its nonce goes to the keypad and the ticket's page alone."""

    id: str
    expires_at: str


class Finished(msgspec.Struct):
    """The end of a service."""

    ticket: TicketView
    rating_request: RatingAsked


ONE_TICKET = answers(200, TicketInHand, "The ticket as it is now")
ONE_COUNTER = answers(200, CounterView, "The counter as it is now")


def at_own_counter(house: House, request: HttpRequest, n: str) -> Caller:
    """The clerk, if this is his counter."""
    caller = house.caller(request)
    if n not in house.engine.hall.counters:
        raise Refused("unknown_counter")
    if caller.counter != n:
        raise Refused("not_your_counter")
    house.used(caller.session)
    return caller


async def on_ticket(request: HttpRequest, state: State, n: str, command: Command) -> Response[bytes]:
    """One act on a ticket."""
    house = house_of(state)
    caller = at_own_counter(house, request, n)
    return await house.act(request, command, house.ticket_at(n), caller=caller)


async def on_counter(request: HttpRequest, state: State, n: str, command: Command) -> Response[bytes]:
    """One act on the counter itself."""
    house = house_of(state)
    caller = at_own_counter(house, request, n)

    def view(hall: Hall, events: list[Event]) -> CounterView:
        return counter_view(hall, hall.counters[n])

    return await house.act(request, command, view, caller=caller)


def moment(value: str | None, field: str) -> int | None:
    """An instant from a request."""
    if value is None:
        return None
    try:
        return instant(value)
    except ValueError as error:
        raise Refused("bad_request", why=field) from error


def code_of(reason: str, codes: tuple[str, ...]) -> str:
    """What the journal keeps of a reason: a word of the list; anything else may name somebody and is `other`."""
    return reason if reason in codes else "other"


def ticket_of(answer: Response[bytes]) -> str:
    """The ticket an answer is about: a repeated request is about the ticket it was about first."""
    return str(msgspec.json.decode(answer.content)["ticket"]["id"])


async def keep_words(house: House, ref: str, reason: str, codes: tuple[str, ...]) -> None:
    """The clerk's own words, kept where names are kept and shown at counters only."""
    house.words.pop(ref, None)
    if reason not in codes:
        house.words[ref] = reason
        await house.keep(f"{PARKED}{ref}", Visitor(text=reason))


@post("/counters/{n:str}/open", status_code=200, responses=ONE_COUNTER, summary="Open the counter")
async def open_counter(request: HttpRequest, state: State, n: str, data: Empty | None = None) -> Response[bytes]:
    """Begin to serve, or come back from a pause."""
    return await on_counter(request, state, n, counter.OpenCounter())


@post("/counters/{n:str}/pause", status_code=200, responses=ONE_COUNTER, summary="Pause the counter")
async def pause(request: HttpRequest, state: State, n: str, data: ask.PauseCounter) -> Response[bytes]:
    """Away for a while; the wall shows only when the clerk is back."""
    until = moment(data.resume_at, "resume_at")
    command = counter.PauseCounter(reason=code_of(data.reason, PAUSE_REASONS), resume_at=until)
    return await on_counter(request, state, n, command)


@post("/counters/{n:str}/close", status_code=200, responses=ONE_COUNTER, summary="Close the counter")
async def close(request: HttpRequest, state: State, n: str, data: Empty | None = None) -> Response[bytes]:
    """Stop serving."""
    return await on_counter(request, state, n, counter.CloseCounter())


@post("/counters/{n:str}/call-next", status_code=200, responses=ONE_TICKET, summary="Call the next visitor")
async def call_next(request: HttpRequest, state: State, n: str, data: Empty | None = None) -> Response[bytes]:
    """The rule chooses; `ticket` is null when nobody this counter may serve waits."""
    return await on_ticket(request, state, n, calling.CallNext())


@post("/counters/{n:str}/call", status_code=200, responses=ONE_TICKET, summary="Call a given number")
async def call_number(request: HttpRequest, state: State, n: str, data: ask.CallNumber) -> Response[bytes]:
    """The clerk chooses; recorded as out of order when it is."""
    command = calling.CallGivenNumber(number=data.number, reason="asked" if data.reason else "")
    return await on_ticket(request, state, n, command)


@post("/counters/{n:str}/recall", status_code=200, responses=ONE_TICKET, summary="Call again")
async def recall(request: HttpRequest, state: State, n: str, data: Empty | None = None) -> Response[bytes]:
    """The same call said again, after the hall's interval."""
    return await on_ticket(request, state, n, calling.Recall())


@post("/counters/{n:str}/begin", status_code=200, responses=ONE_TICKET, summary="Begin the service")
async def begin(request: HttpRequest, state: State, n: str, data: Empty | None = None) -> Response[bytes]:
    """The visitor is here."""
    return await on_ticket(request, state, n, calling.BeginService())


@post("/counters/{n:str}/no-show", status_code=200, responses=ONE_TICKET, summary="Mark a no-show")
async def no_show(request: HttpRequest, state: State, n: str, data: Empty | None = None) -> Response[bytes]:
    """Called and not come."""
    return await on_ticket(request, state, n, calling.MarkNoShow())


@post("/counters/{n:str}/park", status_code=200, responses=ONE_TICKET, summary="Hold the ticket")
async def park(request: HttpRequest, state: State, n: str, data: ask.Park) -> Response[bytes]:
    """Interrupted; the visitor keeps the number. Words outside the list of reasons never enter the journal."""
    house = house_of(state)
    command = desk.ParkTicket(reason=code_of(data.reason, PARK_REASONS), until=moment(data.until, "until"))
    answer = await on_ticket(request, state, n, command)
    await keep_words(house, ticket_of(answer), data.reason, PARK_REASONS)
    return answer


@post("/counters/{n:str}/resume", status_code=200, responses=ONE_TICKET, summary="Go on with a held ticket")
async def resume(request: HttpRequest, state: State, n: str, data: ask.Resume) -> Response[bytes]:
    """At any counter that is free."""
    return await on_ticket(request, state, n, desk.ResumeTicket(number=data.number))


@post("/counters/{n:str}/transfer", status_code=200, responses=ONE_TICKET, summary="Transfer the ticket")
async def transfer(request: HttpRequest, state: State, n: str, data: ask.Transfer) -> Response[bytes]:
    """To a line or to one counter; the time already waited counts."""
    command = desk.TransferTicket(reason="given", line=data.line, counter=data.counter)
    return await on_ticket(request, state, n, command)


@post("/counters/{n:str}/return", status_code=200, responses=ONE_TICKET, summary="Back to the head of its line")
async def send_back(request: HttpRequest, state: State, n: str, data: Reason) -> Response[bytes]:
    """A call cannot be undone, it was heard; the visitor comes next instead."""
    return await on_ticket(request, state, n, desk.ReturnTicket(reason="given"))


@post("/counters/{n:str}/undo", status_code=200, responses=answers(200, dict[str, Any], "As before"), summary="Undo")
async def undo(request: HttpRequest, state: State, n: str, data: ask.Undo) -> Response[bytes]:
    """Takes back a park, no-show, pause or transfer; answers with the ticket, after a pause with the counter."""
    house = house_of(state)
    caller = at_own_counter(house, request, n)

    def view(hall: Hall, events: list[Event]) -> Any:
        event = events[0]
        assert isinstance(event, desk.ActUndone)
        if event.act == "pause":
            return counter_view(hall, hall.counters[n])
        return {"ticket": house.ticket(hall, hall.tickets[event.ticket])}

    return await house.act(request, desk.UndoAct(seq=data.seq), view, caller=caller)


@post("/counters/{n:str}/finish", status_code=200, responses=answers(200, Finished, "Served"), summary="Finish")
async def finish(request: HttpRequest, state: State, n: str, data: ask.Finish | None = None) -> Response[bytes]:
    """The service ends and the visitor is asked for a rating."""
    house = house_of(state)
    caller = at_own_counter(house, request, n)
    said = data or ask.Finish()

    def view(hall: Hall, events: list[Event]) -> Finished:
        done = events[0]
        assert isinstance(done, calling.ServiceFinished)
        served = hall.tickets[done.ticket]
        asked = hall.ratings[str(served.rating)]
        return Finished(
            ticket=house.ticket(hall, served),
            rating_request=RatingAsked(id=asked.id, expires_at=text(asked.expires, hall.zone)),
        )

    command = calling.FinishService(
        outcome=said.outcome if said.outcome in OUTCOMES else ("other" if said.outcome else None),
        services=tuple(said.services or ()),
    )
    answer = await house.act(request, command, view, caller=caller)
    if said.note:
        await house.keep(f"note:{ticket_of(answer)}", Visitor(text=said.note))
    return answer


OUTCOMES = frozenset({"done", "advised", "documents_missing", "not_accepted", "other"})
"""What a service ended in; other words may name somebody and count as `other`."""


@post(
    "/tickets/{id:str}/reclassify",
    status_code=200,
    responses=answers(200, TicketView, "Another class"),
    summary="Change the priority class",
)
async def reclassify(request: HttpRequest, state: State, id: str, data: ask.Reclassify) -> Response[bytes]:
    """A clerk sees that the visitor belongs to another class."""
    house = house_of(state)
    caller = house.caller(request)
    house.used(caller.session)
    command = ticket.ReclassifyTicket(ticket=id, priority_class=data.priority_class, reason="seen")
    return await house.act(request, command, lambda hall, _: house.ticket(hall, hall.tickets[id]))
