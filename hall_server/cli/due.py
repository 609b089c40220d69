"""`hall-server due`: when a limit ends, by the hall's calendar."""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import Any


def add_to(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    """Add the command."""
    from .access import add_data

    made = commands.add_parser("due", help="when a limit in working days ends", parents=parents)
    add_data(made)
    made.add_argument("--start", type=day, required=True, metavar="DATE", help="the day of acceptance, 2026-09-30")
    made.add_argument("--days", type=int, required=True, metavar="N", help="0 is on the spot")
    made.add_argument("--unit", choices=("working_day", "day"), default="working_day")
    made.add_argument(
        "--pause",
        type=pause,
        action="append",
        nargs="+",
        default=[],
        metavar="FROM/TO",
        help="the clock stands from FROM, and runs again on TO; FROM/ is still open",
    )
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """One JSON line."""
    from .access import reach

    pauses = [p for several in args.pause for p in several]
    print(json.dumps(reach(args.data, "due", start=args.start, days=args.days, unit=args.unit, pauses=pauses)))


def day(text: str) -> str:
    """A day, checked."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2026-09-30") from None


def pause(text: str) -> str:
    """A pause, checked."""
    begins, slash, ends = text.partition("/")
    if not slash:
        raise argparse.ArgumentTypeError(f"{text!r} is not FROM/TO or FROM/")
    if ends and day(ends) < day(begins):
        raise argparse.ArgumentTypeError(f"{text!r} ends before it begins")
    return f"{day(begins)}/{day(ends) if ends else ''}"
