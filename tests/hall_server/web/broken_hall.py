"""A county hall behind its doors in this process: a settable clock, kiosks, counter 3 with its clerk, a manager."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from litestar.testing import AsyncTestClient

from hall_server.cli.access import opened
from hall_server.core.stamp import instant
from hall_server.office import Office, perform
from hall_server.web.app import make_app, open_house
from hall_server.web.house import House
from hall_server.web.live import Hub

MORNING = "2026-11-24T10:32:00.000+08:00"
PASSWORD = "a pass phrase nobody guesses"
PIN = "482915"


class SetClock:
    """Hall time as the test says."""

    speed, step_ms = 1, 0

    def __init__(self, at: int) -> None:
        self.at = at

    def now(self) -> int:
        return self.at

    def check(self) -> None: ...

    def adopt(self) -> int:
        return 0


class BrokenHall:
    """The hall and those who ask it."""

    def __init__(self, house: House, hub: Hub, office: Office, clock: SetClock, client: AsyncTestClient[Any]) -> None:
        self.house, self.hub, self.office, self.clock, self.client = house, hub, office, clock, client
        self.tokens: dict[str, str] = {}

    async def ask(
        self, method: str, path: str, who: str | None, body: Any = None, *, key: str | None = None, **headers: str
    ) -> Any:
        """One request; the answer whatever it is."""
        sent = {"Idempotency-Key": key or uuid.uuid4().hex, **headers}
        if who is not None:
            sent["Authorization"] = f"Bearer {self.tokens[who]}"
        if body is None and method == "POST":
            body = {}
        return await self.client.request(method, f"/api/v1{path}", json=body, headers=sent)

    async def take(self, *, line: str = "A", who: str = "kiosk", key: str | None = None, **more: Any) -> Any:
        """A ticket."""
        answer = await self.ask("POST", "/tickets", who, {"line": line, **more}, key=key)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def at_counter(self, verb: str, body: Any = None, *, key: str | None = None) -> Any:
        """The clerk of counter 3 does something."""
        answer = await self.ask("POST", f"/counters/3/{verb}", "clerk", body, key=key)
        assert answer.status_code == 200, answer.text
        return answer.json()


@asynccontextmanager
async def broken_hall(data: Path, *, at: str = MORNING) -> AsyncIterator[BrokenHall]:
    """The hall with two kiosks; the clerk of counter 3 is signed in and the counter open."""
    clock = SetClock(instant(at))
    async with opened(data, program="a test") as own:
        own.engine.clock = clock
        house = open_house(data, own.engine)
        office = Office(data, own.engine, house.credentials, house.pins, house.passwords)
        hub = Hub(house)
        office.engine.watcher = hub
        async with AsyncTestClient(make_app(house, hub)) as client:
            made = BrokenHall(house, hub, office, clock, client)
            await _furnish(made)
            yield made
        house.close()


async def _furnish(hall: BrokenHall) -> None:
    for who, role, counter in (
        ("kiosk", "kiosk", None), ("kiosk2", "kiosk", None), ("counter", "counter", "3"), ("keypad", "keypad", "3"),
    ):  # fmt: skip
        added = await perform(hall.office, "device_add", {"role": role, "name": f"{who}-t", "counter": counter})
        hall.tokens[who] = added["token"]
    await perform(hall.office, "clerk_set_pin", {"clerk": "0312", "pin": PIN})
    await perform(hall.office, "account_add", {"name": "inspector", "role": "manager"})
    await perform(hall.office, "account_set_password", {"name": "inspector", "password": PASSWORD})
    for who, path, body, asker in (
        ("clerk", "/sessions", {"clerk": "0312", "pin": PIN}, "counter"),
        ("manager", "/accounts/sessions", {"name": "inspector", "password": PASSWORD}, None),
    ):
        signed_in = await hall.ask("POST", path, asker, body)
        assert signed_in.status_code == 201, signed_in.text
        hall.tokens[who] = signed_in.json()["token"]
    await hall.at_counter("open")
