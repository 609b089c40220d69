"""The managers' picture `manager`."""

from . import DeviceState, Evacuation, HallFace, Notice, Picture
from .wall import Alert, Figures, WallCounter, WallLine


class HelpRequest(Picture, kw_only=True):
    """Somebody at a kiosk asked for a person."""

    id: str
    device: str
    name: str
    at: str
    language: str | None = None
    screen: str | None = None


class ManagerPicture(Picture, kw_only=True):
    """The hall in one look."""

    hall: HallFace
    figures: Figures
    lines: dict[str, WallLine]
    counters: dict[str, WallCounter]
    alerts: list[Alert]
    """Red first, then yellow, then by age."""
    help: list[HelpRequest]
    devices: dict[str, DeviceState]
    notices: list[Notice]
    evacuation: Evacuation | None = None
    stale_since: str | None = None
    head_seq: int
