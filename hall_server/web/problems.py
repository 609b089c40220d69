"""Refusals and faults as RFC 9457 problem documents: a stable `code`, and a `detail` a person can read."""

from __future__ import annotations

import logging
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from assets.i18n import Catalogue
from hall_protocol.refusals import Refused

log = logging.getLogger(__name__)

CODE_OF_STATUS = {
    400: "bad_request",
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    429: "too_many_requests",
    503: "storage_unavailable",
}
LANGUAGES = {"en": "en", "zh-hant": "zh-Hant", "zh-tw": "zh-Hant", "zh-hk": "zh-Hant"}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
"""What browsers are told with every answer (reliability.md S7); pages bring a policy of their own."""
_words: list[Catalogue] = []


class Problem(msgspec.Struct, omit_defaults=True):
    """RFC 9457 with the project's `code`; `values` are what its sentence was made with."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    values: dict[str, Any] | None = None


def catalogue() -> Catalogue:
    """The translations, loaded once."""
    if not _words:
        _words.append(Catalogue())
    return _words[0]


def language_of(request: Request[Any, Any, Any]) -> str:
    """The first language a caller accepts that the hall speaks; Simplified Chinese otherwise."""
    for part in request.headers.get("accept-language", "").split(","):
        tag = part.split(";")[0].strip().lower()
        if tag.startswith("en"):
            return "en"
        if tag in LANGUAGES:
            return LANGUAGES[tag]
        if tag.startswith("zh"):
            return "zh-Hans"
    return "zh-Hans"


def sentence(code: str, language: str, values: dict[str, Any]) -> str:
    """The refusal in words."""
    return catalogue().say(f"refusal.{code}", language, **values)


def problem(request: Request[Any, Any, Any], code: str, status: int, values: dict[str, Any]) -> Response[bytes]:
    """The document as a response."""
    body = Problem(
        type="about:blank",
        title=code.replace("_", " "),
        status=status,
        code=code,
        detail=sentence(code, language_of(request), values),
        values={k: str(v) for k, v in values.items()} or None,
    )
    headers = dict(HEADERS)
    if status == 429:
        headers["Retry-After"] = str(values.get("retry_after_s", 1))
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(
        msgspec.json.encode(body), status_code=status, media_type="application/problem+json", headers=headers
    )


def on_refused(request: Request[Any, Any, Any], error: Refused) -> Response[bytes]:
    """A rule said no."""
    return problem(request, error.code, error.status, error.values)


def on_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """The frame said no: unknown path, wrong method, body that is not what the route reads."""
    status = error.status_code
    if isinstance(error, ValidationException) or status == 400:
        return problem(request, "bad_request", 400, {"why": reason(error)})
    return problem(request, CODE_OF_STATUS.get(status, "bad_request"), status, {})


def on_garbled(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """A body that is no text, or nested deeper than anybody means."""
    log.info("a body that cannot be read: %s", type(error).__name__)
    return problem(request, "bad_request", 400, {"why": "body"})


def reason(error: HTTPException) -> str:
    """What was wrong with a body, in one clause and without the caller's own words."""
    extra = error.extra if isinstance(error.extra, list) else []
    parts = [f"{e.get('key', '')}: {e.get('message', '')}".strip(": ") for e in extra if isinstance(e, dict)]
    return "; ".join(p for p in parts if p)[:300] or str(error.detail)[:200]


def on_crash(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Our own fault: logged whole, told plainly."""
    log.exception("a route failed: %s %s", request.method, request.url.path.split("/t/")[0], exc_info=error)
    body = Problem(
        type="about:blank",
        title="internal error",
        status=500,
        code="internal_error",
        detail=sentence("internal_error", language_of(request), {}),
    )
    return Response(msgspec.json.encode(body), status_code=500, media_type="application/problem+json", headers=HEADERS)
