"""The life of every driver: open, probe, work, lose the device, wait, open again, until told to stop.

One blocking thread per port, started and joined by the program (docs/devices.md). The steps of a device are in the
subclasses of `PortDriver`; nothing here knows a byte.
"""

from __future__ import annotations

import logging
import queue
import random
import time
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from threading import Event as Flag
from typing import Generic, TypeVar

from hardware.address import Address, parse
from hardware.health import Event, Health, HealthBook, Receipt, Sink, ignore, utc_now
from hardware.hotplug import Arrival
from hardware.port import Port, PortGone, open_port

log = logging.getLogger(__name__)

JOBS_WAITING_MAX = 16
TURN_S = 0.03
"""How long a driver listens before it looks at its queue again: the most a job waits for its start."""
REOPEN_S = (0.5, 1.0, 2.0, 5.0, 10.0)
"""Waits before the port is opened again (docs/devices.md); the last one for ever."""
JITTER = 0.2


class DeviceBusy(Exception):
    """The driver's queue is full: the device does not keep up. Nothing was accepted."""


class Stopped(Exception):
    """The program ends while a device was being waited for."""


class Backoff:
    """The waits between attempts, each up to 20 % longer or shorter so that a hall's devices do not march in step."""

    def __init__(self, rng: random.Random, *, waits_s: tuple[float, ...] = REOPEN_S) -> None:
        self._rng = rng
        self._waits_s = waits_s
        self._tries = 0

    def next_s(self) -> float:
        """Seconds until the next attempt."""
        wait = self._waits_s[min(self._tries, len(self._waits_s) - 1)]
        self._tries += 1
        return wait * self._rng.uniform(1 - JITTER, 1 + JITTER)

    def reset(self) -> None:
        """The device answered: the next loss is tried again soon."""
        self._tries = 0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a driver needs of the world, handed in: events, clocks, chance, and the way to open a port."""

    events: Sink = ignore
    opener: Callable[[Address], Port] = open_port
    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], datetime] = utc_now
    rng: random.Random | None = None
    reopen_s: tuple[float, ...] = REOPEN_S


J = TypeVar("J")


@dataclass(slots=True)
class Waiting(Generic[J]):
    """A job with the promise given for it."""

    job: J
    accepted_at: datetime
    accepted_s: float
    future: Future[Receipt]


class PortDriver(Generic[J]):
    """Opens, works and reopens. Subclasses give `kind`, `_begin`, `_turn`, `_received` and `_left_undone`."""

    kind = "device"

    def __init__(self, address: Address | str, *, around: Surroundings | None = None) -> None:
        self.at = parse(address) if isinstance(address, str) else address
        self.address = str(self.at)
        self.around = around or Surroundings()
        self._clock = self.around.clock
        self._wall = self.around.wall
        self._rng = self.around.rng or random.Random()  # noqa: S311 - jitter, not a secret
        self._jobs: queue.Queue[Waiting[J]] = queue.Queue(JOBS_WAITING_MAX)
        self._port: Port | None = None
        self._stop = Flag()
        self.book = HealthBook(kind=self.kind, address=self.address, events=self._tell_outside, wall=self._wall)

    # -- for any thread -----------------------------------------------------------------------------------------

    def submit(self, job: J) -> Future[Receipt]:
        """Accepts a job; its future always ends with a Receipt. Raises DeviceBusy at once when the queue is full."""
        waiting = Waiting(job=job, accepted_at=self._wall(), accepted_s=self._clock(), future=Future[Receipt]())
        try:
            self._jobs.put_nowait(waiting)
        except queue.Full:
            raise DeviceBusy(f"{self.address}: {JOBS_WAITING_MAX} jobs are waiting already") from None
        return waiting.future

    def snapshot(self) -> Health:
        """How the device is; a frozen copy."""
        return self.book.snapshot

    # -- the thread ---------------------------------------------------------------------------------------------

    def serve(self, stop: Flag) -> None:
        """Runs until `stop` is set. Lets no fault of the world out; a fault of ours ends it with its traceback."""
        self._stop = stop
        backoff = Backoff(self._rng, waits_s=self.around.reopen_s)
        try:
            while not stop.is_set():
                try:
                    self._serve_once(backoff)
                except PortGone as gone:
                    self._lost(gone)
                except Stopped:
                    break
                finally:
                    self._let_go()
                self._wait_reopening(backoff.next_s())
        finally:
            self._end_waiting_jobs("gone")

    def _serve_once(self, backoff: Backoff) -> None:
        self._port = self._open()
        self.book.opened()
        self._begin()
        while not self._stop.is_set():
            self._turn()
            self._listen(TURN_S)
            if self.book.snapshot.last_ok:
                backoff.reset()

    def _wait_reopening(self, seconds: float) -> None:
        """While the port is away, jobs are answered at once: a visitor must not wait for a cable. A device that is
        plugged in ends the wait."""
        end = self._clock() + seconds
        with closing(Arrival(self.at.url, clock=self._clock)) as arrival:
            while not self._stop.is_set() and self._clock() < end and not arrival.came():
                self._end_waiting_jobs("gone")
                self._stop.wait(min(TURN_S, max(end - self._clock(), 0)))
        self.book.retries += 1

    def _lost(self, gone: PortGone) -> None:
        if self.book.lost(gone.code):
            log.warning("%s lost (%s): %s", self.address, gone.code, gone)

    def _let_go(self) -> None:
        if self._port is not None:
            self._port.close()
            self._port = None
        self._left_undone()

    def _end_waiting_jobs(self, code: str) -> None:
        while (waiting := self._next_job()) is not None:
            self._finish(waiting, error=code)

    # -- for subclasses -----------------------------------------------------------------------------------------

    def _open(self) -> Port:
        """The port of the address."""
        return self.around.opener(self.at)

    def _begin(self) -> None:
        """The port is open: initialise, probe, send the current state again."""

    def _turn(self) -> None:
        """Called every TURN_S: timers, polls, and at most one job."""

    def _received(self, data: bytes) -> None:
        """Bytes arrived."""

    def _left_undone(self) -> None:
        """The port is closed: whatever was under way has ended."""

    def _next_job(self) -> Waiting[J] | None:
        try:
            return self._jobs.get_nowait()
        except queue.Empty:
            return None

    def _listen(self, timeout_s: float) -> None:
        assert self._port is not None
        data = self._port.read(timeout_s)
        if data:
            self._received(data)

    def _wait_until(self, condition: Callable[[], bool], *, limit_s: float) -> bool:
        """Listens until the condition holds; False when time ran out. Raises Stopped, PortGone."""
        end = self._clock() + limit_s
        while not condition():
            left = end - self._clock()
            if left <= 0:
                return False
            if self._stop.is_set():
                raise Stopped
            self._listen(min(TURN_S, left))
        return True

    def _send(self, data: bytes) -> None:
        assert self._port is not None
        self._port.write(data)

    def _heard(self, *, round_trip_s: float | None = None) -> None:
        if self.book.heard(round_trip_s=round_trip_s):
            log.info("%s answers", self.address)

    def _tell(self, event: Event) -> None:
        self._tell_outside(event)

    def _tell_outside(self, event: Event) -> None:
        self.around.events(event)

    def _finish(
        self,
        waiting: Waiting[J],
        *,
        how: str = "none",
        evidence: bytes = b"",
        error: str | None = None,
        warnings: tuple[str, ...] = (),
    ) -> Receipt:
        """Keeps the promise of a job, once."""
        receipt = Receipt(
            job=self._name_of(waiting.job),
            accepted_at=waiting.accepted_at,
            confirmed_at=self._wall() if how != "none" and error is None else None,
            how=how,
            evidence=evidence.hex(" "),
            error=error,
            warnings=warnings,
        )
        self.book.job_done(receipt)
        try:
            waiting.future.set_result(receipt)
        except InvalidStateError:
            log.debug("job %s was given up by its caller", receipt.job)
        return receipt

    def _name_of(self, job: J) -> str:
        """The name of a job in its receipt."""
        return type(job).__name__.lower()
