"""One ticket printer: pre-flight, send, confirm; never a second print by itself (docs/devices.md).

A ticket goes queued -> pre-flight -> sent -> confirmed | failed | unknown, and each of the last three is final.
Proof of printing is probed, best first: process id (printed), the presenter's sensor (it lies in the mouth), barrier
(processed, then clean), a clean status after the time printing takes (`asb`). A printer that cannot answer at all is
printed to blindly: `unknown`. How it is asked is in `asking.py`.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hardware.address import Address
from hardware.driver import Surroundings, Waiting
from hardware.fonts import FontMissing
from hardware.health import PrintedLate
from hardware.printers import codec, paper, profiles
from hardware.printers.asking import PASSING, Caps, PrinterTalk, Timing

__all__ = ["PASSING", "Caps", "PrintJob", "PrinterDriver", "Timing"]

log = logging.getLogger(__name__)

LATE_KEPT = 32


@dataclass(frozen=True, slots=True)
class PrintJob:
    """One paper. `ticket` names it in the receipt."""

    ticket: str
    blocks: Sequence[paper.Block]


class PrinterDriver(PrinterTalk[PrintJob]):
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
        super().__init__(address, profile=profile, around=around, timing=timing, identify=identify)
        self._late: OrderedDict[int, str] = OrderedDict()
        self._current: Waiting[PrintJob] | None = None
        self._sent = False

    def _begin(self) -> None:
        if self._torn:
            self._complete_picture()
        super()._begin()

    def _turn(self) -> None:
        waiting = self._next_job()
        if waiting is not None:
            self._print(waiting)
        elif self.caps.status:
            self._look_after()

    def _received(self, data: bytes) -> None:
        for answer in self._take(data):
            if isinstance(answer, codec.BlockAnswer) and answer.process_id is not None:
                late = self._late.pop(answer.process_id, None)
                if late is not None:
                    log.warning("%s: %s was printed after all", self.address, late)
                    self._tell(PrintedLate(self.address, late, "process_id"))

    # -- printing -----------------------------------------------------------------------------------------------

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
        if (left := self._clear_mouth()) is not None:
            return left
        if self._blocking():
            return min(self._blocking())
        self._probe()
        self._settle_barriers()
        return min(self._blocking()) if self._blocking() else None

    def _send_and_confirm(self, raster: paper.Raster) -> None:
        self._sent = True
        self._mouth_seen = False
        takes_s = self.profile.print_time_s(raster.height)
        if not self.caps.status:
            self._send_picture(raster)
            self._done()
        elif self.caps.process_id:
            number = self._new_process_id()
            if self._send_picture(raster, proof=codec.process_id_request(number)):
                self._confirm_by_process_id(number, takes_s)
        elif self.caps.barrier:
            if self._send_picture(raster, proof=codec.BARRIER):
                self._barriers_sent += 1
                self._confirm_by_barrier(self._barriers_sent, takes_s)
        elif self._send_picture(raster):
            self._confirm_by_status(takes_s)

    def _send_picture(self, raster: paper.Raster, *, proof: bytes = b"") -> bool:
        """Bands, then feed, cut, present and the request for a proof. False when a fault stopped it between bands.

        The proof is asked for in one piece with the cut: asked for later, a printer switched off and on in between
        would answer that all is printed, having nothing left to print.
        """
        profile = self.profile
        if self._torn:
            self._send(codec.feed(profile.feed_lines) + profile.cut)  # so that nobody gets half of another's ticket
            self._torn = False
        for band in codec.raster_bands(
            raster.data, width_bytes=raster.width_bytes, rows=profile.band_rows, command=profile.picture
        ):
            self._send_slowly(band)
            if self.caps.status and self._blocking():
                self._torn = True
                self._done(error=min(self._blocking()))
                return False
        mouth = profile.presenter.present if profile.presenter else b""
        self._send(codec.feed(profile.feed_lines) + profile.cut + mouth + profile.buzzer + proof)
        return True

    # -- proof --------------------------------------------------------------------------------------------------

    def _confirm_by_process_id(self, number: int, takes_s: float) -> None:
        ids = self.heard.ids
        error = self._await_proof(lambda: number in ids, limit_s=takes_s + self.timing.confirm_s)
        if error is None:
            self._done(how="process_id", evidence=ids.pop(number))
            return
        assert self._current is not None
        self._late[number] = self._current.job.ticket
        while len(self._late) > LATE_KEPT:
            self._late.popitem(last=False)
        self._done(error=error or None)

    def _confirm_by_barrier(self, wanted: int, takes_s: float) -> None:
        error = self._await_proof(lambda: self.heard.barriers >= wanted, limit_s=takes_s + self.timing.confirm_s)
        if error is not None:
            self._done(error=error or None)
            return
        evidence = self.heard.barrier_raw
        if not self._confirmed_by_mouth(self.timing.mouth_s):
            self._confirmed_if_clean(how="barrier", evidence=evidence)

    def _confirm_by_status(self, takes_s: float) -> None:
        if self.profile.presenter is not None and self._confirmed_by_mouth(takes_s + self.timing.mouth_s):
            return
        error = self._await_proof(lambda: False, limit_s=0 if self.profile.presenter else takes_s + 0.5)
        if error:
            self._done(error=error)
            return
        self._confirmed_if_clean(how="asb")

    def _confirmed_by_mouth(self, limit_s: float) -> bool:
        """A ticket seen in the presenter is printed. One taken before anybody looked needs the other proofs."""
        if self.profile.presenter is None:
            return False
        error = self._await_proof(lambda: self._mouth_seen, limit_s=limit_s, poll_s=self.timing.mouth_poll_s)
        if error is None:
            self._done(how="presenter", evidence=self._last_status)
        elif error:
            self._done(error=error)
        return error != ""

    def _confirmed_if_clean(self, *, how: str, evidence: bytes = b"") -> None:
        """The data was processed; whether paper came out is asked of the sensors once more."""
        values = self._check()
        if values is None:
            self._done()
        elif self._blocking():
            self._done(error=min(self._blocking()))
        else:
            self._done(how=how, evidence=evidence + values)

    def _await_proof(self, proved: Callable[[], bool], *, limit_s: float, poll_s: float | None = None) -> str | None:
        """None when the proof came, a fault word when a reason was read, "" when time ran out."""
        end = self._clock() + limit_s
        every_s = poll_s or self.timing.poll_busy_s
        while True:
            left = max(end - self._clock(), 0)
            self._wait_until(lambda: proved() or bool(self._blocking()), limit_s=min(left, every_s))
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
            self._torn = self._torn or self._sent
            self._done(error=None if self._sent else "gone")

    def _name_of(self, job: PrintJob) -> str:
        return job.ticket
