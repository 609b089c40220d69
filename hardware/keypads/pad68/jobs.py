"""What a `pad68` pad can be told."""

from __future__ import annotations

from dataclasses import dataclass

from hardware.keypads.asking import Ask, Cancel
from hardware.keypads.codec import Staff, Welcome
from hardware.keypads.pad68.codec import Frame


@dataclass(frozen=True, slots=True)
class ShowNumber:
    """The ticket in hand: its last three digits; None when nobody is."""

    number: str | None


@dataclass(frozen=True, slots=True)
class ShowWaiting:
    """How many wait for this counter."""

    waiting: int


@dataclass(frozen=True, slots=True)
class Beep:
    """One beep, or several: the only word these pads have for the result of a key."""

    times: int = 1


@dataclass(frozen=True, slots=True)
class Carry:
    """A frame of somebody else's making, for a line that is shared (`hall-device serve`)."""

    frame: Frame


PadJob = ShowNumber | ShowWaiting | Beep | Carry | Ask | Cancel | Staff | Welcome


@dataclass(frozen=True, slots=True)
class OnPad:
    """A job for one pad of a line with several."""

    addr: int
    job: PadJob
