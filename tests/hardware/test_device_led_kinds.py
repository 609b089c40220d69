"""What holds for every bar whatever it speaks: one way to open it, pages that come back, faults by name, a picture."""

from __future__ import annotations

from pathlib import Path

import pytest
from device_bench import until
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hardware import fonts
from hardware.address import PROTOCOLS, BadAddress
from hardware.health import Receipt, State
from hardware.inventory import DRIVERS, SIMULATORS, open_led_bar, simulated
from hardware.led import bxk_areas, gb2312, matrix
from hardware.led.bar import BarDriver, Timing
from hardware.led.page import Page, Pager, Show, Tone, dots_of, fitted
from hardware.simulation.device import NoSuchFault

BARS = [name for name, spoken in PROTOCOLS.items() if spoken.kind == "led"]
SIMULATED = [name for name in BARS if name in SIMULATORS]
CALL = Page(("请A041号到3号窗口",))
each = pytest.mark.parametrize("name", SIMULATED)


def test_the_contracts_bars_are_all_driven_and_simulated() -> None:
    assert set(BARS) == {"bxk", "cpower", "artnet", "ddp", "png"}
    assert set(SIMULATED) == set(BARS) - {"png"}, "a folder needs no stand-in"
    assert all(issubclass(DRIVERS[name], BarDriver) for name in BARS)  # type: ignore[arg-type]


@each
def test_a_bar_in_the_same_process_is_driven_and_drawn(bench, tmp_path: Path, name: str) -> None:
    address = f"{name}+sim://?out={tmp_path}&width=128"
    bar = open_led_bar(address, around=bench.around())
    bench.start(bar)
    receipt: Receipt = bar.show([CALL]).result(5)
    assert receipt.error is None
    device = simulated(address)
    until(lambda: (tmp_path / "bar.png").exists() and device.status()["refreshes"] > 0)
    with Image.open(tmp_path / "bar.png") as saved:
        assert saved.size == (128 * matrix.PITCH + 12, 16 * matrix.PITCH + 12)
    until(lambda: any(pixel != (0, 0, 0) for _, pixel in device.board().convert("RGB").getcolors(9999)))
    assert device.status()["flash_writes"] == 0


@each
def test_a_pulled_cable_is_told_and_the_page_comes_back(bench, name: str) -> None:
    address = f"{name}+sim://?width=144"
    bar = open_led_bar(address, around=bench.around())
    bench.start(bar)
    bar.show([CALL]).result(5)
    device = simulated(address)
    until(lambda: device.status()["refreshes"] > 0)
    device.set_fault("gone")
    until(lambda: bar.snapshot().state is State.ABSENT)
    assert bar.show([Page(("A042",))]).result(5).error == "gone"
    before = device.status()["refreshes"]
    device.clear()
    until(lambda: device.status()["refreshes"] > before)


@each
def test_faults_have_names_and_the_control_line_takes_them(name: str) -> None:
    device = SIMULATORS[name]({}, None)
    assert device.command("fault silent") == "ok"
    assert "silent" in device.command("status")
    assert device.command("clear") == "ok"
    with pytest.raises(NoSuchFault, match="silent"):
        device.set_fault("paper_out")


@pytest.mark.parametrize("name", ["cpower", "artnet", "ddp"])
def test_a_machine_without_dots_says_which_package(bench, tmp_path, monkeypatch, name: str) -> None:
    bar = DRIVERS[name](f"{name}+sim://?width=160", around=bench.around(), timing=Timing(refresh_s=0.02))

    def none() -> Path:
        raise fonts.FontMissing("no dot-matrix glyphs found (unifont.hex): apt-get install unifont")

    matrix.glyph.cache_clear()
    matrix._glyph_table.cache_clear()
    monkeypatch.setattr(fonts, "unifont_file", none)
    try:
        bench.start(bar)
        assert bar.show([CALL]).result(5).error == "font_missing"
        assert "font_missing" in bar.snapshot().faults
        assert bar.lacks("请") == frozenset()
    finally:
        monkeypatch.undo()
    bar.show([Page(("A042",))])
    until(lambda: "font_missing" not in bar.snapshot().faults)


