"""Halls on this network, by mDNS (`_counterhall._tcp.local.`, contract 2). Nothing secret is in it."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from PySide6.QtCore import QObject, QTimer, Signal
from zeroconf import IPVersion, ServiceBrowser, ServiceInfo, ServiceStateChange, Zeroconf

SERVICE = "_counterhall._tcp.local."
log = structlog.get_logger("finder")


@dataclass(frozen=True)
class FoundHall:
    """One hall that announced itself."""

    hall: str
    name: str
    server: str
    """Its address, `https://10.0.0.5:8700`."""
    fp: str
    """SHA-256 of its CA certificate in hexadecimal, empty without TLS."""


def read(info: ServiceInfo) -> FoundHall | None:
    """A hall from its announcement; None for another version or without an address."""
    texts = {k.decode(): (v or b"").decode("utf-8", "replace") for k, v in info.properties.items()}
    addresses = info.parsed_addresses(IPVersion.V4Only)
    if texts.get("v") != "1" or not addresses:
        return None
    scheme = "https" if texts.get("tls") == "1" else "http"
    return FoundHall(
        hall=texts.get("hall", ""),
        name=texts.get("name", ""),
        server=f"{scheme}://{addresses[0]}:{info.port}",
        fp=texts.get("fp", "").lower(),
    )


class Finder(QObject):
    """Browses until stopped; `changed` comes on the Qt thread with all halls known, sorted by name."""

    changed = Signal(list)
    _seen = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._halls: dict[str, FoundHall] = {}
        self._zeroconf: Zeroconf | None = None
        self._seen.connect(self._keep)
        self._retry = QTimer(self, singleShot=True, interval=5000)
        self._retry.timeout.connect(self.start)

    @property
    def halls(self) -> list[FoundHall]:
        """Halls known now, by name."""
        return sorted(self._halls.values(), key=lambda h: (h.name, h.server))

    def start(self) -> None:
        """Begins to browse; without any network it tries again every 5 s."""
        try:
            self._zeroconf = Zeroconf()
        except OSError as error:
            log.warning("no network to look on", error=str(error))
            self._retry.start()
            return
        ServiceBrowser(self._zeroconf, SERVICE, handlers=[self._noticed])

    def stop(self) -> None:
        """Ends the browsing and its thread."""
        self._retry.stop()
        if self._zeroconf is not None:
            self._zeroconf.close()
            self._zeroconf = None

    def _noticed(self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        """On zeroconf's thread."""
        if state_change is ServiceStateChange.Removed:
            self._seen.emit(name, None)
            return
        info = ServiceInfo(service_type, name)
        if info.request(zeroconf, 3000):
            self._seen.emit(name, read(info))

    def _keep(self, name: str, hall: FoundHall | None) -> None:
        if hall is None:
            self._halls.pop(name, None)
        else:
            self._halls[name] = hall
        self.changed.emit(self.halls)
