"""Frames of C-Power, Art-Net and DDP that others printed or measured: to fields and back to the same bytes, cut
anywhere, damaged anywhere, back to back and inside garbage; and BX-K's stored pages."""

from __future__ import annotations

import random

import pytest
from device_bench import vectors_of
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.led import artnet_codec as artnet
from hardware.led import bxk_areas
from hardware.led import bxk_codec as bxk
from hardware.led import cpower_codec as cpower
from hardware.led import cpower_commands as commands
from hardware.led import ddp_codec as ddp
from hardware.led.stream import Junk

CPOWER, ARTNET, DDP, BXK = (vectors_of(protocol) for protocol in ("cpower", "artnet", "ddp", "bxk"))
BY_NAME = {(v["protocol"], v["name"]): v["raw"] for v in (*CPOWER, *ARTNET, *DDP, *BXK)}


def over_tcp(vector) -> bool:
    return vector.get("transport") == "tcp"


def parser_for(vector):
    if vector["protocol"] == "cpower":
        return cpower.TcpParser() if over_tcp(vector) else cpower.FrameParser()
    return {"artnet": artnet, "ddp": ddp, "bxk": bxk}[vector["protocol"]].FrameParser()


def encoded(frame, vector) -> bytes:
    return frame.encode_tcp() if over_tcp(vector) else frame.encode()


def frames_in(vector, data: bytes):
    parser = parser_for(vector)
    return [item for item in parser.feed(data) + parser.flush() if not isinstance(item, Junk)]


OURS = [*CPOWER, *ARTNET, *DDP]
named = pytest.mark.parametrize("vector", OURS, ids=[f"{v['protocol']}-{v['name']}" for v in OURS])


# -- to fields and back -----------------------------------------------------------------------------------------


@named
def test_a_frame_is_read_and_written_back_byte_for_byte(vector) -> None:
    (frame,) = parser_for(vector).feed(vector["raw"])
    assert encoded(frame, vector) == vector["raw"]


RED = (255, 0, 0)
PAYLOADS = {
    "pure_text_centred": commands.Text(b"abc\rcba", align=1, speed=0, stay_s=3, font=2, colour=RED),
    "pure_text_abc": commands.Text(b"abc", align=0, speed=0, stay_s=3, font=2, colour=RED),
    "pure_text_abc_speed_1": commands.Text(b"abc", align=0, speed=1, stay_s=3, font=2, colour=RED),
    "pure_text_every_escape": commands.Text("オ爱".encode("gb2312"), align=0, speed=0, stay_s=3, font=2, colour=RED),
    "pure_text_centred_tcp": commands.Text(b"abc\rcba", align=1, speed=0, stay_s=3, font=2, colour=RED),
    "image_8x2": commands.Picture(8, 2, red=b"\x81\xff", stay_s=3),
}


@pytest.mark.parametrize("name", PAYLOADS)
def test_what_a_card_is_sent_is_the_reference(name: str) -> None:
    vector = next(v for v in CPOWER if v["name"] == name)
    (frame,) = commands.frames(PAYLOADS[name].encode(), card=1)
    assert encoded(frame, vector) == vector["raw"]
    read = commands.read_text if isinstance(PAYLOADS[name], commands.Text) else commands.read_picture
    (again,) = parser_for(vector).feed(vector["raw"])
    assert read(cpower.read_packet(again.data).data) == PAYLOADS[name]


def test_the_other_commands_are_the_printed_ones() -> None:
    def sent(name: str) -> bytes:
        return BY_NAME["cpower", name]

    windows = (commands.Window(0, 0, 64, 32),)
    assert commands.frames(commands.split(windows), card=1)[0].encode() == sent("split_one_window")
    assert commands.read_split(commands.split(windows)) == windows
    assert commands.frames(commands.LEAVE, card=1)[0].encode() == sent("exit_external_play")
    assert commands.ASK_VERSION.encode() == sent("version_query")
    assert commands.ASK_SWITCH.encode() == sent("power_query")
    assert commands.switch(on=True).encode() == sent("power_on_now")
    assert commands.switch(on=False).encode() == sent("power_off_now")


