"""Syllables said alone as parts of a sentence: shorter, the third tone without its rise; the pitch stays. Pure.

A syllable recorded alone lasts 0.25 to 0.8 s; in a spoken call it lasts a quarter of a second, a little more before a
pause. A third tone before another syllable has no final rise (half third). Shortened by overlap-add at the place where
two waves fit best (WSOLA, Verhelst and Roelands 1993), so that the melody, which is the tone, is kept.
"""

from __future__ import annotations

import math
from array import array
from operator import mul

from hardware.audio.clip import RATE, Wave

INSIDE_S = 0.27
"""A syllable with another one close behind it."""
FINAL_S = 0.38
"""One before a pause or at the end."""
SHORTEST_SHARE = 0.6
"""Never shorter than this share of what was recorded: speech turns to chirps below."""
HALF_THIRD_SHARE = 0.62
"""How much of a third tone is said before another syllable: it falls and stays low."""
FADE_MS = 40
_FRAME = RATE // 50
_HOP = _FRAME // 2
_SEARCH = RATE // 200
_COARSE = 6


def in_sentence(clip: Wave, *, tone: str, final: bool) -> Wave:
    """A trimmed syllable as it is said inside a sentence; `tone` is its digit."""
    if tone == "3" and not final:
        clip = faded(Wave(clip.samples[: int(len(clip.samples) * HALF_THIRD_SHARE)]))
    wanted = FINAL_S if final else INSIDE_S
    share = max(SHORTEST_SHARE, wanted / clip.seconds) if clip.seconds else 1.0
    return clip if share > 0.97 else faded(shortened(clip, share))


def faded(clip: Wave) -> Wave:
    """The end fades."""
    samples = array("h", clip.samples)
    span = min(len(samples), RATE * FADE_MS // 1000)
    base = len(samples) - span
    for i in range(span):
        samples[base + i] = int(samples[base + i] * (0.5 + 0.5 * math.cos(math.pi * (i + 1) / span)))
    return Wave(samples)


def shortened(clip: Wave, share: float) -> Wave:
    """Lasting `share` (0.5 to 1) of its time, at the same pitch."""
    source, length = clip.samples, len(clip.samples)
    if length < 3 * _FRAME:
        return clip
    window = [0.5 - 0.5 * math.cos(2 * math.pi * i / _FRAME) for i in range(_FRAME)]
    total = int(length * share)
    mixed = [0.0] * (total + _FRAME)
    coarse = source[::_COARSE]
    place = 0
    for at in range(0, total, _HOP):
        if at:
            place = _best(coarse, follows=place + _HOP, near=int(at / share), length=length)
        part = source[place : place + _FRAME]
        rising = 0 if at == 0 else _HOP  # the first frame begins at its full height: a plosive must not fade in
        for i, sample in enumerate(part):
            mixed[at + i] += sample * (window[i] if i >= _HOP or rising else 1.0)
    return Wave(array("h", [max(-32_767, min(32_767, int(sample))) for sample in mixed[:total]]))


def _best(coarse: array[int], *, follows: int, near: int, length: int) -> int:
    """Where to go on near `near`, so that the wave runs on as it would have at `follows`."""
    span = _FRAME // _COARSE
    model = coarse[follows // _COARSE : follows // _COARSE + span]
    first, last = max(0, near - _SEARCH), min(length - _FRAME, near + _SEARCH)
    if not model or last <= first:
        return max(0, min(near, length - _FRAME))
    places = range(first // _COARSE, last // _COARSE + 1)
    return _COARSE * max(places, key=lambda at: sum(map(mul, model, coarse[at : at + len(model)])))
