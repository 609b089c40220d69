"""How a printer is asked what it is, what it can do and how it is, and when its answers are believed.

Real-time answers are single bytes that do not say which question they answer, so order and time are everything:
- A round of questions tells of one moment or it is asked again: a change told in the middle (automatic status), or an
  off-line bit without a cause, makes the answers before it answers of the past. They never take a fault back.
- After an unanswered question nothing is asked until the line was quiet: a late answer would be taken for the next one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from hardware.address import Address
from hardware.driver import PortDriver, Surroundings
from hardware.health import PRINTER_FAULTS
from hardware.printers import codec, profiles
from hardware.printers.heard import Heard

log = logging.getLogger(__name__)

PASSING = frozenset({"paper_near_end"})
"""Faults a ticket is printed with all the same; they are warned of in the receipt."""
RECOVERED_BY_COMMAND = frozenset({"recoverable", "cutter"})
ROUNDS_MAX = 3
SLICE_BYTES = 1024
"""Sent at once: about a second of a line at 9600, so that a slow line is no lost line and a stop is heeded."""
QUERIES = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Timing:
    """Patience, in seconds."""

    answer_s: float = 1.0
    """For each real-time answer; asked twice before a printer counts as silent."""
    quiet_s: float = 2.0
    """So long nothing must come before a printer that did not answer is asked again."""
    probe_s: float = 1.5
    confirm_s: float = 12.0
    """For the proof of printing, on top of the time the paper takes."""
    poll_idle_s: float = 10.0
    poll_fault_s: float = 2.0
    poll_busy_s: float = 1.0
    mouth_s: float = 3.0
    """For a ticket to reach the presenter's mouth, and for the one before to be taken out of it."""
    mouth_poll_s: float = 0.25
    recover_s: float = 10.0
    """Between two attempts to end an error whose cause may be gone."""
    queue_s: float = 8.0
    """A ticket that waited longer is not printed any more: its visitor has been told otherwise."""


@dataclass(slots=True)
class Caps:
    """What the printer has shown it can do; None is not tried yet."""

    width_dots: int
    status: bool | None = None
    automatic_status: bool = False
    process_id: bool | None = None
    barrier: bool | None = None
    presenter: bool = False
    maker: str = ""
    model: str = ""


J = TypeVar("J")


