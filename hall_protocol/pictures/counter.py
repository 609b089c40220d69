"""A counter, as every answer shows it, and the clerk's screen `counter:N`."""

from . import DeviceState, Evacuation, HallFace, Notice, Picture
from .inquiries import InquiryColumn
from .matters import CaseColumn
from .ticket import Ticket


class Counter(Picture, kw_only=True):
    """Where a clerk serves."""

    counter: str
    site: str
    kind: str
    department: str
    state: str
    clerk: str | None
    ticket: str | None
    """Number of the ticket called or served here."""
    lines: list[str]
    since: str
    reason: str | None
    resume_at: str | None


class QueueEntry(Picture, kw_only=True):
    """One waiting or parked ticket in a clerk's list."""

    id: str
    number: str
    line: str
    service_name: str
    priority_class: str
    issued_at: str
    reason_code: str | None = None
    """Why it stands where it stands: `priority appointment returned reinstated transferred`, else null."""
    on_my_way: bool = False
    parked_until: str | None = None
    park_reason: str | None = None


class NextUp(Picture, kw_only=True):
    """Who call-next would give now, and why (`reason_code` with the values of its sentence)."""

    entry: QueueEntry
    reason_code: str
    """`first priority appointment returned reinstated`"""
    values: dict[str, str]


class UndoOffer(Picture, kw_only=True):
    """The last act that may be taken back."""

    seq: int
    until: str
    act: str
    """`park no_show pause transfer`"""
    number: str | None = None


class LineChoice(Picture, kw_only=True):
    """A line a ticket may be transferred to."""

    line: str
    name: str
    waiting: int
    open_counters: int


class CounterChoice(Picture, kw_only=True):
    """A counter a ticket may be transferred to."""

    counter: str
    state: str
    department: str


class Message(Picture, kw_only=True):
    """A manager's word to this counter."""

    id: str
    text: str
    at: str


class ServiceDetail(Picture, kw_only=True):
    """What the clerk needs to see of the service of the ticket in hand."""

    name: str
    documents: list[str]
    promised: str
    statutory: str


class LastRating(Picture, kw_only=True):
    """Whether the last finished ticket was rated. Never the level."""

    number: str
    state: str
    """`open rated unrated`"""
    finished_at: str


class CounterPicture(Picture, kw_only=True):
    """The clerk's screen."""

    hall: HallFace
    counter: Counter
    phone: str = ""
    """Telephone of this counter, for its bar; empty where nobody set one."""
    post: str = ""
    """Staff number of its first-contact post, also while another clerk sits there."""
    ticket: Ticket | None = None
    ticket_service: ServiceDetail | None = None
    next: NextUp | None = None
    queue: list[QueueEntry]
    """The first 30 in calling order."""
    queue_length: int
    longest_since: str | None = None
    parked: list[QueueEntry]
    missed: list[QueueEntry]
    """No-shows of today's last ones that may still come back."""
    calls_left: int | None = None
    recall_from: str | None = None
    """When the next repeat of the call is allowed."""
    no_show_from: str | None = None
    """When no-show is allowed, once all calls are made; null before."""
    usual_service_s: list[int] | None = None
    """P10 and P90 of this line's service times, seconds."""
    undo: UndoOffer | None = None
    rating: LastRating | None = None
    lines: list[LineChoice]
    counters: list[CounterChoice]
    pause_reasons: list[str]
    park_reasons: list[str]
    session_expires_at: str | None = None
    inquiries: InquiryColumn | None = None
    """Of the clerk who is signed in; null while nobody is."""
    cases: CaseColumn | None = None
    """Cases in progress that lie with this counter; null while it has none."""
    messages: list[Message]
    notices: list[Notice]
    evacuation: Evacuation | None = None
    devices: dict[str, DeviceState]
