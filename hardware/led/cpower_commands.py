"""What a C-Power card is told and asked: windows, texts, pictures, version, clock, brightness, switch.

Sans-I/O; source as in `cpower_codec.py`. Inside a payload numbers are big-endian, in a simple picture little-endian.
Only CC 07 and the files, which are not here, write into the card's flash.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hardware.led import gb2312
from hardware.led.cpower_codec import EXTERNAL, Frame, packet_data, packets

VERSION, CLOCK, BRIGHTNESS, SWITCH = 0x2E, 0x47, 0x46, 0x76
SPLIT, PICTURE, TEXT, EXIT, SAVE = 0x01, 0x03, 0x12, 0x06, 0x07
DRAW = 0
CENTRED = 0x01 | 0x01 << 2
FONTS = {8: 0, 12: 1, 16: 2, 24: 3, 32: 4, 40: 5, 48: 6, 56: 7}
"""Dots of a line -> font size code."""
BRIGHTNESS_TOP = 31
SIMPLE_PICTURE = 0x04
STAY_S = 0xFFFF

RED, GREEN, YELLOW = (255, 0, 0), (0, 255, 0), (255, 255, 0)
Colour = tuple[int, int, int]


def frames(payload: bytes, *, card: int, flag: int = 1) -> list[Frame]:
    """The 7B frames that carry a payload."""
    return [Frame(EXTERNAL, packet_data(packet), card=card, flag=flag) for packet in packets(payload)]


# -- windows ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the screen, dots."""

    x: int
    y: int
    width: int
    height: int


def split(windows: Sequence[Window]) -> bytes:
    """Divides the screen; windows are numbered from 0."""
    body = b"".join(_words(w.x, w.y, w.width, w.height) for w in windows)
    return bytes((SPLIT, len(windows))) + body


def read_split(payload: bytes) -> tuple[Window, ...] | None:
    """The card's side of `split`."""
    if payload[:1] != bytes((SPLIT,)) or len(payload) < 2 or len(payload) != 2 + 8 * payload[1]:
        return None
    return tuple(Window(*_read_words(payload[at : at + 8])) for at in range(2, len(payload), 8))


def _words(*values: int) -> bytes:
    return b"".join(value.to_bytes(2, "big") for value in values)


def _read_words(raw: bytes) -> tuple[int, ...]:
    return tuple(int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2))


# -- text -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """A text in one font and colour. That Chinese is GB2312 depends on the card's font (not tried on a card)."""

    raw: bytes
    window: int = 0
    effect: int = DRAW
    align: int = CENTRED
    speed: int = 1
    """1 to 100, small is fast."""
    stay_s: int = STAY_S
    font: int = 2
    """Bits 0-3 size, 4-6 style."""
    colour: Colour = RED

    def encode(self) -> bytes:
        """The payload."""
        head = bytes((TEXT, self.window, self.effect, self.align, self.speed)) + _words(self.stay_s)
        return head + bytes((self.font, *self.colour)) + self.raw + b"\x00"


def read_text(payload: bytes) -> Text | None:
    """The card's side of `Text`."""
    if payload[:1] != bytes((TEXT,)) or len(payload) < 12 or payload[-1] != 0:
        return None
    (stay_s,) = _read_words(payload[5:7])
    window, effect, align, speed = payload[1:5]
    red, green, blue = payload[8:11]
    return Text(payload[11:-1], window, effect, align, speed, stay_s, payload[7], (red, green, blue))


def text_bytes(text: str) -> bytes | None:
    """The bytes of a text; None when a character is not in the card's fonts: then a picture is sent."""
    raws = [gb2312.encoded(character) for character in text]
    return None if None in raws else b"".join(raw for raw in raws if raw is not None)


# -- pictures ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Picture:
    """Planes of dots, one bit a dot, rows padded to bytes, the leftmost dot the highest bit; None: no such plane."""

    width: int
    height: int
    red: bytes | None = None
    green: bytes | None = None
    blue: bytes | None = None
    window: int = 0
    x: int = 0
    y: int = 0
    speed: int = 1
    stay_s: int = STAY_S

    def encode(self) -> bytes:
        """The payload."""
        planes = (self.red, self.green, self.blue)
        there = sum(1 << bit for bit, plane in enumerate(planes) if plane is not None)
        head = bytes((PICTURE, self.window, 0, self.speed)) + _words(self.stay_s)
        head += bytes((SIMPLE_PICTURE,)) + _words(self.x, self.y)
        head += b"I1" + self.width.to_bytes(2, "little") + self.height.to_bytes(2, "little") + bytes((there, 0))
        return head + b"".join(plane for plane in planes if plane is not None)


