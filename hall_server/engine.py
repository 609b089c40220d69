"""The imperative shell around the rules: the one place where order is made.

A command is decided at once on the live hall, its events are made true at once, and their batch goes to the
journal as soon as the one before is on disk. Nobody learns of an event before its batch is committed: answers, refusals
and reads wait for it, pictures are taken when the batch is closed and shown when it is committed. When a commit fails
the whole batch is told `storage_unavailable`, the live hall is thrown away and read back from the journal.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

import msgspec

from hall_protocol.refusals import Refused

from . import __version__
from .core import day, invariants, machine
from .core.hall import Hall
from .core.hall import decode as decode_hall
from .core.hall import encode as encode_hall
from .core.registry import Command, Event
from .core.stamp import Stamp, instant, text
from .journal import snapshot
from .journal.lock import WriterLock
from .journal.rows import Answer, Batch, NewRow, Row
from .journal.store import Journal

log = logging.getLogger(__name__)

SNAPSHOT_EVERY = 10_000
"""Events between two snapshots: what a start has to replay at most."""
RETRY_STORAGE_S = 0.5
ANY_BODY = b""
"""Fingerprint of an answer that stands for every body: a ticket a kiosk merged under the key of its touch."""


class Clock(Protocol):
    """Where the hall's time comes from."""

    @property
    def speed(self) -> int: ...

    def now(self) -> int: ...


class Watcher(Protocol):
    """Who turns what happened into pictures. `sealed` looks at the hall, `committed` shows what it saw."""

    def sealed(self, hall: Hall, events: Sequence[Event]) -> Callable[[], None]: ...

    def rebuilt(self, hall: Hall) -> None: ...


class Once(msgspec.Struct, frozen=True):
    """What makes a request happen once: who asked which door, under which key, with which words."""

    scope: str
    key: str
    fingerprint: bytes


class Outcome(msgspec.Struct):
    """What became of a command: the answer for its caller, and its events (none when the answer is an old one)."""

    status: int
    body: bytes
    events: list[Event]
    again: bool = False
    """Whether this is the first answer, given again."""


Respond = Callable[[Hall, list[Event]], tuple[int, bytes]]


