"""The frames vendors printed and others measured: decoded to their fields, encoded to the same bytes, cut anywhere,
damaged anywhere, back to back and inside garbage."""

from __future__ import annotations

import random
from datetime import datetime

import pytest
from device_bench import vectors_of

from hardware.checksums import crc16_arc
from hardware.keypads import codec as neutral
from hardware.led import bxk_areas
from hardware.led import bxk_codec as bxk
from hardware.printers import codec as escpos
from hardware.printers import commands as esc

ESCPOS, BXK, NEUTRAL = (vectors_of(protocol) for protocol in ("escpos", "bxk", "neutral"))
PLAIN = [v for v in ESCPOS if v.get("profile") != "custom"]
FROM_PRINTER = [v for v in PLAIN if v["direction"] == "device_to_host"]
TO_PRINTER = [v for v in PLAIN if v["direction"] == "host_to_device"]


def named(vectors):
    return pytest.mark.parametrize("vector", vectors, ids=[v["name"] for v in vectors])


def test_the_checksum_has_the_published_check_value() -> None:
    assert crc16_arc(b"123456789") == 0xBB3D


# -- escpos -----------------------------------------------------------------------------------------------------

ENCODED = {
    "init": escpos.INITIALISE,
    "asb_on": escpos.ASB_ON,
    "asb_off": escpos.ASB_OFF,
    **{f"status_query_{n}": escpos.status_query(n) for n in (1, 2, 3, 4)},
    "recover_retry": escpos.RECOVER_RETRY,
    "recover_clear": escpos.RECOVER_CLEAR,
    "barrier_query": escpos.BARRIER,
    "identity_maker": escpos.IDENTITY_MAKER,
    "identity_model": escpos.IDENTITY_MODEL,
    "cut_full": escpos.CUT_FULL,
    "cut_partial": escpos.CUT_PARTIAL,
    "cut_full_old": escpos.CUT_FULL_OLD,
    "cut_partial_old": escpos.CUT_PARTIAL_OLD,
    "feed_6_lines": escpos.feed(6),
    "process_id_request_0001": escpos.process_id_request(1),
    "raster_16x2": escpos.raster_band(b"\x80\x01\xff\xff", width_bytes=2),
}
UNDERSTOOD = {
    "init": esc.Initialise(),
    "asb_all": esc.AutomaticStatusMode(0xFF),
    "status_query_3": esc.RealTimeQuery(3),
    "recover_clear": esc.Recover(2),
    "barrier_query": esc.StatusInOrder(1),
    "identity_model": esc.IdentityQuery(0x43),
    "cut_full": esc.Cut(full=True),
    "cut_partial": esc.Cut(full=False),
    "cut_full_old": esc.Cut(full=True),
    "cut_partial_old": esc.Cut(full=False),
    "feed_6_lines": esc.Feed(lines=6),
    "process_id_request_0001": esc.ProcessId(b"0001"),
    "raster_16x2": esc.Picture(width_bytes=2, rows=2, data=b"\x80\x01\xff\xff"),
}


@pytest.mark.parametrize("name", ENCODED)
def test_what_we_send_to_a_printer_is_byte_for_byte_the_reference(name: str) -> None:
    assert ENCODED[name] == next(v["raw"] for v in TO_PRINTER if v["name"] == name)


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_the_simulated_printer_reads_the_reference(name: str) -> None:
    raw = next(v["raw"] for v in TO_PRINTER if v["name"] == name)
    assert esc.CommandParser().feed(raw) == [UNDERSTOOD[name]]


def test_both_picture_commands_give_the_same_dots() -> None:
    vectors = {v["name"]: v for v in TO_PRINTER}
    stored, printed = esc.CommandParser().feed(vectors["graphics_16x2"]["raw"])
    (raster,) = esc.CommandParser().feed(vectors["raster_16x2"]["raw"])
    assert stored == esc.StorePicture(raster)
    assert printed == esc.PrintStored()
    rows = vectors["raster_16x2"]["image"]["rows"]
    assert raster.data == bytes.fromhex("".join(rows))


@named(TO_PRINTER)
def test_any_cut_of_a_command_stream_gives_the_same_commands(vector) -> None:
    stream = vector["raw"] + escpos.BARRIER + vector["raw"]
    whole = esc.CommandParser().feed(stream)
    assert not any(isinstance(command, esc.Unknown) for command in whole)
    for at in range(len(stream)):
        parser = esc.CommandParser()
        got = parser.feed(stream[:at]) + parser.feed(stream[at:])
        assert _joined(got) == _joined(whole)


