"""First inquiry, complaints and the message book, bad ratings and their review. Free words of people stand in `text`,
`matter` and `result`; they are kept where names are kept and never in the journal."""

from typing import Annotated, Literal

from msgspec import Meta

from ..ids import Text64, Text200, Text2000
from . import Request
from .visitor import VisitorDetails

BelongsTo = Literal["own", "department", "counter", "outside"]
Channel = Literal["hall", "phone", "web", "paper"]
Category = Literal[
    "attitude",
    "efficiency",
    "competence",
    "fees",
    "environment",
    "solicitation",
    "shirking",
    "other",
    "consultation",
    "suggestion",
    "吃拿卡要",
    "推诿",
]
"""What a complaint is about. `solicitation` (吃拿卡要) and `shirking` (推诿) go to the auditor alone."""
Decision = Literal["excluded", "confirmed"]
Day = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", description="YYYY-MM-DD")]
Reference = Annotated[str, Meta(pattern=r"^(seq|ticket|case|complaint|inquiry|finding):[0-9A-Za-z-]{1,40}$")]
"""What a decision rests on, by its number in the record: `seq:1204`, `ticket:20261124-A012`."""
CaseNo = Annotated[str, Meta(pattern=r"^[0-9A-Za-z-]{1,40}$")]


class OpenInquiry(Request, kw_only=True):
    """`POST /inquiries`: somebody asks; whoever is asked first stays responsible until there is an answer."""

    matter: Text2000
    belongs_to: BelongsTo
    service: Text64 | None = None
    visitor: VisitorDetails | None = None
    channel: Channel = "hall"
    ticket: Text64 | None = None
    """The visitor's ticket; absent is the one in hand at this counter."""


class HandOver(Request, kw_only=True):
    """`POST /inquiries/{id}/hand-over` to a named clerk, and `/assign` by a chief representative."""

    to: Text64


class Decline(Request, kw_only=True):
    """`POST /inquiries/{id}/decline`: a code of the list, or words."""

    reason: Text200


class AnswerInquiry(Request, kw_only=True):
    """`POST /inquiries/{id}/answer`. `one_time_notice`: true gives the notice a number, a text is the number it has."""

    result: Text2000
    one_time_notice: bool | Text64 | None = None


class Complain(Request, kw_only=True):
    """`POST /complaints`. `received_on` is the date of an entry of the paper box."""

    category: Category
    text: Text2000
    ticket: Text64 | None = None
    case: CaseNo | None = None
    counter: Text64 | None = None
    department: Text64 | None = None
    visitor: VisitorDetails | None = None
    channel: Literal["counter", "phone", "paper"] | None = None
    """Where a clerk took it in; kiosk and page say their own."""
    received_on: Day | None = None


class WriteMessage(Request, kw_only=True):
    """`POST /messages`: a word in the message book; `publish` when the writer would have it shown with its answer."""

    text: Text2000
    publish: bool
    visitor: VisitorDetails | None = None
    channel: Literal["counter", "phone", "paper"] | None = None
    received_on: Day | None = None


class Note(Request, kw_only=True):
    """A step of a complaint or a bad rating with the words that belong to it."""

    text: Text2000 | None = None


class DisposeComplaint(Request, kw_only=True):
    """`POST /complaints/{no}/dispose`."""

    outcome: Literal["upheld", "dismissed"]
    text: Text2000 | None = None


class AnswerComplaint(Request, kw_only=True):
    """`POST /complaints/{no}/answer`: what the complainant is told."""

    text: Text2000


class CloseComplaint(Request, kw_only=True):
    """`POST /complaints/{no}/file` and `/withdraw`; a reason is needed to file what was not taken up."""

    reason: Text200 | None = None


class AnswerMessage(Request, kw_only=True):
    """`POST /messages/{no}/answer`: shown to everybody when both sides agree."""

    text: Text2000
    publish: bool = False


class MakeComplaint(Request, kw_only=True):
    """`POST /messages/{no}/complaint`: a person decides that this word is a complaint."""

    category: Category


class VerifyBadRating(Request, kw_only=True):
    """`POST /bad-ratings/{id}/verify`: `clear` and `complex` are put right, `unfounded` is explained."""

    finding: Literal["clear", "complex", "unfounded"]
    text: Text2000


class StepBadRating(Request, kw_only=True):
    """`POST /bad-ratings/{id}/put-right` and `/explain`."""

    text: Text2000


class CallBack(Request, kw_only=True):
    """`POST /bad-ratings/{id}/call-back`."""

    outcome: Literal["satisfied", "not_satisfied", "not_reached"]
    text: Text2000 | None = None


class ReviewRating(Request, kw_only=True):
    """`POST /ratings/{id}/review`: the rating stays for ever, in the indicators or out of them."""

    decision: Decision
    reason: Text200
    evidence: Annotated[list[Reference], Meta(min_length=1, max_length=20)]
    text: Text2000 | None = None
