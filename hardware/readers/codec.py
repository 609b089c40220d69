"""SAM_V, the module in every reader of second-generation identity cards, byte by byte (docs/devices-readers.md).

    to the reader:   AA AA AA 96 69 | LEN u16 BE | CMD PARA [data]     | XOR
    from the reader: AA AA AA 96 69 | LEN u16 BE | SW1 SW2 SW3 | data  | XOR

LEN counts from CMD or SW1 to XOR inclusive; XOR is over LEN … the last byte of data. Sans-I/O. Source: frames on which
eight independent public drivers agree, recomputed. What cannot be read is told as a number of bytes only, because it
may be half of somebody's card.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from operator import xor
from typing import Final, NamedTuple

HEAD: Final = b"\xaa\xaa\xaa\x96\x69"
AROUND: Final = len(HEAD) + 2
"""Bytes of a frame that LEN does not count."""
LEN_MIN: Final = 3
LEN_MAX: Final = 0x0A00
"""The longest answer known is 090A (text, photograph, fingerprint); more is no frame."""
FRAME_MAX: Final = AROUND + LEN_MAX

STATUS, MODULE, FIND, SELECT, READ = b"\x11\xff", b"\x12\xff", b"\x20\x01", b"\x20\x02", b"\x30\x01"
"""CMD and PARA of the commands we send. Fingerprints and additional addresses are never asked for."""

OK, FOUND, NO_CARD, SELECT_FAILED = 0x90, 0x9F, 0x80, 0x81
WORDS: Final = {
    0x90: "ok",
    0x9F: "found",
    0x91: "no_content",
    0x10: "bad_checksum",
    0x11: "bad_length",
    0x21: "bad_command",
    0x23: "no_right",
    0x24: "unknown",
    0x31: "card_auth_failed",
    0x32: "module_auth_failed",
    0x33: "verify_failed",
    0x40: "unknown_card_command",
    0x41: "card_op_failed",
    0x47: "random_number_failed",
    0x60: "self_test_failed",
    0x66: "module_unauthorised",
    0x80: "no_card",
    0x81: "select_failed",
}
"""SW3 in words."""
MODULE_TROUBLE: Final = frozenset({0x23, 0x32, 0x33, 0x60, 0x66})
"""Answers that are about the reader's security module, not about the card."""
TEXT_BYTES: Final = 256
_LENGTHS_AT, _TEXT_AT = 3, 7
"""Offsets in the data of an answer to READ: after SW1–3 two lengths, then the text, then the photograph."""


class Frame(NamedTuple):
    """One frame of either direction; `data` is everything between LEN and XOR. Never shows what is in it."""

    data: bytes

    def __repr__(self) -> str:
        return f"Frame({len(self.data)} bytes)"

    def encode(self) -> bytes:
        """The bytes on the wire."""
        body = (len(self.data) + 1).to_bytes(2, "big") + self.data
        return HEAD + body + bytes((checksum(body),))

    @property
    def answer(self) -> int | None:
        """SW3 of an answer; None for what is too short to be one."""
        return self.data[2] if len(self.data) >= 3 else None

    @property
    def word(self) -> str:
        """SW3 in words."""
        return WORDS.get(self.answer if self.answer is not None else -1, "unknown")

    @property
    def payload(self) -> bytes:
        """What follows SW1–3."""
        return self.data[3:]


@dataclass(frozen=True, slots=True)
class Junk:
    """So many bytes belonged to no frame."""

    size: int


