"""Every codec of `hardware` behind one shape, for the proofs that are the same for all: vectors, damage, fuzz, speed.

One entry a protocol in CODECS. A new protocol is one more entry; `test_device_vectors.py` fails until it is there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from hardware.keypads import codec as neutral
from hardware.keypads.hid import codec as hid
from hardware.keypads.pad68 import codec as pad68
from hardware.keypads.template.codec import FrameParser as TemplateParser
from hardware.keypads.template.codec import Junk as TemplateJunk
from hardware.keypads.template.profiles import built_in
from hardware.led import artnet_codec as artnet
from hardware.led import bxk_codec as bxk
from hardware.led import cpower_codec as cpower
from hardware.led import ddp_codec as ddp
from hardware.led.stream import Junk as LedJunk
from hardware.printers import codec as answers
from hardware.printers import commands as esc
from hardware.readers import card as cards
from hardware.readers import codec as samv
from hardware.readers import lines

Vector = dict[str, Any]


class Parser(Protocol):
    """What every incremental parser has."""

    def feed(self, data: bytes) -> list[Any]: ...


@dataclass(frozen=True)
class Codec:
    """One protocol. `vector` tells which of several parsers of it is meant."""

    parser: Callable[[Vector], Parser]
    junk: type
    encode: Callable[[Any, Vector], bytes]
    guarded: Callable[[Vector], range] = lambda vector: range(len(vector["raw"]))
    """Places at which any other byte must be refused: all of them where a checksum stands over everything."""
    garbage: tuple[bytes, ...] = (b"\x00", b"\x13\x37", b"\xff\xff\xff")
    """What may stand before and after; empty where every byte means something."""
    knows_its_head: bool = True
    """Whether a good frame is found behind the beginning of another: a checksum tells that the first was none."""
    kept_max: int = 4096
    """Bytes a parser may keep of a stream that never becomes a frame."""

    def feed(self, parser: Parser, data: bytes) -> list[Any]:
        """The messages in these bytes, without junk."""
        return [item for item in parser.feed(data) if not isinstance(item, self.junk)]

    def end(self, parser: Parser) -> list[Any]:
        """What is found when the line is quiet."""
        flush = getattr(parser, "flush", None)
        return [item for item in flush() if not isinstance(item, self.junk)] if flush is not None else []

    def messages(self, vector: Vector, *pieces: bytes) -> list[Any]:
        """All messages of a stream that came in these pieces and then fell silent."""
        parser = self.parser(vector)
        return [item for piece in pieces for item in self.feed(parser, piece)] + self.end(parser)


def _nothing(vector: Vector) -> range:
    return range(0)


# -- escpos: two directions, no checksum --------------------------------------------------------------------------


def _escpos_parser(vector: Vector) -> Parser:
    if vector.get("direction") == "host_to_device":
        return esc.CommandParser()
    parser = answers.AnswerParser(full_status=vector.get("profile") == "custom")
    for _ in range(3 if "query" in vector or vector.get("name", "").startswith("status") else 0):
        parser.asked(vector.get("query", 4))
    return parser


def _escpos_written(message: Any, vector: Vector) -> bytes:
    match message:
        case answers.RealTimeStatus(value=value) | answers.OneByteStatus(value=value):
            return bytes((value,))
        case answers.AutomaticStatus(raw=raw) | answers.FullStatus(raw=raw) | answers.BlockAnswer(raw=raw):
            return raw
        case esc.Ignored(raw=raw) | esc.Characters(raw=raw):
            return raw
        case esc.Initialise():
            return answers.INITIALISE
        case esc.AutomaticStatusMode(n=n):
            return {0x0F: answers.ASB_ON, 0xFF: answers.ASB_ALL, 0: answers.ASB_OFF}[n]
        case esc.RealTimeQuery(n=n):
            return answers.FULL_STATUS if n == 20 else answers.status_query(n)
        case esc.Recover(n=n):
            return {1: answers.RECOVER_RETRY, 2: answers.RECOVER_CLEAR}[n]
        case esc.StatusInOrder(n=1):
            return answers.BARRIER
        case esc.IdentityQuery(n=n):
            return {0x42: answers.IDENTITY_MAKER, 0x43: answers.IDENTITY_MODEL}[n]
        case esc.Feed(lines=count):
            return answers.feed(count)
        case esc.ProcessId(digits=digits):
            return answers.process_id_request(int(digits))
        case esc.Picture(width_bytes=width, data=data):
            return answers.raster_band(data, width_bytes=width)
        case esc.StorePicture(picture=picture):
            return answers.graphics_band(picture.data, width_bytes=picture.width_bytes)
        case esc.PrintStored():
            return b""  # the second half of what a graphics band is
        case esc.Cut(full=full):
            old = vector["name"].endswith("_old")
            return {
                (True, False): answers.CUT_FULL, (False, False): answers.CUT_PARTIAL,
                (True, True): answers.CUT_FULL_OLD, (False, True): answers.CUT_PARTIAL_OLD,
            }[full, old]  # fmt: skip
        case esc.Ejector(n=3, amount=amount):
            return answers.ejector_present(amount)
        case esc.Ejector(n=n):
            return {2: answers.EJECTOR_RETRACT, 5: answers.EJECTOR_EJECT, 6: answers.EJECTOR_STATUS}[n]
    raise AssertionError(f"no bytes for {message}")


# -- samv: frames, and the record inside one ----------------------------------------------------------------------


class RecordParser:
    """The text record is no frame: 256 bytes that come inside one, read when they are all there."""

    def __init__(self) -> None:
        self._raw = b""

    def feed(self, data: bytes) -> list[Any]:
        self._raw += data
        found: list[Any] = []
        while len(self._raw) >= cards.RECORD_BYTES:
            card = cards.read(self._raw[: cards.RECORD_BYTES])
            found.append(card if card is not None else samv.Junk(cards.RECORD_BYTES))
            self._raw = self._raw[cards.RECORD_BYTES :]
        return found


def _is_record(vector: Vector) -> bool:
    return vector.get("name") == "text_record"


def _cpower_tcp(vector: Vector) -> bool:
    return vector.get("transport") == "tcp"


CODECS: dict[str, Codec] = {
    "escpos": Codec(
        _escpos_parser, answers.Junk, _escpos_written, _nothing, (), knows_its_head=False,
        kept_max=esc.PICTURE_BYTES_MAX + 64,
    ),
    "bxk": Codec(
        lambda v: bxk.FrameParser(), LedJunk, lambda frame, v: frame.encode(heads=v.get("leading_a5", 8)),
        # One A5 is enough: the run before the last may be anything.
        lambda v: range(v.get("leading_a5", 8), len(v["raw"])), kept_max=bxk.RAW_BYTES_MAX,
    ),
    "cpower": Codec(
        lambda v: cpower.TcpParser() if _cpower_tcp(v) else cpower.FrameParser(), LedJunk,
        lambda frame, v: frame.encode_tcp() if _cpower_tcp(v) else frame.encode(), kept_max=cpower.RAW_BYTES_MAX,
    ),
    "artnet": Codec(
        lambda v: artnet.FrameParser(), LedJunk, lambda frame, v: frame.encode(), lambda v: range(9),
        knows_its_head=False,
    ),
    "ddp": Codec(
        lambda v: ddp.FrameParser(), LedJunk, lambda frame, v: frame.encode(), lambda v: range(2, 4),
        knows_its_head=False,
    ),
    "pad68": Codec(lambda v: pad68.FrameParser(), pad68.Junk, lambda frame, v: frame.encode()),
    "neutral": Codec(lambda v: neutral.FrameParser(), neutral.Junk, lambda frame, v: frame.encode()),
    "template": Codec(
        lambda v: TemplateParser(built_in()[v.get("profile", "example")].incoming), TemplateJunk,
        lambda frame, v: frame.raw, _nothing, (), knows_its_head=False,
    ),
    "hid": Codec(
        lambda v: hid.EventParser(), hid.Junk, lambda e, v: hid.event(e.code, e.value), _nothing, (),
        knows_its_head=False,
    ),
    "samv": Codec(
        lambda v: RecordParser() if _is_record(v) else samv.FrameParser(), samv.Junk,
        lambda found, v: cards.write(found) if _is_record(v) else found.encode(),
        lambda v: range(0) if _is_record(v) else range(len(v["raw"])), kept_max=samv.FRAME_MAX,
    ),
    "scanner": Codec(
        lambda v: lines.LineParser(), lines.Junk,
        lambda code, v: code.encode() + (b"\n" if v.get("name") == "line_crlf" else b""), _nothing,
        (b"\xff\xfe\r", b"\x00\r\n"), knows_its_head=False, kept_max=lines.LINE_BYTES_MAX,
    ),
}  # fmt: skip
