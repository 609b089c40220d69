"""The whole demo, as `make run` starts it: every program real, alive, driven, killed, and ended in time."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from demo.notes import read
from demo.plan import DEVICES, SCREENS, Runtime, free_ports
from hall_server.cli import command
from hall_server.journal.reader import Reader

pytestmark = pytest.mark.slow
READY_S = 150.0
CHROMIUM = shutil.which("chromium")


class Demo:
    """A demo hall running beside the test."""

    def __init__(self, folder: Path) -> None:
        self.data, self.port = folder / "hall", free_ports(1)[0]
        self.runtime = Runtime.beside(self.data)
        variables = {"HALL_PORT": str(self.port), "HALL_DATA": str(self.data), "HALL_SPEED": "20"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "demo.supervisor"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"} | variables,
        )

    def ask(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=data)
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.loads(answer.read())

    def until(self, condition: Callable[[dict[str, Any]], Any], within_s: float) -> dict[str, Any]:
        """The page's state once it is so."""
        until = time.monotonic() + within_s
        while True:
            state: dict[str, Any] = self.ask("/demo/state?lang=en")
            if condition(state):
                return state
            assert time.monotonic() < until, state
            time.sleep(0.3)  # a poll of another program, with its limit above

    def pids(self) -> list[int]:
        return [p["pid"] for p in read(self.runtime.status)["programs"] if p["pid"]]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    running = Demo(tmp_path_factory.mktemp("whole"))
    try:
        assert running.process.stdout is not None
        line = running.process.stdout.readline()
        assert line == f"hall ready: http://127.0.0.1:{running.port}/\n", running.process.stderr.read()  # type: ignore[union-attr]
        yield running
    finally:
        if running.process.poll() is None:
            running.process.send_signal(signal.SIGTERM)
            running.process.wait(10)
        for stream in (running.process.stdout, running.process.stderr):
            assert stream is not None
            stream.close()


def alive(state: dict[str, Any]) -> bool:
    return all(program["state"] == "alive" for program in state["programs"])


def test_when_it_says_ready_everything_is_alive_and_drawn(demo: Demo):
    state = demo.ask("/demo/state")
    assert alive(state)
    assert all(state["screens"].values())
    assert all(device is not None for device in state["devices"].values())


def test_people_take_numbers_are_called_served_and_rate(demo: Demo):
    wanted = {"ticket_issued", "ticket_called", "service_begun", "service_finished", "rating_given", "ticket_printed"}
    seen: set[str] = set()

    def all_happened(state: dict[str, Any]) -> bool:
        seen.update(event["kind"] for event in state["events"])
        return wanted <= seen and bool(state["papers"])

    demo.until(all_happened, 120)
    devices = demo.ask("/demo/state")["devices"]
    assert devices["keypad-3"]["staff"] is not None, "the clerks are signed in at the real counters"
    assert devices["keypad-7"]["screen"] != "", "and the rater of the other one was told so"


def test_clerks_take_applications_and_first_questions_and_finish_them(demo: Demo):
    """Over the hall's interface, while visitors sit there and between two of them."""
    wanted = {"case_received", "case_accepted", "case_decided", "case_delivered", "inquiry_opened", "inquiry_answered"}
    seen: set[str] = set()

    def all_happened(state: dict[str, Any]) -> bool:
        seen.update(event["kind"] for event in state["events"])
        return wanted <= seen

    demo.until(all_happened, 120)


def test_months_behind_it_are_in_the_record_and_their_bulletins_frozen(demo: Demo):
    kept = demo.data / "bulletins"
    until = time.monotonic() + 60
    while len(list(kept.glob("*.json"))) < 3:
        assert time.monotonic() < until
        time.sleep(0.3)  # a poll of another program, with its limit above
    with Reader(demo.data / "journal.db") as reader:
        assert reader.head.seq > 30_000


