"""The monthly bulletin as a file: JSON for machines, CSV and XLSX for tables, PDF for the notice board.

JSON has the shape of `GET /indicators` for the whole hall; the others show the hall and every department. Words come
from the catalogue of texts, code names stay beside them where a machine may read.
"""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

import msgspec
import xlsxwriter

from assets.i18n import Catalogue
from hall_server.files import write_private
from hall_server.reports import bulletin_pdf
from hall_server.reports.bulletin import Frozen, corrections, document
from hall_server.reports.indicators import (
    CODE_NAMES,
    FORMULAS,
    NOT_ATTRIBUTED,
    Fraction,
    IndicatorRow,
    Indicators,
    percent,
    reading,
)
from hall_server.reports.secondary import Secondary

Format = Literal["json", "csv", "xlsx", "pdf"]
FORMATS: Final = ("json", "csv", "xlsx", "pdf")
_TERMS: Final = {name: f"indicator.{name.removesuffix('_rate')}" for name in (*CODE_NAMES, "active_rating_rate")}
COLUMNS: Final = ("owner", "indicator", "numerator", "denominator", "percent")
_FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")


class Line(msgspec.Struct, frozen=True):
    """One line of the table: whose, which indicator, and the fraction."""

    by: str
    key: str
    """Code, as in `GET /indicators`."""
    owner: str
    """As a person reads it."""
    indicator: str
    title: str
    numerator: int
    denominator: int
    percent: str | None


class Bulletin(msgspec.Struct, frozen=True):
    """What is printed, in one language."""

    month: str
    hall_name: str
    title: str
    made_at: str
    headings: tuple[str, str, str, str, str]
    """Owner, indicator, numerator, denominator, percent."""
    notes: tuple[str, ...]
    lines: tuple[Line, ...]


def write(
    to: Path,
    report: Path,
    *,
    month: str,
    format: Format,
    hall_name: str,
    language: str,
    made_at: str,
    frozen: Frozen | None = None,
) -> list[Path]:
    """Write the bulletin of `month` (`YYYY-MM`) from an up-to-date `report.db` to `to` (0600, whole or not at all).

    A frozen month is written as it was published, the same bytes every time; when something has changed since, a second
    file `….corrections.json` says what. `made_at` is the present instant, RFC 3339. Returns the files. Raises
    `ValueError` (month, format), `sqlite3.Error`, `OSError`.
    """
    if format not in FORMATS:
        raise ValueError(f"unknown format {format!r}: one of {', '.join(FORMATS)}")
    with reading(report) as db:
        told = document(db, month=month, frozen_at=made_at) if frozen is None else frozen
        changed = [] if frozen is None else corrections(frozen, db)
    write_private(to, _rendered(told, format, hall_name=hall_name, language=language, frozen=frozen is not None))
    if not changed:
        return [to]
    beside = to.with_name(f"{to.stem}.corrections.json")
    write_private(beside, msgspec.json.format(msgspec.json.encode({"month": month, "corrections": changed})) + b"\n")
    return [to, beside]


def _rendered(told: Frozen, format: Format, *, hall_name: str, language: str, frozen: bool) -> bytes:
    hall, departments = (Indicators(told.month, by, told.rows[by]) for by in ("hall", "department"))
    if format == "json":
        return as_json(hall, told.beside)
    made = bulletin(
        hall, departments, rated=told.beside.active_rating_rate[:2], hall_name=hall_name, language=language,
        made_at=told.frozen_at, frozen=frozen,
    )  # fmt: skip
    renderers: dict[str, Callable[[Bulletin], bytes]] = {"csv": as_csv, "xlsx": as_xlsx, "pdf": as_pdf}
    return renderers[format](made)


