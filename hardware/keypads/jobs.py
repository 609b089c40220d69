"""What a call pad or a rater can be told, whatever its protocol; one that cannot show it says so in the receipt."""

from __future__ import annotations

from dataclasses import dataclass

from hardware.keypads.asking import Ask, Cancel
from hardware.keypads.codec import Staff, Welcome

__all__ = ["Ask", "Beep", "Cancel", "PadJob", "ShowNumber", "ShowWaiting", "Staff", "Welcome"]


@dataclass(frozen=True, slots=True)
class ShowNumber:
    """The ticket in hand; None when nobody is."""

    number: str | None


@dataclass(frozen=True, slots=True)
class ShowWaiting:
    """How many wait for this counter."""

    waiting: int


@dataclass(frozen=True, slots=True)
class Beep:
    """One beep, or several: the only word some pads have for the result of a key."""

    times: int = 1


PadJob = ShowNumber | ShowWaiting | Beep | Ask | Cancel | Staff | Welcome
