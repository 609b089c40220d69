"""The kiosk's way in: the pairing screen, and the hall's link when the desk may work."""

from __future__ import annotations

import argparse
import time
from typing import Any

from PySide6.QtCore import QObject

from hall_client.entrance import WayIn
from hall_client.link import Link
from hall_client.options import read_token

from .desk import Desk

CODE_S = 600


class Entrance(QObject):
    """Finds the hall, pairs when there is no token, and then lets the desk work."""

    def __init__(self, desk: Desk, options: argparse.Namespace) -> None:
        super().__init__()
        self._desk = desk
        self.way = WayIn(options, role="kiosk", parent=self)
        self.way.changed.connect(desk.show)
        self.way.opened.connect(self._work)
        desk.pairing_view = self.view
        desk.on_pairing_touch = lambda act: self.way.choose(act.removeprefix("hall:"))

    def open(self) -> None:
        """Starts with what the options and files say."""
        paired = read_token(self.way.token_file) is not None
        self._desk.flow.heard(now=time.monotonic(), paired=paired)
        self.way.open()

    def close(self) -> None:
        """Ends browsing and pairing."""
        self.way.close()

    def _work(self, server: str, token: str) -> None:
        """Follows this kiosk's own picture, which also says its name."""
        ca = self.way.ca_file if server.startswith("https://") and self.way.ca_file.exists() else None
        link = Link(server, token=token, ca_file=ca, picture="kiosk:", parent=self)
        self._desk.connect_hall(link)
        self._desk.do(self._desk.flow.heard(now=time.monotonic(), paired=True))
        link.start()

    def view(self) -> dict[str, Any]:
        """The pairing screen."""
        words, way = self._desk.words, self.way
        rows = [{"act": f"hall:{h.server}", "label": h.name or h.server, "hint": h.server} for h in way.halls]
        view: dict[str, Any] = {
            "title": words.say("pair.title"),
            "text": words.say(way.text),
            "halls": rows if way.choosing else [],
            "code": way.code,
        }
        if way.place:
            view["hall"] = way.place
        if not way.halls:
            view["hint"] = words.say("pair.none")
        if way.left:
            view |= {
                "fingerprint_title": words.say("pair.fingerprint"),
                "fingerprint": way.print or words.say("pair.fingerprint_none"),
                "left": words.say("pair.left", **way.left),
                "share": (way.seconds_left or 0) / CODE_S,
            }
        return view
