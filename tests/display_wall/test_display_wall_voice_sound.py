"""From a folder of recordings to one sound, and that whatever fails costs one announcement, never the voice."""

from __future__ import annotations

import os
import sys
import time
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot
from voice_clips import record, tone

from assets.i18n import Catalogue
from display_wall.decoder import Decoder, load_multimedia
from display_wall.player import Player
from display_wall.sound import Maker, Speaker
from display_wall.voice import Saying
from hardware.audio import spelling
from hardware.audio.clip import RATE, Wave
from hardware.audio.folder import ClipFolder
from hardware.audio.joining import CHIME_MS, REPEAT_MS
from hardware.health import State

CALL = Saying("call", number="A041", counter="3")
PHRASES = ("prefix-A", "number-041", "to", "counter-3", "chime")


def maker(folder: Path | None) -> Maker:
    return Maker(ClipFolder(folder), Catalogue(), english=False)


# -- a folder of clips ------------------------------------------------------------------------------------------


def test_phrases_of_a_folder_make_one_sound(tmp_path: Path) -> None:
    record(tmp_path, *PHRASES)
    made = maker(tmp_path).make(CALL)
    phrase = 4 * 0.2 + 3 * 0.05
    assert made.wave.seconds == pytest.approx(0.2 + phrase * 2 + (CHIME_MS + REPEAT_MS) / 1000, abs=0.1)
    assert made.lacking == ()


def test_without_clips_and_english_the_chime_stands_alone(tmp_path: Path) -> None:
    chime = maker(None).make(CALL)
    assert chime.wave.seconds > 0.2
    assert chime.lacking == (), "a hall without a folder lacks nothing"
    record(tmp_path, "prefix-A", "to")
    made = maker(tmp_path).make(CALL)
    assert made.wave.samples == chime.wave.samples
    assert any("cmn-" in name for name in made.lacking), "what the syllables lack is named"


def test_a_broken_clip_is_left_out_and_the_rest_is_still_said(tmp_path: Path) -> None:
    record(tmp_path, *spelling.vocabulary())
    (tmp_path / "number-041.wav").write_bytes(b"not a recording")
    one = maker(tmp_path)
    made = one.make(CALL)
    assert made.wave.seconds > 2, "said by syllables"
    assert "number-041" not in one.folder.available()


def test_a_recording_put_in_later_is_used_without_a_restart(tmp_path: Path) -> None:
    record(tmp_path, *PHRASES[1:])
    one = maker(tmp_path)
    assert one.make(CALL).lacking
    record(tmp_path, "prefix-A")
    assert one.make(CALL).lacking == ()


def test_a_folder_that_goes_and_comes_back_is_used_again(tmp_path: Path) -> None:
    """U5 in its commonest form: a drive unmounted for a minute must not leave the chime alone for ever."""
    place, away = tmp_path / "voice", tmp_path / "away"
    record(place, *PHRASES)
    one = maker(place)
    whole = one.make(CALL).wave.seconds
    one.folder._ready.clear()
    place.rename(away)
    gone = one.make(CALL)
    assert gone.wave.seconds < whole / 2
    assert gone.lacking, "the manager is told"
    away.rename(place)
    back = one.make(CALL)
    assert (back.wave.seconds, back.lacking) == (whole, ())


def test_further_languages_follow_once(tmp_path: Path) -> None:
    record(tmp_path, *PHRASES)
    alone = maker(tmp_path).make(CALL).wave.seconds
    record(tmp_path / "en", *PHRASES[:4], milliseconds=280)
    both = maker(tmp_path).make(CALL).wave.seconds
    assert both - alone == pytest.approx(REPEAT_MS / 1000 + 4 * 0.3 + 3 * 0.05, abs=0.05)
    record(tmp_path / "bo", "prefix-A")
    assert maker(tmp_path).make(CALL).wave.seconds == both, "half a language is not said"


def test_english_is_spoken_where_there_are_no_clips() -> None:
    english = Maker(ClipFolder(None), Catalogue())
    if english.espeak is None:
        pytest.skip("espeak-ng is not installed")
    said = english.make(Saying("call", number="A041", counter="3", repeats=1)).wave
    assert said.seconds > maker(None).make(CALL).wave.seconds + 2


