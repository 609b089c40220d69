"""The zone `counter`: the screen over one counter, with what it does and the ticket in service."""

from __future__ import annotations

from dataclasses import dataclass

from display_wall.moment import Moment, clock
from display_wall.zones import Seen
from display_wall.zones.counters import AMBER_S, CallTimes
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


def post_zone(name: str, counter: WallCounter | None, *, seen: Seen, now: Moment, times: CallTimes) -> PostZone:
    """Counter `name` as its screen shows it; a counter the hall does not know shows its number and a dash."""
    texts = seen.texts
    if counter is None:
        return PostZone(counter=name, state="—")
    age = times.age_s(name, now)
    called = counter.ticket_state == "called" or (age is not None and age < AMBER_S and counter.ticket_state is None)
    duties = [
        Duty(texts.stack("wall.duty_service"), counter.line_name) if counter.line_name else None,
        Duty(texts.stack("counter.first_contact_post"), texts.say("wall.clerk", clerk=counter.clerk))
        if counter.clerk
        else None,
    ]
    state, note = _state(counter, seen=seen, now=now, called=called)
    return PostZone(
        counter=name,
        department=counter.department,
        duties=tuple(duty for duty in duties if duty is not None),
        state=state,
        number=counter.number or "",
        note=note,
        amber=bool(counter.number) and not seen.stale,
    )


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
