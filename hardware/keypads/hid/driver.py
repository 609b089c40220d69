"""A keyboard as a rater: `hid+/dev/input/by-path/…-event-kbd`. Keys 1 to 5 of either block are the levels."""

from __future__ import annotations

from hardware.address import Address
from hardware.driver import Surroundings
from hardware.keypads.hid import codec
from hardware.keypads.hid.evdev import EvdevPort
from hardware.keypads.listening import ListeningPad
from hardware.port import Port

KEYS = 5
STUCK_S = 10.0


class HidPad(ListeningPad):
    """`?keys=` (5) is how many keys the device has; `?best=1` for one whose key 1 is the best answer, not key 5."""

    def __init__(self, address: Address | str, *, around: Surroundings | None = None) -> None:
        super().__init__(address, around=around)
        self.keys = self.at.number("keys", KEYS)
        self._best_first = self.at.number("best", self.keys) == 1
        self._is_device = self.at.scheme in ("serial", "file")
        self._down: dict[int, float] = {}
        self._parser = codec.EventParser()

    def _open(self) -> Port:
        if not self._is_device:
            return super()._open()
        port = EvdevPort(self.at.path if self.at.scheme == "file" else self.at.url)
        self.book.identity, self.book.firmware = str(port.identity), port.identity.name
        return port

    def _begin(self) -> None:
        self._parser = codec.EventParser(codec.NATIVE if self._is_device else codec.WIRE)
        self._down.clear()
        super()._begin()

    def _received(self, data: bytes) -> None:
        self._last_data_s = self._clock()
        self._handle(self._parser.feed(data))

    def _silence(self) -> None:
        self._handle(self._parser.flush())

    def _handle(self, found: list[codec.KeyEvent | codec.Dropped | codec.Junk]) -> None:
        for item in found:
            match item:
                case codec.Junk(raw=raw):
                    self._count_junk(len(raw))
                case codec.Dropped():
                    self._down.clear()
                case codec.KeyEvent(code=code, value=codec.UP):
                    self._heard_sense()
                    self._down.pop(code, None)
                case codec.KeyEvent(code=code, value=value):
                    self._heard_sense()
                    self._key(code, is_new=value == codec.DOWN and code not in self._down)

    def _key(self, code: int, *, is_new: bool) -> None:
        """A key went down, or is held: only the first counts."""
        self._down.setdefault(code, self._clock())
        if is_new:
            digit = codec.DIGITS.get(code, 0)
            self._pressed(self._level(digit), code=digit or code, what=code)

    def _level(self, digit: int) -> int | None:
        if not 1 <= digit <= self.keys:
            return None
        return 6 - digit if self._best_first else digit

    def _is_stuck(self, *, now: float) -> bool:
        return any(now - since > STUCK_S for since in self._down.values())
