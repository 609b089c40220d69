"""The frames vendors printed and others measured, all 175 through one table of codecs: read to fields, written back to
the same bytes, cut anywhere, damaged anywhere, back to back, inside garbage and behind their own beginning."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable
from datetime import datetime

import pytest
from device_bench import VECTORS, vectors_of
from device_codecs import CODECS, Vector

from hardware.address import CONTRACT
from hardware.checksums import crc16_arc
from hardware.keypads import codec as neutral
from hardware.led import bxk_areas
from hardware.led import bxk_codec as bxk
from hardware.printers import codec as escpos
from hardware.printers import commands as esc

EVERY = [{**v, "raw": bytes.fromhex(v["hex"])} for v in json.loads(VECTORS.read_text(encoding="utf-8"))["vectors"]]
WHOLE = [v for v in EVERY if v.get("complete", True)]
IN_PARTS = [v for v in EVERY if not v.get("complete", True)]
GUARDED = [v for v in WHOLE if v["protocol"] in CODECS and CODECS[v["protocol"]].guarded(v)]
FRAMED = [v for v in WHOLE if v["protocol"] in CODECS and CODECS[v["protocol"]].garbage and v["name"] != "text_record"]

ESCPOS, BXK, NEUTRAL = (vectors_of(protocol) for protocol in ("escpos", "bxk", "neutral"))
PLAIN = [v for v in ESCPOS if v.get("profile") != "custom"]
FROM_PRINTER = [v for v in PLAIN if v["direction"] == "device_to_host"]
TO_PRINTER = [v for v in PLAIN if v["direction"] == "host_to_device"]


def named(vectors):
    ids = [f"{v['protocol']}-{v['name']}" for v in vectors]
    return pytest.mark.parametrize("vector", vectors, ids=ids)


# -- every protocol ---------------------------------------------------------------------------------------------


def test_every_vector_has_a_codec_and_every_codec_a_protocol_of_the_contract() -> None:
    assert len(EVERY) == 175
    assert {v["protocol"] for v in EVERY} - set(CODECS) == set(), "vectors nobody reads"
    assert set(CODECS) == set(CONTRACT) - {"png"}, "png has no bytes of its own"


@named(WHOLE)
def test_a_vector_is_read_and_written_back_to_the_same_bytes(vector: Vector) -> None:
    codec = CODECS[vector["protocol"]]
    parser = codec.parser(vector)
    found = parser.feed(vector["raw"])
    assert found
    assert not any(isinstance(item, codec.junk) for item in found)
    assert b"".join(codec.encode(item, vector) for item in found) == vector["raw"]
    assert codec.end(parser) == []


@named(WHOLE)
def test_it_is_read_at_every_split_and_byte_by_byte(vector: Vector) -> None:
    codec, raw = CODECS[vector["protocol"]], vector["raw"]
    whole = codec.messages(vector, raw)
    for at in range(len(raw) + 1):
        assert codec.messages(vector, raw[:at], raw[at:]) == whole, at
    assert codec.messages(vector, *(raw[at : at + 1] for at in range(len(raw)))) == whole


@named(WHOLE)
def test_two_back_to_back_are_two(vector: Vector) -> None:
    codec, raw = CODECS[vector["protocol"]], vector["raw"]
    whole = codec.messages(vector, raw)
    assert codec.messages(vector, raw + raw) == whole + whole


@named(FRAMED)
def test_it_is_found_with_garbage_before_and_after(vector: Vector) -> None:
    codec, raw = CODECS[vector["protocol"]], vector["raw"]
    whole = codec.messages(vector, raw)
    for garbage in codec.garbage:
        assert codec.messages(vector, garbage + raw + garbage + raw + garbage) == whole + whole, garbage


@named([v for v in FRAMED if CODECS[v["protocol"]].knows_its_head])
def test_it_is_found_behind_its_own_beginning(vector: Vector) -> None:
    """Garbage that contains the frame's own head, and the rest of a frame that was lost in the middle."""
    codec, raw = CODECS[vector["protocol"]], vector["raw"]
    whole = codec.messages(vector, raw)
    heads = vector.get("leading_a5", 8) if vector["protocol"] == "bxk" else 1
    for cut in sorted({*range(1, min(len(raw), 16)), len(raw) // 2, len(raw) - 1}):
        assert codec.messages(vector, raw[:cut] + raw + raw[:cut]) == whole, cut
        if cut >= heads:  # of a run of A5 one is enough, and the rest is a whole frame
            assert codec.messages(vector, raw[cut:] + raw) == whole, cut


@named(IN_PARTS)
def test_a_part_is_no_message_until_the_rest_is_here(vector: Vector) -> None:
    codec, part = CODECS[vector["protocol"]], vector["raw"]
    parser = codec.parser(vector)
    assert parser.feed(part) == []
    (frame,) = (v for v in WHOLE if v["raw"].startswith(part) and v["protocol"] == vector["protocol"])
    assert [codec.encode(item, frame) for item in parser.feed(frame["raw"][len(part) :])] == [frame["raw"]]


def some_values(byte: int) -> Iterable[int]:
    """Every single bit turned, and the bytes that mean something in one of the protocols."""
    return {byte ^ 1 << bit for bit in range(8)} | set(b"\x00\xa5\x5a\xaa\xae\x68\x16\x55\x96\x69\xff") - {byte}


def all_values(byte: int) -> Iterable[int]:
    return (value for value in range(256) if value != byte)


def refuses_damage(vector: Vector, values: Callable[[int], Iterable[int]]) -> int:
    """Puts every one of these values at every guarded place; none may be read as a message. How many were tried."""
    codec, raw = CODECS[vector["protocol"]], vector["raw"]
    tried = 0
    for at in codec.guarded(vector):
        for value in values(raw[at]):
            wrong = raw[:at] + bytes((value,)) + raw[at + 1 :]
            assert codec.messages(vector, wrong) == [], (at, value)
            tried += 1
    return tried


@named(GUARDED)
def test_a_single_wrong_byte_is_refused(vector: Vector) -> None:
    assert refuses_damage(vector, some_values) > 0


@pytest.mark.slow
def test_every_single_wrong_byte_is_refused() -> None:
    assert sum(refuses_damage(vector, all_values) for vector in GUARDED) > 500_000


@named([v for v in WHOLE if not CODECS[v["protocol"]].guarded(v)])
def test_where_nothing_guards_a_byte_damage_still_raises_nothing(vector: Vector) -> None:
    codec, raw = CODECS[vector["protocol"]], vector["raw"]
    for at in range(len(raw)):
        for value in some_values(raw[at]):
            codec.messages(vector, raw[:at] + bytes((value,)) + raw[at + 1 :])


def test_the_checksum_has_the_published_check_value() -> None:
    assert crc16_arc(b"123456789") == 0xBB3D


# -- escpos -----------------------------------------------------------------------------------------------------

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


@named(BXK)
def test_bxk_frames_carry_the_printed_fields(vector) -> None:
    (frame,) = bxk.FrameParser().feed(vector["raw"])
    decoded = vector["decoded"]
    assert frame.data == bytes.fromhex(decoded["data"])
    assert (frame.dst, frame.src, frame.device_type) == (decoded["dst"], decoded["src"], decoded["device_type"])


# -- bxk --------------------------------------------------------------------------------------------------------


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
