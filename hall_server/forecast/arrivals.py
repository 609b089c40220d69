"""Who comes, and how far ahead of their arrival they are placed: those with a head start who come later than a ticket
may still be called before it, and a forecast that forgets them is too short for everybody else."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from .learnt import UNITS_MOST, Learnt
from .openings import DAY_MS

LEADS_KEPT = 300
LEAD_MOST_S = 2 * 3600.0
"""A place farther ahead than that is somebody who was sent back to the head of the line, not a head start."""

BIN_MS = 15 * 60_000
BINS = DAY_MS // BIN_MS
PAST_MS = 20 * 60_000
PAST_MOST = 4000
DOUBT = 8
"""Visitors of doubt: so many must have come before today's level is believed over the usual one."""

LEAD_STEP = 0.1


class Lead(NamedTuple):
    """One recent arrival: by how much its place lay ahead of it, and for what it came."""

    lead_s: float
    unit: str
    line: str


class Arrivals:
    """Recent arrivals and the usual day."""

    def __init__(self, learnt: Learnt) -> None:
        self.leads: deque[Lead] = deque((Lead(*lead) for lead in learnt.leads), maxlen=LEADS_KEPT)
        self._class_leads = dict(learnt.class_leads)
        self._profile = list(learnt.profile)
        self._days = learnt.days
        self._today = [0] * BINS
        self._past: deque[int] = deque(maxlen=PAST_MOST)

    def day_started(self) -> None:
        """A day on which nobody came teaches nothing."""
        if any(self._today):
            self._days += 1
            step = max(0.15, 1 / self._days)
            before = self._profile or [float(n) for n in self._today]
            self._profile = [old + step * (new - old) for old, new in zip(before, self._today, strict=True)]
        self._today = [0] * BINS
        self._past.clear()

    def came(self, lead: Lead, *, klass: str, at_ms: int) -> None:
        """Somebody took a ticket."""
        self._past.append(at_ms)
        self._today[at_ms % DAY_MS // BIN_MS] += 1
        if 0 <= lead.lead_s < LEAD_MOST_S:
            self.leads.append(lead)
            usual = self._class_leads.get(klass, lead.lead_s)
            self._class_leads[klass] = usual + LEAD_STEP * (lead.lead_s - usual)
        if len(self._class_leads) > UNITS_MOST:
            del self._class_leads[next(iter(self._class_leads))]

    def usual_lead_s(self, klass: str) -> float:
        """The head start of a class, as far as it has shown."""
        return self._class_leads.get(klass, 0.0)

    def per_s(self, now_ms: int) -> float:
        """Visitors a second in the next half hour: the usual number, corrected by the last 20 minutes."""
        while self._past and self._past[0] < now_ms - PAST_MS:
            self._past.popleft()
        recent = len(self._past)
        if not self._profile:
            return recent / (PAST_MS / 1000)
        now = now_ms % DAY_MS // BIN_MS
        coming = self._profile[now] + self._profile[(now + 1) % BINS]
        before = (self._profile[now - 1] + self._profile[now]) * PAST_MS / (2 * BIN_MS)
        return coming / (2 * BIN_MS / 1000) * (recent + DOUBT) / (before + DOUBT)

    def overtaking(self, *, ahead_s: float, now_ms: int) -> tuple[float, list[Lead]]:
        """Visitors a second who may come from now on and stand before a place `ahead_s` old; recent ones like them."""
        likely = [lead for lead in self.leads if lead.lead_s > ahead_s + 5]
        return self.per_s(now_ms) * len(likely) / max(1, len(self.leads)), likely

    def tell(self, learnt: Learnt) -> None:
        learnt.leads = [(round(lead.lead_s, 1), lead.unit, lead.line) for lead in self.leads]
        learnt.class_leads, learnt.profile, learnt.days = dict(self._class_leads), list(self._profile), self._days