def bulletin(
    hall: Indicators,
    departments: Indicators,
    *,
    rated: tuple[int, int],
    hall_name: str,
    language: str,
    made_at: str,
    frozen: bool = False,
) -> Bulletin:
    """Put the figures into the words of one language."""
    texts = Catalogue()

    def say(key: str, **values: object) -> str:
        return texts.say(key, language, **values)

    def lines(by: str, owner: str, row: IndicatorRow) -> list[Line]:
        fractions: list[tuple[str, Fraction]] = [(name, getattr(row, name)) for name in CODE_NAMES]
        return [
            Line(by, row.key, owner, name, say(_TERMS[name]), f.numerator, f.denominator, f.percent)
            for name, f in fractions
        ]

    found = lines("hall", hall_name, hall.rows[0])
    active = ("active_rating_rate", say(_TERMS["active_rating_rate"]))
    found.append(Line("hall", "hall", hall_name, *active, *rated, percent(*rated)))
    for row in departments.rows:
        found += lines("department", say("report.not_attributed") if row.key == NOT_ATTRIBUTED else row.key, row)
    dated = say("report.frozen_at" if frozen else "report.made_at", time=made_at)
    return Bulletin(
        month=hall.month,
        hall_name=hall_name,
        title=say("report.title", month=hall.month),
        made_at=made_at,
        headings=tuple(say(f"report.column_{name}") for name in COLUMNS),  # type: ignore[arg-type]
        notes=(say("report.note_cut"), say("report.note_empty"), dated),
        lines=tuple(found),
    )


def as_json(hall: Indicators, beside: Secondary) -> bytes:
    """The shape of `GET /indicators`, and beside the rows what stands beside the seven."""
    told = {**msgspec.to_builtins(hall), "formulas": FORMULAS, "beside": msgspec.to_builtins(beside)}
    return msgspec.json.format(msgspec.json.encode(told)) + b"\n"


def as_csv(made: Bulletin) -> bytes:
    """UTF-8 with a byte-order mark, so that spreadsheets do not guess the encoding; one line a fraction."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(["month", "by", "key", "indicator", "name", "numerator", "denominator", "percent"])
    for line in made.lines:
        table.writerow(
            (
                made.month,
                line.by,
                _plain(line.key),
                line.indicator,
                line.title,
                line.numerator,
                line.denominator,
                line.percent or "",
            )
        )
    return "\ufeff".encode() + out.getvalue().encode()


def _plain(text: str) -> str:
    """A name that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


def as_xlsx(made: Bulletin) -> bytes:
    """One sheet; counts are numbers, percentages are text because they are cut and must stay as printed."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        title = book.add_format({"bold": True, "font_size": 16})
        right = book.add_format({"align": "right"})
        sheet = book.add_worksheet(made.month)
        sheet.set_column(0, 1, 28)
        sheet.set_column(2, 4, 12)
        sheet.write_string(0, 0, made.hall_name, title)
        sheet.write_string(1, 0, made.title)
        for column, heading in enumerate(made.headings):
            sheet.write_string(3, column, heading, bold)
        for row, line in enumerate(made.lines, start=4):
            sheet.write_string(row, 0, line.owner)
            sheet.write_string(row, 1, line.title)
            sheet.write_number(row, 2, line.numerator)
            sheet.write_number(row, 3, line.denominator)
            sheet.write_string(row, 4, line.percent or "—", right)
        for row, note in enumerate(made.notes, start=5 + len(made.lines)):
            sheet.write_string(row, 0, note)
        sheet.freeze_panes(4, 0)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
    return out.getvalue()


def as_pdf(made: Bulletin) -> bytes:
    """A4 pages with a table for the hall and one for each department."""
    tables: dict[tuple[str, str], bulletin_pdf.Owned] = {}
    for line in made.lines:
        cells = (line.title, str(line.numerator), str(line.denominator), line.percent or "—")
        tables.setdefault((line.by, line.key), bulletin_pdf.Owned(line.owner, [])).rows.append(cells)
    return bulletin_pdf.draw(
        title=made.hall_name,
        subtitle=made.title,
        headings=made.headings[1:],
        tables=list(tables.values()),
        notes=made.notes,
    )
