"""One recording as samples: WAV of any make in, 16-bit mono at 48 kHz inside, WAV out. Pure."""

from __future__ import annotations

import io
import struct
import sys
import wave
from array import array
from dataclasses import dataclass

RATE = 48_000
"""Samples a second of everything that is joined."""
FULL = 32_767
LONGEST_S = 60.0
"""A recording longer than this is no phrase of a call; it is refused before it fills the memory."""


DAMAGED = (wave.Error, EOFError, ValueError, ArithmeticError, RuntimeError, struct.error)
"""What the standard library's reader raises on damaged files (found by throwing bytes at it)."""


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


@dataclass(frozen=True)
class Source:
    """How a WAV file was recorded."""

    rate: int
    channels: int
    bits: int


def read_wav(data: bytes) -> Wave:
    """A WAV file of 8, 16, 24 or 32 bits, any rate, any number of channels. Raises BadClip."""
    return read_source(data)[0]


def read_source(data: bytes) -> tuple[Wave, Source]:
    """The same, and how it was recorded. Raises BadClip."""
    try:
        with wave.open(io.BytesIO(data)) as source:
            made = Source(source.getframerate(), source.getnchannels(), 8 * source.getsampwidth())
            if made.rate and source.getnframes() > LONGEST_S * made.rate:
                raise BadClip(f"longer than {LONGEST_S:.0f} s")
            frames = source.readframes(source.getnframes())
    except DAMAGED as error:
        raise BadClip(f"not a WAV file with plain samples: {error}") from error
    if made.rate < 4_000 or not made.channels or not frames:
        raise BadClip("a WAV file without sound")
    return from_pcm(_sixteen_bits(frames, made.bits // 8), channels=made.channels, rate=made.rate), made


def from_pcm(samples: array[int], *, channels: int, rate: int) -> Wave:
    """Interleaved 16-bit samples as mono at `RATE`."""
    if channels > 1:
        usable = len(samples) - len(samples) % channels
        lanes = [samples[lane:usable:channels] for lane in range(channels)]
        samples = array("h", [sum(frame) // channels for frame in zip(*lanes, strict=True)])
    return Wave(_at_rate(samples, rate))


def _sixteen_bits(frames: bytes, width: int) -> array[int]:
    if width == 1:
        return array("h", [(byte - 128) << 8 for byte in frames])
    if width not in (2, 3, 4):
        raise BadClip(f"{8 * width} bits a sample")
    high = frames[: len(frames) // 2 * 2]
    if width > 2:
        both = bytearray(2 * (len(frames) // width))
        both[0::2] = frames[width - 2 :: width][: len(both) // 2]
        both[1::2] = frames[width - 1 :: width][: len(both) // 2]
        high = bytes(both)
    samples = array("h")
    samples.frombytes(high)
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def _at_rate(samples: array[int], rate: int) -> array[int]:
    """Resampled in straight lines: enough for speech; the check asks for 44.1 kHz or more."""
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


def little_endian(samples: array[int]) -> bytes:
    """The bytes a sound card or a WAV file takes."""
    if sys.byteorder == "little":
        return samples.tobytes()
    swapped = array("h", samples)
    swapped.byteswap()
    return swapped.tobytes()
