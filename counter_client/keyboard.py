"""Keys of the counter window as commands (design, section 6). A key held down acts once; F5 does nothing.

An event filter on the windows, so that real keys, pads and tests go the same way whatever has the focus.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

Key = Qt.Key
_ALT, _CTRL, _NONE = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.NoModifier,
)

COMMANDS: dict[tuple[Qt.KeyboardModifier, Qt.Key], str] = {
    (_NONE, Key.Key_F1): "keys",
    (_NONE, Key.Key_F2): "call_next",
    (_NONE, Key.Key_F3): "recall",
    (_NONE, Key.Key_F4): "begin",
    (_NONE, Key.Key_F5): "",
    (_NONE, Key.Key_F6): "no_show",
    (_NONE, Key.Key_F7): "park",
    (_NONE, Key.Key_F8): "finish",
    (_NONE, Key.Key_F9): "pause_resume",
    (_NONE, Key.Key_F10): "transfer",
    (_NONE, Key.Key_F11): "call_number",
    (_ALT, Key.Key_1): "area_1",
    (_ALT, Key.Key_2): "area_2",
    (_ALT, Key.Key_3): "area_3",
    (_ALT, Key.Key_M): "mini",
    (_CTRL, Key.Key_K): "find",
    (_CTRL, Key.Key_Z): "undo",
    (_CTRL, Key.Key_L): "lock",
    (_NONE, Key.Key_Escape): "escape",
}
_BY_CODE = {(modifiers, int(key)): name for (modifiers, key), name in COMMANDS.items()}
_KEPT = _ALT | _CTRL | Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.MetaModifier
_TOUCHES = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin)


class Keyboard(QObject):
    """Turns key events of the windows it watches into commands."""

    def __init__(
        self,
        *,
        command: Callable[[str], None],
        released: Callable[[str], None],
        digit: Callable[[int], bool],
        touched: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        """`digit` takes 1–9 where a dialog offers a numbered choice and says whether it did."""
        super().__init__(parent)
        self._command, self._released, self._digit, self._touched = command, released, digit, touched
        self._held: set[int] = set()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt asks before the window sees an event; True keeps it from the window."""
        kind = event.type()
        if kind in _TOUCHES:
            self._touched()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._pressed(event)
        if kind == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent):
            return self._let_go(event)
        if kind in (QEvent.Type.FocusOut, QEvent.Type.Hide) and Key.Key_F1 in self._held:
            self._released("keys")
        if kind in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self._held.clear()
        return False

    def _pressed(self, event: QKeyEvent) -> bool:
        name = self._name(event)
        if name is None:
            return self._chosen(event)
        again = event.isAutoRepeat() or event.key() in self._held
        self._held.add(event.key())
        if name and not again:
            self._command(name)
        return True

    def _chosen(self, event: QKeyEvent) -> bool:
        digit = event.key() - int(Key.Key_0)
        plain = event.modifiers() & _KEPT == _NONE
        return plain and 1 <= digit <= 9 and not event.isAutoRepeat() and self._digit(digit)

    def _let_go(self, event: QKeyEvent) -> bool:
        if event.isAutoRepeat() or event.key() not in self._held:
            return False
        self._held.discard(event.key())
        name = self._name(event)
        if name == "keys":
            self._released(name)
        return name is not None

    @staticmethod
    def _name(event: QKeyEvent) -> str | None:
        return _BY_CODE.get((event.modifiers() & _KEPT, event.key()))
