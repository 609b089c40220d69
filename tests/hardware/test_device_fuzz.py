"""No bytes whatever stop a codec or fill its memory: a short run here, a million inputs in `make prove`.

Inputs are made of what hurts: pieces of real frames, single changed bytes, lengths that lie, heads without an end.
"""

from __future__ import annotations

import random
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from device_bench import vectors_of
from device_codecs import CODECS, Codec, Vector
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardware.keypads import codec as neutral
from hardware.keypads.pad68 import codec as pad68
from hardware.led import bxk_areas, cpower_commands
from hardware.led import bxk_codec as bxk
from hardware.led import cpower_codec as cpower
from hardware.printers import codec as answers
from hardware.readers import card as cards
from hardware.readers import codec as samv
from hardware.readers.lines import LINE_BYTES_MAX, KeyParser

MILLION = 1_000_000
BABBLE_BYTES = 20_000
MARKS = b"\x00\x0d\x0a\x10\x16\x1b\x1d\x37\x55\x5a\x5f\x68\x69\x90\x96\xa5\xaa\xae\xff"
HID_STROKE = bytes(16) + b"\x01\x00\x1e\x00\x01\x00\x00\x00"
KINDS: dict[str, list[Vector]] = {
    name: vectors_of(name) or [{"protocol": name, "name": "made", "raw": HID_STROKE}] for name in CODECS
}


def read_neutral(item: Any) -> None:
    neutral.read(item)


def read_pad68(item: Any) -> None:
    pad68.read(item)
    pad68.read_show(item)
    pad68.answer_to(item).encode()


def read_bxk(item: Any) -> None:
    bxk.read_reply(item.data)
    command = bxk_areas.read_dynamic_areas(item.data)
    for area in command.areas if command is not None else ():
        bxk_areas.read_text(area.text)


def read_cpower(item: Any) -> None:
    packet = cpower.read_packet(item.data)
    for data in (item.data, packet.data if packet is not None else b""):
        cpower_commands.read_text(data)
        cpower_commands.read_picture(data)


def read_escpos(item: Any) -> None:
    if isinstance(item, answers.AutomaticStatus):
        answers.automatic_faults(item.raw)
    elif isinstance(item, answers.BlockAnswer):
        _ = item.process_id, item.identity
    elif isinstance(item, answers.FullStatus):
        answers.full_faults(item.groups)


def read_samv(item: Any) -> None:
    if isinstance(item, samv.Frame):
        _ = item.word, samv.module_number(item)
        text = samv.text_of(item)
        card = cards.read(text if text is not None else item.data[:256])
        _ = card is not None and card.is_plausible


DEEPER: dict[str, Callable[[Any], None]] = {
    "neutral": read_neutral, "pad68": read_pad68, "bxk": read_bxk, "cpower": read_cpower, "escpos": read_escpos,
    "samv": read_samv,
}  # fmt: skip


def kept(parser: object) -> int:
    """Bytes and items a parser holds on to; what it remembers to be quick (bounded dictionaries) does not count."""
    names = [*getattr(parser, "__dict__", ()), *(s for c in type(parser).__mro__ for s in getattr(c, "__slots__", ()))]
    values = [getattr(parser, name) for name in names if hasattr(parser, name)]
    return sum(len(v) for v in values if isinstance(v, bytes | bytearray | str | deque))


def swallow(name: str, vector: Vector, pieces: list[bytes]) -> None:
    """Reads these pieces, looks into everything that was found, falls silent."""
    codec = CODECS[name]
    parser = codec.parser(vector)
    deeper = DEEPER.get(name)
    for piece in pieces:
        for item in codec.feed(parser, piece):
            if deeper is not None:
                deeper(item)
        assert kept(parser) <= codec.kept_max + len(piece)
    codec.end(parser)


def fragments(name: str) -> st.SearchStrategy[bytes]:
    """Whole frames, their beginnings and ends, frames with a changed byte, marks, noise."""
    whole = st.sampled_from([v["raw"] for v in KINDS[name]])
    cut = st.tuples(whole, st.integers(0, 40), st.booleans()).map(lambda t: t[0][: t[1]] if t[2] else t[0][t[1] :])
    changed = st.tuples(whole, st.integers(0, 2000), st.integers(0, 255)).map(
        lambda t: t[0][: t[1] % len(t[0])] + bytes((t[2],)) + t[0][t[1] % len(t[0]) + 1 :]
    )
    marks = st.lists(st.sampled_from(list(MARKS)), max_size=12).map(bytes)
    return whole | cut | changed | marks | st.binary(max_size=60)


