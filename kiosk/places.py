"""Where a visitor is: the values the flow moves between. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

PrintState = Literal["printing", "confirmed", "failed", "unknown", "none"]
Screen = Literal[
    "unpaired", "starting", "home", "groups", "tiles", "list", "search", "detail", "ticket", "paper", "refused",
    "scanned", "case_ask", "case", "words", "write", "sent", "offline", "closed", "out_of_service", "evacuation",
]  # fmt: skip


@dataclass(frozen=True)
class Place:
    """One screen a visitor went to, with what he chose there."""

    screen: Screen
    group: str = ""
    part: int | None = None
    page: int = 0
    service: str | None = None
    line: str | None = None
    form: str | None = None
    priority: str = "ordinary"
    docs_page: int = 0
    typed: str = ""
    digits: bool = False
    refusal: str = ""
    """For `refused` and `scanned`: a code of `hall_protocol.refusals`; also `no_number`, `looking`, `reinstated`."""
    number: str = ""
    """For `already_waiting`: the number that is valid."""
    code: str = field(default="", repr=False)
    """For `scanned`: what was scanned; for `case_ask`: the check code. A visitor's secret."""
    seen: Mapping[str, Any] | None = field(default=None, repr=False)
    """For `scanned` and `case`: the ticket or the case as the server knows it."""
    entered: str = field(default="", repr=False)
    """For `case_ask`: the number's digits; for `write`: what was written so far."""
    spot: str = ""
    """For `case_ask`: where the keys write, `no` or `code`; for `write`: the layout of the keys."""
    key: str = ""
    """For `case` and `write`: of the request under way; a word is sent again with its own."""
    about: str = ""
    """For `write` and `sent`: a category of complaints, or `message`."""
    publish: bool = False
    """For `write`: whether everybody may read the message and its answer."""


@dataclass(frozen=True)
class Modes:
    """How the screens are shown and read out; all last until the wipe."""

    large: bool = False
    low: bool = False
    contrast: bool = False
    voice: bool = False
    language: str = "zh-Hans"


@dataclass(frozen=True)
class Who:
    """Whose card was placed. Nothing of it is kept beyond the answer to his touch, on disk nothing at all."""

    name: str = field(repr=False)
    """The first character and a star, as it may stand on a screen."""
    id_number: str = field(repr=False)


@dataclass
class Taking:
    """A touch on 取号, a placed card or a scanned appointment that has no number yet."""

    key: str
    body: dict[str, Any]
    line: str
    """Empty for an appointment: only the server knows what it is for."""
    service: str | None
    since: float
    """Monotonic."""
    asked_own: bool = False
    retry_at: float | None = None
    who: Who | None = None


@dataclass
class Held:
    """The ticket on the screen."""

    key: str
    ticket: dict[str, Any]
    service: str | None
    own: bool
    """Issued from this kiosk's own block."""
    until: float
    """When the screen goes back to the home screen by itself."""
    sent_at: float
    """When its last paper was sent to the printer."""
    printing: PrintState = "printing"
    copies: int = 0
    fault: str = ""
    """The printer's fault word, when one was read."""


@dataclass
class World:
    """What the flow knows of everything else, set by `app.py`."""

    paired: bool = True
    picture: dict[str, Any] | None = None
    stale: bool = True
    stale_since: str = ""
    left: dict[str, int] = field(default_factory=dict)
    """Own numbers of today, by line."""
    printer: str = "none"
    """`ready degraded fault absent connecting unknown`, `none` without a printer."""
    printer_faults: tuple[str, ...] = ()
    reader: str = "none"
    """The identity card reader, as `printer`."""
    speech: bool = False
    """Whether this machine can speak aloud."""
    token_refused: bool = False
