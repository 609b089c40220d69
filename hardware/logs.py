"""Structured log lines on standard error, and the arguments both commands of this room share."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import metadata

LEVELS = ("debug", "info", "warning", "error")


class Failure(Exception):
    """The world is not as needed; one plain line: what is wrong, what to do. Exit code 1."""


class Usage(Exception):
    """Called in a way that cannot work; one plain line. Exit code 2."""


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname.lower(), "event": record.getMessage(), "logger": record.name}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def start(level: str) -> None:
    """Sends the log to standard error, a JSON object a line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)


def version() -> str:
    """The version of the installed distribution."""
    try:
        return metadata.version("counterhall")
    except metadata.PackageNotFoundError:
        return "0"


def parser(program: str, description: str) -> argparse.ArgumentParser:
    """A parser with --version and --log-level."""
    made = argparse.ArgumentParser(prog=program, description=description, allow_abbrev=False)
    made.add_argument("--version", action="version", version=f"{program} {version()}")
    made.add_argument("--log-level", choices=LEVELS, default="warning")
    return made


def run(program: str, main: Callable[[], int]) -> int:
    """Turns failures into one line and an exit code; no traceback reaches a user."""
    try:
        return main()
    except Usage as usage:
        print(f"{program}: {usage}", file=sys.stderr)  # noqa: T201 - the answer of a command
        return 2
    except Failure as failure:
        print(f"{program}: {failure}", file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        return 0
    except Exception as bug:
        logging.getLogger(program).debug("unexpected", exc_info=True)
        print(  # noqa: T201
            f"{program}: unexpected {type(bug).__name__}: {bug}; "
            "run again with --log-level debug and report what it says",
            file=sys.stderr,
        )
        return 1
