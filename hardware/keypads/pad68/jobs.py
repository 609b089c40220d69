"""Jobs of a shared line beside those of `hardware.keypads.jobs`."""

from __future__ import annotations

from dataclasses import dataclass

from hardware.keypads.jobs import PadJob
from hardware.keypads.pad68.codec import Frame


@dataclass(frozen=True, slots=True)
class Carry:
    """A frame of somebody else's making (`hall-device serve`)."""

    frame: Frame


@dataclass(frozen=True, slots=True)
class OnPad:
    """A job for one pad of a line with several."""

    addr: int
    job: PadJob | Carry
