"""Keyboards as raters: events by their bytes, the exclusive grab, the host's half of the nonce rule.

There is no /dev/uinput here, so no real kernel device was grabbed: the numbers of the ioctls are checked against the
kernel's header as documented, refusals against real files, and the reading through a named pipe.
"""

from __future__ import annotations

import errno
import os
import struct
import time

import pytest
from device_bench import Bench, until
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.health import KeyIgnored, Rated, State, Unrated
from hardware.inventory import open_driver
from hardware.keypads.hid import codec, evdev
from hardware.keypads.hid.codec import DOWN, HELD, UP, Dropped, EventParser, Junk, KeyEvent
from hardware.keypads.hid.driver import HidPad
from hardware.keypads.hid.evdev import EvdevPort, Identity
from hardware.keypads.hid.simulated import SimulatedKeyboard
from hardware.keypads.jobs import Ask, Cancel, Welcome
from hardware.port import PortGone
from hardware.simulation.memory import MemoryPort
from hardware.simulation.server import SimulatorServer

posix_only = pytest.mark.skipif(os.name != "posix", reason="Windows has no input devices to grab")

# By hand, as a 64-bit kernel writes KEY_5 (code 6) going down at 1000.5 s, its report, and going up.
KEY_5 = bytes.fromhex(
    "e803000000000000 20a1070000000000 0100 0600 01000000"
    "e803000000000000 20a1070000000000 0000 0000 00000000"
    "e903000000000000 0000000000000000 0100 0600 00000000"
)


def test_bytes_of_the_kernel_are_keys() -> None:
    assert EventParser().feed(KEY_5) == [KeyEvent(6, DOWN), KeyEvent(6, UP)]
    assert codec.event(6, DOWN, at_us=1000_500_000) == KEY_5[:24]
    assert codec.DIGITS[6] == 5


@pytest.mark.parametrize("layout", [codec.WIRE, struct.Struct("<iiHHi")], ids=["64 bit", "32 bit"])
def test_every_cut_gives_the_same_keys(layout: struct.Struct) -> None:
    stream = b"".join(codec.stroke(code, layout=layout) for code in (2, 79, 6))
    whole = EventParser(layout).feed(stream)
    assert [(one.code, one.value) for one in whole] == [(2, 1), (2, 0), (79, 1), (79, 0), (6, 1), (6, 0)]
    for at in range(len(stream)):
        parser = EventParser(layout)
        assert parser.feed(stream[:at]) + parser.feed(stream[at:]) == whole


def test_both_blocks_of_digits() -> None:
    """KEY_1 is 2 and KEY_0 is 11; KEY_KP7 is 71 and KEY_KP0 is 82 (linux/input-event-codes.h)."""
    assert [codec.TOP_ROW[code] for code in (2, 3, 4, 5, 6, 11)] == [1, 2, 3, 4, 5, 0]
    assert [codec.KEYPAD[code] for code in (79, 80, 81, 75, 76, 77, 71, 72, 73, 82)] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]


def test_what_is_no_key_is_left_out_and_a_full_buffer_is_told() -> None:
    stream = codec.event(4, 458782, kind=codec.EV_MSC) + codec.event(codec.SYN_DROPPED, 0, kind=codec.EV_SYN)
    assert EventParser().feed(stream) == [Dropped()]


def test_garbage_before_an_event_is_stepped_over() -> None:
    found = EventParser().feed(b"\xff" * 24 + KEY_5)
    assert found[0] == Junk(b"\xff" * 24)
    assert found[1:] == [KeyEvent(6, DOWN), KeyEvent(6, UP)]
    assert EventParser().feed(b"\xff" * 10) == []


@settings(max_examples=100, deadline=None)
@given(st.lists(st.binary(max_size=60), max_size=10))
def test_no_bytes_whatever_stop_it(pieces: list[bytes]) -> None:
    parser = EventParser()
    for piece in pieces:
        parser.feed(piece)
    parser.flush()
    assert parser.feed(KEY_5)[-1] == KeyEvent(6, UP)