@pytest.mark.parametrize(("name", "returned"), [("reply_ok", 0), ("reply_bad_sum", 1), ("reply_bad_sequence", 2)])
def test_an_answer_says_what_became_of_a_packet(name: str, returned: int) -> None:
    (frame,) = cpower.FrameParser().feed(BY_NAME["cpower", name])
    assert (frame.kind, frame.cmd, frame.flag) == (cpower.ANSWER, cpower.EXTERNAL, returned)
    assert cpower.read_packet(frame.data) == cpower.Packet(b"\x12")


def test_a_setting_is_answered_in_its_data_byte() -> None:
    (frame,) = cpower.FrameParser().feed(BY_NAME["cpower", "set_network_reply"])
    assert (frame.cmd, frame.data) == (0x3C, b"\x01")


def test_dots_are_channels_and_offsets() -> None:
    red_green = b"\xff\x00\x00\x00\xff\x00"
    assert artnet.Dmx(red_green, universe=1, sequence=1).encode() == BY_NAME["artnet", "dmx_two_pixels"]
    assert artnet.Sync().encode() == BY_NAME["artnet", "sync"]
    assert [p.encode() for p in ddp.packets(red_green, sequence=1)] == [BY_NAME["ddp", "two_pixels"]]
    first, last = ddp.packets(bytes(ddp.DATA_BYTES_MAX + 3), sequence=2)
    assert (first.push, last.push, last.offset, len(last.data)) == (False, True, ddp.DATA_BYTES_MAX, 3)
    assert first.encode()[0] == 0x40


@pytest.mark.parametrize("name", ["file_write_p000", "file_write_two_areas"])
def test_a_stored_page_is_the_vendors_program_file(name: str) -> None:
    vector = next(v for v in BXK if v["name"] == name)
    (frame,) = bxk.FrameParser().feed(vector["raw"])
    content = frame.data[18:]
    areas = bxk_areas.read_program_file(content)
    assert areas[0].text.decode("gb2312").startswith("欢迎光临")
    assert bxk.file_write(b"P000", bxk_areas.program_file(areas)) == frame.data


def test_a_program_whose_lengths_leave_out_themselves_is_read_too() -> None:
    (frame,) = bxk.FrameParser().feed(BY_NAME["bxk", "file_write_escaped_length"])
    (area,) = bxk_areas.read_program_file(frame.data[18:])
    assert (area.text, area.x, area.width, area.height) == (b"www.onbonbx.com", 24 * 8, 64, 64)


def test_opening_a_file_is_the_vendors_frame() -> None:
    (frame,) = bxk.FrameParser().feed(BY_NAME["bxk", "file_open_p000"])
    assert bxk.file_open(b"P000", size=0x47) == frame.data


def test_fonts_are_read_with_and_without_the_reserved_bytes() -> None:
    fonts = bxk.Fonts((bxk.Font(True, 16, 16), bxk.Font(False, 8, 16), bxk.Font(True, 32, 32)))
    answer = bxk.fonts_answer(fonts)
    assert bxk.read_reply(answer) == fonts
    assert bxk.read_reply(answer[:3] + answer[5:]) == fonts
    assert fonts.heights(chinese=True) == {16, 32}
    assert isinstance(bxk.read_reply(answer[:-1]), bxk.Other)


# -- cut, damaged, back to back, in garbage ---------------------------------------------------------------------


@named
def test_a_frame_is_found_at_every_split_and_twice_in_a_row(vector) -> None:
    raw = vector["raw"]
    (frame,) = parser_for(vector).feed(raw)
    for at in range(len(raw)):
        parser = parser_for(vector)
        assert parser.feed(raw[:at]) + parser.feed(raw[at:]) == [frame]
    parser = parser_for(vector)
    assert [item for byte in raw for item in parser.feed(bytes((byte,)))] == [frame]
    assert parser_for(vector).feed(raw + raw) == [frame, frame]


