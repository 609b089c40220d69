"""`hall-doctor`: whether this machine can run the hall's programs, and what to type when not."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from hardware import checks, logs
from hardware.checks import Finding, Grade

PROGRAM = "hall-doctor"


def main(arguments: list[str] | None = None) -> int:
    """The entry point. Exit 0 when all programs can run, 1 when not, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    logs.start(options.log_level)
    return logs.run(PROGRAM, lambda: _examine(options))


def _parser() -> argparse.ArgumentParser:
    parser = logs.parser(PROGRAM, "Checks this machine: Qt, fonts, ports, inventory, clock, disk, SQLite, voice.")
    parser.add_argument("--voice", type=Path, metavar="DIR", help="the folder with the hall's voice clips")
    parser.add_argument("--data", type=Path, default=Path(), metavar="DIR", help="where the hall's data will lie")
    parser.add_argument("--json", action="store_true", help="a JSON object a finding")
    return parser


def findings(*, voice: Path | None, data: Path) -> Iterator[Finding]:
    """Everything the doctor looks at, in order."""
    yield from checks.python()
    yield from checks.qt()
    yield from checks.tls()
    yield from checks.typefaces()
    yield from checks.ports()
    yield from checks.inventory()
    yield from checks.clock()
    yield from checks.disk(data.absolute())
    yield from checks.databases()
    yield from checks.voice(voice)


def _examine(options: argparse.Namespace) -> int:
    failed = 0
    for finding in findings(voice=options.voice, data=options.data):
        failed += finding.grade is Grade.FAIL
        print(json.dumps(asdict(finding), ensure_ascii=False) if options.json else finding.line, flush=True)
    if not options.json:
        print("all programs can run" if not failed else f"{failed} findings stop a program: do what stands under them")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
