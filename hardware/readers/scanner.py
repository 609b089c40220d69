"""A code scanner on a serial port. It cannot be asked: its state is `unknown` until a code is heard (devices.md 3)."""

from __future__ import annotations

from collections.abc import Sequence

from hardware.address import Address
from hardware.driver import PortDriver, Surroundings
from hardware.health import Scanned
from hardware.readers.lines import Code, Junk, LineParser

REPEAT_S = 1.0
"""A scanner left in continuous mode reads the same code again and again while it is held there."""
SILENCE_S = 0.5


class Scanner(PortDriver[None]):
    """Tells every code once. It takes no jobs: whoever submits one gets `no_such_job`."""

    kind = "scanner"

    def __init__(self, address: Address | str, *, around: Surroundings | None = None) -> None:
        super().__init__(address, around=around)
        self._parser = LineParser()
        self._last = ""
        self._last_s = self._data_s = 0.0

    def _begin(self) -> None:
        self._parser = LineParser()
        self.book.quiet()

    def _turn(self) -> None:
        self._end_waiting_jobs("no_such_job")
        if self._clock() - self._data_s > SILENCE_S:
            self._handle(self._parser.flush())

    def _received(self, data: bytes) -> None:
        self._data_s = self._clock()
        self._handle(self._parser.feed(data))

    def _handle(self, found: Sequence[Code | Junk]) -> None:
        for item in found:
            if isinstance(item, Junk):
                self.book.junk(item.size)
            else:
                self._code(item.text)

    def _code(self, text: str) -> None:
        self._heard()
        now = self._clock()
        again = text == self._last and now - self._last_s < REPEAT_S
        self._last, self._last_s = text, now
        if not again:
            self._tell(Scanned(self.address, text, self._wall()))

    def _left_undone(self) -> None:
        self._parser.flush()
        self._last = ""
