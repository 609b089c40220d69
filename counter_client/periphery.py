"""The devices at the counter as threads: keypad and LED bar, their health, and one queued signal into the Qt thread.

What a device says arrives on its own thread and leaves it by the signal; nothing else crosses.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import structlog
from PySide6.QtCore import QObject, Qt, Signal

from hall_client.options import Usage
from hardware.driver import DeviceBusy, PortDriver, Surroundings
from hardware.health import Event, Offline, Online, Rated, Unrated
from hardware.inventory import open_driver
from hardware.keypads.codec import Staff, Welcome
from hardware.keypads.driver import Ask, Cancel, KeypadDriver, KeypadJob
from hardware.led.bar import BarDriver

from .bar import Shown, Size
from .lamps import Lamp, of_device
from .rating import Order

JOIN_S = 2.0
log = structlog.get_logger("devices")


def driver_for(option: str, address: str, *, events: Any) -> PortDriver[Any]:
    """The driver behind an address; `Usage` naming the option for an address that is none."""
    try:
        return open_driver(address, around=Surroundings(events=events))
    except ValueError as error:
        raise Usage(f"{option} {address}: {error}") from error


class Device(QObject):
    """One driver and its thread."""

    told = Signal(object)
    """An event of the driver, on the Qt thread."""
    _heard = Signal(object)

    def __init__(self, option: str, address: str, *, lamp: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lamp = lamp
        self._heard.connect(self._on_thread, Qt.ConnectionType.QueuedConnection)
        self.driver = driver_for(option, address, events=self._heard.emit)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self.driver.serve, args=(self._stop,), name=lamp, daemon=True)

    def start(self) -> None:
        """Begins to drive."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(JOIN_S)

    def _on_thread(self, event: Event) -> None:
        if isinstance(event, Online | Offline):
            log.info("device is back" if isinstance(event, Online) else "device is lost", device=self._lamp)
        self.told.emit(event)

    def lamp(self) -> Lamp:
        """How the device is, as a lamp."""
        health = self.driver.snapshot()
        return of_device(self._lamp, state=str(health.state), faults=tuple(health.faults))

    def report(self) -> dict[str, object]:
        """Its entry in `PUT /devices/current/health`."""
        return self.driver.snapshot().as_report()


class Pad(Device):
    """The rating keypad: orders of the bridge go out, counted presses come in."""

    rated = Signal(int, int)
    """Session and key of the press that counts."""
    unrated = Signal(int)
    back = Signal()

    def __init__(self, address: str, parent: QObject | None = None) -> None:
        super().__init__("--keypad", address, lamp="keypad", parent=parent)
        if not isinstance(self.driver, KeypadDriver):
            raise Usage(f"--keypad {address}: this is no rating keypad; write neutral+…")
        self.told.connect(self._event)

    def carry_out(self, orders: Sequence[Order]) -> None:
        """Hands orders to the driver; a pad that does not keep up is named in the log and loses the order."""
        for order in orders:
            try:
                self.driver.submit(job_of(order))
            except DeviceBusy:
                log.warning("keypad does not keep up", order=order.what)

    def _event(self, event: Event) -> None:
        if isinstance(event, Rated):
            self.rated.emit(event.session, event.key)
        elif isinstance(event, Unrated):
            self.unrated.emit(event.session)
        elif isinstance(event, Online):
            self.back.emit()


def job_of(order: Order) -> KeypadJob:
    """An order as the driver's job. Staff is shown by number alone, never by name."""
    if order.what == "ask":
        return Ask(session=order.session, timeout_s=order.window_s)
    if order.what == "cancel":
        return Cancel(session=order.session)
    if order.what == "staff":
        return Staff(name="", number=order.clerk)
    return Welcome()


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
