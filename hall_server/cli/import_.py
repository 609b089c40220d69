"""`hall-server import`: the catalogue, counters, clerks and calendars from files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, Final

SIZE_MOST: Final = 20 * 1024 * 1024
"""Bytes of all files together."""


def add_to(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    """Add the command."""
    from .access import add_data

    made = commands.add_parser(
        "import",
        help="take over files, all or nothing",
        description="Take over services, lines, counters, clerks, steps, materials (CSV or TOML, known by their "
        "columns), calendars (JSON or TOML) and settings (hall.toml). All files together, all or nothing; "
        "the same files twice change nothing.",
        parents=parents,
    )
    add_data(made)
    made.add_argument("files", type=Path, nargs="+", metavar="FILE")
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Say what changed, or every mistake."""
    from base64 import b64encode

    from .access import reach, require_hall
    from .failure import Failure

    require_hall(args.data)
    if sum(path.stat().st_size for path in args.files) > SIZE_MOST:
        raise Failure(f"the files are larger than {SIZE_MOST // 1024 // 1024} MB")
    names = [path.name if [p.name for p in args.files].count(path.name) == 1 else str(path) for path in args.files]
    files = {n: b64encode(p.read_bytes()).decode() for n, p in zip(names, args.files, strict=True)}
    answer = reach(args.data, "files_import", files=files)
    for fault in answer["faults"]:
        print(fault, file=sys.stderr)
    if answer["faults"]:
        count = len(answer["faults"])
        print(f"hall-server: nothing was taken: {count} mistake{'s' * (count != 1)}", file=sys.stderr)
        return 1
    for finding in answer["lacking"]:
        print(f"finding: {finding}; its screen shows a dash", file=sys.stderr)
    print("nothing to change" if not answer["events"] else "taken over")
    return 0
