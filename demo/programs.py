"""The programs of a demo: started, watched, started again with patience, ended together."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

BACK_OFF_S = (0.5, 1.0, 2.0, 4.0, 8.0)
CALM_S = 30.0
"""A program that lived so long starts again at once when it dies."""
GENTLE_S = 2.2
"""How long programs may take to end before they are killed; all are gone within 3 s."""
PIPE_S = 0.3
PR_SET_PDEATHSIG = 1
LOG_BYTES_MAX = 5_000_000


def _die_with_parent() -> None:
    """In the child, before the program: Linux ends it when the supervisor is gone, however that came about."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Program:
    """One program: how it is started, and how one sees that it works."""

    name: str
    arguments: list[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    says: str | None = None
    """It works once a line of its standard output begins so."""
    draws: Path | None = None
    """It works once this file is newer than its start."""
    after: tuple[str, ...] = ()
    """Programs that must work before it is started."""


@dataclass
class Life:
    """A program as it is now. Times are wall seconds."""

    program: Program
    pid: int | None = None
    state: str = "waiting"
    """`waiting` for others, `starting`, `alive`, `resting` before the next try, `ended`."""
    since: float = field(default_factory=time.time)
    starts: int = 0
    last_code: int | None = None

    @property
    def alive(self) -> bool:
        """Whether it works."""
        return self.state == "alive"

    def become(self, state: str) -> None:
        """Another state, from now on."""
        if state != self.state:
            self.state, self.since = state, time.time()


class Troupe:
    """All programs of one demo."""

    def __init__(self, programs: list[Program], *, changed: Callable[[], None] = lambda: None) -> None:
        self.lives = {program.name: Life(program) for program in programs}
        self._changed = changed
        self._tasks: list[asyncio.Task[None]] = []
        self._ending = False

    def start(self) -> None:
        """Begins to keep every program alive."""
        self._tasks = [asyncio.ensure_future(self._keep(life)) for life in self.lives.values()]

    @property
    def all_alive(self) -> bool:
        """Whether every program works."""
        return all(life.alive for life in self.lives.values())

    def failing(self, tries: int) -> Life | None:
        """A program that died so often without ever working."""
        for life in self.lives.values():
            if life.starts >= tries and life.state == "resting":
                return life
        return None

    def kill(self, name: str) -> bool:
        """Kills a program as a crash would; it is started again."""
        life = self.lives.get(name)
        if life is None or life.pid is None:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(life.pid, signal.SIGKILL)
        return True

    async def end(self) -> None:
        """Ends every program; returns when none is left."""
        self._ending = True
        self._signal(signal.SIGTERM)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=GENTLE_S)
            self._signal(signal.SIGKILL)
            _, left = await asyncio.wait(self._tasks, timeout=0.5)
            for task in left:
                task.cancel()

    def _signal(self, number: signal.Signals) -> None:
        for life in self.lives.values():
            if life.pid is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(life.pid, number)

    # ------------------------------------------------------------ one life

    async def _keep(self, life: Life) -> None:
        while not self._ending and not all(self.lives[name].alive for name in life.program.after):
            await asyncio.sleep(0.05)
        tries = 0
        while not self._ending:
            began = time.monotonic()
            await self._live_once(life)
            if self._ending:
                break
            tries = 0 if time.monotonic() - began > CALM_S else tries + 1
            life.become("resting")
            self._changed()
            await self._rest(BACK_OFF_S[min(max(tries - 1, 0), len(BACK_OFF_S) - 1)])
        life.become("ended")
        life.pid = None
        self._changed()

    async def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._ending and time.monotonic() < until:
            await asyncio.sleep(0.05)

    async def _live_once(self, life: Life) -> None:
        program = life.program
        life.become("starting")
        life.starts += 1
        began = time.time()
        with open_log(program.log) as log:
            process = await asyncio.create_subprocess_exec(
                *program.arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env={**os.environ, **program.environment},
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        life.pid = process.pid
        if self._ending:  # the signal to all went out before this one had a number
            process.terminate()
        self._changed()
        watching = asyncio.ensure_future(self._watch(life, process, began))
        life.last_code = await process.wait()
        life.pid = None
        # Its output ends with it, unless a child of its own holds the pipe.
        _, left = await asyncio.wait((watching,), timeout=PIPE_S)
        for task in left:
            task.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    async def _watch(self, life: Life, process: asyncio.subprocess.Process, began: float) -> None:
        """Sees when it works, and keeps its standard output from filling up."""
        program = life.program
        if program.says is None and program.draws is None:
            self._works(life)
        seeing = asyncio.ensure_future(self._see(life, program.draws, began)) if program.draws else None
        assert process.stdout is not None
        try:
            while line := await process.stdout.readline():
                if (
                    program.says is not None
                    and life.pid is not None
                    and line.decode("utf-8", "replace").startswith(program.says)
                ):
                    self._works(life)
        finally:
            if seeing is not None:
                seeing.cancel()

    async def _see(self, life: Life, picture: Path, began: float) -> None:
        while True:
            with contextlib.suppress(OSError):
                if picture.stat().st_mtime >= began:
                    self._works(life)
                    return
            await asyncio.sleep(0.1)

    def _works(self, life: Life) -> None:
        life.become("alive")
        self._changed()


def open_log(file: Path) -> BinaryIO:
    """Where a program's standard error goes; begun anew when it has grown too large."""
    file.parent.mkdir(parents=True, exist_ok=True)
    grown = file.exists() and file.stat().st_size > LOG_BYTES_MAX
    return file.open("wb" if grown else "ab")


def last_words(file: Path) -> str:
    """The last line a program wrote before it died."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        return "it left no word"
    return lines[-1][-400:] if lines else "it left no word"
