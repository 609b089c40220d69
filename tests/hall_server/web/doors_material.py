"""A county hall behind its real doors in this process: every role with a credential, no socket, a clock that is set.

Requests and live pictures go through the server's own ASGI application, as the listener hands them over.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from hall_protocol.codec import merge
from hall_server.core.hall import Hall
from hall_server.core.people.account import AddAccount
from hall_server.core.people.counter import OpenCounter
from hall_server.core.people.session import SignInAccount, SignInClerk
from hall_server.core.places.config import ChangeSettings
from hall_server.core.places.settings_rules import patched
from hall_server.core.stamp import instant
from hall_server.engine import Engine
from hall_server.journal.lock import WriterLock
from hall_server.journal.store import Journal
from hall_server.office import Office, perform
from hall_server.web.app import make_app, open_house
from hall_server.web.house import House
from hall_server.web.live import Hub

MORNING = "2026-11-24T10:00:00.000+08:00"
COUNTER, CLERK = "3", "0312"
ACCOUNTS = ("manager", "admin", "auditor", "chief_representative", "information_officer", "supervisor")
DEVICES = ("kiosk", "counter", "keypad", "wall", "integrator")
LIMIT_S = 20


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


class Answer:
    """What came back."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str | None:
        """The problem's code, None when it is no problem."""
        return self.json.get("code") if "problem+json" in self.headers.get("content-type", "") else None

    def __repr__(self) -> str:
        return f"<{self.status} {self.body[:300]!r}>"


class Doors:
    """The hall and whoever asks it."""

    def __init__(self, house: House, hub: Hub, clock: SetClock) -> None:
        self.house, self.hub, self.clock = house, hub, clock
        self.app: Any = make_app(house, hub)
        self.tokens: dict[str, str | None] = {"anyone": None}
        self._keys = itertools.count()

    @property
    def engine(self) -> Engine:
        return self.house.engine

    @property
    def hall(self) -> Hall:
        return self.house.engine.hall

    async def ask(
        self,
        method: str,
        path: str,
        who: str | None = None,
        body: Any = None,
        *,
        key: str | None = None,
        raw: bytes | None = None,
        token: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """One request by a role (or with a token); `key` empty leaves the Idempotency-Key out."""
        content = raw if raw is not None else (b"" if body is None else json.dumps(body).encode())
        sent = {"host": "hall.test", "content-length": str(len(content)), **(headers or {})}
        if content:
            sent.setdefault("content-type", "application/json")
        bearer = token if token is not None else self.tokens[who or "anyone"]
        if bearer is not None:
            sent["authorization"] = f"Bearer {bearer}"
        if method not in ("GET", "HEAD") and key != "":
            sent["idempotency-key"] = key or f"key-{next(self._keys)}"
        return await call(self.app, method, path, sent, content)

    async def happy(self, method: str, path: str, who: str, body: Any = None, **more: Any) -> Any:
        """A request that must succeed; its JSON."""
        answer = await self.ask(method, path, who, body, **more)
        assert answer.status < 300, answer
        return answer.json if answer.body else None

    async def take(self, line: str = "A", **more: Any) -> Any:
        """A ticket at the kiosk."""
        return await self.happy("POST", "/api/v1/tickets", "kiosk", {"line": line, **more})

    async def at_counter(self, act: str, body: Any = None) -> Any:
        """The clerk of the counter does something."""
        return await self.happy("POST", f"/api/v1/counters/{COUNTER}/{act}", "clerk", body)

    async def served(self) -> dict[str, Any]:
        """A ticket from issue to the end of its service; the answer to `finish`."""
        await self.take()
        for act in ("call-next", "begin"):
            await self.at_counter(act)
        answer: dict[str, Any] = await self.at_counter("finish", {})
        return answer


async def call(app: Any, method: str, path: str, headers: dict[str, str], content: bytes) -> Answer:
    """One request to an ASGI application."""
    path, _, query = path.partition("?")
    got: list[dict[str, Any]] = []
    given = False

    async def receive() -> dict[str, Any]:
        nonlocal given
        if given:
            return {"type": "http.disconnect"}
        given = True
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        got.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in headers.items()],
        "client": ("192.0.2.7", 40000),
        "server": ("127.0.0.1", 8700),
        "state": {},
    }
    await app(scope, receive, send)
    head = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in got[0]["headers"]}
    return Answer(got[0]["status"], head, b"".join(m.get("body", b"") for m in got[1:]))


