"""`hall-demo`: a whole hall on this machine, alive until Ctrl-C. What `make run` starts."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from typing import Any

from .cable import Cable
from .notes import read, write
from .plan import (
    BIG_BAR,
    CALL_PAD_COUNTER,
    DEVICES,
    RATER,
    REAL_COUNTERS,
    SCREENS,
    BadVariable,
    Runtime,
    Wanted,
    address,
    free_ports,
    is_free,
    port_names,
    wanted,
)
from .programs import Program, Troupe, last_words
from .screens import scale_of, screen_size

READY_WITHIN_S = 120.0
TRIES = 4
"""A program that died so often before the hall was ready will not come."""
LOOK_S = 0.25
PAPERS_KEPT = 60


class NotReady(Exception):
    """The demo cannot begin; one line for a person: what is wrong, what to do."""


class Supervisor:
    """One demo hall from its start to its end."""

    def __init__(self, asked: Wanted) -> None:
        self.asked = asked
        self.runtime = Runtime.beside(asked.data)
        self.ports: dict[str, int] = {}
        self.cables: dict[str, Cable] = {}
        self.troupe = Troupe([])
        self.stop = asyncio.Event()
        self.ready_at: float | None = None
        self._written = ""

    # ------------------------------------------------------------ begin and end

    async def run(self) -> int:
        """Everything, until a signal; the exit code."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.stop.set)
        try:
            await self._furnish()
            await self._set_up()
            self.troupe.start()
            if await self._until_ready():
                print(f"hall ready: {self.asked.url}/", flush=True)  # noqa: T201 - the line people wait for
                await self._watch()
        finally:
            await self.troupe.end()
            self._tell()
        return 0

    async def _furnish(self) -> None:
        """Makes the hall, unless a signal comes first."""
        if not is_free(self.asked.port):
            raise NotReady(f"port {self.asked.port} is in use; end what uses it, or set HALL_PORT to another")
        past = (str(self.asked.seed), str(self.asked.months))
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "demo.furniture", str(self.asked.data), *past, stdin=asyncio.subprocess.DEVNULL
        )
        done, stopped = asyncio.ensure_future(process.wait()), asyncio.ensure_future(self.stop.wait())
        await asyncio.wait((done, stopped), return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not done.done():
            process.terminate()
            await done
        elif done.result() != 0:
            raise NotReady("the demo hall could not be made; see the line above")

    async def _set_up(self) -> None:
        """Ports, cables, programs."""
        names = list(port_names())
        self.ports = dict(zip(names, free_ports(len(names)), strict=True)) | {"server": self.asked.port}
        self.runtime.make()
        write(self.runtime.ports, self.ports)
        for old in (*self.runtime.wishes.iterdir(), *self.runtime.hands.iterdir()):
            old.unlink()
        for screen in SCREENS:
            self.cables[screen] = Cable(port=self.ports[f"{screen}-cable"], to_port=self.asked.port)
            await self.cables[screen].plug()
        size = await screen_size() if self.asked.windows else None
        self.troupe = Troupe(
            [*self._devices(), self._server(), *self._screens(size), self._people()], changed=self._tell
        )

    async def _until_ready(self) -> bool:
        """True when everything works; False when a signal came first. Raises `NotReady`."""
        until = time.monotonic() + READY_WITHIN_S
        while not self.stop.is_set():
            if self.troupe.all_alive:
                self.ready_at = time.time()
                self._tell()
                return True
            failing = self.troupe.failing(TRIES)
            if failing is not None:
                words = last_words(failing.program.log)
                raise NotReady(f"{failing.program.name} does not start: {words} (log: {failing.program.log})")
            if time.monotonic() > until:
                slow = ", ".join(name for name, life in self.troupe.lives.items() if not life.alive)
                raise NotReady(
                    f"after {READY_WITHIN_S:.0f} s these do not work: {slow}; see {self.runtime.folder}/logs"
                )
            await self._look()
        return False

    async def _watch(self) -> None:
        while not self.stop.is_set():
            await self._look()

    async def _look(self) -> None:
        """A moment: wishes are granted, old papers thrown away, the status told."""
        try:
            await asyncio.wait_for(self.stop.wait(), LOOK_S)
        except TimeoutError:
            pass
        for file in sorted(self.runtime.wishes.glob("*.json")):
            wish = read(file)
            file.unlink(missing_ok=True)
            await self._grant(wish)
        papers = sorted(self.runtime.paper.glob("ticket-*.png"))
        for old in papers[:-PAPERS_KEPT]:
            old.unlink(missing_ok=True)
        self._tell()

    async def _grant(self, wish: dict[str, Any]) -> None:
        match wish:
            case {"kill": str(name)}:
                self.troupe.kill(name)
            case {"pull": str(name)} if name in self.cables:
                await self.cables[name].pull()
            case {"plug": str(name)} if name in self.cables:
                await self.cables[name].plug()

    def _tell(self) -> None:
        """Writes the status, when it is another one."""
        status = {
            "ready_at": self.ready_at,
            "url": self.asked.url,
            "speed": self.asked.speed,
            "data": str(self.asked.data),
            "programs": [
                {
                    "name": life.program.name,
                    "pid": life.pid,
                    "state": life.state,
                    "since": round(life.since, 1),
                    "starts": life.starts,
                    "last_code": life.last_code,
                }
                for life in self.troupe.lives.values()
            ],
            "cables": {name: cable.pulled for name, cable in self.cables.items()},
        }
        words = json.dumps(status)
        if words != self._written and self.runtime.folder.is_dir():
            self._written = words
            write(self.runtime.status, status)

    # ------------------------------------------------------------ programs

    def _devices(self) -> list[Program]:
        found = []
        for device, kind in DEVICES.items():
            out = self.runtime.paper if device == "printer" else self.runtime.folder / device
            more = ["--out", str(out)] if device == "printer" or device.startswith("led") else []
            more += ["--height", "32"] if device == BIG_BAR else []
            more += ["--seconds-per-ticket", "0.8"] if device == "printer" else []
            more += ["--profile", RATER] if kind == "template" else []
            where = address(device, self.ports[device]).partition("+")[2].partition("?")[0]
            listen = ["--listen", where, "--control", local(self.ports[f"{device}-control"])]
            arguments = [sys.executable, "-m", "hardware.cli", "simulate", kind, *listen, *more]
            found.append(Program(device, arguments, self.runtime.log(device), says="control at"))
        return found

    def _server(self) -> Program:
        arguments = [sys.executable, "-m", "demo.server", str(self.asked.data), str(self.asked.port)]
        return Program(
            "server", arguments, self.runtime.log("server"), environment=self._hall_time(), says="hall-server ready"
        )

    def _people(self) -> Program:
        arguments = [sys.executable, "-m", "demo.people", str(self.asked.data), str(self.asked.seed)]
        return Program(
            "people",
            arguments,
            self.runtime.log("people"),
            environment=self._hall_time(),
            says="people are here",
            after=("server", *SCREENS, *DEVICES),
        )

    def _hall_time(self) -> dict[str, str]:
        return {"HALL_SPEED": str(self.asked.speed)}

    def _screens(self, size: tuple[int, int] | None) -> list[Program]:
        own = {
            "kiosk": ["kiosk.app", *self._driven("printer"), *self._driven("reader"), *self._driven("scanner")],
            "wall": ["display_wall.app", "--screen", "main", *self._driven("led-wall")],
        }
        for counter in REAL_COUNTERS:
            own[f"counter-{counter}"] = [
                "counter_client.app",
                *("--counter", counter),
                *self._driven(f"keypad-{counter}"),
                *("--keypad-token-file", str(self.runtime.folder / f"counter-{counter}" / "keypad-token")),
                *self._driven(f"led-{counter}"),
                *(self._driven(f"pad-{counter}") if counter == CALL_PAD_COUNTER else ()),
            ]
        return [self._screen(name, own[name], size) for name in SCREENS]

    def _driven(self, device: str) -> list[str]:
        """A device as its program's option."""
        return [f"--{device.partition('-')[0]}", address(device, self.ports[device])]

    def _screen(self, name: str, own: list[str], size: tuple[int, int] | None) -> Program:
        server = f"http://127.0.0.1:{self.ports[f'{name}-cable']}"
        window = [] if size is None else ["--window", scale_of(name, size)]
        picture = self.runtime.picture(name)
        look = {} if size is not None else {"QT_QPA_PLATFORM": "offscreen"}
        return Program(
            name,
            [sys.executable, "-m", *own, "--server", server, "--token-file", str(self.runtime.token(name)), *window],
            self.runtime.log(name),
            environment={
                "QT_QUICK_BACKEND": "software",
                "HALL_SNAPSHOT": str(picture),
                "HALL_DRIVE": str(self.ports[f"{name}-hand"]),
                **look,
                **self._hall_time(),
            },
            draws=picture,
            after=("server",),
        )


def local(port: int) -> str:
    """A port of this machine as a device's address."""
    return f"socket://127.0.0.1:{port}"


def main() -> int:
    """Entry point. 0 ended by a signal, 1 the demo could not begin, 2 a variable cannot be used."""
    os.umask(0o077)
    try:
        asked = wanted()
    except BadVariable as wrong:
        print(f"hall-demo: {wrong}", file=sys.stderr)  # noqa: T201 - the one plain line
        return 2
    try:
        return asyncio.run(Supervisor(asked).run())
    except NotReady as wrong:
        print(f"hall-demo: {wrong}", file=sys.stderr)  # noqa: T201 - the one plain line
        return 1
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
