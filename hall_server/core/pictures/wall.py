"""A wall screen, and the rows of lines and counters other screens share."""

from __future__ import annotations

from hall_protocol.pictures.wall import Figures, Post, VoiceRules, WallCall, WallCounter, WallLine, WallPicture, Zone

from ..hall import Hall
from ..lines import choice
from ..lines.ticket import quota_of
from ..places import hours
from ..places.settings import Screen
from ..stamp import day_of, text, text_or_none
from .alerts import alerts
from .board import board_totals, wall_rows
from .sight import Sight, evacuation, face, notices

CALLS_SHOWN = 12
NEXT_SHOWN = 5


def line_row(hall: Hall, sight: Sight, name: str) -> WallLine:
    """One line as it stands."""
    line = hall.lines[name]
    state, opens_at = line_state(hall, sight, name)
    waiting = hall.waiting.get(name)
    serving = choice.counters_for(hall, name)
    return WallLine(
        name=line.name,
        waiting=hall.waiting_count(name),
        estimate=sight.estimates.get(name),
        next=[hall.tickets[t].number for t in waiting.ids[:NEXT_SHOWN]] if waiting else [],
        open_counters=sum(1 for n in serving if hall.counters[n].state == "open"),
        counter_free=any(hall.counters[n].state == "open" and hall.counters[n].ticket is None for n in serving),
        place=line.place,
        state=state,
        opens_at=text_or_none(opens_at, hall.zone),
        coverage_percent=sight.coverage.get(name),
        counters=serving,
    )


def line_state(hall: Hall, sight: Sight, name: str) -> tuple[str, int | None]:
    """`open`, or `closed` and `quota_reached` with the next opening."""
    if not hours.is_open(hall, at=sight.now, line=name):
        return "closed", hours.next_opening(hall, at=sight.now, line=name)
    quota = quota_of(hall, name)
    if quota is not None and hall.issued_count(day=day_of(sight.now, hall.zone), line=name) >= quota:
        return "quota_reached", hours.next_opening(hall, at=hall.end_of_day(sight.now), line=name)
    return "open", None


def counter_row(hall: Hall, number: str) -> WallCounter:
    """One counter as it stands."""
    counter = hall.counters[number]
    ticket = hall.tickets.get(counter.ticket or "")
    line = ticket.line if ticket else (counter.lines[0] if counter.lines else None)
    return WallCounter(
        number=ticket.number if ticket else None,
        state=counter.state,
        ticket_state=ticket.state if ticket else None,
        line=line,
        line_name=hall.lines[line].name if line in hall.lines else None,
        called_at=text_or_none(ticket.called, hall.zone) if ticket else None,
        calls=ticket.calls if ticket else None,
        resume_at=text_or_none(counter.resume_at, hall.zone),
        department=counter.department,
        clerk=counter.clerk,
    )


def counter_rows(hall: Hall) -> dict[str, WallCounter]:
    """Every counter, in the order people count."""
    numbers = sorted((c for c in hall.counters.values() if not c.retired), key=lambda c: (len(c.counter), c.counter))
    return {c.counter: counter_row(hall, c.counter) for c in numbers}


def line_rows(hall: Hall, sight: Sight, only: tuple[str, ...] = ()) -> dict[str, WallLine]:
    """Lines of a screen, in order of their letters."""
    return {name: line_row(hall, sight, name) for name in sorted(hall.lines) if not only or name in only}


def recent_calls(hall: Hall, only: tuple[str, ...] = ()) -> list[WallCall]:
    """The last calls, oldest first."""
    return [
        WallCall(
            seq=c.seq, number=c.number, counter=c.counter, line=c.line, called_at=text(c.at, hall.zone), calls=c.calls
        )
        for c in hall.calls
        if not only or c.line in only
    ][-CALLS_SHOWN:]


