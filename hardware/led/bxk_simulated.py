"""A BX-K card made of software: dynamic areas in RAM, drawn as the bar would look into `bar.png` of a folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from hardware.led import bxk_areas, matrix
from hardware.led import bxk_codec as codec
from hardware.led.page import LINE_DOTS
from hardware.led.sign import SimulatedSign

DEVICE_TYPE = 0x62
"""6K2."""
FONTS = codec.Fonts(
    tuple(
        codec.Font(chinese, dots if chinese else dots // 2, dots) for chinese in (True, False) for dots in (16, 24, 32)
    )
)
COLOURS = {1: matrix.RED, 2: matrix.GREEN, 3: matrix.YELLOW}


@dataclass(slots=True)
class _Area:
    area: bxk_areas.DynamicArea
    set_s: float


class SimulatedBar(SimulatedSign):
    """The card's RAM, its clock of areas, its one stored page, its picture."""

    kind = "bxk"

    def __init__(
        self,
        *,
        out: Path | None = None,
        width: int = 192,
        height: int = LINE_DOTS,
        card: int = codec.DEFAULT_CARD,
        stored: str = "请听窗口叫号",
        colours: int = 1,
        fonts: codec.Fonts = FONTS,
    ) -> None:
        super().__init__(out=out, width=width, height=height)
        self.card = card
        self.stored = stored
        """The page in flash that the fitter put there; shown when no area is left."""
        self.colours = colours
        self.fonts = fonts
        self.brightness = 15
        self.clock = b""
        """As its status tells it: BCD, weekday before the hour."""
        self._opened: tuple[bytes, int] | None = None
        self._areas: dict[int, _Area] = {}
        self._now = 0.0
        self._changed()

    @classmethod
    def made(cls, options: dict[str, str], out: Path | None) -> SimulatedBar:
        """From the options of an address or of `hall-device simulate`."""
        width, height = int(options.get("width", "192"), 0), int(options.get("height", "16"), 0)
        card, colours = int(options.get("addr", "1"), 0), int(options.get("colours", "1"), 0)
        return cls(out=out, width=width, height=height, card=card, colours=colours)

    def open_conversation(self) -> BarConversation:
        return BarConversation(self)

    def status(self) -> dict[str, object]:
        return {**super().status(), "brightness": self.brightness, "stored": self.stored}

    @property
    def text(self) -> str:
        """What can be read on the bar now."""
        areas = sorted(self._areas.values(), key=lambda item: (item.area.y, item.area.x))
        if not areas:
            return self.stored
        return "\n".join(bxk_areas.read_text(item.area.text).text for item in areas)

    @property
    def colour(self) -> int:
        """The colour number of the first area's text; 1 red, 2 green, 3 yellow."""
        return next((bxk_areas.read_text(item.area.text).colour for item in self._areas.values()), 1)

    def tick(self, now: float) -> None:
        self._now = now
        stale = [
            key for key, item in self._areas.items() if item.area.run == 2 and now - item.set_s > item.area.timeout_s
        ]
        for key in stale:
            del self._areas[key]
        if stale:
            self._changed()

    # -- commands -----------------------------------------------------------------------------------------------

    def obey(self, data: bytes, now: float) -> bytes | None:
        """The answer to one request's data; None for nothing at all, as old firmware may do."""
        self._now = now
        nack = self._nack()
        if nack and data[:1] == b"\xa3":
            return codec.ack(nack)
        match data[:2]:
            case b"\xa2\x00":
                return codec.ack()
            case b"\xa2\x0a":
                return data[:2] + b"\x00\x00\x00" + self._parameters()
            case b"\xa2\x09":
                return codec.fonts_answer(self.fonts)
            case b"\xa1\x02":
                return data[:2] + b"\x00\x00\x00" + self._status_bytes()
            case b"\xa1\x05" if len(data) == 14:
                self._opened = data[6:10], int.from_bytes(data[10:14], "little")
            case b"\xa1\x06" if len(data) > 18:
                return self._store(data)
            case b"\xa2\x03" if len(data) == 13:
                self.clock = data[5:9] + data[12:13] + data[9:12]
            case b"\xa3\x00" if len(data) == 6:
                self.on = data[5] == 1
                self._changed()
            case b"\xa3\x02" if len(data) == 7:
                self.brightness = min(data[6], 15)
            case b"\xa3\x10":
                self._areas.clear()
                self._changed()
            case b"\xa3\x06":
                return self._set_areas(data)
            case _:
                return codec.ack(2)
        return codec.ack()

    def _nack(self) -> int:
        if "font_missing" in self.faults:
            return 12
        return min((int(word[5:]) for word in self.faults if word.startswith("nack_")), default=0)

    def _parameters(self) -> bytes:
        head = self.card.to_bytes(2, "little") + bytes((DEVICE_TYPE, 0x02))
        size = self.width.to_bytes(2, "little") + self.height.to_bytes(2, "little")
        return head + size + bytes((self.colours,)) + bytes(16)

    def _status_bytes(self) -> bytes:
        head = bytes((1 if self.on else 2, self.brightness)) + (self.clock or bytes(8))
        ids = bytes(self._areas)
        return head + bytes((0,)) + b"P000" + bytes((len(ids),)) + ids + bytes(28)

    def _set_areas(self, data: bytes) -> bytes:
        command = bxk_areas.read_dynamic_areas(data)
        if command is None:
            return codec.ack(5)
        if command.delete is None:
            self._areas.clear()
        else:
            for number in command.delete:
                self._areas.pop(number, None)
        for area in command.areas:
            self._areas[area.id] = _Area(area, self._now)
        self.refreshes += 1
        self._changed()
        return codec.ack()

    def _store(self, data: bytes) -> bytes:
        """A program file in one packet, opened before; anything else is refused."""
        name, content = data[5:9], data[18:]
        areas = bxk_areas.read_program_file(content)
        opened, self._opened = self._opened, None
        if opened != (name, len(content)):
            return codec.ack(8)
        if areas is None:
            return codec.ack(11)
        self.flash_writes += 1
        self.stored = "\n".join(bxk_areas.read_text(area.text).text for area in areas)
        self._changed()
        return codec.ack()

    # -- the picture --------------------------------------------------------------------------------------------

    def board(self) -> Image.Image:
        """The lit dots of this moment."""
        board = self.blank()
        if not self.on:
            return board
        if not self._areas:
            return self.stored_board(self.stored)
        for item in self._areas.values():
            self._draw(board, item.area)
        return board

    def _draw(self, board: Image.Image, area: bxk_areas.DynamicArea) -> None:
        styled = bxk_areas.read_text(area.text)
        window = Image.new("1", (area.width, area.height))
        if styled.line_dots > LINE_DOTS:
            strip = matrix.large_line(styled.text, height=min(area.height, styled.line_dots), width=area.width)
        else:
            strip = matrix.small_line(styled.text)
        matrix.put(window, strip, y=max(0, (area.height - strip.height) // 2))
        colour = COLOURS.get(styled.colour, matrix.RED) if self.colours > 1 else matrix.RED
        board.paste(matrix.coloured(window, colour), (area.x, area.y))


class BarConversation:
    """One host."""

    def __init__(self, bar: SimulatedBar) -> None:
        self._bar = bar
        self._parser = codec.FrameParser()

    def feed(self, data: bytes, now: float) -> bytes:
        answer = b""
        for item in self._parser.feed(data):
            if isinstance(item, codec.Frame) and item.dst in (
                self._bar.card,
                codec.BROADCAST_ANSWERED,
                codec.BROADCAST_SILENT,
            ):
                reply = self._bar.obey(item.data, now)
                if item.dst != codec.BROADCAST_SILENT and reply is not None:
                    answer += codec.Frame(reply, dst=item.src, src=self._bar.card, device_type=DEVICE_TYPE).encode()
        return answer

    def due(self, now: float) -> bytes:
        return b""
