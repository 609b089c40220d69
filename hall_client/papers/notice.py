"""一次性告知书: everything that is missing or needed, told once and on paper (行政许可法 32)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hall_client.papers.receipt import printed_line
from hall_client.papers.voices import Voices
from hall_client.spoken import Spoken
from hardware.printers.paper import Block, Columns, Rule, Run, Space, Text

SIGNING_SPACE = 56
"""Dots for a signature: 7 mm."""


@dataclass(frozen=True)
class OneTimeNotice:
    """Everything the notice says."""

    hall_name: str
    service_name: str
    items: Sequence[str]
    """What is missing, or for a question without a case what is needed; all of it."""
    printed_at: datetime
    number: str = ""
    """The notice's own number."""
    case_no: str = ""
    """With it the items are what its documents lack."""
    by: date | datetime | None = None
    counter: str = ""
    clerk: str = ""
    """The clerk's number, never a name."""
    hotline: str = ""
    reprint: int = 0


def notice_blocks(paper: OneTimeNotice, words: Spoken, second: Spoken | None = None) -> list[Block]:
    """The blocks of one notice."""
    say = Voices(words, second)
    numbers = [("notice.number", paper.number), ("case.number", paper.case_no)]
    return [
        Text(paper.hall_name, size=36, bold=True, align="center", gap=8),
        *say.text("inquiry.one_time_notice", size=44, bold=True, align="center", gap=14),
        Text(paper.service_name, size=34, bold=True, gap=10),
        *(say.row(key, Run(number, 30, bold=True)) for key, number in numbers if number),
        Rule(),
        *say.text("notice.missing" if paper.case_no else "notice.needed", size=34, bold=True),
        *(Text(f"{place}. {item}", size=30, gap=6) for place, item in enumerate(paper.items, start=1)),
        Space(6),
        *say.text("notice.all", size=26),
        Rule(),
        *_by_when(paper, say),
        *say.text("notice.law", size=26),
        *_signatures(say),
        *_foot(paper, say),
        Space(8),
    ]


def _by_when(paper: OneTimeNotice, say: Voices) -> Iterator[Block]:
    if paper.by is not None:
        yield from say.text("notice.by", size=34, bold=True, date=paper.by)
    if paper.counter:
        yield from say.text("notice.where", size=34, bold=True, counter=paper.counter)


def _signatures(say: Voices) -> Iterator[Block]:
    for key in ("notice.sign_clerk", "notice.sign_visitor"):
        yield Space(SIGNING_SPACE)
        yield Rule(dashed=False, gap=4)
        yield from say.text(key, size=26, gap=6)


def _foot(paper: OneTimeNotice, say: Voices) -> Iterator[Block]:
    left = (Run(say.first.say("receipt.handled", counter=paper.counter, clerk=paper.clerk), 26),) if paper.clerk else ()
    right = (Run(say.first.say("paper.hotline", number=paper.hotline), 28, bold=True),) if paper.hotline else ()
    if left or right:
        yield Columns(left, right)
    yield printed_line(paper.printed_at, paper.reprint, say)
