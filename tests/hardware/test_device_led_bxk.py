"""A BX-K card beyond its pages: typefaces, colours, clock, parts of the day, the stored page, the speed of its line."""

from __future__ import annotations

import os
from datetime import UTC, datetime, time

import pytest
from device_bench import until

from hardware.address import BadAddress, parse
from hardware.cli import main
from hardware.health import Fault, State
from hardware.led import bxk_codec as codec
from hardware.led import matrix
from hardware.led.bar import Timing
from hardware.led.bxk_driver import BxkBar
from hardware.led.bxk_simulated import SimulatedBar
from hardware.led.daypart import Dayparts, step
from hardware.led.page import Frame, Page, Tone
from hardware.led.preview import PngBar
from hardware.port import open_port
from hardware.simulation.server import SimulatorServer

QUICK = Timing(answer_s=0.15, refresh_s=0.02, repeat_s=0.3, ping_s=0.3, ping_silent_s=0.05, blink_s=0.05)
CALL = Page(("请A041号到3号窗口",), tone=Tone.CALL)
LOST = Page(("请听窗口叫号",), tone=Tone.WARN)
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def local(hour: int, minute: int = 0) -> datetime:
    """A time of day of this machine's zone."""
    return NOON.astimezone().replace(hour=hour, minute=minute)


@pytest.fixture
def at_work(bench):
    """Makes a card and its driver, by TCP."""
    servers = []

    def make(card: SimulatedBar, *, options: str = "", timing: Timing = QUICK, **around) -> BxkBar:
        server = SimulatorServer(card, "socket://127.0.0.1:0")
        server.start()
        servers.append(server)
        bar = BxkBar(f"bxk+{server.url}{options}", around=bench.around(**around), timing=timing)
        bench.start(bar)
        return bar

    yield make
    bench.stop()
    for server in servers:
        server.stop()


# -- colours and typefaces --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tone", "number", "colour"),
    [(Tone.CALL, 3, matrix.YELLOW), (Tone.CALM, 2, matrix.GREEN), (Tone.WARN, 1, matrix.RED)],
)
def test_a_card_with_two_planes_shows_what_a_page_means(at_work, tone: Tone, number: int, colour) -> None:
    card = SimulatedBar(colours=2)
    bar = at_work(card)
    bar.show([Page(("A041",), tone=tone)]).result(5)
    assert (bar.colours, card.colour) == (2, number)
    lit = {pixel for _, pixel in card.board().getcolors(4096)}
    assert lit == {colour, (0, 0, 0)}


def test_a_card_with_one_plane_is_told_one_colour(at_work) -> None:
    card = SimulatedBar()
    at_work(card).show([CALL]).result(5)
    assert card.colour == 1


def test_the_probe_tells_what_was_found(at_work) -> None:
    bar = at_work(SimulatedBar(width=256, height=32, colours=2))
    until(lambda: bar.fonts is not None)
    found = bar.found()
    assert (found["width"], found["height"], found["colours"], found["type"]) == (256, 32, 2, "62")
    assert found["fonts"][:2] == ["Chinese 16x16", "Chinese 24x24"]


@pytest.mark.parametrize(("heights", "used"), [((16,), 16), ((16, 24), 24), ((16, 24, 32), 32)])
def test_a_line_is_as_large_as_the_cards_typefaces_allow(at_work, heights, used: int) -> None:
    fonts = codec.Fonts(tuple(codec.Font(True, dots, dots) for dots in heights))
    card = SimulatedBar(width=192, height=32, fonts=fonts)
    bar = at_work(card)
    bar.show([Page(("A041→3号",))]).result(5)
    assert bar._large_dots() == used
    assert card.text == "A041→3号"


def test_a_card_without_chinese_says_so_and_is_not_green(at_work) -> None:
    bar = at_work(SimulatedBar(fonts=codec.Fonts((codec.Font(False, 8, 16),))))
    until(lambda: bar.snapshot().state is State.DEGRADED)
    assert set(bar.snapshot().faults) == {"font_missing"}


