"""First-contact responsibility at the counter: asked, handed over, accepted or declined, answered."""

from __future__ import annotations

import asyncio
from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.datastructures import State
from litestar.params import Parameter

from hall_protocol.pictures.inquiries import Inquiry as InquiryView
from hall_protocol.pictures.inquiries import InquiryEntry
from hall_protocol.refusals import Refused
from hall_protocol.requests import Empty
from hall_protocol.requests import inquiries as ask

from ...core.hall import Hall
from ...core.matters import inquiry
from ...core.matters.inquiry import Inquiry
from ...core.matters.inquiry_chief import department_of, may_assign, may_see
from ...core.pictures.inquiry import DECLINED, RESULT, chiefs_list, inquiry_entry, inquiry_view, of_clerk, offered_to
from ...core.registry import Command, Event
from ...core.stamp import Stamp
from ...personal.vault import Visitor
from ..device.tickets import answers, house_of
from ..house import House, HttpRequest
from ..kept_words import at_hand, left_by, opened

GIVEN = "given"
"""Stands for a one-time notice that is to get its number."""


class InquiriesView(msgspec.Struct):
    """Inquiries, oldest first."""

    inquiries: list[InquiryEntry]


class VisitorView(msgspec.Struct):
    """Whoever asked, in full; the look is on record."""

    name: str | None
    phone: str | None


ONE = answers(200, InquiryView, "The inquiry as it is now")


def stamped(house: House, request: HttpRequest) -> Stamp:
    """The caller, now."""
    return house.caller(request).stamp(house.engine.clock.now())


async def act(
    request: HttpRequest, state: State, command: Command, ident: str, words: dict[str, str] | None = None
) -> Response[bytes]:
    """One act on an inquiry; the answer shows it as it is then. `words` by what stands behind the inquiry's number."""
    house = house_of(state)

    def view(hall: Hall, events: list[Event]) -> InquiryView:
        for behind, text in (words or {}).items():
            house.words[ident + behind] = text
        return inquiry_view(hall, inquiry.find(hall, ident), now=house.engine.clock.now())

    answer = await house.act(request, command, view)
    for behind, text in (words or {}).items():
        await house.keep(ident + behind, Visitor(text=text))
    return answer


@post("/inquiries", responses=answers(201, InquiryView, "Registered"), summary="Register a first inquiry")
async def register(request: HttpRequest, state: State, data: ask.OpenInquiry) -> Response[bytes]:
    """The clerk who is asked first stays responsible until there is an answer."""
    house = house_of(state)
    said = left_by(data.visitor, data.matter)
    command = inquiry.OpenInquiry(
        belongs_to=data.belongs_to, service=data.service, channel=data.channel, ticket=data.ticket
    )

    def view(hall: Hall, events: list[Event]) -> InquiryView:
        event = events[0]
        assert isinstance(event, inquiry.InquiryOpened)
        at_hand(house, event.inquiry, said)
        return inquiry_view(hall, hall.inquiries[event.inquiry], now=house.engine.clock.now())

    answer = await house.act(request, command, view, status=201)
    await house.keep(number_in(answer), said)
    return answer


def number_in(answer: Response[bytes]) -> str:
    """The inquiry an answer is about: a repeated request is about the one it was about first."""
    return str(msgspec.json.decode(answer.content)["id"])


@get("/inquiries", responses=answers(200, InquiriesView, "Inquiries"), summary="List first inquiries")
async def listed(
    request: HttpRequest,
    state: State,
    mine: Annotated[str | None, Parameter(max_length=5)] = None,
    before_chief: Annotated[str | None, Parameter(query="chief", max_length=5)] = None,
) -> Response[bytes]:
    """Open ones the caller may see. `mine`: own ones and those offered to him; `chief`: what lies before the chief."""
    house = house_of(state)
    caller = house.caller(request)
    stamp = stamped(house, request)

    def view(hall: Hall) -> InquiriesView:
        sight = house.eyes.sight(hall)
        if mine is not None:
            clerk = caller.clerk or ""
            found = [*of_clerk(hall, clerk), *offered_to(hall, clerk)]
        elif before_chief is not None:
            departments = [d for d in hall.departments if may_assign(hall, stamp, d)]
            found = [i for d in departments for i in chiefs_list(hall, d, now=stamp.at)]
        else:
            found = [i for i in hall.inquiries.values() if may_see(hall, stamp, i)]
        return InquiriesView(inquiries=[inquiry_entry(hall, i, sight) for i in found])

    return await house.shown(view)


