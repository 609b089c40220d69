"""An independent judge from another ecosystem: `receiptio` (npm) prints to our simulated printer and reads its status.

It takes a bare IP address and port 9100 only, so the printer listens on a loopback address of its own. The package is
installed into a temporary folder and never into the repository; where that cannot be, the test says why and is skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.printers.simulated import SimulatedPrinter
from hardware.simulation.server import SimulatorServer

pytestmark = pytest.mark.slow

ADDRESS = "127.91.0.1" if os.name == "posix" else "127.0.0.1"
INSTALL_S = 120
ANSWER_S = 40
RECEIPT = """\
^^^RECEIPT

A047 | 12:30
---
^TOTAL | ^6.00
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client's program."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("receiptio needs node and npm, which are not installed")
    folder = tmp_path_factory.mktemp("receiptio")
    command = [npm, "install", "receiptio", "--no-audit", "--no-fund", "--ignore-scripts"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_S)
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm could not install receiptio within {INSTALL_S} s")
    program = folder / "node_modules" / "receiptio" / "bin" / "cli.js"
    if done.returncode or not program.is_file():
        pytest.skip(f"npm could not install receiptio: {done.stderr.strip()[-200:]}")
    return program


@pytest.fixture
def printer() -> Iterator[SimulatedPrinter]:
    simulated = SimulatedPrinter()
    try:
        server = SimulatorServer(simulated, f"socket://{ADDRESS}:9100")
    except OSError as error:
        pytest.skip(f"{ADDRESS}:9100 cannot be listened at: {error}")
    with server:
        yield simulated


def asked(client: Path, *arguments: str, text: str | None = None) -> str:
    """What the client says."""
    node = shutil.which("node")
    assert node is not None
    done = subprocess.run(
        [node, str(client), "-d", ADDRESS, *arguments], input=text, capture_output=True, text=True, timeout=ANSWER_S
    )
    return (done.stdout + done.stderr).strip()


def test_it_prints_a_receipt_and_calls_it_a_success(client: Path, printer: SimulatedPrinter, tmp_path: Path) -> None:
    receipt = tmp_path / "example.receipt"
    receipt.write_text(RECEIPT, encoding="utf-8")
    assert asked(client, "-c", "42", str(receipt)) == "success"
    assert printer.printed == 1
    picture = printer.tickets[0].picture
    assert picture.convert("L").getextrema() == (0, 255)
    assert picture.height > 100
    assert printer.unknown_bytes == 0, "every command of a foreign client is understood or stepped over whole"


def test_a_code_in_the_clients_own_commands_is_stepped_over_whole(
    client: Path, printer: SimulatedPrinter, tmp_path: Path
) -> None:
    receipt = tmp_path / "example.receipt"
    receipt.write_text("{code:https://hall.example; option:qrcode,4,m}\nA047", encoding="utf-8")
    assert asked(client, "-c", "42", "-p", "escpos", str(receipt)) == "success"
    assert printer.printed == 1
    assert printer.unknown_bytes == 0


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (None, "online"),
        ("paper_near_end", "online"),
        ("paper_out", "paperempty"),
        ("cover_open", "coveropen"),
        ("unrecoverable", "error"),
    ],
)
def test_it_reads_the_printers_state(client: Path, printer: SimulatedPrinter, fault: str | None, says: str) -> None:
    if fault:
        printer.set_fault(fault)
    assert asked(client, "-q") == says


def test_it_refuses_to_print_without_paper(client: Path, printer: SimulatedPrinter, tmp_path: Path) -> None:
    receipt = tmp_path / "example.receipt"
    receipt.write_text(RECEIPT, encoding="utf-8")
    printer.set_fault("paper_out")
    assert asked(client, "-c", "42", str(receipt)) == "paperempty"
    assert printer.printed == 0
