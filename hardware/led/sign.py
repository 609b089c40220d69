"""What every simulated bar has: its size, what it has shown, its picture in a folder."""

from __future__ import annotations

import os
from abc import abstractmethod
from collections import deque
from pathlib import Path

from PIL import Image

from hardware.health import LED_FAULTS
from hardware.led import matrix
from hardware.led.page import LINE_DOTS
from hardware.simulation.device import SimulatedDevice

HISTORY = 500


class SimulatedSign(SimulatedDevice):
    """Dots on a wall. Subclasses give `text` and `board`, and call `_changed` when something may look different."""

    own_faults = LED_FAULTS

    def __init__(self, *, out: Path | None, width: int, height: int) -> None:
        super().__init__()
        self.width, self.height = width, height
        self.on = True
        self.refreshes = 0
        """How often something new was put on it."""
        self.flash_writes = 0
        self.shown: deque[str] = deque(maxlen=HISTORY)
        """Every text that came on, lines joined by a line feed; empty for pictures."""
        self._out = out
        self._drawn: bytes = b""
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)

    @property
    @abstractmethod
    def text(self) -> str:
        """What can be read on the bar now, where the protocol carries text."""

    @abstractmethod
    def board(self) -> Image.Image:
        """The dots of this moment: 1-bit, or in colours with black for dark ones."""

    def status(self) -> dict[str, object]:
        return {
            **super().status(),
            "text": self.text,
            "refreshes": self.refreshes,
            "flash_writes": self.flash_writes,
            "on": self.on,
        }

    def _changed(self) -> None:
        if not self.shown or self.shown[-1] != self.text:
            self.shown.append(self.text)
        if self._out is None:
            return
        board = self.board()
        look = board.tobytes()
        if look == self._drawn:
            return
        self._drawn = look
        content = matrix.png(matrix.photograph(board))
        temporary = self._out / ".bar.png.part"
        temporary.write_bytes(content)
        os.replace(temporary, self._out / "bar.png")

    def blank(self) -> Image.Image:
        """A dark board."""
        return Image.new("RGB", (self.width, self.height))

    def stored_board(self, text: str) -> Image.Image:
        """A line of the bar's own memory, in the middle."""
        board = Image.new("1", (self.width, self.height))
        matrix.put(board, matrix.small_line(text), y=(self.height - LINE_DOTS) // 2)
        return matrix.coloured(board, matrix.RED)
