"""The page of the voice is followed as written: every `hall-device voice` line of it runs, in order, in one folder."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from audio_tones import record

from hardware import cli
from hardware.audio import phrases, spelling
from hardware.audio.folder import ClipFolder

PAGE = Path(__file__).resolve().parents[2] / "docs" / "devices-audio.md"


def shown() -> list[list[str]]:
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    lines = [shlex.split(line) for block in blocks for line in block.splitlines()]
    return [words for words in lines if words[:2] == ["hall-device", "voice"]]


def test_the_page_can_be_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    hall = phrases.Hall(letters=list("ABCDEFGH"), counters=[str(n) for n in range(1, 13)])
    record(tmp_path / "recordings", *(want.name for want in phrases.wanted(hall)), milliseconds=60)
    said = "qing3 hao4 dao4 jin3 kuai4 chuang1 kou3 ling2 yao1 yi1 er4 san1 si4 wu3 liu4 qi1 ba1 jiu3 shi2 ei1 bi4 xi1"
    record(tmp_path / "syllables", *spelling.syllables(*said.split()), milliseconds=60)
    (tmp_path / "catalogue.json").write_text('{"lines": [{"line": "A"}], "counters": [{"counter": "1"}]}')
    commands = shown()
    assert {words[2] for words in commands} == {"list", "record", "check", "build", "say"}
    for words in commands:
        if words[2] == "record":
            continue  # everything is recorded here, and a machine without a recorder says so
        assert cli.main(words[1:]) == 0, f"{shlex.join(words)}: {capsys.readouterr()}"
    assert {"sheet.html", "sheet.csv", "call.wav", "voice", "voice-of-syllables"} <= {
        f.name for f in tmp_path.iterdir()
    }
    assert ClipFolder(tmp_path / "voice").built


@pytest.mark.parametrize("again", [False, True])
def test_the_syllables_named_as_needed_are_enough_up_to_counter_99(again: bool) -> None:
    text = PAGE.read_text(encoding="utf-8")
    named = re.search(r"Needed: `([^`]+)`", text)
    assert named is not None
    available = {*spelling.syllables(*named[1].split()), "letter-A"}
    for counter in range(1, 100):
        for number in ("A012", "A345", "A678", "A999"):
            parts = spelling.call_phrases(number, str(counter), again=again)
            assert not spelling.resolve(parts, available)[1], counter


def test_every_recording_of_the_list_is_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for want in phrases.wanted(phrases.Hall(letters=["A"], counters=["12"])):
        if not want.name.startswith("digit-"):
            assert f"`{want.name}.wav`" in text or f"`-{want.name.rpartition('-')[2]}`" in text, want.name
            assert want.text in text or want.name.startswith("evacuate"), want.text
