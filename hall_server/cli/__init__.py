"""The command line of the hall server, one file a command.

Rules of the room
- A command says what it takes and what it prints; what it does is done by `office`, `journal`, `reports` or `web`.
- Exit 0 done, 2 wrong usage, 1 failure with one plain line on standard error; never a traceback.
- Answers go to standard output, logs as JSON lines to standard error.
- Secrets come in by standard input and go out once, on standard output; never as an argument.
- Heavy imports stand inside `run`: `--help` and a short question to a running server must be quick.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

from .. import __version__
from .failure import explained
from .logs import LEVELS, configure

COMMANDS: Final = (
    "init",
    "run",
    "device",
    "clerk",
    "account",
    "verify",
    "anchor",
    "backup",
    "restore",
    "import_",
    "export",
    "exchange",
    "report",
    "due",
)
"""Modules of this package, in the order `--help` shows them."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit."""
    sys.exit(command(arguments))


def command(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code. Wrong usage leaves by `SystemExit` 2, as argparse does."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    args = parser().parse_args(arguments)
    configure(args.log_level or args.default_log_level)
    try:
        code: int | None = args.run(args)
        return code or 0
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our answer has gone: nothing is left to say to them.
        sys.stderr.close()
        return 1
    except Exception as error:
        print(f"hall-server: {explained(error)}", file=sys.stderr)
        return 1


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--log-level", choices=LEVELS, default=None, help="how much is logged (standard error)")
    made = argparse.ArgumentParser(
        prog="hall-server",
        description="The server of a service hall: tickets, counters, walls, ratings, and the record of it all.",
        parents=[shared],
    )
    made.add_argument("--version", action="version", version=f"hall-server {__version__}")
    made.set_defaults(default_log_level="warning")
    commands = made.add_subparsers(title="commands", metavar="COMMAND", required=True)
    # A subcommand must not set back what stood before it.
    after = argparse.ArgumentParser(add_help=False)
    after.add_argument("--log-level", choices=LEVELS, default=argparse.SUPPRESS, help="how much is logged")
    for name in COMMANDS:
        import_module(f".{name}", __name__).add_to(commands, [after])
    return made
