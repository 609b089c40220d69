"""Recordings made alike, and many of them joined into one sentence. Pure.

Where one clip follows another closely its beginning is laid over the fading end of the one before: a consonant is never
faded in, so no plosive is lost. Everything else stands apart by a pause: short between phrases, longer at the comma.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Sequence

from hardware.audio import spelling
from hardware.audio.clip import RATE, Wave, silence
from hardware.audio.levels import below_peak, levelled, trimmed
from hardware.audio.spelling import Said
from hardware.audio.tempo import in_sentence

OVERLAP_MS = 30
"""Of two clips without a pause between them (devices.md 12: 20 to 40)."""
PAUSED_MS = 100
"""From this pause on a syllable before it is said as the last one of its phrase."""
CHIME_MS = 200
"""Between chime and phrase."""
REPEAT_MS = 600
"""Between the two times a phrase is said."""
DECLICK_MS = 2


def prepared(name: str, clip: Wave, *, final: bool) -> Wave:
    """One recording as it enters a sentence: trimmed, a syllable in its place's length, at the common loudness.

    Raises BadClip for a clip of nothing but silence.
    """
    clip = trimmed(clip)
    if name.startswith(spelling.PREFIX):
        clip = in_sentence(clip, tone=name[-1], final=final)
    return levelled(clip)


def placed(sentence: Sequence[Said]) -> list[tuple[Said, bool]]:
    """Each clip with whether a pause or the end follows it."""
    after = [later.pause_ms for later in sentence[1:]] + [math.inf]
    return [(said, pause >= PAUSED_MS) for said, pause in zip(sentence, after, strict=True)]


def joined(sentence: Sequence[Said], clip: Callable[[str, bool], Wave]) -> Wave:
    """A sentence as one sound; `clip(name, final)` gives the prepared recordings."""
    out = array("i")  # wide enough for two clips over each other; turned down as a whole at the end
    for said, final in placed(sentence):
        samples = clip(said.name, final).samples
        if out and said.pause_ms <= 0:
            _lay_over(out, samples)
        else:
            out.extend(array("i", silence(said.pause_ms if out else 0)))
            out.extend(array("i", samples))
    return below_peak(out)


def _lay_over(out: array[int], samples: array[int]) -> None:
    """Appends `samples`, the first of them over the fading end of `out`."""
    span = min(RATE * OVERLAP_MS // 1000, len(out), len(samples) // 2)
    soft = RATE * DECLICK_MS // 1000
    base = len(out) - span
    for i in range(span):
        fading = out[base + i] * (0.5 + 0.5 * math.cos(math.pi * (i + 1) / (span + 1)))
        out[base + i] = int(fading + samples[i] * min(1.0, (i + 1) / soft))
    out.extend(array("i", samples[span:]))


def announcement(chime: Wave | None, phrases: Sequence[Wave]) -> Wave:
    """Chime first, then each phrase after a breath."""
    out = array("h")
    if chime is not None:
        out.extend(chime.samples)
    for turn, phrase in enumerate(phrases):
        out.extend(silence(REPEAT_MS if turn else CHIME_MS) if out else ())
        out.extend(phrase.samples)
    return Wave(out)
