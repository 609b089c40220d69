"""`hall-counter`: builds the clerk's program and runs it. The only place that makes objects and starts threads.

hall-counter --server https://hall:8700 --token-file counter.token --ca ca.pem --counter 3
             --keypad neutral+/dev/ttyUSB0 --keypad-token-file keypad.token --led bxk+socket://10.0.0.9:5005
             --pad pad68+/dev/ttyUSB1?addr=3 --printer escpos+socket://10.0.0.8:9100
"""

from __future__ import annotations

import argparse
import secrets
import sqlite3
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import structlog
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtQuick import QQuickWindow

from hall_client import options as shared
from hall_client.link import Link
from hall_client.options import Failure, Usage
from hall_client.outbox import Outbox
from hall_client.shell import Shell
from hardware import binding

from . import bar as led
from .entrance import EntranceView
from .errands import Errands
from .keyboard import Keyboard
from .lamps import Lamp, health_report, of_network
from .pad_desk import PadDesk
from .pads import Pad, pads_of
from .periphery import Bar, Printer
from .rating import Bridge
from .ratings import Ratings
from .viewmodels import DeskScreen, World

SIZE = (1280, 800)
WINDOW = Path(__file__).resolve().parent / "qml" / "Counter" / "Main.qml"
LOOK_MS = 250
PATIENCE_S = 3.0
"""How long the first picture may take before the window says that the hall does not answer."""
HEALTH_EVERY_S = 60.0
log = structlog.get_logger("counter")


