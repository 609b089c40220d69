"""Complaints and the message book, as kiosks, the ticket's own page and clerks take them in."""

from __future__ import annotations

from datetime import date

import msgspec
from litestar import Response, post
from litestar.datastructures import State

from hall_protocol.pictures.inquiries import Number
from hall_protocol.refusals import Refused
from hall_protocol.requests import inquiries as ask

from ...core.hall import Hall
from ...core.matters import complaint, message_book
from ...core.registry import Event
from ..caller import Caller
from ..device.tickets import answers, house_of
from ..house import HttpRequest
from ..kept_words import left_by

CHANNELS = {"kiosk": "kiosk", "ticket": "page", "supervisor": "supervisor"}
"""Where a word comes from, by who brings it; a clerk says it himself."""
NUMBERED = answers(201, Number, "It has this number")


def channel_of(caller: Caller, said: str | None) -> str:
    """Kiosk, page and supervisor are what they are; a clerk says: at the counter, by phone, from the paper box."""
    return CHANNELS.get(caller.role) or said or "counter"


def ticket_of(caller: Caller, said: str | None) -> str | None:
    """The ticket it is about: the page's own and no other."""
    if caller.role != "ticket":
        return said
    if said is not None and said != caller.ticket:
        raise Refused("unknown_ticket")
    return caller.ticket


def box_date(caller: Caller, channel: str, said: str | None) -> date | None:
    """The date an entry of the paper box bears; it has to have one, and nothing else may."""
    if (channel == complaint.PAPER) != (said is not None):
        raise Refused("bad_request", why="received_on")
    if said is None:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        raise Refused("bad_request", why="received_on") from error


def number_in(answer: Response[bytes]) -> str:
    """The number an answer gives, the same one for a repeated request."""
    return str(msgspec.json.decode(answer.content)["no"])


def complaint_of(caller: Caller, data: ask.Complain) -> complaint.Complain:
    """The command for what a caller says."""
    channel = channel_of(caller, data.channel)
    return complaint.Complain(
        category=data.category,
        channel=channel,
        ticket=ticket_of(caller, data.ticket),
        case=data.case,
        counter=data.counter,
        department=data.department,
        received_on=box_date(caller, channel, data.received_on),
    )


def message_of(caller: Caller, data: ask.WriteMessage) -> message_book.WriteMessage:
    """The command for what a caller says."""
    channel = channel_of(caller, data.channel)
    return message_book.WriteMessage(
        publish=data.publish,
        channel=channel,
        ticket=caller.ticket if caller.role == "ticket" else None,
        received_on=box_date(caller, channel, data.received_on),
    )


def numbered(hall: Hall, events: list[Event]) -> Number:
    """The number of what was taken in."""
    event = events[0]
    assert isinstance(event, complaint.ComplaintReceived | message_book.MessageWritten)
    return Number(no=event.complaint if isinstance(event, complaint.ComplaintReceived) else event.message)


@post("/complaints", responses=NUMBERED, summary="Complain, ask or suggest")
async def complain(request: HttpRequest, state: State, data: ask.Complain) -> Response[bytes]:
    """It gets a number and its limits. What is said and by whom is kept where names are kept."""
    house = house_of(state)
    command = complaint_of(house.caller(request), data)
    answer = await house.act(request, command, numbered, status=201)
    await house.keep(number_in(answer), left_by(data.visitor, data.text))
    return answer


@post("/messages", responses=NUMBERED, summary="Write in the message book")
async def write(request: HttpRequest, state: State, data: ask.WriteMessage) -> Response[bytes]:
    """Answered by the hall; everybody sees both only when both sides agree."""
    house = house_of(state)
    command = message_of(house.caller(request), data)
    answer = await house.act(request, command, numbered, status=201)
    await house.keep(number_in(answer), left_by(data.visitor, data.text))
    return answer
