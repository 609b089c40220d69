"""A C-Power card: pictures and texts over TCP and a serial line, colours, refusals, its own clock and brightness."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from device_bench import until
from PIL import Image

from hardware.address import BadAddress
from hardware.health import Fault, State
from hardware.led import cpower_codec as codec
from hardware.led import cpower_commands as commands
from hardware.led import matrix
from hardware.led.bar import Timing
from hardware.led.cpower_driver import CPowerBar
from hardware.led.cpower_simulated import SimulatedCPower
from hardware.led.page import Brightness, Frame, Page, SetClock, Tone
from hardware.simulation.server import SimulatorServer

QUICK = Timing(answer_s=0.1, refresh_s=0.02, repeat_s=0.15, ping_s=0.15, ping_silent_s=0.05, blink_s=0.05)
CALL = [Page(("请A041号到3号窗口",), tone=Tone.CALL)]


@pytest.fixture
def card(tmp_path: Path) -> SimulatedCPower:
    return SimulatedCPower(out=tmp_path / "bar")


@pytest.fixture
def server(card: SimulatedCPower):
    with SimulatorServer(card, "socket://127.0.0.1:0") as running:
        yield running


def bar_for(bench, server, *, options: str = "", **around) -> CPowerBar:
    bar = CPowerBar(f"cpower+{server.url}{options}", around=bench.around(**around), timing=QUICK)
    bench.start(bar)
    return bar


def looks(frame: Frame, *, height: int = 16, colour=matrix.RED) -> bytes:
    return matrix.coloured(matrix.dots(frame, width=192, height=height), colour).tobytes()


def test_a_call_goes_as_a_picture_and_is_acknowledged(bench, card, server, tmp_path) -> None:
    bar = bar_for(bench, server)
    receipt = bar.show(CALL).result(5)
    assert (receipt.outcome, receipt.how, receipt.warnings) == ("confirmed", "ack", ())
    assert card.board().tobytes() == looks(Frame(CALL[0]))
    with Image.open(tmp_path / "bar" / "bar.png") as saved:
        assert saved.size == (192 * matrix.PITCH + 12, 16 * matrix.PITCH + 12)
    until(lambda: bar.snapshot().state is State.READY)
    assert (bar.snapshot().firmware, bar.snapshot().identity) == ("3.3", "C-Power type 21")
    assert bar.found() == {"width": 192, "height": 16, "colours": 1, "type": "21", "bios": "2.0"}


@pytest.mark.parametrize(
    ("tone", "colour"), [(Tone.CALL, matrix.YELLOW), (Tone.CALM, matrix.GREEN), (Tone.WARN, matrix.RED)]
)
def test_two_planes_show_what_a_page_means(bench, card, server, tone: Tone, colour) -> None:
    bar_for(bench, server, options="?colours=2").show([Page(("A041",), tone=tone)]).result(5)
    assert card.board().tobytes() == looks(Frame(Page(("A041",))), colour=colour)


def test_a_high_bar_needs_several_packets(bench, tmp_path) -> None:
    card = SimulatedCPower(width=192, height=32)
    with SimulatorServer(card, "socket://127.0.0.1:0") as server:
        bar = bar_for(bench, server, options="?height=32&colours=2")
        assert bar.show([Page(("A041→3号",), tone=Tone.CALL)]).result(5).outcome == "confirmed"
        assert card.board().tobytes() == looks(Frame(Page(("A041→3号",))), height=32, colour=matrix.YELLOW)
        bench.stop()


def test_a_call_blinks_inverse_and_stands(bench, card, server) -> None:
    seen = []
    changed = card._changed
    card._changed = lambda: (changed(), seen.append(card.board().tobytes()))
    bar_for(bench, server).show(CALL, blink=2).result(5)
    plain, inverse = looks(Frame(CALL[0])), looks(Frame(CALL[0], inverse=True))
    until(lambda: [look for look in seen if look in (plain, inverse)][:5] == [plain, inverse] * 2 + [plain])


def test_texts_use_the_cards_own_fonts(bench, card, server) -> None:
    bar = bar_for(bench, server, options="?send=text&colours=2")
    bar.show(CALL).result(5)
    assert card.text == "请A041号到3号窗口"
    assert card._content[0].colour == commands.YELLOW
    assert (card._content[0].font, card._content[0].align) == (2, commands.CENTRED)


def test_a_character_the_card_has_not_goes_as_a_picture(bench, card, server) -> None:
    bar = bar_for(bench, server, options="?send=text")
    receipt = bar.show([Page(("请张䶮到3号",))]).result(5)
    assert receipt.warnings == ()
    assert card.board().tobytes() == looks(Frame(Page(("请张䶮到3号",))))
    bar.show([Page(("A042",))]).result(5)
    assert card.text == "A042", "and back to text"


def test_two_lines_are_two_windows(bench) -> None:
    card = SimulatedCPower(width=192, height=32)
    with SimulatorServer(card, "socket://127.0.0.1:0") as server:
        bar = bar_for(bench, server, options="?height=32&send=text")
        bar.show([Page(("3号窗口 县医保局", "门诊报销 慢病"))]).result(5)
        assert card.text == "3号窗口 县医保局\n门诊报销 慢病"
        bar.show([Page(("A042",))]).result(5)
        assert card.text == "A042"
        assert card._content[0].font == commands.FONTS[32]
        bench.stop()


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals")
def test_a_bar_on_a_serial_line(bench, card, tmp_path) -> None:
    with SimulatorServer(card, f"pty://{tmp_path}/line") as server:
        bar = bar_for(bench, server)
        assert bar.show(CALL).result(5).outcome == "confirmed"
        assert card.board().tobytes() == looks(Frame(CALL[0]))
        bench.stop()


def test_serial_frames_through_a_network(bench, card, server) -> None:
    bar = bar_for(bench, server, options="?framing=serial")
    assert bar.show(CALL).result(5).outcome == "confirmed"


def test_a_card_with_another_number_or_network_says_nothing(bench) -> None:
    card = SimulatedCPower(card=7, network=0x0102)
    with SimulatorServer(card, "socket://127.0.0.1:0") as server:
        assert bar_for(bench, server, options="?addr=7").show(CALL).result(5).error == "silent"
        assert bar_for(bench, server, options="?addr=3&network=0102").show(CALL).result(5).error == "silent"
        for answered in ("?addr=7&network=102", "?addr=255&network=0102"):
            assert bar_for(bench, server, options=answered).show(CALL).result(5).outcome == "confirmed"
        bench.stop()


def test_a_refusal_has_its_word_and_goes_by(bench, card, server) -> None:
    bar = bar_for(bench, server)
    until(lambda: bar.snapshot().state is State.READY)
    card.set_fault("nack_3")
    receipt = bar.show(CALL).result(5)
    assert (receipt.outcome, receipt.error) == ("failed", "nack_3")
    assert bar.snapshot().state is State.FAULT
    card.clear()
    until(lambda: bar.snapshot().state is State.READY)
    assert [event.cleared for event in bench.told(Fault) if event.code == "nack_3"] == [False, True]
    assert card.board().tobytes() == looks(Frame(CALL[0]))


def test_a_damaged_packet_is_sent_again(bench, card, server) -> None:
    bar = bar_for(bench, server)
    until(lambda: bar.snapshot().state is State.READY)
    card.set_fault("nack_1")
    shown = bar.show(CALL)
    until(lambda: bar.snapshot().retries > 0)
    card.clear()
    shown.result(5)
    until(lambda: card.board().tobytes() == looks(Frame(CALL[0])))


@pytest.mark.parametrize("fault", ["gone", "silent", "garbage", "half_frame"])
def test_the_last_page_is_shown_again_after_every_loss(bench, card, server, fault: str) -> None:
    bar = bar_for(bench, server)
    bar.show(CALL).result(5)
    card.set_fault(fault)
    until(lambda: bar.snapshot().state in (State.ABSENT, State.UNKNOWN))
    assert bar.show([Page(("A042",))]).result(5).outcome == "failed"
    card.clear()
    until(lambda: card.board().tobytes() == looks(Frame(Page(("A042",)))))
    until(lambda: bar.snapshot().state is State.READY)


def test_the_card_dims_by_its_own_clock_and_is_told_only_what_it_has_not(bench, card, server) -> None:
    at = datetime(2026, 11, 24, 10, 32, 5, tzinfo=UTC)
    bar = bar_for(bench, server, options="?bright=100@07:00,40@18:30,10@22:00", wall=lambda: at)
    until(lambda: card.brightness == bytes([3] * 7 + [31] * 12 + [12] * 3 + [3] * 2), what=str(card.brightness))
    local = at.astimezone().replace(tzinfo=None)
    until(lambda: card.time == local)
    seen = []
    obey = card.obey
    card.obey = lambda frame: (seen.append((frame.cmd, frame.data[:1])), obey(frame))[1]
    card.set_fault("gone")
    until(lambda: bar.snapshot().state is State.ABSENT)
    card.clear()
    until(lambda: (commands.CLOCK, b"\x01") in seen)
    until(lambda: bar.snapshot().state is State.READY)
    assert (commands.BRIGHTNESS, b"\x00") not in seen
    assert (commands.CLOCK, b"\x00") not in seen


def test_a_card_that_leaves_questions_unanswered_is_not_lost(bench, card, server) -> None:
    asked = []
    obey = card.obey

    def old(frame: codec.Frame) -> bytes | None:
        asked.append((frame.cmd, frame.data[:1]))
        known = frame.cmd == commands.VERSION or (frame.cmd == commands.BRIGHTNESS and frame.data[:1] == b"\x00")
        return obey(frame) if known else None

    card.obey = old
    bar = bar_for(bench, server, options="?bright=50")
    assert bar.show(CALL).result(5).outcome == "confirmed"
    until(lambda: [cmd for cmd, _ in asked].count(commands.SWITCH) == 2 and card.refreshes > 5)
    assert bar.snapshot().state is State.READY
    assert [cmd for cmd, _ in asked].count(commands.CLOCK) == 2
    assert card.brightness == bytes([16] * 24), "not told what it has, it is told what it shall have"
    assert not [event for event in bench.told(Fault) if event.code == "silent"]


def test_brightness_clock_and_switch_by_hand(bench, card, server) -> None:
    card.on = False
    bar = bar_for(bench, server, wall=lambda: datetime(2026, 11, 24, 10, 32, 5, tzinfo=UTC))
    assert bar.submit(Brightness(50)).result(5).how == "ack"
    assert card.brightness == bytes([16] * 24)
    assert bar.submit(SetClock()).result(5).how == "ack"
    assert card.time is not None
    assert card.time.year == 2026
    until(lambda: card.on, what="somebody switched it off: it is on again")


def test_calls_never_touch_the_flash_and_a_kept_page_does_once(bench, card, server) -> None:
    bar = bar_for(bench, server)
    bar.show(CALL, blink=1).result(5)
    until(lambda: card.refreshes >= 4)
    assert card.flash_writes == 0
    assert bar.keep(Page(("请听窗口叫号",))).result(5).how == "ack"
    assert card.flash_writes == 1
    until(lambda: card.board().tobytes() == looks(Frame(CALL[0])), what="the call is back")
    bench.stop()
    until(lambda: card.board().tobytes() == looks(Frame(Page(("请听窗口叫号",)))), what="its own page at the end")


@pytest.mark.slow
def test_a_slow_line_is_waited_for(bench, card, server) -> None:
    """An answer that comes after the driver's patience is no answer; the next one in time is."""
    bar = CPowerBar(f"cpower+{server.url}", around=bench.around(), timing=Timing(answer_s=2.5, refresh_s=0.02))
    card.set_fault("slow")
    bench.start(bar)
    begun = time.monotonic()
    until(lambda: bar.snapshot().state is State.READY)
    assert time.monotonic() - begun > 1.0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("?send=fax", "picture or text"),
        ("?framing=udp", "serial or tcp"),
        ("?network=xyz", "hexadecimal"),
        ("?addr=300", "1 to 254"),
        ("?bright=120", "write 60"),
    ],
)
def test_a_wrong_option_says_what_to_write(options: str, words: str) -> None:
    with pytest.raises(BadAddress, match=words):
        CPowerBar(f"cpower+socket://127.0.0.1:5200{options}")


def test_the_card_answers_only_what_is_for_it() -> None:
    host = SimulatedCPower(card=3).connect()
    assert host.feed(codec.Frame(commands.VERSION, b"\x01", card=4).encode(), 0.0) == b""
    assert host.feed(codec.Frame(commands.VERSION, b"\x01", card=3, flag=0).encode(), 0.0) == b""
    (frame,) = codec.FrameParser().feed(host.feed(codec.Frame(commands.VERSION, b"\x01", card=3).encode(), 0.0))
    assert (frame.kind, frame.card) == (codec.ANSWER, 3)
    assert commands.read_version(frame.data) == commands.Version(0x21, "1.2", "2.0", "3.3")
    assert host.feed(codec.Frame(0x75, b"\x01", card=3).encode(), 0.0) == b"", "not known"
