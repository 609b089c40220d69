"""The record: events, indicators, metrics, and whether the server is alive."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TypeVar
from weakref import WeakKeyDictionary

import msgspec
from litestar import Response, get
from litestar.datastructures import State
from litestar.params import Parameter

from hall_protocol.refusals import Refused

from ...core.oversight.bulletin import Frozen
from ...journal.reader import Reader
from ...journal.rows import Row
from ...journal.store import StorageFailed
from ...reports import indicators as seven
from ...reports.facts import NotAsPublished, check_month
from ..device.tickets import answers, house_of
from ..house import House, HttpRequest
from .devices import device_gauges

log = logging.getLogger(__name__)
Made = TypeVar("Made")

EVENTS_MOST = 5000
SEQ_MOST = 2**63 - 1
"""Largest number a row can have."""
INTEGRATOR_TYPES = frozenset(
    {
        "ticket_issued", "ticket_called", "ticket_recalled", "service_begun", "service_finished",
        "ticket_marked_no_show", "ticket_reinstated", "ticket_parked", "ticket_resumed", "ticket_transferred",
        "ticket_returned", "ticket_reclassified", "ticket_cancelled", "ticket_expired", "counter_opened",
        "counter_paused", "counter_closed", "rating_requested", "notice_posted", "catalogue_changed",
    }
)  # fmt: skip
"""What an integrator may read: queue and counters, neither ratings nor people."""


class EventView(msgspec.Struct):
    """One row of the journal."""

    seq: int
    at: str
    type: str
    data: msgspec.Raw
    actor: str
    hash: str


class EventsView(msgspec.Struct):
    """A page of the journal; `next` is the `after` of the next page, null at the end."""

    events: list[EventView]
    next: int | None


class EventDocument(msgspec.Struct):
    """One row of the journal, as documented."""

    seq: int
    at: str
    type: str
    data: dict[str, Any]
    actor: str
    hash: str


class EventsDocument(msgspec.Struct):
    """A page of the journal."""

    events: list[EventDocument]
    next: int | None


@get("/events", responses=answers(200, EventsDocument, "A page of events"), summary="Read the journal")
async def events(
    request: HttpRequest,
    state: State,
    after: Annotated[int, Parameter(ge=0, le=SEQ_MOST)] = 0,
    limit: Annotated[int, Parameter(ge=1, le=EVENTS_MOST)] = 500,
    types: Annotated[str | None, Parameter(max_length=1000)] = None,
) -> Response[bytes]:
    """In the order of the journal, committed rows only; `types` are event types joined by commas."""
    house = house_of(state)
    only = None if types is None else frozenset(types.split(","))
    if house.caller(request).role == "integrator":
        only = INTEGRATOR_TYPES if only is None else only & INTEGRATOR_TYPES
    rows = house.engine.journal.read(after, limit, only)
    last = rows[-1].seq if len(rows) == limit else None
    if house.caller(request).role != "auditor":
        rows = [r for r in rows if not is_for_auditors(house, r)]
    page = EventsView(
        events=[view_of(row) for row in rows],
        next=last,
    )
    return house.response(200, msgspec.json.encode(page))


def is_for_auditors(house: House, row: Row) -> bool:
    """Whether a row is about misconduct that no auditor has released: to others it is not there (domain.md A11a).

    So is one that rests on such a complaint: its number would tell.
    """
    hidden = house.engine.hall.complaints_hidden
    if not hidden or not row.type.startswith(MAY_NAME_COMPLAINTS):
        return False
    told = msgspec.json.decode(row.data)
    return told.get("complaint") in hidden or rests_on_hidden(house, told.get("evidence"))


def rests_on_hidden(house: House, evidence: Any) -> bool:
    """Whether what an entry rests on names a complaint that only auditors may see."""
    hidden = house.engine.hall.complaints_hidden
    return isinstance(evidence, list | tuple) and any(
        one.partition(":")[0] == "complaint" and one.partition(":")[2] in hidden for one in evidence
    )


def seen_by(house: House, role: str, members: list[seven.Member]) -> list[seven.Member]:
    """Members of a fraction as this role may know them: to others than auditors hidden complaints are only counted."""
    if role == "auditor":
        return members
    return [m for m in members if m.member not in house.engine.hall.complaints_hidden]


@get("/indicators", responses=answers(200, seven.Indicators, "The month"), summary="The seven monthly indicators")
async def monthly(request: HttpRequest, state: State, month: str, by: str = "hall") -> Response[bytes]:
    """Numerator, denominator and a percent cut to two decimals, by hall, department, counter, clerk or site."""
    house = house_of(state)
    try:
        check_month(month)
    except ValueError as error:
        raise Refused("unknown_month") from error
    if by not in BY:
        raise Refused("bad_request", why="by")
    frozen = house.engine.hall.bulletins.get(month)
    document = await aside(counted, house.data, month, by, frozen)
    return house.response(200, msgspec.json.encode(document))


class MembersView(msgspec.Struct):
    """The events behind one fraction; `numerator` and `denominator` name the things they are about."""

    events: list[EventView]
    next: int | None
    numerator: list[str]
    denominator: list[str]


class MembersDocument(msgspec.Struct):
    """The events behind one fraction, as documented."""

    events: list[EventDocument]
    next: int | None
    numerator: list[str]
    denominator: list[str]


@get(
    "/indicators/{name:str}/events",
    responses=answers(200, MembersDocument, "The events behind the fraction"),
    summary="What an indicator is made of",
)
async def behind(
    request: HttpRequest,
    state: State,
    name: str,
    month: str,
    by: str = "hall",
    key: Annotated[str, Parameter(max_length=64)] = "hall",
    after: Annotated[int, Parameter(ge=0, le=SEQ_MOST)] = 0,
    limit: Annotated[int, Parameter(ge=1, le=EVENTS_MOST)] = 500,
) -> Response[bytes]:
    """One event for each case, finding, item, rating or complaint in the numerator or the denominator."""
    house = house_of(state)
    try:
        check_month(month)
    except ValueError as error:
        raise Refused("unknown_month") from error
    if by not in BY or name not in seven.CODE_NAMES:
        raise Refused("bad_request", why="by" if by not in BY else "name")
    role = house.caller(request).role
    found = seen_by(house, role, await aside(made_of, house.data, name, month, by, key))
    page = [m for m in found if m.seq > after][:limit]
    rows = house.engine.journal.read_these([m.seq for m in page])
    if role != "auditor":
        rows = [row for row in rows if not is_for_auditors(house, row)]
    view = MembersView(
        events=[view_of(row) for row in rows],
        next=page[-1].seq if len(page) == limit else None,
        numerator=[m.member for m in page if m.numerator],
        denominator=[m.member for m in page if m.denominator],
    )
    return house.response(200, msgspec.json.encode(view))


def view_of(row: Row) -> EventView:
    """A row as it is told."""
    return EventView(seq=row.seq, at=row.at, type=row.type, data=msgspec.Raw(row.data), actor=row.actor, hash=row.hash)


def made_of(data: Path, name: str, month: str, by: Any, key: str) -> list[seven.Member]:
    """The members of one fraction. On a thread of its own."""
    with up_to_date(data) as report, seven.reading(report) as db:
        return seven.members(db, name=name, month=month, by=by, key=key)


BY = frozenset({"hall", "department", "counter", "clerk", "site"})
READERS = 2
"""Threads for the reading side, of those the server has for everything."""
_TURNS: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
MAY_NAME_COMPLAINTS = (
    "complaint_", "message_made_complaint", "supervision_", "accountability_", "rating_reviewed", "card_",
)  # fmt: skip
"""Types, by how they begin, of events that bear or rest on the number of a complaint."""


@contextmanager
def up_to_date(data: Path) -> Iterator[Path]:
    """`report.db`, which knows everything that is committed."""
    from ...reports import projection  # sqlite-utils takes 14 MB, which a hall needs once a month

    report = data / "report.db"
    with REPORTING, Reader(data / "journal.db") as reader:
        projection.refresh(report, rows_after=reader.stream, hash_at=reader.hash_at)
        try:
            yield report
        except sqlite3.DatabaseError as error:
            if type(error) is sqlite3.DatabaseError:  # damaged, and not locked or asked wrongly: made again next time
                report.unlink(missing_ok=True)
            raise


async def aside(make: Callable[..., Made], *args: Any) -> Made:
    """`make(*args)` on a thread of its own, for whatever reads the journal's files or `report.db`.

    Only few at once: however many ask, and however slow the file is, threads are left for those who store something.
    Refuses with `storage_unavailable` when the file cannot be read; a damaged one is made again and asked once more.
    """
    loop = asyncio.get_running_loop()
    async with _TURNS.setdefault(loop, asyncio.Semaphore(READERS)):
        try:
            try:
                return await asyncio.to_thread(make, *args)
            except sqlite3.DatabaseError as error:
                if type(error) is not sqlite3.DatabaseError:
                    raise
                log.warning("report.db is damaged and is made again: %s", error)
                return await asyncio.to_thread(make, *args)
        except (sqlite3.Error, OSError, StorageFailed, NotAsPublished) as error:
            log.error("the reading side could not be asked: %s", error)
            raise Refused("storage_unavailable") from error


def counted(data: Path, month: str, by: Any, frozen: Frozen | None) -> Any:
    """The month from the reading side; a frozen one as it was published, with what has changed since beside it."""
    from ...reports import bulletin

    with up_to_date(data) as report, seven.reading(report) as db:
        if frozen is None:
            return seven.counted(db, month=month, by=by)
        published = bulletin.published(data, month, sha256=frozen.sha256)
        return bulletin.answer(published, by=by, found=bulletin.corrections(published, db))


REPORTING = threading.Lock()
"""One reader brings the reading side up to date at a time."""


@get("/healthz", include_in_schema=True, summary="Is the process alive")
async def healthz(request: HttpRequest, state: State) -> dict[str, str]:
    """Answers as long as the process does."""
    return {"status": "alive"}


@get("/readyz", summary="Can it take requests")
async def readyz(request: HttpRequest, state: State) -> Response[Any]:
    """503 while storage fails."""
    house = house_of(state)
    if house.engine.failed_at is not None:
        raise Refused("storage_unavailable")
    return Response({"status": "ready", "seq": house.engine.journal.head_seq})


@get("/ca.pem", media_type="application/x-pem-file", summary="The hall's own certificate authority")
async def ca(request: HttpRequest, state: State) -> Response[bytes]:
    """For clients that pin it."""
    pem = (house_of(state).data / "keys" / "ca.pem").read_bytes()
    return Response(pem, media_type="application/x-pem-file")


@get("/metrics", media_type="text/plain; version=0.0.4", summary="Prometheus metrics")
async def metrics(request: HttpRequest, state: State) -> Response[str]:
    """The hall in numbers."""
    return Response(metrics_text(house_of(state)), media_type="text/plain; version=0.0.4")


def metrics_text(house: House) -> str:
    """Prometheus text format: state of the hall, of devices, and of the server itself."""
    hall, lines = house.engine.hall, []

    def gauge(name: str, text: str, values: dict[str, float], kind: str = "gauge") -> None:
        lines.append(f"# HELP {name} {text}")
        lines.append(f"# TYPE {name} {kind}")
        lines.extend(f"{name}{labels} {value:.15g}" for labels, value in values.items())

    gauge("hall_journal_seq", "Last committed event", {"": house.engine.journal.head_seq}, "counter")
    gauge("hall_storage_failed", "1 while storage fails", {"": float(house.engine.failed_at is not None)})
    gauge("hall_waiting", "People waiting", {f'{{line="{n}"}}': hall.waiting_count(n) for n in hall.lines})
    states = [c.state for c in hall.counters.values()]
    gauge(
        "hall_counters",
        "Counters by state",
        {f'{{state="{s}"}}': states.count(s) for s in ("open", "paused", "closed")},
    )
    today = hall.today
    gauge(
        "hall_today",
        "Tickets of this hall-day",
        {
            '{what="issued"}': today.issued,
            '{what="done"}': today.done,
            '{what="no_show"}': today.no_shows,
            '{what="cancelled"}': today.cancelled,
            '{what="rated"}': today.rated,
            '{what="print_failed"}': today.print_failed,
        },
    )
    for name, text, values in device_gauges(house.eyes.devices(hall)):
        gauge(name, text, values)
    return "\n".join(lines) + "\n"
