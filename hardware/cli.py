"""`hall-device`: what is plugged in, what it is, whether it works, and stand-ins for devices that are not there."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import Any

from serial.tools import list_ports

from hardware import inventory, logs
from hardware.address import DRIVEN, NOT_YET, Address, BadAddress, parse
from hardware.advice import advice
from hardware.driver import PortDriver, Surroundings
from hardware.fonts import FontMissing
from hardware.health import Event, Health, KeyIgnored, Rated, Receipt, State, Unrated
from hardware.keypads.driver import Ask, KeypadDriver
from hardware.led.bxk_driver import BxkBar
from hardware.led.page import Page
from hardware.led.preview import PngBar
from hardware.logs import Failure, Usage
from hardware.printers.driver import Caps, PrinterDriver, PrintJob
from hardware.printers.profiles import BadProfile
from hardware.printers.sample import sample_ticket
from hardware.simulation.control import ControlServer
from hardware.simulation.device import NoSuchFault, SimulatedDevice
from hardware.simulation.server import SimulatorServer

PROGRAM = "hall-device"
KINDS = {"printer": "escpos", "led": "bxk", "keypad": "neutral"} | {name: name for name in inventory.SIMULATORS}
"""Words for `simulate`: a kind's usual protocol, and every protocol that has a simulator."""
SIMULATE_OPTIONS = ("profile", "seconds_per_ticket", "width", "height", "addr", "keys")
SETTLE_S = 12.0
TEST_S = 30.0
ASK_S = 20
LOOK_S = 8


def main(arguments: list[str] | None = None) -> int:
    """The entry point. Exit 0 done, 1 failure with one line, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    logs.start(options.log_level)
    return logs.run(PROGRAM, lambda: _guarded(options))


def _guarded(options: argparse.Namespace) -> int:
    try:
        result: int = options.run(options)
        return result
    except (BadAddress, BadProfile, NoSuchFault) as wrong:
        raise Usage(str(wrong)) from wrong
    except FontMissing as missing:
        raise Failure(str(missing)) from missing


def _parser() -> argparse.ArgumentParser:
    parser = logs.parser(PROGRAM, "Lists, probes, tries and simulates the hall's devices.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    listing = commands.add_parser("list", help="serial ports of this machine, with the path to bind each by")
    listing.add_argument("--json", action="store_true", help="a JSON object a line")
    listing.set_defaults(run=_list)

    probe = commands.add_parser("probe", help="opens a device and says what it answers")
    probe.add_argument("url", metavar="URL", help="PROTOCOL+TRANSPORT, e.g. escpos+socket://192.168.1.50:9100")
    probe.add_argument("--json", action="store_true", help="one JSON object")
    probe.set_defaults(run=_probe)

    test = commands.add_parser("test", help="prints a ticket, shows pages, or asks for a key")
    test.add_argument("url", metavar="URL", help="as for probe")
    test.set_defaults(run=_test)

    simulate = commands.add_parser("simulate", help="stands in for a device until it is ended")
    simulate.add_argument("kind", metavar="KIND", help=f"one of {', '.join(KINDS)}")
    simulate.add_argument(
        "--listen", required=True, metavar="URL", help="socket://HOST:PORT (0: a free one), udp://…, pty://PATH"
    )
    simulate.add_argument("--control", metavar="URL", help="socket://127.0.0.1:PORT: text lines, try 'help'")
    simulate.add_argument("--fault", action="append", default=[], metavar="NAME", help="begin with this fault")
    simulate.add_argument("--out", type=Path, metavar="DIR", help="pictures of tickets or of the bar go here")
    simulate.add_argument("--profile", help="printer: paper width of this profile")
    simulate.add_argument("--option", action="append", default=[], metavar="NAME=VALUE", help="any other of the kind")
    simulate.add_argument("--seconds-per-ticket", type=float, metavar="S", help="printer: time to print")
    simulate.add_argument("--width", type=int, help="bar: dots across (192)")
    simulate.add_argument("--height", type=int, help="bar: dots high (16)")
    simulate.add_argument("--addr", type=int, help="bar or keypad: its address (1)")
    simulate.add_argument("--keys", type=int, help="keypad: number of keys (5)")
    simulate.set_defaults(run=_simulate)
    return parser


# -- list -------------------------------------------------------------------------------------------------------


def _list(options: argparse.Namespace) -> int:
    ports = sorted(list_ports.comports(), key=lambda port: port.device)
    stable = _stable_names()
    for port in ports:
        entry = {
            "port": port.device,
            "bind": stable.get(os.path.realpath(port.device), port.device),
            "description": port.description if port.description != "n/a" else "",
            "serial_number": port.serial_number or "",
            "may_open": os.access(port.device, os.R_OK | os.W_OK) if os.name == "posix" else True,
        }
        print(json.dumps(entry, ensure_ascii=False) if options.json else _port_line(entry))
    for path in sorted(Path("/dev/usb").glob("lp*")) if os.name == "posix" else ():
        entry = {"port": f"file://{path}", "bind": f"file://{path}", "description": "USB printer"}
        print(json.dumps(entry) if options.json else f"{entry['bind']}  USB printer")
        ports.append(path)
    if not ports and not options.json:
        print("no serial port and no USB printer on this machine; network devices are probed by address")
    return 0


def _port_line(entry: dict[str, Any]) -> str:
    rights = "" if entry["may_open"] else f"  - {advice('no_permission')}"
    return f"{entry['bind']}  {entry['description']}{rights}"


def _stable_names() -> dict[str, str]:
    """Device path -> its name by USB port, which survives unplugging; CH340 and PL2303 have no serial number."""
    names = {}
    for folder in ("/dev/serial/by-id", "/dev/serial/by-path"):
        for link in Path(folder).glob("*") if Path(folder).is_dir() else ():
            names[os.path.realpath(link)] = str(link)
    return names


# -- probe and test ---------------------------------------------------------------------------------------------


@dataclass
class _Session:
    """A driver at work for one command."""

    driver: PortDriver[Any]
    events: list[Event] = field(default_factory=list)

    def wait(self, condition: Callable[[], bool], *, limit_s: float) -> bool:
        """Waits for the driver's thread to bring something about."""
        pause, waited = Flag(), 0.0
        while not condition():
            if waited >= limit_s:
                return False
            pause.wait(0.02)
            waited += 0.02
        return True


