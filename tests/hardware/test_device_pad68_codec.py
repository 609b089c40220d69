"""pad68 frames: the vectors' fields and bytes, cut anywhere, damaged anywhere, back to back and inside garbage."""

from __future__ import annotations

import itertools

import pytest
from device_bench import vectors_of
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.keypads.pad68 import codec
from hardware.keypads.pad68.codec import Frame, FrameParser, Junk

PAD68 = vectors_of("pad68")
BY_NAME = {vector["name"]: vector for vector in PAD68}
UNTIL_NOW = 18
"""As many frames as the reference has."""

every_vector = pytest.mark.parametrize("vector", PAD68, ids=[v["name"] for v in PAD68])


def frames(parser: FrameParser, *pieces: bytes) -> list[Frame]:
    found = [item for piece in pieces for item in parser.feed(piece)] + parser.flush()
    return [item for item in found if isinstance(item, Frame)]


def test_all_vectors_are_here() -> None:
    assert len(PAD68) == UNTIL_NOW


KEYS = {
    "key_call": ("call", ""),
    "key_recall": ("recall", ""),
    "key_rate": ("rate", ""),
    "key_pause": ("pause", ""),
    "key_transfer": ("transfer", ""),
    "key_confirm_no_show": ("no_show", ""),
    "key_confirm_hold": ("hold", ""),
    "key_confirm_call_back": ("return", ""),
    "key_one_metre": ("one_metre", ""),
}


@pytest.mark.parametrize("name", KEYS)
def test_a_key_is_read_and_written(name: str) -> None:
    raw = BY_NAME[name]["raw"]
    (frame,) = FrameParser().feed(raw)
    key, digits = KEYS[name]
    assert codec.read(frame) == codec.KeyPress(1, key, digits)
    assert codec.key_frame(1, key, digits=digits).encode() == raw
    assert codec.answer_to(frame).encode() == bytes.fromhex(BY_NAME[name]["host_ack"])


@pytest.mark.parametrize("value", [0, 1, 2, 3])
def test_a_rating_is_read_and_answered(value: int) -> None:
    vector = BY_NAME[f"rated_{value}"]
    (frame,) = FrameParser().feed(vector["raw"])
    assert codec.read(frame) == codec.RatingPress(1, value)
    assert codec.rating_frame(1, value).encode() == vector["raw"]
    assert codec.answer_to(frame).encode() == bytes.fromhex(vector["host_ack"])


def test_the_levels_are_those_whose_label_is_known() -> None:
    assert codec.LEVELS == {3: 5, 2: 4, 0: 2}


def test_what_the_host_shows_is_byte_for_byte_the_reference() -> None:
    made = {
        "show_ticket_012": codec.show_number(1, "A012"),
        "show_waiting_005": codec.show_waiting(1, 5),
        "beep": codec.beep(1),
        "show_stars_5": codec.show_stars(1, 5),
        "start_rating": codec.open_rating(1),
    }
    assert {name: frame.encode() for name, frame in made.items()} == {name: BY_NAME[name]["raw"] for name in made}
    nothing = (None, None, None)
    assert codec.read_show(made["show_ticket_012"]) == codec.Shown(nothing, (0, 1, 2))
    assert codec.read_show(made["show_waiting_005"]) == codec.Shown((0, 0, 5), nothing)
    assert codec.read_show(made["show_stars_5"]) == codec.Shown(stars=5)
    assert codec.read_show(made["beep"]) is None


def test_numbers_wider_than_the_display_keep_their_end() -> None:
    assert codec.show_number(1, "A1234").data[3:] == bytes((2, 3, 4))
    assert codec.show_number(1, None).data[3:] == bytes(3)
    assert codec.show_number(1, "VIP").data[3:] == bytes(3)
    assert codec.show_waiting(1, 1000).data[:3] == bytes((9, 9, 9))
    assert codec.show_waiting(1, -1).data[:3] == bytes(3)
    assert codec.read_show(codec.nothing_new(1)) == codec.Shown()


