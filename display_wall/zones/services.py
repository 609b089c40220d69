"""The zone `catalogue`: one department a page, every service with both limits, fee and documents (design 5, A4d).

Limits are said in the words of the kiosk and of the guides: one item, one text everywhere (A1b, A4e).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from display_wall import measure
from display_wall.moment import Moment
from display_wall.paging import packed, turn
from display_wall.texts import Texts
from display_wall.zones import Place, Seen, natural
from hall_protocol.pictures.catalogue import CataloguePicture, ServiceEntry
from hall_protocol.pictures.wall import Post

PAGE_S = 20.0
NAME, PROMISED, OTHER, ROW, GAP, HEAD, FOOT = 44, 42, 38, 76, 8, 176, 64
"""Sizes at unit 1: a service's name, its promised limit, the rest, least row, gap, department with column names, footer
(px)."""
CONTACT = 34
SHARES = (0.38, 0.2, 0.18, 0.1, 0.14)
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
    contact: str = ""
    """Counters, telephone and first-contact post."""
    below: bool = False
    """The contact stands under the name, where both on one line are too long."""
    head: float = HEAD
    """Height of everything above the rows, px."""
    shares: tuple[float, ...] = SHARES
    rows: tuple[ServiceRow, ...] = ()
    page: int = 0
    pages: int = 0
    page_text: str = ""
    foot: str = ""
    empty: str = ""


def services_zone(
    catalogue: CataloguePicture | None,
    *,
    place: Place,
    seen: Seen,
    now: Moment,
    posts: Mapping[str, Post] | None = None,
) -> ServicesZone:
    """The department whose turn it is; a long one has several pages."""
    texts = seen.texts
    sheets = _sheets(catalogue, place=place, texts=texts, posts=posts or {}) if catalogue is not None else []
    if catalogue is None or not sheets:
        return ServicesZone(empty=texts.stack("wall.zone_catalogue") + "\n—")
    shown = turn(sheets, now_s=now.mono_s, page_s=PAGE_S)
    department, rows = shown.rows[0]
    return ServicesZone(
        department=department.name,
        contact=department.contact,
        below=department.below,
        head=department.head,
        rows=rows,
        page=shown.page,
        pages=shown.pages,
        page_text=texts.say("wall.page", n=shown.page + 1, m=shown.pages, s=int(PAGE_S)) if shown.pages > 1 else "",
        foot=texts.say("wall.day_note"),
    )


@dataclass(frozen=True)
class _Head:
    """What stands above a department's rows."""

    name: str
    contact: str
    below: bool
    head: float


def _sheets(
    catalogue: CataloguePicture, *, place: Place, texts: Texts, posts: Mapping[str, Post]
) -> list[list[tuple[_Head, tuple[ServiceRow, ...]]]]:
    """(department, rows) of every page, in the catalogue's order; departments without services have none."""
    sheets = []
    for entry in catalogue.departments:
        rows = [_row(s, place=place, texts=texts) for s in catalogue.services if s.department == entry.department]
        counters = sorted((c.counter for c in catalogue.counters if c.department == entry.department), key=natural)
        head = _head(entry.name, _contact(counters, posts=posts, texts=texts), place=place)
        room = place.h - head.head - FOOT * place.u
        pages = packed(rows, room=room + GAP * place.u, height=lambda row: row.high + GAP * place.u) if rows else []
        sheets += [[(head, page)] for page in pages]
    return sheets


def _head(name: str, contact: str, *, place: Place) -> _Head:
    u = place.u
    beside = (measure.em(name) * NAME + 40 + measure.em(contact) * CONTACT + 360) * u  # 360: the page's number
    below = bool(contact) and beside > place.w
    more = measure.height(contact, px=CONTACT * u, width=place.w) if below else 0.0
    return _Head(name=name, contact=contact, below=below, head=HEAD * u + more)


def _contact(counters: list[str], *, posts: Mapping[str, Post], texts: Texts) -> str:
    """Counters of a department, the first telephone and the first first-contact post that one of them has."""
    phone = next((posts[c].phone for c in counters if c in posts and posts[c].phone), "")
    post = next((posts[c].post for c in counters if c in posts and posts[c].post), "")
    parts = [
        texts.say("wall.at_counters", counters=texts.say("clock.list_comma").join(counters)) if counters else "",
        texts.say("wall.phone", phone=phone) if phone else "",
        texts.say("wall.first_contact", clerk=post) if post else "",
    ]
    return "   ".join(part for part in parts if part)


def _row(service: ServiceEntry, *, place: Place, texts: Texts) -> ServiceRow:
    u = place.u
    cells = (
        service.short_name or service.name,
        limit(service.promised_days, service.day_unit, texts),
        limit(service.statutory_days, service.day_unit, texts) if service.statutory_days else texts.say("limits.none"),
        texts.say("wall.fee_yes" if service.fee else "wall.fee_no"),
        texts.say("wall.documents", n=len(service.materials))
        if service.materials
        else texts.say("wall.documents_none"),
    )
    sizes = (NAME, PROMISED, OTHER, OTHER, OTHER)
    high = max(
        measure.height(text, px=px * u, width=place.w * share - (44 if i == 0 else 24) * u)
        for i, (text, px, share) in enumerate(zip(cells, sizes, SHARES, strict=True))
    )
    name, promised, statutory, fee, documents = cells
    return ServiceRow(
        name=name,
        promised=promised,
        statutory=statutory,
        fee=fee,
        documents=documents,
        high=max(ROW * u, high + 12 * u),
    )


def limit(days: int | None, unit: str, texts: Texts) -> str:
    """A limit with its unit, as the kiosk says it; 0 is done on the spot, unknown a dash."""
    if days is None:
        return "—"
    if days == 0:
        return texts.say("limits.on_the_spot")
    return f"{days} {_unit(unit, texts)}"


def _unit(unit: str, texts: Texts) -> str:
    return texts.say("limits.unit_day" if unit == "day" else "limits.unit_working_day")


def served_at(catalogue: CataloguePicture | None, *, counter: str, department: str) -> list[ServiceEntry]:
    """The services of a counter: those of its lines, of its own department first or, if there are any, alone."""
    if catalogue is None:
        return []
    lines = next((c.lines for c in catalogue.counters if c.counter == counter), [])
    found = [s for s in catalogue.services if s.line in lines]
    return [s for s in found if s.department == department] or found


def promised_of(services: Iterable[ServiceEntry], texts: Texts) -> str:
    """The promised limits of several services in one sentence; working days and calendar days are never mixed up."""
    services = list(services)
    days = {
        unit: sorted({s.promised_days for s in services if s.promised_days and s.day_unit == unit})
        for unit in ("working_day", "day")
    }
    spans = [
        f"{span[0]}–{span[-1]} {_unit(unit, texts)}" if len(span) > 1 else limit(span[0], unit, texts)
        for unit, span in days.items()
        if span
    ]
    others = texts.say("clock.list_comma").join(spans)
    if not any(s.promised_days == 0 for s in services):
        return others
    return texts.say("wall.limits_both", others=others) if others else texts.say("limits.on_the_spot")


def fee_of(services: Iterable[ServiceEntry], texts: Texts) -> str:
    """Whether there is anything to pay."""
    fees = {s.fee for s in services}
    return texts.say("wall.fee_some" if len(fees) > 1 else "wall.fee_yes" if fees == {True} else "fee.none")
