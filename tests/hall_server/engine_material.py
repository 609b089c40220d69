"""An engine on a folder of its own, with a clock the test moves and a disk that fails on demand."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

for _room in ("journal", "core"):
    # Their tests stand in folders of their own, which pytest puts on the path only when it collects them.
    if (_folder := str(Path(__file__).parent / _room)) not in sys.path:
        sys.path.append(_folder)

from core_material import COUNTERS, LINES, MORNING, SERVICES  # noqa: E402

from hall_server.core.hall import Hall, as_values  # noqa: E402
from hall_server.core.lines.ticket import TakeTicket  # noqa: E402
from hall_server.core.people.counter import OpenCounter  # noqa: E402
from hall_server.core.people.session import SignInClerk  # noqa: E402
from hall_server.core.places.catalogue import ClerkRow, TakeOver  # noqa: E402
from hall_server.core.places.config import FoundHall  # noqa: E402
from hall_server.core.places.settings import Settings  # noqa: E402
from hall_server.core.registry import Event  # noqa: E402
from hall_server.core.stamp import Stamp, instant  # noqa: E402
from hall_server.engine import Engine, Once, Outcome, apply_row  # noqa: E402
from hall_server.journal.lock import WriterLock  # noqa: E402
from hall_server.journal.reader import Reader  # noqa: E402
from hall_server.journal.rows import Batch  # noqa: E402
from hall_server.journal.store import Journal  # noqa: E402

LIMIT_S = 20


class TestClock:
    """Time the test moves, milliseconds."""

    __test__ = False

    def __init__(self) -> None:
        self.ms = instant(MORNING)

    def now(self) -> int:
        return self.ms


def new_engine(data: Path, *, vfs: str | None = None) -> Engine:
    """A founded hall with the counters of `core_material`, all of them open."""
    lock = WriterLock(data, program="a test")
    lock.acquire()
    journal = Journal.create(data / "journal.db", vfs=vfs)
    engine = Engine(data=data, journal=journal, lock=lock, clock=TestClock())
    engine.do(FoundHall(settings=Settings()))
    clerks = tuple(ClerkRow(number=f"03{n:02}", department="d") for n in range(1, 31))
    engine.do(TakeOver(lines=LINES, services=SERVICES, counters=COUNTERS, clerks=clerks))
    return engine


async def at_counter(engine: Engine, counter: str) -> Stamp:
    """A clerk signs in and opens the counter; the stamp of what he does there."""
    clerk = f"03{int(counter):02}"
    await engine.submit(SignInClerk(clerk=clerk, counter=counter), engine.stamp("console"))
    stamp = engine.stamp(f"clerk:{clerk}", clerk=clerk, counter=counter)
    await engine.submit(OpenCounter(), stamp)
    return stamp


def once(key: str, *, body: bytes = b"{}", scope: str = "device:D1|POST /tickets") -> Once:
    """The circumstances of one press."""
    return Once(scope=scope, key=key, fingerprint=body)


async def take(engine: Engine, key: str | None = None, *, line: str = "A", body: bytes = b"{}") -> Outcome:
    """A press at the kiosk; the answer is the number."""
    return await engine.submit(
        TakeTicket(line=line),
        engine.stamp("device:D1", device="D1"),
        respond=number_of,
        once=None if key is None else once(key, body=body),
    )


def number_of(hall: Hall, events: list[Event]) -> tuple[int, bytes]:
    """The answer: the number of the first event."""
    return 201, events[0].number.encode()  # type: ignore[attr-defined]


class Held:
    """The writer's thread, standing until it is let go: what is submitted meanwhile cannot be on disk."""

    def __init__(self, journal: Journal) -> None:
        self._go, standing = threading.Event(), threading.Event()

        def stand(_batch: Batch, _error: Exception | None) -> None:
            standing.set()
            self._go.wait(LIMIT_S)

        journal.submit(Batch(rows=[], answers=[]), stand)
        assert standing.wait(LIMIT_S)

    def let_go(self) -> None:
        self._go.set()


@contextmanager
def held(journal: Journal) -> Iterator[Held]:
    """`Held` that lets go in the end whatever happens."""
    standing = Held(journal)
    try:
        yield standing
    finally:
        standing.let_go()


async def turns(count: int = 20) -> None:
    """Lets everything that can go on go on."""
    for _ in range(count):
        await asyncio.sleep(0)


async def until(true: Callable[[], bool]) -> None:
    """Waits for a condition, with a limit."""
    async with asyncio.timeout(LIMIT_S):
        while not true():
            await asyncio.sleep(0.005)


def replayed(data: Path) -> Hall:
    """The hall that the rows of the journal alone give."""
    hall = Hall()
    with Reader(data / "journal.db") as reader:
        for row in reader.stream():
            apply_row(hall, row)
    return hall


def as_journal(engine: Engine) -> bool:
    """Whether the live hall is what the rows on disk say."""
    return bool(as_values(engine.hall) == as_values(replayed(engine.data)))
