"""A word from the visitor's page: a complaint or an entry of the message book, by forms that work without script.

They have a page of their own, because the ticket's page reloads by itself and would take a half-written word with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post

from hall_protocol.refusals import REFUSALS, Refused
from hall_protocol.requests import inquiries as ask

from ...core.hall import Hall
from ...core.matters.complaint import CATEGORIES, Complaint
from ...core.matters.message_book import BookEntry
from ...core.registry import Command, Event
from ...engine import Once
from ...personal.vault import Visitor
from ..device.complaints import complaint_of, message_of, numbered
from ..house import House, HttpRequest
from ..kept_words import ANSWERED, opened
from .page import HEADERS, KEPT, fields, fresh_key, key_in, message, page, picture_of, sentence, speech_for

NUMBER = re.compile(r"\d{4}-\d{5,9}")
TEXT_MOST = 2000
PHONE_MOST = 32
STATE_WORDS = {
    "received": "page.state.received",
    "written": "page.state.received",
    "accepted": "complaint.state.accepted",
    "investigating": "complaint.state.investigating",
    "disposed": "complaint.state.disposed",
    "answered": "complaint.state.answered",
    "published": "complaint.state.answered",
    "complaint": "page.state.complaint",
    "filed": "complaint.state.archived",
    "withdrawn": "page.state.withdrawn",
}
"""What a writer is told of how far it is."""


@dataclass(frozen=True)
class Own:
    """One word sent from this page: its number, how far it is, and what was answered."""

    no: str
    state: str
    answer: str | None


async def own_entries(house: House, hall: Hall, ticket: str) -> list[Own]:
    """What was sent from this ticket's page, newest first; an answer is for whoever wrote."""
    known: list[Complaint | BookEntry] = [*hall.complaints.values(), *hall.book.values()]
    found = [e for e in known if e.ticket == ticket and e.channel == "page"]
    told = []
    for entry in sorted(found, key=lambda e: e.no, reverse=True):
        has_answer = any(step.step == "answered" for step in entry.steps)
        kept = await opened(house, entry.no + ANSWERED, who="ticket", why="own_answer") if has_answer else None
        told.append(Own(entry.no, STATE_WORDS[entry.state], kept.text if kept else None))
    return told


@get("/{token:str}/write", include_in_schema=False)
async def show_writing(request: HttpRequest, token: str) -> Response[str]:
    """Both forms; after one was sent, the number it got."""
    house: House = request.app.state.house
    picture = picture_of(house, house.engine.hall, str(house.caller(request).ticket))
    if picture is None:
        return message(request, "gone", 410)
    speech = speech_for(request, picture)
    noted, said = request.query_params.get("noted", ""), request.query_params.get("said", "")
    path = request.url.path.removesuffix("/write")
    own = await own_entries(house, house.engine.hall, picture.ticket.id)
    kept = urlencode({k: v for k in KEPT if (v := request.query_params.get(k))})
    answer = page(
        request,
        "write.html",
        speech,
        title=speech.say("page.write"),
        number=picture.ticket.number,
        categories=CATEGORIES,
        own=own,
        noted=noted if NUMBER.fullmatch(noted) else None,
        said=sentence(speech, said) if said in REFUSALS else None,
        fresh_key=fresh_key,
        action=lambda verb="": path + (f"/{verb}" if verb else "") + (f"?{kept}" if kept else ""),
        phone=house.engine.hall.settings.hall.complaint_phone,
    )
    await house.engine.settled()
    return answer


async def taken_in(request: HttpRequest, verb: str, command: Command, given: dict[str, str]) -> Response[bytes]:
    """Lets a form happen once, keeps its words, and leads back to the page with the number it got."""
    house: House = request.app.state.house
    caller = house.caller(request)
    body = urlencode(sorted((k, v) for k, v in given.items() if k != "idempotency_key")).encode()
    once = Once(f"{caller.scope}|POST /t/{verb}", key_in(given), house.seals.fingerprint(body))

    def respond(hall: Hall, events: list[Event]) -> tuple[int, bytes]:
        return 303, numbered(hall, events).no.encode()

    told = await house.engine.submit(command, caller.stamp(house.engine.clock.now()), respond=respond, once=once)
    number = told.body.decode()
    await house.keep(number, Visitor(text=given["text"].strip(), phone=given.get("phone", "").strip() or None))
    return back(request, noted=number)


def back(request: HttpRequest, **values: str) -> Response[bytes]:
    """Back to the forms."""
    query = urlencode({k: v for k in KEPT if (v := request.query_params.get(k))} | values)
    place = request.url.path.rpartition("/")[0] + f"/write?{query}"
    return Response(b"", status_code=303, media_type="text/plain", headers={**HEADERS, "Location": place})


async def words(request: HttpRequest) -> dict[str, str]:
    """What the form says; refuses an empty or endless text."""
    given = await fields(request)
    if not 0 < len(given.get("text", "").strip()) <= TEXT_MOST or len(given.get("phone", "")) > PHONE_MOST:
        raise Refused("bad_request", why="text")
    return given


@post("/{token:str}/complain", status_code=303, include_in_schema=False)
async def complain(request: HttpRequest, token: str) -> Response[bytes]:
    """A complaint about the service of this ticket, a question or a suggestion."""
    house: House = request.app.state.house
    given = await words(request)
    if given.get("category") not in CATEGORIES:
        raise Refused("unknown_category")
    said: Any = given["category"]
    data = ask.Complain(category=said, text=given["text"].strip())
    return await happened(request, "complain", complaint_of(house.caller(request), data), given)


@post("/{token:str}/write", status_code=303, include_in_schema=False)
async def write(request: HttpRequest, token: str) -> Response[bytes]:
    """An entry of the message book."""
    house: House = request.app.state.house
    given = await words(request)
    data = ask.WriteMessage(text=given["text"].strip(), publish=given.get("publish") == "yes")
    return await happened(request, "write", message_of(house.caller(request), data), given)


async def happened(request: HttpRequest, verb: str, command: Command, given: dict[str, str]) -> Response[bytes]:
    """A rule's no is said on the page; a broken form is not led back to itself."""
    try:
        return await taken_in(request, verb, command, given)
    except Refused as refused:
        if refused.status in (409, 503):
            return back(request, said=refused.code)
        raise
