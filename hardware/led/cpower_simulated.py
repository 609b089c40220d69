"""A C-Power card made of software: windows, texts, pictures, one stored program, drawn into `bar.png` of a folder."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PIL import Image, ImageChops

from hardware.health import LED_FAULTS
from hardware.led import cpower_codec as codec
from hardware.led import cpower_commands as commands
from hardware.led import gb2312, matrix
from hardware.led.page import LINE_DOTS
from hardware.led.sign import SimulatedSign

CARD_TYPE = 0x21
APP = 0x33
"""3.3: answers with E8."""
DOTS = {code: dots for dots, code in commands.FONTS.items()}
Shown = commands.Text | commands.Picture


class SimulatedCPower(SimulatedSign):
    """The card's windows, its clock, its brightness, its picture."""

    kind = "cpower"
    own_faults = LED_FAULTS - {"font_missing"}

    def __init__(
        self,
        *,
        out: Path | None = None,
        width: int = 192,
        height: int = LINE_DOTS,
        card: int = 1,
        network: int = codec.EVERY_NETWORK,
        stored: str = "请听窗口叫号",
    ) -> None:
        super().__init__(out=out, width=width, height=height)
        self.card, self.network = card, network
        self.clock: bytes = bytes((0, 0, 0, 6, 1, 1, 0))
        """As its answer tells it: second, minute, hour, weekday, day, month, year."""
        self.brightness: bytes = bytes((31,)) * 24
        self._stored_text = stored
        self._stored: Image.Image | None = None
        self._playing_stored = True
        self._windows: tuple[commands.Window, ...] = (commands.Window(0, 0, width, height),)
        self._content: dict[int, Shown] = {}
        self._changed()

    @classmethod
    def made(cls, options: dict[str, str], out: Path | None) -> SimulatedCPower:
        """From the options of an address or of `hall-device simulate`."""
        width, height = int(options.get("width", "192"), 0), int(options.get("height", "16"), 0)
        network = int(options.get("network", "FFFFFFFF"), 16)
        return cls(out=out, width=width, height=height, card=int(options.get("addr", "1"), 0), network=network)

    def open_conversation(self) -> CPowerConversation:
        return CPowerConversation(self)

    def status(self) -> dict[str, object]:
        return {**super().status(), "brightness": list(self.brightness)}

    @property
    def text(self) -> str:
        """What the texts in the windows say; empty for pictures."""
        if self._playing_stored:
            return self._stored_text if self._stored is None else ""
        texts = [item for _, item in sorted(self._content.items()) if isinstance(item, commands.Text)]
        return "\n".join(gb2312.decoded(item.raw) for item in texts)

    # -- commands -----------------------------------------------------------------------------------------------

    def show(self, payload: bytes) -> int:
        """One payload of the command 7B; the return value."""
        refusal = min((int(word[5:]) for word in self.faults if word.startswith("nack_")), default=0)
        if refusal:
            return refusal
        match payload[:1]:
            case b"\x01" if (windows := commands.read_split(payload)) is not None:
                self._windows, self._content = windows, {}
                return 0  # the screen turns dark with the first content, as on a card: nothing to draw yet
            case b"\x12" if (text := commands.read_text(payload)) is not None:
                return self._fill(text.window, text)
            case b"\x03" if (picture := commands.read_picture(payload)) is not None:
                return self._fill(picture.window, picture)
            case b"\x06":
                self._playing_stored = True
            case b"\x07" if payload[1:2] == b"\x00":
                self.flash_writes += 1
                self._stored = self.board()
            case _:
                return 16
        self._changed()
        return 0

    def _fill(self, window: int, item: Shown) -> int:
        if window >= len(self._windows):
            return 16
        self._content[window] = item
        self._playing_stored = False
        self.refreshes += 1
        self._changed()
        return 0

    def obey(self, frame: codec.Frame) -> bytes | None:
        """The answer's data to a command other than 7B; None for one it does not know."""
        asked = frame.data[:1] == b"\x01"
        match frame.cmd:
            case commands.VERSION:
                return bytes((0, CARD_TYPE, 0x12, 0x20, 0, 0, 0, APP))
            case commands.CLOCK if asked:
                return b"\x01" + self.clock
            case commands.CLOCK if len(frame.data) == 8:
                self.clock = frame.data[1:]
            case commands.BRIGHTNESS if asked:
                return b"\x01" + self.brightness
            case commands.BRIGHTNESS if len(frame.data) == 25:
                self.brightness = frame.data[1:]
            case commands.SWITCH if asked:
                return bytes((1, int(self.on))) + bytes(8)
            case commands.SWITCH if len(frame.data) == 9:
                self.on = frame.data[1] == 1
                self._changed()
            case _:
                return None
        return b"\x01"

    @property
    def time(self) -> datetime | None:
        """Its clock."""
        return commands.read_clock(b"\x01" + self.clock)

    # -- the picture --------------------------------------------------------------------------------------------

    def board(self) -> Image.Image:
        """The dots of this moment."""
        board = self.blank()
        if not self.on:
            return board
        if self._playing_stored:
            return self._stored or self.stored_board(self._stored_text)
        for number, item in self._content.items():
            window = self._windows[number]
            drawn = self._draw_text(item, window) if isinstance(item, commands.Text) else _planes(item)
            at = (window.x, window.y) if isinstance(item, commands.Text) else (window.x + item.x, window.y + item.y)
            board.paste(drawn, at)
        return board

    def _draw_text(self, text: commands.Text, window: commands.Window) -> Image.Image:
        board = Image.new("1", (window.width, window.height))
        dots = DOTS.get(text.font & 15, LINE_DOTS)
        words = gb2312.decoded(text.raw)
        strip = (
            matrix.small_line(words) if dots <= LINE_DOTS else matrix.large_line(words, height=dots, width=window.width)
        )
        matrix.put(board, strip, y=max(0, (window.height - strip.height) // 2))
        return matrix.coloured(board, _seen(text.colour))


def _planes(picture: commands.Picture) -> Image.Image:
    """The planes of a picture laid over each other, in the looks of the preview."""
    size = (picture.width, picture.height)
    planes = [
        Image.frombytes("1", size, plane).convert("L") if plane else Image.new("L", size)
        for plane in (picture.red, picture.green, picture.blue)
    ]
    merged = Image.merge("RGB", planes)
    board = merged.copy()
    for colour in (commands.RED, commands.GREEN, commands.YELLOW):
        other = ImageChops.difference(merged, Image.new("RGB", size, colour)).convert("L")
        board.paste(_seen(colour), (0, 0, *size), other.point(lambda value: 0 if value else 255))
    return board


def _seen(colour: tuple[int, ...]) -> tuple[int, int, int]:
    """A colour of the card as the preview shows it."""
    red, green, blue = colour
    looks = {commands.RED: matrix.RED, commands.GREEN: matrix.GREEN, commands.YELLOW: matrix.YELLOW}
    return looks.get((red, green, blue), (red, green, blue))


class CPowerConversation:
    """One host, on a serial line or over TCP: its first byte tells which."""

    def __init__(self, card: SimulatedCPower) -> None:
        self._card = card
        self._parser: codec.FrameParser | codec.TcpParser | None = None
        self._joiner = codec.Joiner()

    def feed(self, data: bytes, now: float) -> bytes:
        if self._parser is None:
            self._parser = codec.FrameParser() if data[:1] == codec.LINE_HEAD else codec.TcpParser(self._card.network)
        answer = b""
        for item in self._parser.feed(data):
            if isinstance(item, codec.Frame) and item.card in (self._card.card, codec.EVERY_CARD):
                reply = self._answer(item)
                if reply is not None and item.flag & 1:
                    tcp = isinstance(self._parser, codec.TcpParser)
                    answer += reply.encode_tcp(network=self._card.network) if tcp else reply.encode()
        return answer

    def _answer(self, frame: codec.Frame) -> codec.Frame | None:
        reply = replace(frame, kind=codec.ANSWER, card=self._card.card, flag=0)
        if frame.cmd != codec.EXTERNAL:
            data = self._card.obey(frame)
            return None if data is None else replace(reply, data=data)
        packet = codec.read_packet(frame.data)
        payload = self._joiner.add(packet) if packet is not None else None
        result = 2 if payload is None else self._card.show(payload) if payload else 0
        return replace(reply, flag=result, data=codec.packet_data(codec.Packet(payload[:1] if payload else b"")))

    def due(self, now: float) -> bytes:
        return b""
