"""A line of `pad68` pads made of software, one to many: keys, ratings, displays, dead pads, a stuck key.

A pad sends its key and waits for the host's answer; without one it sends it again, three times in all. One pad speaks
at a time, as on a real line.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from hardware.keypads.pad68 import codec
from hardware.simulation.device import BadCommand, SimulatedDevice

REPEAT_S = 0.3
TRIES = 3
STUCK_EVERY_S = 0.2
UNANSWERED_KEPT = 50


@dataclass(slots=True)
class _Sending:
    frame: codec.Frame
    tries: int = 0
    next_s: float = 0.0


@dataclass(slots=True)
class SimulatedStation:
    """One pad of the line."""

    addr: int
    waiting: str = "000"
    number: str = "000"
    stars: int | None = None
    beeps: int = 0
    rating_open: bool = False
    alive: bool = True
    answered: int = 0
    """Keys the host answered."""
    unanswered: int = 0
    """Keys given up after three tries."""
    unknown: deque[bytes] = field(default_factory=lambda: deque(maxlen=UNANSWERED_KEPT))
    """Frames of the host this pad cannot read."""


class SimulatedPads(SimulatedDevice):
    """The line. `answering` pads send the host's frames back, which real ones are not known to do."""

    kind = "pad68"
    own_faults = frozenset({"key_stuck"})
    commands = (
        "press [ADDR] KEY | type [ADDR] DIGITS KEY | rate [ADDR] VALUE | dead ADDR | alive ADDR | "
        "fault NAME | clear [NAME] | status | help; KEY: call recall no_show hold return transfer pause rate cancel"
    )

    def __init__(self, addresses: Iterable[int] = (1,), *, answering: bool = False) -> None:
        super().__init__()
        self.pads = {addr: SimulatedStation(addr) for addr in addresses}
        if not self.pads or any(addr not in codec.ADDRESSES for addr in self.pads):
            raise ValueError("a line has at least one pad, at 1 to 254")
        self.answering = answering
        self._outbox: deque[_Sending] = deque()
        self._stuck_next_s = 0.0

    def open_conversation(self) -> LineConversation:
        return LineConversation(self)

    @property
    def first(self) -> SimulatedStation:
        """The pad of the lowest address."""
        return self.pads[min(self.pads)]

    def status(self) -> dict[str, object]:
        pads = [
            {
                "addr": pad.addr, "number": pad.number, "waiting": pad.waiting, "stars": pad.stars, "beeps": pad.beeps,
                "rating_open": pad.rating_open, "alive": pad.alive,
                "answered": pad.answered, "unanswered": pad.unanswered,
            }
            for pad in self.pads.values()
        ]  # fmt: skip
        first = self.first
        return {**super().status(), "number": first.number, "waiting": first.waiting, "pads": pads}

    # -- keys ---------------------------------------------------------------------------------------------------

    def press(self, key: str, *, addr: int | None = None, digits: str = "") -> None:
        """A clerk presses a key, perhaps after some digits. KeyError for a key or a pad there is not."""
        self._queue(addr, lambda number: codec.key_frame(number, key, digits=digits))

    def rate(self, value: int, *, addr: int | None = None) -> None:
        """A visitor presses the rating key with that value on the wire (0, 1, 2, 3)."""
        self._queue(addr, lambda number: codec.rating_frame(number, value))

    def _queue(self, addr: int | None, make: Callable[[int], codec.Frame]) -> None:
        with self.lock:
            pad = self.pads[addr if addr is not None else min(self.pads)]
            frame = make(pad.addr)
            frame.encode()  # a ValueError here, not on the simulator's thread
            if pad.alive:
                self._outbox.append(_Sending(frame))

    def live(self, addr: int, *, alive: bool) -> None:
        """Takes a pad's power away, or gives it back: it has forgotten what it showed."""
        with self.lock:
            pad = self.pads[addr]
            self.pads[addr] = SimulatedStation(addr, alive=alive, answered=pad.answered, unanswered=pad.unanswered)
            self._outbox = deque(sending for sending in self._outbox if sending.frame.addr != addr)

    def own_command(self, words: list[str]) -> str:
        try:
            match words:
                case ["press", key]:
                    self.press(key)
                case ["press", addr, key]:
                    self.press(key, addr=int(addr))
                case ["type", digits, key]:
                    self.press(key, digits=digits)
                case ["type", addr, digits, key]:
                    self.press(key, addr=int(addr), digits=digits)
                case ["rate", value]:
                    self.rate(int(value))
                case ["rate", addr, value]:
                    self.rate(int(value), addr=int(addr))
                case ["dead" | "alive" as word, addr]:
                    self.live(int(addr), alive=word == "alive")
                case _:
                    raise BadCommand(f"unknown command; {self.kind} knows: {self.commands}")
        except KeyError as error:
            raise BadCommand(f"no such pad or key: {error}; {self.commands}") from error
        return "ok"

    # -- the wire -----------------------------------------------------------------------------------------------

    def due(self, now: float) -> bytes:
        """The frame whose turn it is."""
        if "key_stuck" in self.faults and now >= self._stuck_next_s:
            self._stuck_next_s = now + STUCK_EVERY_S
            return codec.key_frame(self.first.addr, "call").encode()
        while self._outbox:
            sending = self._outbox[0]
            if sending.next_s > now:
                return b""
            if sending.tries >= TRIES:
                self._outbox.popleft()
                self.pads[sending.frame.addr].unanswered += 1
                continue
            sending.tries += 1
            sending.next_s = now + REPEAT_S
            return sending.frame.encode()
        return b""

    def hear(self, frame: codec.Frame) -> bytes:
        """A frame of the host; what the addressed pad sends back."""
        pad = self.pads.get(frame.addr)
        if pad is None or not pad.alive:
            return b""
        if self._outbox and self._outbox[0].tries and frame == codec.answer_to(self._outbox[0].frame):
            pad.answered += 1
            self._outbox.popleft()
            pad.rating_open = pad.rating_open or frame == codec.open_rating(frame.addr)
            return b""
        if "key_stuck" in self.faults and frame == codec.key_frame(frame.addr, "call"):
            return b""
        self._obey(pad, frame)
        return frame.encode() if self.answering else b""

    def _obey(self, pad: SimulatedStation, frame: codec.Frame) -> None:
        shown = codec.read_show(frame)
        if shown is not None:
            pad.stars = shown.stars if shown.stars is not None else pad.stars
            pad.waiting = _over(pad.waiting, shown.waiting)
            pad.number = _over(pad.number, shown.number)
        elif frame.func == codec.BEEP:
            pad.beeps += 1
        elif frame == codec.open_rating(pad.addr):
            pad.rating_open = True
        else:
            pad.unknown.append(frame.encode())


def _over(digits: str, places: tuple[int | None, ...]) -> str:
    return "".join(old if new is None else str(new) for old, new in zip(digits, places, strict=True))


class LineConversation:
    """One host on the line."""

    def __init__(self, line: SimulatedPads) -> None:
        self._line = line
        self._parser = codec.FrameParser()

    def feed(self, data: bytes, now: float) -> bytes:
        frames = [item for item in self._parser.feed(data) if isinstance(item, codec.Frame)]
        return b"".join(self._line.hear(frame) for frame in frames) + self._line.due(now)

    def due(self, now: float) -> bytes:
        return self._line.due(now)
