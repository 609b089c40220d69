"""`hall-server restore`: a hall from a backup."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_to(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    """Add the command."""
    from .access import add_data

    made = commands.add_parser(
        "restore", help="make a hall from a backup; refuses one that does not verify", parents=parents
    )
    made.add_argument("--from", dest="from_file", type=Path, required=True, metavar="FILE")
    add_data(made)
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Only into a folder that is empty or not there."""
    from ..journal.backup import restore

    made = restore(args.from_file, args.data.absolute())
    print(f"ok {made.events} events head {made.head}")