@contextmanager
def _driver(address: Address) -> Iterator[_Session]:
    events: list[Event] = []
    around = Surroundings(events=events.append)
    if address.protocol == "escpos":
        driver: PortDriver[Any] = PrinterDriver(address, around=around, identify=True)
    else:
        driver = inventory.open_driver(address, around=around)
    stop = Flag()
    thread = Thread(target=driver.serve, args=(stop,), daemon=True)
    thread.start()
    try:
        yield _Session(driver, events)
    finally:
        stop.set()
        thread.join(timeout=5)


def _settled(session: _Session) -> bool:
    """The probe is over when the state is known; a printer also tells what it can prove."""
    health = session.driver.snapshot()
    if health.state is State.CONNECTING:
        return False
    if isinstance(session.driver, PrinterDriver) and health.state in (State.READY, State.DEGRADED):
        return session.driver.caps.process_id is True or session.driver.caps.barrier is not None
    return health.state is State.ABSENT or health.last_ok is not None or bool(health.faults)


def _probe(options: argparse.Namespace) -> int:
    address = parse(options.url)
    with _driver(address) as session:
        session.wait(lambda: _settled(session), limit_s=SETTLE_S)
        health = session.driver.snapshot()
        found = _found(session.driver, health)
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        for key, value in found.items():
            print(f"{key}: {value if not isinstance(value, list) else ', '.join(map(str, value)) or 'none'}")
    if health.last_ok is None:
        word = next(iter(health.faults), "silent")
        raise Failure(f"{address}: {word}. {advice(word)}")
    for word in sorted(health.faults):
        print(f"{PROGRAM}: {word}. {advice(word)}", file=sys.stderr)
    return 0


def _found(driver: PortDriver[Any], health: Health) -> dict[str, Any]:
    found: dict[str, Any] = {
        "address": health.address,
        "kind": health.kind,
        "state": str(health.state),
        "faults": sorted(health.faults),
    }
    match driver:
        case PrinterDriver(caps=caps, profile=profile):
            found |= {"profile": profile.name, "width_dots": caps.width_dots, "maker": caps.maker, "model": caps.model}
            found |= {"automatic_status": caps.automatic_status, "confirms_by": _proof(caps)}
        case BxkBar(parameters=parameters) if parameters is not None:
            found |= {"width": driver.width, "height": driver.height, "type": f"{parameters.device_type:02X}"}
        case PngBar():
            found |= {"width": driver.width, "height": driver.height}
        case KeypadDriver():
            found |= {"identity": health.identity, "firmware": health.firmware, "keys": driver.keys}
    if health.round_trip_p50_ms is not None:
        found["round_trip_ms"] = health.round_trip_p50_ms
    return found