@pytest.mark.parametrize("name", CODECS)
def test_nothing_on_the_wire_raises_or_is_hoarded(name: str) -> None:
    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(st.sampled_from(KINDS[name]), st.lists(fragments(name), max_size=8))
    def run(vector: Vector, pieces: list[bytes]) -> None:
        swallow(name, vector, pieces)

    run()


@pytest.mark.parametrize("name", [n for n in CODECS if n not in ("escpos", "hid", "scanner")])
def test_the_pieces_do_not_matter(name: str) -> None:
    @settings(max_examples=30, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(st.sampled_from(KINDS[name]), st.lists(fragments(name), max_size=6), st.integers(1, 9))
    def run(vector: Vector, pieces: list[bytes], step: int) -> None:
        stream = b"".join(pieces)
        cut = [stream[at : at + step] for at in range(0, len(stream), step)]
        assert CODECS[name].messages(vector, *cut) == CODECS[name].messages(vector, stream)

    run()


@pytest.mark.parametrize("name", CODECS)
def test_a_device_that_never_stops_babbling_fills_nothing(name: str) -> None:
    """Beginnings without an end, again and again, and never a silence in which a parser could tidy up."""
    codec = CODECS[name]
    for vector in KINDS[name][:3]:
        for cut in {1, 3, max(1, len(vector["raw"]) // 2), max(1, len(vector["raw"]) - 1)}:
            for piece in (vector["raw"][:cut], b"\x01" + vector["raw"][:cut], vector["raw"][:cut] + b"\xfe"):
                assert babbled(codec, vector, piece) <= codec.kept_max + 2048, (vector["name"], piece)


def babbled(codec: Codec, vector: Vector, piece: bytes) -> int:
    """How much a parser keeps after many of these pieces."""
    parser = codec.parser(vector)
    block = piece * (1 + 2000 // len(piece))
    for _ in range(BABBLE_BYTES // len(block)):
        codec.feed(parser, block)
    return kept(parser)


def test_a_keyboard_that_types_without_end_fills_nothing() -> None:
    chance, parser = random.Random(5), KeyParser()
    now = 0.0
    for _ in range(5000):
        now += chance.choice((0.0, 0.001, 0.04, 0.2))
        if chance.random() < 0.02:
            parser.enter(now)
        else:
            parser.key("".join(chance.choices("aZ0/\x00\u200b漢🙂", k=chance.randrange(40))), now)
        assert kept(parser) <= LINE_BYTES_MAX + 1


# -- a million --------------------------------------------------------------------------------------------------


def damaged(chance: random.Random, vectors: list[Vector]) -> Iterator[tuple[Vector, list[bytes]]]:
    """Inputs without end, quicker than hypothesis makes them."""
    noise = chance.randbytes(1 << 16)
    while True:
        vector = chance.choice(vectors)
        raw = chance.choice(vectors)["raw"][:200]
        kind = chance.randrange(5)
        at = chance.randrange(len(raw))
        if kind == 0:
            start = chance.randrange(len(noise) - 64)
            data = noise[start : start + chance.randrange(64)]
        elif kind == 1:
            data = raw[:at] + bytes((chance.randrange(256),)) + raw[at + 1 :]
        elif kind == 2:
            data = raw[:at] + bytes(chance.choices(MARKS, k=chance.randrange(6))) + raw[at:]
        elif kind == 3:
            data = raw[at:] + raw[: chance.randrange(len(raw))]
        else:
            data = bytes(chance.choices(MARKS, k=chance.randrange(24)))
        cut = chance.randrange(len(data) + 1)
        yield vector, [data[:cut], data[cut:]]


@pytest.mark.slow
def test_a_million_inputs() -> None:
    """One parser lives through many inputs, as it does on a line; every hundredth input it is a new one."""
    chance = random.Random(20_261_124)
    each = -(-MILLION // len(CODECS))
    begun, done = time.monotonic(), 0
    for name, codec in CODECS.items():
        deeper = DEEPER.get(name)
        inputs = damaged(chance, KINDS[name])
        vector, parser = KINDS[name][0], codec.parser(KINDS[name][0])
        for n in range(each):
            told, pieces = next(inputs)
            if n % 100 == 0:
                vector, parser = told, codec.parser(told)
            for piece in pieces:
                for item in codec.feed(parser, piece):
                    if deeper is not None:
                        deeper(item)
            if n % 10 == 0:
                codec.end(parser)
            if n % 1000 == 999:
                assert kept(parser) <= codec.kept_max + 4096, (name, vector["name"])
            done += 1
    assert done >= MILLION
    sys.stderr.write(f"{done} inputs in {time.monotonic() - begun:.0f} s\n")
