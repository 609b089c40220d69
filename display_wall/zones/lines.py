"""The zone `lines`: people waiting per line, and how long somebody taking a ticket now would wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from display_wall import measure
from display_wall.moment import Moment, clock
from display_wall.paging import packed, turn
from display_wall.texts import Second, Texts, stacked
from display_wall.zones import Place, Seen, natural
from hall_client.waits import Says, Wait, wait_words
from hall_protocol.pictures.wall import WallCounter, WallLine

PAGE_S = 10.0
NAME, SMALL, ROW, HEAD = 36, 30, 67, 56
"""Sizes at unit 1: a line's name, the smallest text, a row, the heading (px)."""
PEOPLE, NAME_X, GAP = 44, 66, 16
"""The number of people, where the name begins behind its letter, and the least gap between columns (px)."""
PEOPLE_EDGE, WAIT_SHARE = 0.62, 0.36
"""Of a row's width: where the number of people ends, and the room of the range."""


@dataclass(frozen=True)
class LineRow:
    """One line's row."""

    line: str
    name: str
    waiting: str
    wait: str
    """A range, “现在就办”, or `—`."""
    now: bool
    note: str
    """Why there is no range; empty where the whole wall says it."""
    tall: bool = False
    """The name has a line of its own above the numbers: beside them it would take more than two."""
    high: float = 0.0
    """Height of the row, px."""


@dataclass(frozen=True)
class LinesZone:
    """One page of lines."""

    rows: tuple[LineRow, ...] = ()
    title: str = ""
    people: str = ""
    wait: str = ""
    """The names of the columns; of the last one empty while there are no ranges."""
    head: float = HEAD
    page: int = 0
    pages: int = 1


def lines_zone(
    lines: Mapping[str, WallLine],
    counters: Mapping[str, WallCounter],
    *,
    place: Place,
    seen: Seen,
    now: Moment,
) -> LinesZone:
    """The page of lines on show; where two languages do not fit, the first one is said."""
    rows, head = _rows(lines, counters, place=place, seen=seen, now=now)
    if seen.texts.second and any(row.high > place.h - head for row in rows):
        seen = Seen(seen.texts.alone(), seen.stale)
        rows, head = _rows(lines, counters, place=place, seen=seen, now=now)
    shown = turn(packed(rows, room=place.h - head, height=lambda r: r.high), now_s=now.mono_s, page_s=PAGE_S)
    return LinesZone(
        rows=shown.rows,
        title=seen.texts.stack("wall.lines_title"),
        people=seen.texts.stack("wall.lines_people"),
        wait="" if seen.stale else seen.texts.stack("wall.lines_wait"),
        head=head,
        page=shown.page,
        pages=shown.pages,
    )


def _rows(
    lines: Mapping[str, WallLine], counters: Mapping[str, WallCounter], *, place: Place, seen: Seen, now: Moment
) -> tuple[list[LineRow], float]:
    """Every line's row, and the height of the heading."""
    rows = [
        _sized(_row(letter, line, counters, seen=seen, now=now), place)
        for letter, line in sorted(lines.items(), key=_by_letter)
    ]
    heading = measure.height(seen.texts.stack("wall.lines_wait"), px=SMALL * place.u, width=place.w * WAIT_SHARE)
    return rows, max(HEAD * place.u, heading + 8 * place.u)


def _by_letter(item: tuple[str, WallLine]) -> tuple[int, int, str]:
    return natural(item[0])


def _row(letter: str, line: WallLine, counters: Mapping[str, WallCounter], *, seen: Seen, now: Moment) -> LineRow:
    first = _wait(line, counters, words=seen.texts, stale=seen.stale)
    second = _wait(line, counters, words=Second(seen.texts), stale=seen.stale) if seen.texts.second else first
    wait = _whole_units(stacked(first.short, second.short)) if first.kind != "unknown" else "—"
    return LineRow(
        line=letter,
        name=line.name,
        waiting=f"{line.waiting:,}",
        wait=wait,
        now=first.kind == "now",
        note="" if seen.stale else _note(line, unknown=first.kind == "unknown", texts=seen.texts, now=now),
    )


def _wait(line: WallLine, counters: Mapping[str, WallCounter], *, words: Says, stale: bool) -> Wait:
    estimate: dict[str, Any] | None = msgspec.to_builtins(line.estimate) if line.estimate else None
    return wait_words(
        words,
        estimate,
        ahead=line.waiting,
        open_counters=line.open_counters,
        free=line.counter_free or _free(line, counters),
        stale=stale,
    )


def _whole_units(text: str) -> str:
    """A unit of two Hanzi is never split over two lines."""
    for unit in ("分钟", "分鐘", "小时", "小時"):
        text = text.replace(unit, f"{unit[0]}\u2060{unit[1]}")
    return text


def _free(line: WallLine, counters: Mapping[str, WallCounter]) -> bool:
    """Whether a counter of this line is open and without a visitor (design 3.1: nobody ahead and a counter free)."""
    return any(
        counters[name].state == "open" and not counters[name].number for name in line.counters if name in counters
    )


def _note(line: WallLine, *, unknown: bool, texts: Texts, now: Moment) -> str:
    """Why nobody can take a ticket now, or why the wait is not known; empty while all is well."""
    if line.state == "quota_reached":
        return texts.stack("wall.quota")
    if line.state == "closed":
        at = clock(line.opens_at, like=now.hall)
        return texts.stack("wall.opens", time=at) if at else texts.stack("wall.closed")
    if unknown and line.open_counters == 0:
        return texts.stack("wall.no_counter")
    return ""


def _sized(row: LineRow, place: Place) -> LineRow:
    """As high as the longest text needs; a long name stands above its numbers."""
    u = place.u
    room = name_room(row.waiting, place)
    wait = measure.height(row.note or row.wait, px=(SMALL if row.note else NAME) * u, width=place.w * WAIT_SHARE)
    name = measure.height(row.name, px=NAME * u, width=room)
    if room >= 3 * NAME * u and measure.lines(row.name, px=NAME * u, width=room) <= 2:
        return replace(row, high=max(ROW * u, name + 10 * u, wait + 10 * u))
    above = measure.height(row.name, px=NAME * u, width=place.w - NAME_X * u)
    return replace(row, tall=True, high=above + max(PEOPLE * u * measure.LINE, wait) + 14 * u)


def name_room(waiting: str, place: Place) -> float:
    """Width left for a line's name before the number of people, px."""
    return place.w * PEOPLE_EDGE - (NAME_X + GAP + PEOPLE * measure.em(waiting)) * place.u
