"""What the flow wants done: plain values that `app.py` carries out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class SendTicket:
    """`POST /tickets` with this key; the outcome comes back through `Flow.answered`."""

    key: str
    body: Mapping[str, Any]
    visitor: Mapping[str, str] | None = field(default=None, repr=False)
    """Part of the body that is sent and never written down here."""


@dataclass(frozen=True)
class IssueOwn:
    """Give out a number of the kiosk's own block under the same key; comes back through `Flow.issued_own`."""

    key: str
    line: str
    service: str | None
    priority_class: str
    language: str


@dataclass(frozen=True)
class GiveUp:
    """Nobody knows whether this touch became a ticket, and the visitor was told that he has none: settle it."""

    key: str


@dataclass(frozen=True)
class FindTicket:
    """`GET /tickets/…` by the token on a paper; comes back through `Flow.found_ticket`."""

    token: str = field(repr=False)


@dataclass(frozen=True)
class Reinstate:
    """A visitor who missed the call is back; comes back through `Flow.reinstated`."""

    key: str
    ticket: str


@dataclass(frozen=True)
class AskCase:
    """`POST /case-status`; comes back through `Flow.case_told`. The body opens one case and is never written down."""

    key: str
    body: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class SendWords:
    """`POST /complaints` or `/messages`; comes back through `Flow.words_kept`. The words stand nowhere else."""

    key: str
    path: str
    body: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Print:
    """Print the held ticket; `copy` 0 is the first paper, 1 and 2 are 补打."""

    key: str
    copy: int


@dataclass(frozen=True)
class AskHelp:
    """`POST /help`: which screen, in which language; nothing personal."""

    screen: str
    language: str


@dataclass(frozen=True)
class Play:
    """A sound of `assets/sounds`."""

    name: str


@dataclass(frozen=True)
class Speak:
    """Say the touched item's label; `screen` True says the title and first choices of the present screen."""

    label: str = ""
    screen: bool = False


@dataclass(frozen=True)
class Hush:
    """Stop speaking."""


Effect = (
    SendTicket
    | IssueOwn
    | GiveUp
    | FindTicket
    | Reinstate
    | AskCase
    | SendWords
    | Print
    | AskHelp
    | Play
    | Speak
    | Hush
)
