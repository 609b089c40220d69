"""`hall-server run`: the server."""

from __future__ import annotations

import argparse
import asyncio
import logging
import socket
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ..core.hall import Hall
    from ..office import Office

log = logging.getLogger(__name__)

COMMAND_PATIENCE_S: Final = 5.0
"""How long a start waits for a command that has the folder; another server is never waited for."""
DEFAULT_PORT: Final = 8700


@dataclass(frozen=True)
class Address:
    """`HOST:PORT`."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """Whether nobody outside this machine can reach it."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def add_to(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    """Add the command."""
    from .access import add_data

    made = commands.add_parser("run", help="serve the hall until SIGTERM or Ctrl-C", parents=parents)
    add_data(made)
    made.add_argument("--listen", type=address, required=True, metavar="HOST:PORT", help="for programs of the hall")
    made.add_argument(
        "--public", type=address, metavar="HOST:PORT", help="for the visitor's page and public pages only"
    )
    made.add_argument("--no-announce", action="store_true", help="do not announce the hall by mDNS")
    made.add_argument("--insecure-http", action="store_true", help="plain HTTP, on loopback only")
    made.set_defaults(run=lambda args: run(args, made), default_log_level="info")


def address(text: str) -> Address:
    """`HOST:PORT`, checked."""
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not (port.isascii() and port.isdecimal() and int(port) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT, such as 0.0.0.0:{DEFAULT_PORT}")
    return Address(host, int(port))


def run(args: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Serve; the exit code of the server."""
    from .access import require_hall

    if args.insecure_http and not args.listen.is_loopback:
        parser.error("--insecure-http is for loopback only: listen on 127.0.0.1, or leave it out to use TLS")
    require_hall(args.data)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(serve(args))


def loop_factory() -> Any:
    """uvloop where there is one (not on Windows)."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


async def serve(args: argparse.Namespace, *, extra: Sequence[Any] = ()) -> int:
    """Open the hall and its doors, until a signal; `extra` are further routes (the demo's page)."""
    from .. import control
    from ..office import Office, settings_at_start
    from ..web import app
    from ..web.console.pages.routes import console_routes
    from ..web.public.page import page_routes

    async with AsyncExitStack() as stack:
        opened = await stack.enter_async_context(when_free(args.data))
        house = app.open_house(args.data, opened.engine)
        stack.callback(house.close)
        office = Office(args.data, opened.engine, house.credentials, house.pins, house.passwords)
        await settings_at_start(office)
        certificate = None if args.insecure_http else server_files(args.data, args.listen)
        await stack.enter_async_context(control.listening(office))
        announcement = Announcement(office.hall, house.fingerprint, tls=certificate is not None)
        stack.push_async_callback(announcement.end)

        def ready(host: str, port: int) -> None:
            bound = Address(host, port)
            print(f"hall-server ready {bound}", flush=True)
            log.info("ready on %s", bound)
            if not args.no_announce:
                announcement.begin(bound)

        return await app.run(
            house=house,
            listen=(args.listen.host, args.listen.port),
            certificate=certificate,
            public=None if args.public is None else (args.public.host, args.public.port),
            public_certificate=public_files(args.data, office.hall),
            public_app=None if args.public is None else import_module("hall_server.web.public.listener").public_app,
            extra=[*page_routes(house), *console_routes(), *extra],
            on_ready=ready,
        )


@asynccontextmanager
async def when_free(data: Path) -> AsyncIterator[Office]:
    """The hall, once no command has it any more; `LockHeld` at once when a server does."""
    from ..journal.lock import LockHeld
    from .access import opened

    until = time.monotonic() + COMMAND_PATIENCE_S
    async with AsyncExitStack() as stack:
        while True:
            try:
                office = await stack.enter_async_context(opened(data, program="hall-server run", running=True))
                break
            except LockHeld as held:
                if held.holder.startswith("hall-server run") or time.monotonic() > until:
                    raise
            await asyncio.sleep(0.05)
        yield office


class Announcement:
    """The hall's announcement by mDNS: begun once it takes requests, ended with the server."""

    def __init__(self, hall: Hall, fingerprint: str, *, tls: bool) -> None:
        self._hall, self._fingerprint, self._tls = hall.settings.hall, fingerprint, tls
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def begin(self, bound: Address) -> None:
        """Announce until `end`."""
        self._task = asyncio.ensure_future(self._announce(bound))

    async def end(self) -> None:
        """Say goodbye."""
        self._stop.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=1)

    async def _announce(self, bound: Address) -> None:
        from ..announce import announced

        name = self._hall.name[self._hall.languages[0]]
        async with announced(
            host=bound.host,
            port=bound.port,
            hall=self._hall.hall,
            name=name,
            tls=self._tls,
            fingerprint=self._fingerprint,
        ):
            await self._stop.wait()


def server_files(data: Path, listen: Address) -> tuple[str, str]:
    """Certificate and key for the names and addresses this machine is reached by."""
    from datetime import UTC, datetime

    from ..announce import addresses_of
    from ..trust.certificates import server_certificate

    machine = socket.gethostname().split(".")[0]
    names = [*addresses_of(listen.host), *(n for n in (machine, f"{machine}.local") if n.isascii() and n.strip("."))]
    made = server_certificate(data / "keys", names=names, now=datetime.now(UTC))
    return str(made.certificate), str(made.key)


def public_files(data: Path, hall: Hall) -> tuple[str, str] | None:
    """Certificate and key for the public listener, where the settings name one; relative to the data folder."""
    public = hall.settings.public
    if public.certificate is None or public.certificate_key is None:
        return None
    return str(data / public.certificate), str(data / public.certificate_key)
