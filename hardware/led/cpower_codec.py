"""Lumen C-Power cards (`cpower`), the frames byte by byte, on a serial line and over TCP (docs/devices.md).

Sans-I/O. A body is `68 32 ID CMD flag data`, its sum16 behind it, low byte first. On a serial line it stands between A5
and AE with escapes; over TCP behind a network number and its length, without escapes. Source: the documents of
arturas88/led-controller-sdk (MIT), whose printed frames are in the vectors. The TCP length is little-endian in that
library's code; the documents do not say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from hardware.led.stream import Delimited, Headed, finder
from hardware.led.stream import Junk as Junk

SEND, ANSWER = 0x68, 0xE8
"""The first byte; cards with old firmware answer 68, so bit 7 is ignored."""
CARD_TYPE = 0x32
EVERY_CARD = 0xFF
EVERY_NETWORK = 0xFFFFFFFF
EXTERNAL = 0x7B
"""The command that carries texts and pictures in one or more packets."""
BODY_BYTES_MAX = 2048
RAW_BYTES_MAX = 2 * (BODY_BYTES_MAX + 2)
TCP_HEAD_BYTES = 8

LINE_HEAD = b"\xa5"
"""How a conversation on a serial line begins, and none over TCP."""
_TAIL = b"\xae"
_BAD_ESCAPE = re.compile(rb"\xaa(?![\x05\x0a\x0e])")


@dataclass(frozen=True, slots=True)
class Frame:
    """A packet to or from a card."""

    cmd: int
    data: bytes
    card: int = 1
    """1 to 254; 255 every card."""
    flag: int = 1
    """To a card 1 asks for an answer; from a card its return value stands here."""
    kind: int = SEND

    def body(self) -> bytes:
        """The body with its sum."""
        body = bytes((self.kind, CARD_TYPE, self.card, self.cmd, self.flag)) + self.data
        return body + (sum(body) & 0xFFFF).to_bytes(2, "little")

    def encode(self) -> bytes:
        """The bytes on a serial line."""
        return LINE_HEAD + escape(self.body()) + _TAIL

    def encode_tcp(self, *, network: int = EVERY_NETWORK) -> bytes:
        """The bytes in a TCP connection."""
        body = self.body()
        return network.to_bytes(4, "big") + len(body).to_bytes(2, "little") + b"\x00\x00" + body


def escape(body: bytes) -> bytes:
    """AA A5 AE become two bytes each."""
    body = body.replace(b"\xaa", b"\xaa\x0a").replace(b"\xa5", b"\xaa\x05")
    return body.replace(b"\xae", b"\xaa\x0e")


def unescape(raw: bytes) -> bytes | None:
    """The body of a frame; None when an escape is wrong."""
    if b"\xaa" not in raw:
        return raw
    if _BAD_ESCAPE.search(raw):
        return None
    raw = raw.replace(b"\xaa\x05", b"\xa5").replace(b"\xaa\x0e", b"\xae")
    return raw.replace(b"\xaa\x0a", b"\xaa")


def read_body(body: bytes) -> Frame | None:
    """The frame of a body with its sum; None when the sum, the fixed bytes or the lengths are wrong."""
    if not 7 <= len(body) <= BODY_BYTES_MAX or body[0] & 0x7F != SEND or body[1] != CARD_TYPE:
        return None
    if sum(body[:-2]) & 0xFFFF != int.from_bytes(body[-2:], "little"):
        return None
    frame = Frame(cmd=body[3], data=body[5:-2], card=body[2], flag=body[4], kind=body[0])
    # Two bytes exchanged pass a plain sum: what else must hold is looked at too.
    return None if frame.cmd == EXTERNAL and read_packet(frame.data) is None else frame


def _read_serial(raw: bytes) -> Frame | None:
    body = unescape(raw)
    return None if body is None else read_body(body)


class FrameParser(Delimited[Frame]):
    """Finds frames on a serial line; starts afresh at every raw A5."""

    def __init__(self) -> None:
        super().__init__(head=LINE_HEAD, tail=_TAIL, bytes_max=RAW_BYTES_MAX, read=_read_serial)


class TcpParser(Headed[Frame]):
    """Finds frames in a TCP connection by the network number in front of them."""

    def __init__(self, network: int = EVERY_NETWORK) -> None:
        super().__init__(
            head_bytes=TCP_HEAD_BYTES,
            find=finder(network.to_bytes(4, "big")),
            size=_tcp_size,
            read=lambda raw: read_body(raw[TCP_HEAD_BYTES:]),
        )


def _tcp_size(head: bytes) -> int | None:
    if head[6:] not in (b"", b"\x00", b"\x00\x00"):
        return None
    if len(head) < 6:
        return TCP_HEAD_BYTES
    size = int.from_bytes(head[4:6], "little")
    return TCP_HEAD_BYTES + size if 7 <= size <= BODY_BYTES_MAX else None


# -- packets of the command 7B ----------------------------------------------------------------------------------

CHUNK_BYTES = 512
"""The documents' limit for file data; for texts and pictures they name none (not tried on a card)."""


@dataclass(frozen=True, slots=True)
class Packet:
    """A part of what a card shall show, and which of how many it is, from 0."""

    data: bytes
    number: int = 0
    last: int = 0


def read_packet(data: bytes) -> Packet | None:
    """The packet in the data of a 7B frame; None when its length or its numbers do not hold."""
    if len(data) < 4 or int.from_bytes(data[:2], "little") != len(data) - 4 or data[2] > data[3]:
        return None
    return Packet(data[4:], number=data[2], last=data[3])


def packet_data(packet: Packet) -> bytes:
    """The other way."""
    return len(packet.data).to_bytes(2, "little") + bytes((packet.number, packet.last)) + packet.data


def packets(payload: bytes) -> list[Packet]:
    """A payload in packets; its command byte is in the first one only."""
    chunks = [payload[at : at + CHUNK_BYTES] for at in range(0, len(payload), CHUNK_BYTES)] or [b""]
    if len(chunks) > 256:
        raise ValueError(f"{len(payload)} bytes do not fit 256 packets of {CHUNK_BYTES}")
    return [Packet(chunk, number=number, last=len(chunks) - 1) for number, chunk in enumerate(chunks)]


@dataclass(slots=True)
class Joiner:
    """The card's side: packets in their order become a payload again."""

    _parts: list[bytes] = field(default_factory=list)

    def add(self, packet: Packet) -> bytes | None:
        """The payload with its last packet, b"" before it; None for a packet out of order."""
        if packet.number == 0:
            self._parts.clear()
        if packet.number != len(self._parts):
            return None
        self._parts.append(packet.data)
        return b"".join(self._parts) if packet.number == packet.last else b""
