"""A kiosk: what moves on its screens."""

from __future__ import annotations

from collections import Counter

from hall_protocol.pictures.kiosk import KioskPicture, Patience

from ..hall import Hall
from ..places.notice import HELP_KEPT_MS
from .sight import Sight, evacuation, face, notices
from .wall import line_rows, recent_calls

TOP = 12


def most_used(hall: Hall) -> list[str]:
    """Services in use by tickets of the last 30 days, most first.

    Where nothing tells two apart, one of each group comes before a second of any: a new hall shows a bit of everything.
    """
    uses: Counter[str] = Counter()
    for day in hall.uses.values():
        uses.update(day)
    places: Counter[str] = Counter()
    ranked: list[tuple[int, int, int, str]] = []
    for service in hall.services.values():
        if service.state == "in_use" and service.line in hall.lines:
            ranked.append((-uses[service.service], places[service.group], len(ranked), service.service))
            places[service.group] += 1
    return [service for *_, service in sorted(ranked)[:TOP]]


def kiosk_picture(hall: Hall, sight: Sight, name: str) -> KioskPicture | None:
    """The kiosk of that name."""
    device = hall.device_named(name)
    if device is None or device.role != "kiosk":
        return None
    return KioskPicture(
        name=device.name,
        hall=face(hall, sight),
        lines=line_rows(hall, sight),
        top=most_used(hall),
        calls=recent_calls(hall),
        notices=notices(hall, sight, name),
        evacuation=evacuation(hall),
        help_waiting=any(h.device == device.id and sight.now - h.at < HELP_KEPT_MS for h in hall.help),
        patience=Patience(
            idle_s=hall.settings.kiosk.idle_s,
            ring_s=hall.settings.kiosk.idle_ring_s,
            slow_idle_s=hall.settings.kiosk.idle_slow_s,
            slow_ring_s=hall.settings.kiosk.idle_slow_ring_s,
        ),
        block_size=hall.settings.queue.block_size,
        priority_classes=list(dict.fromkeys(("ordinary", *hall.settings.queue.priority_classes))),
        elder_age=hall.settings.queue.elder_age,
        other_kiosks=[
            d.name
            for d in hall.devices.values()
            if d.role == "kiosk" and not d.revoked and d.id != device.id and can_print(sight, d.id)
        ],
    )


def can_print(sight: Sight, device: str) -> bool:
    """Whether that kiosk is there and its printer is not known to be ill."""
    own = sight.devices.get(device)
    printers = [s for key, s in sight.devices.items() if key.startswith(f"{device}/") and s.role == "printer"]
    return own is not None and own.state == "ready" and all(s.state in ("ready", "degraded") for s in printers)
