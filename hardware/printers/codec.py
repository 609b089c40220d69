"""ESC/POS, byte by byte: what is sent, and the classifier of what comes back (docs/devices.md).

Sans-I/O: no port, no clock. `AnswerParser` never raises on wire data; what cannot be read becomes Junk.
Sources: Epson ESC/POS command reference; status bits of the TM-T88III, SRP-350 and Citizen manuals; the rule that
tells the five classes of answers apart is receiptio's, and the classes are disjoint over all 256 values. Kiosk
printers of Custom add a sixth answer (KPM150-H, KPM210/216, KPM300 manuals); a model's profile says which it has.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

INITIALISE = b"\x1b\x40"
ASB_ON = b"\x1d\x61\x0f"
ASB_ALL = b"\x1d\x61\xff"
ASB_OFF = b"\x1d\x61\x00"
CUT_FULL = b"\x1d\x56\x00"
CUT_PARTIAL = b"\x1d\x56\x01"
CUT_FULL_OLD = b"\x1b\x69"
CUT_PARTIAL_OLD = b"\x1b\x6d"
CHINESE_ON = b"\x1c\x26"
CHINESE_OFF = b"\x1c\x2e"
BARRIER = b"\x1d\x72\x01"
IDENTITY_MAKER = b"\x1d\x49\x42"
IDENTITY_MODEL = b"\x1d\x49\x43"
RECOVER_RETRY = b"\x10\x05\x01"
RECOVER_CLEAR = b"\x10\x05\x02"
FULL_STATUS = b"\x10\x04\x14"
"""DLE EOT 20 of Custom's kiosk printers: answered by six bytes, `10 0F` and one byte for each of its four groups."""
EJECTOR_EJECT = b"\x1d\x65\x05"
EJECTOR_RETRACT = b"\x1d\x65\x02"
EJECTOR_STATUS = b"\x1d\x65\x06"
"""GS e of Custom's kiosk printers; 6 is answered by one byte (`ejector` of the masks), by KPM210 at least."""
HARD_RESET = b"\x1c\xc0\x18\x10\x14\x1a"
"""Custom: as if switched off and on."""
GRAPHICS_PRINT = b"\x1d\x28\x4c\x02\x00\x30\x32"

ROWS_PER_BAND = 255
PROCESS_ID_MAX = 9999
BLOCK_BYTES_MAX = 128
"""A block answer without its closing zero is given up after so many bytes."""


# -- to the printer ---------------------------------------------------------------------------------------------


def status_query(n: int) -> bytes:
    """DLE EOT n, n = 1 printer, 2 off-line cause, 3 error cause, 4 roll sensor; answered at once, even off-line."""
    if not 1 <= n <= 4:
        raise ValueError(f"DLE EOT {n}: n is 1 to 4")
    return bytes((0x10, 0x04, n))


def feed(lines: int) -> bytes:
    """ESC d n."""
    return bytes((0x1B, 0x64, max(0, min(lines, 255))))


def process_id_request(number: int) -> bytes:
    """GS ( H function 48: answered when everything sent before has been printed. `number` 1 to 9999."""
    return b"\x1d\x28\x48\x06\x00\x30\x30" + process_id(number)


def process_id(number: int) -> bytes:
    """The four digits of a process id."""
    if not 1 <= number <= PROCESS_ID_MAX:
        raise ValueError(f"process id {number} is not between 1 and {PROCESS_ID_MAX}")
    return b"%04d" % number


def ejector_present(amount: int) -> bytes:
    """GS e 3 m: Custom's presenter moves the ticket out, `amount` in the unit of the model's manual."""
    return b"\x1d\x65\x03" + bytes((amount,))


def full_status_mode(groups: int) -> bytes:
    """GS E0 n of Custom's KPM300: sends `10 n` and one byte for each bit of n at every change; 0 stops it."""
    return b"\x1d\xe0" + bytes((groups & 0x0F,))


def raster_band(data: bytes, *, width_bytes: int) -> bytes:
    """GS v 0 for at most 255 rows of `width_bytes` bytes, 1 = black; the width is counted in bytes."""
    rows, rest = divmod(len(data), width_bytes)
    if rest or not 1 <= rows <= ROWS_PER_BAND or not 1 <= width_bytes <= 0xFFFF:
        raise ValueError(f"{len(data)} bytes are no band of 1 to {ROWS_PER_BAND} rows of {width_bytes} bytes")
    return b"\x1d\x76\x30\x00" + width_bytes.to_bytes(2, "little") + rows.to_bytes(2, "little") + data


