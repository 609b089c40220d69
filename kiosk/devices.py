"""The devices of this kiosk: printer, card reader, scanner; each driver on its own thread, and how they are.

No Qt: whoever builds them hands in `post`, which runs a function on the screen's thread. What a card says and what a
code is go to one function each and are logged nowhere.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Protocol

from hardware.health import CardRead, Event, Health, Scanned
from hardware.readers.card import Card

from .printing import Printing

JOIN_S = 1.0
Post = Callable[[Callable[[], None]], None]


class Drives(Protocol):
    """A driver that only tells."""

    def serve(self, stop: threading.Event) -> None: ...
    def snapshot(self) -> Health: ...


class Listening:
    """One reader or scanner at work."""

    def __init__(self, driver: Drives, *, name: str) -> None:
        self._driver = driver
        self._stop = threading.Event()
        self._thread = threading.Thread(target=driver.serve, args=(self._stop,), name=name, daemon=True)

    def start(self) -> None:
        """Starts its thread."""
        self._thread.start()

    def stop(self) -> None:
        """Ends it."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(JOIN_S)

    def health(self) -> Health:
        """The device's state of mind."""
        return self._driver.snapshot()


class Devices:
    """All of them; `on_card` and `on_code` are called on the screen's thread."""

    def __init__(self, *, post: Post) -> None:
        self._post = post
        self.printing: Printing | None = None
        self.reader: Listening | None = None
        self.scanner: Listening | None = None
        self.on_card: Callable[[Card], None] = lambda card: None
        self.on_code: Callable[[str], None] = lambda text: None

    def heard(self, event: Event) -> None:
        """The sink of every driver; on the driver's thread."""
        match event:
            case CardRead(card=card):
                self._post(lambda: self.on_card(card))
            case Scanned(text=text):
                self._post(lambda: self.on_code(text))

    def start(self) -> None:
        """Starts those that are there."""
        for device in self._all:
            device.start()

    def stop(self) -> None:
        """Ends them."""
        for device in self._all:
            device.stop()

    @property
    def _all(self) -> list[Printing | Listening]:
        return [device for device in (self.printing, self.reader, self.scanner) if device is not None]

    def world(self) -> dict[str, Any]:
        """What the flow knows of them: fields of `World`."""
        told: dict[str, Any] = {}
        if self.printing is not None:
            health = self.printing.health()
            told |= {"printer": str(health.state), "printer_faults": tuple(sorted(health.faults))}
        if self.reader is not None:
            told["reader"] = str(self.reader.health().state)
        return told

    def report(self) -> list[dict[str, object]]:
        """For `PUT /devices/current/health`."""
        return [device.health().as_report() for device in self._all]
