"""`hall-server init`: a new hall in an empty folder."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..core.places.settings import Settings

SAMPLES = ("county",)


def add_to(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    """Add the command."""
    from .access import add_data

    made = commands.add_parser("init", help="make a new hall in an empty folder", parents=parents)
    add_data(made)
    made.add_argument("--sample", choices=SAMPLES, help="with a sample catalogue, lines, counters and clerks")
    made.add_argument("--demo", action="store_true", help=argparse.SUPPRESS)
    made.add_argument("--founded", type=day, metavar="YYYY-MM-DD", help=argparse.SUPPRESS)
    made.set_defaults(run=run)


def day(text: str) -> date:
    """A date, checked."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-11-24") from None


def run(args: argparse.Namespace) -> None:
    """Make it beside its place and move it there: there is a whole hall or none."""
    import os
    import shutil
    import tempfile

    from ..files import private_folder, sync_folder
    from .failure import Failure

    data: Path = args.data.absolute()
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise Failure(f"{args.data} is not empty; a new hall needs a folder of its own")
    data.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{data.name}-", dir=data.parent))
    try:
        for name in ("keys", "backups", "snapshots"):
            private_folder(made / name)
        found(made, sample=args.sample, demo=args.demo, on=args.founded)
        if data.exists():
            data.rmdir()
        os.replace(made, data)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    sync_folder(data.parent)
    print(f"a hall is ready in {args.data}; its first account: hall-server account add --help")


def found(data: Path, *, sample: str | None, demo: bool, on: date | None = None) -> None:
    """Keys, journal, settings and calendar, and the sample's catalogue.

    `on` is the day, or the first working day after it, on which a demo hall begins; a real one begins now.
    """
    from datetime import UTC, datetime

    from ..clock import HallClock, StandingClock, demo_founding
    from ..core.hall import Hall
    from ..core.matters.calendar import Calendar
    from ..core.places.config import FoundHall
    from ..engine import Engine
    from ..office import keep_settings
    from ..sheets.reading import wanted
    from ..trust.certificates import make_authority
    from ..trust.tokens import make_secret

    files = sample_files()
    settings = first_settings(data, files["hall.toml"].decode(), sample=sample)
    given = {n: d for n, d in files.items() if n.endswith(".json") or (sample and n.endswith(".csv"))}
    rows = wanted(given, Hall()).rows
    make_secret(data / "keys")
    make_authority(data / "keys", hall=settings.hall.hall, now=datetime.now(UTC))
    zone = settings.hall.zone
    calendar = Calendar(rows.calendar, rows.provisional, settings.calendar.off, settings.calendar.work)
    clock = (
        StandingClock(demo_founding(calendar, zone=zone, today=on or datetime.now(UTC).date())) if demo else HallClock()
    )
    engine = Engine.create(data, clock, program="hall-server init")
    try:
        engine.do(FoundHall(settings=settings, demo=demo))
        engine.do(rows)
        keep_settings(data, settings)
    finally:
        engine.close()


def sample_files() -> dict[str, bytes]:
    """The files of the sample county, by name."""
    from importlib.resources import files

    folder = files("assets") / "sample" / "county"
    return {f.name: f.read_bytes() for f in folder.iterdir() if f.name.endswith((".csv", ".json", ".toml"))}


def first_settings(data: Path, text: str, *, sample: str | None) -> Settings:
    """Write `hall.toml`: the sample's, or the same file with its comments and every default. Returns the settings."""
    from .. import settings as settings_file
    from ..core.places.settings import Settings
    from ..files import write_private

    if sample is None:
        _, _, rest = text.partition("\n")
        text = settings_file.edited(f"# Settings of this hall.\n{rest}", Settings())
    write_private(data / settings_file.FILE, text.encode())
    return settings_file.parse(text)