@dataclass(slots=True)
class FrameParser:
    """Finds frames in a stream of one direction; keeps at most one unfinished frame.

    A wrong frame costs one byte: the search goes on right behind its first byte, so a good frame inside is found. The
    photograph of an answer is filled with zeros before the frame is handed out, and every place in the buffer is
    overwritten when it is let go.
    """

    _buffer: bytearray = field(default_factory=bytearray)
    _dropped: int = 0

    def feed(self, data: bytes) -> list[Frame | Junk]:
        """Takes bytes, gives frames and, before each, how many bytes of junk stood in front of it."""
        buffer = self._buffer
        buffer += data
        found: list[Frame | Junk] = []
        at = told = 0
        while (at := _head_in(buffer, at)) + AROUND <= len(buffer):
            size = buffer[at + 5] << 8 | buffer[at + 6]
            end = at + AROUND + size
            if not LEN_MIN <= size <= LEN_MAX:
                at += 1
                continue
            if end > len(buffer):
                break
            if checksum(buffer[at + 5 : end]) != 0:  # XOR with its own checksum
                at += 1
                continue
            self._tell_dropped(found, at - told)
            if size > TEXT_BYTES:
                _blank_pictures(buffer, at, size)
            found.append(Frame(bytes(buffer[at + AROUND : end - 1])))
            at = told = end
        self._dropped += at - told
        self._let_go(at)
        if not buffer:
            self._tell_dropped(found)
        return found

    def flush(self) -> list[Frame | Junk]:
        """A silence: what looked like the beginning of a frame was none; searches on behind it."""
        found: list[Frame | Junk] = []
        while self._buffer:
            self._dropped += 1
            self._let_go(1)
            found += self.feed(b"")
        self._tell_dropped(found)
        return found

    def _let_go(self, size: int) -> None:
        self._buffer[:size] = bytes(size)
        del self._buffer[:size]

    def _tell_dropped(self, found: list[Frame | Junk], more: int = 0) -> None:
        if self._dropped or more:
            found.append(Junk(self._dropped + more))
            self._dropped = 0


def checksum(body: bytes | bytearray) -> int:
    """XOR of all bytes."""
    if len(body) < 32:
        return reduce(xor, body, 0)
    # Folded as one big number: some 40 times as fast as byte by byte, and a card has 1,288 of them.
    number = int.from_bytes(body, "big")
    shift = 8 << (len(body) - 1).bit_length()
    while shift > 8:
        shift >>= 1
        number ^= number >> shift
    return number & 0xFF


def _head_in(buffer: bytearray, at: int) -> int:
    """Where, from a place on, the next head is, or what may be the beginning of one at the end; else the end."""
    found = buffer.find(HEAD, at)
    if found >= 0:
        return found
    longest = min(len(HEAD) - 1, len(buffer) - at)
    return len(buffer) - next((n for n in range(longest, 0, -1) if buffer.endswith(HEAD[:n])), 0)


def _blank_pictures(buffer: bytearray, at: int, size: int) -> None:
    """Fills everything behind the text of an answer to READ with zeros: photograph and fingerprint."""
    start = at + AROUND + _LENGTHS_AT
    if size < _TEXT_AT + TEXT_BYTES + 1 or int.from_bytes(buffer[start : start + 2], "big") != TEXT_BYTES:
        return
    lengths = 3 if size == _TEXT_AT + 2 + TEXT_BYTES + 2 * 1024 + 1 else 2
    begin, end = start + 2 * lengths + TEXT_BYTES, at + AROUND + size - 1
    buffer[begin:end] = bytes(end - begin)


# -- commands and answers ---------------------------------------------------------------------------------------


def command(code: bytes, data: bytes = b"") -> bytes:
    """A command as it travels."""
    return Frame(code + data).encode()


def answer(word: int, data: bytes = b"") -> bytes:
    """An answer as the reader sends it, for the simulator and the tests."""
    return Frame(bytes((0, 0, word)) + data).encode()


def card_answer(text: bytes, photo: bytes) -> bytes:
    """The answer to READ."""
    return answer(OK, len(text).to_bytes(2, "big") + len(photo).to_bytes(2, "big") + text + photo)


def text_of(frame: Frame) -> bytes | None:
    """The text record in the answer to READ; None when it is not that answer."""
    if frame.answer != OK or len(frame.data) < _TEXT_AT + TEXT_BYTES:
        return None
    if int.from_bytes(frame.data[_LENGTHS_AT : _LENGTHS_AT + 2], "big") != TEXT_BYTES:
        return None
    photo = int.from_bytes(frame.data[_LENGTHS_AT + 2 : _TEXT_AT], "big")
    if len(frame.data) == _TEXT_AT + TEXT_BYTES + photo:
        return frame.data[_TEXT_AT : _TEXT_AT + TEXT_BYTES]
    return None


def module_number(frame: Frame) -> str | None:
    """The security module's number, `d10.d12-u32le-u32le-u32le`; None when the answer holds none."""
    raw = frame.payload
    if frame.answer != OK or len(raw) != 16:
        return None
    first, second = (int.from_bytes(raw[at : at + 2], "little") for at in (0, 2))
    rest = "-".join(f"{int.from_bytes(raw[at : at + 4], 'little'):010d}" for at in (4, 8, 12))
    return f"{first:02d}.{second:02d}-{rest}"
