"""`hall-device voice`, as a fitter types it: list, check, build, say; and the recorder's conversation."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from audio_tones import record, tone

from hardware import cli
from hardware.audio import decoding, phrases, recording, spelling
from hardware.audio.checking import Grade, check_bytes
from hardware.audio.clip import RATE, BadClip, Wave, read_wav, silence
from hardware.audio.folder import ClipFolder
from hardware.audio.levels import loudness_lufs

HALL = ("--lines", "A-C", "--counters", "1-3")
COUNT = 3 + 10 + 2 + 3 + 6
Voice = Callable[..., tuple[int, str, str]]


@pytest.fixture
def voice(capsys: pytest.CaptureFixture[str]) -> Voice:
    """Runs the command; exit code, standard output, standard error."""

    def run(*words: object) -> tuple[int, str, str]:
        code = cli.main(["voice", *map(str, words)])
        out, err = capsys.readouterr()
        return code, out, "\n".join(line for line in err.splitlines() if not line.startswith("{"))

    return run


def recorded_hall(folder: Path) -> None:
    hall = phrases.Hall(letters=list("ABC"), counters=["1", "2", "3"])
    record(folder, *(want.name for want in phrases.wanted(hall)))


# -- the list ---------------------------------------------------------------------------------------------------


def test_the_list_and_its_sheets(voice: Voice, tmp_path: Path) -> None:
    code, out, _ = voice("list", *HALL)
    assert code == 0
    assert len(out.splitlines()) == COUNT
    assert "counter-3.wav" in out
    assert "三号窗口" in out
    for ending, mark in ((".csv", "prefix-A.wav,请 A"), (".html", '<td lang="zh">请 A</td>')):
        sheet = tmp_path / f"sheet{ending}"
        assert voice("list", *HALL, "--sheet", sheet)[0] == 0
        assert mark in sheet.read_text(encoding="utf-8")
    record(tmp_path / "done", "prefix-A", "to")
    assert len(voice("list", tmp_path / "done", *HALL)[1].splitlines()) == COUNT - 2


def test_the_hall_is_taken_from_its_catalogue(voice: Voice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = json.dumps({"lines": [{"line": "A"}, {"line": "H"}], "counters": [{"counter": "1"}, {"counter": "12"}]})
    (tmp_path / "catalogue.json").write_text(told)
    assert len(voice("list", "--hall", tmp_path / "catalogue.json")[1].splitlines()) == 2 + 10 + 2 + 2 + 6
    monkeypatch.setattr(sys, "stdin", StringIO(told))
    assert "十二号窗口" in voice("list", "--hall", "-")[1]
    (tmp_path / "catalogue.json").write_text("[]")
    code, _, err = voice("list", "--hall", tmp_path / "catalogue.json")
    assert (code, err.count("\n")) == (1, 0)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["list"], "--lines A-H"), (["list", "--lines", "A!"], "'A!'"), (["list", "--counters", "1-9999"], "at most"),
        (["check"], "takes a folder"), (["build", "."], "--to FOLDER"), (["say", ".", "--to", "x.mp3"], "FILE.wav"),
        (["list", *HALL, "--sheet", "x.pdf"], ".html or .csv"),
    ],
)  # fmt: skip
def test_wrong_usage_is_one_line(voice: Voice, words: list[str], says: str) -> None:
    code, _, err = voice(*words)
    assert code == 2
    assert says in err


# -- the check --------------------------------------------------------------------------------------------------


def test_a_complete_folder_passes_and_a_missing_phrase_is_named(voice: Voice, tmp_path: Path) -> None:
    recorded_hall(tmp_path)
    code, out, _ = voice("check", tmp_path, *HALL)
    assert code == 0, out
    assert f"{COUNT} usable, 0 not" in out
    (tmp_path / "counter-2.wav").unlink()
    (tmp_path / "stale.wav").unlink()
    code, out, err = voice("check", tmp_path, *HALL)
    assert code == 1
    assert "missing  counter-2.wav  二号窗口" in out
    assert "English  stale.wav" in out
    assert "1 are missing" in err, "stale is said in English and stops nothing"


def test_syllables_count_for_what_they_can_say(voice: Voice, tmp_path: Path) -> None:
    record(tmp_path, *(spelling.vocabulary() - {"cmn-er4"}))
    _, out, err = voice("check", tmp_path, *HALL)
    assert "missing  digit-2.wav" in out
    assert "missing  counter-2.wav" in out
    assert "missing  counter-3.wav" not in out
    assert "2 are missing" in err


def noisy(level: float) -> Wave:
    """A tone in a room with a fan."""
    fan = tone(900, level=level, hertz=120)
    speech = tone(300, level=0.3, before=300, after=300)
    return Wave(type(fan.samples)("h", [a + b for a, b in zip(fan.samples, speech.samples, strict=True)]))


@pytest.mark.parametrize(
    ("wave", "finding"),
    [
        (Wave(type(silence(1))("h", [32767] * 3000)), "cut off at the top"),
        (tone(300, level=0.004, before=300, after=300), "very quiet"),
        (noisy(0.013), "noisy"),
        (noisy(0.05), "hums in the room"),
        (Wave(tone(300, before=200).samples + silence(600) + tone(300, after=200).samples), "gap of 600 ms"),
        (tone(9000, before=200, after=200), "longer than 8 s"),
        (tone(300), "no silence before"),
    ],
)
def test_what_is_wrong_with_a_recording(wave: Wave, finding: str) -> None:
    report = check_bytes("to", wave.to_wav())
    assert report.grade is Grade.NOTE
    assert any(finding in said for said in report.findings), report.findings


def test_a_good_recording_has_no_findings_and_a_wrong_file_is_bad() -> None:
    good = check_bytes("to", tone(600, level=0.3, before=400, after=400).to_wav())
    assert (good.grade, good.findings) == (Grade.OK, ())
    assert good.seconds == pytest.approx(0.62, abs=0.02)
    for data in (b"RIFF", Wave(silence(500)).to_wav()):
        assert check_bytes("to", data).grade is Grade.BAD


# -- the built set ----------------------------------------------------------------------------------------------


def test_a_built_set_says_the_same_and_at_one_loudness(voice: Voice, tmp_path: Path) -> None:
    said = ("qing3", "ei1", "ling2", "hao4", "dao4", "shi2", "chuang1", "kou3")
    record(tmp_path / "raw", *spelling.syllables(*said), milliseconds=330)
    (tmp_path / "raw" / "cmn-zhuang4.wav").write_bytes(tone(300).to_wav())
    record(tmp_path / "raw" / "en", "prefix-A", "to")
    code, out, err = voice("build", tmp_path / "raw", "--to", tmp_path / "built")
    assert (code, err) == (0, "")
    assert "0.0 dB now" in out
    built, raw = ClipFolder(tmp_path / "built"), ClipFolder(tmp_path / "raw")
    assert built.built
    assert "cmn-zhuang4" not in built.files, "of a large collection only what a call can need"
    assert (tmp_path / "built" / "en" / "to.wav").exists()
    for name in ("cmn-shi2", "cmn-kou3"):
        for final in (False, True):
            assert built.clip(name, final).samples == raw.clip(name, final).samples
        assert built.clip(name, True).seconds > built.clip(name, False).seconds
    call = ("--number", "A000", "--counter", "10")
    for folder in ("raw", "built"):
        assert voice("say", tmp_path / folder, "--to", tmp_path / f"{folder}.wav", *call)[0] == 0
    assert (tmp_path / "raw.wav").read_bytes() == (tmp_path / "built.wav").read_bytes()
    assert loudness_lufs(read_wav((tmp_path / "built.wav").read_bytes())) == pytest.approx(-18, abs=1.5)


def test_a_set_is_built_again_over_itself_and_over_nothing_else(voice: Voice, tmp_path: Path) -> None:
    record(tmp_path / "raw", "to", "prefix-A")
    for _ in range(2):
        assert voice("build", tmp_path / "raw", "--to", tmp_path / "built")[0] == 0
    (tmp_path / "raw" / "prefix-A.wav").unlink()
    assert voice("build", tmp_path / "raw", "--to", tmp_path / "built")[0] == 0
    assert set(ClipFolder(tmp_path / "built").files) == {"to"}
    code, _, err = voice("build", tmp_path / "raw", "--to", tmp_path / "raw")
    assert (code, "other files" in err) == (1, True)
    assert "already" in voice("build", tmp_path / "built", "--to", tmp_path / "again")[2]


def test_a_bad_recording_is_left_out_and_named(voice: Voice, tmp_path: Path) -> None:
    record(tmp_path / "raw", "to")
    (tmp_path / "raw" / "prefix-A.wav").write_bytes(b"RIFF")
    code, _, err = voice("build", tmp_path / "raw", "--to", tmp_path / "built")
    assert code == 1
    assert "prefix-A" in err
    (tmp_path / "raw" / "to.wav").unlink()
    assert "no recording" in voice("build", tmp_path / "raw", "--to", tmp_path / "none")[2]
    assert not ClipFolder(tmp_path / "none").built


def test_what_is_missing_for_a_call_is_named(voice: Voice, tmp_path: Path) -> None:
    record(tmp_path, "prefix-A", "to")
    code, _, err = voice("say", tmp_path, "--to", tmp_path / "call.wav")
    assert code == 1
    assert "cmn-ling2.wav" in err


# -- helpers of the system --------------------------------------------------------------------------------------


def script(place: Path, name: str, body: str) -> None:
    file = place / name
    file.write_text(f"#!{sys.executable}\n{body}")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


@pytest.mark.skipif(os.name != "posix", reason="scripts stand in for the system's programs")
def test_an_encoded_recording_is_decoded_by_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "to.mp3").write_bytes(b"mp3")
    with pytest.raises(BadClip, match="apt-get install -y ffmpeg"):
        decoding.decode(tmp_path / "to.mp3")
    script(tmp_path, "mpg123", f"import sys; sys.stdout.buffer.write(bytes([0, 32]) * {RATE // 2})")
    assert decoding.decode(tmp_path / "to.mp3").seconds == pytest.approx(0.5)
    assert decoding.command_for(tmp_path / "to.ogg") is None, "mpg123 knows mp3 alone"
    script(tmp_path, "ffmpeg", "import sys; sys.stderr.write('moov atom not found\\n'); sys.exit(1)")
    with pytest.raises(BadClip, match="ffmpeg cannot decode it: moov atom"):
        decoding.decode(tmp_path / "to.mp3")


@pytest.mark.skipif(os.name != "posix", reason="the recorders are those of Linux")
def test_the_recorder_keeps_what_is_good_and_asks_again_for_what_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The recorder is a program that writes until it is interrupted: silence at first, speech the second time."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    (tmp_path / "good.wav").write_bytes(tone(500, level=0.3, before=300, after=300).to_wav())
    (tmp_path / "still.wav").write_bytes(Wave(silence(900)).to_wav())
    script(
        tmp_path,
        "pw-record",
        "import pathlib, shutil, sys, time\n"
        f"here = pathlib.Path({str(tmp_path)!r}); first = not (here / 'tried').exists(); (here / 'tried').touch()\n"
        "shutil.copy(here / ('still.wav' if first else 'good.wav'), sys.argv[-1])\n"
        "open(sys.argv[-1] + '.done', 'w').close()\n"
        "time.sleep(20)\n",
    )
    told: list[str] = []
    todo = [phrases.Wanted("to", "号，到"), phrases.Wanted("prefix-A", "请 A")]
    folder = tmp_path / "clips"
    asked: list[str] = []

    def ask(text: str) -> str:
        asked.append(text)
        if "speak" in text:
            wait_for(lambda: any(folder.glob(".*.done")))
            for mark in folder.glob(".*.done"):
                mark.unlink()
        return "q" if len(asked) > 5 else ""

    kept = recording.record_all(todo, folder, command=recording.recorder(), say=told.append, ask=ask)
    assert kept == 1
    assert any("nothing but silence" in line for line in told)
    assert [file.name for file in folder.iterdir()] == ["to.wav"]


def wait_for(condition: Callable[[], bool]) -> None:
    import threading
    import time

    pace, until = threading.Event(), time.monotonic() + 5
    while not condition():
        assert time.monotonic() < until
        pace.wait(0.01)


def test_without_a_recorder_the_sheet_is_the_way(monkeypatch: pytest.MonkeyPatch, voice: Voice, tmp_path: Path) -> None:
    monkeypatch.setattr(recording.shutil, "which", lambda _name: None)
    code, _, err = voice("record", tmp_path, *HALL)
    assert code == 1
    assert "alsa-utils" in err
