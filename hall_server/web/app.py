"""The server program: builds the house, opens its doors, lets time pass, and closes in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import uvicorn
from litestar import Litestar, Response, Router, asgi
from litestar.config.response_cache import ResponseCacheConfig
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from hall_protocol.refusals import Refused

from .. import __version__
from ..core.people.session import EndSession
from ..engine import Engine
from ..freezing import freeze_what_is_due
from ..memory import give_back_large_pieces, what_is_here_stays
from .clerk import cases, counters, inquiries, sessions
from .console import (
    accountability,
    accounts,
    cards,
    devices,
    hall,
    oversight,
    past,
    records,
    register_export,
    registers,
)
from .device import complaints, ratings, tickets
from .guard import guard
from .house import House
from .kept_words import let_go, recall
from .live import BEAT_S, Hub
from .outward import watch_of
from .problems import HEADERS, catalogue, on_crash, on_garbled, on_http, on_refused
from .public import case_status, readings
from .sending import OneWriteProtocol, Told
from .wire import PING_EVERY_S, PONG_WITHIN_S, Bounded, LiveProtocol, room_for_connections

log = logging.getLogger(__name__)

BODY_MAX = 1_000_000
KEEP_ALIVE_S = 75
"""A kiosk that is touched once a minute should not shake hands each time."""
TICK_S = 1.0
TICKETS_EVERY_TICKS = 5
SAVE_EVERY_TICKS = 300
SLOW_EVERY_TICKS = 60
SWITCH_S = 0.0005
"""Hands the interpreter from the writer's thread to the loop quickly (server.md trap 6)."""

API = (
    tickets.take, tickets.look, tickets.cancel, tickets.reinstate, tickets.on_my_way, tickets.print_result,
    tickets.lease, tickets.merge, tickets.ask_help, ratings.give,
    sessions.sign_in, sessions.sign_out,
    counters.open_counter, counters.pause, counters.close, counters.call_next, counters.call_number, counters.recall,
    counters.begin, counters.no_show, counters.park, counters.resume, counters.transfer, counters.send_back,
    counters.undo, counters.finish, counters.reclassify,
    inquiries.register, inquiries.listed, inquiries.look, inquiries.visitor, inquiries.hand_over, inquiries.accept,
    inquiries.decline, inquiries.answer, inquiries.assign,
    accounts.sign_in, accounts.sign_out,
    devices.ask_pairing, devices.claim, devices.confirm, devices.devices, devices.revoke, devices.health,
    hall.post_notice, hall.remove_notice, hall.evacuate, hall.end_evacuation, hall.read_settings, hall.change_settings,
    hall.counter_lines, hall.send_message,
    *registers.ROUTES, *accountability.ROUTES, register_export.export, *past.ROUTES, *oversight.ROUTES,
    complaints.complain, complaints.write,
    *cases.ROUTES, *cards.ROUTES, case_status.ask_status,
    records.events, records.monthly, records.behind,
    readings.catalogue, readings.lines, readings.board, readings.clock,
)  # fmt: skip
"""Every route under `/api/v1`."""
OUTSIDE = (records.healthz, records.readyz, records.ca, records.metrics)
"""Routes outside the versioned interface."""


