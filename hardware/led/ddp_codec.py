"""The Distributed Display Protocol (`ddp`), byte by byte: the dots of an open panel as RGB bytes, over UDP port 4048.

Sans-I/O. Source: the protocol's header table (3waylabs); no independent decoder was at hand, Wireshark's "ddp" is
AppleTalk. There is no checksum: a wrong head or length is refused, a wrong colour cannot be seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hardware.led.stream import Headed
from hardware.led.stream import Junk as Junk

PORT = 4048
VERSION_1 = 0x40
PUSH = 0x01
RGB_8 = 0x0B
"""RGB, eight bits a part."""
DISPLAY = 0x01
DATA_BYTES_MAX = 1440
"""480 dots: what fits one Ethernet frame."""
OFFSET_MAX = 1 << 24
"""Far beyond any panel: more is a damaged head."""
SEQUENCE_TOP = 15
_HEAD_BYTES = 10
_HEAD = re.compile(rb"[\x40\x41](?:\Z|[\x00-\x0f](?:\Z|\x0b(?:\Z|\x01)))")
"""The beginning of a packet, or of one at the end."""


@dataclass(frozen=True, slots=True)
class Pixels:
    """RGB bytes from an offset on; `push` shows the picture, it stands in its last packet."""

    data: bytes
    offset: int = 0
    """Bytes, not dots."""
    sequence: int = 0
    """1 to 15; 0 switches it off."""
    push: bool = True
    device: int = DISPLAY

    def encode(self) -> bytes:
        """The datagram."""
        if not 0 < len(self.data) <= DATA_BYTES_MAX:
            raise ValueError(f"{len(self.data)} bytes: 1 to {DATA_BYTES_MAX}")
        head = bytes((VERSION_1 | (PUSH if self.push else 0), self.sequence, RGB_8, self.device))
        return head + self.offset.to_bytes(4, "big") + len(self.data).to_bytes(2, "big") + self.data


def packets(picture: bytes, *, sequence: int) -> Iterator[Pixels]:
    """A whole picture in packets, the last one pushed."""
    for offset in range(0, len(picture), DATA_BYTES_MAX):
        data = picture[offset : offset + DATA_BYTES_MAX]
        yield Pixels(data, offset=offset, sequence=sequence, push=offset + len(data) == len(picture))


def read(datagram: bytes) -> Pixels | None:
    """One whole datagram; None when it is none of ours."""
    size = _size(datagram)
    if size is None or len(datagram) < size or size == _HEAD_BYTES:
        return None
    return Pixels(
        datagram[_HEAD_BYTES:size],
        offset=int.from_bytes(datagram[4:8], "big"),
        sequence=datagram[1],
        push=bool(datagram[0] & PUSH),
        device=datagram[3],
    )


def _size(raw: bytes) -> int | None:
    """How long the packet at the beginning of `raw` is, as far as can be seen yet; None when it is none of ours."""
    if raw[:1] not in (b"", b"\x40", b"\x41") or raw[1:2] > bytes((SEQUENCE_TOP,)):
        return None
    if raw[2:4] != bytes((RGB_8, DISPLAY))[: max(0, len(raw) - 2)]:
        return None
    if len(raw) < _HEAD_BYTES:
        return _HEAD_BYTES
    offset, length = int.from_bytes(raw[4:8], "big"), int.from_bytes(raw[8:10], "big")
    return _HEAD_BYTES + length if 0 < length <= DATA_BYTES_MAX and offset < OFFSET_MAX else None


def _find(raw: bytes, at: int) -> int:
    found = _HEAD.search(raw, at)
    return found.start() if found else -1


class FrameParser(Headed[Pixels]):
    """Finds packets in a stream of datagrams, or in a capture of them."""

    def __init__(self) -> None:
        super().__init__(head_bytes=_HEAD_BYTES, find=_find, size=_size, read=read)