def _proof(caps: Caps) -> str:
    """How this printer proves that a ticket was printed."""
    if caps.process_id:
        return "process_id"
    if caps.barrier:
        return "barrier"
    return "asb" if caps.barrier is False else "not known yet" if caps.status else "nothing"


def _test(options: argparse.Namespace) -> int:
    address = parse(options.url)
    with _driver(address) as session:
        session.wait(lambda: session.driver.snapshot().state is not State.CONNECTING, limit_s=SETTLE_S)
        match session.driver:
            case PrinterDriver() as printer:
                return _judged(printer.submit(PrintJob("test", sample_ticket())), "test ticket")
            case BxkBar() | PngBar() as bar:
                code = _judged(bar.show(TEST_PAGES, blink=2), "test pages")
                print(f"the bar blinks twice and shows two pages, {LOOK_S} s", flush=True)
                session.wait(lambda: False, limit_s=LOOK_S)
                return code
            case KeypadDriver() as pad:
                return _test_keypad(session, pad)
    raise Failure(f"{address}: nothing to try on this device")


TEST_PAGES = (Page(("请A041号到3号窗口",), 2.0), Page(("3号窗口 县医疗保障局",), 2.0))


def _judged(future: Future[Receipt], what: str) -> int:
    try:
        receipt = future.result(TEST_S)
    except NotInTime:
        raise Failure(f"no answer within {TEST_S:.0f} s. {advice('silent')}") from None
    if receipt.error is not None:
        raise Failure(f"{what} failed: {receipt.error}. {advice(receipt.error)}")
    print(f"{what} {receipt.outcome} ({receipt.how})")
    for warning in receipt.warnings:
        print(f"{PROGRAM}: {warning}. {advice(warning)}", file=sys.stderr)
    return 0


def _test_keypad(session: _Session, pad: KeypadDriver) -> int:
    _judged(pad.submit(Ask(session=1, timeout_s=ASK_S)), "question")
    print(f"press a key on the pad within {ASK_S} s", flush=True)

    def ended() -> list[Event]:
        return [event for event in session.events if isinstance(event, Rated | Unrated)]

    session.wait(lambda: bool(ended()), limit_s=ASK_S + 2)
    for ignored in (event for event in session.events if isinstance(event, KeyIgnored)):
        print(f"{PROGRAM}: key {ignored.key} ignored: {ignored.reason}", file=sys.stderr)
    match ended()[:1]:
        case [Rated(key=key, ms_after_ask=ms)]:
            print(f"key {key} after {ms} ms")
            return 0
    raise Failure("no key was pressed in time")


# -- simulate ---------------------------------------------------------------------------------------------------


def _simulated_device(options: argparse.Namespace) -> SimulatedDevice:
    kind = options.kind.lower()
    if kind in NOT_YET:
        raise Usage(f"{kind}: this version does not drive {kind} devices yet; it drives {', '.join(DRIVEN)}")
    if kind not in KINDS:
        raise Usage(f"{kind}: KIND is one of {', '.join(KINDS)}")
    given = {key.replace("_", "-"): getattr(options, key) for key in SIMULATE_OPTIONS}
    named_ones = {key: str(value) for key, value in given.items() if value is not None}
    return inventory.simulator_for(KINDS[kind], options=named_ones | _pairs(options.option), out=options.out)


def _pairs(texts: list[str]) -> dict[str, str]:
    pairs = dict(text.partition("=")[::2] for text in texts)
    for name, value in pairs.items():
        if not name or not value:
            raise Usage("--option takes NAME=VALUE")
    return pairs


def _simulate(options: argparse.Namespace) -> int:
    device = _simulated_device(options)
    for word in options.fault:
        device.set_fault(word)
    stop = Flag()
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: stop.set())
    with ExitStack() as stack:
        try:
            server = stack.enter_context(SimulatorServer(device, options.listen))
            print(f"simulating {options.kind} at {server.url}", flush=True)
            if options.control:
                control = stack.enter_context(ControlServer(device, options.control))
                print(f"control at {control.url}", flush=True)
        except OSError as error:
            raise Failure(
                f"cannot listen: {error.strerror or error}; choose another port or end what uses it"
            ) from error
        while not stop.wait(0.5):
            pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
