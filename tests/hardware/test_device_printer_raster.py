"""What is sent is what was drawn: read back by a reader without any of our code, QR by zxing, lines by tesseract;
python-escpos as a second encoder; and no dot is ever obeyed as a command."""

from __future__ import annotations

import re
import shutil

import pytest
import zxingcpp
from device_bench import Bench
from device_raster_reader import NotUnderstood, read
from PIL import Image

from hardware.driver import Surroundings
from hardware.printers import codec, paper
from hardware.printers.driver import PrinterDriver, PrintJob, Timing
from hardware.printers.profiles import named
from hardware.printers.sample import SAMPLE_QR, sample_ticket
from hardware.printers.simulated import SimulatedPrinter
from hardware.simulation.memory import MemoryPort

QUICK = Timing(answer_s=0.3, quiet_s=0.1, probe_s=0.2, confirm_s=1.0, mouth_s=0.1, mouth_poll_s=0.02)


class Listening:
    """A port that keeps a copy of what the driver sends."""

    def __init__(self, printer: SimulatedPrinter) -> None:
        self._port = MemoryPort(printer)
        self.sent = b""
        self.largest = 0

    def read(self, timeout_s: float) -> bytes:
        return self._port.read(timeout_s)

    def write(self, data: bytes) -> None:
        self.sent += data
        self.largest = max(self.largest, len(data))
        self._port.write(data)

    def close(self) -> None:
        self._port.close()


def sent_by_the_driver(bench: Bench, profile: str) -> Listening:
    """Everything a driver sends for one ticket."""
    model = named(profile)
    line = Listening(SimulatedPrinter(dialect=model))
    around: Surroundings = bench.around(opener=lambda address: line)
    driver = PrinterDriver("escpos+sim://", profile=model, around=around, timing=QUICK)
    bench.start(driver)
    assert driver.submit(PrintJob("T1", sample_ticket())).result(10).outcome == "confirmed"
    bench.stop()
    return line


def drawn(width: int) -> list[str]:
    """The picture's rows as text, straight from its dots."""
    picture = paper.render(sample_ticket(), width_dots=width)
    dots = picture.load()
    return ["".join("0" if dots[x, y] else "1" for x in range(width)) for y in range(picture.height)]


def picture_of(rows: list[str]) -> Image.Image:
    picture = Image.new("L", (len(rows[0]), len(rows)), 255)
    picture.putdata([0 if dot == "1" else 255 for row in rows for dot in row])
    return picture


@pytest.mark.parametrize("profile", ["epson80", "tm_t88v", "epson58", "plain", "custom_kpm216"])
def test_the_drivers_bytes_hold_the_ticket_dot_by_dot(bench: Bench, profile: str) -> None:
    line = sent_by_the_driver(bench, profile)
    (ticket,) = read(line.sent).papers
    model = named(profile)
    differing = sum(a != b for a, b in zip(ticket.rows, drawn(model.width_dots), strict=True))
    assert differing == 0
    assert (ticket.lines_fed, ticket.full_cut) == (model.feed_lines, True)
    (code,) = zxingcpp.read_barcodes(picture_of(ticket.rows))
    assert code.text == SAMPLE_QR
    assert line.largest <= 1024, "a slow line is heard between slices"
    asked = read(line.sent).asked
    assert ("asb on" in asked) == model.asb
    assert ("present" in asked) == (profile == "custom_kpm216")
    assert any(name.startswith("process id") for name in asked) == (model.process_id == "probe")


def test_the_reader_is_no_friend_of_ours() -> None:
    with pytest.raises(NotUnderstood):
        read(b"\x1b\x21\x00")
    good = codec.raster_band(b"\x80\x01\xff\xff", width_bytes=2)
    assert read(good + codec.CUT_PARTIAL_OLD).papers[0].rows == ["1000000000000001", "1" * 16]
    assert read(good[:-1] + b"\xfe").uncut.rows != read(good).uncut.rows


