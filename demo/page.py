"""The page `/demo`: every screen as it is, what was printed, who is alive, and buttons to make things go wrong.

Mounted by `demo.server` only, on loopback. It shows this demo's PINs and passwords, so it answers to its own name alone
(no other site can reach it by a name that leads here) and takes orders from itself alone.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import jinja2
from litestar import Request, Response, get, post
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from hall_protocol.refusals import Refused
from hall_server.core.stamp import text
from hall_server.web.house import House
from hall_server.web.live import same_origin
from hall_server.web.public.look import RATING_ICONS, icon, properties
from hall_server.web.public.page import HEADERS
from hall_server.web.public.words import Speech, chosen_language

from .desks import HANDS_OFF_S
from .machines import CARDS, PAD_KEYS, PAD_WORDS, click_of
from .mischief import wish
from .notes import read
from .plan import BIG_BAR, CALL_PAD_COUNTER, DEVICES, REAL_COUNTERS, SCREENS, Runtime, address
from .talk import Away, Device, Hand

HERE = Path(__file__).resolve().parent
EVENTS_SHOWN, EVENTS_READ = 26, 90
SAID = ("number", "counter", "case", "inquiry", "complaint", "message")
"""What a line about an event may name."""
PAPERS_SHOWN = 6
KEYS = ("F2", "F3", "F4", "F6", "F7", "F8", "F9", "F10", "F11")
KEY = re.compile(r"(F([1-9]|1[0-2])|Return|Esc|Backspace|[0-9A-Za-z])")
SIZES = {"kiosk": (1080, 1920), "wall": (1920, 1080), "counter-3": (1280, 800), "counter-7": (1280, 800)}


def own_name(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Only who asks for this machine by its loopback name, and orders from this page alone."""
    host = connection.headers.get("host", "").partition(":")[0]
    if host not in ("127.0.0.1", "localhost"):
        raise Refused("not_allowed")
    changes = connection.scope.get("method") == "POST"
    site = connection.headers.get("sec-fetch-site", "same-origin")
    if changes and (site != "same-origin" or not same_origin(dict(connection.headers))):
        raise Refused("cross_origin")


# ---------------------------------------------------------------- what it looks like


@lru_cache(maxsize=1)
def template() -> jinja2.Template:
    """The page's template."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return made.get_template("demo.html")


@lru_cache(maxsize=1)
def style() -> str:
    """Tokens, then what uses them."""
    return f"{properties()}\n{(HERE / 'static' / 'demo.css').read_text(encoding='utf-8')}"


@lru_cache(maxsize=1)
def script() -> str:
    """What keeps it alive."""
    return (HERE / "static" / "demo.js").read_text(encoding="utf-8")


def speech_of(request: Request[Any, Any, Any]) -> Speech:
    """The reader's language."""
    house: House = request.app.state.house
    return Speech(chosen_language(request, house.engine.hall.settings.hall.languages, None))


# ---------------------------------------------------------------- what it shows


