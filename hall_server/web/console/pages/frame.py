"""What every page of the console has: the lock, the language, the tabs, forms that happen once, refusals in words."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

import jinja2
from litestar import Request, Response, get
from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler
from litestar.response import Redirect

import assets
from hall_protocol.ids import LANGUAGES as HALL_LANGUAGES
from hall_protocol.refusals import Refused

from ....core.registry import Command
from ....core.stamp import text
from ....trust.roles import PAGES
from ...caller import ANYONE, Caller
from ...guard import READING, address_of, identify
from ...house import House, HttpRequest
from ...live import same_origin
from ...problems import CODE_OF_STATUS
from ...problems import HEADERS as PROBLEM_HEADERS
from ...public.look import icon
from ...public.words import Speech, chosen_language

HERE: Final = Path(__file__).resolve().parent
BASE: Final = "/console"
POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS: Final = {**PROBLEM_HEADERS, "Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin"}
"""With `no-referrer` browsers send the origin of a form as `null`, and it could not be told from a stranger's."""
LANGUAGE_COOKIE: Final = "console-language"
TABS: Final = (
    "floor", "counters", "limits", "inquiries", "ratings", "complaints", "bulletin", "replay", "devices", "settings",
)  # fmt: skip
"""In the order of design.md 9; each is a page `/console/TAB` and the word `console.tab.TAB`."""
FIELD: Final = "idempotency_key"


@lru_cache(maxsize=1)
def templates() -> jinja2.Environment:
    """The templates; everything in them is escaped, an unknown name is our bug."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(icon=icon, version=version(), base=BASE)
    return made


# ---------------------------------------------------------------- the lock


class SignInFirst(HTTPException):
    """Nobody is signed in: the sign-in page comes first, and this one after it."""

    status_code = 401


def lock(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Lets a request in by the table of pages; everything that is not in it is refused."""
    house: House = connection.app.state.house
    caller = identify(connection)
    pace = caller.scope if caller is not ANYONE else f"address:{address_of(connection)}"
    house.pace.check(pace, house.engine.hall.settings.limits.requests_per_s)
    route = (str(connection.scope.get("method", "GET")), str(connection.scope.get("path_template", "")))
    allowed = PAGES.get(route, frozenset())
    connection.scope["state"]["caller"] = caller
    if "anyone" in allowed:
        check_origin(connection)
        return
    if not caller.by_cookie or caller.account is None or house.is_idle(caller.session):
        raise SignInFirst
    check_origin(connection)
    if caller.role not in allowed:
        raise Refused("not_allowed")
    house.used(caller.session)


