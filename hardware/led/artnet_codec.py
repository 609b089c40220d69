"""Art-Net (`artnet`), byte by byte: the dots of an open panel as channels of universes, over UDP port 6454.

Sans-I/O. Source: the Art-Net 4 specification (Artistic Licence); tshark dissects what we send in the tests. There is no
checksum: a wrong head, version or length is refused, a wrong channel cannot be seen.
"""

from __future__ import annotations

from dataclasses import dataclass

from hardware.led.stream import Headed, finder
from hardware.led.stream import Junk as Junk

PORT = 6454
IDENTITY = b"Art-Net\x00"
VERSION = 14
POLL, POLL_REPLY, DMX, SYNC = 0x2000, 0x2100, 0x5000, 0x5200
CHANNELS_MAX = 512
UNIVERSE_MAX = 0x7FFF
PIXELS_A_UNIVERSE = CHANNELS_MAX // 3
SEQUENCE_TOP = 255
POLL_REPLY_BYTES = 207
"""The least a node sends; Art-Net 4 nodes send 239."""
_HEAD_BYTES = 10


@dataclass(frozen=True, slots=True)
class Dmx:
    """Channels of one universe; an even number of them, at most 512."""

    data: bytes
    universe: int = 0
    """Port-address, 15 bits."""
    sequence: int = 0
    """1 to 255, so that a late packet is known as one; 0 switches that off."""
    physical: int = 0

    def encode(self) -> bytes:
        """The datagram."""
        if len(self.data) > CHANNELS_MAX or len(self.data) % 2 or not self.data:
            raise ValueError(f"{len(self.data)} channels: an even number of 2 to {CHANNELS_MAX}")
        head = _head(DMX) + bytes((self.sequence, self.physical)) + self.universe.to_bytes(2, "little")
        return head + len(self.data).to_bytes(2, "big") + self.data


@dataclass(frozen=True, slots=True)
class Sync:
    """Show now what was sent; makes the universes of one picture change together."""

    def encode(self) -> bytes:
        """The datagram."""
        return _head(SYNC) + b"\x00\x00"


@dataclass(frozen=True, slots=True)
class Poll:
    """Who is there? Nodes answer with PollReply."""

    flags: int = 0

    def encode(self) -> bytes:
        """The datagram."""
        return _head(POLL) + bytes((self.flags, 0))


@dataclass(frozen=True, slots=True)
class PollReply:
    """A node says who it is; of its many fields those a fitter can use."""

    name: str
    address: bytes = bytes(4)
    firmware: int = 0

    def encode(self) -> bytes:
        """The datagram of a node with one output, 239 bytes."""
        short = self.name.encode("ascii", "replace")[:17].ljust(18, b"\x00")
        long = self.name.encode("ascii", "replace")[:63].ljust(64, b"\x00")
        head = IDENTITY + POLL_REPLY.to_bytes(2, "little") + self.address + PORT.to_bytes(2, "little")
        head += self.firmware.to_bytes(2, "big") + bytes(8) + short + long + bytes(64)
        return (head + b"\x00\x01" + b"\x80").ljust(239, b"\x00")


Message = Dmx | Sync | Poll | PollReply


def _head(operation: int) -> bytes:
    return IDENTITY + operation.to_bytes(2, "little") + VERSION.to_bytes(2, "big")


def read(datagram: bytes) -> Message | None:
    """One whole datagram; None when it is none of ours."""
    size = _size(datagram)
    if size is None or len(datagram) < size:
        return None
    operation = int.from_bytes(datagram[8:10], "little")
    if operation == POLL_REPLY:
        name = datagram[26:44].split(b"\x00", 1)[0].decode("ascii", "replace")
        return PollReply(name, address=datagram[10:14], firmware=int.from_bytes(datagram[16:18], "big"))
    if operation == DMX:
        universe = int.from_bytes(datagram[14:16], "little")
        return Dmx(datagram[18:size], universe=universe, sequence=datagram[12], physical=datagram[13])
    return Poll(flags=datagram[12]) if operation == POLL else Sync()


def _size(raw: bytes) -> int | None:
    """How long the packet at the beginning of `raw` is, as far as can be seen yet; None when it is none of ours."""
    if raw[:8] != IDENTITY[: len(raw)]:
        return None
    if len(raw) < _HEAD_BYTES:
        return _HEAD_BYTES
    operation = int.from_bytes(raw[8:10], "little")
    if operation == POLL_REPLY:
        return POLL_REPLY_BYTES
    if operation not in (POLL, DMX, SYNC) or raw[10:12] != VERSION.to_bytes(2, "big")[: len(raw) - 10]:
        return None
    if operation != DMX:
        return 14
    if len(raw) < 18:
        return 18
    universe, channels = int.from_bytes(raw[14:16], "little"), int.from_bytes(raw[16:18], "big")
    good = 2 <= channels <= CHANNELS_MAX and channels % 2 == 0 and universe <= UNIVERSE_MAX
    return 18 + channels if good else None


class FrameParser(Headed[Message]):
    """Finds packets in a stream of datagrams, or in a capture of them."""

    def __init__(self) -> None:
        super().__init__(head_bytes=18, find=finder(IDENTITY), size=_size, read=read)
