"""From a file's text to cells that know where they stand."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Final

ROWS_MOST: Final = 20_000
CELL_MOST: Final = 4_000


@dataclass(frozen=True, order=True)
class Fault:
    """One mistake. `line` from 1 (0: the file as a whole), `column` from 1 with its name, 0 when it is the row."""

    file: str
    line: int
    column: int
    name: str
    why: str

    def __str__(self) -> str:
        where = self.file
        if self.line:
            where += f", line {self.line}"
        if self.name:
            where += f", column {self.column} ({self.name})" if self.column else f", {self.name}"
        return f"{where}: {self.why}"


class Faulty(Exception):
    """The files cannot be taken. `faults` has every mistake found, in the order of the files."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} mistakes")
        self.faults = faults


@dataclass(frozen=True)
class Cell:
    """One value and its place."""

    value: Any
    file: str
    line: int
    column: int
    name: str

    def fault(self, why: str) -> Fault:
        """This cell is wrong."""
        return Fault(self.file, self.line, self.column, self.name, why)


@dataclass(frozen=True)
class Row:
    """One row: its cells by column name. An empty cell is not there."""

    cells: dict[str, Cell]
    file: str
    line: int

    def fault(self, why: str, name: str = "") -> Fault:
        """The row is wrong, or lacks `name`."""
        return Fault(self.file, self.line, 0, name, why)


@dataclass
class Sheet:
    """One table: which columns it has and its rows."""

    file: str
    columns: list[str]
    rows: list[Row]
    kind: str | None = None
    """Said by the file itself (TOML); a CSV file says it by its columns."""


@dataclass
class Contents:
    """Everything in one file."""

    sheets: list[Sheet] = field(default_factory=list)
    years: dict[str, Any] = field(default_factory=dict)
    """Calendar years as they stand there, keyed by year."""
    settings: str | None = None
    """The text, when the file is a `hall.toml`."""


def read(file: str, data: bytes) -> Contents:
    """The contents of a file named `file`; raises `Faulty`."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Faulty(
            [Fault(file, data[: error.start].count(b"\n") + 1, 0, "", "not UTF-8: save it as UTF-8")]
        ) from None
    match PurePath(file).suffix.lower():
        case ".csv":
            return Contents(sheets=[_csv(file, text)])
        case ".toml":
            return _toml(file, text)
        case ".json":
            return _json(file, text)
    raise Faulty([Fault(file, 0, 0, "", "the name must end in .csv, .toml or .json")])


def _csv(file: str, text: str) -> Sheet:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    faults: list[Fault] = []
    rows: list[Row] = []
    try:
        columns = [c.strip() for c in next(reader, [])]
        faults += _header_faults(file, columns)
        for line, values in _numbered(reader):
            if not any(v.strip() for v in values):
                continue
            if len(values) != len(columns):
                faults.append(Fault(file, line, 0, "", f"{len(values)} cells instead of {len(columns)}"))
                continue
            cells = {
                name: Cell(value.strip(), file, line, at, name)
                for at, (name, value) in enumerate(zip(columns, values, strict=True), 1)
                if value.strip()
            }
            rows.append(Row(cells, file, line))
    except csv.Error as error:
        raise Faulty([*faults, Fault(file, reader.line_num, 0, "", f"not CSV ({error})")]) from None
    faults += _too_much(file, rows)
    if faults:
        raise Faulty(faults)
    return Sheet(file, columns, rows)


def _numbered(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Records with the line each one begins on: a quoted cell may hold line breaks."""
    begins = reader.line_num + 1
    for values in reader:
        yield begins, values
        begins = reader.line_num + 1


def _header_faults(file: str, columns: list[str]) -> list[Fault]:
    if not any(columns):
        return [Fault(file, 1, 0, "", "no header line")]
    twice = {c for c in columns if columns.count(c) > 1}
    return [Fault(file, 1, at, c, "this column is there twice") for at, c in enumerate(columns, 1) if c in twice]


def _too_much(file: str, rows: list[Row]) -> list[Fault]:
    if len(rows) > ROWS_MOST:
        return [Fault(file, 0, 0, "", f"more than {ROWS_MOST} rows")]
    long = (c for r in rows for c in r.cells.values() if isinstance(c.value, str) and len(c.value) > CELL_MOST)
    return [c.fault(f"longer than {CELL_MOST} characters") for c in long]


def _toml(file: str, text: str) -> Contents:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Faulty([Fault(file, 0, 0, "", f"not TOML ({error})")]) from None
    if tables and all(isinstance(v, list) and all(isinstance(x, dict) for x in v) for v in tables.values()):
        return Contents(sheets=[_table(file, text, kind, rows) for kind, rows in tables.items()])
    if tables and all(_is_year(k) for k in tables):
        return Contents(years=tables)
    return Contents(settings=text)


def _table(file: str, text: str, kind: str, rows: list[dict[str, Any]]) -> Sheet:
    """The `[[kind]]` tables of a TOML file; a row stands on the line of its header."""
    headers = [n for n, line in enumerate(text.splitlines(), 1) if line.split("#")[0].strip() == f"[[{kind}]]"]
    lines = headers if len(headers) == len(rows) else [0] * len(rows)
    made = [
        Row({k: Cell(v, file, line, 0, k) for k, v in row.items() if v != ""}, file, line)
        for row, line in zip(rows, lines, strict=True)
    ]
    faults = _too_much(file, made)
    if faults:
        raise Faulty(faults)
    return Sheet(file, list(dict.fromkeys(k for row in rows for k in row)), made, kind=kind)


def _json(file: str, text: str) -> Contents:
    try:
        years = json.loads(text)
    except ValueError as error:
        line = getattr(error, "lineno", 0)
        raise Faulty([Fault(file, line, 0, "", f"not JSON ({getattr(error, 'msg', error)})")]) from None
    if not isinstance(years, dict) or not years or not all(_is_year(k) for k in years):
        raise Faulty([Fault(file, 0, 0, "", "a JSON file is a calendar: its members are years such as 2026")])
    return Contents(years=years)


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isascii() and text.isdecimal()
