"""Finding frames in a stream of bytes, whatever cuts it and whatever lies between; two ways, for all bars.

Both are bounded, never raise on wire data, and give every byte back: in a frame or in `Junk`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class Junk:
    """Bytes that are no valid frame."""

    raw: bytes


class Delimited(Generic[M]):
    """Frames between a head byte and a tail byte that occur nowhere else in them; starts afresh at every head."""

    def __init__(self, *, head: bytes, tail: bytes, bytes_max: int, read: Callable[[bytes], M | None]) -> None:
        self._head, self._tail, self._bytes_max = head, tail, bytes_max
        self._frame_of = read
        self._raw = bytearray()
        self._inside = False

    def feed(self, data: bytes) -> list[M | Junk]:
        """Takes bytes, gives frames and junk in order."""
        found: list[M | Junk] = []
        first, *others = data.split(self._head)
        self._piece(first, found)
        for piece in others:
            self._give_up(found)
            self._inside = True
            self._piece(piece, found)
        if not self._inside:
            self._give_up(found)
        return found

    def flush(self) -> list[M | Junk]:
        """The line has been quiet: an unfinished frame will not be finished."""
        found: list[M | Junk] = []
        self._give_up(found)
        self._inside = False
        return found

    def _piece(self, piece: bytes, found: list[M | Junk]) -> None:
        """Bytes without a head."""
        if not self._inside:
            self._raw += piece
            return
        before, tail, after = piece.partition(self._tail)
        self._raw += before
        if len(self._raw) > self._bytes_max:
            self._inside = False
            self._raw += tail + after
        elif tail:
            self._inside = False
            raw = bytes(self._raw)
            found.append(self._frame_of(raw) or Junk(raw))
            self._raw[:] = after

    def _give_up(self, found: list[M | Junk]) -> None:
        if self._raw:
            found.append(Junk(bytes(self._raw)))
            self._raw.clear()


class Headed(Generic[M]):
    """Frames that begin with a head which tells their length. A head that proves wrong costs one byte, not a frame."""

    def __init__(
        self,
        *,
        head_bytes: int,
        find: Callable[[bytes, int], int],
        size: Callable[[bytes], int | None],
        read: Callable[[bytes], M | None],
    ) -> None:
        self._head_bytes = head_bytes
        self._find = find
        """Where, from a place on, the next head or the beginning of one at the end is; -1 for nowhere."""
        self._size = size
        """Length of the frame with this head, perhaps not all here yet; None when it is none."""
        self._frame_of = read
        self._raw = b""

    def feed(self, data: bytes) -> list[M | Junk]:
        """Takes bytes, gives frames and junk in order."""
        self._raw += data
        return self._all(last=False)

    def flush(self) -> list[M | Junk]:
        """The line has been quiet: an unfinished frame will not be finished."""
        return self._all(last=True)

    def _all(self, *, last: bool) -> list[M | Junk]:
        found: list[M | Junk] = []
        raw, at, junk_from = self._raw, 0, 0
        while (at := self._find(raw, at)) >= 0:
            size = self._size(raw[at : at + self._head_bytes])
            if size is not None and at + size > len(raw) and not last:
                break
            frame = self._frame_of(raw[at : at + size]) if size is not None and at + size <= len(raw) else None
            if frame is None:
                at += 1
                continue
            if at > junk_from:
                found.append(Junk(raw[junk_from:at]))
            found.append(frame)
            at = junk_from = at + (size or 0)
        kept = at if at >= 0 else len(raw)
        if kept > junk_from:
            found.append(Junk(raw[junk_from:kept]))
        self._raw = raw[kept:]
        return found


def finder(head: bytes) -> Callable[[bytes, int], int]:
    """`Headed`'s `find` for a head that begins with fixed bytes."""

    def find(raw: bytes, at: int) -> int:
        whole = raw.find(head, at)
        if whole >= 0:
            return whole
        for size in range(min(len(head) - 1, len(raw) - at), 0, -1):
            if raw.endswith(head[:size]):
                return len(raw) - size
        return -1

    return find
