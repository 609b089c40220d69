"""The simulated printer answers like the measured ones, and like a client from another ecosystem expects."""

from __future__ import annotations

import pytest
from device_bench import vectors_of
from PIL import Image, ImageChops

from hardware.printers import codec, paper
from hardware.printers.profiles import all_profiles, read
from hardware.printers.sample import sample_ticket
from hardware.printers.simulated import SimulatedPrinter

STATES = {
    "healthy": [],
    "near_end": ["paper_near_end"],
    "paper_out": ["paper_out"],
    "cover_open": ["cover_open"],
    "offline": ["offline"],
}


@pytest.mark.parametrize("state", STATES)
def test_its_status_bytes_are_the_measured_ones(state: str) -> None:
    printer = SimulatedPrinter()
    for fault in STATES[state]:
        printer.set_fault(fault)
    host = printer.connect()
    for vector in vectors_of("escpos"):
        if vector.get("printer_state") == state and "query" in vector:
            assert host.feed(codec.status_query(vector["query"]), 0.0) == vector["raw"]
    automatic = next(v["raw"] for v in vectors_of("escpos") if v["name"] == f"asb_{state}")
    assert printer.automatic() == automatic


def test_in_order_commands_wait_while_off_line_and_real_time_ones_do_not() -> None:
    printer = SimulatedPrinter()
    host = printer.connect()
    printer.set_fault("cover_open")
    assert host.feed(codec.BARRIER + codec.process_id_request(7) + codec.status_query(1), 0.0) == b"\x1a"
    printer.clear()
    assert host.due(0.1) == b"\x00" + b"\x37\x220007\x00"


def test_automatic_status_comes_on_enabling_and_at_every_change() -> None:
    printer = SimulatedPrinter()
    host = printer.connect()
    assert host.feed(codec.ASB_ON, 0.0) == b"\x10\x00\x00\x00"
    assert host.due(0.1) == b""
    printer.set_fault("paper_near_end")
    assert host.due(0.2) == b"\x10\x00\x03\x00"
    printer.set_fault("cutter")
    assert host.due(0.3) == b"\x18\x08\x03\x00"
    printer.clear("cutter")
    assert host.due(0.4) == b"\x10\x00\x03\x00"
    assert host.feed(codec.ASB_OFF, 0.5) == b""
    printer.clear()
    assert host.due(0.6) == b""


def test_the_opening_of_another_ecosystems_client_is_answered() -> None:
    """receiptio 2.1 opens with these bytes."""
    host = SimulatedPrinter().connect()
    assert host.feed(bytes.fromhex("10 04 02 1b 06 01 1b 40"), 0.0) == b"\x12"
    assert host.feed(codec.IDENTITY_MAKER + codec.IDENTITY_MODEL, 0.0) == b"_Counterhall\x00_Simulated 80\x00"
    assert host.feed(bytes.fromhex("1b 40 1d 61 ff"), 0.0) == b"\x10\x00\x00\x00"


def test_the_ticket_comes_out_dot_by_dot_as_it_was_drawn(tmp_path) -> None:
    picture = paper.render(sample_ticket(), width_dots=576)
    raster = paper.raster_of(picture)
    stream = b"".join(codec.raster_bands(raster.data, width_bytes=raster.width_bytes))
    printer = SimulatedPrinter(out=tmp_path)
    host = printer.connect()
    for start in range(0, len(stream), 1000):
        host.feed(stream[start : start + 1000], 0.0)
    host.feed(codec.feed(4) + codec.CUT_FULL, 0.0)
    with Image.open(tmp_path / "ticket-0001.png") as saved:
        assert saved.mode == "1"
        printed = saved.crop((0, 0, 576, picture.height))
        assert ImageChops.logical_xor(printed, picture).getbbox() is None
        assert saved.height == picture.height + 4 * 30


