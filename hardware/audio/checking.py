"""Whether a recording will do: format, level, clipping, noise, gaps; each finding says what to do. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hardware.audio import spelling
from hardware.audio.clip import BadClip, Source, Wave, read_source
from hardware.audio.levels import Extent, clipped_samples, extent, loudness_lufs, peak_dbfs, trimmed

LOUDNESS_LOW_LUFS, LOUDNESS_HIGH_LUFS = -35.0, -8.0
SIGNAL_TO_NOISE_DB = 25.0
"""Speech over the room's noise; below it every join is heard as a step of noise."""
GAP_MS_MAX = 450
"""A longer silence inside a phrase was a hesitation."""
SECONDS_MAX = 8.0
SYLLABLE_SECONDS_MAX = 1.2
RATE_MIN = 16_000
"""Below it s, sh and x lose what tells them apart."""


class Grade(StrEnum):
    """OK; NOTE usable, better recorded again; BAD cannot be used."""

    OK = "ok"
    NOTE = "note"
    BAD = "BAD"


@dataclass(frozen=True)
class Report:
    """What was found in one recording."""

    name: str
    grade: Grade
    seconds: float = 0.0
    """Of the speech, without the silence around it."""
    lufs: float = 0.0
    peak_dbfs: float = 0.0
    noise_dbfs: float | None = None
    """Of the room before and after the speech; None when there is no silence to hear it in."""
    rate: int = 0
    findings: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """As printed."""
        if not self.seconds:
            return f"{self.grade:<4}  {self.name}: {'; '.join(self.findings)}"
        noise = f", noise {self.noise_dbfs:.0f} dB" if self.noise_dbfs is not None else ""
        figures = f"{self.seconds:.2f} s, {self.lufs:.1f} LUFS, peak {self.peak_dbfs:.1f} dB{noise}"
        return f"{self.grade:<4}  {self.name}: {figures}" + "".join(f"\n      -> {said}" for said in self.findings)


def check_bytes(name: str, data: bytes) -> Report:
    """A WAV file."""
    try:
        wave, source = read_source(data)
    except BadClip as why:
        return Report(name, Grade.BAD, findings=(str(why),))
    return check(name, wave, source)


def check(name: str, wave: Wave, source: Source | None = None) -> Report:
    """One recording; without `source` it came out of a decoder."""
    try:
        found, speech = extent(wave), trimmed(wave)
    except BadClip as why:
        return Report(name, Grade.BAD, findings=(f"{why}: record it again",))
    lufs = loudness_lufs(speech)
    findings = [*_of_level(wave, lufs, found), *_of_length(name, speech, found), *_of_format(source)]
    noise = found.noise_dbfs if found.noise_dbfs > -95 else None
    return Report(
        name,
        Grade.NOTE if findings else Grade.OK,
        seconds=round(speech.seconds, 3),
        lufs=round(lufs, 1),
        peak_dbfs=round(peak_dbfs(wave.samples), 1),
        noise_dbfs=None if noise is None else round(noise, 1),
        rate=source.rate if source else 0,
        findings=tuple(findings),
    )


def _of_level(wave: Wave, lufs: float, found: Extent) -> list[str]:
    findings = []
    clipped = clipped_samples(wave)
    if clipped:
        findings.append(f"{clipped} samples are cut off at the top: turn the recorder down and record it again")
    if lufs < LOUDNESS_LOW_LUFS:
        findings.append("very quiet: go nearer to the microphone or turn the recorder up")
    if lufs > LOUDNESS_HIGH_LUFS:
        findings.append("very loud: go away from the microphone or turn the recorder down")
    if found.noise_dbfs > -95 and lufs - found.noise_dbfs < SIGNAL_TO_NOISE_DB:
        findings.append("the room is noisy: close windows, switch fans off, record it again")
    return findings


def _of_length(name: str, speech: Wave, found: Extent) -> list[str]:
    syllable = name.startswith(spelling.PREFIX)
    longest = SYLLABLE_SECONDS_MAX if syllable else SECONDS_MAX
    findings = []
    if speech.seconds > longest:
        findings.append(f"longer than {longest:g} s: is there something else in it?")
    if found.longest_gap_ms > GAP_MS_MAX:
        findings.append(f"a gap of {found.longest_gap_ms:.0f} ms inside: say it in one breath")
    if found.start == 0:
        findings.append("no silence before the speech: leave half a second, and switch off what hums in the room")
    return findings


def _of_format(source: Source | None) -> list[str]:
    if source is None:
        return []
    findings = []
    if source.rate < RATE_MIN:
        findings.append(f"{source.rate} samples a second: record with 44,100 or 48,000")
    if source.bits < 16:
        findings.append(f"{source.bits} bits: record with 16")
    return findings
