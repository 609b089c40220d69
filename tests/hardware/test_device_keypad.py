"""Keypads: the nonce rule, clause by clause, over a real socket and on the driver's own clock."""

from __future__ import annotations

from collections import Counter

import pytest
from device_bench import Bench, until

from hardware.health import Fault, KeyIgnored, Offline, PadHello, Rated, State, Unrated
from hardware.keypads import codec
from hardware.keypads.driver import Ask, Cancel, KeypadDriver, Timing
from hardware.keypads.simulated import SimulatedPad
from hardware.simulation.server import SimulatorServer

QUICK = Timing(answer_s=0.12, ping_s=0.3, ping_silent_s=0.1)


@pytest.fixture
def pad() -> SimulatedPad:
    return SimulatedPad(addr=3, identity="PAD-0003")


@pytest.fixture
def server(pad: SimulatedPad):
    with SimulatorServer(pad, "socket://127.0.0.1:0") as running:
        yield running


def driver_for(bench: Bench, server: SimulatorServer, **more) -> KeypadDriver:
    driver = KeypadDriver(f"neutral+{server.url}?addr=3", around=bench.around(**more), timing=QUICK)
    bench.start(driver)
    until(lambda: driver.snapshot().state is State.READY, what=str(driver.snapshot()))
    return driver


def test_the_pad_says_who_it_is(bench, pad, server) -> None:
    driver = driver_for(bench, server)
    until(lambda: bench.told(PadHello))
    hello = bench.told(PadHello)[0]
    assert (hello.identity, hello.firmware, hello.keys) == ("PAD-0003", "1.0", 5)
    assert (driver.snapshot().identity, driver.snapshot().firmware) == ("PAD-0003", "1.0")


def test_a_press_for_the_open_question_is_the_rating(bench, pad, server) -> None:
    driver = driver_for(bench, server)
    receipt = driver.submit(Ask(session=41, timeout_s=20)).result(5)
    assert (receipt.outcome, receipt.how) == ("confirmed", "ack")
    assert pad.screen == "ask"
    assert pad.press(5) is True
    until(lambda: bench.told(Rated))
    rated = bench.told(Rated)[0]
    assert (rated.session, rated.key, rated.presses, rated.echo) == (41, 5, 1, True)
    until(lambda: pad.counted == 1)
    assert pad.screen == "thanks"
    assert bench.told(Unrated) == []


def test_the_first_press_closes_the_question(bench, pad, server) -> None:
    driver = driver_for(bench, server)
    driver.submit(Ask(session=41)).result(5)
    pad.press(1)
    pad.press(5)
    until(lambda: pad.refused)
    assert [(event.session, event.key) for event in bench.told(Rated)] == [(41, 1)]
    assert [(event.reason, event.key) for event in bench.told(KeyIgnored)] == [("no_open_ask", 5)]
    assert pad.refused == [codec.Error.NO_SUCH_ASK]


@pytest.mark.parametrize(
    ("press", "reason"),
    [
        (lambda ask: codec.Press(ask.session, 5, ask.nonce ^ 1, 900), "wrong_nonce"),
        (lambda ask: codec.Press(ask.session + 1, 5, ask.nonce, 900), "wrong_session"),
        (lambda ask: codec.Press(ask.session, 6, ask.nonce, 900), "no_such_key"),
        (lambda ask: codec.Press(ask.session, 0, ask.nonce, 900), "no_such_key"),
    ],
)
def test_what_does_not_prove_its_question_is_never_counted(bench, pad, server, press, reason: str) -> None:
    driver = driver_for(bench, server)
    driver.submit(Ask(session=41)).result(5)
    with pad.lock:
        pad._queue(press(pad._last_ask))
    until(lambda: pad.refused)
    assert bench.told(Rated) == []
    assert [event.reason for event in bench.told(KeyIgnored)] == [reason]
    assert pad.refused == [codec.Error.NO_SUCH_ASK]
    pad.press(4)
    until(lambda: bench.told(Rated), what="the question is still open for the honest press")


def test_a_press_from_another_pad_on_the_line_is_not_ours(bench, pad, server) -> None:
    driver = driver_for(bench, server)
    driver.submit(Ask(session=41)).result(5)
    with pad.lock:
        ask = pad._last_ask
        pad.addr = 4
        pad._queue(codec.Press(ask.session, 5, ask.nonce, 900))
        pad.addr = 3
    until(lambda: bench.told(KeyIgnored))
    assert bench.told(KeyIgnored)[0].reason == "other_pad"
    assert bench.told(Rated) == []