# -- the grab -----------------------------------------------------------------------------------------------------


def test_the_ioctls_have_the_kernels_numbers() -> None:
    """linux/input.h on x86 and arm: EVIOCGRAB 40044590, EVIOCGID 80084502, EVIOCGNAME(256) 81004506."""
    assert (evdev.EVIOCGRAB, evdev.EVIOCGID, evdev.EVIOCGNAME) == (0x40044590, 0x80084502, 0x81004506)


@posix_only
def test_a_device_that_cannot_be_taken_is_refused(tmp_path) -> None:
    (tmp_path / "file").write_bytes(KEY_5)
    with pytest.raises(PortGone, match="cannot be taken for this program alone") as refused:
        EvdevPort(str(tmp_path / "file"))
    assert refused.value.code == "no_permission"
    with pytest.raises(PortGone) as gone:
        EvdevPort(str(tmp_path / "none"))
    assert gone.value.code == "gone"

    def busy(*_) -> None:
        raise OSError(errno.EBUSY, "busy")

    with pytest.raises(PortGone, match="another program has it") as taken:
        EvdevPort(str(tmp_path / "file"), ioctl=busy)
    assert taken.value.code == "busy_port"


def test_a_system_without_the_grab_says_what_to_do(monkeypatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "fcntl", None)
    with pytest.raises(PortGone, match="use a serial rater"):
        EvdevPort("/dev/input/event0")


class Kernel:
    """The ioctls of a keyboard."""

    def __init__(self) -> None:
        self.grabbed = False

    def __call__(self, _file: int, request: int, argument, _mutate: bool = False) -> int:
        if request == evdev.EVIOCGRAB:
            self.grabbed = bool(argument)
        elif request == evdev.EVIOCGID:
            argument[:8] = struct.pack("<HHHH", 3, 0x1A2B, 0x0042, 1)
        elif request == evdev.EVIOCGPHYS:
            argument[:14] = b"usb-1/input0\0x"
        elif request == evdev.EVIOCGNAME:
            argument[:6] = b"Rater\0"
        else:
            raise OSError(errno.ENOENT, "no serial number")
        return 0


@posix_only
def test_a_taken_device_is_read_and_says_who_it_is(tmp_path) -> None:
    pipe, kernel = tmp_path / "event0", Kernel()
    os.mkfifo(pipe)
    keep = os.open(pipe, os.O_RDWR)
    port = EvdevPort(str(pipe), ioctl=kernel)
    try:
        assert kernel.grabbed
        assert port.identity == Identity(0x1A2B, 0x42, "", "usb-1/input0", "Rater")
        assert str(port.identity) == "1a2b:0042::usb-1/input0"
        assert port.read(0.0) == b""
        os.write(keep, KEY_5)
        assert EventParser().feed(port.read(1.0)) == [KeyEvent(6, DOWN), KeyEvent(6, UP)]
        os.close(keep)
        keep = -1
        with pytest.raises(PortGone, match="ended"):
            port.read(1.0)
    finally:
        port.close()
        if keep >= 0:
            os.close(keep)


@posix_only
def test_the_driver_never_reads_what_it_could_not_take(bench, tmp_path) -> None:
    path = tmp_path / "event0"
    path.write_bytes(KEY_5)
    driver = HidPad(f"hid+{path}", around=bench.around())
    bench.start(driver)
    until(lambda: driver.snapshot().state is State.ABSENT)
    assert set(driver.snapshot().faults) == {"no_permission"}
    assert driver.submit(Ask(session=1)).result(5).error == "gone"
    assert bench.told(Rated) == []


# -- ratings --------------------------------------------------------------------------------------------------------


class Rater:
    """A running driver and its simulated keyboard."""

    def __init__(self, bench: Bench, options: str = "", **more) -> None:
        self.device = SimulatedKeyboard()
        opener = bench.around(opener=lambda _a: MemoryPort(self.device), **more)
        self.driver = HidPad(f"hid+sim://{options}", around=opener)
        bench.start(self.driver)
        until(lambda: self.driver.snapshot().state is State.UNKNOWN)

    def ask(self, session: int = 41) -> None:
        assert self.driver.submit(Ask(session=session)).result(5).outcome == "unknown"


