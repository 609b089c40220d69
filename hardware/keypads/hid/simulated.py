"""A keyboard made of software: its strokes are the bytes of Linux input events."""

from __future__ import annotations

from hardware.keypads.hid import codec
from hardware.simulation.device import BadCommand, SimulatedDevice


class SimulatedKeyboard(SimulatedDevice):
    """Speaks `codec.WIRE`, whatever the machine."""

    kind = "hid"
    own_faults = frozenset({"key_stuck"})
    commands = "press DIGIT | code CODE | fault NAME | clear [NAME] | status | help"

    def __init__(self) -> None:
        super().__init__()
        self.strokes = 0
        self._outbox = b""
        self._stuck = False
        self._now_us = 0

    def open_conversation(self) -> KeyboardConversation:
        return KeyboardConversation(self)

    def status(self) -> dict[str, object]:
        return {**super().status(), "strokes": self.strokes}

    def press(self, digit: int) -> None:
        """A digit key, down and up. KeyError for what is no digit."""
        self.stroke(codec.CODES[digit])

    def stroke(self, code: int) -> None:
        """Any key of the kernel's numbering, down and up."""
        with self.lock:
            self._outbox += codec.stroke(code, at_us=self._now_us)
            self.strokes += 1

    def faults_changed(self) -> None:
        stuck = "key_stuck" in self.faults
        if stuck != self._stuck:
            self._stuck = stuck
            self._outbox += codec.event(codec.CODES[1], codec.DOWN if stuck else codec.UP, at_us=self._now_us)

    def own_command(self, words: list[str]) -> str:
        match words:
            case ["press", digit] if digit.isdigit() and int(digit) in codec.CODES:
                self.press(int(digit))
            case ["code", code] if code.isdigit() and int(code) <= codec.KEY_MAX:
                self.stroke(int(code))
            case _:
                raise BadCommand(f"unknown command; {self.kind} knows: {self.commands}")
        return "ok"

    def due(self, now: float) -> bytes:
        """The events since it was last asked."""
        self._now_us = int(now * 1_000_000)
        data, self._outbox = self._outbox, b""
        return data


class KeyboardConversation:
    """One host; a keyboard hears nothing."""

    def __init__(self, keyboard: SimulatedKeyboard) -> None:
        self._keyboard = keyboard

    def feed(self, data: bytes, now: float) -> bytes:
        return self._keyboard.due(now)

    def due(self, now: float) -> bytes:
        return self._keyboard.due(now)
