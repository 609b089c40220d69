"""The rest of `neutral` 1: every pad at once, a busy pad, a line that hears itself, addresses no pad may have."""

from __future__ import annotations

import itertools

import pytest
from device_bench import until, vectors_of
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.health import KeyIgnored, Rated, State
from hardware.keypads import codec
from hardware.keypads.codec import Error, Staff, Welcome
from hardware.keypads.driver import Ask, Everyone, KeypadDriver, Timing
from hardware.keypads.simulated import SimulatedPad, _Sending
from hardware.simulation.memory import MemoryPort

QUICK = Timing(answer_s=0.1, ping_s=30.0, ping_silent_s=0.1)


class Wire:
    """A pad's port that keeps what the host wrote and may bring it back."""

    def __init__(self, pad: SimulatedPad, *, hears_itself: bool = False) -> None:
        self._port, self.written, self._echo, self._self = MemoryPort(pad), [], b"", hears_itself

    def read(self, timeout_s: float) -> bytes:
        if self._echo:
            data, self._echo = self._echo, b""
            return data
        return self._port.read(timeout_s)

    def write(self, data: bytes) -> None:
        self.written += [item for item in codec.FrameParser().feed(data) if isinstance(item, codec.Frame)]
        self._echo += data if self._self else b""
        self._port.write(data)

    def close(self) -> None:
        self._port.close()


def running(bench, pad: SimulatedPad, **wire) -> tuple[KeypadDriver, Wire]:
    wired = Wire(pad, **wire)
    driver = KeypadDriver("neutral+sim://?addr=3", around=bench.around(opener=lambda _a: wired), timing=QUICK)
    bench.start(driver)
    until(lambda: driver.snapshot().state is State.READY)
    return driver, wired


def test_every_pad_of_the_line_is_told_at_once_and_none_acknowledges(bench) -> None:
    pad = SimulatedPad(addr=3)
    driver, wire = running(bench, pad)
    receipt = driver.submit(Everyone(Staff("", "0312", 3))).result(5)
    assert (receipt.outcome, receipt.how) == ("unknown", "none")
    assert pad.staff == Staff("", "0312", 3)
    assert (wire.written[-1].addr, wire.written[-1].cmd) == (codec.BROADCAST, codec.Command.STAFF)
    driver.submit(Everyone(Welcome())).result(5)
    assert sum(frame.addr == codec.BROADCAST for frame in wire.written) == 2


class BusyPad(SimulatedPad):
    """Answers `busy` so many times."""

    busy = 0

    def obey(self, frame: codec.Frame, now: float) -> bytes:
        if self.busy and frame.cmd == codec.Command.ASK:
            self.busy -= 1
            return codec.frame_of(codec.Ack(frame.cmd, Error.BUSY), addr=self.addr, seq=frame.seq).encode()
        return super().obey(frame, now)


def test_a_busy_pad_is_asked_again_with_the_same_question(bench) -> None:
    pad = BusyPad(addr=3)
    driver, wire = running(bench, pad)
    pad.busy = 2
    receipt = driver.submit(Ask(session=41)).result(5)
    asks = [frame for frame in wire.written if frame.cmd == codec.Command.ASK]
    assert len({frame.seq for frame in asks}) == 3, "the pad did not act: a new command each time"
    assert len({frame.payload[-4:] for frame in asks}) == 1, "with one nonce"
    assert receipt.outcome == "confirmed"
    pad.busy = 3
    assert driver.submit(Ask(session=42)).result(5).error == "busy"


def test_a_line_that_hears_itself_is_no_second_host(bench) -> None:
    pad = SimulatedPad(addr=3)
    driver, wire = running(bench, pad, hears_itself=True)
    assert driver.submit(Ask(session=41)).result(5).outcome == "confirmed"
    pad.press(5)
    until(lambda: bench.told(Rated))
    until(lambda: pad.counted == 1)
    assert driver.submit(Welcome()).result(5).outcome == "confirmed"
    assert not any(frame.cmd == codec.Command.ACK and frame.payload[1:] == b"\x01" for frame in wire.written)
    assert bench.told(KeyIgnored) == []


