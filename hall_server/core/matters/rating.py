"""Ratings: one question per finished service, answered once, by the visitor (domain.md 4.1).

The nonce that proves that a rating belongs to its request is the shell's; no level is ever assumed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hall_protocol.refusals import Refused

from ..registry import Command, Event, decides, evolves
from ..stamp import Stamp, instant, local, text
from . import deadlines

if TYPE_CHECKING:
    from ..hall import Hall
    from ..lines.ticket import Ticket


class RatingRequest(msgspec.Struct, gc=False, array_like=True):
    """An open or answered question."""

    id: str
    ticket: str
    number: str
    counter: str
    clerk: str | None
    service: str | None
    line: str
    opened: int
    expires: int
    rated: bool = False


class GiveRating(Command, frozen=True, kw_only=True):
    """The visitor's answer; `source` is `keypad` or `page`. The nonce was checked."""

    request: str
    level: int
    source: str
    counter: str | None = None
    ticket: str | None = None
    aspects: tuple[str, ...] = ()


class RatingRequested(Event, frozen=True, kw_only=True):
    """The visitor may rate until `expires_at`."""

    request: str
    ticket: str
    number: str
    line: str
    service: str | None
    counter: str
    clerk: str | None
    expires_at: str


class RatingGiven(Event, frozen=True, kw_only=True):
    """5 very satisfied … 1 very dissatisfied."""

    request: str
    ticket: str
    counter: str
    clerk: str | None
    service: str | None
    level: int
    source: str
    aspects: tuple[str, ...] = ()
    device: str | None = None


def requested(hall: Hall, ticket: Ticket, stamp: Stamp) -> RatingRequested:
    """The question that goes with the end of this ticket's service."""
    return RatingRequested(
        request=f"R{hall.seq + 2}",
        ticket=ticket.id,
        number=ticket.number,
        line=ticket.line,
        service=ticket.service,
        counter=str(ticket.counter),
        clerk=stamp.clerk,
        expires_at=text(window_end(hall, at=stamp.at), hall.zone),
    )


def window_end(hall: Hall, *, at: int) -> int:
    """When the window closes: closing time of the n-th working day after, or the end of the hall-day for 0."""
    days = hall.settings.rating.rating_window_working_days
    if days == 0:
        return hall.end_of_day(at)
    return deadlines.due_instant(hall, start=local(at, hall.zone).date(), days=days)


@decides(GiveRating)
def give(hall: Hall, c: GiveRating, stamp: Stamp) -> list[Event]:
    request = hall.ratings.get(c.request)
    if request is None:
        raise Refused("unknown_rating")
    if (c.counter is not None and c.counter != request.counter) or (
        c.ticket is not None and c.ticket != request.ticket
    ):
        raise Refused("not_allowed")
    if request.rated:
        raise Refused("already_rated")
    if stamp.at > request.expires:
        raise Refused("rating_closed")
    return [
        RatingGiven(
            request=request.id,
            ticket=request.ticket,
            counter=request.counter,
            clerk=request.clerk,
            service=request.service,
            level=c.level,
            source=c.source,
            aspects=c.aspects,
            device=stamp.device,
        )
    ]


@evolves(RatingRequested)
def rating_requested(hall: Hall, e: RatingRequested, at: int, seq: int) -> None:
    hall.ratings[e.request] = RatingRequest(
        id=e.request,
        ticket=e.ticket,
        number=e.number,
        counter=e.counter,
        clerk=e.clerk,
        service=e.service,
        line=e.line,
        opened=at,
        expires=instant(e.expires_at),
    )
    hall.tickets[e.ticket].rating = e.request
    counter = hall.counters[e.counter]
    counter.rating = counter.last_finished = e.request


@evolves(RatingGiven)
def rating_given(hall: Hall, e: RatingGiven, at: int, seq: int) -> None:
    request = hall.ratings[e.request]
    request.rated = True
    hall.today.rated += 1
    counter = hall.counters.get(request.counter)
    if counter is not None and counter.rating == e.request:
        counter.rating = None
