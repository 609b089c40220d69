"""The public approval board (domain.md A4f): cases in progress with their lights, worst first.

Without the applicant's consent a case stands there by its number alone. Lights change at known instants, so the rows
are made once for every change and kept until the next one.
"""

from __future__ import annotations

from heapq import nsmallest
from typing import NamedTuple

from hall_protocol.codec import plain
from hall_protocol.pictures.matters import BoardRow, BoardTotals

from ..hall import Hall
from ..matters import case_clock
from ..matters.case import Case, edition_of
from ..stamp import text_or_none
from .case import days_left, short_name, step_name, urgency
from .sight import Sight

WALL_SHOWN = 60
"""Rows a wall gets; `GET /board` has all of them."""


class Lit(NamedTuple):
    """The board at one moment."""

    day: str
    until: int
    """The first instant at which a light changes by itself."""
    first: list[Case]
    """Worst first."""
    totals: BoardTotals


def is_shown(hall: Hall, case: Case) -> bool:
    """Cases in progress, and those decided today."""
    if case.is_open:
        return True
    return case.state == "decided" and case.ended is not None and hall.date_of(case.ended) == hall.day


def lit(hall: Hall, at: int) -> Lit:
    """The board's order and totals now."""
    agenda = hall.agenda_now()
    kept = agenda.kept.get("board")
    if isinstance(kept, Lit) and kept.day == hall.date_of(at) and at < kept.until:
        return kept
    made = lit_now(hall, at)
    agenda.kept["board"] = made
    return made


def lit_now(hall: Hall, at: int) -> Lit:
    """Every light, looked at anew."""
    totals, until = BoardTotals(), hall.end_of_day(at)
    ranked: list[tuple[tuple[int, int, str], Case]] = []
    reckoner = hall.agenda_now().reckoner
    for case in hall.cases.values():
        if not is_shown(hall, case):
            continue
        rank = urgency(hall, case, at)
        ranked.append((rank, case))
        if rank[0] >= 8:
            continue
        if rank[0] >= 4:
            totals.stopped += 1
        else:
            name = ("red", "yellow", "green")[rank[0]]
            setattr(totals, name, getattr(totals, name) + 1)
        if case.is_running and case.promised_due is not None:
            warn = reckoner.warn_at(case)
            for change in (warn, case.promised_due):
                if change is not None and at < change < until:
                    until = change
    first = [case for _, case in nsmallest(WALL_SHOWN, ranked, key=lambda pair: pair[0])]
    return Lit(hall.date_of(at), until, first, totals)


def row(hall: Hall, sight: Sight, case: Case) -> BoardRow:
    """One case on the board."""
    light = case_clock.light(hall, case, sight.now)
    return BoardRow(
        no=case.no,
        applicant=sight.masked_of(case.no) if case.show_name else None,
        service=case.service,
        service_name=short_name(edition_of(hall, case)),
        department=case.department,
        step=(step_name(hall, case) if case.is_open else None) or case.state,
        state=case.state,
        light=light.light,
        warning=light.warning,
        clock=case.clock,
        promised_due=text_or_none(case.promised_due, hall.zone),
        working_days_left=days_left(hall, case, sight.now),
        provisional=case.provisional,
    )


def board_rows(hall: Hall, sight: Sight) -> list[BoardRow]:
    """The whole board, worst first."""
    shown = [case for case in hall.cases.values() if is_shown(hall, case)]
    shown.sort(key=lambda case: urgency(hall, case, sight.now))
    return [row(hall, sight, case) for case in shown]


def wall_rows(hall: Hall, sight: Sight) -> list[dict[str, str | int | bool | None]]:
    """The worst rows, for walls; a null is left out there as everywhere in pictures."""
    return [plain(row(hall, sight, case)) for case in lit(hall, sight.now).first]


def board_totals(hall: Hall, sight: Sight) -> BoardTotals:
    """How many cases in progress have which light."""
    return lit(hall, sight.now).totals
