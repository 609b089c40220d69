"""The zone `counters`: number, ticket and line of every counter that is not closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from display_wall import measure
from display_wall.moment import Moment, clock
from display_wall.paging import page
from display_wall.zones import Place, Seen, natural
from hall_protocol.pictures.wall import WallCounter

AMBER_S = 60.0
"""A number stays amber for so long after its call (design 5)."""
PAGE_MAX = 10
PAGE_S = 10.0
NUMBER, NAME, GAP, ROW, ROW_MAX, COLUMN = 52, 32, 8, 68, 110, 560
"""Sizes at unit 1: ticket number, other words, gap between rows, least and usual highest row, least column (px)."""
NAME_SHARE = 0.38
"""Of a row's width, for the line's name."""


@dataclass(frozen=True)
class CounterRow:
    """One counter's row."""

    counter: str
    number: str
    """The ticket called or served there; empty while the counter waits for its next."""
    note: str
    """The line's name, or when a paused counter resumes."""
    paused: bool
    amber: bool
    now: bool
    """The call in the band is for this counter."""


@dataclass(frozen=True)
class CountersZone:
    """One page of counters, filled column by column."""

    rows: tuple[CounterRow, ...] = ()
    columns: int = 2
    per_column: int = 5
    row_height: float = ROW
    page: int = 0
    pages: int = 1


class CallTimes:
    """When each counter's call was first seen, by the monotonic clock: the amber minute runs in real time."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[str, float]] = {}

    def learn(self, counters: Mapping[str, WallCounter], now: Moment) -> None:
        """Takes in the counters' calls; one that is older than the picture starts that much earlier."""
        for name, counter in counters.items():
            at = counter.called_at if counter.number else None
            if at is None:
                self._seen.pop(name, None)
            elif self._seen.get(name, ("", 0.0))[0] != at:
                self._seen[name] = (at, now.mono_s - now.age_s(at))
        for name in self._seen.keys() - counters.keys():
            del self._seen[name]

    def age_s(self, counter: str, now: Moment) -> float | None:
        """Seconds since that counter's call; None when it has none."""
        return now.mono_s - self._seen[counter][1] if counter in self._seen else None


def counters_zone(
    counters: Mapping[str, WallCounter],
    *,
    place: Place,
    seen: Seen,
    now: Moment,
    times: CallTimes,
    calling: tuple[str, str] | None,
) -> CountersZone:
    """The page of counters on show. `calling` is counter and number of the call in the band: always on screen."""
    rows = [
        _row(name, counter, seen=seen, now=now, age_s=times.age_s(name, now), calling=calling)
        for name, counter in sorted(counters.items(), key=lambda item: natural(item[0]))
        if counter.state != "closed"
    ]
    columns, per_column, need = grid(place, rows, text_lines=seen.texts.rows)
    shown = page(
        rows, per_page=min(PAGE_MAX, columns * per_column), now_s=now.mono_s, page_s=PAGE_S, keep=lambda row: row.now
    )
    fair = (place.h - (per_column - 1) * GAP * place.u) / per_column
    high = min(fair, max(need, ROW_MAX * place.u))
    return CountersZone(shown.rows, columns, per_column, high, shown.page, shown.pages)


def _row(
    name: str, counter: WallCounter, *, seen: Seen, now: Moment, age_s: float | None, calling: tuple[str, str] | None
) -> CounterRow:
    paused = counter.state == "paused" and not counter.number
    called = counter.number is not None and age_s is not None and age_s < AMBER_S
    return CounterRow(
        counter=name,
        number=counter.number or "",
        note=_note(counter, paused=paused, seen=seen, now=now),
        paused=paused,
        amber=called and not seen.stale,
        now=not seen.stale and calling == (name, counter.number),
    )


def _note(counter: WallCounter, *, paused: bool, seen: Seen, now: Moment) -> str:
    if paused:
        at = clock(counter.resume_at, like=now.hall)
        return seen.texts.stack("wall.resumes", time=at) if at else ""
    return (counter.line_name or counter.line or "") if counter.number else ""


def grid(place: Place, rows: list[CounterRow], *, text_lines: int) -> tuple[int, int, float]:
    """Columns, rows a column, least row height: two columns where each has room, rows as high as the longest name."""
    u = place.u
    columns = 2 if place.w >= (2 * COLUMN + 2 * GAP) * u else 1
    room = (place.w / columns) * NAME_SHARE - 20 * u
    tallest = max((measure.height(row.note, px=NAME * u, width=room) for row in rows), default=0.0)
    need = max(ROW * u, tallest + GAP * u, text_lines * NAME * u * measure.LINE + GAP * u)
    return columns, max(1, int((place.h + GAP * u) // (need + GAP * u))), need
