"""月报: the seven indicators with everything behind them, and the questions of the reading side (domain.md 7)."""

from __future__ import annotations

import calendar
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from litestar import Response, get

from hall_protocol.refusals import Refused

from ....core.stamp import text
from ....reports import bulletin, export, indicators
from ....reports.facts import check_month
from ....reports.questions import QUESTIONS, Answer, Question, ask
from ....reports.secondary import Secondary, secondary
from ...house import House, HttpRequest
from ...public.words import Speech
from ..records import BY, aside, seen_by, up_to_date
from .frame import BASE, HEADERS, page, speech_of
from .table import PAGE, Asked, as_csv, as_pdf, as_xlsx, table_of

GROUPINGS = ("hall", "department", "counter", "clerk", "site")
TARGET = {"on_site_rate"}
FILE_KINDS = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "zip": "application/zip",
}


class Month(msgspec.Struct):
    """What a month's page shows."""

    rows: list[indicators.IndicatorRow]
    beside: Secondary
    frozen_at: str | None
    formulas: int
    corrections: list[bulletin.Correction]


@get(f"{BASE}/bulletin", include_in_schema=False)
async def show_month(request: HttpRequest, month: str | None = None, by: str = "hall") -> Response[str]:
    """One month by one grouping."""
    house: House = request.app.state.house
    speech, chosen = speech_of(request), month_asked(house, month)
    if by not in BY:
        raise Refused("bad_request", why="by")
    told = await aside(read_month, house, chosen, by)
    first, last = span_of(chosen)
    target = house.engine.hall.settings.bulletin.on_site_target_percent
    return page(
        request, "bulletin.html", tab="bulletin", title=speech.say("console.tab.bulletin"), month=chosen, by=by,
        groupings=GROUPINGS, indicator_names=[f"indicator.{n.removesuffix('_rate')}" for n in indicators.CODE_NAMES],
        rows=[row_words(speech, row, month=chosen, by=by, target=target) for row in told.rows],
        frozen_at=told.frozen_at, formulas=told.formulas, beside=beside_words(speech, told.beside),
        corrections=[correction_words(speech, one) for one in told.corrections if one.by == by],
        questions=list(QUESTIONS), first=first, last=last,
    )  # fmt: skip


def month_asked(house: House, month: str | None) -> str:
    """The month of the address, or the present one."""
    chosen = month or house.engine.hall.date_of(house.engine.clock.now())[:7]
    try:
        check_month(chosen)
    except ValueError as error:
        raise Refused("unknown_month") from error
    return chosen


def span_of(month: str) -> tuple[str, str]:
    """Its first and last day."""
    year, number = int(month[:4]), int(month[5:])
    return f"{month}-01", f"{month}-{calendar.monthrange(year, number)[1]:02}"


def read_month(house: House, month: str, by: Any) -> Month:
    """From the frozen file when there is one, else from the tables. On a thread of its own."""
    frozen = house.engine.hall.bulletins.get(month)
    with up_to_date(house.data) as report, indicators.reading(report) as db:
        if frozen is None:
            rows = indicators.counted(db, month=month, by=by).rows
            return Month(rows, secondary(db, month=month), None, indicators.FORMULAS, [])
        published = bulletin.published(house.data, month, sha256=frozen.sha256)
        changed = bulletin.corrections(published, db)
    return Month(published.rows[by], published.beside, published.frozen_at, published.formulas, changed)


def owner_words(speech: Speech, by: str, key: str) -> str:
    """Whose row it is."""
    if key == "hall":
        return speech.say("console.by.hall")
    return speech.say("report.not_attributed") if key == indicators.NOT_ATTRIBUTED else key


def row_words(speech: Speech, row: indicators.IndicatorRow, *, month: str, by: str, target: int) -> dict[str, Any]:
    """One row with its seven figures."""
    cells = []
    for name in indicators.CODE_NAMES:
        found: indicators.Fraction = getattr(row, name)
        met = indicators.meets(found.numerator, found.denominator, target) if name in TARGET else None
        mark = "" if met is None else speech.say("console.met" if met else "console.missed", n=target)
        cells.append(
            {
                "percent": "—" if found.percent is None else f"{found.percent} %",
                "pair": f"{found.numerator} / {found.denominator}",
                "mark": mark,
                "link": found.events.replace("/api/v1/indicators/", f"{BASE}/bulletin/members/").replace("/events", ""),
            }
        )
    return {"owner": owner_words(speech, by, row.key), "cells": cells}