def test_every_kind_of_device_is_at_work(demo: Demo):
    """Printer, both bars of counters and the hall's, call pad, both raters, reader and scanner."""

    def at_work(state: dict[str, Any]) -> bool:
        device = state["devices"]
        return all(
            (
                state["papers"],
                all(state["bars"][name] for name in ("led-3", "led-7", "led-wall")),
                device["pad-3"]["pads"][0]["answered"] > 0,
                device["reader"]["reads"] > 0,
                device["scanner"]["scanned"] > 0,
                device["keypad-7"]["screen"],
            )
        )

    demo.ask("/demo/order", {"do": "press", "device": "pad-3", "key": "recall"})
    demo.ask("/demo/order", {"do": "scan", "device": "scanner"})
    demo.ask("/demo/order", {"do": "place", "device": "reader", "card": "1"})
    state = demo.until(at_work, 60)
    assert set(state["feels"]) == set(state["devices"])
    demo.ask("/demo/order", {"do": "remove", "device": "reader"})


def test_a_touch_on_the_picture_is_a_touch_on_the_kiosk(demo: Demo):
    port = read(demo.runtime.ports)["kiosk-hand"]

    def look() -> dict[str, Any]:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            line.sendall(b"state\n")
            return json.loads(line.makefile().readline())

    until = time.monotonic() + 60
    while look()["screen"] != "detail":  # a simulated visitor may just be at it; he leaves when he sees a hand
        if look()["screen"] == "home":
            touched = {"do": "touch", "screen": "kiosk", "x": 0.25, "y": 0.345}
            assert demo.ask("/demo/order", touched) == {"done": True}
        assert time.monotonic() < until
        time.sleep(0.8)


def test_a_killed_program_comes_again(demo: Demo):
    assert demo.ask("/demo/order", {"do": "kill", "program": "wall"}) == {"done": True}

    def wall(state: dict[str, Any]) -> dict[str, Any]:
        return next(p for p in state["programs"] if p["name"] == "wall")

    demo.until(lambda state: wall(state)["starts"] == 2 and wall(state)["state"] == "alive", 60)


def test_paper_out_is_seen_by_the_kiosk_and_refilled(demo: Demo):
    demo.ask("/demo/order", {"do": "fault", "device": "printer", "fault": "paper_out"})
    demo.until(lambda state: "paper_out" in state["devices"]["printer"]["faults"], 5)
    demo.ask("/demo/order", {"do": "clear", "device": "printer", "fault": "paper_out"})
    demo.until(lambda state: state["devices"]["printer"]["faults"] == [], 5)


@pytest.mark.skipif(CHROMIUM is None, reason="needs a browser")
def test_the_page_breaks_no_rule_of_its_own_policy(demo: Demo, tmp_path: Path):
    assert CHROMIUM is not None
    run = subprocess.run(
        [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0",
         f"--user-data-dir={tmp_path}", "--virtual-time-budget=5000", f"--screenshot={tmp_path / 'demo.png'}",
         f"http://127.0.0.1:{demo.port}/"],
        capture_output=True, text=True, timeout=90, check=True,
    )  # fmt: skip
    assert "Content Security Policy" not in run.stderr
    assert "Uncaught" not in run.stderr
    assert (tmp_path / "demo.png").stat().st_size > 50_000


def test_ctrl_c_ends_every_process_within_three_seconds_and_loses_nothing(demo: Demo):
    pids = demo.pids()
    assert len(pids) == len(SCREENS) + len(DEVICES) + 2
    began = time.monotonic()
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(10) == 0
    assert time.monotonic() - began < 3.2
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    assert command(["verify", "--data", str(demo.data)]) == 0
    logs = "".join(f.read_text() for f in (demo.runtime.folder / "logs").iterdir())
    held = read(demo.runtime.secrets)
    for secret in (*held["clerks"].values(), *held["accounts"].values(), *held["tokens"].values()):
        assert secret not in logs
