"""Where the zones of one screen lie, and what is in the way of none of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from display_wall import measure
from display_wall.zones import Place
from hall_protocol.pictures.wall import Zone

HEADER = 92
"""Height of the head with hall, date and clock, where no zone lies (px at unit 1)."""
MARGIN = 40
STALE_BAND = 84
"""Height of the red band under the head (px at unit 1)."""
STANDARD_SIZE = (1920, 1080)
KNOWN = ("calls", "counters", "lines", "approvals", "notices", "manager", "counter", "catalogue")


@dataclass(frozen=True)
class ZonePlace:
    """One zone's place by name; `counter` for the zone over one counter."""

    zone: str
    place: Place
    counter: str = ""


@dataclass(frozen=True)
class Plan:
    """One screen's layout."""

    width: int
    height: int
    unit: float
    header: float
    """Height of the head; 0 where a zone lies at the very top."""
    band: float
    """Height of the red band when it shows; where there is no head it lies over the top zone."""
    zones: tuple[ZonePlace, ...]


def plan(layout: Sequence[Zone], *, size: Sequence[int], distance_m: float) -> Plan:
    """The screen as the hall laid it out, or the standard one where it says nothing."""
    width, height = (int(size[0]), int(size[1])) if len(size) == 2 and min(size) > 0 else STANDARD_SIZE
    unit = measure.unit(distance_m=distance_m, size=(width, height))
    zones = [z for z in layout if z.w > 0 and z.h > 0] or standard(width, height)
    top = min(zone.y for zone in zones)
    header = float(min(top, HEADER * unit)) if top >= HEADER * 0.6 else 0.0
    places = tuple(
        ZonePlace(zone.zone, Place(x=zone.x, y=zone.y, w=zone.w, h=zone.h, u=unit), zone.counter or "")
        for zone in zones
    )
    return Plan(width, height, unit, header, min(STALE_BAND * unit, height * 0.12), places)


def standard(width: int, height: int) -> list[Zone]:
    """Calls, counters, lines and notices for any size, as the server lays them out for a screen without zones."""
    foot = 68 if height >= 600 else 0
    inner = width - 2 * MARGIN
    top, room = HEADER + 24, height - HEADER - 24 - foot - 16
    if width >= 1500:
        left = int(inner * 0.652)
        boxes = [
            ("calls", MARGIN, top, left, 208),
            ("counters", MARGIN, top + 224, left, room - 224),
            ("lines", MARGIN + left + 40, top, inner - left - 40, room),
        ]
    else:
        lines = int((room - 224) * 0.45)
        boxes = [
            ("calls", MARGIN, top, inner, 208),
            ("counters", MARGIN, top + 224, inner, room - 224 - lines - 16),
            ("lines", MARGIN, top + room - lines, inner, lines),
        ]
    if foot:
        boxes.append(("notices", 0, height - foot, width, foot))
    return [Zone(zone=zone, x=x, y=y, w=w, h=h) for zone, x, y, w, h in boxes if h > 0]


def under_band(plan: Plan, *, band: bool) -> tuple[ZonePlace, ...]:
    """The zones with room made for the red band.

    Whatever starts in its way starts below it. Rows move down whole where the zone below them is `approvals`, which
    gives its place to one sentence while the wall is stale; everything else loses height.
    """
    if not band:
        return plan.zones
    edge = plan.header + plan.band + 16 * plan.unit
    cut = max((edge - zone.place.y for zone in plan.zones if zone.place.y < edge), default=0.0)
    spare = [zone.place for zone in plan.zones if zone.zone == "approvals" and zone.place.y >= edge]
    return tuple(_moved(zone, edge=edge, cut=cut, spare=spare) for zone in plan.zones)


def _moved(zone: ZonePlace, *, edge: float, cut: float, spare: list[Place]) -> ZonePlace:
    p = zone.place
    if any(p is place for place in spare):
        return ZonePlace(zone.zone, Place(p.x, p.y + cut, p.w, max(p.h / 2, p.h - cut), p.u), zone.counter)
    if p.y >= edge:
        return zone
    down = edge - p.y
    whole = zone.zone != "calls" and any(_above(p, place, down) for place in spare)
    return ZonePlace(zone.zone, Place(p.x, edge, p.w, p.h if whole else max(p.h / 2, p.h - down), p.u), zone.counter)


def _above(place: Place, other: Place, down: float) -> bool:
    """Whether `other` lies under `place` and has height to spare."""
    return (
        place.y + place.h <= other.y
        and other.h >= 2 * down
        and other.x < place.x + place.w
        and place.x < other.x + other.w
    )
