"""One pad of a line: what it shows, what it said, whether it is there, and its open question."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

from hardware.health import KEYPAD_FAULTS, Event, Health, HealthBook, Key, Receipt, Sink
from hardware.keypads.asking import Debounce, Question
from hardware.keypads.jobs import PadJob, ShowNumber, ShowWaiting, Staff
from hardware.keypads.pad68 import codec
from hardware.keypads.pad68.jobs import Carry, OnPad

if TYPE_CHECKING:
    from hardware.keypads.pad68.bus import Pad68Bus


log = logging.getLogger(__name__)


class Station:
    """The pad at one address. `submit`, `snapshot` and `events` are for any thread, the rest for the bus alone."""

    def __init__(self, bus: Pad68Bus, addr: int, *, levels: dict[int, int], book: HealthBook | None) -> None:
        self.addr = addr
        self.address = bus.address if book else _address_of(bus, addr)
        self.events: Sink = bus.tell
        """Who hears of this pad; the bus's own sink when nobody else is named."""
        self.carried: list[Callable[[codec.Frame], None]] = []
        """Who decides instead of this program: while there is one, keys are carried and not read here."""
        self._bus = bus
        self._levels = levels
        self._wall = bus.around.wall
        self.book = book or HealthBook(kind=bus.kind, address=self.address, events=self._tell, wall=self._wall)
        self._own_book = book is None
        self.question = Question(self.address, tell=self._tell, wall=self._wall)
        self._debounce = Debounce()
        self._shown: dict[type, codec.Frame] = {}
        self._heard_s: float | None = None
        self.poll_at_s = 0.0

    # -- for any thread -----------------------------------------------------------------------------------------

    def submit(self, job: PadJob | Carry) -> Future[Receipt]:
        """A job for this pad. Raises DeviceBusy."""
        return self._bus.submit(OnPad(self.addr, job))

    def now(self) -> float:
        """The bus's monotonic clock."""
        return self._bus.clock()

    def snapshot(self) -> Health:
        """How this pad is; a frozen copy."""
        return self.book.snapshot

    def _tell(self, event: Event) -> None:
        self.events(event)

    # -- what it shows ------------------------------------------------------------------------------------------

    def remember(self, job: PadJob | Carry) -> None:
        """Keeps what the pad shall show, to show it again after its power or the line was away."""
        match job:
            case ShowNumber(number=number):
                self._shown[ShowNumber] = codec.show_number(self.addr, number)
            case ShowWaiting(waiting=waiting):
                self._shown[ShowWaiting] = codec.show_waiting(self.addr, waiting)
            case Staff(stars=stars) if stars:
                self._shown[Staff] = codec.show_stars(self.addr, stars)

    def shown(self) -> list[codec.Frame]:
        """The frames that bring the pad to what it shall show."""
        return list(self._shown.values())

    # -- whether it is there ------------------------------------------------------------------------------------

    @property
    def is_silent(self) -> bool:
        """Whether it was asked and did not answer."""
        return "silent" in self.book.faults

    def opened(self) -> None:
        """The line is open; nothing is known of the pad, and what it shows is sent again."""
        if self._own_book:
            self.book.opened()
        self.book.quiet()
        self.poll_at_s = self._bus.clock()

    def lost(self, code: str) -> None:
        """The line is gone."""
        if self._own_book:
            self.book.lost(code)

    def heard(self, *, round_trip_s: float | None = None) -> None:
        """The pad said something sensible."""
        back = self.is_silent
        self._heard_s = self._bus.clock()
        if self.book.heard(round_trip_s=round_trip_s):
            log.info("%s answers", self.address)
        if back:
            self.poll_at_s = self._heard_s

    def did_not_answer(self) -> None:
        """It was asked as often as patience allows."""
        if not self.is_silent:
            log.warning("%s does not answer", self.address)
        self.book.quiet(code="silent")
        self.poll_at_s = self._bus.clock() + self._bus.timing.poll_silent_s

    def pass_time(self) -> None:
        """Time-outs: of the question, of a stuck key, of a pad that has not been heard for long."""
        now = self._bus.clock()
        self.question.pass_time(now=now)
        stuck = self._debounce.is_stuck(now=now)
        if stuck != ("key_stuck" in self.book.faults):
            self.book.set_faults({"key_stuck"} if stuck else set(), among=KEYPAD_FAULTS)
        unasked = not self._bus.answering and self._heard_s is not None
        if unasked and self._heard_s is not None and now - self._heard_s > self._bus.timing.fresh_s:
            self._heard_s = None
            self.book.quiet()

    # -- what it says -------------------------------------------------------------------------------------------

    def says(self, frame: codec.Frame) -> None:
        """A frame of the pad, already answered."""
        now = self._bus.clock()
        self.heard()
        if not self._debounce.is_new(frame, now=now):
            return
        if self.carried:
            for carry in self.carried:
                carry(frame)
            return
        match codec.read(frame):
            case codec.KeyPress(key=key, digits=digits):
                if key != "one_metre":
                    self._tell(Key(self.address, key, self._wall(), digits))
            case codec.RatingPress(value=value):
                self._rated(value, now=now)
            case codec.Unread():
                self.question.ignore(frame.data[-1] if frame.data else 0, "unmapped_key")

    def _rated(self, value: int, *, now: float) -> None:
        level = self._levels.get(value)
        if level is None:
            self.question.ignore(value, "unmapped_key")
        else:
            self.question.press(level, now=now)


def _address_of(bus: Pad68Bus, addr: int) -> str:
    options = {**bus.at.options, "addr": str(addr)}
    return f"{bus.at.protocol}+{bus.at.url}?" + "&".join(f"{key}={value}" for key, value in options.items())
