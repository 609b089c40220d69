"""One device tried by a person: opened, asked what it is, and made to do something that can be seen.

Used by `hall-device probe`, `test` and `setup`. What is found or seen is told in plain English; nothing a visitor's
card or code contains is ever shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event as Flag
from threading import Thread
from typing import Any

from hardware import inventory
from hardware.address import PROTOCOLS, Address
from hardware.advice import advice
from hardware.driver import PortDriver, Surroundings
from hardware.health import CardRead, Event, Health, Key, KeyIgnored, Rated, Receipt, Scanned, State, Unrated
from hardware.keypads.jobs import Ask, Beep, ShowNumber
from hardware.keypads.pad68.bus import Pad68Bus
from hardware.led.bar import BarDriver
from hardware.led.page import Page
from hardware.logs import Failure
from hardware.printers.driver import Caps, PrinterDriver, PrintJob
from hardware.printers.sample import sample_ticket

SETTLE_S = 12.0
QUIET_S = 1.0
"""How long a device that cannot be asked is listened to before it is called `unknown`."""
TEST_S = 30.0
ASK_S = 20
LOOK_S = 8.0
TEST_NUMBER = "A041"
TEST_PAGES = (Page(("请A041号到3号窗口",), 2.0), Page(("3号窗口 县医疗保障局",), 2.0))


@dataclass
class Session:
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

    def first(self, kinds: type[Event] | tuple[type[Event], ...], *, limit_s: float) -> Event | None:
        """The first event of these kinds, waited for; None when none came."""

        def told() -> list[Event]:
            return [event for event in self.events if isinstance(event, kinds)]

        self.wait(lambda: bool(told()), limit_s=limit_s)
        return told()[0] if told() else None


@contextmanager
def driving(address: Address) -> Iterator[Session]:
    """Drives the device in a thread of its own, and ends it."""
    events: list[Event] = []
    around = Surroundings(events=events.append)
    if address.protocol == "escpos":
        driver: PortDriver[Any] = PrinterDriver(address, around=around, identify=True)
    else:
        driver = inventory.open_driver(address, around=around)
    stop = Flag()
    thread = Thread(target=driver.serve, args=(stop,), name="trial", daemon=True)
    thread.start()
    try:
        yield Session(driver, events)
    finally:
        stop.set()
        thread.join(timeout=5)


# -- asking ---------------------------------------------------------------------------------------------------------


def examine(address: Address, *, limit_s: float = SETTLE_S) -> tuple[Health, dict[str, Any]]:
    """What answers at an address: its health and what was found out."""
    with driving(address) as session:
        session.wait(lambda: _settled(session), limit_s=limit_s)
        if session.driver.snapshot().state is State.UNKNOWN:
            session.wait(lambda: session.driver.snapshot().state is not State.UNKNOWN, limit_s=QUIET_S)
        health = session.driver.snapshot()
        return health, found(session.driver, health)


def _settled(session: Session) -> bool:
    """The probe is over when the state is known; a printer also tells what it can prove."""
    health = session.driver.snapshot()
    if health.state is State.CONNECTING:
        return False
    if isinstance(session.driver, PrinterDriver) and health.state in (State.READY, State.DEGRADED):
        return session.driver.caps.process_id is True or session.driver.caps.barrier is not None
    return health.state in (State.ABSENT, State.UNKNOWN) or health.last_ok is not None or bool(health.faults)


def found(driver: PortDriver[Any], health: Health) -> dict[str, Any]:
    """What a probe tells, in the order it is printed."""
    entry: dict[str, Any] = {
        "address": health.address,
        "kind": PROTOCOLS[driver.at.protocol].kind,
        "state": str(health.state),
        "faults": sorted(health.faults),
    }
    if isinstance(driver, PrinterDriver):
        caps = driver.caps
        entry |= {"profile": driver.profile.name, "width_dots": caps.width_dots}
        entry |= {"maker": caps.maker, "model": caps.model}
        entry |= {"automatic_status": caps.automatic_status, "confirms_by": _proof(caps)}
    if isinstance(driver, BarDriver):
        entry |= driver.found()
    for name in ("keys", "strangers"):
        value = getattr(driver, name, None)
        if isinstance(value, int) or (isinstance(value, set) and value):
            entry[name] = sorted(value) if isinstance(value, set) else value
    entry |= {name: text for name in ("identity", "firmware") if (text := getattr(health, name))}
    if health.round_trip_p50_ms is not None:
        entry["round_trip_ms"] = health.round_trip_p50_ms
    return entry


def _proof(caps: Caps) -> str:
    """How this printer proves that a ticket was printed."""
    if caps.process_id:
        return "process_id"
    if caps.barrier:
        return "barrier"
    return "asb" if caps.barrier is False else "not known yet" if caps.status else "nothing"


# -- seeing ---------------------------------------------------------------------------------------------------------


def show(address: Address, *, say: Callable[[str], None], warn: Callable[[str], None]) -> None:
    """Does what a person can see. Raises Failure saying what was not seen and what to do."""
    if address.scheme == "wedge":
        raise Failure("a scanner that types is seen by the kiosk alone: start it and scan a ticket before its window")
    with driving(address) as session:
        session.wait(lambda: session.driver.snapshot().state is not State.CONNECTING, limit_s=SETTLE_S)
        TRIALS[PROTOCOLS[address.protocol].kind](session, say, warn)


Say = Callable[[str], None]


def judged(future: Future[Receipt], what: str, say: Say, warn: Say) -> None:
    """Tells what became of a job. Raises Failure."""
    try:
        receipt = future.result(TEST_S)
    except NotInTime:
        raise Failure(f"no answer within {TEST_S:.0f} s. {advice('silent')}") from None
    if receipt.error is not None:
        raise Failure(f"{what} failed: {receipt.error}. {advice(receipt.error)}")
    confirmed = receipt.outcome == "confirmed"
    say(f"{what} confirmed ({receipt.how})" if confirmed else f"{what} sent; the device does not say that it arrived")
    for warning in receipt.warnings:
        warn(f"{warning}. {advice(warning)}")


def _printer(session: Session, say: Say, warn: Say) -> None:
    judged(session.driver.submit(PrintJob("test", sample_ticket())), "test ticket", say, warn)


def _bar(session: Session, say: Say, warn: Say) -> None:
    bar: Any = session.driver
    judged(bar.show(TEST_PAGES, blink=2), "test pages", say, warn)
    say(f"the bar blinks twice and shows two pages, {LOOK_S:.0f} s")
    session.wait(lambda: False, limit_s=LOOK_S)


def _keypad(session: Session, say: Say, warn: Say) -> None:
    driver = session.driver
    if isinstance(driver, Pad68Bus):
        driver.submit(ShowNumber(TEST_NUMBER))
        driver.submit(Beep())
        say(f"the pad beeps and shows {TEST_NUMBER[-3:]}")
    judged(driver.submit(Ask(session=1, timeout_s=ASK_S)), "question", say, warn)
    say(f"press a key on the pad within {ASK_S} s")
    answer = session.first((Rated, Unrated, Key), limit_s=ASK_S + 2)
    for ignored in (event for event in session.events if isinstance(event, KeyIgnored)):
        warn(f"key {ignored.key} ignored: {ignored.reason}")
    match answer:
        case Rated(key=key, ms_after_ask=ms):
            say(f"key {key} after {ms} ms")
        case Key(key=key):
            say(f"key {key}")
        case _:
            raise Failure("no key was pressed in time")


def _reader(session: Session, say: Say, warn: Say) -> None:
    if session.driver.snapshot().state is State.UNKNOWN:
        raise Failure(f"the reader does not answer. {advice('silent')}")
    say(f"place a card on the reader within {ASK_S} s")
    read = session.first(CardRead, limit_s=ASK_S)
    if not isinstance(read, CardRead):
        faults = sorted(session.driver.snapshot().faults)
        raise Failure(f"{faults[0]}. {advice(faults[0])}" if faults else "no card was read in time")
    say(f"a card was read ({read.card.kind}); its contents are not shown and not kept")


def _scanner(session: Session, say: Say, warn: Say) -> None:
    say(f"scan any code within {ASK_S} s")
    scanned = session.first(Scanned, limit_s=ASK_S)
    if not isinstance(scanned, Scanned):
        raise Failure("nothing was scanned in time: check speed and mode of the scanner (serial, ended by CR)")
    say(f"a code of {len(scanned.text)} characters was read")


TRIALS: dict[str, Callable[[Session, Say, Say], None]] = {
    "printer": _printer,
    "led": _bar,
    "keypad": _keypad,
    "reader": _reader,
    "scanner": _scanner,
}
"""By the kind of the protocol."""