class Program(QObject):
    """Everything of one counter: link, desk, keypad, LED bar."""

    def __init__(self, shell: Shell, options: argparse.Namespace) -> None:
        super().__init__(shell)
        self.shell, self._options = shell, options
        self._link: Link | None = None
        self._pad_link: Link | None = None
        self._ratings: Ratings | None = None
        self.errands: Errands | None = None
        self._began = time.monotonic()
        self._silent_since: datetime | None = None
        self._services: list[dict[str, Any]] = []
        self._catalogue = ""
        self._barred = False
        self._reported: dict[int, tuple[list[dict[str, object]], float]] = {}
        self.pads = pads_of(pad=options.pad, keypad=options.keypad, parent=self)
        self.pad, self.call_pad = self.pads.keypad, self.pads.call_pad
        self.bar = Bar(options.led, self) if options.led else None
        self.printer = Printer(options.printer, self) if options.printer else None
        self.world = World(
            picture=lambda: self._link.picture if self._link else None,
            now=self._now,
            tick=time.monotonic,
            offline_since=self._offline_since,
            barred=lambda: self._barred,
            lamps=self.lamps,
            day_units={},
            services=lambda: self._services,
            printer=self.printer,
        )
        self.entrance = EntranceView(options, shell.words, self)
        self.entrance.opened.connect(self._opened)
        self.errands = Errands(self, counter=options.counter, parent=self)
        self.screen = DeskScreen(self.errands, shell.words, self.world, self.entrance, parent=self)
        self.keyboard = Keyboard(
            command=self.screen.command,
            released=self.screen.release,
            digit=self.screen.digit,
            touched=self.errands.touched,
            parent=self,
        )
        self.pad_desk: PadDesk | None = None
        if self.call_pad is not None:
            self.pad_desk = PadDesk(self.call_pad, self.screen, self.errands, self.world, self)
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._each_look)

    # -- beginning and ending -------------------------------------------------------------------------------------

    def start(self) -> None:
        """Opens the window and begins."""
        window = self.shell.show(WINDOW, desk=self.screen, pageScale=self._options.window or 1.0)
        for one in self.shell.app.allWindows():
            one.installEventFilter(self.keyboard)
        self.screen.mini_changed.connect(lambda: self._exchange(window))
        self.shell.clock.tell_by(self._now)
        self.shell.describe = self.describe
        self.shell.at_end(self.stop)
        for device in (*self.pads.devices, self.bar, self.printer):
            if device is not None:
                device.start()
        self._look.start()
        self.entrance.open()

    def _exchange(self, window: QQuickWindow) -> None:
        """The mini-bar instead of the window, or the window again."""
        window.setVisible(not self.screen.small)
        if not self.screen.small:
            window.requestActivate()

    def stop(self) -> None:
        """Ends what was begun, the links first."""
        self._look.stop()
        self.entrance.close()
        if self.errands is not None:
            self.errands.stop()
        for link in (self._link, self._pad_link):
            if link is not None:
                link.stop()
        if self._ratings is not None:
            self._ratings.stop()
        for device in (*self.pads.devices, self.bar, self.printer):
            if device is not None:
                device.stop()

    def _opened(self, server: str, token: str) -> None:
        """Hall and token are known: follow the counter's picture, and the keypad's with its own token."""
        file = self.entrance.ca_file
        ca = file if server.startswith("https://") and file.exists() else None
        number = self._options.counter
        self._link = Link(server, token=token, ca_file=ca, picture=f"counter:{number}", parent=self)
        self._link.picture_changed.connect(self._picture)
        self._link.stale_changed.connect(lambda _stale: self.screen.refresh())
        self._link.refused.connect(self._refused)
        self._link.start()
        if self.pad is not None:
            self._follow_keypad(self.pad, server, ca)

    def _follow_keypad(self, pad: Pad, server: str, ca: Path | None) -> None:
        file: Path = self._options.keypad_token_file
        number = self._options.counter
        token = shared.read_token(file)
        if token is None:
            raise Failure(f"no keypad token in {file}; make one with hall-server device add --role keypad")
        self._pad_link = Link(server, token=token, ca_file=ca, picture=f"keypad:{number}", parent=self)
        outbox = _outbox(file.with_name(f"keypad-{number}.db"))
        bridge = Bridge(first_session=1 + secrets.randbelow(0x7FFF_FFFF))
        self._ratings = Ratings(self._pad_link, pad, outbox, bridge=bridge, parent=self)
        self._pad_link.start()

    # -- the carrier of errands -----------------------------------------------------------------------------------

    def request(self, method: str, path: str, body: Any = None, **how: Any) -> object:
        """Sends through the link; before there is one the outcome is unknown at once."""
        if self._link is None:
            done = how.get("done")
            if done is not None:
                QTimer.singleShot(0, lambda: done(None, None))
            return None
        return self._link.request(method, path, body, **how)

    def now(self) -> datetime:
        """The hall's time."""
        return self._now()

    # -- what happens ---------------------------------------------------------------------------------------------

    def _picture(self, picture: dict[str, Any], patch: dict[str, Any]) -> None:
        assert self.errands is not None
        self._barred = False
        self.errands.read(picture, whole=patch == picture)
        self.shell.supervisor.advanced()
        version = str(picture.get("hall", {}).get("catalogue_version", ""))
        if version != self._catalogue or not self._services:
            self._catalogue = version
            self.request("GET", "/catalogue", done=self._told_catalogue)
        self._each_look()

    def _refused(self, reason: str) -> None:
        """The hall does not let this device look: its pairing was taken back, or it is another counter's."""
        log.error("the hall refuses this device", reason=reason)
        self._barred = True
        self.screen.refresh()

    def _told_catalogue(self, status: int | None, catalogue: Any) -> None:
        if status != 200 or not isinstance(catalogue, dict):
            self._catalogue = ""
            return
        lines = set(((self.world.picture() or {}).get("counter") or {}).get("lines", ()))
        services = catalogue.get("services", [])
        self._services = [service for service in services if service.get("line") in lines]
        self.world.day_units.update({str(s["service"]): str(s.get("day_unit", "")) for s in services})

    def _each_look(self) -> None:
        self.screen.refresh()
        if self.pad_desk is not None:
            self.pad_desk.show()
        if self.bar is not None and (self.world.picture() is not None or self._lost_s() > led.LOST_AFTER_S):
            self.bar.show(self._bar_shown(self.bar))
        self._report_health()

    def _bar_shown(self, bar: Bar) -> led.Shown:
        return led.show(
            self.world.picture(),
            now=self._now(),
            lost_s=self._lost_s(),
            size=bar.size,
            speak=self._speak_as_hall,
            services=self._services,
            language=self._hall_language(),
            simply=self._speak_simply,
            lacks=bar.lacks,
        )

    def _hall_language(self) -> str:
        languages = ((self.world.picture() or {}).get("hall") or {}).get("languages") or ["zh-Hans"]
        return str(languages[0]) if languages[0] in ("zh-Hans", "zh-Hant", "en") else "zh-Hans"

    def _speak_as_hall(self, key: str, **values: object) -> str:
        """The bar speaks the hall's own language, whatever the clerk reads."""
        return self.shell.words.catalogue.say(key, self._hall_language(), **values)

    def _speak_simply(self, key: str, **values: object) -> str:
        """For a bar whose card has no Traditional characters."""
        return self.shell.words.catalogue.say(key, "zh-Hans", **values)

    def lamps(self) -> list[Lamp]:
        """Call pad, keypad and LED bar where there are any, and the network."""
        devices = [device.lamp() for device in (self.call_pad, self.pad, self.bar, self.printer) if device is not None]
        heard = self.world.picture() is not None
        return [*devices, of_network(offline=not heard or self._offline_since() is not None, ever_heard=heard)]

    def _report_health(self) -> None:
        """Each device tells the hall what hangs on it, on every change and once a minute."""
        if self._link is None or self._link.stale:
            return
        own = [device.driver.snapshot() for device in (self.call_pad, self.bar, self.printer) if device is not None]
        if own:
            self._report(self._link, health_report(own))
        if self.pad is not None and self._pad_link is not None and not self._pad_link.stale:
            self._report(self._pad_link, health_report([self.pad.driver.snapshot()]))

    def _report(self, link: Link, report: list[dict[str, object]]) -> None:
        before, at = self._reported.get(id(link), ([], 0.0))
        now = time.monotonic()
        if report != before or now - at > HEALTH_EVERY_S:
            self._reported[id(link)] = (report, now)
            link.request("PUT", "/devices/current/health", report, key=uuid4().hex)

    # -- time and silence -----------------------------------------------------------------------------------------

    def _now(self) -> datetime:
        return self._link.now() if self._link is not None else datetime.now().astimezone()

    def _lost_s(self) -> float:
        """Real seconds since the hall was last heard; 0 while the picture is live."""
        if self._link is None or not self._link.stale:
            return 0.0 if self._link is not None else time.monotonic() - self._began
        last = self._link.stale_since
        return time.monotonic() - (last[0] if last is not None else self._began)

    def _offline_since(self) -> datetime | None:
        """Since when the picture is stale, hall time; a first picture has some patience."""
        if self._link is None or not self._link.stale:
            self._silent_since = None
            return None
        if self._link.picture is None and time.monotonic() - self._began < PATIENCE_S:
            return None
        if self._silent_since is None:
            last = self._link.stale_since
            self._silent_since = last[1] if last is not None else self._now() - timedelta(seconds=self._lost_s())
        return self._silent_since

    def describe(self) -> dict[str, Any]:
        """What the program knows of itself, for tests and the demo."""
        desk = self.screen.desk
        return {
            "stage": "unpaired" if self.entrance.shown else desk.stage,
            "counter": desk.counter,
            "counter_state": desk.counter_state,
            "clerk": desk.clerk,
            "ticket": desk.visitor.number if desk.visitor else None,
            "ticket_state": desk.visitor.state if desk.visitor else None,
            "next": desk.next.number if desk.next else None,
            "primary": desk.primary,
            "can": sorted(act for act, button in desk.buttons.items() if button.enabled),
            "dialog": self.screen.ask.dialogs.kind,
            "mini": self.screen.small,
            "offline": self._offline_since() is not None,
            "barred": self._barred,
            "pairing_code": self.entrance.code,
            "refused": self.errands.refusal.code if self.errands and self.errands.refusal else None,
        }


