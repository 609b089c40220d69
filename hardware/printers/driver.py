"""One ticket printer: pre-flight, send, confirm; never a second print by itself (docs/devices.md).

A ticket goes queued -> pre-flight -> sent -> confirmed | failed | unknown, and each of the last three is final.
Proof of printing is probed, best first: process id (printed), barrier (processed, then clean), a clean status after
the time printing takes (`asb`). A printer that cannot answer at all is printed to blindly: `unknown`.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from hardware.address import Address
from hardware.driver import PortDriver, Surroundings, Waiting
from hardware.fonts import FontMissing
from hardware.health import PRINTER_FAULTS, PrintedLate
from hardware.printers import codec, paper, profiles

log = logging.getLogger(__name__)

PASSING = frozenset({"paper_near_end"})
"""Faults a ticket is printed with all the same; they are warned of in the receipt."""
LATE_KEPT = 32


@dataclass(frozen=True, slots=True)
class PrintJob:
    """One paper. `ticket` names it in the receipt."""

    ticket: str
    blocks: Sequence[paper.Block]


@dataclass(frozen=True, slots=True)
class Timing:
    """Patience, in seconds."""

    answer_s: float = 1.0
    """For each real-time answer; asked twice before a printer counts as silent."""
    probe_s: float = 1.5
    confirm_s: float = 12.0
    """For the proof of printing, on top of the time the paper takes."""
    poll_idle_s: float = 10.0
    poll_fault_s: float = 2.0
    poll_busy_s: float = 1.0
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
    maker: str = ""
    model: str = ""


class PrinterDriver(PortDriver[PrintJob]):
    """Drives one ESC/POS printer. `profile` wins over the address's `?profile=`."""

    kind = "printer"

    def __init__(
        self,
        address: Address | str,
        *,
        profile: profiles.Profile | None = None,
        around: Surroundings | None = None,
        timing: Timing | None = None,
        identify: bool = False,
    ) -> None:
        super().__init__(address, around=around)
        self.profile = profile or profiles.named(self.at.options.get("profile", profiles.DEFAULT))
        self.timing = timing or Timing()
        self.caps = Caps(width_dots=self.profile.width_dots)
        self._identify = identify
        self._next_id = self._rng.randrange(1, 5000)
        self._late: OrderedDict[int, str] = OrderedDict()
        self._current: Waiting[PrintJob] | None = None
        self._sent = False
        self._fresh()

    def _fresh(self) -> None:
        """Nothing asked through an earlier connection will be answered in this one."""
        self._parser = codec.AnswerParser()
        self._answers: dict[int, int] = {}
        self._ids_back: dict[int, bytes] = {}
        self._barriers_sent = 0
        self._barriers_back = 0
        self._barrier_raw = b""
        self._identity: list[str] = []
        self._next_poll_s = 0.0

    # -- opening ------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._fresh()
        self.caps = Caps(width_dots=self.profile.width_dots)
        self._send(codec.INITIALISE + (codec.ASB_ON if self.profile.asb else b""))
        answered = self._check() is not None
        self.caps.status = answered or (self.profile.status == "required")
        if not self.caps.status:
            self.book.quiet()
            log.info("%s answers no status request: tickets are printed unconfirmed", self.address)
            return
        if answered and not self._blocking():
            self._probe()

    def _probe(self) -> None:
        """Asks once for each proof of printing; only a healthy printer's silence means that it lacks it."""
        if self._identify:
            self._ask_identity()
        if self.profile.process_id == "never":
            self.caps.process_id = False
        elif self.caps.process_id is None:
            number = self._ask_process_id()
            self.caps.process_id = self._probed(lambda: number in self._ids_back)
        if self.caps.process_id is False and self.caps.barrier is None:
            wanted = self._ask_barrier()
            self.caps.barrier = self.profile.barrier and self._probed(lambda: self._barriers_back >= wanted)

    def _probed(self, answered: Callable[[], bool]) -> bool | None:
        if self._wait_until(answered, limit_s=self.timing.probe_s):
            return True
        return False if self._check() is not None and not self._blocking() else None

    def _ask_identity(self) -> None:
        self._send(codec.IDENTITY_MAKER + codec.IDENTITY_MODEL)
        self._wait_until(lambda: len(self._identity) >= 2, limit_s=self.timing.probe_s)
        self.caps.maker, self.caps.model = [*self._identity, "", ""][:2]
        self.book.identity = " ".join(filter(None, self._identity[:2]))

    # -- asking -------------------------------------------------------------------------------------------------

    def _check(self) -> dict[int, int] | None:
        """DLE EOT 1 to 4, one after the other, twice if need be. None when the printer does not answer."""
        self._next_poll_s = self._clock() + self.timing.poll_idle_s
        junk = self.book.junk_bytes
        for _ in range(2):
            begun = self._clock()
            values = self._ask_status()
            if values is not None:
                self._heard(round_trip_s=(self._clock() - begun) / 4)
                self.book.set_faults(codec.real_time_faults(values, self.profile.masks), among=PRINTER_FAULTS)
                self._poll_again()
                return values
            self.book.retries += 1
        if self.caps.status is not None or self.profile.status == "required":
            self._gone_quiet("garbage" if self.book.junk_bytes > junk else "silent")
        self._poll_again()
        return None

    def _gone_quiet(self, code: str) -> None:
        if code not in self.book.faults:
            log.warning("%s does not answer (%s)", self.address, code)
        self.book.quiet(code=code)

    def _poll_again(self) -> None:
        idle = self.timing.poll_fault_s if self.book.faults - PASSING else self.timing.poll_idle_s
        self._next_poll_s = self._clock() + idle

    def _ask_status(self) -> dict[int, int] | None:
        self._parser.forget_asked()
        self._answers.clear()
        for query in (1, 2, 3, 4):
            self._parser.asked(query)
            self._send(codec.status_query(query))
            if not self._wait_until(partial(self._answers.__contains__, query), limit_s=self.timing.answer_s):
                self._count_junk(self._parser.flush())
                return None
        return dict(self._answers)

    def _ask_process_id(self) -> int:
        number, self._next_id = self._next_id, self._next_id % codec.PROCESS_ID_MAX + 1
        self._send(codec.process_id_request(number))
        return number

    def _ask_barrier(self) -> int:
        self._barriers_sent += 1
        self._send(codec.BARRIER)
        return self._barriers_sent

    def _blocking(self) -> set[str]:
        """The faults with which no ticket can be printed."""
        return set(self.book.faults & PRINTER_FAULTS) - PASSING

    # -- hearing ------------------------------------------------------------------------------------------------

    def _received(self, data: bytes) -> None:
        for answer in self._parser.feed(data):
            match answer:
                case codec.RealTimeStatus(query=query, value=value):
                    self._answers[query] = value
                case codec.AutomaticStatus(raw=raw):
                    self.caps.automatic_status = True
                    self._heard()
                    self.book.set_faults(codec.automatic_faults(raw, self.profile.masks), among=PRINTER_FAULTS)
                case codec.BlockAnswer():
                    self._block(answer)
                case codec.OneByteStatus(value=value):
                    self._barriers_back += 1
                    self._barrier_raw = bytes((value,))
                case codec.Junk():
                    self._count_junk([answer])
                case codec.FlowControl():
                    pass

    def _count_junk(self, answers: Sequence[codec.Answer]) -> None:
        for answer in answers:
            if isinstance(answer, codec.Junk):
                self.book.junk(len(answer.raw))

    def _block(self, answer: codec.BlockAnswer) -> None:
        if answer.identity is not None:
            self._identity.append(answer.identity)
        number = answer.process_id
        if number is None:
            return
        self._ids_back[number] = answer.raw
        late = self._late.pop(number, None)
        if late is not None:
            log.warning("%s: %s was printed after all", self.address, late)
            self._tell(PrintedLate(self.address, late, "process_id"))

    # -- printing -----------------------------------------------------------------------------------------------

    def _turn(self) -> None:
        waiting = self._next_job()
        if waiting is not None:
            self._print(waiting)
        elif self.caps.status and self._clock() >= self._next_poll_s:
            self._check()

    def _print(self, waiting: Waiting[PrintJob]) -> None:
        self._current, self._sent = waiting, False
        raster, undrawn = self._drawn(waiting.job)
        if raster is None:
            self._done(error=undrawn)
        elif self._clock() - waiting.accepted_s > self.timing.queue_s:
            self._done(error=min(self._blocking() or {"silent"}))
        elif self.caps.status and (reason := self._pre_flight()) is not None:
            self._done(error=reason)
        else:
            self._send_and_confirm(raster)

    def _drawn(self, job: PrintJob) -> tuple[paper.Raster | None, str]:
        try:
            picture = paper.render(job.blocks, width_dots=self.profile.width_dots)
        except FontMissing as missing:
            log.error("%s: %s", job.ticket, missing)
            return None, "font_missing"
        except paper.PaperTooNarrow as narrow:
            log.error("%s: %s", job.ticket, narrow)
            return None, "not_drawable"
        return paper.raster_of(picture), ""

    def _pre_flight(self) -> str | None:
        """The reason why nothing should be sent now, or None."""
        if self._check() is None:
            return "garbage" if "garbage" in self.book.faults else "silent"
        if self._blocking():
            return min(self._blocking())
        self._probe()
        return min(self._blocking()) if self._blocking() else None

    def _send_and_confirm(self, raster: paper.Raster) -> None:
        self._sent = True
        for band in codec.raster_bands(raster.data, width_bytes=raster.width_bytes, rows=self.profile.band_rows):
            self._send(band)
        self._send(codec.feed(self.profile.feed_lines) + self.profile.cut)
        takes_s = self.profile.print_time_s(raster.height)
        if not self.caps.status:
            self._done()
        elif self.caps.process_id:
            self._confirm_by_process_id(takes_s)
        elif self.caps.barrier:
            self._confirm_by_barrier(takes_s)
        else:
            self._confirm_by_status(takes_s)

    def _confirm_by_process_id(self, takes_s: float) -> None:
        number = self._ask_process_id()
        self._ids_back.pop(number, None)
        error = self._await_proof(lambda: number in self._ids_back, limit_s=takes_s + self.timing.confirm_s)
        if error is None:
            self._done(how="process_id", evidence=self._ids_back.pop(number))
            return
        assert self._current is not None
        self._late[number] = self._current.job.ticket
        while len(self._late) > LATE_KEPT:
            self._late.popitem(last=False)
        self._done(error=error or None)

    def _confirm_by_barrier(self, takes_s: float) -> None:
        wanted = self._ask_barrier()
        error = self._await_proof(lambda: self._barriers_back >= wanted, limit_s=takes_s + self.timing.confirm_s)
        if error is not None:
            self._done(error=error or None)
            return
        self._confirmed_if_clean(how="barrier", evidence=self._barrier_raw)

    def _confirm_by_status(self, takes_s: float) -> None:
        error = self._await_proof(lambda: False, limit_s=takes_s + 0.5)
        if error:
            self._done(error=error)
            return
        self._confirmed_if_clean(how="asb")

    def _confirmed_if_clean(self, *, how: str, evidence: bytes = b"") -> None:
        """The data was processed; whether paper came out is asked of the sensors once more."""
        values = self._check()
        if values is None:
            self._done()
        elif self._blocking():
            self._done(error=min(self._blocking()))
        else:
            self._done(how=how, evidence=evidence + bytes(values.values()))

    def _await_proof(self, proved: Callable[[], bool], *, limit_s: float) -> str | None:
        """None when the proof came, a fault word when a reason was read, "" when time ran out."""
        end = self._clock() + limit_s
        while True:
            left = max(end - self._clock(), 0)
            self._wait_until(lambda: proved() or bool(self._blocking()), limit_s=min(left, self.timing.poll_busy_s))
            if proved():
                return None
            if left <= 0:
                return ""
            if self._check() is not None and self._blocking() and not proved():
                return min(self._blocking())

    def _done(self, *, how: str = "none", evidence: bytes = b"", error: str | None = None) -> None:
        assert self._current is not None
        waiting, self._current = self._current, None
        warnings = tuple(sorted(self.book.faults & PASSING))
        receipt = self._finish(waiting, how=how, evidence=evidence, error=error, warnings=warnings)
        log.info("%s: %s %s %s", self.address, receipt.job, receipt.outcome, receipt.error or receipt.how)

    def _left_undone(self) -> None:
        """The port closed in the middle: unknown once bytes were sent, failed before that."""
        if self._current is not None:
            self._done(error=None if self._sent else "gone")

    def _name_of(self, job: PrintJob) -> str:
        return job.ticket
