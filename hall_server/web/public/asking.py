"""Forms open to anyone, without script: how far is my case, a complaint, the message book; and who the hall is.

Whoever asks for a case shows number and check code; every wrong pair gets one answer (A3b). Words go where names are
kept; the number that was given stands on the page that answers.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post

from hall_protocol.refusals import REFUSALS, Refused
from hall_protocol.requests import inquiries as ask
from hall_protocol.requests import matters

from ...core.hall import Hall
from ...core.matters.complaint import CATEGORIES, Complain
from ...core.matters.message_book import WriteMessage
from ...core.registry import Command, Event
from ...engine import Once
from ...personal.vault import Visitor
from ..caller import ANYONE
from ..device.complaints import numbered
from ..guard import address_of
from ..house import House, HttpRequest
from ..kept_words import ANSWERED
from .case_face import case_face
from .case_status import status_of
from .open_page import by_language, open_page, speech_of, to
from .page import HEADERS, fields, fresh_key, key_in, sentence
from .writing import NUMBER, words

GUESSES_PER_S = 2
"""Most questions a second for one case number, from wherever: a check code is not found by trying."""
WRITINGS_PER_S = 1
"""Most words a second from one address."""
FIELD_MOST = 64
BOOK_SHOWN = 20
CHANNEL = "page"


# ---------------------------------------------------------------- a case


@get("/case", include_in_schema=False)
async def show_case_form(request: HttpRequest) -> Response[str]:
    """Number and check code, as the receipt has them."""
    return case_form(request, status=200, said=None)


def case_form(request: HttpRequest, *, status: int, said: str | None, no: str = "") -> Response[str]:
    """The form, with why nothing was found. The check code is never written back."""
    speech = speech_of(request)
    return open_page(
        request, "guide_case.html", speech, title=speech.say("case.query"), place="case", status=status, said=said,
        case=None, no=no,
    )  # fmt: skip


@post("/case", status_code=200, include_in_schema=False)
async def ask_case(request: HttpRequest) -> Response[str]:
    """How far it is. Reading changes nothing, so there is no hidden key; the code never stands in an address."""
    house: House = request.app.state.house
    speech, given = speech_of(request), await fields(request)
    no, code = given.get("no", "").strip(), given.get("check_code", "").strip()
    if not no or not code or len(no) > FIELD_MOST or len(code) > FIELD_MOST:
        return case_form(request, status=404, said=sentence(speech, "unknown_case"), no=no[:FIELD_MOST])
    house.pace.check(f"asked:{no}", GUESSES_PER_S)
    try:
        status = status_of(house, house.engine.hall, matters.AskStatus(no=no, check_code=code))
    except Refused as refused:
        return case_form(request, status=refused.status, said=sentence(speech, refused.code), no=no)
    answer = open_page(
        request, "guide_case.html", speech, title=f"{speech.say('case.case')} {status.no}", place="case", said=None,
        case=case_face(status, speech), no="",
    )  # fmt: skip
    await house.engine.settled()
    return answer


# ---------------------------------------------------------------- a word


@get("/write", include_in_schema=False)
async def show_forms(request: HttpRequest) -> Response[str]:
    """Complaint and message book; after one was sent, the number it got. Below, what was published."""
    house: House = request.app.state.house
    hall, speech = house.engine.hall, speech_of(request)
    noted, said = request.query_params.get("noted", ""), request.query_params.get("said", "")
    answer = open_page(
        request, "guide_write.html", speech, title=speech.say("page.write"), place="write", categories=CATEGORIES,
        noted=noted if NUMBER.fullmatch(noted) else None, said=sentence(speech, said) if said in REFUSALS else None,
        fresh_key=fresh_key, phone=hall.settings.hall.complaint_phone, book=published(house, hall),
    )  # fmt: skip
    await house.engine.settled()
    return answer


def published(house: House, hall: Hall) -> list[tuple[str, str, str]]:
    """The newest entries both sides agreed to publish: number, words, answer."""
    shown = [e.no for e in hall.book.values() if e.state == "published"]
    return [
        (no, house.words.get(no, "—"), house.words.get(no + ANSWERED, "—"))
        for no in sorted(shown, reverse=True)[:BOOK_SHOWN]
    ]


@post("/complain", status_code=303, include_in_schema=False)
async def complain(request: HttpRequest) -> Response[bytes]:
    """A complaint, a question or a suggestion of somebody who may have no ticket."""
    given = await words(request)
    if given.get("category") not in CATEGORIES:
        raise Refused("unknown_category")
    said: Any = given["category"]
    data = ask.Complain(category=said, text=given["text"].strip())
    return await sent(request, "complain", Complain(category=data.category, channel=CHANNEL), given)


@post("/message", status_code=303, include_in_schema=False)
async def write(request: HttpRequest) -> Response[bytes]:
    """An entry of the message book."""
    given = await words(request)
    return await sent(request, "message", WriteMessage(publish=given.get("publish") == "yes", channel=CHANNEL), given)


async def sent(request: HttpRequest, verb: str, command: Command, given: dict[str, str]) -> Response[bytes]:
    """Lets a form happen once, keeps its words, and leads to the number; a rule's no is said on the page."""
    house: House = request.app.state.house
    body = urlencode(sorted((k, v) for k, v in given.items() if k != "idempotency_key")).encode()
    once = Once(f"{ANYONE.scope}|POST /guide/{verb}", key_in(given), house.seals.fingerprint(body))
    house.pace.check(f"writes:{address_of(request)}", WRITINGS_PER_S)

    def respond(hall: Hall, events: list[Event]) -> tuple[int, bytes]:
        return 303, numbered(hall, events).no.encode()

    try:
        told = await house.engine.submit(command, ANYONE.stamp(house.engine.clock.now()), respond=respond, once=once)
        number = told.body.decode()
        await house.keep(number, Visitor(text=given["text"].strip(), phone=given.get("phone", "").strip() or None))
    except Refused as refused:
        if refused.status not in (409, 503):
            raise
        return led_to(to(request, "write", said=refused.code))
    return led_to(to(request, "write", noted=number))


