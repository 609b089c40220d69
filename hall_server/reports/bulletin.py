"""The frozen bulletin: one file a month that never changes, and what has changed since beside it."""

import hashlib
import sqlite3
from collections.abc import Iterable
from itertools import takewhile
from pathlib import Path
from typing import Any, Final, get_args

import msgspec

from hall_server.files import private_folder, write_private

from .appliers import EventRow
from .facts import NotAsPublished
from .indicators import CODE_NAMES, FORMULAS, By, Fraction, IndicatorRow, Indicators, counted, reading
from .projection import rebuild
from .secondary import Secondary, secondary

FOLDER: Final = "bulletins"


class Frozen(msgspec.Struct, frozen=True):
    """A bulletin as it was published: the rows of every grouping."""

    month: str
    frozen_at: str
    formulas: int
    rows: dict[str, list[IndicatorRow]]
    """By `hall department counter clerk site`."""
    beside: Secondary


class Correction(msgspec.Struct, frozen=True):
    """A figure that is another one now: numerator and denominator as published and as they are."""

    by: str
    key: str
    indicator: str
    published: tuple[int, int]
    now: tuple[int, int]


def path_of(data: Path, month: str) -> Path:
    """Where the frozen file of a month lies in the data folder."""
    return data / FOLDER / f"{month}.json"


def freeze(data: Path, rows: Iterable[EventRow], *, month: str, frozen_at: str) -> str:
    """Write the bulletin of `month` from the rows recorded until `frozen_at`; returns the file's SHA-256.

    The same rows give the same bytes. A file that is there already, from a start that was cut off, is written again.
    """
    folder = data / FOLDER
    private_folder(folder)
    scratch = folder / f".{month}.db"
    try:
        rebuild(scratch, takewhile(lambda row: row.at <= frozen_at, rows))
        with reading(scratch) as db:
            content = msgspec.json.format(msgspec.json.encode(document(db, month=month, frozen_at=frozen_at))) + b"\n"
    finally:
        scratch.unlink(missing_ok=True)
    write_private(path_of(data, month), content)
    return hashlib.sha256(content).hexdigest()


def document(db: sqlite3.Connection, *, month: str, frozen_at: str) -> Frozen:
    """What the tables say of a month."""
    return Frozen(
        month=month,
        frozen_at=frozen_at,
        formulas=FORMULAS,
        rows={by: counted(db, month=month, by=by).rows for by in get_args(By)},
        beside=secondary(db, month=month),
    )


def published(data: Path, month: str, *, sha256: str) -> Frozen:
    """The frozen file. Raises `NotAsPublished` when it is another one, `OSError`."""
    content = path_of(data, month).read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise NotAsPublished(f"{path_of(data, month)} is not the bulletin that was published")
    return msgspec.json.decode(content, type=Frozen)


def corrections(frozen: Frozen, db: sqlite3.Connection) -> list[Correction]:
    """Every figure that is another one now than when it was published."""
    found = []
    for by in get_args(By):
        before = {row.key: row for row in frozen.rows[by]}
        now = {row.key: row for row in counted(db, month=frozen.month, by=by).rows}
        for key in (*before, *(key for key in now if key not in before)):
            found += [
                Correction(by, key, name, then, there)
                for name in CODE_NAMES
                if (then := _pair(before.get(key), name)) != (there := _pair(now.get(key), name))
            ]
    return found


def _pair(row: IndicatorRow | None, name: str) -> tuple[int, int]:
    if row is None:
        return 0, 0
    fraction: Fraction = getattr(row, name)
    return fraction.numerator, fraction.denominator


def answer(frozen: Frozen, *, by: Any, found: list[Correction]) -> dict[str, Any]:
    """`GET /indicators` of a frozen month: the published rows, and the corrections of this grouping beside them."""
    told: dict[str, Any] = msgspec.to_builtins(Indicators(frozen.month, by, frozen.rows[by]))
    return told | {
        "frozen_at": frozen.frozen_at,
        "formulas": frozen.formulas,
        "corrections": [msgspec.to_builtins(one) for one in found if one.by == by],
    }
