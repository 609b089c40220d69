"""Spelling, joining, order and hours of the voice; with the syllables of `../shared` where they are at hand."""

from __future__ import annotations

import math
import wave
from array import array
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot
from wall_scenes import at

from assets.i18n import Catalogue
from display_wall import spelling
from display_wall.app import speaks
from display_wall.clips import (
    FULL,
    GAP_MS,
    LOUDNESS,
    OVERLAP_MS,
    PEAK,
    RATE,
    BadClip,
    Wave,
    announcement,
    from_pcm,
    joined,
    levelled,
    loudness,
    overlapped,
    prepared,
    read_wav,
    silence,
    trimmed,
)
from display_wall.sound import ClipFolder, Decoder, Maker, Speaker, load_multimedia
from display_wall.voice import LONGEST_S, Saying, Voice, is_quiet, volume_at
from hall_protocol.pictures.wall import VoiceRules

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "voice"
"""Recorded syllables beside the checkout, where somebody put them; never part of it."""


def tone(milliseconds: float, *, level: float = 0.5, hertz: float = 440, before: float = 0, after: float = 0) -> Wave:
    """A tone between silences."""
    n = int(RATE * milliseconds / 1000)
    samples = array("h", (int(level * FULL * math.sin(2 * math.pi * hertz * i / RATE)) for i in range(n)))
    return Wave(silence(before) + samples + silence(after))


# -- spelling ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "yi1"), (2, "er4"), (10, "shi2"), (12, "shi2 er4"), (20, "er4 shi2"), (25, "er4 shi2 wu3"),
        (100, "yi1 bai3"), (105, "yi1 bai3 ling2 wu3"), (110, "yi1 bai3 yi1 shi2"), (112, "yi1 bai3 yi1 shi2 er4"),
        (1000, "yi1 qian1"), (1001, "yi1 qian1 ling2 yi1"), (1020, "yi1 qian1 ling2 er4 shi2"),
    ],
)  # fmt: skip
def test_a_counter_is_a_normal_number(number: int, said: str) -> None:
    assert " ".join(spelling.number_syllables(number)) == said


def test_a_ticket_is_spelled_with_all_its_zeros_and_one_is_yao() -> None:
    assert spelling.spelled("0120") == ("ling2", "yao1", "er4", "ling2")
    assert spelling.spelled("011", yao=False) == ("ling2", "yi1", "yi1")
    with pytest.raises(ValueError, match="10000"):
        spelling.number_syllables(10_000)


def test_whole_phrases_are_preferred_to_syllables() -> None:
    phrases = spelling.call_phrases("A041", "12", again=False)
    assert [p.whole for p in phrases] == ["prefix-A", "number-041", "to", "counter-12"]
    groups, missing = spelling.resolve(phrases, {"prefix-A", "number-041", "to", "counter-12"})
    assert (groups, missing) == ([("prefix-A",), ("number-041",), ("to",), ("counter-12",)], [])


def test_syllables_fill_in_for_phrases() -> None:
    phrases = spelling.call_phrases("A041", "12", again=True)
    groups, missing = spelling.resolve(phrases, spelling.vocabulary() - {"letter-A"})
    assert not missing
    said = [" ".join(name.removeprefix("cmn-") for name in group) for group in groups]
    assert said == ["qing3", "ei1", "ling2 si4 yao1", "hao4", "jin3 kuai4 dao4", "shi2 er4 hao4 chuang1 kou3"]


def test_what_is_missing_is_named() -> None:
    phrases = spelling.call_phrases("A041", "3", again=False)
    _, missing = spelling.resolve(phrases, spelling.vocabulary() - {"cmn-si4", "cmn-kou3"})
    assert missing == ["cmn-si4", "cmn-kou3"]


def test_counters_with_letters_are_spelled() -> None:
    assert spelling.counter_syllables("B2") == ("bi4", "er4")


def test_english_reads_digit_by_digit() -> None:
    assert spelling.english("A012") == "A, zero one two"
    assert spelling.english("0041") == "zero zero four one"


# -- joining ----------------------------------------------------------------------------------------------------


def test_silence_is_trimmed_and_loudness_made_equal() -> None:
    quiet, loud = (tone(300, level=level, before=120, after=250) for level in (0.05, 0.9))
    for clip in (prepared(quiet), prepared(loud)):
        assert 0.29 <= clip.seconds <= 0.34
        assert loudness(clip) == pytest.approx(LOUDNESS * FULL, rel=0.05)


def test_a_short_click_is_kept_below_the_peak_and_never_clipped() -> None:
    click = Wave(silence(100) + array("h", [20_000, -20_000] * 20) + silence(100))
    clip = levelled(trimmed(click))
    assert max(max(clip.samples), -min(clip.samples)) <= PEAK * FULL + 1


def test_a_clip_of_silence_is_refused() -> None:
    with pytest.raises(BadClip, match="silence"):
        prepared(Wave(silence(500)))


