"""A ticket, as every answer shows it, and the visitor's page `ticket:TOKEN`."""

import msgspec

from . import Estimate, Evacuation, HallFace, Notice, Picture
from .matters import CaseStatus


class Ticket(Picture, kw_only=True):
    """One place in one line. `url` is the visitor's page; it ends in a token valid for this ticket alone."""

    id: str
    number: str
    site: str
    line: str
    line_name: str
    service: str | None
    form: str
    priority_class: str
    state: str
    issued_at: str
    called_at: str | None
    begun_at: str | None
    finished_at: str | None
    counter: str | None
    counters: list[str]
    """Counters that serve it now, or would if open."""
    place: str
    calls: int
    ahead: int | None
    """People who will be called before it; null when it does not wait."""
    estimate: Estimate | None
    language: str
    parked_until: str | None
    transferred_from: str | None
    on_my_way: bool
    reason_code: str | None
    url: str


class RatingRequest(Picture, kw_only=True):
    """An open question to the visitor. The nonce is shown to the keypad and the ticket's own page alone."""

    id: str
    nonce: str
    expires_at: str


class TicketPicture(Picture, kw_only=True):
    """The visitor's page."""

    hall: HallFace
    ticket: Ticket
    service_name: str | None = None
    rating_request: RatingRequest | None = None
    rated: bool = False
    may_reinstate: bool = False
    coverage_percent: int | None = None
    """Share of past ranges that held over 30 days, when enough were measured."""
    cases: list[CaseStatus] = msgspec.field(default_factory=list)
    """Cases that began with this ticket."""
    notices: list[Notice]
    evacuation: Evacuation | None = None
