"""The routes of the pages open to anyone, under `/guide`, for both listeners."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, Router, get
from litestar.exceptions import HTTPException

from hall_protocol.refusals import Refused

from ..house import HttpRequest
from ..problems import CODE_OF_STATUS
from . import asking, guide, standing
from .look import templates
from .open_page import BASE, open_guard, open_page, speech_of, to
from .page import sentence

TEMPLATES = ("home", "items", "item", "waiting", "board", "bulletin", "case", "write", "hall")


def told(request: HttpRequest, code: str, status: int) -> Response[str]:
    """Why there is no such page, and the way back to the guides."""
    speech = speech_of(request)
    return open_page(
        request, "message.html", speech, status=status, title=speech.say("public.trouble"),
        head=speech.say("public.trouble"), sentences=[sentence(speech, code)], back=None, home=to(request),
    )  # fmt: skip


def on_refused(request: Request[Any, Any, Any], error: Refused) -> Response[str]:
    """A refusal as a page."""
    answer = told(request, error.code, error.status)
    if "retry_after_s" in error.values:
        answer.headers["Retry-After"] = str(error.values["retry_after_s"])
    return answer


def on_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[str]:
    """What cannot be read, as a page."""
    return told(request, CODE_OF_STATUS.get(error.status_code, "bad_request"), error.status_code)


def open_pages() -> list[Any]:
    """One router. Templates are read now, so that a fault shows now."""
    for name in TEMPLATES:
        templates().get_template(f"guide_{name}.html")
    return [
        Router(
            path=BASE,
            route_handlers=[*guide.ROUTES, *standing.ROUTES, *asking.ROUTES],
            guards=[open_guard],
            exception_handlers={Refused: on_refused, HTTPException: on_http},
        )
    ]


@get("/", include_in_schema=False)
async def show_start(request: HttpRequest) -> Response[bytes]:
    """The bare address of the second listener leads to the guides."""
    return asking.led_to(to(request))
