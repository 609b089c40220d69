"""The devices at the counter as threads, their health, and one queued signal each into the Qt thread; the LED bar.

The pads are in `pads.py`. What a device says arrives on its own thread and leaves it by the signal; nothing else
crosses.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import structlog
from PySide6.QtCore import QObject, Qt, Signal

from hall_client.options import Usage
from hardware.driver import DeviceBusy, PortDriver, Surroundings
from hardware.health import Event, Receipt
from hardware.inventory import open_driver
from hardware.led.bar import BarDriver
from hardware.printers.driver import PrinterDriver, PrintJob
from hardware.printers.paper import Block

from .bar import Shown, Size
from .lamps import Lamp, of_device

JOIN_S = 2.0
log = structlog.get_logger("devices")


def driver_for(option: str, address: str, *, events: Any) -> PortDriver[Any]:
    """The driver behind an address; `Usage` naming the option for an address that is none."""
    try:
        return open_driver(address, around=Surroundings(events=events))
    except ValueError as error:
        raise Usage(f"{option} {address}: {error}") from error


class Device(QObject):
    """One driver and its thread; `driver` is given where the device is a station of a line that runs by itself."""

    told = Signal(object)
    """An event of the driver, on the Qt thread."""
    _heard = Signal(object)

    def __init__(
        self, option: str, address: str, *, lamp: str, driver: Any = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._lamp = lamp
        self._heard.connect(self._on_thread, Qt.ConnectionType.QueuedConnection)
        self.driver = driver if driver is not None else driver_for(option, address, events=self.hear)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        if driver is None:
            self._thread = threading.Thread(target=self.driver.serve, args=(self._stop,), name=lamp, daemon=True)

    def hear(self, event: Event) -> None:
        """An event of the driver, on the driver's thread."""
        self._heard.emit(event)

    def start(self) -> None:
        """Begins to drive."""
        if self._thread is not None:
            self._thread.start()

    def stop(self) -> None:
        """Ends the thread."""
        self._stop.set()
        if self._thread is not None and self._thread.is_alive():
            self._thread.join(JOIN_S)

    def _on_thread(self, event: Event) -> None:
        self.told.emit(event)

    def lamp(self) -> Lamp:
        """How the device is, as a lamp."""
        health = self.driver.snapshot()
        return of_device(self._lamp, state=str(health.state), faults=tuple(health.faults))

    def report(self) -> dict[str, object]:
        """Its entry in `PUT /devices/current/health`."""
        return self.driver.snapshot().as_report()


class Printer(Device):
    """The printer of receipts and notices."""

    _came = Signal(object)

    def __init__(self, address: str, parent: QObject | None = None) -> None:
        super().__init__("--printer", address, lamp="printer", parent=parent)
        if not isinstance(self.driver, PrinterDriver):
            raise Usage(f"--printer {address}: this is no receipt printer; write escpos+…")
        self._came.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def print(self, name: str, blocks: list[Block], done: Callable[[str], None]) -> None:
        """Prints one paper; `done` gets `confirmed failed unknown` on the Qt thread."""
        assert isinstance(self.driver, PrinterDriver)
        try:
            future = self.driver.submit(PrintJob(ticket=name, blocks=blocks))
        except DeviceBusy:
            done("failed")
            return
        future.add_done_callback(lambda f: self._came.emit(lambda: done(_outcome(f))))

    @staticmethod
    def _call(act: Callable[[], None]) -> None:
        act()


def _outcome(future: Future[Receipt]) -> str:
    if future.cancelled() or future.exception() is not None:
        return "unknown"
    return str(future.result().outcome)


class Bar(Device):
    """The LED bar over the counter."""

    def __init__(self, address: str, parent: QObject | None = None) -> None:
        super().__init__("--led", address, lamp="led", parent=parent)
        if not isinstance(self.driver, BarDriver):
            raise Usage(f"--led {address}: this is no LED bar; write bxk+… or png+file://…")
        self._shown: Shown | None = None

    @property
    def _bar(self) -> BarDriver:
        assert isinstance(self.driver, BarDriver)
        return self.driver

    @property
    def size(self) -> Size:
        """Its dots: of the address, or what the probe found."""
        return Size(self._bar.width, self._bar.height)

    def lacks(self, text: str) -> frozenset[str]:
        """The characters it cannot show."""
        return self._bar.lacks(text)

    def show(self, shown: Shown) -> None:
        """Shows other pages; a bar that does not keep up gets the newest ones at the next look."""
        if shown == self._shown:
            return
        try:
            self._bar.show(shown.pages, blink=shown.blink, fallback=shown.fallback)
            self._shown = shown
        except DeviceBusy:
            log.info("bar does not keep up")
