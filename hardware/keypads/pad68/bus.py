"""One RS-485 line and its pads: one thread, one port, N addresses.

    bus = Pad68Bus("pad68+/dev/ttyUSB0?baud=9600", addresses=range(1, 9))
    threading.Thread(target=bus.serve, args=(stop,)).start()
    bus.station(3).events = on_event             # Key, Rated, Unrated, KeyIgnored, Fault … of that pad alone
    bus.station(3).submit(ShowNumber("A041"))    # Future[Receipt]
    bus.station(3).snapshot()                    # Health of that pad; bus.snapshot() is the line's

A pad frame is answered in the moment it is read, also while another pad is being waited for. Whether real pads answer
what the host sends is not documented: with `?ack=1` they are expected to send the frame back, and what each shows is
sent again in turn as the poll; one that does not answer costs the others its own time-out once, then its poll.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass

from hardware.address import Address, BadAddress
from hardware.driver import PortDriver, Surroundings, Waiting
from hardware.health import Event, Receipt
from hardware.keypads.jobs import Ask, Beep, Cancel, PadJob, ShowNumber, ShowWaiting, Staff, Welcome
from hardware.keypads.pad68 import codec
from hardware.keypads.pad68.carrying import Carrier
from hardware.keypads.pad68.jobs import Carry, OnPad
from hardware.keypads.pad68.station import Station
from hardware.port import PortGone

log = logging.getLogger(__name__)

OWN_FRAMES_S = 1.0
"""A frame of ours that comes back within this time is an acknowledgement or the line's own echo, never a key."""
ANSWERS_MAX = 3
"""The same key frame is answered at most so often a second: an adapter that hears itself must not talk to itself."""
GARBAGE_BYTES = 32
"""So much junk without a single frame between is a fault of the line."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Patience, in seconds."""

    answer_s: float = 0.15
    """For a pad to send a frame back (`ack=1`): 15 bytes at 9600 baud take 16 ms each way."""
    tries: int = 3
    gap_s: float = 0.005
    """Between two frames of ours: about five characters at 9600 baud."""
    poll_s: float = 30.0
    poll_silent_s: float = 5.0
    fresh_s: float = 600.0
    """A pad that cannot be asked is `unknown` again when nothing was heard of it for so long."""
    partial_s: float = 0.1
    beep_s: float = 0.35


