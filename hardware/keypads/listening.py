"""What all keypads have in common that can be heard and not asked: the question on the host's side alone.

Such a device says nothing until a key is pressed. Its health is `unknown` until then, and again when nothing was heard
for long; whether it shows what it is told nobody can say, so a receipt is `unknown` at best.
"""

from __future__ import annotations

import logging

from hardware.address import Address
from hardware.driver import PortDriver, Surroundings, Waiting
from hardware.health import KEYPAD_FAULTS, Key
from hardware.keypads.asking import Debounce, Question
from hardware.keypads.jobs import Ask, Cancel, PadJob, ShowNumber, ShowWaiting, Staff, Welcome

log = logging.getLogger(__name__)

FRESH_S = 600.0
PARTIAL_S = 0.1
"""After so much silence an unfinished frame is none."""
GARBAGE_BYTES = 32
"""So much junk without a single frame between is a fault of the line."""


class ListeningPad(PortDriver[PadJob]):
    """Subclasses give `_bytes_for`, `_received` and, with a stream to cut, `_silence`."""

    kind = "keypad"

    def __init__(self, address: Address | str, *, around: Surroundings | None = None, debounce_s: float = 0.3) -> None:
        super().__init__(address, around=around)
        self.question = Question(self.address, tell=self._tell, wall=self._wall)
        self.debounce = Debounce(quiet_s=debounce_s)
        self._heard_s: float | None = None
        self._last_data_s = 0.0
        self._noise = 0
        self._current: Waiting[PadJob] | None = None
        self._shown: dict[type, PadJob] = {}
        """What the device shall show, by kind of job: sent again when the port is back."""

    # -- for subclasses -----------------------------------------------------------------------------------------

    def _bytes_for(self, job: PadJob) -> tuple[bytes, set[str]]:
        """What is sent for a job (b"" for nothing), and the characters its character set lacks."""
        return b"", set()

    def _silence(self) -> None:
        """Nothing came for PARTIAL_S."""

    def _heard_sense(self) -> None:
        """A frame that makes sense."""
        self._heard_s = self._clock()
        self._noise = 0
        self._heard()

    def _count_junk(self, size: int) -> None:
        self.book.junk(size)
        self._noise += size
        if self._noise >= GARBAGE_BYTES and "garbage" not in self.book.faults:
            log.warning("%s: noise on the line", self.address)
            self.book.quiet(code="garbage")

    def _pressed(self, meaning: int | str | None, *, code: int, what: object) -> None:
        """A key: a level, a word of a call pad, or None for a code nobody has named."""
        now = self._clock()
        if not self.debounce.is_new(what, now=now):
            return
        if meaning is None:
            self.question.ignore(code, "unmapped_key")
        elif isinstance(meaning, int):
            self.question.press(meaning, now=now)
        else:
            self._tell(Key(self.address, meaning, self._wall()))

    def _is_stuck(self, *, now: float) -> bool:
        return self.debounce.is_stuck(now=now)

    # -- the life of the driver ---------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._noise = 0
        self._last_data_s = self._clock()
        self._heard_s = None
        self.book.quiet()
        for job in self._shown.values():
            self._say(job)
        if self.question.session is not None:
            self._say(Ask(session=self.question.session))

    def _say(self, job: PadJob) -> set[str]:
        """Sends what a job says; the characters that had to be replaced."""
        raw, replaced = self._bytes_for(job)
        if raw:
            self._send(raw)
        return replaced

    def _remember(self, job: PadJob) -> None:
        if isinstance(job, ShowNumber | ShowWaiting | Staff):
            self._shown[type(job)] = job
        elif isinstance(job, Welcome):
            self._shown.pop(Staff, None)

    def _turn(self) -> None:
        now = self._clock()
        self._pass_time(now)
        if (waiting := self._next_job()) is not None:
            self._current = waiting
            self._do(waiting)
            self._current = None

    def _pass_time(self, now: float) -> None:
        if self.question.pass_time(now=now):
            self._idle()
        stuck = self._is_stuck(now=now)
        if stuck != ("key_stuck" in self.book.faults):
            self.book.set_faults({"key_stuck"} if stuck else set(), among=KEYPAD_FAULTS)
        if self._heard_s is not None and now - self._heard_s > FRESH_S:
            self._heard_s = None
            self.book.quiet()

    def _idle(self) -> None:
        """The question ended by itself: back to the idle picture, where the device has one."""
        self._say(Welcome())

    def _do(self, waiting: Waiting[PadJob]) -> None:
        error = None
        self._remember(waiting.job)
        match waiting.job:
            case Ask() as ask:
                self.question.ask(ask, now=self._clock())
            case Cancel(session=session):
                error = None if self.question.cancel(session) else "no_such_ask"
        replaced = self._say(waiting.job) if error is None else set()
        self._finish(waiting, error=error, warnings=tuple(f"replaced:{letter}" for letter in sorted(replaced)))

    def _listen(self, timeout_s: float) -> None:
        super()._listen(timeout_s)
        if self._clock() - self._last_data_s > PARTIAL_S:
            self._silence()

    def _left_undone(self) -> None:
        if self._current is not None:
            waiting, self._current = self._current, None
            self._finish(waiting, error="gone")

    def _end_waiting_jobs(self, code: str) -> None:
        """A question lives on while the port is away, until its time is over."""
        self.question.pass_time(now=self._clock())
        if self._stop.is_set():
            self.question.close("stopped")
        while (waiting := self._next_job()) is not None:
            self._remember(waiting.job)
            if isinstance(waiting.job, Cancel):
                self.question.cancel(waiting.job.session)
            self._finish(waiting, error=code)
