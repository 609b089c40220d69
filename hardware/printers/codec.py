"""ESC/POS, byte by byte: what is sent, and the classifier of what comes back (docs/devices.md).

Sans-I/O: no port, no clock. `AnswerParser` never raises on wire data; what cannot be read becomes Junk.
Sources: Epson ESC/POS command reference; status bits of the TM-T88III, SRP-350 and Citizen manuals; the rule that
tells the five classes of answers apart is receiptio's, and the classes are disjoint over all 256 values.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

INITIALISE = b"\x1b\x40"
ASB_ON = b"\x1d\x61\x0f"
ASB_OFF = b"\x1d\x61\x00"
CUT_FULL = b"\x1d\x56\x00"
CUT_PARTIAL = b"\x1d\x56\x01"
CUT_FULL_OLD = b"\x1b\x69"
CUT_PARTIAL_OLD = b"\x1b\x6d"
BARRIER = b"\x1d\x72\x01"
IDENTITY_MAKER = b"\x1d\x49\x42"
IDENTITY_MODEL = b"\x1d\x49\x43"
RECOVER_RETRY = b"\x10\x05\x01"
RECOVER_CLEAR = b"\x10\x05\x02"

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


def raster_band(data: bytes, *, width_bytes: int) -> bytes:
    """GS v 0 for at most 255 rows of `width_bytes` bytes, 1 = black; the width is counted in bytes."""
    rows, rest = divmod(len(data), width_bytes)
    if rest or not 1 <= rows <= ROWS_PER_BAND or not 1 <= width_bytes <= 0xFFFF:
        raise ValueError(f"{len(data)} bytes are no band of 1 to {ROWS_PER_BAND} rows of {width_bytes} bytes")
    return b"\x1d\x76\x30\x00" + width_bytes.to_bytes(2, "little") + rows.to_bytes(2, "little") + data


def raster_bands(data: bytes, *, width_bytes: int, rows: int = ROWS_PER_BAND) -> Iterator[bytes]:
    """A whole picture as one GS v 0 command per band of `rows` rows."""
    step = width_bytes * rows
    for start in range(0, len(data), step):
        yield raster_band(data[start : start + step], width_bytes=width_bytes)


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


Answer = RealTimeStatus | AutomaticStatus | BlockAnswer | OneByteStatus | FlowControl | Junk

_BLOCK_HEADS = frozenset(b"\x35\x37\x3b\x3d\x5f")


@dataclass(slots=True)
class AnswerParser:
    """Tells the five classes of answers apart. `asked` is told of every DLE EOT sent, oldest first."""

    _buffer: bytearray = field(default_factory=bytearray)
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
        """Takes bytes, gives the answers that are complete. Keeps at most one unfinished block."""
        self._buffer += data
        answers: list[Answer] = []
        while self._buffer:
            answer = self._take()
            if answer is None:
                break
            if isinstance(answer, Junk) and answers and isinstance(answers[-1], Junk):
                answers[-1] = Junk(answers[-1].raw + answer.raw)
            else:
                answers.append(answer)
        return answers

    def flush(self) -> list[Answer]:
        """The line has been quiet for long: an unfinished answer will never be finished."""
        if not self._buffer:
            return []
        rest, self._buffer = bytes(self._buffer), bytearray()
        return [Junk(rest)]

    def _take(self) -> Answer | None:
        head = self._buffer[0]
        if head & 0x93 == 0x12:
            return RealTimeStatus(self._asked.popleft() if self._asked else 0, self._cut(1)[0])
        if head & 0x93 == 0x10:
            return self._take_automatic()
        if head in _BLOCK_HEADS:
            return self._take_block()
        if head in (0x11, 0x13):
            return FlowControl(go=self._cut(1)[0] == 0x11)
        if head & 0x90 == 0:
            return OneByteStatus(self._cut(1)[0])
        return Junk(self._cut(1))

    def _take_automatic(self) -> Answer | None:
        if any(byte & 0x90 for byte in self._buffer[1:4]):
            return Junk(self._cut(1))
        return AutomaticStatus(self._cut(4)) if len(self._buffer) >= 4 else None

    def _take_block(self) -> Answer | None:
        end = self._buffer.find(0, 0, BLOCK_BYTES_MAX)
        if end >= 0:
            return BlockAnswer(self._cut(end + 1))
        return Junk(self._cut(1)) if len(self._buffer) >= BLOCK_BYTES_MAX else None

    def _cut(self, size: int) -> bytes:
        piece = bytes(self._buffer[:size])
        del self._buffer[:size]
        return piece


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
}


def faults_of(word: str, value: int, masks: Masks = STANDARD_MASKS) -> set[str]:
    """The faults in one status byte."""
    return {fault for mask, fault in masks.get(word, ()) if value & mask}


def real_time_faults(values: dict[int, int], masks: Masks = STANDARD_MASKS) -> set[str]:
    """The faults in the answers to DLE EOT, `{query: byte}`."""
    return settled(set().union(*(faults_of(f"status_{n}", value, masks) for n, value in values.items())))


def automatic_faults(raw: bytes, masks: Masks = STANDARD_MASKS) -> set[str]:
    """The faults in an automatic status block."""
    return settled(set().union(*(faults_of(f"asb_{n + 1}", value, masks) for n, value in enumerate(raw[:3]))))


def settled(faults: set[str]) -> set[str]:
    """Off-line with a known cause is that cause; no paper is more than little paper."""
    if faults - {"offline", "paper_near_end"}:
        faults = faults - {"offline"}
    return faults - {"paper_near_end"} if "paper_out" in faults else faults
