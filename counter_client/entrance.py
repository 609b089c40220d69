"""The pairing card: what the way in has to say, in the clerk's language."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from hall_client.entrance import WayIn
from hall_client.i18n import Words
from hall_client.rows import RowsModel

QML_IMPORT_NAME = "CounterDesk"
QML_IMPORT_MAJOR_VERSION = 1


@dataclass(frozen=True)
class HallText:
    """A hall to choose from."""

    name: str
    server: str


@QmlElement
class EntranceView(QObject):
    """Looks for the hall, pairs, and says when the desk may work: `opened(server, token)`."""

    changed = Signal()
    opened = Signal(str, str)

    def __init__(self, options: argparse.Namespace, words: Words, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self.way = WayIn(options, role="counter", parent=self)
        self.ca_file = self.way.ca_file
        self._rows = RowsModel(HallText, self)
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self.changed)
        self.way.changed.connect(self._step)
        self.way.opened.connect(self.opened)
        words.language_changed.connect(self.changed)

    def open(self) -> None:
        """Starts with what options and files say."""
        self._second.start()
        self.way.open()

    def close(self) -> None:
        """Ends browsing and pairing."""
        self._second.stop()
        self.way.close()

    @Slot(str)
    def choose(self, server: str) -> None:
        """One of several halls."""
        self.way.choose(server)

    def _step(self) -> None:
        self._rows.show([HallText(hall.name or hall.server, hall.server) for hall in self.way.halls])
        if self.way.done:
            self._second.stop()
        self.changed.emit()

    def _left(self) -> str:
        left = self.way.left
        return self._words.say("pair.left", **left) if left else ""

    def _print(self) -> str:
        shown = self.way.print or self._words.say("pair.fingerprint_none")
        return f"{self._words.say('pair.fingerprint')}  {shown}" if self.way.code else ""

    shown = Property(bool, lambda self: not self.way.done, notify=changed)
    title = Property(str, lambda self: self._words.say("pair.title"), notify=changed)
    text = Property(str, lambda self: self._words.say(self.way.text), notify=changed)
    hint = Property(str, lambda self: "" if self.way.halls else self._words.say("pair.none"), notify=changed)
    choosing = Property(bool, lambda self: self.way.choosing, notify=changed)
    code = Property(str, lambda self: self.way.code, notify=changed)
    left = Property(str, lambda self: self._left(), notify=changed)
    print = Property(str, lambda self: self._print(), notify=changed)
    halls = Property(QObject, lambda self: self._rows, constant=True)
