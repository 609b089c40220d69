"""Profiles out of TOML, every value checked; whatever is wrong is named with its file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from hardware.health import PRINTER_FAULTS
from hardware.printers.codec import PICTURES, ROWS_PER_BAND, STANDARD_MASKS, Masks
from hardware.printers.profiles.model import BadProfile, Presenter, Profile

BYTES_MAX = 64
_RANGES: dict[str, tuple[float | None, float | None]] = {
    "width_dots": (64, 4096),
    "dots_per_inch": (90, 1200),
    "feed_lines": (0, 40),
    "full_auto": (0, 15),
    "band_rows": (1, ROWS_PER_BAND),
    "print_mm_per_s": (5, 1000),
    "taken_within_s": (1, 3600),
}
_CHOICES: dict[str, tuple[str, ...]] = {
    "picture": tuple(PICTURES),
    "process_id": ("probe", "never"),
    "status": ("probe", "required"),
    "recover": ("never", "clear"),
    "when_left": ("keep", "eject", "retract"),
}


def read(text: str, *, place: str = "profiles", known: Mapping[str, Profile] | None = None) -> dict[str, Profile]:
    """The profiles of one file by name. `known` are those a table may be `like`. Raises BadProfile."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadProfile(f"{place}: {error}") from error
    reader = _Reader(place, _lines(text), dict(known or {}))
    profiles = {name: reader.profile(name, table) for name, table in tables.items()}
    if not profiles:
        raise BadProfile(f"{place}: no profile in it: begin one with [name]")
    return profiles


_HEADER = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")


def _lines(text: str) -> dict[str, int]:
    """`model.masks.status_4` and `model.cut` -> the line they stand in; tomllib does not tell."""
    places: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = re.sub(r"\s*\.\s*", ".", header[1])
            places.setdefault(table, number)
        elif key := _KEY.match(line):
            places.setdefault(f"{table}.{key[1]}" if table else key[1], number)
    return places


class _Reader:
    """Reads the tables of one file; a table may be like one that stands above it."""

    def __init__(self, place: str, lines: dict[str, int], known: dict[str, Profile]) -> None:
        self._place = place
        self._lines = lines
        self._known = known

    def _wrong(self, at: str, reason: str) -> BadProfile:
        where, rest = at, at
        while where not in self._lines and "." in where:
            where = where.rpartition(".")[0]
        name, _, rest = at.partition(".")
        number = self._lines.get(where)
        line = f":{number}" if number else ""
        return BadProfile(f"{self._place}{line}: profile {name}: {rest + ': ' if rest else ''}{reason}")

    def profile(self, name: str, table: Any) -> Profile:
        """One table."""
        if not isinstance(table, dict):
            raise self._wrong(name, f"a profile is a table: write [{name}]")
        table = dict(table)
        like = table.pop("like", None)
        if like is not None and like not in self._known:
            raise self._wrong(f"{name}.like", f"no profile {like!r}; there are {', '.join(sorted(self._known))}")
        model = replace(self._known[like], name=name) if like is not None else Profile(name=name)
        masks = self._masks(name, table.pop("masks", {}), model.masks)
        presenter = model.presenter
        if "presenter" in table:
            own = self._values(f"{name}.presenter", table.pop("presenter"), presenter or Presenter())
            presenter = replace(presenter or Presenter(), **own)
        values = self._values(name, table, model)
        profile = replace(model, **values, masks=masks, presenter=presenter)
        self._whole(profile)
        self._known[name] = profile
        return profile

    def _whole(self, profile: Profile) -> None:
        """What only the values together can get wrong."""
        if profile.width_dots % 8:
            raise self._wrong(f"{profile.name}.width_dots", f"{profile.width_dots} is not a multiple of 8")
        if profile.asb and profile.full_status:
            raise self._wrong(
                f"{profile.name}.full_status", "automatic status and full status have the same bytes: set asb = false"
            )
        if profile.full_auto and not profile.full_status:
            raise self._wrong(f"{profile.name}.full_auto", "only with full_status = true")
        way = profile.presenter
        if way is not None and way.when_left != "keep" and not getattr(way, way.when_left):
            raise self._wrong(f"{profile.name}.presenter.when_left", f"there is no command {way.when_left!r}")

    def _values(self, at: str, table: Any, model: Profile | Presenter) -> dict[str, Any]:
        if not isinstance(table, dict):
            raise self._wrong(at, "must be a table")
        kinds = {item.name: type(getattr(model, item.name)) for item in fields(model)}
        kinds = {key: kind for key, kind in kinds.items() if key not in ("name", "masks", "presenter")}
        values = {}
        for key, value in table.items():
            if key not in kinds:
                raise self._wrong(f"{at}.{key}", f"unknown key; there are {', '.join(sorted(kinds))}")
            values[key] = self._value(f"{at}.{key}", key, kinds[key], value)
        return values

    def _value(self, at: str, key: str, kind: type[Any], value: Any) -> Any:
        if kind is bytes:
            return self._bytes(at, value)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if type(value) is not kind:
            raise self._wrong(at, f"must be {_KINDS[kind]}, not {value!r}")
        low, high = _RANGES.get(key, (None, None))
        if low is not None and high is not None and not low <= value <= high:
            raise self._wrong(at, f"{value} does not lie between {low} and {high}")
        if key in _CHOICES and value not in _CHOICES[key]:
            raise self._wrong(at, f"{value!r} is none of {', '.join(_CHOICES[key])}")
        return value

    def _bytes(self, at: str, value: Any) -> bytes:
        try:
            raw = bytes.fromhex(value)
        except (TypeError, ValueError):
            raise self._wrong(at, f'must be bytes in hexadecimal like "1b 69", not {value!r}') from None
        if len(raw) > BYTES_MAX:
            raise self._wrong(at, f"{len(raw)} bytes are more than {BYTES_MAX}")
        return raw

    def _masks(self, name: str, table: Any, standard: Masks) -> Masks:
        """`[model.masks.status_4]` with lines `paper_out = 0x20` replaces the meaning of that status word."""
        at = f"{name}.masks"
        if not isinstance(table, dict):
            raise self._wrong(at, "must be a table")
        own: Masks = {}
        for word, faults in table.items():
            if word not in STANDARD_MASKS:
                raise self._wrong(f"{at}.{word}", f"no such status word; there are {', '.join(STANDARD_MASKS)}")
            if not isinstance(faults, dict):
                raise self._wrong(f"{at}.{word}", "must be a table of fault = mask")
            own[word] = tuple(self._mask(f"{at}.{word}.{fault}", fault, mask) for fault, mask in faults.items())
        return {**standard, **own}

    def _mask(self, at: str, fault: str, mask: Any) -> tuple[int, str]:
        if fault not in PRINTER_FAULTS:
            raise self._wrong(at, f"no such fault; there are {', '.join(sorted(PRINTER_FAULTS))}")
        if type(mask) is not int or not 0 <= mask <= 0xFF:
            raise self._wrong(at, f"a mask is a number from 0x00 to 0xFF, not {mask!r}")
        return mask, fault


_KINDS = {bool: "true or false", int: "a whole number", float: "a number", str: "text in quotation marks"}
