"""A USB printer's device file: status is read back through it, and one that takes no data does not hold us for ever."""

from __future__ import annotations

import os
import threading

import pytest
from device_bench import Bench, until

from hardware import port
from hardware.address import parse
from hardware.health import State
from hardware.port import PortGone, open_port
from hardware.printers.driver import PrinterDriver, PrintJob, Timing
from hardware.printers.paper import Text
from hardware.printers.simulated import SimulatedPrinter
from hardware.simulation.server import SimulatorServer

tty = pytest.importorskip("tty")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="character devices")

QUICK = Timing(answer_s=0.3, quiet_s=0.1, probe_s=0.3, confirm_s=1.0, poll_idle_s=0.1, poll_fault_s=0.05)


def test_a_ticket_and_its_status_go_through_the_device_file(bench: Bench, tmp_path) -> None:
    """The kernel's usblp is a character device that can be read and polled; a pseudo-terminal is one too."""
    printer = SimulatedPrinter()
    with SimulatorServer(printer, f"pty://{tmp_path}/lp0"):
        driver = PrinterDriver(f"escpos+file://{tmp_path}/lp0", around=bench.around(), timing=QUICK)
        bench.start(driver)
        receipt = driver.submit(PrintJob("T1", [Text("一张小票")])).result(10)
        assert (receipt.outcome, receipt.how) == ("confirmed", "process_id")
        printer.set_fault("paper_out")
        until(lambda: driver.snapshot().state is State.FAULT)
        assert set(driver.snapshot().faults) == {"paper_out"}
        bench.stop()
    assert printer.printed == 1


def test_a_device_that_takes_no_data_is_silent_within_the_limit(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(port, "WRITE_LIMIT_S", 0.2)
    master, slave = os.openpty()
    tty.setraw(slave)
    try:
        opened = open_port(parse(f"escpos+file://{os.ttyname(slave)}"))
        with pytest.raises(PortGone) as gone:
            opened.write(bytes(1_000_000))
        assert gone.value.code == "silent"
        opened.close()
    finally:
        os.close(master)
        os.close(slave)


def test_what_came_back_is_read_at_once_and_nothing_costs_no_time_beyond_its_limit(tmp_path) -> None:
    master, slave = os.openpty()
    tty.setraw(slave)
    try:
        opened = open_port(parse(f"escpos+file://{os.ttyname(slave)}"))
        assert opened.read(0.01) == b""
        sender = threading.Timer(0.02, os.write, (master, b"\x12\n"))
        sender.start()
        assert opened.read(5.0).startswith(b"\x12")
        sender.join()
        opened.close()
    finally:
        os.close(master)
        os.close(slave)
