"""How things stand, open to anyone: the lines now, the cases in progress, the published months (A10a, A4f)."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from litestar import Response, get

from hall_protocol.pictures.matters import BoardRow
from hall_protocol.refusals import Refused

from ...core.pictures.board import board_rows, board_totals
from ...core.stamp import text
from ...reports import bulletin
from ...reports.facts import check_month
from ...reports.indicators import CODE_NAMES, NOT_ATTRIBUTED, IndicatorRow
from ..house import House, HttpRequest
from .case_face import lamp_of, word_of
from .guide import wait_of
from .open_page import open_page, page_asked, speech_of
from .words import Speech

log = logging.getLogger(__name__)

RELOAD_S = 30
ROWS = 20


@get("/waiting", include_in_schema=False)
async def show_waiting(request: HttpRequest) -> Response[str]:
    """Every line: people waiting, and the range for somebody taking a ticket now. Reloads by itself and says so."""
    house: House = request.app.state.house
    hall, speech = house.engine.hall, speech_of(request)
    sight = house.eyes.sight(hall)
    lines = [
        {"line": name, "name": hall.lines[name].name, **wait_of(hall, sight, name, speech)}
        for name in sorted(hall.lines)
    ]
    answer = open_page(
        request, "guide_waiting.html", speech, title=speech.say("public.waiting"), place="waiting", lines=lines,
        refresh_s=RELOAD_S,
        as_of=speech.say("page.as_of", time=speech.clock(text(sight.now, hall.zone))),
    )  # fmt: skip
    await house.engine.settled()
    return answer


# ---------------------------------------------------------------- cases in progress


@get("/board", include_in_schema=False)
async def show_board(request: HttpRequest) -> Response[str]:
    """Cases in progress and those decided today, worst first. No name without the applicant's consent."""
    house: House = request.app.state.house
    hall, speech = house.engine.hall, speech_of(request)
    sight = house.eyes.sight(hall)
    rows, totals = board_rows(hall, sight), board_totals(hall, sight)
    pages = max(1, -(-len(rows) // ROWS))
    at = min(page_asked(request), pages)
    shown = {"green": totals.green, "yellow": totals.yellow, "red": totals.red, "stopped": totals.stopped}
    answer = open_page(
        request, "guide_board.html", speech, title=speech.say("board.title"), place="board",
        rows=[board_words(row, speech) for row in rows[(at - 1) * ROWS : at * ROWS]], at=at, pages=pages,
        totals=[(lamp, speech.say(f"public.total.{lamp}"), n) for lamp, n in shown.items()],
        as_of=speech.say("page.as_of", time=speech.clock(text(sight.now, hall.zone))),
    )  # fmt: skip
    await house.engine.settled()
    return answer


def board_words(row: BoardRow, speech: Speech) -> dict[str, Any]:
    """One case: number, item, step, light with its word, and until when it was promised."""
    lamp = lamp_of(row)
    due = ""
    if row.promised_due is not None:
        due = speech.say("public.due", d=speech.date(row.promised_due))
        if row.working_days_left is not None and row.working_days_left > 0 and lamp != "none":
            due += " · " + speech.say("case.page.left", n=row.working_days_left)
        if row.provisional:
            due += " · " + speech.say("date.provisional")
    step = speech.say(f"case.state.{row.state}") if row.step == row.state else row.step
    return {
        "no": row.no, "applicant": row.applicant, "service": row.service_name, "department": row.department,
        "step": step, "lamp": lamp, "word": word_of(row, lamp, speech), "due": due,
    }  # fmt: skip


# ---------------------------------------------------------------- the published months


@get("/bulletin", include_in_schema=False)
async def show_bulletin(request: HttpRequest) -> Response[str]:
    """A month as it was published: the hall and its departments, never a counter or a clerk."""
    house: House = request.app.state.house
    hall, speech = house.engine.hall, speech_of(request)
    months = sorted(hall.bulletins, reverse=True)
    asked = request.query_params.get("month", "")
    if asked:
        try:
            check_month(asked)
        except ValueError as error:
            raise Refused("unknown_month") from error
    month = asked or (months[0] if months else "")
    known = hall.bulletins.get(month)
    frozen = None
    if known is not None:
        frozen = await asyncio.to_thread(read, house, month, known.sha256)
    departments = frozen.rows.get("department", []) if frozen else []
    answer = open_page(
        request, "guide_bulletin.html", speech, title=speech.say("public.bulletin"), place="bulletin", month=month,
        months=months, published=speech.say("public.published", d=speech.date(frozen.frozen_at)) if frozen else "",
        hall_rows=[f for row in (frozen.rows.get("hall", []) if frozen else []) for f in figures(row, speech)],
        departments=[(row.key, figures(row, speech)) for row in departments if row.key != NOT_ATTRIBUTED],
    )  # fmt: skip
    await house.engine.settled()
    return answer


def read(house: House, month: str, sha256: str) -> bulletin.Frozen:
    """The frozen file, on a thread of its own. A file that is not the published one is not shown."""
    try:
        return bulletin.published(house.data, month, sha256=sha256)
    except (OSError, ValueError) as error:
        log.error("the bulletin of %s cannot be shown: %s", month, error)
        raise Refused("storage_unavailable") from error


def figures(row: IndicatorRow, speech: Speech) -> list[dict[str, str]]:
    """The seven figures, each with both halves of its fraction; a dash where there was nothing to count."""
    told = []
    for name in CODE_NAMES:
        found = getattr(row, name)
        told.append(
            {
                "name": speech.say(f"indicator.{name.removesuffix('_rate')}"),
                "percent": "—" if found.percent is None else f"{found.percent} %",
                "pair": f"{found.numerator} / {found.denominator}",
            }
        )
    return told


ROUTES = (show_waiting, show_board, show_bulletin)
