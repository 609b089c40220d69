"""What a complaint is about: ticket, case, counter, department and clerk, as far as the hall knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from hall_protocol.refusals import Refused

if TYPE_CHECKING:
    from ..hall import Hall

TICKET_ID = re.compile(r"\d{8}-[A-Za-z0-9]{1,12}")


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a complaint is about, as far as the hall knows."""

    ticket: str | None = None
    case: str | None = None
    department: str | None = None
    counter: str | None = None
    clerk: str | None = None


def about(
    hall: Hall,
    *,
    ticket: str | None,
    case: str | None = None,
    counter: str | None = None,
    department: str | None = None,
) -> About:
    """What a complaint names and what follows from it: who served the ticket and where, whose item it is.

    Whether a case exists is nobody's business who has no check code, so an unknown one is left out without a word.
    """
    if counter is not None and counter not in hall.counters:
        raise Refused("unknown_counter")
    if department is not None and department not in hall.departments:
        raise Refused("unknown_department")
    meant = ticket_meant(hall, ticket)
    served, known = hall.tickets.get(meant or ""), hall.cases.get(case or "")
    request = hall.ratings.get(served.rating or "") if served is not None else None
    place = hall.counters.get(counter or (served and served.counter) or (known and known.counter) or "")
    service = hall.services.get((served and served.service) or "")
    clerk = request.clerk if request is not None else None
    if clerk is None and place is not None and served is not None and place.ticket == served.id:
        clerk = place.clerk
    return About(
        ticket=meant,
        case=known.no if known else None,
        department=department or next((x.department for x in (known, place, service) if x is not None), None),
        counter=place.counter if place else None,
        clerk=clerk or (known.clerk if known else None),
    )


def ticket_meant(hall: Hall, said: str | None) -> str | None:
    """The id of the ticket a complaint names by id or number; one of a day gone by is believed."""
    if said is None:
        return None
    if said in hall.tickets:
        return said
    by_number = hall.by_number(said)
    if by_number is not None:
        return by_number.id
    if TICKET_ID.fullmatch(said) and said[:8] < hall.day.replace("-", ""):
        return said
    raise Refused("unknown_ticket")
