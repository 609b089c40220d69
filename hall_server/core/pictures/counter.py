"""A counter in answers, and the clerk's screen."""

from __future__ import annotations

from hall_protocol.pictures.counter import Counter as CounterView
from hall_protocol.pictures.counter import (
    CounterChoice,
    CounterPicture,
    LastRating,
    LineChoice,
    Message,
    NextUp,
    QueueEntry,
    ServiceDetail,
    UndoOffer,
)

from ..hall import Hall
from ..lines import choice
from ..lines.ticket import Ticket
from ..people.counter import Counter
from ..stamp import text, text_or_none
from .case import counter_column
from .inquiry import inquiry_column
from .sight import Sight, devices_at, evacuation, face, notices
from .ticket import ticket_view

QUEUE_SHOWN = 30
MISSED_SHOWN = 10
PAUSE_REASONS = ("fetch_documents", "printer_fault", "system_fault", "meal", "handover", "other")
PARK_REASONS = ("fetch_original", "copy", "photo", "pay", "fill_form", "other")


def counter_view(hall: Hall, counter: Counter) -> CounterView:
    """A counter as every answer shows it."""
    return CounterView(
        counter=counter.counter,
        site=counter.site,
        kind=counter.kind,
        department=counter.department,
        state=counter.state,
        clerk=counter.clerk,
        ticket=hall.tickets[counter.ticket].number if counter.ticket else None,
        lines=list(counter.lines),
        since=text(counter.since, hall.zone),
        reason=counter.reason,
        resume_at=text_or_none(counter.resume_at, hall.zone),
    )


def entry(hall: Hall, ticket: Ticket, sight: Sight, *, reason: str | None = None) -> QueueEntry:
    """A ticket in a clerk's list."""
    parked = ticket.state == "parked"
    return QueueEntry(
        id=ticket.id,
        number=ticket.number,
        line=ticket.line,
        service_name=short_name(hall, ticket),
        priority_class=ticket.klass,
        issued_at=text(ticket.issued, hall.zone),
        reason_code=reason or ticket.standing,
        on_my_way=ticket.on_my_way,
        parked_until=text_or_none(ticket.parked_until, hall.zone),
        park_reason=(sight.words_of(ticket.id) or ticket.reason) if parked else None,
    )


def short_name(hall: Hall, ticket: Ticket) -> str:
    """What the visitor came for, short enough for a row of a list."""
    service = hall.services.get(ticket.service or "")
    return service.short_name or service.name if service else hall.lines[ticket.line].name


def next_up(hall: Hall, ticket: Ticket, sight: Sight) -> NextUp:
    """Who call-next would give, and why."""
    reason = choice.reason_of(hall, ticket)
    values = {"minutes": str(hall.settings.queue.head_start_min), "class": ticket.klass}
    return NextUp(entry=entry(hall, ticket, sight, reason=reason), reason_code=reason, values=values)