def test_a_press_without_a_question_is_told_and_not_counted(bench, pad, server) -> None:
    driver_for(bench, server)
    assert pad.press(5) is False
    until(lambda: bench.told(KeyIgnored))
    assert bench.told(KeyIgnored)[0].reason == "no_open_ask"


def test_a_replayed_press_is_ignored_and_raises_the_fault(bench, pad, server) -> None:
    driver = driver_for(bench, server)
    driver.submit(Ask(session=41)).result(5)
    pad.press(5)
    until(lambda: pad.counted == 1)
    driver.submit(Ask(session=42)).result(5)
    pad.replay()
    until(lambda: "replay" in driver.snapshot().faults)
    assert driver.snapshot().state is State.DEGRADED
    assert len(bench.told(Rated)) == 1
    pad.press(4)
    until(lambda: len(bench.told(Rated)) == 2)
    until(lambda: driver.snapshot().state is State.READY)


def test_a_repeated_frame_is_answered_again_and_counted_once(bench, pad, server) -> None:
    """The ACK of the press is lost: the pad repeats the same frame."""
    driver = driver_for(bench, server)
    driver.submit(Ask(session=41)).result(5)
    with pad.lock:
        frame = codec.frame_of(codec.Press(41, 5, pad._last_ask.nonce, 900), addr=3, seq=200)
    answers = []
    driver._send, send = answers.append, driver._send
    try:
        for _ in range(3):
            driver._answer(frame)
    finally:
        driver._send = send
    assert len(set(answers)) == 1
    (reply,) = codec.FrameParser().feed(answers[0])
    assert (reply.seq, codec.read(reply)) == (200, codec.Ack(codec.Command.RATED, 0))
    assert len(bench.told(Rated)) == 1
    assert bench.told(KeyIgnored) == []


def test_time_over_is_unrated_by_the_hosts_clock(bench, pad, server) -> None:
    shift = [0.0]
    import time

    driver = driver_for(bench, server, clock=lambda: time.monotonic() + shift[0])
    driver.submit(Ask(session=41, timeout_s=20)).result(5)
    shift[0] = 21.0
    until(lambda: bench.told(Unrated))
    assert (bench.told(Unrated)[0].session, bench.told(Unrated)[0].reason) == (41, "timed_out")
    pad.press(5)
    until(lambda: bench.told(KeyIgnored))
    assert bench.told(Rated) == []


def test_cancelling_closes_the_question_on_both_sides(bench, pad, server) -> None:
    driver = driver_for(bench, server)
    driver.submit(Ask(session=41)).result(5)
    assert driver.submit(Cancel(session=41)).result(5).outcome == "confirmed"
    assert pad.screen == "welcome"
    assert [(event.session, event.reason) for event in bench.told(Unrated)] == [(41, "cancelled")]
    assert driver.submit(Cancel(session=41)).result(5).error == "no_such_ask"


def test_a_new_question_ends_the_old_one_unrated(bench, pad, server) -> None:
    driver = driver_for(bench, server)
    driver.submit(Ask(session=41)).result(5)
    driver.submit(Ask(session=42)).result(5)
    assert [(event.session, event.reason) for event in bench.told(Unrated)] == [(41, "replaced")]
    pad.press(5)
    until(lambda: bench.told(Rated))
    assert bench.told(Rated)[0].session == 42


def test_a_restarted_pad_is_asked_again_with_a_new_nonce(bench, pad, server) -> None:
    driver = driver_for(bench, server)
    driver.submit(Ask(session=41)).result(5)
    old = pad._last_ask
    pad.restart()
    until(lambda: pad._last_ask not in (None, old))
    assert pad._last_ask.session == 41
    assert pad._last_ask.nonce != old.nonce
    with pad.lock:
        pad._queue(codec.Press(41, 5, old.nonce, 900))
    until(lambda: pad.refused)
    assert bench.told(Rated) == [], "the nonce of before the restart is void"
    pad.press(3)
    until(lambda: bench.told(Rated))
    assert bench.told(Unrated) == []


def test_a_pulled_cable_keeps_the_question_and_asks_again(bench, pad, server) -> None:
    driver = driver_for(bench, server)
    driver.submit(Ask(session=41)).result(5)
    old = pad._last_ask.nonce
    pad.set_fault("gone")
    until(lambda: driver.snapshot().state is State.ABSENT)
    assert driver.submit(Ask(session=42)).result(5).error == "gone"
    pad.clear()
    until(lambda: pad._last_ask.nonce != old)
    pad.press(4)
    until(lambda: bench.told(Rated))
    assert (bench.told(Rated)[0].session, len(bench.told(Offline))) == (41, 1)


