"""Days of announcements in simulated time: after hours, after faults and in a flood the voice goes on (U5)."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from pathlib import Path

from voice_clips import record
from wall_scenes import at, call

from assets.i18n import Catalogue
from display_wall.calling import BAND_S, CallQueue
from display_wall.sound import Maker
from display_wall.voice import Saying, Voice
from hall_protocol.pictures.wall import VoiceRules
from hardware.audio.folder import KEPT_MAX, ClipFolder

DAY_S = 86_400.0
MORNING_S = 9 * 3600.0 - (10 * 3600 + 25 * 60)
"""09:00 on the scene's clock, which begins at 10:25."""
NUMBERS = [f"A{n:03}" for n in range(1, 41)]
COUNTERS = [str(n) for n in range(1, 9)]


@dataclass
class Heard:
    """One announcement as it was made."""

    at_s: float
    saying: Saying
    seconds: float
    whole: bool


@dataclass
class Wall:
    """Queue, voice and maker as the program puts them together; only playing is simulated: it takes its time."""

    maker: Maker
    rules: VoiceRules = field(default_factory=VoiceRules)
    queue: CallQueue = field(default_factory=CallQueue)
    voice: Voice = field(default_factory=Voice)
    heard: list[Heard] = field(default_factory=list)
    until_s: float = float("-inf")

    def look(self, now_s: float) -> None:
        """What the program does five times a second."""
        now = at(now_s)
        if self.voice._current is not None and now_s >= self.until_s:
            self.voice.ended()
        begins = self.queue.advance(now_s=now_s, speaking=self.voice.speaking, expected=lambda _call: True)
        if begins is not None:
            self.voice.call(number=begins.number, counter=begins.counter, calls=begins.calls, rules=self.rules, now=now)
        saying = self.voice.advance(now)
        if saying is not None:
            assert now_s >= self.until_s, "nobody is cut off"
            made = self.maker.make(saying)
            self.until_s = now_s + made.wave.seconds
            self.heard.append(Heard(now_s, saying, made.wave.seconds, not made.lacking))


def hall(folder: Path) -> Wall:
    letters = ("prefix-A", "to", "to-again", "chime")
    record(folder, *letters, *(f"digit-{n}" for n in range(10)), *(f"counter-{n}" for n in COUNTERS), milliseconds=60)
    return Wall(Maker(ClipFolder(folder), Catalogue(), english=False))


def test_two_days_with_a_night_between_and_a_drive_that_goes_for_an_hour(tmp_path: Path) -> None:
    folder, away = tmp_path / "voice", tmp_path / "away"
    wall, chance, seq = hall(folder), random.Random(7), 0
    threads = threading.active_count()
    gone: list[float] = []
    for day in range(2):
        opens = day * DAY_S + MORNING_S
        for place in range(120):
            now_s = opens + place * 220
            if day == 0 and place == 40:
                folder.rename(away)
            if day == 0 and place == 60:
                away.rename(folder)
            if day == 0 and 40 <= place < 60:
                gone.append(now_s)
            seq += 1
            wall.queue.offer([call(seq, chance.choice(NUMBERS), chance.choice(COUNTERS), calls=1 + place % 3)])
            for step in range(0, 40, 4):
                wall.look(now_s + step)
        for minute in range(0, 16 * 60, 20):  # the night: the wall stands there and looks
            wall.look(opens + 8 * 3600 + minute * 60)
    assert len(wall.heard) == 240, "every call of both days was said"
    assert all(one.whole for one in wall.heard if one.at_s not in gone), "and in whole phrases, the second day too"
    while_gone = [one for one in wall.heard if one.at_s in gone]
    chime_s = wall.maker.chime.seconds
    assert all(one.seconds >= chime_s for one in while_gone), "phrases still in memory, or the chime; never nothing"
    assert wall.heard[-1].seconds > 1
    assert threading.active_count() == threads
    assert len(wall.maker.folder._ready) <= KEPT_MAX


def test_a_flood_is_said_once_each_in_order_and_merged_while_it_waits(tmp_path: Path) -> None:
    """Forty numbers called at once and again every 15 s: what still waits is said once, not three times."""
    wall, seq = hall(tmp_path), 0
    for round_ in range(3):
        for number, counter in zip(NUMBERS, COUNTERS * 5, strict=True):
            seq += 1
            wall.queue.offer([call(seq, number, counter, calls=round_ + 1)])
        for step in range(75):
            wall.look(round_ * 15 + step / 5)
    now_s = 45.0
    while wall.queue.waiting or wall.voice.speaking:
        now_s += 0.5
        wall.look(now_s)
        assert now_s < 45 + 45 * BAND_S
    numbers = [one.saying.number for one in wall.heard]
    assert set(numbers) == set(NUMBERS), "nobody is left out"
    first = list(dict.fromkeys(numbers))
    assert first == NUMBERS, "in the order of the calls"
    assert len(numbers) <= len(NUMBERS) + 4, "only what was said before its repeat came is said again"
    assert all(b.at_s - a.at_s >= BAND_S for a, b in zip(wall.heard, wall.heard[1:], strict=False))


def test_quiet_hours_and_volumes_of_a_day(tmp_path: Path) -> None:
    wall = hall(tmp_path)
    wall.rules = VoiceRules(volume_percent=60, dayparts=[["12:00", 30], ["13:30", 80]], quiet_hours=["12:15-13:30"])
    volumes: dict[str, int] = {}
    for quarter in range(4 * 7):
        now_s = MORNING_S + quarter * 900
        wall.queue.offer([call(quarter + 1, "A001", "1")])
        before = len(wall.heard)
        for step in range(0, 40, 4):
            wall.look(now_s + step)
        if len(wall.heard) > before:
            volumes[f"{at(now_s).hall:%H:%M}"] = wall.heard[-1].saying.volume
    assert volumes["09:00"] == 60
    assert volumes["12:00"] == 30
    assert not {"12:15", "12:30", "13:15"} & volumes.keys(), "not even a chime"
    assert volumes["13:30"] == 80
    assert volumes["15:45"] == 80
