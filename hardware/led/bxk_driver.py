"""One bar on a BX-K card: dynamic areas in RAM, refreshed at most once a second, sent again after every loss.

The areas are told to vanish when nothing new comes for a while (`run` 2), so that a bar whose counter died falls back
to the page its fitter stored in it rather than showing an old call. The current frame is therefore repeated.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace

from hardware.address import Address
from hardware.driver import PortDriver, Surroundings, Waiting
from hardware.health import LED_FAULTS, Receipt
from hardware.led import bxk_areas
from hardware.led import bxk_codec as codec
from hardware.led.page import LINE_DOTS, Brightness, Frame, LedJob, Page, Pager, SetClock, Show, fitted
from hardware.port import Port

log = logging.getLogger(__name__)

TRIES = 3
BAUDS = (9600, 57_600)
"""Tried in turn on a serial line whose address names no speed (docs/devices.md)."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Patience, in seconds."""

    answer_s: float = 2.0
    """The vendor's figure."""
    refresh_s: float = 1.0
    """The fastest a card may be sent new areas."""
    repeat_s: float = 6.0
    forget_s: int = 20
    """The card drops an area that was not sent again for so long."""
    ping_s: float = 30.0
    ping_silent_s: float = 3.0
    blink_s: float = 1.0


class BxkBar(PortDriver[LedJob]):
    """Drives one card. `?addr=`, `?width=` and `?height=` win over what the card says."""

    kind = "led"

    def __init__(
        self, address: Address | str, *, around: Surroundings | None = None, timing: Timing | None = None
    ) -> None:
        super().__init__(address, around=around)
        self.timing = timing or Timing()
        self.width = self.at.number("width", 192)
        self.height = self.at.number("height", LINE_DOTS)
        self.parameters: codec.Parameters | None = None
        self._card = self.at.number("addr", codec.DEFAULT_CARD)
        self._baud_turn = 0
        self._show: Show | None = None
        self._pager: Pager | None = None
        self._waiting: Waiting[LedJob] | None = None
        self._replaced: set[str] = set()
        self._fresh()

    def show(self, pages: Sequence[Page], *, blink: int = 0) -> Future[Receipt]:
        """Shows pages until told otherwise; the receipt comes with the card's ACK of the first one."""
        return self.submit(Show(tuple(pages), blink=blink))

    def _fresh(self) -> None:
        self._parser = codec.FrameParser()
        self._replies: list[codec.Reply] = []
        self._shown: Frame | None = None
        self._rows_shown = 0
        self._sent_s = float("-inf")
        self._ping_at_s = 0.0

    @property
    def _searches_baud(self) -> bool:
        return self.at.scheme == "serial" and "baud" not in self.at.options

    # -- opening ------------------------------------------------------------------------------------------------

    def _open(self) -> Port:
        if not self._searches_baud:
            return super()._open()
        baud = BAUDS[self._baud_turn % len(BAUDS)]
        self._baud_turn += 1
        return self.around.opener(replace(self.at, options={**self.at.options, "baud": str(baud)}))

    def _begin(self) -> None:
        self._fresh()
        if self._ask(codec.PING) is None:
            self._gone_quiet()
            return
        self._baud_turn -= 1  # the speed that worked is tried first next time
        self._probe()

    def _probe(self) -> None:
        reply = self._ask(codec.PARAMETERS)
        if isinstance(reply, codec.Parameters):
            self.parameters = reply
            self.book.identity = f"BX type {reply.device_type:02X}"
            self.width = self.at.number("width", reply.width)
            self.height = self.at.number("height", reply.height)
        self._repage(blink=0)

    # -- asking -------------------------------------------------------------------------------------------------

    def _ask(self, data: bytes, *, tries: int = TRIES) -> codec.Reply | None:
        """Sends a request until it is answered; None when it is not. A NACK is an answer."""
        for attempt in range(tries):
            self._replies.clear()
            begun = self._clock()
            self._send(codec.Frame(data, dst=self._card).encode())
            if self._wait_until(lambda: bool(self._replies), limit_s=self.timing.answer_s):
                self._heard(round_trip_s=self._clock() - begun)
                self._ping_at_s = self._clock() + self.timing.ping_s
                return self._replies[-1]
            self.book.retries += attempt > 0
            self._count(self._parser.flush())
        self._ping_at_s = self._clock() + self.timing.ping_silent_s
        return None

    def _gone_quiet(self) -> None:
        if "silent" not in self.book.faults:
            log.warning("%s does not answer", self.address)
        self.book.quiet(code="silent")
        self._shown = None
        self._ping_at_s = self._clock() + self.timing.ping_silent_s

    def _received(self, data: bytes) -> None:
        self._count(self._parser.feed(data))

    def _count(self, found: Sequence[codec.Frame | codec.Junk]) -> None:
        for item in found:
            if isinstance(item, codec.Junk):
                self.book.junk(len(item.raw))
            elif item.dst == codec.HOST:
                self._replies.append(codec.read_reply(item.data))

    # -- working ------------------------------------------------------------------------------------------------

    def _turn(self) -> None:
        while (waiting := self._next_job()) is not None:
            self._take(waiting)
        now = self._clock()
        if "silent" in self.book.faults:
            if now >= self._ping_at_s:
                self._ping()
            return
        if self._pager is not None and now - self._sent_s >= self.timing.refresh_s:
            frame = self._pager.frame(now)
            if frame != self._shown or now - self._sent_s >= self.timing.repeat_s:
                self._refresh(frame)
                return
        if now >= self._ping_at_s:
            self._ping()

    def _ping(self) -> None:
        silent = "silent" in self.book.faults
        if silent and self._searches_baud:
            assert self._port is not None
            self._port.close()
            self._port = self._open()
        if self._ask(codec.PING, tries=1 if silent else TRIES) is None:
            self._gone_quiet()
        elif silent:
            self._probe()

    def _take(self, waiting: Waiting[LedJob]) -> None:
        match waiting.job:
            case Show() as show:
                if self._waiting is not None:
                    self._finish(self._waiting, error="superseded")
                self._waiting, self._show = waiting, show
                self._repage(blink=show.blink)
                if "silent" in self.book.faults:
                    self._give_up_waiting("silent")
            case Brightness(level=level):
                self._command(waiting, codec.brightness(level))
            case SetClock():
                self._command(waiting, codec.set_time(self._wall().astimezone()))

    def _command(self, waiting: Waiting[LedJob], data: bytes) -> None:
        reply = self._ask(data)
        if reply is None:
            self._gone_quiet()
            self._finish(waiting, error="silent")
            return
        error = self._nack(reply)
        self._finish(waiting, how="ack" if error is None else "none", error=error, evidence=_evidence(reply))

    def _nack(self, reply: codec.Reply) -> str | None:
        """The fault word of a refusal."""
        if not isinstance(reply, codec.Ack) or reply.error == 0:
            return None
        return "font_missing" if reply.error == 12 else f"nack_{reply.error}"

    def _repage(self, *, blink: int) -> None:
        """New pages, or a bar that is back or turned out to have another size; an old call does not blink again."""
        if self._show is None:
            return
        pages = fitted(self._show.pages, width=self.width, height=self.height)
        show = replace(self._show, pages=pages, blink=blink)
        self._pager = Pager(show, begun_s=self._clock(), blink_s=self.timing.blink_s)
        self._shown = None

    def _refresh(self, frame: Frame) -> None:
        areas, self._replaced = self._areas(frame)
        changed = len(areas) != self._rows_shown
        reply = self._ask(bxk_areas.dynamic_areas(areas, delete=bxk_areas.ALL_AREAS if changed else ()))
        self._sent_s = self._clock()
        if reply is None:
            self._gone_quiet()
            self._give_up_waiting("silent")
            return
        error = self._nack(reply)
        self.book.set_faults({error} if error else set(), among=LED_FAULTS)
        self._shown, self._rows_shown = frame, len(areas)
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            self._finish(
                waiting,
                how="ack" if error is None else "none",
                error=error,
                evidence=_evidence(reply),
                warnings=tuple(f"replaced:{character}" for character in sorted(self._replaced)),
            )

    def _areas(self, frame: Frame) -> tuple[list[bxk_areas.DynamicArea], set[str]]:
        """A line alone fills the bar; two lines are areas of their own. Inverse is dark: a font card cannot invert."""
        lines = [" "] if frame.inverse else [line or " " for line in frame.page.lines]
        high = self.height if len(lines) == 1 else LINE_DOTS
        dots = LINE_DOTS if len(lines) > 1 or self.height < 32 else 32
        areas, replaced = [], set()
        for number, line in enumerate(lines):
            text, lost = bxk_areas.text_bytes(line, line_dots=dots)
            replaced |= lost
            areas.append(
                bxk_areas.DynamicArea(
                    text=text,
                    width=self.width,
                    height=high,
                    y=number * LINE_DOTS,
                    id=number,
                    run=2,
                    timeout_s=self.timing.forget_s,
                    align=bxk_areas.CENTRED,
                    lines=1,
                    mode=2,
                )
            )
        return areas, replaced

    def _give_up_waiting(self, error: str) -> None:
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            self._finish(waiting, error=error)

    def _left_undone(self) -> None:
        """The pages stay: they are shown as soon as the bar is back. Their caller is told that they are not now."""
        self._give_up_waiting("gone")

    def _end_waiting_jobs(self, code: str) -> None:
        """A Show for a bar that is away is remembered for its return, though its receipt says `gone`."""
        while (waiting := self._next_job()) is not None:
            if isinstance(waiting.job, Show):
                self._show = waiting.job
            self._finish(waiting, error=code)


def _evidence(reply: codec.Reply) -> bytes:
    return codec.ack(reply.error) if isinstance(reply, codec.Ack) else b""
