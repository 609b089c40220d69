"""Onbon BX-5K/6K font cards (`bxk`), byte by byte (docs/devices.md).

Sans-I/O. A frame is `A5 x 8 | escape(header 14 | data | CRC16) | 5A`; length and CRC are taken before escaping.
Source: the vendor's protocol document 1.4 (onbonlab, potocol.md), whose printed frames are in the vectors. A
call goes to RAM alone: files wear the card's flash, and formatting, which is not here, deletes its fonts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from hardware.checksums import crc16_arc
from hardware.led.stream import Delimited
from hardware.led.stream import Junk as Junk

_HEAD, _TAIL = b"\xa5", b"\x5a"
HEADS_SENT = 8
HOST = 0x8000
DEFAULT_CARD = 0x0001
BROADCAST_SILENT = 0xFFFF
BROADCAST_ANSWERED = 0xFFFE
ANY_DEVICE = 0xFE
VERSION = 0x02
HEADER_BYTES = 14
DATA_BYTES_MAX = 1023
"""The card's receive buffer is 1024 bytes; a packet's data stays below."""
RAW_BYTES_MAX = 2 * (HEADER_BYTES + DATA_BYTES_MAX + 2)

_BAD_ESCAPE = re.compile(rb"[\xa6\x5b](?![\x01\x02])")

NACK_WORDS = {
    1: "group",
    2: "command",
    3: "busy",
    4: "memory",
    5: "checksum",
    6: "no_such_file",
    7: "flash",
    8: "download",
    9: "file_name",
    10: "file_type",
    11: "file_crc",
    12: "no_font",
    13: "firmware_type",
    14: "time_format",
    15: "file_exists",
    16: "block_number",
}


# -- frames -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Frame:
    """A packet to or from a card. `data` is group, command, answer flag or error, and what belongs to it."""

    data: bytes
    dst: int = DEFAULT_CARD
    src: int = HOST
    device_type: int = ANY_DEVICE
    display_mode: int = 0
    reserved: bytes = b"\x00\x00\x00"
    """Three reserved bytes; the vendor's start-up frames carry FF in the first."""
    option: int = 0
    check_mode: int = 0
    version: int = VERSION

    def encode(self, *, heads: int = HEADS_SENT) -> bytes:
        """The bytes on the wire."""
        if len(self.data) > DATA_BYTES_MAX:
            raise ValueError(f"{len(self.data)} bytes do not fit a packet of {DATA_BYTES_MAX}")
        header = self.dst.to_bytes(2, "little") + self.src.to_bytes(2, "little") + self.reserved
        header += bytes((self.option, self.check_mode, self.display_mode, self.device_type, self.version))
        body = header + len(self.data).to_bytes(2, "little") + self.data
        body += crc16_arc(body).to_bytes(2, "little")
        return _HEAD * heads + escape(body) + _TAIL


def escape(body: bytes) -> bytes:
    """A5 A6 5A 5B become two bytes each."""
    body = body.replace(b"\xa6", b"\xa6\x01").replace(b"\xa5", b"\xa6\x02")
    return body.replace(b"\x5b", b"\x5b\x01").replace(b"\x5a", b"\x5b\x02")


def unescape(raw: bytes) -> bytes | None:
    """The body of a frame; None when an escape is wrong."""
    if b"\xa6" not in raw and b"\x5b" not in raw:
        return raw
    if _BAD_ESCAPE.search(raw):
        return None
    raw = raw.replace(b"\xa6\x02", b"\xa5").replace(b"\x5b\x02", b"\x5a")
    return raw.replace(b"\xa6\x01", b"\xa6").replace(b"\x5b\x01", b"\x5b")


class FrameParser(Delimited[Frame]):
    """Finds frames in a stream; starts afresh at every raw A5, so that any run of them is one head."""

    def __init__(self) -> None:
        super().__init__(head=_HEAD, tail=_TAIL, bytes_max=RAW_BYTES_MAX, read=_frame)


def _frame(raw: bytes) -> Frame | None:
    body = unescape(raw)
    if body is None or len(body) < HEADER_BYTES + 2:
        return None
    size = int.from_bytes(body[12:14], "little")
    checked, crc = body[:-2], int.from_bytes(body[-2:], "little")
    if size != len(checked) - HEADER_BYTES or crc != crc16_arc(checked):
        return None
    return Frame(
        dst=int.from_bytes(body[0:2], "little"),
        src=int.from_bytes(body[2:4], "little"),
        reserved=body[4:7],
        option=body[7],
        check_mode=body[8],
        display_mode=body[9],
        device_type=body[10],
        version=body[11],
        data=checked[HEADER_BYTES:],
    )


# -- requests ---------------------------------------------------------------------------------------------------

PING = b"\xa2\x00\x01\x00\x00"
STATUS = b"\xa1\x02\x01\x00\x00"
PARAMETERS = b"\xa2\x0a\x01\x00\x00"
FONTS = b"\xa2\x09\x01\x00\x00"
CLEAR = b"\xa3\x10\x01\x00\x00"


