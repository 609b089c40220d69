"""`hall-server anchor`: a signed note of the journal's head, to be kept outside the machine."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_to(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    """Add the command."""
    from .access import add_data

    made = commands.add_parser("anchor", help="write a signed note of the journal's head", parents=parents)
    add_data(made)
    made.add_argument("--to", type=Path, required=True, metavar="FILE")
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Only a journal that is whole is noted."""
    from ..journal import anchor
    from ..journal.verify import verify
    from .access import reach
    from .failure import Failure

    told = reach(args.data, "now")
    checked = verify(args.data / "journal.db")
    if not checked.ok:
        raise Failure(f"the journal is not whole, so there is no anchor: {checked.line}")
    note = anchor.write(
        args.to, keys=args.data / "keys", hall=told["hall"], seq=checked.events, head=checked.head, at=told["at"]
    )
    print(f"anchored seq {note.seq} head {note.head}")
