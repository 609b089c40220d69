"""The closed loop of a bad rating (domain.md 4.2): opened → verified → put right | explained → called back → closed.

A rating of level 1 or 2 opens exactly one. Who was left a telephone is called back; an anonymous one skips that and
says so. The clerk concerned neither verifies himself nor learns of it here. What was said is kept where names are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from hall_protocol.refusals import Refused

from ..registry import Command, Event, decides, evolves
from ..stamp import Stamp, instant, local, text, text_or_none
from . import deadlines, register
from .register import Step

if TYPE_CHECKING:
    from ..hall import Hall
    from .rating import RatingRequest

WORST_TWO = 2
"""Ratings up to this level are bad ones."""
Finding = Literal["clear", "complex", "unfounded"]
CallBackOutcome = Literal["satisfied", "not_satisfied", "not_reached"]
ANONYMOUS = "anonymous"


class BadRating(msgspec.Struct, kw_only=True):
    """One loop. Instants in milliseconds."""

    id: str
    request: str
    ticket: str
    counter: str
    clerk: str | None
    """Whom it concerns."""
    department: str
    level: int
    named: bool
    opened: int
    verify_due: int
    call_back_due: int | None
    put_right_due: int
    state: str = "opened"
    """`opened verified put_right explained closed`"""
    finding: str | None = None
    call_back: str | None = None
    closed: int | None = None
    reviewed: str | None = None
    """`excluded confirmed`, once an auditor has reviewed the rating: the loop stays whatever it is."""
    steps: list[Step]


# ---------------------------------------------------------------- commands


class VerifyBadRating(Command, frozen=True, kw_only=True):
    """Somebody else looked into it."""

    loop: str
    finding: Finding


class PutBadRatingRight(Command, frozen=True, kw_only=True):
    """What was wrong has been put right."""

    loop: str


class ExplainBadRating(Command, frozen=True, kw_only=True):
    """What was asked for has no basis, and the visitor is told why."""

    loop: str


class CallBack(Command, frozen=True, kw_only=True):
    """Whoever rated was called."""

    loop: str
    outcome: CallBackOutcome


class CloseBadRating(Command, frozen=True, kw_only=True):
    """Nothing is left to do."""

    loop: str


# ---------------------------------------------------------------- events


class BadRatingOpened(Event, frozen=True, kw_only=True):
    """A rating of level 1 or 2 was given."""

    loop: str
    request: str
    ticket: str
    counter: str
    clerk: str | None
    department: str
    level: int
    named: bool
    verify_due: str
    call_back_due: str | None
    put_right_due: str


class LoopEvent(Event, frozen=True, kw_only=True):
    """A step of a loop, by a clerk or an account."""

    loop: str
    clerk: str | None
    account: str | None
    outcome_code: str | None = None


class BadRatingVerified(LoopEvent, frozen=True, kw_only=True):
    """`outcome_code` is `clear complex unfounded`."""


class BadRatingPutRight(LoopEvent, frozen=True, kw_only=True):
    """Put right."""


class BadRatingExplained(LoopEvent, frozen=True, kw_only=True):
    """Explained."""


class BadRatingCalledBack(LoopEvent, frozen=True, kw_only=True):
    """`outcome_code` is `satisfied not_satisfied not_reached`."""


class BadRatingClosed(LoopEvent, frozen=True, kw_only=True):
    """`outcome_code` is the result of the call, or `anonymous`: there was nobody to call."""


# ---------------------------------------------------------------- decide


def opening(hall: Hall, request: RatingRequest, *, level: int, named: bool, stamp: Stamp) -> BadRatingOpened:
    """The event that opens the loop of a rating given now."""
    limits, today = hall.settings.rating, local(stamp.at, hall.zone).date()
    call_back = deadlines.due_instant(hall, start=today, days=limits.bad_rating_call_back)
    put_right = deadlines.due_instant(hall, start=today, days=limits.bad_rating_put_right)
    service, counter = hall.services.get(request.service or ""), hall.counters.get(request.counter)
    return BadRatingOpened(
        loop=register.next_number(hall, register.LOOP, at=stamp.at),
        request=request.id,
        ticket=request.ticket,
        counter=request.counter,
        clerk=request.clerk,
        department=service.department if service else (counter.department if counter else ""),
        level=level,
        named=named,
        verify_due=text(call_back, hall.zone),
        call_back_due=text_or_none(call_back if named else None, hall.zone),
        put_right_due=text(put_right, hall.zone),
    )


def of_request(hall: Hall, request: str) -> BadRating | None:
    """The loop a rating opened, None when it opened none or its record has left the hall."""
    return next((loop for loop in hall.bad_ratings.values() if loop.request == request), None)


def may_handle(hall: Hall, stamp: Stamp, loop: BadRating) -> bool:
    """Whether the caller handles bad ratings here: a manager, or the department's chief representative."""
    clerk = hall.clerks.get(stamp.clerk or "")
    if clerk is not None:
        return clerk.chief and clerk.department == loop.department
    account = hall.accounts.get(stamp.actor.removeprefix("account:"))
    if account is None:
        return False
    return account.role == "manager" or (
        account.role == "chief_representative" and account.department == loop.department
    )


def may_see(hall: Hall, stamp: Stamp, loop: BadRating) -> bool:
    """Whether the caller may know of it: auditors, and whoever handles it unless it is about him."""
    account = hall.accounts.get(stamp.actor.removeprefix("account:"))
    if account is not None and account.role == "auditor":
        return True
    return may_handle(hall, stamp, loop) and not concerns(stamp, loop)


def concerns(stamp: Stamp, loop: BadRating) -> bool:
    """Whether the caller is the clerk who was rated."""
    return stamp.clerk is not None and stamp.clerk == loop.clerk


