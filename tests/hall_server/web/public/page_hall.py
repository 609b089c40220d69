"""A county hall behind its doors in this process, with a clock a test can set, and people who use it."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from litestar.testing import AsyncTestClient

from hall_server.cli.access import opened
from hall_server.core.stamp import instant
from hall_server.office import Office, perform
from hall_server.web.app import make_app, open_house
from hall_server.web.house import House
from hall_server.web.live import Hub
from hall_server.web.public.listener import public_app
from hall_server.web.public.page import page_routes

MORNING = "2026-11-24T10:32:00.000+08:00"


class SetClock:
    """Hall time as the test says."""

    speed, step_ms = 1, 0

    def __init__(self, at: int) -> None:
        self.at = at

    def now(self) -> int:
        return self.at

    def pass_s(self, seconds: float) -> None:
        self.at += round(seconds * 1000)

    def check(self) -> None: ...

    def adopt(self) -> int:
        return 0


class PageHall:
    """The hall with one kiosk and counter 3 with its clerk."""

    def __init__(self, house: House, hub: Hub, clock: SetClock, client: AsyncTestClient[Any], outside: Any) -> None:
        self.house, self.hub, self.clock = house, hub, clock
        self.client = client
        self.outside = outside
        self.tokens: dict[str, str] = {}

    async def ask(self, method: str, path: str, who: str, body: Any = None, *, key: str | None = None) -> Any:
        """One request of a program; its JSON."""
        answer = await self.client.request(
            method,
            f"/api/v1{path}",
            json=body if body is not None else ({} if method == "POST" else None),
            headers={"Authorization": f"Bearer {self.tokens[who]}", "Idempotency-Key": key or uuid.uuid4().hex},
        )
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    async def take(self, service: str = "S035", **more: Any) -> tuple[dict[str, Any], str]:
        """A ticket and the address of its page."""
        self.clock.pass_s(20)
        ticket = await self.ask("POST", "/tickets", "kiosk", {"service": service, **more})
        return ticket, ticket["url"]

    async def at_counter(self, verb: str, body: Any = None) -> Any:
        """The clerk of counter 3 does something."""
        return await self.ask("POST", f"/counters/3/{verb}", "clerk", body)

    async def see(self, path: str, **headers: str) -> Page:
        """The page as a browser gets it."""
        answer = await self.client.get(path, headers=headers, follow_redirects=False)
        return Page(answer)

    async def send(self, form: Form, *, press: tuple[str, str] | None = None, **more: str) -> Any:
        """Submits a form as a browser does."""
        data = {**form.hidden, **more, **(dict([press]) if press else {})}
        return await self.client.post(form.action, data=data, follow_redirects=False)


class Form:
    """One form of a page."""

    def __init__(self, action: str) -> None:
        self.action = action
        self.hidden: dict[str, str] = {}
        self.buttons: list[tuple[str, str]] = []


class Page(HTMLParser):
    """What a reader and a browser without script make of a page."""

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.answer = answer
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(answer.text)
        self.words = re.sub(r"\s+", " ", self.words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.attributes.append((tag, found))
        if tag == "form":
            self.forms.append(Form(found["action"] or ""))
        elif tag == "input" and found.get("type") == "hidden":
            self.forms[-1].hidden[found["name"] or ""] = found["value"] or ""
        elif tag == "button" and found.get("name"):
            self.forms[-1].buttons.append((found["name"] or "", found["value"] or ""))
        elif tag == "a":
            self.links.append(found["href"] or "")
        if tag in ("link", "script") and (address := found.get("href") or found.get("src")):
            self.loads.append(address)

    def handle_data(self, data: str) -> None:
        self.words += data

    def form(self, verb: str) -> Form:
        """The form whose action ends so."""
        return next(f for f in self.forms if f.action.split("?")[0].endswith(f"/{verb}"))

    def has(self, verb: str) -> bool:
        """Whether there is such a form."""
        return any(f.action.split("?")[0].endswith(f"/{verb}") for f in self.forms)


@asynccontextmanager
async def page_hall(data: Path, *, at: str = MORNING) -> AsyncIterator[PageHall]:
    """The hall, with counter 3 signed in and open."""
    clock = SetClock(instant(at))
    async with opened(data, program="a test") as own:
        own.engine.clock = clock
        house = open_house(data, own.engine)
        office = Office(data, own.engine, house.credentials, house.pins, house.passwords)
        hub = Hub(house)
        office.engine.watcher = hub
        async with (
            AsyncTestClient(make_app(house, hub, page_routes(house))) as client,
            AsyncTestClient(public_app(house, hub)) as outside,
        ):
            made = PageHall(house, hub, clock, client, outside)
            await furnish(made, office)
            yield made
        house.close()


async def furnish(hall: PageHall, office: Office) -> None:
    """A kiosk, a counter with its keypad, a clerk who is signed in."""
    for role, counter in (("kiosk", None), ("counter", "3"), ("keypad", "3")):
        added = await perform(office, "device_add", {"role": role, "name": f"{role}-t", "counter": counter})
        hall.tokens[role] = added["token"]
    await perform(office, "clerk_set_pin", {"clerk": "0312", "pin": "482915"})
    session = await hall.ask("POST", "/sessions", "counter", {"clerk": "0312", "pin": "482915"})
    hall.tokens["clerk"] = session["token"]
    await hall.at_counter("open")
