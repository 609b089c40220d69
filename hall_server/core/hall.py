"""The hall as a value: what its events say, and nothing else.

`evolve` functions of the lives change it; everybody else reads. Instants are milliseconds since 1970 UTC.
"""

from __future__ import annotations

from datetime import date, timedelta
from sys import intern
from typing import Any

import msgspec

from .lines.block import Block
from .lines.numbering import count_in
from .lines.ticket import OPEN_STATES, Ticket
from .lines.waiting import WaitingList
from .matters.bad_rating import BadRating
from .matters.card import Card
from .matters.case import Case
from .matters.case_clock import Agenda
from .matters.complaint import Complaint
from .matters.inquiry import Inquiry
from .matters.message_book import BookEntry
from .matters.rating import RatingRequest
from .oversight.accountability import Listed, Record
from .oversight.authorisation import Letter
from .oversight.bulletin import Frozen
from .oversight.finding import Finding
from .oversight.seal import Seal
from .people.account import Account, Clerk
from .people.counter import Counter
from .people.device import Device
from .people.message import Message
from .people.session import Session
from .places.catalogue import Line, Service, YearRow
from .places.notice import Evacuation, Help, Notice
from .places.settings import Settings
from .stamp import at_clock, day_of

CALLS_KEPT = 30
SERVICE_TIMES_KEPT = 100
NUMBERS_KEPT_DAYS = 8


class Call(msgspec.Struct):
    """One call or repeated call, as walls show and say it."""

    seq: int
    number: str
    counter: str
    line: str
    at: int
    calls: int


class DayCount(msgspec.Struct):
    """What happened today, in whole numbers."""

    issued: int = 0
    done: int = 0
    no_shows: int = 0
    cancelled: int = 0
    rated: int = 0
    printed: int = 0
    print_failed: int = 0