def test_clearing_the_buffers_forgets_what_was_not_printed() -> None:
    printer = SimulatedPrinter(seconds_per_ticket=10)
    host = printer.connect()
    host.feed(codec.raster_band(b"\xff", width_bytes=1) + codec.CUT_FULL + codec.process_id_request(1), 0.0)
    printer.set_fault("cutter")
    host.feed(codec.RECOVER_CLEAR, 1.0)
    assert printer.faults == {"cutter"}, "a command removes no cause"
    printer.clear()
    assert host.due(100.0) == b""
    assert printer.printed == 0


def test_numbering_goes_on_after_a_restart(tmp_path) -> None:
    for _ in range(2):
        host = SimulatedPrinter(out=tmp_path).connect()
        host.feed(codec.raster_band(b"\xff", width_bytes=1) + codec.CUT_FULL, 0.0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ticket-0001.png", "ticket-0002.png"]


def test_text_of_other_hosts_is_drawn_too() -> None:
    printer = SimulatedPrinter()
    printer.connect().feed(b"\x1b\x40\x1c\x26" + "收据 receipt\n".encode("gb18030") + codec.CUT_PARTIAL, 0.0)
    assert printer.tickets[0].picture.convert("L").getextrema() == (0, 255)
    assert printer.unknown_bytes == 0


def test_commands_of_other_hosts_are_stepped_over_whole() -> None:
    stream = bytes.fromhex("1c 28 41 02 00 30 00") + b"\x1d\x6b\x02201234567890\x00" + b"\x1d\x6b\x49\x03{B1"
    for at in range(len(stream) + 1):
        printer = SimulatedPrinter()
        host = printer.connect()
        host.feed(stream[:at], 0.0)
        assert host.feed(stream[at:] + codec.BARRIER, 0.0) == b"\x00"
        assert printer.unknown_bytes == 0


def test_it_shows_its_faults_in_the_bits_of_its_profile() -> None:
    """A fitter tries a profile of his own against it before the unit arrives."""
    text = """
[own]
like = "masung80"
[own.masks.status_4]
paper_near_end = 0x04
paper_out = 0x20
ticket_not_taken = 0x40
[own.presenter]
when_left = "keep"
"""
    profile = read(text, known=all_profiles())["own"]
    printer = SimulatedPrinter(dialect=profile)
    host = printer.connect()
    assert host.feed(codec.status_query(4), 0.0) == b"\x12"
    printer.set_fault("paper_near_end")
    assert host.feed(codec.status_query(4), 0.0) == b"\x16"
    printer.set_fault("paper_out")
    assert host.feed(codec.status_query(4), 0.0) == b"\x36"
    printer.clear()
    host.feed(codec.raster_band(b"\xff", width_bytes=1) + codec.CUT_FULL_OLD, 0.0)
    answer = host.feed(codec.status_query(4), 0.0)
    assert answer == b"\x52"
    assert codec.faults_of("status_4", answer[0], profile.masks) == {"ticket_not_taken"}
    assert codec.faults_of("status_4", answer[0]) == {"paper_out"}, "what the usual masks would have made of it"
    assert printer.command("take") == "ok"
    assert host.feed(codec.status_query(4), 0.0) == b"\x12"


def test_it_is_made_from_the_words_of_the_command_line(tmp_path) -> None:
    options = {"profile": "custom_kpm216", "seconds-per-ticket": "0.5", "taken-after": "7", "latches": "1"}
    printer = SimulatedPrinter.made(options, tmp_path / "out")
    assert (printer.kiosk, printer.presents, printer.width_dots) == (True, True, 576)
    assert (printer.seconds_per_ticket, printer.taken_after_s, printer.latches) == (0.5, 7.0, True)
    plain = SimulatedPrinter.made({}, None)
    assert (plain.kiosk, plain.presents, plain.latches, plain.width_dots) == (False, False, False, 576)
    assert plain.command("restart") == "ok"
    assert '"in_mouth": false' in plain.command("status")
