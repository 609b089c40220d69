"""Recordings made alike, and many of them joined into one sentence. Pure.

Where one clip follows another closely its beginning is laid over the fading end of the one before: a consonant is never
faded in, so no plosive is lost. Everything else stands apart by a pause: short between phrases, longer at the comma.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Sequence

from hardware.audio import spelling
from hardware.audio.clip import FULL, RATE, Wave, silence
from hardware.audio.levels import PEAK_DBFS, levelled, trimmed
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
PEAK = 10 ** (PEAK_DBFS / 20)
_OVERLAP = RATE * OVERLAP_MS // 1000


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
    out = array("h")
    for said, final in placed(sentence):
        samples = clip(said.name, final).samples
        if out and said.pause_ms <= 0:
            _lay_over(out, samples)
        else:
            out.extend(silence(said.pause_ms if out else 0))
            out.extend(samples)
    return Wave(out)


FADE = [0.5 + 0.5 * math.cos(math.pi * (i + 1) / (_OVERLAP + 1)) for i in range(_OVERLAP)]
RISE = [min(1.0, (i + 1) / (RATE * DECLICK_MS // 1000)) for i in range(_OVERLAP)]


def _lay_over(out: array[int], samples: array[int]) -> None:
    """Appends `samples`, the first of them over the fading end of `out`, which yields where both would be too loud."""
    span = min(_OVERLAP, len(out), len(samples) // 2)
    ending = [sample * part for sample, part in zip(out[len(out) - span :], FADE[_OVERLAP - span :], strict=True)]
    coming = [sample * part for sample, part in zip(samples[:span], RISE[:span], strict=True)]
    room = PEAK * FULL - max(map(abs, coming), default=0)
    most = max(map(abs, ending), default=0)
    share = min(1.0, max(0.0, room) / most) if most else 0.0
    if max((abs(a + b) for a, b in zip(ending, coming, strict=True)), default=0) <= PEAK * FULL:
        share = 1.0
    out[len(out) - span :] = array("h", [int(a * share + b) for a, b in zip(ending, coming, strict=True)])
    out.extend(samples[span:])


def announcement(chime: Wave | None, phrases: Sequence[Wave]) -> Wave:
    """Chime first, then each phrase after a breath."""
    out = array("h")
    if chime is not None:
        out.extend(chime.samples)
    for turn, phrase in enumerate(phrases):
        out.extend(silence(REPEAT_MS if turn else CHIME_MS) if out else ())
        out.extend(phrase.samples)
    return Wave(out)
