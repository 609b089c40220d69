"""The two steps of a wall whose link is lost (design 5). Pure, told the time.

Step one, at once: an amber corner mark with the second of the last truth. Step two, 15 s later: the red band, numbers
without colour, ranges gone, one sentence by voice. The way back is one step. A wall that starts shows its last page
from disk like a stale one, so that nobody takes it for the present.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from display_wall.moment import Moment
from display_wall.texts import Texts

RED_AFTER_S = 15.0
"""From the amber mark to the red band."""

Step = Literal["live", "mark", "red"]


@dataclass(frozen=True)
class StaleFace:
    """What the wall says about its own age."""

    step: Step = "live"
    mark: str = ""
    """The corner mark; empty while the red band says it."""
    band: str = ""
    minutes: str = ""
    """How long ago, behind the band's sentence; empty below one minute."""


class StaleWatch:
    """Since when the picture cannot be trusted, and until when it was true."""

    def __init__(self, *, mono_s: float) -> None:
        """A wall begins without a link; `mono_s` is now."""
        self.since_s: float | None = mono_s
        self.truth: datetime | None = None
        """Hall time of the last word heard; None when no hall was ever heard."""

    def lost(self, *, mono_s: float, truth: datetime | None) -> None:
        """The link or the hall's storage failed. A second loss does not start the count again."""
        if self.since_s is None:
            self.since_s = mono_s
        self.truth = truth or self.truth

    def found(self) -> None:
        """The picture is fresh again."""
        self.since_s = None

    def step(self, now: Moment) -> Step:
        """Which step it is."""
        if self.since_s is None:
            return "live"
        return "red" if now.mono_s - self.since_s >= RED_AFTER_S else "mark"

    def face(self, now: Moment, texts: Texts) -> StaleFace:
        """The words for it."""
        step = self.step(now)
        if step == "live":
            return StaleFace()
        if self.truth is None:
            if step == "mark":
                return StaleFace(step=step, mark=texts.stack("wall.connecting"))
            return StaleFace(step=step, band=texts.stack("wall.no_link"))
        told = self.truth.astimezone(now.hall.tzinfo)
        if step == "mark":
            return StaleFace(step=step, mark=texts.stack("wall.stopped_at", time=self._time(told, now, seconds=True)))
        minutes = int((now.hall - told).total_seconds() // 60)
        return StaleFace(
            step=step,
            band=texts.stack("wall.stale", time=self._time(told, now, seconds=False)),
            minutes=texts.stack("wall.stopped_for", n=minutes) if 1 <= minutes < 24 * 60 else "",
        )

    @staticmethod
    def _time(told: datetime, now: Moment, *, seconds: bool) -> str:
        """The time alone, or with its date when it is of another day."""
        time = told.strftime("%H:%M:%S" if seconds else "%H:%M")
        return time if told.date() == now.hall.date() else f"{told:%Y-%m-%d} {time}"
