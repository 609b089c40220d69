"""`hall-server export`: the files that `import` reads."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any


def add_to(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    """Add the command."""
    from .access import add_data

    made = commands.add_parser("export", help="write the catalogue and the calendar as files", parents=parents)
    add_data(made)
    made.add_argument("--to", type=Path, metavar="FOLDER", help="a folder for all files")
    made.add_argument(
        "--kind", metavar="KIND", help="one kind alone, such as services; without --to on standard output"
    )
    made.set_defaults(run=lambda args: run(args, made))


def run(args: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    """Write them."""
    from ..files import private_folder, write_private
    from .access import reach

    if args.to is None and args.kind is None:
        parser.error("say --to FOLDER or --kind KIND")
    files: dict[str, str] = reach(args.data, "files_export")
    if args.kind is not None:
        files = {name: text for name, text in files.items() if Path(name).stem == args.kind}
        if not files:
            parser.error(f"there is no kind {args.kind}")
    if args.to is None:
        sys.stdout.write("".join(files.values()))
        return
    private_folder(args.to)
    for name, text in files.items():
        write_private(args.to / name, text.encode())
        print(args.to / name)
