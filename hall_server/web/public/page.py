"""The visitor's page `/t/TOKEN`: made by the server, alive with a little script, whole without it.

The token in the address is the credential, for this one ticket and nothing else. Every form carries a fresh hidden key;
the same key has the same effect once, and every answer to a form is a redirection back to the page.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, Router, get, post
from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler

from hall_protocol.ids import is_key
from hall_protocol.pictures.ticket import TicketPicture
from hall_protocol.refusals import REFUSALS, Refused
from hall_protocol.requests import visitor as ask

from ...core.hall import Hall
from ...core.lines import ticket
from ...core.pictures.ticket import ticket_picture
from ...core.registry import Command, Event
from ...core.stamp import text
from ...engine import Once
from ..caller import Caller
from ..device.ratings import command_of, keep_comment
from ..guard import address_of
from ..house import House, HttpRequest
from ..problems import CODE_OF_STATUS
from ..problems import HEADERS as PROBLEM_HEADERS
from .look import script, style, templates
from .view import View, view_of
from .words import Speech, chosen_language

REQUESTS_PER_S = 5
"""Most requests a second for one ticket; the hall's own limit for devices holds as well where it is lower."""
RELOAD_S = 15
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {**PROBLEM_HEADERS, "Content-Security-Policy": POLICY}
KEPT = ("lang", "size")
"""What of the address's query is carried from page to page."""


# ---------------------------------------------------------------- the lock


def page_guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The token in the address opens this page. Wrong ones are counted by address, right ones by ticket."""
    house: House = connection.app.state.house
    limit = house.engine.hall.settings.limits.requests_per_s
    found = house.seals.unseal("ticket", connection.path_params.get("token", ""))
    if found is None:
        house.pace.check(f"address:{address_of(connection)}", limit)
        raise Refused("unknown_ticket")
    house.pace.check(f"page:{found}", min(limit, REQUESTS_PER_S))
    if (
        connection.headers.get("sec-fetch-site", "same-origin") == "cross-site"
        and connection.scope.get("method") == "POST"
    ):
        raise Refused("cross_origin")
    connection.scope["state"]["caller"] = Caller(role="ticket", scope=f"ticket:{found}", actor="ticket", ticket=found)


# ---------------------------------------------------------------- showing


def page(request: HttpRequest, name: str, speech: Speech, *, status: int = 200, **values: Any) -> Response[str]:
    """A page from its template, with what every page has."""
    house: House = request.app.state.house
    hall = house.engine.hall
    large = request.query_params.get("size") == "large"
    kept = {k: v for k in KEPT if (v := request.query_params.get(k))}

    def link(**changes: str) -> str:
        query = urlencode({k: v for k, v in {**kept, **changes}.items() if v})
        return f"?{query}" if query else "?"

    known = hall.settings.hall
    everywhere: dict[str, Any] = {
        "speech": speech,
        "say": speech.say,
        "large": large,
        "link": link,
        "hall_name": known.name.get(speech.language) or next(iter(known.name.values())),
        "hotline": known.hotline,
        "other_languages": [
            (code, speech.say(f"page.language.{code.lower().replace('-', '_')}"))
            for code in known.languages
            if code != speech.language
        ],
        "reload_s": None,
        "live": None,
        "no_names": False,
        "script": True,
        "refresh_s": None,
    }
    html = templates().get_template(name).render({**everywhere, **values})
    return Response(html, status_code=status, media_type="text/html", headers=HEADERS)


def message(request: HttpRequest, code: str, status: int, *, retry_s: int | None = None) -> Response[str]:
    """A page that says why there is no other; it tells nothing of any ticket."""
    house: House = request.app.state.house
    speech = Speech(chosen_language(request, house.engine.hall.settings.hall.languages, None))
    if code == "unknown_ticket":
        head, sentences = "page.wrong", [speech.say("page.wrong_hint")]
    elif code == "gone":
        head, sentences = "page.gone", [speech.say("page.gone_hint")]
    else:
        head, sentences = "page.trouble", [sentence(speech, code), speech.say("page.trouble_hint")]
    back = request.url.path if code not in ("unknown_ticket", "gone") and request.method == "GET" else None
    answer = page(
        request, "message.html", speech, status=status,
        title=speech.say(head), head=speech.say(head), sentences=sentences, back=back,
    )  # fmt: skip
    if retry_s is not None:
        answer.headers["Retry-After"] = str(retry_s)
    return answer


def sentence(speech: Speech, code: str) -> str:
    """A refusal in words."""
    return speech.say(f"refusal.{code}")


def on_refused(request: Request[Any, Any, Any], error: Refused) -> Response[str]:
    """A refusal as a page."""
    return message(request, error.code, error.status, retry_s=error.values.get("retry_after_s"))


def on_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[str]:
    """What cannot be read, as a page."""
    return message(request, CODE_OF_STATUS.get(error.status_code, "bad_request"), error.status_code)


def picture_of(house: House, hall: Hall, ident: str) -> TicketPicture | None:
    """The ticket's picture now."""
    return ticket_picture(hall, house.eyes.sight(hall), ident)


