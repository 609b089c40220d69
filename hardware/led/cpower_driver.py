"""One bar on a C-Power card, on a serial line or over TCP: pictures, or texts in the card's own fonts.

The card cannot say its size, so the address does. It has no time-out for what it shows: when the program ends in
order the card is sent back to its stored program, when the machine dies the last page stays (docs/devices-led.md).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from string import hexdigits

from PIL import Image

from hardware.address import Address, BadAddress
from hardware.driver import Surroundings
from hardware.fonts import FontMissing
from hardware.led import cpower_codec as codec
from hardware.led import cpower_commands as commands
from hardware.led import matrix
from hardware.led.bar import CLOCK_OFF_MAX_S, SILENT, TRIES, Answer, BarDriver, Timing
from hardware.led.daypart import Dayparts, step
from hardware.led.page import LINE_DOTS, Frame, Page, Tone

log = logging.getLogger(__name__)

BAD_SUM, BAD_SEQUENCE = 1, 2
NACKS = range(1, 17)
TONES = {
    Tone.PLAIN: commands.RED,
    Tone.CALM: commands.GREEN,
    Tone.CALL: commands.YELLOW,
    Tone.WARN: commands.RED,
}
FRAMINGS = ("serial", "tcp")


class CPowerBar(BarDriver):
    """Drives one card. `?send=text` uses the card's fonts instead of pictures; `?framing=serial` is for a serial
    server behind `socket://`; `?network=` is the card's network number, hexadecimal.
    """

    timing_usual = Timing(repeat_s=60.0)

    def __init__(
        self, address: Address | str, *, around: Surroundings | None = None, timing: Timing | None = None
    ) -> None:
        super().__init__(address, around=around, timing=timing)
        self.version: commands.Version | None = None
        self._card = self._card_number()
        self._network = self._network_number()
        self._texts = self._one_of("send", ("picture", "text"), usual="picture") == "text"

    def _one_of(self, option: str, words: Sequence[str], *, usual: str) -> str:
        word = self.at.options.get(option, usual)
        if word not in words:
            raise BadAddress(f"{option}={word}: write {' or '.join(words)}")
        return word

    def _card_number(self) -> int:
        number = self.at.number("addr", 1)
        if number > codec.EVERY_CARD:
            raise BadAddress(f"addr={number}: a C-Power card has 1 to 254, 255 is every card")
        return number

    def _network_number(self) -> int:
        word = self.at.options.get("network", "FFFFFFFF")
        if len(word) > 8 or not all(digit in hexdigits for digit in word):
            raise BadAddress(f"network={word}: write up to eight hexadecimal digits")
        return int(word, 16)

    def _fresh(self) -> None:
        super()._fresh()
        over_tcp = self.at.scheme == "socket"
        self._tcp = self._one_of("framing", FRAMINGS, usual="tcp" if over_tcp else "serial") == "tcp"
        self._parser = codec.TcpParser(self._network_number()) if self._tcp else codec.FrameParser()
        self._replies: list[codec.Frame] = []
        self._windows: tuple[commands.Window, ...] = ()
        self._planned = False

    def found(self) -> dict[str, object]:
        """Size from the address, versions from the card."""
        found = super().found()
        if self.version is not None:
            found |= {"type": f"{self.version.card_type:02X}", "bios": self.version.bios}
        return found

    # -- asking -------------------------------------------------------------------------------------------------

    def _wire(self, frame: codec.Frame) -> bytes:
        return frame.encode_tcp(network=self._network) if self._tcp else frame.encode()

    def _ask(self, frame: codec.Frame, *, tries: int = TRIES) -> codec.Frame | None:
        """Sends a frame until it is answered; None when it is not. A refusal is an answer."""
        wire = self._wire(replace(frame, card=self._card))

        def send() -> None:
            self._replies.clear()
            self._send(wire)

        def got() -> bool:
            return any(reply.cmd == frame.cmd for reply in self._replies)

        if not self._exchange(send, got, tries=tries):
            return None
        return next(reply for reply in self._replies if reply.cmd == frame.cmd)

    def _question(self, frame: codec.Frame) -> codec.Frame | None:
        return self._inquire(bytes((frame.cmd,)), lambda: self._ask(frame, tries=2))

    def _received(self, data: bytes) -> None:
        self._count(self._parser.feed(data))

    def _unfinished(self) -> None:
        self._count(self._parser.flush())

    def _count(self, found: Sequence[codec.Frame | codec.Junk]) -> None:
        for item in found:
            if isinstance(item, codec.Junk):
                self.book.junk(len(item.raw))
            elif codec.EVERY_CARD in (self._card, item.card) or item.card == self._card:
                self._replies.append(item)

    def _external(self, payload: bytes) -> Answer:
        """A payload in as many packets as it takes, each after the answer to the one before."""
        answer = Answer()
        for _ in range(TRIES):
            answer = self._packets(payload)
            if answer.error not in (f"nack_{BAD_SUM}", f"nack_{BAD_SEQUENCE}"):
                break
            self.book.retries += 1
        return answer

    def _packets(self, payload: bytes) -> Answer:
        answer = Answer()
        for frame in commands.frames(payload, card=self._card):
            reply = self._ask(frame)
            if reply is None:
                return SILENT
            answer = _external_answer(reply)
            if answer.error is not None:
                break
        return answer

    def _told(self, frame: codec.Frame) -> Answer:
        """A command other than 7B: its data byte is 1 when it was done."""
        reply = self._ask(frame)
        if reply is None:
            return SILENT
        evidence = bytes((reply.cmd, reply.flag)) + reply.data[:8]
        return Answer(None if reply.data[:1] == b"\x01" else "nack_2", evidence=evidence)

    # -- what a bar can do --------------------------------------------------------------------------------------

    def _greet(self) -> bool:
        reply = self._ask(commands.ASK_VERSION, tries=1 if self._silent else TRIES)
        if reply is None:
            return False
        self.version = commands.read_version(reply.data)
        if self.version is not None:
            self.book.firmware = self.version.app
            self.book.identity = f"C-Power type {self.version.card_type:02X}"
        return True

    def _probe(self) -> None:
        self._windows = ()
        self._planned = False

    def _put(self, frame: Frame) -> Answer:
        try:
            return self._put_text(frame) if self._texts else self._put_picture(frame)
        except FontMissing:
            return Answer("font_missing", how="none")

    def _put_picture(self, frame: Frame) -> Answer:
        answer = self._divide((commands.Window(0, 0, self.width, self.height),))
        if answer.error is not None:
            return answer
        board = matrix.dots(frame, width=self.width, height=self.height)
        lost = set().union(*(matrix.missing(line) for line in frame.page.lines))
        return replace(self._external(self._picture(board, frame.page.tone).encode()), replaced=frozenset(lost))

    def _picture(self, board: Image.Image, tone: Tone) -> commands.Picture:
        plane = board.tobytes()
        red, green, _ = TONES[tone] if self.colours > 1 else commands.RED
        dark = bytes(len(plane)) if self.colours > 1 else None
        return commands.Picture(
            self.width,
            self.height,
            red=plane if red else dark,
            green=plane if green else dark,
            blue=bytes(len(plane)) if self.colours > 2 else None,
        )

    def _put_text(self, frame: Frame) -> Answer:
        """A window a line. A page with a character the card's fonts lack goes as a picture; inverse is dark."""
        lines = [" "] if frame.inverse else [line or " " for line in frame.page.lines]
        raws = [commands.text_bytes(line) for line in lines]
        dots = 32 if len(lines) == 1 and self.height >= 32 else LINE_DOTS
        high = self.height if len(lines) == 1 else LINE_DOTS
        windows = tuple(commands.Window(0, n * LINE_DOTS, self.width, high) for n in range(len(lines)))
        if None in raws or self.height < windows[-1].y + high:
            return self._put_picture(frame)
        answer = self._divide(windows)
        colour = TONES[frame.page.tone] if self.colours > 1 else commands.RED
        for number, raw in enumerate(raws):
            if answer.error is not None:
                break
            text = commands.Text(raw or b" ", window=number, font=commands.FONTS[dots], colour=colour)
            answer = self._external(text.encode())
        return answer

    def _divide(self, windows: tuple[commands.Window, ...]) -> Answer:
        """Divides the screen when it is not divided so already."""
        if windows == self._windows:
            return Answer()
        answer = self._external(commands.split(windows))
        self._windows = windows if answer.error is None else ()
        return answer

    def _dim(self, percent: int) -> Answer:
        return self._told(commands.set_brightness(bytes((step(percent, top=commands.BRIGHTNESS_TOP),)) * 24))

    def _dim_by_day(self, dayparts: Dayparts) -> None:
        """The card dims by its own clock: the 24 hours are sent once, and only when they differ from what it has."""
        if self._planned:
            return
        plan = dayparts.by_hour(top=commands.BRIGHTNESS_TOP)
        reply = self._question(commands.ASK_BRIGHTNESS)
        if self._silent:
            return
        self._planned = True
        if reply is None or commands.read_brightness(reply.data) != plan:
            answer = self._told(commands.set_brightness(plan))
            if answer.error is not None:
                log.warning("%s refuses its brightness: %s", self.address, answer.error)

    def _set_clock(self) -> Answer:
        return self._told(commands.set_clock(self._wall().astimezone()))

    def _check_clock(self) -> None:
        """Sets a clock that is off; a bar somebody switched off is switched on, it has a call to show."""
        clock, power = self._question(commands.ASK_CLOCK), self._question(commands.ASK_SWITCH)
        if power is not None and commands.read_switch(power.data) is False:
            log.warning("%s was switched off: on again", self.address)
            self._told(commands.switch(on=True))
        if clock is not None and _is_off(
            commands.read_clock(clock.data), self._wall().astimezone().replace(tzinfo=None)
        ):
            self._set_clock()

    def _store(self, page: Page) -> Answer:
        answer = self._put(Frame(page))
        return replace(self._external(commands.KEEP), replaced=answer.replaced) if answer.error is None else answer

    def _farewell(self) -> None:
        """Back to the stored program, at once."""
        for frame in commands.frames(commands.LEAVE, card=self._card, flag=0):
            self._send(self._wire(frame))


def _external_answer(reply: codec.Frame) -> Answer:
    """RR of a 7B answer: 0 is done."""
    evidence = bytes((reply.cmd, reply.flag)) + reply.data[:8]
    if reply.flag == 0:
        return Answer(evidence=evidence)
    return Answer(f"nack_{min(reply.flag, NACKS[-1])}", evidence=evidence)


def _is_off(clock: datetime | None, ours: datetime) -> bool:
    return clock is None or abs((clock - ours).total_seconds()) > CLOCK_OFF_MAX_S
