"""Profiles of raters: what is declared is what is read and sent; what is ambiguous is refused with its place."""

from __future__ import annotations

import pytest
from device_bench import vectors_of
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.checksums import crc16_arc
from hardware.keypads.template import profiles
from hardware.keypads.template.codec import DeviceFrame, FrameParser, Junk
from hardware.keypads.template.layout import BadLayout, Layout, encodable
from hardware.keypads.template.profiles import BadTemplate, built_in, load, read

TEMPLATE = vectors_of("template")
EXAMPLE = built_in()["example"]


def frames(layout: Layout, *pieces: bytes) -> list[DeviceFrame]:
    parser = FrameParser(layout)
    found = [item for piece in pieces for item in parser.feed(piece)] + parser.flush()
    return [item for item in found if isinstance(item, DeviceFrame)]


# -- what is declared -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vector", TEMPLATE, ids=[v["name"] for v in TEMPLATE])
def test_the_vectors_are_keys_of_their_profile(vector) -> None:
    profile = load(vector["profile"])
    (frame,) = FrameParser(profile.incoming).feed(vector["raw"])
    level = int(vector["name"][-1])
    assert profile.keys[frame.key] == level
    assert profile.incoming.encode(key=profile.code_of(level)) == vector["raw"]


def test_all_vectors_are_here() -> None:
    assert len(TEMPLATE) == 5


def test_the_frames_of_the_example_byte_for_byte() -> None:
    """By hand: AA + 03 + 31 = DE; AA + 03 + 20 + "A041" in GBK and four blanks."""
    assert EXAMPLE.incoming.encode(addr=3, key=0x31).hex(" ") == "aa 03 31 de"
    assert EXAMPLE.out["ask"].encode(addr=3).hex(" ") == "aa 03 10 bd"
    shown = EXAMPLE.out["show"].encode(addr=3, text="A041")
    assert shown[:-1] == bytes.fromhex("aa 03 20") + b"A041    "
    assert shown[-1] == sum(shown[:-1]) & 0xFF
    assert EXAMPLE.out["stars"].encode(addr=3, number=4).hex(" ") == "aa 03 12 04 c3"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AA 01 {key} {xor8}", "aa 01 31 9a"),
        ("AA {len} {addr} {key} {sum16le} 0D", "aa 02 03 31 e0 00 0d"),
        ("AA 55 {begin} {addr} {key} {sum8} 16", "aa 55 03 31 34 16"),
        ("02 {seq} {key} 03", "02 07 31 03"),
        ("AA {data:2} {key} {sum8}", "aa 12 34 31 21"),
    ],
)
def test_every_token(text: str, expected: str) -> None:
    layout = Layout(text)
    raw = layout.encode(addr=3, key=0x31, seq=7, number=0x1234)
    assert raw.hex(" ") == expected
    (frame,) = frames(layout, raw)
    assert (frame.key, frame.raw) == (0x31, raw)


def test_the_crc_is_the_published_one() -> None:
    raw = Layout("31 32 33 34 35 36 37 38 {key} {crc16arc}").encode(key=0x39)
    assert raw[-2:] == bytes.fromhex("3d bb")
    assert crc16_arc(raw[:-2]) == 0xBB3D


def test_text_is_cut_between_characters_and_what_is_missing_is_told() -> None:
    layout = Layout("AA {text:gbk:5} 16")
    assert layout.encode(text="窗口号").hex(" ") == "aa b4 b0 bf da 20 16"
    assert encodable("张䶮→", charset="gbk") == ("张*→", {"䶮"})


# -- finding frames -------------------------------------------------------------------------------------------------

LAYOUTS = [
    Layout("AA {addr} {key} {sum8}"), Layout("AA 55 {begin} {len} {addr} {key} {crc16arc} 16"),
    Layout("02 {addr} {key} 03"), Layout("AA AA {key}"), Layout("{key}"), Layout("5B {key} {xor8}"),
]  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS, ids=[layout.text for layout in LAYOUTS])
def test_found_at_every_split_twice_in_a_row_and_inside_garbage(layout: Layout) -> None:
    raw = layout.encode(addr=3, key=0x31, seq=7)
    (frame,) = frames(layout, raw)
    for at in range(len(raw)):
        assert frames(layout, raw[:at], raw[at:]) == [frame]
    assert frames(layout, raw + raw) == [frame, frame]
    if layout.size == 1:
        return
    for garbage in (b"\x00\x16", raw[:1], raw[:-1], raw[:1] * 3):
        parser = FrameParser(layout)
        found = parser.feed(garbage + raw + garbage) + parser.flush()
        assert frame in found
        assert b"".join(item.raw for item in found) == garbage + raw + garbage


