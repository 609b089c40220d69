"""Bars: pages cut to fit, dots that are the system's glyphs, a card that is never hurried, calls that come back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from device_bench import Bench, until
from PIL import Image

from hardware import fonts
from hardware.address import BadAddress
from hardware.driver import Surroundings
from hardware.health import Fault, Offline, State
from hardware.inventory import open_led_bar
from hardware.led import bxk_areas, matrix
from hardware.led import bxk_codec as codec
from hardware.led.bar import Timing
from hardware.led.bxk_driver import BxkBar
from hardware.led.bxk_simulated import SimulatedBar
from hardware.led.page import Brightness, Frame, Page, Pager, SetClock, Show, dots_of, fitted, split
from hardware.led.preview import PngBar
from hardware.simulation.server import SimulatorServer

QUICK = Timing(answer_s=0.15, refresh_s=0.05, repeat_s=0.3, ping_s=0.3, ping_silent_s=0.05, blink_s=0.1)
IDLE = [Page(("3号窗口 县医疗保障局",), 0.2), Page(("门诊报销 慢病 异地",), 0.2)]
CALL = [Page(("请A041号到3号窗口",))]


# -- pages ------------------------------------------------------------------------------------------------------


def test_the_designs_pages_fit_their_bars() -> None:
    for text in ("3号窗口 县医疗保障局", "不收费 承诺20工作日", "首问责任岗 工号0312", "请A041号到3号窗口"):
        assert fitted([Page((text,))], width=192, height=16) == (Page((text,)),)
    for text in ("A041→3号", "暂停 11:00", "关窗"):
        assert fitted([Page((text,))], width=192, height=32) == (Page((text,)),)


def test_what_is_too_long_becomes_pages_at_blanks_and_loses_nothing() -> None:
    text = "收养登记 婚姻登记 社会团体成立登记 残疾人证 门诊费用报销异地就医备案"
    pages = fitted([Page((text,), 4.0)], width=192, height=16)
    assert all(dots_of(page.lines[0]) <= 192 and page.seconds == 4.0 for page in pages)
    assert " ".join(page.lines[0] for page in pages).replace(" ", "") == text.replace(" ", "")
    assert split("a" * 50, width=192) == ["a" * 24, "a" * 24, "aa"]
    assert split("", width=192) == [""]


def test_a_high_bar_takes_two_lines() -> None:
    assert fitted([Page(("3号窗口 县医疗保障局", "电话0000"))], width=192, height=32)[0].lines == (
        "3号窗口 县医疗保障局",
        "电话0000",
    )
    (page,) = fitted([Page(("3号窗口 县医疗保障局",))], width=192, height=32)
    assert page.lines[0] == "3号窗口 县医疗保障局", "too wide for 32 dots: small, above an empty line"


def test_frames_blink_and_then_turn_pages() -> None:
    show = Show((Page(("a",), 2.0), Page(("b",), 3.0)), blink=2)
    pager = Pager(show, begun_s=10.0, blink_s=0.5)
    seen = [pager.frame(10.0 + step * 0.5) for step in range(4)]
    assert [frame.inverse for frame in seen] == [False, True, False, True]
    assert {frame.page.lines for frame in seen} == {("a",)}
    assert [pager.frame(12.0 + after).page.lines[0] for after in (0, 1.9, 2.1, 4.9, 5.1)] == ["a", "a", "b", "b", "a"]
    assert Pager(Show(()), begun_s=0, blink_s=1).frame(5).page.lines == ("",)


# -- dots -------------------------------------------------------------------------------------------------------


def test_glyphs_are_those_of_the_systems_file() -> None:
    lines = fonts.unifont_file().read_text("ascii").split("\n")
    table = dict(line.split(":") for line in lines if line)
    for character in "政务A0→，䶮":
        picture = matrix.glyph(character)
        assert picture.tobytes().hex().upper() == table[f"{ord(character):04X}"]
    assert matrix.glyph("A").size == (8, 16)
    assert matrix.glyph("政").size == (16, 16)


def test_every_character_of_gb2312_has_a_glyph() -> None:
    squares = [
        bytes((row, cell)).decode("gb2312")
        for row in range(0xB0, 0xF8)
        for cell in range(0xA1, 0xFF)
        if (row, cell) < (0xD7, 0xFA) or row >= 0xD8
    ]
    assert len(squares) == 6763
    assert matrix.missing("".join(squares)) == set()


def test_a_bar_is_lit_where_its_text_is_and_inverse_elsewhere() -> None:
    frame = Frame(Page(("3号窗口",)))
    board = matrix.dots(frame, width=192, height=16)
    dark = matrix.dots(Frame(frame.page, inverse=True), width=192, height=16)
    lit = sum(board.histogram()[1:])
    assert 0 < lit < 192 * 16 / 4
    assert sum(dark.histogram()[1:]) == 192 * 16 - lit
    left, _, right, _ = board.getbbox()
    assert abs(left - (192 - right)) <= 6, "centred"


@pytest.mark.parametrize("height", [16, 32])
def test_the_picture_shows_red_dots_on_a_dark_board(height: int) -> None:
    photograph = matrix.photograph(matrix.dots(Frame(Page(("请A041",))), width=192, height=height))
    assert photograph.size == (192 * matrix.PITCH + 12, height * matrix.PITCH + 12)
    colours = {colour for _, colour in photograph.getcolors(10_000)}
    assert {matrix.LIT, matrix.UNLIT, matrix.BOARD, matrix.CASE} <= colours


# -- the card ---------------------------------------------------------------------------------------------------


@pytest.fixture
def card(tmp_path: Path) -> SimulatedBar:
    return SimulatedBar(out=tmp_path / "bar")


@pytest.fixture
def server(card: SimulatedBar):
    with SimulatorServer(card, "socket://127.0.0.1:0") as running:
        yield running


def bar_for(bench: Bench, server: SimulatorServer, *, timing: Timing = QUICK, options: str = "") -> BxkBar:
    bar = BxkBar(f"bxk+{server.url}{options}", around=bench.around(), timing=timing)
    bench.start(bar)
    return bar


def test_a_call_is_acknowledged_and_can_be_read_on_the_bar(bench, card, server, tmp_path) -> None:
    bar = bar_for(bench, server)
    receipt = bar.show(CALL).result(5)
    assert (receipt.outcome, receipt.how, receipt.evidence) == ("confirmed", "ack", "a0 00 00 00 00")
    assert card.text == "请A041号到3号窗口"
    expected = matrix.photograph(matrix.dots(Frame(CALL[0]), width=192, height=16))
    with Image.open(tmp_path / "bar" / "bar.png") as saved:
        assert saved.convert("RGB").tobytes() == expected.tobytes()
    until(lambda: bar.snapshot().state is State.READY)


def test_pages_turn_and_the_card_is_never_sent_more_than_its_pace(bench, card, server) -> None:
    import time

    bar = bar_for(bench, server, timing=Timing(answer_s=0.5, refresh_s=0.25, repeat_s=0.3))
    begun = time.monotonic()
    bar.show([Page((str(n),), 0.05) for n in range(6)], blink=2).result(5)
    until(lambda: card.refreshes >= 5)
    assert (card.refreshes - 1) * 0.25 <= time.monotonic() - begun + 0.05


def test_idle_pages_come_one_after_the_other(bench, card, server) -> None:
    bar_for(bench, server).show(IDLE).result(5)
    until(lambda: {"3号窗口 县医疗保障局", "门诊报销 慢病 异地"} <= set(card.shown))


def test_a_blinking_call_goes_dark_and_ends_lit(bench, card, server) -> None:
    bar_for(bench, server).show(CALL, blink=2).result(5)
    until(lambda: list(card.shown)[-4:] == [" ", CALL[0].lines[0], " ", CALL[0].lines[0]], what=str(card.shown))


def test_a_high_bar_is_probed_and_takes_large_and_double_lines(bench, tmp_path) -> None:
    card = SimulatedBar(out=tmp_path, width=192, height=32)
    with SimulatorServer(card, "socket://127.0.0.1:0") as server:
        bar = bar_for(bench, server)
        bar.show([Page(("A041→3号",))]).result(5)
        assert (bar.width, bar.height) == (192, 32)
        assert card.text == "A041→3号"
        large = card.board()
        bar.show([Page(("3号窗口 县医保局", "门诊报销 慢病"))]).result(5)
        assert card.text == "3号窗口 县医保局\n门诊报销 慢病"
        assert large.getbbox()[3] - large.getbbox()[1] > 20
        bar.show([Page(("A042",))]).result(5)
        assert card.text == "A042", "the second line is gone"
        bench.stop()


def test_rare_characters_are_replaced_and_named(bench, card, server) -> None:
    receipt = bar_for(bench, server).show([Page(("请张䶮到3号",))]).result(5)
    assert receipt.warnings == ("replaced:䶮",)
    assert card.text == "请张*到3号"


def test_the_last_text_comes_back_after_a_pulled_cable(bench, card, server) -> None:
    bar = bar_for(bench, server)
    bar.show(CALL).result(5)
    card.set_fault("gone")
    until(lambda: bar.snapshot().state is State.ABSENT)
    card._areas.clear()
    card.clear()
    until(lambda: card.text == CALL[0].lines[0])
    assert len(bench.told(Offline)) == 1


def test_a_text_given_while_the_bar_is_away_is_shown_when_it_is_back(bench, card, server) -> None:
    bar = bar_for(bench, server)
    until(lambda: bar.snapshot().state is State.READY)
    card.set_fault("gone")
    until(lambda: bar.snapshot().state is State.ABSENT)
    assert bar.show(CALL).result(5).error == "gone"
    card.clear()
    until(lambda: card.text == CALL[0].lines[0])


def test_a_silent_card_is_unknown_and_gets_the_text_when_it_answers(bench, card, server) -> None:
    bar = bar_for(bench, server)
    until(lambda: bar.snapshot().state is State.READY)
    card.set_fault("silent")
    assert bar.show(CALL).result(5).error == "silent"
    assert bar.snapshot().state is State.UNKNOWN
    card.clear()
    until(lambda: card.text == CALL[0].lines[0])
    until(lambda: bar.snapshot().state is State.READY)


@pytest.mark.parametrize(("fault", "word"), [("nack_3", "nack_3"), ("font_missing", "font_missing")])
def test_a_refusal_of_the_card_has_its_word(bench, card, server, fault: str, word: str) -> None:
    bar = bar_for(bench, server)
    until(lambda: bar.snapshot().state is State.READY)
    card.set_fault(fault)
    receipt = bar.show(CALL).result(5)
    assert (receipt.outcome, receipt.error) == ("failed", word)
    assert word in bar.snapshot().faults
    card.clear()
    until(lambda: bar.snapshot().state is State.READY)
    assert [event.cleared for event in bench.told(Fault) if event.code == word] == [False, True]
    assert card.text == CALL[0].lines[0]


def test_half_frames_and_garbage_are_no_answers(bench, card, server) -> None:
    bar = bar_for(bench, server)
    until(lambda: bar.snapshot().state is State.READY)
    for fault in ("half_frame", "garbage"):
        card.set_fault(fault)
        assert bar.show(CALL).result(5).error == "silent"
        card.clear()
        until(lambda: bar.snapshot().state is State.READY)
    assert bar.snapshot().junk_bytes > 0


def test_a_newer_text_supersedes_one_not_yet_shown(bench) -> None:
    bar = BxkBar("bxk+sim://?addr=9", around=bench.around(), timing=QUICK)
    first, second = bar.show(CALL), bar.show(IDLE)
    bench.start(bar)
    assert first.result(5).error == "superseded"
    assert second.result(5).outcome == "confirmed"


def test_brightness_and_clock_are_set(bench, card, server) -> None:
    around = bench.around(wall=lambda: datetime(2026, 11, 24, 10, 32, 5, tzinfo=UTC))
    bar = BxkBar(f"bxk+{server.url}", around=around, timing=QUICK)
    bench.start(bar)
    assert bar.submit(Brightness(53)).result(5).how == "ack"
    assert card.brightness == 8
    assert bar.submit(SetClock()).result(5).how == "ack"
    assert card.clock[:4] == bytes.fromhex("26201124")


def test_an_area_nobody_refreshes_gives_way_to_the_stored_page() -> None:
    card = SimulatedBar(stored="请听窗口叫号")
    host = card.connect()
    text, _ = bxk_areas.text_bytes("请A041号到3号窗口")
    area = bxk_areas.DynamicArea(text, width=192, height=16, run=2, timeout_s=20)
    host.feed(codec.Frame(bxk_areas.dynamic_areas([area])).encode(), 100.0)
    card.tick(119.0)
    assert card.text == "请A041号到3号窗口"
    card.tick(121.0)
    assert card.text == "请听窗口叫号"


def test_the_card_answers_only_what_is_for_it() -> None:
    host = SimulatedBar(card=3).connect()
    ping = codec.PING
    assert host.feed(codec.Frame(ping, dst=4).encode(), 0.0) == b""
    assert host.feed(codec.Frame(ping, dst=codec.BROADCAST_SILENT).encode(), 0.0) == b""
    for dst in (3, codec.BROADCAST_ANSWERED):
        (frame,) = codec.FrameParser().feed(host.feed(codec.Frame(ping, dst=dst).encode(), 0.0))
        assert (frame.dst, frame.src, codec.read_reply(frame.data)) == (codec.HOST, 3, codec.Ack(0))
    (status,) = codec.FrameParser().feed(host.feed(codec.Frame(codec.STATUS, dst=3).encode(), 0.0))
    assert codec.read_reply(status.data).on is True


def test_a_bar_by_datagrams(bench, card) -> None:
    with SimulatorServer(card, "udp://127.0.0.1:0") as server:
        bar = bar_for(bench, server)
        assert bar.show(CALL).result(5).outcome == "confirmed"
        bench.stop()


def test_nothing_written_ever_touches_the_cards_flash(bench, card, server) -> None:
    """No file command (A1 xx but status) leaves the driver in a whole round of its life."""
    sent = []
    original = SimulatedBar.obey

    def spy(self, data, now):
        sent.append(bytes(data[:2]))
        return original(self, data, now)

    SimulatedBar.obey = spy
    try:
        bar_for(bench, server).show(IDLE, blink=1).result(5)
        until(lambda: card.refreshes >= 4)
    finally:
        SimulatedBar.obey = original
    assert set(sent) <= {b"\xa2\x00", b"\xa2\x0a", b"\xa2\x09", b"\xa1\x02", b"\xa2\x03", b"\xa3\x06"}
    assert card.flash_writes == 0


# -- pictures in a folder ---------------------------------------------------------------------------------------


def test_a_png_bar_draws_what_it_shows_and_its_pages(bench, tmp_path) -> None:
    bar = PngBar(f"png+file://{tmp_path}/led?width=192&height=16", around=bench.around())
    bench.start(bar)
    receipt = bar.show(IDLE).result(5)
    assert (receipt.outcome, receipt.how, receipt.warnings) == ("confirmed", "ack", ())
    folder = tmp_path / "led"
    assert sorted(path.name for path in folder.iterdir()) == ["bar.png", "page-1.png", "page-2.png"]
    first, second = ((folder / f"page-{n}.png").read_bytes() for n in (1, 2))
    assert first != second
    until(lambda: (folder / "bar.png").read_bytes() == second)
    bar.show(CALL).result(5)
    assert not (folder / "page-2.png").exists()
    assert bar.snapshot().state is State.READY


def test_a_png_bar_blinks_inverse(bench, tmp_path) -> None:
    bar = PngBar(f"png+file://{tmp_path}", around=bench.around())
    bench.start(bar)
    bar.show(CALL, blink=1).result(5)
    inverse = matrix.png(matrix.photograph(matrix.dots(Frame(CALL[0], inverse=True), width=192, height=16)))
    plain = (tmp_path / "page-1.png").read_bytes()
    until(lambda: (tmp_path / "bar.png").read_bytes() == inverse)
    until(lambda: (tmp_path / "bar.png").read_bytes() == plain)


def test_a_folder_that_cannot_be_made_is_a_lost_port(bench, tmp_path) -> None:
    (tmp_path / "file").write_text("")
    bar = PngBar(f"png+file://{tmp_path}/file/led", around=bench.around())
    bench.start(bar)
    until(lambda: bar.snapshot().state is State.ABSENT)
    assert bar.show(CALL).result(5).outcome == "failed"


def test_missing_dot_glyphs_name_their_package(bench, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(fonts, "UNIFONT_PATHS", ())
    monkeypatch.delenv("COUNTERHALL_UNIFONT", raising=False)
    with pytest.raises(fonts.FontMissing, match="apt-get install unifont"):
        fonts.unifont_file()


def test_one_way_to_open_a_bar_whatever_it_is(tmp_path) -> None:
    assert isinstance(open_led_bar("bxk+socket://127.0.0.1:5005"), BxkBar)
    assert isinstance(open_led_bar(f"png+file://{tmp_path}", around=Surroundings()), PngBar)
    with pytest.raises(BadAddress, match="no LED bar"):
        open_led_bar("escpos+socket://127.0.0.1:9100")
