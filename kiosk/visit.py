"""One visitor at the kiosk: where he is, what he holds, how long he is waited for. Pure, told the time.

Times are monotonic seconds. What is shown is decided in one order: evacuation, a held ticket, where the visitor went,
and under all that the ground: home, offline, closed, or out of service, whatever the world allows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from .effects import Effect, Speak
from .places import Held, Modes, Place, Screen, Taking, Who
from .situation import Situation

STILL_WAITING_S = 1.5
TICKET_S, TICKET_SLOW_S = 20.0, 40.0
PAPER_S = 60.0
STARTING_S = 2.0
TOAST_S = 8.0
PRINTING_S = 5.0
"""How long a paper usually takes; after that 没打出来 may be touched although nothing was heard."""


class Visit(Situation):
    """What belongs to the visitor in front, until the wipe."""

    def __init__(self, *, new_key: Callable[[], str], language: str = "zh-Hans", now: float = 0.0) -> None:
        """`new_key` makes an Idempotency-Key for a touch."""
        super().__init__(language=language)
        self._new_key = new_key
        self.home_language = language
        self.places: list[Place] = []
        self.taking: Taking | None = None
        self.held: Held | None = None
        self.late: Place | None = None
        """The place whose visitor is being told that he may not be served today."""
        self.who: Who | None = None
        """Whose card was placed, until his number is asked for or he goes elsewhere."""
        self.choosing_language = False
        self.asking_idle_since: float | None = None
        self.note: str = ""
        """A short word over the page: `help_sent help_failed card_first scan_unknown scan_offline`."""
        self.armed = ""
        """With voice on: the item that was read out and acts on its second touch."""
        self._note_until = 0.0
        self._touched_at = now
        self._started_at = now
        self._now = now
        self._shown: object = None
        self._shown_at = now

    # -- what is on the screen ----------------------------------------------------------------------------------

    @property
    def screen(self) -> Screen:
        """The screen to draw."""
        world = self.world
        if world.picture is not None and world.picture.get("evacuation"):
            return "evacuation"
        if self.held is not None:
            return "paper" if self.held.printing in ("failed", "none") else "ticket"
        if not world.paired:
            return "unpaired"
        if self.places:
            return self.places[-1].screen
        return self.ground

    @property
    def ground(self) -> Screen:
        """What is under everything the visitor opened."""
        world = self.world
        if self.index is None or world.picture is None:
            return (
                "starting"
                if self._now - self._started_at <= STARTING_S and not world.token_refused
                else "out_of_service"
            )
        if world.token_refused:
            return "out_of_service"
        if world.stale:
            if not self.within_hours():
                return "closed"
            return "offline" if sum(world.left.values()) else "out_of_service"
        return "home" if any(self.line_open(line) for line in self.lines) else "closed"

    @property
    def place(self) -> Place:
        """Where the visitor is; the home screen when he went nowhere."""
        return self.places[-1] if self.places else Place("home")

    @property
    def ticket_limit(self) -> float:
        """How long a ticket stays on the screen, seconds."""
        if self.held is not None and self.held.printing in ("failed", "none"):
            return PAPER_S
        return TICKET_SLOW_S if self.slow else TICKET_S

    def busy_words(self) -> str:
        """`` `taking` `` or `` `waiting` `` while a number is being fetched, else empty."""
        if self.taking is None:
            return ""
        return "waiting" if self._now - self.taking.since >= STILL_WAITING_S else "taking"

    def idle_left(self) -> float | None:
        """Seconds of the count-down that are left; None while nobody is asked."""
        if self.asking_idle_since is None:
            return None
        return max(0.0, self.idle_limits[1] - (self._now - self.asking_idle_since))

    def ticket_left(self) -> float:
        """Seconds until the ticket's screen closes by itself."""
        return max(0.0, self.held.until - self._now) if self.held else 0.0

    @property
    def still_printing(self) -> bool:
        """Whether a paper is on its way and nobody should ask for another yet."""
        held = self.held
        return held is not None and held.printing == "printing" and self._now - held.sent_at < PRINTING_S

    @property
    def entered(self) -> bool:
        """Whether there is anything to wipe."""
        changed = self.modes != Modes(language=self.home_language)
        return bool(self.places) or changed or self.late is not None or self.choosing_language

    def set_home_language(self, language: str) -> None:
        """The hall's own language: the one a visitor finds, and the one after the wipe."""
        if self.modes.language == self.home_language:
            self.modes = replace(self.modes, language=language)
        self.home_language = language

    # -- moving -------------------------------------------------------------------------------------------------

    def _go(self, place: Place) -> None:
        self.late = self.who = None
        self.places.append(place)

    def _change(self, **changes: Any) -> None:
        if self.places:
            self.places[-1] = replace(self.places[-1], **changes)

    def _wipe_entries(self) -> None:
        self.places.clear()
        self.late = self.who = None
        self.choosing_language = False
        self.asking_idle_since = None
        self.armed = ""

    def _wipe(self) -> None:
        """Everything a visitor entered goes, and the screens are as for the next one."""
        self._wipe_entries()
        self.note = ""
        self.modes = Modes(language=self.home_language)
        self._touched_at = self._now

    def _say(self, note: str) -> None:
        """A short word over the page."""
        self.note, self._note_until = note, self._now + TOAST_S

    def _settled(self, effects: list[Effect]) -> list[Effect]:
        """Notes when another page appeared: for the dead time, and to read it out."""
        place = self.place
        shown = (
            self.screen, len(self.places), place.group, place.part, place.page, self.late is not None,
            self.choosing_language, self.asking_idle_since is not None, self.modes.large, self.modes.low, place.refusal,
        )  # fmt: skip
        if shown != self._shown:
            first = self._shown is None
            self._shown, self._shown_at, self.armed = shown, self._now, ""
            if self.modes.voice and not first and not any(isinstance(e, Speak) for e in effects):
                effects.append(Speak(screen=True))
        return effects
