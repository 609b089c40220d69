"""One line of pads: keys answered at once, ratings by the host's rule, a dead pad among eight, a slow line, faults."""

from __future__ import annotations

import threading
import time

import pytest
from device_bench import Bench, until

from hardware.address import BadAddress
from hardware.health import Fault, Key, KeyIgnored, Offline, Rated, State, Unrated
from hardware.keypads.jobs import Ask, Beep, Cancel, ShowNumber, ShowWaiting, Staff, Welcome
from hardware.keypads.pad68 import codec
from hardware.keypads.pad68.bus import Pad68Bus, Timing
from hardware.keypads.pad68.jobs import OnPad
from hardware.keypads.pad68.simulated import SimulatedPads
from hardware.port import PortGone
from hardware.simulation.memory import MemoryPort
from hardware.simulation.server import SimulatorServer

QUICK = Timing(answer_s=0.05, poll_s=30.0, poll_silent_s=0.5, beep_s=0.05)


class Spy:
    """The port of a simulated line, with what the host wrote and, for a slow line, at what pace bytes travel."""

    def __init__(self, line: SimulatedPads, *, bytes_per_s: float | None = None, hears_itself: bool = False) -> None:
        self._port, self.written, self._pace = MemoryPort(line), [], bytes_per_s
        self._held: list[tuple[float, int]] = []
        self._free = self._out_free = time.monotonic()
        self._self, self._echo = hears_itself, b""

    def read(self, timeout_s: float) -> bytes:
        if self._echo:
            data, self._echo = self._echo, b""
            return data
        end = time.monotonic() + timeout_s
        if self._pace is None:
            return self._port.read(timeout_s)
        while True:
            now = time.monotonic()
            for byte in self._port.read(0.0):
                self._free = max(self._free, now) + 1 / self._pace
                self._held.append((self._free, byte))
            ready = [byte for at, byte in self._held if at <= now]
            self._held = self._held[len(ready) :]
            if ready or now >= end:
                return bytes(ready)
            threading.Event().wait(0.001)

    def write(self, data: bytes) -> None:
        self.written.append((time.monotonic(), data))
        if self._pace is not None:  # a serial port's flush waits until the last bit is out
            threading.Event().wait(len(data) / self._pace)
        if self._self:
            self._echo += data
        self._port.write(data)

    def close(self) -> None:
        self._port.close()


class Line:
    """A running bus and its simulated pads."""

    def __init__(self, bench: Bench, *, pads: int = 1, answering: bool = False, options: str = "", **spy) -> None:
        self.bench = bench
        self.pads = SimulatedPads(range(1, pads + 1), answering=answering)
        self.spies: list[Spy] = []
        ask = f"ack={int(answering)}{options}"

        def opener(_address) -> Spy:
            if "gone" in self.pads.faults:
                raise PortGone("gone", "pulled")
            self.spies.append(Spy(self.pads, **spy))
            return self.spies[-1]

        self.events: dict[int, list] = {addr: [] for addr in self.pads.pads}
        self.bus = Pad68Bus(
            f"pad68+sim://?{ask}", addresses=self.pads.pads, around=bench.around(opener=opener), timing=QUICK
        )
        if pads > 1:
            for addr, told in self.events.items():
                self.bus.station(addr).events = told.append
        else:
            self.events[1] = bench.events
        bench.start(self.bus)
        until(lambda: self.spies)

    def told(self, kind: type, addr: int = 1) -> list:
        return [event for event in self.events[addr] if isinstance(event, kind)]

    def show(self, addr: int, number: str, waiting: int) -> None:
        self.bus.station(addr).submit(ShowNumber(number)).result(5)
        self.bus.station(addr).submit(ShowWaiting(waiting)).result(5)


KEYS = ["call", "recall", "no_show", "hold", "return", "transfer", "pause", "rate", "cancel"]


def test_every_key_is_answered_with_its_own_frame_and_told_once(bench) -> None:
    line = Line(bench)
    for n, key in enumerate(KEYS):
        line.pads.press(key)
        until(lambda n=n: len(line.told(Key)) == n + 1)
    assert [event.key for event in line.told(Key)] == KEYS
    until(lambda: line.pads.first.answered == len(KEYS))
    written = [data for _, data in line.spies[0].written]
    assert written == [codec.key_frame(1, key).encode() for key in KEYS]
    assert line.pads.first.unanswered == 0