@pytest.mark.parametrize("rows", [1, 254, 255, 256, 900, 1000])
@pytest.mark.parametrize("command", ["raster", "graphics"])
def test_both_picture_commands_hold_the_same_dots_in_bands_of_any_height(rows: int, command: str) -> None:
    data = bytes((row * 7 + x * 3) % 251 | 0x20 for row in range(rows) for x in range(72))
    stream = b"".join(codec.raster_bands(data, width_bytes=72, command=command))
    assert read(stream).uncut.rows == read(b"".join(codec.raster_bands(data, width_bytes=72))).uncut.rows
    assert len(read(stream).uncut.rows) == rows


def test_a_picture_too_long_for_two_length_bytes_takes_four() -> None:
    short, long = (codec.graphics_band(bytes(72 * rows), width_bytes=72) for rows in (910, 911))
    assert (short[:3], long[:3]) == (b"\x1d\x28\x4c", b"\x1d\x38\x4c")
    assert [len(read(stream).uncut.rows) for stream in (short, long)] == [910, 911]
    with pytest.raises(ValueError, match="no picture"):
        codec.graphics_band(b"", width_bytes=72)


def test_no_dots_are_obeyed_as_a_command() -> None:
    """A picture may hold the bytes of DLE EOT or DLE ENQ; printers obey them there. One more black dot prevents it."""
    nasty = bytes.fromhex("10 04 01 00 10 05 02 00 10 14 08 01 10 10 04 04 10 06 10 03 00 10")
    stream = b"".join(codec.raster_bands(nasty, width_bytes=22))
    body = stream[8:]
    assert not re.search(rb"\x10[\x04\x05\x14]", body)
    flipped = [bin(a ^ b).count("1") for a, b in zip(nasty, body, strict=True)]
    assert (sum(flipped), max(flipped)) == (4, 1)
    assert all(b & a == a for a, b in zip(nasty, body, strict=True)), "dots are only added"
    printer = SimulatedPrinter()
    assert printer.connect().feed(stream + codec.BARRIER, 0.0) == b"\x00"
    raw = codec.raster_band(nasty, width_bytes=22)
    assert printer.connect().feed(raw + codec.BARRIER, 0.0) == b"\x12\x12", (
        "without it: two answers nobody asked for, and the buffer with everything after it cleared"
    )


def test_a_command_across_two_bands_is_none() -> None:
    data = b"\x00" * 71 + b"\x10" + b"\x04" + b"\x01" * 71
    first, second = codec.raster_bands(data, width_bytes=72, rows=1)
    assert (first[-1], second[8]) == (0x18, 0x04)


def test_another_encoder_gives_the_same_bytes() -> None:
    """python-escpos through its Dummy, GS v 0, the same picture."""
    printer = pytest.importorskip("escpos.printer").Dummy()
    picture = paper.render(sample_ticket(), width_dots=576)
    raster = paper.raster_of(picture)
    printer.image(picture, impl="bitImageRaster", fragment_height=255, center=False)
    theirs = read(printer.output).uncut.rows
    ours = read(b"".join(codec.raster_bands(raster.data, width_bytes=72))).uncut.rows
    assert ours == theirs
    feed = pytest.importorskip("escpos.printer").Dummy()
    feed.print_and_feed(4)
    assert feed.output == codec.feed(4)


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_lines_read_back_from_the_bytes_by_character_recognition(monkeypatch) -> None:
    monkeypatch.setenv("OMP_THREAD_LIMIT", "1")  # its threads only wait for each other
    pytesseract = pytest.importorskip("pytesseract")
    if "chi_sim" not in pytesseract.get_languages():
        pytest.skip("tesseract without Chinese")
    lines = ["办件编号 20261124-0007", "承诺时限 11月30日 17:00", "请带身份证和银行卡"]
    picture = paper.render([paper.Text(line, size=40) for line in lines])
    raster = paper.raster_of(picture)
    rows = read(b"".join(codec.raster_bands(raster.data, width_bytes=72))).uncut.rows
    text = pytesseract.image_to_string(picture_of(rows), lang="chi_sim", config="--psm 6")
    assert [re.sub(r"[\s:：]", "", line) for line in text.strip().splitlines() if line.strip()] == [
        re.sub(r"[\s:：]", "", line) for line in lines
    ]
