"""What the system around a program is told and tells: signals to end, systemd's watchdog. Skipped where absent."""

from __future__ import annotations

import os
import signal
import socket
import sys
from types import FrameType

import structlog
from PySide6.QtCore import QCoreApplication, QObject, QTimer

SIGNAL_LOOK_MS = 200
log = structlog.get_logger("supervisor")


def notify(message: str) -> None:
    """One datagram to systemd (`sd_notify`), nothing where there is none."""
    path = os.environ.get("NOTIFY_SOCKET")
    if not path or not hasattr(socket, "AF_UNIX"):
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
        try:
            s.connect("\0" + path[1:] if path[0] == "@" else path)
            s.send(message.encode())
        except OSError as error:
            log.warning("watchdog not reachable", error=str(error))


class Supervisor(QObject):
    """Ends the program on SIGTERM and SIGINT within a second; feeds the watchdog only while something advances."""

    def __init__(self, app: QCoreApplication) -> None:
        super().__init__(app)
        self._app = app
        self._advanced = True
        for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._end)
        self._look = QTimer(self, interval=SIGNAL_LOOK_MS)  # gives Python the turn in which it runs the handler
        self._look.timeout.connect(lambda: None)
        self._look.start()
        limit_us = int(os.environ.get("WATCHDOG_USEC", "0") or 0)
        self._feed = QTimer(self, interval=max(100, limit_us // 3000))
        self._feed.timeout.connect(self._feed_watchdog)
        if limit_us:
            self._feed.start()

    def advanced(self) -> None:
        """A frame was drawn or a beat was heard: the program is alive."""
        self._advanced = True

    def ready(self) -> None:
        """The first picture is on the screen."""
        notify("READY=1")

    def _end(self, number: int, _frame: FrameType | None) -> None:
        log.info("ending", signal=signal.Signals(number).name)
        self._app.exit(0)

    def _feed_watchdog(self) -> None:
        if self._advanced:
            self._advanced = False
            notify("WATCHDOG=1")


def exit_on_bugs() -> None:
    """An exception in a slot would be printed and lived with (qt.md 6): log it and end, the supervisor restarts us."""
    from .options import where

    def hook(kind: type[BaseException], error: BaseException, _trace: object) -> None:
        if issubclass(kind, KeyboardInterrupt):
            os._exit(0)
        log.error("bug", error=repr(error), where=where(error))
        sys.stderr.flush()
        os._exit(1)

    sys.excepthook = hook
