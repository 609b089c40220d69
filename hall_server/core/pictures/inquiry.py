"""First inquiries in answers, and the clerk's column of them."""

from __future__ import annotations

from typing import Any

from hall_protocol.pictures.inquiries import Inquiry as InquiryView
from hall_protocol.pictures.inquiries import InquiryColumn, InquiryEntry
from hall_protocol.pictures.inquiries import Link as LinkView

from ..hall import Hall
from ..matters.inquiry import DECLINE_REASONS, Inquiry, is_overdue
from ..matters.inquiry_chief import department_of
from ..people.counter import Counter
from ..stamp import text, text_or_none
from .sight import Sight

VISITOR, RESULT, DECLINED = "/visitor", "/result", "/declined"
"""Behind an inquiry's number: under what its other words are kept; the matter itself is under the number alone."""
COLUMN_MOST = 50


def facts(hall: Hall, inquiry: Inquiry, *, now: int) -> dict[str, Any]:
    """Numbers, clerks and times of an inquiry, by the names of its view."""
    zone = hall.zone
    return {
        "id": inquiry.id,
        "state": inquiry.state,
        "first_responsible": inquiry.first,
        "responsible": inquiry.responsible,
        "offered_to": inquiry.offered_to,
        "chain": [link.clerk for link in inquiry.chain],
        "links": [
            LinkView(
                clerk=link.clerk,
                counter=link.counter,
                offered_at=text_or_none(link.offered, zone),
                since=text(link.since, zone),
                how=link.how,
            )
            for link in inquiry.chain
        ],
        "opened_at": text(inquiry.opened, zone),
        "answered_at": text_or_none(inquiry.answered, zone),
        "belongs_to": inquiry.belongs_to,
        "channel": inquiry.channel,
        "service": inquiry.service,
        "department": inquiry.department,
        "counter": inquiry.counter,
        "ticket": inquiry.ticket,
        "offered_at": text_or_none(inquiry.offered, zone),
        "accept_due": text_or_none(inquiry.accept_due, zone),
        "overdue": is_overdue(inquiry, now),
        "listed": inquiry.listed,
        "result_code": inquiry.result_code,
        "one_time_notice": inquiry.one_time_notice,
        "declined_by": inquiry.declined_by,
        "decline_reason": inquiry.decline_reason,
    }


def inquiry_view(hall: Hall, inquiry: Inquiry, *, now: int) -> InquiryView:
    """An inquiry as the answer to an act shows it."""
    return InquiryView(**facts(hall, inquiry, now=now))


def inquiry_entry(hall: Hall, inquiry: Inquiry, sight: Sight, *, same: tuple[str, ...] = ()) -> InquiryEntry:
    """An inquiry with its words, its visitor masked. `same` are inquiries known to be of the same visitor."""
    service = hall.services.get(inquiry.service or "")
    return InquiryEntry(
        **facts(hall, inquiry, now=sight.now),
        matter=sight.words_of(inquiry.id),
        visitor=sight.words_of(inquiry.id + VISITOR),
        result=sight.words_of(inquiry.id + RESULT),
        decline_words=sight.words_of(inquiry.id + DECLINED) if inquiry.decline_reason == "other" else None,
        service_name=service.name if service else None,
        same_visitor=sorted({*same, *same_ticket(hall, inquiry)}),
    )


def same_ticket(hall: Hall, inquiry: Inquiry) -> list[str]:
    """Other inquiries made with the same ticket."""
    if inquiry.ticket is None:
        return []
    known = (*hall.inquiries.values(), *hall.inquiries_answered.values())
    return [i.id for i in known if i.ticket == inquiry.ticket and i.id != inquiry.id]


def of_clerk(hall: Hall, clerk: str) -> list[Inquiry]:
    """Open ones he is responsible for, oldest first."""
    return [i for i in hall.inquiries.values() if i.responsible == clerk]


def offered_to(hall: Hall, clerk: str) -> list[Inquiry]:
    """Open ones that are offered to him, oldest offer first."""
    found = [i for i in hall.inquiries.values() if i.offered_to == clerk]
    return sorted(found, key=lambda i: i.offered or 0)


def chiefs_list(hall: Hall, department: str, *, now: int) -> list[Inquiry]:
    """What lies before the chief representative: overdue hand-overs of the department, and what nobody has."""
    return [
        i
        for i in hall.inquiries.values()
        if (i.listed is not None or is_overdue(i, now)) and department_of(hall, i) == department
    ]


def inquiry_column(hall: Hall, sight: Sight, counter: Counter) -> InquiryColumn | None:
    """The column of the clerk who is signed in at this counter; None while nobody is."""
    clerk = hall.clerks.get(counter.clerk or "")
    if clerk is None:
        return None
    listed = chiefs_list(hall, clerk.department, now=sight.now) if clerk.chief else []
    return InquiryColumn(
        mine=[inquiry_entry(hall, i, sight) for i in of_clerk(hall, clerk.number)[:COLUMN_MOST]],
        incoming=[inquiry_entry(hall, i, sight) for i in offered_to(hall, clerk.number)[:COLUMN_MOST]],
        listed=[inquiry_entry(hall, i, sight) for i in listed[:COLUMN_MOST]],
        colleagues=sorted(c.number for c in hall.clerks.values() if c.enabled and c.number != clerk.number),
        decline_reasons=list(DECLINE_REASONS),
    )
