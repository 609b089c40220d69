"""A hand for tests and the demo: real touches on real items, over a loopback port that is closed unless asked for.

Only when the environment names a port (`HALL_DRIVE=PORT`) does a program listen, on 127.0.0.1 alone. One command a
line, one JSON line back: `tap OBJECTNAME`, `touch X Y` (shares of width and height), `key F2`, `text abc`, `state`,
`shot FILE`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtNetwork import QHostAddress, QTcpServer, QTcpSocket
from PySide6.QtQuick import QQuickItem, QQuickWindow

LINE_MAX = 4096


def items(root: QQuickItem) -> Iterator[QQuickItem]:
    """Every visible item below `root`, delegates included (findChild misses them)."""
    for child in root.childItems():
        if child.isVisible() and child.opacity() > 0:
            yield child
            yield from items(child)


def find(window: QQuickWindow, name: str) -> QQuickItem | None:
    """The visible item of that objectName."""
    return next((item for item in items(window.contentItem()) if item.objectName() == name), None)


def centre(item: QQuickItem) -> QPointF:
    """The middle of an item in its window."""
    return item.mapToScene(QPointF(item.width() / 2, item.height() / 2))


def tap(window: QQuickWindow, at: QPointF) -> None:
    """A press and a release of the left button, as a finger makes them."""
    for kind, buttons in (
        (QEvent.Type.MouseButtonPress, Qt.MouseButton.LeftButton),
        (QEvent.Type.MouseButtonRelease, Qt.MouseButton.NoButton),
    ):
        where = QPointF(window.mapToGlobal(at.toPoint()))
        event = QMouseEvent(kind, at, where, Qt.MouseButton.LeftButton, buttons, Qt.KeyboardModifier.NoModifier)
        QCoreApplication.sendEvent(window, event)


def press(window: QQuickWindow, sequence: str, *, text: str = "") -> None:
    """A key with its modifiers, `F2` or `Ctrl+Return`, pressed and released."""
    combination = QKeySequence(sequence)[0]  # type: ignore[index]
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, combination.key(), combination.keyboardModifiers(), text)
        QCoreApplication.sendEvent(window, event)


class Drive(QObject):
    """The listening end. `state` adds what the program knows of itself to the answer of `state`."""

    def __init__(
        self, window: QQuickWindow, *, port: int, state: Callable[[], dict[str, Any]], parent: QObject | None = None
    ) -> None:
        """`OSError` when the port is taken."""
        super().__init__(parent)
        self._window, self._state = window, state
        self._stopped = False
        self._server = QTcpServer(self)
        self._server.newConnection.connect(self._accept)
        if not self._server.listen(QHostAddress(QHostAddress.SpecialAddress.LocalHost), port):
            raise OSError(f"port {port} for HALL_DRIVE: {self._server.errorString()}")
        self.port = self._server.serverPort()

    def stop(self) -> None:
        """The window goes: nothing is touched any more."""
        self._stopped = True
        self._server.close()

    def _accept(self) -> None:
        socket = self._server.nextPendingConnection()
        socket.readyRead.connect(lambda: self._read(socket))
        socket.disconnected.connect(socket.deleteLater)

    def _read(self, socket: QTcpSocket) -> None:
        while socket.canReadLine() and not self._stopped:
            line = bytes(socket.readLine(LINE_MAX).data()).decode("utf-8", "replace").strip()
            socket.write(json.dumps(self.do(line), ensure_ascii=False).encode() + b"\n")
        if socket.bytesAvailable() >= LINE_MAX:
            socket.abort()

    def do(self, line: str) -> dict[str, Any]:
        """Carries out one command."""
        command, _, rest = line.partition(" ")
        if command == "tap":
            return self._tap(rest)
        if command == "touch":
            return self._touch(rest)
        if command == "key":
            press(self._window, rest)
            return {"ok": True}
        if command == "text":
            for character in rest:
                press(self._window, character.upper() if character.isalpha() else character, text=character)
            return {"ok": True}
        if command == "state":
            return {"ok": True, "items": self._items(), **self._state()}
        if command == "shot":
            return {"ok": self._window.grabWindow().save(rest)}
        return {"ok": False, "why": f"unknown command {command!r}"}

    def _tap(self, name: str) -> dict[str, Any]:
        item = find(self._window, name)
        if item is None:
            return {"ok": False, "why": f"nothing visible is called {name!r}"}
        if not item.isEnabled():
            return {"ok": False, "why": f"{name!r} is disabled"}
        tap(self._window, centre(item))
        return {"ok": True}

    def _touch(self, where: str) -> dict[str, Any]:
        """A finger at a place of the picture, as somebody touches who sees it."""
        try:
            x, y = (float(part) for part in where.split())
        except ValueError:
            return {"ok": False, "why": "write two shares between 0 and 1, such as touch 0.5 0.9"}
        if not (0 <= x <= 1 and 0 <= y <= 1):
            return {"ok": False, "why": "outside the picture"}
        tap(self._window, QPointF(x * self._window.width(), y * self._window.height()))
        return {"ok": True}

    def _items(self) -> list[dict[str, Any]]:
        named = (item for item in items(self._window.contentItem()) if item.objectName())
        return [{"name": item.objectName(), "enabled": item.isEnabled()} for item in named]
