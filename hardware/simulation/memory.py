"""`sim://`: a simulated device in the driver's own process, without a thread or a socket between."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Condition

from hardware.port import PortGone
from hardware.simulation.device import SimulatedDevice

TICK_S = 0.01


class MemoryPort:
    """A Port whose other end is a simulated device."""

    def __init__(self, device: SimulatedDevice, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.device = device
        self._clock = clock
        self._line = device.connect()
        self._arrived = b""
        self._change = Condition()

    def read(self, timeout_s: float) -> bytes:
        """What the device said, after at most `timeout_s`."""
        end = self._clock() + timeout_s
        while True:
            self._check()
            with self.device.lock:
                self.device.tick(self._clock())
            self._arrived += self._line.due(self._clock())
            left = end - self._clock()
            if self._arrived or left <= 0:
                data, self._arrived = self._arrived, b""
                return data
            with self._change:
                self._change.wait(min(TICK_S, left))

    def write(self, data: bytes) -> None:
        """Hands the bytes to the device."""
        self._check()
        self._arrived += self._line.feed(data, self._clock())

    def _check(self) -> None:
        if "gone" in self.device.faults:
            raise PortGone("gone", "sim://: unplugged")

    def close(self) -> None:
        """Nothing to let go of."""
