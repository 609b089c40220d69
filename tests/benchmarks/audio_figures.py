"""Figures of the calling voice: reading and preparing recordings, joining one call.

    python -m tests.benchmarks.audio_figures

The recordings are tones of a syllable's length; what they say makes no difference to the time.
"""

from __future__ import annotations

import math
import tempfile
import time
import wave
from array import array
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from hardware.audio import spelling
from hardware.audio.clip import FULL, RATE, Wave, read_wav, silence
from hardware.audio.folder import ClipFolder
from hardware.audio.joining import announcement, joined, prepared
from hardware.audio.levels import loudness_lufs

from .bench import Figure
from .load import at_share

CALLS = 60
GOAL_JOIN_MS = 50
READ_BYTES = 4_000_000


def figures() -> list[Figure]:
    """Every row about the voice."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for i, name in enumerate(sorted(spelling.vocabulary())):
            (folder / f"{name}.wav").write_bytes(syllable(150 + 5 * i).to_wav())
        return [*_joining(ClipFolder(folder)), _preparing(), *_reading(), _measuring()]


def syllable(hertz: float) -> Wave:
    """As long as a recorded syllable, with the silence around it."""
    n = int(0.45 * RATE)
    tone = (int(0.4 * FULL * math.sin(math.pi * i / n) * math.sin(2 * math.pi * hertz * i / RATE)) for i in range(n))
    return Wave(silence(300) + array("h", tone) + silence(300))


def _joining(folder: ClipFolder) -> list[Figure]:
    parts = spelling.call_phrases("A012", "3", again=False)
    sentence, _ = spelling.resolve(parts, folder.available())
    chime = syllable(880)
    joined(sentence, folder.clip)
    times = _times(CALLS, lambda: joined(sentence, folder.clip))
    whole = _times(CALLS // 2, lambda: announcement(chime, [joined(sentence, folder.clip)] * 2))
    p50, p99 = at_share(times, 0.5), at_share(times, 0.99)
    return [
        Figure(
            f"join one call of {len(sentence)} syllables, p99", p99, "ms", goal=f"<= {GOAL_JOIN_MS} ms",
            reached=p99 <= GOAL_JOIN_MS, note=f"p50 {p50:.1f} ms, on a thread of its own",
        ),
        Figure("the same with chime and twice, p50", at_share(whole, 0.5), "ms"),
    ]  # fmt: skip


def _times(count: int, act: Callable[[], object]) -> list[float]:
    """Milliseconds of each, sorted."""
    times = []
    for _ in range(count):
        begun = time.perf_counter()
        act()
        times.append((time.perf_counter() - begun) * 1000)
    return sorted(times)


def _preparing() -> Figure:
    clip = syllable(220)
    times = _times(10, lambda: prepared("cmn-ling2", clip, final=False))
    return Figure("trim, pace and level one syllable, p50", at_share(times, 0.5), "ms", note="once, then kept")


def _reading() -> list[Figure]:
    rows = []
    for what, width, channels, rate in (("16 bit mono 48 kHz", 2, 1, 48_000), ("24 bit stereo 44.1 kHz", 3, 2, 44_100)):
        stream, frame = BytesIO(), width * channels
        seconds = min(50, READ_BYTES // (frame * rate))
        with wave.open(stream, "wb") as out:
            out.setparams((channels, width, rate, 0, "NONE", ""))
            out.writeframes(bytes(range(1, 1 + frame)) * (rate * seconds))
        data = stream.getvalue()
        best = min(_times(3, lambda data=data: read_wav(data)))  # type: ignore[misc]
        rows.append(Figure(f"read WAV, {what}", len(data) / 1000 / best, "MB/s"))
    return rows


def _measuring() -> Figure:
    clip = Wave(syllable(220).samples * 10)
    taken = min(_times(3, lambda: loudness_lufs(clip)))
    return Figure("measure loudness (BS.1770)", clip.seconds * 1000 / taken, "x real time")


if __name__ == "__main__":
    from .bench import line_of

    for row in figures():
        print(line_of(row), flush=True)
