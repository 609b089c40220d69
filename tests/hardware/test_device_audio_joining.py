"""Reading, trimming, levelling, pacing and joining: on tones whose answer is known, and on recorded syllables."""

from __future__ import annotations

import math
import wave
from array import array
from io import BytesIO

import pytest
from audio_tones import level_db, pitch_hz, tone
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.audio import joining, levels, tempo
from hardware.audio.clip import FULL, RATE, BadClip, Wave, from_pcm, read_wav, silence
from hardware.audio.joining import OVERLAP_MS, announcement, joined, prepared
from hardware.audio.levels import LOUDNESS_LUFS, PEAK_DBFS, extent, levelled, loudness_lufs, peak_dbfs, trimmed
from hardware.audio.spelling import PHRASE_MS, Said

# -- reading ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "channels", "rate"), [(1, 1, 8_000), (2, 2, 44_100), (3, 1, 48_000), (4, 2, 96_000)])
def test_wav_of_any_make_is_read(width: int, channels: int, rate: int) -> None:
    stream = BytesIO()
    frames = bytearray()
    for i in range(rate // 2):
        value = int(0.5 * (2 ** (8 * width - 1) - 1) * math.sin(2 * math.pi * 440 * i / rate))
        sample = (value + 128).to_bytes(1, "little") if width == 1 else value.to_bytes(width, "little", signed=True)
        frames += sample * channels
    with wave.open(stream, "wb") as out:
        out.setparams((channels, width, rate, 0, "NONE", ""))
        out.writeframes(bytes(frames))
    clip = read_wav(stream.getvalue())
    assert clip.seconds == pytest.approx(0.5, abs=0.01)
    assert max(clip.samples) == pytest.approx(0.5 * FULL, rel=0.03)
    crossings = sum(a < 0 <= b for a, b in zip(clip.samples, clip.samples[1:], strict=False))
    assert crossings == pytest.approx(220, abs=3), "the pitch is kept"


@pytest.mark.parametrize("data", [b"", b"RIFF", b"ID3 not a wav", b"RIFF\x24\0\0\0WAVEfmt "])
def test_what_is_no_wav_is_refused(data: bytes) -> None:
    with pytest.raises(BadClip):
        read_wav(data)


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=90), st.integers(0, 60))
def test_a_damaged_wav_is_refused_and_nothing_else(noise: bytes, place: int) -> None:
    good = bytearray(tone(20).to_wav())
    good[place : place + len(noise)] = noise
    try:
        read_wav(bytes(good))
    except BadClip:
        pass


def test_an_hour_of_sound_is_no_phrase() -> None:
    stream = BytesIO()
    with wave.open(stream, "wb") as out:
        out.setparams((1, 1, 8_000, 0, "NONE", ""))
        out.writeframes(bytes(61 * 8_000))
    with pytest.raises(BadClip, match="longer than 60 s"):
        read_wav(stream.getvalue())


def test_a_written_wav_is_read_back() -> None:
    clip = tone(120)
    assert read_wav(clip.to_wav()).samples == clip.samples
    assert from_pcm(array("h", [1, 3, 5, 7]), channels=2, rate=RATE).samples == array("h", [2, 6])


# -- levels -----------------------------------------------------------------------------------------------------


def test_loudness_is_the_standards_on_its_own_test_tone() -> None:
    """BS.1770-4: a sine of 997 Hz at full scale in one channel is −3.01 LKFS; at −23 dBFS 20 dB less, within 0.1."""
    assert loudness_lufs(tone(1000, level=1.0, hertz=997)) == pytest.approx(-3.01, abs=0.02)
    assert loudness_lufs(tone(1000, level=10 ** (-20 / 20), hertz=997)) == pytest.approx(-23.01, abs=0.05)
    low, high = (loudness_lufs(tone(1000, level=0.1, hertz=hertz)) for hertz in (60, 4000))
    assert high - low > 4, "K-weighting: the ear hears bass less and presence more"


def test_pauses_do_not_make_a_clip_quieter() -> None:
    speech = tone(400)
    with_pause = Wave(speech.samples + silence(900) + speech.samples)
    assert loudness_lufs(with_pause) == pytest.approx(loudness_lufs(speech), abs=0.5)


def test_silence_is_trimmed_and_loudness_made_equal() -> None:
    for level in (0.02, 0.9):
        clip = prepared("to", tone(300, level=level, before=120, after=250), final=True)
        assert 0.29 <= clip.seconds <= 0.34
        assert loudness_lufs(clip) == pytest.approx(LOUDNESS_LUFS, abs=0.3)


def test_a_click_before_the_speech_is_not_speech() -> None:
    click = array("h", [30_000, -30_000] * 60)
    clip = Wave(silence(100) + click + silence(400) + tone(300).samples + silence(100))
    assert extent(clip).start == pytest.approx(0.5025 * RATE, abs=0.01 * RATE)


def test_high_peaks_keep_a_clip_below_the_loudness_and_are_never_cut_off() -> None:
    peaky = Wave(array("h", [int(0.02 * FULL)] * 2400 + [FULL, -FULL] * 40 + [int(0.02 * FULL)] * 2400))
    assert peak_dbfs(levelled(peaky).samples) <= PEAK_DBFS + 0.01