@pytest.mark.parametrize(
    "layout", [one for one in LAYOUTS if one.checked], ids=[one.text for one in LAYOUTS if one.checked]
)
def test_every_single_wrong_byte_is_refused_where_there_is_a_checksum(layout: Layout) -> None:
    raw = layout.encode(addr=3, key=0x31, seq=7)
    for at in range(len(raw)):
        for value in set(range(256)) - {raw[at]}:
            assert frames(layout, raw[:at] + bytes((value,)) + raw[at + 1 :]) == [], (at, value)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(LAYOUTS),
    st.lists(
        st.one_of(st.binary(max_size=6), st.sampled_from([b"\xaa\x03\x31\xde", b"\x02\x03\x31\x03", b"\xaa\xaa\x31"])),
        max_size=8,
    ).map(b"".join),
    st.integers(0, 40),
)
def test_no_bytes_whatever_stop_it_and_no_cut_changes_what_is_found(layout: Layout, stream: bytes, cut: int) -> None:
    whole, pieces = FrameParser(layout), FrameParser(layout)
    expected = [item for item in whole.feed(stream) + whole.flush() if isinstance(item, DeviceFrame)]
    found = pieces.feed(stream[:cut]) + pieces.feed(stream[cut:]) + pieces.flush()
    assert [item for item in found if isinstance(item, DeviceFrame)] == expected
    assert b"".join(item.raw for item in found) == stream


def test_noise_without_end_fills_no_memory() -> None:
    parser = FrameParser(LAYOUTS[0])
    told = sum(len(item.raw) for _ in range(3000) for item in parser.feed(b"\x01\x02\xaa") if isinstance(item, Junk))
    assert told > 0
    assert len(parser._rest) + len(parser._dropped) <= 9000
    assert len(parser._known) <= 4096


# -- refused, with the place ----------------------------------------------------------------------------------------