class Hall(msgspec.Struct):
    """Everything the rules know."""

    seq: int = 0
    """The last event that is true here."""
    at: int = 0
    """Its time."""
    day: str = ""
    """The hall-day, `YYYY-MM-DD`."""
    demo: bool = False
    settings: Settings = msgspec.field(default_factory=Settings)
    settings_version: str = "s0"
    catalogue_version: str = "c0"

    departments: dict[str, None] = msgspec.field(default_factory=dict)
    lines: dict[str, Line] = msgspec.field(default_factory=dict)
    services: dict[str, Service] = msgspec.field(default_factory=dict)
    counters: dict[str, Counter] = msgspec.field(default_factory=dict)
    clerks: dict[str, Clerk] = msgspec.field(default_factory=dict)
    accounts: dict[str, Account] = msgspec.field(default_factory=dict)
    devices: dict[str, Device] = msgspec.field(default_factory=dict)
    sessions: dict[str, Session] = msgspec.field(default_factory=dict)
    published: dict[str, YearRow] = msgspec.field(default_factory=dict)
    provisional: dict[str, YearRow] = msgspec.field(default_factory=dict)

    tickets: dict[str, Ticket] = msgspec.field(default_factory=dict)
    """Of this hall-day, and older ones whose rating is still open."""
    waiting: dict[str, WaitingList] = msgspec.field(default_factory=dict)
    parked: dict[str, None] = msgspec.field(default_factory=dict)
    missed: dict[str, int] = msgspec.field(default_factory=dict)
    """No-shows that may come back, and since when, oldest first."""
    blocks: dict[str, Block] = msgspec.field(default_factory=dict)
    set_aside: dict[str, str] = msgspec.field(default_factory=dict)
    """Ticket ids of numbers in blocks, with their block."""
    last_number: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)
    """By day and line."""
    beyond: dict[str, dict[str, None]] = msgspec.field(default_factory=dict)
    """By day: numbers given out ahead of their line's counter, or of another line's letter (merged off block)."""
    issued: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)
    """Tickets by day and line."""
    uses: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)
    """Tickets by day and service, for 30 days."""
    service_times: dict[str, list[int]] = msgspec.field(default_factory=dict)
    """The last service times of each line, seconds."""
    ratings: dict[str, RatingRequest] = msgspec.field(default_factory=dict)
    calls: list[Call] = msgspec.field(default_factory=list)
    today: DayCount = msgspec.field(default_factory=DayCount)

    inquiries: dict[str, Inquiry] = msgspec.field(default_factory=dict)
    """Without an answer."""
    inquiries_answered: dict[str, Inquiry] = msgspec.field(default_factory=dict)
    """Of today and the day before."""
    complaints: dict[str, Complaint] = msgspec.field(default_factory=dict)
    """Open ones, and those closed no longer ago than personal data is kept."""
    complaints_hidden: dict[str, None] = msgspec.field(default_factory=dict)
    """Numbers of all complaints that are for the auditor alone."""
    book: dict[str, BookEntry] = msgspec.field(default_factory=dict)
    """The message book: unanswered entries, and those answered no longer ago than personal data is kept."""
    bad_ratings: dict[str, BadRating] = msgspec.field(default_factory=dict)
    """Loops that are open, and those closed no longer ago than personal data is kept."""
    rating_reviews: dict[str, str] = msgspec.field(default_factory=dict)
    """Rating requests an auditor has reviewed: `excluded confirmed`."""
    register_counts: dict[str, int] = msgspec.field(default_factory=dict)
    """Numbers given out by register and year, `I2026`."""

    letters: dict[str, Letter] = msgspec.field(default_factory=dict)
    seals: dict[str, Seal] = msgspec.field(default_factory=dict)
    findings: dict[str, Finding] = msgspec.field(default_factory=dict)
    listed: dict[str, Listed] = msgspec.field(default_factory=dict)
    records: dict[str, Record] = msgspec.field(default_factory=dict)
    """Of accountability."""
    bulletins: dict[str, Frozen] = msgspec.field(default_factory=dict)
    """Frozen ones by month."""

    notices: dict[str, Notice] = msgspec.field(default_factory=dict)
    help: list[Help] = msgspec.field(default_factory=list)
    messages: list[Message] = msgspec.field(default_factory=list)
    evacuation: Evacuation | None = None
    cases: dict[str, Case] = msgspec.field(default_factory=dict)
    """Open ones, and those that ended not longer ago than `cases.kept_days`."""
    cards: dict[str, Card] = msgspec.field(default_factory=dict)
    """Of the cases above; all others stand in the journal."""
    editions: dict[str, list[Service]] = msgspec.field(default_factory=dict)
    """By service: rows of the catalogue that cases began under."""
    case_counts: dict[str, int] = msgspec.field(default_factory=dict)
    """Case numbers given out, by day."""
    ticket_cases: dict[str, list[str]] = msgspec.field(default_factory=dict)
    """Cases by the ticket they began with."""
    references: dict[str, str] = msgspec.field(default_factory=dict)
    """Case numbers by the number the case had where it came from."""
    calendar_version: str = "k0"
    """Changes with every notice, override and provisional table."""
    agenda: Any = None
    """What time will change of cases and when, derived; None means not derived yet."""
    line_index: dict[str, list[str]] = msgspec.field(default_factory=dict)
    """Counters by line, derived; empty means not derived yet."""

    # ------------------------------------------------------------ reading

    @property
    def zone(self) -> str:
        """IANA name of the hall's zone."""
        return self.settings.hall.zone

    def date_of(self, at: int) -> str:
        """The date in the hall at that instant."""
        return day_of(at, self.zone)

    def end_of_day(self, at: int | None = None) -> int:
        """The midnight that ends the day of `at`, or the hall-day."""
        day = date.fromisoformat(self.day if at is None else self.date_of(at))
        return at_clock(day + timedelta(days=1), "00:00", self.zone)

    def waiting_in(self, name: str) -> WaitingList:
        """The waiting list of that name; made when it is asked for first."""
        return self.waiting.setdefault(name, WaitingList())

    def waiting_count(self, line: str) -> int:
        """People waiting in a line."""
        found = self.waiting.get(line)
        return len(found) if found else 0

    def by_number(self, number: str) -> Ticket | None:
        """The ticket with that printed number, of the latest day that has it."""
        for day in sorted(self.issued, reverse=True)[:3]:
            found = self.tickets.get(f"{day.replace('-', '')}-{number}")
            if found is not None:
                return found
        return None

    def counters_of_line(self, line: str) -> list[str]:
        """Counters set up to serve a line."""
        if not self.line_index:
            for counter in self.counters.values():
                for name in counter.lines if not counter.retired else ():
                    self.line_index.setdefault(name, []).append(counter.counter)
        return self.line_index.get(line, [])

    def forget_line_index(self) -> None:
        """Counters serve other lines now."""
        self.line_index = {}

    def device_named(self, name: str) -> Device | None:
        """The live device of that name."""
        return next((d for d in self.devices.values() if d.name == name and not d.revoked), None)

    def issued_count(self, *, day: str, line: str) -> int:
        """Tickets a line gave out that day."""
        return self.issued.get(day, {}).get(line, 0)

    def agenda_now(self) -> Agenda:
        """What time will change of cases, derived when it is asked for first."""
        if self.agenda is None:
            self.agenda = Agenda(self)
        return self.agenda  # type: ignore[no-any-return]

    # ------------------------------------------------------------ used by the lives' evolve functions

    def case_changed(self, case: Case) -> None:
        """A case is another one now, its next instant too."""
        if self.agenda is not None:
            self.agenda.changed(case)

    def forget_agenda(self) -> None:
        """Another calendar, other hours or other rules: every instant may be another one."""
        self.agenda = None

    def count_issue(self, *, day: str, line: str, service: str | None, number: str) -> None:
        """A number was given out: counters go on behind it, blocks aside."""
        self.today.issued += 1
        lines = self.issued.setdefault(day, {})
        lines[line] = lines.get(line, 0) + 1
        if service is not None:
            uses = self.uses.setdefault(day, {})
            uses[service] = uses.get(service, 0) + 1
        count = count_in(number, prefix=self.lines[line].prefix)
        last = self.last_number.setdefault(day, {})
        before = last.get(line, self.settings.queue.first_number - 1)
        if count is not None and (
            count == before + 1 or self.numbers_between_are_aside(day=day, line=line, upto=count)
        ):
            last[line] = max(before, count)
        elif count is None or count > before:
            self.beyond.setdefault(day, {})[number] = None

    def numbers_between_are_aside(self, *, day: str, line: str, upto: int) -> bool:
        """Whether every number between the counter and `upto` is taken, so that the counter may move on to it."""
        last = self.last_number.get(day, {}).get(line, self.settings.queue.first_number - 1)
        if not last < upto <= last + 1000:
            return False
        prefix, digits = self.lines[line].prefix, self.settings.queue.digits
        stem = day.replace("-", "")
        taken = (f"{stem}-{prefix}{n:0{digits}d}" for n in range(last + 1, upto))
        return all(ident in self.tickets or ident in self.set_aside for ident in taken)

    def release_set_aside(self, ticket: str) -> None:
        """A number of a block is a ticket now."""
        block = self.set_aside.pop(ticket, None)
        if block is not None:
            self.blocks[block].left -= 1

    def announce(self, *, seq: int, ticket: Ticket, at: int) -> None:
        """A call for walls to show and say."""
        self.calls.append(
            Call(
                seq=seq,
                number=ticket.number,
                counter=str(ticket.counter),
                line=ticket.line,
                at=at,
                calls=ticket.calls,
            )
        )
        del self.calls[:-CALLS_KEPT]

    def note_service_time(self, *, line: str, seconds: int) -> None:
        """One more service time of a line."""
        times = self.service_times.setdefault(line, [])
        times.append(seconds)
        del times[:-SERVICE_TIMES_KEPT]

    def start_day(self, at: int) -> None:
        """What only belongs to the day that ended is forgotten; tickets of the new one may be there already."""
        self.today = DayCount()
        self.calls, self.help = [], []
        self.ratings = {k: r for k, r in self.ratings.items() if not r.rated and r.expires > at}
        self.tickets = {
            k: t
            for k, t in self.tickets.items()
            if t.state in OPEN_STATES or t.day >= self.day or (t.rating or "") in self.ratings
        }
        self.missed = {k: since for k, since in self.missed.items() if k in self.tickets}
        yesterday, kept = self.days_back(1), self.days_back(self.settings.retention.personal_retention_days)
        self.complaints = {
            k: c for k, c in self.complaints.items() if c.closed is None or self.date_of(c.closed) >= kept
        }
        self.book = {k: m for k, m in self.book.items() if m.answered is None or self.date_of(m.answered) >= kept}
        self.bad_ratings = {
            k: b for k, b in self.bad_ratings.items() if b.closed is None or self.date_of(b.closed) >= kept
        }
        self.inquiries_answered = {
            k: i for k, i in self.inquiries_answered.items() if self.date_of(i.answered or 0) >= yesterday
        }
        self.waiting = {k: w for k, w in self.waiting.items() if w.keys}
        oldest, oldest_use = self.days_back(8), self.days_back(30)
        self.blocks = {k: b for k, b in self.blocks.items() if b.day >= oldest and b.left > 0}
        self.set_aside = {k: b for k, b in self.set_aside.items() if b in self.blocks}
        self.last_number = {k: v for k, v in self.last_number.items() if k >= oldest}
        self.beyond = {k: v for k, v in self.beyond.items() if k >= oldest}
        self.issued = {k: v for k, v in self.issued.items() if k >= oldest}
        self.uses = {k: v for k, v in self.uses.items() if k >= oldest_use}
        for counter in self.counters.values():
            counter.undo = counter.rating = counter.last_finished = None

        self.forget_cases(at)
        self.forget_agenda()  # what was looked up of days gone by goes with it

    def forget_cases(self, at: int) -> None:
        """Cases that ended long ago are in the journal and the reports; here they are forgotten."""
        oldest = self.days_back(self.settings.cases.kept_days)
        gone = [c for c in self.cases.values() if c.ended is not None and self.date_of(c.ended) < oldest]
        for case in gone:
            del self.cases[case.no]
            for card in case.cards:
                del self.cards[card]
            self.references.pop(case.reference or "", None)
            if case.ticket is not None:
                self.ticket_cases.pop(case.ticket, None)
        recent = self.days_back(NUMBERS_KEPT_DAYS)
        self.case_counts = {day: n for day, n in self.case_counts.items() if day >= recent}

    def days_back(self, days: int) -> str:
        """The date so many days before the hall-day."""
        return (date.fromisoformat(self.day) - timedelta(days=days)).isoformat()


