"""Onbon BX-5K/6K font cards (`bxk`), byte by byte (docs/devices.md).

Sans-I/O. A frame is `A5 x 8 | escape(header 14 | data | CRC16) | 5A`; length and CRC are taken before escaping.
Source: the vendor's protocol document 1.4 (onbonlab, potocol.md), whose printed frames are in the vectors. Only
commands for RAM are here: files wear the card's flash, formatting deletes its fonts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hardware.checksums import crc16_arc

HEAD, TAIL = 0xA5, 0x5A
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

_ESCAPES = {0xA5: b"\xa6\x02", 0xA6: b"\xa6\x01", 0x5A: b"\x5b\x02", 0x5B: b"\x5b\x01"}
_UNESCAPES = {pair: bytes((byte,)) for byte, pair in _ESCAPES.items()}

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
        return bytes((HEAD,)) * heads + escape(body) + bytes((TAIL,))


@dataclass(frozen=True, slots=True)
class Junk:
    """Bytes that are no valid frame."""

    raw: bytes


def escape(body: bytes) -> bytes:
    """A5 A6 5A 5B become two bytes each."""
    return b"".join(_ESCAPES.get(byte) or bytes((byte,)) for byte in body)


def unescape(raw: bytes) -> bytes | None:
    """The body of a frame; None when an escape is wrong."""
    body, at = bytearray(), 0
    while at < len(raw):
        if raw[at] not in (0xA6, 0x5B):
            body.append(raw[at])
            at += 1
            continue
        plain = _UNESCAPES.get(raw[at : at + 2])
        if plain is None:
            return None
        body += plain
        at += 2
    return bytes(body)


@dataclass(slots=True)
class FrameParser:
    """Finds frames in a stream; bounded, never raises, starts afresh at every raw A5."""

    _raw: bytearray = field(default_factory=bytearray)
    _inside: bool = False

    def feed(self, data: bytes) -> list[Frame | Junk]:
        """Takes bytes, gives frames and junk in order."""
        found: list[Frame | Junk] = []
        for byte in data:
            if byte == HEAD:
                self._give_up(found)
                self._inside = True
            elif byte == TAIL and self._inside:
                found.append(_frame(bytes(self._raw)))
                self._raw.clear()
                self._inside = False
            else:
                self._raw.append(byte)
                if len(self._raw) > RAW_BYTES_MAX:
                    self._give_up(found)
                    self._inside = False
        if not self._inside:
            self._give_up(found)
        return found

    def flush(self) -> list[Frame | Junk]:
        """The line has been quiet: an unfinished frame will not be finished."""
        found: list[Frame | Junk] = []
        self._give_up(found)
        self._inside = False
        return found

    def _give_up(self, found: list[Frame | Junk]) -> None:
        if self._raw:
            found.append(Junk(bytes(self._raw)))
            self._raw.clear()


def _frame(raw: bytes) -> Frame | Junk:
    body = unescape(raw)
    if body is None or len(body) < HEADER_BYTES + 2:
        return Junk(raw)
    size = int.from_bytes(body[12:14], "little")
    checked, crc = body[:-2], int.from_bytes(body[-2:], "little")
    if size != len(checked) - HEADER_BYTES or crc != crc16_arc(checked):
        return Junk(raw)
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
    return b"\xa2\x03\x01\x08\x00" + bytes(part // 10 << 4 | part % 10 for part in parts)


@dataclass(frozen=True, slots=True)
class DynamicArea:
    """A text area in the card's RAM. `x` and `width` are pixels."""

    text: bytes
    width: int
    height: int
    x: int = 0
    y: int = 0
    id: int = 0
    line_gap: int = 0
    run: int = 0
    """0 loop, 1 stop on the last page, 2 loop and delete when nothing new came for `timeout_s`."""
    timeout_s: int = 10
    align: int = 0
    """Bits 0-1 left, right, centre; bits 2-3 top, bottom, middle."""
    lines: int = 2
    """1 single, 2 multi."""
    wrap: int = 1
    mode: int = 1
    """1 still, 2 at once, 3 left, 4 right, 5 up, 6 down."""
    speed: int = 2
    stay: int = 10
    """Half seconds."""

    def encode(self) -> bytes:
        """The area's record without its length."""
        head = b"\x00" + _pixels(self.x) + self.y.to_bytes(2, "little") + _pixels(self.width)
        head += self.height.to_bytes(2, "little") + bytes((self.id, self.line_gap, self.run))
        head += self.timeout_s.to_bytes(2, "little") + b"\x00\x00"
        head += bytes((self.align, self.lines, self.wrap, self.mode, 0, self.speed, self.stay))
        return head + len(self.text).to_bytes(4, "little") + self.text


CENTRED = 0x02 | 0x02 << 2
ALL_AREAS = None


def _pixels(value: int) -> bytes:
    """x and width in pixels: the top bit says so; without it the unit is eight pixels."""
    return (value | 0x8000).to_bytes(2, "little")


