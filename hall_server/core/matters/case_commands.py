"""What may be asked of a case. Reasons are the codes below; what else was written is in the vault."""

from __future__ import annotations

from typing import Final

import msgspec

from ..registry import Command

PAUSE_REASONS: Final = (
    "hearing", "tender", "auction", "inspection", "testing", "quarantine", "expert_appraisal", "expert_review",
    "public_notice", "site_visit", "other",
)  # fmt: skip
"""What does not count (licensing law 45, and the item's guide)."""
BY_GUIDE: Final = frozenset({"public_notice", "site_visit"})
"""These stop the clock only while a step is under way that does not count by the item's guide."""
END_REASONS: Final = (
    "documents_incomplete", "not_our_matter", "no_licence_needed", "conditions_not_met", "applicant_asked",
    "double_entry", "entered_by_mistake", "decision_corrected", "ordered_by_court", "other",
)  # fmt: skip
EXTEND_REASONS: Final = ("complex", "more_evidence", "joint_handling", "other")
HIGHER: Final = ("city", "province", "state", "other")


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """Granted or denied. `place` is `department` when it was decided there and is only typed in at a counter."""

    outcome: str
    seal: str | None = None
    place: str | None = None


class ReceiveCase(Command, frozen=True, kw_only=True):
    """An application comes in; `accept` takes it up and `decision` decides it in the same act."""

    service: str
    form: str = "reception"
    ticket: str | None = None
    channel: str | None = None
    documents: tuple[str, ...] | None = None
    show_name: bool = False
    received_at: int | None = None
    project: str | None = None
    reference: str | None = None
    accept: bool = False
    decision: Decision | None = None


class CaseCommand(Command, frozen=True, kw_only=True):
    """Something done to the case of that number."""

    case: str


class AskSupplement(CaseCommand, frozen=True, kw_only=True):
    """Everything that is missing, named once."""

    missing: tuple[str, ...]
    notice_no: str = ""


class AcceptCase(CaseCommand, frozen=True, kw_only=True):
    """Documents are complete, the clocks start."""

    documents: tuple[str, ...] | None = None


class RefuseCase(CaseCommand, frozen=True, kw_only=True):
    """Not accepted, with a reason."""

    reason: str


class PauseCase(CaseCommand, frozen=True, kw_only=True):
    """A special procedure begins; by a chief representative with a written notice."""

    reason: str
    notice_no: str


class ResumeCase(CaseCommand, frozen=True, kw_only=True):
    """It is over."""


class StepCase(CaseCommand, frozen=True, kw_only=True):
    """Another step: its name, or its place from 1."""

    step: str | int


class ExtendCase(CaseCommand, frozen=True, kw_only=True):
    """A longer limit, once; by a chief representative with a written notice."""

    days: int
    reason: str
    notice_no: str


class DecideCase(CaseCommand, frozen=True, kw_only=True):
    """Granted or denied."""

    decision: Decision


class DeliverCase(CaseCommand, frozen=True, kw_only=True):
    """The applicant has it."""


class WithdrawCase(CaseCommand, frozen=True, kw_only=True):
    """The applicant takes it back."""

    reason: str


class VoidCase(CaseCommand, frozen=True, kw_only=True):
    """It should not have been entered."""

    reason: str


class ReportUp(CaseCommand, frozen=True, kw_only=True):
    """Passed on to a higher authority."""

    to: str
    receipt: str


class ReportedAnswer(CaseCommand, frozen=True, kw_only=True):
    """The higher authority has decided."""

    outcome: str


class ReopenCase(CaseCommand, frozen=True, kw_only=True):
    """To be decided once more; by a chief representative."""

    reason: str
