"""The pairing screen. A wall has nothing to touch: where several halls answer, a digit key or a click chooses."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from assets.i18n import LANGUAGES, Catalogue
from hall_client.entrance import WayIn
from hall_client.options import read_token
from hall_client.rows import RowsModel

QML_IMPORT_NAME = "HallWall"
QML_IMPORT_MAJOR_VERSION = 1

TICK_MS = 500


@dataclass(frozen=True)
class HallRow:
    """A hall to choose from."""

    label: str
    server: str


@QmlElement
class WallEntrance(QObject):
    """What the way in has to say; `opened(server, token)` once, when the wall may begin."""

    changed = Signal()
    opened = Signal(str, str)

    def __init__(self, options: argparse.Namespace, catalogue: Catalogue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self.way = WayIn(options, role="wall", parent=self)
        self.token_file, self.ca_file = self.way.token_file, self.way.ca_file
        self._rows = RowsModel(HallRow, self)
        self._shown = False
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self.changed)
        self.way.changed.connect(self._step)
        self.way.opened.connect(self.opened)

    def open(self) -> None:
        """Begins with what the options and files say. `Failure` for a token file that cannot be read."""
        self._shown = read_token(self.token_file) is None
        if self._shown:
            self._tick.start()
        self.way.open()

    def close(self) -> None:
        """Ends browsing and pairing."""
        self._tick.stop()
        self.way.close()

    @Slot(int)
    def choose(self, number: int) -> None:
        """The hall of that place in the list, counted from 0."""
        if self._shown and 0 <= number < len(self.way.halls):
            self.way.choose(self.way.halls[number].server)

    def _step(self) -> None:
        halls = self.way.halls if self.way.choosing else []
        self._rows.show([HallRow(hall.name or hall.server, hall.server) for hall in halls])
        if self.way.done:
            self._shown = False
            self._tick.stop()
        self.changed.emit()

    def _say(self, key: str, **values: object) -> str:
        """Nobody has told this wall a language yet: the first and English, one under the other."""
        texts = (self._catalogue.say(key, language, **values) for language in (LANGUAGES[0], "en"))
        return "\n".join(texts)

    def _left(self) -> str:
        left = self.way.left
        return self._say("pair.left", **left) if left else ""

    def _print(self) -> str:
        return (self.way.print or self._say("pair.fingerprint_none")) if self.way.code else ""

    shown = Property(bool, lambda self: self._shown, notify=changed)
    title = Property(str, lambda self: self._say("pair.title"), notify=changed)
    state = Property(str, lambda self: self._say(self.way.text if self.way.halls else "pair.none"), notify=changed)
    place = Property(str, lambda self: self.way.place, notify=changed)
    code = Property(str, lambda self: self.way.code, notify=changed)
    left = Property(str, lambda self: self._left(), notify=changed)
    printTitle = Property(str, lambda self: self._say("pair.fingerprint") if self.way.code else "", notify=changed)
    print = Property(str, lambda self: self._print(), notify=changed)
    halls = Property(QObject, lambda self: self._rows, constant=True)
