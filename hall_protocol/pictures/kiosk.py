"""A kiosk `kiosk:NAME`. What changes slowly is in `GET /catalogue`; this is what moves."""

import msgspec

from ..ids import PRIORITY_CLASSES
from . import Evacuation, HallFace, Notice, Picture
from .wall import WallCall, WallLine


class Patience(Picture, kw_only=True):
    """Seconds a kiosk waits for a touch, and then asks before it wipes; slow is large print or voice."""

    idle_s: int = 30
    ring_s: int = 10
    slow_idle_s: int = 60
    slow_ring_s: int = 20


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
    patience: Patience = msgspec.field(default_factory=Patience)
    block_size: int = 20
    """Numbers to keep aside per line for the time the server is away."""
    priority_classes: list[str] = msgspec.field(default_factory=lambda: list(PRIORITY_CLASSES))
    """Classes a visitor may choose; `ordinary` is always there."""
    elder_age: int = 60
    other_kiosks: list[str]
    """Names of kiosks that can print now."""
