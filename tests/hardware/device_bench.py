"""What the tests of devices share: vectors, running drivers, waiting with a limit."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hardware.driver import PortDriver, Surroundings
from hardware.health import Event

VECTORS = Path(__file__).parents[1] / "vectors" / "device_vectors.json"


def vectors_of(protocol: str) -> list[dict[str, Any]]:
    """The frames of one protocol, `hex` also as bytes in `raw`."""
    every = json.loads(VECTORS.read_text(encoding="utf-8"))["vectors"]
    return [{**v, "raw": bytes.fromhex(v["hex"])} for v in every if v["protocol"] == protocol]


def until(condition: Callable[[], Any], *, limit_s: float = 5.0, what: str = "") -> None:
    """Waits for a condition; fails when it does not come about in time."""
    end = time.monotonic() + limit_s
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < end, what or "waited in vain"
        pause.wait(0.005)


class Bench:
    """Runs drivers in threads and keeps what they tell."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._running: list[tuple[threading.Event, threading.Thread]] = []

    def around(self, **more: Any) -> Surroundings:
        return Surroundings(**{"events": self.events.append, "rng": random.Random(7), "reopen_s": (0.02, 0.05), **more})

    def start(self, driver: PortDriver[Any]) -> threading.Event:
        stop = threading.Event()
        thread = threading.Thread(target=driver.serve, args=(stop,), daemon=True)
        thread.start()
        self._running.append((stop, thread))
        return stop

    def stop(self) -> None:
        for stop, _ in self._running:
            stop.set()
        for _, thread in self._running:
            thread.join(timeout=5)
            assert not thread.is_alive(), "the driver did not end"
        self._running.clear()

    def told(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]