def beside_words(speech: Speech, beside: Secondary) -> list[tuple[str, str]]:
    """What stands beside the seven."""
    told: list[tuple[str, str]] = []
    for name, value in msgspec.structs.asdict(beside).items():
        if name == "by_form":
            told += [(speech.say(f"form.{form}"), str(count)) for form, count in value.items()]
        elif isinstance(value, tuple):
            shown = "—" if value[2] is None else f"{value[2]}{'' if name.startswith('complaints_per') else ' %'}"
            told.append((speech.say(f"report.beside.{name}"), f"{shown}（{value[0]} / {value[1]}）"))
        elif isinstance(value, list):
            told.append((speech.say(f"report.beside.{name}"), "—" if not value else "、".join(value)))
        else:
            told.append((speech.say(f"report.beside.{name}"), str(value)))
    return told


def correction_words(speech: Speech, one: bulletin.Correction) -> dict[str, str]:
    """One figure that is another one now."""
    return {
        "owner": owner_words(speech, one.by, one.key),
        "name": speech.say(f"indicator.{one.indicator.removesuffix('_rate')}"),
        "published": f"{one.published[0]} / {one.published[1]}",
        "now": f"{one.now[0]} / {one.now[1]}",
    }


@get(f"{BASE}/bulletin/members/{{name:str}}", include_in_schema=False)
async def show_members(
    request: HttpRequest, name: str, month: str, by: str = "hall", key: str = "hall"
) -> Response[str]:
    """Every case, item, rating or complaint behind one figure, with the row it comes from."""
    house: House = request.app.state.house
    speech, chosen = speech_of(request), month_asked(house, month)
    if name not in indicators.CODE_NAMES or by not in BY:
        raise Refused("bad_request", why="name")
    found = await aside(read_members, house, name, chosen, by, key)
    kinds = {row.seq: (row.type, row.at) for row in house.engine.journal.read_these([m.seq for m in found])}
    numerator, denominator = sum(m.numerator for m in found), sum(m.denominator for m in found)
    found = seen_by(house, house.caller(request).role, found)
    shown = indicators.percent(numerator, denominator)
    return page(
        request, "members.html", tab="bulletin", title=speech.say(f"indicator.{name.removesuffix('_rate')}"),
        month=chosen, owner=owner_words(speech, by, key), percent="—" if shown is None else f"{shown} %",
        pair=f"{numerator} / {denominator}",
        members=[
            {
                "member": m.member, "seq": f"{m.seq:,}",
                "where": speech.say("console.in_both" if m.numerator and m.denominator else
                                    "console.in_numerator" if m.numerator else "console.in_denominator"),
                "type": kinds.get(m.seq, ("", ""))[0], "at": kinds.get(m.seq, ("", ""))[1][:16].replace("T", " "),
            }
            for m in found
        ],
    )  # fmt: skip


def read_members(house: House, name: str, month: str, by: Any, key: str) -> list[indicators.Member]:
    """On a thread of its own."""
    with up_to_date(house.data) as report, indicators.reading(report) as db:
        return indicators.members(db, name=name, month=month, by=by, key=key)


@get(f"{BASE}/bulletin/file", include_in_schema=False)
async def bulletin_file(request: HttpRequest, month: str, format: str) -> Response[bytes]:
    """The month as a file: a frozen one is the same bytes every time."""
    house: House = request.app.state.house
    chosen = month_asked(house, month)
    if format not in export.FORMATS:
        raise Refused("bad_request", why="format")
    language = speech_of(request).language
    content = await aside(written, house, chosen, format, language)
    return attachment(content, f"bulletin-{chosen}", format)


