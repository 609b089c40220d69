"""The fitter's page is followed word by word, with simulators only, from an empty inventory to programs at work."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from demo.plan import free_ports
from hardware import cli, search, trial, walk
from hardware.address import PROTOCOLS
from hardware.binding import read
from hardware.simulation import command
from hardware.simulation.control import ControlServer, tell
from hardware.simulation.server import SimulatorServer
from hardware.talk import Talk

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "devices.md").read_text(encoding="utf-8")
FIRST_CHAPTER = PAGE.partition("## 1.")[2].partition("## 2.")[0]
BIN = Path(sys.executable).parent
BOUND = {
    ("kiosk", "printer", "escpos"),
    ("kiosk", "reader", "samv"),
    ("counter 3", "led", "bxk"),
    ("counter 3", "pad", "pad68"),
    ("counter 3", "keypad", "neutral"),
}


def simulate_lines() -> list[list[str]]:
    return [shlex.split(line)[2:] for line in FIRST_CHAPTER.splitlines() if line.startswith("hall-device simulate")]


def answers() -> list[tuple[str, str]]:
    """What the page says is asked, and what it says to answer; `hall-device tell` lines between are acts."""
    block = next(b for b in re.findall(r"```text\n(.*?)```", FIRST_CHAPTER, re.DOTALL) if "you answer" in b)
    found = []
    for line in block.splitlines()[1:]:
        if told := re.search(r"hall-device (tell .*)", line):
            found.append(("tell", told[1]))
        elif not line.startswith(" "):
            asked, _, answer = line.partition("  ")
            found.append((asked, answer.strip()))
    return found


class Ports:
    """The page's ports as free ones of this machine."""

    def __init__(self) -> None:
        named = sorted({int(port) for port in re.findall(r"127\.0\.0\.1:(\d+)", FIRST_CHAPTER)} - {8700})
        self._free = dict(zip(named, free_ports(len(named)), strict=True))

    def of(self, text: str) -> str:
        return re.sub(r"127\.0\.0\.1:(\d+)", lambda m: f"127.0.0.1:{self._free.get(int(m[1]), m[1])}", text)


@contextmanager
def simulators(ports: Ports, folder: Path) -> Iterator[None]:
    """The simulators of the page, by its own commands, in this process."""
    with ExitStack() as stack:
        for words in simulate_lines():
            options = cli._parser().parse_args(["simulate", *map(ports.of, words)])
            options.out = folder / options.out if options.out else None
            device = command.device_of(options)
            stack.enter_context(SimulatorServer(device, options.listen))
            if options.control:
                stack.enter_context(ControlServer(device, options.control))
        yield


class Fitter(io.TextIOBase):
    """Does what the page says, in its order; a `tell` follows its question by a moment."""

    def __init__(self, script: list[tuple[str, str]], ports: Ports) -> None:
        self._script, self._ports = script, ports
        self.asked: list[str] = []
        self.hands: list[threading.Thread] = []

    def readline(self, *_: object) -> str:
        asked, answer = self._script.pop(0)
        self.asked.append(asked)
        if self._script and self._script[0][0] == "tell":
            self._press(self._script.pop(0)[1])
        return self._ports.of(answer) + "\n"

    def _press(self, line: str) -> None:
        _, url, *words = shlex.split(self._ports.of(line))
        hand = threading.Thread(target=until_told, args=(url, words))
        self.hands.append(hand)
        hand.start()


def until_told(url: str, words: list[str]) -> None:
    """Uses the device as soon as it wants to be used: its screen asks, it has beeped, or it is a reader."""

    def waited_for(status: dict[str, Any]) -> bool:
        beeps = [pad["beeps"] for pad in status.get("pads", [])]
        return bool(status.get("screen") == "ask" or any(beeps) or "card" in status)

    wait(lambda: waited_for(json.loads(tell(url, "status"))))
    assert tell(url, shlex.join(words)).startswith("ok")


def wait(condition: Callable[[], Any], *, limit_s: float = 40.0, else_say: Callable[[], str] = str) -> None:
    end = time.monotonic() + limit_s
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < end, f"waited in vain {else_say()}"
        pause.wait(0.05)


def followed(folder: Path, ports: Ports) -> tuple[Path, str, Fitter]:
    """The walk of the page; the inventory it wrote, what it said, and who answered."""
    file, shown = folder / "hardware.toml", io.StringIO()
    fitter = Fitter(answers(), ports)
    sitting = walk.Walk(Talk(hear=fitter, tell=shown), file, look=list)
    sitting.run()
    for hand in fitter.hands:
        hand.join(5)
    return file, shown.getvalue(), fitter


def test_the_page_leads_from_nothing_to_a_written_inventory(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(trial, "LOOK_S", 0.05)
    monkeypatch.setattr(search, "ASK_S", 1.5)
    ports = Ports()
    with simulators(ports, tmp_path):
        file, shown, fitter = followed(tmp_path, ports)
    assert {(one.place, one.use, one.address.partition("+")[0]) for one in read(file)} == BOUND
    at = 0
    for asked in fitter.asked:  # every question of the page was asked, in its order
        at = shown.find(re.split(r" now …|\?", asked)[0], at)
        assert at >= 0, asked
    for words in (
        "test ticket confirmed",
        "a card was read (citizen)",
        "key call",
        "key 5 after",
        "inventory confirmed",
    ):
        assert words in shown
    assert len(list((tmp_path / "tickets").glob("ticket-*.png"))) == 2
    assert (tmp_path / "bar" / "bar.png").exists()


def test_the_inventory_of_the_page_is_one(tmp_path: Path) -> None:
    block = next(b for b in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))
    (tmp_path / "hardware.toml").write_text(block, encoding="utf-8")
    (one,) = read(tmp_path / "hardware.toml")
    assert (one.place, one.use, one.address) == ("counter 3", "keypad", "neutral+usb://serial=A50285BI?addr=1")


