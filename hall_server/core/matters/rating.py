"""Ratings: one question per finished service, answered once, by the visitor (domain.md 4.1).

The nonce that proves that a rating belongs to its request is the shell's; no level is ever assumed. Where a rule of the
place demands one, it is `default` and counts nowhere. A rating stays for ever; a review takes it out of the indicators
or confirms it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from hall_protocol.refusals import Refused

from ..registry import Command, Event, decides, evolves
from ..stamp import Stamp, instant, local, text
from . import bad_rating, deadlines

if TYPE_CHECKING:
    from ..hall import Hall
    from ..lines.ticket import Ticket

ASPECTS: dict[str, tuple[str, ...]] = {"1": ("efficiency", "competence", "attitude")}
"""What a rating may name beside its level, by version of `rating.rating_contents`; a version never changes."""
REVIEW_REASONS = ("mis_pressed", "malicious", "not_this_service", "as_given", "other")
DEFAULT = "default"


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
    """By the visitor, or by default."""
    source: str | None = None
    """`keypad page default`, once it is rated."""


class GiveRating(Command, frozen=True, kw_only=True):
    """The visitor's answer; `source` is `keypad` or `page`. The nonce was checked."""

    request: str
    level: int
    source: str
    counter: str | None = None
    ticket: str | None = None
    aspects: tuple[str, ...] = ()
    named: bool = False
    """Whether the visitor left a telephone with the ticket, so that a bad rating can be answered."""


class ReviewRating(Command, frozen=True, kw_only=True):
    """An auditor looked at a rating. `given`: the shell found it in the journal."""

    request: str
    decision: Literal["excluded", "confirmed"]
    reason: str
    evidence: tuple[str, ...]
    given: bool = False


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
    contents: str = "1"
    """Version of the aspects."""
    device: str | None = None


class RatingReviewed(Event, frozen=True, kw_only=True):
    """The rating stays; `excluded` takes it out of the indicators. `evidence` are numbers in the record."""

    request: str
    decision: str
    evidence: tuple[str, ...]
    reason_code: str


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
    if request.rated and request.source != DEFAULT:
        raise Refused("already_rated")
    if stamp.at > request.expires:
        raise Refused("rating_closed")
    contents = hall.settings.rating.rating_contents
    if not set(c.aspects) <= set(ASPECTS[contents]):
        raise Refused("unknown_aspect")
    rated = RatingGiven(
        request=request.id,
        ticket=request.ticket,
        counter=request.counter,
        clerk=request.clerk,
        service=request.service,
        level=c.level,
        source=c.source,
        aspects=c.aspects,
        contents=contents,
        device=stamp.device,
    )
    if c.level > bad_rating.WORST_TWO:
        return [rated]
    return [rated, bad_rating.opening(hall, request, level=c.level, named=c.named, stamp=stamp)]


@decides(ReviewRating)
def review(hall: Hall, c: ReviewRating, stamp: Stamp) -> list[Event]:
    request = hall.ratings.get(c.request)
    is_known = c.given or (request is not None and request.rated)
    if not is_known and bad_rating.of_request(hall, c.request) is None:
        raise Refused("unknown_rating")
    if c.request in hall.rating_reviews:
        raise Refused("already_reviewed")
    if not c.evidence:
        raise Refused("evidence_missing")
    reason = c.reason if c.reason in REVIEW_REASONS else "other"
    return [RatingReviewed(request=c.request, decision=c.decision, evidence=c.evidence, reason_code=reason)]


def unanswered(hall: Hall, at: int) -> list[RatingRequest]:
    """Questions whose window closed without an answer, where the hall has a rule for them."""
    if hall.settings.rating.rating_default is None:
        return []
    return [r for r in hall.ratings.values() if not r.rated and r.expires <= at]


def by_default(hall: Hall, at: int) -> list[Event]:
    """Ratings nobody gave, as a rule of the place demands: marked, and counted nowhere."""
    level = hall.settings.rating.rating_default
    assert level is not None or not unanswered(hall, at)
    return [
        RatingGiven(
            request=request.id,
            ticket=request.ticket,
            counter=request.counter,
            clerk=request.clerk,
            service=request.service,
            level=level or 0,
            source=DEFAULT,
        )
        for request in unanswered(hall, at)
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
    request.rated, request.source = True, e.source
    hall.today.rated += e.source != DEFAULT
    counter = hall.counters.get(request.counter)
    if counter is not None and counter.rating == e.request:
        counter.rating = None


@evolves(RatingReviewed)
def reviewed(hall: Hall, e: RatingReviewed, at: int, seq: int) -> None:
    hall.rating_reviews[e.request] = e.decision
    loop = bad_rating.of_request(hall, e.request)
    if loop is not None:
        loop.reviewed = e.decision
