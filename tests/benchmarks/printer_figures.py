"""Figures of the printers' room: a ticket drawn and encoded, a status round trip, the classifier's speed.

Drawing and reading wait for nothing, so their processor time is what they cost on a machine that is not busy.

`figures()` gives rows of (name, value, unit, goal), the goal in words like `<= 20 ms` or "" for none; `reached` judges.
Alone: python -m tests.benchmarks.printer_figures
"""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from assets.i18n import Catalogue
from hall_client.papers.ticket import TicketPaper, ticket_blocks
from hall_client.spoken import Spoken
from hardware.address import Address
from hardware.driver import Surroundings
from hardware.port import Port, open_port
from hardware.printers import codec, paper
from hardware.printers.driver import PrinterDriver, Timing
from hardware.printers.simulated import SimulatedPrinter
from hardware.simulation.server import SimulatorServer

Row = tuple[str, float, str, str]
BAUD = 115_200
BITS_A_BYTE = 10
WAIT_S = 20.0


def figures(*, rounds: int = 30) -> list[Row]:
    """Every figure, best effort of one machine; about three seconds."""
    return [
        ("ticket drawn and encoded, 576 dots, median", ticket_ms(rounds), "ms", "<= 20 ms"),
        ("the same in two languages", ticket_ms(rounds, second="en"), "ms", ""),
        ("printer status round trip, 115,200 baud, p50", status_ms(), "ms", ""),
        ("printer answers classified", decoded_mb_s(), "MB/s", ">= 5 MB/s"),
    ]


def reached(value: float, goal: str) -> bool | None:
    """Whether a figure keeps its goal; None without one."""
    if not goal:
        return None
    sign, number = goal.split()[:2]
    return value <= float(number) if sign == "<=" else value >= float(number)


TICKET = {
    "number": "A047", "place": "一楼左手边", "priority_class": "ordinary", "counters": ["3", "4", "5"], "ahead": 5,
    "estimate": {"p10_s": 720, "p50_s": 960, "p80_s": 1080, "p90_s": 1200}, "url": "",
}  # fmt: skip


def ticket_ms(rounds: int, *, second: str = "") -> float:
    """Milliseconds of processor time from a ticket to the bytes for the port; each ticket has its own number and code.

    The median of the best of five batches: the machine is shared with whatever else runs there.
    """
    catalogue = Catalogue()
    words, other = Spoken(catalogue, "zh-Hans"), Spoken(catalogue, second) if second else None
    slip = TicketPaper(
        ticket=TICKET, hall_name="示例县政务服务中心", hotline="12345", service_name="门诊费用报销",
        documents=["身份证或社保卡", "票据", "清单", "病历", "银行卡"], kiosk="K1", taken_at=datetime.now(UTC),
        serial="0047",
    )  # fmt: skip
    times = []
    for number in range(rounds + 3):
        ticket = TICKET | {"number": f"A{number:03d}", "url": f"https://hall.example/t/{number:030d}"}
        begun = time.thread_time()
        raster = paper.raster_of(paper.render(ticket_blocks(replace(slip, ticket=ticket), words, other)))
        sent = b"".join(codec.raster_bands(raster.data, width_bytes=raster.width_bytes))
        times.append((time.thread_time() - begun) * 1000)
        assert len(sent) > raster.height * raster.width_bytes
    warm = times[3:]  # the first ones open the typefaces
    size = max(1, len(warm) // 5)
    return min(statistics.median(warm[at : at + size]) for at in range(0, len(warm), size))


class Paced:
    """A serial line that takes its time: ten bits a byte in both directions."""

    def __init__(self, port: Port, *, baud: int) -> None:
        self._port = port
        self._byte_s = BITS_A_BYTE / baud

    def read(self, timeout_s: float) -> bytes:
        data = self._port.read(timeout_s)
        time.sleep(len(data) * self._byte_s)
        return data

    def write(self, data: bytes) -> None:
        time.sleep(len(data) * self._byte_s)
        self._port.write(data)

    def close(self) -> None:
        self._port.close()


def status_ms(*, polls: int = 40) -> float:
    """Median milliseconds from DLE EOT to its answer, through a pseudo-terminal at the pace of 115,200 baud."""

    def opener(address: Address) -> Port:
        return Paced(open_port(address), baud=BAUD)

    def answered() -> bool:
        return driver.snapshot().last_ok is not None and len(driver.book._trips) >= polls

    with tempfile.TemporaryDirectory() as folder, SimulatorServer(SimulatedPrinter(), f"pty://{Path(folder)}/tty"):
        driver = PrinterDriver(
            f"escpos+{folder}/tty?baud={BAUD}", around=Surroundings(opener=opener), timing=Timing(poll_idle_s=0.01)
        )
        stop = threading.Event()
        thread = threading.Thread(target=driver.serve, args=(stop,), daemon=True)
        thread.start()
        try:
            _until(answered)
            return statistics.median(driver.book._trips)
        finally:
            stop.set()
            thread.join(timeout=5)


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_S
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("the simulated printer does not answer")
        time.sleep(0.005)


def decoded_mb_s() -> float:
    """Megabytes a second of processor time: answers of all classes in pieces of 4 KiB, the best of twenty runs."""
    mixed = b"\x10\x00\x00\x00\x12\x12\x12\x12\x37\x220042\x00\x00\x1a\x16\x12\x12\x38\x00\x00\x00\x11\x5fEPSON\x00"
    data = mixed * 2_000
    best = 0.0
    for _ in range(20):
        parser = codec.AnswerParser()
        begun = time.process_time()
        answers = sum(len(parser.feed(data[at : at + 4096])) for at in range(0, len(data), 4096))
        best = max(best, len(data) / (time.process_time() - begun) / 1e6)
        assert answers == 14 * 2_000
    return best


if __name__ == "__main__":
    for name, value, unit, goal in figures():
        print(f"{name:<48} {value:>10.2f} {unit:<6} {goal:<12} {reached(value, goal)}")
