"""Texts of BX-K cards (`bxk`): dynamic areas in RAM, their text with its escapes, and the one stored page.

Sans-I/O; source as in `bxk_codec.py`. A stored page wears the card's flash (about 100,000 writes, says the vendor): it
is written when a fitter asks for it, never for a call.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hardware.checksums import crc16_arc
from hardware.led import gb2312


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
        raw = None if character == "\\" else gb2312.encoded(character)
        if raw is None:
            replaced.add(character)
        out += raw or REPLACEMENT.encode()
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
    return StyledText(gb2312.decoded(bytes(out)), line_dots, colour)


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


# -- the stored page --------------------------------------------------------------------------------------------

STORED_NAME = b"P000"
_IN_FILE = 0xFF
"""The area number of a text in a program file."""
_FILE_HEAD = b"\xff\x00\x00\x01" + b"\xff" * 8 + b"\x01\x00\x00"
"""As in the vendor's printed examples: plays always, on every day, without limit."""


def program_file(areas: Sequence[DynamicArea], *, name: bytes = STORED_NAME) -> bytes:
    """A program the card plays by itself whenever no dynamic area is there.

    An area's length counts itself in two of the vendor's three printed examples (not in the third): so it does here.
    """
    records = [replace(area, id=_IN_FILE).encode() for area in areas]
    body = b"".join((len(record) + 4).to_bytes(4, "little") + record for record in records)
    body = _FILE_HEAD + bytes((len(records),)) + body
    size = 1 + len(name) + 4 + len(body) + 2
    content = b"\x00" + name + size.to_bytes(4, "little") + body
    return content + crc16_arc(content).to_bytes(2, "little")


def read_program_file(content: bytes) -> tuple[DynamicArea, ...] | None:
    """The areas of a program; None when its length, checksum or an area is wrong."""
    if len(content) < 27 or int.from_bytes(content[5:9], "little") != len(content):
        return None
    if crc16_arc(content[:-2]) != int.from_bytes(content[-2:], "little"):
        return None
    return _areas_of(content, own_length=4) or _areas_of(content, own_length=0)


def _areas_of(content: bytes, *, own_length: int) -> tuple[DynamicArea, ...] | None:
    at, areas = 25, []
    for _ in range(content[24]):
        size = int.from_bytes(content[at : at + 4], "little") - own_length
        area = _read_area(content[at + 4 : at + 4 + size]) if size > 0 else None
        if area is None:
            return None
        areas.append(area)
        at += 4 + size
    return tuple(areas) if at == len(content) - 2 else None
