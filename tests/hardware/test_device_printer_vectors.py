"""All 65 ESC/POS vectors, those of Custom's kiosk printers too: encoded to the same bytes, decoded to their meaning,
cut anywhere, back to back, inside garbage; and no bytes whatever stop the classifier."""

from __future__ import annotations

import random

import pytest
from device_bench import vectors_of
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.printers import codec
from hardware.printers import commands as esc
from hardware.printers.profiles import named

ESCPOS = vectors_of("escpos")
BY_NAME = {v["name"]: v["raw"] for v in ESCPOS}
DOTS = b"\x80\x01\xff\xff"

ENCODED = {
    "init": codec.INITIALISE,
    "asb_on": codec.ASB_ON, "asb_all": codec.ASB_ALL, "asb_off": codec.ASB_OFF,
    **{f"status_query_{n}": codec.status_query(n) for n in (1, 2, 3, 4)},
    "recover_retry": codec.RECOVER_RETRY, "recover_clear": codec.RECOVER_CLEAR,
    "barrier_query": codec.BARRIER,
    "identity_maker": codec.IDENTITY_MAKER, "identity_model": codec.IDENTITY_MODEL,
    "cut_full": codec.CUT_FULL, "cut_partial": codec.CUT_PARTIAL,
    "cut_full_old": codec.CUT_FULL_OLD, "cut_partial_old": codec.CUT_PARTIAL_OLD,
    "feed_6_lines": codec.feed(6),
    "kanji_on": codec.CHINESE_ON, "kanji_off": codec.CHINESE_OFF,
    "process_id_request_0001": codec.process_id_request(1),
    "raster_16x2": codec.raster_band(DOTS, width_bytes=2),
    "graphics_16x2": codec.graphics_band(DOTS, width_bytes=2),
    "custom_full_status_query": codec.FULL_STATUS,
    "custom_present_40": codec.ejector_present(40),
    "custom_eject": codec.EJECTOR_EJECT,
    "custom_retract": codec.EJECTOR_RETRACT,
    "custom_ejector_status_query": codec.EJECTOR_STATUS,
}  # fmt: skip
NOT_OURS = {"qr_native": "the code is in the picture; only other hosts let a printer draw it"}
ANSWERS = [v for v in ESCPOS if v["direction"] == "device_to_host"]
FULL = [v for v in ANSWERS if v.get("profile") == "custom"]


def test_there_are_65_and_each_has_its_test() -> None:
    commands = {v["name"] for v in ESCPOS if v["direction"] == "host_to_device"}
    assert len(ESCPOS) == 65
    assert commands == set(ENCODED) | set(NOT_OURS)
    assert len(ANSWERS) + len(commands) == 65


@pytest.mark.parametrize("name", ENCODED)
def test_every_command_is_byte_for_byte_the_reference(name: str) -> None:
    assert ENCODED[name] == BY_NAME[name]


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("custom_full_status_query", esc.RealTimeQuery(20)),
        ("custom_present_40", esc.Ejector(3, 40)),
        ("custom_eject", esc.Ejector(5)),
        ("custom_retract", esc.Ejector(2)),
        ("custom_ejector_status_query", esc.Ejector(6)),
    ],
)
def test_the_simulated_kiosk_printer_reads_its_commands_at_every_split(name: str, command: esc.Command) -> None:
    raw = BY_NAME[name]
    for at in range(len(raw) + 1):
        parser = esc.CommandParser()
        assert parser.feed(raw[:at]) + parser.feed(raw[at:]) == [command]


FAULTS = {
    "custom_full_status_ok": set(),
    "custom_full_status_ticket_waiting": {"ticket_not_taken"},
    "custom_full_status_trouble": {"paper_out", "cover_open", "head_hot", "cutter"},
}


@pytest.mark.parametrize("vector", FULL, ids=[v["name"] for v in FULL])
def test_six_bytes_are_one_full_status_at_every_split_and_twice_in_a_row(vector) -> None:
    raw = vector["raw"]
    expected = codec.FullStatus(raw)
    assert codec.full_faults(expected.groups, named("custom_kpm216").masks) == FAULTS[vector["name"]]
    for at in range(len(raw) + 1):
        parser = codec.AnswerParser(full_status=True)
        assert parser.feed(raw[:at]) + parser.feed(raw[at:]) == [expected]
    parser = codec.AnswerParser(full_status=True)
    assert parser.feed(raw + raw) == [expected, expected]
    assert parser.feed(b"\x80\x90" + raw + b"\xff") == [codec.Junk(b"\x80\x90"), expected, codec.Junk(b"\xff")]


