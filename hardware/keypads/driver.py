"""One `neutral` keypad: asks, hears presses, and counts the one that proves which question it answers.

The rule of docs/devices-pads.md, complete: a fresh 32-bit nonce for every ASK; a press counts when session and nonce
are those of the one open ASK, its pad is ours, its key exists and the time is not over on the host's monotonic clock;
the first such press closes the ASK; everything else is answered with error 4 and told as KeyIgnored.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from hardware.address import Address
from hardware.driver import PortDriver, Surroundings, Waiting
from hardware.health import KEYPAD_FAULTS, KeyIgnored, PadHello, Rated, Unrated
from hardware.keypads import codec
from hardware.keypads.asking import Ask, Cancel, Pace
from hardware.keypads.codec import Error, Staff, Welcome

__all__ = ["Ask", "Cancel", "KeypadDriver", "KeypadJob", "Staff", "Timing", "Welcome"]

log = logging.getLogger(__name__)

TRIES = 3
REPEAT_S = 2.0
"""The same frame within this time is a repeat after a lost ACK: answered again, acted on once."""
REPEATS_KEPT = 32
ERROR_WORDS = {
    Error.UNKNOWN_COMMAND: "unknown_command",
    Error.BAD_LENGTH: "bad_length",
    Error.BUSY: "busy",
    Error.NO_SUCH_ASK: "no_such_ask",
    Error.NO_SUCH_KEY: "no_such_key",
}


@dataclass(frozen=True, slots=True)
class Everyone:
    """For every pad of the line (address FF). Nobody acknowledges it, and a question is never asked so."""

    message: Staff | Welcome


KeypadJob = Ask | Cancel | Staff | Welcome | Everyone


@dataclass(frozen=True, slots=True)
class Timing:
    """Patience, in seconds."""

    answer_s: float = 0.3
    ping_s: float = 15.0
    ping_silent_s: float = 2.0
    partial_s: float = 0.1


@dataclass(slots=True)
class _OpenAsk:
    session: int
    nonce: int
    asked_s: float
    ends_s: float
    delivered: bool = False
    """Whether the pad acknowledged it."""


class KeypadDriver(PortDriver[KeypadJob]):
    """Drives the pad with the address `?addr=` (1) on its line. `?keys=` is what the pad has until it says HELLO."""

    kind = "keypad"

    def __init__(
        self,
        address: Address | str,
        *,
        around: Surroundings | None = None,
        timing: Timing | None = None,
        random_bytes: Callable[[int], bytes] = os.urandom,
    ) -> None:
        super().__init__(address, around=around)
        self.timing = timing or Timing()
        self.pad = self.at.number("addr", 1)
        if self.pad not in codec.ADDRESSES:
            raise ValueError(f"{self.address}: addr is 1 to 254")
        self.keys = self.at.number("keys", 5)
        self._random_bytes = random_bytes
        self._used: set[int] = set()
        self._used_on: date | None = None
        self._open_ask: _OpenAsk | None = None
        self._seq = 0
        self._pace = Pace()
        self._answered: dict[codec.Frame, tuple[float, int]] = {}
        self._current: Waiting[KeypadJob] | None = None
        self._fresh()

    def _fresh(self) -> None:
        self._parser = codec.FrameParser()
        self._awaited: tuple[int, int] | None = None
        """SEQ and CMD of the command under way."""
        self._ack: codec.Ack | None = None
        self._restarted = False
        self._last_data_s = self._clock()
        self._ping_at_s = 0.0

    # -- opening ------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._fresh()
        self._ping()
        if "silent" not in self.book.faults:
            self._wait_until(lambda: self._restarted, limit_s=self.timing.answer_s)
            self._restarted = False
            self._ask_again()

    def _ask_again(self) -> None:
        """After a reopened port or a restarted pad the question is a new one: a new nonce cancels the old."""
        if self._open_ask is not None and self._clock() < self._open_ask.ends_s:
            self._open_ask.nonce = self._fresh_nonce()
            self._deliver_ask()

    def _ask_undelivered(self) -> None:
        """The pad answers again. It may have got the question and lost only the ACK: a repeat keeps the nonce."""
        ask = self._open_ask
        if ask is not None and not ask.delivered and self._clock() < ask.ends_s:
            self._deliver_ask()

    # -- asking -------------------------------------------------------------------------------------------------

    def _command(self, message: codec.Message) -> int | None:
        """Sends a command, up to three times; the ACK's error, None when nobody answers. A repeat after silence keeps
        its SEQ, so that the pad acts once; after `busy` it is a new command, because the pad did not act."""
        frame, error = self._numbered(message), None
        for attempt in range(TRIES):
            error = self._once(frame, again=attempt > 0)
            if error is not None and error != Error.BUSY:
                return error
            if error == Error.BUSY:
                self._wait_until(lambda: False, limit_s=self.timing.answer_s)
                frame = self._numbered(message)
        if error is None:
            if "silent" not in self.book.faults:
                log.warning("%s does not answer", self.address)
            self.book.quiet(code="silent")
            self._ping_at_s = self._clock() + self.timing.ping_silent_s
        return error

    def _numbered(self, message: codec.Message, *, addr: int | None = None) -> codec.Frame:
        self._seq = (self._seq + 1) % 256
        return codec.frame_of(message, addr=self.pad if addr is None else addr, seq=self._seq)

    def _once(self, frame: codec.Frame, *, again: bool) -> int | None:
        """Sends it and waits for its ACK; the ACK's error, None when it does not come in time."""
        self._awaited, self._ack = (frame.seq, frame.cmd), None
        begun = self._clock()
        self._send(frame.encode())
        came = self._wait_until(lambda: self._ack is not None, limit_s=self.timing.answer_s)
        ack, self._awaited = self._ack, None
        if not came or ack is None:
            self.book.retries += again
            return None
        self._heard(round_trip_s=self._clock() - begun)
        self._ping_at_s = self._clock() + self.timing.ping_s
        return ack.error

    def _ping(self) -> None:
        was_silent = "silent" in self.book.faults
        if self._command(codec.Ping()) is not None and was_silent:
            self._ask_undelivered()

    def _fresh_nonce(self) -> int:
        """32 bits from the operating system, not 0, not one used on this pad today."""
        today = self._wall().date()
        if today != self._used_on:
            self._used, self._used_on = set(), today
        while True:
            nonce = int.from_bytes(self._random_bytes(4), "little")
            if nonce and nonce not in self._used:
                self._used.add(nonce)
                return nonce

    def _deliver_ask(self) -> int | None:
        ask = self._open_ask
        assert ask is not None
        ask.asked_s = self._clock()
        left_s = max(1, min(round(ask.ends_s - ask.asked_s), 0xFFFF))
        ask.delivered = False
        error = self._command(codec.AskFrame(ask.session, left_s, ask.nonce))
        ask.delivered = error == Error.OK
        return error

    # -- working ------------------------------------------------------------------------------------------------

    def _turn(self) -> None:
        if self._open_ask is not None and self._clock() > self._open_ask.ends_s:
            self._close_ask("timed_out")
        if self._restarted:
            self._restarted = False
            self._ask_again()
        waiting = self._next_job()
        if waiting is not None:
            self._current = waiting
            self._do(waiting)
            self._current = None
        elif self._clock() >= self._ping_at_s:
            self._ping()

    def _do(self, waiting: Waiting[KeypadJob]) -> None:
        match waiting.job:
            case Ask(session=session, timeout_s=timeout_s):
                self._close_ask("replaced")
                now = self._clock()
                self._open_ask = _OpenAsk(session, self._fresh_nonce(), now, now + timeout_s)
                error = self._deliver_ask()
            case Cancel(session=session):
                if self._open_ask is not None and self._open_ask.session == session:
                    self._close_ask("cancelled")
                error = self._command(codec.CancelFrame(session))
            case Staff() | Welcome() as message:
                error = self._command(message)
            case Everyone(message=message):
                self._send(self._numbered(message, addr=codec.BROADCAST).encode())
                self._finish(waiting)
                return
        if error is None:
            self._finish(waiting, error="silent")
        elif error:
            self._finish(waiting, error=_word(error))
        else:
            self._finish(waiting, how="ack", evidence=bytes((codec.Command.ACK, error)))

    def _close_ask(self, reason: str) -> None:
        if self._open_ask is not None:
            ask, self._open_ask = self._open_ask, None
            self._tell(Unrated(self.address, ask.session, reason))

    # -- hearing ------------------------------------------------------------------------------------------------

    def _listen(self, timeout_s: float) -> None:
        super()._listen(timeout_s)
        if self._clock() - self._last_data_s > self.timing.partial_s:
            self._handle(self._parser.flush())

    def _received(self, data: bytes) -> None:
        self._last_data_s = self._clock()
        self._handle(self._parser.feed(data))

    def _handle(self, found: Sequence[codec.Frame | codec.Junk]) -> None:
        for item in found:
            if isinstance(item, codec.Junk):
                self.book.junk(len(item.raw))
            elif item.addr not in codec.ADDRESSES:
                self.book.junk(len(item.encode()))
            elif item.cmd == codec.Command.ACK:
                self._note_ack(item)
            elif item.cmd not in codec.HOST_COMMANDS:  # those come back on a line that hears itself
                self._answer(item)

    def _note_ack(self, frame: codec.Frame) -> None:
        message = codec.read(frame)
        ours = isinstance(message, codec.Ack) and frame.addr == self.pad
        if ours and isinstance(message, codec.Ack) and self._awaited == (frame.seq, message.command):
            self._ack = message

    def _answer(self, frame: codec.Frame) -> None:
        """Acts once and answers every time: a repeated frame gets the same answer again."""
        now = self._clock()
        self._answered = {one: kept for one, kept in self._answered.items() if now - kept[0] < REPEAT_S}
        known = self._answered.get(frame)
        error = known[1] if known is not None else self._act(frame)
        if known is None and len(self._answered) < REPEATS_KEPT:
            self._answered[frame] = (now, error)
        ack = codec.Ack(command=frame.cmd, error=error)
        self._send(codec.frame_of(ack, addr=frame.addr, seq=frame.seq).encode())

    def _act(self, frame: codec.Frame) -> int:
        message = codec.read(frame)
        if isinstance(message, Error):
            return message
        if isinstance(message, codec.Press):
            return self._judge(frame, message)
        if frame.addr != self.pad:
            return Error.OK
        self._heard()
        match message:
            case codec.Hello():
                self._hello(message)
            case codec.PadFault(code=code):
                word = codec.PAD_FAULTS.get(code, "pad_memory")
                self.book.set_faults((set(self.book.faults) & KEYPAD_FAULTS) | {word}, among=KEYPAD_FAULTS)
            case _:
                return Error.UNKNOWN_COMMAND
        return Error.OK

    def _hello(self, hello: codec.Hello) -> None:
        self._restarted = True
        self.keys = hello.keys
        self.book.identity, self.book.firmware = hello.identity, hello.firmware
        self.book.set_faults(set(), among=KEYPAD_FAULTS)
        self._tell(PadHello(self.address, hello.identity, hello.firmware, hello.keys))

    def _judge(self, frame: codec.Frame, press: codec.Press) -> int:
        reason = self._reason_against(frame, press)
        if reason is not None:
            self._tell(KeyIgnored(self.address, reason, press.session, press.key, self._wall()))
            if reason != "other_pad" and self._is_replay(press):
                self.book.set_faults((set(self.book.faults) & KEYPAD_FAULTS) | {"replay"}, among=KEYPAD_FAULTS)
            return Error.NO_SUCH_ASK
        ask = self._open_ask
        assert ask is not None
        self._heard()
        self.book.set_faults(set(), among=KEYPAD_FAULTS)
        host_ms = round((self._clock() - ask.asked_s) * 1000)
        flags = self._pace.flags(press.ms_after_ask, host_ms=host_ms)
        self._open_ask = None
        self._tell(Rated(self.address, press.session, press.key, press.ms_after_ask, press.presses, flags=flags))
        return Error.OK

    def _reason_against(self, frame: codec.Frame, press: codec.Press) -> str | None:
        """Why a press does not count; None when it does."""
        ask = self._open_ask
        if frame.addr != self.pad:
            return "other_pad"
        if ask is None:
            return "no_open_ask"
        if press.session != ask.session:
            return "wrong_session"
        if press.nonce != ask.nonce:
            return "wrong_nonce"
        if self._clock() > ask.ends_s:
            return "late"
        return None if 1 <= press.key <= min(self.keys, 5) else "no_such_key"

    def _is_replay(self, press: codec.Press) -> bool:
        """The nonce of an earlier question of today, not of the open one."""
        return press.nonce in self._used and (self._open_ask is not None and press.nonce != self._open_ask.nonce)

    def _left_undone(self) -> None:
        """A question stays open while the port is away, until its time is over; its delivery has failed."""
        if self._current is not None:
            waiting, self._current = self._current, None
            self._finish(waiting, error="gone")

    def _end_waiting_jobs(self, code: str) -> None:
        if self._open_ask is not None and (self._clock() > self._open_ask.ends_s or self._stop.is_set()):
            self._close_ask("stopped" if self._stop.is_set() else "timed_out")
        super()._end_waiting_jobs(code)


def _word(error: int) -> str:
    try:
        return ERROR_WORDS[Error(error)]
    except (ValueError, KeyError):
        return f"error_{error}"