def _joined(commands):
    """Text may come in pieces."""
    out = []
    for command in commands:
        if isinstance(command, esc.Characters) and out and isinstance(out[-1], esc.Characters):
            out[-1] = esc.Characters(out[-1].raw + command.raw)
        else:
            out.append(command)
    return out


CLASSES = {
    "status": escpos.RealTimeStatus,
    "asb": escpos.AutomaticStatus,
    "barrier_reply": escpos.OneByteStatus,
    "process_id_reply": escpos.BlockAnswer,
}


@named(FROM_PRINTER)
def test_every_answer_is_put_into_its_class_at_every_split(vector) -> None:
    kind = next(found for head, found in CLASSES.items() if vector["name"].startswith(head))
    for at in range(len(vector["raw"]) + 1):
        parser = escpos.AnswerParser()
        parser.asked(4)
        answers = parser.feed(vector["raw"][:at]) + parser.feed(vector["raw"][at:])
        assert [type(answer) for answer in answers] == [kind]


FAULTS_OF_STATE = {
    "healthy": set(),
    "near_end": {"paper_near_end"},
    "paper_out": {"paper_out"},
    "cover_open": {"cover_open"},
    "offline": {"offline"},
}


@pytest.mark.parametrize("state", FAULTS_OF_STATE)
def test_the_measured_states_read_as_their_faults(state: str) -> None:
    real_time = {v["query"]: v["raw"][0] for v in FROM_PRINTER if v.get("printer_state") == state and "query" in v}
    automatic = next(v["raw"] for v in FROM_PRINTER if v["name"] == f"asb_{state}")
    assert escpos.real_time_faults(real_time) == FAULTS_OF_STATE[state]
    assert escpos.automatic_faults(automatic) == FAULTS_OF_STATE[state]


@pytest.mark.parametrize(
    ("name", "word", "fault"),
    [
        ("status_cutter_error_3", "status_3", "cutter"),
        ("status_unrecoverable_3", "status_3", "unrecoverable"),
        ("status_head_hot_3", "status_3", "head_hot"),
        ("barrier_reply_near_end", "barrier", "paper_near_end"),
    ],
)
def test_single_status_bytes_read_as_their_fault(name: str, word: str, fault: str) -> None:
    raw = next(v["raw"] for v in FROM_PRINTER if v["name"] == name)
    assert escpos.faults_of(word, raw[0]) == {fault}


def test_the_five_classes_are_disjoint_over_all_bytes() -> None:
    """Every byte value falls into exactly one class by its own bits."""
    for byte in range(256):
        rules = [
            byte & 0x93 == 0x12,
            byte & 0x93 == 0x10,
            byte in b"\x35\x37\x3b\x3d\x5f",
            byte in (0x11, 0x13),
            byte & 0x90 == 0 and byte not in b"\x35\x37\x3b\x3d\x5f",
        ]
        assert sum(rules) <= 1, hex(byte)


def test_a_status_block_cut_short_is_dropped_byte_by_byte() -> None:
    parser = escpos.AnswerParser()
    answers = parser.feed(b"\x10\x00\x92\x10\x00\x00\x00")
    assert answers[-1] == escpos.AutomaticStatus(b"\x10\x00\x00\x00")
    assert isinstance(answers[0], escpos.Junk)


def test_no_bytes_whatever_stop_the_classifier() -> None:
    chance = random.Random(1)
    parser = escpos.AnswerParser()
    for _ in range(300):
        parser.feed(chance.randbytes(chance.randrange(40)))
    assert len(parser._buffer) <= escpos.BLOCK_BYTES_MAX
    parser.flush()
    assert parser.feed(b"\x37\x220042\x00")[0].process_id == 42


# -- bxk --------------------------------------------------------------------------------------------------------


@named(BXK)
def test_bxk_decodes_to_its_fields_and_encodes_to_the_same_bytes(vector) -> None:
    (frame,) = bxk.FrameParser().feed(vector["raw"])
    decoded = vector["decoded"]
    assert frame.data == bytes.fromhex(decoded["data"])
    assert (frame.dst, frame.src, frame.device_type) == (decoded["dst"], decoded["src"], decoded["device_type"])
    assert frame.encode(heads=vector.get("leading_a5", 8)) == vector["raw"]