def written(house: House, month: str, format: Any, language: str) -> bytes:
    """The file's bytes. On a thread of its own."""
    hall, known = house.engine.hall, house.engine.hall.bulletins.get(month)
    frozen = None if known is None else bulletin.published(house.data, month, sha256=known.sha256)
    names = hall.settings.hall.name
    with up_to_date(house.data) as report, tempfile.TemporaryDirectory() as folder:
        to = Path(folder) / "bulletin"
        export.write(
            to, report, month=month, format=format, hall_name=names.get(language) or next(iter(names.values())),  # type: ignore[call-overload]
            language=language, made_at=text(house.engine.clock.now(), hall.zone), frozen=frozen,
        )  # fmt: skip
        return to.read_bytes()


def attachment(content: bytes, name: str, format: str) -> Response[bytes]:
    """A file to keep, never one to be shown."""
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}.{format}"'}
    return Response(content, media_type=FILE_KINDS[format], headers=headers)


# ---------------------------------------------------------------- questions


@get(f"{BASE}/bulletin/{{question:str}}", include_in_schema=False)
async def show_question(request: HttpRequest, question: str) -> Response[str]:
    """One question's answer, a page of it."""
    house: House = request.app.state.house
    speech, known, asked = speech_of(request), question_named(question), asked_of(request)
    found = await aside(answered, house, known, asked, PAGE)
    return page(
        request, "question.html", tab="bulletin", title=speech.say(f"report.question.{known.name}"),
        question=known.name,
        first=asked.first, last=asked.last, find=asked.find, table=table_of(known, found, asked, speech),
        sql=known.sql.strip("\n"),
    )  # fmt: skip


@get(f"{BASE}/bulletin/{{question:str}}/file", include_in_schema=False)
async def question_file(request: HttpRequest, question: str, format: str) -> Response[bytes]:
    """The whole answer as a file."""
    house: House = request.app.state.house
    speech, known, asked = speech_of(request), question_named(question), asked_of(request)
    if format not in ("csv", "xlsx", "pdf"):
        raise Refused("bad_request", why="format")
    found = await aside(answered, house, known, asked, None)
    content = await aside(rendered, house, known, found, asked, speech, format)
    return attachment(content, known.name, format)


def rendered(house: House, question: Question, found: Answer, asked: Asked, speech: Speech, format: str) -> bytes:
    """The file's bytes. On a thread of its own."""
    if format == "csv":
        return as_csv(question, found, speech)
    if format == "xlsx":
        return as_xlsx(question, found, speech)
    names = house.engine.hall.settings.hall.name
    name = names.get(speech.language) or next(iter(names.values()))
    return as_pdf(question, found, speech, hall_name=name, span=f"{asked.first} – {asked.last}")


def question_named(name: str) -> Question:
    """A question of the list."""
    known = QUESTIONS.get(name)
    if known is None:
        raise Refused("not_found")
    return known


def asked_of(request: HttpRequest) -> Asked:
    """What the address asks; without days it is the present month."""
    house: House = request.app.state.house
    query = request.query_params
    today = house.engine.hall.date_of(house.engine.clock.now())
    first, last = query.get("first") or f"{today[:7]}-01", query.get("last") or today
    number = query.get("page", "1")
    try:
        date.fromisoformat(first), date.fromisoformat(last)
        if not 1 <= int(number) <= 100_000:
            raise ValueError(number)
    except ValueError as error:
        raise Refused("bad_request", why="first") from error
    return Asked(
        first=first, last=last, find=query.get("find", "")[:60], sort=query.get("sort", ""),
        down=query.get("down") == "1", page=int(number),
    )  # fmt: skip


def answered(house: House, question: Question, asked: Asked, size: int | None) -> Answer:
    """A page of the answer, or all of it. On a thread of its own."""
    with up_to_date(house.data) as report, indicators.reading(report) as db:
        paged = {} if size is None else {"limit": size, "offset": (asked.page - 1) * size}
        try:
            return ask(
                db, question, first=asked.first, last=asked.last, find=asked.find, sort=asked.sort, down=asked.down,
                **paged,
            )  # fmt: skip
        except ValueError as error:
            raise Refused("bad_request", why="sort") from error


ROUTES = (show_month, bulletin_file, show_members, show_question, question_file)
