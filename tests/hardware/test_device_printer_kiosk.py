"""Kiosk printers: full status instead of automatic status, and a mouth that knows whether the ticket was taken."""

from __future__ import annotations

from dataclasses import replace

import pytest
from device_bench import Bench, until

from hardware.health import Fault, State
from hardware.printers import codec
from hardware.printers.driver import PrinterDriver, PrintJob, Timing
from hardware.printers.paper import Text
from hardware.printers.profiles import Profile, named
from hardware.printers.simulated import SimulatedPrinter
from hardware.simulation.device import NoSuchFault
from hardware.simulation.server import SimulatorServer

QUICK = Timing(
    answer_s=0.15, quiet_s=0.1, probe_s=0.15, confirm_s=1.0, poll_idle_s=0.1, poll_fault_s=0.05, poll_busy_s=0.05,
    mouth_s=0.3, mouth_poll_s=0.02, queue_s=2.0,
)  # fmt: skip


def mouth(profile: str, *, taken_within_s: float, when_left: str) -> Profile:
    """A shipped profile with less patience."""
    model = named(profile)
    assert model.presenter is not None
    return replace(model, presenter=replace(model.presenter, taken_within_s=taken_within_s, when_left=when_left))


def at_work(bench: Bench, printer: SimulatedPrinter, server: SimulatorServer, profile: Profile) -> PrinterDriver:
    driver = PrinterDriver(f"escpos+{server.url}", profile=profile, around=bench.around(), timing=QUICK)
    bench.start(driver)
    until(lambda: driver.snapshot().state is State.READY, what=str(driver.snapshot()))
    return driver


def paper(name: str) -> PrintJob:
    return PrintJob(name, [Text("一张小票", size=30)])


@pytest.mark.parametrize("name", ["custom_kpm216", "citizen_ppu231"])
def test_a_ticket_lying_in_the_mouth_is_proof_of_printing(bench: Bench, name: str) -> None:
    printer = SimulatedPrinter(dialect=named(name), process_id=False, taken_after_s=0.5)
    with SimulatorServer(printer, "socket://127.0.0.1:0") as server:
        driver = at_work(bench, printer, server, named(name))
        receipt = driver.submit(paper("T1")).result(5)
        assert (receipt.outcome, receipt.how) == ("confirmed", "presenter")
        if name == "custom_kpm216":
            assert receipt.evidence == "10 0f 20 00 00 00"
            assert driver.caps.automatic_status is False
        until(lambda: not printer.in_mouth)
        assert driver.submit(paper("T2")).result(5).outcome == "confirmed"
        assert bench.told(Fault) == [], "a ticket that is taken is no fault"
        bench.stop()
    assert printer.printed == 2
    assert printer.unknown_bytes == 0


def test_a_ticket_taken_before_anybody_looked_is_proved_by_the_barrier(bench: Bench) -> None:
    profile = named("custom_kpm216")
    printer = SimulatedPrinter(dialect=profile, taken_after_s=0)
    with SimulatorServer(printer, "socket://127.0.0.1:0") as server:
        driver = at_work(bench, printer, server, profile)
        receipt = driver.submit(paper("T1")).result(5)
        assert (receipt.outcome, receipt.how in ("barrier", "presenter")) == ("confirmed", True)
        bench.stop()


def test_a_ticket_nobody_takes_is_told_and_dropped_before_the_next(bench: Bench) -> None:
    profile = mouth("custom_kpm216", taken_within_s=0.4, when_left="eject")
    printer = SimulatedPrinter(dialect=profile, taken_after_s=3600)
    with SimulatorServer(printer, "socket://127.0.0.1:0") as server:
        driver = at_work(bench, printer, server, profile)
        assert driver.submit(paper("T1")).result(5).how == "presenter"
        assert driver.snapshot().state is State.READY, "it has just come out"
        until(lambda: "ticket_not_taken" in driver.snapshot().faults)
        assert driver.snapshot().state is State.DEGRADED
        assert driver.submit(paper("T2")).result(5).outcome == "confirmed"
        printer.command("take")
        until(lambda: driver.snapshot().state is State.READY)
        assert [(e.code, e.cleared) for e in bench.told(Fault)][:2] == [
            ("ticket_not_taken", False), ("ticket_not_taken", True),
        ]  # fmt: skip
        bench.stop()
    assert printer.printed == 2


def test_a_full_mouth_refuses_the_next_ticket_where_nothing_can_clear_it(bench: Bench) -> None:
    profile = mouth("citizen_ppu231", taken_within_s=30, when_left="keep")
    printer = SimulatedPrinter(dialect=profile, taken_after_s=3600)
    with SimulatorServer(printer, "socket://127.0.0.1:0") as server:
        driver = at_work(bench, printer, server, profile)
        assert driver.submit(paper("T1")).result(5).outcome == "confirmed"
        receipt = driver.submit(paper("T2")).result(5)
        assert (receipt.outcome, receipt.error) == ("failed", "ticket_not_taken")
        printer.command("take")
        assert driver.submit(paper("T3")).result(5).outcome == "confirmed"
        bench.stop()
    assert printer.printed == 2


