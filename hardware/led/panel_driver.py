"""Open panels of dots: `artnet` and `ddp`, pictures as datagrams to a receiver that shows what it is sent.

`?layout=snake` for strips that turn back at the end of a row, `?order=grb` for panels that take their colours in that
order. A receiver keeps no page of its own: when the program ends, the page that says so is the last thing sent. DDP
cannot be asked anything, so its health stays `unknown`; an Art-Net node that answers a poll is ready.
"""

from __future__ import annotations

import logging
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import replace

from PIL import Image

from hardware.address import Address, BadAddress
from hardware.driver import Surroundings
from hardware.fonts import FontMissing
from hardware.led import artnet_codec as artnet
from hardware.led import ddp_codec as ddp
from hardware.led import matrix
from hardware.led.bar import Answer, BarDriver, Timing
from hardware.led.page import Frame, Tone, fitted

log = logging.getLogger(__name__)

RED, GREEN, YELLOW = (255, 0, 0), (0, 255, 0), (255, 170, 0)
TONES = {Tone.PLAIN: RED, Tone.CALM: GREEN, Tone.CALL: YELLOW, Tone.WARN: RED}
LAYOUTS = ("rows", "snake")
ORDERS = ("rgb", "rbg", "grb", "gbr", "brg", "bgr")
POLLS_MISSED_MAX = 3


class Panel(BarDriver):
    """Draws every frame itself, glyph by glyph; subclasses wrap the bytes of the dots."""

    answers = False
    timing_usual = Timing(repeat_s=1.0, ping_s=10.0)
    """Receivers go dark or back to their own pattern when nothing comes for a few seconds."""

    def __init__(
        self, address: Address | str, *, around: Surroundings | None = None, timing: Timing | None = None
    ) -> None:
        super().__init__(address, around=around, timing=timing)
        self.colours = self.at.number("colours", 3)
        self._snake = self._one_of("layout", LAYOUTS) == "snake"
        self._order = ["rgb".index(part) for part in self._one_of("order", ORDERS)]
        self._percent = 100
        self._sequence = 0

    def _one_of(self, option: str, words: Sequence[str]) -> str:
        word = self.at.options.get(option, words[0])
        if word not in words:
            raise BadAddress(f"{option}={word}: write {', '.join(words)}")
        return word

    @abstractmethod
    def _datagrams(self, dots: bytes) -> Iterator[bytes]:
        """The packets of a picture, three bytes a dot."""

    def _put(self, frame: Frame) -> Answer:
        try:
            board = matrix.dots(frame, width=self.width, height=self.height)
            lost = set().union(*(matrix.missing(line) for line in frame.page.lines))
        except FontMissing:
            return Answer("font_missing", how="none")
        tone = frame.page.tone if self.colours > 1 else Tone.PLAIN
        red, green, blue = (part * self._percent // 100 for part in TONES[tone])
        for datagram in self._datagrams(self._in_order(matrix.coloured(board, (red, green, blue)))):
            self._send(datagram)
        return Answer(how="none", replaced=frozenset(lost))

    def _in_order(self, picture: Image.Image) -> bytes:
        """The dots as the panel's strip runs and as it takes its colours."""
        parts = picture.split()
        picture = Image.merge("RGB", [parts[place] for place in self._order])
        raw, row = picture.tobytes(), 3 * picture.width
        if not self._snake:
            return raw
        back = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT).tobytes()
        return b"".join(
            (back if number % 2 else raw)[number * row : (number + 1) * row] for number in range(picture.height)
        )

    def _next_sequence(self, top: int) -> int:
        self._sequence = self._sequence % top + 1
        return self._sequence

    def _dim(self, percent: int) -> Answer:
        """The panel is dimmed in what it is sent."""
        self._percent = max(0, min(percent, 100))
        self._shown = None
        return Answer(how="none")

    def _farewell(self) -> None:
        """The receiver holds what came last: not a call that nobody serves any more."""
        fallback = self._show.fallback if self._show is not None else None
        if fallback is not None:
            (first, *_) = fitted([fallback], width=self.width, height=self.height)
            self._put(Frame(first))


class ArtnetPanel(Panel):
    """From `?universe=` on, 170 dots a universe, shown together by a sync."""

    def _fresh(self) -> None:
        super()._fresh()
        self._parser = artnet.FrameParser()
        self._missed = 0

    def _greet(self) -> bool:
        self._send(artnet.Poll().encode())
        return True

    def _poll(self) -> bool:
        """A node that answered before and does not any more is silent; one that never did is not known."""
        self._missed += 1
        self._send(artnet.Poll().encode())
        if self.book.snapshot.last_ok is not None and self._missed > POLLS_MISSED_MAX:
            self.book.quiet()
        return True

    def _received(self, data: bytes) -> None:
        for item in self._parser.feed(data) + self._parser.flush():
            if isinstance(item, artnet.Junk):
                self.book.junk(len(item.raw))
            elif isinstance(item, artnet.PollReply):
                self._missed = 0
                self.book.identity = item.name
                self.book.firmware = f"{item.firmware >> 8}.{item.firmware & 255}"
                self._heard()

    def _datagrams(self, dots: bytes) -> Iterator[bytes]:
        first, sequence = self.at.number("universe", 0), self._next_sequence(artnet.SEQUENCE_TOP)
        size = 3 * artnet.PIXELS_A_UNIVERSE
        packet = artnet.Dmx(b"", sequence=sequence)
        for number, at in enumerate(range(0, len(dots), size)):
            data = dots[at : at + size]
            data += b"\x00" * (len(data) % 2)
            yield replace(packet, data=data, universe=first + number).encode()
        if len(dots) > size:
            yield artnet.Sync().encode()


class DdpPanel(Panel):
    """The whole picture by offset, pushed with its last packet."""

    def _datagrams(self, dots: bytes) -> Iterator[bytes]:
        for packet in ddp.packets(dots, sequence=self._next_sequence(ddp.SEQUENCE_TOP)):
            yield packet.encode()
