"""Servers to measure: real processes on loopback, started on a folder, watched from outside, ended."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from .load import Connection

HALL_SERVER = ("-c", "from hall_server.cli import main; main()")


class Served:
    """A running server process."""

    def __init__(self, process: subprocess.Popen[str], port: int, started_s: float) -> None:
        self.process = process
        self.port = port
        self.started_s = started_s
        """Seconds from the start of the process to its ready line."""

    @classmethod
    def start(cls, *arguments: str, log: Path) -> Served:
        """Starts a program whose first line ends in its port."""
        begun = time.perf_counter()
        with log.open("a") as out:
            process = subprocess.Popen(
                [sys.executable, *arguments], stdout=subprocess.PIPE, stderr=out, text=True, cwd=Path.cwd()
            )
        assert process.stdout is not None
        line = process.stdout.readline()
        if "ready" not in line:
            process.kill()
            raise RuntimeError(f"did not start: {log.read_text()[-2000:]}")
        return cls(process, int(re.split(r"[: ]", line.strip())[-1]), time.perf_counter() - begun)

    def stop(self, *, kill: bool = False) -> None:
        """Ends it, by SIGTERM or the hard way."""
        self.process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def memory_mb(self) -> float:
        """Proportional set size, MiB."""
        text = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
        assert found
        return int(found[1]) / 1024

    def cpu_s(self) -> float:
        """CPU seconds it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run(*arguments: str, text: str | None = None) -> str:
    """One command of `hall-server`; what it printed."""
    done = subprocess.run([sys.executable, *HALL_SERVER, *arguments], input=text, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"hall-server {arguments[0]} failed: {done.stderr}")
    return done.stdout


class Hall:
    """A county hall that is always open and takes any number of requests."""

    PIN = "271828"

    def __init__(self, data: Path) -> None:
        self.data = data
        self.tokens: dict[str, str] = {}
        self.served: Served | None = None

    @classmethod
    def made(cls, data: Path) -> Hall:
        """A fresh one."""
        run("init", "--data", str(data), "--sample", "county")
        hall = cls(data)
        hall.always_open()
        return hall

    def always_open(self) -> None:
        """Open day and night, today whatever day it is, and no limit on requests (issue 3: loads set it to 0)."""
        path = self.data / "hall.toml"
        today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
        days = json.dumps([(today + timedelta(days=n)).isoformat() for n in range(3)])
        text = re.sub(r"(?m)^working_day = .*$", 'working_day = ["00:00-24:00"]', path.read_text())
        text = re.sub(r"(?m)^work = .*$", f"work = {days}", text)
        text = re.sub(r"(?m)^requests_per_s = .*$", "requests_per_s = 0", text)
        path.write_text(text)

    def pair(self, role: str, name: str, counter: str | None = None) -> str:
        """A device; its token."""
        more = ["--counter", counter] if counter else []
        told = run("device", "add", "--data", str(self.data), "--role", role, "--name", name, *more)
        self.tokens[name] = json.loads(told)["token"]
        return self.tokens[name]

    def start(self) -> Served:
        """Serves on a free port."""
        self.served = Served.start(
            *HALL_SERVER, "run", "--data", str(self.data), "--listen", "127.0.0.1:0", "--insecure-http",
            "--no-announce", "--log-level", "warning", log=self.data / "server.log",
        )  # fmt: skip
        return self.served

    @property
    def port(self) -> int:
        """Where it serves."""
        assert self.served is not None
        return self.served.port

    def prepare_clerk(self, counter: str, clerk: str) -> None:
        """A counter's device, and a PIN for the clerk who will sit there."""
        self.pair("counter", f"C{counter}", counter)
        run("clerk", "set-pin", "--data", str(self.data), "--clerk", clerk, text=f"{self.PIN}\n")

    async def clerk_at(self, counter: str, clerk: str) -> tuple[Connection, str]:
        """A clerk signed in at an open counter: connection and token."""
        self.prepare_clerk(counter, clerk)
        await asyncio.sleep(0.1)
        connection = await Connection.to(self.port)
        signing = {"clerk": clerk, "pin": self.PIN}
        status, body = await connection.ask("POST", "/api/v1/sessions", signing, token=self.tokens[f"C{counter}"])
        assert status == 201, body
        token = json.loads(body)["token"]
        status, body = await connection.ask("POST", f"/api/v1/counters/{counter}/open", token=token)
        assert status == 200, body
        return connection, token
