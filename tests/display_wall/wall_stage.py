"""One wall in a window, told by a link that a test plays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QUrl, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QTest
from wall_scenes import NOON, at

from assets.i18n import Catalogue
from display_wall.app import QML, parser
from display_wall.entrance import WallEntrance
from display_wall.memory import Memory
from display_wall.panel import Panel
from hall_client.drive import items
from hall_client.shell import Shell
from hall_protocol.pictures.wall import WallPicture


class PlayedLink(QObject):
    """A link that says what the test says."""

    picture_changed = Signal(dict, dict)
    stale_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.stale = True
        self.knows_time = True
        self.stale_since: tuple[float, datetime] | None = None
        self.time = NOON
        self.asked: list[tuple[str, str]] = []
        self._done: Callable[[int | None, Any], None] = lambda _status, _body: None

    def now(self) -> datetime:
        return self.time

    def request(self, method: str, path: str, *, done: Callable[[int | None, Any], None]) -> None:
        """A question to the server; answered by `answer`."""
        self.asked.append((method, path))
        self._done = done

    def answer(self, status: int | None, body: Any) -> None:
        """The server answers the last question."""
        self._done(status, body)

    def tell(self, picture: WallPicture) -> None:
        """A picture comes over the wire."""
        plain = msgspec.to_builtins(picture)
        if self.stale:
            self.stale = False
            self.stale_changed.emit(False)
        self.picture_changed.emit(plain, plain)

    def lose(self, *, mono_s: float = 0.0) -> None:
        """The link breaks."""
        self.stale, self.stale_since = True, (mono_s, self.time)
        self.stale_changed.emit(True)


class Stage:
    """One wall in a window."""

    def __init__(self, shell: Shell, folder: Path, *, name: str = "main") -> None:
        self.link = PlayedLink()
        self.shell = shell
        self.seconds = 0.0
        self.speaking = False
        chosen = parser().parse_args(["--server", "http://127.0.0.1:9", "--token-file", str(folder / "token")])
        chosen.program = "hall-wall"
        self.entrance = WallEntrance(chosen, Catalogue())
        self.panel = Panel(
            name,
            catalogue=Catalogue(),
            memory=Memory(folder / f"wall-{name}.json"),
            speaking=lambda: self.speaking,
        )
        self.panel.follow(self.link)
        self.panel.now = self._now  # type: ignore[method-assign]
        shell.engine.setInitialProperties({"wall": self.panel.view, "entrance": self.entrance})
        shell.engine.load(QUrl.fromLocalFile(str(QML)))
        window = shell.engine.rootObjects()[-1]
        assert isinstance(window, QQuickWindow)
        self.window = window
        self.resize()
        window.show()

    def _now(self) -> Any:
        return at(self.seconds)

    def resize(self) -> None:
        plan = self.panel.face.plan
        self.window.resize(plan.width, plan.height)

    def tell(self, picture: WallPicture) -> None:
        self.link.tell(picture)
        self.resize()
        self.panel.tick()

    def later(self, seconds: float) -> None:
        """Time passes; the wall looks once at its end."""
        self.seconds += seconds
        self.panel.tick()

    def image(self) -> QImage:
        """What is on the screen, animations at their end."""
        self.settle()
        return self.window.grabWindow()

    def settle(self) -> None:
        """Waits until nothing moves any more."""
        QTest.qWait(260)
        QGuiApplication.processEvents()

    def items(self) -> list[QQuickItem]:
        return list(items(self.window.contentItem()))

    def texts(self) -> list[QQuickItem]:
        """Every visible text that says something."""
        return [item for item in self.items() if item.inherits("QQuickText") and item.property("text")]

    def words(self) -> str:
        return "\n".join(str(item.property("text")) for item in self.texts())

    def item(self, name: str) -> QQuickItem:
        return next(item for item in self.items() if item.objectName() == name)

    def close(self) -> None:
        self.window.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(self.window, QEvent.Type.DeferredDelete.value)