def test_digits_typed_before_transfer_come_with_the_key(bench) -> None:
    line = Line(bench)
    line.pads.press("transfer", digits="05")
    until(lambda: line.told(Key))
    assert (line.told(Key)[0].key, line.told(Key)[0].digits) == ("transfer", "05")


def test_the_answer_leaves_at_once_even_while_another_pad_is_waited_for(bench) -> None:
    """Pad 2 is dead and was just asked; the key of pad 1 is answered inside that wait."""
    line = Line(bench, pads=2, answering=True)
    line.bus.timing = Timing(answer_s=1.5, tries=1)
    until(lambda: line.bus.station(2).snapshot().last_ok)
    line.pads.live(2, alive=False)
    asked = line.bus.station(2).submit(ShowNumber("A001"))
    until(lambda: line.bus._awaited is not None)
    pressed = time.monotonic()
    line.pads.press("call", addr=1)
    until(lambda: line.pads.pads[1].answered == 1)
    assert time.monotonic() - pressed < 1.0
    assert not asked.done(), "the dead pad is still being waited for"
    assert asked.result(5).error == "silent"


def test_number_and_waiting_are_shown_and_shown_again_after_a_lost_line(bench) -> None:
    line = Line(bench)
    line.show(1, "A041", 17)
    until(lambda: (line.pads.first.number, line.pads.first.waiting) == ("041", "017"))
    receipt = line.bus.submit(ShowNumber("A042")).result(5)
    assert (receipt.outcome, receipt.how) == ("unknown", "none"), "nobody can say that a pad showed it"
    line.pads.set_fault("gone")
    until(lambda: line.bus.snapshot().state is State.ABSENT)
    assert line.bus.submit(ShowNumber("A043")).result(5).error == "gone"
    line.pads.live(1, alive=True)
    line.pads.clear()
    until(lambda: (line.pads.first.number, line.pads.first.waiting) == ("043", "017"))
    assert len(line.told(Offline)) == 1


def test_pads_that_answer_confirm(bench) -> None:
    line = Line(bench, answering=True)
    receipt = line.bus.submit(ShowWaiting(3)).result(5)
    assert (receipt.outcome, receipt.how) == ("confirmed", "ack")
    assert line.bus.snapshot().state is State.READY


def test_silence_is_unknown_and_a_key_is_a_sign_of_life_for_a_while(bench) -> None:
    now = [100.0]
    pads = SimulatedPads((1,))
    around = bench.around(opener=lambda _a: MemoryPort(pads), clock=lambda: now[0] + time.monotonic())
    bus = Pad68Bus("pad68+sim://", around=around, timing=QUICK)
    bench.start(bus)
    until(lambda: bus.snapshot().state is State.UNKNOWN)
    pads.press("call")
    until(lambda: bus.snapshot().state is State.READY)
    now[0] += 601
    until(lambda: bus.snapshot().state is State.UNKNOWN)
    assert bus.snapshot().last_ok is not None, "how long ago is known"


def test_a_key_held_down_or_repeated_acts_once_and_again_after_a_pause(bench) -> None:
    line = Line(bench)
    for _ in range(3):
        line.pads.press("call")
    until(lambda: line.pads.first.answered == 3)
    assert len(line.told(Key)) == 1
    line.pads.press("recall")
    until(lambda: len(line.told(Key)) == 2)


def test_a_stuck_key_is_one_call_and_a_fault(bench) -> None:
    line = Line(bench)
    line.bus.station(1)._debounce.stuck_s = 0.5
    line.pads.set_fault("key_stuck")
    until(lambda: "key_stuck" in line.bus.snapshot().faults)
    assert line.bus.snapshot().state is State.DEGRADED
    assert len(line.told(Key)) == 1
    line.pads.clear()
    until(lambda: "key_stuck" not in line.bus.snapshot().faults)
    assert [(event.code, event.cleared) for event in line.told(Fault)] == [("key_stuck", False), ("key_stuck", True)]


def test_an_adapter_that_hears_itself_does_not_talk_to_itself(bench) -> None:
    line = Line(bench, hears_itself=True, options="&loopback=1")
    line.pads.press("call")
    until(lambda: line.told(Key))
    line.show(1, "A005", 2)
    until(lambda: line.pads.first.waiting == "002")
    assert [codec.FrameParser().feed(data)[0].func for _, data in line.spies[0].written] == [1, 2, 2]


