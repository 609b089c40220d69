"""The zone `approvals`: cases in progress with their lights, worst first (design 5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from display_wall import measure
from display_wall.moment import Moment, when
from display_wall.paging import packed, turn
from display_wall.texts import Texts
from display_wall.zones import Place, Seen
from hall_protocol.pictures.matters import BoardTotals

Case = Mapping[str, str | int | bool | None]

PAGE_S = 15.0
TEXT, NUMBER, ROW, GAP, HEAD, COLUMN_HEAD = 34, 32, 62, 4, 72, 46
"""Sizes at unit 1 (px)."""
SHARES = (0.145, 0.163, 0.2, 0.145, 0.14, 0.085, 0.122)
"""Of the width: number, applicant, service, step, promised date, days left, light with its word."""
NARROW = 1300
"""Below this width (at unit 1) a case takes two lines: number, light and date above, service below. So does a case
whose row would be more than half as high as its zone."""
WORST = {"red": 0, "yellow": 1, "green": 2, "paused": 3, "unknown": 4, "none": 5}


@dataclass(frozen=True)
class CaseRow:
    """One case's row."""

    no: str
    applicant: str
    service: str
    step: str
    due: str
    days: str
    """Working days left, in words."""
    light: str
    """`green yellow red paused unknown none`: the lamp; `none` for a decided case, which shows its step."""
    word: str
    narrow: bool = False
    """In two lines: number, date, days and light above, service, applicant and step below."""
    below: str = ""
    """The lower line of a narrow row."""
    high: float = 0.0
    """Height of the row, px."""


@dataclass(frozen=True)
class Total:
    """How many cases have one light."""

    light: str
    word: str


@dataclass(frozen=True)
class ApprovalsZone:
    """One page of cases."""

    rows: tuple[CaseRow, ...] = ()
    totals: tuple[Total, ...] = ()
    shares: tuple[float, ...] = SHARES
    head: float = HEAD
    title: bool = True
    """Whether there is room for the zone's name beside or above the totals."""
    below: bool = False
    """The totals stand under the name."""
    column_head: float = 0.0
    """Height of the row of column names; 0 where the zone is too low for one."""
    page: int = 0
    pages: int = 1
    page_text: str = ""
    empty: str = ""


def approvals_zone(
    board: Sequence[Case], *, place: Place, seen: Seen, now: Moment, counted: BoardTotals | None = None
) -> ApprovalsZone:
    """The page of cases on show, or the sentence that there are none.

    `counted` are the server's totals by light: the board has the worst cases only.
    """
    u, texts = place.u, seen.texts
    narrow = place.w < NARROW * u
    below = narrow and place.h >= 480 * u
    head = max(HEAD, texts.rows * TEXT * measure.LINE + 10) * u * (2 if below else 1)
    column_head = COLUMN_HEAD * u * texts.rows if place.h >= 480 * u and not narrow and board else 0.0
    room = place.h - head - column_head
    rows = [
        _sized(_row(case, seen=seen, now=now), place=place, room=room, narrow=narrow)
        for case in sorted(board, key=_order)
    ]
    fitting = [row for row in rows if row.high <= room]
    shown = turn(packed(fitting, room=room + GAP * u, height=_full(u)), now_s=now.mono_s, page_s=PAGE_S)
    return ApprovalsZone(
        rows=shown.rows,
        totals=_totals(rows, texts, counted) if rows else (),
        head=head,
        title=below or not narrow or not rows,
        below=below,
        column_head=column_head,
        page=shown.page,
        pages=shown.pages,
        page_text=_page_text(shown.page, shown.pages, texts),
        empty="" if rows else texts.stack("wall.no_cases"),
    )


def _full(u: float) -> Callable[[CaseRow], float]:
    """The height of a row with the gap under it."""
    return lambda row: row.high + GAP * u


def _page_text(number: int, pages: int, texts: Texts) -> str:
    if pages < 2:
        return ""
    return texts.stack("wall.page", n=number + 1, m=pages, s=int(PAGE_S))


def lamp(case: Case) -> str:
    """The lamp of a case: stopped is the grey ring, a decided case has none, a light not known is never green."""
    clock = case.get("clock")
    if clock == "stopped":
        return "paused"
    if clock == "ended":
        return "none"
    light = case.get("light")
    return light if light in ("green", "yellow", "red") else "unknown"  # type: ignore[return-value]


