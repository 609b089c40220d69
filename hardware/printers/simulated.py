"""A printer made of software that speaks true ESC/POS: pictures out, status back, faults on request.

Pictures are put together again from the bands and written as one PNG a ticket (`ticket-0001.png`, …) when the
cutter falls. Commands are answered like a real unit: real-time ones at once, the others in order, and not at all
while off-line (measured on emupos and told by better manuals: docs/devices.md).
"""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from hardware import fonts
from hardware.health import PRINTER_FAULTS
from hardware.printers import commands as esc
from hardware.printers.profiles import Profile
from hardware.simulation.device import SimulatedDevice

OFFLINE_BY = PRINTER_FAULTS - {"paper_near_end", "ticket_not_taken"}
LATCHING = frozenset({"cutter", "recoverable"})
REAL_TIME_IN_DATA = re.compile(rb"\x10(?:\x04([\x01-\x04])|\x05\x02)")
LINE_DOTS = 30
TEXT_DOTS = 24
TICKETS_KEPT = 200
"""Pictures kept in memory; files stay."""


@dataclass(frozen=True, slots=True)
class PrintedTicket:
    """One paper that was cut off."""

    number: int
    picture: Image.Image
    path: Path | None


class SimulatedPrinter(SimulatedDevice):
    """State shared by all connections: the roll, the knife, the sensors, the mouth.

    `dialect` is the profile whose answers it gives: Custom's with `full_status`, Epson's with the rest. `latches`: an
    error stays after its cause was cleared until the host sends DLE ENQ.
    """

    kind = "printer"
    own_faults = PRINTER_FAULTS
    commands = SimulatedDevice.commands + " | take | restart"

    def __init__(
        self,
        *,
        out: Path | None = None,
        width_dots: int = 576,
        seconds_per_ticket: float = 0.0,
        process_id: bool = True,
        barrier: bool = True,
        dialect: Profile | None = None,
        latches: bool = False,
        taken_after_s: float = 2.0,
        on_ticket: Callable[[PrintedTicket], None] | None = None,
    ) -> None:
        super().__init__()
        self.width_dots = dialect.width_dots if dialect else width_dots
        self.seconds_per_ticket = seconds_per_ticket
        self.kiosk = dialect is not None and dialect.full_status
        self.process_id = process_id and not self.kiosk
        self.barrier = barrier
        self.presents = dialect is not None and dialect.presenter is not None
        self.mouth_in_status = dialect.masks if self.presents and dialect and not self.kiosk else None
        self.taken_after_s = taken_after_s
        self.in_mouth = False
        self._in_mouth_since: float | None = None
        self.latches = latches
        self._latched: set[str] = set()
        self.maker, self.model = ("Counterhall", dialect.name) if dialect else ("Counterhall", "Simulated 80")
        self.tickets: deque[PrintedTicket] = deque(maxlen=TICKETS_KEPT)
        self.printed = 0
        self.unknown_bytes = 0
        self.power_cycles = 0
        self._out = out
        self._on_ticket = on_ticket
        if self.kiosk:
            self.own_faults = PRINTER_FAULTS - {"offline"}  # no bit of the full status says it
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            self.printed = _highest_number(out)

    def open_conversation(self) -> PrinterConversation:
        return PrinterConversation(self)

    @property
    def off_line(self) -> bool:
        """Whether it takes no data now."""
        return bool((self.faults | self._latched) & OFFLINE_BY)

    def status(self) -> dict[str, object]:
        more = {"printed": self.printed, "unknown_bytes": self.unknown_bytes}
        return {**super().status(), **more, "in_mouth": self.in_mouth}

    def own_command(self, words: list[str]) -> str:
        match words:
            case ["take"]:
                with self.lock:
                    self.take()
                return "ok"
            case ["restart"]:
                self.restart()
                return "ok"
        return super().own_command(words)

    def faults_changed(self) -> None:
        if self.latches:
            self._latched |= self.faults & LATCHING
        if self.presents and "ticket_not_taken" in self.faults:
            self.in_mouth = True

    def recover(self) -> None:
        """DLE ENQ: an error whose cause is gone is over. It removes no cause."""
        self._latched &= self.faults

    def restart(self) -> None:
        """Switched off and on: every buffer is forgotten, automatic status is off, paper already out stays out."""
        with self.lock:
            self.power_cycles += 1
            self._latched.clear()

    # -- the mouth ----------------------------------------------------------------------------------------------

    def present(self) -> None:
        """The presenter holds the ticket out."""
        if self.presents:
            self.in_mouth, self._in_mouth_since = True, None

    def take(self) -> None:
        """A hand takes the ticket, or it is dropped or drawn back."""
        self.in_mouth = False
        self.faults.discard("ticket_not_taken")

    def tick(self, now: float) -> None:
        """A visitor takes the ticket after a moment, unless nobody does."""
        if not self.in_mouth or "ticket_not_taken" in self.faults:
            return
        if self._in_mouth_since is None:
            self._in_mouth_since = now
        if now - self._in_mouth_since >= self.taken_after_s:
            self.take()

    # -- sensors ------------------------------------------------------------------------------------------------

    def _seen(self) -> set[str]:
        return self.faults | self._latched

    def real_time(self, n: int) -> bytes:
        """The answer to DLE EOT n, b"" for an n it does not know."""
        if n == 20 and self.kiosk:
            return self.full_status()
        seen = self._seen()
        has = seen.__contains__
        match n:
            case 1:
                return bytes((0x12 | 0x08 * self.off_line,))
            case 2:
                error = bool(seen & {"cutter", "recoverable", "unrecoverable", "head_hot"})
                return bytes((0x12 | 0x04 * has("cover_open") | 0x20 * has("paper_out") | 0x40 * error,))
            case 3:
                return bytes((0x12 | self._errors(),))
            case 4:
                near = has("paper_near_end") or has("paper_out")
                if self.mouth_in_status:
                    return bytes((0x12 | 0x0C * near | 0x20 * has("paper_out") | 0x40 * self.in_mouth,))
                return bytes((0x12 | 0x0C * near | 0x60 * has("paper_out"),))
        return b""

    def automatic(self) -> bytes:
        """The automatic status block of this moment."""
        has = self._seen().__contains__
        near = has("paper_near_end") or has("paper_out")
        first = 0x10 | 0x08 * self.off_line | 0x20 * has("cover_open")
        return bytes((first, self._errors(), 0x03 * near | 0x0C * has("paper_out"), 0x00))

    def full_status(self, groups: int = 0x0F) -> bytes:
        """Custom's full status of this moment: `10 n` and a byte for each bit of n."""
        has = self._seen().__contains__
        near = has("paper_near_end") or has("paper_out")
        values = (
            0x01 * has("paper_out") | 0x04 * near | 0x20 * self.in_mouth,
            0x02 * has("cover_open"),
            0x01 * has("head_hot") | 0x20 * has("recoverable"),
            0x01 * has("cutter") | 0x04 * has("unrecoverable"),
        )
        return bytes((0x10, groups, *(value for bit, value in enumerate(values) if groups >> bit & 1)))

    def ejector(self) -> int:
        """Custom's ejector status."""
        has = self._seen().__contains__
        return 0x02 * has("paper_near_end") | 0x04 * has("paper_out") | 0x08 * self.in_mouth

    def _errors(self) -> int:
        has = self._seen().__contains__
        mild, cutter = 0x04 * has("recoverable"), 0x08 * has("cutter")
        return mild | cutter | 0x20 * has("unrecoverable") | 0x40 * has("head_hot")

    # -- paper --------------------------------------------------------------------------------------------------

    def cut_off(self, picture: Image.Image) -> None:
        """A ticket falls into the tray."""
        self.printed += 1
        path = None
        if self._out is not None:
            path = self._out / f"ticket-{self.printed:04d}.png"
            temporary = path.with_suffix(".part")
            picture.save(temporary, format="PNG", optimize=False)
            os.replace(temporary, path)
        ticket = PrintedTicket(number=self.printed, picture=picture, path=path)
        self.tickets.append(ticket)
        if self._on_ticket is not None:
            self._on_ticket(ticket)


def _highest_number(folder: Path) -> int:
    numbers = [re.fullmatch(r"ticket-(\d+)\.png", path.name) for path in folder.iterdir()]
    return max((int(found[1]) for found in numbers if found), default=0)


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
        if self._printer.mouth_in_status:
            self._printer.present()

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
