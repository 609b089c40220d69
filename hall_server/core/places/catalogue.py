"""The catalogue: departments, lines, counters and services, taken whole from files and changed row by row.

A case keeps the version it began under; a service that is not in use is nowhere to be had (domain.md A1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hall_protocol.refusals import Refused

from ..matters import case_clock
from ..oversight.authorisation import Letter, LetterRevoked, granted
from ..oversight.seal import Seal, registered_event
from ..people.account import Clerk
from ..people.counter import Counter
from ..registry import Command, Event, decides, evolves
from ..stamp import Stamp

if TYPE_CHECKING:
    from ..hall import Hall


class MaterialRow(msgspec.Struct, frozen=True):
    """A document to bring."""

    name: str
    note: str = ""


class StepRow(msgspec.Struct, frozen=True):
    """A step of handling; `counts` says whether it counts towards the limit, `days` is a limit of its own."""

    name: str
    counts: bool = True
    days: int | None = None


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """One item. An on-the-spot item is due the same day, whatever number `promised_days` prints."""

    service: str
    name: str
    department: str
    line: str
    short_name: str = ""
    aliases: tuple[str, ...] = ()
    kind: str = "public_service"
    level: str = "county"
    legal_basis: str = ""
    conditions: str = ""
    """Who may have it (受理条件), in words."""
    state: str = "in_use"
    """`in_use suspended abolished`"""
    group: str = ""
    type_code: str = ""
    type_name: str = ""
    handling: str = "committed"
    statutory_days: int | None = None
    promised_days: int = 0
    day_unit: str = "working_day"
    fee: bool = False
    official_code: str | None = None
    materials_count: int | None = None
    name_basis: str = ""
    limits_basis: str = ""
    source: str = ""
    materials: tuple[MaterialRow, ...] = ()
    steps: tuple[StepRow, ...] = ()


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line. Its letter is `prefix`; `hours` empty means the hall's."""

    line: str
    name: str
    site: str = "county"
    place: str = ""
    hours: tuple[str, ...] = ()
    quota: int | None = None
    prefix: str = ""


class CounterRow(msgspec.Struct, frozen=True, kw_only=True):
    """A counter as a person set it up."""

    counter: str
    site: str = "county"
    kind: str = "service"
    department: str = ""
    lines: tuple[str, ...] = ()
    phone: str = ""
    post: str = ""


class ClerkRow(msgspec.Struct, frozen=True, kw_only=True):
    """A clerk as a person set him up."""

    number: str
    department: str


class YearRow(msgspec.Struct, frozen=True):
    """One year of the working calendar: days off and make-up working days, `YYYY-MM-DD`."""

    off: tuple[str, ...] = ()
    work: tuple[str, ...] = ()


class TakeOver(Command, frozen=True, kw_only=True):
    """Rows of files, already checked. Only what differs becomes an event; what is not named stays as it is."""

    services: tuple[Service, ...] = ()
    lines: tuple[Line, ...] = ()
    counters: tuple[CounterRow, ...] = ()
    clerks: tuple[ClerkRow, ...] = ()
    letters: tuple[Letter, ...] = ()
    seals: tuple[Seal, ...] = ()
    calendar: dict[str, YearRow] = msgspec.field(default_factory=dict)
    provisional: dict[str, YearRow] = msgspec.field(default_factory=dict)


class CatalogueChanged(Event, frozen=True, kw_only=True):
    """These rows are other ones now."""

    services: tuple[Service, ...] = ()
    lines: tuple[Line, ...] = ()
    counters: tuple[CounterRow, ...] = ()
    clerks: tuple[ClerkRow, ...] = ()


class CalendarChanged(Event, frozen=True, kw_only=True):
    """These years are other ones now."""

    published: dict[str, YearRow] = msgspec.field(default_factory=dict)
    provisional: dict[str, YearRow] = msgspec.field(default_factory=dict)


def row_of(counter: Counter) -> CounterRow:
    """The set-up part of a counter."""
    return CounterRow(
        counter=counter.counter,
        site=counter.site,
        kind=counter.kind,
        department=counter.department,
        lines=tuple(counter.lines),
        phone=counter.phone,
        post=counter.post,
    )