class _Open(msgspec.Struct):
    """The batch that is being filled."""

    rows: list[NewRow]
    answers: list[Answer]
    events: list[Event]
    after: list[Callable[[bool], None]]
    """Who waits for it; told whether it is on disk."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not self.rows and not self.answers


def code_version() -> str:
    """Changes whenever a snapshot of another version could not be read as this one."""
    schema = msgspec.json.encode(msgspec.json.schema(Hall))
    return f"{__version__}-{hashlib.sha256(schema).hexdigest()[:16]}"


class Engine:
    """One hall, its journal, and the order of what happens in it. All methods belong to one thread."""

    def __init__(self, *, data: Path, journal: Journal, lock: WriterLock, clock: Clock) -> None:
        self.data = data
        self.journal = journal
        self.clock = clock
        self.hall = Hall()
        self.watcher: Watcher | None = None
        self.failed_at: int | None = None
        """Hall time since when storage fails, or None."""
        self._lock = lock
        self._open = _fresh()
        self._writing: _Open | None = None
        self._inflight: dict[tuple[str, str], tuple[bytes, asyncio.Future[Outcome]]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._last_snapshot = 0
        self._due_snapshot: tuple[int, bytes] | None = None
        self._recovering: asyncio.Task[None] | None = None
        self._ahead = False
        """Whether the live hall shows what the disk never got."""
        self.on_impossible: Callable[[BaseException], None] | None = None
        """Told when a rule of ours broke a promise: the program has to stop."""
        self._helpers: set[asyncio.Task[Any]] = set()

    # ------------------------------------------------------------ start and end

    @classmethod
    def create(cls, data: Path, clock: Clock, *, program: str = "hall-server") -> Engine:
        """An engine on a new, empty journal in a folder that exists."""
        lock = WriterLock(data, program=program)
        lock.acquire()
        return cls(data=data, journal=Journal.create(data / "journal.db"), lock=lock, clock=clock)

    @classmethod
    def open(cls, data: Path, clock: Clock, *, program: str = "hall-server") -> Engine:
        """The hall of an existing journal. Raises LockHeld, JournalMissing, JournalDamaged, StorageFailed."""
        lock = WriterLock(data, program=program)
        lock.acquire()
        try:
            journal = Journal.open(data / "journal.db")
        except BaseException:
            lock.release()
            raise
        engine = cls(data=data, journal=journal, lock=lock, clock=clock)
        engine._rebuild()
        return engine

    def _rebuild(self) -> None:
        """Reads the hall back: the newest good snapshot, then the events behind it."""
        kept = snapshot.latest(self.data / "snapshots", self.journal, code_version=code_version())
        hall = Hall()
        if kept is not None:
            try:
                hall = decode_hall(kept[1])
            except msgspec.MsgspecError as error:
                log.warning("snapshot at %s ignored: %s", kept[0], error)
        self._last_snapshot = hall.seq
        for row in self.journal.replay(hall.seq):
            apply_row(hall, row)
        self.hall, self._ahead = hall, False
        if self.watcher is not None:
            self.watcher.rebuilt(hall)

    def close(self) -> None:
        """Writes what is open, keeps a snapshot, lets go of the folder. Outside a running loop."""
        is_sound = self.failed_at is None and not self._ahead and not self._open.rows
        if is_sound and self.hall.seq > self._last_snapshot:
            self._keep_snapshot(self.hall.seq, encode_hall(self.hall))
        self.journal.close()
        self._lock.release()

    # ------------------------------------------------------------ commands

    def stamp(self, actor: str, **who: str | None) -> Stamp:
        """Now, and by whom."""
        return Stamp(at=self.clock.now(), actor=actor, **who)

    def do(self, command: Command, *, actor: str = "console") -> list[Event]:
        """Decides, records and waits for the disk. For commands of the console, where no loop runs."""
        events, rows = self.decided(command, self.stamp(actor))
        self.write(rows)
        return events

    def decided(self, command: Command, stamp: Stamp) -> tuple[list[Event], list[NewRow]]:
        """Decides and makes true; nothing is on disk before `write` has had the rows, in this order.

        For who writes a whole history in few commits, where no loop runs and nobody looks. Raises `Refused`.
        """
        return self._apply(command, stamp)

    def write(self, rows: list[NewRow]) -> None:
        """Commits rows as one batch and waits for the disk; raises what the disk said."""
        if not rows:
            return
        finished, failure = threading.Event(), []

        def done(_: Batch, error: Exception | None) -> None:
            if error is not None:
                failure.append(error)
            finished.set()

        self.journal.submit(Batch(rows=rows, answers=[]), done)
        finished.wait()
        if failure:
            raise failure[0]

    async def submit(
        self,
        commands: Command | Sequence[Command],
        stamp: Stamp,
        *,
        respond: Respond | None = None,
        once: Once | None = None,
        aliases: Callable[[Hall, list[Event]], Iterable[Answer]] | None = None,
    ) -> Outcome:
        """Decides one command, or several as one; returns when what happened is on stable storage.

        `once` gives the first answer again for a repeated key. `aliases` are further keys under which the same thing
        must be found. Raises `Refused`, of several commands before any of them is made true.
        """
        self._loop = asyncio.get_running_loop()
        if once is not None:
            earlier = await self._first_answer(once)
            if earlier is not None:
                return earlier
        if self.failed_at is not None or self._ahead:
            raise Refused("storage_unavailable")
        # Shielded: whoever asked may give up, what was decided goes on, and a second try with the key must find it.
        return await asyncio.shield(self._begin(commands, stamp, respond, once, aliases))

    async def _first_answer(self, once: Once) -> Outcome | None:
        """The answer this key had before, also when its commit is still under way."""
        pending = self._inflight.get((once.scope, once.key))
        if pending is not None:
            if pending[0] not in (once.fingerprint, ANY_BODY):
                raise Refused("idempotency_key_reused")
            first = await asyncio.shield(pending[1])
            return Outcome(status=first.status, body=first.body, events=[], again=True)
        try:
            kept = self.journal.find_answer(once.scope, once.key)
        except Exception as error:
            log.warning("answers cannot be read: %s", error)
            raise Refused("storage_unavailable") from error
        if kept is None:
            return None
        if kept.fingerprint not in (once.fingerprint, ANY_BODY):
            raise Refused("idempotency_key_reused")
        return Outcome(status=kept.status, body=kept.body, events=[], again=True)

    def _begin(
        self,
        commands: Command | Sequence[Command],
        stamp: Stamp,
        respond: Respond | None,
        once: Once | None,
        aliases: Callable[[Hall, list[Event]], Iterable[Answer]] | None,
    ) -> asyncio.Future[Outcome]:
        """Decides and puts in the open batch; the future tells the outcome when all it is about is on disk."""
        try:
            events, rows = self._apply(commands, stamp)
        except Refused as refused:
            return self._promised(refused, once, self._unsettled())
        batch = self._open
        batch.rows.extend(rows)
        batch.events.extend(events)
        told: Outcome | Exception
        also: list[Answer] = []
        try:
            told = self._answered(events, stamp, respond, once)
            also = list(aliases(self.hall, events)) if aliases is not None else []
            self._open.answers.extend(also)
        except Exception as error:
            told = error  # our bug in a view: what happened stands, only its answer is missing
        promise = self._promised(told, once, self._unsettled())
        for one in also:
            answer = Outcome(status=one.status, body=one.body, events=[])
            self._promised(answer, Once(one.scope, one.key, ANY_BODY), self._unsettled())
        if self._writing is None and not self._open.is_empty:
            self._seal()
        return promise

    def _answered(
        self,
        events: list[Event],
        stamp: Stamp,
        respond: Respond | None,
        once: Once | None,
    ) -> Outcome:
        """The outcome, its answer put in the open batch."""
        status, body = respond(self.hall, events) if respond is not None else (200, b"")
        if once is not None:
            today = self.hall.date_of(stamp.at)
            self._open.answers.append(Answer(once.scope, once.key, once.fingerprint, status, body, today))
        return Outcome(status=status, body=body, events=events)

    def _promised(self, told: Outcome | Exception, once: Once | None, batch: _Open | None) -> asyncio.Future[Outcome]:
        """What will be told, once `batch` is on disk; until then a second try with the key waits for the same."""
        assert self._loop is not None
        promise: asyncio.Future[Outcome] = self._loop.create_future()

        def tell(on_disk: bool) -> None:
            if once is not None:
                self._inflight.pop((once.scope, once.key), None)
            if not on_disk:
                promise.set_exception(Refused("storage_unavailable"))
            elif isinstance(told, Exception):
                promise.set_exception(told)
            else:
                promise.set_result(told)
            promise.exception()  # looked at, so that nobody misses it when all who asked have gone

        if once is not None:
            self._inflight[once.scope, once.key] = (once.fingerprint, promise)
        if batch is None:
            tell(True)
        else:
            batch.after.append(tell)
        return promise

    def _unsettled(self) -> _Open | None:
        """The batch after which all the live hall shows is on disk; None when it is already."""
        return self._writing if self._open.is_empty else self._open

    def _apply(self, commands: Command | Sequence[Command], stamp: Stamp) -> tuple[list[Event], list[NewRow]]:
        """Decides and makes true, one command after the other."""
        events: list[Event] = []
        rows: list[NewRow] = []
        all_of_them = commands if isinstance(commands, Sequence) else (commands,)
        if len(all_of_them) > 1:
            # Each must be possible as the hall is now: one refused behind another made true could not be taken back.
            for command in all_of_them:
                machine.decide(self.hall, command, stamp)
        for command in all_of_them:
            decided = machine.decide(self.hall, command, stamp)
            try:
                rows.extend(self._make_true(event, stamp) for event in decided)
            except BaseException as error:
                self._ahead = True
                log.critical("a promise is broken: %r after %s", error, command)
                if self.on_impossible is not None:
                    self.on_impossible(error)
                raise
            events.extend(decided)
        return events, rows

    def _make_true(self, event: Event, stamp: Stamp) -> NewRow:
        at = machine.at_of(event, stamp)
        machine.evolve(self.hall, event, at)
        invariants.check_event(self.hall, event)
        return NewRow(
            at=text(at, self.hall.zone), type=machine.name_of(event), data=machine.encode(event), actor=stamp.actor
        )

    async def settled(self) -> None:
        """Returns when all the live hall shows is committed; raises `storage_unavailable` when it will not be."""
        if self._ahead:
            raise Refused("storage_unavailable")
        batch = self._unsettled()
        if batch is not None:
            committed = asyncio.get_running_loop().create_future()
            batch.after.append(lambda on_disk: None if committed.done() else committed.set_result(on_disk))
            if not await committed:
                raise Refused("storage_unavailable")

    @property
    def is_settled(self) -> bool:
        """Whether everything the live hall shows is committed at this moment."""
        return not self._ahead and self._writing is None and self._open.is_empty

    async def none_under_way(self, keys: Iterable[tuple[str, str]]) -> None:
        """Returns when no answer to any of these (scope, key) is under way. Until the next wait it stays so."""
        asked = list(keys)
        while waiting := [self._inflight[one][1] for one in asked if one in self._inflight]:
            await asyncio.wait(waiting)

    async def answer_to(self, scope: str, key: str) -> bytes | None:
        """The body of the first answer to a key, whatever was asked; waits for it when it is under way."""
        pending = self._inflight.get((scope, key))
        if pending is not None:
            try:
                return (await asyncio.shield(pending[1])).body
            except Refused:
                return None
        try:
            kept = self.journal.find_answer(scope, key)
        except Exception as error:
            log.warning("answers cannot be read: %s", error)
            raise Refused("storage_unavailable") from error
        return None if kept is None else kept.body

    async def flushed(self) -> None:
        """Returns when nothing is under way any more, whatever became of it. For the end of the program."""
        while self._unsettled() is not None:
            try:
                await self.settled()
            except Refused:
                return
        for task in list(self._helpers):
            await asyncio.wait([task], timeout=1)

    # ------------------------------------------------------------ commit

    def _seal(self) -> None:
        """Hands the open batch to the writer and takes the pictures that belong to it."""
        batch, self._open = self._open, _fresh()
        self._writing = batch
        loop = self._loop
        assert loop is not None

        def done(_: Batch, error: Exception | None) -> None:
            try:
                loop.call_soon_threadsafe(self._committed, batch, show, error)
            except RuntimeError:
                log.info("the loop ended before a commit was told")

        # `show` is set before the loop can run `_committed`: both belong to the loop's thread.
        show: list[Callable[[], None]] = []
        self.journal.submit(Batch(rows=batch.rows, answers=batch.answers), done)
        if self._ahead:
            return  # a broken promise stands between: what was decided before it is kept, the hall is not shown
        if self.watcher is not None:
            show.append(self.watcher.sealed(self.hall, batch.events))
        if self.hall.seq - self._last_snapshot >= SNAPSHOT_EVERY:
            self._last_snapshot = self.hall.seq
            self._due_snapshot = (self.hall.seq, encode_hall(self.hall))

    def _committed(self, batch: _Open, show: list[Callable[[], None]], error: Exception | None) -> None:
        self._writing = None
        if error is not None:
            self._fail(batch, error)
            return
        for tell in batch.after:
            tell(True)
        for publish in show:
            publish()
        if self._due_snapshot is not None:
            seq, payload = self._due_snapshot
            self._due_snapshot = None
            if seq == self.journal.head_seq:
                self._in_background(asyncio.to_thread(self._keep_snapshot, seq, payload))
        if not self._open.is_empty:
            self._seal()

    def _keep_snapshot(self, seq: int, payload: bytes) -> None:
        head = self._hash_of(seq)
        if head is None:
            return
        try:
            snapshot.write(
                self.data / "snapshots", seq=seq, head_hash=head, payload=payload, code_version=code_version()
            )
        except OSError as error:
            log.warning("no snapshot kept: %s", error)

    def _hash_of(self, seq: int) -> str | None:
        """The hash of a committed row; on any thread, so not by the loop's own reader."""
        if seq == self.journal.head_seq:
            return self.journal.head_hash
        return next((row.hash for row in self.journal.replay(seq - 1)), None)

    def _in_background(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._helpers.add(task)
        task.add_done_callback(self._helpers.discard)

    # ------------------------------------------------------------ storage fails

    def _fail(self, batch: _Open, error: Exception) -> None:
        """Nothing of this batch nor of the one being filled has happened."""
        if self.failed_at is None:
            log.error("storage failed: %s", error)
        self.failed_at, self._ahead = self.failed_at or self.clock.now(), True
        lost, self._open = self._open, _fresh()
        self._due_snapshot = None
        for tell in (*batch.after, *lost.after):
            tell(False)
        if self._recovering is None or self._recovering.done():
            self._recovering = asyncio.ensure_future(self._recover())

    async def _recover(self) -> None:
        """Tries until the journal takes rows again, then reads the hall back."""
        first = True
        while True:
            try:
                await asyncio.to_thread(self.journal.recover)
                self._rebuild()
            except Exception as error:
                if first:
                    log.error("storage still fails: %s", error)
                    first = False
                    self._show_failure()
                await asyncio.sleep(RETRY_STORAGE_S)
                continue
            log.warning("storage works again")
            self.failed_at = None
            if self.watcher is not None:
                self.watcher.rebuilt(self.hall)
            return

    def _show_failure(self) -> None:
        """The live hall is ahead of the disk; screens get the one the disk has, if it can be read."""
        try:
            self._rebuild()
        except Exception as error:
            log.error("the journal cannot be read: %s", error)

    # ------------------------------------------------------------ time

    async def tick(self) -> None:
        """Lets time pass: called about once a second."""
        now = self.clock.now()
        if self.hall.seq and self.failed_at is None and day.is_due(self.hall, now):
            await self.submit(day.TimePassed(), self.stamp("hall"))

    def is_quiet(self) -> bool:
        """Whether nobody waits and no counter is open, so that a stepped clock may be taken over."""
        return all(c.state == "closed" for c in self.hall.counters.values()) and not any(
            w.keys for w in self.hall.waiting.values()
        )


def _fresh() -> _Open:
    return _Open(rows=[], answers=[], events=[], after=[])


def apply_row(hall: Hall, row: Row) -> None:
    """Makes one row of the journal true."""
    machine.evolve(hall, machine.decode(row.type, row.data), instant(row.at))