def test_a_press_counts_for_the_open_question_once(bench) -> None:
    rater = Rater(bench)
    rater.device.press(5)
    until(lambda: bench.told(KeyIgnored))
    rater.ask()
    rater.device.press(4)
    until(lambda: bench.told(Rated))
    rater.device.press(1)
    until(lambda: len(bench.told(KeyIgnored)) == 2)
    (rated,) = bench.told(Rated)
    assert (rated.session, rated.key, rated.echo) == (41, 4, False)
    assert {event.reason for event in bench.told(KeyIgnored)} == {"no_open_ask"}
    assert rater.driver.snapshot().state is State.READY


def test_the_number_block_counts_too_and_the_order_can_be_turned(bench) -> None:
    rater = Rater(bench, "?best=1")
    rater.ask()
    rater.device.stroke(79)
    until(lambda: bench.told(Rated))
    assert bench.told(Rated)[0].key == 5, "KEY_KP1 on a device whose first key is the best"


def test_other_keys_are_told_and_not_counted(bench) -> None:
    rater = Rater(bench, "?keys=3")
    rater.ask()
    for sent, code in enumerate((30, 5, 28)):
        rater.device.stroke(code)
        until(lambda sent=sent: len(bench.told(KeyIgnored)) == sent + 1)
    assert [(event.reason, event.key) for event in bench.told(KeyIgnored)] == [
        ("unmapped_key", 30), ("unmapped_key", 4), ("unmapped_key", 28),
    ]  # fmt: skip
    assert bench.told(Rated) == []


def test_a_key_held_down_is_one_press_and_after_ten_seconds_a_fault(bench) -> None:
    shift = [0.0]
    rater = Rater(bench, clock=lambda: time.monotonic() + shift[0])
    rater.ask()
    rater.device.set_fault("key_stuck")
    until(lambda: bench.told(Rated))
    with rater.device.lock:
        rater.device._outbox += codec.event(2, HELD) * 5
    shift[0] = 11
    until(lambda: "key_stuck" in rater.driver.snapshot().faults)
    assert len(bench.told(Rated)) == 1
    assert bench.told(KeyIgnored) == []
    rater.device.clear()
    until(lambda: rater.driver.snapshot().state is State.READY)


@pytest.mark.parametrize("fault", ["garbage", "half_frame"])
def test_noise_and_half_events_are_no_ratings_and_pass(bench, fault: str) -> None:
    rater = Rater(bench)
    rater.ask()
    rater.device.set_fault(fault)
    with rater.device.lock:
        rater.device._outbox += codec.event(6, DOWN)
    until(lambda: rater.driver.snapshot().junk_bytes > 0)
    assert bench.told(Rated) == []
    rater.device.clear()
    rater.device.press(3)
    until(lambda: bench.told(Rated))
    assert bench.told(Rated)[0].key == 3


def test_over_a_socket_and_by_the_control_line(bench) -> None:
    device = SimulatedKeyboard()
    with SimulatorServer(device, "socket://127.0.0.1:0") as server:
        driver = open_driver(f"hid+{server.url}", around=bench.around())
        bench.start(driver)
        until(lambda: driver.snapshot().state is State.UNKNOWN)
        driver.submit(Ask(session=41)).result(5)
        assert driver.submit(Welcome()).result(5).outcome == "unknown"
        assert device.command("press 2") == "ok"
        until(lambda: bench.told(Rated))
        assert bench.told(Rated)[0].key == 2
        with pytest.raises(ValueError, match="unknown command"):
            device.command("press x")
        assert driver.submit(Cancel(session=9)).result(5).error == "no_such_ask"
        driver.submit(Ask(session=42)).result(5)
        bench.stop()
    assert [(event.session, event.reason) for event in bench.told(Unrated)] == [(42, "stopped")]
