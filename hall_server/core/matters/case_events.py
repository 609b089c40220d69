"""What happens to a case, as the journal has it. Times are RFC 3339 texts, days `YYYY-MM-DD`, reasons codes."""

from __future__ import annotations

from ..registry import Event


class CaseEvent(Event, frozen=True, kw_only=True):
    """What every event about a case says. `counter` and `clerk` are who acts, or with whom it lies when time does."""

    case: str
    service: str
    department: str
    counter: str | None = None
    clerk: str | None = None
    ticket: str | None = None


class CaseReceived(CaseEvent, frozen=True, kw_only=True):
    """An application came in. Its limits are copied, so that a later catalogue changes none of them."""

    site: str
    form: str
    catalogue_version: str
    type_code: str
    handling: str
    promised_days: int
    statutory_days: int | None
    day_unit: str
    received_at: str
    channel: str | None = None
    documents: tuple[int, ...] | None = None
    show_name: bool = False
    project: str | None = None
    reference: str | None = None


class CaseSupplementAsked(CaseEvent, frozen=True, kw_only=True):
    """Everything that is missing, named once; `until` is the day until which it may be brought."""

    missing: tuple[int, ...]
    notice_no: str
    until: str


class CaseAccepted(CaseEvent, frozen=True, kw_only=True):
    """Both clocks start on the next day. `by_clock`: nobody said in time what was missing."""

    accepted_on: str
    promised_due: str | None
    statutory_due: str | None
    provisional: bool
    calendar_version: str
    by_clock: bool = False


class CaseNotAccepted(CaseEvent, frozen=True, kw_only=True):
    """Refused before acceptance, with a reason."""

    reason_code: str


class CasePaused(CaseEvent, frozen=True, kw_only=True):
    """Both clocks stand from the day `from_on`."""

    from_on: str
    reason_code: str
    notice_no: str


class CaseResumed(CaseEvent, frozen=True, kw_only=True):
    """Both clocks run again from the day `to_on`."""

    to_on: str
    promised_due: str
    statutory_due: str | None
    provisional: bool
    calendar_version: str = ""
    step_due: str | None = None


class CaseStepped(CaseEvent, frozen=True, kw_only=True):
    """Another step of the catalogue's list is under way, from 0."""

    step: int
    step_due: str | None = None


class CaseExtended(CaseEvent, frozen=True, kw_only=True):
    """Both limits are longer by `days`; the old dates stand in the events before."""

    days: int
    reason_code: str
    notice_no: str
    promised_due: str
    statutory_due: str | None
    provisional: bool
    calendar_version: str = ""


class CaseDecided(CaseEvent, frozen=True, kw_only=True):
    """Granted or denied; `under` is the letter of whoever decided at the counter."""

    outcome: str
    place: str
    under: str | None
    seal: str | None
    decided_at: str
    first: bool


class CaseDelivered(CaseEvent, frozen=True, kw_only=True):
    """The applicant has the result."""


class CaseWithdrawn(CaseEvent, frozen=True, kw_only=True):
    """By the applicant."""

    reason_code: str


class CaseVoided(CaseEvent, frozen=True, kw_only=True):
    """It should not have been entered."""

    reason_code: str


class CaseReportedUp(CaseEvent, frozen=True, kw_only=True):
    """Passed on to a higher authority, which gave this receipt."""

    to_code: str
    receipt: str


class CaseReportedAnswer(CaseEvent, frozen=True, kw_only=True):
    """What the higher authority decided."""

    outcome: str


class CaseReopened(CaseEvent, frozen=True, kw_only=True):
    """Decided once more; the first decision keeps counting."""

    reason_code: str


class CaseRecalculated(Event, frozen=True, kw_only=True):
    """Other dates, because the calendar or a setting is another one. Nothing changes in silence.

    Each: case, promised before and after, statutory before and after, provisional.
    """

    cases: tuple[tuple[str, str | None, str | None, str | None, str | None, bool], ...]
    calendar_version: str
    reason_code: str


class CaseWarned(CaseEvent, frozen=True, kw_only=True):
    """It is due soon; said once."""

    due_at: str
