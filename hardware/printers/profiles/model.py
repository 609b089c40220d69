"""The values of a profile, with the standard for everything a table does not say."""

from __future__ import annotations

from dataclasses import dataclass, field

from hardware.printers.codec import CUT_PARTIAL, STANDARD_MASKS, Masks


class BadProfile(ValueError):
    """No such profile, or a value in it makes no sense; the text says where."""


@dataclass(frozen=True, slots=True)
class Presenter:
    """The mouth of a kiosk printer that holds the ticket until it is taken. Commands are bytes; b"" is none."""

    present: bytes = b""
    """After the cut: moves the ticket out so far that a hand can take it."""
    eject: bytes = b""
    """Drops a ticket nobody took."""
    retract: bytes = b""
    """Draws it back into the bin."""
    taken_within_s: float = 30.0
    """A ticket that hangs there longer is `ticket_not_taken`."""
    when_left: str = "keep"
    """What to do with it before the next ticket: `keep` (do not print), `eject`, `retract`."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One model of printer."""

    name: str
    title: str = ""
    width_dots: int = 576
    """Dots across: 576 at 80 mm and 203 an inch, 512 at 180 an inch, 384 at 58 mm."""
    dots_per_inch: int = 203
    cut: bytes = CUT_PARTIAL
    """b"" for a printer with a tear bar."""
    feed_lines: int = 4
    """Lines fed before the cut, so that the knife meets white paper."""
    band_rows: int = 255
    picture: str = "raster"
    """`raster` (GS v 0) or `graphics` (GS ( L)."""
    asb: bool = True
    """Whether automatic status is switched on. Never together with `full_status`: their bytes collide."""
    full_status: bool = False
    """Whether DLE EOT 20 is asked instead of DLE EOT 1 to 4 (Custom)."""
    full_auto: int = 0
    """Groups of the full status that are also sent unasked at every change (GS E0 n, KPM300); 0 is none."""
    process_id: str = "probe"
    """`probe` or `never`: some cheap units print the request as text."""
    barrier: bool = True
    status: str = "required"
    """`required`: a printer that does not answer is at fault; `probe`: it may be one that cannot."""
    recover: str = "never"
    """`clear`: an error whose cause was removed is ended by DLE ENQ 2, which forgets what was not printed."""
    buzzer: bytes = b""
    """Sent after a ticket; there is no common command for it."""
    print_mm_per_s: float = 100.0
    presenter: Presenter | None = None
    masks: Masks = field(default_factory=lambda: STANDARD_MASKS)

    def print_time_s(self, rows: int) -> float:
        """How long printing a picture of so many rows takes."""
        return rows / self.dots_per_inch * 25.4 / self.print_mm_per_s
