"""A real hall server, a real simulated printer and the real kiosk program, each its own process on loopback."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 25.0
SERVER = ("-c", "import sys; from hall_server.cli import main; sys.exit(main())")


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def wait_for(what: Callable[[], Any], *, limit_s: float = LIMIT_S, told: str = "") -> Any:
    """Until `what` is true; its value. `AssertionError` when the time is up."""
    end = time.monotonic() + limit_s
    turn = threading.Event()
    while True:
        found = what()
        if found:
            return found
        assert time.monotonic() < end, f"waited {limit_s} s for {told or what}"
        turn.wait(0.03)


class Process:
    """A child that is surely ended."""

    def __init__(self, *command: str, out: Path, env: dict[str, str] | None = None) -> None:
        self.log = out.open("ab")
        self.file = out
        full = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", **(env or {})}
        full.pop("PYTEST_CURRENT_TEST", None)
        self.child = subprocess.Popen([sys.executable, *command], stdout=self.log, stderr=self.log, env=full, cwd=ROOT)

    def text(self) -> str:
        """Everything it said."""
        return self.file.read_text(encoding="utf-8", errors="replace")

    def end(self, number: int = signal.SIGTERM) -> int:
        """Ends it; its exit code."""
        if self.child.poll() is None:
            self.child.send_signal(number)
        try:
            code = self.child.wait(10)
        except subprocess.TimeoutExpired:
            self.child.kill()
            code = self.child.wait()
        self.log.close()
        return code


def run(*command: str, stdin: str | None = None) -> str:
    """A command of the hall, its standard output."""
    done = subprocess.run(
        [sys.executable, *SERVER, *command],
        input=stdin, capture_output=True, text=True, check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return done.stdout


class World:
    """The hall of one test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "hall"
        self.port = free_port()
        self.drive_port = free_port()
        self.printer_port = free_port()
        self.control_port = free_port()
        self.processes: list[Process] = []
        self._drive: socket.socket | None = None
        run("init", "--data", str(self.data), "--sample", "county", "--demo")
        self.server = self.start_server()
        self.token = folder / "kiosk" / "token"
        self.token.parent.mkdir()
        self.token.write_text(self.device("kiosk", "K1"))

    def start_server(self) -> Process:
        """The hall's server, ready."""
        out = self.folder / f"server{len(self.processes)}.log"
        self.server = self._started(
            *SERVER, "run", "--data", str(self.data), "--listen", f"127.0.0.1:{self.port}",
            "--no-announce", "--insecure-http", out=out, env={"HALL_START": "09:20"},
        )  # fmt: skip
        wait_for(lambda: "hall-server ready" in self.server.text(), told="the server")
        return self.server

    def _started(self, *command: str, out: Path, env: dict[str, str] | None = None) -> Process:
        process = Process(*command, out=out, env=env)
        self.processes.append(process)
        return process

    def device(self, role: str, name: str, *more: str) -> str:
        """The token of a new device."""
        line = run("device", "add", "--data", str(self.data), "--role", role, "--name", name, *more)
        return str(json.loads(line)["token"])

    def start_printer(self) -> Process:
        """A simulated ESC/POS printer."""
        printer = self._started(
            "-m", "hardware.cli", "simulate", "printer", "--listen", f"socket://127.0.0.1:{self.printer_port}",
            "--control", f"socket://127.0.0.1:{self.control_port}", "--out", str(self.folder / "paper"),
            "--seconds-per-ticket", "0.3", out=self.folder / "printer.log",
        )  # fmt: skip
        wait_for(lambda: _listens(self.printer_port), told="the printer")
        return printer

    def printer_fault(self, command: str) -> None:
        """Something happens to the printer."""
        with socket.create_connection(("127.0.0.1", self.control_port), timeout=5) as s:
            s.sendall(command.encode() + b"\n")
            s.settimeout(1)
            s.recv(4096)

    def start_kiosk(self, *more: str, printer: bool = True) -> Process:
        """The kiosk, off-screen, driven over its loopback port."""
        address = ["--printer", f"escpos+socket://127.0.0.1:{self.printer_port}"] if printer else []
        kiosk = self._started(
            "-m", "kiosk.app", "--server", f"http://127.0.0.1:{self.port}", "--token-file", str(self.token),
            *address, *more, out=self.folder / f"kiosk{len(self.processes)}.log",
            env={"HALL_DRIVE": str(self.drive_port)},
        )  # fmt: skip
        if self._drive is not None:
            self._drive.close()
        self._drive = None
        wait_for(lambda: _listens(self.drive_port), told="the kiosk's drive port")
        return kiosk

    def do(self, command: str) -> dict[str, Any]:
        """One command of HALL_DRIVE."""
        if self._drive is None:
            self._drive = socket.create_connection(("127.0.0.1", self.drive_port), timeout=10)
        self._drive.sendall(command.encode() + b"\n")
        answer = b""
        while not answer.endswith(b"\n"):
            piece = self._drive.recv(65536)
            assert piece, "the kiosk hung up"
            answer += piece
        return dict(json.loads(answer))

    def state(self) -> dict[str, Any]:
        """What the kiosk shows."""
        return self.do("state")

    def screen(self, name: str, *, limit_s: float = LIMIT_S) -> dict[str, Any]:
        """Waits for a screen; its state."""

        def shown() -> dict[str, Any] | None:
            state = self.state()
            return state if state["screen"] == name else None

        return dict(wait_for(shown, limit_s=limit_s, told=f"the screen {name}"))

    def tap(self, name: str, *, then: str = "") -> dict[str, Any]:
        """Touches an item as soon as it may be touched; waits for the screen `then`."""
        wait_for(lambda: self.do(f"tap {name}")["ok"] and (not then or self._comes(then)), told=f"tap {name}")
        return self.state()

    def _comes(self, screen: str) -> bool:
        """A tap inside the dead time is ignored: then the caller taps again."""
        end = time.monotonic() + 0.5
        while time.monotonic() < end:
            if self.state()["screen"] == screen:
                return True
        return False

    def events(self) -> list[dict[str, Any]]:
        """The journal, by the hall's own export of events (read with a separate connection)."""
        import sqlite3

        with sqlite3.connect(f"file:{self.data / 'journal.db'}?mode=ro", uri=True) as db:
            columns = [c[1] for c in db.execute("PRAGMA table_info(events)")]
            return [dict(zip(columns, row, strict=True)) for row in db.execute("SELECT * FROM events ORDER BY seq")]

    def close(self) -> None:
        """Ends every process."""
        if self._drive is not None:
            self._drive.close()
        for process in reversed(self.processes):
            process.end()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
    except OSError:
        return False
    return True
