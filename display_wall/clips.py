"""Sound as samples: reading, trimming, levelling and joining clips into one. Pure; the standard library alone.

Everything is 16-bit mono inside. Clips of a folder come from different recordings: silence is cut off both ends, the
loudness of what is left is made equal, syllables of a group overlap by `OVERLAP_MS`, groups stand `GAP_MS` apart
(devices.md 12).
"""

from __future__ import annotations

import io
import math
import sys
import wave
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

RATE = 48_000
"""Samples a second of everything that is joined."""
OVERLAP_MS = 40
GAP_MS = 50
REPEAT_MS = 600
"""Between the two times a phrase is said."""
KEEP_MS = 10
"""Silence left at the ends of a clip, so that no consonant is bitten off."""
WINDOW_MS = 5
SILENCE = 0.05
"""Of the clip's own peak: quieter is silence (−26 dB): the long tail of a syllable said alone."""
LOUDNESS = 0.14
"""Root mean square aimed at, of full scale (−17 dB)."""
PEAK = 0.89
"""Never louder than this, of full scale (−1 dB): a short clip is kept below the loudness rather than clipped."""
FULL = 32_767


class BadClip(Exception):
    """The file is no sound this program can use; the text says why."""


@dataclass(frozen=True)
class Wave:
    """Mono samples at `RATE`."""

    samples: array[int]

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return len(self.samples) / RATE

    def to_wav(self) -> bytes:
        """As the bytes of a WAV file."""
        stream = io.BytesIO()
        with wave.open(stream, "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes(little_endian(self.samples))
        return stream.getvalue()


def silence(milliseconds: float) -> array[int]:
    """So much of nothing."""
    return array("h", bytes(2 * int(RATE * milliseconds / 1000)))


def read_wav(data: bytes) -> Wave:
    """A WAV file of 8, 16, 24 or 32 bits, any rate, any number of channels. Raises BadClip."""
    try:
        with wave.open(io.BytesIO(data)) as source:
            width, channels, rate = source.getsampwidth(), source.getnchannels(), source.getframerate()
            frames = source.readframes(source.getnframes())
    except (wave.Error, EOFError) as error:
        raise BadClip(f"not a WAV file with plain samples: {error}") from error
    if not rate or not channels or not frames:
        raise BadClip("a WAV file without sound")
    return from_pcm(_sixteen_bits(frames, width), channels=channels, rate=rate)


def from_pcm(samples: array[int], *, channels: int, rate: int) -> Wave:
    """Interleaved 16-bit samples as mono at `RATE`."""
    if channels > 1:
        usable = len(samples) - len(samples) % channels
        samples = array("h", (sum(samples[i : i + channels]) // channels for i in range(0, usable, channels)))
    return Wave(_at_rate(samples, rate))


def _sixteen_bits(frames: bytes, width: int) -> array[int]:
    if width == 1:
        return array("h", ((byte - 128) << 8 for byte in frames))
    if width not in (2, 3, 4):
        raise BadClip(f"{8 * width} bits a sample")
    high = bytearray(2 * (len(frames) // width))
    high[0::2] = frames[width - 2 :: width][: len(high) // 2]
    high[1::2] = frames[width - 1 :: width][: len(high) // 2]
    samples = array("h")
    samples.frombytes(bytes(high))
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def _at_rate(samples: array[int], rate: int) -> array[int]:
    """Resampled in straight lines: enough for speech that was recorded higher."""
    if rate == RATE or not samples:
        return samples
    step, last = rate / RATE, len(samples) - 1
    out = array("h", bytes(2 * int(len(samples) / step)))
    for i in range(len(out)):
        place = i * step
        left = int(place)
        part = place - left
        out[i] = int(samples[left] * (1 - part) + samples[min(left + 1, last)] * part)
    return out


def prepared(clip: Wave) -> Wave:
    """Trimmed and levelled. Raises BadClip for a clip of nothing but silence."""
    return levelled(trimmed(clip))


def trimmed(clip: Wave) -> Wave:
    """Without the silence at both ends."""
    window = RATE * WINDOW_MS // 1000
    peaks = [
        max(max(part), -min(part))
        for part in (clip.samples[i : i + window] for i in range(0, len(clip.samples), window))
    ]
    floor = SILENCE * max(peaks, default=0)
    loud = [i for i, peak in enumerate(peaks) if peak > floor]
    if not loud:
        raise BadClip("nothing but silence")
    keep = RATE * KEEP_MS // 1000
    start = max(0, loud[0] * window - keep)
    return Wave(clip.samples[start : (loud[-1] + 1) * window + keep])


def levelled(clip: Wave) -> Wave:
    """At the common loudness."""
    peak = max(max(clip.samples), -min(clip.samples))
    gain = min(LOUDNESS * FULL / loudness(clip), PEAK * FULL / peak)
    return Wave(array("h", [int(sample * gain) for sample in clip.samples]))


def loudness(clip: Wave) -> float:
    """Root mean square of the parts that sound: pauses inside a phrase do not count."""
    window = RATE * WINDOW_MS // 1000 * 4
    parts = [clip.samples[i : i + window] for i in range(0, len(clip.samples), window)]
    powers = [math.sumprod(part, part) / len(part) for part in parts] if hasattr(math, "sumprod") else _powers(parts)
    floor = 0.01 * max(powers)
    sounding = [power for power in powers if power > floor]
    return math.sqrt(sum(sounding) / len(sounding))


def _powers(parts: Sequence[array[int]]) -> list[float]:
    return [sum(sample * sample for sample in part) / len(part) for part in parts]


def overlapped(clips: Sequence[Wave], *, overlap_ms: float = OVERLAP_MS) -> Wave:
    """Clips one into the next: the end of one fades while the next begins."""
    out = array("h")
    for clip in clips:
        span = min(int(RATE * overlap_ms / 1000), len(out), len(clip.samples) // 2)
        base = len(out) - span
        for i in range(span):
            part = (i + 1) / (span + 1)
            mixed = out[base + i] * (1 - part) + clip.samples[i] * part
            out[base + i] = int(mixed)
        out.extend(clip.samples[span:])
    return Wave(out)


def joined(groups: Sequence[Sequence[Wave]], *, gap_ms: float = GAP_MS, overlap_ms: float = OVERLAP_MS) -> Wave:
    """Groups of clips as one sound: overlaps inside a group, a short gap between groups."""
    out = array("h")
    for group in groups:
        if out:
            out.extend(silence(gap_ms))
        out.extend(overlapped(group, overlap_ms=overlap_ms).samples)
    return Wave(out)


def announcement(chime: Wave | None, phrase: Wave, *, repeats: int) -> Wave:
    """Chime first, then the phrase so many times."""
    out = array("h")
    if chime is not None:
        out.extend(chime.samples)
        out.extend(silence(4 * GAP_MS))
    for turn in range(max(1, repeats)):
        if turn:
            out.extend(silence(REPEAT_MS))
        out.extend(phrase.samples)
    return Wave(out)


def little_endian(samples: array[int]) -> bytes:
    """The bytes a sound card or a WAV file takes."""
    if sys.byteorder == "little":
        return samples.tobytes()
    swapped = array("h", samples)
    swapped.byteswap()
    return swapped.tobytes()
