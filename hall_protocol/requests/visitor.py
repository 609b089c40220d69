"""Requests of kiosks, keypads and the visitor's own page."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from ..ids import Form, Language, Moment, PriorityClass, Text64, Text200, Text2000
from . import Request


class VisitorDetails(Request, kw_only=True):
    """Who comes, if he says so; kept in the vault for personal data only."""

    name: Text64 | None = None
    phone: Annotated[str, Meta(min_length=1, max_length=32)] | None = None
    id_number: Annotated[str, Meta(min_length=1, max_length=32)] | None = None


class TakeTicket(Request, kw_only=True):
    """`POST /tickets`: one of `service` and `line` names what the visitor came for."""

    service: Text64 | None = None
    line: Text64 | None = None
    priority_class: PriorityClass = "ordinary"
    form: Form | None = None
    appointment: Text64 | None = None
    language: Language | None = None
    visitor: VisitorDetails | None = None


class PrintResult(Request, kw_only=True):
    """`POST /tickets/{id}/print-result`: what the printer answered. `evidence` is its bytes in hexadecimal."""

    outcome: Literal["confirmed", "failed", "unknown"]
    how: Annotated[str, Meta(max_length=40)] | None = None
    evidence: Annotated[str, Meta(max_length=400)] | None = None


class LeaseBlock(Request, kw_only=True):
    """`POST /blocks`: numbers of one line for a kiosk to use while the server is away."""

    line: Text64
    size: Annotated[int, Meta(ge=1, le=200)]


PRINTED = r"^(?!.*\s)[^\x00-\x1f\x7f/\\<>&\"']{1,12}$"
"""A number as it can stand on paper and in an address. The look ahead is for a line's end, which `$` lets pass."""


class OfflineTicket(Request, kw_only=True):
    """One ticket a kiosk issued by itself. `key` is the Idempotency-Key of the touch."""

    key: Annotated[str, Meta(min_length=1, max_length=128)]
    number: Annotated[str, Meta(pattern=PRINTED)]
    issued_at: Moment
    line: Text64 | None = None
    service: Text64 | None = None
    priority_class: PriorityClass = "ordinary"
    language: Language | None = None


class MergeOffline(Request, kw_only=True):
    """`POST /tickets/offline`."""

    tickets: Annotated[list[OfflineTicket], Meta(min_length=1, max_length=1000)]


class AskHelp(Request, kw_only=True):
    """`POST /help`: no personal data, only where and in which language. `screen` names the kiosk's screen."""

    language: Language | None = None
    screen: Annotated[str, Meta(max_length=40)] | None = None


class GiveRating(Request, kw_only=True):
    """`POST /ratings`: 5 = very satisfied … 1 = very dissatisfied."""

    request: Text64
    nonce: Annotated[str, Meta(min_length=1, max_length=128)]
    level: Annotated[int, Meta(ge=1, le=5)]
    aspects: Annotated[list[Literal["efficiency", "competence", "attitude"]], Meta(max_length=3)] = msgspec.field(
        default_factory=list
    )
    comment: Text2000 | None = None


class Reason(Request, kw_only=True):
    """A request that needs nothing but a reason. Reasons of counters are short words, never free text on visitors."""

    reason: Text200
