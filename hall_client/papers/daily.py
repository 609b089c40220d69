"""Two papers of the day's end: what was done, and the journal's head to be kept outside the machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hall_client.papers.notice import SIGNING_SPACE
from hall_client.papers.receipt import printed_line
from hall_client.papers.voices import Voices, day
from hall_client.spoken import Spoken
from hall_client.waits import minutes
from hardware.printers.paper import Block, Qr, Rule, Run, Space, Text

GROUP = 8
"""Hexadecimal digits read aloud at once; two groups stand on a line."""


@dataclass(frozen=True)
class LineDay:
    """One line's day. Waits in seconds, None when nobody was called."""

    name: str
    issued: int
    served: int
    missed: int
    wait_p50_s: int | None = None
    wait_p90_s: int | None = None


@dataclass(frozen=True)
class DailySummary:
    """Everything the summary says; what is None is left out."""

    hall_name: str
    day: date
    lines: Sequence[LineDay]
    printed_at: datetime
    ratings: int = 0
    satisfied_percent: str | None = None
    """As the indicators cut it, `98.72`; None without ratings."""
    cases_received: int | None = None
    cases_decided: int = 0
    cards_yellow: int = 0
    cards_red: int = 0
    first_seq: int | None = None
    last_seq: int | None = None
    reprint: int = 0


def daily_blocks(paper: DailySummary, words: Spoken, second: Spoken | None = None) -> list[Block]:
    """The blocks of one summary."""
    say = Voices(words, second)
    return [
        Text(paper.hall_name, size=36, bold=True, align="center", gap=8),
        *say.text("daily.title", size=44, bold=True, align="center", gap=8),
        Text(day(words, paper.day), size=34, align="center", gap=14),
        *_totals(paper, say),
        Rule(),
        *(block for line in paper.lines for block in _line(line, words)),
        Rule(),
        *_more(paper, say),
        printed_line(paper.printed_at, paper.reprint, say),
        Space(8),
    ]


def _totals(paper: DailySummary, say: Voices) -> Iterator[Block]:
    for key, total in (
        ("daily.issued", sum(line.issued for line in paper.lines)),
        ("daily.served", sum(line.served for line in paper.lines)),
        ("daily.missed", sum(line.missed for line in paper.lines)),
    ):
        yield say.row(key, Run(str(total), 40, bold=True), gap=4)


def _line(line: LineDay, words: Spoken) -> Iterator[Block]:
    """In the first language only: with ten lines twice, nobody would read it."""
    counts = {"issued": line.issued, "served": line.served, "missed": line.missed}
    yield Text(words.say("daily.line", name=line.name, **counts), gap=4)
    if line.wait_p50_s is not None and line.wait_p90_s is not None:
        wait = words.say("daily.wait", median=minutes(line.wait_p50_s), most=minutes(line.wait_p90_s, up=True))
        yield Text(wait, size=26)


def _more(paper: DailySummary, say: Voices) -> Iterator[Block]:
    first = say.first
    ratings = first.say("daily.no_ratings")
    if paper.ratings and paper.satisfied_percent is not None:
        ratings = first.say("daily.ratings_of", n=paper.ratings, percent=paper.satisfied_percent)
    yield say.row("daily.ratings", Run(ratings, 28))
    if paper.cases_received is not None:
        cases = first.say("daily.cases_of", received=paper.cases_received, decided=paper.cases_decided)
        yield say.row("daily.cases", Run(cases, 28))
        cards = first.say("daily.cards_of", yellow=paper.cards_yellow, red=paper.cards_red)
        yield say.row("daily.cards", Run(cards, 28))
    if paper.first_seq is not None and paper.last_seq is not None:
        yield from say.text("daily.events", size=26, first=paper.first_seq, last=paper.last_seq)


@dataclass(frozen=True)
class JournalHead:
    """The journal's head on paper (`hall-server anchor`)."""

    hall_name: str
    hall: str
    """The hall's id as the anchor has it."""
    seq: int
    head: str
    """64 hexadecimal digits."""
    at: datetime
    signed: str = ""
    """The text of the signed anchor file; the code holds it whole. Without it the code holds number and head."""


def anchor_blocks(paper: JournalHead, words: Spoken, second: Spoken | None = None) -> list[Block]:
    """The blocks of one anchor."""
    say = Voices(words, second)
    digits = [paper.head[at : at + GROUP] for at in range(0, len(paper.head), GROUP)]
    pairs = ["  ".join(digits[at : at + 2]) for at in range(0, len(digits), 2)]
    return [
        Text(paper.hall_name, size=36, bold=True, align="center", gap=8),
        *say.text("anchor.title", size=44, bold=True, align="center", gap=14),
        say.row("anchor.hall", Run(paper.hall, 28)),
        say.row("anchor.seq", Run(str(paper.seq), 40, bold=True)),
        say.row("anchor.at", Run(f"{paper.at:%Y-%m-%d %H:%M:%S}", 28)),
        Text(say.both("anchor.head"), size=26, gap=6),
        *(Text(pair, size=40, bold=True, align="center", gap=4) for pair in pairs),
        Rule(gap=0),
        Qr(paper.signed or f"{paper.seq} {paper.head}", module=5),
        Rule(),
        *say.text("anchor.keep", size=28),
        *(say.text("anchor.how", size=26) if paper.signed else ()),
        Space(SIGNING_SPACE),
        Rule(dashed=False, gap=4),
        *say.text("anchor.sign", size=26),
        Space(8),
    ]
