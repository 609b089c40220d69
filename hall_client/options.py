"""Arguments, exit codes and log lines that the three programs share.

Exit 0 done, 2 wrong usage, 1 failure with one plain line that says what is wrong and what to do.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import platformdirs
import structlog

LEVELS = ("debug", "info", "warning", "error")


class Failure(Exception):
    """The world is not as needed; the text is one plain line for a person: what is wrong, what to do. Exit code 1."""


class Usage(Exception):
    """The program was called in a way that cannot work; one plain line. Exit code 2."""


def version() -> str:
    """The version of the installed distribution."""
    try:
        return metadata.version("counterhall")
    except metadata.PackageNotFoundError:  # pragma: no cover - run from a bare checkout
        return "0"


def parser(program: str, description: str) -> argparse.ArgumentParser:
    """A parser with everything the programs share; the caller adds its own.

    Server options: `--server URL|auto --token-file F --ca FILE`; window: `--window SCALE`; pictures for tests and
    documentation: `--screenshot FILE.png --after SECONDS`; `--log-level`, `--version`.
    """
    p = argparse.ArgumentParser(prog=program, description=description, allow_abbrev=False)
    p.add_argument("--server", default="auto", metavar="URL|auto", help="the hall's address; auto finds it (mDNS)")
    p.add_argument("--token-file", type=Path, metavar="F", help="this device's token; without it the program pairs")
    p.add_argument("--ca", type=Path, metavar="FILE", help="certificate of the hall's own CA, PEM")
    p.add_argument("--window", type=_scale, metavar="SCALE", help="a window at this scale instead of the whole screen")
    p.add_argument("--screenshot", type=Path, metavar="FILE.png", help="draw, save the picture, exit 0")
    p.add_argument("--after", type=_seconds, default=1.0, metavar="SECONDS", help="when to take it (default 1)")
    p.add_argument("--log-level", choices=LEVELS, default="info")
    p.add_argument("--version", action="version", version=f"{program} {version()}")
    p.set_defaults(program=program)
    return p


def _scale(text: str) -> float:
    value = float(text)
    if not 0.1 <= value <= 4:
        raise argparse.ArgumentTypeError("a scale between 0.1 and 4")
    return value


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 3600:
        raise argparse.ArgumentTypeError("seconds between 0 and 3600")
    return value


def data_folder(program: str) -> Path:
    """Where a program keeps what must survive it (outbox, catalogue, token) when no option says otherwise."""
    return Path(platformdirs.user_data_dir("counterhall", appauthor=False)) / program


def token_file(options: argparse.Namespace) -> Path:
    """The token's file: the option, else the program's own folder."""
    given: Path | None = options.token_file
    return given or data_folder(options.program) / "token"


def ca_file(options: argparse.Namespace) -> Path:
    """The CA's file: the option, else beside the token."""
    given: Path | None = options.ca
    return given or token_file(options).with_name("ca.pem")


def read_token(file: Path) -> str | None:
    """The token in `file`; None when there is no file yet. `Failure` when it cannot be read or is empty."""
    try:
        token = file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"cannot read the token file {file}: {error}; pair the device again or mend the file") from error
    if not token:
        raise Failure(f"the token file {file} is empty; delete it to pair again")
    return token


def check_server(server: str) -> None:
    """`Usage` unless `server` is `auto` or an http(s) URL without credentials."""
    if server == "auto":
        return
    scheme, _, rest = server.partition("://")
    if scheme not in ("http", "https") or not rest or "@" in rest.split("/")[0]:
        raise Usage(f"--server takes auto or an address like https://10.0.0.5:8700, not {server!r}")


def log_to_stderr(level: str) -> None:
    """Structured lines (JSON) on standard error from `level` on, for every logger of the program."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    drivers = logging.getLogger("hardware")
    drivers.handlers, drivers.propagate = [_AsStructured()], False
    drivers.setLevel(level.upper())


class _AsStructured(logging.Handler):
    """The drivers' own lines, a device lost and a device back among them, in the same form as everybody's."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger(record.name)
        getattr(log, record.levelname.lower(), log.error)(record.getMessage(), logger=record.name)


def run(p: argparse.ArgumentParser, body: Callable[[argparse.Namespace], int], argv: list[str] | None = None) -> int:
    """Parses, sets up the log, runs `body` and turns failures into one line and an exit code; never a traceback."""
    options = p.parse_args(argv)
    log_to_stderr(options.log_level)
    log = structlog.get_logger(options.program)
    try:
        check_server(options.server)
        return body(options)
    except Usage as error:
        print(f"{options.program}: {error}", file=sys.stderr)  # noqa: T201 - the one plain line
        return 2
    except Failure as error:
        print(f"{options.program}: {error}", file=sys.stderr)  # noqa: T201 - the one plain line
        return 1
    except Exception as error:
        log.error("bug", error=repr(error), where=_where(error))
        print(  # noqa: T201 - the one plain line
            f"{options.program}: stopped by a fault of the program ({type(error).__name__}); see the log line above",
            file=sys.stderr,
        )
        return 1


def _where(error: BaseException) -> list[str]:
    """File and line of each frame, innermost last: enough to mend it, without a traceback on a visitor's screen."""
    frames: list[str] = []
    trace = error.__traceback__
    while trace is not None:
        frames.append(f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return frames


where = _where