async def with_headers(response: Response[Any]) -> Response[Any]:
    """What browsers are told with every answer (reliability.md S7). `async` for the same reason as the guard."""
    if isinstance(response, Told):
        return response
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def live_door(hub: Hub) -> Any:
    """The socket of live pictures, without anything between it and the hub."""

    @asgi("/api/v1/live", copy_scope=False)
    async def live(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await hub.serve(scope, receive, send)
            return
        head = [(b"upgrade", b"websocket"), *((k.lower().encode(), v.encode()) for k, v in HEADERS.items())]
        await send({"type": "http.response.start", "status": 426, "headers": head})
        await send({"type": "http.response.body", "body": b""})

    return live


def make_app(house: House, hub: Hub, extra: Sequence[Any] = ()) -> Litestar:
    """All doors of the hall's own listener."""
    catalogue()  # read now: a refusal must find its words when the disk can no longer be read
    return Litestar(
        route_handlers=[
            Router(path="/api/v1", route_handlers=list(API), before_request=guard),
            Router(path="/", route_handlers=list(OUTSIDE), before_request=guard),
            live_door(hub),
            *extra,
        ],
        state=State({"house": house, "hub": hub}),
        exception_handlers={
            Refused: on_refused,
            HTTPException: on_http,
            UnicodeDecodeError: on_garbled,
            RecursionError: on_garbled,
            Exception: on_crash,
        },
        after_request=with_headers,
        openapi_config=OpenAPIConfig(
            title="Counterhall",
            version=__version__,
            description="One service hall: tickets, counters, ratings, notices, the record. Version 1.",
            path="/schema",
            render_plugins=[JsonRenderPlugin()],
            use_handler_docstrings=True,
        ),
        request_max_body_size=BODY_MAX,
        logging_config=None,
        response_cache_config=ResponseCacheConfig(default_expiration=0),
    )


class Doors:
    """The listeners of one server."""

    def __init__(self) -> None:
        self.servers: list[uvicorn.Server] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def open(
        self,
        app: Any,
        listener: socket.socket,
        *,
        certificate: tuple[str, str] | None,
        behind_proxy: bool = False,
    ) -> None:
        """Takes requests on a bound socket; returns once it does.

        `behind_proxy`: a proxy on this machine may say whom it asks for; nobody else is believed.
        """
        config = uvicorn.Config(
            app,
            ws=LiveProtocol,
            ws_per_message_deflate=False,
            ws_max_size=65_536,
            ws_ping_interval=PING_EVERY_S,
            ws_ping_timeout=PONG_WITHIN_S,
            http=OneWriteProtocol,
            proxy_headers=behind_proxy,
            loop="none",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=1,
            ssl_certfile=certificate[0] if certificate else None,
            ssl_keyfile=certificate[1] if certificate else None,
        )
        server = uvicorn.Server(config)
        server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
        self.servers.append(server)
        task = asyncio.ensure_future(server.serve(sockets=[listener]))
        self.tasks.append(task)
        while not server.started:
            if task.done():
                task.result()
                raise RuntimeError("the listener ended before it began")
            await asyncio.sleep(0.005)

    async def close(self) -> None:
        """Takes nothing new, ends what is under way."""
        for server in self.servers:
            server.should_exit = True
        if self.tasks:
            await asyncio.wait(self.tasks, timeout=1.6)


async def pass_time(house: House, hub: Hub, stop: asyncio.Event) -> None:
    """Once a second: time as a command, idle sessions, forecasts, beats."""
    ticks, day = 0, ""
    cleaning: asyncio.Future[None] | None = None
    freezing: asyncio.Future[None] | None = None
    next_beat = asyncio.get_running_loop().time() + BEAT_S
    while not stop.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), TICK_S)
        ticks += 1
        engine = house.engine
        check_clock(house)
        try:
            await engine.tick()
            for session in house.idle_sessions():
                await engine.submit(EndSession(session=session, reason="idle"), engine.stamp("hall"))
        except Refused as error:
            log.warning("time could not pass: %s", error.code)
        if ticks % SLOW_EVERY_TICKS == 1:
            house.foresight.measure(engine.hall.lines)
            house.check_disk()
        if engine.hall.day != day:
            day = engine.hall.day
            cleaning = asyncio.ensure_future(house.clean(day))
            let_go(house)
        if ticks % SLOW_EVERY_TICKS == 1 and (freezing is None or freezing.done()):
            freezing = asyncio.ensure_future(freeze(house))
        house.foresight.second_passed()
        if ticks % SAVE_EVERY_TICKS == 0:
            await asyncio.to_thread(house.foresight.save, house.foresight.kept())
        await house.eyes.look_ahead()
        hub.refresh(tickets=ticks % TICKETS_EVERY_TICKS == 0)
        if asyncio.get_running_loop().time() >= next_beat:
            next_beat += BEAT_S
            hub.beat()
    if under_way := [one for one in (cleaning, freezing) if one is not None]:
        await asyncio.wait(under_way, timeout=1)


