"""Rows into pages that turn by time. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Paged(Generic[T]):
    """The page on show, counted from 0, of how many."""

    rows: tuple[T, ...]
    page: int
    pages: int


def page(
    rows: Sequence[T], *, per_page: int, now_s: float, page_s: float, keep: Callable[[T], bool] | None = None
) -> Paged[T]:
    """`per_page` rows at a time, `page_s` each; a row that `keep` names has its page shown as long as it does."""
    sheets = [tuple(rows[i : i + per_page]) for i in range(0, len(rows), max(1, per_page))] or [()]
    return turn(sheets, now_s=now_s, page_s=page_s, keep=keep)


def turn(
    sheets: Sequence[Sequence[T]], *, now_s: float, page_s: float, keep: Callable[[T], bool] | None = None
) -> Paged[T]:
    """The one of `sheets` whose turn it is."""
    number = int(now_s // page_s) % len(sheets)
    if keep is not None:
        number = next((i for i, sheet in enumerate(sheets) if any(keep(row) for row in sheet)), number)
    return Paged(rows=tuple(sheets[number]), page=number, pages=len(sheets))


def packed(rows: Sequence[T], *, room: float, height: Callable[[T], float]) -> list[tuple[T, ...]]:
    """Rows of different heights onto sheets of `room`; a row higher than a sheet has one to itself."""
    sheets: list[tuple[T, ...]] = []
    sheet: list[T] = []
    left = room
    for row in rows:
        need = height(row)
        if sheet and need > left + 0.5:
            sheets.append(tuple(sheet))
            sheet, left = [], room
        sheet.append(row)
        left -= need
    if sheet or not sheets:
        sheets.append(tuple(sheet))
    return sheets
