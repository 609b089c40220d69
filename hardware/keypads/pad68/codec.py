"""The `pad68` frame, byte by byte (docs/devices-pads.md). Sans-I/O.

    FF 68 | L | L | 68 | ADDR | FUNC | DATA… | CK | 16       L = bytes of ADDR + FUNC + DATA, CK = their sum mod 256

Source: JackQChen/QueueSystem @50f57ba (MIT), CallSystem/CallSystem/frmMain.cs. That program checks no CK; this one
does. No byte between the second 68 and CK is ever FF, so a head inside a body is the beginning of another frame: that
makes the reading independent of where the stream is cut.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

HEAD: Final = b"\xff\x68"
MARK: Final = 0x68
TAIL: Final = 0x16
LENGTHS: Final = range(2, 9)
"""Values of L: pads send 3 to 5, the host 2, 3 and 8."""
OVERHEAD: Final = 7
FRAME_BYTES_MAX: Final = LENGTHS[-1] + OVERHEAD
FRAMES_KNOWN_MAX: Final = 4096
JUNK_BYTES_MAX: Final = 4096
"""Junk is told in pieces of about so much: a noisy line fills no memory."""
ADDRESSES: Final = range(1, 0xFF)

HOST_ACK, SHOW, BEEP, RATED = 0x01, 0x02, 0x03, 0x11
"""FUNC bytes. Which FUNC a real pad's keys have is not known; any but RATED is a key frame."""
PAD_KEYS: Final = 0x01
"""The FUNC our simulated pad uses for its keys, as the vectors do."""

KEYS: Final = {
    0x0B: "rate",
    0x0C: "call",
    0x0D: "recall",
    0x0E: "cancel",
    0x0F: "confirm",
    0x11: "one_metre",
    0x12: "pause",
    0x13: "transfer",
}
"""The last DATA byte of a key frame; digits 0 to 9 may stand before it."""
CONFIRMED: Final = {"6": "no_show", "0": "hold", "3": "return"}
"""What a digit and the confirm key mean."""
LEVELS: Final = {3: 5, 2: 4, 0: 2}
"""Rating value on the wire -> level. Value 1 has no known label until a fitter names it."""

ALONE: Final = 0x0A
"""A display place left as it is."""
PLACES: Final = 3
WAITING_MAX: Final = 999

_BODY = "|".join(f"{chr(n)}{chr(n)}h[^\xff]{{{n}}}" for n in LENGTHS)
_FRAME = re.compile(f"\xffh(?:{_BODY}).\x16".encode("latin-1"), re.DOTALL)


class Frame(NamedTuple):
    """One frame, its data not yet read."""

    addr: int
    func: int
    data: bytes = b""

    def encode(self) -> bytes:
        """The bytes on the wire. ValueError for what no frame can carry."""
        body = bytes((self.addr, self.func)) + self.data
        if len(body) not in LENGTHS or 0xFF in body:
            raise ValueError(f"{body.hex(' ')}: not the inside of a pad68 frame")
        size = len(body)
        return HEAD + bytes((size, size, MARK)) + body + bytes((sum(body) & 0xFF, TAIL))


@dataclass(frozen=True, slots=True)
class Junk:
    """Bytes that belong to no frame, or a frame whose sum is wrong."""

    raw: bytes


@dataclass(slots=True)
class FrameParser:
    """Finds frames in a stream; keeps at most one unfinished frame."""

    _rest: bytes = b""
    _dropped: bytearray = field(default_factory=bytearray)
    _known: dict[bytes, Frame] = field(default_factory=dict)

    def feed(self, data: bytes) -> list[Frame | Junk]:
        """Takes bytes, gives frames and, before each, the junk that stood in front of it."""
        stream = self._rest + data
        found: list[Frame | Junk] = []
        at = junk = 0
        known = self._known
        again = True
        while again:
            again = False
            for match in _FRAME.finditer(stream, at):
                raw = match.group()
                frame = known.get(raw) or self._sound(raw)
                start = match.start()
                if frame is None:
                    at, again = start + 1, True
                    break
                if start > junk or self._dropped:
                    self._dropped += stream[junk:start]
                    self._tell_dropped(found)
                found.append(frame)
                at = junk = match.end()
        keep = _unfinished(stream, at)
        self._dropped += stream[junk:keep]
        self._rest = stream[keep:]
        if not self._rest or len(self._dropped) > JUNK_BYTES_MAX:
            self._tell_dropped(found)
        return found

    def _sound(self, raw: bytes) -> Frame | None:
        """The frame if its sum is right, and kept: a line says the same few things over and over."""
        if sum(raw[5:-2]) & 0xFF != raw[-2]:
            return None
        frame = Frame(raw[5], raw[6], raw[7:-2])
        if len(self._known) < FRAMES_KNOWN_MAX:
            self._known[raw] = frame
        return frame

    def flush(self) -> list[Frame | Junk]:
        """Silence on the line: what looked like the beginning of a frame was none."""
        found: list[Frame | Junk] = []
        self._dropped += self._rest
        self._rest = b""
        self._tell_dropped(found)
        return found

    def _tell_dropped(self, found: list[Frame | Junk]) -> None:
        if self._dropped:
            found.append(Junk(bytes(self._dropped)))
            self._dropped.clear()


