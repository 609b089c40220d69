"""What every simulated device has: faults, conversations, and commands of the control line."""

from __future__ import annotations

import json
import random
import shlex
from abc import ABC, abstractmethod
from collections import deque
from threading import RLock
from typing import Protocol

from hardware.health import LINK_FAULTS

SLOW_S = 1.5
"""How long `slow` holds every answer back: longer than a driver's patience for one answer."""


class Conversation(Protocol):
    """One connection to a device. Times are seconds of a monotonic clock."""

    def feed(self, data: bytes, now: float) -> bytes:
        """Bytes from the host; the bytes answered at once."""

    def due(self, now: float) -> bytes:
        """What the device says unasked by now."""


class NoSuchFault(ValueError):
    """The device cannot play that fault; the message lists those it can."""


class BadCommand(ValueError):
    """A line of the control connection that is no command."""


class SimulatedDevice(ABC):
    """Faults and control. Subclasses give `kind`, `own_faults`, `open_conversation` and more commands."""

    kind = "device"
    own_faults: frozenset[str] = frozenset()
    commands = "fault NAME | clear [NAME] | status | help"

    def __init__(self) -> None:
        self.lock = RLock()
        self.faults: set[str] = set()

    @abstractmethod
    def open_conversation(self) -> Conversation:
        """A new connection."""

    def connect(self) -> Line:
        """A new connection as the wire carries it, link faults included."""
        return Line(self, self.open_conversation())

    def set_fault(self, word: str) -> None:
        """Begins a fault. Raises NoSuchFault."""
        possible = self.own_faults | LINK_FAULTS
        if word not in possible:
            raise NoSuchFault(f"{self.kind} has no fault {word!r}; it has {', '.join(sorted(possible))}")
        with self.lock:
            self.faults.add(word)
            self.faults_changed()

    def clear(self, word: str | None = None) -> None:
        """Ends one fault, or all."""
        with self.lock:
            self.faults -= {word} if word else set(self.faults)
            self.faults_changed()

    def faults_changed(self) -> None:  # noqa: B027 - most devices need not act
        """For devices that act on it."""

    def tick(self, now: float) -> None:  # noqa: B027 - most devices need not act
        """Time passes, whether anybody is connected or not."""

    def status(self) -> dict[str, object]:
        """What the control line's `status` answers."""
        return {"kind": self.kind, "faults": sorted(self.faults)}

    def command(self, line: str) -> str:
        """One line of the control connection; the answer without its line end. Raises BadCommand, NoSuchFault."""
        words = shlex.split(line)
        match words:
            case ["fault", word]:
                self.set_fault(word)
                return "ok"
            case ["clear"]:
                self.clear()
                return "ok"
            case ["clear", word]:
                self.clear(word)
                return "ok"
            case ["status"]:
                with self.lock:
                    return json.dumps(self.status(), ensure_ascii=False)
            case ["help"]:
                return f"ok {self.commands}"
        return self.own_command(words)

    def own_command(self, words: list[str]) -> str:
        """A command of this kind of device alone. Raises BadCommand."""
        raise BadCommand(f"unknown command; {self.kind} knows: {self.commands}")


class Line:
    """A conversation as the wire carries it: silent, garbled, slow, or with half of every answer missing."""

    def __init__(self, device: SimulatedDevice, conversation: Conversation) -> None:
        self._device = device
        self._conversation = conversation
        self._held: deque[tuple[float, bytes]] = deque()
        self._noise = random.Random(len(device.kind))  # noqa: S311 - noise, the same in every run

    def feed(self, data: bytes, now: float) -> bytes:
        """Bytes from the host; bytes to the host."""
        with self._device.lock:
            if self._device.faults & {"silent", "gone"}:
                return b""
            return self._carried(self._conversation.feed(data, now), now)

    def due(self, now: float) -> bytes:
        """Bytes to the host that nobody asked for now."""
        with self._device.lock:
            if self._device.faults & {"silent", "gone"}:
                self._held.clear()
                return b""
            ready = b""
            while self._held and self._held[0][0] <= now:
                ready += self._held.popleft()[1]
            return ready + self._carried(self._conversation.due(now), now)

    def _carried(self, data: bytes, now: float) -> bytes:
        faults = self._device.faults
        if not data:
            return b""
        if "half_frame" in faults:
            data = data[: len(data) // 2]
        if "garbage" in faults:
            data = bytes(0x80 | self._noise.getrandbits(7) | 0x04 for _ in data)
        if "slow" in faults:
            self._held.append((now + SLOW_S, data))
            return b""
        return data