def check_origin(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """A form comes from our own page or not at all (reliability.md S7)."""
    if connection.scope.get("method") not in READING and not same_origin(dict(connection.headers)):
        raise Refused("cross_origin")


# ---------------------------------------------------------------- showing


def speech_of(request: HttpRequest) -> Speech:
    """The reader's language: asked for, chosen before, or the browser's."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    own = next((language for language in HALL_LANGUAGES if language == chosen), None)
    if own is not None and request.query_params.get("lang") is None:
        return Speech(own)
    return Speech(chosen_language(request, HALL_LANGUAGES, own))


def page(request: HttpRequest, template: str, /, *, status: int = 200, **values: Any) -> Response[str]:
    """A page or a part of one from its template, with what all of them know."""
    house: House = request.app.state.house
    hall, speech = house.engine.hall, speech_of(request)
    caller: Caller = request.scope["state"].get("caller", ANYONE)
    known = hall.settings.hall
    everywhere: dict[str, Any] = {
        "speech": speech,
        "say": speech.say,
        "caller": caller,
        "hall_name": known.name.get(speech.language) or next(iter(known.name.values())),
        "now": text(house.engine.clock.now(), hall.zone),
        "seq": hall.seq,
        "tabs": [tab for tab in TABS if caller.role in PAGES.get(("GET", f"{BASE}/{tab}"), frozenset())]
        + (["people"] if caller.role == "admin" else []),
        "tab": "",
        "key": fresh_key,
        "languages": [(code, f"page.language.{code.lower().replace('-', '_')}") for code in HALL_LANGUAGES],
        "said": request.query_params.get("said"),
        "refusal": None,
        "path": request.url.path,
    }
    html = templates().get_template(template).render({**everywhere, **values})
    made = Response(html, status_code=status, media_type="text/html", headers=HEADERS)
    asked = request.query_params.get("lang")
    if asked in HALL_LANGUAGES:
        made.set_cookie(LANGUAGE_COOKIE, asked, path=BASE, httponly=True, samesite="strict", max_age=31_536_000)
    return made


def fresh_key() -> str:
    """The hidden field that makes a form happen once."""
    return secrets.token_urlsafe(18)


# ---------------------------------------------------------------- forms


async def form_of(request: HttpRequest) -> dict[str, str]:
    """The fields of a form, each once, without blanks around."""
    return {name: str(value).strip() for name, value in (await whole_form(request)).items() if isinstance(value, str)}


async def whole_form(request: HttpRequest) -> Any:
    """A form with its files. The body is read first: what makes the form happen once is a fingerprint of it."""
    await request.body()
    return await request.form()


async def act(
    request: HttpRequest, fields: dict[str, str], command: Command | Sequence[Command], *, back: str, said: str
) -> Response[Any]:
    """Lets a form happen once and goes back to the page, which says `console.said.SAID`; raises `Refused`."""
    house: House = request.app.state.house
    await house.act(request, command, None, key=fields.get(FIELD, ""))
    return go(back, said=said)


def go(back: str, **query: str) -> Response[Any]:
    """To another page."""
    joint = "&" if "?" in back else "?"
    return Redirect(f"{back}{joint}{urlencode(query)}" if query else back, status_code=303, headers=HEADERS)


# ---------------------------------------------------------------- what goes wrong


def on_sign_in_first(request: Request[Any, Any, Any], error: SignInFirst) -> Response[Any]:
    """To the sign-in page, and back here after it; a part of a page is told to load the whole."""
    wanted = request.url.path if request.method == "GET" else BASE
    to = f"{BASE}/sign-in?next={quote(wanted)}"
    if request.headers.get("hx-request"):
        return Response("", status_code=401, headers={**HEADERS, "HX-Redirect": to})
    return Redirect(to, status_code=303, headers=HEADERS)


def on_refused(request: Request[Any, Any, Any], error: Refused) -> Response[str]:
    """A refusal as a page with the way back."""
    return trouble(request, error.code, error.status, error.values)


def on_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[str]:
    """What cannot be read, as a page."""
    return trouble(request, CODE_OF_STATUS.get(error.status_code, "bad_request"), error.status_code, {})


def trouble(request: Request[Any, Any, Any], code: str, status: int, values: dict[str, Any]) -> Response[str]:
    """Why not, in one sentence."""
    speech = speech_of(request)
    sentence = speech.say(f"refusal.{code}", **values)
    back = str(request.headers.get("referer") or BASE) if same_origin(dict(request.headers)) else BASE
    answer = page(request, "trouble.html", status=status, sentence=sentence, back=back, title=sentence)
    if values.get("retry_after_s") is not None:
        answer.headers["Retry-After"] = str(values["retry_after_s"])
    return answer


# ---------------------------------------------------------------- files


@lru_cache(maxsize=1)
def style() -> str:
    """The tokens of the theme as custom properties, then what uses them."""
    tokens = assets.tokens()
    colours = "".join(f"--{name}:{value};" for name, value in tokens["colour"]["light"].items())
    contrast = "".join(f"--{name}:{value};" for name, value in tokens["colour"]["contrast"].items())
    sizes = "".join(f"--{name}:{size / 16:g}rem;" for name, size in tokens["type"]["desktop"].items())
    radii = f"--card:{tokens['radius']['desktop_card']}px;--control:{tokens['radius']['desktop_control']}px;"
    head = f":root{{{colours}{sizes}{radii}}}\n@media (prefers-contrast:more){{:root{{{contrast}}}}}\n"
    return head + (HERE / "static" / "console.css").read_text("utf-8")


FILES: Final[dict[str, tuple[str, Callable[[], str]]]] = {
    "console.css": ("text/css", style),
    "console.js": ("text/javascript", lambda: (HERE / "static" / "console.js").read_text("utf-8")),
    "replay.js": ("text/javascript", lambda: (HERE / "static" / "replay.js").read_text("utf-8")),
    "htmx.min.js": ("text/javascript", lambda: (HERE / "static" / "htmx.min.js").read_text("utf-8")),
}


@lru_cache(maxsize=1)
def version() -> str:
    """Changes with any of the files, so that all may be kept for ever."""
    return sha256("".join(make() for _, make in FILES.values()).encode()).hexdigest()[:10]


@get("/console/files/{name:str}", include_in_schema=False)
async def file(name: str) -> Response[str]:
    """A style sheet or script of the console."""
    if name not in FILES:
        raise Refused("not_found")
    kind, make = FILES[name]
    kept = {**HEADERS, "Cache-Control": "public, max-age=31536000, immutable"}
    return Response(make(), media_type=kind, headers=kept)