HEAD = "[profile.mine]\n"
KEYS = "\nkeys = { 31 = 5, 32 = 4 }\n"
OUT = HEAD + 'in = "{key}"' + KEYS + "[profile.mine.out]\n"
WRONG = {
    "x = ": (1, 5, ""),
    "[other]\na = 1\n": (1, 1, "unknown table 'other'"),
    HEAD + 'in = "AA {addr} {sum8}"' + KEYS: (2, 7, "no {key}"),
    HEAD + 'in = "AA {key} {key}"' + KEYS: (2, 16, "a second key"),
    HEAD + 'in = "AA {key} {sum8} {xor8}"' + KEYS: (2, 23, "a second checksum"),
    HEAD + 'in = "{addr} {key} {sum8}"' + KEYS: (2, 7, "ambiguous: a frame of several bytes begins with"),
    HEAD + 'in = "AA {key} AA"' + KEYS: (2, 16, "ambiguous: a second frame could begin here"),
    HEAD + 'in = "AA {seq} {key}"' + KEYS: (2, 10, "ambiguous: a second frame could begin here"),
    HEAD + 'in = "32 {key}"' + KEYS: (3, 18, "ambiguous: code 32 is also the first byte"),
    HEAD + 'in = "AA {key} {sum8} {addr}"' + KEYS: (2, 23, "after the checksum only fixed bytes"),
    HEAD + 'in = "AA {key} {begin}"' + KEYS: (2, 16, "{begin} says where a checksum begins"),
    HEAD + 'in = "AA {key} {sum8} 16 {len}"' + KEYS: (2, 26, "after the checksum only fixed bytes"),
    HEAD + 'in = "AA {key} {text:gbk:4}"' + KEYS: (2, 16, "a text cannot be told"),
    HEAD + 'in = "AA {kex}"' + KEYS: (2, 10, "unknown token {kex}"),
    HEAD + 'in = "AA{key}"' + KEYS: (2, 7, "neither two hex digits nor a token"),
    HEAD + 'in = "AA {data:99} {key}"' + KEYS: (2, 10, "no number of bytes"),
    HEAD + 'in = "AA {data:40} {key} 01 02 {text:gbk:40}"' + KEYS: (2, 32, "at most 64 bytes"),
    HEAD + 'in = ""' + KEYS: (2, 7, "an empty frame"),
    HEAD + "in = 5" + KEYS: (2, 6, "in is the frame as a text"),
    HEAD + 'in = "{key}"\n': (1, 1, "keys says what each code is"),
    HEAD + 'in = "{key}"\nkeys = { 31 = 6 }\n': (3, 10, "a key is a level 1 to 5"),
    HEAD + 'in = "{key}"\nkeys = { 31 = 5, 3 = 4 }\n': (3, 18, "'3' is no code"),
    HEAD + 'in = "{key}"\nkeys = { 0a = 5, 0A = 4 }\n': (3, 18, "ambiguous: code 0A stands here twice"),
    HEAD + 'in = "{key}"\nkeys = { 31 = "fly" }\n': (3, 10, "a key is a level 1 to 5, or one of call"),
    HEAD + 'baud = 12\nin = "{key}"' + KEYS: (2, 8, "baud is a number from 300"),
    HEAD + 'parity = "x"\nin = "{key}"' + KEYS: (2, 11, "parity is n, e or o"),
    HEAD + 'speed = 9600\nin = "{key}"' + KEYS: (2, 9, "unknown key 'speed'"),
    OUT + 'fly = "AA"\n': (5, 8, "unknown frame 'fly'"),
    OUT + 'ask = "AA {key}"\n': (5, 11, "{key} comes from the device"),
    OUT + 'ask = "AA {data:1}"\n': (5, 11, "{data} has nothing to say"),
    OUT + 'ask = "AA {text:gbk:4}"\n': (5, 11, "{text} has nothing to say"),
    OUT + 'show = "AA {text:klingon:4}"\n': (5, 12, "unknown character set"),
    OUT + 'show = "{text:utf-16:4}"\n': (5, 9, "a blank is not one byte"),
    OUT + 'ask = "AA 10"\nwelcome = "AA  10"\n': (
        6, 12, "ambiguous: the same bytes as 'ask'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG, ids=range(len(WRONG)))
def test_a_profile_that_cannot_be_used_is_refused_with_line_and_column(text: str) -> None:
    line, column, why = WRONG[text]
    with pytest.raises(BadTemplate) as refused:
        read(text, file="raters.toml")
    message = str(refused.value)
    assert message.startswith(f"raters.toml:{line}:{column}: "), message
    assert why in message


def test_a_name_that_is_nowhere_and_a_file_that_cannot_be_read(tmp_path) -> None:
    with pytest.raises(BadTemplate, match="there are example, raw1"):
        load("mine")
    with pytest.raises(BadTemplate, match="cannot be read"):
        load("mine", str(tmp_path / "none.toml"))
    own = tmp_path / "own.toml"
    own.write_text('[profile.mine]\nbaud = 2400\nparity = "e"\nin = "02 {key} 03"\nkeys = { 31 = 5, 43 = "call" }\n')
    mine = load("mine", str(own))
    assert (mine.baud, mine.parity, mine.stop, mine.debounce_ms) == (2400, "E", 1, 300)
    assert mine.keys == {0x31: 5, 0x43: "call"}
    assert profiles.built_in().keys() == {"raw1", "example"}


def test_a_second_frame_inside_the_first_is_seen_whatever_its_shape() -> None:
    assert Layout("AA AA {key}").overlap() is None
    assert Layout("AA {key} AA {key2}".replace("{key2}", "{addr}")).overlap() is not None
    assert Layout("AA {addr} {key} 55").overlap() is None
    assert Layout("02 {seq} {key} 03").overlap(frozenset({0x31, 0x32})) is None
    assert Layout("02 {seq} {key} 03").overlap(frozenset({0x31, 0x03})) is not None
    with pytest.raises(BadLayout, match="two hex digits"):
        Layout("A")
