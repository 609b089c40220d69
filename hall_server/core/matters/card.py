"""Cards of electronic supervision (domain.md 5): raised by the clock or by an auditor, revoked by an auditor.

A card is a fact and stays in the register; revoked, it no longer colours the light. It never changes a due date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from hall_protocol.refusals import Refused

from ..registry import Command, Event, decides, evolves
from ..stamp import Stamp, instant, text
from .case import Case, about
from .case_events import CaseEvent

if TYPE_CHECKING:
    from ..hall import Hall

CAUSES: Final = frozenset(
    {
        "valid_case_not_accepted", "late_first_review", "refused_without_reasons", "system_not_used", "unlawful_fee",
        "delivered_late", "other",
    }
)  # fmt: skip
"""What an auditor raises a card for; the limits themselves are the clock's."""


class Card(msgspec.Struct, gc=False, array_like=True):
    """One card. `true` is when its cause became true, `raised` when it was raised, milliseconds."""

    id: str
    case: str
    level: str
    cause: str
    rule: str
    due: int | None
    calendar_version: str
    true: int
    raised: int
    counter: str | None
    clerk: str | None
    revoked: int | None = None
    reason: str | None = None
    evidence: str | None = None


class RaiseCard(Command, frozen=True, kw_only=True):
    """An auditor has seen what no clock can."""

    case: str
    cause: str
    level: str = "yellow"


class RevokeCard(Command, frozen=True, kw_only=True):
    """It should not stand. Reason and evidence are codes; words about them are in the vault."""

    card: str
    reason: str
    evidence: str


class CardRaised(CaseEvent, frozen=True, kw_only=True):
    """A card stands. `true_at` is earlier than `raised_at` when the server was down over it."""

    card: str
    level: str
    cause: str
    rule: str
    due_at: str | None
    calendar_version: str
    true_at: str
    raised_at: str


class CardRevoked(Event, frozen=True, kw_only=True):
    """It colours nothing any more and stays in the register, counted apart."""

    card: str
    case: str
    reason_code: str
    evidence: str
    department: str = ""
    counter: str | None = None
    clerk: str | None = None
    ticket: str | None = None
    passed: tuple[str, ...] = ()
    """Other `level:cause` that came true while it stood: they are past, only a later threshold raises its own card."""


def card_id(case: str, count: int) -> str:
    """The id of a case's n-th card."""
    return f"{case}-{count}"


def find_case(hall: Hall, no: str) -> Case:
    """The case of that number, or `unknown_case`."""
    found = hall.cases.get(no)
    if found is None:
        raise Refused("unknown_case")
    return found


@decides(RaiseCard)
def raise_card(hall: Hall, c: RaiseCard, stamp: Stamp) -> list[Event]:
    case = find_case(hall, c.case)
    if c.cause not in CAUSES:
        raise Refused("card_without_cause")
    if f"{c.level}:{c.cause}" in case.done:
        raise Refused("card_stands")
    if case.clock == "stopped":
        raise Refused("wrong_state", state=case.state)
    now = text(stamp.at, hall.zone)
    return [
        CardRaised(
            **about(case),
            card=card_id(case.no, len(case.cards) + 1),
            level=c.level,
            cause=c.cause,
            rule="auditor",
            due_at=None if case.promised_due is None else text(case.promised_due, hall.zone),
            calendar_version=case.calendar_version,
            true_at=now,
            raised_at=now,
        )
    ]


@decides(RevokeCard)
def revoke_card(hall: Hall, c: RevokeCard, stamp: Stamp) -> list[Event]:
    card = hall.cards.get(c.card)
    if card is None:
        raise Refused("unknown_card")
    if card.revoked is not None:
        raise Refused("wrong_state", state="revoked")
    if not c.reason:
        raise Refused("reason_missing")
    if not c.evidence:
        raise Refused("evidence_missing")
    case = hall.cases[card.case]
    return [
        CardRevoked(
            card=card.id,
            case=card.case,
            reason_code=c.reason,
            evidence=c.evidence,
            department=case.department,
            counter=case.counter,
            clerk=case.clerk,
            ticket=case.ticket,
            passed=passed_over(hall, case, card, at=stamp.at),
        )
    ]


def passed_over(hall: Hall, case: Case, card: Card, *, at: int) -> tuple[str, ...]:
    """What else would have raised a red card until now, had this one not stood."""
    if card.level != "red" or not case.is_running:
        return ()
    due = hall.agenda_now().reckoner.red_at(case)
    return tuple(f"red:{t.cause}" for t in due if t.at <= at and f"red:{t.cause}" not in case.done)


@evolves(CardRaised)
def card_raised(hall: Hall, e: CardRaised, at: int, seq: int) -> None:
    hall.cards[e.card] = Card(
        id=e.card,
        case=e.case,
        level=e.level,
        cause=e.cause,
        rule=e.rule,
        due=None if e.due_at is None else instant(e.due_at),
        calendar_version=e.calendar_version,
        true=instant(e.true_at),
        raised=at,
        counter=e.counter,
        clerk=e.clerk,
    )
    case = hall.cases[e.case]
    case.cards.append(e.card)
    case.standing.append(e.level)
    case.done.append(f"{e.level}:{e.cause}")
    hall.case_changed(case)


@evolves(CardRevoked)
def card_revoked(hall: Hall, e: CardRevoked, at: int, seq: int) -> None:
    card, case = hall.cards[e.card], hall.cases[e.case]
    card.revoked, card.reason, card.evidence = at, e.reason_code, e.evidence
    case.standing.remove(card.level)
    case.done += e.passed
    hall.case_changed(case)