def power(*, on: bool) -> bytes:
    """Screen on or off."""
    return b"\xa3\x00\x01\x00\x00" + (b"\x01" if on else b"\x02")


def brightness(level: int) -> bytes:
    """Forced brightness, 0 to 15."""
    if not 0 <= level <= 15:
        raise ValueError(f"brightness {level} is not 0 to 15")
    return b"\xa3\x02\x01\x00\x00\x01" + bytes((level,))


def set_time(when: datetime) -> bytes:
    """The card's clock. The reserved bytes hold 08 00 in the vendor's frame, and the year is BCD, low byte first."""
    century, year = divmod(when.year, 100)
    parts = (year, century, when.month, when.day, when.hour, when.minute, when.second, when.isoweekday())
    return b"\xa2\x03\x01\x08\x00" + bytes(map(_bcd, parts))


def _bcd(value: int) -> int:
    return value // 10 << 4 | value % 10


def file_open(name: bytes, *, size: int) -> bytes:
    """Begins to write a file, an old one of that name is overwritten. Wears the flash: never for a call."""
    return b"\xa1\x05\x01\x00\x00\x01" + name + size.to_bytes(4, "little")


def file_write(name: bytes, content: bytes) -> bytes:
    """The whole of a file in one packet."""
    size = len(content).to_bytes(2, "little")
    return b"\xa1\x06\x01\x00\x00" + name + b"\x01\x00\x00" + size + bytes(4) + content


# -- answers ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ack:
    """Error 0: done."""

    error: int = 0

    @property
    def word(self) -> str:
        """The vendor's word for the error."""
        return NACK_WORDS.get(self.error, "ok" if self.error == 0 else f"error_{self.error}")


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the card says about its screen."""

    address: int
    device_type: int
    width: int
    height: int
    colours: int


@dataclass(frozen=True, slots=True)
class CardStatus:
    """The beginning of the status answer; what follows differs by model."""

    on: bool
    brightness: int
    time: bytes
    """BCD; the weekday stands before the hour here, unlike in `set_time`."""

    @property
    def clock(self) -> datetime | None:
        """The card's local time; None when the digits are none."""
        digits = self.time.hex()
        if len(digits) != 16 or not digits.isdecimal():
            return None
        year, century, month, day, _, hour, minute, second = (int(digits[at : at + 2]) for at in range(0, 16, 2))
        try:
            return datetime(century * 100 + year, month, day, hour, minute, second)  # noqa: DTZ001 - a bar has no zone
        except ValueError:
            return None


def clock_bytes(when: datetime) -> bytes:
    """The card's clock as its status tells it."""
    century, year = divmod(when.year, 100)
    parts = (year, century, when.month, when.day, when.isoweekday(), when.hour, when.minute, when.second)
    return bytes(map(_bcd, parts))


@dataclass(frozen=True, slots=True)
class Font:
    """A typeface in the card."""

    chinese: bool
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Fonts:
    """Every typeface in the card."""

    fonts: tuple[Font, ...]

    def heights(self, *, chinese: bool) -> frozenset[int]:
        """The heights there are, dots."""
        return frozenset(font.height for font in self.fonts if font.chinese == chinese)


@dataclass(frozen=True, slots=True)
class Other:
    """A valid frame whose data is not an answer known here."""

    data: bytes


Reply = Ack | Parameters | CardStatus | Fonts | Other


def read_reply(data: bytes) -> Reply:
    """The meaning of a frame from a card."""
    if len(data) >= 3 and data[0] == 0xA0 and data[1] in (0, 1):
        return Ack(data[2])
    body = data[5:]
    if data[:2] == PARAMETERS[:2] and len(body) >= 9:
        width, height = (int.from_bytes(body[at : at + 2], "little") for at in (4, 6))
        return Parameters(int.from_bytes(body[0:2], "little"), body[2], width, height, body[8])
    if data[:2] == STATUS[:2] and len(body) >= 10:
        return CardStatus(on=body[0] == 1, brightness=body[1], time=body[2:10])
    if data[:2] == FONTS[:2] and (fonts := _fonts(data[3:])) is not None:
        return fonts
    return Other(data)


def _fonts(rest: bytes) -> Fonts | None:
    """The vendor's table prints no reserved bytes in this answer: read with and without them."""
    for body in (rest[2:] if rest[:2] == b"\x00\x00" else b"", rest):
        if body and len(body) == 1 + 3 * body[0]:
            triples = (body[at : at + 3] for at in range(1, len(body), 3))
            return Fonts(tuple(Font(triple[0] == 1, triple[1], triple[2]) for triple in triples))
    return None


def fonts_answer(fonts: Fonts) -> bytes:
    """A card's answer to FONTS."""
    triples = b"".join(bytes((int(font.chinese), font.width, font.height)) for font in fonts.fonts)
    return FONTS[:2] + b"\x00\x00\x00" + bytes((len(fonts.fonts),)) + triples


def ack(error: int = 0) -> bytes:
    """A card's ACK (error 0) or NACK."""
    return bytes((0xA0, 0x01 if error else 0x00, error, 0x00, 0x00))
