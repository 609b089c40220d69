"""A ticket on paper (design.md 12): number, where to go, how long, the code for later, what to bring.

A second paper of the same ticket carries 补打, one issued without the server carries 离线, each in a box by the time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hall_client.spoken import Spoken
from hall_client.waits import wait_words
from hardware.printers.paper import Band, Block, Columns, Qr, Rule, Run, Space, Text

DOCUMENTS_SHOWN = 8


@dataclass(frozen=True)
class TicketPaper:
    """Everything a ticket's paper says."""

    ticket: Mapping[str, Any]
    """A Ticket of the contract; one issued offline has `ahead` and `estimate` None and no `id`."""
    hall_name: str
    hotline: str
    service_name: str
    documents: Sequence[str]
    kiosk: str
    taken_at: datetime
    calls_max: int = 3
    open_counters: int = 1
    counter_free: bool = False
    serial: str = ""
    """The kiosk's own running number behind its name, `0047`."""
    reprint: bool = False
    offline: bool = False


def invites_phones(url: str) -> bool:
    """Whether a ticket's code opens a page: only with a public address (contract 3)."""
    return not url.startswith("/")


def code_of(url: str) -> str:
    """What the QR code holds: the page's address, or without a public one the token alone for our own scanners."""
    return url if invites_phones(url) else url.rsplit("/", 1)[-1]


def ticket_blocks(paper: TicketPaper, words: Spoken) -> list[Block]:
    """The blocks of one ticket, in the language of `words`."""
    ticket = paper.ticket
    blocks: list[Block] = [
        Text(paper.hall_name, size=36, bold=True, align="center", gap=10),
        Text(paper.service_name, size=34, align="center", gap=0),
        Text(str(ticket["number"]), size=190, bold=True, align="center", fit=True, gap=0),
        Band(_where_to_go(ticket, words)),
        *_waiting(paper, words),
        Rule(gap=0),
        Qr(code_of(str(ticket["url"])), lines=_uses(str(ticket["url"]), words)),
        Rule(),
        Text(words.say("paper.noshow", n=paper.calls_max), gap=8),
    ]
    if paper.documents:
        shown = words.listed(paper.documents[:DOCUMENTS_SHOWN])
        more = words.say("paper.and_more") if len(paper.documents) > DOCUMENTS_SHOWN else ""
        blocks.append(Text(words.say("paper.bring", documents=shown + more), gap=10))
    return [*blocks, Rule(), *_foot(paper, words), Space(8)]


def _where_to_go(ticket: Mapping[str, Any], words: Spoken) -> str:
    counters = list(ticket.get("counters") or [])
    if not counters:
        return words.say("paper.listen")
    return words.say("ticket.listen", counters="  ".join(counters))


def _waiting(paper: TicketPaper, words: Spoken) -> list[Block]:
    ticket = paper.ticket
    blocks: list[Block] = []
    if ticket.get("ahead") is not None:
        left = (Run(words.say("paper.ahead") + "  "), Run(words.say("paper.people", n=ticket["ahead"]), 40, bold=True))
        wait = wait_words(
            words,
            ticket.get("estimate"),
            ahead=ticket["ahead"],
            open_counters=paper.open_counters,
            free=paper.counter_free,
        )
        right = () if wait.kind == "unknown" else (Run(words.say("paper.wait") + "  "), Run(wait.short, 40, bold=True))
        blocks.append(Columns(left, right))
    else:
        blocks.append(Text(words.say("offline.valid"), size=32, bold=True, align="center", gap=12))
    place = str(ticket.get("place") or "")
    where = (Run(words.say("paper.wait_at", place=place)),) if place else ()
    blocks.append(Columns(where, (Run(words.say(f"class.{ticket['priority_class']}")),), gap=8))
    return blocks


def _uses(url: str, words: Spoken) -> tuple[Run, ...]:
    if not invites_phones(url):
        return (Run(words.say("paper.code_kept"), 32, bold=True), Run(words.say("paper.code_desk"), 30))
    return (
        Run(words.say("paper.use_follow"), 32, bold=True),
        Run(words.say("paper.use_rate"), 30),
        Run(words.say("paper.use_case"), 30),
    )


def _foot(paper: TicketPaper, words: Spoken) -> list[Block]:
    when = f"{paper.taken_at:%Y-%m-%d %H:%M}  {paper.kiosk}{'-' + paper.serial if paper.serial else ''}"
    left = [Run(when, 26)]
    for on, key in ((paper.reprint, "paper.mark_reprint"), (paper.offline, "paper.mark_offline")):
        if on:
            left += [Run("  ", 26), Run(words.say(key), 26, bold=True, boxed=True)]
    right = (Run(words.say("paper.hotline", number=paper.hotline), 28, bold=True),) if paper.hotline else ()
    return [Columns(tuple(left), right)]