def test_a_card_that_does_not_know_the_question_for_fonts_works_all_the_same(at_work) -> None:
    card = SimulatedBar()
    obey = card.obey
    card.obey = lambda data, now: codec.ack(2) if data[:2] in (b"\xa2\x09", b"\xa2\x0a") else obey(data, now)
    bar = at_work(card)
    assert bar.show([CALL]).result(5).outcome == "confirmed"
    until(lambda: bar.snapshot().state is State.READY)


def test_a_card_that_leaves_questions_unanswered_is_not_lost(at_work, bench) -> None:
    """Old firmware: it knows PING and areas, and says nothing at all to the rest."""
    card, asked = SimulatedBar(), []
    obey = card.obey

    def old(data: bytes, now: float) -> bytes | None:
        asked.append(bytes(data[:2]))
        return obey(data, now) if data[:2] in (b"\xa2\x00", b"\xa3\x06") else None

    card.obey = old
    bar = at_work(card)
    assert bar.show([CALL]).result(5).outcome == "confirmed"
    until(lambda: asked.count(b"\xa1\x02") == 2 and card.refreshes > 3)
    assert bar.snapshot().state is State.READY
    assert {code: asked.count(code) for code in (b"\xa2\x0a", b"\xa2\x09", b"\xa1\x02")} == {
        b"\xa2\x0a": 2,
        b"\xa2\x09": 2,
        b"\xa1\x02": 2,
    }
    assert not [event for event in bench.told(Fault) if event.code == "silent"]


def test_a_card_that_falls_silent_while_it_is_probed_is_silent(at_work) -> None:
    card = SimulatedBar()
    obey = card.obey

    def dies(data: bytes, now: float) -> bytes | None:
        if data[:2] == b"\xa2\x0a":
            card.obey = lambda data, now: None
            return None
        return obey(data, now)

    card.obey = dies
    bar = at_work(card)
    until(lambda: "silent" in bar.snapshot().faults)
    assert bar.show([CALL]).result(5).error == "silent"
    card.obey = obey
    until(lambda: card.text == CALL.lines[0])


def test_what_a_font_card_lacks_is_known_before_it_is_shown() -> None:
    bar = BxkBar("bxk+socket://127.0.0.1:5005")
    assert bar.lacks("请A041号到3号窗口") == frozenset()
    assert bar.lacks("請A041號") == {"請", "號"}
    assert PngBar("png+file:///nowhere").lacks("請A041號䶮") == frozenset()


def test_a_text_longer_than_the_cards_memory_is_refused_and_the_driver_lives(at_work) -> None:
    card = SimulatedBar(width=4096, height=32)
    bar = at_work(card)
    long = "政" * 250
    assert bar.show([Page((long, long))]).result(5).error == "nack_4"
    assert bar.show([CALL]).result(5).outcome == "confirmed"


# -- clock and brightness ---------------------------------------------------------------------------------------


def test_a_clock_that_is_off_is_set_and_one_that_is_right_is_left(at_work, bench) -> None:
    now = local(10, 32)
    off = SimulatedBar()
    at_work(off, wall=lambda: now)
    until(lambda: off.clock != b"")
    assert codec.CardStatus(on=True, brightness=0, time=off.clock).clock == now.replace(tzinfo=None)
    right, seen = SimulatedBar(), []
    right.clock = codec.clock_bytes(now.replace(second=30))
    obey = right.obey
    right.obey = lambda data, at: (seen.append(bytes(data[:2])), obey(data, at))[1]
    at_work(right, wall=lambda: now)
    until(lambda: b"\xa1\x02" in seen and b"\xa2\x00" in seen[seen.index(b"\xa1\x02") :])
    assert b"\xa2\x03" not in seen


