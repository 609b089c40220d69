"""A kiosk `kiosk:NAME`. What changes slowly is in `GET /catalogue`; this is what moves."""

from . import Evacuation, HallFace, Notice, Picture
from .wall import WallCall, WallLine


class KioskPicture(Picture, kw_only=True):
    """A kiosk's screen."""

    name: str = ""
    """This kiosk's own name in the hall."""
    hall: HallFace
    lines: dict[str, WallLine]
    top: list[str]
    """Services most used in the last 30 days, best first (12)."""
    calls: list[WallCall]
    """The last calls, for the upper part of the low-reach screen."""
    notices: list[Notice]
    evacuation: Evacuation | None = None
    help_waiting: bool = False
    """A help request of this kiosk has not been answered yet."""
    other_kiosks: list[str]
    """Names of kiosks that can print now."""