def test_a_silent_pad_is_unknown_and_asked_again_when_it_answers(bench, pad, server) -> None:
    driver = driver_for(bench, server)
    pad.set_fault("silent")
    assert driver.submit(Ask(session=41)).result(5).error == "silent"
    assert driver.snapshot().state is State.UNKNOWN
    pad.clear("silent")
    until(lambda: pad.screen == "ask")
    pad.press(5)
    until(lambda: bench.told(Rated))
    assert driver.snapshot().state is State.READY


@pytest.mark.parametrize("fault", ["half_frame", "garbage"])
def test_half_frames_and_garbage_answer_nothing(bench, pad, server, fault: str) -> None:
    driver = driver_for(bench, server)
    pad.set_fault(fault)
    assert driver.submit(codec.Welcome()).result(5).error == "silent"
    pad.clear(fault)
    until(lambda: driver.snapshot().state is State.READY)
    assert driver.snapshot().junk_bytes > 0


def test_a_slow_acknowledgement_counts_the_press_once(bench, pad, server) -> None:
    """Every byte of the pad comes 1.5 s late: repeats of one frame arrive together and are one rating."""
    driver = driver_for(bench, server)
    driver.submit(Ask(session=41)).result(5)
    pad.set_fault("slow")
    pad.press(5)
    until(lambda: bench.told(Rated), limit_s=8)
    pad.clear("slow")
    until(lambda: pad.counted == 1 or pad.refused or not pad._outbox)
    assert len(bench.told(Rated)) == 1


def test_a_stuck_key_is_a_fault_until_the_pad_is_well(bench, pad, server) -> None:
    driver = driver_for(bench, server)
    pad.set_fault("key_stuck")
    until(lambda: "key_stuck" in driver.snapshot().faults)
    assert driver.snapshot().state is State.DEGRADED
    pad.clear()
    until(lambda: driver.snapshot().state is State.READY)
    assert [event.cleared for event in bench.told(Fault)] == [False, True]


def test_staff_and_welcome_are_shown(bench, pad, server) -> None:
    driver = driver_for(bench, server)
    assert driver.submit(codec.Staff("3号窗口", "0312", 5)).result(5).outcome == "confirmed"
    assert pad.staff == codec.Staff("3号窗口", "0312", 5)
    assert driver.submit(codec.Welcome()).result(5).outcome == "confirmed"


def test_presses_too_fast_or_too_even_are_flagged_and_counted(bench, pad, server) -> None:
    driver = driver_for(bench, server)
    for session in range(1, 6):
        driver.submit(Ask(session=session)).result(5)
        with pad.lock:
            pad._queue(codec.Press(session, 5, pad._last_ask.nonce, 1000))
        until(lambda session=session: len(bench.told(Rated)) == session)
    flags = Counter(flag for event in bench.told(Rated) for flag in event.flags)
    assert flags["too_fast"] == 5, "the host saw them sooner than the pad says"
    assert flags["even_intervals"] == 2


def test_nonces_are_fresh_never_zero_and_never_used_twice_a_day(bench) -> None:
    drawn = iter([b"\0\0\0\0", b"\1\0\0\0", b"\1\0\0\0", b"\0\0\0\0", b"\2\0\0\0", b"\1\0\0\0"])
    from datetime import UTC, datetime

    today = [datetime(2026, 11, 24, tzinfo=UTC)]
    driver = KeypadDriver(
        "neutral+sim://", around=bench.around(wall=lambda: today[0]), random_bytes=lambda n: next(drawn)
    )
    assert [driver._fresh_nonce(), driver._fresh_nonce()] == [1, 2]
    today[0] = datetime(2026, 11, 25, tzinfo=UTC)
    assert driver._fresh_nonce() == 1


def test_an_address_outside_the_line_is_refused() -> None:
    with pytest.raises(ValueError, match="1 to 254"):
        KeypadDriver("neutral+sim://?addr=255")


def test_stopping_ends_the_open_question_unrated(bench, pad, server) -> None:
    driver = driver_for(bench, server)
    driver.submit(Ask(session=41)).result(5)
    bench.stop()
    assert [(event.session, event.reason) for event in bench.told(Unrated)] == [(41, "stopped")]
