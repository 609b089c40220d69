"""One bar on a BX-K card: dynamic areas in RAM, refreshed at most once a second, sent again after every loss.

The areas are told to vanish when nothing new comes for a while (`run` 2), so that a bar whose counter died falls back
to the page its fitter stored in it rather than showing an old call. The current frame is therefore repeated.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from hardware.address import Address
from hardware.driver import Surroundings
from hardware.led import bxk_areas
from hardware.led import bxk_codec as codec
from hardware.led.bar import CLOCK_OFF_MAX_S, SILENT, TRIES, Answer, BarDriver, Timing
from hardware.led.daypart import step
from hardware.led.page import LINE_DOTS, Frame, Page, Tone
from hardware.port import Port

log = logging.getLogger(__name__)

BAUDS = (9600, 57_600)
"""Tried in turn on a serial line whose address names no speed (docs/devices.md)."""
BRIGHTNESS_TOP = 15
NO_MEMORY, NO_FONT = 4, 12
RED, GREEN, YELLOW = 1, 2, 3
TONES = {Tone.PLAIN: RED, Tone.CALM: GREEN, Tone.CALL: YELLOW, Tone.WARN: RED}
"""The card's colour numbers, for cards with a second plane."""


class BxkBar(BarDriver):
    """Drives one card. `?addr=`, `?width=`, `?height=` and `?colours=` win over what the card says."""

    def __init__(
        self, address: Address | str, *, around: Surroundings | None = None, timing: Timing | None = None
    ) -> None:
        self.parameters: codec.Parameters | None = None
        self.fonts: codec.Fonts | None = None
        self._baud_turn = 0
        super().__init__(address, around=around, timing=timing)
        self._card = self.at.number("addr", codec.DEFAULT_CARD)

    def _fresh(self) -> None:
        super()._fresh()
        self._parser = codec.FrameParser()
        self._replies: list[codec.Reply] = []
        self._rows_shown = 0

    def lacks(self, text: str) -> frozenset[str]:
        """What GB2312 lacks: Traditional characters, rare names."""
        return frozenset(bxk_areas.text_bytes(text)[1])

    def found(self) -> dict[str, object]:
        """Size and colours, the card's type, its typefaces."""
        found = super().found()
        if self.parameters is not None:
            found["type"] = f"{self.parameters.device_type:02X}"
        if self.fonts is not None:
            found["fonts"] = [
                f"{'Chinese' if font.chinese else 'Latin'} {font.width}x{font.height}" for font in self.fonts.fonts
            ]
        return found

    # -- opening ------------------------------------------------------------------------------------------------

    @property
    def _searches_baud(self) -> bool:
        return self.at.scheme == "serial" and "baud" not in self.at.options

    def _open(self) -> Port:
        if not self._searches_baud:
            return super()._open()
        baud = BAUDS[self._baud_turn % len(BAUDS)]
        self._baud_turn += 1
        return self.around.opener(replace(self.at, options={**self.at.options, "baud": str(baud)}))

    def _greet(self) -> bool:
        if self._ask(codec.PING) is None:
            return False
        self._baud_turn -= 1  # the speed that worked is tried first next time
        return True

    def _poll(self) -> bool:
        if not self._silent:
            return self._ask(codec.PING) is not None
        if self._searches_baud:
            assert self._port is not None
            self._port.close()
            self._port = self._open()
        if self._ask(codec.PING, tries=1) is None:
            return False
        self._baud_turn -= 1 if self._searches_baud else 0
        return True

    def _probe(self) -> None:
        """Size, colours, typefaces. A card that does not know a question refuses it, and nothing is lost."""
        parameters = self._question(codec.PARAMETERS)
        if isinstance(parameters, codec.Parameters):
            self.parameters = parameters
            self.book.identity = f"BX type {parameters.device_type:02X}"
            self.width = self.at.number("width", parameters.width)
            self.height = self.at.number("height", parameters.height)
            self.colours = self.at.number("colours", parameters.colours)
        fonts = self._question(codec.FONTS)
        if isinstance(fonts, codec.Fonts):
            self.fonts = fonts
            if LINE_DOTS not in fonts.heights(chinese=True):
                self._lasting.add("font_missing")
        self._shown = None

    # -- asking -------------------------------------------------------------------------------------------------

    def _ask(self, data: bytes, *, tries: int = TRIES) -> codec.Reply | None:
        """Sends a request until it is answered; None when it is not. A NACK is an answer."""

        def send() -> None:
            self._replies.clear()
            self._send(codec.Frame(data, dst=self._card).encode())

        return self._replies[-1] if self._exchange(send, lambda: bool(self._replies), tries=tries) else None

    def _question(self, data: bytes) -> codec.Reply | None:
        return self._inquire(data, lambda: self._ask(data, tries=2))

    def _received(self, data: bytes) -> None:
        self._count(self._parser.feed(data))

    def _unfinished(self) -> None:
        self._count(self._parser.flush())

    def _count(self, found: Sequence[codec.Frame | codec.Junk]) -> None:
        for item in found:
            if isinstance(item, codec.Junk):
                self.book.junk(len(item.raw))
            elif item.dst == codec.HOST:
                self._replies.append(codec.read_reply(item.data))

    def _told(self, data: bytes) -> Answer:
        return _answer(self._ask(data))

    # -- what a bar can do --------------------------------------------------------------------------------------

    def _put(self, frame: Frame) -> Answer:
        areas, replaced = self._areas(frame)
        changed = len(areas) != self._rows_shown
        data = bxk_areas.dynamic_areas(areas, delete=bxk_areas.ALL_AREAS if changed else ())
        if len(data) > codec.DATA_BYTES_MAX:  # a bar wider than its card's memory: said as the card would say it
            return Answer(f"nack_{NO_MEMORY}", how="none")
        answer = self._told(data)
        self._rows_shown = len(areas) if answer.error is None else 0
        return replace(answer, replaced=frozenset(replaced))

    def _dim(self, percent: int) -> Answer:
        return self._told(codec.brightness(step(percent, top=BRIGHTNESS_TOP)))

    def _set_clock(self) -> Answer:
        return self._told(codec.set_time(self._wall().astimezone()))

    def _check_clock(self) -> None:
        """Sets a clock that is off; a bar somebody switched off is switched on, it has a call to show."""
        status = self._question(codec.STATUS)
        if isinstance(status, codec.CardStatus):
            if not status.on:
                log.warning("%s was switched off: on again", self.address)
                self._told(codec.power(on=True))
            if _is_off(status.clock, self._wall().astimezone().replace(tzinfo=None)):
                self._set_clock()

    def _store(self, page: Page) -> Answer:
        areas, replaced = self._areas(Frame(page))
        content = bxk_areas.program_file([replace(area, run=0, wrap=2) for area in areas])
        answer = self._told(codec.file_open(bxk_areas.STORED_NAME, size=len(content)))
        if answer.error is None:
            answer = self._told(codec.file_write(bxk_areas.STORED_NAME, content))
        return replace(answer, replaced=frozenset(replaced))

    def _farewell(self) -> None:
        """Takes the areas away: the stored page shows at once, not after their time."""
        self._send(codec.Frame(bxk_areas.dynamic_areas([], delete=bxk_areas.ALL_AREAS), dst=self._card).encode())

    def _areas(self, frame: Frame) -> tuple[list[bxk_areas.DynamicArea], set[str]]:
        """A line alone fills the bar; two lines are areas of their own. Inverse is dark: a font card cannot invert."""
        lines = [" "] if frame.inverse else [line or " " for line in frame.page.lines]
        high = self.height if len(lines) == 1 else LINE_DOTS
        dots = self._large_dots() if len(lines) == 1 else LINE_DOTS
        colour = TONES[frame.page.tone] if self.colours > 1 else RED
        areas, replaced = [], set()
        for number, line in enumerate(lines):
            text, lost = bxk_areas.text_bytes(line, line_dots=dots, colour=colour)
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

    def _large_dots(self) -> int:
        """The largest typeface of the card that fits the bar's height; 32 dots when the card did not say."""
        there = self.fonts.heights(chinese=True) if self.fonts else frozenset({16, 24, 32})
        return max((dots for dots in (16, 24, 32) if dots in there and dots <= self.height), default=LINE_DOTS)


def _answer(reply: codec.Reply | None) -> Answer:
    if reply is None:
        return SILENT
    if not isinstance(reply, codec.Ack):
        return Answer()
    evidence = codec.ack(reply.error)
    if reply.error == 0:
        return Answer(evidence=evidence)
    return Answer("font_missing" if reply.error == NO_FONT else f"nack_{reply.error}", evidence=evidence)


def _is_off(clock: datetime | None, ours: datetime) -> bool:
    return clock is None or abs((clock - ours).total_seconds()) > CLOCK_OFF_MAX_S
