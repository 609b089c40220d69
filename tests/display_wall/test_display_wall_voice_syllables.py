"""Recorded Mandarin syllables as one sentence, measured; they lie beside the checkout where there are any."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from assets.i18n import Catalogue
from display_wall.decoder import Decoder, load_multimedia
from display_wall.sound import Maker
from display_wall.voice import Saying
from hardware.audio import spelling
from hardware.audio.clip import FULL, RATE, Wave, read_wav
from hardware.audio.folder import ClipFolder
from hardware.audio.joining import OVERLAP_MS, joined, placed
from hardware.audio.levels import clipped_samples, loudness_lufs, peak_dbfs
from hardware.audio.spelling import COMMA_MS, Said

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "voice"
CALLS = (("A012", "3"), ("A041", "12"), ("B018", "7"), ("A259", "10"))


@pytest.fixture
def folder(qtbot: QtBot) -> ClipFolder:
    """The recorded syllables, decoded as the wall decodes them."""
    if not SHARED.is_dir():
        pytest.skip("no recorded syllables at hand")
    if load_multimedia() is None:
        pytest.skip("QtMultimedia does not load here")
    found = ClipFolder(SHARED)
    decoder = Decoder(found, QCoreApplication.instance())
    with qtbot.waitSignal(decoder.finished, timeout=20_000):
        decoder.start()
    return found


def sentence_of(folder: ClipFolder, number: str, counter: str) -> list[Said]:
    sentence, missing = spelling.resolve(spelling.call_phrases(number, counter, again=False), folder.available())
    assert not missing
    return sentence


def envelope(wave: Wave, *, window_ms: int = 10) -> list[float]:
    """Level of each window, dBFS."""
    size = RATE * window_ms // 1000
    parts = [wave.samples[i : i + size] for i in range(0, len(wave.samples) - size, size)]
    return [10 * math.log10(sum(s * s for s in part) / size / FULL**2 + 1e-9) for part in parts]


def quiet_spans(wave: Wave, *, below_db: float) -> list[int]:
    """Lengths in milliseconds of the stretches quieter than so many dB under the loudest window."""
    levels = envelope(wave)
    floor = max(levels) - below_db
    spans, run = [], 0
    for level in [*levels, 0.0]:
        if level < floor:
            run += 10
        elif run:
            spans.append(run)
            run = 0
    return spans


def sharpest(wave: Wave) -> int:
    """The largest step between two samples."""
    return max(abs(b - a) for a, b in pairwise(wave.samples))


@pytest.mark.parametrize(("number", "counter"), CALLS)
def test_one_sentence_instead_of_a_row_of_syllables(folder: ClipFolder, number: str, counter: str) -> None:
    sentence = sentence_of(folder, number, counter)
    once = joined(sentence, folder.clip)
    as_recorded = sum(folder.raw(said.name).seconds for said in sentence)
    apart = sum(folder.clip(said.name, final).seconds for said, final in placed(sentence))
    close = sum(said.pause_ms == 0 for said in sentence[1:])
    pauses = sum(said.pause_ms for said in sentence[1:])
    assert once.seconds == pytest.approx(apart - close * OVERLAP_MS / 1000 + pauses / 1000, abs=0.01)
    assert once.seconds < 0.4 * as_recorded, "syllables said alone last more than twice as long"
    assert 3.2 <= len(sentence) / once.seconds <= 5.5, "syllables a second, as announcements are spoken"
    assert peak_dbfs(once.samples) <= -0.99
    assert clipped_samples(once) == 0


@pytest.mark.parametrize(("number", "counter"), CALLS)
def test_the_only_pause_is_the_comma(folder: ClipFolder, number: str, counter: str) -> None:
    """No hole of 30 dB between two syllables but the comma's and the short rests after 请 and the letter."""
    once = joined(sentence_of(folder, number, counter), folder.clip)
    spans = quiet_spans(once, below_db=30)
    comma = [span for span in spans if span >= COMMA_MS - 40]
    assert len(comma) == 1, spans
    assert comma[0] <= COMMA_MS + 60
    assert all(span <= 130 for span in spans if span not in comma), "an aspirated q or h may be so quiet for so long"


def test_the_loudness_of_the_syllables_is_one(folder: ClipFolder) -> None:
    names = sorted(folder.available())
    assert len(names) >= 25
    before = [loudness_lufs(folder.raw(name)) for name in names]
    after = [loudness_lufs(folder.clip(name, False)) for name in names]
    assert max(before) - min(before) > 8
    assert max(after) - min(after) < 2, "within 2 dB: one speaker at one distance"


def test_no_step_of_level_at_a_seam(folder: ClipFolder) -> None:
    sentence = sentence_of(folder, "A012", "3")
    parts = [folder.clip(said.name, final) for said, final in placed(sentence)]
    assert sharpest(joined(sentence, folder.clip)) <= max(map(sharpest, parts)) * 1.01, (
        "a seam would be heard as a click"
    )


def test_a_call_is_rendered_and_read_back(folder: ClipFolder, tmp_path: Path) -> None:
    maker = Maker(folder, Catalogue(), english=False)
    said = maker.make(Saying("call", number="A012", counter="3")).wave
    assert said.seconds < 10, "a call stays shorter than the 12 s of its band"
    (tmp_path / "call.wav").write_bytes(said.to_wav())
    assert read_wav((tmp_path / "call.wav").read_bytes()).samples == said.samples