def _order(case: Case) -> tuple[int, str, str]:
    return WORST[lamp(case)], str(case.get("promised_due") or "9999"), str(case.get("no") or "")


def _row(case: Case, *, seen: Seen, now: Moment) -> CaseRow:
    light = lamp(case)
    days = case.get("working_days_left")
    left = days if isinstance(days, int) and not isinstance(days, bool) else None
    return CaseRow(
        no=str(case.get("no") or "—"),
        applicant=str(case.get("applicant") or ""),
        service=str(case.get("service_name") or case.get("service") or "—"),
        step=_step(case, seen.texts),
        due=_due(case, light=light, texts=seen.texts, now=now),
        days="—" if light in ("paused", "none") or seen.stale else _left(left, seen.texts),
        light="unknown" if seen.stale and light != "none" else light,
        word=seen.texts.stack("light.unknown")
        if seen.stale and light != "none"
        else _word(case, light, left, seen.texts),
    )


def _step(case: Case, texts: Texts) -> str:
    """The catalogue's word for the step under way; a state's code where it names none."""
    step = str(case.get("step") or "")
    return texts.stack(f"case.state.{step}") if step and step == case.get("state") else step or "—"


def _due(case: Case, *, light: str, texts: Texts, now: Moment) -> str:
    due = when(str(case.get("promised_due") or ""))
    if light == "paused":
        return texts.stack("wall.postponed")
    if due is None:
        return "—"
    day = texts.day(due.astimezone(now.hall.tzinfo))
    return f"{day} {texts.say('date.provisional')}" if case.get("provisional") else day


def _left(days: int | None, texts: Texts) -> str:
    if days is None:
        return "—"
    if days == 0:
        return texts.stack("wall.today")
    return texts.stack("wall.days_left", n=days) if days > 0 else texts.stack("wall.days_over", n=-days)


def _word(case: Case, light: str, left: int | None, texts: Texts) -> str:
    if light == "yellow" and left is not None and left < 0:
        return texts.stack("light.yellow_past", n=-left)
    if light == "yellow" and case.get("warning") is False:
        return texts.stack("supervision.yellow_card")
    if light == "yellow" and left == 0:
        return texts.stack("light.due_today")
    if light == "red":
        return texts.stack("light.red_days", n=-left) if left is not None and left < 0 else texts.stack("wall.red")
    keys = {"green": "light.on_time", "yellow": "light.yellow", "paused": "light.paused", "unknown": "light.unknown"}
    return texts.stack(keys[light]) if light in keys else ""


def _totals(rows: Sequence[CaseRow], texts: Texts, counted: BoardTotals | None) -> tuple[Total, ...]:
    words = {"green": "light.on_time", "yellow": "light.yellow", "red": "wall.red", "paused": "light.paused"}
    counts = {light: sum(row.light == light for row in rows) for light in words}
    if counted is not None and not any(row.light == "unknown" for row in rows):
        counts = {"green": counted.green, "yellow": counted.yellow, "red": counted.red, "paused": counted.stopped}
    return tuple(
        Total(light, "\n".join(f"{word} {counts[light]:,}" for word in texts.stack(key).split("\n")))
        for light, key in words.items()
        if counts[light] or light != "paused"
    )


def _sized(row: CaseRow, *, place: Place, room: float, narrow: bool) -> CaseRow:
    """A row is as high as its longest text wrapped in its column; a name too long for a column gets the full width."""
    wide = _wide(row, place)
    if not narrow and wide <= max(room / 2, ROW * place.u):
        return replace(row, high=wide)
    u, px = place.u, TEXT * place.u
    below = "   ".join(filter(None, (row.service, row.applicant, row.step.replace("\n", " "))))
    days = row.days.split("\n", maxsplit=1)[0].replace("—", "")
    said = px * measure.LINE * len(row.word.split("\n"))
    high = said + measure.height(below, px=px, width=place.w - 48 * u) + 16 * u
    return replace(row, narrow=True, below=below, days=days, high=high)


def _wide(row: CaseRow, place: Place) -> float:
    u, inner = place.u, place.w - 24 * place.u
    cells = (row.no, row.applicant, row.service, row.step, row.due, row.days, row.word)
    tallest = max(
        measure.height(text, px=(TEXT if i else NUMBER) * u, width=inner * share - (76 if i == 6 else 20) * u)
        for i, (text, share) in enumerate(zip(cells, SHARES, strict=True))
    )
    return max(ROW * u, tallest + 10 * u)
