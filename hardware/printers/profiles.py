"""Printer profiles: `profiles.toml` beside this file, read once; every value checked, errors name profile and key."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from functools import cache
from importlib import resources
from typing import Any

from hardware.printers.codec import ROWS_PER_BAND, STANDARD_MASKS, Masks

DEFAULT = "epson80"


class BadProfile(ValueError):
    """No such profile, or a value in it makes no sense."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a model of printer is said to be able to do; what it can is probed."""

    name: str
    title: str
    width_dots: int
    dots_per_inch: int
    cut: bytes
    feed_lines: int
    """Lines fed before the cut, so that the knife meets white paper."""
    band_rows: int
    asb: bool
    process_id: str
    barrier: bool
    status: str
    print_mm_per_s: float
    masks: Masks = field(default_factory=lambda: STANDARD_MASKS)

    def print_time_s(self, rows: int) -> float:
        """How long printing a picture of so many rows takes."""
        return rows / self.dots_per_inch * 25.4 / self.print_mm_per_s


@cache
def all_profiles() -> dict[str, Profile]:
    """Every profile by name. Raises BadProfile."""
    text = resources.files("hardware.printers").joinpath("profiles.toml").read_text(encoding="utf-8")
    return read(text)


def named(name: str) -> Profile:
    """The profile of that name. Raises BadProfile listing those there are."""
    profiles = all_profiles()
    if name not in profiles:
        raise BadProfile(f"profile {name!r} does not exist; there are {', '.join(sorted(profiles))}")
    return profiles[name]


def read(text: str) -> dict[str, Profile]:
    """Profiles from TOML. Raises BadProfile."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadProfile(f"profiles: {error}") from error
    standard = tables.pop("standard", {})
    return {name: _profile(name, {**standard, **table}) for name, table in tables.items()}


def _profile(name: str, table: dict[str, Any]) -> Profile:
    known = {item.name for item in fields(Profile)} - {"name"}
    for key in table:
        if key not in known:
            raise BadProfile(f"profile {name}: unknown key {key!r}")
    try:
        values = {**table, "cut": bytes.fromhex(table["cut"]), "masks": _masks(name, table.get("masks", {}))}
        profile = Profile(name=name, **values)
    except (TypeError, ValueError, KeyError) as error:
        raise BadProfile(f"profile {name}: {error}") from error
    if profile.width_dots % 8 or not 64 <= profile.width_dots <= 4096:
        raise BadProfile(f"profile {name}: width_dots {profile.width_dots} is no multiple of 8 from 64 to 4096")
    if not 1 <= profile.band_rows <= ROWS_PER_BAND:
        raise BadProfile(f"profile {name}: band_rows {profile.band_rows} is not 1 to {ROWS_PER_BAND}")
    if profile.process_id not in ("probe", "never") or profile.status not in ("probe", "required"):
        raise BadProfile(f"profile {name}: process_id is probe or never, status is probe or required")
    return profile


def _masks(name: str, table: dict[str, dict[str, int]]) -> Masks:
    """`[model.masks.status_4]` with `paper_out = 0x20` lines replaces the standard meaning of that word."""
    for word in table:
        if word not in STANDARD_MASKS:
            raise BadProfile(f"profile {name}: unknown status word {word!r}")
    own = {word: tuple((mask, fault) for fault, mask in faults.items()) for word, faults in table.items()}
    return {**STANDARD_MASKS, **own}
