"""The register of cards: read by managers and auditors, raised and revoked by auditors alone."""

from __future__ import annotations

import re
from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.datastructures import State
from litestar.params import Parameter

from hall_protocol.pictures.matters import Card as CardView
from hall_protocol.requests import matters as ask

from ...core.hall import Hall
from ...core.matters import card
from ...core.pictures.case import card_view
from ...core.registry import Event
from ...personal.vault import Visitor
from ..clerk.counters import code_of
from ..device.tickets import answers, house_of
from ..house import HttpRequest

REVOKE_REASONS = (
    "wrong_date",
    "server_was_down",
    "closure_not_entered",
    "entered_by_mistake",
    "beyond_control",
    "other",
)
EVIDENCE = re.compile(r"(?:seq:)?[0-9]{1,12}(?:[,;-](?:seq:)?[0-9]{1,12}){0,9}|[a-z][a-z0-9_.-]{0,39}")
"""What may enter the journal as evidence: places of the journal, or a code; words about it are kept in the vault."""
LIST_MOST = 500


class CardList(msgspec.Struct):
    """Cards of the cases the hall still has, the newest first; revoked ones are counted apart."""

    cards: list[CardView]
    standing: int
    revoked: int


@get("/cards", responses=answers(200, CardList, "The register"), summary="Cards of electronic supervision")
async def cards(
    request: HttpRequest,
    state: State,
    case: Annotated[str | None, Parameter(max_length=64)] = None,
    level: Annotated[str | None, Parameter(max_length=10)] = None,
) -> Response[bytes]:
    """Older cases' cards stand in the journal and the reports."""

    def view(hall: Hall) -> CardList:
        found = [c for c in hall.cards.values() if case in (None, c.case) and level in (None, c.level)]
        found.sort(key=lambda c: (c.raised, c.id), reverse=True)
        revoked = sum(c.revoked is not None for c in found)
        return CardList(
            cards=[card_view(hall, c) for c in found[:LIST_MOST]], standing=len(found) - revoked, revoked=revoked
        )

    return await house_of(state).shown(view)


@post("/cards", responses=answers(201, CardView, "The card"), summary="Raise a card")
async def raise_card(request: HttpRequest, state: State, data: ask.RaiseCard) -> Response[bytes]:
    """For a cause no clock can see."""

    def view(hall: Hall, events: list[Event]) -> CardView:
        event = events[-1]
        assert isinstance(event, card.CardRaised)
        return card_view(hall, hall.cards[event.card])

    command = card.RaiseCard(case=data.case, cause=data.cause, level=data.level)
    return await house_of(state).act(request, command, view, status=201)


@post("/cards/{id:str}/revoke", status_code=200, responses=answers(200, CardView, "Revoked"), summary="Revoke a card")
async def revoke(request: HttpRequest, state: State, id: str, data: ask.RevokeCard) -> Response[bytes]:
    """With reason and evidence. It stays in the register and changes no due date."""
    house = house_of(state)
    reason, evidence = data.reason.strip(), data.evidence.strip()
    command = card.RevokeCard(
        card=id,
        reason=code_of(reason, REVOKE_REASONS) if reason else "",
        evidence=evidence if EVIDENCE.fullmatch(evidence) else ("kept" if evidence else ""),
    )
    answer = await house.act(request, command, lambda hall, _: card_view(hall, hall.cards[id]))
    if reason not in REVOKE_REASONS or command.evidence == "kept":
        await house.keep(f"card:{id}", Visitor(text=f"{reason}\n{evidence}"))
    return answer


ROUTES = (cards, raise_card, revoke)
"""Every route under `/cards`."""