def test_a_bar_somebody_switched_off_is_switched_on(at_work) -> None:
    card = SimulatedBar()
    card.on = False
    at_work(card)
    until(lambda: card.on)


def test_brightness_follows_the_day(at_work) -> None:
    card, now = SimulatedBar(), [local(8)]
    bar = at_work(card, options="?bright=100@07:00,40@18:30", wall=lambda: now[0])
    until(lambda: bar._dimmed == 100)
    assert card.brightness == 15
    now[0] = local(18, 30)
    bar._dim_at_s = 0.0
    until(lambda: card.brightness == 6)
    now[0] = local(3)
    bar._dim_at_s = 0.0
    card.brightness = 1
    bar.show([CALL]).result(5)
    assert card.brightness == 1, "the part of the day has not changed: nothing is sent"


def test_without_the_option_the_cards_own_brightness_is_left_alone(at_work) -> None:
    card, seen = SimulatedBar(), []
    obey = card.obey
    card.obey = lambda data, at: (seen.append(bytes(data[:2])), obey(data, at))[1]
    at_work(card).show([CALL], blink=1).result(5)
    until(lambda: card.refreshes > 3)
    assert b"\xa3\x02" not in seen


def test_parts_of_the_day() -> None:
    day = Dayparts.parse("40@18:30,100@07:00,15@21:00")
    assert [day.percent(time(hour, 45)) for hour in (6, 7, 18, 20, 21, 23)] == [15, 100, 40, 40, 15, 15]
    assert day.percent(time(7, 0)) == 100
    assert day.percent(time(6, 59)) == 15
    assert Dayparts.parse("") is None
    assert {Dayparts.parse("60").percent(time(hour)) for hour in range(24)} == {60}
    assert (step(0, top=15), step(50, top=31), step(100, top=31), step(250, top=31)) == (0, 16, 31, 31)


@pytest.mark.parametrize("text", ["101", "50@25:00", "50@07:60", "bright", "50,60@07:00", "50@07:00,60@07:00", "-1"])
def test_parts_of_the_day_that_are_none(text: str) -> None:
    with pytest.raises(BadAddress, match="bright="):
        BxkBar(f"bxk+socket://127.0.0.1:5005?bright={text}")


# -- the page the bar keeps -------------------------------------------------------------------------------------


def test_a_kept_page_is_written_once_and_shown_when_nobody_drives(at_work, bench) -> None:
    card = SimulatedBar(stored="出厂")
    bar = at_work(card)
    bar.show([CALL]).result(5)
    receipt = bar.keep(LOST).result(5)
    assert (receipt.outcome, receipt.how) == ("confirmed", "ack")
    assert (card.flash_writes, card.stored) == (1, LOST.lines[0])
    until(lambda: card.text == CALL.lines[0])
    bench.stop()
    until(lambda: card.text == LOST.lines[0], what="at the end the areas go at once")
    assert card.flash_writes == 1


def test_a_card_that_refuses_the_file_says_why(at_work) -> None:
    card = SimulatedBar(stored="出厂")
    obey = card.obey
    card.obey = lambda data, now: codec.ack(7) if data[:2] == b"\xa1\x06" else obey(data, now)
    receipt = at_work(card).keep(LOST).result(5)
    assert (receipt.outcome, receipt.error) == ("failed", "nack_7")
    assert card.stored == "出厂"


def test_a_program_that_dies_leaves_the_kept_page(at_work) -> None:
    """Nothing is said at the end: the areas vanish by themselves."""
    card = SimulatedBar(stored=LOST.lines[0])
    bar = at_work(card, timing=Timing(answer_s=0.15, refresh_s=0.02, repeat_s=0.1, forget_s=1))
    bar.show([CALL]).result(5)
    bar._farewell = lambda: None
    bar._stop.set()
    assert card.text == CALL.lines[0]
    until(lambda: card.text == LOST.lines[0])


