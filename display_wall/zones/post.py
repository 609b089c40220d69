"""The zone `counter`: the screen over one counter, with what it does and the ticket in service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from display_wall.moment import Moment, clock
from display_wall.texts import Texts
from display_wall.zones import Seen
from display_wall.zones.counters import AMBER_S, CallTimes
from display_wall.zones.services import duties_of
from hall_protocol.pictures.catalogue import CataloguePicture
from hall_protocol.pictures.wall import WallCounter


@dataclass(frozen=True)
class Duty:
    """One line of what the counter is responsible for."""

    name: str
    value: str


@dataclass(frozen=True)
class PostZone:
    """One counter's own screen."""

    counter: str = ""
    department: str = ""
    duties: tuple[Duty, ...] = ()
    state: str = ""
    """Words for what happens here now."""
    number: str = ""
    note: str = ""
    amber: bool = False


def post_zone(
    name: str,
    counter: WallCounter | None,
    *,
    seen: Seen,
    now: Moment,
    times: CallTimes,
    catalogue: CataloguePicture | None = None,
) -> PostZone:
    """Counter `name` as its screen shows it; a counter the hall does not know shows its number and a dash."""
    texts = seen.texts
    if counter is None:
        return PostZone(counter=name, state="—")
    age = times.age_s(name, now)
    called = counter.ticket_state == "called" or (age is not None and age < AMBER_S and counter.ticket_state is None)
    state, note = _state(counter, seen=seen, now=now, called=called)
    return PostZone(
        counter=name,
        department=counter.department,
        duties=tuple(_duties(name, counter, texts=texts, catalogue=catalogue)),
        state=state,
        number=counter.number or "",
        note=note,
        amber=bool(counter.number) and not seen.stale,
    )


def _duties(name: str, counter: WallCounter, *, texts: Texts, catalogue: CataloguePicture | None) -> Iterator[Duty]:
    """What the counter is responsible for: only what the hall says is there, nothing is left open for it."""
    entry = next((c for c in catalogue.counters if c.counter == name), None) if catalogue else None
    lines = entry.lines if entry else []
    known = duties_of(catalogue, department=counter.department, lines=lines, texts=texts)
    if not known and counter.line_name:
        known = [counter.line_name]
    for key, value in zip(("wall.duty_service", "wall.duty_limits", "wall.duty_fee"), known, strict=False):
        yield Duty(texts.stack(key), value)
    if counter.clerk:
        yield Duty(texts.stack("counter.first_contact_post"), texts.say("wall.clerk", clerk=counter.clerk))


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