def find(hall: Hall, ident: str, stamp: Stamp) -> BadRating:
    """An open loop the caller handles. To others there is none: a clerk does not learn of his ratings by asking."""
    loop = hall.bad_ratings.get(ident)
    if loop is None or not may_handle(hall, stamp, loop):
        raise Refused("unknown_bad_rating")
    if concerns(stamp, loop):
        raise Refused("concerns_yourself")
    if loop.state == "closed":
        raise Refused("wrong_state", state=loop.state)
    return loop


def by(loop: BadRating, stamp: Stamp, outcome: str | None = None) -> dict[str, Any]:
    """The common fields of a step."""
    account = stamp.actor.removeprefix("account:") if stamp.actor.startswith("account:") else None
    return {"loop": loop.id, "clerk": stamp.clerk, "account": account, "outcome_code": outcome}


@decides(VerifyBadRating)
def verify(hall: Hall, c: VerifyBadRating, stamp: Stamp) -> list[Event]:
    loop = find(hall, c.loop, stamp)
    if loop.state != "opened":
        raise Refused("wrong_state", state=loop.state)
    return [BadRatingVerified(**by(loop, stamp, c.finding))]


def verified(hall: Hall, ident: str, stamp: Stamp) -> BadRating:
    """A loop that was verified and is not answered yet."""
    loop = find(hall, ident, stamp)
    if loop.state == "opened":
        raise Refused("not_verified")
    if loop.state != "verified":
        raise Refused("wrong_state", state=loop.state)
    return loop


@decides(PutBadRatingRight)
def put_right(hall: Hall, c: PutBadRatingRight, stamp: Stamp) -> list[Event]:
    return [BadRatingPutRight(**by(verified(hall, c.loop, stamp), stamp))]


@decides(ExplainBadRating)
def explain(hall: Hall, c: ExplainBadRating, stamp: Stamp) -> list[Event]:
    return [BadRatingExplained(**by(verified(hall, c.loop, stamp), stamp))]


@decides(CallBack)
def call_back(hall: Hall, c: CallBack, stamp: Stamp) -> list[Event]:
    loop = find(hall, c.loop, stamp)
    if not loop.named:
        raise Refused("nobody_to_call")
    if loop.state == "opened":
        raise Refused("not_verified")
    return [BadRatingCalledBack(**by(loop, stamp, c.outcome))]


@decides(CloseBadRating)
def close(hall: Hall, c: CloseBadRating, stamp: Stamp) -> list[Event]:
    loop = find(hall, c.loop, stamp)
    if loop.state == "opened":
        raise Refused("not_verified")
    if loop.state == "verified":
        raise Refused("not_put_right")
    if loop.named and loop.call_back is None:
        raise Refused("not_called_back")
    return [BadRatingClosed(**by(loop, stamp, loop.call_back or ANONYMOUS))]


def overdue_step(loop: BadRating, now: int) -> tuple[str, int] | None:
    """The step that is late and since when: `verify call_back put_right`, the earliest first; None when none is."""
    late: list[tuple[int, str]] = []
    if loop.state == "opened":
        late.append((loop.verify_due, "verify"))
    if loop.state in ("opened", "verified"):
        late.append((loop.put_right_due, "put_right"))
    if loop.call_back_due is not None and loop.call_back is None and loop.state != "closed":
        late.append((loop.call_back_due, "call_back"))
    since, step = min((one for one in late if now > one[0]), key=lambda one: one[0], default=(0, ""))
    return (step, since) if step else None


# ---------------------------------------------------------------- evolve


@evolves(BadRatingOpened)
def opened(hall: Hall, e: BadRatingOpened, at: int, seq: int) -> None:
    register.count(hall, e.loop)
    hall.bad_ratings[e.loop] = BadRating(
        id=e.loop,
        request=e.request,
        ticket=e.ticket,
        counter=e.counter,
        clerk=e.clerk,
        department=e.department,
        level=e.level,
        named=e.named,
        opened=at,
        verify_due=instant(e.verify_due),
        call_back_due=None if e.call_back_due is None else instant(e.call_back_due),
        put_right_due=instant(e.put_right_due),
        steps=[Step(step="opened", at=at, who="visitor")],
    )


def noted(hall: Hall, e: LoopEvent, *, step: str, at: int) -> BadRating:
    """The loop, one step longer."""
    loop = hall.bad_ratings[e.loop]
    who = f"clerk:{e.clerk}" if e.clerk is not None else f"account:{e.account}"
    loop.steps.append(Step(step=step, at=at, who=who, outcome=e.outcome_code))
    return loop


@evolves(BadRatingVerified)
def was_verified(hall: Hall, e: BadRatingVerified, at: int, seq: int) -> None:
    loop = noted(hall, e, step="verified", at=at)
    loop.state, loop.finding = "verified", e.outcome_code


@evolves(BadRatingPutRight)
def was_put_right(hall: Hall, e: BadRatingPutRight, at: int, seq: int) -> None:
    noted(hall, e, step="put_right", at=at).state = "put_right"


@evolves(BadRatingExplained)
def was_explained(hall: Hall, e: BadRatingExplained, at: int, seq: int) -> None:
    noted(hall, e, step="explained", at=at).state = "explained"


@evolves(BadRatingCalledBack)
def was_called_back(hall: Hall, e: BadRatingCalledBack, at: int, seq: int) -> None:
    noted(hall, e, step="called_back", at=at).call_back = e.outcome_code


@evolves(BadRatingClosed)
def was_closed(hall: Hall, e: BadRatingClosed, at: int, seq: int) -> None:
    loop = noted(hall, e, step="closed", at=at)
    loop.state, loop.closed = "closed", at