# -- the line ---------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals")
def test_the_speed_of_a_line_is_found_by_asking(bench, tmp_path) -> None:
    """The card listens at 57,600 only: at 9600 it hears noise."""
    card = SimulatedBar()
    opened = []
    with SimulatorServer(card, f"pty://{tmp_path}/line"):

        def opener(address):
            opened.append(address.options["baud"])
            card.clear()
            if address.options["baud"] != "57600":
                card.set_fault("silent")
            return open_port(parse(f"bxk+pty://{tmp_path}/line?baud={address.options['baud']}"))

        bar = BxkBar("bxk+/dev/ttyS99", around=bench.around(opener=opener), timing=QUICK)
        bench.start(bar)
        until(lambda: bar.snapshot().state is State.READY)
        assert opened[:2] == ["9600", "57600"]
        assert bar.show([CALL]).result(5).outcome == "confirmed"
        bench.stop()


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals")
def test_a_named_speed_is_not_searched(bench, tmp_path) -> None:
    card, opened = SimulatedBar(), []
    card.set_fault("silent")
    with SimulatorServer(card, f"pty://{tmp_path}/line"):

        def opener(address):
            opened.append(address.options["baud"])
            return open_port(parse(f"bxk+pty://{tmp_path}/line"))

        bar = BxkBar("bxk+/dev/ttyS99?baud=9600", around=bench.around(opener=opener), timing=QUICK)
        bench.start(bar)
        until(lambda: "silent" in bar.snapshot().faults)
        card.clear()
        until(lambda: bar.snapshot().state is State.READY)
        assert set(opened) == {"9600"}
        bench.stop()


# -- pace -------------------------------------------------------------------------------------------------------


def test_a_call_given_to_an_idle_bar_is_on_the_wire_at_once(bench) -> None:
    """Less than the driver's turn of 30 ms: the job wakes it."""
    import time as clock

    card, arrived = SimulatedBar(), []
    with SimulatorServer(card, "socket://127.0.0.1:0") as server:
        bar = BxkBar(f"bxk+{server.url}", around=bench.around(), timing=Timing(refresh_s=0.0, ping_s=60))
        send = bar._send
        bar._send = lambda data: (send(data), arrived.append(clock.perf_counter()))
        bench.start(bar)
        until(lambda: bar.snapshot().state is State.READY and card.clock != b"")
        taken = []
        for number in range(20):
            begun = clock.perf_counter()
            seen = len(arrived)
            bar.show([Page((f"请A{number:03}号到3号窗口",))]).result(5)
            taken.append(arrived[seen] - begun)
        assert sorted(taken)[len(taken) // 2] < 0.01, taken
        bench.stop()


def test_the_picture_of_a_coloured_page(bench, tmp_path) -> None:
    bar = PngBar(f"png+file://{tmp_path}?colours=2", around=bench.around())
    bench.start(bar)
    bar.show([CALL]).result(5)
    expected = matrix.png(matrix.photograph(matrix.colours(Frame(CALL), width=192, height=16)))
    assert (tmp_path / "bar.png").read_bytes() == expected
    assert matrix.YELLOW in {pixel for _, pixel in matrix.colours(Frame(CALL), width=192, height=16).getcolors(4096)}


# -- the fitter's command ---------------------------------------------------------------------------------------


def test_a_fitter_writes_the_bars_own_page_from_the_command_line(capsys, tmp_path) -> None:
    card = SimulatedBar(stored="出厂")
    with SimulatorServer(card, "socket://127.0.0.1:0") as server:
        assert main(["keep", f"bxk+{server.url}", "请听窗口叫号"]) == 0
        assert (card.stored, card.flash_writes) == ("请听窗口叫号", 1)
        assert "page kept in the bar confirmed (ack)" in capsys.readouterr().out
    assert main(["keep", f"png+file://{tmp_path}", "请听窗口叫号"]) == 1
    assert "no memory" in capsys.readouterr().err
    assert main(["keep", "escpos+socket://127.0.0.1:9", "x"]) == 2
