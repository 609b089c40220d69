"""`hall-server backup`: the whole hall in one file, while the server runs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_to(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    """Add the command."""
    from .access import add_data

    made = commands.add_parser("backup", help="write the whole hall into one file", parents=parents)
    add_data(made)
    made.add_argument("--to", type=Path, required=True, metavar="FILE")
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Say what is in it."""
    from ..journal.backup import backup
    from .access import reach

    made = backup(args.data, args.to.absolute(), at=reach(args.data, "now")["at"])
    print(f"ok {made.events} events head {made.head}")
