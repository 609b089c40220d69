"""The zone `counter`: the screen over one counter, with its six duties (domain.md A4c) and the ticket in service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from display_wall import measure
from display_wall.moment import Moment, clock
from display_wall.paging import packed, turn
from display_wall.texts import Texts
from display_wall.zones import Place, Seen
from display_wall.zones.counters import AMBER_S, CallTimes
from display_wall.zones.services import fee_of, promised_of, served_at
from hall_protocol.pictures.catalogue import CataloguePicture, ServiceEntry
from hall_protocol.pictures.wall import Post, WallCounter

PAGE_S = 8.0
"""So long one page of duties stands where they do not all fit."""
DEPARTMENT, NAME, VALUE, ROW, MARGIN, GAP, NOW = 68, 42, 50, 120, 56, 24, 180
"""Sizes at unit 1: department, a duty's name, its value, usual row, margin, gap, the band of the ticket (px)."""
SIDE, SIGN = 0.29, 0.34
"""Of the width, or on an upright screen of the height, for the counter's number."""
NAME_SHARE, VALUE_SHARE = 0.3, 0.68
NAMES_MOST = 3


@dataclass(frozen=True)
class Duty:
    """One line of what the counter is responsible for."""

    name: str
    value: str
    labelled: bool = False
    """On a bar, too, the value needs its name before it."""
    high: float = 0.0
    """Height of the row, px."""


@dataclass(frozen=True)
class PostZone:
    """One counter's own screen."""

    counter: str = ""
    department: str = ""
    duties: tuple[Duty, ...] = ()
    """Main services, promised limits, fees, telephone, first-contact post; with the department six."""
    all_duties: tuple[Duty, ...] = ()
    """Those of every page, for a bar."""
    page: int = 0
    state: str = ""
    """Words for what happens here now."""
    number: str = ""
    note: str = ""
    amber: bool = False


def post_zone(
    name: str,
    counter: WallCounter | None,
    *,
    place: Place,
    seen: Seen,
    now: Moment,
    times: CallTimes,
    catalogue: CataloguePicture | None = None,
    post: Post | None = None,
) -> PostZone:
    """Counter `name` as its screen shows it; a counter the hall does not know shows its number and a dash."""
    texts = seen.texts
    if counter is None:
        return PostZone(counter=name, state="—")
    age = times.age_s(name, now)
    called = counter.ticket_state == "called" or (age is not None and age < AMBER_S and counter.ticket_state is None)
    state, note = _state(counter, seen=seen, now=now, called=called)
    services = served_at(catalogue, counter=name, department=counter.department)
    sheets = _fitted(counter, services, post or Post(), place=place, texts=texts)
    shown = turn(sheets, now_s=now.mono_s, page_s=PAGE_S)
    return PostZone(
        counter=name,
        department=counter.department or "—",
        duties=shown.rows,
        all_duties=tuple(duty for sheet in sheets for duty in sheet),
        page=shown.page,
        state=state,
        number=counter.number or "",
        note=note,
        amber=bool(counter.number) and not seen.stale,
    )


def duties(
    counter: WallCounter, services: Sequence[ServiceEntry], post: Post, *, texts: Texts, names: int = NAMES_MOST
) -> tuple[Duty, ...]:
    """The five duties under the department; one that nobody set is a dash, never left out (A4c)."""
    main = " · ".join(dict.fromkeys(s.short_name or s.name for s in services[:names])) or counter.line_name
    values = {
        "wall.duty_service": main,
        "wall.duty_limits": promised_of(services, texts),
        "wall.duty_fee": fee_of(services, texts) if services else "",
        "wall.duty_phone": post.phone,
        "counter.first_contact_post": texts.say("wall.clerk", clerk=post.post) if post.post else "",
    }
    bare = ("wall.duty_service", "wall.duty_fee")
    return tuple(Duty(texts.stack(key), value or "—", key not in bare) for key, value in values.items())


def _fitted(
    counter: WallCounter, services: Sequence[ServiceEntry], post: Post, *, place: Place, texts: Texts
) -> list[tuple[Duty, ...]]:
    """All duties on one page with as many main services as leave room for them; else on pages in turn."""
    upright = place.h > place.w
    width = (place.w if upright else place.w * (1 - SIDE)) - 2 * MARGIN * place.u
    high = place.h * (1 - SIGN) if upright else place.h
    title = measure.height(counter.department, px=DEPARTMENT * place.u, width=width)
    room = high - title - (2 * MARGIN + 2 * GAP + NOW) * place.u
    rows: tuple[Duty, ...] = ()
    for names in range(NAMES_MOST, 0, -1):
        rows = tuple(
            _sized(d, u=place.u, width=width) for d in duties(counter, services, post, texts=texts, names=names)
        )
        spare = room - sum(row.high for row in rows)
        if spare >= 0:
            return [tuple(replace(r, high=max(r.high, min(ROW * place.u, r.high + spare / len(rows)))) for r in rows)]
    return packed(rows, room=room, height=lambda row: row.high)


def _sized(duty: Duty, *, u: float, width: float) -> Duty:
    name = measure.height(duty.name, px=NAME * u, width=width * NAME_SHARE)
    value = measure.height(duty.value, px=VALUE * u, width=width * VALUE_SHARE)
    return replace(duty, high=max(name, value) + 16 * u)


def _state(counter: WallCounter, *, seen: Seen, now: Moment, called: bool) -> tuple[str, str]:
    texts = seen.texts
    if counter.number:
        return texts.stack("wall.please" if called else "counter.now_serving"), ""
    if counter.state == "paused":
        at = clock(counter.resume_at, like=now.hall)
        return texts.stack("counter.pause"), texts.stack("wall.resumes", time=at) if at else ""
    if counter.state == "closed":
        return texts.stack("wall.closed_counter"), ""
    return texts.stack("wall.free"), ""
