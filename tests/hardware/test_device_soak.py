"""A day of a busy hall over every simulator at once, without its pauses: threads, descriptors and memory stay flat."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from device_bench import until

from hardware.driver import PortDriver, Surroundings
from hardware.health import CardRead, Event, Key, Offline, Online, Rated, Scanned, State
from hardware.inventory import open_driver
from hardware.keypads.jobs import Ask, ShowNumber, ShowWaiting
from hardware.led.page import Page
from hardware.printers.driver import PrintJob
from hardware.printers.sample import sample_ticket
from hardware.simulation.control import tell

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
VISITORS = int(os.environ.get("HALL_SOAK_VISITORS", "600"))
"""Of the simulated day. A county hall has as many on a day of eight hours."""
DAY_S = 24 * 3600.0
WARM = 0.4
"""Caches, pools and the 200 papers a simulated printer keeps fill during the first part; flat is counted from there."""
GROWTH_MB = 6.0
FAULT_EVERY = 40

DEVICES: dict[str, tuple[str, ...]] = {
    "escpos": (),
    "bxk": ("?height=32", "--height", "32"),
    "cpower": ("?width=192&height=16",),
    "artnet": ("",),
    "ddp": ("",),
    "neutral": (),
    "pad68": (),
    "template": ("?profile=example", "--profile", "example"),
    "samv": (),
    "scanner": (),
}


@dataclass
class Hall:
    """Every driver at work, its simulator a process of its own."""

    drivers: dict[str, PortDriver[Any]] = field(default_factory=dict)
    controls: dict[str, str] = field(default_factory=dict)
    processes: dict[str, psutil.Process] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    now: datetime = datetime(2026, 11, 24, tzinfo=UTC)

    def hear(self, event: Event) -> None:
        self.counts[type(event).__name__] += 1
        self.events.append(event)

    def told(self, kind: type, *, since: int) -> bool:
        return any(isinstance(event, kind) for event in self.events[since:])

    def say(self, device: str, line: str) -> None:
        assert tell(self.controls[device], line).startswith("ok"), (device, line)


@contextmanager
def hall() -> Iterator[Hall]:
    made, stop, threads = Hall(), threading.Event(), []
    around = Surroundings(events=made.hear, wall=lambda: made.now, rng=random.Random(7), reopen_s=(0.1, 0.2))
    with ExitStack() as stack:
        for protocol, more in DEVICES.items():
            scheme = "udp" if protocol in ("artnet", "ddp") else "socket"
            url = stack.enter_context(simulator(made, protocol, scheme, more[1:]))
            made.drivers[protocol] = open_driver(f"{protocol}+{url}{more[0] if more else ''}", around=around)
        for protocol, driver in made.drivers.items():
            threads.append(threading.Thread(target=driver.serve, args=(stop,), name=protocol))
            threads[-1].start()
        try:
            yield made
        finally:
            stop.set()
            for thread in threads:
                thread.join(10)
                assert not thread.is_alive(), thread.name


@contextmanager
def simulator(made: Hall, protocol: str, scheme: str, more: tuple[str, ...]) -> Iterator[str]:
    command = [sys.executable, "-m", "hardware.cli", "simulate", protocol, "--listen", f"{scheme}://127.0.0.1:0"]
    command += ["--control", "socket://127.0.0.1:0", *more]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        at = re.search(r" at (\S+)", process.stdout.readline())
        control = re.search(r" at (\S+)", process.stdout.readline())
        assert at is not None
        assert control is not None
        made.controls[protocol], made.processes[protocol] = control[1], psutil.Process(process.pid)
        yield at[1]
    finally:
        process.terminate()
        process.communicate(timeout=10)
    assert process.returncode == 0


def visit(hall: Hall, nth: int) -> None:
    """One visitor: a paper, the bars, the call pad, both raters, a card and a scanned code."""
    since = len(hall.events)
    paper = hall.drivers["escpos"].submit(PrintJob(f"T{nth}", sample_ticket()))
    number = f"A{nth % 1000:03d}"
    for bar in ("bxk", "cpower", "artnet", "ddp"):
        driver: Any = hall.drivers[bar]
        driver.show([Page((f"请{number}号到3号窗口",))], blink=1)
    for job in (ShowNumber(number), ShowWaiting(nth % 100)):
        hall.drivers["pad68"].submit(job)
    for rater in ("neutral", "template"):
        hall.drivers[rater].submit(Ask(session=nth + 1)).result(10)
        hall.say(rater, f"press {5 - nth % 2}")  # the same key so soon again is a bouncing one
    hall.say("pad68", ("press call", "press recall")[nth % 2])
    hall.say("samv", f"place {1 + nth % 900}")
    hall.say("scanner", f"scan TOKEN-{nth:08d}")
    for kind in (Key, CardRead, Scanned):
        until(lambda kind=kind: hall.told(kind, since=since), limit_s=10, what=f"visitor {nth}: {kind.__name__}")
    until(lambda: sum(isinstance(event, Rated) for event in hall.events[since:]) >= 2, limit_s=10, what=f"{nth}: rated")
    hall.say("samv", "remove")
    assert paper.result(10).outcome == "confirmed"
    del hall.events[:since]


def interrupt(hall: Hall, nth: int) -> None:
    """A cable is pulled and plugged in again; everybody finds back without a person."""
    device = list(DEVICES)[(nth // FAULT_EVERY) % len(DEVICES)]
    if device in ("artnet", "ddp"):
        return  # nobody notices a lost datagram
    since = len(hall.events)
    hall.say(device, "fault gone")
    until(lambda: hall.told(Offline, since=since), limit_s=10, what=f"{device} lost")
    hall.say(device, "clear")
    if device in ("scanner", "pad68", "template"):  # they cannot be asked: open again is all that can be known
        until(lambda: hall.drivers[device].snapshot().state is not State.ABSENT, limit_s=10, what=f"{device} open")
    else:
        until(lambda: hall.told(Online, since=since), limit_s=10, what=f"{device} back")


def size_of(hall: Hall) -> dict[str, tuple[int, int, float]]:
    """Threads, descriptors and MB of this process and of every simulator."""
    everybody = {"drivers": psutil.Process()} | hall.processes
    return {name: (p.num_threads(), p.num_fds(), p.memory_info().rss / 1e6) for name, p in everybody.items()}


def test_a_day_leaves_threads_descriptors_and_memory_as_they_were() -> None:
    with hall() as made:
        until(lambda: made.drivers["escpos"].snapshot().state is State.READY, limit_s=15)
        warm: dict[str, tuple[int, int, float]] = {}
        for nth in range(VISITORS):
            made.now += timedelta(seconds=DAY_S / VISITORS)
            visit(made, nth)
            if nth % FAULT_EVERY == FAULT_EVERY - 1:
                interrupt(made, nth)
            if nth == int(VISITORS * WARM):
                warm = size_of(made)
        end = size_of(made)
        assert made.counts["Key"] == made.counts["CardRead"] == made.counts["Scanned"] == VISITORS
        assert made.counts["Rated"] == 2 * VISITORS
        assert made.counts["KeyIgnored"] == 0
        printer = made.drivers["escpos"].snapshot()
        assert (printer.jobs_ok, printer.jobs_failed, printer.jobs_unknown) == (VISITORS, 0, 0)
    for name, (threads, descriptors, megabytes) in end.items():
        before = warm[name]
        assert threads <= before[0] + 1, f"{name}: {before[0]} threads became {threads}"
        assert descriptors <= before[1] + 2, f"{name}: {before[1]} descriptors became {descriptors}"
        assert megabytes <= before[2] + GROWTH_MB, f"{name}: {before[2]:.1f} MB became {megabytes:.1f}"
