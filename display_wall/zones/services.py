"""The zone `catalogue`: one department a page, every service with both limits, fee and documents (design 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from display_wall import measure
from display_wall.moment import Moment
from display_wall.paging import packed, turn
from display_wall.texts import Texts
from display_wall.zones import Place, Seen, natural
from hall_protocol.pictures.catalogue import CataloguePicture, ServiceEntry

PAGE_S = 20.0
NAME, NUMBER, ROW, GAP, HEAD, FOOT = 44, 44, 76, 8, 176, 64
"""Sizes at unit 1: a service's name, its limits, least row, gap, department with column names, footer (px)."""
SHARES = (0.44, 0.17, 0.15, 0.11, 0.13)
"""Of the width: name, promised limit, statutory limit, fee, documents."""


@dataclass(frozen=True)
class ServiceRow:
    """One service."""

    name: str
    promised: str
    statutory: str
    fee: str
    documents: str
    high: float


@dataclass(frozen=True)
class ServicesZone:
    """One page of one department."""

    department: str = ""
    counters: str = ""
    rows: tuple[ServiceRow, ...] = ()
    page: int = 0
    pages: int = 0
    page_text: str = ""
    foot: str = ""
    empty: str = ""


def services_zone(catalogue: CataloguePicture | None, *, place: Place, seen: Seen, now: Moment) -> ServicesZone:
    """The department whose turn it is; a long one has several pages."""
    texts = seen.texts
    sheets = _sheets(catalogue, place=place, texts=texts) if catalogue is not None else []
    if catalogue is None or not sheets:
        return ServicesZone(empty=texts.stack("wall.zone_catalogue") + "\n—")
    shown = turn(sheets, now_s=now.mono_s, page_s=PAGE_S)
    department, rows = shown.rows[0]
    counters = sorted((c.counter for c in catalogue.counters if c.department == department), key=natural)
    names = {entry.department: entry.name for entry in catalogue.departments}
    return ServicesZone(
        department=names.get(department, department),
        counters=texts.say("wall.at_counters", counters=texts.say("clock.list_comma").join(counters))
        if counters
        else "",
        rows=rows,
        page=shown.page,
        pages=shown.pages,
        page_text=texts.say("wall.page", n=shown.page + 1, m=shown.pages, s=int(PAGE_S)) if shown.pages > 1 else "",
        foot=texts.say("wall.day_note"),
    )


def _sheets(
    catalogue: CataloguePicture, *, place: Place, texts: Texts
) -> list[list[tuple[str, tuple[ServiceRow, ...]]]]:
    """(department, rows) of every page, in the catalogue's order; departments without services have none."""
    room = place.h - (HEAD + FOOT) * place.u
    sheets = []
    for entry in catalogue.departments:
        rows = [_row(s, place=place, texts=texts) for s in catalogue.services if s.department == entry.department]
        pages = packed(rows, room=room + GAP * place.u, height=lambda row: row.high + GAP * place.u) if rows else []
        sheets += [[(entry.department, page)] for page in pages]
    return sheets


def _row(service: ServiceEntry, *, place: Place, texts: Texts) -> ServiceRow:
    u = place.u
    name = service.short_name or service.name
    high = measure.height(name, px=NAME * u, width=place.w * SHARES[0] - 44 * u)
    return ServiceRow(
        name=name,
        promised=limit(service.promised_days, service.day_unit, texts),
        statutory=limit(service.statutory_days, service.day_unit, texts)
        if service.statutory_days
        else texts.say("item.no_statutory_limit"),
        fee=texts.say("wall.fee_yes" if service.fee else "wall.fee_no"),
        documents=texts.say("wall.documents", n=len(service.materials))
        if service.materials
        else texts.say("wall.documents_none"),
        high=max(ROW * u, high + 12 * u),
    )


def limit(days: int | None, unit: str, texts: Texts) -> str:
    """A limit with its unit; 0 is done on the spot, unknown a dash."""
    if days is None:
        return "—"
    if days == 0:
        return texts.say("limits.on_the_spot")
    return texts.say("wall.limit_day" if unit == "day" else "wall.limit_working_day", n=days)


def duties_of(catalogue: CataloguePicture | None, *, department: str, lines: Sequence[str], texts: Texts) -> list[str]:
    """What a counter does, in three lines: services, limits, fees; empty where the catalogue says nothing of it."""
    found = [s for s in (catalogue.services if catalogue else []) if s.department == department and s.line in lines]
    if not found:
        return []
    names = " · ".join(dict.fromkeys(s.short_name or s.name for s in found[:3]))
    longer = sorted({s.promised_days for s in found if s.promised_days})
    spot = any(s.promised_days == 0 for s in found)
    key = "wall.limits_both" if spot and longer else "wall.limits_range" if longer else "limits.on_the_spot"
    values = {"a": longer[0], "b": longer[-1]} if longer else {}
    if longer and longer[0] == longer[-1]:
        key, values = key.replace("both", "both_one").replace("range", "one"), {"n": longer[0]}
    fees = {s.fee for s in found}
    fee = "wall.fee_some" if len(fees) > 1 else "wall.fee_yes" if fees == {True} else "fee.none"
    return [names, texts.say(key, **values), texts.say(fee)]