@every_vector
def test_found_at_every_split_twice_in_a_row_and_inside_garbage(vector) -> None:
    raw = vector["raw"]
    (frame,) = FrameParser().feed(raw)
    assert frame.encode() == raw
    for at in range(len(raw)):
        assert frames(FrameParser(), raw[:at], raw[at:]) == [frame]
    assert frames(FrameParser(), *(bytes((byte,)) for byte in raw)) == [frame]
    assert FrameParser().feed(raw + raw) == [frame, frame]
    for garbage in (b"\x00\x16", b"\xff", b"\xff\x68", b"\xff\x68\x08\x08\x68\x01", raw[:-1], raw[:6], b"\xff\x68" * 9):
        parser = FrameParser()
        found = parser.feed(garbage + raw + garbage) + parser.flush()
        assert [item for item in found if isinstance(item, Frame)] == [frame]
        assert b"".join(item.raw for item in found if isinstance(item, Junk)) == garbage + garbage


@every_vector
def test_every_single_wrong_byte_is_refused(vector) -> None:
    raw = vector["raw"]
    for at in range(len(raw)):
        for value in range(256):
            if value != raw[at]:
                assert frames(FrameParser(), raw[:at] + bytes((value,)) + raw[at + 1 :]) == [], (at, value)


def test_swapped_bytes_pass_the_sum_and_are_caught_by_their_range() -> None:
    """A plain sum does not see two bytes change places; what they then say is no key, or another pad's."""
    (frame,) = FrameParser().feed(BY_NAME["key_confirm_no_show"]["raw"])
    swapped = Frame(frame.addr, frame.func, frame.data[::-1])
    assert frames(FrameParser(), swapped.encode()) == [swapped]
    assert codec.read(swapped) == codec.Unread(swapped)
    assert codec.read(Frame(0, 1, b"\x0c")) == codec.Unread(Frame(0, 1, b"\x0c"))
    assert codec.read(Frame(1, 0x11, b"\x07")) == codec.Unread(Frame(1, 0x11, b"\x07"))
    assert codec.read(Frame(1, 1, b"\x0c\x0c")) == codec.Unread(Frame(1, 1, b"\x0c\x0c"))


def test_digits_before_a_key_come_with_it() -> None:
    frame = codec.key_frame(2, "transfer", digits="05")
    assert codec.read(frame) == codec.KeyPress(2, "transfer", "05")
    assert codec.read(codec.key_frame(2, "confirm", digits="12")) == codec.KeyPress(2, "confirm", "12")
    assert codec.read(codec.key_frame(2, "confirm", digits="9")) == codec.KeyPress(2, "confirm", "9")


@pytest.mark.parametrize("wrong", [Frame(1, 1, bytes(7)), Frame(255, 1, b"\x0c"), Frame(1, 1, b"\xff")])
def test_what_no_frame_can_carry_is_not_sent(wrong: Frame) -> None:
    with pytest.raises(ValueError, match="not the inside"):
        wrong.encode()


PIECE = st.one_of(
    st.sampled_from([v["raw"] for v in PAD68]),
    st.sampled_from([v["raw"][:-3] for v in PAD68]),
    st.lists(st.sampled_from(b"\xff\x68\x02\x03\x08\x16\x01\x0c"), max_size=9).map(bytes),
    st.binary(max_size=20),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECE, max_size=8).map(b"".join), st.lists(st.integers(0, 120), max_size=6))
def test_no_bytes_whatever_stop_the_parser_and_no_cut_changes_what_it_finds(stream: bytes, cuts: list[int]) -> None:
    whole, cut = FrameParser(), FrameParser()
    expected = frames(whole, stream)
    at = [0, *sorted(min(c, len(stream)) for c in cuts), len(stream)]
    found = [item for a, b in itertools.pairwise(at) for item in cut.feed(stream[a:b])] + cut.flush()
    assert [item for item in found if isinstance(item, Frame)] == expected
    assert b"".join(item.raw if isinstance(item, Junk) else item.encode() for item in found) == stream
    for frame in expected:
        codec.read(frame)
        codec.read_show(frame)


def test_noise_without_end_fills_no_memory() -> None:
    parser = FrameParser()
    kept = 0
    for _ in range(3000):
        parser.feed(b"\x01\x02\x03\xff\x68")
        kept = max(kept, len(parser._rest) + len(parser._dropped))
    assert kept <= 2 * codec.JUNK_BYTES_MAX
