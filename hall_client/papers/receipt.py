"""The receipt of a case: number, check code, both dates, what was taken in, where it lies.

Whoever holds the check code sees the case, so it stands on this paper and nowhere else; nobody's name does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hall_client.papers.ticket import invites_phones
from hall_client.papers.voices import Voices, day, mark, said
from hall_client.spoken import Spoken
from hardware.printers.paper import Block, Qr, Rule, Run, Space, Text


@dataclass(frozen=True)
class CaseReceipt:
    """Everything the receipt of a case says. Times carry the hall's zone."""

    hall_name: str
    no: str
    check_code: str
    service_name: str
    department_name: str
    received_at: datetime
    promised_due: datetime | None
    statutory_due: datetime | None
    printed_at: datetime
    provisional: bool = False
    """Either date falls into a year whose holidays are not announced."""
    clock: str = "running"
    """`not_started running stopped ended`; without a date it says why there is none."""
    documents: Sequence[str] = ()
    counter: str = ""
    clerk: str = ""
    """The clerk's number, never a name."""
    hotline: str = ""
    complaint_phone: str = ""
    url: str = ""
    """The page of the case. With "/" before it or "" there is no public one, and the code holds number and check
    code for the hall's own scanners."""
    reprint: int = 0
    """0 is the first paper; n is 补打 n."""


def case_receipt(case: Mapping[str, Any], **more: Any) -> CaseReceipt:
    """From a Case of the contract as `POST /cases` answers it (with `check_code`); `more` are the other fields."""

    def instant(key: str) -> datetime | None:
        return datetime.fromisoformat(str(case[key])) if case.get(key) else None

    received = instant("received_at")
    assert received is not None, "a case without the time of its receipt"
    return CaseReceipt(
        no=str(case["no"]),
        check_code=str(case["check_code"]),
        received_at=received,
        promised_due=instant("promised_due"),
        statutory_due=instant("statutory_due"),
        provisional=bool(case.get("provisional")),
        clock=str(case.get("clock") or "not_started"),
        **more,
    )


def code_of_case(paper: CaseReceipt) -> str:
    """What the QR code holds."""
    public = paper.url and invites_phones(paper.url)
    return paper.url if public else f"CASE:{paper.no}:{paper.check_code}"


def receipt_blocks(paper: CaseReceipt, words: Spoken, second: Spoken | None = None) -> list[Block]:
    """The blocks of one receipt."""
    say = Voices(words, second)
    return [
        Text(paper.hall_name, size=36, bold=True, align="center", gap=8),
        *say.text("receipt.title", size=44, bold=True, align="center", gap=14),
        Text(paper.service_name, size=34, bold=True, gap=8),
        say.row("receipt.department", Run(paper.department_name, 28)),
        Rule(),
        say.row("case.number", Run(paper.no, 40, bold=True), gap=6),
        *_code(paper, say),
        Rule(),
        say.row("receipt.received_at", Run(day(say.first, paper.received_at), 28)),
        _due("case.promised_due", paper.promised_due, paper, say, bold=True),
        _due("case.statutory_due", paper.statutory_due, paper, say),
        *(say.text("receipt.provisional", size=26) if _is_provisional(paper) else ()),
        Rule(),
        *_documents(paper, say),
        Rule(),
        *_foot(paper, say),
        Space(8),
    ]


def _code(paper: CaseReceipt, say: Voices) -> Iterator[Block]:
    """Check code and QR; a receipt printed where the code is not known any more says where it stands."""
    if not paper.check_code:
        yield from say.text("receipt.first_has_code", size=26)
        return
    yield say.row("receipt.check_code", Run(paper.check_code, 40, bold=True))
    yield Rule(gap=0)
    yield Qr(code_of_case(paper), lines=tuple(_uses(paper, say)))


def _uses(paper: CaseReceipt, say: Voices) -> Iterator[Run]:
    if paper.url and invites_phones(paper.url):
        yield Run(say.first.say("receipt.scan"), 32, bold=True)
        if say.other:
            yield Run(say.other.say("receipt.scan"), 26)
    yield Run(say.first.say("receipt.ask"), 28)
    yield Run(say.first.say("receipt.keep"), 28)


def _is_provisional(paper: CaseReceipt) -> bool:
    return paper.provisional and (paper.promised_due or paper.statutory_due) is not None


def _due(key: str, at: datetime | None, paper: CaseReceipt, say: Voices, *, bold: bool = False) -> Block:
    """A date with its 暂定, or why there is none."""
    if at is None:
        known = paper.clock in ("not_started", "stopped", "ended")
        return say.row(key, Run(say.both(f"receipt.{paper.clock if known else 'none'}"), 28))
    date = Run(said(say.first, "receipt.by", {"date": at}), 30, bold=bold)
    return say.row(key, date, *(mark(say.both("case.provisional")) if paper.provisional else ()))


def _documents(paper: CaseReceipt, say: Voices) -> Iterator[Block]:
    if not paper.documents:
        yield from say.text("receipt.no_documents")
        return
    yield from say.text("receipt.documents", bold=True, gap=6, n=len(paper.documents))
    for number, name in enumerate(paper.documents, start=1):
        yield Text(f"{number}. {name}", size=28, gap=4)
    yield Space(6)


def _foot(paper: CaseReceipt, say: Voices) -> Iterator[Block]:
    if paper.counter:
        key = "receipt.handled" if paper.clerk else "receipt.handled_counter"
        yield from say.text(key, counter=paper.counter, clerk=paper.clerk)
    phones = [("paper.hotline", paper.hotline), ("receipt.complaint_phone", paper.complaint_phone)]
    said = [say.first.say(key, number=number) for key, number in phones if number]
    if said:
        yield Text("  ".join(said), size=28, bold=True)
    yield printed_line(paper.printed_at, paper.reprint, say)


def printed_line(at: datetime, reprint: int, say: Voices) -> Block:
    """When the paper was printed; a second one of the same thing says so in a box."""
    marks = mark(f"{say.both('paper.mark_reprint')} {reprint}") if reprint else ()
    return Text((Run(f"{at:%Y-%m-%d %H:%M}", 26), *marks))
