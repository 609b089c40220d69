"""Keys of the call pad: the same acts, the same toasts and the same refusals as on the screen; results as beeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import counter_scenes as scenes
import pytest
from counter_scenes import NOW
from counter_window import CounterWindow
from PySide6.QtCore import QCoreApplication
from structlog.testing import capture_logs
from test_counter_pad import KeypadLink

from counter_client import pad
from counter_client.dialogs import Intent
from counter_client.pad import Wish, wish_of
from counter_client.pad_desk import PadDesk
from counter_client.pads import CallPad, Pad, pads_of
from counter_client.rating import Bridge, Order
from counter_client.ratings import Ratings
from hall_client.options import Usage
from hall_client.outbox import Outbox
from hardware.address import parse
from hardware.inventory import simulated
from hardware.keypads.pad68.simulated import SimulatedPads
from hardware.simulation.server import SimulatorServer

LIMIT_MS = 5000


def wish(key: str, picture: dict[str, Any] | None, digits: str = "", **more: Any) -> Wish:
    return wish_of(key, digits, picture, **{"now": NOW, "asking": "", "undo_seq": None, **more})


def acted(act: str, **words: Any) -> Wish:
    return Wish(Intent(act, words=words))


# what a key means


def test_the_keys_that_are_acts_as_they_stand():
    assert wish("call", scenes.picture()) == acted("call_next")
    assert wish("recall", scenes.called()) == acted("recall")
    assert wish("no_show", scenes.called(3)) == acted("no_show")


def test_the_rating_key_is_the_filled_button_while_somebody_is_here():
    assert wish("rate", scenes.called()) == acted("begin")
    assert wish("rate", scenes.serving()) == acted("finish")
    assert wish("rate", scenes.picture()) == pad.NOTHING


def test_hold_and_pause_take_the_reason_nobody_was_asked_for():
    held = wish("hold", scenes.serving()).intent
    assert held is not None
    assert (held.act, held.words["reason"], held.words["until"][11:16]) == ("park", "other", "16:30")
    assert wish("pause", scenes.picture()) == acted("pause", reason="other")
    assert wish("pause", scenes.paused()) == acted("open")
    assert wish("pause", scenes.closed()) == acted("open")
    assert wish("pause", scenes.picture(pause_reasons=["meal", "system_fault"])) == acted(
        "pause", reason="system_fault"
    )


def test_the_one_held_longest_is_called_back():
    assert wish("return", scenes.serving()) == acted("resume", number="A036")
    assert wish("return", scenes.nobody()) == pad.NOTHING


def test_a_transfer_needs_a_counter_typed_before_or_after():
    assert wish("transfer", scenes.serving(), "04") == acted("transfer", counter="4", reason="next_step")
    assert wish("transfer", scenes.serving(), "99") == pad.NOTHING
    assert wish("transfer", scenes.serving(), "00") == pad.NOTHING
    assert wish("transfer", scenes.serving()) == Wish(command="transfer")
    for key, digits in (("confirm", "4"), ("confirm", "04"), ("no_show", "")):
        found = wish(key, scenes.serving(), digits, asking="transfer")
        assert found == acted("transfer", counter="6" if key == "no_show" else "4", reason="next_step")
    assert wish("confirm", scenes.serving(), "4") == pad.NOTHING


def test_cancel_closes_what_is_asked_or_takes_the_last_act_back():
    assert wish("cancel", scenes.serving(), asking="transfer") == Wish(command="escape")
    assert wish("cancel", scenes.parked_now(), undo_seq=77) == acted("undo", seq=77)
    assert wish("cancel", scenes.picture()) == pad.NOTHING


def test_without_a_picture_or_a_known_key_nothing_is_done():
    assert wish("call", None) == pad.NOTHING
    assert wish("digit_7", scenes.picture()) == pad.NOTHING


def test_what_stands_on_the_pad():
    assert pad.shown(scenes.picture()) == pad.PadShown(None, 5)
    assert pad.shown(scenes.called()) == pad.PadShown("A041", 5)
    assert pad.shown(scenes.nobody()) == pad.PadShown(None, 0)


# the pad and the window -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def window() -> Iterator[CounterWindow]:
    made = CounterWindow()
    yield made
    made.close()


class Desk:
    """A window, a simulated pad and what ties them together."""

    def __init__(self, window: CounterWindow, name: str, qtbot: Any) -> None:
        self.window, self.qtbot = window, qtbot
        self.address = f"pad68+sim://?addr=3&out={name}"
        self.pad = CallPad(self.address)
        self.told: list[tuple[str, str]] = []
        self.ties = PadDesk(self.pad, window.screen, window.errands, window.world)
        self.pad.pressed.connect(lambda key, digits: self.told.append((key, digits)))
        self.pad.start()
        self.until(lambda: isinstance(simulated(self.address), SimulatedPads))

    @property
    def device(self) -> SimulatedPads:
        found = simulated(self.address)
        assert isinstance(found, SimulatedPads)
        return found

    def until(self, condition: Callable[[], Any]) -> None:
        self.qtbot.waitUntil(condition, timeout=LIMIT_MS)

    def press(self, key: str, *, digits: str = "") -> None:
        """One press, all the way to the desk."""
        told = self.told
        before = len(told)
        self.device.press(key, digits=digits)
        self.until(lambda: len(told) > before)

    def beeps(self, count: int) -> None:
        before = self.beeped
        self.until(lambda: self.device.first.beeps - before == count)
        self.beeped = self.device.first.beeps

    beeped = 0


@pytest.fixture
def desk(window: CounterWindow, tmp_path: Any, qtbot: Any) -> Iterator[Desk]:
    made = Desk(window, tmp_path.name, qtbot)
    yield made
    made.pad.stop()
    for signal, slot in (
        (made.window.errands.done, made.ties._done),
        (made.window.errands.changed, made.ties._changed),
    ):
        signal.disconnect(slot)
    QCoreApplication.processEvents()


@pytest.mark.parametrize(
    ("scene", "key", "path"),
    [
        (scenes.picture, "call", "/counters/3/call-next"),
        (lambda: scenes.called(1, seconds_ago=20), "recall", "/counters/3/recall"),
        (lambda: scenes.called(3, seconds_ago=20), "no_show", "/counters/3/no-show"),
        (lambda: scenes.called(1), "rate", "/counters/3/begin"),
        (scenes.serving, "rate", "/counters/3/finish"),
        (scenes.serving, "hold", "/counters/3/park"),
        (scenes.picture, "pause", "/counters/3/pause"),
        (scenes.paused, "pause", "/counters/3/open"),
        (scenes.parked_now, "cancel", "/counters/3/undo"),
        (scenes.parked_now, "return", "/counters/3/resume"),
    ],
)
def test_a_key_of_the_pad_sends_what_the_screens_key_sends(window, desk, scene, key: str, path: str):
    window.show(scene())
    desk.press(key)
    (sent,) = window.hall.sent
    assert (sent.method, sent.path, sent.token) == ("POST", path, "session-token")
    sent.answer(200, {})
    desk.beeps(1)


def test_a_transfer_by_digits_goes_without_a_question(window, desk):
    window.show(scenes.serving())
    desk.press("transfer", digits="4")
    (sent,) = window.hall.sent
    assert (sent.path, sent.body) == ("/counters/3/transfer", {"counter": "4", "reason": "next_step"})


def test_a_transfer_without_digits_asks_on_the_screen_and_the_pad_may_answer(window, desk):
    window.show(scenes.serving())
    desk.press("transfer")
    assert window.screen.ask.dialogs.kind == "transfer"
    assert window.hall.sent == []
    desk.press("cancel")
    assert window.screen.ask.dialogs.kind == ""
    desk.press("transfer")
    desk.press("confirm", digits="4")
    assert window.screen.ask.dialogs.kind == ""
    (sent,) = window.hall.sent
    assert sent.body == {"counter": "4", "reason": "next_step"}


def test_a_refusal_of_the_hall_is_the_screens_sentence_and_two_beeps(window, desk):
    window.show(scenes.picture())
    desk.press("call")
    window.hall.sent[0].answer(
        409, {"code": "taken_elsewhere", "detail": "", "values": {"number": "A042", "counter": "5"}}
    )
    desk.beeps(2)
    window.screen.refresh()
    assert window.screen.desk.toast is not None
    assert "A042" in window.screen.toast


def test_what_may_not_be_done_now_is_not_sent_and_beeps_twice(window, desk):
    window.show(scenes.serving())
    desk.press("call")
    assert window.hall.sent == []
    desk.beeps(2)
    desk.press("recall")
    desk.beeps(2)


def test_a_locked_or_unsigned_desk_takes_no_key(window, desk):
    window.show(scenes.picture(), signed_in=False)
    desk.press("call")
    assert window.hall.sent == []
    desk.beeps(2)
    window.show(scenes.picture())
    window.errands.lock()
    desk.press("pause")
    assert window.hall.sent == []
    desk.beeps(2)


def test_no_answer_of_the_hall_is_two_beeps_and_no_second_act(window, desk):
    window.show(scenes.picture())
    desk.press("call")
    window.hall.sent[0].answer(None, None)
    desk.beeps(2)
    assert len(window.hall.sent) == 1


def test_the_screens_own_acts_do_not_beep(window, desk):
    window.show(scenes.picture())
    window.screen.command("call_next")
    window.hall.sent[0].answer(200, {})
    desk.press("recall")
    desk.beeps(2)
    assert desk.device.first.beeps == 2


def test_a_key_says_that_the_clerk_is_here(window, desk):
    window.show(scenes.serving())
    window.errands.sitting.last_input = window.tick - 500
    desk.press("recall")
    assert window.errands.sitting.last_input == window.tick


def test_number_and_waiting_follow_the_picture(window, desk):
    window.show(scenes.called())
    desk.ties.show()
    desk.until(lambda: (desk.device.first.number, desk.device.first.waiting) == ("041", "005"))
    window.show(scenes.nobody())
    desk.ties.show()
    desk.until(lambda: (desk.device.first.number, desk.device.first.waiting) == ("000", "000"))


# two pads on one line ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("rater", [3, 4])
def test_pad_and_rater_share_one_line_and_one_port(qtbot: Any, rater: int):
    """With one address for both, or with two."""
    device = SimulatedPads((3, 4))
    with SimulatorServer(device, "socket://127.0.0.1:0") as server:
        made = pads_of(pad=f"pad68+{server.url}?addr=3", keypad=f"pad68+{server.url}?addr={rater}")
        assert made.line is not None
        assert made.call_pad is not None
        assert made.keypad is not None
        pressed, rated = [], []
        made.call_pad.pressed.connect(lambda key, digits: pressed.append((key, digits)))
        made.keypad.rated.connect(lambda session, key: rated.append((session, key)))
        for one in made.devices:
            one.start()
        try:
            device.press("call", addr=3)
            qtbot.waitUntil(lambda: pressed == [("call", "")], timeout=LIMIT_MS)
            made.keypad.carry_out([Order("ask", session=41, window_s=20)])
            qtbot.waitUntil(lambda: device.pads[rater].rating_open, timeout=LIMIT_MS)
            device.rate(3, addr=rater)
            qtbot.waitUntil(lambda: rated == [(41, 5)], timeout=LIMIT_MS)
            made.call_pad.show(pad.PadShown("A041", 7))
            qtbot.waitUntil(lambda: device.pads[3].number == "041", timeout=LIMIT_MS)
            assert str(made.keypad.driver.snapshot().state) == "ready"
            assert parse(made.keypad.driver.snapshot().address).number("addr", 0) == rater
            assert len(server._carrier._clients) == 1  # type: ignore[union-attr]
        finally:
            for one in made.devices:
                one.stop()


@pytest.mark.parametrize(
    ("address", "press"),
    [
        ("pad68+sim://?addr=5", lambda device: device.rate(3)),
        ("template+sim://?profile=raw1", lambda device: device.press(5)),
        ("hid+sim://", lambda device: device.press(5)),
    ],
)
def test_a_press_on_any_keypad_is_one_rating_with_the_halls_nonce(
    qtbot: Any, tmp_path: Path, address: str, press: Callable[[Any], None]
):
    keypad, link = Pad(address), KeypadLink()
    ratings = Ratings(link, keypad, Outbox(tmp_path / "keypad.db"), bridge=Bridge(first_session=41))  # type: ignore[arg-type]
    keypad.start()
    try:
        qtbot.waitUntil(lambda: simulated(address) is not None, timeout=LIMIT_MS)
        link.picture_changed.emit(scenes.keypad(), {})
        link.picture_changed.emit(scenes.keypad(rating_request=scenes.question(), number="A041"), {})
        qtbot.waitUntil(lambda: keypad.driver.snapshot().jobs_unknown >= 2, timeout=LIMIT_MS)
        press(simulated(address))
        qtbot.waitUntil(lambda: len(link.sent) == 1, timeout=LIMIT_MS)
        method, path, body, key, _ = link.sent[0]
        assert (method, path, key) == ("POST", "/ratings", "pad-R7")
        assert body == {"request": "R7", "nonce": "n-7", "level": 5}
    finally:
        keypad.stop()
        ratings.stop()


def test_a_press_that_does_not_count_is_told_without_what_was_pressed(qtbot: Any):
    device = SimulatedPads((3,))
    with SimulatorServer(device, "socket://127.0.0.1:0") as server, capture_logs() as told:
        made = pads_of(pad=f"pad68+{server.url}?addr=3", keypad=f"pad68+{server.url}?addr=3")
        for one in made.devices:
            one.start()
        try:
            for presses, value in enumerate((3, 1), 1):
                device.rate(value)
                qtbot.waitUntil(lambda n=presses: len(told) >= n, timeout=LIMIT_MS)
        finally:
            for one in made.devices:
                one.stop()
    told_ones = [entry for entry in told if entry["event"] == "a press does not count"]
    assert [(entry["device"], entry["reason"], entry["code"]) for entry in told_ones] == [
        ("keypad", "no_open_ask", None),
        ("keypad", "unmapped_key", 1),
    ]


def test_pads_that_cannot_be_are_refused_by_name():
    with pytest.raises(Usage, match="this is no call pad"):
        CallPad("neutral+sim://")
    with pytest.raises(Usage, match="this is no rating keypad"):
        Pad("scanner+sim://")
    with pytest.raises(Usage, match="--pad nonsense"):
        pads_of(pad="nonsense", keypad=None)
    with pytest.raises(Usage, match="speaks one protocol"):
        pads_of(pad="pad68+/dev/ttyUSB0", keypad="neutral+/dev/ttyUSB0")
    with pytest.raises(Usage, match="1 to 254"):
        pads_of(pad="pad68+/dev/ttyUSB0?addr=255", keypad="pad68+/dev/ttyUSB0")
    assert pads_of(pad=None, keypad=None).devices == []
