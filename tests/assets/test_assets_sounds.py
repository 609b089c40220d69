"""Sounds: as their script makes them, small, never clipping, and saying by pitch what they mean."""

from __future__ import annotations  # array[int] is a subscript only from Python 3.12

import runpy
import sys
import wave
from array import array
from pathlib import Path

import pytest

import assets

MAKE = runpy.run_path(str(assets.path("sounds", "make.py")))
NAMES = ("tap", "stored", "fault", "chime")


def read(file: Path) -> array[int]:
    """Samples of a WAV file that must be 16-bit mono at 22.05 kHz."""
    with wave.open(str(file)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, 22_050)
        samples = array("h", sound.readframes(sound.getnframes()))
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def pitch_hz(samples: array[int]) -> float:
    """Pitch by upward zero crossings; the overtones here are too weak to add any."""
    crossings = [i for i in range(1, len(samples)) if samples[i - 1] < 0 <= samples[i]]
    return (len(crossings) - 1) * 22_050 / (crossings[-1] - crossings[0])


def part(name: str, from_s: float, to_s: float) -> array[int]:
    return read(assets.path("sounds", f"{name}.wav"))[round(from_s * 22_050) : round(to_s * 22_050)]


def test_the_files_are_what_the_script_makes(tmp_path: Path):
    assert sorted(file.name for file in MAKE["write"](tmp_path)) == sorted(f"{name}.wav" for name in NAMES)
    for name in NAMES:
        made, kept = read(tmp_path / f"{name}.wav"), read(assets.path("sounds", f"{name}.wav"))
        assert len(made) == len(kept)
        assert all(abs(one - other) <= 1 for one, other in zip(made, kept, strict=True)), name


@pytest.mark.parametrize("name", NAMES)
def test_a_sound_begins_and_ends_in_silence_and_does_not_clip(name: str):
    samples = read(assets.path("sounds", f"{name}.wav"))
    assert max(map(abs, samples)) <= 0.72 * 32_767
    assert max(map(abs, samples)) >= 0.65 * 32_767
    assert abs(samples[0]) < 330
    assert max(map(abs, samples[-20:])) < 330, "cut off: this clicks"


def test_stored_rises_fault_falls_and_the_tap_is_short():
    assert pitch_hz(part("stored", 0, 0.13)) == pytest.approx(784, rel=0.03)
    assert pitch_hz(part("stored", 0.18, 0.35)) == pytest.approx(1046.5, rel=0.03)
    assert pitch_hz(part("fault", 0, 0.15)) == pytest.approx(880, rel=0.03)
    assert pitch_hz(part("fault", 0.2, 0.35)) == pytest.approx(523.25, rel=0.03)
    assert len(read(assets.path("sounds", "tap.wav"))) / 22_050 == pytest.approx(0.030, abs=0.001)


def test_the_sounds_are_small():
    assert sum(assets.path("sounds", f"{name}.wav").stat().st_size for name in NAMES) < 150_000