def test_a_clip_of_silence_is_refused() -> None:
    for nothing in (silence(500), array("h", [3, -3] * 9_000), array("h")):
        with pytest.raises(BadClip, match="silence"):
            trimmed(Wave(nothing))


# -- pace -------------------------------------------------------------------------------------------------------


def test_a_syllable_is_shortened_and_its_melody_kept() -> None:
    n = int(0.5 * RATE)
    phases = [2 * math.pi * (220 * (i / RATE) + 110 * (i / RATE) ** 2) for i in range(n)]
    rising = Wave(array("h", [int(9000 * math.sin(phase)) for phase in phases]))  # 220 to 330 Hz: a second tone
    shorter = tempo.shortened(rising, 0.6)
    assert shorter.seconds == pytest.approx(0.3, abs=0.001)
    for share in (0.1, 0.4, 0.7):
        before, after = pitch_hz(rising, at_s=0.5 * share), pitch_hz(shorter, at_s=0.3 * share)
        assert after == pytest.approx(before, rel=0.07), share
    assert max(shorter.samples) <= 9000 * 1.05


def test_inside_a_phrase_shorter_than_before_a_pause_and_never_below_its_share() -> None:
    long = tone(700, hertz=200)
    inside, final = (tempo.in_sentence(long, tone="1", final=final) for final in (False, True))
    assert inside.seconds == pytest.approx(0.42, abs=0.01), "not below 60 %"
    assert final.seconds == pytest.approx(0.42, abs=0.01)
    medium = tone(450, hertz=200)
    assert tempo.in_sentence(medium, tone="1", final=False).seconds == pytest.approx(tempo.INSIDE_S, abs=0.01)
    assert tempo.in_sentence(medium, tone="1", final=True).seconds == pytest.approx(tempo.FINAL_S, abs=0.01)
    short = tone(200)
    assert tempo.in_sentence(short, tone="4", final=False).samples == short.samples


def test_a_third_tone_rises_only_before_a_pause() -> None:
    low, rise = tone(300, hertz=150), tone(200, hertz=230)
    third = Wave(low.samples + rise.samples)
    inside = tempo.in_sentence(third, tone="3", final=False)
    final = tempo.in_sentence(third, tone="3", final=True)
    assert pitch_hz(inside, at_s=inside.seconds - 0.08) < 170
    assert pitch_hz(final, at_s=final.seconds - 0.1) > 210


# -- joining ----------------------------------------------------------------------------------------------------


def clips(**named: Wave):  # type: ignore[no-untyped-def]
    return lambda name, _final: named[name]


def test_syllables_overlap_and_phrases_stand_apart() -> None:
    one = tone(200)
    both = joined([Said("a", 0), Said("a", 0)], clips(a=one))
    assert both.seconds == pytest.approx(0.4 - OVERLAP_MS / 1000, abs=0.001)
    apart = joined([Said("a", 50), Said("a", PHRASE_MS)], clips(a=one))
    assert apart.seconds == pytest.approx(0.4 + PHRASE_MS / 1000, abs=0.001), "no pause before the first"
    gap = apart.samples[len(one.samples) : len(one.samples) + RATE * PHRASE_MS // 1000]
    assert not any(gap)


def test_a_plosive_is_not_faded_in() -> None:
    burst = Wave(array("h", [12_000, -12_000] * 240) + tone(100, level=0.1).samples)
    out = joined([Said("a", 0), Said("b", 0)], clips(a=tone(200, level=0.3), b=burst))
    begin = 0.2 - OVERLAP_MS / 1000
    assert level_db(out, at_s=begin + 0.003, span_s=0.006) > level_db(burst, at_s=0.003, span_s=0.006) - 1.5


def test_where_two_loud_clips_meet_the_ending_one_yields_and_nothing_is_cut_off() -> None:
    loud = tone(200, level=0.88, hertz=200)
    out = joined([Said("a", 0), Said("a", 0), Said("a", 0)], clips(a=loud))
    assert peak_dbfs(out.samples) <= PEAK_DBFS + 0.01
    assert levels.clipped_samples(out) == 0


def test_the_place_of_a_clip_decides_whether_it_is_final() -> None:
    asked: list[tuple[str, bool]] = []

    def clip(name: str, final: bool) -> Wave:
        asked.append((name, final))
        return tone(100)

    joined([Said("a", 0), Said("b", 0), Said("c", 180), Said("d", 50)], clip)
    assert asked == [("a", False), ("b", True), ("c", False), ("d", True)]


def test_chime_first_then_the_phrase_twice() -> None:
    chime, phrase = tone(100, hertz=880), tone(300)
    said = announcement(chime, [phrase, phrase])
    assert said.seconds == pytest.approx(0.1 + 0.6 + (joining.CHIME_MS + joining.REPEAT_MS) / 1000, abs=0.001)
    assert said.samples[: len(chime.samples)] == chime.samples
    assert said.samples[-len(phrase.samples) :] == phrase.samples
    assert announcement(None, [phrase]).samples == phrase.samples
