"""How the devices of a wall are, told to the hall on every change and once a minute."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import uuid4

from PySide6.QtCore import QElapsedTimer, QObject, QTimer

from hall_client.link import Link
from hardware.health import Health

LOOK_MS = 1000
EVERY_MS = 60_000


class HealthTeller(QObject):
    """Looks at the devices once a second; `PUT /devices/current/health` when there is news."""

    def __init__(self, devices: Callable[[], Sequence[Health]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._devices = devices
        self._link: Link | None = None
        self._told: list[dict[str, object]] = []
        self._since = QElapsedTimer()
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._each_look)

    def begin(self, link: Link) -> None:
        """From now on, over this link."""
        self._link = link
        self._look.start()

    def stop(self) -> None:
        """Says nothing more."""
        self._look.stop()

    def _each_look(self) -> None:
        if self._link is None or self._link.stale:
            return
        report = [health.as_report() for health in self._devices()]
        if report != self._told or (report and self._since.hasExpired(EVERY_MS)):
            self._told = report
            self._since.start()
            self._link.request("PUT", "/devices/current/health", report, key=uuid4().hex)