def bare(hall: Hall) -> Hall:
    """The hall without what is derived or empty, so that two halls of one journal are equal to the byte."""
    lists = {name: waiting for name, waiting in sorted(hall.waiting.items()) if waiting.keys}
    return msgspec.structs.replace(hall, line_index={}, agenda=None, waiting=lists)


def encode(hall: Hall) -> bytes:
    """The hall for a snapshot."""
    return msgspec.msgpack.encode(bare(hall))


def decode(data: bytes) -> Hall:
    """A hall from a snapshot; raises `msgspec.DecodeError` when it is another version's."""
    hall = msgspec.msgpack.decode(data, type=Hall)
    share_words(hall)
    return hall


WORDS = ("line", "service", "form", "klass", "language", "state", "queue", "counter", "reason", "standing")
"""Of a ticket: few different ones, in every ticket."""


def share_words(hall: Hall) -> None:
    """One object for each word and each id, as in a hall that was never put away: half the memory of a full one."""
    for ticket in hall.tickets.values():
        for name in WORDS:
            word = getattr(ticket, name)
            if word is not None:
                setattr(ticket, name, intern(word))
    hall.tickets = {ticket.id: ticket for ticket in hall.tickets.values()}
    for waiting in hall.waiting.values():
        waiting.ids = [hall.tickets[ident].id for ident in waiting.ids]


def as_values(hall: Hall) -> Any:
    """Everything as plain values, to compare two halls."""
    return msgspec.to_builtins(bare(hall))
