"""What is said when: one announcement at a time, in order, none cut off but by an evacuation. Pure, told the time.

The calls come one by one from the board, which holds the band until their voice has ended. Between them go the sentence
of a stale wall (once) and the evacuation (again and again, whatever the hour).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Literal

from display_wall.moment import Moment
from hall_protocol.pictures.wall import VoiceRules

LONGEST_S = 90.0
"""An announcement that has not ended by then is given up: whatever hangs must not silence the hall."""
EVACUATE_EVERY_S = 12.0
FASTEST_DEMO = 4.0
"""Above this factor of hall time a demo does not speak (contract 1)."""
EVACUATE_VOLUME = 100

Kind = Literal["call", "stale", "evacuation"]


@dataclass(frozen=True)
class Saying:
    """One announcement."""

    kind: Kind
    number: str = ""
    counter: str = ""
    again: bool = False
    exit: str = ""
    """Of an evacuation: `left right ahead back`, or empty."""
    repeats: int = 2
    yao: bool = True
    volume: int = 60
    """Percent."""


class Voice:
    """The announcements of one hall, in order. `advance` gives the one to begin."""

    def __init__(self, *, on: bool = True) -> None:
        self.on = on
        self._waiting: deque[Saying] = deque()
        self._current: Saying | None = None
        self._began_s = 0.0
        self._evacuated_s = float("-inf")

    @property
    def speaking(self) -> bool:
        """Whether something is being said or waits to be."""
        return self._current is not None or bool(self._waiting)

    def call(self, *, number: str, counter: str, calls: int, rules: VoiceRules | None, now: Moment) -> bool:
        """Queues a call; False when the voice is off at this hour."""
        rules = rules or VoiceRules()
        if not self.on or is_quiet(rules, now):
            return False
        self._waiting.append(
            Saying(
                "call",
                number=number,
                counter=counter,
                again=calls > 1,
                repeats=rules.phrase_repeats,
                yao=rules.one_as_yao,
                volume=volume_at(rules, now),
            )
        )
        return True

    def stale(self, *, rules: VoiceRules | None, now: Moment) -> None:
        """The wall is stale: calls that wait are dropped, what is being said is finished, then one sentence."""
        self._waiting.clear()
        rules = rules or VoiceRules()
        if self.on and not is_quiet(rules, now):
            self._waiting.append(Saying("stale", repeats=1, volume=volume_at(rules, now)))

    def evacuate(self, exit_: str, *, now: Moment) -> None:
        """Leave the building: at once, also into a call, at full volume, at any hour, again and again until it ends."""
        if not self.on or now.mono_s - self._evacuated_s < EVACUATE_EVERY_S:
            return
        self._evacuated_s = now.mono_s
        self._waiting.clear()
        if self._current is not None and self._current.kind != "evacuation":
            self._current = None
        self._waiting.append(Saying("evacuation", exit=exit_, repeats=2, volume=EVACUATE_VOLUME))

    def advance(self, now: Moment) -> Saying | None:
        """The announcement to begin now, if the last one has ended."""
        if self._current is not None and now.mono_s - self._began_s > LONGEST_S:
            self._current = None
        if self._current is None and self._waiting:
            self._current, self._began_s = self._waiting.popleft(), now.mono_s
            return self._current
        return None

    def ended(self) -> None:
        """The announcement has been said."""
        self._current = None


def is_quiet(rules: VoiceRules, now: Moment) -> bool:
    """Whether this is one of the hall's quiet hours; a span over midnight counts on both sides of it."""
    time = now.hall.strftime("%H:%M")
    for span in rules.quiet_hours:
        begin, _, end = span.partition("-")
        if (begin <= time < end) if begin <= end else (time >= begin or time < end):
            return True
    return False


def volume_at(rules: VoiceRules, now: Moment) -> int:
    """Percent, by the last daypart that has begun; before the first one the general volume."""
    time = now.hall.strftime("%H:%M")
    begun = [(str(at), int(percent)) for at, percent in rules.dayparts if str(at) <= time]
    return max(begun)[1] if begun else rules.volume_percent
