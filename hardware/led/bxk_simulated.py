"""A BX-K card made of software: dynamic areas in RAM, drawn as the bar would look into `bar.png` of a folder."""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from hardware.health import LED_FAULTS
from hardware.led import bxk_areas, matrix
from hardware.led import bxk_codec as codec
from hardware.led.page import LINE_DOTS
from hardware.simulation.device import SimulatedDevice

HISTORY = 500
DEVICE_TYPE = 0x62
"""6K2."""


@dataclass(slots=True)
class _Area:
    area: bxk_areas.DynamicArea
    set_s: float


class SimulatedBar(SimulatedDevice):
    """The card's RAM, its clock of areas, its picture."""

    kind = "bxk"
    own_faults = LED_FAULTS

    def __init__(
        self,
        *,
        out: Path | None = None,
        width: int = 192,
        height: int = LINE_DOTS,
        card: int = codec.DEFAULT_CARD,
        stored: str = "请听窗口叫号",
    ) -> None:
        super().__init__()
        self.width, self.height, self.card = width, height, card
        self.stored = stored
        """The page in flash that the fitter put there; shown when no area is left."""
        self.on = True
        self.brightness = 15
        self.refreshes = 0
        self.clock = b""
        self.shown: deque[str] = deque(maxlen=HISTORY)
        """Every text that came on, lines joined by a line feed."""
        self._out = out
        self._areas: dict[int, _Area] = {}
        self._now = 0.0
        self._drawn: tuple[str, bool] | None = None
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
        self._changed()

    def open_conversation(self) -> BarConversation:
        return BarConversation(self)

    def status(self) -> dict[str, object]:
        return {
            **super().status(),
            "text": self.text,
            "refreshes": self.refreshes,
            "brightness": self.brightness,
            "on": self.on,
        }

    @property
    def text(self) -> str:
        """What can be read on the bar now."""
        areas = sorted(self._areas.values(), key=lambda item: (item.area.y, item.area.x))
        if not areas:
            return self.stored
        return "\n".join(bxk_areas.read_text(item.area.text).text for item in areas)

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

    def obey(self, data: bytes, now: float) -> bytes:
        """The answer to one request's data."""
        self._now = now
        nack = self._nack()
        if nack and data[:1] == b"\xa3":
            return codec.ack(nack)
        match data[:2]:
            case b"\xa2\x00":
                return codec.ack()
            case b"\xa2\x0a":
                return data[:2] + b"\x00\x00\x00" + self._parameters()
            case b"\xa1\x02":
                return data[:2] + b"\x00\x00\x00" + self._status_bytes()
            case b"\xa2\x03" if len(data) == 13:
                self.clock = data[5:]
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
        return head + size + bytes((0x01,)) + bytes(16)

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

    # -- the picture --------------------------------------------------------------------------------------------

    def board(self) -> Image.Image:
        """The lit dots of this moment."""
        board = Image.new("1", (self.width, self.height))
        if not self.on:
            return board
        if not self._areas:
            matrix.put(board, matrix.small_line(self.stored), y=(self.height - LINE_DOTS) // 2)
        for item in self._areas.values():
            self._draw(board, item.area)
        return board

    def _draw(self, board: Image.Image, area: bxk_areas.DynamicArea) -> None:
        styled = bxk_areas.read_text(area.text)
        window = Image.new("1", (area.width, area.height))
        if styled.line_dots > LINE_DOTS:
            strip = matrix.large_line(styled.text, height=area.height)
        else:
            strip = matrix.small_line(styled.text)
        matrix.put(window, strip, y=max(0, (area.height - strip.height) // 2))
        board.paste(window, (area.x, area.y))

    def _changed(self) -> None:
        look = (self.text, self.on)
        if look == self._drawn:
            return
        self._drawn = look
        if not self.shown or self.shown[-1] != self.text:
            self.shown.append(self.text)
        if self._out is not None:
            content = matrix.png(matrix.photograph(self.board()))
            temporary = self._out / ".bar.png.part"
            temporary.write_bytes(content)
            os.replace(temporary, self._out / "bar.png")


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
                if item.dst != codec.BROADCAST_SILENT:
                    answer += codec.Frame(reply, dst=item.src, src=self._bar.card, device_type=DEVICE_TYPE).encode()
        return answer

    def due(self, now: float) -> bytes:
        return b""
