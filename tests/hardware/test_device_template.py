"""A rater by its profile: the host's half of the nonce rule, what it shows, and the faults of its line."""

from __future__ import annotations

import time

import pytest
from device_bench import Bench, until

from hardware.address import BadAddress
from hardware.health import Key, KeyIgnored, Rated, State, Unrated
from hardware.inventory import open_driver, simulated
from hardware.keypads.jobs import Ask, Beep, Cancel, ShowNumber, Staff, Welcome
from hardware.keypads.template.driver import TemplatePad
from hardware.keypads.template.profiles import built_in, read
from hardware.keypads.template.simulated import SimulatedTemplate
from hardware.simulation.memory import MemoryPort
from hardware.simulation.server import SimulatorServer

PAD = """
[profile.pad]
in = "02 {seq} {key} 03"
keys = { 31 = "call", 32 = "recall", 33 = 5 }
[profile.pad.out]
show = "02 {text:gbk:4} 03"
"""


class Rater:
    """A running driver and its simulated device."""

    def __init__(self, bench: Bench, profile: str = "example", **more) -> None:
        self.device = SimulatedTemplate(built_in().get(profile) or read(PAD)[profile], addr=1)
        self.driver = TemplatePad(
            f"template+sim://?profile={profile}",
            around=bench.around(opener=lambda _a: MemoryPort(self.device), **more),
            profile=self.device.profile,
        )
        bench.start(self.driver)
        until(lambda: self.driver.snapshot().state is State.UNKNOWN)

    def ask(self, session: int = 41) -> None:
        assert self.driver.submit(Ask(session=session)).result(5).error is None


@pytest.mark.parametrize("profile", ["raw1", "example"])
def test_a_press_counts_for_the_open_question_once(bench, profile: str) -> None:
    rater = Rater(bench, profile)
    rater.device.press(5)
    until(lambda: bench.told(KeyIgnored))
    rater.ask()
    rater.device.press(2)
    until(lambda: bench.told(Rated))
    rater.device.press(5)
    until(lambda: len(bench.told(KeyIgnored)) == 2)
    (rated,) = bench.told(Rated)
    assert (rated.session, rated.key, rated.echo) == (41, 2, False)
    assert {event.reason for event in bench.told(KeyIgnored)} == {"no_open_ask"}
    assert rater.driver.snapshot().state is State.READY


def test_what_is_asked_and_shown_arrives_in_the_profiles_frames(bench) -> None:
    rater = Rater(bench)
    rater.ask()
    until(lambda: rater.device.screen == "ask")
    rater.driver.submit(Staff(name="", number="0312", stars=4)).result(5)
    until(lambda: (rater.device.stars, rater.device.shown) == (4, "0312"))
    receipt = rater.driver.submit(ShowNumber("A041䶮")).result(5)
    until(lambda: rater.device.shown == "A041*")
    assert receipt.warnings == ("replaced:䶮",)
    assert receipt.outcome == "unknown", "nobody can say that it was shown"
    rater.driver.submit(Cancel(session=41)).result(5)
    until(lambda: rater.device.screen == "welcome")
    assert rater.driver.submit(Cancel(session=41)).result(5).error == "no_such_ask"
    assert rater.driver.submit(Beep()).result(5).outcome == "unknown"
    assert [(event.session, event.reason) for event in bench.told(Unrated)] == [(41, "cancelled")]


def test_a_question_that_times_out_brings_the_idle_picture_back(bench) -> None:
    shift = [0.0]
    rater = Rater(bench, clock=lambda: time.monotonic() + shift[0])
    rater.ask()
    shift[0] = 21
    until(lambda: rater.device.screen == "welcome")
    assert [event.reason for event in bench.told(Unrated)] == ["timed_out"]
    shift[0] = 700
    until(lambda: rater.driver.snapshot().state is State.UNKNOWN)


def test_a_code_nobody_named_is_told_with_its_code(bench) -> None:
    rater = Rater(bench)
    rater.ask()
    rater.device.send_code(0x77)
    until(lambda: bench.told(KeyIgnored))
    assert [(event.reason, event.key) for event in bench.told(KeyIgnored)] == [("unmapped_key", 0x77)]
    assert bench.told(Rated) == []


def test_another_address_on_the_line_is_not_ours(bench) -> None:
    rater = Rater(bench)
    rater.ask()
    rater.device.addr = 2
    rater.device.press(5)
    until(lambda: bench.told(KeyIgnored))
    assert [event.reason for event in bench.told(KeyIgnored)] == ["other_pad"]
    assert rater.driver.snapshot().last_ok is None


def test_keys_of_a_call_pad(bench) -> None:
    rater = Rater(bench, "pad")
    for word in ("call", "recall"):
        rater.device.press(word)
        until(lambda word=word: bench.told(Key) and bench.told(Key)[-1].key == word)
    rater.driver.submit(ShowNumber("A041")).result(5)
    until(lambda: rater.device.shown == "A041")


def test_a_bouncing_key_counts_once_and_a_stuck_one_is_a_fault(bench) -> None:
    rater = Rater(bench)
    rater.driver.debounce.stuck_s = 0.4
    rater.ask()
    rater.device.set_fault("key_stuck")
    until(lambda: "key_stuck" in rater.driver.snapshot().faults)
    assert len(bench.told(Rated)) == 1
    assert bench.told(KeyIgnored) == []
    rater.device.clear()
    until(lambda: rater.driver.snapshot().state is State.READY)