class Show:
    """Everything the page tells, from the demo's folder and the hall itself."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.ports: dict[str, int] = read(runtime.ports)
        self._devices: tuple[float, dict[str, Any]] = (0.0, {})

    def device(self, name: str) -> Device:
        """A simulated device's control line."""
        return Device(self.ports[f"{name}-control"])

    def hand(self, screen: str) -> Hand:
        """A hand at a screen; whoever uses it is noted, so that simulated people stay away."""
        self.runtime.hands.joinpath(screen).touch()
        return Hand(self.ports[f"{screen}-hand"])

    async def devices(self) -> dict[str, Any]:
        """What each simulated device says of itself; asked at most once a second."""
        asked, known = self._devices
        if time.monotonic() - asked > 0.9:
            answers = await asyncio.gather(*(self._status(name) for name in DEVICES))
            known = dict(zip(DEVICES, answers, strict=True))
            self._devices = (time.monotonic(), known)
        return known

    async def _status(self, name: str) -> dict[str, Any] | None:
        try:
            return await asyncio.wait_for(self.device(name).status(), 0.8)
        except (Away, TimeoutError):
            return None

    async def state(self, house: House, speech: Speech) -> dict[str, Any]:
        """All of it, as JSON."""
        hall, status = house.engine.hall, read(self.runtime.status)
        zone, now = hall.zone, time.time()
        return {
            "clock": text(house.engine.clock.now(), zone)[:19],
            "day": speech.date(text(house.engine.clock.now(), zone)),
            "screens": {name: version_of(self.runtime.picture(name)) for name in SCREENS},
            "bars": {name: version_of(self.runtime.bar(name)) for name in DEVICES if name.startswith("led")},
            "papers": [p.name for p in sorted(self.runtime.paper.glob("ticket-*.png"))[: -PAPERS_SHOWN - 1 : -1]],
            "devices": await self.devices(),
            "feels": self.feels(house, speech),
            "hands": {s: True for s in SCREENS if now - modified(self.runtime.hands / s) < HANDS_OFF_S},
            "programs": [self._program(p, speech, now) for p in status.get("programs", [])],
            "cables": status.get("cables", {}),
            "visitor": visitor_page(house),
            "events": self.events(house, speech),
        }

    def feels(self, house: House, speech: Speech) -> dict[str, list[str]]:
        """What the hall knows of each device, as its program reported it, and what to do."""
        known = {d.address: d for d in house.eyes.devices(house.engine.hall).values() if d.address}
        told: dict[str, list[str]] = {}
        for name in DEVICES:
            device = known.get(address(name, self.ports[name]))
            words = [speech.say(f"device.state.{device.state if device else 'unknown'}")]
            for fault in device.faults if device else ():
                key = f"device.fault.{fault}"
                words.append(speech.say(key) if speech.knows(key) else fault)
            told[name] = words
        return told

    def _program(self, told: dict[str, Any], speech: Speech, now: float) -> dict[str, Any]:
        return {
            "name": told["name"],
            "state": told["state"],
            "words": speech.say(f"demo.state_{told['state']}"),
            "for_s": max(0, int(now - told["since"])),
            "starts": told["starts"],
        }

    def events(self, house: House, speech: Speech) -> list[dict[str, str]]:
        """The last things that happened: from the journal, and what people and mishaps did."""
        journal = house.engine.journal
        found = []
        for row in journal.read(max(0, journal.head_seq - EVENTS_READ), EVENTS_READ):
            key = f"demo.event.{row.type}"
            if speech.knows(key):
                data = json.loads(row.data)
                words = speech.say(key, **{name: data.get(name) for name in SAID})
                found.append({"at": row.at[:19], "seq": str(row.seq), "words": words, "kind": row.type})
        for note in self._notes():
            key = f"demo.note.{note['what']}"
            if speech.knows(key):
                found.append(
                    {"at": note["at"][:19], "seq": "", "words": speech.say(key, **note["values"]), "kind": "note"}
                )
        return sorted(found, key=lambda e: e["at"], reverse=True)[:EVENTS_SHOWN]

    def _notes(self) -> list[dict[str, Any]]:
        try:
            notes = json.loads(self.runtime.diary.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        return notes if isinstance(notes, list) else []


def modified(file: Path) -> float:
    """When a file was last written; 0 when it is not there."""
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0


def version_of(file: Path) -> int:
    """Another number for another picture; 0 when there is none."""
    return round(modified(file) * 1000)


def visitor_page(house: House) -> str | None:
    """The page of somebody who waits now, from the middle of the longest line."""
    lists = sorted(house.engine.hall.waiting.values(), key=len)
    if not lists or not len(lists[-1]):
        return None
    longest = lists[-1].ids
    return house.eyes.url_of(longest[len(longest) // 2])


# ---------------------------------------------------------------- what it can do


async def obey(show: Show, order: dict[str, Any], house: House) -> bool:
    """One order of the page; False when it cannot be. Raises `Refused` for what is no order."""
    click = click_of(order, house)
    if click is not None:
        return (await show.device(click.device).do(click.line)).startswith("ok")
    match order:
        case {"do": "scan", "device": "scanner"}:
            return False  # nobody in the hall has a paper
        case {"do": "pull" | "plug" as verb, "screen": str(name)} if name in SCREENS:
            wish(show.runtime, {verb: name})
            return True
        case {"do": "kill", "program": str(name)}:
            wish(show.runtime, {"kill": name})
            return True
        case {"do": "touch", "screen": str(name), "x": float() | int() as x, "y": float() | int() as y} if (
            name in SCREENS
        ):
            return bool((await show.hand(name).do(f"touch {float(x):.5f} {float(y):.5f}")).get("ok"))
        case {"do": "key", "screen": str(name), "key": str(key)} if name in SCREENS and KEY.fullmatch(key):
            line = f"text {key}" if len(key) == 1 else f"key {key}"
            return bool((await show.hand(name).do(line)).get("ok"))
    raise Refused("bad_request", why="order")


# ---------------------------------------------------------------- routes


def demo_routes(runtime: Runtime, *, port: int) -> list[Any]:
    """The routes of a demo hall beside those of every hall."""
    show = Show(runtime)
    guards = [own_name]

    @get("/", include_in_schema=False)
    async def front() -> Response[bytes]:
        return Response(b"", status_code=307, media_type="text/plain", headers={"Location": "/demo"})

    @get("/demo", include_in_schema=False, guards=guards)
    async def demo(request: Request[Any, Any, Any]) -> Response[str]:
        house: House = request.app.state.house
        speech, held, status = speech_of(request), read(runtime.secrets), read(runtime.status)
        known = house.engine.hall.settings.hall
        html = template().render(
            say=speech.say,
            language=speech.language,
            languages=[(x, speech.say(f"page.language.{x.lower().replace('-', '_')}")) for x in known.languages],
            hall_name=known.name.get(speech.language) or next(iter(known.name.values())),
            speed=status.get("speed", 1),
            counters=REAL_COUNTERS,
            big_bar=BIG_BAR,
            sizes=SIZES,
            keys=KEYS,
            icon=icon,
            rating_icons=RATING_ICONS,
            call_pad=CALL_PAD_COUNTER,
            pad_keys=[(key, speech.say(PAD_WORDS[key])) for key in PAD_KEYS],
            cards=CARDS,
            clerks=held.get("clerks", {}),
            accounts=held.get("accounts", {}),
            hands_s=int(HANDS_OFF_S),
            version=sha256((style() + script()).encode()).hexdigest()[:10],
            words={
                key: speech.say(f"demo.{key}")
                for key in ("pad_ask", "pad_idle", "pad_thanks", "pad_away", "kill", "stopped", "pull", "plug")
            },
        )
        return Response(html, media_type="text/html", headers=HEADERS)

    @get("/demo/state", include_in_schema=False, guards=guards)
    async def state(request: Request[Any, Any, Any]) -> dict[str, Any]:
        return await show.state(request.app.state.house, speech_of(request))

    @get("/demo/picture/{name:str}", include_in_schema=False, guards=guards)
    async def picture(name: str) -> Response[bytes]:
        return png(runtime.picture(name) if name in SCREENS else None)

    @get("/demo/bar/{name:str}", include_in_schema=False, guards=guards)
    async def bar(name: str) -> Response[bytes]:
        return png(runtime.bar(name) if name in DEVICES else None)

    @get("/demo/paper/{name:str}", include_in_schema=False, guards=guards)
    async def paper(name: str) -> Response[bytes]:
        return png(runtime.paper / name if re.fullmatch(r"ticket-\d{4,9}\.png", name) else None)

    @post("/demo/order", include_in_schema=False, guards=guards, status_code=200)
    async def order(request: Request[Any, Any, Any], data: dict[str, Any]) -> dict[str, bool]:
        try:
            return {"done": await obey(show, data, request.app.state.house)}
        except Away:
            return {"done": False}

    @get("/demo/demo.css", include_in_schema=False)
    async def css() -> Response[str]:
        return Response(style(), media_type="text/css", headers=HEADERS)

    @get("/demo/demo.js", include_in_schema=False)
    async def js() -> Response[str]:
        return Response(script(), media_type="text/javascript", headers=HEADERS)

    return [front, demo, state, picture, bar, paper, order, css, js]


def png(file: Path | None) -> Response[bytes]:
    """A picture file; 404 while there is none."""
    try:
        if file is None:
            raise FileNotFoundError
        return Response(file.read_bytes(), media_type="image/png", headers=HEADERS)
    except OSError:
        raise Refused("not_found") from None