async def freeze(house: House) -> None:
    """Bulletins whose time has come. What goes wrong is tried again a minute later."""
    try:
        await freeze_what_is_due(house.data, house.engine)
    except Exception as error:  # the disk, whatever it says
        log.warning("the bulletin could not be frozen: %s", error)
        house.eyes.alarms.setdefault("freeze_failed", house.engine.clock.now())
    else:
        house.eyes.alarms.pop("freeze_failed", None)


def check_clock(house: House) -> None:
    """Notices a stepped wall clock; takes it over only when nobody waits and no counter is open."""
    clock: Any = house.engine.clock
    clock.check()
    if clock.step_ms:
        house.eyes.alarms.setdefault("clock_stepped", clock.now())
        if house.engine.is_quiet():
            clock.adopt()
            house.eyes.alarms.pop("clock_stepped", None)
    else:
        house.eyes.alarms.pop("clock_stepped", None)


def listener_on(host: str, port: int) -> socket.socket:
    """A bound socket. OSError when the address is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, or asyncio leaves Nagle's algorithm on and every answer waits 40 ms for an ACK.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(1024)
    except OSError:
        bound.close()
        raise
    bound.setblocking(False)
    return bound


async def run(
    *,
    house: House,
    listen: tuple[str, int],
    certificate: tuple[str, str] | None,
    public: tuple[str, int] | None = None,
    public_certificate: tuple[str, str] | None = None,
    public_app: Callable[[House, Hub], Any] | None = None,
    extra: Sequence[Any] = (),
    before_ready: Callable[[House, Hub], Any] | None = None,
    on_ready: Callable[[str, int], None],
) -> int:
    """Serves until SIGTERM or SIGINT; returns the exit code. Everything acknowledged is on disk when it returns."""
    sys.setswitchinterval(SWITCH_S)
    give_back_large_pieces()
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    exit_code = 0

    def impossible(error: BaseException) -> None:
        nonlocal exit_code
        exit_code = 1
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    house.recall_words()
    recall(house)
    hub = Hub(house)
    house.engine.watcher = hub
    house.engine.on_impossible = impossible
    Bounded.connections_most = room_for_connections()
    doors = Doors()
    bound = listener_on(*listen)
    outside = listener_on(*public) if public else None
    await doors.open(make_app(house, hub, extra), bound, certificate=certificate)
    if outside is not None and public_app is not None:
        await doors.open(public_app(house, hub), outside, certificate=public_certificate, behind_proxy=True)
    closing = before_ready(house, hub) if before_ready is not None else None
    clockwork = asyncio.ensure_future(pass_time(house, hub, stop))
    watching = asyncio.ensure_future(watch_of(house).run(stop))
    what_is_here_stays()
    on_ready(listen[0], bound.getsockname()[1])
    await stop.wait()
    hub.close_all()
    await doors.close()
    await house.engine.flushed()
    watching.cancel()
    await asyncio.wait([clockwork, watching], timeout=1)
    if closing is not None:
        await closing()
    return exit_code


def open_house(data: Path, engine: Engine) -> House:
    """The house around an engine: secrets, vault and foresight from the data folder."""
    from ..foresight import Foresight
    from ..personal.vault import Look, Vault
    from ..trust.certificates import authority_fingerprint
    from ..trust.credentials import Credentials
    from ..trust.tokens import load_secret

    def looked(look: Look) -> None:
        log.info("personal data was read: %s", look)

    foresight = Foresight(data / "snapshots")
    foresight.load(engine.journal, engine.hall)
    return House(
        data=data,
        engine=engine,
        seals=load_secret(data / "keys"),
        credentials=Credentials(data / "keys"),
        vault=Vault(data, on_look=looked),
        foresight=foresight,
        fingerprint=authority_fingerprint(data / "keys"),
    )
