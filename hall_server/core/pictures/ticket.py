"""A ticket in answers, and the visitor's page."""

from __future__ import annotations

from hall_protocol.pictures import Estimate
from hall_protocol.pictures.ticket import RatingRequest, TicketPicture
from hall_protocol.pictures.ticket import Ticket as TicketView

from ..hall import Hall
from ..lines import choice
from ..lines.ticket import PERSONAL, Ticket
from ..matters.rating import DEFAULT
from ..stamp import text, text_or_none
from .case import status_view
from .sight import Sight, evacuation, face, notices


def ticket_view(hall: Hall, ticket: Ticket, *, url: str, estimate: Estimate | None) -> TicketView:
    """A ticket as every answer shows it."""
    zone, line = hall.zone, hall.lines[ticket.line]
    if ticket.queue.startswith(PERSONAL) and ticket.state == "waiting":
        counters = [ticket.queue[len(PERSONAL) :]]
    else:
        counters = choice.counters_for(hall, ticket.line)
    return TicketView(
        id=ticket.id,
        number=ticket.number,
        site=line.site,
        line=ticket.line,
        line_name=line.name,
        service=ticket.service,
        form=ticket.form,
        priority_class=ticket.klass,
        state=ticket.state,
        issued_at=text(ticket.issued, zone),
        called_at=text_or_none(ticket.called, zone),
        begun_at=text_or_none(ticket.begun, zone),
        finished_at=text_or_none(ticket.finished, zone),
        counter=ticket.counter,
        counters=counters,
        place=line.place,
        calls=ticket.calls,
        ahead=choice.ahead_of(hall, ticket),
        estimate=estimate if ticket.state == "waiting" else None,
        language=ticket.language,
        parked_until=text_or_none(ticket.parked_until, zone),
        transferred_from=ticket.transferred_from,
        on_my_way=ticket.on_my_way,
        reason_code=ticket.reason,
        url=url,
    )


def service_name(hall: Hall, service: str | None, line: str) -> str:
    """What the visitor came for, in the catalogue's words."""
    found = hall.services.get(service or "")
    return found.name if found else hall.lines[line].name


def rating_request(hall: Hall, sight: Sight, request: str | None) -> RatingRequest | None:
    """The open question with its nonce, or None when it is answered or its time is over."""
    asked = hall.ratings.get(request or "")
    if asked is None or asked.rated or sight.now > asked.expires:
        return None
    return RatingRequest(id=asked.id, nonce=sight.nonce_of(asked.id), expires_at=text(asked.expires, hall.zone))


def ticket_picture(hall: Hall, sight: Sight, ticket_id: str) -> TicketPicture | None:
    """The visitor's page; None when the ticket is no longer kept."""
    ticket = hall.tickets.get(ticket_id)
    if ticket is None:
        return None
    asked = hall.ratings.get(ticket.rating or "")
    estimate = sight.ticket_estimate(ticket.id) if ticket.state == "waiting" else None
    return TicketPicture(
        hall=face(hall, sight),
        ticket=ticket_view(hall, ticket, url=sight.url_of(ticket.id), estimate=estimate),
        service_name=service_name(hall, ticket.service, ticket.line),
        rating_request=rating_request(hall, sight, ticket.rating),
        rated=asked is not None and asked.rated and asked.source != DEFAULT,
        may_reinstate=ticket.state == "no_show" and ticket.reinstated < hall.settings.queue.reinstate_max,
        coverage_percent=sight.coverage.get(ticket.line),
        cases=[
            status_view(hall, hall.cases[no], sight.now, applicant=sight.masked_of(no))
            for no in hall.ticket_cases.get(ticket.id, ())
        ],
        notices=notices(hall, sight),
        evacuation=evacuation(hall),
    )
