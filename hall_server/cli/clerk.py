"""`hall-server clerk`: who may sign in at a counter."""

from __future__ import annotations

import argparse
import json
from typing import Any


def add_to(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    """Add the command."""
    from .access import add_data

    made = commands.add_parser("clerk", help="add, list, give a PIN to, or disable a clerk", parents=parents)
    acts = made.add_subparsers(title="acts", metavar="ACT", required=True)
    new = acts.add_parser("add", help="a new clerk", parents=parents)
    new.add_argument("--number", required=True, metavar="N", help="the staff number on the name plate")
    new.add_argument("--department", required=True, metavar="D")
    new.add_argument("--chief", action="store_true", help="the chief representative of the department")
    new.set_defaults(run=add)
    every = acts.add_parser("list", help="a JSON line for each clerk", parents=parents)
    every.set_defaults(run=list_)
    pin = acts.add_parser("set-pin", help="read a PIN of 6 to 12 digits from standard input", parents=parents)
    pin.set_defaults(run=set_pin)
    off = acts.add_parser("disable", help="may not sign in any more", parents=parents)
    off.set_defaults(run=disable)
    for act in (pin, off):
        act.add_argument("--clerk", required=True, metavar="N")
    for act in (new, every, pin, off):
        add_data(act)


def add(args: argparse.Namespace) -> None:
    """A new clerk."""
    from .access import reach

    reach(args.data, "clerk_add", number=args.number, department=args.department, chief=args.chief)


def list_(args: argparse.Namespace) -> None:
    """A line each."""
    from .access import reach

    for clerk in reach(args.data, "clerk_list"):
        print(json.dumps(clerk, ensure_ascii=False))


def set_pin(args: argparse.Namespace) -> None:
    """Another PIN."""
    from .access import reach, secret_from_input

    reach(args.data, "clerk_set_pin", clerk=args.clerk, pin=secret_from_input("PIN"))


def disable(args: argparse.Namespace) -> None:
    """Sessions end at once."""
    from .access import reach

    reach(args.data, "clerk_disable", clerk=args.clerk)