def test_nor_does_one_nobody_told_of(bench) -> None:
    """Without `loopback=1` an echo looks like the key again: it is answered three times a second at most."""
    line = Line(bench, hears_itself=True)
    line.pads.press("call")
    until(lambda: len(line.spies[0].written) >= 3)
    line.show(1, "A005", 2)
    keys = [data for _, data in line.spies[0].written if data == codec.key_frame(1, "call").encode()]
    assert len(keys) == 3
    assert len(line.told(Key)) == 1


def test_a_stranger_on_the_line_is_remembered_and_not_answered(bench) -> None:
    pads = SimulatedPads((1, 9))
    spy = Spy(pads)
    bus = Pad68Bus("pad68+sim://", around=bench.around(opener=lambda _a: spy), timing=QUICK)
    bench.start(bus)
    pads.press("call", addr=9)
    until(lambda: bus.strangers == {9})
    assert spy.written == []
    assert bench.told(Key) == []


# -- ratings ------------------------------------------------------------------------------------------------------


def test_ratings_count_once_and_only_while_a_question_is_open(bench) -> None:
    line = Line(bench)
    line.pads.rate(3)
    until(lambda: line.told(KeyIgnored))
    assert line.told(KeyIgnored)[0].reason == "no_open_ask"
    line.bus.submit(Ask(session=41)).result(5)
    assert line.pads.first.rating_open
    line.pads.rate(2)
    until(lambda: line.told(Rated))
    line.pads.rate(3)
    until(lambda: len(line.told(KeyIgnored)) == 2)
    (rated,) = line.told(Rated)
    assert (rated.session, rated.key, rated.echo) == (41, 4, False)
    assert rated.flags == ("too_fast",)


@pytest.mark.parametrize(("value", "level"), [(3, 5), (2, 4), (0, 2)])
def test_values_are_the_levels_their_labels_say(bench, value: int, level: int) -> None:
    line = Line(bench)
    line.bus.submit(Ask(session=7)).result(5)
    line.pads.rate(value)
    until(lambda: line.told(Rated))
    assert line.told(Rated)[0].key == level


def test_the_value_without_a_label_counts_only_once_a_fitter_has_named_it(bench) -> None:
    line = Line(bench)
    line.bus.submit(Ask(session=7)).result(5)
    line.pads.rate(1)
    until(lambda: line.told(KeyIgnored))
    assert (line.told(KeyIgnored)[0].reason, line.told(Rated)) == ("unmapped_key", [])
    bench.stop()
    bench.events.clear()
    named = Line(bench, options="&rate1=3")
    named.bus.submit(Ask(session=8)).result(5)
    named.pads.rate(1)
    until(lambda: named.told(Rated))
    assert named.told(Rated)[0].key == 3


def test_a_question_is_cancelled_replaced_timed_out_and_never_rated_by_itself(bench) -> None:
    shift = [0.0]
    pads = SimulatedPads((1,))
    around = bench.around(opener=lambda _a: MemoryPort(pads), clock=lambda: time.monotonic() + shift[0])
    bus = Pad68Bus("pad68+sim://", around=around, timing=QUICK)
    bench.start(bus)
    bus.submit(Ask(session=1)).result(5)
    bus.submit(Ask(session=2)).result(5)
    assert bus.submit(Cancel(session=1)).result(5).error == "no_such_ask"
    bus.submit(Cancel(session=2)).result(5)
    bus.submit(Ask(session=3, timeout_s=20)).result(5)
    shift[0] = 21
    until(lambda: len(bench.told(Unrated)) == 3)
    bus.submit(Ask(session=4)).result(5)
    bench.stop()
    assert [(event.session, event.reason) for event in bench.told(Unrated)] == [
        (1, "replaced"), (2, "cancelled"), (3, "timed_out"), (4, "stopped"),
    ]  # fmt: skip
    assert bench.told(Rated) == []


def test_an_open_question_is_asked_again_when_the_line_is_back(bench) -> None:
    line = Line(bench)
    line.bus.submit(Ask(session=41)).result(5)
    line.pads.set_fault("gone")
    until(lambda: line.bus.snapshot().state is State.ABSENT)
    line.pads.live(1, alive=True)
    assert not line.pads.first.rating_open
    line.pads.clear()
    until(lambda: line.pads.first.rating_open)
    line.pads.rate(3)
    until(lambda: line.told(Rated))
    assert line.told(Rated)[0].session == 41


