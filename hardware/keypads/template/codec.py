"""Finds the frames of a layout in a stream. Sans-I/O; what is no frame is `Junk`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hardware.keypads.template.layout import Layout

CACHE_MAX = 4096
JUNK_BYTES_MAX = 4096


@dataclass(frozen=True, slots=True)
class DeviceFrame:
    """A frame of the device: the code of the key, its address where the frame has one."""

    key: int
    addr: int | None = None
    seq: int | None = None
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Junk:
    """Bytes that belong to no frame."""

    raw: bytes


class FrameParser:
    """Keeps at most one unfinished frame."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._places = layout.allowed()
        self._pattern = re.compile(b"".join(_class_of(place) for place in self._places), re.DOTALL)
        self._rest = b""
        self._dropped = bytearray()
        self._known: dict[bytes, DeviceFrame] = {}
        self._bare = [DeviceFrame(byte, raw=bytes((byte,))) for byte in range(256)] if layout.text == "{key}" else None

    def feed(self, data: bytes) -> list[DeviceFrame | Junk]:
        """Takes bytes, gives frames and, before each, the junk that stood in front of it."""
        if self._bare is not None:
            return [self._bare[byte] for byte in data]
        stream = self._rest + data
        found: list[DeviceFrame | Junk] = []
        at = junk = 0
        known, size = self._known, self._layout.size
        again = True
        while again:
            again = False
            for match in self._pattern.finditer(stream, at):
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
                at = junk = start + size
        keep = self._unfinished(stream, at)
        self._dropped += stream[junk:keep]
        self._rest = stream[keep:]
        if not self._rest or len(self._dropped) > JUNK_BYTES_MAX:
            self._tell_dropped(found)
        return found

    def flush(self) -> list[DeviceFrame | Junk]:
        """Silence on the line: what looked like the beginning of a frame was none."""
        found: list[DeviceFrame | Junk] = []
        self._dropped += self._rest
        self._rest = b""
        self._tell_dropped(found)
        return found

    def _sound(self, raw: bytes) -> DeviceFrame | None:
        layout = self._layout
        if not layout.is_sound(raw):
            return None
        frame = DeviceFrame(layout.field(raw, "key") or 0, layout.field(raw, "addr"), layout.field(raw, "seq"), raw)
        if len(self._known) < CACHE_MAX:
            self._known[raw] = frame
        return frame

    def _unfinished(self, stream: bytes, at: int) -> int:
        for start in range(max(at, len(stream) - self._layout.size + 1), len(stream)):
            if all(byte in place for byte, place in zip(stream[start:], self._places, strict=False)):
                return start
        return len(stream)

    def _tell_dropped(self, found: list[DeviceFrame | Junk]) -> None:
        if self._dropped:
            found.append(Junk(bytes(self._dropped)))
            self._dropped.clear()


def _class_of(place: frozenset[int]) -> bytes:
    """A place as a piece of a pattern: one byte, any byte, or any but a few."""
    if len(place) == 256:
        return b"."
    if len(place) == 1:
        return re.escape(bytes(place))
    return b"[^" + b"".join(re.escape(bytes((byte,))) for byte in sorted(set(range(256)) - place)) + b"]"
