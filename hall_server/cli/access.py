"""How a command reaches a hall: through the running server, or by opening the folder itself."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from ..clock import StandingClock, clock_for
from ..control import NobodyThere, ask
from ..engine import Engine
from ..journal.lock import LockHeld
from ..journal.schema import JournalMissing
from ..office import Office, perform, settings_at_start
from ..settings import SettingsFileBad
from ..trust.credentials import Credentials
from .failure import Failure

log = logging.getLogger(__name__)

PATIENCE_S: Final = 20.0
"""How long a command waits for a server that is just starting or ending, or for another command."""
RETRY_S: Final = 0.1


def add_data(parser: argparse.ArgumentParser) -> None:
    """The option every command has."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the hall's data folder")


def reach(data: Path, operation: str, /, **arguments: Any) -> Any:
    """The answer of one operation of `office`, wherever it can be performed."""
    require_hall(data)
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return asyncio.run(_by_itself(data, operation, arguments))
        except LockHeld:
            pass
        try:
            return ask(data, operation, arguments)
        except NobodyThere:
            if time.monotonic() > until:
                raise
        time.sleep(RETRY_S)


def require_hall(data: Path) -> None:
    """Raise `JournalMissing` unless there is a hall in the folder."""
    if not (data / "journal.db").is_file():
        raise JournalMissing(data / "journal.db")


async def _by_itself(data: Path, name: str, arguments: dict[str, Any]) -> Any:
    async with opened(data, program=f"hall-server {name.partition('_')[0]}") as office:
        try:
            await settings_at_start(office)
        except SettingsFileBad as bad:
            log.warning("hall.toml is not used until it is put right: %s", bad)
        return await perform(office, name, arguments)


@asynccontextmanager
async def opened(data: Path, *, program: str, running: bool = False) -> AsyncIterator[Office]:
    """The hall in `data`, opened by this process; raises `LockHeld` when another has it."""
    engine = Engine.open(data, StandingClock(0), program=program)
    try:
        engine.clock = clock_for(data, engine.hall, running=running, on_step=_tell_step)
        yield Office(data=data, engine=engine, credentials=Credentials(data / "keys"))
        await engine.flushed()
    finally:
        engine.close()


def secret_from_input(what: str) -> str:
    """One line of standard input, without its end; asked for without echo on a terminal."""
    if sys.stdin.isatty():
        import getpass

        return getpass.getpass(f"{what}: ")
    line = sys.stdin.readline()
    if not line:
        raise Failure(f"no {what} on standard input")
    return line.rstrip("\r\n")


def _tell_step(step_ms: int) -> None:
    log.warning("the machine's clock was set by %+.1f s; the hall follows it when nobody waits", step_ms / 1000)
