"""From files to the rows a hall takes over: every mistake by line and column, all or nothing."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from ..core.hall import Hall
from ..core.oversight.authorisation import Letter
from ..core.oversight.seal import Seal
from ..core.places.catalogue import (
    ClerkRow,
    CounterRow,
    Line,
    MaterialRow,
    Service,
    StepRow,
    TakeOver,
    YearRow,
    same_letter,
)
from .cells import Cell, Contents, Fault, Faulty, Row, Sheet, read
from .columns import COLUMNS, KEYS, kind_of


@dataclass
class Parsed:
    """The rows of all files, converted but not yet compared with each other."""

    rows: dict[str, list[tuple[Row, dict[str, Any]]]] = field(default_factory=lambda: {k: [] for k in COLUMNS})
    calendar: dict[str, YearRow] = field(default_factory=dict)
    provisional: dict[str, YearRow] = field(default_factory=dict)
    settings: str | None = None
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class Wanted:
    """What the files ask for."""

    rows: TakeOver
    settings: str | None
    """Text of a `hall.toml` among the files."""


def wanted(files: Mapping[str, bytes], hall: Hall) -> Wanted:
    """What `files` (name → content) ask of this hall, checked together; raises `Faulty` with every mistake."""
    parsed = Parsed()
    for name, data in files.items():
        try:
            _take(parsed, name, read(name, data))
        except Faulty as faulty:
            parsed.faults += faulty.faults
    rows = _rows(parsed, hall)
    if parsed.faults:
        raise Faulty(parsed.faults)
    return Wanted(rows, parsed.settings)


def _take(parsed: Parsed, name: str, contents: Contents) -> None:
    for sheet in contents.sheets:
        _take_sheet(parsed, sheet)
    for year, days in contents.years.items():
        _take_year(parsed, name, year, days)
    if contents.settings is not None:
        if parsed.settings is not None:
            parsed.faults.append(Fault(name, 0, 0, "", "settings stand in another of these files already"))
        parsed.settings = contents.settings


def _take_sheet(parsed: Parsed, sheet: Sheet) -> None:
    kind = sheet.kind or kind_of(sheet.columns)
    if kind not in COLUMNS:
        known = "; ".join(f"{k}: {' '.join(c.name for c in cs if c.required)}" for k, cs in COLUMNS.items())
        parsed.faults.append(Fault(sheet.file, 1, 0, "", f"no kind of file has these columns. Needed are {known}"))
        return
    names = {c.name for c in COLUMNS[kind]}
    strange = [c for c in sheet.columns if c not in names]
    for name in strange:
        at = sheet.columns.index(name) + 1 if sheet.kind is None else 0
        parsed.faults.append(Fault(sheet.file, 1 if at else 0, at, name, f"{kind} have no such column"))
    if not strange:
        parsed.rows[kind] += [(row, _converted(parsed, kind, row)) for row in sheet.rows]


def _converted(parsed: Parsed, kind: str, row: Row) -> dict[str, Any]:
    """The cells of one row as its columns read them; mistakes are noted and left out."""
    values: dict[str, Any] = {}
    for column in COLUMNS[kind]:
        cell = row.cells.get(column.name)
        if cell is None:
            if column.required:
                parsed.faults.append(row.fault("nothing there", column.name))
            continue
        try:
            values[column.name] = column.convert(cell.value)
        except ValueError as error:
            parsed.faults.append(cell.fault(str(error)))
    return values


def _take_year(parsed: Parsed, file: str, year: str, days: Any) -> None:
    """A published year is `{"off": […], "work": […]}`, a provisional one a list of days off."""
    published = isinstance(days, dict)
    lists = days if isinstance(days, dict) else {"off": days}
    unknown = set(lists) - {"off", "work"}
    if unknown or not all(isinstance(v, list) for v in lists.values()):
        parsed.faults.append(Fault(file, 0, 0, year, "a year has the lists off and work"))
        return
    faults = [Fault(file, 0, 0, year, why) for d in lists.values() for x in d if (why := _day_problem(x, year))]
    faults += [
        Fault(file, 0, 0, year, f"{d} is off and work") for d in lists.get("work", ()) if d in lists.get("off", ())
    ]
    if faults:
        parsed.faults += faults
        return
    row = YearRow(off=tuple(map(str, lists.get("off", ()))), work=tuple(map(str, lists.get("work", ()))))
    (parsed.calendar if published else parsed.provisional)[year] = row


def _day_problem(value: Any, year: str) -> str | None:
    try:
        day = value if isinstance(value, datetime.date) else datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        return f"{value!r} is not a day such as {year}-01-01"
    # The notice of a year may settle the last days of the December before.
    if day.isoformat()[:4] != year and not (day.year == int(year) - 1 and day.month == 12):
        return f"{day} is not in {year}"
    return None


def _rows(parsed: Parsed, hall: Hall) -> TakeOver:
    """The rows as the hall's own structs, checked against each other and against what the hall has."""
    for kind, key in KEYS.items():
        parsed.faults += _twice(parsed.rows[kind], key)
    lines = {*hall.lines, *(v["line"] for _, v in parsed.rows["lines"] if "line" in v)}
    services = {*hall.services, *(v["service"] for _, v in parsed.rows["services"] if "service" in v)}
    departments = {s.department for s in hall.services.values()}
    departments |= {v["department"] for _, v in parsed.rows["services"] if "department" in v}
    parsed.faults += _unknown(parsed.rows["services"], "line", lines, "there is no line {}")
    parsed.faults += _unknown(parsed.rows["counters"], "lines", lines, "there is no line {}")
    for kind in ("counters", "clerks"):
        parsed.faults += _unknown(parsed.rows[kind], "department", departments, "no service belongs to a department {}")
    for kind in ("steps", "materials"):
        parsed.faults += _unknown(parsed.rows[kind], "service", services, "there is no service {}")
        parsed.faults += _positions_twice(parsed.rows[kind])
    clerks = {*hall.clerks, *(v["number"] for _, v in parsed.rows["clerks"] if "number" in v)}
    for kind in ("letters", "seals"):
        parsed.faults += _unknown(parsed.rows[kind], "holder", clerks, "there is no clerk {}")
    parsed.faults += _unknown(parsed.rows["letters"], "services", services, "there is no service {}")
    parsed.faults += _unknown(parsed.rows["seals"], "department", departments, "no service belongs to a department {}")
    parsed.faults += _letter_days(parsed.rows["letters"])
    parsed.faults += _registered_otherwise(parsed.rows["letters"], hall)
    parsed.faults += _limits(parsed.rows["services"])
    parsed.faults += _codes_twice(parsed.rows["services"], hall)
    parsed.faults += _letters_twice(parsed.rows["lines"], hall)
    if parsed.faults:
        return TakeOver()
    return TakeOver(
        services=tuple(_services(parsed, hall)),
        lines=tuple(Line(**v) for _, v in parsed.rows["lines"]),
        counters=tuple(CounterRow(**v) for _, v in parsed.rows["counters"]),
        clerks=tuple(ClerkRow(**v) for _, v in parsed.rows["clerks"]),
        letters=tuple(Letter(**v) for _, v in parsed.rows["letters"]),
        seals=tuple(Seal(**v) for _, v in parsed.rows["seals"]),
        calendar=parsed.calendar,
        provisional=parsed.provisional,
    )


