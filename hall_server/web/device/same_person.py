"""One open ticket per person and item, without the journal or the hall knowing who anybody is.

Which tickets a person took is found in the vault by a keyed mark that dies with its day's key; the rule itself is
decided by the engine, in the order of everything else. Between the finding and the mark of the new ticket only one
request of the same person is under way. A claim is left in the vault before the command, under the request's own key:
when the program dies between the ticket and its mark, the claim finds the ticket by its first answer in the journal.
A kiosk that is offline cannot ask, and what it issued alone carries nobody's mark: there the rule is not promised.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import msgspec
from litestar import Response

from hall_protocol.refusals import Refused
from hall_protocol.requests.visitor import VisitorDetails

from ...core.lines import ticket
from ...engine import Once
from ...personal.vault import Visitor, last_four
from ..house import House

log = logging.getLogger(__name__)

CLAIM = "claim:"
Act = Callable[[ticket.TakeTicket], Awaitable[tuple[str, Response[bytes]]]]


async def take_once(
    house: House, once: Once, command: ticket.TakeTicket, act: Act, *, visitor: VisitorDetails, id_number: str
) -> Response[bytes]:
    """Takes the number unless this person has an open one; keeps the mark and the last four characters, no more.

    Raises `Refused`: `already_waiting` with the number held, `storage_unavailable` when the vault says no.
    """
    me = house.seals.fingerprint("".join(id_number.split()).upper().encode())
    turn = house.turns.setdefault(me, asyncio.Lock())
    async with turn:
        held = await held_by(house, id_number)
        claim = CLAIM + msgspec.json.encode([once.scope, once.key]).decode()
        kept = Visitor(name=visitor.name, phone=visitor.phone, id_last_four=last_four(id_number))
        await keep(house, claim, Visitor(id_last_four=kept.id_last_four), marked_by=id_number)
        try:
            ident, answer = await act(msgspec.structs.replace(command, held=held))
        except Refused as refused:
            if refused.code != "storage_unavailable":
                await asyncio.to_thread(forget, house, claim)
            raise
        await keep(house, ident, kept, marked_by=id_number, instead_of=claim)
        return answer


async def held_by(house: House, id_number: str) -> tuple[str, ...]:
    """Tickets this person took on the days whose tickets may still be open."""
    hall = house.engine.hall
    today, overnight = {hall.day, hall.date_of(house.engine.clock.now())}, hall.settings.hours.keep_tickets_overnight

    def refs() -> list[str]:
        days = today.union(house.vault.days) if overnight else today
        return [same.ref for day in sorted(days) if day for same in house.vault.find_same(id_number, day=day)]

    try:
        found = await asyncio.to_thread(refs)
    except Exception as error:  # the disk, whatever it says
        log.error("the vault cannot be asked: %s", error)
        raise Refused("storage_unavailable") from error
    tickets = [await claimed(house, ref) if ref.startswith(CLAIM) else ref for ref in found]
    return tuple(dict.fromkeys(ref for ref in tickets if ref is not None))


async def claimed(house: House, claim: str) -> str | None:
    """The ticket a claim became, None when its request was never answered with one."""
    scope, key = msgspec.json.decode(claim.removeprefix(CLAIM), type=tuple[str, str])
    await house.engine.none_under_way([(scope, key)])
    body = await house.engine.answer_to(scope, key)
    return None if body is None else str(msgspec.json.decode(body)["id"])


async def keep(house: House, ref: str, visitor: Visitor, *, marked_by: str, instead_of: str | None = None) -> None:
    """Puts it in the vault. Raises `Refused` with `storage_unavailable`: the same key asks again."""
    day = house.engine.hall.date_of(house.engine.clock.now())
    try:
        await asyncio.to_thread(house.vault.put, ref, visitor, day=day, marked_by=marked_by, instead_of=instead_of)
    except Exception as error:  # the disk, whatever it says
        log.error("personal data could not be kept: %s", error)
        raise Refused("storage_unavailable") from error


def forget(house: House, claim: str) -> None:
    """Removes a claim nothing came of; one that stays does no harm, it finds no ticket."""
    try:
        house.vault.forget(claim)
    except Exception as error:  # the disk, whatever it says
        log.warning("a claim could not be removed: %s", error)
