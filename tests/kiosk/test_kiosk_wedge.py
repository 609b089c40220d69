"""A scanner that is a keyboard: real key events through the real application, sorted by their speed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow

from kiosk.wedge import Wedge

CODE = "https://hall.example/t/0123456789ABCDEFGHJKMNPQRSTUVW"


class Typed(QWindow):
    """A window that notes the keys which reach it."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[int] = []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.keys.append(event.key())


class Bench:
    """A wedge at a set clock, and a window behind it."""

    def __init__(self, application: QGuiApplication) -> None:
        self.application, self.codes, self.now = application, list[str](), 0.0
        self.window = Typed()
        self.wedge = Wedge(application, on_code=self.codes.append, clock=lambda: self.now)

    def press(self, key: int, text: str = "", *, after: float = 0.01) -> None:
        self.now += after
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text)
            self.application.sendEvent(self.window, event)

    def type(self, text: str, *, gap: float) -> None:
        for letter in text:
            self.press(0, letter, after=gap)


@pytest.fixture
def bench(qapp: QGuiApplication) -> Iterator[Bench]:
    made = Bench(qapp)
    yield made
    qapp.removeEventFilter(made.wedge)
    made.wedge.deleteLater()
    made.window.destroy()


def test_what_a_machine_types_is_a_code_and_reaches_no_window(bench: Bench) -> None:
    bench.type(CODE, gap=0.01)
    bench.press(Qt.Key.Key_Return, "\r")
    bench.type("481203", gap=0.02)
    bench.press(Qt.Key.Key_Enter, "\r")
    assert bench.codes == [CODE, "481203"]
    assert bench.window.keys == []


def test_what_a_hand_types_is_none_and_other_keys_go_on(bench: Bench) -> None:
    bench.type("481203", gap=0.2)
    bench.press(Qt.Key.Key_Return, "\r")
    bench.press(Qt.Key.Key_F11)
    bench.press(Qt.Key.Key_Tab, "\t")
    assert bench.codes == []
    assert bench.window.keys == [Qt.Key.Key_F11, Qt.Key.Key_Tab]
