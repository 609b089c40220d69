"""The hall's rows as the files they could have come from: importing them again changes nothing."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from ..core.hall import Hall
from ..core.places.catalogue import YearRow, row_of
from .columns import COLUMNS, OPTIONAL_WHEN_WRITTEN, written

Values = dict[str, Any]


def files(hall: Hall) -> dict[str, str]:
    """Every file, by name. The order of rows is that of the hall."""
    tables: dict[str, list[Values]] = {
        "lines": [_line(line) for line in hall.lines.values()],
        "services": [_service(service) for service in hall.services.values()],
        "materials": [
            {"service": s.service, "position": at, "name": m.name, "note": m.note}
            for s in hall.services.values()
            for at, m in enumerate(s.materials, 1)
        ],
        "steps": [
            {"service": s.service, "position": at, "name": step.name, "counts": step.counts, "days": step.days}
            for s in hall.services.values()
            for at, step in enumerate(s.steps, 1)
        ],
        "counters": [_fields(row_of(counter)) for counter in hall.counters.values()],
        "clerks": [{"number": c.number, "department": c.department} for c in hall.clerks.values()],
    }
    tables |= {
        "letters": [_fields(letter) for letter in hall.letters.values()],
        "seals": [_fields(seal) for seal in hall.seals.values()],
    }
    made = {f"{kind}.csv": _csv(kind, rows) for kind, rows in tables.items()}
    made["calendar.json"] = _years(hall.published, published=True)
    made["calendar_provisional.json"] = _years(hall.provisional, published=False)
    return made


def _csv(kind: str, rows: list[Values]) -> str:
    names = [
        c.name
        for c in COLUMNS[kind]
        if (kind, c.name) not in OPTIONAL_WHEN_WRITTEN or any(row.get(c.name) for row in rows)
    ]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([written(row.get(name)) for name in names] for row in rows)
    return text.getvalue()


def _fields(row: Any) -> Values:
    return {name: getattr(row, name) for name in row.__struct_fields__}


def _service(service: Any) -> Values:
    values = _fields(service)
    values["materials"] = values.pop("materials_count")
    return values


def _line(line: Any) -> Values:
    values = _fields(line)
    if values["prefix"] == values["line"]:
        values["prefix"] = ""
    return values


def _years(years: Mapping[str, YearRow], *, published: bool) -> str:
    """A line a year, in the shape they are read in."""
    rows: Iterable[tuple[str, Any]] = (
        (year, {"off": list(row.off), "work": list(row.work)} if published else list(row.off))
        for year, row in sorted(years.items())
    )
    return "{\n" + ",\n".join(f"{json.dumps(year)}: {json.dumps(days)}" for year, days in rows) + "\n}\n"
