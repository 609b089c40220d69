"""A ticket on paper (design.md 12): number, where to go, how long, the code for later, what to bring.

A second paper of the same ticket carries 补打, one issued without the server carries 离线, each in a box by the time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hall_client.papers.voices import SECOND, Voices, mark
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
    reprint: int = 0
    """0 is the first paper; n is 补打 n."""
    offline: bool = False
    hall_name_second: str = ""
    """The hall's and the service's name in the paper's second language; "" where there is none."""
    service_name_second: str = ""


def invites_phones(url: str) -> bool:
    """Whether a ticket's code opens a page: only with a public address (contract 3)."""
    return not url.startswith("/")


def code_of(url: str) -> str:
    """What the QR code holds: the page's address, or without a public one the token alone for our own scanners."""
    return url if invites_phones(url) else url.rsplit("/", 1)[-1]


def ticket_blocks(paper: TicketPaper, words: Spoken, second: Spoken | None = None) -> list[Block]:
    """The blocks of one ticket in the language of `words`, and smaller in a second one (setting `second_language`)."""
    ticket = paper.ticket
    say = Voices(words, second)
    other = say.other
    blocks: list[Block] = [
        Text(paper.hall_name, size=36, bold=True, align="center", gap=10),
        *_name(paper.hall_name_second if other else "", paper.hall_name),
        Text(paper.service_name, size=34, align="center", gap=0),
        *_name(paper.service_name_second if other else "", paper.service_name),
        Text(str(ticket["number"]), size=190, bold=True, align="center", fit=True, gap=0),
        Band(_where_to_go(ticket, words), gap=8 if other else 20),
        *((Text(_where_to_go(ticket, other), size=SECOND, bold=True, align="center", gap=14),) if other else ()),
        *_waiting(paper, say),
        Rule(gap=0),
        Qr(code_of(str(ticket["url"])), lines=(*_uses(str(ticket["url"]), words), *_uses_again(paper, other))),
        Rule(),
        *say.text("paper.noshow", gap=8, n=paper.calls_max),
    ]
    if paper.documents:
        shown = words.listed(paper.documents[:DOCUMENTS_SHOWN])
        more = words.say("paper.and_more") if len(paper.documents) > DOCUMENTS_SHOWN else ""
        blocks.append(Text(words.say("paper.bring", documents=shown + more), gap=10))
    return [*blocks, Rule(), *_foot(paper, say), Space(8)]


def _name(second: str, first: str) -> tuple[Block, ...]:
    return (Text(second, size=SECOND, align="center", gap=6),) if second and second != first else ()


def _where_to_go(ticket: Mapping[str, Any], words: Spoken) -> str:
    counters = list(ticket.get("counters") or [])
    if not counters:
        return words.say("paper.listen")
    return words.say("ticket.listen", counters="  ".join(counters))


def _waiting(paper: TicketPaper, say: Voices) -> list[Block]:
    ticket, words = paper.ticket, say.first
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
        blocks.append(Columns(left, right, gap=4 if say.other else 14))
        blocks += [_waiting_again(paper, say.other)] if say.other else []
    else:
        blocks += say.text("offline.valid", size=32, bold=True, align="center", gap=12)
    place = str(ticket.get("place") or "")
    where = (Run(words.say("paper.wait_at", place=place)),) if place else ()
    blocks.append(Columns(where, (Run(say.both(f"class.{ticket['priority_class']}")),), gap=8))
    return blocks


def _waiting_again(paper: TicketPaper, words: Spoken) -> Block:
    """People ahead and wait once more, small; a place has one name, which stands below."""
    ticket = paper.ticket
    wait = wait_words(
        words, ticket.get("estimate"), ahead=ticket["ahead"], open_counters=paper.open_counters, free=paper.counter_free
    )
    ahead = Run(f"{words.say('paper.ahead')} {words.say('paper.people', n=ticket['ahead'])}", SECOND)
    long = () if wait.kind == "unknown" else (Run(f"{words.say('paper.wait')} {wait.short}", SECOND),)
    return Columns((ahead,), long, gap=12)


def _uses_again(paper: TicketPaper, words: Spoken | None) -> tuple[Run, ...]:
    """The first use of the code in the second language: more lines than the code is high would push the paper on."""
    return () if words is None else (replace(_uses(str(paper.ticket["url"]), words)[0], size=SECOND, bold=False),)


def _uses(url: str, words: Spoken) -> tuple[Run, ...]:
    if not invites_phones(url):
        return (Run(words.say("paper.code_kept"), 32, bold=True), Run(words.say("paper.code_desk"), 30))
    return (
        Run(words.say("paper.use_follow"), 32, bold=True),
        Run(words.say("paper.use_rate"), 30),
        Run(words.say("paper.use_case"), 30),
    )


def _foot(paper: TicketPaper, say: Voices) -> list[Block]:
    when = f"{paper.taken_at:%Y-%m-%d %H:%M}  {paper.kiosk}{'-' + paper.serial if paper.serial else ''}"
    left = [Run(when, 26)]
    if paper.reprint:
        left += mark(f"{say.both('paper.mark_reprint')} {int(paper.reprint)}")
    if paper.offline:
        left += mark(say.both("paper.mark_offline"))
    right = (Run(say.first.say("paper.hotline", number=paper.hotline), 28, bold=True),) if paper.hotline else ()
    return [Columns(tuple(left), right)]
