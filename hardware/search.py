"""Which protocol a device speaks, and how fast, when nobody knows: `hall-device probe` with a bare port.

Devices that answer are asked, the least harmful question first (a ticket printer's status request leaves no mark on
any other device); those that cannot be asked are listened to while a person presses a key or scans a code.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from typing import Any

from hardware.address import PROTOCOLS, SCHEMES, Address, parse
from hardware.health import Health
from hardware.keypads.pad68 import codec as pad68
from hardware.port import PortGone, open_port
from hardware.readers.lines import Code, LineParser
from hardware.trial import examine

ASK_S = 2.5
LISTEN_S = 10.0
LISTEN_BAUDS = (9600, 115_200)
HEARD_ENOUGH = 64
SERIAL: tuple[tuple[str, int], ...] = (
    *(("escpos", baud) for baud in (115_200, 9600, 19_200, 38_400)),
    ("samv", 115_200),
    ("neutral", 9600),
    ("pad68", 9600),
    *(("bxk", baud) for baud in (9600, 57_600)),
    ("cpower", 115_200),
)
"""In which order a serial port is asked. Those that cannot be asked by their nature come last, by listening."""
NETWORK: dict[int, str] = {9100: "escpos", 5005: "bxk", 5200: "cpower"}
"""What usually stands behind a TCP port; the others are asked after it."""
ASKING = {"pad68": "ack=1"}
"""Options that make a device answer that otherwise could not be asked."""


def is_bare(text: str) -> bool:
    """Whether an argument names a port without a protocol."""
    head, plus, _ = text.partition("+")
    if plus and head.isalnum() and "/" not in head:
        return False
    scheme, mark, _ = text.partition("://")
    return text.startswith("/dev/") or text.upper().startswith("COM") or (bool(mark) and scheme in SCHEMES)


def candidates(port: str) -> Iterator[Address]:
    """The addresses to try at a port, in order."""
    if port.startswith("socket://"):
        number = int(port.rpartition(":")[2]) if port.rpartition(":")[2].isdigit() else 0
        asked = [*filter(None, [NETWORK.get(number)]), *(protocol for protocol, _ in SERIAL)]
        for protocol in dict.fromkeys(asked):
            if protocol in PROTOCOLS:
                yield _at(port, protocol)
        return
    if port.startswith("file://"):
        yield _at(port, "escpos")
        return
    for protocol, baud in SERIAL:
        if protocol in PROTOCOLS:
            yield _at(port, protocol, f"baud={baud}")


def _at(port: str, protocol: str, *options: str) -> Address:
    every = [*options, *filter(None, [ASKING.get(protocol)])]
    return parse(f"{protocol}+{port}" + (f"?{'&'.join(every)}" if every else ""))


def ask_all(
    port: str, *, say: Callable[[str], None], only: Collection[str] = tuple(PROTOCOLS)
) -> tuple[Health, dict[str, Any]] | None:
    """The first protocol that is answered sensibly; None when none is. Raises PortGone when the port is not there."""
    for address in (one for one in candidates(port) if one.protocol in only):
        say(f"asking {address}")
        health, entry = examine(address, limit_s=ASK_S)
        if health.last_ok is not None and "garbage" not in health.faults:
            return health, entry
        if health.faults.keys() & {"gone", "no_permission", "busy_port"}:
            word = next(iter(health.faults.keys() & {"gone", "no_permission", "busy_port"}))
            raise PortGone(word, f"{port}: {word}")
    return None


def listen(port: str, *, say: Callable[[str], None], limit_s: float = LISTEN_S) -> Address | None:
    """What a device that cannot be asked is, by what it says when a person uses it. Raises PortGone."""
    bauds = LISTEN_BAUDS if "://" not in port or port.startswith(("usb://", "rfc2217://")) else (9600,)
    for baud in bauds:
        say(f"listening at {baud} baud: press a key of the pad, or scan a code, within {limit_s:.0f} s")
        heard = _hear(port, baud=baud, limit_s=limit_s)
        protocol = recognised(heard)
        if protocol is not None:
            return parse(f"{protocol}+{port}?baud={baud}")
    return None


def _hear(port: str, *, baud: int, limit_s: float) -> bytes:
    line = open_port(parse(f"scanner+{port}?baud={baud}"))
    heard, end = b"", time.monotonic() + limit_s
    try:
        while time.monotonic() < end and len(heard) < HEARD_ENOUGH and recognised(heard) is None:
            heard += line.read(0.1)
    finally:
        line.close()
    return heard


def recognised(heard: bytes) -> str | None:
    """The protocol a few bytes belong to; None when they could be anything."""
    if any(isinstance(item, pad68.Frame) for item in pad68.FrameParser().feed(heard)):
        return "pad68"
    codes = [item for item in LineParser().feed(heard) if isinstance(item, Code)]
    if codes and all(len(code.text) >= 4 and code.text.isprintable() for code in codes):
        return "scanner"
    return None
