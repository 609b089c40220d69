"""The call pad and the rating keypad of a counter: each a device of its own, or two on one RS-485 line."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from PySide6.QtCore import QObject, Signal

from hall_client.options import Usage
from hardware.address import PROTOCOLS, Address, parse
from hardware.driver import DeviceBusy, Surroundings
from hardware.health import Event, Key, KeyIgnored, Online, Rated, Unrated
from hardware.keypads.jobs import Ask, Beep, Cancel, PadJob, ShowNumber, ShowWaiting, Staff, Welcome
from hardware.keypads.pad68.bus import Pad68Bus

from .pad import PadShown
from .periphery import Device
from .rating import Order

CALL_PADS = ("pad68", "template")
"""Protocols whose devices have a clerk's keys."""
log = structlog.get_logger("devices")


class Pad(Device):
    """The rating keypad: orders of the bridge go out, counted presses come in."""

    rated = Signal(int, int)
    """Session and key of the press that counts."""
    unrated = Signal(int)
    back = Signal()

    def __init__(self, address: str, parent: QObject | None = None, *, driver: Any = None) -> None:
        if PROTOCOLS[_parsed("--keypad", address).protocol].kind != "keypad":
            raise Usage(f"--keypad {address}: this is no rating keypad; write neutral+…, pad68+…, template+… or hid+…")
        super().__init__("--keypad", address, lamp="keypad", driver=driver, parent=parent)
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
            log.info("a press counts", echo=event.echo, flags=list(event.flags))
            self.rated.emit(event.session, event.key)
        elif isinstance(event, Unrated):
            self.unrated.emit(event.session)
        elif isinstance(event, Online):
            self.back.emit()
        elif isinstance(event, KeyIgnored):
            _note_ignored(event, device="keypad")


def job_of(order: Order) -> PadJob:
    """An order as the driver's job. Staff is shown by number alone, never by name."""
    if order.what == "ask":
        return Ask(session=order.session, timeout_s=order.window_s)
    if order.what == "cancel":
        return Cancel(session=order.session)
    if order.what == "staff":
        return Staff(name="", number=order.clerk)
    return Welcome()


class CallPad(Device):
    """The clerk's call pad: keys come in; the number in hand, the waiting and beeps go out."""

    pressed = Signal(str, str)
    """A key's word and the digits typed before it."""

    def __init__(self, address: str, parent: QObject | None = None, *, driver: Any = None) -> None:
        if _parsed("--pad", address).protocol not in CALL_PADS:
            raise Usage(f"--pad {address}: this is no call pad; write pad68+… or template+…")
        super().__init__("--pad", address, lamp="pad", driver=driver, parent=parent)
        self._shown: PadShown | None = None
        self.told.connect(self._event)

    def _event(self, event: Event) -> None:
        if isinstance(event, Key):
            self.pressed.emit(event.key, event.digits)
        elif isinstance(event, KeyIgnored):
            _note_ignored(event, device="pad")

    def show(self, shown: PadShown) -> None:
        """Another number in hand, or another number waiting; a pad that does not keep up gets it at the next look."""
        before = self._shown
        if shown == before:
            return
        try:
            if before is None or shown.number != before.number:
                self.driver.submit(ShowNumber(shown.number))
            if before is None or shown.waiting != before.waiting:
                self.driver.submit(ShowWaiting(shown.waiting))
            self._shown = shown
        except DeviceBusy:
            log.info("pad does not keep up")

    def beep(self, times: int) -> None:
        """The result of a key."""
        try:
            self.driver.submit(Beep(times))
        except DeviceBusy:
            log.info("pad does not keep up")


def _note_ignored(event: KeyIgnored, *, device: str) -> None:
    """A press that does not count is told, never hidden. Its code only where nobody has named it: that is what a fitter
    looks for, and any other might be a visitor's answer."""
    code = event.key if event.reason == "unmapped_key" else None
    log.info("a press does not count", device=device, reason=event.reason, code=code)


def _parsed(option: str, address: str) -> Address:
    try:
        return parse(address)
    except ValueError as error:
        raise Usage(f"{option} {address}: {error}") from error


class Line(Device):
    """One RS-485 line with the call pad and the rating keypad of this counter on it: one port, one thread."""

    def __init__(self, pad: str, keypad: str, parent: QObject | None = None) -> None:
        at_pad, at_keypad = (parse(one).number("addr", 1) for one in (pad, keypad))
        try:
            bus = Pad68Bus(pad, addresses=dict.fromkeys((at_pad, at_keypad)), around=Surroundings())
        except ValueError as error:
            raise Usage(f"--pad {pad}: {error}") from error
        super().__init__("--pad", pad, lamp="pad", driver=bus, parent=parent)
        self._thread = threading.Thread(target=bus.serve, args=(self._stop,), name="pads", daemon=True)
        self.call_pad = CallPad(pad, parent, driver=bus.station(at_pad))
        self.keypad = Pad(keypad, parent, driver=bus.station(at_keypad))
        bus.station(at_pad).events = self.call_pad.hear
        bus.station(at_keypad).events = self._both if at_pad == at_keypad else self.keypad.hear

    def _both(self, event: Event) -> None:
        """One address for both: presses of visitors are the keypad's alone."""
        if not isinstance(event, KeyIgnored | Rated | Unrated):
            self.call_pad.hear(event)
        self.keypad.hear(event)


@dataclass(frozen=True)
class Pads:
    """The pads of a counter, and the line they share if they do."""

    call_pad: CallPad | None
    keypad: Pad | None
    line: Line | None = None

    @property
    def devices(self) -> list[Device]:
        """What is started and stopped."""
        return [device for device in (self.line, self.call_pad, self.keypad) if device is not None]


def pads_of(*, pad: str | None, keypad: str | None, parent: QObject | None = None) -> Pads:
    """The pads behind `--pad` and `--keypad`; two `pad68` on the same port share it. Raises Usage."""
    if pad and keypad:
        first, second = _parsed("--pad", pad), _parsed("--keypad", keypad)
        if first.url == second.url and (first.scheme != "sim" or first == second):
            if (first.protocol, second.protocol) != ("pad68", "pad68"):
                raise Usage(f"--pad and --keypad: {first.url} speaks one protocol; give each pad a port of its own")
            line = Line(pad, keypad, parent)
            return Pads(line.call_pad, line.keypad, line)
    return Pads(CallPad(pad, parent) if pad else None, Pad(keypad, parent) if keypad else None)
