"""The way in: which hall, and as whom. Finds the hall by mDNS, pairs while there is no token, names server and token.

A wall has nothing to touch: where several halls answer, a digit key or a click chooses; nothing is chosen by itself.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from assets.i18n import LANGUAGES, Catalogue
from display_wall.rows import RowsModel
from hall_client import options as shared
from hall_client.finder import Finder, FoundHall
from hall_client.pairing import Pairing, fingerprint, grouped, grouped_code

QML_IMPORT_NAME = "HallWall"
QML_IMPORT_MAJOR_VERSION = 1

TOLD = {
    "expired": "pair.expired",
    "unreachable": "pair.unreachable",
    "mismatch": "pair.fp_mismatch",
    "done": "pair.done",
    "asking": "pair.looking",
}
TICK_MS = 500


@dataclass(frozen=True)
class HallRow:
    """A hall to choose from."""

    label: str
    server: str


@QmlElement
class WallEntrance(QObject):
    """The pairing screen; `opened(server, token)` once, when the wall may begin."""

    changed = Signal()
    opened = Signal(str, str)

    def __init__(self, options: argparse.Namespace, catalogue: Catalogue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._server = str(options.server)
        self.token_file, self.ca_file = shared.token_file(options), shared.ca_file(options)
        self._finder: Finder | None = None
        self._pairing: Pairing | None = None
        self._halls: list[FoundHall] = []
        self._rows = RowsModel(HallRow, self)
        self._shown = False
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self.changed)

    def open(self) -> None:
        """Begins with what the options and files say. `Failure` for a token file that cannot be read."""
        self._shown = shared.read_token(self.token_file) is None
        if self._shown:
            self._tick.start()
        if self._server != "auto":
            self._found([FoundHall(hall="", name="", server=self._server, fp="")])
            return
        self._finder = Finder(self)
        self._finder.changed.connect(self._found)
        self._finder.start()

    def close(self) -> None:
        """Ends browsing and pairing."""
        self._tick.stop()
        if self._finder is not None:
            self._finder.stop()
            self._finder = None
        if self._pairing is not None:
            self._pairing.stop()
            self._pairing = None

    def _found(self, halls: list[FoundHall]) -> None:
        self._halls = halls
        self._rows.show([HallRow(h.name or h.server, h.server) for h in halls] if len(halls) > 1 else [])
        if self._pairing is None and halls:
            token = shared.read_token(self.token_file)
            if token is not None:
                self._enter(self._ours(halls).server, token)
            elif len(halls) == 1:
                self._pair(halls[0])
        self.changed.emit()

    def _ours(self, halls: list[FoundHall]) -> FoundHall:
        """The hall whose CA we hold, when several answer."""
        if self.ca_file.exists():
            ours = fingerprint(self.ca_file.read_bytes())
            return next((hall for hall in halls if hall.fp == ours), halls[0])
        return halls[0]

    @Slot(int)
    def choose(self, number: int) -> None:
        """The hall of that place in the list, counted from 0."""
        if self._pairing is None and self._shown and 0 <= number < len(self._halls):
            self._pair(self._halls[number])

    def _pair(self, hall: FoundHall) -> None:
        self._pairing = Pairing(hall, role="wall", token_file=self.token_file, ca_file=self.ca_file, parent=self)
        self._pairing.changed.connect(self.changed)
        self._pairing.paired.connect(self._paired)
        self._pairing.start()
        self.changed.emit()

    def _paired(self, server: str) -> None:
        token = shared.read_token(self.token_file)
        assert token is not None
        self._enter(server, token)

    def _enter(self, server: str, token: str) -> None:
        self._shown = False
        self._tick.stop()
        if self._finder is not None:
            self._finder.stop()
            self._finder = None
        self.changed.emit()
        self.opened.emit(server, token)

    # -- what the screen says -----------------------------------------------------------------------------------

    def _say(self, key: str, **values: object) -> str:
        """Nobody has told this wall a language yet: the first and English, one under the other."""
        texts = (self._catalogue.say(key, language, **values) for language in (LANGUAGES[0], "en"))
        return "\n".join(texts)

    def _state(self) -> str:
        if self._pairing is not None:
            return self._say(TOLD.get(self._pairing.state, "pair.code"))
        if len(self._halls) > 1:
            return self._say("pair.several")
        return self._say("pair.none" if not self._halls else "pair.looking")

    def _place(self) -> str:
        hall = self._pairing.hall if self._pairing else None
        return " · ".join(filter(None, (hall.name, hall.server.partition("://")[2]))) if hall else ""

    def _code(self) -> str:
        pairing = self._pairing
        return grouped_code(pairing.code) if pairing is not None and pairing.state == "code" else ""

    def _seconds(self) -> int | None:
        return self._pairing.seconds_left(self._pairing.now()) if self._pairing and self._code() else None

    def _left(self) -> str:
        seconds = self._seconds()
        return self._say("pair.left", m=seconds // 60, s=f"{seconds % 60:02d}") if seconds is not None else ""

    def _print(self) -> str:
        if self._pairing is None or not self._code():
            return ""
        return grouped(self._pairing.fp) if self._pairing.fp else self._say("pair.fingerprint_none")

    shown = Property(bool, lambda self: self._shown, notify=changed)
    title = Property(str, lambda self: self._say("pair.title"), notify=changed)
    state = Property(str, lambda self: self._state(), notify=changed)
    place = Property(str, lambda self: self._place(), notify=changed)
    code = Property(str, lambda self: self._code(), notify=changed)
    left = Property(str, lambda self: self._left(), notify=changed)
    printTitle = Property(str, lambda self: self._say("pair.fingerprint") if self._code() else "", notify=changed)
    print = Property(str, lambda self: self._print(), notify=changed)
    halls = Property(QObject, lambda self: self._rows, constant=True)