def dynamic_areas(areas: Sequence[DynamicArea], *, delete: Iterable[int] | None = ()) -> bytes:
    """Replaces areas of the same id; `delete` names areas to take away first, None all of them."""
    if delete is None:
        gone = b"\xff"
    else:
        ids = bytes(delete)
        gone = bytes((len(ids),)) + ids
    records = [area.encode() for area in areas]
    body = b"".join(len(record).to_bytes(2, "little") + record for record in records)
    return b"\xa3\x06\x01\x00\x00" + gone + bytes((len(records),)) + body


# -- text -------------------------------------------------------------------------------------------------------

FONT_16 = b"\\FO000\\FE000"
FONT_24 = b"\\FO001\\FE001"
FONT_32 = b"\\FO002\\FE002"
REPLACEMENT = "*"


def text_bytes(text: str, *, line_dots: int = 16, colour: int = 1) -> tuple[bytes, set[str]]:
    """GB2312 with fonts and colour in front, and the characters that had to be replaced by `*`.

    A backslash would begin an escape; the bar has no other way to show one, so it counts as replaced.
    """
    font = {16: FONT_16, 24: FONT_24}.get(line_dots, FONT_32)
    replaced: set[str] = set()
    out = bytearray(font + b"\\C%d" % colour)
    for character in text:
        try:
            encoded = character.encode("gb2312") if character not in "\\\r\n" else b""
        except UnicodeEncodeError:
            encoded = b""
        if not encoded:
            replaced.add(character)
        out += encoded or REPLACEMENT.encode()
    return bytes(out), replaced


@dataclass(frozen=True, slots=True)
class StyledText:
    """A card's text taken apart again: characters, height of its lines, colour number."""

    text: str
    line_dots: int
    colour: int


def read_text(raw: bytes) -> StyledText:
    """What a card makes of an area's text; used by the simulated bar."""
    out, line_dots, colour, at = bytearray(), 16, 1, 0
    while at < len(raw):
        if raw[at] >= 0x80:
            out += raw[at : at + 2]
            at += 2
        elif raw[at] != 0x5C:
            out.append(raw[at])
            at += 1
        elif raw[at + 1 : at + 2] == b"F":
            line_dots = {b"0": 16, b"1": 24, b"2": 32}.get(raw[at + 5 : at + 6], 16)
            at += 6
        elif raw[at + 1 : at + 2] == b"C":
            colour = raw[at + 2] - 0x30 if len(raw) > at + 2 else colour
            at += 3
        elif raw[at + 1 : at + 2] == b"n":
            out += b"\n"
            at += 2
        else:
            at += 3
    return StyledText(out.decode("gb2312", "replace"), line_dots, colour)


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


@dataclass(frozen=True, slots=True)
class Other:
    """A valid frame whose data is not an answer known here."""

    data: bytes


Reply = Ack | Parameters | CardStatus | Other


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
    return Other(data)


def ack(error: int = 0) -> bytes:
    """A card's ACK (error 0) or NACK."""
    return bytes((0xA0, 0x01 if error else 0x00, error, 0x00, 0x00))


@dataclass(frozen=True, slots=True)
class AreaCommand:
    """A dynamic-area command taken apart; `delete` None means all."""

    delete: tuple[int, ...] | None
    areas: tuple[DynamicArea, ...]


def read_dynamic_areas(data: bytes) -> AreaCommand | None:
    """The card's side of `dynamic_areas`; None when lengths do not add up."""
    if data[:2] != b"\xa3\x06" or len(data) < 7:
        return None
    at = 6 if data[5] == 0xFF else 6 + data[5]
    if len(data) <= at:
        return None
    delete = None if data[5] == 0xFF else tuple(data[6:at])
    count, at, areas = data[at], at + 1, []
    for _ in range(count):
        size = int.from_bytes(data[at : at + 2], "little")
        area = _read_area(data[at + 2 : at + 2 + size])
        if area is None or len(data) < at + 2 + size:
            return None
        areas.append(area)
        at += 2 + size
    return AreaCommand(delete, tuple(areas)) if at == len(data) else None


def _read_area(raw: bytes) -> DynamicArea | None:
    """Areas with sound or extension bytes are not used here and not read."""
    if len(raw) < 27 or raw[14] != 0 or raw[15] != 0:
        return None
    size = int.from_bytes(raw[23:27], "little")
    if len(raw) != 27 + size:
        return None
    x, y, width, height = (int.from_bytes(raw[at : at + 2], "little") for at in (1, 3, 5, 7))
    return DynamicArea(
        text=raw[27:],
        x=_from_pixels(x),
        y=y,
        width=_from_pixels(width),
        height=height,
        id=raw[9],
        line_gap=raw[10],
        run=raw[11],
        timeout_s=int.from_bytes(raw[12:14], "little"),
        align=raw[16],
        lines=raw[17],
        wrap=raw[18],
        mode=raw[19],
        speed=raw[21],
        stay=raw[22],
    )


def _from_pixels(value: int) -> int:
    return value & 0x7FFF if value & 0x8000 else value * 8