def led_to(place: str) -> Response[bytes]:
    """To another page."""
    return Response(b"", status_code=303, media_type="text/plain", headers={**HEADERS, "Location": place})


# ---------------------------------------------------------------- who the hall is


@get("/hall", include_in_schema=False)
async def show_hall(request: HttpRequest) -> Response[str]:
    """Organisation, address and contacts from the settings; departments with their counters. No person's name."""
    house: House = request.app.state.house
    hall, speech = house.engine.hall, speech_of(request)
    known, chosen = hall.settings.hall, hall.settings.public
    counters: dict[str, list[tuple[str, str]]] = {}
    for counter in sorted(hall.counters.values(), key=lambda c: (len(c.counter), c.counter)):
        if not counter.retired and counter.department:
            counters.setdefault(counter.department, []).append((counter.counter, counter.phone))
    answer = open_page(
        request, "guide_hall.html", speech, title=speech.say("public.hall"), place="hall",
        organisation=paragraphs(by_language(chosen.organisation, speech.language)),
        address=by_language(chosen.address, speech.language),
        contacts=paragraphs(by_language(chosen.contacts, speech.language)),
        hours=speech.listed([span.replace("-", "–") for span in hall.settings.hours.working_day]),
        phone=known.complaint_phone, departments=[(d, counters[d]) for d in sorted(counters)],
    )  # fmt: skip
    await house.engine.settled()
    return answer


def paragraphs(words: str) -> list[str]:
    """The lines of a text that a person wrote."""
    return [line for line in re.split(r"\s*\n\s*", words.strip()) if line]


ROUTES = (show_case_form, ask_case, show_forms, complain, write, show_hall)