@pytest.mark.parametrize("addr", [0, 255])
def test_nobody_speaks_from_an_address_no_pad_has(bench, addr: int) -> None:
    pad = SimulatedPad(addr=3)
    driver, wire = running(bench, pad)
    driver.submit(Ask(session=41)).result(5)
    before = len(wire.written)
    with pad.lock:
        pad.addr = addr
        pad._queue(codec.Press(41, 5, pad._last_ask.nonce, 900))
        pad.addr = 3
    until(lambda: driver.snapshot().junk_bytes > 0)
    assert bench.told(Rated) == []
    assert wire.written[before:] == []


def test_a_repeat_after_something_else_is_answered_as_before_and_counted_once(bench) -> None:
    pad = SimulatedPad(addr=3)
    driver, wire = running(bench, pad)
    driver.submit(Ask(session=41)).result(5)
    press = codec.frame_of(codec.Press(41, 5, pad._last_ask.nonce, 900), addr=3, seq=200)
    fault = codec.frame_of(codec.PadFault(2, "key 3 stuck"), addr=3, seq=201)
    before = len(wire.written)
    with pad.lock:
        for frame in (press, fault, press):
            pad._outbox.append(_Sending(frame))
    until(lambda: sum(f.cmd == codec.Command.ACK and f.seq == 200 for f in wire.written[before:]) >= 2)
    answers = [f.payload for f in wire.written[before:] if f.cmd == codec.Command.ACK and f.seq == 200]
    assert set(answers) == {bytes((codec.Command.RATED, 0))}
    assert len(bench.told(Rated)) == 1
    assert bench.told(KeyIgnored) == []


def test_a_replaying_cable_rates_nothing(bench) -> None:
    """The fault `replay` of the simulator: the last press comes again at every question."""
    pad = SimulatedPad(addr=3)
    driver, _ = running(bench, pad)
    driver.submit(Ask(session=41)).result(5)
    pad.press(5)
    until(lambda: len(bench.told(Rated)) == 1)
    pad.set_fault("replay")
    for session in (42, 43):
        driver.submit(Ask(session=session)).result(5)
        until(lambda session=session: len(bench.told(KeyIgnored)) == session - 41)
    assert "replay" in driver.snapshot().faults
    assert len(bench.told(Rated)) == 1


# -- the parser -----------------------------------------------------------------------------------------------------

PIECE = st.one_of(
    st.sampled_from([v["raw"] for v in vectors_of("neutral")]),
    st.sampled_from([v["raw"][:-3] for v in vectors_of("neutral")]),
    st.lists(st.sampled_from(b"\xaa\x55\x01\x00\xc9"), max_size=9).map(bytes),
    st.binary(max_size=20),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECE, max_size=8).map(b"".join), st.lists(st.integers(0, 160), max_size=6))
def test_no_bytes_whatever_stop_the_parser_and_no_cut_changes_what_it_finds(stream: bytes, cuts: list[int]) -> None:
    whole, cut = codec.FrameParser(), codec.FrameParser()
    expected = [item for item in whole.feed(stream) + whole.flush() if isinstance(item, codec.Frame)]
    at = [0, *sorted(min(c, len(stream)) for c in cuts), len(stream)]
    found = [item for a, b in itertools.pairwise(at) for item in cut.feed(stream[a:b])] + cut.flush()
    assert [item for item in found if isinstance(item, codec.Frame)] == expected
    assert b"".join(item.raw if isinstance(item, codec.Junk) else item.encode() for item in found) == stream


def test_a_frame_that_ends_in_the_first_byte_of_a_head() -> None:
    frame = next(
        frame
        for seq in range(256)
        for addr in range(1, 255)
        if (frame := codec.frame_of(Welcome(), addr=addr, seq=seq)).encode()[-1] == codec.HEAD[0]
    )
    parser = codec.FrameParser()
    assert parser.feed(frame.encode() * 2) == [frame, frame]
    assert parser.feed(frame.encode()) == [frame]


def test_noise_without_end_fills_no_memory() -> None:
    parser = codec.FrameParser()
    for _ in range(3000):
        parser.feed(b"\x01\x02\x03\xaa")
    assert len(parser._rest) + len(parser._dropped) <= 2 * codec.JUNK_BYTES_MAX
