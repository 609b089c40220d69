"""The keypad bridge against the real driver and the simulated pad: what is pressed arrives once, as the pad's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from counter_scenes import NOW, keypad, question
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from counter_client.pads import Pad
from counter_client.rating import Bridge
from counter_client.ratings import Ratings
from hall_client.options import Usage
from hall_client.outbox import Outbox
from hardware.inventory import simulated
from hardware.keypads.simulated import SimulatedPad

LIMIT_MS = 5000


class KeypadLink(QObject):
    """The keypad's link, answered by the test."""

    picture_changed = Signal(dict, dict)
    online_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[str, str, dict[str, Any], str, Callable[[int | None, Any], None]]] = []

    def request(self, method: str, path: str, body: Any, *, key: str, done: Callable[[int | None, Any], None]) -> None:
        self.sent.append((method, path, body, key, done))

    def now(self) -> Any:
        return NOW


class Counter:
    """Pad, driver, link and outbox of one counter."""

    def __init__(self, folder: Path) -> None:
        address = f"neutral+sim://{folder.name}"
        self.pad = Pad(address)
        self.link = KeypadLink()
        self.file = folder / "keypad.db"
        self.ratings = self.made()
        self.pad.start()
        self._address = address

    def made(self) -> Ratings:
        return Ratings(self.link, self.pad, Outbox(self.file), bridge=Bridge(first_session=41))  # type: ignore[arg-type]

    @property
    def device(self) -> SimulatedPad | None:
        return simulated(self._address)  # type: ignore[return-value]

    def show(self, **changes: Any) -> None:
        self.link.picture_changed.emit(keypad(**changes), {})


@pytest.fixture
def counter(tmp_path: Path, qtbot: QtBot) -> Iterator[Counter]:
    made = Counter(tmp_path)
    qtbot.waitUntil(lambda: made.pad.driver.snapshot().last_ok is not None, timeout=LIMIT_MS)
    made.show()
    yield made
    made.pad.stop()
    made.ratings.stop()


def ask(counter: Counter, qtbot: QtBot, request: str = "R7") -> SimulatedPad:
    counter.show(rating_request=question(request, f"nonce-{request}"), number="A041")
    device = counter.device
    assert device is not None
    qtbot.waitUntil(lambda: device.question is not None, timeout=LIMIT_MS)
    return device


def test_a_press_becomes_one_rating(counter: Counter, qtbot: QtBot):
    device = ask(counter, qtbot)
    assert device.question is not None
    assert device.question.ask.timeout_s == 20
    device.press(2)
    qtbot.waitUntil(lambda: len(counter.link.sent) == 1, timeout=LIMIT_MS)
    method, path, body, key, done = counter.link.sent[0]
    assert (method, path, key) == ("POST", "/ratings", "pad-R7")
    assert body == {"request": "R7", "nonce": "nonce-R7", "level": 2}
    done(201, {})
    assert Outbox(counter.file).unanswered() == []


def test_a_second_press_a_replay_and_a_forgery_are_nothing(counter: Counter, qtbot: QtBot):
    device = ask(counter, qtbot)
    device.forge(1)
    qtbot.waitUntil(lambda: len(device.refused) == 1, timeout=LIMIT_MS)
    device.press(5)
    qtbot.waitUntil(lambda: len(counter.link.sent) == 1, timeout=LIMIT_MS)
    device.replay()
    device.press(1)
    qtbot.waitUntil(lambda: len(device.refused) >= 2, timeout=LIMIT_MS)
    assert len(counter.link.sent) == 1
    assert counter.link.sent[0][2]["level"] == 5


def test_a_press_before_any_question_is_nothing(counter: Counter, qtbot: QtBot):
    device = counter.device
    assert device is not None
    device.press(5)
    qtbot.waitUntil(lambda: bool(device.refused), timeout=LIMIT_MS)
    assert counter.link.sent == []


def test_the_pad_shows_the_number_and_no_name(counter: Counter, qtbot: QtBot):
    device = counter.device
    assert device is not None
    qtbot.waitUntil(lambda: device.staff is not None, timeout=LIMIT_MS)
    assert device.staff is not None
    assert (device.staff.name, device.staff.number) == ("", "0312")


def test_a_rating_without_an_answer_is_kept_and_sent_again_with_its_key(counter: Counter, qtbot: QtBot):
    device = ask(counter, qtbot)
    device.press(3)
    qtbot.waitUntil(lambda: len(counter.link.sent) == 1, timeout=LIMIT_MS)
    counter.link.sent[0][4](None, None)
    assert [kept.key for kept in Outbox(counter.file).unanswered()] == ["pad-R7"]
    counter.link.online_changed.emit(True)
    assert [sent[3] for sent in counter.link.sent] == ["pad-R7", "pad-R7"]
    assert counter.link.sent[0][2] == counter.link.sent[1][2]
    counter.link.sent[1][4](503, {"code": "storage_unavailable"})
    counter.ratings.flush()
    counter.link.sent[2][4](409, {"code": "already_rated"})
    assert Outbox(counter.file).unanswered() == []


def test_a_rating_survives_the_program(counter: Counter, qtbot: QtBot):
    device = ask(counter, qtbot)
    device.press(1)
    qtbot.waitUntil(lambda: len(counter.link.sent) == 1, timeout=LIMIT_MS)
    counter.ratings.stop()
    counter.link.sent.clear()
    counter.ratings = counter.made()
    counter.ratings.flush()
    assert [sent[3] for sent in counter.link.sent] == ["pad-R7"]


def test_the_question_taken_away_goes_from_the_pad(counter: Counter, qtbot: QtBot):
    device = ask(counter, qtbot)
    counter.show()
    qtbot.waitUntil(lambda: device.question is None, timeout=LIMIT_MS)
    assert counter.link.sent == []


def test_a_pad_that_was_off_is_told_again_and_still_answers(counter: Counter, qtbot: QtBot):
    device = ask(counter, qtbot)
    device.staff = None
    device.restart()
    qtbot.waitUntil(lambda: device.question is not None, timeout=LIMIT_MS)
    device.press(4)
    qtbot.waitUntil(lambda: len(counter.link.sent) == 1, timeout=LIMIT_MS)
    assert counter.link.sent[0][2]["level"] == 4


def test_an_address_that_is_no_keypad_is_refused_by_name():
    with pytest.raises(Usage, match="--keypad"):
        Pad("escpos+sim://printer")
    with pytest.raises(Usage, match="--keypad"):
        Pad("nonsense")
