"""What goes wrong in the middle: a pulled cable, no paper between picture and cut, a power cut, late answers.

Everywhere the same promises: nothing is printed a second time by itself, `unknown` stays unknown, the next ticket is
whole, and no answer of before a fault takes the fault back.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections import deque
from collections.abc import Callable

import pytest
from device_bench import Bench, until
from PIL import ImageChops

from hardware.health import Fault, PrintedLate, State
from hardware.port import PortGone
from hardware.printers import codec, paper
from hardware.printers.driver import PrinterDriver, PrintJob, Timing
from hardware.printers.paper import Text
from hardware.printers.simulated import PrintedTicket, SimulatedPrinter
from hardware.simulation.memory import MemoryPort

QUICK = Timing(
    answer_s=0.15, quiet_s=0.1, probe_s=0.15, confirm_s=0.6, poll_idle_s=0.1, poll_fault_s=0.05, poll_busy_s=0.05,
    recover_s=0.05, queue_s=2.0,
)  # fmt: skip
LONG = [Text(f"第 {n} 行", size=60) for n in range(20)]


def slip(name: str) -> PrintJob:
    return PrintJob(name, [Text(name, size=100)])


def paper_of(name: str) -> PrintJob:
    return PrintJob(name, [Text(name, size=100), *LONG])


class Line:
    """One cable to one printer, which stays the same over reopening; a hook may look at every write."""

    def __init__(self, printer: SimulatedPrinter) -> None:
        self.port = MemoryPort(printer)
        self.sent = b""
        self.before: Callable[[bytes], None] = lambda data: None
        self.opened = 0

    def open(self, _address: object) -> Line:
        self.opened += 1
        return self

    def read(self, timeout_s: float) -> bytes:
        return self.port.read(timeout_s)

    def write(self, data: bytes) -> None:
        self.before(data)
        self.sent += data
        self.port.write(data)

    def close(self) -> None:
        """The line outlives the port."""


def at_work(bench: Bench, line: Line, profile: str = "epson80", timing: Timing = QUICK) -> PrinterDriver:
    driver = PrinterDriver(f"escpos+sim://?profile={profile}", around=bench.around(opener=line.open), timing=timing)
    bench.start(driver)
    until(lambda: driver.snapshot().state is State.READY, what=str(driver.snapshot()))
    return driver


def shows(ticket: PrintedTicket, job: PrintJob) -> bool:
    """Whether the paper begins with exactly this ticket."""
    picture = paper.render(job.blocks, width_dots=576)
    printed = ticket.picture.crop((0, 0, 576, picture.height))
    return ImageChops.logical_xor(printed, picture).getbbox() is None


def told(bench: Bench) -> list[tuple[str, bool]]:
    return [(event.code, event.cleared) for event in bench.told(Fault)]


# -- a cable pulled in the middle -------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [1, 19_000])
def test_a_cable_pulled_in_the_middle_leaves_the_ticket_unknown_and_the_next_one_whole(
    bench: Bench, after: int
) -> None:
    printer = SimulatedPrinter()
    line = Line(printer)
    driver = at_work(bench, line)
    start = len(line.sent)

    def pull(data: bytes) -> None:
        if len(line.sent) - start > after and len(data) > 100:
            line.before = lambda data: None
            line.port.write(data[: len(data) // 2])
            raise PortGone("gone", "pulled")

    line.before = pull
    receipt = driver.submit(paper_of("甲")).result(5)
    assert (receipt.outcome, receipt.error) == ("unknown", None)
    until(lambda: driver.snapshot().state is State.READY)
    assert line.opened == 2
    assert printer.printed == 0, "nothing is printed by itself when the cable is back"
    assert driver.submit(paper_of("乙")).result(5).outcome == "confirmed"
    assert printer.printed == 2, "the torn half, cut off, and the next ticket"
    assert not shows(printer.tickets[0], paper_of("甲"))
    assert shows(printer.tickets[1], paper_of("乙"))
    assert printer.unknown_bytes == 0, "the unfinished picture was completed with white"
    assert driver.submit(paper_of("丙")).result(5).outcome == "confirmed"
    assert printer.printed == 3


def test_a_picture_left_open_by_a_program_that_died_is_completed(bench: Bench) -> None:
    """The printer swallows the questions of the next program into the picture and looks dead, until it is full."""
    printer = SimulatedPrinter()
    line = Line(printer)
    line.port.write(paper_bytes("甲")[:5000])
    driver = at_work(bench, line)
    assert printer.printed == 0
    assert driver.submit(slip("乙")).result(5).outcome == "confirmed"
    assert [shows(ticket, slip("乙")) for ticket in printer.tickets] == [False, True]


# -- paper ------------------------------------------------------------------------------------------------------


def test_no_paper_between_the_picture_and_the_cut(bench: Bench) -> None:
    printer = SimulatedPrinter()
    line = Line(printer)
    driver = at_work(bench, line)

    def empty(data: bytes) -> None:
        if data.startswith(codec.feed(4)):
            line.before = lambda data: None
            printer.set_fault("paper_out")

    line.before = empty
    receipt = driver.submit(paper_of("甲")).result(5)
    assert (receipt.outcome, receipt.error) == ("failed", "paper_out")
    assert printer.printed == 0
    printer.clear()
    until(lambda: bench.told(PrintedLate), what="the printer finished its buffer and that was not told")
    assert [event.job for event in bench.told(PrintedLate)] == ["甲"]
    assert driver.submit(paper_of("乙")).result(5).outcome == "confirmed"
    assert printer.printed == 2
    assert line.sent.count(paper_bytes("甲")) == 1, "sent once"


def paper_bytes(name: str) -> bytes:
    raster = paper.raster_of(paper.render(paper_of(name).blocks, width_dots=576))
    return next(codec.raster_bands(raster.data, width_bytes=raster.width_bytes))


@pytest.mark.parametrize("fault", ["paper_out", "cover_open"])
def test_a_fault_within_the_picture_stops_the_sending_at_the_band(bench: Bench, fault: str) -> None:
    printer = SimulatedPrinter()
    line = Line(printer)
    driver = at_work(bench, line)
    start = len(line.sent)

    def begin_fault(data: bytes) -> None:
        if len(line.sent) - start > 10_000:
            line.before = lambda data: None
            printer.set_fault(fault)

    line.before = begin_fault
    receipt = driver.submit(paper_of("甲")).result(5)
    assert (receipt.outcome, receipt.error) == ("failed", fault)
    assert len(line.sent) - start < 20_000, "one band of four"
    printer.clear()
    until(lambda: driver.snapshot().state is State.READY)
    assert printer.printed == 0
    assert driver.submit(paper_of("乙")).result(5).outcome == "confirmed"
    assert [shows(ticket, paper_of("乙")) for ticket in printer.tickets] == [False, True]


# -- power ------------------------------------------------------------------------------------------------------


def test_a_power_cut_in_the_middle_is_unknown_for_ever_and_prints_nothing_again(bench: Bench) -> None:
    printer = SimulatedPrinter()
    line = Line(printer)
    driver = at_work(bench, line)
    printer.seconds_per_ticket = 3600
    future = driver.submit(slip("甲"))
    until(lambda: codec.CUT_FULL + codec.process_id_request(driver._next_id - 1) in line.sent)
    with printer.lock:
        printer.restart()
        printer.seconds_per_ticket = 0
    receipt = future.result(5)
    assert (receipt.outcome, receipt.how) == ("unknown", "none")
    until(lambda: driver.snapshot().state is State.READY)
    assert printer.printed == 0
    assert driver.submit(paper_of("乙")).result(5).outcome == "confirmed"
    assert printer.printed == 1
    assert shows(printer.tickets[0], paper_of("乙"))
    assert bench.told(PrintedLate) == []
    assert driver.snapshot().jobs_unknown == 1


def test_automatic_status_is_switched_on_again_after_a_power_cut(bench: Bench) -> None:
    printer = SimulatedPrinter()
    line = Line(printer)
    driver = at_work(bench, line)
    printer.set_fault("silent")
    until(lambda: "silent" in driver.snapshot().faults)
    printer.restart()
    printer.clear()
    until(lambda: driver.snapshot().state is State.READY)
    blocks = driver.heard.blocks
    printer.set_fault("paper_near_end")
    until(lambda: driver.heard.blocks > blocks)
    assert driver.snapshot().state is State.DEGRADED


def test_a_barrier_forgotten_in_a_power_cut_is_not_waited_for_by_the_next_ticket(bench: Bench) -> None:
    printer = SimulatedPrinter(process_id=False)
    line = Line(printer)
    driver = at_work(bench, line)
    printer.seconds_per_ticket = 3600
    assert driver.submit(slip("甲")).result(5).outcome == "unknown"
    printer.restart()
    printer.seconds_per_ticket = 0
    receipt = driver.submit(slip("乙")).result(5)
    assert (receipt.outcome, receipt.how) == ("confirmed", "barrier")
    assert printer.printed == 1


def test_the_barrier_of_a_late_ticket_does_not_confirm_the_next(bench: Bench) -> None:
    printer = SimulatedPrinter(process_id=False)
    line = Line(printer)
    driver = at_work(bench, line)
    printer.seconds_per_ticket = 1.0
    first, second = driver.submit(slip("甲")), driver.submit(slip("乙"))
    assert first.result(5).outcome == "unknown"
    assert printer.printed == 0
    receipt = second.result(10)
    assert printer.printed == 1, "the first came out while the second was waited for"
    assert receipt.outcome == "unknown", "confirmed with the paper of another ticket"


def test_an_error_whose_cause_is_gone_is_ended_without_a_person(bench: Bench) -> None:
    printer = SimulatedPrinter(latches=True)
    line = Line(printer)
    driver = at_work(bench, line)
    printer.set_fault("cutter")
    until(lambda: driver.snapshot().state is State.FAULT)
    until(lambda: codec.RECOVER_CLEAR in line.sent)
    assert driver.snapshot().state is State.FAULT, "the cause is still there"
    printer.clear()
    until(lambda: driver.snapshot().state is State.READY)
    assert driver.submit(paper_of("甲")).result(5).outcome == "confirmed"
    assert printer.printed == 1


def test_a_plain_printer_is_sent_no_recovery_it_might_not_know(bench: Bench) -> None:
    printer = SimulatedPrinter()
    line = Line(printer)
    driver = at_work(bench, line, "plain")
    printer.set_fault("cutter")
    until(lambda: driver.snapshot().state is State.FAULT)
    polls = line.sent.count(codec.status_query(1))
    until(lambda: line.sent.count(codec.status_query(1)) > polls + 3)
    assert codec.RECOVER_CLEAR not in line.sent


# -- answers that come late -------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", [1, 2, 3, 4])
@pytest.mark.parametrize("fault", ["cover_open", "offline"])
def test_answers_given_before_a_fault_never_take_it_back(bench: Bench, fault: str, query: int) -> None:
    """The fault begins between two questions of a round, and ends between two of another."""
    printer = SimulatedPrinter()
    line = Line(printer)
    driver = at_work(bench, line)

    def once(act: Callable[[], None]) -> Callable[[bytes], None]:
        def hook(data: bytes) -> None:
            if data == codec.status_query(query):
                line.before = lambda data: None
                act()

        return hook

    line.before = once(lambda: printer.set_fault(fault))
    until(lambda: driver.snapshot().state is State.FAULT)
    rounds = line.sent.count(codec.status_query(4))
    until(lambda: line.sent.count(codec.status_query(4)) > rounds + 1)
    line.before = once(printer.clear)
    until(lambda: driver.snapshot().state is State.READY)
    assert told(bench) == [(fault, False), (fault, True)]


@pytest.mark.parametrize("query", [2, 3, 4])
def test_a_round_that_cannot_be_of_one_moment_is_asked_again(bench: Bench, query: int) -> None:
    """The same for a printer without automatic status: off-line without a cause is asked about once more."""
    printer = SimulatedPrinter()
    line = Line(printer)
    driver = at_work(bench, line, "plain")
    printer.set_fault("cover_open")
    until(lambda: driver.snapshot().state is State.FAULT)

    def close_cover(data: bytes) -> None:
        if data == codec.status_query(query):
            line.before = lambda data: None
            printer.clear()

    line.before = close_cover
    until(lambda: driver.snapshot().state is State.READY)
    assert told(bench) == [("cover_open", False), ("cover_open", True)]


class Late(Line):
    """Every answer comes so late that the question is given up."""

    delay_s = 0.0

    def __init__(self, printer: SimulatedPrinter) -> None:
        super().__init__(printer)
        self._held: deque[tuple[float, bytes]] = deque()

    def read(self, timeout_s: float) -> bytes:
        data = self.port.read(timeout_s)
        if data:
            self._held.append((time.monotonic() + self.delay_s, data))
        ready = b""
        while self._held and self._held[0][0] <= time.monotonic():
            ready += self._held.popleft()[1]
        return ready


def test_a_late_answer_is_never_taken_for_the_next_question(bench: Bench) -> None:
    """12 1A … in the wrong order would read as faults nobody has: the off-line byte as an open cutter."""
    printer = SimulatedPrinter()
    line = Late(printer)
    timing = Timing(answer_s=0.06, quiet_s=0.3, probe_s=0.1, poll_idle_s=0.05, poll_fault_s=0.05, poll_busy_s=0.05)
    driver = at_work(bench, line, "plain", timing)
    printer.set_fault("paper_out")
    until(lambda: driver.snapshot().state is State.FAULT)
    line.delay_s = 0.15
    until(lambda: "silent" in driver.snapshot().faults)
    retries = driver.snapshot().retries
    until(lambda: driver.snapshot().retries > retries, what="it goes on asking")
    assert driver.submit(paper_of("甲")).result(5).outcome == "failed"
    line.delay_s = 0.0
    printer.clear()
    until(lambda: driver.snapshot().state is State.READY)
    assert {code for code, _ in told(bench)} == {"paper_out", "silent"}
    assert printer.printed == 0


# -- the line itself --------------------------------------------------------------------------------------------


class Stopping(Line):
    """A printer with a small buffer: says XOFF in the middle of the picture, XON after a while."""

    def __init__(self, printer: SimulatedPrinter) -> None:
        super().__init__(printer)
        self.stopped_at: int | None = None
        self.reads_stopped = 0

    def read(self, timeout_s: float) -> bytes:
        if self.stopped_at is None and len(self.sent) > 8000:
            self.stopped_at = len(self.sent)
            return b"\x13"
        if self.stopped_at is not None and self.reads_stopped < 5:
            self.reads_stopped += 1
            assert len(self.sent) == self.stopped_at, "sent on after XOFF"
            return b"\x11" if self.reads_stopped == 5 else b""
        return self.port.read(timeout_s)


def test_sending_waits_while_the_printer_says_stop(bench: Bench) -> None:
    printer = SimulatedPrinter()
    line = Stopping(printer)
    driver = at_work(bench, line)
    assert driver.submit(paper_of("甲")).result(5).outcome == "confirmed"
    assert line.reads_stopped == 5
    assert shows(printer.tickets[0], paper_of("甲"))


def test_a_printer_of_another_tongue_is_named(bench: Bench, caplog) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, caplog.at_level(logging.WARNING):
        server.settimeout(5)

        def star() -> None:
            client, _ = server.accept()
            with client:
                while client.recv(4096):
                    client.sendall(bytes.fromhex("23 06 00 00 00 00 00 00 00"))

        speaking = threading.Thread(target=star, daemon=True)
        speaking.start()
        url = f"escpos+socket://127.0.0.1:{server.getsockname()[1]}"
        driver = PrinterDriver(url, around=bench.around(), timing=QUICK)
        bench.start(driver)
        until(lambda: "garbage" in driver.snapshot().faults)
        assert driver.snapshot().state is State.UNKNOWN
        assert driver.submit(paper_of("甲")).result(5).outcome == "failed"
        assert any("Star printer: this is not ESC/POS" in record.message for record in caplog.records)
        bench.stop()
        speaking.join(timeout=5)


class Paced(Line):
    """A line of 9600 baud: ten bits a byte, in both directions."""

    def read(self, timeout_s: float) -> bytes:
        data = super().read(timeout_s)
        time.sleep(len(data) / 960)  # the line's own time, not a wait for something
        return data

    def write(self, data: bytes) -> None:
        assert len(data) / 960 < 5, "a port gives up a write after five seconds"
        time.sleep(len(data) / 960)
        super().write(data)


@pytest.mark.slow
def test_a_line_of_9600_baud_prints_and_a_fault_on_it_is_heard_within_the_band(bench: Bench) -> None:
    printer = SimulatedPrinter(width_dots=384)
    line = Paced(printer)
    driver = at_work(bench, line, "epson58")
    begun = time.monotonic()
    receipt = driver.submit(PrintJob("甲", [Text("甲", size=60), Text("乙", size=60)])).result(30)
    assert (receipt.outcome, receipt.how) == ("confirmed", "process_id")
    assert time.monotonic() - begun > 3, "it was a slow line"
    future = driver.submit(PrintJob("乙", [Text("甲", size=60), Text("乙", size=60)]))
    sent = len(line.sent)
    until(lambda: len(line.sent) > sent + 2000, limit_s=20)
    printer.set_fault("cover_open")
    assert future.result(30).error == "cover_open"
    assert printer.printed == 1
