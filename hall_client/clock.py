"""The clock on a screen: hall time in words, moving by itself, told where its time comes from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Property, QObject, QTimer, Signal

from .i18n import Words


class Clock(QObject):
    """`time` 10:32, `seconds` 10:32:07 and `date` in the language of the screen."""

    changed = Signal()
    """Every second of hall time, and when the language changes."""

    def __init__(self, words: Words, *, now: Callable[[], datetime] | None = None) -> None:
        super().__init__()
        self._words = words
        self._now = now or (lambda: datetime.now().astimezone())
        self._shown = self._now()
        self._timer = QTimer(self, interval=250)
        self._timer.timeout.connect(self._look)
        words.language_changed.connect(self.changed)

    def tell_by(self, now: Callable[[], datetime]) -> None:
        """Takes the time from `now` (the link's hall time) from here on."""
        self._now = now
        self._look()

    def start(self) -> None:
        """Begins to move."""
        self._timer.start()

    def stop(self) -> None:
        """Stands still."""
        self._timer.stop()

    def now(self) -> datetime:
        """Hall time at this moment."""
        return self._now()

    def _look(self) -> None:
        now = self._now()
        if now.replace(microsecond=0) != self._shown.replace(microsecond=0):
            self._shown = now
            self.changed.emit()

    time = Property(str, lambda self: f"{self._shown:%H:%M}", notify=changed)
    seconds = Property(str, lambda self: f"{self._shown:%H:%M:%S}", notify=changed)
    date = Property(str, lambda self: self._words.date(self._shown), notify=changed)
