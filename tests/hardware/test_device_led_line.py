"""Several cards on one RS-485 line: each bar reaches its own counter, a dead card costs the others its own time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from device_bench import until

from hardware.address import BadAddress
from hardware.driver import Surroundings
from hardware.health import State
from hardware.led import bxk_codec as bxk
from hardware.led import cpower_codec as cpower
from hardware.led import cpower_commands as commands
from hardware.led.bar import Timing as BarTiming
from hardware.led.bar_line import BarLine, BxkLine, CPowerLine, Timing
from hardware.led.bxk_driver import BxkBar
from hardware.led.bxk_simulated import SimulatedBar
from hardware.led.cpower_driver import CPowerBar
from hardware.led.cpower_simulated import SimulatedCPower
from hardware.led.page import Page
from hardware.serve import LINES, LineServer
from hardware.simulation.device import SimulatedDevice
from hardware.simulation.server import SimulatorServer

QUICK = Timing(answer_s=0.1, answer_dead_s=0.02, gap_s=0.001)
BAR = BarTiming(answer_s=2.0, refresh_s=0.02, repeat_s=0.5, ping_s=0.5, ping_silent_s=0.1, blink_s=0.05)
CARDS = range(1, 9)


class Wire(SimulatedDevice):
    """Several cards on one pair of wires: everybody hears everything."""

    kind = "led"

    def __init__(self, cards: dict[int, SimulatedDevice]) -> None:
        super().__init__()
        self.cards = cards
        self.dead: set[int] = set()
        self.at_once = 0
        self.heard: list[bytes] = []

    def open_conversation(self) -> Wire:
        self._talks = {number: card.open_conversation() for number, card in self.cards.items()}
        return self

    def feed(self, data: bytes, now: float) -> bytes:
        self.heard.append(data)
        said = [talk.feed(data, now) for number, talk in self._talks.items() if number not in self.dead]
        self.at_once = max(self.at_once, sum(1 for answer in said if answer))
        return b"".join(said)

    def due(self, now: float) -> bytes:
        return b""


@contextmanager
def shared(bench, line_kind: type[BarLine], protocol: str, wire: Wire) -> Iterator[LineServer]:
    """The line served in this process."""
    stop = threading.Event()
    with SimulatorServer(wire, "socket://127.0.0.1:0") as cable:
        options = "?framing=serial" if protocol == "cpower" else ""
        line = line_kind(
            f"{protocol}+{cable.url}{options}",
            addresses=wire.cards,
            around=Surroundings(reopen_s=(0.02,)),
            timing=QUICK,
        )
        with closing(LineServer(line, host="127.0.0.1", ports=dict.fromkeys(wire.cards, 0))) as server:
            threads = [threading.Thread(target=run, args=(stop,)) for run in (line.serve, server.serve)]
            for thread in threads:
                thread.start()
            try:
                yield server
            finally:
                bench.stop()
                stop.set()
                for thread in threads:
                    thread.join(5)
                    assert not thread.is_alive()


def bars_at(bench, server: LineServer, kind, protocol: str) -> dict[int, BxkBar | CPowerBar]:
    bars = {}
    for number, port in server.ports.items():
        bar = kind(f"{protocol}+socket://127.0.0.1:{port}?addr={number}", around=bench.around(), timing=BAR)
        bench.start(bar)
        bars[number] = bar
    return bars


def bxk_wire() -> Wire:
    return Wire({number: SimulatedBar(card=number) for number in CARDS})


def text_of(number: int) -> str:
    return f"请A0{number:02}号到{number}号窗口"


def test_eight_bars_on_one_line_each_show_their_own(bench) -> None:
    wire = bxk_wire()
    with shared(bench, BxkLine, "bxk", wire) as server:
        bars = bars_at(bench, server, BxkBar, "bxk")
        for future in [bar.show([Page((text_of(number),))]) for number, bar in bars.items()]:
            assert future.result(10).outcome == "confirmed"
        assert {number: card.text for number, card in wire.cards.items()} == {n: text_of(n) for n in CARDS}
        until(lambda: all(bar.snapshot().state is State.READY for bar in bars.values()))
        assert wire.at_once == 1, "one request is out at a time"


def test_a_dead_card_among_eight_is_silent_and_the_others_are_on_time(bench) -> None:
    wire = bxk_wire()
    wire.dead = {5}
    with shared(bench, BxkLine, "bxk", wire) as server:
        bars = bars_at(bench, server, BxkBar, "bxk")
        others = [number for number in CARDS if number != 5]
        until(lambda: all(bars[number].snapshot().state is State.READY for number in others))
        for number in others:
            begun = time.monotonic()
            assert bars[number].show([Page((text_of(number),))]).result(5).outcome == "confirmed"
            assert time.monotonic() - begun < 1.0
            assert wire.cards[number].text == text_of(number)
        assert bars[5].snapshot().state in (State.CONNECTING, State.UNKNOWN)
        wire.dead.clear()
        until(lambda: bars[5].snapshot().state is State.READY, limit_s=10)


@pytest.mark.parametrize("framing", ["serial", "tcp"])
def test_c_power_cards_share_a_line_too(bench, framing: str) -> None:
    wire = Wire({number: SimulatedCPower(card=number) for number in (1, 2, 3)})
    with shared(bench, CPowerLine, "cpower", wire) as server:
        bars = {}
        for number, port in server.ports.items():
            at = f"cpower+socket://127.0.0.1:{port}?addr={number}&send=text&framing={framing}"
            bars[number] = CPowerBar(at, around=bench.around(), timing=BAR)
            bench.start(bars[number])
        for future in [bar.show([Page((text_of(number),))]) for number, bar in bars.items()]:
            assert future.result(10).outcome == "confirmed"
        assert {number: card.text for number, card in wire.cards.items()} == {n: text_of(n) for n in (1, 2, 3)}
        assert all(data[:1] == cpower.LINE_HEAD for data in wire.heard), "the line's own frames, whatever the far end"


def test_the_cable_pulled_is_a_lost_bar_and_comes_back_with_its_page(bench) -> None:
    wire = Wire({number: SimulatedBar(card=number) for number in (1, 2)})
    with shared(bench, BxkLine, "bxk", wire) as server:
        bars = bars_at(bench, server, BxkBar, "bxk")
        for number, bar in bars.items():
            bar.show([Page((text_of(number),))]).result(5)
        wire.set_fault("gone")
        until(lambda: all(bar.snapshot().state is State.ABSENT for bar in bars.values()))
        for card in wire.cards.values():
            card._areas.clear()
        wire.clear()
        until(lambda: all(card.text == text_of(number) for number, card in wire.cards.items()))


def test_a_counter_reaches_its_own_card_only() -> None:
    line = BxkLine("bxk+loop://", addresses=(1, 2))
    told: list[bytes] = []
    carrier = line.carry(1, told.append)
    carrier.feed(bxk.Frame(bxk.PING, dst=2).encode() + bxk.Frame(bxk.PING, dst=bxk.BROADCAST_SILENT).encode() + b"\x00")
    assert (carrier.dropped, line._next()) == (2, None)
    carrier.feed(bxk.Frame(bxk.PING, dst=1).encode())
    carrier.feed(bxk.Frame(bxk.CLEAR, dst=1).encode())
    addr, frame, _ = line._next()
    assert (addr, frame.data, line._next()) == (1, bxk.CLEAR, None), "the newest request alone waits"
    carrier.feed(bxk.Frame(bxk.PING, dst=1).encode())
    carrier.close()
    assert line._next() is None


def test_what_needs_no_answer_is_not_waited_for() -> None:
    bars, cards = BxkLine("bxk+loop://", addresses=(1,)), CPowerLine("cpower+loop://", addresses=(1,))
    assert bars.is_answered(bxk.Frame(bxk.PING))
    assert not bars.is_answered(bxk.Frame(b"\xa3\x10\x02\x00\x00"))
    assert cards.is_answered(commands.ASK_VERSION)
    assert not cards.is_answered(commands.frames(commands.LEAVE, card=1, flag=0)[0])


def test_the_command_knows_lines_of_bars_and_cards_have_numbers() -> None:
    assert {"bxk", "cpower"} <= set(LINES)
    with pytest.raises(BadAddress, match="1 to 254"):
        BxkLine("bxk+loop://", addresses=(300,))
    with pytest.raises(BadAddress, match="1 to 254"):
        BxkLine("bxk+loop://", addresses=())
