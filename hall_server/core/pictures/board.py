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
from ..matters.case import RUNNING_STATES, Case, edition_of
from ..stamp import text_or_none
from .case import BEHIND, NEVER, days_left, short_name, step_name, urgency
from .sight import Sight

WALL_SHOWN = 60
"""Rows a wall gets; `GET /board` has all of them."""


ROWS_KEPT_MS = 2_000
"""How old the whole board may be when somebody asks for it, hall time."""
RANKS = 12
"""As `urgency` has them: three lights, the same for stopped clocks from 4 on, and for ended ones from 8 on."""


class Lit(NamedTuple):
    """The board at one moment."""

    day: str
    until: int
    """The first instant at which a light changes by itself."""
    first: list[Case]
    """Worst first."""
    totals: BoardTotals


class Rows(NamedTuple):
    """The whole board as it was made last."""

    day: str
    made: int
    rows: list[BoardRow]


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
    """Every light, looked at anew. Ten thousand cases share one second with everything else: the loop is plain."""
    until, today = hall.end_of_day(at), hall.date_of(at)
    warn_at = hall.agenda_now().reckoner.warn_at
    ranked: list[tuple[int, int, str]] = []
    counts = [0] * RANKS
    for no, case in hall.cases.items():
        due = case.promised_due
        rank = 2 if not case.standing else (0 if "red" in case.standing else 1)
        if case.state in RUNNING_STATES and case.decided is None:
            if due is not None and due > at:
                warn = warn_at(case)
                change = due if warn is None or warn <= at else warn
                until = change if change < until else until
                if rank == 2 and warn is not None and warn <= at:
                    rank = 1
        elif is_shown(hall, case):
            rank += BEHIND.get(case.clock, 0)
        else:
            continue
        counts[rank] += 1
        ranked.append((rank, NEVER if due is None else due, no))
    totals = BoardTotals(red=counts[0], yellow=counts[1], green=counts[2], stopped=sum(counts[4:7]))
    return Lit(today, until, [hall.cases[no] for *_, no in nsmallest(WALL_SHOWN, ranked)], totals)


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
    """The whole board, worst first. Made at most every other second: anybody may ask, as often as he likes."""
    agenda = hall.agenda_now()
    kept = agenda.kept.get("rows")
    if isinstance(kept, Rows) and kept.made <= sight.now < kept.made + ROWS_KEPT_MS and kept.day == hall.day:
        return kept.rows
    rows = every_row(hall, sight)
    agenda.kept["rows"] = Rows(hall.day, sight.now, rows)
    return rows


def every_row(hall: Hall, sight: Sight) -> list[BoardRow]:
    """All of them, made anew."""
    shown = [case for case in hall.cases.values() if is_shown(hall, case)]
    shown.sort(key=lambda case: urgency(hall, case, sight.now))
    return [row(hall, sight, case) for case in shown]


def wall_rows(hall: Hall, sight: Sight) -> list[dict[str, str | int | bool | None]]:
    """The worst rows, for walls; a null is left out there as everywhere in pictures."""
    return [plain(row(hall, sight, case)) for case in lit(hall, sight.now).first]


def board_totals(hall: Hall, sight: Sight) -> BoardTotals:
    """How many cases in progress have which light."""
    return lit(hall, sight.now).totals
