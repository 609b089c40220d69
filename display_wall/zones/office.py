"""The zone `manager`: the hall in six figures, what to do now, devices by kind.

For staff rooms, and it says so; in the hall's own language alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from display_wall.moment import Moment, clock, when
from display_wall.texts import Texts
from display_wall.zones import Place, Seen
from hall_protocol.pictures import DeviceState
from hall_protocol.pictures.wall import Alert, Figures

NO_LIGHT = ""
ALERT, TILE, DEVICE, HEAD, FOOT, GAP = 108, 188, 128, 62, 60, 16
"""Heights at unit 1: alert row, tile of a figure, tile of a kind of device, headings, footer, gap (px)."""
WIDE = 1400
"""From this width (at unit 1) the six figures stand in one row, and devices beside what is to be done."""
LEVELS = {"red": 0, "yellow": 1}
KINDS = ("kiosk", "printer", "counter", "keypad", "pad", "wall", "audio", "led", "reader", "scanner", "integrator")
LIGHT_OF_STATE = {"ready": "green", "degraded": "yellow", "connecting": "yellow", "fault": "red", "absent": "red"}
RANK = {"red": 0, "yellow": 1, "unknown": 2, "green": 3}
LONG_WAIT_MIN = 45
"""From here on the longest wait is marked."""


@dataclass(frozen=True)
class Tile:
    """One figure."""

    name: str
    value: str
    unit: str
    light: str = NO_LIGHT


@dataclass(frozen=True)
class AlertRow:
    """Something to do, and how."""

    light: str
    title: str
    act: str
    since: str


@dataclass(frozen=True)
class DeviceTile:
    """How many devices of one kind are ready, of all."""

    kind: str
    count: str
    light: str


@dataclass(frozen=True)
class OfficeZone:
    """The manager's screen."""

    columns: int = 6
    """Of figures."""
    narrow: bool = False
    tiles: tuple[Tile, ...] = ()
    alerts: tuple[AlertRow, ...] = ()
    more: str = ""
    """How many alerts do not fit."""
    none: str = ""
    devices: tuple[DeviceTile, ...] = ()


def office_zone(
    figures: Figures | None,
    alerts: Sequence[Alert] | None,
    devices: Mapping[str, DeviceState],
    *,
    place: Place,
    seen: Seen,
    now: Moment,
) -> OfficeZone:
    """What the manager sees; red before yellow, older before newer."""
    narrow = place.w < WIDE * place.u
    rows = [_alert(a, seen.texts, now) for a in sorted(alerts or (), key=lambda a: (LEVELS.get(a.level, 2), a.since))]
    alert_rows, device_rows = _room(place, narrow=narrow)
    shown = rows if len(rows) <= alert_rows else rows[: max(1, alert_rows - 1)]
    left = len(rows) - len(shown)
    return OfficeZone(
        columns=3 if narrow else 6,
        narrow=narrow,
        tiles=_tiles(figures, seen=seen, now=now),
        alerts=tuple(shown),
        more=seen.texts.say("wall.more_alerts", n=left) if left else "",
        none="" if rows else seen.texts.say("wall.unknown" if alerts is None else "wall.no_alerts"),
        devices=_devices(devices, seen.texts, fit=(3 if narrow else 2) * device_rows),
    )


def _room(place: Place, *, narrow: bool) -> tuple[int, int]:
    """Rows of alerts and rows of devices that fit."""
    tiles = (2 if narrow else 1) * (TILE + GAP)
    room = place.h / place.u - tiles - HEAD - FOOT - 2 * GAP
    if not narrow:
        return max(1, int(room // ALERT)), max(1, int(room // DEVICE))
    devices = max(1, int((room - HEAD) * 0.4 // DEVICE))
    return max(1, int((room - HEAD - devices * DEVICE) // ALERT)), devices


def _tiles(figures: Figures | None, *, seen: Seen, now: Moment) -> tuple[Tile, ...]:
    texts = seen.texts
    if figures is None:
        names = ("waiting", "longest", "counters", "done", "no_shows", "rated")
        return tuple(Tile(texts.say(f"wall.figure_{name}"), "—", "") for name in names)
    longest, light = _longest(figures.longest_since, now)
    return (
        Tile(texts.say("wall.figure_waiting"), f"{figures.waiting:,}", texts.say("wall.people")),
        Tile(texts.say("wall.figure_longest"), longest, texts.say("wall.minutes"), light),
        Tile(texts.say("wall.figure_counters"), f"{figures.open_counters:,}", f"/ {figures.counters:,}"),
        Tile(texts.say("wall.figure_done"), f"{figures.done_today:,}", f"/ {figures.issued_today:,}"),
        Tile(texts.say("wall.figure_no_shows"), f"{figures.no_shows_today:,}", texts.say("wall.people")),
        Tile(texts.say("wall.figure_rated"), f"{figures.rated_today:,}", f"/ {figures.done_today:,}"),
    )


def _longest(since: str | None, now: Moment) -> tuple[str, str]:
    if when(since) is None:
        return "—", NO_LIGHT
    minutes = int(now.age_s(since or "") // 60)
    return f"{minutes:,}", "yellow" if minutes >= LONG_WAIT_MIN else NO_LIGHT


def _alert(alert: Alert, texts: Texts, now: Moment) -> AlertRow:
    """The sentence of an alert in words; a code without a sentence is shown as it is rather than hidden."""
    key, act = f"alert.{alert.code}", f"alert.{alert.code}_act"
    values = dict(alert.values)
    return AlertRow(
        light=alert.level if alert.level in LEVELS else "unknown",
        title=texts.say(key, **values) if texts.has(key) else " ".join((alert.code, *alert.values.values())),
        act=texts.say(act, **values) if texts.has(act) else "",
        since=clock(alert.since, like=now.hall),
    )


def _devices(devices: Mapping[str, DeviceState], texts: Texts, *, fit: int) -> tuple[DeviceTile, ...]:
    """One tile a kind, the worst kinds first where not all fit; silence is never green."""
    kinds: dict[str, list[DeviceState]] = {}
    for device in devices.values():
        kinds.setdefault(device.role, []).append(device)
    tiles = [_device(kind, kinds[kind], texts) for kind in sorted(kinds, key=_kind)]
    if len(tiles) > fit:
        tiles = sorted(tiles, key=lambda tile: RANK.get(tile.light, 2))[:fit]
    return tuple(tiles)


def _kind(kind: str) -> tuple[int, str]:
    return (KINDS.index(kind) if kind in KINDS else len(KINDS), kind)


def _device(kind: str, devices: list[DeviceState], texts: Texts) -> DeviceTile:
    ready = sum(device.state == "ready" for device in devices)
    lights = [LIGHT_OF_STATE.get(device.state, "unknown") for device in devices]
    key = f"wall.device_{kind}"
    return DeviceTile(
        kind=texts.say(key) if texts.has(key) else kind,
        count=f"{ready:,} / {len(devices):,}",
        light=min(lights, key=lambda light: RANK[light]),
    )
