"""What must always be true. Checked after every event, in production too: better to stop than to go on wrong.

`check_event` looks only at what the event touched, so it costs the same in a full hall; `check_all` looks at everything
and is for tests, verification and start (reliability.md 4).
"""

from __future__ import annotations

from .hall import Hall
from .lines.ticket import OPEN_STATES, Ticket
from .matters.case import Case
from .matters.inquiry import Inquiry
from .registry import Event


class Impossible(AssertionError):
    """A state that cannot be. Our own fault: the program stops."""


def require(condition: bool, what: str) -> None:
    """Stops when a promise is broken."""
    if not condition:
        raise Impossible(what)


def check_event(hall: Hall, event: Event) -> None:
    """The ticket and the counter an event names agree with each other."""
    ticket = hall.tickets.get(getattr(event, "ticket", ""))
    if ticket is not None:
        check_ticket(hall, ticket)
    case = hall.cases.get(getattr(event, "case", None) or "")
    if case is not None:
        check_case(hall, case)
    counter = hall.counters.get(getattr(event, "counter", None) or "")
    if counter is not None and counter.ticket is not None:
        held = hall.tickets[counter.ticket]
        require(
            held.counter == counter.counter and held.state in ("called", "serving"),
            f"counter {counter.counter} holds {held.id}, which is {held.state} at {held.counter}",
        )
        require(counter.state != "closed", f"counter {counter.counter} is closed with {held.id} in hand")
    inquiry = hall.inquiries.get(getattr(event, "inquiry", ""))
    if inquiry is not None:
        check_inquiry(hall, inquiry)


def check_inquiry(hall: Hall, inquiry: Inquiry) -> None:
    """Until it is answered somebody sees it through: a clerk who may sign in, or a chief representative."""
    require((inquiry.state == "handed_over") == (inquiry.offered_to is not None), f"{inquiry.id}: offered to nobody")
    require(inquiry.answered is None, f"{inquiry.id}: answered and open")
    responsible = hall.clerks.get(inquiry.responsible or "")
    require(
        inquiry.listed is not None or (responsible is not None and responsible.enabled),
        f"{inquiry.id}: nobody is responsible",
    )
    require(inquiry.offered_to != inquiry.chain[-1].clerk or inquiry.listed is not None, f"{inquiry.id}: to himself")


def check_case(hall: Hall, case: Case) -> None:
    """Its clocks, its pauses and its cards agree with its state."""
    stands = bool(case.stops) and case.stops[-1].ends is None
    require(stands == (case.state == "paused"), f"{case.no} is {case.state}, its clock stands: {stands}")
    if case.is_running:
        require(case.promised_due is not None, f"{case.no} is {case.state} and due at no time")
    if case.clock == "not_started":
        require(case.promised_due is None and not case.stops, f"{case.no} is {case.state} and has a date")
    standing = sorted(hall.cards[c].level for c in case.cards if hall.cards[c].revoked is None)
    require(standing == sorted(case.standing), f"{case.no}: cards that stand {standing}, noted {case.standing}")
    require(case.edition < len(hall.editions[case.service]), f"{case.no} began under no row of the catalogue")


def check_ticket(hall: Hall, ticket: Ticket) -> None:
    """A ticket is in exactly the one place its state says."""
    at_counter = ticket.counter is not None and hall.counters[ticket.counter].ticket == ticket.id
    require(
        at_counter == (ticket.state in ("called", "serving")),
        f"{ticket.id} is {ticket.state}, at a counter: {at_counter}",
    )
    require((ticket.id in hall.parked) == (ticket.state == "parked"), f"{ticket.id} is {ticket.state} and in parked")
    if ticket.state == "waiting":
        waiting = hall.waiting.get(ticket.queue)
        require(
            waiting is not None and waiting.ids[waiting.index(key=ticket.key)] == ticket.id,
            f"{ticket.id} waits nowhere",
        )
    require(ticket.id not in hall.set_aside, f"{ticket.id} is a ticket and set aside")


def check_all(hall: Hall) -> None:
    """Everything: each ticket, each list, each counter, each session."""
    for ticket in hall.tickets.values():
        check_ticket(hall, ticket)
    listed = [ticket for waiting in hall.waiting.values() for ticket in waiting.ids]
    waiting_now = {t.id for t in hall.tickets.values() if t.state == "waiting"}
    require(len(listed) == len(set(listed)) and set(listed) == waiting_now, "the lists and the waiting tickets differ")
    for waiting in hall.waiting.values():
        require(waiting.keys == sorted(set(waiting.keys)), "a list is out of order")
    held = [c.ticket for c in hall.counters.values() if c.ticket is not None]
    require(len(held) == len(set(held)), "one ticket at two counters")
    for inquiry in hall.inquiries.values():
        check_inquiry(hall, inquiry)
    require(hall.inquiries.keys().isdisjoint(hall.inquiries_answered), "an inquiry is open and answered")
    for request in hall.ratings.values():
        ended = hall.tickets.get(request.ticket)
        require(ended is None or ended.rating == request.id, f"rating {request.id} belongs to no service")
    for counter in hall.counters.values():
        require(counter.session is None or counter.session in hall.sessions, f"counter {counter.counter}: session gone")
    for case in hall.cases.values():
        check_case(hall, case)
    require(set(hall.cards) == {c for case in hall.cases.values() for c in case.cards}, "cards and cases differ")
    require(all(t.state in OPEN_STATES or t.state != "waiting" for t in hall.tickets.values()), "states")
