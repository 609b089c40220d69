"""The `neutral` keypad frame, version 1, byte by byte (docs/devices-pads.md).

    AA 55 | 01 | N | ADDR | CMD | SEQ | PAYLOAD (N bytes) | CRC16 LE      CRC-16/ARC over 01 … PAYLOAD, no escaping

Sans-I/O. Integers are little-endian; a string is one length byte and UTF-8. A wrong frame costs one byte: the
parser searches on right behind its head, so a good frame inside garbage is found.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from hardware.checksums import crc16_arc

HEAD = b"\xaa\x55"
VERSION = 1
PAYLOAD_MAX = 200
OVERHEAD = 9
JUNK_BYTES_MAX = 4096
"""Junk is told in pieces of about so much: a noisy line fills no memory."""
BROADCAST = 0xFF
ADDRESSES = range(1, 0xFF)


class Command(IntEnum):
    """The CMD byte."""

    HELLO = 0x10
    PING = 0x11
    STAFF = 0x20
    WELCOME = 0x21
    ASK = 0x22
    CANCEL = 0x23
    RATED = 0x30
    ACK = 0x31
    FAULT = 0x3F


HOST_COMMANDS = frozenset({Command.PING, Command.STAFF, Command.WELCOME, Command.ASK, Command.CANCEL})
"""What only a host says."""


class Error(IntEnum):
    """The error byte of an ACK."""

    OK = 0
    UNKNOWN_COMMAND = 1
    BAD_LENGTH = 2
    BUSY = 3
    NO_SUCH_ASK = 4
    NO_SUCH_KEY = 5


PAD_FAULTS = {1: "pad_memory", 2: "key_stuck", 3: "pad_display"}


class Frame(NamedTuple):
    """One frame, payload not yet read."""

    addr: int
    cmd: int
    seq: int
    payload: bytes = b""

    def encode(self) -> bytes:
        """The bytes on the wire."""
        if len(self.payload) > PAYLOAD_MAX:
            raise ValueError(f"{len(self.payload)} bytes of payload; {PAYLOAD_MAX} are allowed")
        body = bytes((VERSION, len(self.payload), self.addr, self.cmd, self.seq)) + self.payload
        return HEAD + body + crc16_arc(body).to_bytes(2, "little")


@dataclass(frozen=True, slots=True)
class Junk:
    """Bytes that belong to no frame."""

    raw: bytes


@dataclass(slots=True)
class FrameParser:
    """Finds frames in a stream; keeps at most one unfinished frame."""

    _rest: bytes = b""
    _dropped: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> list[Frame | Junk]:
        """Takes bytes, gives frames and, before each, the junk that stood in front of it."""
        stream = self._rest + data
        found: list[Frame | Junk] = []
        at = junk = 0
        size = len(stream)
        while (at := stream.find(HEAD, at)) >= 0 and at + 4 <= size:
            end = at + stream[at + 3] + OVERHEAD
            if stream[at + 2] != VERSION or stream[at + 3] > PAYLOAD_MAX:
                at += 1
                continue
            if end > size:
                break
            if crc16_arc(stream[at + 2 : end - 2]) != stream[end - 2] | stream[end - 1] << 8:
                at += 1
                continue
            if at > junk or self._dropped:
                self._dropped += stream[junk:at]
                self._tell_dropped(found)
            found.append(Frame(stream[at + 4], stream[at + 5], stream[at + 6], stream[at + 7 : end - 2]))
            at = junk = end
        if at < 0:
            at = max(junk, size - (stream[-1:] == HEAD[:1]))
        self._dropped += stream[junk:at]
        self._rest = stream[at:]
        if not self._rest or len(self._dropped) > JUNK_BYTES_MAX:
            self._tell_dropped(found)
        return found

    def flush(self) -> list[Frame | Junk]:
        """100 ms of silence: what looked like the beginning of a frame was none; search on behind its head."""
        found: list[Frame | Junk] = []
        while self._rest:
            self._dropped.append(self._rest[0])
            self._rest = self._rest[1:]
            found += self.feed(b"")
        self._tell_dropped(found)
        return found

    def _tell_dropped(self, found: list[Frame | Junk]) -> None:
        if self._dropped:
            found.append(Junk(bytes(self._dropped)))
            self._dropped.clear()


# -- messages ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hello:
    """The pad says who it is."""

    identity: str
    firmware: str
    keys: int

    def payload(self) -> bytes:
        return _string(self.identity) + _string(self.firmware) + bytes((self.keys,))


@dataclass(frozen=True, slots=True)
class Ping:
    """Are you there?"""

    def payload(self) -> bytes:
        return b""


@dataclass(frozen=True, slots=True)
class Staff:
    """Who serves here: a name to show, a number, stars 0 to 5."""

    name: str
    number: str
    stars: int = 0

    def payload(self) -> bytes:
        return _string(self.name) + _string(self.number) + bytes((self.stars,))


@dataclass(frozen=True, slots=True)
class Welcome:
    """Back to the idle picture."""

    def payload(self) -> bytes:
        return b""


@dataclass(frozen=True, slots=True)
class AskFrame:
    """The question, with the nonce that its answer must carry."""

    session: int
    timeout_s: int
    nonce: int

    def payload(self) -> bytes:
        return struct.pack("<IHI", self.session, self.timeout_s, self.nonce)


@dataclass(frozen=True, slots=True)
class CancelFrame:
    """Take the question away."""

    session: int

    def payload(self) -> bytes:
        return struct.pack("<I", self.session)


@dataclass(frozen=True, slots=True)
class Press:
    """RATED: a key was pressed."""

    session: int
    key: int
    nonce: int
    ms_after_ask: int
    presses: int = 1

    def payload(self) -> bytes:
        return struct.pack("<IBIIB", self.session, self.key, self.nonce, self.ms_after_ask, self.presses)


@dataclass(frozen=True, slots=True)
class Ack:
    """The answer to a command of the same SEQ."""

    command: int
    error: int = 0

    def payload(self) -> bytes:
        return bytes((self.command, self.error))


@dataclass(frozen=True, slots=True)
class PadFault:
    """Something in the pad is broken."""

    code: int
    text: str

    def payload(self) -> bytes:
        return bytes((self.code,)) + _string(self.text)


Message = Hello | Ping | Staff | Welcome | AskFrame | CancelFrame | Press | Ack | PadFault

_COMMANDS: dict[type, Command] = {
    Hello: Command.HELLO,
    Ping: Command.PING,
    Staff: Command.STAFF,
    Welcome: Command.WELCOME,
    AskFrame: Command.ASK,
    CancelFrame: Command.CANCEL,
    Press: Command.RATED,
    Ack: Command.ACK,
    PadFault: Command.FAULT,
}


def frame_of(message: Message, *, addr: int, seq: int) -> Frame:
    """A message in its frame."""
    return Frame(addr=addr, cmd=_COMMANDS[type(message)], seq=seq, payload=message.payload())


def read(frame: Frame) -> Message | Error:
    """The message in a frame, or the error to answer it with."""
    try:
        return _read(frame.cmd, frame.payload)
    except (struct.error, IndexError, UnicodeDecodeError, _BadLength):
        return Error.BAD_LENGTH


class _BadLength(Exception):
    """Bytes are left over, or missing."""


def _read(cmd: int, payload: bytes) -> Message | Error:
    match cmd:
        case Command.HELLO:
            identity, firmware, rest = _strings(payload)
            return Hello(identity, firmware, _only(rest))
        case Command.STAFF:
            name, number, rest = _strings(payload)
            return Staff(name, number, _only(rest))
        case Command.ASK:
            return AskFrame(*struct.unpack("<IHI", payload))
        case Command.CANCEL:
            return CancelFrame(*struct.unpack("<I", payload))
        case Command.RATED:
            return Press(*struct.unpack("<IBIIB", payload))
        case Command.ACK:
            return Ack(*struct.unpack("<BB", payload))
        case Command.FAULT:
            text, rest = _take_string(payload[1:])
            if rest:
                raise _BadLength
            return PadFault(payload[0], text)
        case Command.PING | Command.WELCOME:
            if payload:
                raise _BadLength
            return Ping() if cmd == Command.PING else Welcome()
    return Error.UNKNOWN_COMMAND


def _string(text: str) -> bytes:
    """At most 80 bytes, cut between characters: two strings fit a payload."""
    encoded = text.encode()[:80].decode("utf-8", "ignore").encode()
    return bytes((len(encoded),)) + encoded


def _take_string(raw: bytes) -> tuple[str, bytes]:
    size = raw[0]
    if len(raw) < 1 + size:
        raise _BadLength
    return raw[1 : 1 + size].decode(), raw[1 + size :]


def _strings(raw: bytes) -> tuple[str, str, bytes]:
    first, rest = _take_string(raw)
    second, rest = _take_string(rest)
    return first, second, rest


def _only(rest: bytes) -> int:
    if len(rest) != 1:
        raise _BadLength
    return rest[0]