def test_the_page_names_every_protocol_every_command_and_every_fault() -> None:
    from hardware.advice import ADVICE

    for protocol in PROTOCOLS:
        assert f"`{protocol}`" in PAGE, protocol
    for word in set(ADVICE) - {"nack", "superseded", "cannot_keep"}:
        assert f"`{word}`" in PAGE, word
    shown = subprocess.run(
        [str(BIN / "hall-device"), "--help"], capture_output=True, text=True, timeout=60, check=True
    ).stdout
    for name in ("list", "probe", "test", "scan", "serve", "rules", "setup", "simulate", "tell"):
        assert f"hall-device {name}" in PAGE
        assert f"    {name} " in shown


@pytest.mark.slow
def test_the_programs_of_the_page_find_their_devices_in_the_inventory(tmp_path: Path, monkeypatch) -> None:
    """Kiosk and counter with nothing but the file: devices are green at the hall, what breaks is told and heals."""
    monkeypatch.setattr(trial, "LOOK_S", 0.05)
    ports = Ports()
    data = tmp_path / "hall"
    run("hall-server", "init", "--data", str(data), "--sample", "county")
    for role, name, at in (("kiosk", "K1", []), ("counter", "C3", ["3"]), ("keypad", "P3", ["3"])):
        made = run("hall-server", "device", "add", "--data", str(data), "--role", role, "--name", name,
                   *(["--counter", *at] if at else []))  # fmt: skip
        (tmp_path / f"{role}.token").write_text(json.loads(made)["token"], encoding="ascii")
    (hall,) = free_ports(1)
    with simulators(ports, tmp_path), ExitStack() as stack:
        followed(tmp_path, ports)
        stack.enter_context(
            process(
                "hall-server", "run", "--data", str(data), "--listen", f"127.0.0.1:{hall}", "--insecure-http",
                "--no-announce", cwd=tmp_path,
            )
        )  # fmt: skip
        wait(lambda: answers_at(hall))
        lines = [line for line in FIRST_CHAPTER.splitlines() if line.startswith(("hall-kiosk", "hall-counter"))]
        assert len(lines) == 2
        for line in lines:
            words = shlex.split(line.replace("127.0.0.1:8700", f"127.0.0.1:{hall}"))
            stack.enter_context(process(*words, cwd=tmp_path))
        everything = {"printer", "led", "keypad", "reader"}
        wait(lambda: healthy(hall) >= everything, else_say=lambda: metrics(hall))
        printer, rater = ports.of("socket://127.0.0.1:9110"), ports.of("socket://127.0.0.1:9210")
        tell(printer, "fault paper_out")
        wait(lambda: 'fault="paper_out"' in metrics(hall), else_say=lambda: metrics(hall))
        assert "printer" not in healthy(hall)
        tell(printer, "clear")
        tell(rater, "fault gone")
        wait(lambda: in_state(hall, "absent") == ["keypad"], else_say=lambda: metrics(hall))
        tell(rater, "clear")
        wait(lambda: healthy(hall) >= everything and not in_state(hall, "absent"), else_say=lambda: metrics(hall))
    log = (tmp_path / "hall-counter.log").read_text(encoding="utf-8")
    told = [line["event"].split() for line in map(json.loads, log.splitlines()) if "neutral+" in line["event"]]
    assert [word for words in told for word in ("lost", "answers") if word in words] == ["answers", "lost", "answers"]


def in_state(port: int, state: str) -> list[str]:
    """Kinds of the devices behind programs that are in a state."""
    pattern = re.compile(rf'hall_device_state\{{device="[^"]*/.*kind="(\w+)".*state="{state}"\}} 1')
    return [m[1] for line in metrics(port).splitlines() if (m := pattern.fullmatch(line))]


def answers_at(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def healthy(port: int) -> set[str]:
    """Kinds of devices that are ready, by the hall's own metrics."""
    lines = metrics(port).splitlines()
    return {m[1] for line in lines if line.endswith(" 1") and (m := re.search(r'hall_device_up\{.*kind="(\w+)"', line))}


def metrics(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        return str(answer.read().decode())


def run(*words: str) -> str:
    done = subprocess.run([str(BIN / words[0]), *words[1:]], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout


@contextmanager
def process(*words: str, cwd: Path) -> Iterator[None]:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
    environment.pop("PYTEST_CURRENT_TEST", None)
    with (cwd / f"{words[0]}.log").open("wb") as log:
        started = subprocess.Popen([str(BIN / words[0]), *words[1:]], cwd=cwd, env=environment, stdout=log, stderr=log)
        try:
            yield
        finally:
            started.terminate()
            started.wait(10)
