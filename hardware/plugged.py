"""What is plugged into this machine, what it probably is, and by which name it is found again.

A `ttyUSB` number or a COM number is given anew at every plugging. What stays is the serial number in the adapter, or,
where it has none (CH340, PL2303), the USB port it is plugged into; `usb://serial=…` and `usb://port=…` name a device
by these on every system, and are looked up each time the port is opened.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from serial.tools import list_ports

KEYBOARD_LINKS = "*-event-kbd"


@dataclass(frozen=True, slots=True)
class Guess:
    """What a device with known USB numbers probably is."""

    words: str
    protocol: str = ""
    """The protocol to try first; empty for an adapter with anything behind it."""


GUESSES: dict[tuple[int, int | None], Guess] = {
    (0x1A86, 0x7523): Guess("CH340 serial adapter without a serial number: pad, rater or bar behind it"),
    (0x1A86, 0x55D4): Guess("CH9102 serial adapter: pad, rater or bar behind it"),
    (0x1A86, None): Guess("WCH serial adapter: pad, rater or bar behind it"),
    (0x067B, None): Guess("PL2303 serial adapter without a serial number: pad, rater or bar behind it"),
    (0x0403, None): Guess("FTDI serial adapter: pad, rater, bar or bus behind it"),
    (0x10C4, 0xEA60): Guess("CP210x serial adapter: pad, rater, bar or scanner behind it"),
    (0x04B8, None): Guess("Epson ticket printer", "escpos"),
    (0x0DD4, None): Guess("Custom kiosk printer", "escpos"),
    (0x1504, None): Guess("Bixolon ticket printer", "escpos"),
    (0x1D90, None): Guess("Citizen ticket printer", "escpos"),
    (0x0416, 0x5011): Guess("80 mm budget printer", "escpos"),
    (0x0FE6, 0x811E): Guess("80 mm budget printer", "escpos"),
    (0x0519, None): Guess("Star printer: it speaks another language unless set to ESC/POS"),
    (0x0400, 0xC35A): Guess("identity card reader (SAM_V)", "samv"),
    (0x0C2E, None): Guess("Honeywell scanner", "scanner"),
    (0x05E0, None): Guess("Zebra scanner", "scanner"),
    (0x05F9, None): Guess("Datalogic scanner", "scanner"),
    (0x1EAB, None): Guess("Newland scanner", "scanner"),
}
"""By USB vendor and product number (None: any product); common knowledge of the trade, tried on no unit."""


@dataclass(frozen=True, slots=True)
class Plugged:
    """One thing that is plugged in."""

    where: str
    """The path or COM name it has now."""
    bus: str
    """`serial`, `printer` (USB printer class) or `keyboard` (raters and scanners that type)."""
    vendor: int | None = None
    product: int | None = None
    serial_number: str = ""
    usb_port: str = ""
    """The USB port it is plugged into, such as `1-1.2`; empty when it is no USB device."""
    link: str = ""
    """Its name under /dev/…/by-id or by-path, where the system makes one."""
    description: str = ""

    @property
    def guess(self) -> Guess:
        """What it probably is."""
        return guessed(vendor=self.vendor, product=self.product, bus=self.bus)

    @property
    def lasting(self) -> str:
        """The URL that finds it again after unplugging: by serial number, by USB port, else where it is."""
        if self.bus == "keyboard":
            return self.link or self.where
        if self.serial_number:
            return f"usb://serial={self.serial_number}"
        if self.usb_port:
            return f"usb://port={self.usb_port}"
        return f"file://{self.where}" if self.bus == "printer" else self.link or self.where

    @property
    def may_open(self) -> bool:
        """Whether this user has the right to open it."""
        return os.name != "posix" or os.access(self.where, os.R_OK | os.W_OK)

    def as_entry(self) -> dict[str, Any]:
        """For `hall-device list --json`."""
        entry = asdict(self)
        return {
            "port": entry.pop("where"),
            "bind": self.lasting,
            **entry,
            "probably": self.guess.words,
            "may_open": self.may_open,
        }


def guessed(*, vendor: int | None, product: int | None, bus: str = "serial") -> Guess:
    """What the USB numbers say; a guess, `hall-device probe` finds out."""
    if vendor is not None:
        found = GUESSES.get((vendor, product)) or GUESSES.get((vendor, None))
        if found is not None:
            return found
    if bus == "printer":
        return Guess("USB printer", "escpos")
    if bus == "keyboard":
        return Guess("keyboard, or a rater or scanner that types like one", "hid")
    return Guess("serial port")


@dataclass(frozen=True, slots=True)
class Places:
    """Where to look; tests hand in their own."""

    ports: Callable[[], Iterable[Any]] = list_ports.comports
    dev: Path = Path("/dev")
    sys: Path = Path("/sys")


MACHINE = Places()


def plugged(places: Places | None = None) -> list[Plugged]:
    """Everything plugged in that could be a device of a hall, in the order of its names."""
    places = places or MACHINE
    return sorted([*_serial(places), *_printers(places), *_keyboards(places)], key=lambda one: (one.bus, one.where))


def _serial(places: Places) -> Iterator[Plugged]:
    links = _links(places.dev / "serial")
    for port in places.ports():
        yield Plugged(
            where=port.device,
            bus="serial",
            vendor=port.vid,
            product=port.pid,
            serial_number=port.serial_number or "",
            usb_port=port.location or "",
            link=links.get(os.path.realpath(port.device), ""),
            description=port.description if port.description != "n/a" else "",
        )


def _links(folder: Path, pattern: str = "*") -> dict[str, str]:
    """Device path -> its lasting name; by-path first, so that by-id wins."""
    names = {}
    for kind in ("by-path", "by-id"):
        for link in sorted((folder / kind).glob(pattern)):
            names[os.path.realpath(link)] = str(link)
    return names


def _printers(places: Places) -> Iterator[Plugged]:
    for path in sorted((places.dev / "usb").glob("lp*")):
        interface = (places.sys / "class" / "usbmisc" / path.name / "device").resolve()
        device = interface.parent
        yield Plugged(
            where=str(path),
            bus="printer",
            vendor=_hex(device / "idVendor"),
            product=_hex(device / "idProduct"),
            serial_number=_line(device / "serial"),
            usb_port=device.name if (device / "idVendor").exists() else "",
            description=_line(device / "product"),
        )


def _keyboards(places: Places) -> Iterator[Plugged]:
    for device, link in sorted(_links(places.dev / "input", KEYBOARD_LINKS).items()):
        numbers = places.sys / "class" / "input" / Path(device).name / "device" / "id"
        yield Plugged(
            where=device,
            bus="keyboard",
            vendor=_hex(numbers / "vendor"),
            product=_hex(numbers / "product"),
            link=link,
            description=_line(numbers.parent / "name"),
        )


def _line(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _hex(file: Path) -> int | None:
    try:
        return int(_line(file), 16)
    except ValueError:
        return None


def where_is(url: str, places: Places | None = None) -> Plugged | None:
    """What a `usb://serial=…` or `usb://port=…` URL means now; None when nothing like it is plugged in."""
    places = places or MACHINE
    key, _, value = url.removeprefix("usb://").partition("=")
    for one in [*_serial(places), *_printers(places)]:
        if value and value == (one.serial_number if key == "serial" else one.usb_port):
            return one
    return None


def is_there(url: str, places: Places | None = None) -> bool | None:
    """Whether the device of a local address is plugged in; None for network addresses and others nobody can see."""
    if url.startswith("usb://"):
        return where_is(url, places) is not None
    path = url.removeprefix("file://")
    return os.path.exists(path) if path.startswith("/dev/") else None
