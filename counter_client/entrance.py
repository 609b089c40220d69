"""The way in: which hall, and as which counter. Finds the hall by mDNS and pairs where there is no token yet."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from hall_client import options as shared
from hall_client.finder import Finder, FoundHall
from hall_client.i18n import Words
from hall_client.pairing import Pairing, fingerprint, grouped, grouped_code

from .rows import RowsModel

QML_IMPORT_NAME = "CounterDesk"
QML_IMPORT_MAJOR_VERSION = 1
TOLD = {
    "expired": "pair.expired",
    "unreachable": "pair.unreachable",
    "mismatch": "pair.fp_mismatch",
    "done": "pair.done",
}


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
        self._options, self._words = options, words
        self._finder: Finder | None = None
        self._pairing: Pairing | None = None
        self._halls: list[FoundHall] = []
        self._rows = RowsModel(HallText, self)
        self._done = False
        self.token_file, self.ca_file = shared.token_file(options), shared.ca_file(options)
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self.changed)
        words.language_changed.connect(self.changed)

    def open(self) -> None:
        """Starts with what options and files say."""
        self._second.start()
        if self._options.server != "auto":
            self._found([FoundHall(hall="", name="", server=self._options.server, fp="")])
            return
        self._finder = Finder(self)
        self._finder.changed.connect(self._found)
        self._finder.start()

    def close(self) -> None:
        """Ends browsing and pairing."""
        self._second.stop()
        if self._finder is not None:
            self._finder.stop()
            self._finder = None
        if self._pairing is not None:
            self._pairing.stop()
            self._pairing = None

    def _found(self, halls: list[FoundHall]) -> None:
        self._halls = halls
        self._rows.show([HallText(hall.name or hall.server, hall.server) for hall in halls])
        if self._pairing is None and not self._done and halls:
            token = shared.read_token(self.token_file)
            if token is not None:
                self._work(self._ours(halls).server, token)
            elif len(halls) == 1:
                self._pair(halls[0])
        self.changed.emit()

    def _ours(self, halls: list[FoundHall]) -> FoundHall:
        """The hall whose CA we hold, when several answer."""
        if self.ca_file.exists():
            held = fingerprint(self.ca_file.read_bytes())
            return next((hall for hall in halls if hall.fp == held), halls[0])
        return halls[0]

    @Slot(str)
    def choose(self, server: str) -> None:
        """One of several halls."""
        hall = next((hall for hall in self._halls if hall.server == server), None)
        if hall is not None and self._pairing is None:
            self._pair(hall)

    def _pair(self, hall: FoundHall) -> None:
        self._pairing = Pairing(hall, role="counter", token_file=self.token_file, ca_file=self.ca_file, parent=self)
        self._pairing.changed.connect(self.changed)
        self._pairing.paired.connect(self._paired)
        self._pairing.start()
        self.changed.emit()

    def _paired(self, server: str) -> None:
        token = shared.read_token(self.token_file)
        assert token is not None
        self._work(server, token)

    def _work(self, server: str, token: str) -> None:
        self._done = True
        self.close()
        self.changed.emit()
        self.opened.emit(server, token)

    def _text(self) -> str:
        if self._pairing is not None:
            return self._words.say(TOLD.get(self._pairing.state, "pair.code"))
        return self._words.say("pair.several" if len(self._halls) > 1 else "pair.looking")

    def _hint(self) -> str:
        return "" if self._halls else self._words.say("pair.none")

    def _of_code(self, make: Callable[[Pairing], str]) -> str:
        pairing = self._pairing
        return make(pairing) if pairing is not None and pairing.state == "code" else ""

    def _left(self, pairing: Pairing) -> str:
        left = pairing.seconds_left(pairing.now()) or 0
        return self._words.say("pair.left", m=left // 60, s=f"{left % 60:02d}")

    def _print(self, pairing: Pairing) -> str:
        shown: Any = grouped(pairing.fp) if pairing.fp else self._words.say("pair.fingerprint_none")
        return f"{self._words.say('pair.fingerprint')}  {shown}"

    shown = Property(bool, lambda self: not self._done, notify=changed)
    title = Property(str, lambda self: self._words.say("pair.title"), notify=changed)
    text = Property(str, lambda self: self._text(), notify=changed)
    hint = Property(str, lambda self: self._hint(), notify=changed)
    choosing = Property(bool, lambda self: self._pairing is None and len(self._halls) > 1, notify=changed)
    code = Property(str, lambda self: self._of_code(lambda p: grouped_code(p.code)), notify=changed)
    left = Property(str, lambda self: self._of_code(self._left), notify=changed)
    print = Property(str, lambda self: self._of_code(self._print), notify=changed)
    halls = Property(QObject, lambda self: self._rows, constant=True)
