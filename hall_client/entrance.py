"""The way in: which hall, and as one of its devices. Finds the hall by mDNS, pairs while there is no token yet.

What the screen says of it is each program's own affair; nothing is chosen by itself where several halls answer.
"""

from __future__ import annotations

import argparse

from PySide6.QtCore import QObject, Signal

from . import options as shared
from .finder import Finder, FoundHall
from .pairing import Pairing, fingerprint, grouped, grouped_code

TOLD = {
    "asking": "pair.looking",
    "code": "pair.code",
    "expired": "pair.expired",
    "unreachable": "pair.unreachable",
    "mismatch": "pair.fp_mismatch",
    "done": "pair.done",
}


class WayIn(QObject):
    """Says `opened(server, token)` once, when the program may begin; `changed` after every step before."""

    changed = Signal()
    opened = Signal(str, str)

    def __init__(self, options: argparse.Namespace, *, role: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server, self._role = str(options.server), role
        self.token_file, self.ca_file = shared.token_file(options), shared.ca_file(options)
        self.halls: list[FoundHall] = []
        self.done = False
        self._finder: Finder | None = None
        self._pairing: Pairing | None = None

    # -- what happens -------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Begins with what options and files say. `Failure` for a token file that cannot be read."""
        shared.read_token(self.token_file)
        if self._server != "auto":
            self._found([FoundHall(hall="", name="", server=self._server, fp="")])
            return
        self._finder = Finder(self)
        self._finder.changed.connect(self._found)
        self._finder.start()

    def close(self) -> None:
        """Ends browsing and pairing."""
        if self._finder is not None:
            self._finder.stop()
            self._finder = None
        if self._pairing is not None:
            self._pairing.stop()
            self._pairing = None

    def choose(self, server: str) -> None:
        """One of several halls."""
        hall = next((hall for hall in self.halls if hall.server == server), None)
        if hall is not None and self._pairing is None and not self.done:
            self._pair(hall)

    def _found(self, halls: list[FoundHall]) -> None:
        self.halls = halls
        if self._pairing is None and halls and not self.done:
            token = shared.read_token(self.token_file)
            if token is not None:
                self._enter(self._ours(halls).server, token)
            elif len(halls) == 1:
                self._pair(halls[0])
        self.changed.emit()

    def _ours(self, halls: list[FoundHall]) -> FoundHall:
        """The hall whose CA we hold, when several answer."""
        if self.ca_file.exists():
            held = fingerprint(self.ca_file.read_bytes())
            return next((hall for hall in halls if hall.fp == held), halls[0])
        return halls[0]

    def _pair(self, hall: FoundHall) -> None:
        self._pairing = Pairing(hall, role=self._role, token_file=self.token_file, ca_file=self.ca_file, parent=self)
        self._pairing.changed.connect(self.changed)
        self._pairing.paired.connect(self._paired)
        self._pairing.start()
        self.changed.emit()

    def _paired(self, server: str) -> None:
        token = shared.read_token(self.token_file)
        assert token is not None
        self._enter(server, token)

    def _enter(self, server: str, token: str) -> None:
        self.done = True
        self.close()
        self.changed.emit()
        self.opened.emit(server, token)

    # -- what there is to say -----------------------------------------------------------------------------------

    @property
    def choosing(self) -> bool:
        """Whether a person has to choose between halls."""
        return self._pairing is None and len(self.halls) > 1

    @property
    def text(self) -> str:
        """The key of the sentence that says what goes on."""
        if self._pairing is not None:
            return TOLD[self._pairing.state]
        return "pair.several" if self.choosing else "pair.looking"

    @property
    def place(self) -> str:
        """The hall being paired with: its name and address."""
        hall = self._pairing.hall if self._pairing is not None else None
        return " · ".join(filter(None, (hall.name, hall.server.partition("://")[2]))) if hall else ""

    @property
    def code(self) -> str:
        """The code to confirm, grouped; empty while there is none."""
        pairing = self._pairing
        return grouped_code(pairing.code) if pairing is not None and pairing.state == "code" else ""

    @property
    def seconds_left(self) -> int | None:
        """Until the code expires; None while there is none."""
        return self._pairing.seconds_left(self._pairing.now()) if self._pairing is not None and self.code else None

    @property
    def left(self) -> dict[str, object]:
        """The same as the values of `pair.left`; empty while there is no code."""
        seconds = self.seconds_left
        return {"m": seconds // 60, "s": f"{seconds % 60:02d}"} if seconds is not None else {}

    @property
    def print(self) -> str:
        """The fingerprint to compare, grouped; empty without a certificate or a code."""
        return grouped(self._pairing.fp) if self._pairing is not None and self.code and self._pairing.fp else ""