def graphics_band(data: bytes, *, width_bytes: int) -> bytes:
    """The same rows by GS ( L functions 112 and 50 (GS 8 L when long), whose width is counted in dots."""
    rows, rest = divmod(len(data), width_bytes)
    if rest or not 1 <= rows <= 0xFFFF or not 1 <= width_bytes <= 0x1FFF:
        raise ValueError(f"{len(data)} bytes are no picture of rows of {width_bytes} bytes")
    sides = (width_bytes * 8).to_bytes(2, "little") + rows.to_bytes(2, "little")
    stored = b"\x30\x70\x30\x01\x01\x31" + sides + data
    short = len(stored) <= 0xFFFF
    head = b"\x1d\x28\x4c" if short else b"\x1d\x38\x4c"
    return head + len(stored).to_bytes(2 if short else 4, "little") + stored + GRAPHICS_PRINT


PICTURES = {"raster": raster_band, "graphics": graphics_band}
"""The ways to send a picture, by the word of a profile; both give the same dots."""


def raster_bands(
    data: bytes, *, width_bytes: int, rows: int = ROWS_PER_BAND, command: str = "raster"
) -> Iterator[bytes]:
    """A whole picture as one command per band of `rows` rows; `command` is a key of PICTURES."""
    step = width_bytes * rows
    safe = harmless(data)
    for start in range(0, len(safe), step):
        yield PICTURES[command](safe[start : start + step], width_bytes=width_bytes)


_REAL_TIME_IN_DATA = re.compile(rb"\x10(?=[\x04\x05\x14])")


def harmless(data: bytes) -> bytes:
    """Dots that would be read as a real-time command: `10 04`, `10 05`, `10 14` become `18 04`, `18 05`, `18 14`.

    Printers obey real-time commands wherever they stand, inside a picture too (Epson's notes on DLE EOT): one there
    would answer a question nobody asked, or clear the printer's buffer. One more black dot is nobody's loss.
    """
    return _REAL_TIME_IN_DATA.sub(b"\x18", data)


# -- from the printer -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RealTimeStatus:
    """The answer to DLE EOT `query`; `query` is 0 when nothing was asked."""

    query: int
    value: int


@dataclass(frozen=True, slots=True)
class AutomaticStatus:
    """Four bytes of automatic status (ASB), sent on enabling and at every change."""

    raw: bytes


@dataclass(frozen=True, slots=True)
class FullStatus:
    """Custom's full status: `10 n` and one byte for each bit of n, `10 0F` and four bytes when asked for."""

    raw: bytes

    @property
    def groups(self) -> dict[str, int]:
        """The bytes by their group: `full_paper full_user full_recoverable full_unrecoverable`."""
        present = [word for bit, word in enumerate(FULL_WORDS) if self.raw[1] >> bit & 1]
        return dict(zip(present, self.raw[2:], strict=True))


FULL_WORDS = ("full_paper", "full_user", "full_recoverable", "full_unrecoverable")


@dataclass(frozen=True, slots=True)
class BlockAnswer:
    """An answer from its head byte up to its zero: process id (37 22), identity (5F)."""

    raw: bytes

    @property
    def process_id(self) -> int | None:
        """The number of a process-id answer, None for another block."""
        digits = self.raw[2:6]
        return int(digits) if self.raw[:2] == b"\x37\x22" and len(self.raw) == 7 and digits.isdigit() else None

    @property
    def identity(self) -> str | None:
        """Maker or model, None for another block."""
        return self.raw[1:-1].decode("ascii", "replace") if self.raw[:1] == b"\x5f" else None


@dataclass(frozen=True, slots=True)
class OneByteStatus:
    """The answer to GS r (or GS I 1 to 3), in the order of the printed data."""

    value: int


@dataclass(frozen=True, slots=True)
class FlowControl:
    """XON (ready for data) or XOFF."""

    go: bool


@dataclass(frozen=True, slots=True)
class Junk:
    """Bytes that are no answer."""

    raw: bytes


Answer = RealTimeStatus | AutomaticStatus | FullStatus | BlockAnswer | OneByteStatus | FlowControl | Junk

_REAL_TIME = [[RealTimeStatus(query, value) for value in range(256)] for query in range(6)]
_ONE_BYTE = [OneByteStatus(value) for value in range(256)]
_FLOW = {0x11: FlowControl(go=True), 0x13: FlowControl(go=False)}
"""Answers of one byte are made once: a busy line has hundreds of thousands of them."""
_automatic = lru_cache(maxsize=1024)(AutomaticStatus)

_BLOCK_HEADS = rb"[\x35\x37\x3b\x3d\x5f]"


def _class_of(rule: Callable[[int], bool]) -> bytes:
    """A character class of exactly the byte values that satisfy the rule."""
    return b"[" + b"".join(b"\\x%02x" % value for value in range(256) if rule(value)) + b"]"


