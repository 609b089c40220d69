"""The real window over scenes: keys, what stays disabled, what fits, and what the keyboard reaches."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import counter_scenes as scenes
import pytest
from counter_scenes import NOW
from counter_window import CounterWindow
from PySide6.QtCore import QCoreApplication, QEvent, QRectF, Qt
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtQuick import QQuickItem, QQuickWindow

from assets.i18n import LANGUAGES
from counter_client.lamps import of_device, of_network
from counter_client.mini import SNAP_PX, snapped
from hall_client.drive import centre, items, press, tap

SCENES: dict[str, Callable[[], dict[str, Any]]] = {
    "idle": scenes.picture,
    "nobody": scenes.nobody,
    "called once": lambda: scenes.called(1),
    "called twice": lambda: scenes.called(2),
    "called three times": lambda: scenes.called(3, seconds_ago=20),
    "serving": scenes.serving,
    "parked": scenes.parked_now,
    "paused": scenes.paused,
    "closed": scenes.closed,
    "crowded": scenes.crowded,
}


@pytest.fixture(scope="module")
def window() -> Iterator[CounterWindow]:
    made = CounterWindow()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _plain(window: CounterWindow) -> Iterator[None]:
    yield
    window.language("zh-Hans")
    window.screen._set_mini(False)
    window.window.resize(1280, 800)
    window.settle()


def key(window: CounterWindow, kind: QEvent.Type, code: Qt.Key, *, repeat: bool = False) -> None:
    event = QKeyEvent(kind, code, Qt.KeyboardModifier.NoModifier, "", repeat)
    QCoreApplication.sendEvent(window.window, event)


# keys ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scene", "stroke", "path"),
    [
        (scenes.picture, "F2", "/counters/3/call-next"),
        (lambda: scenes.called(1, seconds_ago=20), "F3", "/counters/3/recall"),
        (lambda: scenes.called(1), "F4", "/counters/3/begin"),
        (lambda: scenes.called(3, seconds_ago=20), "F6", "/counters/3/no-show"),
        (scenes.serving, "F8", "/counters/3/finish"),
        (scenes.paused, "F9", "/counters/3/open"),
        (scenes.closed, "F9", "/counters/3/open"),
        (scenes.parked_now, "Ctrl+Z", "/counters/3/undo"),
    ],
)
def test_a_key_is_its_act(window: CounterWindow, scene: Callable[[], dict[str, Any]], stroke: str, path: str):
    window.show(scene(), after=-2 if stroke == "Ctrl+Z" else 0)
    press(window.window, stroke)
    assert [(one.method, one.path) for one in window.hall.sent] == [("POST", path)]
    assert window.hall.sent[0].token == "session-token"
    assert window.hall.sent[0].key


@pytest.mark.parametrize(
    ("scene", "stroke", "dialog"),
    [
        (scenes.serving, "F7", "park"),
        (scenes.picture, "F9", "pause"),
        (scenes.serving, "F10", "transfer"),
        (scenes.picture, "F11", "call_number"),
        (scenes.picture, "Ctrl+K", "find"),
    ],
)
def test_a_key_that_asks_first_opens_its_question(
    window: CounterWindow, scene: Callable[[], dict[str, Any]], stroke: str, dialog: str
):
    window.show(scene())
    press(window.window, stroke)
    assert window.screen.ask.dialogs.kind == dialog
    assert window.hall.sent == []
    press(window.window, "Esc")
    assert window.screen.ask.dialogs.kind == ""


def test_every_scene_ignores_keys_of_acts_that_may_not_be_done(window: CounterWindow):
    for make in SCENES.values():
        window.show(make())
        for stroke, act in (
            ("F2", "call_next"),
            ("F3", "recall"),
            ("F4", "begin"),
            ("F6", "no_show"),
            ("F8", "finish"),
        ):
            if not window.screen.desk.buttons[act].enabled:
                press(window.window, stroke)
        assert window.hall.sent == []


def test_f5_does_nothing(window: CounterWindow):
    window.show(scenes.picture())
    before = window.screen.desk
    press(window.window, "F5")
    assert window.hall.sent == []
    assert window.screen.desk == before


def test_a_held_key_acts_once(window: CounterWindow):
    window.show(scenes.picture())
    key(window, QEvent.Type.KeyPress, Qt.Key.Key_F2)
    assert window.hall.acts == ["call-next"]
    window.hall.sent[0].answer(200, {"ticket": None})
    for repeat in (True, True, False, True):  # some keyboards forget to mark a repeat
        key(window, QEvent.Type.KeyPress, Qt.Key.Key_F2, repeat=repeat)
    assert window.hall.acts == ["call-next"]
    key(window, QEvent.Type.KeyRelease, Qt.Key.Key_F2)
    key(window, QEvent.Type.KeyPress, Qt.Key.Key_F2)
    key(window, QEvent.Type.KeyRelease, Qt.Key.Key_F2)
    assert window.hall.acts == ["call-next", "call-next"]


def test_a_second_act_waits_for_the_answer_of_the_first(window: CounterWindow):
    window.show(scenes.called(1))
    press(window.window, "F4")
    press(window.window, "F4")
    press(window.window, "F3")
    assert window.hall.acts == ["begin"]


def test_f1_shows_all_keys_while_it_is_held(window: CounterWindow):
    window.show(scenes.serving())
    key(window, QEvent.Type.KeyPress, Qt.Key.Key_F1)
    assert window.screen.ask.keys
    key(window, QEvent.Type.KeyRelease, Qt.Key.Key_F1)
    assert not window.screen.ask.keys


def test_ctrl_l_locks_and_keeps_the_session(window: CounterWindow):
    window.show(scenes.serving())
    press(window.window, "Ctrl+L")
    assert window.screen.desk.stage == "locked"
    assert window.errands.sitting.token == "session-token"
    for stroke in ("F8", "F2", "F7", "Ctrl+K", "Ctrl+Z"):
        press(window.window, stroke)
    assert window.hall.sent == []
    assert window.screen.ask.dialogs.kind == ""
    assert not [one for one in texts(window.window) if "A041" in one.property("text")], "nothing to read while locked"


def test_alt_digits_move_the_focus(window: CounterWindow):
    window.show(scenes.serving())
    press(window.window, "Alt+2")
    focused = window.window.activeFocusItem()
    assert focused is not None
    assert focused.objectName() == "act_finish"
    press(window.window, "Alt+3")
    assert window.window.activeFocusItem().objectName() == "missed"
    press(window.window, "Alt+1")
    assert window.window.activeFocusItem().objectName() == "queue"


# questions -----------------------------------------------------------------------------------------------------------


def test_park_is_f7_and_a_digit(window: CounterWindow):
    window.show(scenes.serving())
    press(window.window, "F7")
    press(window.window, "4")
    (sent,) = window.hall.sent
    assert sent.path == "/counters/3/park"
    assert sent.body == {"reason": "pay", "until": scenes.at("16:30")}
    assert window.screen.ask.dialogs.kind == ""


def test_pause_asks_the_reason_and_the_return(window: CounterWindow):
    window.show(scenes.picture())
    press(window.window, "F9")
    press(window.window, "Return")
    assert window.hall.sent == []
    assert window.screen.ask.fault == "请先选原因"
    press(window.window, "4")
    window.settle()
    tap(window.window, centre(item(window, "minutes_3")))
    press(window.window, "Return")
    (sent,) = window.hall.sent
    assert sent.body == {"reason": "meal", "resume_at": scenes.in_s(30 * 60)}


def test_transfer_takes_a_letter_or_a_number(window: CounterWindow):
    for typed, target in (("b", {"line": "B"}), ("6", {"counter": "6"})):
        window.show(scenes.serving())
        press(window.window, "F10")
        press(window.window, typed.upper(), text=typed)
        window.settle()
        press(window.window, "Return")
        (sent,) = window.hall.sent
        assert sent.body == {**target, "reason": "next_step"}


def test_a_transfer_to_nowhere_is_said_and_not_sent(window: CounterWindow):
    window.show(scenes.serving())
    press(window.window, "F10")
    press(window.window, "X", text="x")
    press(window.window, "Return")
    assert window.hall.sent == []
    assert window.screen.ask.fault == "没有这个队列或窗口"


def test_a_number_is_typed_then_its_reason(window: CounterWindow):
    window.show(scenes.picture())
    press(window.window, "F11")
    for letter in "a044":
        press(window.window, letter.upper(), text=letter)
    press(window.window, "Return")
    window.settle()
    assert window.hall.sent == []
    press(window.window, "2")
    (sent,) = window.hall.sent
    assert (sent.path, sent.body) == ("/counters/3/call", {"number": "A044", "reason": "asked"})


def test_esc_keeps_what_was_typed(window: CounterWindow):
    window.show(scenes.picture())
    press(window.window, "F11")
    for letter in "a04":
        press(window.window, letter.upper(), text=letter)
    press(window.window, "Esc")
    press(window.window, "F11")
    window.settle()
    assert window.screen.ask.text == "a04"
    assert find_field(window).property("text") == "a04"


def test_find_resumes_reinstates_or_calls(window: CounterWindow):
    held = scenes.picture(parked=[scenes.entry("A036", "门诊费用报销", 60, park_reason="pay")])
    held["missed"] = scenes.serving()["missed"]
    for typed, path in (("a036", "/counters/3/resume"), ("a031", "/tickets/20261124-A031/reinstate")):
        window.show(held)
        press(window.window, "Ctrl+K")
        for letter in typed:
            press(window.window, letter.upper(), text=letter)
        press(window.window, "Return")
        (sent,) = window.hall.sent
        assert sent.path == path
    window.show(held)
    press(window.window, "Ctrl+K")
    for letter in "a043":
        press(window.window, letter.upper(), text=letter)
    press(window.window, "Return")
    assert window.screen.ask.dialogs.kind == "call_number"
    press(window.window, "1")
    assert window.hall.sent[0].body == {"number": "A043", "reason": "seen"}


def test_reclassify_and_return_ask_and_act(window: CounterWindow):
    window.show(scenes.called(1))
    tap(window.window, centre(item(window, "act_reclassify")))
    press(window.window, "2")
    assert window.hall.sent[0].path == "/tickets/20261124-A041/reclassify"
    assert window.hall.sent[0].body["priority_class"] == "elder"
    window.show(scenes.called(1))
    tap(window.window, centre(item(window, "act_return")))
    press(window.window, "1")
    assert window.hall.sent[0].path == "/counters/3/return"


def test_rows_resume_and_reinstate(window: CounterWindow):
    window.show(scenes.parked_now())
    tap(window.window, centre(item(window, "resume_A041")))
    assert window.hall.sent[0].body == {"number": "A041"}
    window.show(scenes.serving())
    assert not item(window, "resume_A036").isEnabled()
    tap(window.window, centre(item(window, "reinstate_A031")))
    assert window.hall.sent[0].path == "/tickets/20261124-A031/reinstate"


def test_what_the_menu_may_not_do_says_why(window: CounterWindow):
    window.show(scenes.serving())
    tap(window.window, centre(item(window, "menu")))
    window.settle()
    close = item(window, "choice_1")
    assert not close.isEnabled()
    assert "办结 A041 后可用" in {one.property("text") for one in texts(window.window)}
    press(window.window, "2")
    assert window.hall.sent == []


def test_a_question_about_a_ticket_that_has_gone_closes(window: CounterWindow):
    window.show(scenes.serving())
    press(window.window, "F7")
    window.picture = scenes.picture()
    window.screen.refresh()
    assert window.screen.ask.dialogs.kind == ""


# sign-in -------------------------------------------------------------------------------------------------------------


def test_signing_in_by_keyboard_alone(window: CounterWindow):
    window.show(scenes.closed(clerk=None), signed_in=False)
    for digit in "0312":
        press(window.window, digit, text=digit)
    press(window.window, "Return")
    for digit in "482913":
        press(window.window, digit, text=digit)
    press(window.window, "Return")
    (sent,) = window.hall.sent
    assert (sent.path, sent.body, sent.token) == ("/sessions", {"clerk": "0312", "pin": "482913"}, None)
    assert field_text(window, "signin_pin") == "", "the PIN leaves the field with the request"
    sent.answer(201, {"token": "new-token", "clerk": "0312", "expires_at": scenes.at("22:00")})
    window.picture = scenes.closed()
    window.screen.refresh()
    assert window.screen.desk.stage == "desk"
    press(window.window, "F9")
    assert window.hall.sent[-1].path == "/counters/3/open"
    assert window.hall.sent[-1].token == "new-token"


def test_a_wrong_pin_does_not_say_which_was_wrong(window: CounterWindow):
    window.show(scenes.closed(clerk=None), signed_in=False)
    window.errands.sign_in("0312", "482913")
    window.hall.sent[-1].answer(401, {"code": "wrong_clerk_or_pin", "detail": "x"})
    assert window.screen.at_door.says == "工号或密码不对，请再试一次"


def test_the_delay_is_counted_down(window: CounterWindow):
    window.show(scenes.closed(clerk=None), signed_in=False)
    window.errands.sign_in("0312", "482913")
    window.hall.sent[-1].answer(429, {"code": "pin_delayed", "values": {"retry_after_s": "4"}})
    assert window.screen.at_door.says.startswith("请等 4 秒再试")
    assert not window.screen.at_door.ready
    window.tick += 4
    window.screen.refresh()
    assert window.screen.at_door.ready
    assert window.errands.sign_in("0312", "482913") is None
    assert len(window.hall.sent) == 2


def test_unlocking_asks_the_pin_and_goes_on_where_it_was(window: CounterWindow):
    window.show(scenes.serving())
    press(window.window, "Ctrl+L")
    window.settle()
    for digit in "482913":
        press(window.window, digit, text=digit)
    press(window.window, "Return")
    assert window.hall.sent[-1].body == {"clerk": "0312", "pin": "482913"}
    window.hall.sent[-1].answer(201, {"token": "t2", "clerk": "0312", "expires_at": scenes.at("22:00")})
    assert window.screen.desk.stage == "desk"
    assert window.screen.desk.visitor.number == "A041"


def test_a_session_the_hall_does_not_know_any_more_leads_back_to_sign_in(window: CounterWindow):
    window.show(scenes.serving())
    press(window.window, "F8")
    window.hall.sent[-1].answer(401, {"code": "not_signed_in"})
    assert window.screen.desk.stage == "signed_out"
    assert window.screen.at_door.clerk == "0312"
    assert window.screen.at_door.says == "登录过期了，桌面都在，请再登录"


def test_idling_locks(window: CounterWindow):
    window.show(scenes.serving())
    window.errands.sitting.last_input = window.tick - 601
    window.errands._second()
    assert window.screen.desk.stage == "locked"


# when the hall is away -----------------------------------------------------------------------------------------------


def test_offline_no_key_sends_anything(window: CounterWindow):
    for make in SCENES.values():
        window.show(make())
        window.offline_since = NOW
        window.screen.refresh()
        for stroke in ("F2", "F3", "F4", "F6", "F7", "F8", "F9", "F10", "F11", "Ctrl+Z"):
            press(window.window, stroke)
        assert window.hall.sent == []
        assert window.screen.ask.dialogs.kind == ""


def test_an_act_without_an_answer_is_never_sent_again_by_itself(window: CounterWindow):
    window.show(scenes.picture())
    press(window.window, "F2")
    first = window.hall.sent[0].key
    window.hall.sent[0].answer(None, None)
    assert window.screen.desk.buttons["call_next"].refused
    press(window.window, "F2")
    assert window.hall.sent[1].key == first, "the same intention keeps its key"
    window.hall.sent[1].answer(None, None)
    window.errands.read(scenes.called(1), whole=True)
    window.picture = scenes.called(1)
    window.screen.refresh()
    assert len(window.hall.sent) == 2
    window.picture = scenes.picture()
    window.screen.refresh()
    press(window.window, "F2")
    assert window.hall.sent[2].key != first


def test_a_refusal_is_read_under_its_button(window: CounterWindow):
    window.show(scenes.called(1, seconds_ago=20))
    press(window.window, "F3")
    window.hall.sent[0].answer(409, {"code": "recall_too_soon", "detail": "x", "values": {"seconds": "3"}})
    window.settle()
    assert "刚叫过，请稍等几秒再重呼" in {one.property("text") for one in texts(window.window)}


# no secret in the log ------------------------------------------------------------------------------------------------


def test_neither_pin_nor_token_is_logged(window: CounterWindow, capfd: pytest.CaptureFixture[str]):
    window.show(scenes.closed(clerk=None), signed_in=False)
    window.errands.sign_in("0312", "739154")
    window.hall.sent[-1].answer(401, {"code": "wrong_clerk_or_pin"})
    window.errands.sign_in("0312", "739154")
    window.hall.sent[-1].answer(201, {"token": "very-secret-token", "clerk": "0312", "expires_at": "x"})
    window.errands.do("open")
    window.hall.sent[-1].answer(200, {})
    out, err = capfd.readouterr()
    assert "refused" in out + err, "something is logged at all"
    assert "739154" not in out + err
    assert "very-secret-token" not in out + err
    assert "739154" not in repr(window.errands.sitting)


# what fits -----------------------------------------------------------------------------------------------------------


def texts(window: QQuickWindow) -> list[QQuickItem]:
    return [
        one
        for one in items(window.contentItem())
        if one.metaObject().indexOfProperty("contentWidth") >= 0
        and one.metaObject().indexOfProperty("text") >= 0
        and one.property("text")
    ]


def scene_rect(one: QQuickItem) -> QRectF:
    return one.mapRectToScene(QRectF(0, 0, one.width(), one.height()))


def ancestors(one: QQuickItem) -> Iterator[QQuickItem]:
    parent = one.parentItem()
    while parent is not None:
        yield parent
        parent = parent.parentItem()


def faults(window: QQuickWindow) -> list[str]:
    """Texts that are cut, reach out of their button or window, or lie on each other."""
    found: list[str] = []
    whole = QRectF(0, 0, window.width(), window.height())
    rects: list[tuple[str, QRectF]] = []
    for one in texts(window):
        text, rect = one.property("text"), scene_rect(one)
        if one.property("truncated") or one.property("contentWidth") > one.width() + 1.5:
            found.append(f"cut: {text!r} {one.property('contentWidth'):.0f} in {one.width():.0f}")
        if one.property("font").pixelSize() < 13:
            found.append(f"small: {text!r}")
        above = list(ancestors(one))
        scrolled = any(a.metaObject().indexOfProperty("contentY") >= 0 for a in above)
        if not scrolled and not whole.adjusted(-1, -1, 1, 1).contains(rect):
            found.append(f"outside the window: {text!r} {rect}")
        for touchable in (a for a in above if a.metaObject().indexOfSignal("acted()") >= 0):
            if not scene_rect(touchable).adjusted(-1, -1, 1, 1).contains(rect):
                found.append(f"outside its button: {text!r}")
        if not scrolled:
            rects.append((text, rect.adjusted(1, 3, -1, -3)))
    for i, (text, rect) in enumerate(rects):
        found += [f"on each other: {text!r} {other!r}" for other, where in rects[i + 1 :] if rect.intersects(where)]
    return found


def after_motion(window: CounterWindow) -> None:
    until = time.monotonic() + 2
    toast = window.item("toast")
    while time.monotonic() < until and toast is not None and 0 < toast.opacity() < 1:
        window.settle()
        toast = window.item("toast")
    window.settle()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080), (1024, 768)])
def test_nothing_is_cut_or_overlaps(window: CounterWindow, name: str, language: str, size: tuple[int, int]):
    window.window.resize(*size)
    window.language(language)
    window.settle()
    window.show(SCENES[name](), after=-2 if name == "parked" else 0)
    after_motion(window)
    assert faults(window.window) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_cut_when_something_is_wrong(window: CounterWindow, language: str):
    window.language(language)
    window.show(scenes.crowded())
    window.offline_since = NOW
    window.lamps = [
        of_device("keypad", state="absent", faults=["gone"]),
        of_device("led", state="fault", faults=["font_missing"]),
        of_network(offline=True, ever_heard=True),
    ]
    window.screen.refresh()
    after_motion(window)
    assert faults(window.window) == []
    window.show(None)
    assert faults(window.window) == []
    window.show(scenes.closed(clerk="0777"), signed_in=False)
    window.errands.sitting.ended = "expired"
    window.screen.refresh()
    window.settle()
    assert faults(window.window) == []
    window.show(scenes.serving())
    window.errands.lock()
    window.settle()
    assert [f for f in faults(window.window) if "on each other" not in f] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["pause", "park", "transfer", "call_number", "return", "reclassify", "find", "menu"])
def test_nothing_is_cut_in_a_question(window: CounterWindow, kind: str, language: str):
    window.language(language)
    base = scenes.crowded() if kind in ("park", "transfer", "return", "reclassify", "find") else scenes.picture()
    window.show(base)
    window.screen.ask.open(kind)
    after_motion(window)
    card = item(window, "dialog_card")
    inside = [f for f in faults(window.window) if not f.startswith("on each other")]
    assert inside == []
    assert QRectF(0, 0, 1280, 800).contains(scene_rect(card))
    rects = [(t.property("text"), scene_rect(t)) for t in texts(window.window) if card in list(ancestors(t))]
    flat = [(t, r) for t, r in rects if r.height() > 0]
    assert all(scene_rect(card).contains(r) or "choice" in t for t, r in flat if kind != "find")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mini_bar_fits_in_all_its_states(window: CounterWindow, language: str):
    window.language(language)
    for make in (*SCENES.values(), scenes.evacuation):
        for offline in (None, NOW):
            window.show(make())
            window.offline_since = offline
            window.screen.refresh()
            window.screen._set_mini(True)
            window.settle()
            assert faults(window.mini) == [], make


def test_the_evacuation_covers_the_whole_window(window: CounterWindow):
    for language in LANGUAGES:
        window.language(language)
        window.show(scenes.evacuation(**{"counter:3": "left"}))
        grabbed = window.window.grabWindow()
        assert grabbed.pixelColor(3, 3) == grabbed.pixelColor(1276, 796)
        press(window.window, "F8")
        assert window.hall.sent == []


# reach ---------------------------------------------------------------------------------------------------------------


def touchables(window: QQuickWindow) -> list[QQuickItem]:
    return [
        one
        for one in items(window.contentItem())
        if one.metaObject().indexOfSignal("acted()") >= 0
        and one.metaObject().indexOfProperty("label") >= 0
        and one.isEnabled()
    ]


@pytest.mark.parametrize("name", ["idle", "called three times", "serving", "parked", "paused", "closed"])
def test_the_keyboard_reaches_every_control(window: CounterWindow, name: str):
    window.show(SCENES[name](), after=-2 if name == "parked" else 0)
    after_motion(window)
    wanted = {one.objectName() for one in touchables(window.window)}
    assert "" not in wanted, "every control has a name"
    seen: list[str] = []
    for _ in range(60):
        press(window.window, "Tab", text="\t")
        focused = window.window.activeFocusItem()
        assert focused is not None
        seen.append(focused.objectName())
    assert wanted <= set(seen), wanted - set(seen)


def test_controls_are_large_enough_and_named(window: CounterWindow):
    for make in SCENES.values():
        window.show(make())
        after_motion(window)  # rows of lists have their width once they are laid out
        for one in touchables(window.window):
            assert min(one.width(), one.height()) >= 24, one.objectName()
            spoken = QAccessible.queryAccessibleInterface(one)
            assert spoken is not None
            assert spoken.text(QAccessible.Text.Name).startswith(one.property("label"))


def test_there_is_one_answer_in_blue(window: CounterWindow):
    for name, make in SCENES.items():
        window.show(make())
        filled = [
            one.objectName()
            for one in items(window.window.contentItem())
            if one.metaObject().indexOfProperty("filled") >= 0 and one.property("filled") and one.isEnabled()
        ]
        assert len(filled) == (0 if name == "nobody" else 1), name


def test_a_touch_acts_like_its_key(window: CounterWindow):
    window.show(scenes.serving())
    tap(window.window, centre(item(window, "act_finish")))
    assert window.hall.acts == ["finish"]


def test_the_drawer_opens_below_1280(window: CounterWindow):
    window.window.resize(1024, 768)
    window.show(scenes.serving())
    assert window.item("missed") is None
    tap(window.window, centre(item(window, "hint_area_3")))
    window.settle()
    assert window.item("missed") is not None
    press(window.window, "Alt+3")
    window.settle()
    assert window.item("missed") is None


def test_the_mini_bar_acts_and_returns(window: CounterWindow):
    window.show(scenes.picture())
    press(window.window, "Alt+M")
    assert window.mini.isVisible()
    assert (window.mini.width(), window.mini.height()) == (360, 60)
    assert window.mini.flags() & Qt.WindowType.WindowStaysOnTopHint
    assert window.mini.flags() & Qt.WindowType.FramelessWindowHint
    press(window.mini, "F2")
    assert window.hall.acts == ["call-next"]
    press(window.mini, "Alt+M")
    assert not window.mini.isVisible()


def test_a_question_brings_the_window_back(window: CounterWindow):
    window.show(scenes.serving())
    press(window.window, "Alt+M")
    press(window.mini, "F7")
    assert not window.screen.small
    assert window.screen.ask.dialogs.kind == "park"


def test_the_mini_bar_snaps_to_the_edges():
    where = {"size": 360, "low": 0, "high": 1920}
    assert snapped(SNAP_PX, **where) == 0
    assert snapped(SNAP_PX + 1, **where) == SNAP_PX + 1
    assert snapped(1920 - 360 - SNAP_PX, **where) == 1560
    assert snapped(5000, **where) == 1560
    assert snapped(-50, **where) == 0


def test_an_act_by_the_keyboard_leaves_the_keyboard_working(window: CounterWindow):
    window.show(scenes.serving())
    press(window.window, "Alt+2")
    press(window.window, "Space", text=" ")
    assert window.hall.acts == ["finish"]
    assert not item(window, "act_finish").isEnabled()
    window.hall.sent[0].answer(200, {"ticket": {}})
    window.picture = scenes.picture()
    window.screen.refresh()
    window.settle()
    press(window.window, "Tab", text="\t")
    assert window.window.activeFocusItem() is not None
    tap(window.window, centre(item(window, "pause")))
    press(window.window, "Esc")
    window.settle()
    press(window.window, "Tab", text="\t")
    assert window.window.activeFocusItem() is not None


def item(window: CounterWindow, name: str) -> QQuickItem:
    found = window.item(name)
    assert found is not None, name
    return found


def find_field(window: CounterWindow) -> QQuickItem:
    return item(window, "dialog_field")


def field_text(window: CounterWindow, name: str) -> str:
    return str(item(window, name).property("text"))
