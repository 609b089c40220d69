"""Free words of the registers: in the vault under the number they belong to, at hand for screens that show them.

The journal has numbers and codes only. What is shown again and again (the clerk's column of inquiries, published
entries of the message book) is held in memory as well; the rest is opened when somebody asks, and the look recorded.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator

from hall_protocol.requests.visitor import VisitorDetails

from ..core.hall import Hall
from ..core.pictures.inquiry import DECLINED, RESULT, VISITOR
from ..personal.masking import masked_name, masked_phone
from ..personal.vault import VaultUnreadable, Visitor
from .house import House

log = logging.getLogger(__name__)

ANSWERED = "/answered"
"""Behind the number of a message or a complaint: what was answered."""


def left_by(details: VisitorDetails | None, text: str | None) -> Visitor:
    """What somebody said, and who he is if he said so."""
    if details is None:
        return Visitor(text=text)
    return Visitor(name=details.name, phone=details.phone, id_number=details.id_number, text=text)


def masked(visitor: Visitor) -> str | None:
    """Name and telephone as others may see them; None when neither was left."""
    parts = [masked_name(visitor.name or ""), masked_phone(visitor.phone or "")]
    return " ".join(p for p in parts if p) or None


def at_hand(house: House, ref: str, visitor: Visitor) -> None:
    """Holds what belongs to an inquiry, masked, for the pictures of clerks."""
    if visitor.text is not None:
        house.words[ref] = visitor.text
    shown = masked(visitor)
    if shown is not None:
        house.words[ref + VISITOR] = shown


async def opened(house: House, ref: str, *, who: str, why: str) -> Visitor:
    """What is kept under a reference, the look recorded; empty when it has been forgotten."""
    try:
        found = await asyncio.to_thread(house.vault.get, ref, who=who, why=why)
    except VaultUnreadable as error:
        log.error("%s", error)
        found = None
    return found or Visitor()


def shown_again(hall: Hall) -> Iterator[str]:
    """References whose words are at hand while they are shown on screens."""
    for ident in (*hall.inquiries, *hall.inquiries_answered):
        yield from (ident, ident + RESULT, ident + DECLINED)
    for entry in hall.book.values():
        if entry.state == "published":
            yield from (entry.no, entry.no + ANSWERED)


def recall(house: House) -> None:
    """After a start: everything that screens show again and again."""
    for ref in shown_again(house.engine.hall):
        kept = house.vault.get(ref, who="hall", why="shown again after a start")
        if kept is not None:
            at_hand(house, ref, kept)


def let_go(house: House) -> None:
    """Once a day: words of what no screen shows any more."""
    shown = set(shown_again(house.engine.hall))
    for ref in list(house.words):
        if is_of_a_register(ref) and ref.removesuffix(VISITOR) not in shown:
            del house.words[ref]


def is_of_a_register(ref: str) -> bool:
    """Whether a reference is the number of an inquiry, a complaint or an entry of the message book."""
    book, dash, running = ref.partition("/")[0].partition("-")
    return bool(dash) and running[:5].isdigit() and book[-4:].isdigit() and len(book) <= 5 and "-" not in running
