"""Requests about cases and their cards. A due date is computed and never given: whoever sends one is refused."""

from typing import Annotated, Literal

from msgspec import Meta

from ..ids import Form, Moment, Text40, Text64, Text200
from . import Request
from .visitor import VisitorDetails

Channel = Literal["hall", "phone", "web", "paper", "home_visit", "integrator", "agent"]
Outcome = Literal["granted", "denied"]
Reason = Annotated[str, Meta(max_length=200)]
"""Empty or absent is refused with `reason_missing`: nobody stops a clock without saying why."""
Number = Annotated[str, Meta(max_length=40, description="number of a written notice, receipt or seal")]
Documents = Annotated[list[Text200], Meta(max_length=200)]
"""Names of documents as the catalogue has them."""


class CaseRequest(Request, kw_only=True):
    """Base of what is said about a case. The two dates are here to be refused with `due_by_hand`."""

    promised_due: Text40 | None = None
    statutory_due: Text40 | None = None


class DecideCase(CaseRequest, kw_only=True):
    """`POST /cases/{no}/decide`. `place` is `department` when the decision was made there and is only typed in here."""

    outcome: Outcome
    seal: Text64 | None = None
    place: Literal["counter", "department"] | None = None


class NewCase(CaseRequest, kw_only=True):
    """`POST /cases`. `documents` absent: whoever accepts says that they are complete.

    `accept` takes it up in the same act; `decide` decides it as well, for what is done on the spot.
    """

    service: Text64
    form: Form | None = None
    applicant: VisitorDetails | None = None
    ticket: Text64 | None = None
    channel: Channel | None = None
    documents: Documents | None = None
    show_name: bool = False
    received_at: Moment | None = None
    """When the application came in, if that was before now."""
    project: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]{1,64}$")] | None = None
    reference: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.:/-]{1,64}$")] | None = None
    """Its number in the system it comes from: received once."""
    accept: bool = False
    decide: DecideCase | None = None


class SupplementCase(CaseRequest, kw_only=True):
    """`POST /cases/{no}/supplement`: everything that is missing, named once."""

    missing: Documents
    notice_no: Number = ""
    """Absent: the hall numbers the notice itself."""


class AcceptCase(CaseRequest, kw_only=True):
    """`POST /cases/{no}/accept`; `documents` are those that are there now, absent after a supplement means all."""

    documents: Documents | None = None


class EndCase(CaseRequest, kw_only=True):
    """`/not-accept`, `/withdraw`, `/void`, `/reopen`: a reason and nothing else."""

    reason: Reason = ""


class PauseCase(CaseRequest, kw_only=True):
    """`POST /cases/{no}/pause` by a chief representative, from today on."""

    reason: Reason = ""
    notice_no: Number = ""


class ResumeCase(CaseRequest, kw_only=True):
    """`POST /cases/{no}/resume`: the clock runs again from today."""


class DeliverCase(CaseRequest, kw_only=True):
    """`POST /cases/{no}/deliver`: the applicant has the result."""


class StepCase(CaseRequest, kw_only=True):
    """`POST /cases/{no}/step`: the step's name in the catalogue, or its place, 1 for the first."""

    step: Annotated[int, Meta(ge=1, le=200)] | Text200


class ExtendCase(CaseRequest, kw_only=True):
    """`POST /cases/{no}/extend` by a chief representative, once."""

    days: Annotated[int, Meta(ge=1, le=3000)]
    reason: Reason = ""
    notice_no: Number = ""


class ReportUp(CaseRequest, kw_only=True):
    """`POST /cases/{no}/report-up`: to the authority above, with its receipt."""

    to: Text64
    receipt: Text64


class ReportedAnswer(CaseRequest, kw_only=True):
    """`POST /cases/{no}/reported-answer`: what the authority above decided."""

    outcome: Outcome


class AskStatus(Request, kw_only=True):
    """`POST /case-status`: number and check code from the receipt, or what its QR code holds."""

    no: Text64 | None = None
    check_code: Text64 | None = None
    token: Text200 | None = None
    """The end of the QR code's address, or all of it."""


class RaiseCard(Request, kw_only=True):
    """`POST /cards` by an auditor: one of the causes no clock can see."""

    case: Text64
    cause: Annotated[str, Meta(max_length=60)] = ""
    level: Literal["yellow", "red"] = "yellow"


class RevokeCard(Request, kw_only=True):
    """`POST /cards/{id}/revoke` by an auditor; `evidence` names entries of the journal or a file's number."""

    reason: Reason = ""
    evidence: Annotated[str, Meta(max_length=200)] = ""