def test_stars_are_shown_and_a_name_is_not(bench) -> None:
    line = Line(bench)
    line.bus.submit(Staff(name="", number="0312", stars=4)).result(5)
    until(lambda: line.pads.first.stars == 4)
    assert line.bus.submit(Welcome()).result(5).outcome == "unknown"


def test_beeps_are_counted_out(bench) -> None:
    line = Line(bench)
    line.bus.submit(Beep(2)).result(5)
    until(lambda: line.pads.first.beeps == 2)


# -- many pads, one line --------------------------------------------------------------------------------------------


def test_eight_pads_each_their_own_keys_and_numbers(bench) -> None:
    line = Line(bench, pads=8)
    for addr in line.pads.pads:
        line.show(addr, f"A{addr:03}", addr * 10)
        line.pads.press("call", addr=addr)
    until(lambda: all(pad.answered == 1 for pad in line.pads.pads.values()))
    for addr, pad in line.pads.pads.items():
        assert (pad.number, pad.waiting) == (f"{addr:03}", f"{addr * 10:03}")
        assert [event.address for event in line.told(Key, addr)] == [f"pad68+sim://?ack=0&addr={addr}"]


def test_a_dead_pad_among_eight_costs_the_others_its_own_time_out_and_no_key(bench) -> None:
    line = Line(bench, pads=8, answering=True)
    until(lambda: all(line.bus.station(addr).snapshot().last_ok for addr in line.pads.pads))
    line.pads.live(4, alive=False)
    own = QUICK.answer_s * QUICK.tries
    begun = time.monotonic()
    dead = line.bus.station(4).submit(ShowNumber("A004"))
    others = [line.bus.station(addr).submit(ShowNumber(f"A{addr:03}")) for addr in range(1, 9) if addr != 4]
    receipts = [future.result(5) for future in others]
    took = time.monotonic() - begun
    assert dead.result(5).error == "silent"
    assert {receipt.how for receipt in receipts} == {"ack"}
    assert took < own + 0.4, f"{took:.3f} s: the dead pad's own {own} s and seven frames"
    assert line.bus.station(4).snapshot().state is State.UNKNOWN
    begun = time.monotonic()
    line.bus.station(4).submit(ShowNumber("A005"))
    line.bus.station(5).submit(ShowNumber("A005")).result(5)
    assert time.monotonic() - begun < QUICK.answer_s * 2 + 0.3, "known to be silent: asked once, not three times"
    assert {line.bus.station(addr).snapshot().state for addr in range(1, 9) if addr != 4} == {State.READY}
    line.pads.live(4, alive=True)
    until(lambda: line.pads.pads[4].number == "005", what="back by itself, with what it shall show")
    assert line.bus.station(4).snapshot().state is State.READY


@pytest.mark.parametrize("answering", [False, True])
def test_a_slow_line_at_9600_baud_carries_eight_pads(bench, answering: bool) -> None:
    """960 bytes a second: a frame of 15 takes 16 ms. Every key is answered before the pad's patience of 300 ms."""
    line = Line(bench, pads=8, answering=answering, bytes_per_s=960)
    for addr in line.pads.pads:
        line.bus.station(addr).submit(ShowWaiting(addr))
    for addr in line.pads.pads:
        line.pads.press("call", addr=addr)
    until(lambda: all(line.told(Key, addr) for addr in line.pads.pads))
    until(lambda: all(pad.answered == 1 for pad in line.pads.pads.values()))
    until(lambda: all(pad.waiting == f"{addr:03}" for addr, pad in line.pads.pads.items()))
    assert all(len(line.told(Key, addr)) == 1 for addr in line.pads.pads)


def test_a_dead_pad_on_a_slow_line_delays_no_key(bench) -> None:
    line = Line(bench, pads=8, answering=True, bytes_per_s=960)
    until(lambda: all(line.bus.station(addr).snapshot().last_ok for addr in line.pads.pads))
    line.pads.live(4, alive=False)
    line.bus.station(4).submit(ShowNumber("A004"))
    until(lambda: line.bus._awaited is not None)
    for addr in (1, 8):
        line.pads.press("call", addr=addr)
    until(lambda: all(line.pads.pads[addr].answered == 1 for addr in (1, 8)))
    assert all(line.pads.pads[addr].unanswered == 0 for addr in (1, 8))
    assert all(len(line.told(Key, addr)) == 1 for addr in (1, 8))
    until(lambda: line.bus.station(4).snapshot().state is State.UNKNOWN)