def figures(hall: Hall) -> Figures:
    """The hall in six numbers."""
    waiting = [w for w in hall.waiting.values() if w.keys]
    oldest = min((hall.tickets[t].issued for w in waiting for t in w.ids[:1]), default=None)
    counters = [c for c in hall.counters.values() if not c.retired]
    return Figures(
        waiting=sum(len(w) for w in waiting),
        longest_since=text_or_none(oldest, hall.zone),
        open_counters=sum(1 for c in counters if c.state == "open"),
        counters=len(counters),
        done_today=hall.today.done,
        issued_today=hall.today.issued,
        no_shows_today=hall.today.no_shows,
        rated_today=hall.today.rated,
    )


def posts(hall: Hall, layout: list[Zone]) -> dict[str, Post] | None:
    """Telephone and first-contact post of the counters this screen tells about (A4c); null where it tells of none."""
    if any(z.zone == "catalogue" for z in layout):
        wanted = [c for c in hall.counters.values() if not c.retired]
    else:
        named = {z.counter for z in layout if z.zone == "counter"}
        wanted = [c for c in hall.counters.values() if c.counter in named and not c.retired]
        if not named:
            return None
    return {c.counter: Post(phone=c.phone, post=c.post) for c in wanted}


def voice_rules(hall: Hall) -> VoiceRules:
    """How calls are spoken, as the hall set it."""
    chosen = hall.settings.voice
    return VoiceRules(
        phrase_repeats=chosen.phrase_repeats,
        one_as_yao=chosen.one_as_yao,
        volume_percent=chosen.volume_percent,
        dayparts=[[part.at, part.volume_percent] for part in chosen.dayparts],
        quiet_hours=list(chosen.quiet_hours),
    )


def zone(name: str, x: int, y: int, w: int, h: int) -> Zone:
    """One rectangle."""
    return Zone(zone=name, x=x, y=y, w=w, h=h)


def standard_layout(width: int, height: int) -> list[Zone]:
    """The layout of a screen nobody has drawn one for: design.md 5, or one column on an upright or small screen."""
    if width >= 1600 and height >= 900:
        right = width - 40 - 600
        return [
            zone("calls", 40, 116, right - 40 - 40, 210),
            zone("counters", 40, 340, right - 40 - 40, 380),
            zone("lines", right, 116, 600, 604),
            zone("approvals", 40, 736, width - 80, height - 68 - 736 - 8),
            zone("notices", 0, height - 68, width, 68),
        ]
    third = (height - 116 - 68) // 3
    return [
        zone("calls", 40, 116, width - 80, min(210, third)),
        zone("counters", 40, 116 + min(210, third) + 16, width - 80, third),
        zone("lines", 40, 148 + min(210, third) + third, width - 80, third),
        zone("notices", 0, height - 68, width, 68),
    ]


def wall_picture(hall: Hall, sight: Sight, name: str) -> WallPicture:
    """The wall screen of that name."""
    screen = hall.settings.screens.get(name) or Screen()
    layout = [
        Zone(zone=z.zone, x=z.x, y=z.y, w=z.w, h=z.h, counter=z.counter) for z in screen.zones
    ] or standard_layout(screen.width, screen.height)
    for_staff = any(z.zone == "manager" for z in layout)
    return WallPicture(
        hall=face(hall, sight),
        layout=layout,
        size=[screen.width, screen.height],
        viewing_distance_m=screen.viewing_distance_m or hall.settings.wall.viewing_distance_m,
        counters=counter_rows(hall),
        calls=recent_calls(hall, screen.lines),
        lines=line_rows(hall, sight, screen.lines),
        board=wall_rows(hall, sight),
        board_totals=board_totals(hall, sight),
        notices=notices(hall, sight, name),
        evacuation=evacuation(hall),
        devices=dict(sight.devices) if for_staff else {},
        stale_since=text_or_none(sight.stale_since, hall.zone),
        figures=figures(hall) if for_staff else None,
        alerts=alerts(hall, sight) if for_staff else None,
        posts=posts(hall, layout),
        voice=voice_rules(hall),
    )
