"""The printer's side of ESC/POS: a stream of bytes -> the commands in it. Used by the simulated printer.

Sans-I/O and incremental: any split of the input gives the same commands. Unknown bytes become `Unknown`, never an
exception; a picture that claims to be larger than PICTURE_BYTES_MAX is refused byte by byte.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

PICTURE_BYTES_MAX = 4_000_000


@dataclass(frozen=True, slots=True)
class RealTimeQuery:
    """DLE EOT n."""

    n: int


@dataclass(frozen=True, slots=True)
class Recover:
    """DLE ENQ n: 1 retry the line, 2 clear the buffers."""

    n: int


@dataclass(frozen=True, slots=True)
class ClearBuffers:
    """DLE DC4 function 8."""


@dataclass(frozen=True, slots=True)
class Initialise:
    """ESC @."""


@dataclass(frozen=True, slots=True)
class AutomaticStatusMode:
    """GS a n."""

    n: int


@dataclass(frozen=True, slots=True)
class StatusInOrder:
    """GS r n, answered when everything before it was processed."""

    n: int


@dataclass(frozen=True, slots=True)
class IdentityQuery:
    """GS I n."""

    n: int


@dataclass(frozen=True, slots=True)
class ProcessId:
    """GS ( H function 48 with its four digits."""

    digits: bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """Rows of 1-bit dots, 1 = black, from GS v 0 or the graphics commands."""

    width_bytes: int
    rows: int
    data: bytes


@dataclass(frozen=True, slots=True)
class PrintStored:
    """GS ( L function 50: print the picture stored before."""


@dataclass(frozen=True, slots=True)
class StorePicture:
    """GS ( L function 112."""

    picture: Picture


@dataclass(frozen=True, slots=True)
class Feed:
    """ESC d n lines, or ESC J n dots."""

    lines: int = 0
    dots: int = 0


@dataclass(frozen=True, slots=True)
class Cut:
    """GS V, ESC i, ESC m."""

    full: bool


@dataclass(frozen=True, slots=True)
class Ejector:
    """GS e n m of Custom's kiosk printers: 2 retract, 3 present, 5 eject, 6 status."""

    n: int
    amount: int = 0


@dataclass(frozen=True, slots=True)
class FullStatusMode:
    """GS E0 n of Custom's KPM300."""

    n: int


@dataclass(frozen=True, slots=True)
class HardReset:
    """FS C0 … of Custom: as if switched off and on."""


@dataclass(frozen=True, slots=True)
class Characters:
    """Printable bytes and line feeds, in the printer's own code page."""

    raw: bytes


@dataclass(frozen=True, slots=True)
class Ignored:
    """A known command without effect on what is simulated here."""

    raw: bytes


@dataclass(frozen=True, slots=True)
class Unknown:
    """A byte that begins no command known here."""

    raw: bytes


Command = (
    RealTimeQuery
    | Recover
    | ClearBuffers
    | Initialise
    | AutomaticStatusMode
    | StatusInOrder
    | IdentityQuery
    | ProcessId
    | Picture
    | PrintStored
    | StorePicture
    | Feed
    | Cut
    | Ejector
    | FullStatusMode
    | HardReset
    | Characters
    | Ignored
    | Unknown
)
REAL_TIME = (RealTimeQuery, Recover, ClearBuffers)

CLEAR_BUFFERS = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
"""DLE DC4 function 8 with its fixed parameters (Epson ESC/POS command reference)."""

_GS_WITH_ONE: dict[int, Callable[[int], Command]] = {
    0x61: AutomaticStatusMode,
    0x72: StatusInOrder,
    0x49: IdentityQuery,
    0xE0: FullStatusMode,
}
HARD_RESET = b"\x1c\xc0\x18\x10\x14\x1a"

_ESC_ARGUMENTS = dict.fromkeys(b"\x06 !-3EGMRSTVacrt{=U", 1) | {0x32: 0, 0x3C: 0, 0x24: 2, 0x5C: 2, 0x63: 2, 0x70: 3}
_GS_ARGUMENTS = dict.fromkeys(b"!BHfhwbE|", 1) | {0x4C: 2, 0x50: 2, 0x57: 2}
_FS_ARGUMENTS = {0x26: 0, 0x2E: 0, 0x21: 1, 0x2D: 1, 0x43: 1, 0x53: 2, 0x57: 1}


@dataclass(slots=True)
class CommandParser:
    """Cuts commands off the front of a growing buffer."""

    _buffer: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> list[Command]:
        """Takes bytes, gives the commands that are complete."""
        self._buffer += data
        commands: list[Command] = []
        while self._buffer and (command := self._take()) is not None:
            commands.append(command)
        return commands

    def _take(self) -> Command | None:
        match self._buffer[0]:
            case 0x10:
                return self._real_time()
            case 0x1B:
                return self._escape()
            case 0x1D:
                return self._group()
            case 0x1C:
                return self._font()
            case _:
                return self._characters()

    def _cut(self, size: int) -> bytes:
        piece = bytes(self._buffer[:size])
        del self._buffer[:size]
        return piece

    def _byte(self, index: int) -> int | None:
        return self._buffer[index] if len(self._buffer) > index else None

    def _characters(self) -> Command:
        size = 0
        while size < len(self._buffer) and (self._buffer[size] >= 0x20 or self._buffer[size] in b"\t\n\r"):
            size += 1
        return Characters(self._cut(size)) if size else Unknown(self._cut(1))

    def _real_time(self) -> Command | None:
        kind, argument = self._byte(1), self._byte(2)
        if kind is None:
            return None
        if kind == 0x14:
            if len(self._buffer) < len(CLEAR_BUFFERS):
                return None if CLEAR_BUFFERS.startswith(self._buffer) else Unknown(self._cut(1))
            return ClearBuffers() if self._cut(len(CLEAR_BUFFERS)) == CLEAR_BUFFERS else Unknown(CLEAR_BUFFERS)
        if kind not in (0x04, 0x05):
            return Unknown(self._cut(1))
        if argument is None:
            return None
        self._cut(3)
        return RealTimeQuery(argument) if kind == 0x04 else Recover(argument)

    def _escape(self) -> Command | None:
        kind = self._byte(1)
        if kind is None:
            return None
        if kind == 0x40:
            self._cut(2)
            return Initialise()
        if kind in (0x69, 0x6D):
            self._cut(2)
            return Cut(full=kind == 0x69)
        if kind in (0x64, 0x4A):
            if (amount := self._byte(2)) is None:
                return None
            self._cut(3)
            return Feed(lines=amount) if kind == 0x64 else Feed(dots=amount)
        return self._plain(_ESC_ARGUMENTS)

    def _plain(self, arguments: dict[int, int]) -> Command | None:
        kind = self._byte(1)
        if kind is None:
            return None
        if kind not in arguments:
            return Unknown(self._cut(2))
        size = 2 + arguments[kind]
        return Ignored(self._cut(size)) if len(self._buffer) >= size else None

    def _font(self) -> Command | None:
        if self._byte(1) == 0x28:
            return self._sized(0x28)
        if self._byte(1) == 0xC0 and HARD_RESET.startswith(self._buffer[: len(HARD_RESET)]):
            if len(self._buffer) < len(HARD_RESET):
                return None
            self._cut(len(HARD_RESET))
            return HardReset()
        return self._plain(_FS_ARGUMENTS)

    def _ejector(self) -> Command | None:
        n = self._byte(2)
        amount = self._byte(3) if n == 3 else 0
        if n is None or amount is None:
            return None
        self._cut(4 if n == 3 else 3)
        return Ejector(n, amount)

    def _group(self) -> Command | None:
        kind = self._byte(1)
        if kind is None:
            return None
        if kind == 0x76:
            return self._raster()
        if kind == 0x56:
            return self._group_cut()
        if kind in (0x28, 0x38):
            return self._sized(kind)
        if kind == 0x6B:
            return self._bar_code()
        if kind == 0x65:
            return self._ejector()
        if kind in _GS_WITH_ONE:
            if (argument := self._byte(2)) is None:
                return None
            self._cut(3)
            return _GS_WITH_ONE[kind](argument)
        return self._plain(_GS_ARGUMENTS)

    def _group_cut(self) -> Command | None:
        mode = self._byte(2)
        if mode is None:
            return None
        size = 4 if mode in (0x41, 0x42) else 3
        if len(self._buffer) < size:
            return None
        self._cut(size)
        return Cut(full=mode in (0x00, 0x30, 0x41))

    def _raster(self) -> Command | None:
        if len(self._buffer) < 8:
            return None
        width = int.from_bytes(self._buffer[4:6], "little")
        rows = int.from_bytes(self._buffer[6:8], "little")
        size = width * rows
        if self._buffer[2] != 0x30 or not 0 < size <= PICTURE_BYTES_MAX:
            return Unknown(self._cut(1))
        if len(self._buffer) < 8 + size:
            return None
        self._cut(8)
        return Picture(width_bytes=width, rows=rows, data=self._cut(size))

    def _bar_code(self) -> Command | None:
        """GS k m …: up to a zero (m <= 6), or a length and so many bytes. Not drawn."""
        mode, size = self._byte(2), self._byte(3)
        if mode is None or size is None:
            return None
        if mode > 6:
            return Ignored(self._cut(4 + size)) if len(self._buffer) >= 4 + size else None
        end = self._buffer.find(0, 3, 3 + 256)
        if end < 0:
            return Unknown(self._cut(1)) if len(self._buffer) > 3 + 256 else None
        return Ignored(self._cut(end + 1))

    def _sized(self, kind: int) -> Command | None:
        """GS ( x pL pH … and FS ( x pL pH …, and GS 8 x p1 p2 p3 p4 …"""
        head = 5 if kind == 0x28 else 7
        if len(self._buffer) < head:
            return None
        size = int.from_bytes(self._buffer[3:head], "little")
        if size > PICTURE_BYTES_MAX:
            return Unknown(self._cut(1))
        if len(self._buffer) < head + size:
            return None
        raw = self._cut(head + size)
        return _sized_command(raw[2], raw, raw[head:]) if raw[0] == 0x1D else Ignored(raw)


def _sized_command(function: int, raw: bytes, body: bytes) -> Command:
    if function == 0x48 and body[:2] == b"\x30\x30" and len(body) == 6:
        return ProcessId(body[2:])
    if function == 0x4C and body[:2] in (b"\x30\x32", b"\x30\x02"):
        return PrintStored()
    if function == 0x4C and body[:2] == b"\x30\x70" and len(body) > 10:
        dots = int.from_bytes(body[6:8], "little")
        rows = int.from_bytes(body[8:10], "little")
        width = (dots + 7) // 8
        if width * rows == len(body) - 10:
            return StorePicture(Picture(width_bytes=width, rows=rows, data=body[10:]))
    return Ignored(raw)