@named(BXK)
def test_bxk_is_found_at_every_split_twice_in_a_row_and_inside_garbage(vector) -> None:
    raw = vector["raw"]
    (frame,) = bxk.FrameParser().feed(raw)
    for at in range(len(raw)):
        parser = bxk.FrameParser()
        assert parser.feed(raw[:at]) + parser.feed(raw[at:]) == [frame]
    assert bxk.FrameParser().feed(raw + raw) == [frame, frame]
    for garbage in (b"\x00\xff\x5a\x13", b"\xa5\x01\x00\x5a", b"\xa5\x01\x00", raw[: len(raw) // 2]):
        found = bxk.FrameParser().feed(garbage + raw + garbage)
        assert [item for item in found if isinstance(item, bxk.Frame)] == [frame]


def damaged(raw: bytes, values) -> list[tuple[int, bytes]]:
    return [(at, raw[:at] + bytes((value,)) + raw[at + 1 :]) for at in range(len(raw)) for value in values(raw[at])]


def bit_flips(byte: int) -> list[int]:
    return [byte ^ 1 << bit for bit in range(8)] + [value for value in (0xA5, 0x5A, 0xAA, 0) if value != byte]


def all_values(byte: int) -> list[int]:
    return [value for value in range(256) if value != byte]


def refuses_bxk(vectors, values) -> None:
    for vector in vectors:
        heads = vector.get("leading_a5", 8)
        for at, wrong in damaged(vector["raw"], values):
            parser = bxk.FrameParser()
            found = [item for item in parser.feed(wrong) + parser.flush() if isinstance(item, bxk.Frame)]
            if at < heads - 1:
                continue  # one A5 is enough: the run before the last may be anything
            same = found == bxk.FrameParser().feed(vector["raw"])
            assert not found or (same and at == heads - 1), (vector["name"], at)


def test_bxk_refuses_a_single_wrong_byte() -> None:
    refuses_bxk([v for v in BXK if len(v["raw"]) < 100], bit_flips)


@pytest.mark.slow
def test_bxk_refuses_every_single_wrong_byte() -> None:
    refuses_bxk(BXK, all_values)


def test_the_commands_we_send_a_bar_are_the_vendors() -> None:
    by_name = {v["name"]: bytes.fromhex(v["decoded"]["data"]) for v in BXK}
    assert by_name["ping"] == bxk.PING
    assert by_name["clear"] == bxk.CLEAR
    assert by_name["status_query"] == bxk.STATUS
    assert by_name["fonts_query"] == bxk.FONTS
    assert by_name["power_on"] == bxk.power(on=True)
    assert by_name["power_off"] == bxk.power(on=False)
    assert by_name["brightness_8"] == bxk.brightness(8)
    assert by_name["set_time"] == bxk.set_time(datetime(2013, 1, 25, 11, 17, 26))  # noqa: DTZ001 - a bar has no zone
    assert by_name["dynamic_areas_delete_all"] == bxk_areas.dynamic_areas([], delete=bxk_areas.ALL_AREAS)
    assert by_name["ack"] == bxk.ack()
    assert by_name["nack_checksum"] == bxk.ack(5)


def test_dynamic_areas_are_the_vendors() -> None:
    by_name = {v["name"]: bytes.fromhex(v["decoded"]["data"]) for v in BXK}
    welcome = bxk_areas.DynamicArea("欢迎光临".encode("gb2312"), width=128, height=32)
    assert bxk_areas.dynamic_areas([welcome]) == by_name["dynamic_area_welcome"]
    for name in ("dynamic_area_welcome", "dynamic_area_call", "dynamic_area_every_escape"):
        command = bxk_areas.read_dynamic_areas(by_name[name])
        assert bxk_areas.dynamic_areas(command.areas, delete=command.delete) == by_name[name]
    call = bxk_areas.read_dynamic_areas(by_name["dynamic_area_call"]).areas[0]
    assert bxk_areas.read_text(call.text) == bxk_areas.StyledText("A012请到3号窗口", 16, 1)


def test_nacks_have_words() -> None:
    reply = bxk.read_reply(bxk.ack(5))
    assert (reply.error, reply.word) == (5, "checksum")
    assert bxk.read_reply(bxk.ack()) == bxk.Ack(0)
    assert len(bxk.NACK_WORDS) == 16


def test_bar_text_is_encoded_strictly_and_says_what_was_replaced() -> None:
    raw, replaced = bxk_areas.text_bytes("张䶮请到3号\\窗口", line_dots=16)
    assert replaced == {"䶮", "\\"}
    assert bxk_areas.read_text(raw).text == "张*请到3号*窗口"
    assert bxk_areas.text_bytes("→", line_dots=32)[1] == set()


def test_no_bytes_whatever_stop_the_bar_parser() -> None:
    chance = random.Random(2)
    parser = bxk.FrameParser()
    for _ in range(400):
        for item in parser.feed(chance.randbytes(60)):
            assert isinstance(item, bxk.Junk)
            bxk_areas.read_dynamic_areas(b"\xa3\x06" + item.raw)
            bxk.read_reply(item.raw)
            bxk_areas.read_text(item.raw)
    assert len(parser._raw) <= bxk.RAW_BYTES_MAX


# -- neutral ----------------------------------------------------------------------------------------------------


@named(NEUTRAL)
def test_neutral_decodes_to_its_fields_and_encodes_to_the_same_bytes(vector) -> None:
    (frame,) = neutral.FrameParser().feed(vector["raw"])
    decoded = vector["decoded"]
    assert frame == neutral.Frame(decoded["addr"], decoded["cmd"], decoded["seq"], bytes.fromhex(decoded["payload"]))
    message = neutral.read(frame)
    assert neutral.frame_of(message, addr=frame.addr, seq=frame.seq).encode() == vector["raw"]
    for word, field in (("session", "session"), ("key", "key"), ("nonce", "nonce"), ("t_ms", "ms_after_ask")):
        if word in decoded:
            assert getattr(message, field) == decoded[word]


@named(NEUTRAL)
def test_neutral_is_found_at_every_split_twice_in_a_row_and_inside_garbage(vector) -> None:
    raw = vector["raw"]
    (frame,) = neutral.FrameParser().feed(raw)
    for at in range(len(raw)):
        parser = neutral.FrameParser()
        assert parser.feed(raw[:at]) + parser.feed(raw[at:]) == [frame]
    assert neutral.FrameParser().feed(raw + raw) == [frame, frame]
    for garbage in (b"\x00\xff\xaa", b"\xaa\x55", b"\xaa\x55\x01\x05\x03", raw[:6], b"\xaa\x55\x01\xc8"):
        parser = neutral.FrameParser()
        found = parser.feed(garbage + raw + garbage) + parser.flush()
        assert [item for item in found if isinstance(item, neutral.Frame)] == [frame]
        junk = b"".join(item.raw for item in found if isinstance(item, neutral.Junk))
        assert junk == garbage + garbage


def refuses_neutral(values) -> None:
    for vector in NEUTRAL:
        for at, wrong in damaged(vector["raw"], values):
            parser = neutral.FrameParser()
            found = parser.feed(wrong) + parser.flush()
            assert not any(isinstance(item, neutral.Frame) for item in found), (vector["name"], at)


def test_neutral_refuses_a_single_wrong_byte() -> None:
    refuses_neutral(bit_flips)


@pytest.mark.slow
def test_neutral_refuses_every_single_wrong_byte() -> None:
    refuses_neutral(all_values)


def test_a_payload_of_the_wrong_length_is_answered_with_its_error() -> None:
    assert neutral.read(neutral.Frame(1, neutral.Command.ASK, 1, b"\x00")) is neutral.Error.BAD_LENGTH
    assert neutral.read(neutral.Frame(1, neutral.Command.PING, 1, b"\x00")) is neutral.Error.BAD_LENGTH
    assert neutral.read(neutral.Frame(1, neutral.Command.FAULT, 1, b"")) is neutral.Error.BAD_LENGTH
    assert neutral.read(neutral.Frame(1, neutral.Command.HELLO, 1, b"\x05ab")) is neutral.Error.BAD_LENGTH
    assert neutral.read(neutral.Frame(1, 0x7E, 1, b"")) is neutral.Error.UNKNOWN_COMMAND


def test_long_names_are_cut_between_characters() -> None:
    staff = neutral.Staff("政" * 60, "0312", 5)
    again = neutral.read(neutral.frame_of(staff, addr=1, seq=1))
    assert again.name == "政" * 26
