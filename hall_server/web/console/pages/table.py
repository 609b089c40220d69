"""Tables of answers: what stands in a cell, how it is sorted, searched, paged, and written as a file."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import xlsxwriter

from ....reports.bulletin_pdf import Owned, draw
from ....reports.indicators import percent
from ....reports.questions import Answer, Column, Question
from ...public.words import Speech

PAGE: Final = 50
NUMBERS: Final = frozenset({"number", "seconds", "share"})
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
OPENS: Final = {"case_no": "/console/limits/", "inquiry": "/console/inquiries/", "loop": "/console/ratings/"}


@dataclass(frozen=True)
class Asked:
    """What a reader asked of a table."""

    first: str
    last: str
    find: str = ""
    sort: str = ""
    down: bool = False
    page: int = 1

    def query(self, **changes: Any) -> str:
        """The address's query with some of it changed."""
        now = {"first": self.first, "last": self.last, "find": self.find, "sort": self.sort, "down": int(self.down)}
        return urlencode({k: v for k, v in {**now, "page": self.page, **changes}.items() if v not in ("", 0, None)})


@dataclass(frozen=True)
class Head:
    """One column's title; pressing it sorts."""

    title: str
    link: str
    sorted: str
    style: str


@dataclass(frozen=True)
class Cell:
    """One value as it is read."""

    words: str
    style: str = ""
    link: str = ""


@dataclass(frozen=True)
class Table:
    """One page of a table."""

    heads: list[Head]
    rows: list[list[Cell]]
    total: int
    from_row: int
    to_row: int
    before: str
    after: str
    query: str


def table_of(question: Question, answer: Answer, asked: Asked, speech: Speech) -> Table:
    """One page of an answer, in words."""
    start = (asked.page - 1) * PAGE
    end = start + len(answer.rows)
    return Table(
        heads=[head(column, asked, speech) for column in question.columns],
        rows=[
            [cell(question, c, v, speech) for c, v in zip(question.columns, row, strict=True)] for row in answer.rows
        ],
        total=answer.total,
        from_row=min(start + 1, answer.total),
        to_row=end,
        before="" if asked.page == 1 else f"?{asked.query(page=asked.page - 1)}",
        after="" if end >= answer.total else f"?{asked.query(page=asked.page + 1)}",
        query=asked.query(page=None),
    )


def head(column: Column, asked: Asked, speech: Speech) -> Head:
    """A column's title; once pressed it sorts upwards, twice downwards."""
    here = asked.sort == column.name
    turned = int(here and not asked.down)
    return Head(
        title=speech.say(f"report.column.{column.name}"),
        link=f"?{asked.query(sort=column.name, down=turned, page=None)}",
        sorted=("descending" if asked.down else "ascending") if here else "",
        style="n" if column.kind in NUMBERS else "",
    )


def cell(question: Question, column: Column, value: Any, speech: Speech) -> Cell:
    """One value in words, and where it leads."""
    words = said(question, column, value, speech)
    link = f"{OPENS[column.name]}{value}" if column.name == question.opens and column.name in OPENS and value else ""
    return Cell(words, "n" if column.kind in NUMBERS else "", link)


def said(question: Question, column: Column, value: Any, speech: Speech) -> str:
    """A value as a person reads it; what is not known is a dash, never a nought."""
    if value is None or value == "":
        return "—"
    if column.kind == "seconds":
        return clock_span(round(value))
    if column.kind == "share":
        return f"{percent(int(value), 10_000)} %"
    if column.kind == "instant":
        return f"{str(value)[:10]} {str(value)[11:16]}"
    if column.kind == "code":
        key = f"report.code.{column.name}.{value}"
        return speech.say(key) if speech.knows(key) else str(value)
    return str(value)


def clock_span(seconds: int) -> str:
    """`4:05`, `1:02:07`."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


# ---------------------------------------------------------------- files


def as_csv(question: Question, answer: Answer, speech: Speech) -> bytes:
    """UTF-8 with a byte-order mark; values as they are stored, headings in the reader's language."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([speech.say(f"report.column.{column.name}") for column in question.columns])
    writer.writerows([plain(value) for value in row] for row in answer.rows)
    return "\ufeff".encode() + out.getvalue().encode()


def plain(value: Any) -> Any:
    """A text a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value


def as_xlsx(question: Question, answer: Answer, speech: Speech) -> bytes:
    """One sheet; numbers are numbers, spans are seconds."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet = book.add_worksheet()
        sheet.set_column(0, len(question.columns) - 1, 18)
        for at, column in enumerate(question.columns):
            sheet.write_string(0, at, speech.say(f"report.column.{column.name}"), bold)
        for line, row in enumerate(answer.rows, start=1):
            for at, value in enumerate(row):
                if isinstance(value, int | float):
                    sheet.write_number(line, at, value)
                elif value is not None:
                    sheet.write_string(line, at, str(value))
        sheet.freeze_panes(1, 0)
    return out.getvalue()


def as_pdf(question: Question, answer: Answer, speech: Speech, *, hall_name: str, span: str) -> bytes:
    """A4 pages with the table in words."""
    headings = tuple(speech.say(f"report.column.{column.name}") for column in question.columns)
    rows = [
        tuple(said(question, c, v, speech) for c, v in zip(question.columns, row, strict=True)) for row in answer.rows
    ]
    return draw(
        title=hall_name,
        subtitle=f"{speech.say(f'report.question.{question.name}')} · {span}",
        headings=headings,
        tables=[Owned("", rows)],
        notes=(),
        wide=True,
    )
