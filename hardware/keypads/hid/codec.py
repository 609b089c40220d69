"""Linux input events, byte by byte. Sans-I/O.

    struct input_event { time: two longs, type: u16, code: u16, value: s32 }      24 bytes on 64-bit systems, 16 on 32

Source: linux/input.h and linux/input-event-codes.h. The kernel hands over whole events; a socket may cut them, so the
parser keeps an unfinished one and steps over what can be no event.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

EV_SYN, EV_KEY, EV_MSC = 0, 1, 4
SYN_REPORT, SYN_DROPPED = 0, 3
UP, DOWN, HELD = 0, 1, 2
EV_MAX, KEY_MAX = 0x1F, 0x2FF
JUNK_BYTES_MAX = 4096

WIRE = struct.Struct("<qqHHi")
"""The layout simulators speak, and every 64-bit little-endian machine."""
NATIVE = struct.Struct("@llHHi")
"""The layout of this machine's kernel."""

TOP_ROW = MappingProxyType({code: code - 1 for code in range(2, 11)} | {11: 0})
"""KEY_1 … KEY_9, KEY_0 -> digit."""
KEYPAD = MappingProxyType({79: 1, 80: 2, 81: 3, 75: 4, 76: 5, 77: 6, 71: 7, 72: 8, 73: 9, 82: 0})
"""KEY_KP1 … KEY_KP9, KEY_KP0 -> digit."""
DIGITS: Mapping[int, int] = MappingProxyType({**TOP_ROW, **KEYPAD})
CODES: Mapping[int, int] = MappingProxyType({digit: code for code, digit in TOP_ROW.items()})


@dataclass(frozen=True, slots=True)
class KeyEvent:
    """A key of the keyboard: `value` is UP, DOWN or HELD (the kernel's repeat)."""

    code: int
    value: int


@dataclass(frozen=True, slots=True)
class Dropped:
    """The kernel's buffer ran over: keys may have been missed, and which are down is not known."""


@dataclass(frozen=True, slots=True)
class Junk:
    """Bytes that can be no event."""

    raw: bytes


class EventParser:
    """Input events out of bytes; everything but keys is left out."""

    def __init__(self, layout: struct.Struct = WIRE) -> None:
        self._layout = layout
        self._rest = b""
        self._junk = bytearray()

    def feed(self, data: bytes) -> list[KeyEvent | Dropped | Junk]:
        """Takes bytes; gives keys and, before each, the junk that stood in front of it."""
        stream = self._rest + data
        found: list[KeyEvent | Dropped | Junk] = []
        at, size, unpack = 0, self._layout.size, self._layout.unpack_from
        end = len(stream) - size
        while at <= end:
            seconds, micros, kind, code, value = unpack(stream, at)
            if not (0 <= micros < 1_000_000 and kind <= EV_MAX and seconds >= 0) or (
                kind == EV_KEY and not (0 <= value <= HELD and code <= KEY_MAX)
            ):
                self._junk.append(stream[at])
                at += 1
                continue
            at += size
            if self._junk:
                self._tell(found)
            if kind == EV_KEY:
                found.append(KeyEvent(code, value))
            elif kind == EV_SYN and code == SYN_DROPPED:
                found.append(Dropped())
        self._rest = stream[at:]
        if len(self._junk) > JUNK_BYTES_MAX:
            self._tell(found)
        return found

    def flush(self) -> list[KeyEvent | Dropped | Junk]:
        """Nothing more comes of what is unfinished."""
        found: list[KeyEvent | Dropped | Junk] = []
        self._junk += self._rest
        self._rest = b""
        self._tell(found)
        return found

    def _tell(self, found: list[KeyEvent | Dropped | Junk]) -> None:
        if self._junk:
            found.append(Junk(bytes(self._junk)))
            self._junk.clear()


def event(code: int, value: int, *, kind: int = EV_KEY, at_us: int = 0, layout: struct.Struct = WIRE) -> bytes:
    """One event as the kernel writes it."""
    return layout.pack(at_us // 1_000_000, at_us % 1_000_000, kind, code, value)


def stroke(code: int, *, at_us: int = 0, layout: struct.Struct = WIRE) -> bytes:
    """A key pressed and let go, each with its report."""
    report = event(SYN_REPORT, 0, kind=EV_SYN, at_us=at_us, layout=layout)
    return event(code, DOWN, at_us=at_us, layout=layout) + report + event(code, UP, at_us=at_us, layout=layout) + report