def test_an_english_voice_that_failed_once_is_asked_again(tmp_path: Path) -> None:
    one = Maker(ClipFolder(None), Catalogue())
    script = tmp_path / "espeak"
    script.write_text("#!/bin/sh\nexit 1\n")
    script.chmod(0o755)
    one.espeak = str(script)
    chime = one.make(CALL).wave.seconds
    speech = tone(900)
    (tmp_path / "speech.wav").write_bytes(speech.to_wav())
    script.write_text(f"#!/bin/sh\ncat {tmp_path}/speech.wav\n")
    assert one.make(CALL).wave.seconds > chime + 1.5


# -- performing -------------------------------------------------------------------------------------------------


@pytest.fixture
def speaker(qtbot: QtBot) -> Iterator[Callable[..., Speaker]]:
    """Speakers with the real loudspeaker process, which finds no sound device here."""
    built: list[Speaker] = []

    def build(folder: Path | None, *, player: Player | None = None) -> Speaker:
        built.append(Speaker(maker(folder), player=player))
        return built[-1]

    yield build
    for one in built:
        one.stop()


def test_without_a_sound_device_announcements_take_their_time_in_silence(
    qtbot: QtBot, tmp_path: Path, speaker: Callable[..., Speaker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    record(tmp_path, *PHRASES)
    one = speaker(tmp_path)
    heard: list[float] = []
    one.spoken = lambda _saying, made: heard.append(made.seconds)
    began = time.monotonic()
    with qtbot.waitSignal(one.ended, timeout=10_000):
        one.perform(Saying("call", number="A041", counter="3", repeats=1))
    assert time.monotonic() - began >= 0.94 * heard[0] > 1, "timers may be 5 % early"
    qtbot.waitUntil(lambda: "gone" in one.player.book.faults, timeout=10_000)
    assert one.player.book.snapshot.state is State.ABSENT
    assert one.player.book.snapshot.kind == "audio"


def test_stopping_in_the_middle_leaves_nothing_behind(
    qtbot: QtBot, tmp_path: Path, speaker: Callable[..., Speaker]
) -> None:
    record(tmp_path, "stale", "chime")
    one = speaker(tmp_path)
    with qtbot.assertNotEmitted(one.ended, wait=100):
        one.perform(Saying("stale", repeats=1))
        one.stop()


def test_a_drive_that_hangs_costs_a_chime_and_the_next_call_is_spoken(
    qtbot: QtBot, tmp_path: Path, speaker: Callable[..., Speaker]
) -> None:
    """The recording is a pipe nobody writes to: reading it hangs as a dead network drive does."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("no named pipes here")
    record(tmp_path, *PHRASES[1:])
    os.mkfifo(tmp_path / "prefix-A.wav")
    one = speaker(tmp_path, player=Player(command=QUICK))
    one._late.setInterval(200)
    heard: list[float] = []
    one.spoken = lambda _saying, made: heard.append(made.seconds)
    with qtbot.waitSignal(one.ended, timeout=5000):
        one.perform(CALL)
    with open(os.open(tmp_path / "prefix-A.wav", os.O_RDWR | os.O_NONBLOCK), "wb"):
        (tmp_path / "prefix-A.wav").unlink()
    record(tmp_path, "prefix-A")
    one._late.setInterval(5000)
    with qtbot.waitSignal(one.ended, timeout=8000):
        one.perform(CALL)
    assert len(heard) == 2
    assert heard[0] == pytest.approx(maker(None).chime.seconds)
    assert heard[1] > 1.5


# -- the loudspeaker's process ----------------------------------------------------------------------------------

PLAYED = """
import json, sys
def say(**what): print(json.dumps(what), flush=True)
say(say="ready", id=0, text="played")
for line in iter(sys.stdin.buffer.readline, b""):
    order = json.loads(line)
    sys.stdin.buffer.read(order["bytes"])
    {act}
"""
"""A loudspeaker whose device does as a test says; the real one is in `test_display_wall_voice_played`."""
DONE = 'say(say="first", id=order["id"]); say(say="done", id=order["id"])'


def played(act: str) -> tuple[str, ...]:
    return (sys.executable, "-c", PLAYED.format(act=act))


QUICK = played(DONE)
SECOND = bytes(2 * RATE)


@pytest.fixture
def player(qtbot: QtBot) -> Iterator[Callable[[str], Player]]:
    built: list[Player] = []

    def build(act: str) -> Player:
        built.append(Player(command=played(act)))
        return built[-1]

    yield build
    for one in built:
        one.stop()


def test_a_device_that_takes_sound_is_ready_and_before_that_unknown(
    qtbot: QtBot, player: Callable[[str], Player]
) -> None:
    one = player(DONE)
    with qtbot.waitSignal(one.changed, timeout=5000):
        one.open()
    assert one.book.snapshot.state is State.UNKNOWN, "open is not heard"
    with qtbot.waitSignal(one.ended, timeout=5000):
        one.play(SECOND)
    assert one.book.snapshot.state is State.READY


def test_a_device_lost_in_the_middle_is_found_again_and_the_call_said_from_its_beginning(
    qtbot: QtBot, player: Callable[[str], Player], tmp_path: Path
) -> None:
    mark = tmp_path / "lost-once"
    one = player(
        f"""
    import os
    say(say="first", id=order["id"])
    if not os.path.exists({str(mark)!r}):
        open({str(mark)!r}, "w").close(); say(say="gone", id=order["id"], text="unplugged"); sys.exit(1)
    say(say="done", id=order["id"])"""
    )
    states: list[str] = []
    one.changed.connect(lambda: states.append(str(one.book.snapshot.state)))
    firsts: list[int] = []
    one.begun.connect(firsts.append)
    with qtbot.waitSignal(one.ended, timeout=10_000):
        one.play(SECOND)
    assert len(firsts) == 2, "begun twice: the second time whole"
    assert "absent" in states
    assert one.book.snapshot.state is State.READY
    assert not one.book.faults


def test_a_loudspeaker_that_crashes_again_and_again_ends_every_announcement_in_its_time(
    qtbot: QtBot, player: Callable[[str], Player]
) -> None:
    one = player("import os; os.abort()")
    for _ in range(2):
        began = time.monotonic()
        with qtbot.waitSignal(one.ended, timeout=8000):
            one.play(SECOND)
        assert 0.9 <= time.monotonic() - began < 6
    assert "gone" in one.book.faults


def test_a_device_that_hangs_is_named_silent_and_left(
    qtbot: QtBot, player: Callable[[str], Player], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("display_wall.player.OVERTIME_MS", 300)
    one = player("pass")
    with qtbot.waitSignal(one.ended, timeout=8000):
        one.play(SECOND)
    assert one.book.faults == {"silent"}
    assert one.book.snapshot.state is State.UNKNOWN


def test_an_evacuation_is_played_into_a_call(qtbot: QtBot, player: Callable[[str], Player]) -> None:
    one = player('say(say="first", id=order["id"]); order["volume"] == 100 and say(say="done", id=order["id"])')
    with qtbot.waitSignal(one.begun, timeout=5000):
        one.play(10 * SECOND, volume=60)
    began = time.monotonic()
    with qtbot.waitSignal(one.ended, timeout=5000):
        one.play(SECOND, volume=100)
    assert time.monotonic() - began < 3, "long before the call would have ended"


def test_a_program_that_does_not_start_is_a_lost_device(qtbot: QtBot) -> None:
    one = Player(command=("/nowhere/loudspeaker",))
    with qtbot.waitSignal(one.ended, timeout=5000):
        one.play(SECOND)
    assert "gone" in one.book.faults
    one.stop()


def test_garbage_from_a_sound_library_is_passed_over(qtbot: QtBot, player: Callable[[str], Player]) -> None:
    one = player('print("ALSA lib: hello"); print("[1, 2]"); ' + DONE)
    with qtbot.waitSignal(one.ended, timeout=5000):
        one.play(SECOND)
    assert one.book.snapshot.state is State.READY


# -- encoded recordings -----------------------------------------------------------------------------------------


def test_an_encoded_recording_is_decoded_at_the_start(qtbot: QtBot, tmp_path: Path) -> None:
    """WAV bytes under another name: the decoder looks into the file, not at its ending."""
    if load_multimedia() is None:
        pytest.skip("QtMultimedia does not load here")
    record(tmp_path, *PHRASES)
    (tmp_path / "prefix-A.wav").rename(tmp_path / "prefix-A.flac")
    (tmp_path / "to.mp3").write_bytes(b"not a recording")
    folder = ClipFolder(tmp_path)
    decoder = Decoder(folder, QCoreApplication.instance())
    assert "prefix-A" not in folder.available()
    with qtbot.waitSignal(decoder.finished, timeout=10_000):
        decoder.start()
    assert "prefix-A" in folder.available()
    assert Maker(folder, Catalogue(), english=False).make(CALL).lacking == ()


def test_a_wave_without_samples_is_played_as_nothing() -> None:
    assert Wave(array("h")).seconds == 0
