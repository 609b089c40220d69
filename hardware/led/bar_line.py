"""Several cards on one RS-485 line, each carried to a driver of its own by `hall-device serve`.

One request is out at a time: the next is sent when the card has answered or its time is over, so a dead card delays the
others by that time and no more. What a card does not answer is not repeated here, its driver does that; of one card the
newest request alone waits for the line, for an older one its driver has given up already.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Event, Lock
from typing import Generic, TypeVar

from hardware.address import Address, BadAddress
from hardware.driver import PortDriver, Surroundings
from hardware.led import bxk_codec as bxk
from hardware.led import cpower_codec as cpower
from hardware.led.stream import Delimited, Headed, Junk

F = TypeVar("F", bxk.Frame, cpower.Frame)


@dataclass(frozen=True, slots=True)
class Timing:
    """Patience, in seconds."""

    answer_s: float = 1.8
    """Less than the 2 s after which a driver repeats its request."""
    answer_dead_s: float = 0.25
    """For a card that left its last two requests unanswered: the others do not wait long for it."""
    gap_s: float = 0.005
    """Between two frames: about five characters at 9600 baud."""


UNANSWERED_MAX = 2


class BarLine(PortDriver[None], ABC, Generic[F]):
    """The cards at `addresses`. Subclasses know one protocol's frames."""

    kind = "led"

    def __init__(
        self,
        address: Address | str,
        *,
        addresses: Iterable[int],
        around: Surroundings | None = None,
        timing: Timing | None = None,
    ) -> None:
        super().__init__(address, around=around)
        self.timing = timing or Timing()
        self._unanswered = dict.fromkeys(addresses, 0)
        if not self._unanswered or not all(1 <= addr <= 254 for addr in self._unanswered):
            raise BadAddress(f"{self.address}: cards are 1 to 254, not {sorted(self._unanswered)}")
        self._waiting: OrderedDict[int, tuple[F, Callable[[F], None]]] = OrderedDict()
        self._lock = Lock()
        self._wake = Event()
        self._parser: Delimited[F] = self.parser()
        self._asked: int | None = None
        self._answer: F | None = None

    # -- what a protocol gives ----------------------------------------------------------------------------------

    @abstractmethod
    def parser(self) -> Delimited[F]:
        """Frames on the line."""

    def far_end(self, first: bytes) -> tuple[Delimited[F] | Headed[F], Callable[[F], bytes]]:
        """How the driver at the far end of a connection reads and writes, by its first bytes."""
        return self.parser(), lambda frame: frame.encode()

    @abstractmethod
    def card_of(self, frame: F, *, answer: bool) -> int:
        """The card a frame goes to or comes from."""

    @abstractmethod
    def is_answered(self, frame: F) -> bool:
        """Whether a request has an answer."""

    # -- for the server's thread --------------------------------------------------------------------------------

    def carry(self, addr: int, to: Callable[[bytes], None]) -> BarCarrier[F]:
        """A connection takes a card over."""
        return BarCarrier(self, addr, to)

    def put(self, addr: int, frame: F, out: Callable[[F], None]) -> None:
        """A request waits for the line."""
        with self._lock:
            self._waiting[addr] = (frame, out)
        self._wake.set()

    def forget(self, addr: int) -> None:
        """The connection is gone, and what it asked for."""
        with self._lock:
            self._waiting.pop(addr, None)

    # -- the line's thread --------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._parser = self.parser()
        self.book.quiet()

    def _listen(self, timeout_s: float) -> None:
        """Between requests cards say nothing: the wait is for the next request rather than for the port."""
        if self._asked is None:
            self._wake.wait(timeout_s)
            self._wake.clear()
            timeout_s = 0.0
        super()._listen(timeout_s)

    def _turn(self) -> None:
        while (request := self._next()) is not None and not self._stop.is_set():
            addr, frame, out = request
            answer = self._asking(addr, frame)
            if answer is not None:
                out(answer)
            self._stop.wait(self.timing.gap_s)

    def _next(self) -> tuple[int, F, Callable[[F], None]] | None:
        with self._lock:
            if not self._waiting:
                return None
            addr, (frame, out) = self._waiting.popitem(last=False)
            return addr, frame, out

    def _asking(self, addr: int, frame: F) -> F | None:
        self._answer = None
        self._asked = addr
        try:
            begun = self._clock()
            self._send(frame.encode())
            if not self.is_answered(frame):
                return None
            dead = self._unanswered[addr] >= UNANSWERED_MAX
            limit_s = self.timing.answer_dead_s if dead else self.timing.answer_s
            if self._wait_until(lambda: self._answer is not None, limit_s=limit_s):
                self._unanswered[addr] = 0
                self._heard(round_trip_s=self._clock() - begun)
            else:
                self._unanswered[addr] += 1
                self._count(self._parser.flush())
            return self._answer
        finally:
            self._asked = None

    def _received(self, data: bytes) -> None:
        self._count(self._parser.feed(data))

    def _count(self, found: Sequence[F | Junk]) -> None:
        for item in found:
            if isinstance(item, Junk):
                self.book.junk(len(item.raw))
            elif self._asked is not None and self.card_of(item, answer=True) == self._asked:
                self._answer = item


class BarCarrier(Generic[F]):
    """One card over another connection: the driver's frames in, the card's answers out."""

    def __init__(self, line: BarLine[F], addr: int, to: Callable[[bytes], None]) -> None:
        self._line: BarLine[F] = line
        self._addr = addr
        self._to = to
        self._parser: Delimited[F] | Headed[F] | None = None
        self._encode: Callable[[F], bytes] = lambda frame: frame.encode()
        self.dropped = 0
        """Frames for other cards: a counter has its own and no other."""

    def feed(self, data: bytes) -> None:
        """Bytes of the driver at the far end; any thread, one at a time."""
        if self._parser is None:
            self._parser, self._encode = self._line.far_end(data)
        for item in self._parser.feed(data):
            if isinstance(item, Junk):
                continue
            if self._line.card_of(item, answer=False) == self._addr:
                self._line.put(self._addr, item, self._back)
            else:
                self.dropped += 1

    def _back(self, answer: F) -> None:
        self._to(self._encode(answer))

    def close(self) -> None:
        """No more of either."""
        self._line.forget(self._addr)


class BxkLine(BarLine[bxk.Frame]):
    """BX-K cards."""

    def parser(self) -> Delimited[bxk.Frame]:
        return bxk.FrameParser()

    def card_of(self, frame: bxk.Frame, *, answer: bool) -> int:
        return frame.src if answer else frame.dst

    def is_answered(self, frame: bxk.Frame) -> bool:
        return frame.data[2:3] == b"\x01"


class CPowerLine(BarLine[cpower.Frame]):
    """C-Power cards; the drivers at the far ends may speak as over TCP or as on a line."""

    def parser(self) -> Delimited[cpower.Frame]:
        return cpower.FrameParser()

    def far_end(
        self, first: bytes
    ) -> tuple[Delimited[cpower.Frame] | Headed[cpower.Frame], Callable[[cpower.Frame], bytes]]:
        if first[:1] == cpower.LINE_HEAD:
            return super().far_end(first)
        return cpower.TcpParser(), lambda frame: frame.encode_tcp()

    def card_of(self, frame: cpower.Frame, *, answer: bool) -> int:
        return frame.card

    def is_answered(self, frame: cpower.Frame) -> bool:
        return frame.flag & 1 == 1
