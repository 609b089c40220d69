"""Notices, help and evacuation (contract 3)."""

import pytest
from core_material import Scene

from hall_server.core.places.notice import (
    AskHelp,
    EndEvacuation,
    PostNotice,
    RemoveNotice,
    StartEvacuation,
)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_notice_is_posted_taken_down_and_forgotten(scene: Scene) -> None:
    words = {"zh-Hans": "电梯检修"}
    (posted,) = scene.do(PostNotice(text=words, start=scene.now, end=scene.now + 1000))
    notice = posted.notice  # type: ignore[attr-defined]
    assert scene.hall.notices[notice].text == words
    scene.do(RemoveNotice(notice=notice))
    assert scene.refusal(RemoveNotice(notice=notice)) == "unknown_notice"
    scene.do(PostNotice(text=words, start=scene.now, end=scene.now + 1000))
    scene.later(hours=25)
    scene.do(PostNotice(text=words, start=scene.now, end=scene.now + 1000))
    assert len(scene.hall.notices) == 1, "old ones do not pile up"
    scene.check()


@pytest.mark.parametrize(("text", "length"), [({"en": "x"}, 0), ({"en": "x"}, -1), ({}, 1000)])
def test_a_notice_needs_words_and_a_span(scene: Scene, text: dict[str, str], length: int) -> None:
    assert scene.refusal(PostNotice(text=text, start=scene.now, end=scene.now + length)) == "bad_request"


def test_help_stands_once_per_kiosk_for_a_quarter_of_an_hour(scene: Scene) -> None:
    scene.do(AskHelp(language="en", screen="home"), device=scene.kiosk)
    scene.later(minutes=1)
    scene.do(AskHelp(), device=scene.kiosk)
    assert [(h.device, h.at) for h in scene.hall.help] == [(scene.kiosk, scene.now)]
    scene.later(minutes=16)
    other = scene.device("kiosk", "K2")
    scene.do(AskHelp(), device=other)
    assert [h.device for h in scene.hall.help] == [other]
    scene.check()


def test_an_evacuation_begins_changes_and_ends(scene: Scene) -> None:
    assert scene.refusal(EndEvacuation()) == "no_evacuation"
    scene.do(StartEvacuation(exits={"main": "left"}))
    assert scene.do(StartEvacuation(exits={"main": "left"})) == [], "the second press changes nothing"
    scene.do(StartEvacuation(exits={"main": "right"}))
    assert scene.hall.evacuation is not None
    assert scene.hall.evacuation.exits == {"main": "right"}
    taken = scene.take()
    scene.do(EndEvacuation())
    assert (scene.hall.evacuation, taken.state) == (None, "waiting")
    scene.check()