def seen(house: House, request: HttpRequest, ident: str) -> Inquiry:
    """An inquiry that concerns the caller; to others there is none."""
    hall = house.engine.hall
    found = inquiry.find(hall, ident)
    if not may_see(hall, stamped(house, request), found):
        raise Refused("unknown_inquiry")
    return found


@get("/inquiries/{id:str}", responses=answers(200, InquiryEntry, "The inquiry"), summary="Look at a first inquiry")
async def look(request: HttpRequest, state: State, id: str) -> Response[bytes]:
    """With its words, its visitor masked, and others of the same visitor."""
    house = house_of(state)
    found = seen(house, request, id)
    same = await asyncio.to_thread(others_of_visitor, house, found)
    return await house.shown(lambda hall: inquiry_entry(hall, found, house.eyes.sight(hall), same=same))


def others_of_visitor(house: House, found: Inquiry) -> tuple[str, ...]:
    """Inquiries of the same day with the same identity number or telephone."""
    hall = house.engine.hall
    kept = house.vault.get(found.id, who="hall", why="inquiries of the same visitor")
    number = (kept.id_number or kept.phone) if kept is not None else None
    if number is None:
        return ()
    same = house.vault.find_same(number, day=hall.date_of(found.opened))
    return tuple(s.ref for s in same if s.ref != found.id and s.ref.startswith("I"))


@get("/inquiries/{id:str}/visitor", responses=answers(200, VisitorView, "Whoever asked"), summary="Whom to answer")
async def visitor(request: HttpRequest, state: State, id: str) -> Response[bytes]:
    """Name and telephone in full, for whoever has to give the answer; the look is recorded."""
    house = house_of(state)
    caller = house.caller(request)
    found = seen(house, request, id)
    if found.responsible != caller.clerk and not may_assign(
        house.engine.hall, stamped(house, request), department_of(house.engine.hall, found)
    ):
        raise Refused("not_yours")
    kept = await opened(house, id, who=caller.actor, why="answer_inquiry")
    return await house.shown(lambda _: VisitorView(name=kept.name, phone=kept.phone))


@post("/inquiries/{id:str}/hand-over", status_code=200, responses=ONE, summary="Hand over to a named clerk")
async def hand_over(request: HttpRequest, state: State, id: str, data: ask.HandOver) -> Response[bytes]:
    """Open until that clerk accepts; until then whoever hands over stays responsible."""
    return await act(request, state, inquiry.HandOverInquiry(inquiry=id, to=data.to), id)


@post("/inquiries/{id:str}/accept", status_code=200, responses=ONE, summary="Accept a hand-over")
async def accept(request: HttpRequest, state: State, id: str, data: Empty | None = None) -> Response[bytes]:
    """By the one it was offered to, and nobody else."""
    return await act(request, state, inquiry.AcceptInquiry(inquiry=id), id)


@post("/inquiries/{id:str}/decline", status_code=200, responses=ONE, summary="Decline a hand-over")
async def decline(request: HttpRequest, state: State, id: str, data: ask.Decline) -> Response[bytes]:
    """Whoever handed over stays responsible and sees why."""
    words = {} if data.reason in inquiry.DECLINE_REASONS else {DECLINED: data.reason}
    return await act(request, state, inquiry.DeclineInquiry(inquiry=id, reason=data.reason), id, words)


@post("/inquiries/{id:str}/answer", status_code=200, responses=ONE, summary="Answer an inquiry")
async def answer(request: HttpRequest, state: State, id: str, data: ask.AnswerInquiry) -> Response[bytes]:
    """With a result. `one_time_notice` true gives the notice its number; a text is the number it has already."""
    notice = data.one_time_notice
    number = notice if isinstance(notice, str) else (GIVEN if notice else None)
    return await act(request, state, inquiry.AnswerInquiry(inquiry=id, notice=number), id, {RESULT: data.result})


@post("/inquiries/{id:str}/assign", status_code=200, responses=ONE, summary="Say who sees it through")
async def assign(request: HttpRequest, state: State, id: str, data: ask.HandOver) -> Response[bytes]:
    """By the chief representative of the department, or a manager of the hall."""
    return await act(request, state, inquiry.AssignInquiry(inquiry=id, to=data.to), id)
