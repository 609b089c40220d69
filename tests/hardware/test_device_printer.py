"""The printer's driver against the simulated printer over a real socket: proof, faults, recovery, no second print."""

from __future__ import annotations

import socket
import threading

import pytest
from device_bench import Bench, until

from hardware.driver import JOBS_WAITING_MAX, Backoff, DeviceBusy
from hardware.health import Fault, Offline, Online, PrintedLate, State, Supply
from hardware.printers import codec
from hardware.printers.driver import PrinterDriver, PrintJob, Timing
from hardware.printers.paper import Text
from hardware.printers.simulated import SimulatedPrinter
from hardware.simulation.server import SimulatorServer

QUICK = Timing(
    answer_s=0.15, quiet_s=0.1, probe_s=0.15, confirm_s=1.0, poll_idle_s=0.15, poll_fault_s=0.05, poll_busy_s=0.1,
    mouth_s=0.3, mouth_poll_s=0.02, recover_s=0.1, queue_s=2.0,
)  # fmt: skip
SLIP = [Text("一张小票", size=30)]


def paper(name: str) -> PrintJob:
    return PrintJob(name, SLIP)


@pytest.fixture
def printer():
    return SimulatedPrinter()


@pytest.fixture
def server(printer):
    with SimulatorServer(printer, "socket://127.0.0.1:0") as running:
        yield running


def driver_for(bench: Bench, server: SimulatorServer, **more) -> PrinterDriver:
    profile = more.pop("profile", "epson80")
    driver = PrinterDriver(
        f"escpos+{server.url}?profile={profile}", around=bench.around(), timing=more.pop("timing", QUICK), **more
    )
    bench.start(driver)
    return driver


def ready(driver: PrinterDriver) -> None:
    until(lambda: driver.snapshot().state is State.READY, what=f"not ready: {driver.snapshot()}")


def test_a_ticket_is_confirmed_by_its_process_id(bench, printer, server) -> None:
    driver = driver_for(bench, server, identify=True)
    receipt = driver.submit(paper("T1")).result(5)
    assert (receipt.job, receipt.outcome, receipt.how, receipt.error) == ("T1", "confirmed", "process_id", None)
    assert receipt.evidence.startswith("37 22 ")
    assert receipt.confirmed_at >= receipt.accepted_at
    assert printer.printed == 1
    assert driver.caps.process_id is True
    assert driver.caps.automatic_status is True
    assert driver.snapshot().identity == "Counterhall Simulated 80"
    assert driver.snapshot().jobs_ok == 1
    assert [type(event) for event in bench.events] == [Online]


def test_without_process_id_the_barrier_proves_it(bench, printer, server) -> None:
    printer.process_id = False
    driver = driver_for(bench, server)
    receipts = [driver.submit(paper(f"T{n}")).result(5) for n in range(2)]
    assert [(receipt.outcome, receipt.how) for receipt in receipts] == [("confirmed", "barrier")] * 2
    assert receipts[0].evidence == "00 12 12 12 12"
    assert (driver.caps.process_id, driver.caps.barrier) == (False, True)
    assert printer.printed == 2


def test_without_either_a_clean_status_is_the_proof(bench, printer, server) -> None:
    printer.process_id = printer.barrier = False
    driver = driver_for(bench, server)
    receipt = driver.submit(paper("T1")).result(5)
    assert (receipt.outcome, receipt.how) == ("confirmed", "asb")
    assert printer.printed == 1


def test_a_printer_that_cannot_answer_prints_unconfirmed(bench, tmp_path) -> None:
    target = tmp_path / "printer.bin"
    driver = PrinterDriver(f"escpos+file://{target}?profile=plain", around=bench.around(), timing=QUICK)
    bench.start(driver)
    receipt = driver.submit(paper("T1")).result(5)
    assert (receipt.outcome, receipt.how, receipt.error) == ("unknown", "none", None)
    sent = target.read_bytes()
    assert sent.startswith(codec.INITIALISE)
    assert sent.endswith(codec.feed(4) + codec.CUT_FULL_OLD)
    assert b"\x1d\x61" not in sent.replace(sent[sent.index(b"\x1d\x76\x30") :], b""), "automatic status stays off"
    assert driver.snapshot().state is State.UNKNOWN, "silence is never green"


@pytest.mark.parametrize(
    "fault", ["paper_out", "cover_open", "cutter", "offline", "head_hot", "recoverable", "unrecoverable"]
)
def test_a_fault_before_the_ticket_fails_it_and_nothing_is_printed(bench, printer, server, fault: str) -> None:
    driver = driver_for(bench, server)
    ready(driver)
    printer.set_fault(fault)
    until(lambda: driver.snapshot().state is State.FAULT)
    assert set(driver.snapshot().faults) == {fault}
    receipt = driver.submit(paper("T1")).result(5)
    assert (receipt.outcome, receipt.error) == ("failed", fault)
    printer.clear()
    ready(driver)
    told = [(event.code, event.cleared) for event in bench.told(Fault)]
    assert told == [(fault, False), (fault, True)], "no answer of before the fault takes it back"
    assert driver.submit(paper("T2")).result(5).outcome == "confirmed"
    assert printer.printed == 1, "the failed ticket is not printed when the printer is back"