def test_read_as_an_automatic_block_six_bytes_would_be_two_answers_too_many() -> None:
    """The collision that keeps automatic status off on these printers."""
    answers = codec.AnswerParser().feed(BY_NAME["custom_full_status_ok"])
    assert [type(answer) for answer in answers] == [codec.AutomaticStatus, codec.OneByteStatus, codec.OneByteStatus]


def test_the_bits_of_a_model_are_its_profiles() -> None:
    waiting = codec.FullStatus(BY_NAME["custom_full_status_ticket_waiting"]).groups
    assert codec.full_faults(waiting, named("custom_kpm150").masks) == set(), "reserved on a KPM150-H"
    assert codec.full_faults({"full_unrecoverable": 0x08}, named("custom_kpm300").masks) == {"unrecoverable"}


@pytest.mark.parametrize("groups", range(1, 16))
def test_automatic_full_status_has_a_byte_for_each_bit_asked_for(groups: int) -> None:
    raw = bytes((0x10, groups)) + bytes(range(0x10, 0x10 + groups.bit_count()))
    (answer,) = codec.AnswerParser(full_status=True).feed(raw)
    assert answer == codec.FullStatus(raw)
    assert len(answer.groups) == groups.bit_count()


def test_printers_that_speak_otherwise_are_named_not_guessed_at() -> None:
    assert codec.foreign(bytes.fromhex("23 06 00 00 00 00 00 00 00")) == "Star"
    assert codec.foreign(b"\xb0") == "SII"
    assert codec.foreign(b"") is None
    for vector in ANSWERS:
        if vector.get("profile") != "custom":
            assert codec.foreign(vector["raw"]) is None


def test_a_status_block_loses_one_byte_and_the_next_one_is_read() -> None:
    raw = BY_NAME["asb_paper_out"]
    for lost in range(4):
        parser = codec.AnswerParser()
        answers = parser.feed(raw[:lost] + raw[lost + 1 :] + b"\x12" + raw)
        assert answers[-1] == codec.AutomaticStatus(raw), lost


@settings(deadline=None)
@given(st.binary(max_size=400), st.booleans(), st.integers(min_value=1, max_value=17))
def test_whatever_arrives_is_read_the_same_in_any_pieces_and_every_byte_once(
    data: bytes, full: bool, step: int
) -> None:
    whole = codec.AnswerParser(full_status=full)
    answers = whole.feed(data) + whole.flush()
    pieces = codec.AnswerParser(full_status=full)
    cut = [answer for at in range(0, len(data), step) for answer in pieces.feed(data[at : at + step])] + pieces.flush()
    assert _bytes(answers) == _bytes(cut) == data
    assert [a for a in answers if not isinstance(a, codec.Junk)] == [a for a in cut if not isinstance(a, codec.Junk)]


def _bytes(answers) -> bytes:
    return b"".join(
        answer.raw if hasattr(answer, "raw") else bytes((answer.value,)) if hasattr(answer, "value")
        else bytes((0x11 if answer.go else 0x13,))
        for answer in answers
    )  # fmt: skip


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_the_simulated_printer_survives_every_host(data: bytes) -> None:
    parser = esc.CommandParser()
    parser.feed(data)
    parser.feed(bytes(range(256)))


@pytest.mark.slow
@pytest.mark.parametrize("full", [False, True])
def test_half_a_million_inputs_leave_the_classifier_small_and_awake(full: bool) -> None:
    """Random bytes, and random bytes among the heads of answers, which reach further into it."""
    chance = random.Random(5)
    heads = bytes.fromhex("10 12 35 37 3b 3d 5f 11 13 00 22 30")
    parser = codec.AnswerParser(full_status=full)
    for number in range(500_000):
        size = chance.randrange(24)
        parser.feed(chance.randbytes(size) if number % 2 else bytes(chance.choices(heads, k=size)))
        assert len(parser._buffer) < codec.BLOCK_BYTES_MAX
    parser.flush()
    assert parser.feed(b"\x37\x220042\x00")[0].process_id == 42


@pytest.mark.slow
def test_a_hundred_thousand_inputs_do_not_stop_the_simulated_printer() -> None:
    chance = random.Random(6)
    heads = bytes.fromhex("10 04 05 14 1b 40 64 1d 56 76 30 28 4c 48 6b 61 72 49 65 e0 1c c0 00 01 02")
    parser = esc.CommandParser()
    for _ in range(100_000):
        parser.feed(bytes(chance.choices(heads, k=chance.randrange(16))))
        if len(parser._buffer) > 100_000:
            parser = esc.CommandParser()
    parser.feed(bytes(esc.PICTURE_BYTES_MAX))
    assert parser.feed(codec.INITIALISE)[-1] in (esc.Initialise(), esc.Unknown(b"\x00"))