_ONES = _class_of(lambda b: b & 0x90 == 0 and b not in b"\x35\x37\x3b\x3d\x5f\x11\x13")
_ALL_BUT_ZERO = rb"[^\x00]"
_CALM = _class_of(lambda b: b & 0x90 == 0)
_STANDARD_10 = b"(" + _class_of(lambda b: b & 0x93 == 0x10) + _CALM + rb"{3})"
_FULL_10 = rb"(\x10(?:" + rb"|".join(b"\\x%02x.{%d}" % (mask, mask.bit_count()) for mask in range(15, 0, -1)) + rb"))"


_REAL_TIMES, _BEGIN_10, _BLOCKS, _FLOWS, _ONE_BYTES = range(1, 6)
"""The groups of the two patterns, in the order they are tried."""


def _classes(begins_10: bytes) -> re.Pattern[bytes]:
    """The classes in the order they are tried, runs of one-byte answers together."""
    real_time = b"(" + _class_of(lambda b: b & 0x93 == 0x12) + b"+)"
    block = b"(" + _BLOCK_HEADS + _ALL_BUT_ZERO + b"{0,%d}" % (BLOCK_BYTES_MAX - 2) + rb"\x00)"
    return re.compile(b"|".join((real_time, begins_10, block, rb"([\x11\x13])", b"(" + _ONES + b"+)")), re.DOTALL)


_STANDARD = _classes(_STANDARD_10)
_KIOSK = _classes(_FULL_10)
_UNFINISHED = re.compile(_class_of(lambda b: b & 0x93 == 0x10) + _CALM + rb"{0,2}\Z")
_UNFINISHED_FULL = re.compile(rb"\x10(?:[\x01-\x0f].{0,3})?\Z", re.DOTALL)
_UNFINISHED_BLOCK = re.compile(_BLOCK_HEADS + _ALL_BUT_ZERO + b"{0,%d}" % (BLOCK_BYTES_MAX - 2) + rb"\Z")


@dataclass(slots=True)
class AnswerParser:
    """Tells the classes of answers apart. `asked` is told of every DLE EOT sent, oldest first.

    `full_status`: bytes from 10 on are a Custom full status. It cannot be told from an automatic block by its bytes,
    so a printer is set to send the one or the other, never both.
    """

    full_status: bool = False
    _buffer: bytes = b""
    _asked: deque[int] = field(default_factory=deque)

    def asked(self, query: int) -> None:
        """DLE EOT `query` was sent; its answer is the next real-time byte that nobody else claims."""
        self._asked.append(query)

    def forget_asked(self) -> None:
        """Nothing asked before will be answered (time-out, reopened port)."""
        self._asked.clear()

    @property
    def outstanding(self) -> int:
        """How many DLE EOT still wait for their answer."""
        return len(self._asked)

    def feed(self, data: bytes) -> list[Answer]:
        """Takes bytes, gives the answers that are complete. Keeps at most one unfinished answer."""
        buffer = self._buffer + data if self._buffer else bytes(data)
        answers: list[Answer] = []
        at = 0
        for found in (_KIOSK if self.full_status else _STANDARD).finditer(buffer):
            start = found.start()
            if start != at:
                at = self._skip(buffer, at, start, answers)
                if at != start:
                    break  # an answer begins before this one, and its end has not arrived
            self._add(answers, found.lastindex, found.group())
            at = found.end()
        else:
            at = self._skip(buffer, at, len(buffer), answers)
        self._buffer = buffer[at:]
        return answers

    def _skip(self, buffer: bytes, start: int, end: int, answers: list[Answer]) -> int:
        """Bytes that begin no whole answer become Junk, up to where an unfinished one begins; gives that place."""
        at = start
        while at < end and not self._may_be_finished(buffer, at):
            at += 1
        if at > start:
            answers.append(Junk(buffer[start:at]))
        return at

    def flush(self) -> list[Answer]:
        """The line has been quiet for long: an unfinished answer will never be finished."""
        rest, self._buffer = self._buffer, b""
        return [Junk(rest)] if rest else []

    def _may_be_finished(self, buffer: bytes, at: int) -> bool:
        """Whether what begins here is the beginning of an answer and nothing else yet."""
        ten = _UNFINISHED_FULL if self.full_status else _UNFINISHED
        return bool(ten.match(buffer, at) or _UNFINISHED_BLOCK.match(buffer, at))

    def _add(self, answers: list[Answer], kind: int | None, raw: bytes) -> None:
        if kind == _REAL_TIMES:
            asked = self._asked
            for value in raw:
                answers.append(_REAL_TIME[asked.popleft() if asked else 0][value])
        elif kind == _BLOCKS:
            answers.append(BlockAnswer(raw))
        elif kind == _ONE_BYTES:
            answers += map(_ONE_BYTE.__getitem__, raw)
        elif kind == _FLOWS:
            answers.append(_FLOW[raw[0]])
        else:
            answers.append(FullStatus(raw) if self.full_status else _automatic(raw))