def speech_for(request: HttpRequest, picture: TicketPicture | None) -> Speech:
    """The reader's language; a ticket remembers the one its kiosk was set to."""
    house: House = request.app.state.house
    languages = house.engine.hall.settings.hall.languages
    return Speech(chosen_language(request, languages, picture.ticket.language if picture else None))


@get("/{token:str}", include_in_schema=False)
async def show(request: HttpRequest, token: str) -> Response[str]:
    """The page of one ticket as it is, told when all it shows is committed."""
    house: House = request.app.state.house
    hall = house.engine.hall
    caller = house.caller(request)
    picture = picture_of(house, hall, str(caller.ticket))
    speech = speech_for(request, picture)
    now = text(house.engine.clock.now(), hall.zone)
    view = view_of(picture, hall, speech, now=now) if picture is not None else None
    if view is None:
        return message(request, "gone", 410)
    answer = ticket_page(request, view, speech, seq=hall.seq)
    await house.engine.settled()
    return answer


def ticket_page(request: HttpRequest, view: View, speech: Speech, *, seq: int) -> Response[str]:
    """The page of a view."""
    said = request.query_params.get("said")
    kept = urlencode({k: v for k in KEPT if (v := request.query_params.get(k))})
    path = request.url.path.rstrip("/")
    return page(
        request,
        "ticket.html",
        speech,
        title=view.title,
        view=view,
        seq=seq,
        reload_s=RELOAD_S if view.reloads else None,
        live={
            "every_s": RELOAD_S,
            "words": speech.say("page.every", n=RELOAD_S)
            if view.reloads
            else speech.say("page.as_of", time=speech.clock(view.now)),
        },
        no_names=view.state == "waiting",
        said=sentence(speech, said) if said in REFUSALS else None,
        fresh_key=fresh_key,
        action=lambda verb: f"{path}/{verb}" + (f"?{kept}" if kept else ""),
    )


def fresh_key() -> str:
    """A key for one form of one page."""
    return secrets.token_urlsafe(12)


# ---------------------------------------------------------------- acting


async def act(request: HttpRequest, verb: str, command: Command, given: dict[str, str]) -> Response[bytes]:
    """Lets a form happen once, then leads back to the page; a refusal is said there."""
    house: House = request.app.state.house
    caller = house.caller(request)
    key = key_in(given)
    # The scope names the door without the token: what the journal keeps must open nothing.
    body = urlencode(sorted((k, v) for k, v in given.items() if k != "idempotency_key")).encode()
    once = Once(scope=f"{caller.scope}|POST /t/{verb}", key=key, fingerprint=house.seals.fingerprint(body))

    def respond(hall: Hall, events: list[Event]) -> tuple[int, bytes]:
        return 303, b""

    await house.engine.submit(command, caller.stamp(house.engine.clock.now()), respond=respond, once=once)
    return back(request)