class Viewer:
    """One live picture, followed; `stuck` reads nothing, so that whatever is sent to it waits for ever."""

    def __init__(self, doors: Doors, picture: str, token: str | None, *, stuck: bool = False) -> None:
        self.messages: list[dict[str, Any]] = []
        self.picture: dict[str, Any] = {}
        self.seq = -1
        self.snapshots = 0
        self.closed: int | None = None
        self.stuck = stuck
        self._gone = asyncio.Event()
        hello: dict[str, Any] = {"hello": 1, "picture": picture, "after": None}
        if token is not None:
            hello["token"] = token
        self._said = [{"type": "websocket.connect"}, {"type": "websocket.receive", "text": json.dumps(hello)}]
        scope = {
            "type": "websocket",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "path": "/api/v1/live",
            "raw_path": b"/api/v1/live",
            "query_string": b"",
            "root_path": "",
            "scheme": "ws",
            "headers": [(b"host", b"hall.test")],
            "client": ("192.0.2.7", 40001),
            "server": ("127.0.0.1", 8700),
            "subprotocols": [],
            "state": {},
            "extensions": {},
        }
        self._task = asyncio.ensure_future(doors.app(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        if self._said:
            return self._said.pop(0)
        await self._gone.wait()
        return {"type": "websocket.disconnect", "code": 1001}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.close":
            self.closed = message.get("code", 1000)
            return
        if message["type"] != "websocket.send":
            return
        if self.stuck and self.messages:
            await self._gone.wait()
        said = json.loads(message["text"])
        self.messages.append(said)
        if "snapshot" in said:
            self.picture, self.seq = said["snapshot"], said["seq"]
            self.snapshots += 1
        elif "patch" in said:
            assert said["seq"] >= self.seq, "patches come in order"
            self.picture, self.seq = merge(self.picture, said["patch"]), said["seq"]

    async def until(self, true: Callable[[Viewer], bool]) -> Viewer:
        """Waits until what it shows fulfils a condition, with a limit."""
        async with asyncio.timeout(LIMIT_S):
            while not true(self):
                await asyncio.sleep(0.002)
        return self

    async def shown(self) -> Viewer:
        """Waits for the first snapshot, or the end."""
        return await self.until(lambda v: v.snapshots > 0 or v.closed is not None)

    async def leave(self) -> None:
        """The client goes."""
        self._gone.set()
        await asyncio.wait([self._task], timeout=LIMIT_S)


def opened_engine(data: Path, clock: SetClock, vfs: str | None = None) -> Engine:
    """The engine of a folder, on a disk of the test's own if one is named."""
    lock = WriterLock(data, program="a test")
    lock.acquire()
    engine = Engine(data=data, journal=Journal.open(data / "journal.db", vfs=vfs), lock=lock, clock=clock)
    engine._rebuild()
    return engine


@asynccontextmanager
async def doors_of(data: Path, *, at: str = MORNING, vfs: str | None = None) -> AsyncIterator[Doors]:
    """The hall in `data`, served in this process; every role may ask, counter 3 is open."""
    clock = SetClock(instant(at))
    engine = opened_engine(data, clock, vfs)
    house = open_house(data, engine)
    hub = Hub(house)
    engine.watcher = hub
    doors = Doors(house, hub, clock)
    try:
        await furnish(doors)
        yield doors
        await engine.flushed()
    finally:
        house.close()
        engine.close()


async def furnish(doors: Doors) -> None:
    """A credential for every role. Sessions begin past the PIN check, which has its own tests and takes its time."""
    engine, house = doors.engine, doors.house
    office = Office(house.data, engine, house.credentials, house.pins, house.passwords)
    settings = patched(engine.hall.settings, {"limits": {"requests_per_s": 0}})
    await engine.submit(ChangeSettings(settings=settings), engine.stamp("console"))
    for role in DEVICES:
        at = COUNTER if role in ("counter", "keypad") else None
        if (known := engine.hall.device_named(f"{role}-t")) is not None:
            await perform(office, "device_revoke", {"name": known.name})
        added = await perform(office, "device_add", {"role": role, "name": f"{role}-t", "counter": at})
        doors.tokens[role] = added["token"]
    device = engine.hall.device_named("counter-t")
    assert device is not None
    begun = await engine.submit(
        SignInClerk(clerk=CLERK, counter=COUNTER), engine.stamp("console", device=device.id, counter=COUNTER)
    )
    doors.tokens["clerk"] = house.seals.seal("session", begun.events[-1].session)  # type: ignore[attr-defined]
    for role in ACCOUNTS:
        if f"{role}-t" not in engine.hall.accounts:
            await engine.submit(AddAccount(name=f"{role}-t", role=role), engine.stamp("console"))  # type: ignore[arg-type]
        begun = await engine.submit(SignInAccount(name=f"{role}-t"), engine.stamp("console"))
        doors.tokens[role] = house.seals.seal("session", begun.events[-1].session)  # type: ignore[attr-defined]
    stamp = engine.stamp(f"clerk:{CLERK}", clerk=CLERK, counter=COUNTER)
    await engine.submit(OpenCounter(), stamp)


def copied(made: Path, folder: Path) -> Path:
    """A fresh copy of a hall."""
    shutil.copytree(made, folder / "hall")
    return folder / "hall"