class Pad68Bus(PortDriver[PadJob | OnPad]):
    """Drives the pads at `addresses`, or the one at `?addr=` (1). A bare job goes to the only pad of the line."""

    kind = "keypad"

    def __init__(
        self,
        address: Address | str,
        *,
        addresses: Iterable[int] | None = None,
        around: Surroundings | None = None,
        timing: Timing | None = None,
    ) -> None:
        super().__init__(address, around=around)
        self.timing = timing or Timing()
        numbers = tuple(addresses) if addresses is not None else (self.at.number("addr", 1),)
        wrong = [number for number in numbers if number not in codec.ADDRESSES]
        if wrong or not numbers:
            raise BadAddress(f"{self.address}: addr is 1 to 254, not {wrong}")
        self.answering = self.at.number("ack", 0) == 1
        self._hears_itself = self.at.number("loopback", 0) == 1
        levels = dict(codec.LEVELS)
        if "rate1" in self.at.options:
            levels[1] = self.at.number("rate1", 0)
        alone = len(numbers) == 1
        self.stations = {
            number: Station(self, number, levels=levels, book=self.book if alone else None) for number in numbers
        }
        self.strangers: set[int] = set()
        """Addresses heard on the line that are nobody's here: for a scan, and for a fitter who forgot one."""
        self._later: list[tuple[float, Station, codec.Frame]] = []
        self._current: Waiting[PadJob | OnPad] | None = None
        self._fresh()

    def _fresh(self) -> None:
        self._parser = codec.FrameParser()
        self._sent: deque[_Ours] = deque(maxlen=64)
        self._answered: deque[_Ours] = deque(maxlen=64)
        self._awaited: codec.Frame | None = None
        self._last_data_s = self._clock()
        self._free_s = 0.0
        self._noise = 0

    # -- for any thread -----------------------------------------------------------------------------------------

    def station(self, addr: int) -> Station:
        """The pad at that address. KeyError for one that is not on this line."""
        return self.stations[addr]

    def carry(self, addr: int, to: Callable[[bytes], None]) -> Carrier:
        """Carries one address over another connection: its new frames go `to` it, `feed` takes what comes back."""
        return Carrier(self.stations[addr], to)

    def clock(self) -> float:
        """The driver's monotonic clock, for its stations."""
        return self._clock()

    def tell(self, event: Event) -> None:
        """An event of a station nobody listens to by itself."""
        self._tell(event)

    # -- opening and losing -------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._fresh()
        for station in self.stations.values():
            station.opened()
            if station.question.session is not None:
                self._put(station, codec.open_rating(station.addr))

    def _lost(self, gone: PortGone) -> None:
        super()._lost(gone)
        for station in self.stations.values():
            station.lost(gone.code)

    def _left_undone(self) -> None:
        self._later.clear()
        if self._current is not None:
            waiting, self._current = self._current, None
            self._keep_promise(waiting, error="gone")

    def _end_waiting_jobs(self, code: str) -> None:
        """The port is away: what a pad shall show is kept for when it is back, a question lives on until its end."""
        while (waiting := self._next_job()) is not None:
            station, job = self._for_whom(waiting.job)
            station.remember(job)
            if isinstance(job, Cancel):
                station.question.cancel(job.session)
            self._keep_promise(waiting, error=code)
        for station in self.stations.values():
            station.question.pass_time(now=self._clock())
            if self._stop.is_set():
                station.question.close("stopped")

    # -- working ------------------------------------------------------------------------------------------------

    def _turn(self) -> None:
        for station in self.stations.values():
            station.pass_time()
        self._send_what_is_due()
        while (waiting := self._next_job()) is not None:
            self._current = waiting
            self._do(waiting)
            self._current = None
        for station in self.stations.values():
            if self._clock() >= station.poll_at_s:
                self._poll(station)

    def _send_what_is_due(self) -> None:
        now = self._clock()
        due = [entry for entry in self._later if entry[0] <= now]
        self._later = [entry for entry in self._later if entry[0] > now]
        for _, station, frame in due:
            self._put(station, frame)

    def _poll(self, station: Station) -> None:
        """What the pad shows once more: a pad that lost its power has it again, one that answers is heard."""
        for frame in station.shown() or ([codec.nothing_new(station.addr)] if self.answering else []):
            if self._put(station, frame) is False:
                break
        silent = station.is_silent
        station.poll_at_s = self._clock() + (self.timing.poll_silent_s if silent else self.timing.poll_s)

    def _for_whom(self, job: PadJob | OnPad) -> tuple[Station, PadJob | Carry]:
        if isinstance(job, OnPad):
            return self.stations[job.addr], job.job
        return next(iter(self.stations.values())), job

    def submit(self, job: PadJob | OnPad) -> Future[Receipt]:
        """Accepts a job. ValueError for a bare one where it is not said whose it is. Raises DeviceBusy."""
        if not isinstance(job, OnPad) and len(self.stations) > 1:
            raise ValueError("a line with several pads: submit to a station, or OnPad(addr, job)")
        if isinstance(job, OnPad) and job.addr not in self.stations:
            raise ValueError(f"address {job.addr} is not on this line")
        return super().submit(job)

    def _do(self, waiting: Waiting[PadJob | OnPad]) -> None:
        station, job = self._for_whom(waiting.job)
        now = self._clock()
        station.remember(job)
        if isinstance(job, Ask):
            station.question.ask(job, now=now)
        if isinstance(job, Cancel) and not station.question.cancel(job.session):
            self._keep_promise(waiting, error="no_such_ask")
            return
        if isinstance(job, Beep):
            later = [(now + i * self.timing.beep_s, station, codec.beep(station.addr)) for i in range(1, job.times)]
            self._later += later
        results = [self._put(station, frame) for frame in frames_of(station.addr, job)]
        if False in results:
            self._keep_promise(waiting, error="silent")
        elif results and all(results):
            self._keep_promise(waiting, how="ack")
        else:
            self._keep_promise(waiting)

    def _keep_promise(self, waiting: Waiting[PadJob | OnPad], *, how: str = "none", error: str | None = None) -> None:
        station, _ = self._for_whom(waiting.job)
        receipt = self._finish(waiting, how=how, error=error)
        if station.book is not self.book:
            station.book.job_done(receipt)

    def _name_of(self, job: PadJob | OnPad) -> str:
        return type(job.job if isinstance(job, OnPad) else job).__name__.lower()

    def _put(self, station: Station, frame: codec.Frame) -> bool | None:
        """Sends a frame. True when it came back, False when it did not, None when nobody can say."""
        tries = 1 if station.is_silent else self.timing.tries
        for attempt in range(tries if self.answering else 1):
            self._wait_until(lambda: self._clock() >= self._free_s, limit_s=self.timing.gap_s)
            begun = self._clock()
            self._write(frame)
            self._sent.append(_Ours(frame, begun, echoed=not self._hears_itself))
            if not self.answering:
                return None
            self._awaited = frame
            if self._wait_until(lambda: self._awaited is None, limit_s=self.timing.answer_s):
                station.heard(round_trip_s=self._clock() - begun)
                return True
            self._awaited = None
            self.book.retries += attempt > 0
        station.did_not_answer()
        return False

    def _write(self, frame: codec.Frame) -> None:
        self._send(frame.encode())
        self._free_s = self._clock() + self.timing.gap_s

    # -- hearing ------------------------------------------------------------------------------------------------

    def _listen(self, timeout_s: float) -> None:
        super()._listen(timeout_s)
        if self._clock() - self._last_data_s > self.timing.partial_s:
            self._handle(self._parser.flush())

    def _received(self, data: bytes) -> None:
        self._last_data_s = self._clock()
        self._handle(self._parser.feed(data))

    def _handle(self, found: list[codec.Frame | codec.Junk]) -> None:
        for item in found:
            if isinstance(item, codec.Junk):
                self._count_junk(len(item.raw))
            else:
                self._noise = 0
                self._frame(item)

    def _count_junk(self, size: int) -> None:
        self.book.junk(size)
        self._noise += size
        if self._noise >= GARBAGE_BYTES and "garbage" not in self.book.faults:
            log.warning("%s: noise on the line", self.address)
            self.book.quiet(code="garbage")

    def _frame(self, frame: codec.Frame) -> None:
        now = self._clock()
        if self._is_ours(frame, now=now):
            return
        station = self.stations.get(frame.addr)
        if station is None:
            if frame.addr not in self.strangers:
                log.warning("%s: address %d is on the line and nobody's here", self.address, frame.addr)
            self.strangers.add(frame.addr)
            return
        self._answer(frame, now=now)
        if station.book is not self.book:
            self.book.heard()
        station.says(frame)

    def _is_ours(self, frame: codec.Frame, *, now: float) -> bool:
        """A frame that was sent from here and came back: the line's own echo, or an acknowledgement."""
        since = now - OWN_FRAMES_S
        for ours in (*self._sent, *self._answered):
            if ours.frame == frame and not ours.echoed and ours.at_s >= since:
                ours.echoed = True
                return True
        if not any(ours.frame == frame and ours.at_s >= since for ours in self._sent):
            return False
        if self._awaited == frame:
            self._awaited = None
        return True

    def _answer(self, frame: codec.Frame, *, now: float) -> None:
        """At once, before anything is decided: the pad repeats what is not answered."""
        answer = codec.answer_to(frame)
        recent = sum(1 for ours in self._answered if ours.frame == answer and now - ours.at_s < OWN_FRAMES_S)
        if recent < ANSWERS_MAX:
            self._write(answer)
            self._answered.append(_Ours(answer, now, echoed=not self._hears_itself))


@dataclass(slots=True)
class _Ours:
    """A frame that was sent from here."""

    frame: codec.Frame
    at_s: float
    echoed: bool
    """Whether a line that hears itself has brought it back; True from the start on one that does not."""


def frames_of(addr: int, job: PadJob | Carry) -> list[codec.Frame]:
    """What is sent for a job; none for what these pads cannot show."""
    match job:
        case ShowNumber(number=number):
            return [codec.show_number(addr, number)]
        case ShowWaiting(waiting=waiting):
            return [codec.show_waiting(addr, waiting)]
        case Beep():
            return [codec.beep(addr)]
        case Carry(frame=frame):
            return [frame]
        case Ask():
            return [codec.open_rating(addr)]
        case Staff(stars=stars):
            return [codec.show_stars(addr, stars)] if stars else []
        case Cancel() | Welcome():
            return []