def _unfinished(stream: bytes, at: int) -> int:
    """Where the beginning of a frame stands whose end has not come yet; the end of the stream if nowhere."""
    start = stream.find(0xFF, max(at, len(stream) - FRAME_BYTES_MAX + 1))
    while start >= 0:
        if _may_become_a_frame(stream[start:]):
            return start
        start = stream.find(0xFF, start + 1)
    return len(stream)


def _may_become_a_frame(tail: bytes) -> bool:
    if tail[:2] != HEAD[: len(tail)]:
        return False
    if len(tail) < 3:
        return True
    size = tail[2]
    if size not in LENGTHS or len(tail) >= size + OVERHEAD or tail[2:5] != bytes((size, size, MARK))[: len(tail) - 2]:
        return False
    return 0xFF not in tail[5 : 5 + size]


# -- what pads say ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeyPress:
    """A key of a call pad: a word of `KEYS`, or of `CONFIRMED` for a digit and confirm; `digits` stood before it."""

    addr: int
    key: str
    digits: str = ""


@dataclass(frozen=True, slots=True)
class RatingPress:
    """A rating key: its value on the wire, which is no level."""

    addr: int
    value: int


@dataclass(frozen=True, slots=True)
class Unread:
    """A sound frame that says nothing known."""

    frame: Frame


def read(frame: Frame) -> KeyPress | RatingPress | Unread:
    """What a pad said."""
    if frame.addr not in ADDRESSES or not 1 <= len(frame.data) <= PLACES:
        return Unread(frame)
    if frame.func == RATED:
        return RatingPress(frame.addr, frame.data[0]) if len(frame.data) == 1 and frame.data[0] <= 3 else Unread(frame)
    if frame.data[-1] not in KEYS or any(byte > 9 for byte in frame.data[:-1]):
        return Unread(frame)
    key, digits = KEYS[frame.data[-1]], "".join(str(byte) for byte in frame.data[:-1])
    if key == "confirm":
        return KeyPress(frame.addr, CONFIRMED.get(digits, key), digits if digits not in CONFIRMED else "")
    return KeyPress(frame.addr, key, digits)


def key_frame(addr: int, key: str, *, digits: str = "", func: int = PAD_KEYS) -> Frame:
    """The frame of a key, as a pad sends it. KeyError for a key no pad has."""
    for digit, word in CONFIRMED.items():
        if word == key:
            return Frame(addr, func, bytes((int(digit), 0x0F)))
    code = {word: code for code, word in KEYS.items()}[key]
    return Frame(addr, func, bytes(int(digit) for digit in digits) + bytes((code,)))


def rating_frame(addr: int, value: int) -> Frame:
    """The frame of a rating key."""
    return Frame(addr, RATED, bytes((value,)))


def answer_to(frame: Frame) -> Frame:
    """What the host answers at once: the same frame; to a rater FUNC 01 with the same data."""
    return Frame(frame.addr, HOST_ACK, frame.data) if frame.func == RATED else frame


# -- what the host says -----------------------------------------------------------------------------------------


def show_number(addr: int, number: str | None) -> Frame:
    """The last three digits of a ticket's number (`A041` -> 041; None -> 000)."""
    digits = "".join(letter for letter in number or "" if letter in "0123456789")[-PLACES:].rjust(PLACES, "0")
    return Frame(addr, SHOW, bytes((ALONE,) * PLACES) + bytes(map(int, digits)))


def show_waiting(addr: int, waiting: int) -> Frame:
    """How many wait; more than 999 are shown as 999."""
    digits = f"{min(max(waiting, 0), WAITING_MAX):03}"
    return Frame(addr, SHOW, bytes(map(int, digits)) + bytes((ALONE,) * PLACES))


def nothing_new(addr: int) -> Frame:
    """A show frame that leaves every place as it is: asks a pad that answers whether it is there."""
    return Frame(addr, SHOW, bytes((ALONE,) * 2 * PLACES))


def show_stars(addr: int, stars: int) -> Frame:
    """The stars of the clerk on a rater, 0 to 5."""
    return Frame(addr, SHOW, bytes((min(max(stars, 0), 5),)))


def beep(addr: int) -> Frame:
    """One beep."""
    return Frame(addr, BEEP)


def open_rating(addr: int) -> Frame:
    """Opens a rating on a rater; the same bytes answer a pad's rating key."""
    return Frame(addr, HOST_ACK, b"\x0b")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a show frame puts on a pad: digits by place, None where nothing changes; or stars on a rater."""

    waiting: tuple[int | None, ...] = (None,) * PLACES
    number: tuple[int | None, ...] = (None,) * PLACES
    stars: int | None = None


def read_show(frame: Frame) -> Shown | None:
    """What the host put on a pad; None for any other frame."""
    if frame.func != SHOW:
        return None
    if len(frame.data) == 1 and frame.data[0] <= 5:
        return Shown(stars=frame.data[0])
    if len(frame.data) != 2 * PLACES or any(byte > ALONE for byte in frame.data):
        return None
    places = tuple(None if byte == ALONE else byte for byte in frame.data)
    return Shown(waiting=places[:PLACES], number=places[PLACES:])
