"""Listed supervision (挂牌督办) and accountability records (责任追究): opened with evidence, closed with a result.

Subject, reasons and words are in the vault under the entry's id; the journal has what each entry rests on, by the
numbers of the record itself (domain.md A13a, A14a, A14b). A person decides; nothing here follows by itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import msgspec

from hall_protocol.refusals import Refused

from ..registry import Command, Event, decides, evolves
from ..stamp import Stamp

if TYPE_CHECKING:
    from ..hall import Hall

REFERENCE: Final = re.compile(r"(seq|case|card|complaint|finding|loop|inquiry):[0-9A-Za-z-]{1,40}")
"""What an entry may rest on."""
RESULTS: Final = ("done", "not_done", "no_longer_needed")
DECISIONS: Final = ("no_action", "reminded", "admonished", "transferred", "disciplined")
"""What was decided about a person; the names of measures in rules differ, these are their kinds."""


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the supervision list."""

    entry: str
    department: str
    deadline: str
    evidence: tuple[str, ...] = ()
    result: str | None = None


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One accountability record. `clerk` None means a department as a whole."""

    record: str
    department: str
    clerk: str | None
    evidence: tuple[str, ...]
    decision: str | None = None


class ListForSupervision(Command, frozen=True, kw_only=True):
    """A matter is listed until somebody has seen it through."""

    department: str
    deadline: str
    evidence: tuple[str, ...] = ()


class CloseListing(Command, frozen=True, kw_only=True):
    """With what came out."""

    entry: str
    result: str


class OpenRecord(Command, frozen=True, kw_only=True):
    """Somebody is to be held to account for what the evidence shows."""

    department: str
    clerk: str | None
    evidence: tuple[str, ...]


class DecideRecord(Command, frozen=True, kw_only=True):
    """With a decision."""

    record: str
    decision: str


class LookAtRecord(Command, frozen=True, kw_only=True):
    """An auditor opens a record: the look itself is recorded."""

    record: str


class SupervisionListed(Event, frozen=True, kw_only=True):
    """The matter is on the list."""

    entry: str
    department: str
    deadline: str
    evidence: tuple[str, ...] = ()


class SupervisionClosed(Event, frozen=True, kw_only=True):
    """The matter is off the list, with this result."""

    entry: str
    result: str


class AccountabilityOpened(Event, frozen=True, kw_only=True):
    """A record was opened."""

    record: str
    department: str
    clerk: str | None
    evidence: tuple[str, ...]


class AccountabilityDecided(Event, frozen=True, kw_only=True):
    """It was decided on this day."""

    record: str
    decision: str


class AccountabilityLooked(Event, frozen=True, kw_only=True):
    """The actor of this row looked at the record."""

    record: str


def check_evidence(evidence: tuple[str, ...], *, needed: bool) -> None:
    """References of the record, each by its kind and number."""
    if needed and not evidence:
        raise Refused("evidence_missing")
    if any(not REFERENCE.fullmatch(one) for one in evidence):
        raise Refused("bad_request", why="evidence")


@decides(ListForSupervision)
def list_it(hall: Hall, c: ListForSupervision, stamp: Stamp) -> list[Event]:
    if c.department not in hall.departments:
        raise Refused("unknown_department")
    if c.deadline < hall.date_of(stamp.at):
        raise Refused("bad_request", why="deadline")
    check_evidence(c.evidence, needed=False)
    return [
        SupervisionListed(entry=f"S{hall.seq + 1}", department=c.department, deadline=c.deadline, evidence=c.evidence)
    ]


@decides(CloseListing)
def close_listing(hall: Hall, c: CloseListing, stamp: Stamp) -> list[Event]:
    found = hall.listed.get(c.entry)
    if found is None:
        raise Refused("unknown_entry")
    if found.result is not None:
        raise Refused("wrong_state")
    if c.result not in RESULTS:
        raise Refused("result_missing")
    return [SupervisionClosed(entry=c.entry, result=c.result)]


@decides(OpenRecord)
def open_record(hall: Hall, c: OpenRecord, stamp: Stamp) -> list[Event]:
    if c.department not in hall.departments:
        raise Refused("unknown_department")
    if c.clerk is not None and c.clerk not in hall.clerks:
        raise Refused("unknown_clerk")
    check_evidence(c.evidence, needed=True)
    ident = f"Z{hall.seq + 1}"
    return [AccountabilityOpened(record=ident, department=c.department, clerk=c.clerk, evidence=c.evidence)]


@decides(DecideRecord)
def decide_record(hall: Hall, c: DecideRecord, stamp: Stamp) -> list[Event]:
    found = hall.records.get(c.record)
    if found is None:
        raise Refused("unknown_entry")
    if found.decision is not None:
        raise Refused("wrong_state")
    if c.decision not in DECISIONS:
        raise Refused("decision_missing")
    return [AccountabilityDecided(record=c.record, decision=c.decision)]


@decides(LookAtRecord)
def look(hall: Hall, c: LookAtRecord, stamp: Stamp) -> list[Event]:
    if c.record not in hall.records:
        raise Refused("unknown_entry")
    return [AccountabilityLooked(record=c.record)]


@evolves(SupervisionListed)
def listed(hall: Hall, e: SupervisionListed, at: int, seq: int) -> None:
    hall.listed[e.entry] = Listed(entry=e.entry, department=e.department, deadline=e.deadline, evidence=e.evidence)


@evolves(SupervisionClosed)
def closed(hall: Hall, e: SupervisionClosed, at: int, seq: int) -> None:
    hall.listed[e.entry] = msgspec.structs.replace(hall.listed[e.entry], result=e.result)


@evolves(AccountabilityOpened)
def opened(hall: Hall, e: AccountabilityOpened, at: int, seq: int) -> None:
    hall.records[e.record] = Record(record=e.record, department=e.department, clerk=e.clerk, evidence=e.evidence)


@evolves(AccountabilityDecided)
def decided(hall: Hall, e: AccountabilityDecided, at: int, seq: int) -> None:
    hall.records[e.record] = msgspec.structs.replace(hall.records[e.record], decision=e.decision)


@evolves(AccountabilityLooked)
def looked(hall: Hall, e: AccountabilityLooked, at: int, seq: int) -> None:
    """Nothing of the hall changes: the row is the record."""