def _outbox(file: Path) -> Outbox:
    try:
        return Outbox(file)
    except (OSError, sqlite3.Error) as error:
        raise Failure(f"cannot keep ratings in {file}: {error}; free the disk or mend its rights") from error


def parser() -> argparse.ArgumentParser:
    """The arguments of `hall-counter`."""
    p = shared.parser("hall-counter", "The clerk's program: calls, serves, asks for a rating, drives the LED bar.")
    binding.add_option(p)
    p.add_argument("--counter", metavar="N", help="which counter this machine stands at")
    p.add_argument("--keypad", metavar="URL", help="rating keypad, such as neutral+/dev/ttyUSB0?baud=9600")
    p.add_argument("--keypad-token-file", type=Path, metavar="F", help="the keypad's own token")
    p.add_argument("--led", metavar="URL", help="bar over the counter, such as bxk+socket://10.0.0.9:5005")
    p.add_argument("--pad", metavar="URL", help="call pad, such as pad68+/dev/ttyUSB0?addr=3")
    p.add_argument("--printer", metavar="URL", help="printer for receipts and notices, such as escpos+usb://")
    return p


def check(options: argparse.Namespace) -> None:
    """`Usage` for what cannot work."""
    if not options.counter:
        raise Usage("--counter N is missing: say which counter this machine stands at, for example --counter 3")
    if options.keypad and not options.keypad_token_file:
        raise Usage("--keypad needs --keypad-token-file F: the keypad rates with its own token, never the clerk's")


def run(options: argparse.Namespace) -> int:
    """Builds everything and runs until the end."""
    try:
        binding.fill(options, role="counter", beside=shared.token_file(options).parent)
    except binding.BadBinding as wrong:
        raise Failure(str(wrong)) from wrong
    check(options)
    shell = Shell(options, surface="desktop", size=SIZE, title=f"窗口 {options.counter}")
    program = Program(shell, options)
    program.start()
    code = shell.run()
    QCoreApplication.sendPostedEvents(None, int(QEvent.Type.DeferredDelete.value))
    return code


def main(argv: list[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    return shared.run(parser(), run, argv)


if __name__ == "__main__":
    sys.exit(main())
