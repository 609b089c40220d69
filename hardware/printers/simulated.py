"""A printer made of software that speaks true ESC/POS: pictures out, status back, faults on request.

Pictures are put together again from the bands and written as one PNG a ticket (`ticket-0001.png`, …) when the
cutter falls. How one host is answered is in `conversation.py`.
"""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from hardware.health import PRINTER_FAULTS
from hardware.printers.codec import STANDARD_MASKS
from hardware.printers.conversation import PrinterConversation
from hardware.printers.profiles import Profile, named
from hardware.simulation.device import SimulatedDevice

OFFLINE_BY = PRINTER_FAULTS - {"paper_near_end", "ticket_not_taken"}
ERRORS = frozenset({"cutter", "recoverable", "unrecoverable", "head_hot"})
LATCHING = frozenset({"cutter", "recoverable"})
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
        self.masks = dialect.masks if dialect else STANDARD_MASKS
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

    @classmethod
    def made(cls, options: dict[str, str], out: Path | None) -> SimulatedPrinter:
        """As `hall-device simulate printer --option NAME=VALUE` and `sim://?…` name them: `profile` (whose answers it
        gives), `seconds-per-ticket`, `taken-after` (seconds until a visitor takes the ticket), `latches` (1: an error
        waits for DLE ENQ)."""
        return cls(
            out=out,
            dialect=named(options["profile"]) if "profile" in options else None,
            seconds_per_ticket=float(options.get("seconds-per-ticket", "0")),
            taken_after_s=float(options.get("taken-after", "2")),
            latches=options.get("latches", "0") == "1",
        )

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
        if f"status_{n}" not in self.masks:
            return b""
        error = 0x40 if n == 2 and self._seen() & ERRORS else 0
        return bytes((0x12 | self._bits(f"status_{n}") | error,))

    def automatic(self) -> bytes:
        """The automatic status block of this moment."""
        return bytes((0x10 | self._bits("asb_1"), self._bits("asb_2"), self._bits("asb_3"), 0x00))

    def _bits(self, word: str) -> int:
        """The bits of a status word as the profile's masks have them. Without paper it is near its end too."""
        present = self._seen()
        if self.off_line:
            present = present | {"offline"}
        if "paper_out" in present:
            present = present | {"paper_near_end"}
        if self.in_mouth:
            present = present | {"ticket_not_taken"}
        value = 0
        for mask, fault in self.masks.get(word, ()):
            value |= mask if fault in present else 0
        return value

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