def test_a_job_must_say_whose_it_is(bench) -> None:
    bus = Pad68Bus("pad68+sim://", addresses=(1, 2), around=bench.around())
    with pytest.raises(ValueError, match="several pads"):
        bus.submit(Beep())
    with pytest.raises(ValueError, match="not on this line"):
        bus.submit(OnPad(3, Beep()))
    with pytest.raises(BadAddress, match="1 to 254"):
        Pad68Bus("pad68+sim://?addr=255")


# -- faults of the wire ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["socket", "pty"])
def test_over_tcp_and_a_pseudo_terminal(bench, tmp_path, scheme: str) -> None:
    pads = SimulatedPads((3,))
    url = "socket://127.0.0.1:0" if scheme == "socket" else f"pty://{tmp_path}/line"
    with SimulatorServer(pads, url) as server:
        bus = Pad68Bus(f"pad68+{server.url}?addr=3", around=bench.around(), timing=QUICK)
        bench.start(bus)
        bus.submit(ShowNumber("A041")).result(5)
        until(lambda: pads.first.number == "041")
        assert pads.command("press call") == "ok"
        until(lambda: bench.told(Key))
        until(lambda: pads.first.answered == 1)
        bench.stop()


@pytest.mark.parametrize("fault", ["half_frame", "garbage", "silent"])
def test_half_frames_garbage_and_silence_are_no_keys_and_pass(bench, fault: str) -> None:
    line = Line(bench)
    line.pads.set_fault(fault)
    for _ in range(2):
        line.pads.press("call")
    until(lambda: line.pads.first.unanswered == 2 or fault == "silent", limit_s=8)
    if fault == "garbage":
        until(lambda: "garbage" in line.bus.snapshot().faults)
        assert line.bus.snapshot().state is State.UNKNOWN
    assert line.told(Key) == []
    line.pads.clear()
    line.pads.press("recall")
    until(lambda: line.told(Key))
    until(lambda: line.bus.snapshot().state is State.READY)


def test_a_slow_pad_repeats_and_is_heard_once(bench) -> None:
    line = Line(bench)
    line.pads.set_fault("slow")
    line.pads.press("call")
    until(lambda: line.told(Key), limit_s=8)
    line.pads.clear("slow")
    until(lambda: line.pads.first.answered + line.pads.first.unanswered == 1)
    assert len(line.told(Key)) == 1


# -- carried to a counter -------------------------------------------------------------------------------------------


def test_one_address_is_carried_to_a_counter_of_its_own(bench) -> None:
    """What hall-device serve does: the line answers the key, the counter's driver answers too, and only one travels."""
    line = Line(bench, pads=2)
    far: list[bytes] = []
    carrier = line.bus.carry(2, far.append)
    line.pads.press("call", addr=2)
    until(lambda: far)
    assert far == [codec.key_frame(2, "call").encode()]
    assert line.told(Key, 2) == [], "the counter decides, not this program"
    carrier.feed(far[0])
    carrier.feed(codec.show_number(2, "B007").encode()[:6])
    carrier.feed(codec.show_number(2, "B007").encode()[6:])
    carrier.feed(codec.beep(1).encode())
    until(lambda: line.pads.pads[2].number == "007")
    assert carrier.dropped == 1, "a frame for another counter's pad"
    line.pads.press("rate", addr=2)
    until(lambda: len(far) == 2)
    carrier.feed(far[1])
    carrier.feed(codec.open_rating(2).encode())
    until(lambda: [data for _, data in line.spies[0].written].count(codec.open_rating(2).encode()) == 2)
    assert line.pads.pads[1].beeps == 0
    assert [data for _, data in line.spies[0].written].count(far[0]) == 1
    carrier.close()
    line.pads.press("recall", addr=2)
    until(lambda: line.told(Key, 2))


def test_the_control_line_says_what_it_can_do() -> None:
    pads = SimulatedPads((1, 2))
    assert pads.command("press 2 hold") == "ok"
    assert pads.command("type 1 05 transfer") == "ok"
    assert pads.command("rate 2 3") == "ok"
    assert pads.command("dead 2") == "ok"
    with pytest.raises(ValueError, match="no such pad or key"):
        pads.command("press 7 call")
    with pytest.raises(ValueError, match="no such pad or key"):
        pads.command("press fly")
    assert '"alive": false' in pads.command("status")
