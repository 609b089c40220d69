"""The life of every bar: which frame is on, when it may be sent, sent again, or has to wait for the bar.

A protocol's own driver says how a bar is greeted, probed, written to and dimmed; the pages, the pace of at most one
refresh a second, the blinking, the parts of the day and the receipts are here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from threading import Event as Flag
from typing import TypeVar

from hardware.address import Address
from hardware.driver import PortDriver, Stopped, Surroundings, Waiting
from hardware.fonts import FontMissing
from hardware.health import LED_FAULTS, Receipt
from hardware.led import matrix
from hardware.led.daypart import Dayparts
from hardware.led.page import LINE_DOTS, Brightness, Frame, Keep, LedJob, Page, Pager, SetClock, Show, fitted
from hardware.port import PortGone

log = logging.getLogger(__name__)

TRIES = 3
CLOCK_EVERY_S = 6 * 3600.0
"""A bar's own clock is compared with ours so often, and after every loss."""
CLOCK_OFF_MAX_S = 60.0
DIM_EVERY_S = 5.0
"""How often the part of the day is looked at."""
NEVER = float("inf")

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Timing:
    """Patience, in seconds."""

    answer_s: float = 2.0
    """The BX vendor's figure."""
    refresh_s: float = 1.0
    """The fastest a bar may be sent something new."""
    repeat_s: float = 6.0
    """A frame that stands is sent again after so long."""
    forget_s: int = 20
    """A BX-K card drops an area that was not sent again for so long."""
    ping_s: float = 30.0
    ping_silent_s: float = 3.0
    blink_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of something sent to a bar."""

    error: str | None = None
    """`silent`, `nack_N`, `font_missing`, `cannot_keep`; None when nothing was refused."""
    how: str = "ack"
    """`none` for bars that cannot answer."""
    evidence: bytes = b""
    replaced: frozenset[str] = field(default_factory=frozenset)
    """Characters the bar cannot show."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """As a receipt has them."""
        return tuple(f"replaced:{character}" for character in sorted(self.replaced))


SILENT = Answer("silent", how="none")


class BarDriver(PortDriver[LedJob]):
    """Drives one bar. Subclasses give `_greet`, `_put`, and what their bar can do of the rest."""

    kind = "led"
    answers = True
    """Whether the protocol lets a bar answer at all."""
    timing_usual = Timing()

    def __init__(
        self, address: Address | str, *, around: Surroundings | None = None, timing: Timing | None = None
    ) -> None:
        super().__init__(address, around=around)
        self.timing = timing or self.timing_usual
        self.width = self.at.number("width", 192)
        self.height = self.at.number("height", LINE_DOTS)
        self.colours = self.at.number("colours", 1)
        """1 one colour, 2 red and green, 3 every colour."""
        self.dayparts = Dayparts.parse(self.at.options.get("bright", ""))
        self._wake = Flag()
        self._asking = False
        self._show: Show | None = None
        self._pager: Pager | None = None
        self._waiting: Waiting[LedJob] | None = None
        self._lasting: set[str] = set()
        """Faults the probe found, which no refresh takes away."""
        self._fresh()

    # -- for any thread -----------------------------------------------------------------------------------------

    def show(self, pages: Sequence[Page], *, blink: int = 0, fallback: Page | None = None) -> Future[Receipt]:
        """Shows pages until told otherwise; the receipt comes with the bar's answer to the first one."""
        return self.submit(Show(tuple(pages), blink=blink, fallback=fallback))

    def keep(self, page: Page) -> Future[Receipt]:
        """Stores the page the bar shows when nobody drives it. For a fitter: it wears the flash."""
        return self.submit(Keep(page))

    def submit(self, job: LedJob) -> Future[Receipt]:
        """Accepts a job and wakes the driver's thread: a call is on the wire within milliseconds."""
        future = super().submit(job)
        self._wake.set()
        return future

    def lacks(self, text: str) -> frozenset[str]:
        """The characters this bar cannot show: those without a glyph of dots."""
        try:
            return frozenset(matrix.missing(text))
        except FontMissing:
            return frozenset()

    def found(self) -> dict[str, object]:
        """What the probe found, for `hall-device probe`."""
        return {"width": self.width, "height": self.height, "colours": self.colours}

    # -- what a protocol gives ----------------------------------------------------------------------------------

    def _greet(self) -> bool:
        """The port is open; whether the bar answers. One that cannot be asked is greeted silently."""
        return True

    def _probe(self) -> None:
        """The bar answers: its size, colours, fonts; faults found go into `_lasting`."""

    def _put(self, frame: Frame) -> Answer:
        """Puts a frame on the bar. Raises PortGone, Stopped."""
        raise NotImplementedError

    def _poll(self) -> bool:
        """Asks whether the bar is still there. True also when it cannot be asked."""
        return self._greet()

    def _dim(self, percent: int) -> Answer:
        """Sets the brightness."""
        return Answer(how="none")

    def _set_clock(self) -> Answer:
        """Sets the bar's own clock to ours."""
        return Answer(how="none")

    def _check_clock(self) -> None:
        """Corrects the bar's own clock when it is off."""

    def _store(self, page: Page) -> Answer:
        """Keeps a page in the bar."""
        return Answer("cannot_keep", how="none")

    def _farewell(self) -> None:
        """The program ends: leave the bar to its own page. Nothing is waited for."""

    # -- opening ------------------------------------------------------------------------------------------------

    def _fresh(self) -> None:
        self._shown: Frame | None = None
        self._sent_s = float("-inf")
        self._poll_at_s = 0.0
        self._clock_at_s = 0.0
        self._dim_at_s = 0.0
        self._dimmed: int | None = None
        self._ignored: set[bytes] = set()
        """Questions this bar leaves unanswered though it is there: old firmware; not asked again on this port."""

    def _begin(self) -> None:
        self._fresh()
        if not self._greet():
            self._gone_quiet()
            return
        self._arrived()

    def _arrived(self) -> None:
        self._poll_at_s = self._clock() + self.timing.ping_s
        self._lasting.clear()
        self._probe()
        if self._silent:
            return
        self.book.set_faults(set(self._lasting), among=LED_FAULTS)
        if not self.answers:
            self.book.quiet()
        self._repage(blink=0)

    def _gone_quiet(self) -> None:
        if "silent" not in self.book.faults:
            log.warning("%s does not answer", self.address)
        self.book.quiet(code="silent")
        self._shown = None
        self._poll_at_s = self._clock() + self.timing.ping_silent_s

    def _exchange(self, send: Callable[[], None], got: Callable[[], bool], *, tries: int = TRIES) -> bool:
        """Sends until something came back; False when nothing did."""
        self._asking = True
        try:
            for attempt in range(tries):
                begun = self._clock()
                send()
                if self._wait_until(got, limit_s=self.timing.answer_s):
                    self._heard(round_trip_s=self._clock() - begun)
                    self._poll_at_s = self._clock() + self.timing.ping_s
                    return True
                self.book.retries += attempt > 0
                self._unfinished()
        finally:
            self._asking = False
        self._poll_at_s = self._clock() + self.timing.ping_silent_s
        return False

    def _inquire(self, question: bytes, ask: Callable[[], R]) -> R | None:
        """Asks what a bar may not know: one that leaves it unanswered is not lost if it answers otherwise."""
        if self._silent or question in self._ignored:
            return None
        reply = ask()
        if reply is None and self._poll():
            self._ignored.add(question)
            log.info("%s leaves %s unanswered", self.address, question.hex(" "))
        elif reply is None:
            self._gone_quiet()
        return reply

    def _unfinished(self) -> None:
        """An answer did not come in time: what the parser holds of it is junk."""

    def _listen(self, timeout_s: float) -> None:
        """Between questions a bar says nothing: the wait is for the next job rather than for the port."""
        if not self._asking:
            self._wake.wait(timeout_s)
            self._wake.clear()
            timeout_s = 0.0
        super()._listen(timeout_s)

    # -- working ------------------------------------------------------------------------------------------------

    @property
    def _silent(self) -> bool:
        return "silent" in self.book.faults

    def _turn(self) -> None:
        while (waiting := self._next_job()) is not None:
            self._take(waiting)
        now = self._clock()
        if self._silent:
            if now >= self._poll_at_s:
                self._ask_again()
            return
        if self._pager is not None and now - self._sent_s >= self.timing.refresh_s:
            frame = self._pager.frame(now)
            if frame != self._shown or now - self._sent_s >= self.timing.repeat_s:
                self._refresh(frame)
                return
        self._tend(now)

    def _tend(self, now: float) -> None:
        """What can wait: brightness, the bar's clock, the question whether it is there; one thing a turn."""
        if self.dayparts is not None and now >= self._dim_at_s:
            self._dim_at_s = now + DIM_EVERY_S
            self._dim_by_day(self.dayparts)
        elif now >= self._clock_at_s:
            self._clock_at_s = now + CLOCK_EVERY_S
            self._check_clock()
        elif now >= self._poll_at_s:
            self._poll_at_s = now + self.timing.ping_s
            if not self._poll():
                self._gone_quiet()

    def _dim_by_day(self, dayparts: Dayparts) -> None:
        percent = dayparts.percent(self._wall().astimezone().time())
        if percent == self._dimmed:
            return
        answer = self._dim(percent)
        if answer.error == "silent":
            self._gone_quiet()
            return
        self._dimmed = percent
        if answer.error is not None:
            log.warning("%s refuses its brightness: %s", self.address, answer.error)

    def _ask_again(self) -> None:
        if not self._poll():
            self._gone_quiet()
            return
        self._arrived()

    def _take(self, waiting: Waiting[LedJob]) -> None:
        match waiting.job:
            case Show() as show:
                self._give_up_waiting("superseded")
                self._waiting, self._show = waiting, show
                self._repage(blink=show.blink)
                if self._silent:
                    self._give_up_waiting("silent")
            case Brightness(percent=percent):
                self._judged(waiting, self._dim(percent))
            case SetClock():
                self._judged(waiting, self._set_clock())
            case Keep(page=page):
                (first, *_) = fitted([page], width=self.width, height=self.height)
                self._judged(waiting, self._store(first))
                self._shown = None

    def _judged(self, waiting: Waiting[LedJob], answer: Answer) -> None:
        if answer.error == "silent":
            self._gone_quiet()
        self._finish(
            waiting,
            how=answer.how if answer.error is None else "none",
            error=answer.error,
            evidence=answer.evidence,
            warnings=answer.warnings,
        )

    def _repage(self, *, blink: int) -> None:
        """New pages, or a bar that is back or turned out to have another size; an old call does not blink again."""
        if self._show is None:
            return
        pages = fitted(self._show.pages, width=self.width, height=self.height)
        show = replace(self._show, pages=pages, blink=blink)
        self._pager = Pager(show, begun_s=self._clock(), blink_s=self.timing.blink_s)
        self._shown = None

    def _refresh(self, frame: Frame) -> None:
        answer = self._put(frame)
        self._sent_s = self._clock()
        if answer.error == "silent":
            self._gone_quiet()
            self._give_up_waiting("silent")
            return
        self.book.set_faults(({answer.error} if answer.error else set()) | self._lasting, among=LED_FAULTS)
        self._shown = frame
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            self._judged(waiting, answer)

    # -- ending -------------------------------------------------------------------------------------------------

    def _give_up_waiting(self, error: str) -> None:
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            self._finish(waiting, error=error)

    def _let_go(self) -> None:
        if self._port is not None and self._stop.is_set() and not self._silent:
            try:
                self._farewell()
            except (PortGone, Stopped) as gone:
                log.debug("%s: no farewell: %s", self.address, gone)
        super()._let_go()

    def _left_undone(self) -> None:
        """The pages stay: they are shown as soon as the bar is back. Their caller is told that they are not now."""
        self._give_up_waiting("gone")

    def _end_waiting_jobs(self, code: str) -> None:
        """A Show for a bar that is away is remembered for its return, though its receipt says `gone`."""
        while (waiting := self._next_job()) is not None:
            if isinstance(waiting.job, Show):
                self._show = waiting.job
            self._finish(waiting, error=code)
