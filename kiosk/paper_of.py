"""What stands on a ticket of this kiosk: the held ticket with what the catalogue and the picture know of it. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hall_client.outbox import OwnTicket
from hall_client.papers.ticket import TicketPaper
from hall_client.spoken import Spoken

from .flow import Flow
from .offline import as_ticket
from .page_number import ticket_title
from .places import Held
from .views import hall_name


def second_words(flow: Flow, words: Spoken) -> Spoken | None:
    """The language the hall prints beside the visitor's own (setting `second_language`), None without one."""
    second = ((flow.world.picture or {}).get("hall") or {}).get("second_language")
    return Spoken(words.catalogue, str(second)) if second else None


def paper_of(
    flow: Flow, held: Held, words: Spoken, second: Spoken | None, *, kiosk: str, serial: str, copy: int
) -> TicketPaper:
    """What the paper of the held ticket says, in the visitor's language."""
    hall = (flow.world.picture or {}).get("hall") or {}
    service = flow.index.services.get(held.service or "", {}) if flow.index else {}
    row = flow.lines.get(str(held.ticket["line"]), {})
    return TicketPaper(
        ticket=held.ticket,
        hall_name=hall_name(hall, words),
        hotline=str(hall.get("hotline") or ""),
        service_name=ticket_title(flow, held.service, held.ticket),
        documents=[str(m["name"]) for m in service.get("materials") or []],
        kiosk=kiosk,
        taken_at=datetime.fromisoformat(str(held.ticket["issued_at"])),
        calls_max=int(hall.get("calls_max") or 3),
        open_counters=int(row.get("open_counters", 1)),
        counter_free=bool(row.get("counter_free")),
        serial=serial,
        reprint=copy,
        offline=held.own,
        hall_name_second=hall_name(hall, second) if second is not None else "",
    )


def own_ticket(flow: Flow, own: OwnTicket) -> dict[str, Any]:
    """A number of the kiosk's own block as the contract's Ticket, with what is known of its line."""
    row = flow.lines.get(own.line, {})
    entry = flow.index.lines.get(own.line, {}) if flow.index else {}
    return as_ticket(
        own,
        line_name=str(row.get("name") or entry.get("name") or ""),
        place=str(row.get("place") or entry.get("place") or ""),
        counters=[str(c) for c in row.get("counters") or entry.get("counters") or []],
        site=str(entry.get("site") or ""),
    )
