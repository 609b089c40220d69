"""What a code scanner says: lines of text on a serial port, or the keys of a keyboard (docs/devices-readers.md).

Sans-I/O. A serial scanner ends a line with CR or CR LF; a keyboard wedge ends it with Enter and types faster than any
hand: keys further than 50 ms apart do not belong together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

LINE_BYTES_MAX: Final = 512
KEY_GAP_S: Final = 0.05
CODE_MIN: Final = 4
"""Shorter ones are a key that was leant on, not a code."""


@dataclass(frozen=True, slots=True)
class Code:
    """One scanned text. It may be a visitor's secret, so its representation does not show it."""

    text: str = field(repr=False)

    def encode(self) -> bytes:
        """As a serial scanner sends it."""
        return self.text.encode() + b"\r"


@dataclass(frozen=True, slots=True)
class Junk:
    """So many bytes were no line of text."""

    size: int


@dataclass(slots=True)
class LineParser:
    """Cuts a stream into codes; keeps at most one line of 512 bytes."""

    _line: bytearray = field(default_factory=bytearray)
    _discarded: int = 0
    """Bytes of a line that is too long already."""

    def feed(self, data: bytes) -> list[Code | Junk]:
        """Takes bytes, gives the codes whose end has come."""
        found: list[Code | Junk] = []
        *ended, rest = data.replace(b"\n", b"\r").split(b"\r")
        for part in ended:
            self._add(part)
            self._end(found)
        self._add(rest)
        return found

    def flush(self) -> list[Code | Junk]:
        """A silence in the middle of a line: the scanner was unplugged, or its line has no end."""
        size = len(self._line) + self._discarded
        self._line.clear()
        self._discarded = 0
        return [Junk(size)] if size else []

    def _add(self, part: bytes) -> None:
        if not self._discarded and len(self._line) + len(part) <= LINE_BYTES_MAX:
            self._line += part
            return
        self._discarded += len(self._line) + len(part)
        self._line.clear()

    def _end(self, found: list[Code | Junk]) -> None:
        if self._discarded:
            found += self.flush()
            return
        raw = bytes(self._line)
        self._line.clear()
        text = _text(raw)
        if text:
            found.append(Code(text))
        elif raw:
            found.append(Junk(len(raw)))


def _text(raw: bytes) -> str:
    """The line as text; empty for what is none."""
    try:
        text = raw.decode().strip()
    except UnicodeDecodeError:
        return ""
    return text if text.isprintable() else ""


@dataclass(slots=True)
class KeyParser:
    """Puts the keys of a keyboard wedge together. Times are monotonic seconds."""

    _typed: str = ""
    _last_at: float = 0.0

    def key(self, text: str, at: float) -> None:
        """A key that writes `text`."""
        if at - self._last_at > KEY_GAP_S:
            self._typed = ""
        self._last_at = at
        self._typed = (self._typed + text)[: LINE_BYTES_MAX + 1]

    def enter(self, at: float) -> Code | None:
        """The Enter key: the code that was typed, if a machine typed it."""
        typed, self._typed = self._typed.strip(), ""
        is_machine = at - self._last_at <= KEY_GAP_S
        if not is_machine or not CODE_MIN <= len(typed) <= LINE_BYTES_MAX or not typed.isprintable():
            return None
        return Code(typed)
