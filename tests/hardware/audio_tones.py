"""Tones that stand in for recordings where only length, level and place matter."""

from __future__ import annotations

import math
from array import array
from pathlib import Path

from hardware.audio.clip import FULL, RATE, Wave, silence


def tone(milliseconds: float, *, level: float = 0.5, hertz: float = 440, before: float = 0, after: float = 0) -> Wave:
    """A tone between silences."""
    n = int(RATE * milliseconds / 1000)
    samples = array("h", (int(level * FULL * math.sin(2 * math.pi * hertz * i / RATE)) for i in range(n)))
    return Wave(silence(before) + samples + silence(after))


def record(folder: Path, *names: str, milliseconds: float = 180) -> None:
    """Recordings of those names."""
    folder.mkdir(parents=True, exist_ok=True)
    for i, name in enumerate(names):
        wave = tone(milliseconds, hertz=300 + 20 * (i % 40), before=50, after=50)
        (folder / f"{name}.wav").write_bytes(wave.to_wav())


def pitch_hz(wave: Wave, *, at_s: float, span_s: float = 0.06) -> float:
    """The pitch at a place, by the best repetition between 100 and 500 Hz."""
    step = 6
    part = list(wave.samples[int(at_s * RATE) : int((at_s + span_s) * RATE) : step])
    rate = RATE // step
    lags = range(rate // 500, rate // 100)
    best = max(lags, key=lambda lag: sum(a * b for a, b in zip(part, part[lag:], strict=False)) / (len(part) - lag))
    return rate / best


def level_db(wave: Wave, *, at_s: float, span_s: float = 0.01) -> float:
    """Root mean square of a place, dBFS."""
    part = wave.samples[int(at_s * RATE) : int((at_s + span_s) * RATE)]
    power = sum(s * s for s in part) / max(1, len(part)) / FULL**2
    return 10 * math.log10(power) if power else -120.0