STAR_BYTES_MIN = 7


def foreign(raw: bytes) -> str | None:
    """The language of a printer that answers, but not in ESC/POS; None for anything else. `raw` begins its answer.

    Star and SII answer in shapes of their own (rules of receiptio); they are named, never guessed at.
    """
    if len(raw) > 1 and raw[0] & 0x91 == 0x01:
        size = (raw[0] >> 2 & 0x18 | raw[0] >> 1 & 0x07) + (raw[1] >> 6 & 0x02)
        return "Star" if STAR_BYTES_MIN <= size <= len(raw) else None
    return "SII" if raw[:1] and raw[0] & 0xF0 == 0xB0 else None


# -- what the bits mean -----------------------------------------------------------------------------------------

Masks = dict[str, tuple[tuple[int, str], ...]]
"""Per status word, (mask, fault) pairs; a fault is present when any bit of its mask is set."""

STANDARD_MASKS: Masks = {
    "status_1": ((0x08, "offline"),),
    "status_2": ((0x04, "cover_open"), (0x20, "paper_out")),
    "status_3": ((0x04, "recoverable"), (0x08, "cutter"), (0x20, "unrecoverable"), (0x40, "head_hot")),
    "status_4": ((0x0C, "paper_near_end"), (0x60, "paper_out")),
    "asb_1": ((0x08, "offline"), (0x20, "cover_open")),
    "asb_2": ((0x04, "recoverable"), (0x08, "cutter"), (0x20, "unrecoverable"), (0x40, "head_hot")),
    "asb_3": ((0x03, "paper_near_end"), (0x0C, "paper_out")),
    "barrier": ((0x03, "paper_near_end"), (0x0C, "paper_out")),
    "full_paper": ((0x01, "paper_out"), (0x04, "paper_near_end"), (0x20, "ticket_not_taken")),
    "full_user": ((0x01, "cover_open"), (0x02, "cover_open")),
    "full_recoverable": ((0x01, "head_hot"), (0xA8, "recoverable")),
    "full_unrecoverable": ((0x01, "cutter"), (0x02, "cover_open"), (0x0C, "unrecoverable")),
    "ejector": ((0x02, "paper_near_end"), (0x04, "paper_out"), (0x08, "ticket_not_taken"), (0xC0, "recoverable")),
}
"""The usual meaning of every status bit. A profile may replace the masks of any word; what a bit means depends on the
model. `full_…` and `ejector` are those of Custom's kiosk printers."""


def faults_of(word: str, value: int, masks: Masks = STANDARD_MASKS) -> set[str]:
    """The faults in one status byte."""
    return {fault for mask, fault in masks.get(word, ()) if value & mask}


def real_time_faults(values: dict[int, int], masks: Masks = STANDARD_MASKS) -> set[str]:
    """The faults in the answers to DLE EOT, `{query: byte}`."""
    return settled(set().union(*(faults_of(f"status_{n}", value, masks) for n, value in values.items())))


def full_faults(groups: dict[str, int], masks: Masks = STANDARD_MASKS) -> set[str]:
    """The faults in a full status, `{group: byte}`."""
    return settled(set().union(*(faults_of(word, value, masks) for word, value in groups.items())))


def in_step(values: dict[int, int], masks: Masks = STANDARD_MASKS) -> bool:
    """Whether the answers of one round can be of one moment: off-line and a cause for it go together.

    They are read one after the other; a cover opened in between is seen by some and not by others.
    """
    every = set().union(*(faults_of(f"status_{n}", value, masks) for n, value in values.items()))
    return ("offline" in every) == bool(every - {"offline", "paper_near_end", "ticket_not_taken"})


def automatic_faults(raw: bytes, masks: Masks = STANDARD_MASKS) -> set[str]:
    """The faults in an automatic status block."""
    return settled(set().union(*(faults_of(f"asb_{n + 1}", value, masks) for n, value in enumerate(raw[:3]))))


def settled(faults: set[str]) -> set[str]:
    """Off-line with a known cause is that cause; no paper is more than little paper."""
    if faults - {"offline", "paper_near_end"}:
        faults = faults - {"offline"}
    return faults - {"paper_near_end"} if "paper_out" in faults else faults