@named
def test_a_frame_is_found_in_garbage_and_nothing_is_lost(vector) -> None:
    raw = vector["raw"]
    (frame,) = parser_for(vector).feed(raw)
    heads = {
        "cpower": b"\xff\xff\xff\xff\x20" if over_tcp(vector) else b"\xa5\x68\x32",
        "artnet": b"Art-Net\x00\x00\x50",
    }
    garbages = [b"\x00\xff\xae\x13", heads.get(vector["protocol"], b"\x41\x01\x0b")]
    if vector["protocol"] == "cpower":  # without a sum half a packet takes its rest from the next: datagrams are whole
        garbages += [raw[: len(raw) // 2], raw[:-1]]
    for garbage in garbages:
        parser = parser_for(vector)
        found = parser.feed(garbage + raw + garbage) + parser.flush()
        assert [item for item in found if not isinstance(item, Junk)] == [frame], garbage
        assert sum(len(item.raw) for item in found if isinstance(item, Junk)) >= len(garbage), garbage


def damaged(raw: bytes, values):
    return [(at, raw[:at] + bytes((value,)) + raw[at + 1 :]) for at in range(len(raw)) for value in values(raw[at])]


def bit_flips(byte: int) -> list[int]:
    return [byte ^ 1 << bit for bit in range(8)] + [value for value in (0xA5, 0xAA, 0xAE, 0) if value != byte]


def every_value(byte: int) -> list[int]:
    return [value for value in range(256) if value != byte]


def refuses_cpower(values) -> None:
    for vector in CPOWER:
        for at, wrong in damaged(vector["raw"], values):
            assert not frames_in(vector, wrong), (vector["name"], at)


def test_a_card_refuses_a_single_wrong_byte() -> None:
    refuses_cpower(bit_flips)


@pytest.mark.slow
def test_a_card_refuses_every_single_wrong_byte() -> None:
    refuses_cpower(every_value)


FREE = {
    "dmx_two_pixels": {12, 13, 14, 15, *range(18, 24)},
    "sync": {12, 13},
    "two_pixels": {1, *range(5, 8), *range(10, 16)},
}
"""Bytes of a datagram that may hold anything: channels, sequence, universe, offset. The rest is fixed or measured."""


@pytest.mark.parametrize("vector", [*ARTNET, *DDP], ids=lambda v: v["name"])
def test_a_panel_refuses_a_wrong_head_or_length(vector) -> None:
    (frame,) = parser_for(vector).feed(vector["raw"])
    for at, wrong in damaged(vector["raw"], every_value):
        found = frames_in(vector, wrong)
        if at not in FREE[vector["name"]]:
            assert frame not in found, at
        if at < 12 and at not in FREE[vector["name"]] and vector["protocol"] == "artnet":
            assert not any(type(item) is type(frame) for item in found), at


def test_two_bytes_exchanged_pass_the_sum_but_not_the_lengths() -> None:
    """The sum is plain: what it cannot see, the ranges do."""
    good = cpower.Frame(cpower.EXTERNAL, cpower.packet_data(cpower.Packet(b"\x06\x01", number=0, last=1)))
    assert cpower.FrameParser().feed(good.encode()) == [good]
    swapped = cpower.Frame(cpower.EXTERNAL, good.data[:2] + good.data[3:1:-1] + good.data[4:])
    assert isinstance(cpower.FrameParser().feed(swapped.encode())[0], Junk)


# -- packets ----------------------------------------------------------------------------------------------------


def test_a_long_picture_goes_in_packets_and_comes_together() -> None:
    payload = commands.Picture(192, 32, red=bytes(range(256)) * 3, green=bytes(768)).encode()
    parts = commands.frames(payload, card=1)
    assert len(parts) == 4
    joiner = cpower.Joiner()
    packets = [cpower.read_packet(part.data) for part in parts]
    assert [joiner.add(packet) for packet in packets] == [b"", b"", b"", payload]
    assert cpower.Joiner().add(packets[1]) is None, "out of order"
    assert commands.read_picture(payload).green == bytes(768)
    with pytest.raises(ValueError, match="256 packets"):
        cpower.packets(bytes(257 * cpower.CHUNK_BYTES))


# -- whatever comes ---------------------------------------------------------------------------------------------

PARSERS = {
    "bxk": bxk.FrameParser,
    "cpower": cpower.FrameParser,
    "cpower-tcp": cpower.TcpParser,
    "artnet": artnet.FrameParser,
    "ddp": ddp.FrameParser,
}
HEADS = (
    b"\xa5",
    b"\x5a",
    b"\xa6",
    b"\xaa",
    b"\xae",
    b"\xff\xff\xff\xff",
    b"Art-Net\x00",
    b"\x00\x50\x00\x0e",
    b"\x41\x01\x0b\x01",
)
PIECES = st.lists(
    st.one_of(st.binary(max_size=40), st.sampled_from(HEADS), st.sampled_from([v["raw"] for v in OURS])), max_size=12
)


def read_all(items) -> None:
    """Everything a driver or a simulator does with what came."""
    for item in items:
        match item:
            case bxk.Frame(data=data):
                bxk.read_reply(data)
                bxk_areas.read_dynamic_areas(data)
                bxk_areas.read_program_file(data[18:])
            case cpower.Frame(data=data):
                packet = cpower.read_packet(data)
                for payload in (data, packet.data if packet else b""):
                    for read in (commands.read_text, commands.read_picture, commands.read_split):
                        read(payload)
                for read in (
                    commands.read_version,
                    commands.read_clock,
                    commands.read_brightness,
                    commands.read_switch,
                ):
                    read(data)
            case artnet.Dmx() | ddp.Pixels():
                item.encode()


@pytest.mark.parametrize("name", PARSERS)
@given(pieces=PIECES)
@settings(max_examples=60, deadline=None)
def test_whatever_comes_every_byte_comes_out_again_once(name: str, pieces: list[bytes]) -> None:
    parser, found = PARSERS[name](), []
    for piece in pieces:
        found += parser.feed(piece)
        assert len(parser._raw) < 8192, "bounded"
    found += parser.flush()
    read_all(found)
    frames = [item for item in found if not isinstance(item, Junk)]
    whole = PARSERS[name]()
    again = [item for item in whole.feed(b"".join(pieces)) + whole.flush() if not isinstance(item, Junk)]
    assert frames == again, "cutting changes nothing"
    if name in ("artnet", "ddp", "cpower-tcp"):
        size = sum(len(item.raw) if isinstance(item, Junk) else _length(item) for item in found)
        assert size == sum(map(len, pieces))


def _length(frame) -> int:
    if isinstance(frame, artnet.PollReply):
        return artnet.POLL_REPLY_BYTES
    return len(frame.encode_tcp() if isinstance(frame, cpower.Frame) else frame.encode())


@given(data=st.binary(max_size=80))
@settings(max_examples=200, deadline=None)
def test_no_payload_whatever_stops_the_readers(data: bytes) -> None:
    frames = [bxk.Frame(data), cpower.Frame(cpower.EXTERNAL, data), cpower.Frame(commands.CLOCK, b"\x01" + data)]
    read_all(frames)
    for lead in (b"\xa2\x09\x00", b"\xa1\x02\x00\x00\x00", b"\xa3\x06\x01\x00\x00", b"\xa2\x0a\x00\x00\x00"):
        reply = bxk.read_reply(lead + data)
        if isinstance(reply, bxk.CardStatus):
            assert reply.clock is None or reply.clock.year <= 9999
        bxk_areas.read_dynamic_areas(lead + data)
    for lead in (b"\x12", b"\x03\x00\x00\x01\x00\x03\x04\x00\x00\x00\x00I1", b"\x01"):
        for read in (commands.read_text, commands.read_picture, commands.read_split):
            read(lead + data)
    bxk_areas.read_text(data)
    artnet.read(artnet.IDENTITY + data)
    ddp.read(b"\x41\x01\x0b\x01" + data)


@pytest.mark.slow
def test_a_million_inputs_stop_no_parser() -> None:
    chance = random.Random(20261124)
    known = [v["raw"] for v in (*OURS, *BXK)]
    parsers = [make() for make in PARSERS.values()]
    for number in range(200_000):
        raw = bytearray(chance.choice(known)) if number % 2 else bytearray(chance.randbytes(chance.randrange(64)))
        for _ in range(chance.randrange(4)):
            if raw:
                raw[chance.randrange(len(raw))] = chance.randrange(256)
        for parser in parsers:
            read_all(parser.feed(bytes(raw)))
            assert len(parser._raw) < 8192
