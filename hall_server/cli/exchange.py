"""`hall-server exchange`: cases from another system's file."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

SIZE_MOST = 8 * 1024 * 1024


def add_to(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    """Add the command."""
    from .access import add_data

    made = commands.add_parser(
        "exchange",
        help="receive cases from a file, all or nothing",
        description="Receive the cases of a CSV file: reference and service, and where known received_at, form, "
        "channel, documents, show_name, accept, outcome, seal, name, phone, id_number. Prints number and check code of "
        "each as a JSON line. All or nothing; the same file twice receives nothing twice.",
        parents=parents,
    )
    add_data(made)
    made.add_argument("files", type=Path, nargs="+", metavar="FILE")
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """One JSON line a case, or every mistake."""
    from base64 import b64encode

    from .access import reach, require_hall
    from .failure import Failure

    require_hall(args.data)
    if sum(path.stat().st_size for path in args.files) > SIZE_MOST:
        raise Failure(f"the files are larger than {SIZE_MOST // 1024 // 1024} MB")
    files = {str(path): b64encode(path.read_bytes()).decode() for path in args.files}
    answer = reach(args.data, "cases_take", files=files)
    for fault in answer["faults"]:
        print(fault, file=sys.stderr)
    if answer["faults"]:
        count = len(answer["faults"])
        print(f"hall-server: nothing was received: {count} mistake{'s' * (count != 1)}", file=sys.stderr)
        return 1
    for case in answer["cases"]:
        print(json.dumps(case, ensure_ascii=False))
    return 0