def test_faults_are_seen_without_automatic_status(bench, printer, server) -> None:
    driver = driver_for(bench, server, profile="plain")
    ready(driver)
    printer.set_fault("cover_open")
    until(lambda: "cover_open" in driver.snapshot().faults)
    printer.clear()
    ready(driver)
    assert driver.caps.automatic_status is False


def test_little_paper_is_told_and_prints_on(bench, printer, server) -> None:
    driver = driver_for(bench, server)
    ready(driver)
    printer.set_fault("paper_near_end")
    until(lambda: driver.snapshot().state is State.DEGRADED)
    receipt = driver.submit(paper("T1")).result(5)
    assert (receipt.outcome, receipt.warnings) == ("confirmed", ("paper_near_end",))
    printer.clear()
    ready(driver)
    assert [event.near_end for event in bench.told(Supply)] == [True, False]


def test_paper_running_out_in_the_middle_fails_the_ticket_and_is_not_printed_again(bench, server, printer) -> None:
    printer.seconds_per_ticket = 0.5
    driver = driver_for(bench, server)
    ready(driver)
    future = driver.submit(paper("T1"))
    until(lambda: driver._sent)
    printer.set_fault("paper_out")
    receipt = future.result(5)
    assert (receipt.outcome, receipt.error) == ("failed", "paper_out")
    assert printer.printed == 0
    printer.clear()
    until(lambda: bench.told(PrintedLate), what="the printer finished its buffer and its late proof was not told")
    assert bench.told(PrintedLate)[0].job == "T1"
    assert printer.printed == 1, "the rest of the printer's own buffer, once"
    assert driver.submit(paper("T2")).result(5).outcome == "confirmed"
    assert printer.printed == 2


def test_time_running_out_is_unknown_and_final(bench, server, printer) -> None:
    printer.seconds_per_ticket = 3600
    driver = driver_for(bench, server, timing=Timing(answer_s=0.2, probe_s=0.2, confirm_s=0.2, poll_busy_s=0.1))
    receipt = driver.submit(paper("T1")).result(5)
    assert (receipt.outcome, receipt.how, receipt.error) == ("unknown", "none", None)
    assert driver.snapshot().jobs_unknown == 1


def test_a_silent_printer_is_unknown_never_ready_and_gets_no_ticket(bench, server, printer) -> None:
    driver = driver_for(bench, server)
    ready(driver)
    printer.set_fault("silent")
    until(lambda: "silent" in driver.snapshot().faults)
    assert driver.snapshot().state is State.UNKNOWN
    receipt = driver.submit(paper("T1")).result(5)
    assert (receipt.outcome, receipt.error) == ("failed", "silent")
    printer.clear()
    ready(driver)
    assert printer.printed == 0


def test_garbage_is_counted_and_named(bench, server, printer) -> None:
    driver = driver_for(bench, server)
    ready(driver)
    printer.set_fault("garbage")
    until(lambda: "garbage" in driver.snapshot().faults)
    assert driver.snapshot().state is State.UNKNOWN
    assert driver.snapshot().junk_bytes > 0
    assert driver.submit(paper("T1")).result(5).error == "garbage"
    printer.clear()
    ready(driver)


@pytest.mark.parametrize("fault", ["half_frame", "slow"])
def test_half_and_late_answers_do_not_confirm(bench, server, printer, fault: str) -> None:
    driver = driver_for(bench, server)
    ready(driver)
    printer.set_fault(fault)
    until(lambda: driver.snapshot().state is State.UNKNOWN)
    assert driver.submit(paper("T1")).result(5).outcome == "failed"
    printer.clear()
    ready(driver)
    assert driver.submit(paper("T2")).result(5).outcome == "confirmed"
    assert printer.printed == 1


def test_a_pulled_cable_is_told_once_and_the_printer_is_found_again(bench, server, printer) -> None:
    driver = driver_for(bench, server)
    ready(driver)
    printer.set_fault("gone")
    until(lambda: driver.snapshot().state is State.ABSENT)
    assert driver.submit(paper("T1")).result(5).error == "gone", "a visitor does not wait for a cable"
    until(lambda: driver.snapshot().retries >= 3)
    assert len(bench.told(Offline)) == 1
    printer.clear()
    ready(driver)
    assert len(bench.told(Online)) == 2
    assert driver.submit(paper("T2")).result(5).outcome == "confirmed"
    assert printer.printed == 1