@pytest.mark.parametrize("fault", ["paper_out", "cover_open", "cutter", "head_hot", "recoverable", "unrecoverable"])
def test_each_fault_of_the_full_status_is_seen_and_over_again(bench: Bench, fault: str) -> None:
    profile = named("custom_kpm300")
    printer = SimulatedPrinter(dialect=profile)
    with SimulatorServer(printer, "socket://127.0.0.1:0") as server:
        driver = at_work(bench, printer, server, profile)
        printer.set_fault(fault)
        until(lambda: driver.snapshot().state is State.FAULT)
        assert set(driver.snapshot().faults) == {fault}
        assert driver.submit(paper("T1")).result(5).error == fault
        printer.clear()
        until(lambda: driver.snapshot().state is State.READY)
        assert [(event.code, event.cleared) for event in bench.told(Fault)] == [(fault, False), (fault, True)]
        assert driver.submit(paper("T2")).result(5).outcome == "confirmed"
        bench.stop()
    assert printer.printed == 1


def test_a_kpm300_tells_a_change_unasked_and_again_after_a_power_cut(bench: Bench) -> None:
    profile = named("custom_kpm300")
    printer = SimulatedPrinter(dialect=profile)
    with SimulatorServer(printer, "socket://127.0.0.1:0") as server:
        patient = Timing(answer_s=0.15, quiet_s=0.1, probe_s=0.15, poll_idle_s=3600, poll_fault_s=3600)
        driver = PrinterDriver(f"escpos+{server.url}", profile=profile, around=bench.around(), timing=patient)
        bench.start(driver)
        until(lambda: driver.snapshot().state is State.READY)
        printer.set_fault("cover_open")
        until(lambda: driver.snapshot().state is State.FAULT, what="nobody asked, and it was not told")
        printer.clear()
        until(lambda: driver.snapshot().state is State.READY)
        printer.set_fault("silent")
        assert driver.submit(paper("T1")).result(5).error == "silent"
        printer.restart()
        printer.clear()
        driver._ask_not_before_s = driver._next_poll_s = 0.0
        until(lambda: driver.snapshot().state is State.READY)
        printer.set_fault("paper_out")
        until(lambda: driver.snapshot().state is State.FAULT)
        bench.stop()


def test_what_the_full_status_cannot_say_cannot_be_played() -> None:
    with pytest.raises(NoSuchFault, match="'offline'"):
        SimulatedPrinter(dialect=named("custom_kpm300")).set_fault("offline")


def test_little_paper_warns_and_prints_on(bench: Bench) -> None:
    profile = named("custom_kpm150")
    printer = SimulatedPrinter(dialect=profile)
    with SimulatorServer(printer, "socket://127.0.0.1:0") as server:
        driver = at_work(bench, printer, server, profile)
        printer.set_fault("paper_near_end")
        until(lambda: driver.snapshot().state is State.DEGRADED)
        receipt = driver.submit(paper("T1")).result(5)
        assert (receipt.outcome, receipt.how, receipt.warnings) == ("confirmed", "barrier", ("paper_near_end",))
        bench.stop()


def test_the_simulated_mouth_and_ejector_answer_as_the_manual_says() -> None:
    printer = SimulatedPrinter(dialect=named("custom_kpm216"), taken_after_s=2)
    host = printer.connect()
    assert host.feed(codec.FULL_STATUS, 0.0) == bytes.fromhex("10 0f 00 00 00 00")
    assert host.feed(codec.CUT_FULL_OLD + codec.ejector_present(40) + codec.EJECTOR_STATUS, 0.0) == b"\x08"
    assert host.feed(codec.FULL_STATUS, 0.1) == bytes.fromhex("10 0f 20 00 00 00")
    for now in (0.1, 1.0, 2.2):
        printer.tick(now)
    assert host.feed(codec.EJECTOR_STATUS, 2.2) == b"\x00"
    assert host.feed(codec.full_status_mode(0x01), 3.0) == b"\x10\x01\x00"
    printer.set_fault("paper_out")
    assert host.due(3.1) == b"\x10\x01\x05"
    printer.set_fault("ticket_not_taken")
    assert host.due(3.2) == b"\x10\x01\x25"
    assert printer.command("take") == "ok"
    assert host.due(3.3) == b"\x10\x01\x05"
    printer.clear()
    assert host.due(3.4) == b"\x10\x01\x00"
    host.feed(codec.HARD_RESET, 4.0)
    printer.set_fault("paper_out")
    assert host.due(4.1) == b"", "the reset switched automatic full status off"
