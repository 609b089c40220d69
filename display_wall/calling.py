"""Which call stands in the band and is spoken now, and which wait behind it. Pure, told the time.

One call at a time; it stays at least `BAND_S` and until its voice has ended. Calls that arrive together all get their
turn. Merged are only repeats of the same number to the same counter that still wait, and a number sent elsewhere
meanwhile takes its newest counter. A call whose counter no longer expects that visitor (already served, given up,
next one called) is passed over when its turn comes: nobody is sent where nobody waits for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from hall_protocol.pictures.wall import WallCall

BAND_S = 12.0
"""Least time a call stands in the band (design 5)."""
QUEUE_MAX = 200
"""Calls that may wait; more means the wall was cut off for hours, and the oldest are no longer of use."""


@dataclass(frozen=True)
class Call:
    """One call as the wall shows and says it."""

    seq: int
    number: str
    counter: str
    line: str
    calls: int
    """Which call of this ticket it is; from 2 on the phrase hurries."""


class CallQueue:
    """The call in the band and the queue behind it."""

    def __init__(self, *, heard_to: int = 0) -> None:
        """`heard_to` is the newest call already dealt with before a restart."""
        self.heard_to = heard_to
        self.current: Call | None = None
        self.since_s = 0.0
        self.waiting: list[Call] = []

    def offer(self, calls: Iterable[WallCall]) -> None:
        """Takes every call not seen before, oldest first."""
        for call in sorted((c for c in calls if c.seq > self.heard_to), key=lambda c: c.seq):
            self.heard_to = call.seq
            self._enqueue(Call(call.seq, call.number, call.counter, call.line, call.calls))

    def _enqueue(self, call: Call) -> None:
        for i, earlier in enumerate(self.waiting):
            if earlier.number == call.number:
                self.waiting[i] = replace(call, seq=earlier.seq)
                return
        self.waiting.append(call)
        del self.waiting[:-QUEUE_MAX]

    def forget(self, calls: Iterable[WallCall]) -> None:
        """These calls were missed: they are not made up for. A journal begun anew starts counting anew."""
        self.heard_to = max((c.seq for c in calls), default=0)

    def pass_over(self, calls: Iterable[WallCall]) -> None:
        """These calls are too old to be said; everything newer still is."""
        self.heard_to = max([self.heard_to, *(c.seq for c in calls)])

    def stop(self) -> None:
        """The link is lost: the band empties, and what waited is not said later."""
        self.current = None
        self.waiting.clear()

    def advance(self, *, now_s: float, speaking: bool, expected: Callable[[Call], bool]) -> Call | None:
        """Moves on when the call in the band had its time. Returns the call that begins now, to be spoken."""
        if self.current is not None and (speaking or now_s - self.since_s < BAND_S):
            return None
        self.current = None
        while self.waiting:
            call = self.waiting.pop(0)
            if expected(call):
                self.current, self.since_s = call, now_s
                return call
        return None
