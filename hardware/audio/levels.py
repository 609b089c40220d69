"""How loud a recording is, where it begins and ends, and the same made even. Pure.

Loudness is K-weighted and gated as ITU-R BS.1770-4 has it, with one difference that the length of a syllable forces:
blocks of 100 ms every 25 ms instead of 400 ms every 100 ms. On a steady tone both give the same value.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import mul

from hardware.audio.clip import FULL, RATE, BadClip, Wave

LOUDNESS_LUFS = -18.0
"""What every clip is brought to."""
PEAK_DBFS = -1.0
"""Never louder than this: a clip with high peaks stays below the loudness rather than being clipped."""
WINDOW_MS = 5
SILENCE_DB = -26.0
"""Below the clip's own peak: quieter is silence, the long tail of a syllable said alone."""
KEEP_MS = 10
"""Silence left at the ends of a clip, so that no consonant is bitten off."""
CLICK_MS = 25
"""A sound shorter than this that stands alone is a switch or a mouth, not speech."""
BRIDGE_MS = 120
"""Silence inside speech: the closure of a plosive, the seam of two words."""
LOWEST_DB = -96.0

_STEP = RATE // 40
_BLOCK = 4
# The two filters of BS.1770-4 at 48 kHz, tables 1 and 2: a shelf for the head, then a high pass.
_SHELF = (1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585)
_HIGH_PASS = (1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621)


def decibels(share: float) -> float:
    """Of an amplitude, relative to 1."""
    return max(LOWEST_DB, 20 * math.log10(share)) if share > 0 else LOWEST_DB


def peak_dbfs(samples: Sequence[int]) -> float:
    """The highest sample."""
    return decibels(max(max(samples, default=0), -min(samples, default=0)) / FULL)


def _weighted(samples: Sequence[int]) -> list[float]:
    """Through both filters; one loop, because a clip has tens of thousands of samples."""
    b0, b1, b2, a1, a2 = _SHELF
    _, _, _, c1, c2 = _HIGH_PASS
    s1 = s2 = t1 = t2 = 0.0
    out = []
    for sample in samples:
        x = sample / FULL
        y = b0 * x + s1
        s1 = b1 * x - a1 * y + s2
        s2 = b2 * x - a2 * y
        z = y + t1
        t1 = -2.0 * y - c1 * z + t2
        t2 = y - c2 * z
        out.append(z)
    return out


def loudness_lufs(clip: Wave) -> float:
    """Gated loudness; pauses and tails do not count."""
    weighted = _weighted(clip.samples)
    parts = [weighted[i : i + _STEP] for i in range(0, len(weighted), _STEP)]
    sums = [sum(map(mul, part, part)) for part in parts]
    blocks = [
        sum(sums[i : i + _BLOCK]) / sum(map(len, parts[i : i + _BLOCK])) for i in range(max(1, len(sums) - _BLOCK + 1))
    ] if sums else []  # fmt: skip
    heard = [power for power in blocks if _lufs(power) > -70.0]
    if not heard:
        return LOWEST_DB
    gate = _lufs(sum(heard) / len(heard)) - 10.0
    heard = [power for power in heard if _lufs(power) > gate]
    return _lufs(sum(heard) / len(heard))


def _lufs(power: float) -> float:
    return -0.691 + 10 * math.log10(power) if power > 0 else LOWEST_DB


@dataclass(frozen=True)
class Extent:
    """Where the speech of a recording lies, in samples, and how quiet the rest is."""

    start: int
    end: int
    noise_dbfs: float
    """Loudest of the quiet tenth outside the speech; `LOWEST_DB` where nothing lies outside."""
    longest_gap_ms: float
    """The longest silence inside."""


def extent(clip: Wave) -> Extent:
    """Finds the speech. Raises BadClip for nothing but silence."""
    window = RATE * WINDOW_MS // 1000
    peaks = [
        max(max(part), -min(part))
        for part in (clip.samples[i : i + window] for i in range(0, len(clip.samples), window))
    ]
    floor = max(peaks, default=0) * 10 ** (SILENCE_DB / 20)
    runs = _runs([i for i, peak in enumerate(peaks) if peak > floor], apart=BRIDGE_MS // WINDOW_MS)
    speech = [run for run in runs if (run[1] - run[0] + 1) * WINDOW_MS >= CLICK_MS]
    if not speech or max(peaks) < FULL * 10 ** (-60 / 20):
        raise BadClip("nothing but silence")
    first, last = speech[0][0], speech[-1][1]
    outside = sorted(peaks[: max(0, first - 4)] + peaks[last + 5 :])
    gaps = [(later[0] - earlier[1] - 1) * WINDOW_MS for earlier, later in pairwise(speech)]
    noise = outside[len(outside) // 10] if outside else 0
    return Extent(first * window, (last + 1) * window, decibels(noise / FULL), float(max(gaps, default=0)))


def _runs(places: list[int], *, apart: int) -> list[tuple[int, int]]:
    """Neighbouring places as runs; those closer than `apart` are one."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and place - runs[-1][1] <= apart:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs


def trimmed(clip: Wave) -> Wave:
    """Without the silence and the clicks at both ends. Raises BadClip for nothing but silence."""
    found, keep = extent(clip), RATE * KEEP_MS // 1000
    return Wave(clip.samples[max(0, found.start - keep) : found.end + keep])


def levelled(clip: Wave) -> Wave:
    """At the common loudness, or as near as its peaks allow."""
    by_loudness = LOUDNESS_LUFS - loudness_lufs(clip)
    return louder(clip, min(by_loudness, PEAK_DBFS - peak_dbfs(clip.samples)))


def louder(clip: Wave, db: float) -> Wave:
    """By so many decibels; whatever would exceed full scale is held at it."""
    gain = 10 ** (db / 20)
    return Wave(array("h", [max(-FULL, min(FULL, int(sample * gain))) for sample in clip.samples]))


def clipped_samples(clip: Wave) -> int:
    """Samples in runs of three or more at the highest value: the recorder was set too loud."""
    top = max(max(clip.samples, default=0), -min(clip.samples, default=0))
    if top < FULL * 0.5:
        return 0
    found = run = 0
    for sample in clip.samples:
        if abs(sample) >= top - 1:
            run += 1
            found += 3 if run == 3 else (1 if run > 3 else 0)
        else:
            run = 0
    return found
