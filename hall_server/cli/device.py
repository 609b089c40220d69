"""`hall-server device`: programs of the hall and their tokens."""

from __future__ import annotations

import argparse
import json
from typing import Any

ROLES = ("kiosk", "counter", "keypad", "wall", "integrator")
AT_A_COUNTER = ("counter", "keypad")


def add_to(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    """Add the command."""
    from .access import add_data

    made = commands.add_parser("device", help="add, list or revoke a program of the hall", parents=parents)
    acts = made.add_subparsers(title="acts", metavar="ACT", required=True)
    new = acts.add_parser("add", help="a new device; prints its token, this once", parents=parents)
    new.add_argument("--role", choices=ROLES, required=True)
    new.add_argument("--name", required=True, help="how people call it, such as K1")
    new.add_argument("--counter", metavar="N", help="the counter it stands at (roles counter and keypad)")
    new.set_defaults(run=lambda args: add(args, new))
    every = acts.add_parser("list", help="a JSON line for each device", parents=parents)
    every.set_defaults(run=list_)
    gone = acts.add_parser("revoke", help="its token never works again", parents=parents)
    gone.add_argument("--name", required=True)
    gone.set_defaults(run=revoke)
    for act in (new, every, gone):
        add_data(act)


def add(args: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    """A new device."""
    from .access import reach

    if args.role in AT_A_COUNTER and args.counter is None:
        parser.error(f"a {args.role} needs --counter N")
    if args.role not in AT_A_COUNTER and args.counter is not None:
        parser.error(f"a {args.role} has no --counter")
    if not (1 <= len(args.name) <= 64 and args.name.isprintable()):
        parser.error("--name has 1 to 64 characters")
    print(json.dumps(reach(args.data, "device_add", role=args.role, name=args.name, counter=args.counter)))


def list_(args: argparse.Namespace) -> None:
    """A line each."""
    from .access import reach

    for device in reach(args.data, "device_list"):
        print(json.dumps(device, ensure_ascii=False))


def revoke(args: argparse.Namespace) -> None:
    """Take it out of the hall."""
    from .access import reach

    reach(args.data, "device_revoke", name=args.name)