def _services(parsed: Parsed, hall: Hall) -> list[Service]:
    """Services with their steps and materials; what a file does not speak of stays as the hall has it."""
    made: dict[str, Service] = {}
    for _, values in parsed.rows["services"]:
        known = hall.services.get(values["service"])
        fields = {("materials_count" if k == "materials" else k): v for k, v in values.items()}
        service = Service(**fields)
        if known is not None:
            service = msgspec.structs.replace(service, steps=known.steps, materials=known.materials)
        made[service.service] = service
    for kind, build in (("steps", _steps), ("materials", _materials)):
        by_service: dict[str, list[dict[str, Any]]] = {}
        for _, values in parsed.rows[kind]:
            by_service.setdefault(values["service"], []).append(values)
        for key, rows in by_service.items():
            service = made.get(key) or hall.services[key]
            ordered = sorted(rows, key=lambda v: int(v["position"]))
            made[key] = msgspec.structs.replace(service, **{kind: build(ordered)})
    return list(made.values())


def _steps(rows: list[dict[str, Any]]) -> tuple[StepRow, ...]:
    return tuple(StepRow(name=v["name"], counts=v["counts"], days=v.get("days")) for v in rows)


def _materials(rows: list[dict[str, Any]]) -> tuple[MaterialRow, ...]:
    return tuple(MaterialRow(name=v["name"], note=v.get("note", "")) for v in rows)


