"""The window as a PNG file about once a second while it changes (`HALL_SNAPSHOT=FILE`), and single pictures."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage
from PySide6.QtQuick import QQuickWindow

EVERY_MS = 1000
QUALITY = 70
"""Qt maps it to a quick zlib level: the file is read once and thrown away."""


def save(image: QImage, file: Path) -> bool:
    """Writes `image` whole or not at all."""
    temporary = file.with_name(f".{file.name}.new")
    if not image.save(str(temporary), "PNG", QUALITY):  # type: ignore[call-overload]
        return False
    os.replace(temporary, file)
    return True


class Portrait(QObject):
    """Grabs after a frame was drawn; the encoding happens on its own thread."""

    def __init__(self, window: QQuickWindow, file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window, self._file = window, file
        self._changed, self._grabbing = True, False
        self._busy = threading.Lock()
        window.frameSwapped.connect(self._drawn)
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._take)
        self._timer.start()

    def stop(self) -> None:
        """No further picture; waits for the one being written."""
        self._timer.stop()
        with self._busy:
            pass

    def _drawn(self) -> None:
        if not self._grabbing:
            self._changed = True

    def _take(self) -> None:
        if not self._changed or self._busy.locked():
            return
        self._grabbing = True
        image = self._window.grabWindow()
        self._grabbing = self._changed = False
        threading.Thread(target=self._write, args=(image,), daemon=True, name="portrait").start()

    def _write(self, image: QImage) -> None:
        with self._busy:
            save(image, self._file)