def usual_service(hall: Hall, line: str) -> list[int] | None:
    """P10 and P90 of the line's service times in seconds, once twenty are known."""
    times = sorted(hall.service_times.get(line, []))
    if len(times) < 20:
        return None
    return [times[len(times) // 10], times[len(times) * 9 // 10]]


def service_detail(hall: Hall, ticket: Ticket) -> ServiceDetail | None:
    """Documents and limits of the service in hand."""
    service = hall.services.get(ticket.service or "")
    if service is None:
        return None
    promised = "0" if service.handling == "on_the_spot" else str(service.promised_days)
    statutory = "" if service.statutory_days is None else str(service.statutory_days)
    documents = [f"{m.name}（{m.note}）" if m.note else m.name for m in service.materials]
    return ServiceDetail(name=service.name, documents=documents, promised=promised, statutory=statutory)


def counter_picture(hall: Hall, sight: Sight, number: str) -> CounterPicture | None:
    """The clerk's screen at that counter."""
    counter = hall.counters.get(number)
    if counter is None:
        return None
    zone, ticket = hall.zone, hall.tickets.get(counter.ticket or "")
    first = choice.next_ticket(hall, number)
    waiting = choice.in_order(hall, number, limit=QUEUE_SHOWN)
    lists = [hall.waiting[n] for n in choice.lists_of(hall, number) if n in hall.waiting]
    called = ticket is not None and ticket.state == "called"
    queue = hall.settings.queue
    calls_left = max(0, queue.calls_max - ticket.calls) if called and ticket else None
    after_interval = counter.last_call + queue.call_interval_s * 1000
    session = hall.sessions.get(counter.session or "")
    return CounterPicture(
        hall=face(hall, sight),
        counter=counter_view(hall, counter),
        phone=counter.phone,
        post=counter.post,
        ticket=ticket_view(hall, ticket, url="", estimate=None) if ticket else None,
        ticket_service=service_detail(hall, ticket) if ticket else None,
        next=next_up(hall, first, sight) if first else None,
        queue=[entry(hall, t, sight, reason=choice.reason_of(hall, t)) for t in waiting],
        queue_length=sum(len(w) for w in lists),
        longest_since=text_or_none(min((t.issued for t in waiting), default=None), zone),
        parked=[entry(hall, t, sight) for t in parked_here(hall, counter)],
        missed=[entry(hall, t, sight) for t in missed_here(hall, counter)],
        calls_left=calls_left,
        recall_from=text(after_interval, zone) if calls_left else None,
        no_show_from=text(after_interval, zone) if calls_left == 0 else None,
        usual_service_s=usual_service(hall, ticket.line) if ticket else None,
        undo=undo_offer(hall, counter, sight),
        rating=last_rating(hall, counter, sight),
        lines=[line_choice(hall, name) for name in sorted(hall.lines)],
        counters=[
            CounterChoice(counter=c.counter, state=c.state, department=c.department)
            for c in sorted(hall.counters.values(), key=lambda c: (len(c.counter), c.counter))
            if not c.retired and c.counter != number
        ],
        pause_reasons=list(PAUSE_REASONS),
        park_reasons=list(PARK_REASONS),
        session_expires_at=text(session.expires, zone) if session else None,
        inquiries=inquiry_column(hall, sight, counter),
        cases=counter_column(hall, number, sight.now),
        messages=[
            Message(id=m.id, text=sight.words_of(m.id) or "", at=text(m.at, zone))
            for m in hall.messages
            if m.counter == number
        ],
        notices=notices(hall, sight),
        evacuation=evacuation(hall),
        devices=devices_at(sight, number),
    )


def parked_here(hall: Hall, counter: Counter) -> list[Ticket]:
    """Parked tickets this counter may resume: its own first, then those of its lines."""
    tickets = [hall.tickets[t] for t in hall.parked]
    mine = [t for t in tickets if t.counter == counter.counter]
    return mine + [t for t in tickets if t.counter != counter.counter and t.line in counter.lines]


def missed_here(hall: Hall, counter: Counter) -> list[Ticket]:
    """The latest no-shows of its lines that may still come back, newest first."""
    latest = reversed(hall.missed)
    tickets = (hall.tickets[t] for t in latest)
    most = hall.settings.queue.reinstate_max
    return [t for t in tickets if t.line in counter.lines and t.reinstated < most][:MISSED_SHOWN]


def undo_offer(hall: Hall, counter: Counter, sight: Sight) -> UndoOffer | None:
    """The act that may still be taken back."""
    offer = counter.undo
    if offer is None or sight.now > offer.until:
        return None
    number = offer.ticket.number if offer.ticket else None
    return UndoOffer(seq=offer.seq, until=text(offer.until, hall.zone), act=offer.act, number=number)


def last_rating(hall: Hall, counter: Counter, sight: Sight) -> LastRating | None:
    """Whether the last visitor rated; never how."""
    asked = hall.ratings.get(counter.last_finished or "")
    if asked is None:
        return None
    open_until = asked.opened + hall.settings.rating.keypad_s * 1000
    state = "rated" if asked.rated else ("open" if sight.now <= open_until else "unrated")
    return LastRating(number=asked.number, state=state, finished_at=text(asked.opened, hall.zone))


def line_choice(hall: Hall, name: str) -> LineChoice:
    """A line to transfer to."""
    serving = hall.counters_of_line(name)
    return LineChoice(
        line=name,
        name=hall.lines[name].name,
        waiting=hall.waiting_count(name),
        open_counters=sum(1 for n in serving if hall.counters[n].state == "open"),
    )