@pytest.mark.parametrize(("profile", "fault"), [("example", "garbage"), ("raw1", "garbage"), ("example", "half_frame")])
def test_noise_and_half_frames_are_no_ratings_and_pass(bench, profile: str, fault: str) -> None:
    rater = Rater(bench, profile)
    rater.ask()
    rater.device.set_fault(fault)
    for _ in range({"raw1": 40, "example": 12}[profile] if fault == "garbage" else 3):
        before = rater.driver.snapshot().junk_bytes
        rater.device.send_code(0x31)
        until(lambda before=before: rater.driver.snapshot().junk_bytes > before)
    assert bench.told(Rated) == []
    if fault == "garbage":
        assert rater.driver.snapshot().state is State.UNKNOWN
        assert "garbage" in rater.driver.snapshot().faults
    rater.device.clear()
    rater.device.press(4)
    until(lambda: bench.told(Rated))
    assert bench.told(Rated)[0].key == 4
    assert rater.driver.snapshot().state is State.READY


def test_a_device_that_was_away_is_asked_and_shown_again(bench) -> None:
    rater = Rater(bench)
    rater.driver.submit(Staff(name="", number="0312")).result(5)
    rater.ask()
    until(lambda: rater.device.screen == "ask")
    rater.device.set_fault("gone")
    until(lambda: rater.driver.snapshot().state is State.ABSENT)
    rater.driver.submit(ShowNumber("A041")).result(5)
    rater.device.screen, rater.device.shown = "", ""
    rater.device.told.clear()
    rater.device.clear()
    until(lambda: rater.device.screen == "ask")
    assert rater.device.shown == "A041"
    assert set(rater.device.told) == {"staff", "show", "ask"}
    rater.device.press(3)
    until(lambda: bench.told(Rated))


def test_a_pulled_cable_keeps_the_question(bench) -> None:
    device = SimulatedTemplate(built_in()["raw1"])
    with SimulatorServer(device, "socket://127.0.0.1:0") as server:
        driver = open_driver(f"template+{server.url}?profile=raw1", around=bench.around())
        bench.start(driver)
        until(lambda: driver.snapshot().state is State.UNKNOWN)
        driver.submit(Ask(session=41)).result(5)
        device.set_fault("gone")
        until(lambda: driver.snapshot().state is State.ABSENT)
        assert driver.submit(Ask(session=42)).result(5).error == "gone"
        device.clear()
        until(lambda: driver.snapshot().state is State.UNKNOWN)
        device.press(4)
        until(lambda: bench.told(Rated))
        assert bench.told(Rated)[0].session == 41
        driver.submit(Ask(session=43)).result(5)
        bench.stop()
    assert [(event.session, event.reason) for event in bench.told(Unrated)] == [(43, "stopped")]


def test_over_a_pseudo_terminal_and_by_the_control_line(bench, tmp_path) -> None:
    device = SimulatedTemplate(built_in()["example"], addr=7)
    with SimulatorServer(device, f"pty://{tmp_path}/rater") as server:
        driver = open_driver(f"template+{server.url}?profile=example&addr=7", around=bench.around())
        bench.start(driver)
        driver.submit(Ask(session=41)).result(5)
        until(lambda: device.screen == "ask")
        assert device.command("press 5") == "ok"
        until(lambda: bench.told(Rated))
        with pytest.raises(ValueError, match="has no key"):
            device.command("press call")
        assert '"screen": "ask"' in device.command("status")
        bench.stop()


def test_the_address_names_profile_and_line(tmp_path) -> None:
    own = tmp_path / "raters.toml"
    own.write_text(PAD.replace("[profile.pad]", '[profile.pad]\nbaud = 2400\nparity = "e"'))
    driver = TemplatePad(f"template+/dev/ttyUSB0?profile=pad&file={own}&stop=2")
    assert (driver.wired.number("baud", 0), driver.wired.options["parity"], driver.wired.options["stop"]) == (
        2400,
        "e",
        "2",
    )
    assert driver.address == f"template+/dev/ttyUSB0?profile=pad&file={own}&stop=2"
    with pytest.raises(BadAddress, match="say which profile"):
        TemplatePad("template+/dev/ttyUSB0")
    own.write_text('[profile.pad]\nin = "AA {addr} {key}"\nkeys = { 31 = 5 }\n')
    with pytest.raises(BadAddress, match="also the first byte"):
        TemplatePad(f"template+/dev/ttyUSB0?profile=pad&file={own}&addr=0xAA")
    with pytest.raises(BadAddress, match="1 to 255"):
        TemplatePad("template+/dev/ttyUSB0?profile=raw1&addr=300")


def test_the_built_in_simulator(bench) -> None:
    driver = open_driver("template+sim://?profile=example", around=bench.around())
    bench.start(driver)
    driver.submit(Welcome()).result(5)
    device = simulated("template+sim://?profile=example")
    assert isinstance(device, SimulatedTemplate)
    until(lambda: device.screen == "welcome")
