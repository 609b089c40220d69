"""The columns of every kind of sheet, what a cell may hold, and how it is written back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

from ..core.oversight.authorisation import POWERS

Convert = Callable[[Any], Any]
"""A cell's value as the row has it; raises `ValueError` with what is wrong."""
ToText = Callable[[Any], str]

_SPAN: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)")


@dataclass(frozen=True)
class Column:
    """One column: how a cell is read, and whether a row must have it."""

    name: str
    convert: Convert
    required: bool = False


def text(most: int = 200) -> ToText:
    """Text for people, of at most so many characters, on one line."""

    def convert(value: Any) -> str:
        said = _as_text(value)
        if len(said) > most:
            raise ValueError(f"longer than {most} characters")
        if any(ord(c) < 32 or ord(c) == 127 for c in said):
            raise ValueError("has a line break or another control character")
        return said

    return convert


def code(value: Any) -> str:
    """A key that is opaque to us: 1–64 characters, kept to the letter."""
    said = text(64)(value)
    if not said or "/" in said or said != said.strip():
        raise ValueError("a key has 1 to 64 characters, no slash and no blanks around it")
    return said


def official_code(value: Any) -> str:
    """The item code of the province: opaque, 1–64 characters."""
    return text(64)(value)


def whole(least: int, most: int) -> Convert:
    """A whole number."""

    def convert(value: Any) -> int:
        if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,9}", str(value)):
            raise ValueError(f"{value!r} is not a whole number")
        number = int(value)
        if not least <= number <= most:
            raise ValueError(f"{number} is not between {least} and {most}")
        return number

    return convert


def one_of(*words: str) -> ToText:
    """One of a few words."""

    def convert(value: Any) -> str:
        if value not in words:
            raise ValueError(f"{value!r} is none of {' '.join(words)}")
        return str(value)

    return convert


def yes_no(value: Any) -> bool:
    """`yes` or `no`."""
    if isinstance(value, bool):
        return value
    return one_of("yes", "no")(value) == "yes"


def several(each: Convert, most: int = 60) -> Convert:
    """Values joined by `;`, or a list."""

    def convert(value: Any) -> tuple[Any, ...]:
        parts = value if isinstance(value, list) else [p.strip() for p in _as_text(value).split(";")]
        if len(parts) > most:
            raise ValueError(f"more than {most} of them")
        if len(set(map(str, parts))) != len(parts):
            raise ValueError("the same twice")
        return tuple(each(p) for p in parts if p != "")

    return convert


def span(value: Any) -> str:
    """A span of the day, `09:00-12:00`."""
    said = _as_text(value)
    if not _SPAN.fullmatch(said):
        raise ValueError(f"{said!r} is not a span such as 09:00-12:00")
    if said[:5] >= said[6:]:
        raise ValueError(f"{said} ends before it begins")
    return said


def day(value: Any) -> str:
    """A day, `2026-11-24`."""
    said = value.isoformat() if isinstance(value, date) else _as_text(value)
    try:
        return date.fromisoformat(said).isoformat()
    except ValueError:
        raise ValueError(f"{said!r} is not a day such as 2026-11-24") from None


def spans(value: Any) -> tuple[str, ...]:
    """Spans of a day joined by `;`, in order and not overlapping."""
    found: tuple[str, ...] = several(span, 8)(value)
    for before, after in pairwise(found):
        if after[:5] < before[6:]:
            raise ValueError(f"{after} begins before {before} has ended")
    return found


def written(value: Any) -> str:
    """A row's value as a cell of a CSV file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ";".join(value)
    return str(value)


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ValueError(f"{value!r} is not text")


LEVELS: Final = ("county", "city", "province", "township", "village")
KINDS: Final = (
    "approval",
    "public_service",
    "intermediary",
    "trading",
    "convenience",
    "legal_aid",
    "utility",
)

COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    "services": (
        Column("service", code, required=True),
        Column("name", text(120), required=True),
        Column("department", text(64), required=True),
        Column("type_code", text(20)),
        Column("type_name", text(40)),
        Column("handling", one_of("committed", "on_the_spot")),
        Column("statutory_days", whole(0, 3_000)),
        Column("promised_days", whole(0, 3_000), required=True),
        Column("day_unit", one_of("working_day", "day")),
        Column("fee", yes_no),
        Column("official_code", official_code),
        Column("materials", whole(0, 200)),
        Column("name_basis", text(400)),
        Column("limits_basis", text(400)),
        Column("source", text(400)),
        Column("line", code, required=True),
        Column("short_name", text(40)),
        Column("aliases", several(text(40), 30)),
        Column("kind", one_of(*KINDS)),
        Column("level", one_of(*LEVELS)),
        Column("legal_basis", text(400)),
        Column("state", one_of("in_use", "suspended", "abolished")),
        Column("group", text(40)),
        Column("conditions", text(1000)),
    ),
    "lines": (
        Column("line", code, required=True),
        Column("name", text(40), required=True),
        Column("site", code),
        Column("place", text(64)),
        Column("hours", spans),
        Column("quota", whole(1, 99_999)),
        Column("prefix", text(4)),
    ),
    "counters": (
        Column("counter", code, required=True),
        Column("site", code),
        Column("kind", one_of("service", "desk")),
        Column("department", text(64)),
        Column("lines", several(code)),
        Column("phone", text(40)),
        Column("post", text(64)),
    ),
    "clerks": (
        Column("number", code, required=True),
        Column("department", text(64), required=True),
    ),
    "steps": (
        Column("service", code, required=True),
        Column("position", whole(1, 200), required=True),
        Column("name", text(120), required=True),
        Column("counts", yes_no, required=True),
        Column("days", whole(1, 3_000)),
    ),
    "materials": (
        Column("service", code, required=True),
        Column("position", whole(1, 200), required=True),
        Column("name", text(200), required=True),
        Column("note", text(200)),
    ),
    "letters": (
        Column("letter", code, required=True),
        Column("services", several(code, 500), required=True),
        Column("holder", code, required=True),
        Column("powers", several(one_of(*POWERS)), required=True),
        Column("valid_from", day, required=True),
        Column("valid_to", day),
        Column("revoked_from", day),
    ),
    "seals": (
        Column("seal", code, required=True),
        Column("holder", code, required=True),
        Column("department", text(64), required=True),
    ),
}
"""Kind of sheet → its columns, in the order they are written."""

KEYS: Final = {
    "services": "service",
    "lines": "line",
    "counters": "counter",
    "clerks": "number",
    "letters": "letter",
    "seals": "seal",
}
"""The column that names a row; twice the same is a mistake."""

OPTIONAL_WHEN_WRITTEN: Final = {("lines", "prefix"), ("services", "conditions"), ("steps", "days")}
"""Columns written only when some row needs them."""


def kind_of(columns: list[str]) -> str | None:
    """Which kind of sheet has these columns: the one whose required columns are all there and that knows the most."""
    fits = [
        (sum(c.name in columns for c in known), kind)
        for kind, known in COLUMNS.items()
        if all(c.name in columns for c in known if c.required)
    ]
    return max(fits)[1] if fits else None
