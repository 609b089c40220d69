"""The way in: which hall, and as whom. Finds the hall, pairs when there is no token, then lets the desk work."""

from __future__ import annotations

import argparse
import time
from typing import Any

from PySide6.QtCore import QObject

from hall_client import options as shared
from hall_client.finder import Finder, FoundHall
from hall_client.link import Link
from hall_client.pairing import Pairing, fingerprint, grouped, grouped_code

from .desk import Desk

TOLD = {
    "expired": "pair.expired",
    "unreachable": "pair.unreachable",
    "mismatch": "pair.fp_mismatch",
    "done": "pair.done",
}
CODE_S = 600


class Entrance(QObject):
    """Finds the hall, pairs when there is no token, and then lets the desk work."""

    def __init__(self, desk: Desk, options: argparse.Namespace) -> None:
        super().__init__()
        self._desk, self._options = desk, options
        self._finder: Finder | None = None
        self._pairing: Pairing | None = None
        self._halls: list[FoundHall] = []
        self.token_file, self.ca_file = shared.token_file(options), shared.ca_file(options)
        desk.pairing_view = self.view
        desk.on_pairing_touch = self._chosen

    def open(self) -> None:
        """Starts with what the options and files say."""
        token = shared.read_token(self.token_file)
        paired = token is not None
        self._desk.flow.heard(now=time.monotonic(), paired=paired)
        if self._options.server != "auto":
            self._found([FoundHall(hall="", name="", server=self._options.server, fp="")])
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

    def _found(self, halls: list[FoundHall]) -> None:
        self._halls = halls
        if self._pairing is None and halls:
            token = shared.read_token(self.token_file)
            if token is not None:
                self._work(self._match(halls), token)
            elif len(halls) == 1:
                self._pair(halls[0])
        self._desk.show()

    def _match(self, halls: list[FoundHall]) -> FoundHall:
        """The hall whose CA we hold, when several answer."""
        if self.ca_file.exists():
            ours = fingerprint(self.ca_file.read_bytes())
            return next((h for h in halls if h.fp == ours), halls[0])
        return halls[0]

    def _chosen(self, act: str) -> None:
        server = act.removeprefix("hall:")
        hall = next((h for h in self._halls if h.server == server), None)
        if hall is not None and self._pairing is None:
            self._pair(hall)

    def _pair(self, hall: FoundHall) -> None:
        self._pairing = Pairing(hall, role="kiosk", token_file=self.token_file, ca_file=self.ca_file, parent=self)
        self._pairing.changed.connect(self._desk.show)
        self._pairing.paired.connect(self._paired)
        self._pairing.start()

    def _paired(self, server: str) -> None:
        token = shared.read_token(self.token_file)
        assert token is not None
        self._work(FoundHall(hall="", name="", server=server, fp=""), token)

    def _work(self, hall: FoundHall, token: str) -> None:
        """Follows this kiosk's own picture, which also says its name."""
        self.close()
        ca = self.ca_file if hall.server.startswith("https://") and self.ca_file.exists() else None
        link = Link(hall.server, token=token, ca_file=ca, picture="kiosk:", parent=self)
        self._desk.connect_hall(link)
        self._desk.do(self._desk.flow.heard(now=time.monotonic(), paired=True))
        link.start()

    def view(self) -> dict[str, Any]:
        """The pairing screen."""
        words, pairing = self._desk.words, self._pairing
        view: dict[str, Any] = {
            "title": words.say("pair.title"),
            "text": words.say("pair.looking"),
            "halls": [],
            "code": "",
        }
        if pairing is None:
            if len(self._halls) > 1:
                rows = [{"act": f"hall:{h.server}", "label": h.name or h.server, "hint": h.server} for h in self._halls]
                return view | {"text": words.say("pair.several"), "halls": rows}
            return view | ({} if self._halls else {"hint": words.say("pair.none")})
        hall = " · ".join(x for x in (pairing.hall.name, pairing.hall.server.partition("://")[2]) if x)
        keys = {
            "expired": "pair.expired",
            "unreachable": "pair.unreachable",
            "mismatch": "pair.fp_mismatch",
            "done": "pair.done",
        }
        view |= {"hall": hall, "text": words.say(keys.get(pairing.state, "pair.code"))}
        left = pairing.seconds_left(pairing.now())
        if pairing.state == "code" and left is not None:
            view |= {
                "code": grouped_code(pairing.code),
                "fingerprint_title": words.say("pair.fingerprint"),
                "fingerprint": grouped(pairing.fp) if pairing.fp else words.say("pair.fingerprint_none"),
                "left": words.say("pair.left", m=left // 60, s=f"{left % 60:02d}"),
                "share": left / CODE_S,
            }
        return view