def read_picture(payload: bytes) -> Picture | None:
    """The card's side of `Picture`: simple pictures of one bit a dot."""
    if payload[:1] != bytes((PICTURE,)) or len(payload) < 19 or payload[6] != SIMPLE_PICTURE or payload[11:13] != b"I1":
        return None
    width, height = int.from_bytes(payload[13:15], "little"), int.from_bytes(payload[15:17], "little")
    there, data, size = payload[17], payload[19:], (width + 7) // 8 * height
    planes: list[bytes | None] = []
    for bit in range(3):
        planes.append(data[:size] if there >> bit & 1 else None)
        data = data[size:] if there >> bit & 1 else data
    if there & 0xF8 or data or any(plane is not None and len(plane) != size for plane in planes):
        return None
    (stay_s,) = _read_words(payload[4:6])
    x, y = _read_words(payload[7:11])
    red, green, blue = planes
    shape = Picture(width, height, red=red, green=green, blue=blue, x=x, y=y)
    return replace(shape, window=payload[1], speed=payload[3], stay_s=stay_s)


LEAVE = bytes((EXIT,))
"""Back to the program stored in the card."""
KEEP = bytes((SAVE, 0, 0, 0))
"""The windows into flash: for a fitter, never for a call."""


# -- the card itself --------------------------------------------------------------------------------------------

ASK_VERSION = Frame(VERSION, b"\x01")
"""The document says 00, the library sends 01."""
ASK_CLOCK = Frame(CLOCK, b"\x01")
ASK_BRIGHTNESS = Frame(BRIGHTNESS, b"\x01")
ASK_SWITCH = Frame(SWITCH, b"\x01")


def switch(*, on: bool) -> Frame:
    """The screen on or off now; nine data bytes as in the printed frames, the table beside them says ten."""
    return Frame(SWITCH, bytes((0, int(on))) + bytes(7))


def set_clock(when: datetime) -> Frame:
    """The card's clock; its weeks begin with Sunday, 0."""
    return Frame(CLOCK, b"\x00" + clock_bytes(when))


def clock_bytes(when: datetime) -> bytes:
    """Second, minute, hour, weekday, day, month, year in this century."""
    weekday = when.isoweekday() % 7
    return bytes((when.second, when.minute, when.hour, weekday, when.day, when.month, when.year % 100))


def set_brightness(hours: bytes) -> Frame:
    """0 to 31 for each of the 24 hours; more lets the card's sensor decide."""
    if len(hours) != 24:
        raise ValueError(f"{len(hours)} hours, a day has 24")
    return Frame(BRIGHTNESS, b"\x00" + hours)


@dataclass(frozen=True, slots=True)
class Version:
    """What the card says it is."""

    card_type: int
    logic: str
    bios: str
    app: str


def read_version(data: bytes) -> Version | None:
    """The answer to ASK_VERSION."""
    if len(data) < 8:
        return None
    logic, bios, app = (f"{value >> 4}.{value & 15}" for value in (data[2], data[3], data[7]))
    return Version(data[1], logic, bios, app)


def read_clock(data: bytes) -> datetime | None:
    """The answer to ASK_CLOCK: the card's local time."""
    if len(data) < 8 or data[0] != 1:
        return None
    second, minute, hour, _, day, month, year = data[1:8]
    try:
        return datetime(2000 + year, month, day, hour, minute, second)  # noqa: DTZ001 - a bar has no zone
    except ValueError:
        return None


def read_brightness(data: bytes) -> bytes | None:
    """The answer to ASK_BRIGHTNESS: the 24 hours."""
    return data[1:25] if len(data) >= 25 and data[0] == 1 else None


def read_switch(data: bytes) -> bool | None:
    """The answer to ASK_SWITCH: whether the screen is on."""
    return data[1] == 1 if len(data) >= 2 and data[0] == 1 else None
