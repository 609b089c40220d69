"""The real window over scenes instead of a hall: what a test or a look at the pictures needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from counter_scenes import NOW
from PySide6.QtCore import QEvent
from PySide6.QtQuick import QQuickItem, QQuickWindow

import counter_client.viewmodels as vm
from counter_client.app import WINDOW, parser
from counter_client.entrance import EntranceView
from counter_client.errands import Errands
from counter_client.keyboard import Keyboard
from counter_client.lamps import Lamp, of_device, of_network
from counter_client.sitting import Sitting
from hall_client.drive import items
from hall_client.shell import Shell


@dataclass
class Sent:
    """A request that left, and the way to answer it."""

    method: str
    path: str
    body: Any
    key: str | None
    token: str | None
    answer: Callable[[int | None, Any], None]


@dataclass
class FakeHall:
    """Takes requests and answers when the test says so; its time is the test's."""

    time: datetime = NOW
    sent: list[Sent] = field(default_factory=list)

    def request(self, method, path, body=None, *, key=None, done=None, timeout_ms=0, token=None):
        self.sent.append(Sent(method, path, body, key, token, done or (lambda *_: None)))

    def now(self) -> datetime:
        return self.time

    @property
    def acts(self) -> list[str]:
        return [one.path.rsplit("/", 1)[-1] for one in self.sent if one.method != "GET"]


GOOD_LAMPS = [
    of_device("keypad", state="ready", faults=()),
    of_device("led", state="ready", faults=()),
    of_network(offline=False, ever_heard=True),
]


class CounterWindow:
    """One window, many scenes."""

    def __init__(self) -> None:
        options = parser().parse_args(["--server", "http://127.0.0.1:9", "--counter", "3"])
        self.shell = Shell(options, surface="desktop", size=(1280, 800), title="counter")
        self.hall = FakeHall()
        self.tick = 1000.0
        self.picture: dict[str, Any] | None = None
        self.offline_since: datetime | None = None
        self.lamps: list[Lamp] = list(GOOD_LAMPS)
        self.errands = Errands(self.hall, counter="3", sitting=Sitting(), tick=lambda: self.tick)
        self.world = vm.World(
            picture=lambda: self.picture,
            now=self.hall.now,
            tick=lambda: self.tick,
            offline_since=lambda: self.offline_since,
            barred=lambda: False,
            lamps=lambda: self.lamps,
            day_units={},
        )
        self.entrance = EntranceView(options, self.shell.words)
        self.entrance.way.done = True  # the hall is the test
        self.screen = vm.DeskScreen(self.errands, self.shell.words, self.world, self.entrance)
        self.shell.clock.tell_by(self.hall.now)
        self.window = self.shell.show(WINDOW, desk=self.screen, pageScale=1.0)
        self.keyboard = Keyboard(
            command=self.screen.command,
            released=self.screen.release,
            digit=self.screen.digit,
            touched=self.errands.touched,
        )
        for one in self.shell.app.allWindows():
            one.installEventFilter(self.keyboard)

    def show(self, picture: dict[str, Any] | None, *, after: float = 0, signed_in: bool = True) -> None:
        """A scene, freshly: nothing under way, no dialog."""
        self.picture, self.offline_since = picture, None
        self.hall.time = NOW + timedelta(seconds=after)
        self.hall.sent.clear()
        self.errands._told_alive = self.tick
        self.errands.busy = self.errands.refusal = None
        self.errands.sitting = Sitting()
        if signed_in:
            self.errands.sitting.signed_in(clerk="0312", token="session-token", now=self.tick)
        self.lamps = list(GOOD_LAMPS)
        asked = self.screen.ask.dialogs
        asked.__init__(self.screen._why, asked._questions, asked._more)  # type: ignore[misc]
        self.screen.ask.close()
        self.screen.refresh()
        self.shell.clock._look()
        self.window.requestActivate()
        self.settle()

    def settle(self) -> None:
        """Every item at its place: positioners lay out when a frame is made."""
        for _ in range(2):
            self.shell.app.processEvents()
            for shown in (self.window, self.mini):
                if shown.isVisible():
                    shown.grabWindow()

    def language(self, language: str) -> None:
        self.shell.words.set_language(language)
        self.settle()

    def item(self, name: str) -> QQuickItem | None:
        return next((one for one in items(self.window.contentItem()) if one.objectName() == name), None)

    @property
    def mini(self) -> QQuickWindow:
        return next(w for w in self.shell.app.allWindows() if w.objectName() == "mini")  # type: ignore[return-value]

    def save(self, file: Path) -> None:
        self.settle()
        self.window.grabWindow().save(str(file))

    def close(self) -> None:
        self.errands.stop()
        self.shell.close()
        self.shell.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
