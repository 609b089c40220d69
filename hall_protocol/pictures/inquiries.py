"""Inquiries, complaints, the message book and bad ratings, as answers and screens show them."""

import msgspec

from . import Picture


class Link(Picture, kw_only=True):
    """Somebody who was responsible, and since when."""

    clerk: str
    counter: str | None = None
    offered_at: str | None = None
    """When it was offered to him; null for the first one asked."""
    since: str
    how: str
    """`asked accepted assigned`"""


class Inquiry(Picture, kw_only=True):
    """A question and who sees it through. No words and no names: those are in `InquiryEntry`."""

    id: str
    state: str
    """`open handed_over answered`"""
    first_responsible: str
    responsible: str | None
    """Null when nobody's account is left: then `listed` names the department whose chief representative has it."""
    offered_to: str | None
    chain: list[str]
    """Clerks in order, the first one asked first."""
    links: list[Link]
    """The chain with its times."""
    opened_at: str
    answered_at: str | None
    belongs_to: str
    """`own department counter outside`"""
    channel: str
    service: str | None
    department: str
    counter: str | None
    ticket: str | None
    offered_at: str | None
    accept_due: str | None
    """Until when the offer should be accepted."""
    overdue: bool
    """The offer was not accepted in time; it lies before the chief representative."""
    listed: str | None
    result_code: str | None
    one_time_notice: str | None
    """Number of the notice that was given."""
    declined_by: str | None = None
    """Who did not take it last, until it is offered again."""
    decline_reason: str | None = None


class InquiryEntry(Inquiry, kw_only=True):
    """An inquiry with its words, for those who have to see it through."""

    matter: str | None
    """Null when its words have been forgotten."""
    visitor: str | None
    """Name and telephone, masked."""
    result: str | None = None
    decline_words: str | None = None
    service_name: str | None = None
    same_visitor: list[str] = msgspec.field(default_factory=list)
    """Other inquiries of the same ticket or telephone."""


class InquiryColumn(Picture, kw_only=True):
    """The clerk's column of first inquiries, oldest first."""

    mine: list[InquiryEntry]
    """Open ones of the clerk who is signed in, also those offered to somebody who has not accepted."""
    incoming: list[InquiryEntry]
    """Offered to this clerk."""
    listed: list[InquiryEntry]
    """For a chief representative: overdue hand-overs of the department, and those nobody is left for."""
    colleagues: list[str]
    """Clerks it may be handed over to."""
    decline_reasons: list[str]


class Complaint(Picture, kw_only=True):
    """A complaint as those who handle it see it."""

    no: str
    kind: str
    """`complaint consultation suggestion`"""
    category: str
    channel: str
    """`kiosk page counter phone paper`"""
    state: str
    """`received accepted investigating disposed answered filed withdrawn`"""
    received_at: str
    accept_due: str
    answer_due: str
    overdue: str | None
    """`accept` or `answer` when that step is late."""
    department: str | None
    counter: str | None
    clerk: str | None
    ticket: str | None
    case: str | None
    message: str | None
    """The entry of the message book it came from."""
    outcome: str | None
    closed_at: str | None
    released: bool
    """Whether others than the auditor see it: always, but for misconduct."""
    steps: list["Step"]
    text: str | None = None
    answer: str | None = None
    visitor: str | None = None
    """Name and telephone, masked."""


class Step(Picture, kw_only=True):
    """One step of a complaint, a message or a bad rating: what, when, by whom."""

    step: str
    at: str
    who: str
    """`account:NAME`, `clerk:NUMBER`, `device:ID`, `ticket`."""
    outcome: str | None = None
    text: str | None = None


class BookEntry(Picture, kw_only=True):
    """An entry of the message book. `text` and `answer` are shown to everybody only when `state` is `published`."""

    no: str
    state: str
    """`written answered published complaint`"""
    received_at: str
    answered_at: str | None
    text: str | None
    answer: str | None
    publish_wanted: bool | None = None
    channel: str | None = None
    answer_due: str | None = None
    overdue: bool | None = None
    complaint: str | None = None


class BadRating(Picture, kw_only=True):
    """The closed loop of a rating of level 1 or 2. Never shown to the clerk concerned."""

    id: str
    request: str
    ticket: str
    state: str
    """`opened verified put_right explained closed`"""
    level: int
    named: bool
    """Whether there is somebody to call back."""
    counter: str
    clerk: str | None
    department: str
    opened_at: str
    verify_due: str
    call_back_due: str | None
    put_right_due: str
    finding: str | None
    call_back: str | None
    """`satisfied not_satisfied not_reached`, or `anonymous` when it was closed without one."""
    overdue: str | None
    """`verify call_back put_right` when that step is late."""
    closed_at: str | None
    reviewed: str | None
    """`excluded confirmed` once an auditor has reviewed the rating."""
    steps: list[Step]
    comment: str | None = None


class Number(Picture, kw_only=True):
    """What was written got this number."""

    no: str