def test_a_cable_pulled_after_sending_leaves_the_ticket_unknown(bench, server, printer) -> None:
    printer.seconds_per_ticket = 3600
    driver = driver_for(bench, server)
    ready(driver)
    future = driver.submit(paper("T1"))
    until(lambda: driver._sent)
    until(lambda: printer.lock.acquire(blocking=False) and printer.lock.release() is None)
    printer.set_fault("gone")
    receipt = future.result(5)
    assert (receipt.outcome, receipt.error) == ("unknown", None)
    printer.clear()
    ready(driver)
    assert printer.printed == 0


def test_a_connection_that_is_accepted_is_no_printer(bench) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        driver = PrinterDriver(
            f"escpos+socket://127.0.0.1:{server.getsockname()[1]}", around=bench.around(), timing=QUICK
        )
        bench.start(driver)
        until(lambda: "silent" in driver.snapshot().faults)
        assert driver.snapshot().state is State.UNKNOWN
        assert driver.submit(paper("T1")).result(5).outcome == "failed"
        bench.stop()


def test_a_full_queue_refuses_at_once(bench) -> None:
    driver = PrinterDriver("escpos+sim://", around=bench.around(), timing=QUICK)
    futures = [driver.submit(paper(str(n))) for n in range(JOBS_WAITING_MAX)]
    with pytest.raises(DeviceBusy):
        driver.submit(paper("one too many"))
    bench.start(driver)
    assert {future.result(10).outcome for future in futures} == {"confirmed"}


def test_stopping_keeps_every_promise(bench, server, printer) -> None:
    printer.seconds_per_ticket = 3600
    driver = driver_for(bench, server)
    futures = [driver.submit(paper(str(n))) for n in range(3)]
    until(lambda: driver._sent)
    bench.stop()
    assert [future.result(1).outcome for future in futures] == ["unknown", "failed", "failed"]


def test_a_ticket_too_old_is_not_printed(bench, server, printer) -> None:
    now = [0.0]
    driver = PrinterDriver(
        f"escpos+{server.url}", around=bench.around(clock=lambda: now[0]), timing=Timing(queue_s=8.0)
    )
    future = driver.submit(paper("T1"))
    now[0] = 60.0
    bench.start(driver)
    assert future.result(5).outcome == "failed"
    assert printer.printed == 0


def test_what_the_paper_cannot_show_is_failed_by_name(bench) -> None:
    from hardware.printers.paper import Qr

    driver = PrinterDriver("escpos+sim://?profile=epson58", around=bench.around(), timing=QUICK)
    bench.start(driver)
    receipt = driver.submit(PrintJob("T1", [Qr("x" * 1500)])).result(5)
    assert (receipt.outcome, receipt.error) == ("failed", "not_drawable")


def test_waits_for_reopening_grow_and_differ() -> None:
    import random

    backoff = Backoff(random.Random(3))
    waits = [backoff.next_s() for _ in range(8)]
    for wait, nominal in zip(waits, (0.5, 1, 2, 5, 10, 10, 10, 10), strict=True):
        assert 0.8 * nominal <= wait <= 1.2 * nominal
    assert len({round(wait, 6) for wait in waits}) == 8
    backoff.reset()
    assert backoff.next_s() <= 0.6


def test_health_reports_in_the_contracts_words(bench, server) -> None:
    driver = driver_for(bench, server)
    ready(driver)
    report = driver.snapshot().as_report()
    assert set(report) == {"kind", "address", "state", "since", "faults", "last_ok", "identity"}
    assert report["kind"] == "printer"
    assert "T" in report["last_ok"]
    assert report["state"] == "ready"
    assert report["faults"] == []
    assert "T" in report["since"]


def test_a_pseudo_terminal_carries_a_ticket(bench, tmp_path) -> None:
    import os

    if os.name != "posix":
        pytest.skip("pseudo-terminals")
    printer = SimulatedPrinter(out=tmp_path / "tickets")
    with SimulatorServer(printer, f"pty://{tmp_path}/tty"):
        driver = PrinterDriver(f"escpos+{tmp_path}/tty?baud=115200", around=bench.around(), timing=QUICK)
        bench.start(driver)
        assert driver.submit(paper("T1")).result(10).outcome == "confirmed"
        bench.stop()
    assert (tmp_path / "tickets" / "ticket-0001.png").is_file()


def test_two_hosts_share_one_simulated_printer(bench, server, printer) -> None:
    first, second = driver_for(bench, server), driver_for(bench, server)
    futures = [driver.submit(paper(str(n))) for n in range(3) for driver in (first, second)]
    assert {future.result(5).outcome for future in futures} == {"confirmed"}
    assert printer.printed == 6
    assert threading.active_count() < 20
