"""A `neutral` keypad made of software: shows the question, sends the press, can be stuck, replayed or forged."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from hardware.health import KEYPAD_FAULTS
from hardware.keypads import codec
from hardware.keypads.codec import Error
from hardware.simulation.device import BadCommand, SimulatedDevice

REPEAT_S = 0.3
TRIES = 3
FAULT_CODES = {word: code for code, word in codec.PAD_FAULTS.items()}
FAULT_TEXTS = {"pad_memory": "memory test failed", "key_stuck": "key 3 stuck", "pad_display": "display off"}


@dataclass(slots=True)
class _Question:
    ask: codec.AskFrame
    begun_s: float
    presses: int = 0


@dataclass(slots=True)
class _Sending:
    frame: codec.Frame
    tries: int = 0
    next_s: float = 0.0


class SimulatedPad(SimulatedDevice):
    """The pad: its keys, its picture, the frames it still has to get through."""

    kind = "neutral"
    own_faults = KEYPAD_FAULTS
    """`replay`: the last press is sent again at every question, as somebody at the cable would."""
    commands = "press KEY | replay | forge KEY | restart | fault NAME | clear [NAME] | status | help"

    def __init__(self, *, addr: int = 1, keys: int = 5, identity: str = "SIM-PAD", firmware: str = "1.0") -> None:
        super().__init__()
        self.addr, self.keys = addr, keys
        self.identity, self.firmware = identity, firmware
        self.screen = "welcome"
        self.staff: codec.Staff | None = None
        self.question: _Question | None = None
        self.last_press: codec.Press | None = None
        self.refused: list[int] = []
        """Errors the host answered RATED with."""
        self.counted = 0
        self._last_ask: codec.AskFrame | None = None
        self._now = 0.0
        self._seq = 0
        self._told: set[str] = set()
        self._outbox: deque[_Sending] = deque()

    def open_conversation(self) -> PadConversation:
        return PadConversation(self)

    def status(self) -> dict[str, object]:
        return {
            **super().status(),
            "screen": self.screen,
            "question": self.question.ask.session if self.question else None,
            "staff": [self.staff.name, self.staff.number, self.staff.stars] if self.staff else None,
            "counted": self.counted,
            "refused": self.refused[-10:],
        }

    # -- keys ---------------------------------------------------------------------------------------------------

    def press(self, key: int) -> bool:
        """A visitor presses a key. Without an open question the press still travels, as on a real pad. Returns
        whether a question was open."""
        with self.lock:
            ask = self._last_ask or codec.AskFrame(0, 0, 0)
            begun_s = self.question.begun_s if self.question else self._now
            presses = 1
            if self.question is not None:
                self.question.presses += 1
                presses = min(self.question.presses, 255)
            ms = max(0, round((self._now - begun_s) * 1000))
            self.last_press = codec.Press(ask.session, key, ask.nonce, ms, presses)
            self._queue(self.last_press)
            return self.question is not None

    def replay(self) -> None:
        """The last press once more, as somebody at the cable would send it."""
        with self.lock:
            if self.last_press is not None:
                self._queue(self.last_press)

    def forge(self, key: int) -> None:
        """A press for the open question with a guessed nonce."""
        with self.lock:
            ask = self._last_ask or codec.AskFrame(1, 1, 1)
            self._queue(codec.Press(ask.session, key, ask.nonce ^ 1, 1000))

    def restart(self) -> None:
        """Loses power for a moment: forgets the question and says HELLO."""
        with self.lock:
            self.question, self._last_ask, self.screen = None, None, "welcome"
            self._outbox.clear()
            self._queue(codec.Hello(self.identity, self.firmware, self.keys))

    def faults_changed(self) -> None:
        own = self.faults & set(FAULT_CODES)
        for word in sorted(own - self._told):
            self._queue(codec.PadFault(FAULT_CODES[word], FAULT_TEXTS[word]))
        if self._told and not own:
            self._queue(codec.Hello(self.identity, self.firmware, self.keys))
        self._told = set(own)

    def own_command(self, words: list[str]) -> str:
        match words:
            case ["press", key] if key.isdigit():
                return "ok" if self.press(int(key) & 0xFF) else "ok no question open"
            case ["forge", key] if key.isdigit():
                self.forge(int(key) & 0xFF)
            case ["replay"]:
                self.replay()
            case ["restart"]:
                self.restart()
            case _:
                raise BadCommand(f"unknown command; {self.kind} knows: {self.commands}")
        return "ok"

    # -- the wire -----------------------------------------------------------------------------------------------

    def _queue(self, message: codec.Message) -> None:
        self._seq = (self._seq + 1) % 256
        self._outbox.append(_Sending(codec.frame_of(message, addr=self.addr, seq=self._seq)))

    def tick(self, now: float) -> None:
        self._now = now
        if self.question is not None and now - self.question.begun_s > self.question.ask.timeout_s:
            self.question, self.screen = None, "welcome"

    def due(self, now: float) -> bytes:
        """The frame whose turn it is, again every 300 ms, three times in all."""
        self._now = now
        while self._outbox:
            sending = self._outbox[0]
            if sending.next_s > now:
                return b""
            if sending.tries >= TRIES:
                self._outbox.popleft()
                continue
            sending.tries += 1
            sending.next_s = now + REPEAT_S
            return sending.frame.encode()
        return b""

    def obey(self, frame: codec.Frame, now: float) -> bytes:
        """The answer to one frame of the host."""
        self._now = now
        message = codec.read(frame)
        if isinstance(message, codec.Ack):
            self._acked(frame.seq, message)
            return b""
        error = message if isinstance(message, Error) else self._do(message)
        if frame.addr == codec.BROADCAST:
            return b""
        return codec.frame_of(codec.Ack(frame.cmd, error), addr=self.addr, seq=frame.seq).encode()

    def _acked(self, seq: int, ack: codec.Ack) -> None:
        if not self._outbox or self._outbox[0].frame.seq != seq or self._outbox[0].frame.cmd != ack.command:
            return
        self._outbox.popleft()
        if ack.command != codec.Command.RATED:
            return
        if ack.error:
            self.refused.append(ack.error)
        else:
            self.counted += 1
            self.question, self.screen = None, "thanks"

    def _do(self, message: codec.Message) -> Error:
        match message:
            case codec.Ping():
                pass
            case codec.Staff():
                self.staff = message
            case codec.Welcome():
                self.screen = "welcome"
            case codec.AskFrame():
                self._last_ask = message
                self.question = _Question(message, self._now)
                self.screen = "ask"
                if "replay" in self.faults:
                    self.replay()
            case codec.CancelFrame(session=session):
                if self.question is None or self.question.ask.session != session:
                    return Error.NO_SUCH_ASK
                self.question, self.screen = None, "welcome"
            case _:
                return Error.UNKNOWN_COMMAND
        return Error.OK

    def hello(self) -> None:
        """The host is new: say who is here."""
        self._queue(codec.Hello(self.identity, self.firmware, self.keys))


class PadConversation:
    """One host. The first PING of a connection is answered with a HELLO as well."""

    def __init__(self, pad: SimulatedPad) -> None:
        self._pad = pad
        self._parser = codec.FrameParser()
        self._greeted = False
        self._last: tuple[codec.Frame, bytes] | None = None

    def feed(self, data: bytes, now: float) -> bytes:
        answer = b""
        for item in self._parser.feed(data):
            if not isinstance(item, codec.Frame) or item.addr not in (self._pad.addr, codec.BROADCAST):
                continue
            answer += self._answered(item, now)
            if item.cmd == codec.Command.PING and not self._greeted:
                self._greeted = True
                self._pad.hello()
        return answer + self._pad.due(now)

    def _answered(self, frame: codec.Frame, now: float) -> bytes:
        """A command repeated with the same SEQ is answered again and obeyed once."""
        if self._last is not None and self._last[0] == frame:
            return self._last[1]
        reply = self._pad.obey(frame, now)
        if frame.cmd != codec.Command.ACK:
            self._last = (frame, reply)
        return reply

    def due(self, now: float) -> bytes:
        return self._pad.due(now)