def test_what_is_no_bar_is_refused_by_name() -> None:
    with pytest.raises(BadAddress, match="cpower"):
        open_led_bar("escpos+socket://127.0.0.1:9100")
    with pytest.raises(BadAddress, match="universe"):
        open_led_bar("ddp+udp://127.0.0.1:4048?universe=3")
    with pytest.raises(BadAddress, match="colours"):
        open_led_bar("cpower+socket://127.0.0.1:5200?colours=4")


# -- characters and pages ---------------------------------------------------------------------------------------


def test_every_character_of_gb2312_goes_to_a_card_and_comes_back() -> None:
    cells = [bytes((row, cell)) for row in (*range(0xA1, 0xAA), *range(0xB0, 0xF8)) for cell in range(0xA1, 0xFF)]
    there = [cell.decode("gbk") for cell in cells if _is_gb2312(cell)]
    assert len(there) == 7445, "6763 Hanzi and 682 signs"
    signs = {character for character in there if character not in gb2312.ALIKE}
    assert all(gb2312.decoded(gb2312.encoded(character)) == character for character in signs)
    assert (gb2312.encoded("·"), gb2312.encoded("—")) == (b"\xa1\xa4", b"\xa1\xaa")


def _is_gb2312(cell: bytes) -> bool:
    try:
        cell.decode("gb2312")
    except UnicodeDecodeError:
        return False
    return True


def test_signs_that_only_look_different_are_their_like_and_others_are_lost() -> None:
    raw, lost = bxk_areas.text_bytes("午间 12:00–13:30\u00a0•")
    assert (bxk_areas.read_text(raw).text, lost) == ("午间 12:00-13:30 ·", set())
    assert [gb2312.encoded(character) for character in "號䶮€\n\x00🙂"] == [None] * 6


WORDS = st.text(st.sampled_from("请到号窗口办理首问责任岗政务服务A0149 :→…—·、"), max_size=60)


@given(text=WORDS)
@settings(max_examples=150, deadline=None)
def test_a_card_reads_what_it_was_sent(text: str) -> None:
    raw, lost = bxk_areas.text_bytes(text, line_dots=32, colour=3)
    assert bxk_areas.read_text(raw) == bxk_areas.StyledText(text, 32, 3)
    assert lost == set()


@given(lines=st.lists(WORDS, min_size=1, max_size=2), width=st.integers(32, 320), height=st.sampled_from([16, 32]))
@settings(max_examples=200, deadline=None)
def test_pages_cut_to_any_bar_lose_nothing_and_fit(lines: list[str], width: int, height: int) -> None:
    page = Page(tuple(lines), 3.0, Tone.CALL)
    pages = fitted([page], width=width, height=height)
    assert "".join(line for one in pages for line in one.lines).replace(" ", "") == "".join(lines).replace(" ", "")
    for one in pages:
        dots = height if len(one.lines) == 1 and height > 16 else 16
        assert all(dots_of(line, line_dots=dots) <= width for line in one.lines)
        assert (one.seconds, one.tone) == (3.0, Tone.CALL)
        assert len(one.lines) <= height // 16


@pytest.mark.parametrize("text", ["A041→3号", "暂停 11:00", "Back 11:00", "WWWWWWWWWWWW", "请听窗口叫号", "W"])
def test_a_large_line_that_fits_by_its_dots_fits_as_it_is_drawn(text: str) -> None:
    assert dots_of(text, line_dots=32) <= 192
    strip = matrix.large_line(text, height=32, width=192)
    left, top, right, bottom = strip.getbbox()
    assert strip.width <= 192
    assert right - left <= 192
    assert 0 <= top < bottom <= 32
    assert strip.height == 32
    full = round(32 * matrix.LARGE_TYPE)
    assert (strip.width == round(fonts.cjk(full, bold=True).getlength(text))) is (text != "WWWWWWWWWWWW")


def test_every_bar_but_a_picture_is_sent_something_new_at_most_once_a_second() -> None:
    assert {name: DRIVERS[name].timing_usual.refresh_s for name in SIMULATED} == dict.fromkeys(SIMULATED, 1.0)  # type: ignore[attr-defined]


def test_pages_without_a_time_stand_on_the_first() -> None:
    assert Pager(Show((Page(("a",), 0.0), Page(("b",), 0.0))), begun_s=0.0, blink_s=1.0).frame(9.0).page.lines == ("a",)
