"""Code scanners: lines of a serial port, keys of a keyboard wedge, and the driver on real carriers."""

from __future__ import annotations

import pytest
from device_bench import Bench, until

from hardware.address import BadAddress, parse
from hardware.health import Scanned, State
from hardware.readers.lines import LINE_BYTES_MAX, Code, Junk, KeyParser, LineParser
from hardware.readers.scanner import Scanner
from hardware.readers.simulated import SimulatedScanner
from hardware.simulation.memory import MemoryPort
from hardware.simulation.server import SimulatorServer

PAGE = "https://hall.example/t/7f3c"


@pytest.mark.parametrize("end", [b"\r", b"\r\n", b"\n"])
def test_a_line_ends_with_cr_or_cr_lf_wherever_it_is_cut(end: bytes) -> None:
    stream = PAGE.encode() + end + b"A012" + end
    for at in range(len(stream) + 1):
        parser = LineParser()
        assert parser.feed(stream[:at]) + parser.feed(stream[at:]) == [Code(PAGE), Code("A012")]


def test_what_is_too_long_or_no_text_is_counted_and_discarded() -> None:
    parser = LineParser()
    longest = "x" * LINE_BYTES_MAX
    assert parser.feed(longest.encode() + b"\r") == [Code(longest)]
    assert parser.feed(b"x" * (LINE_BYTES_MAX + 1) + b"\rA012\r") == [Junk(LINE_BYTES_MAX + 1), Code("A012")]
    for _ in range(100):
        assert parser.feed(b"y" * 100) == []
    assert len(parser._line) <= LINE_BYTES_MAX
    assert parser.feed(b"\r") == [Junk(10_000)]
    assert parser.feed(b"\xff\xfe\r\x00\x01\r\r \r") == [Junk(2), Junk(2), Junk(1)]
    assert parser.feed(b"half") == []
    assert parser.flush() == [Junk(4)]
    assert parser.feed("号A012\r".encode()) == [Code("号A012")]


def typed(parser: KeyParser, text: str, *, at: float, gap: float) -> float:
    for letter in text:
        parser.key(letter, at)
        at += gap
    return at - gap


def test_a_keyboard_wedge_is_told_from_a_hand_by_its_speed() -> None:
    parser = KeyParser()
    assert parser.enter(typed(parser, PAGE, at=1.0, gap=0.01) + 0.01) == Code(PAGE)
    assert parser.enter(typed(parser, PAGE, at=2.0, gap=0.06) + 0.01) is None  # a hand
    assert parser.enter(typed(parser, PAGE, at=9.0, gap=0.01) + 0.2) is None  # Enter by hand
    typed(parser, "zz", at=20.0, gap=0.01)
    assert parser.enter(typed(parser, PAGE, at=20.2, gap=0.01) + 0.01) == Code(PAGE)  # what stood before is dropped
    assert parser.enter(typed(parser, "abc", at=30.0, gap=0.01) + 0.01) is None  # too short for a code
    assert parser.enter(typed(parser, "x" * 5000, at=40.0, gap=0.001) + 0.01) is None
    assert len(parser._typed) <= LINE_BYTES_MAX + 1
    assert parser.enter(50.0) is None


def test_a_code_is_told_once_although_the_scanner_repeats_it(bench: Bench) -> None:
    device = SimulatedScanner(crlf=True)
    driver = Scanner("scanner+sim://", around=bench.around(opener=lambda address: MemoryPort(device)))
    bench.start(driver)
    until(lambda: driver.snapshot().state is State.UNKNOWN)  # a scanner cannot be asked: silence is never green
    for text in (PAGE, PAGE, "481203", PAGE):
        device.scan(text)
    until(lambda: len(bench.told(Scanned)) == 3)
    assert [event.text for event in bench.told(Scanned)] == [PAGE, "481203", PAGE]
    assert driver.snapshot().state is State.READY
    assert PAGE not in f"{bench.events!r} {driver.snapshot()!r}"
    assert driver.submit(None).result(2).error == "no_such_job"
    device.set_fault("gone")
    until(lambda: driver.snapshot().state is State.ABSENT)
    device.clear()
    until(lambda: driver.snapshot().state is State.UNKNOWN)


@pytest.mark.parametrize("carrier", ["socket://127.0.0.1:0", "pty"])
def test_a_scanner_is_heard_over_real_carriers(bench: Bench, tmp_path, carrier: str) -> None:
    device = SimulatedScanner()
    with SimulatorServer(device, f"pty://{tmp_path}/scanner" if carrier == "pty" else carrier) as server:
        driver = Scanner(f"scanner+{server.url}", around=bench.around())
        bench.start(driver)
        until(lambda: driver.snapshot().state is State.UNKNOWN)
        if carrier != "pty":
            until(lambda: device._lines)
        assert device.command(f"scan {PAGE}") == "ok"
        until(lambda: bench.told(Scanned))
        bench.stop()
    assert bench.told(Scanned)[0].text == PAGE


def test_a_keyboard_has_an_address_and_no_port(bench: Bench) -> None:
    assert str(parse("scanner+wedge://")) == "scanner+wedge://"
    for wrong in ("escpos+wedge://", "scanner+wedge://there"):
        with pytest.raises(BadAddress, match="scanner\\+wedge"):
            parse(wrong)
    driver = Scanner("scanner+wedge://", around=bench.around())
    bench.start(driver)
    until(lambda: driver.snapshot().state is State.ABSENT)


def test_half_a_code_is_junk(bench: Bench) -> None:
    device = SimulatedScanner()
    device.set_fault("half_frame")
    driver = Scanner("scanner+sim://", around=bench.around(opener=lambda address: MemoryPort(device)))
    bench.start(driver)
    until(lambda: driver.snapshot().state is State.UNKNOWN)
    device.scan(PAGE)
    until(lambda: driver.snapshot().junk_bytes == (len(PAGE) + 1) // 2)
    assert not bench.told(Scanned)
