"""What can be read off the world at this moment: lines, hours, languages, patience. Pure; changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hall_protocol.ids import PRIORITY_CLASSES

from .catalogue import Index
from .places import Modes, Place, World

IDLE_S, IDLE_RING_S = 30.0, 10.0
IDLE_SLOW_S, IDLE_SLOW_RING_S = 60.0, 20.0
CONSULTATION_LINE = "H"
"""The line of the general enquiries; without it in the catalogue there is no 先咨询 (absent, not dead)."""


class Situation:
    """The world, the catalogue and the modes of one kiosk."""

    def __init__(self, *, language: str) -> None:
        self.world = World()
        self.index: Index | None = None
        self.modes = Modes(language=language)
        self.hall_now: datetime | None = None

    @property
    def lines(self) -> dict[str, Mapping[str, Any]]:
        """The picture's lines by letter."""
        return dict((self.world.picture or {}).get("lines") or {})

    def line_open(self, line: str) -> bool:
        """Whether numbers of this line are given out now, as the server says; offline, whether own ones are left."""
        if self.world.stale:
            return self.world.left.get(line, 0) > 0
        return str(self.lines.get(line, {}).get("state", "open")) == "open"

    def line_of(self, place: Place) -> str | None:
        """The line of the service or line chosen at a place."""
        if place.service is not None and self.index is not None:
            return str(self.index.services.get(place.service, {}).get("line", "")) or None
        return place.line

    @property
    def consultation(self) -> bool:
        """Whether the catalogue has a line for general enquiries."""
        return self.index is not None and CONSULTATION_LINE in self.index.lines

    @property
    def top(self) -> list[str]:
        """The most used services, the open ones first."""
        known = [s for s in (self.world.picture or {}).get("top") or [] if self.index and s in self.index.services]
        rest = [s for s in (self.index.services if self.index else {}) if s not in known]
        ranked = [*known, *rest][:12]
        return sorted(
            ranked, key=lambda s: not self.line_open(str(self.index.services[s]["line"])) if self.index else 0
        )

    @property
    def slow(self) -> bool:
        """Large print or voice: every patience is longer."""
        return self.modes.large or self.modes.voice

    @property
    def idle_limits(self) -> tuple[float, float]:
        """Seconds without a touch until the question, and of the count-down after it, as the hall has set them."""
        chosen = (self.world.picture or {}).get("patience") or {}
        if self.slow:
            return float(chosen.get("slow_idle_s", IDLE_SLOW_S)), float(chosen.get("slow_ring_s", IDLE_SLOW_RING_S))
        return float(chosen.get("idle_s", IDLE_S)), float(chosen.get("ring_s", IDLE_RING_S))

    @property
    def priority_classes(self) -> list[str]:
        """Classes a visitor may choose here."""
        return list((self.world.picture or {}).get("priority_classes") or PRIORITY_CLASSES)

    @property
    def elder_age(self) -> int:
        """From which age a visitor counts as elder."""
        return int((self.world.picture or {}).get("elder_age", 60))

    def within_hours(self) -> bool:
        """Offline: whether the hall would be open now by the hours last heard, on the day they were heard for."""
        hall = (self.world.picture or {}).get("hall") or {}
        if self.hall_now is None or not hall.get("day"):
            return True
        if f"{self.hall_now:%Y-%m-%d}" != hall["day"]:
            return False
        clock = f"{self.hall_now:%H:%M}"
        return any(str(a) <= clock < str(b) for a, b in hall.get("hours") or [])

    def closes_at(self) -> str | None:
        """The end of today's last opening span, `16:30`."""
        hours = ((self.world.picture or {}).get("hall") or {}).get("hours") or []
        return str(hours[-1][1]) if hours else None

    def too_late(self, line: str) -> bool:
        """Whether the middle estimate ends after today's closing time (design.md 4)."""
        estimate, closing = self.lines.get(line, {}).get("estimate"), self.closes_at()
        if self.world.stale or not estimate or not closing or self.hall_now is None:
            return False
        hour, minute = (int(part) for part in closing.split(":"))
        end = self.hall_now.replace(hour=hour % 24, minute=minute, second=0, microsecond=0)
        return (end - self.hall_now).total_seconds() < float(estimate["p50_s"])
