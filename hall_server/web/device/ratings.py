"""Ratings: by the counter's own keypad or the ticket's own page, never by anybody else."""

from __future__ import annotations

import asyncio
import logging

from litestar import Response, post
from litestar.datastructures import State

from hall_protocol.refusals import Refused
from hall_protocol.requests import visitor as ask

from ...core.hall import Hall
from ...core.matters import bad_rating, rating
from ...core.registry import Event
from ...personal.vault import Visitor
from ...trust.tokens import same_secret
from ..caller import Caller
from ..house import House, HttpRequest
from .tickets import RatingView, answers, house_of

log = logging.getLogger(__name__)


def left_a_telephone(house: House, ticket: str) -> bool:
    """Whether somebody can be called back: a telephone was left with the ticket, or with a case begun with it."""
    refs = [ticket, *(f"case:{no}" for no in house.engine.hall.ticket_cases.get(ticket, ()))]
    try:
        return any("phone" in house.vault.fields_of(ref) for ref in refs)
    except Exception as error:  # the disk, whatever it says: the rating counts all the same
        log.warning("whether a telephone was left cannot be read: %s", error)
        return False


def command_of(house: House, caller: Caller, data: ask.GiveRating) -> rating.GiveRating:
    """The command, once the nonce is the request's own."""
    asked = house.engine.hall.ratings.get(data.request)
    if asked is None:
        raise Refused("unknown_rating")
    if not same_secret(data.nonce, house.eyes.nonce_of(data.request)):
        raise Refused("wrong_nonce")
    return rating.GiveRating(
        request=data.request,
        level=data.level,
        source="keypad" if caller.role == "keypad" else "page",
        counter=caller.counter if caller.role == "keypad" else None,
        ticket=caller.ticket,
        aspects=tuple(data.aspects),
        named=data.level <= bad_rating.WORST_TWO and left_a_telephone(house, asked.ticket),
    )


def keep_comment(house: House, request: str, comment: str | None) -> None:
    """A comment may name somebody, so it is kept where names are kept."""
    if comment:
        house.keep_now(f"rating:{request}", Visitor(text=comment))


@post("/ratings", responses=answers(201, RatingView, "Recorded"), summary="Rate a service")
async def give(request: HttpRequest, state: State, data: ask.GiveRating) -> Response[bytes]:
    """One rating for each finished service; the first one counts."""
    house = house_of(state)
    command = command_of(house, house.caller(request), data)

    def view(hall: Hall, events: list[Event]) -> RatingView:
        return RatingView(request=data.request)

    answer = await house.act(request, command, view, status=201)
    await asyncio.to_thread(keep_comment, house, data.request, data.comment)
    return answer
