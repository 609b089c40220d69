"""Requests that add to the registers of oversight: letters of authorisation, seals, inspection findings."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from ..ids import Text64, Text2000
from . import Request

Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$", description="YYYY-MM-DD")]
Power = Literal["decide", "report_up", "coordinate", "seal"]


class GrantLetter(Request, kw_only=True):
    """`POST /authorisations`: a letter of authorisation; both days still count, without `valid_to` it has no end."""

    letter: Text64
    services: Annotated[list[Text64], Meta(min_length=1, max_length=500)]
    holder: Text64
    powers: Annotated[list[Power], Meta(min_length=1, max_length=4)]
    valid_from: Day
    valid_to: Day | None = None


class RevokeLetter(Request, kw_only=True):
    """`POST /authorisations/{id}/revoke`: nothing from that day on."""

    revoked_from: Day


class RegisterSeal(Request, kw_only=True):
    """`POST /seals`: a seal and the staff number of its keeper."""

    seal: Text64
    holder: Text64
    department: Text64


class RecordFinding(Request, kw_only=True):
    """`POST /findings`: a matter handled outside the system; `note` may name somebody and is not journaled."""

    department: Text64
    found_on: Day
    service: Text64 | None = None
    case: Text64 | None = None
    note: Text2000 | None = None


class LinkFinding(Request, kw_only=True):
    """`POST /findings/{id}/link`: the matter was entered afterwards as this case."""

    case: Text64


Evidence = Annotated[list[Annotated[str, Meta(min_length=3, max_length=60)]], Meta(max_length=50)]
"""What an entry rests on, by kind and number: `seq:1204`, `case:20261124-0007`, `complaint:2026-00012`."""


class ListForSupervision(Request, kw_only=True):
    """`POST /supervision`: a matter is listed until `deadline`; `subject` may name somebody and is not journaled."""

    department: Text64
    deadline: Day
    subject: Text2000
    evidence: Evidence = msgspec.field(default_factory=list)


class CloseListing(Request, kw_only=True):
    """`POST /supervision/{id}/close`: with a result."""

    result: Literal["done", "not_done", "no_longer_needed"]
    note: Text2000 | None = None


class OpenRecord(Request, kw_only=True):
    """`POST /accountability`: with evidence; `note` is kept where names are kept."""

    department: Text64
    clerk: Text64 | None = None
    evidence: Evidence
    note: Text2000 | None = None


class DecideRecord(Request, kw_only=True):
    """`POST /accountability/{id}/decide`."""

    decision: Literal["no_action", "reminded", "admonished", "transferred", "disciplined"]
    note: Text2000 | None = None