@decides(TakeOver)
def take_over(hall: Hall, c: TakeOver, stamp: Stamp) -> list[Event]:
    services = tuple(s for s in c.services if hall.services.get(s.service) != s)
    lines = tuple(line for line in map(with_prefix, c.lines) if hall.lines.get(line.line) != line)
    require_own_letters(hall, lines)
    counters = tuple(
        row for row in c.counters if row.counter not in hall.counters or row_of(hall.counters[row.counter]) != row
    )
    clerks = tuple(row for row in c.clerks if changed_clerk(hall.clerks.get(row.number), row))
    events: list[Event] = []
    if services or lines or counters or clerks:
        events.append(CatalogueChanged(services=services, lines=lines, counters=counters, clerks=clerks))
    published = {year: row for year, row in c.calendar.items() if hall.published.get(year) != row}
    provisional = {year: row for year, row in c.provisional.items() if hall.provisional.get(year) != row}
    if published or provisional:
        events.append(CalendarChanged(published=published, provisional=provisional))
        events += recalculated(hall, published, provisional, version=f"k{hall.seq + len(events)}")
    events += [registered_event(seal) for seal in c.seals if hall.seals.get(seal.seal) != seal]
    for letter in c.letters:
        events += letter_events(hall, letter)
    return events


def recalculated(
    hall: Hall, published: dict[str, YearRow], provisional: dict[str, YearRow], *, version: str
) -> list[Event]:
    """Dates of open cases by the calendar with these years."""
    then = msgspec.structs.replace(
        hall, published={**hall.published, **published}, provisional={**hall.provisional, **provisional}
    )
    return case_clock.recalculated(hall, then, reason_code="calendar_imported", calendar_version=version)


def letter_events(hall: Hall, letter: Letter) -> list[Event]:
    """A new letter is entered, a known one may only be revoked: a register is never rewritten."""
    known = hall.letters.get(letter.letter)
    if known is not None and not same_letter(known, letter):
        raise Refused("name_taken", name=letter.letter)
    entered: list[Event] = [granted(letter)] if known is None else []
    if letter.revoked_from is not None and (known is None or known.revoked_from is None):
        entered.append(LetterRevoked(letter=letter.letter, revoked_from=letter.revoked_from))
    return entered


def same_letter(known: Letter, row: Letter) -> bool:
    """Whether a row speaks of the letter as it is registered; it may add the revocation, not take it back."""
    if known.revoked_from is not None and row.revoked_from != known.revoked_from:
        return False
    return msgspec.structs.replace(known, revoked_from=row.revoked_from) == row


def with_prefix(line: Line) -> Line:
    """The letter of a line is its key unless a person chose another."""
    return line if line.prefix else msgspec.structs.replace(line, prefix=line.line)


def require_own_letters(hall: Hall, lines: tuple[Line, ...]) -> None:
    """Two lines with one letter would give one number twice."""
    letters = {line.prefix: line.line for line in hall.lines.values()}
    for line in lines:
        if letters.setdefault(line.prefix, line.line) != line.line:
            raise Refused("name_taken", name=line.prefix)


def changed_clerk(known: Clerk | None, row: ClerkRow) -> bool:
    """Whether importing this row would change anything."""
    return known is None or known.department != row.department


@evolves(CatalogueChanged)
def catalogue_changed(hall: Hall, e: CatalogueChanged, at: int, seq: int) -> None:
    for line in e.lines:
        hall.lines[line.line] = line
    for service in e.services:
        hall.services[service.service] = service
        hall.departments.setdefault(service.department, None)
    for row in e.counters:
        place_counter(hall, row, at)
    for clerk in e.clerks:
        known = hall.clerks.get(clerk.number)
        enabled, chief = (known.enabled, known.chief) if known else (True, False)
        hall.clerks[clerk.number] = Clerk(
            number=clerk.number, department=clerk.department, enabled=enabled, chief=chief
        )
        hall.departments.setdefault(clerk.department, None)
    hall.catalogue_version = f"c{seq}"


def place_counter(hall: Hall, row: CounterRow, at: int) -> None:
    """A counter is set up, or set up otherwise; whoever serves there goes on."""
    counter = hall.counters.get(row.counter)
    if counter is None:
        counter = Counter(
            counter=row.counter, site=row.site, kind=row.kind, department=row.department, lines=[], since=at
        )
        hall.counters[row.counter] = counter
    counter.site, counter.kind, counter.department = row.site, row.kind, row.department
    counter.lines, counter.phone, counter.post = list(row.lines), row.phone, row.post
    hall.departments.setdefault(row.department, None)
    hall.forget_line_index()


@evolves(CalendarChanged)
def calendar_changed(hall: Hall, e: CalendarChanged, at: int, seq: int) -> None:
    hall.published.update(e.published)
    hall.provisional.update(e.provisional)
    hall.calendar_version = f"k{seq}"
    hall.forget_agenda()


def plain_row(row: msgspec.Struct) -> dict[str, Any]:
    """A row as plain values, for export and comparison."""
    return msgspec.to_builtins(row)  # type: ignore[no-any-return]
