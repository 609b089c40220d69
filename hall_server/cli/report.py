"""`hall-server report`: the monthly bulletin, and `report.db` made again."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

FORMATS = ("json", "csv", "xlsx", "pdf")


def add_to(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    """Add the command."""
    from .access import add_data

    made = commands.add_parser(
        "report", help="the monthly bulletin; `report rebuild` makes report.db again", parents=parents
    )
    made.add_argument("act", nargs="?", choices=("rebuild",), help="make report.db again from the journal")
    add_data(made)
    made.add_argument("--month", type=month, metavar="YYYY-MM")
    made.add_argument("--format", choices=FORMATS, default="json")
    made.add_argument("--to", type=Path, metavar="FILE")
    made.set_defaults(run=lambda args: run(args, made))


def run(args: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    """Write the bulletin, or make the tables again."""
    from ..journal.reader import Reader
    from ..reports import bulletin, export, projection
    from .access import reach, require_hall
    from .failure import Failure

    require_hall(args.data)
    tables = args.data / "report.db"
    if args.act == "rebuild":
        with Reader(args.data / "journal.db") as reader:
            count = projection.rebuild(tables, reader.stream(0), told=progress(reader.head.seq))
        print(f"report.db made again from {count} events")
        return
    if args.month is None or args.to is None:
        parser.error("say --month YYYY-MM and --to FILE")
    told = reach(args.data, "now")
    with Reader(args.data / "journal.db") as reader:
        projection.refresh(tables, rows_after=reader.stream, hash_at=reader.hash_at)
    frozen = told["bulletins"].get(args.month)
    try:
        written = export.write(
            args.to,
            tables,
            month=args.month,
            format=args.format,
            hall_name=told["name"],
            language=told["language"],
            made_at=told["at"],
            frozen=None if frozen is None else bulletin.published(args.data, args.month, sha256=frozen),
        )
    except (ValueError, FileNotFoundError) as changed:
        raise Failure(f"the frozen bulletin of {args.month} cannot be used: {changed}") from changed
    for path in written:
        print(path)


def progress(head: int) -> Callable[[int], None]:
    """Tells a person at a terminal how far it has come."""

    def told(seq: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{100 * seq // max(head, 1)} %", end="\n" if seq >= head else "", file=sys.stderr, flush=True)

    return told


def month(text: str) -> str:
    """A month, checked."""
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a month such as 2026-11")
    return text
