"""What pages open to anyone have in common: lock, links, frame. No login, no script, no cookie."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from litestar import Response
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from hall_protocol.ids import Language
from hall_protocol.refusals import Refused

from ..guard import address_of
from ..house import House, HttpRequest
from .page import KEPT, page
from .words import Speech, chosen_language

BASE = "/guide"
PAGE_MOST = 10_000


def open_guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Anyone may read, counted by address; a form of another site sends nothing."""
    house: House = connection.app.state.house
    house.pace.check(f"address:{address_of(connection)}", house.engine.hall.settings.limits.requests_per_s)
    if connection.scope.get("method") == "POST" and connection.headers.get("sec-fetch-site") == "cross-site":
        raise Refused("cross_origin")


def speech_of(request: HttpRequest) -> Speech:
    """The reader's language."""
    house: House = request.app.state.house
    return Speech(chosen_language(request, house.engine.hall.settings.hall.languages, None))


def to(request: HttpRequest, place: str = "", **query: str) -> str:
    """The address of an open page, language and size of print kept."""
    kept = {k: v for k in KEPT if (v := request.query_params.get(k))}
    asked = urlencode({**{k: v for k, v in query.items() if v}, **kept})
    return (f"{BASE}/{place}" if place else BASE) + (f"?{asked}" if asked else "")


def open_page(
    request: HttpRequest, name: str, speech: Speech, *, title: str, place: str = "", status: int = 200, **values: Any
) -> Response[str]:
    """A page from its template. `place` is where its own links lead: a form's answer leads to the form."""
    query = {k: v for k, v in request.query_params.items() if k not in ("noted", "said")}

    def link(**changes: str) -> str:
        asked = urlencode({k: v for k, v in {**query, **changes}.items() if v})
        return (f"{BASE}/{place}" if place else BASE) + (f"?{asked}" if asked else "")

    kept = {k: v for k in KEPT if (v := request.query_params.get(k))}
    return page(
        request, name, speech, status=status, title=title, link=link, kept=kept,
        to=lambda place="", **more: to(request, place, **more), **{"script": False, **values},
    )  # fmt: skip


def page_asked(request: HttpRequest) -> int:
    """The page of a list, 1 where the address says nonsense."""
    number = request.query_params.get("page", "1")
    return int(number) if number.isascii() and number.isdigit() and 1 <= int(number) <= PAGE_MOST else 1


def by_language(texts: dict[Language, str], language: Language) -> str:
    """A text of the settings in the reader's language, else in the first one that is there."""
    return texts.get(language) or next(iter(texts.values()), "")
