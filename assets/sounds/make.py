"""Makes the hall's four sounds, so that nobody's recording is in the project: `python assets/sounds/make.py [FOLDER]`.

A sound is notes, one after another or overlapping; a note is a sine with two overtones that rises in 4 ms and dies away
like a struck bar. 16-bit mono at 22.05 kHz is enough for a counter hall's loudspeaker and is played by every player.
"""

from __future__ import annotations  # array[int] is a subscript only from Python 3.12

import math
import sys
import wave
from array import array
from pathlib import Path
from typing import NamedTuple

RATE_HZ = 22_050
PEAK = 0.7
"""Loudest sample of each sound, of full scale: the volume is a setting, no file may clip."""
RISE_S = 0.004
OVERTONES = ((1, 1.0), (2, 0.30), (3, 0.12))


class Note(NamedTuple):
    """One struck note: when it begins, its pitch, how long it is heard, and the time in which it falls to 1/e."""

    at_s: float
    pitch_hz: float
    length_s: float
    decay_s: float


C5, E5, G5, A5, C6, E6 = 523.25, 659.26, 783.99, 880.00, 1046.50, 1318.51

SOUNDS = {
    # a tick under the finger
    "tap": [Note(0.0, E6, 0.030, 0.008)],
    # "your number is kept": two rising notes
    "stored": [Note(0.0, G5, 0.16, 0.10), Note(0.14, C6, 0.34, 0.12)],
    # "this did not work": two falling notes
    "fault": [Note(0.0, A5, 0.18, 0.12), Note(0.18, C5, 0.40, 0.14)],
    # before a call: three notes of a chord, long enough to look up
    "chime": [Note(0.0, G5, 0.50, 0.22), Note(0.30, E5, 0.55, 0.24), Note(0.62, C5, 0.80, 0.28)],
}


def samples(notes: list[Note]) -> array[int]:
    """The notes mixed, as signed 16-bit samples whose loudest is `PEAK`."""
    mixed = [0.0] * math.ceil(max(note.at_s + note.length_s for note in notes) * RATE_HZ)
    for note in notes:
        first = round(note.at_s * RATE_HZ)
        for i in range(round(note.length_s * RATE_HZ)):
            mixed[first + i] += _loudness(note, i / RATE_HZ) * _swing(note.pitch_hz, i / RATE_HZ)
    loudest = max(map(abs, mixed))
    return array("h", (round(value / loudest * PEAK * 32_767) for value in mixed))


def _swing(pitch_hz: float, t_s: float) -> float:
    return sum(share * math.sin(math.tau * pitch_hz * n * t_s) for n, share in OVERTONES)


def _loudness(note: Note, t_s: float) -> float:
    """Rise, decay, and a last fifth that goes down to nothing: a sound cut off is a click."""
    fade = min(1.0, (note.length_s - t_s) / (note.length_s / 5))
    return min(1.0, t_s / RISE_S) * math.exp(-t_s / note.decay_s) * fade


def write(folder: Path) -> list[Path]:
    """Writes every sound as `NAME.wav` into `folder` and returns the files."""
    files = []
    for name, notes in SOUNDS.items():
        sound = samples(notes)
        if sys.byteorder == "big":
            sound.byteswap()
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE_HZ)
            file.writeframes(sound.tobytes())
        files.append(folder / f"{name}.wav")
    return files


if __name__ == "__main__":
    for made in write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent):
        sys.stdout.write(f"{made}\n")
