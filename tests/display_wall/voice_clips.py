"""Recordings for the wall's tests: tones of known length."""

from __future__ import annotations

import math
from array import array
from pathlib import Path

from hardware.audio.clip import FULL, RATE, Wave, silence


def tone(milliseconds: float, *, hertz: float = 440, around: float = 0) -> Wave:
    """A tone between silences."""
    n = int(RATE * milliseconds / 1000)
    samples = array("h", (int(0.5 * FULL * math.sin(2 * math.pi * hertz * i / RATE)) for i in range(n)))
    return Wave(silence(around) + samples + silence(around))


def record(folder: Path, *names: str, milliseconds: float = 180) -> None:
    """Recordings of those names."""
    folder.mkdir(parents=True, exist_ok=True)
    for i, name in enumerate(names):
        (folder / f"{name}.wav").write_bytes(tone(milliseconds, hertz=300 + 20 * (i % 40), around=50).to_wav())