def test_syllables_overlap_and_phrases_stand_apart() -> None:
    one = tone(200)
    both = overlapped([one, one])
    assert both.seconds == pytest.approx(0.4 - OVERLAP_MS / 1000, abs=0.001)
    apart = joined([[one], [one]])
    assert apart.seconds == pytest.approx(0.4 + GAP_MS / 1000, abs=0.001)
    gap = apart.samples[len(one.samples) : len(one.samples) + RATE * GAP_MS // 1000]
    assert not any(gap)


def test_chime_first_then_the_phrase_twice() -> None:
    chime, phrase = tone(100, hertz=880), tone(300)
    said = announcement(chime, phrase, repeats=2)
    assert said.seconds > 0.1 + 2 * 0.3
    assert said.samples[: len(chime.samples)] == chime.samples
    assert said.samples[-len(phrase.samples) :] == phrase.samples
    assert announcement(None, phrase, repeats=1).samples == phrase.samples


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


def test_a_written_wav_is_read_back() -> None:
    clip = tone(120)
    assert read_wav(clip.to_wav()).samples == clip.samples
    assert from_pcm(array("h", [1, 3, 5, 7]), channels=2, rate=RATE).samples == array("h", [2, 6])


# -- order and hours --------------------------------------------------------------------------------------------


RULES = VoiceRules(
    volume_percent=60, dayparts=[["12:00", 40], ["13:30", 70]], quiet_hours=["12:00-13:30", "22:00-06:00"]
)


def hour(text: str) -> float:
    """Seconds from 10:25 to that time of day."""
    hours, minutes = map(int, text.split(":"))
    return float((hours * 60 + minutes) * 60 - (10 * 60 + 25) * 60)


def test_quiet_hours_and_dayparts() -> None:
    assert [is_quiet(RULES, at(hour(t))) for t in ("11:59", "12:00", "13:29", "13:30", "23:00", "05:59", "06:00")] == [
        False, True, True, False, True, True, False,
    ]  # fmt: skip
    assert [volume_at(RULES, at(hour(t))) for t in ("09:00", "12:30", "15:00")] == [60, 40, 70]


def test_one_at_a_time_in_order_and_never_cut_off() -> None:
    voice = Voice()
    for n in (1, 2):
        assert voice.call(number=f"A00{n}", counter="3", calls=n, rules=None, now=at(0))
    first = voice.advance(at(0))
    assert first is not None
    assert (first.number, first.again) == ("A001", False)
    assert voice.advance(at(1)) is None, "the first one is still being said"
    assert voice.speaking
    voice.ended()
    second = voice.advance(at(2))
    assert second is not None
    assert (second.number, second.again) == ("A002", True)
    voice.ended()
    assert not voice.speaking


def test_the_stale_sentence_follows_what_is_being_said_and_drops_what_waits() -> None:
    voice = Voice()
    voice.call(number="A001", counter="1", calls=1, rules=None, now=at(0))
    voice.advance(at(0))
    voice.call(number="A002", counter="2", calls=1, rules=None, now=at(1))
    voice.stale(rules=None, now=at(2))
    assert voice.advance(at(2)) is None
    voice.ended()
    said = voice.advance(at(3))
    assert said is not None
    assert (said.kind, said.repeats) == ("stale", 1)
    voice.ended()
    assert voice.advance(at(4)) is None


def test_quiet_hours_silence_calls_but_not_an_evacuation() -> None:
    voice = Voice()
    night = at(hour("23:00"))
    assert not voice.call(number="A001", counter="1", calls=1, rules=RULES, now=night)
    voice.evacuate("left", now=night)
    said = voice.advance(night)
    assert said is not None
    assert (said.kind, said.exit, said.volume) == ("evacuation", "left", 100)
    voice.ended()
    voice.evacuate("left", now=at(hour("23:00") + 1))
    assert voice.advance(at(hour("23:00") + 1)) is None, "not again at once"
    voice.evacuate("left", now=at(hour("23:00") + 13))
    assert voice.advance(at(hour("23:00") + 13)) is not None, "again and again"


def test_a_player_that_hangs_does_not_silence_the_hall() -> None:
    voice = Voice()
    voice.call(number="A001", counter="1", calls=1, rules=None, now=at(0))
    voice.advance(at(0))
    voice.call(number="A002", counter="1", calls=1, rules=None, now=at(1))
    assert voice.advance(at(LONGEST_S - 1)) is None
    assert voice.advance(at(LONGEST_S + 1)) is not None


def test_a_fast_demo_does_not_speak(monkeypatch: pytest.MonkeyPatch) -> None:
    for speed, spoken in (("1", True), ("4", True), ("5", False), ("60", False), ("fast", True)):
        monkeypatch.setenv("HALL_SPEED", speed)
        assert speaks() is spoken
    voice = Voice(on=False)
    assert not voice.call(number="A001", counter="1", calls=1, rules=None, now=at(0))
    voice.evacuate("left", now=at(0))
    assert voice.advance(at(0)) is None


# -- a folder of clips ------------------------------------------------------------------------------------------


def record(folder: Path, *names: str) -> None:
    for i, name in enumerate(names):
        (folder / f"{name}.wav").write_bytes(tone(180, hertz=300 + 20 * i, before=50, after=50).to_wav())


def test_phrases_of_a_folder_make_one_sound(tmp_path: Path) -> None:
    record(tmp_path, "prefix-A", "number-041", "to", "counter-3", "chime")
    maker = Maker(ClipFolder(tmp_path), Catalogue(), english=False)
    said = maker.make(Saying("call", number="A041", counter="3"))
    phrase = 4 * 0.2 + 3 * GAP_MS / 1000
    assert said.seconds == pytest.approx(0.2 + 0.2 + phrase * 2 + 0.6, abs=0.2)


def test_without_clips_and_english_the_chime_stands_alone(tmp_path: Path) -> None:
    maker = Maker(ClipFolder(None), Catalogue(), english=False)
    assert maker.make(Saying("call", number="A041", counter="3")).seconds > 0.2
    record(tmp_path, "prefix-A", "to")
    assert Maker(ClipFolder(tmp_path), Catalogue(), english=False).make(Saying("stale")).seconds > 0.2


def test_a_broken_clip_is_left_out_and_the_rest_is_still_said(tmp_path: Path) -> None:
    record(tmp_path, *spelling.vocabulary())
    (tmp_path / "number-041.wav").write_bytes(b"not a recording")
    folder = ClipFolder(tmp_path)
    said = Maker(folder, Catalogue(), english=False).make(Saying("call", number="A041", counter="3"))
    assert said.seconds > 2, "said by syllables"
    assert "number-041" not in folder.available()


@pytest.mark.qt_log_ignore("pa_context_connect")
def test_without_a_sound_device_announcements_take_their_time_in_silence(qtbot: QtBot, tmp_path: Path) -> None:
    record(tmp_path, "prefix-A", "number-041", "to", "counter-3", "chime")
    speaker = Speaker(Maker(ClipFolder(tmp_path), Catalogue(), english=False))
    heard: list[float] = []
    speaker.spoken = lambda _saying, made: heard.append(made.seconds)
    with qtbot.waitSignal(speaker.ended, timeout=10_000):
        speaker.perform(Saying("call", number="A041", counter="3", repeats=1))
    assert heard
    assert heard[0] > 1
    speaker.stop()


def test_stopping_in_the_middle_leaves_nothing_behind(qtbot: QtBot, tmp_path: Path) -> None:
    record(tmp_path, "stale", "chime")
    speaker = Speaker(Maker(ClipFolder(tmp_path), Catalogue(), english=False))
    with qtbot.assertNotEmitted(speaker.ended, wait=100):
        speaker.perform(Saying("stale", repeats=1))
        speaker.stop()


@pytest.mark.skipif(Maker(ClipFolder(None), Catalogue()).espeak is None, reason="espeak-ng is not installed")
def test_english_is_spoken_where_there_are_no_clips() -> None:
    maker = Maker(ClipFolder(None), Catalogue())
    chime = Maker(ClipFolder(None), Catalogue(), english=False).make(Saying("call", number="A041", counter="3"))
    said = maker.make(Saying("call", number="A041", counter="3", repeats=1))
    assert said.seconds > chime.seconds + 2


@pytest.fixture
def syllables(qtbot: QtBot) -> Callable[[], ClipFolder]:
    """The recorded syllables, decoded as the wall decodes them."""
    if not SHARED.is_dir():
        pytest.skip("no recorded syllables at hand")
    if load_multimedia() is None:
        pytest.skip("QtMultimedia does not load here")

    def build() -> ClipFolder:
        folder = ClipFolder(SHARED)
        decoder = Decoder(folder, QCoreApplication.instance())
        decoder.start()
        qtbot.waitUntil(lambda: not decoder.busy, timeout=20_000)
        return folder

    return build


def test_recorded_syllables_are_joined_into_one_call(syllables: Callable[[], ClipFolder], tmp_path: Path) -> None:
    folder = syllables()
    maker = Maker(folder, Catalogue(), english=False)
    for number, counter in (("A041", "3"), ("B018", "7"), ("A259", "12")):
        groups, missing = spelling.resolve(spelling.call_phrases(number, counter, again=True), folder.available())
        assert not missing
        apart = sum(folder.clip(name).seconds for group in groups for name in group)
        said = maker.make(Saying("call", number=number, counter=counter, again=True, repeats=2))
        once = joined([[folder.clip(name) for name in group] for group in groups])
        syllable_joins = sum(len(group) - 1 for group in groups)
        expected = apart - syllable_joins * OVERLAP_MS / 1000 + (len(groups) - 1) * GAP_MS / 1000
        assert once.seconds == pytest.approx(expected, abs=0.01)
        assert said.seconds > 2 * once.seconds
        assert said.seconds < 16, "a call stays shorter than people's patience"
        (tmp_path / f"{number}.wav").write_bytes(said.to_wav())
        assert read_wav((tmp_path / f"{number}.wav").read_bytes()).samples == said.samples


def test_every_syllable_has_the_same_loudness(syllables: Callable[[], ClipFolder]) -> None:
    folder = syllables()
    levels = [loudness(folder.clip(name)) for name in folder.available()]
    assert len(levels) >= 25
    quietest, loudest = min(levels), max(levels)
    assert 20 * math.log10(loudest / quietest) < 6, "within 6 dB; recordings differ by more"
