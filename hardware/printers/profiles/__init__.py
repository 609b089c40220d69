"""What a model of printer is said to be able to do; what it really does is probed.

Rules of the room:
- One TOML table a model, in the files beside this one; no byte of a model stands in a program.
- A hall's own file (`?profile=/etc/counterhall/printer.toml#name`) has the same keys and may begin `like = "plain"`.
- Every value is checked; what is wrong is refused with file, line and reason, and nothing of the file is used.
- Names of the public escpos-printer-db (`?profile=TM-T20II`) are read from python-escpos, which carries it.
- A status bit means what the profile's masks say; the standard ones are `codec.STANDARD_MASKS`.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

from hardware.printers.profiles.database import from_database
from hardware.printers.profiles.model import BadProfile, Presenter, Profile
from hardware.printers.profiles.reading import read

__all__ = ["DEFAULT", "BadProfile", "Presenter", "Profile", "all_profiles", "named", "read"]

DEFAULT = "epson80"
FILES = ("epson.toml", "plain.toml", "custom.toml")


@cache
def all_profiles() -> dict[str, Profile]:
    """Every profile of this version by name. Raises BadProfile."""
    profiles: dict[str, Profile] = {}
    for name in FILES:
        text = resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
        profiles |= read(text, place=name, known=profiles)
    return profiles


def named(name: str) -> Profile:
    """The profile of that name: ours, one of a file (`FILE.toml` with one table, or `FILE.toml#name`), or the public
    database's. Raises BadProfile listing those there are."""
    profiles = all_profiles()
    if name in profiles:
        return profiles[name]
    file, _, table = name.partition("#")
    if file.endswith(".toml"):
        return _of_file(Path(file), table)
    found = from_database(name)
    if found is None:
        raise BadProfile(
            f"profile {name!r} does not exist; there are {', '.join(sorted(profiles))}, a file FILE.toml#NAME, "
            "and the names of the public printer database such as TM-T20II"
        )
    return found


def _of_file(file: Path, table: str) -> Profile:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadProfile(f"{file}: cannot be read: {error}") from error
    profiles = read(text, place=str(file), known=all_profiles())
    if not table and len(profiles) == 1:
        return next(iter(profiles.values()))
    if table not in profiles:
        raise BadProfile(f"{file}: name one of its profiles: {', '.join(f'{file}#{name}' for name in profiles)}")
    return profiles[table]
