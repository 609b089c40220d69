"""`hall-server account`: who manages, checks and supervises."""

from __future__ import annotations

import argparse
import json
from typing import Any

ROLES = ("manager", "admin", "auditor", "chief_representative", "information_officer", "supervisor")


def add_to(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    """Add the command."""
    from .access import add_data

    made = commands.add_parser("account", help="add, list, give a password to, or disable an account", parents=parents)
    acts = made.add_subparsers(title="acts", metavar="ACT", required=True)
    new = acts.add_parser("add", help="a new account", parents=parents)
    new.add_argument("--role", choices=ROLES, required=True)
    new.add_argument("--department", metavar="D")
    new.set_defaults(run=add)
    password = acts.add_parser(
        "set-password", help="read a password of 12 to 128 characters from standard input", parents=parents
    )
    password.set_defaults(run=set_password)
    every = acts.add_parser("list", help="a JSON line for each account", parents=parents)
    every.set_defaults(run=list_)
    off = acts.add_parser("disable", help="may not sign in any more", parents=parents)
    off.set_defaults(run=disable)
    for act in (new, password, off):
        act.add_argument("--name", required=True)
    for act in (new, password, every, off):
        add_data(act)


def add(args: argparse.Namespace) -> None:
    """A new account."""
    from .access import reach

    reach(args.data, "account_add", name=args.name, role=args.role, department=args.department)


def set_password(args: argparse.Namespace) -> None:
    """Another password."""
    from .access import reach, secret_from_input

    reach(args.data, "account_set_password", name=args.name, password=secret_from_input("password"))


def list_(args: argparse.Namespace) -> None:
    """A line each."""
    from .access import reach

    for account in reach(args.data, "account_list"):
        print(json.dumps(account, ensure_ascii=False))


def disable(args: argparse.Namespace) -> None:
    """Sessions and live pictures end at once."""
    from .access import reach

    reach(args.data, "account_disable", name=args.name)
