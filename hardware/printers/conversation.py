"""One host talking to a simulated printer: its bytes, the commands still waiting, and which status it wants.

Commands are answered like a real unit does: real-time ones at once, the others in order, and not at all while off-line
(measured on emupos and told by better manuals: docs/devices.md).
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from hardware import fonts
from hardware.printers import commands as esc

if TYPE_CHECKING:
    from hardware.printers.simulated import SimulatedPrinter

LINE_DOTS = 30
TEXT_DOTS = 24
REAL_TIME_IN_DATA = re.compile(rb"\x10(?:\x04([\x01-\x04])|\x05\x02)")


class PrinterConversation:
    """One host: its bytes, the commands still waiting, and whether it wants automatic status."""

    def __init__(self, printer: SimulatedPrinter) -> None:
        self._printer = printer
        self._parser = esc.CommandParser()
        self._waiting: deque[esc.Command] = deque()
        self._strips: list[Image.Image] = []
        self._stored: esc.Picture | None = None
        self._text = b""
        self._cutting: Image.Image | None = None
        self._cut_left_s = 0.0
        self._last_s: float | None = None
        self._asb = False
        self._asb_told = b""
        self._full = 0
        self._full_told = b""
        self._power_cycles = printer.power_cycles

    def _reset(self) -> None:
        """The power was off: nothing that waited is printed."""
        self._parser = esc.CommandParser()
        self._forget()
        self._stored, self._text = None, b""
        self._asb, self._full = False, 0
        self._power_cycles = self._printer.power_cycles

    def _forget(self) -> None:
        self._waiting.clear()
        self._strips.clear()
        self._cutting = None

    def feed(self, data: bytes, now: float) -> bytes:
        if self._power_cycles != self._printer.power_cycles:
            self._reset()
        answer = b""
        for command in self._parser.feed(data):
            if isinstance(command, esc.REAL_TIME):
                answer += self._real_time(command)
            else:
                self._waiting.append(command)
        return answer + self.due(now)

    def due(self, now: float) -> bytes:
        if self._power_cycles != self._printer.power_cycles:
            self._reset()
        passed, self._last_s = now - (self._last_s if self._last_s is not None else now), now
        answer = self._automatic()
        if self._printer.off_line:
            return answer
        if self._cutting is not None:
            self._cut_left_s -= passed
            if self._cut_left_s > 0:
                return answer
            self._drop_ticket()
        while self._waiting and self._cutting is None:
            answer += self._in_order(self._waiting.popleft())
        return answer

    def _automatic(self) -> bytes:
        if self._full:
            full, told = self._printer.full_status(self._full), self._full_told
            self._full_told = full
            return full if full != told else b""
        block = self._printer.automatic()
        if not self._asb or block == self._asb_told:
            return b""
        self._asb_told = block
        return block

    def _real_time(self, command: esc.Command) -> bytes:
        match command:
            case esc.RealTimeQuery(n=n):
                return self._printer.real_time(n)
            case esc.ClearBuffers() | esc.Recover(n=2):
                self._forget()
                self._printer.recover()
            case esc.Recover():
                self._printer.recover()
        return b""

    def _in_order(self, command: esc.Command) -> bytes:
        match command:
            case esc.Picture():
                self._flush_text()
                self._strips.append(_picture(command))
                return self._obeyed_in(command.data)
            case esc.StorePicture(picture=picture):
                self._stored = picture
            case esc.PrintStored() if self._stored is not None:
                self._strips.append(_picture(self._stored))
            case esc.Feed(lines=lines, dots=dots):
                self._flush_text()
                self._strips.append(Image.new("1", (8, max(1, lines * LINE_DOTS + dots)), 1))
            case esc.Cut():
                self._begin_cut()
            case esc.Characters(raw=raw):
                self._text += raw
                self._flush_text(lines_only=True)
            case esc.Unknown(raw=raw):
                self._printer.unknown_bytes += len(raw.replace(b"\0", b""))
            case _:
                return self._asked(command)
        return b""

    def _asked(self, command: esc.Command) -> bytes:
        printer = self._printer
        match command:
            case esc.Ejector(n=3):
                printer.present()
            case esc.Ejector(n=2) | esc.Ejector(n=5):
                printer.take()
            case esc.Ejector(n=6) if printer.presents:
                return bytes((printer.ejector(),))
            case esc.FullStatusMode(n=n) if printer.kiosk:
                self._full, self._full_told = n & 0x0F, b""
                return self._automatic()
            case esc.HardReset() if printer.kiosk:
                printer.restart()
                self._reset()
            case esc.AutomaticStatusMode(n=n):
                self._asb = n != 0
                self._asb_told = b""
                return self._automatic()
            case esc.StatusInOrder(n=n) if n in (1, 0x31) and printer.barrier:
                return bytes((0x03 if "paper_near_end" in printer.faults else 0x00,))
            case esc.ProcessId(digits=digits) if printer.process_id:
                return b"\x37\x22" + digits + b"\x00"
            case esc.IdentityQuery(n=0x42):
                return b"\x5f" + printer.maker.encode() + b"\x00"
            case esc.IdentityQuery(n=0x43):
                return b"\x5f" + printer.model.encode() + b"\x00"
            case esc.Initialise():
                self._text = b""
        return b""

    def _obeyed_in(self, data: bytes) -> bytes:
        """Real-time commands are obeyed wherever they stand, in a picture too: hosts must keep them out of there."""
        answer = b""
        for found in REAL_TIME_IN_DATA.finditer(data):
            if found[1]:
                answer += self._printer.real_time(found[1][0])
            else:
                self._forget()
        return answer

    def _begin_cut(self) -> None:
        self._flush_text()
        self._cutting = self._paper()
        self._strips.clear()
        self._cut_left_s = self._printer.seconds_per_ticket
        if self._cut_left_s <= 0:
            self._drop_ticket()

    def _drop_ticket(self) -> None:
        assert self._cutting is not None
        picture, self._cutting = self._cutting, None
        self._printer.cut_off(picture)
        if not self._printer.kiosk:
            self._printer.present()  # a mouth that presents by itself; Custom's waits for GS e

    def _paper(self) -> Image.Image:
        width = self._printer.width_dots
        paper = Image.new("1", (width, max(1, sum(strip.height for strip in self._strips))), 1)
        y = 0
        for strip in self._strips:
            paper.paste(strip, (0, y))
            y += strip.height
        return paper

    def _flush_text(self, *, lines_only: bool = False) -> None:
        """Text in the printer's own characters, drawn plainly: hosts other than ours print some."""
        while b"\n" in self._text or (self._text and not lines_only):
            line, _, self._text = self._text.partition(b"\n")
            strip = Image.new("1", (self._printer.width_dots, LINE_DOTS), 1)
            text = line.decode("gb18030", "replace").strip("\r")
            if text:
                ImageDraw.Draw(strip).text((0, TEXT_DOTS), text, font=fonts.cjk(TEXT_DOTS), fill=0, anchor="ls")
            self._strips.append(strip)


def _picture(command: esc.Picture) -> Image.Image:
    """1-bit rows, 1 = black, as a picture."""
    inverted = bytes(byte ^ 0xFF for byte in command.data)
    return Image.frombytes("1", (command.width_bytes * 8, command.rows), inverted)
