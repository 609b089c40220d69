"""A serial line far away: our driver through pyserial's own RFC 2217 server, nobody's code here, to a printer."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
import serial
import serial.rfc2217
from device_bench import Bench, until

from hardware.health import State
from hardware.printers.driver import PrinterDriver, PrintJob
from hardware.printers.paper import Text
from hardware.printers.simulated import SimulatedPrinter
from hardware.simulation.server import SimulatorServer

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="the served line is a pseudo-terminal"),
    pytest.mark.filterwarnings(
        "ignore:set(Daemon|Name):DeprecationWarning"
    ),  # pyserial's own thread, not ours to change
]


class _Wire:
    """The network side of one client, as PortManager wants it."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def write(self, data: bytes) -> None:
        with suppress(OSError):
            self._connection.sendall(data)


class Line(serial.Serial):
    """A pseudo-terminal has no modem lines: they are said to be there."""

    cts = dsr = True
    ri = cd = False

    def _update_rts_state(self) -> None: ...

    def _update_dtr_state(self) -> None: ...

    def _update_break_state(self) -> None: ...


class Served:
    """One pseudo-terminal behind an RFC 2217 server."""

    def __init__(self, line: str) -> None:
        self._serial = Line(line, timeout=0.02)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def baud(self) -> int:
        """The speed the client asked for."""
        return int(self._serial.baudrate)

    def _accept(self) -> None:
        self._listener.settimeout(0.05)
        while not self._stop.is_set():
            with suppress(TimeoutError):
                connection, _ = self._listener.accept()
                self._carry(connection)

    def _carry(self, connection: socket.socket) -> None:
        manager = serial.rfc2217.PortManager(self._serial, _Wire(connection))
        done = threading.Event()

        def from_line() -> None:
            while not done.is_set() and not self._stop.is_set():
                data = self._serial.read(self._serial.in_waiting or 1)  # waits 20 ms at most
                if data:
                    with suppress(OSError):
                        connection.sendall(b"".join(manager.escape(data)))

        reader = threading.Thread(target=from_line, daemon=True)
        reader.start()
        connection.settimeout(0.05)
        while not self._stop.is_set():
            try:
                data = connection.recv(1024)
            except TimeoutError:
                continue
            except OSError:
                break
            if not data:
                break
            self._serial.write(b"".join(manager.filter(data)))
        done.set()
        reader.join(2)
        connection.close()

    def close(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(3)
        self._listener.close()
        self._serial.close()


@contextmanager
def served(printer: SimulatedPrinter, path: str) -> Iterator[Served]:
    with SimulatorServer(printer, f"pty://{path}"):
        until(lambda: os.path.exists(path))
        made = Served(path)
        try:
            yield made
        finally:
            made.close()


def test_a_ticket_is_printed_and_proved_at_the_far_end_of_a_remote_line(tmp_path) -> None:
    """Every byte of a raster passes, 255 included, which the protocol doubles; the speed asked for arrives."""
    printer, bench = SimulatedPrinter(), Bench()
    with served(printer, str(tmp_path / "line")) as line:
        url = f"escpos+rfc2217://127.0.0.1:{line.port}?baud=57600&profile=epson80"
        driver = PrinterDriver(url, around=bench.around())
        bench.start(driver)
        try:
            until(lambda: driver.snapshot().state is State.READY, limit_s=15)
            blocks = [Text("A012", size=120, align="center"), Text("█" * 20, size=40)]
            receipt = driver.submit(PrintJob(ticket="T1", blocks=blocks)).result(20)
            assert (receipt.outcome, printer.printed, line.baud) == ("confirmed", 1, 57_600)
        finally:
            bench.stop()
