"""`hall-kiosk`: builds the kiosk and runs it. The only place that makes objects and starts threads."""

from __future__ import annotations

import argparse
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

import structlog
from PySide6.QtCore import QObject, Qt, Signal

from assets.i18n import Catalogue
from hall_client import options as shared
from hall_client.options import Failure, Usage
from hall_client.outbox import Outbox
from hall_client.shell import Shell
from hardware import binding
from hardware.inventory import open_driver
from hardware.printers.driver import PrinterDriver

from .desk import Desk, new_key
from .entrance import Entrance
from .flow import Flow
from .printing import Printing
from .viewmodels import KioskScreen
from .voice import Voice

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


def _printer(address: str) -> PrinterDriver:
    """The printer's driver; `Usage` for an address that is none."""
    try:
        driver = open_driver(address)
    except ValueError as error:
        raise Usage(f"--printer {address}: {error}") from error
    if not isinstance(driver, PrinterDriver):
        raise Usage(f"--printer {address}: this is no ticket printer; write escpos+…")
    return driver


def parser() -> argparse.ArgumentParser:
    """The arguments of `hall-kiosk`."""
    p = shared.parser("hall-kiosk", "The hall's ticket kiosk: choose a service, take a printed number.")
    binding.add_option(p)
    p.add_argument("--printer", metavar="URL", help="ticket printer, such as escpos+socket://10.0.0.7:9100")
    p.add_argument("--scanner", metavar="URL", help="code scanner (not driven yet)")
    p.add_argument("--reader", metavar="URL", help="card reader (not driven yet)")
    return p


def run(options: argparse.Namespace) -> int:
    """Builds everything and runs until the end."""
    try:
        binding.fill(options, role="kiosk", beside=shared.token_file(options).parent)
    except binding.BadBinding as wrong:
        raise Failure(str(wrong)) from wrong
    for device in ("scanner", "reader"):
        if getattr(options, device):
            raise Usage(f"--{device}: this version does not drive a {device} yet; leave the option away")
    screen = KioskScreen()
    shell = Shell(options, surface="kiosk", size=SIZE, title=Catalogue().say("kiosk.title", "zh-Hans"))
    poster = Poster()
    voice = Voice(on=shell.app.platformName() not in ("offscreen", "minimal"))
    flow = Flow(new_key=new_key, now=time.monotonic())
    flow.heard(now=time.monotonic(), speech=voice.audible)
    desk = Desk(shell, flow=flow, screen=screen, outbox=_outbox(options), voice=voice)
    if options.printer:
        desk.connect_printer(Printing(_printer(options.printer), post=poster.post))
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
