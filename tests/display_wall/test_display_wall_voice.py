"""Order, hours and volume of the voice: what is said when."""

from __future__ import annotations

import pytest
from wall_scenes import at

from display_wall.app import speaks
from display_wall.voice import LONGEST_S, Voice, is_quiet, volume_at
from hall_protocol.pictures.wall import VoiceRules

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


def test_an_evacuation_cuts_into_a_call_and_not_into_itself() -> None:
    voice = Voice()
    voice.call(number="A001", counter="1", calls=1, rules=None, now=at(0))
    voice.advance(at(0))
    voice.call(number="A002", counter="1", calls=1, rules=None, now=at(1))
    voice.evacuate("left", now=at(2))
    said = voice.advance(at(2))
    assert said is not None
    assert said.kind == "evacuation"
    voice.evacuate("left", now=at(20))
    assert voice.advance(at(20)) is None, "it is still being said"
    voice.ended()
    again = voice.advance(at(21))
    assert again is not None
    assert again.kind == "evacuation", "the call that waited is not said into an evacuation"


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
