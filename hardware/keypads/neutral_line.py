"""Several `neutral` pads on one RS-485 line, each carried to a driver of its own by `hall-device serve`.

One request is out at a time: the next is sent when the pad has acknowledged it or its time is over, so a dead pad
delays the others by that time and no more. What a pad says unasked goes to its driver at once, and the driver's answer
goes to the line before any request. Nothing is decided here; nonces and levels are the drivers' business.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from hardware.address import Address, BadAddress
from hardware.driver import PortDriver, Surroundings
from hardware.keypads import codec

ANSWER_S = 0.25
"""Shorter than the 300 ms after which a driver repeats its command."""
GAP_S = 0.005
WAITING_MAX = 16
"""Frames of one pad that wait for the line; the oldest gives way, its driver repeats it."""
PARTIAL_S = 0.1


@dataclass(slots=True)
class Pad:
    """One address of the line and who it is carried to."""

    addr: int
    requests: deque[codec.Frame] = field(default_factory=lambda: deque(maxlen=WAITING_MAX))
    answers: deque[codec.Frame] = field(default_factory=lambda: deque(maxlen=WAITING_MAX))
    to: Callable[[bytes], None] | None = None


class NeutralCarrier:
    """One address over another connection."""

    def __init__(self, pad: Pad, to: Callable[[bytes], None]) -> None:
        self._pad, self._to = pad, to
        self._parser = codec.FrameParser()
        self.dropped = 0
        """Frames for other addresses."""
        pad.to = to

    def feed(self, data: bytes) -> None:
        """Bytes of the driver at the far end; any thread, one at a time."""
        for item in self._parser.feed(data):
            if not isinstance(item, codec.Frame):
                continue
            if item.addr != self._pad.addr:
                self.dropped += 1
            elif item.cmd == codec.Command.ACK:
                self._pad.answers.append(item)
            else:
                self._pad.requests.append(item)

    def close(self) -> None:
        """No more of either."""
        if self._pad.to == self._to:
            self._pad.to = None
            self._pad.requests.clear()
            self._pad.answers.clear()


class NeutralLine(PortDriver[None]):
    """Owns the line and its pads at `addresses`."""

    kind = "keypad"

    def __init__(self, address: Address | str, *, addresses: Iterable[int], around: Surroundings | None = None) -> None:
        super().__init__(address, around=around)
        self.pads = {number: Pad(number) for number in addresses}
        if not self.pads or any(number not in codec.ADDRESSES for number in self.pads):
            raise BadAddress(f"{self.address}: a line has pads at addresses 1 to 254")
        self.strangers: set[int] = set()
        self._fresh()

    def _fresh(self) -> None:
        self._parser = codec.FrameParser()
        self._awaited: codec.Frame | None = None
        self._awaited_until_s = 0.0
        self._free_s = 0.0
        self._last_data_s = self._clock()
        self._turns = deque(self.pads.values())

    def carry(self, addr: int, to: Callable[[bytes], None]) -> NeutralCarrier:
        """Carries one address: its frames go `to` the new connection. KeyError for one that is not on this line."""
        return NeutralCarrier(self.pads[addr], to)

    # -- the thread ---------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._fresh()
        self.book.quiet()

    def _turn(self) -> None:
        now = self._clock()
        if self._awaited is not None and now >= self._awaited_until_s:
            self._awaited = None
            self.book.retries += 1
        if now < self._free_s:
            return
        for pad in self.pads.values():
            while pad.answers:
                self._put(pad.answers.popleft())
        if self._awaited is None:
            self._next_request()

    def _next_request(self) -> None:
        """The pads take turns, so that a busy one starves nobody."""
        for _ in range(len(self._turns)):
            pad = self._turns[0]
            self._turns.rotate(-1)
            if pad.requests:
                self._awaited = pad.requests.popleft()
                self._put(self._awaited)
                self._awaited_until_s = self._clock() + ANSWER_S
                return

    def _put(self, frame: codec.Frame) -> None:
        self._send(frame.encode())
        self._free_s = self._clock() + GAP_S

    def _listen(self, timeout_s: float) -> None:
        """Shorter waits while somebody waits: a frame must not lie here for a whole turn."""
        busy = self._awaited is not None or any(pad.requests or pad.answers for pad in self.pads.values())
        super()._listen(GAP_S if busy else timeout_s / 3)
        if self._clock() - self._last_data_s > PARTIAL_S:
            self._handle(self._parser.flush())

    def _received(self, data: bytes) -> None:
        self._last_data_s = self._clock()
        self._handle(self._parser.feed(data))

    def _handle(self, found: list[codec.Frame | codec.Junk]) -> None:
        for item in found:
            if isinstance(item, codec.Junk):
                self.book.junk(len(item.raw))
            else:
                self._route(item)

    def _route(self, frame: codec.Frame) -> None:
        self._heard()
        pad = self.pads.get(frame.addr)
        if pad is None:
            self.strangers.add(frame.addr)
            return
        waited = self._awaited
        if waited is not None and frame.cmd == codec.Command.ACK and frame.addr == waited.addr:
            self._awaited = None
        if pad.to is not None:
            pad.to(frame.encode())