def key_in(given: dict[str, str]) -> str:
    """The hidden key of a form."""
    key = given.get("idempotency_key", "")
    if not key:
        raise Refused("idempotency_key_missing")
    if not is_key(key):
        raise Refused("idempotency_key_bad")
    return key


def back(request: HttpRequest, said: str | None = None) -> Response[bytes]:
    """Back to the page, with the refusal's code where there is one."""
    query = {k: v for k in KEPT if (v := request.query_params.get(k))}
    if said is not None:
        query["said"] = said
    place = request.url.path.rpartition("/")[0] + (f"?{urlencode(query)}" if query else "")
    return Response(b"", status_code=303, media_type="text/plain", headers={**HEADERS, "Location": place})


async def fields(request: HttpRequest) -> dict[str, str]:
    """What the form says; only texts, each name once."""
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}


def simple(verb: str, make: Callable[[str], Command]) -> Any:
    """The route of a form that has nothing but its key."""

    @post(f"/{{token:str}}/{verb}", status_code=303, include_in_schema=False, name=f"page-{verb}")
    async def route(request: HttpRequest, token: str) -> Response[bytes]:
        house: House = request.app.state.house
        given = await fields(request)
        try:
            return await act(request, verb, make(str(house.caller(request).ticket)), given)
        except Refused as refused:
            return refused_back(request, refused)

    return route


def refused_back(request: HttpRequest, refused: Refused) -> Response[bytes]:
    """A rule's no is said on the page; a broken form is not led back to itself."""
    if refused.status in (409, 503) or refused.code in ("unknown_rating", "wrong_nonce"):
        return back(request, refused.code)
    raise refused


@post("/{token:str}/rate", status_code=303, include_in_schema=False)
async def rate(request: HttpRequest, token: str) -> Response[bytes]:
    """One press on a face; a comment goes where names are kept."""
    house: House = request.app.state.house
    given = await fields(request)
    level = given.get("level", "")
    if level not in {"1", "2", "3", "4", "5"} or not given.get("request") or len(given.get("comment", "")) > 2000:
        raise Refused("bad_request", why="level")
    comment = given.get("comment", "").strip() or None
    wanted = ask.GiveRating(request=given["request"], nonce=given.get("nonce", ""), level=int(level), comment=comment)
    try:
        answer = await act(request, "rate", command_of(house, house.caller(request), wanted), given)
    except Refused as refused:
        return refused_back(request, refused)
    await asyncio.to_thread(keep_comment, house, wanted.request, wanted.comment)
    return answer


# ---------------------------------------------------------------- style and script


def kept_for_ever(body: str, media_type: str) -> Response[str]:
    """A file whose address changes with its content."""
    return Response(
        body, media_type=media_type, headers={**HEADERS, "Cache-Control": "public, max-age=31536000, immutable"}
    )


@get("/page/visitor.css", include_in_schema=False)
async def visitor_css() -> Response[str]:
    """How it looks."""
    return kept_for_ever(style(), "text/css")


@get("/page/visitor.js", include_in_schema=False)
async def visitor_js() -> Response[str]:
    """How it stays alive."""
    return kept_for_ever(script(), "text/javascript")


def page_routes(house: House) -> list[Any]:
    """The routes of the visitor's page, for `make_app(extra=…)`. Templates are read now, so that a fault shows now."""
    from . import writing  # uses what is above
    from .case_page import case_routes
    from .open_pages import open_pages

    templates().get_template("ticket.html")
    templates().get_template("write.html")
    return [
        visitor_css,
        visitor_js,
        *case_routes(),
        *open_pages(),
        Router(
            path="/t",
            route_handlers=[
                show,
                rate,
                writing.show_writing,
                writing.complain,
                writing.write,
                simple("cancel", lambda ident: ticket.CancelTicket(ticket=ident)),
                simple("on-my-way", lambda ident: ticket.SayOnMyWay(ticket=ident)),
                simple("reinstate", lambda ident: ticket.ReinstateTicket(ticket=ident)),
            ],
            guards=[page_guard],
            exception_handlers={Refused: on_refused, HTTPException: on_http},
        ),
    ]