Rows = list[tuple[Row, dict[str, Any]]]


def _twice(rows: Rows, key: str) -> Iterable[Fault]:
    first: dict[str, Row] = {}
    for row, values in rows:
        if key in values and (other := first.setdefault(values[key], row)) is not row:
            yield row.cells[key].fault(f"{values[key]} stands in {_place(other)} already")


def _place(row: Row) -> str:
    return f"{row.file}, line {row.line}"


def _unknown(rows: Rows, column: str, known: set[str], why: str) -> Iterable[Fault]:
    for row, values in rows:
        found = values.get(column, ())
        for value in found if isinstance(found, tuple) else (found,):
            if value not in known:
                yield row.cells[column].fault(why.format(value))


def _positions_twice(rows: Rows) -> Iterable[Fault]:
    seen: set[tuple[Any, Any]] = set()
    for row, values in rows:
        place = (values.get("service"), values.get("position"))
        if None not in place and place in seen:
            yield row.cells["position"].fault(f"position {place[1]} of {place[0]} is there twice")
        seen.add(place)


def _limits(rows: Rows) -> Iterable[Fault]:
    """A promise is never longer than the law (domain.md 2.1)."""
    for row, values in rows:
        promised, statutory = values.get("promised_days"), values.get("statutory_days")
        if promised is not None and statutory is not None and promised > statutory:
            cell: Cell = row.cells["promised_days"]
            yield cell.fault(f"promised {promised} is more than the statutory {statutory}")


def _letter_days(rows: Rows) -> Iterable[Fault]:
    """A letter ends no earlier than it begins, and is revoked while it runs."""
    for row, values in rows:
        begins, ends = values.get("valid_from", ""), values.get("valid_to") or "9999-12-31"
        if ends < begins:
            yield row.cells["valid_to"].fault(f"ends before it begins on {begins}")
        elif (revoked := values.get("revoked_from")) and not begins <= revoked <= ends:
            yield row.cells["revoked_from"].fault("is not within the days of the letter")


def _registered_otherwise(rows: Rows, hall: Hall) -> Iterable[Fault]:
    """A register is never rewritten: other powers need another letter."""
    for row, values in rows:
        known = hall.letters.get(values.get("letter", ""))
        whole = {c.name for c in COLUMNS["letters"] if c.required} <= set(values)
        if known is not None and whole and not same_letter(known, Letter(**values)):
            yield row.cells["letter"].fault("is registered otherwise; only a revocation may be added")


def _codes_twice(rows: Rows, hall: Hall) -> Iterable[Fault]:
    """Two items never have one official code, here and in the hall."""
    named = {v.get("service") for _, v in rows}
    holder = {s.official_code: s.service for s in hall.services.values() if s.official_code and s.service not in named}
    for row, values in rows:
        code = values.get("official_code")
        if code and holder.setdefault(code, values.get("service", "")) != values.get("service"):
            yield row.cells["official_code"].fault(f"{holder[code]} has this code already")


def _letters_twice(rows: Rows, hall: Hall) -> Iterable[Fault]:
    """Two lines with one letter would give one number twice."""
    named = {v.get("line") for _, v in rows}
    holder = {line.prefix or line.line: line.line for line in hall.lines.values() if line.line not in named}
    for row, values in rows:
        letter = values.get("prefix") or values.get("line")
        if letter and holder.setdefault(letter, values.get("line", "")) != values.get("line"):
            yield row.cells["prefix" if "prefix" in values else "line"].fault(
                f"{holder[letter]} has the letter {letter}"
            )
