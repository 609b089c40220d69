"""Inspection findings: a matter handled outside the system (体外循环). Each lowers indicator 1 (domain.md A11c, 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hall_protocol.refusals import Refused

from ..registry import Command, Event, decides, evolves
from ..stamp import Stamp

if TYPE_CHECKING:
    from ..hall import Hall


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One finding. `case` is the matter's case when it was entered afterwards."""

    finding: str
    department: str
    found_on: str
    service: str | None = None
    case: str | None = None


class RecordFinding(Command, frozen=True, kw_only=True):
    """An auditor found it on that day. What exactly, in words, is kept in the vault under the finding's id."""

    department: str
    found_on: str
    service: str | None = None
    case: str | None = None


class LinkFinding(Command, frozen=True, kw_only=True):
    """The matter was entered after it was found."""

    finding: str
    case: str


class FindingRecorded(Event, frozen=True, kw_only=True):
    """A matter was found outside the system."""

    finding: str
    department: str
    found_on: str
    service: str | None = None
    case: str | None = None


class FindingLinked(Event, frozen=True, kw_only=True):
    """The finding is about this case."""

    finding: str
    case: str


@decides(RecordFinding)
def record(hall: Hall, c: RecordFinding, stamp: Stamp) -> list[Event]:
    if c.department not in hall.departments:
        raise Refused("unknown_department")
    if c.service is not None and c.service not in hall.services:
        raise Refused("unknown_service")
    if c.found_on > hall.date_of(stamp.at):
        raise Refused("bad_request", why="found_on")
    ident = f"F{hall.seq + 1}"
    return [
        FindingRecorded(finding=ident, department=c.department, found_on=c.found_on, service=c.service, case=c.case)
    ]


@decides(LinkFinding)
def link(hall: Hall, c: LinkFinding, stamp: Stamp) -> list[Event]:
    known = hall.findings.get(c.finding)
    if known is None:
        raise Refused("unknown_finding")
    if known.case is not None:
        raise Refused("wrong_state")
    return [FindingLinked(finding=c.finding, case=c.case)]


@evolves(FindingRecorded)
def recorded(hall: Hall, e: FindingRecorded, at: int, seq: int) -> None:
    hall.findings[e.finding] = Finding(
        finding=e.finding, department=e.department, found_on=e.found_on, service=e.service, case=e.case
    )


@evolves(FindingLinked)
def linked(hall: Hall, e: FindingLinked, at: int, seq: int) -> None:
    hall.findings[e.finding] = msgspec.structs.replace(hall.findings[e.finding], case=e.case)