class PrinterTalk(PortDriver[J]):
    """The conversation with a printer, without what is printed."""

    def __init__(
        self,
        address: Address | str,
        *,
        profile: profiles.Profile | None,
        around: Surroundings | None,
        timing: Timing | None,
        identify: bool,
    ) -> None:
        super().__init__(address, around=around)
        self.profile = profile or profiles.named(self.at.options.get("profile", profiles.DEFAULT))
        self.timing = timing or Timing()
        self._identify = identify
        self._next_id = self._rng.randrange(1, 5000)
        self._torn = False
        """A ticket was left in the middle: its band may be unfinished, and it still hangs on the roll."""
        self._fresh()

    def _fresh(self) -> None:
        """Nothing asked through an earlier connection will be answered in this one."""
        presents = self.profile.presenter is not None
        self.caps = Caps(width_dots=self.profile.width_dots, presenter=presents)
        self.heard = Heard(codec.AnswerParser(full_status=self.profile.full_status))
        self._barriers_sent = 0
        self._next_poll_s = 0.0
        self._ask_not_before_s = 0.0
        self._next_recover_s = 0.0
        self._was_quiet = False
        self._last_status = b""
        self._in_mouth_since: float | None = None
        self._mouth_seen = False

    # -- opening ------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._fresh()
        self._send(codec.INITIALISE + self._automatic_on())
        answered = self._check() is not None or self._woken()
        self.caps.status = answered or (self.profile.status == "required")
        if not self.caps.status:
            self.book.quiet()
            log.info("%s answers no status request: tickets are printed unconfirmed", self.address)
            return
        if answered and not self._blocking():
            self._probe()

    def _automatic_on(self) -> bytes:
        """Switches on what the printer tells unasked; b"" where it tells nothing."""
        if self.profile.full_auto:
            return codec.full_status_mode(self.profile.full_auto)
        return codec.ASB_ON if self.profile.asb else b""

    def _woken(self) -> bool:
        """A printer may swallow questions into a picture that a program before us left open."""
        if self.profile.status != "required":
            return False
        self._complete_picture()
        self._wait_until(lambda: False, limit_s=self.timing.quiet_s)
        self._torn = self._check() is not None
        return self._torn

    def _complete_picture(self) -> None:
        """Zeros complete a picture left open; outside of one a printer ignores them (so does receiptio)."""
        self._send_slowly(bytes(self.profile.width_dots // 8 * self.profile.band_rows))

    def _send_slowly(self, data: bytes) -> None:
        """Slice by slice, listening in between; waits while the printer says XOFF."""
        for start in range(0, len(data), SLICE_BYTES):
            self._send(data[start : start + SLICE_BYTES])
            self._listen(0)
            if self.heard.paused:
                self._wait_until(lambda: not self.heard.paused or bool(self._blocking()), limit_s=self.timing.confirm_s)

    def _probe(self) -> None:
        """Asks once for each proof of printing; only a healthy printer's silence means that it lacks it."""
        if self._identify and not self.caps.maker:
            self._ask_identity()
        if self.profile.process_id == "never":
            self.caps.process_id = False
        elif self.caps.process_id is None:
            number = self._ask_process_id()
            self.caps.process_id = self._probed(lambda: number in self.heard.ids)
        if self.caps.process_id is False and self.caps.barrier is None:
            wanted = self._ask_barrier()
            self.caps.barrier = self.profile.barrier and self._probed(lambda: self.heard.barriers >= wanted)

    def _probed(self, answered: Callable[[], bool]) -> bool | None:
        if self._wait_until(answered, limit_s=self.timing.probe_s):
            return True
        return False if self._check() is not None and not self._blocking() else None

    def _ask_identity(self) -> None:
        identity = self.heard.identity
        identity.clear()
        self._send(codec.IDENTITY_MAKER + codec.IDENTITY_MODEL)
        self._wait_until(lambda: len(identity) >= 2, limit_s=self.timing.probe_s)
        self.caps.maker, self.caps.model = [*identity, "", ""][:2]
        self.book.identity = " ".join(filter(None, identity[:2]))

    def _new_process_id(self) -> int:
        """Ascending, so that a late answer is never taken for another."""
        number, self._next_id = self._next_id, self._next_id % codec.PROCESS_ID_MAX + 1
        self.heard.ids.pop(number, None)
        return number

    def _ask_process_id(self) -> int:
        number = self._new_process_id()
        self._send(codec.process_id_request(number))
        return number

    def _ask_barrier(self) -> int:
        self._barriers_sent += 1
        self._send(codec.BARRIER)
        return self._barriers_sent

    def _settle_barriers(self) -> None:
        """A barrier that was never answered is in the printer's buffer still, or was forgotten in a power cut.

        Answers come in order: when one asked now is answered and then nothing more, all that was sent is settled.
        """
        heard = self.heard
        if not self.caps.barrier or heard.barriers >= self._barriers_sent:
            return
        before = heard.barriers
        self._ask_barrier()
        if not self._wait_until(lambda: heard.barriers > before, limit_s=self.timing.probe_s):
            return
        while heard.barriers < self._barriers_sent:
            seen = heard.barriers
            if not self._wait_until(lambda seen=seen: heard.barriers > seen, limit_s=self.timing.answer_s):  # type: ignore[misc]
                self._barriers_sent = heard.barriers

    # -- asking how it is ---------------------------------------------------------------------------------------

    def _check(self) -> bytes | None:
        """Asks for the state and notes it; the answering bytes, or None when the printer does not answer."""
        self._next_poll_s = self._clock() + self.timing.poll_idle_s
        if self._clock() < self._ask_not_before_s:
            self._poll_again()
            return None
        junk, begun = self.heard.junk, self._clock()
        status = self._full_round() if self.profile.full_status else self._standard_round()
        if status is None:
            self._unanswered(junk=self.heard.junk > junk)
        else:
            self._answered(status, took_s=self._clock() - begun)
        self._poll_again()
        return status

    def _answered(self, status: bytes, *, took_s: float) -> None:
        self._last_status = status
        self._heard(round_trip_s=took_s / (1 if self.profile.full_status else len(QUERIES)))
        if self._was_quiet and self._automatic_on():
            self._send(self._automatic_on())  # it may have been switched off and on: automatic status is off then
        self._was_quiet = False

    def _unanswered(self, *, junk: bool) -> None:
        self.heard.give_up()
        self._ask_not_before_s = self._clock() + self.timing.quiet_s
        self.book.retries += 1
        tongue = codec.foreign(self.heard.odd)
        if tongue is not None and "garbage" not in self.book.faults:
            log.warning("%s answers like a %s printer: this is not ESC/POS, set it to ESC/POS", self.address, tongue)
        if self.caps.status is not None or self.profile.status == "required":
            self._gone_quiet("garbage" if junk or tongue else "silent")

    def _gone_quiet(self, code: str) -> None:
        if code not in self.book.faults:
            log.warning("%s does not answer (%s)", self.address, code)
        self._was_quiet = True
        self.book.quiet(code=code)

    def _poll_again(self) -> None:
        idle = self.timing.poll_fault_s if self.book.faults - PASSING else self.timing.poll_idle_s
        if self._in_mouth_since is not None:
            idle = min(idle, self.timing.poll_busy_s)
        self._next_poll_s = self._clock() + idle

    def _standard_round(self) -> bytes | None:
        """DLE EOT 1 to 4, one after the other, until all four are of one moment."""
        masks = self.profile.masks
        for turn in range(ROUNDS_MAX):
            blocks = self.heard.blocks
            self.heard.new_round()
            if not all(self._ask(query) for query in QUERIES):
                return None
            values = {query: self.heard.real_time[query] for query in QUERIES}
            if self.profile.asb and blocks != self.heard.blocks:
                continue
            if turn or codec.in_step(values, masks):
                self._note(codec.real_time_faults(values, masks))
                break
        return bytes(values.values())

    def _ask(self, query: int) -> bool:
        """One question, once more when nothing comes; a second answer to it is waited for, never left for the next."""
        answered = partial(self.heard.real_time.__contains__, query)
        for turn in range(2):
            self.heard.parser.asked(query)
            self._send(codec.status_query(query))
            if self._wait_until(answered, limit_s=self.timing.answer_s):
                if turn:
                    self._wait_until(lambda: not self.heard.parser.outstanding, limit_s=self.timing.answer_s)
                    self.heard.parser.forget_asked()
                return True
            self.book.retries += 1
        self.heard.parser.forget_asked()
        return False

    def _full_round(self) -> bytes | None:
        """DLE EOT 20 of Custom's printers: one answer of six bytes, so always of one moment."""
        for _ in range(2):
            self.heard.new_round()
            self._send(codec.FULL_STATUS)
            if self._wait_until(lambda: self.heard.full is not None, limit_s=self.timing.answer_s):
                assert self.heard.full is not None
                return self.heard.full.raw
            self.heard.give_up()
            self.book.retries += 1
        return None

    # -- what it says -------------------------------------------------------------------------------------------

    def _take(self, data: bytes) -> list[codec.Answer]:
        """Bytes arrived: notes what they tell about the printer's state."""
        junk, stray = self.heard.junk, self.heard.stray
        answers = self.heard.take(data)
        for answer in answers:
            if isinstance(answer, codec.AutomaticStatus) and not self.caps.automatic_status and not self.profile.asb:
                continue  # not switched on: a status byte of another dialect
            if isinstance(answer, codec.AutomaticStatus):
                self.caps.automatic_status = True
                self._heard()
                self._note(codec.automatic_faults(answer.raw, self.profile.masks))
            elif isinstance(answer, codec.FullStatus):
                self._note(codec.full_faults(answer.groups, self.profile.masks))
        if self.heard.junk > junk:
            self.book.junk(self.heard.junk - junk)
        if self.heard.stray > stray:
            self._ask_not_before_s = max(self._ask_not_before_s, self._clock() + self._late_quiet_s())
        return answers

    def _late_quiet_s(self) -> float:
        """A stray answer while a printer counts as silent is a late one, and more may follow."""
        return self.timing.quiet_s if self._was_quiet else 0.0

    def _note(self, faults: set[str]) -> None:
        """These and no other faults are present now."""
        self.book.set_faults(self._without_fresh_ticket(faults), among=PRINTER_FAULTS)

    def _without_fresh_ticket(self, faults: set[str]) -> set[str]:
        """A ticket in the mouth is a fault only when nobody took it for long."""
        presenter = self.profile.presenter
        if presenter is None:
            return faults
        if "ticket_not_taken" not in faults:
            self._in_mouth_since = None
            return faults
        self._mouth_seen = True
        if self._in_mouth_since is None:
            self._in_mouth_since = self._clock()
        fresh = self._clock() - self._in_mouth_since < presenter.taken_within_s
        return faults - {"ticket_not_taken"} if fresh else faults

    def _blocking(self) -> set[str]:
        """The faults with which no ticket can be printed."""
        return set(self.book.faults & PRINTER_FAULTS) - PASSING

    # -- while nothing is printed -------------------------------------------------------------------------------

    def _look_after(self) -> None:
        """Polls when it is time, and ends an error whose cause was removed."""
        if self._clock() < self._next_poll_s:
            return
        self._check()
        stuck = self.book.faults & RECOVERED_BY_COMMAND
        if stuck and self.profile.recover == "clear" and self._clock() >= self._next_recover_s:
            log.info("%s: %s: asked to go on, without what it had not printed", self.address, min(stuck))
            self._next_recover_s = self._clock() + self.timing.recover_s
            self._send(codec.RECOVER_CLEAR)

    def _clear_mouth(self) -> str | None:
        """Before a new ticket the one before must be out of the mouth: taken, else dropped or drawn back."""
        presenter = self.profile.presenter
        if presenter is None or self._in_mouth_since is None or self._mouth_free(self.timing.mouth_s):
            return None
        if presenter.when_left == "keep":
            return "ticket_not_taken"
        log.info("%s: nobody took the ticket before: %s", self.address, presenter.when_left)
        self._send(presenter.eject if presenter.when_left == "eject" else presenter.retract)
        return None if self._mouth_free(self.timing.mouth_s) else "ticket_not_taken"

    def _mouth_free(self, limit_s: float) -> bool:
        end = self._clock() + limit_s
        while self._in_mouth_since is not None and self._clock() < end:
            self._wait_until(lambda: self._in_mouth_since is None, limit_s=self.timing.mouth_poll_s)
            if self._in_mouth_since is not None and self._check() is None:
                return False
        return self._in_mouth_since is None
