"""Furnishing a demo hall: `python -m demo.furniture DATA SEED MONTHS`, with so many months behind it.

Everything by the hall's own commands and rules; secrets by chance.

A process of its own, so that the supervisor stays small. Run again on a furnished hall it changes nothing.
"""

from __future__ import annotations

import io
import json
import os
import secrets
import sys
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hall_server.cli import command
from hall_server.cli.failure import Failure

from .history import months_before, opening_day, write
from .plan import ACCOUNTS, CHIEF_OF, CLERK_AT, COUNTERS, OWN_KIOSKS, REAL_COUNTERS, SCREENS, Runtime

PIN_DIGITS = 8
PASSWORD_BYTES = 12
SECRET_FILE = 0o600


class NotFurnished(Exception):
    """The hall could not be furnished; one line for a person."""


def told(*arguments: str, secret: str | None = None) -> str:
    """What a command of the hall prints; secrets go to its standard input."""
    out, standard_input = io.StringIO(), sys.stdin
    sys.stdin = io.StringIO("" if secret is None else f"{secret}\n")
    try:
        with redirect_stdout(out):
            code = command(arguments)
    finally:
        sys.stdin = standard_input
    if code != 0:
        raise NotFurnished(f"hall-server {' '.join(arguments[:2])} failed; see the line above")
    return out.getvalue()


def write_secret(file: Path, text: str) -> None:
    """A file for its owner alone."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, SECRET_FILE), "w", encoding="utf-8") as out:
        out.write(text)


def furnish(data: Path, *, seed: int = 1, months: int = 0) -> None:
    """A demo hall with devices, PINs and passwords, and a past of so many months. Raises `NotFurnished`."""
    runtime = Runtime.beside(data)
    if runtime.secrets.is_file() and (data / "journal.db").is_file():
        return
    if data.exists() and any(data.iterdir()):
        raise NotFurnished(f"{data} holds a hall whose demo folder {runtime.folder} is gone; name another HALL_DATA")
    runtime.make()
    until = opening_day(datetime.now(UTC).date())
    founded = months_before(until, months).isoformat()
    told("init", "--data", str(data), "--sample", "county", "--demo", "--founded", founded)
    held: dict[str, Any] = {"clerks": {}, "accounts": {}, "tokens": {}}
    for name, role, counter in devices():
        held["tokens"][name] = add_device(data, role=role, name=name, counter=counter)
    for clerk in CLERK_AT.values():
        held["clerks"][clerk] = pin = "".join(secrets.choice("0123456789") for _ in range(PIN_DIGITS))
        told("clerk", "set-pin", "--data", str(data), "--clerk", clerk, secret=pin)
    for name, role in ACCOUNTS.items():
        held["accounts"][name] = password = secrets.token_urlsafe(PASSWORD_BYTES)
        of = ["--department", CHIEF_OF] if role == "chief_representative" else []
        told("account", "add", "--data", str(data), "--name", name, "--role", role, *of)
        told("account", "set-password", "--data", str(data), "--name", name, secret=password)
    for screen in SCREENS:
        write_secret(runtime.token(screen), held["tokens"][screen])
    for counter in REAL_COUNTERS:
        write_secret(runtime.folder / f"counter-{counter}" / "keypad-token", held["tokens"][f"keypad-{counter}"])
    if months:
        write(data, seed=seed, until=until)
    write_secret(runtime.secrets, json.dumps(held, indent=1))


def devices() -> list[tuple[str, str, str | None]]:
    """Name, role and counter of every program that gets a token."""
    found: list[tuple[str, str, str | None]] = [("kiosk", "kiosk", None), ("wall", "wall", None)]
    found += [(name, "kiosk", None) for name in OWN_KIOSKS]
    found += [(f"counter-{n}", "counter", n) for n in COUNTERS]
    found += [(f"keypad-{n}", "keypad", n) for n in REAL_COUNTERS]
    return found


NAMES = {"kiosk": "K1", "wall": "main"}
"""How people call a device where that is not its name here."""


def add_device(data: Path, *, role: str, name: str, counter: str | None) -> str:
    """A new device of the hall; its token."""
    at = ["--counter", counter] if counter else []
    made = told("device", "add", "--data", str(data), "--role", role, "--name", NAMES.get(name, name), *at)
    return str(json.loads(made)["token"])


def main() -> int:
    """Furnishes the folder named; 1 with a line when that cannot be."""
    try:
        furnish(Path(sys.argv[1]).absolute(), seed=int(sys.argv[2]), months=int(sys.argv[3]))
    except (NotFurnished, Failure) as wrong:
        print(f"hall-demo: {wrong}", file=sys.stderr)  # noqa: T201 - the one plain line
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
