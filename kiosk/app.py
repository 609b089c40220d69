"""`hall-kiosk`: builds the kiosk and runs it. The only place that makes objects and starts threads."""

from __future__ import annotations

import argparse
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from PySide6.QtCore import QObject, Qt, Signal

from assets.i18n import Catalogue
from hall_client import options as shared
from hall_client.options import Failure, Usage
from hall_client.outbox import Outbox
from hall_client.shell import Shell
from hardware import binding
from hardware.driver import PortDriver
from hardware.inventory import open_driver
from hardware.printers.driver import PrinterDriver
from hardware.readers.driver import CardReader
from hardware.readers.scanner import Scanner

from .desk import Desk, new_key
from .devices import Devices, Listening
from .entrance import Entrance
from .flow import Flow
from .printing import Printing
from .viewmodels import KioskScreen
from .voice import Voice
from .wedge import Wedge

SIZE = (1080, 1920)
QML = Path(__file__).resolve().parent / "qml" / "Main.qml"
LOOK_MS = 5000
log = structlog.get_logger("kiosk")


class Poster(QObject):
    """Runs a function on the screen's thread, from any thread."""

    _posted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._posted.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def post(self, act: Callable[[], None]) -> None:
        """Queues it."""
        self._posted.emit(act)

    def _run(self, act: Callable[[], None]) -> None:
        act()


def _outbox(options: argparse.Namespace) -> Outbox:
    """The file of own numbers, beside the token."""
    file = shared.token_file(options).with_name("kiosk.db")
    try:
        return Outbox(file)
    except (OSError, sqlite3.Error) as error:
        raise Failure(f"cannot keep numbers in {file}: {error}; free the disk or mend its rights") from error


WEDGE = "scanner+wedge://"
"""The address of a scanner that is a keyboard."""


def _driver(option: str, address: str, kind: type[PortDriver[Any]], *, devices: Devices, example: str) -> Any:
    """The driver of an option's address; `Usage` for an address that is none, or of another kind."""
    try:
        driver = open_driver(address, events=devices.heard)
    except ValueError as error:
        raise Usage(f"--{option} {address}: {error}") from error
    if not isinstance(driver, kind):
        raise Usage(f"--{option} {address}: this is no {kind.kind}; write {example}")
    return driver


def _devices(options: argparse.Namespace, poster: Poster) -> Devices:
    """Everything that is plugged in, not yet at work."""
    devices = Devices(post=poster.post)
    if options.printer:
        printer = _driver("printer", options.printer, PrinterDriver, devices=devices, example="escpos+…")
        devices.printing = Printing(printer, post=poster.post)
    if options.reader:
        reader = _driver("reader", options.reader, CardReader, devices=devices, example="samv+…")
        devices.reader = Listening(reader, name="reader")
    if options.scanner and options.scanner != WEDGE:
        scanner = _driver("scanner", options.scanner, Scanner, devices=devices, example="scanner+…")
        devices.scanner = Listening(scanner, name="scanner")
    return devices


def parser() -> argparse.ArgumentParser:
    """The arguments of `hall-kiosk`."""
    p = shared.parser("hall-kiosk", "The hall's ticket kiosk: choose a service, take a printed number.")
    binding.add_option(p)
    p.add_argument("--printer", metavar="URL", help="ticket printer, such as escpos+socket://10.0.0.7:9100")
    p.add_argument(
        "--scanner",
        metavar="URL",
        help="code scanner, such as scanner+/dev/ttyACM0; scanner+wedge:// types like a keyboard",
    )
    p.add_argument("--reader", metavar="URL", help="identity card reader, such as samv+/dev/ttyUSB1")
    return p


def run(options: argparse.Namespace) -> int:
    """Builds everything and runs until the end."""
    try:
        binding.fill(options, role="kiosk", beside=shared.token_file(options).parent)
    except binding.BadBinding as wrong:
        raise Failure(str(wrong)) from wrong
    screen = KioskScreen()
    shell = Shell(options, surface="kiosk", size=SIZE, title=Catalogue().say("kiosk.title", "zh-Hans"))
    poster = Poster()
    devices = _devices(options, poster)
    voice = Voice(on=shell.app.platformName() not in ("offscreen", "minimal"))
    flow = Flow(new_key=new_key, now=time.monotonic())
    flow.heard(now=time.monotonic(), speech=voice.audible)
    desk = Desk(shell, flow=flow, screen=screen, outbox=_outbox(options), voice=voice, devices=devices)
    if options.scanner == WEDGE:
        shell.at_end(Wedge(shell.app, on_code=desk.scanned).deleteLater)
    entrance = Entrance(desk, options)
    shell.clock.tell_by(desk.hall_now)
    shell.describe = desk.describe
    shell.at_end(desk.stop)
    shell.at_end(entrance.close)
    entrance.open()
    desk.show()
    shell.show(QML, kiosk=screen)
    desk.start()
    return shell.run()


def main(argv: list[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    return shared.run(parser(), run, argv)


if __name__ == "__main__":
    sys.exit(main())
