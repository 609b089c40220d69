"""A scanner that is a keyboard: its keys are taken before any window sees them, and put together to codes.

A kiosk has no other keyboard, so with a wedge every key that writes something belongs to it. The speed decides what is
a code (`hardware.readers.lines`).
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from hardware.readers.lines import KeyParser

ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Wedge(QObject):
    """An event filter for the whole program; `on_code` gets each code."""

    def __init__(
        self, application: QObject, *, on_code: Callable[[str], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(application)
        self._keys = KeyParser()
        self._on_code, self._clock = on_code, clock
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Takes the keys that write, lets the others (Tab, function keys) go where they belong."""
        if event.type() not in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease) or not isinstance(event, QKeyEvent):
            return False
        is_enter = event.key() in ENTERS
        if not is_enter and not (event.text() and event.text().isprintable()):
            return False
        if watched.isWindowType() and event.type() == QEvent.Type.KeyPress:  # told to the window, then to its items
            self._pressed(event, is_enter=is_enter)
        return True

    def _pressed(self, event: QKeyEvent, *, is_enter: bool) -> None:
        now = self._clock()
        if not is_enter:
            self._keys.key(event.text(), now)
            return
        code = self._keys.enter(now)
        if code is not None:
            self._on_code(code.text)
