"""Letters of authorisation (授权委托书): which holder may do what for which item, from when to when (domain.md A5a).

A letter gives the head of a department's counters up to four powers. `valid_from` and `valid_to` are days that still
count; a revocation counts from its own day on (domain.md 7, indicator 2). Letters of one holder add up, those of two
do not.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec

from hall_protocol.refusals import Refused

from ..registry import Command, Event, decides, evolves
from ..stamp import Stamp

if TYPE_CHECKING:
    from ..hall import Hall

POWERS: Final = ("decide", "report_up", "coordinate", "seal")
"""审批决策权 审核上报权 组织协调权 行政审批专用章使用权; fixed by the circular."""


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """One letter. Days are `YYYY-MM-DD`; `valid_to` None has no end."""

    letter: str
    services: tuple[str, ...]
    holder: str
    """Staff number."""
    powers: tuple[str, ...]
    valid_from: str
    valid_to: str | None = None
    revoked_from: str | None = None

    def holds(self, *, service: str, power: str, day: str) -> bool:
        """Whether it gives this power for this item on that day."""
        return service in self.services and power in self.powers and self.runs_on(day)

    def runs_on(self, day: str) -> bool:
        """Whether it is valid on that day."""
        ended = self.valid_to is not None and day > self.valid_to
        revoked = self.revoked_from is not None and day >= self.revoked_from
        return self.valid_from <= day and not ended and not revoked


class GrantLetter(Command, frozen=True, kw_only=True):
    """A letter is entered into the register."""

    letter: Letter


class RevokeLetter(Command, frozen=True, kw_only=True):
    """A letter ends early, from that day on."""

    letter: str
    revoked_from: str


class LetterGranted(Event, frozen=True, kw_only=True):
    """The letter is in the register."""

    letter: str
    services: tuple[str, ...]
    holder: str
    powers: tuple[str, ...]
    valid_from: str
    valid_to: str | None = None


class LetterRevoked(Event, frozen=True, kw_only=True):
    """The letter gives nothing from that day on."""

    letter: str
    revoked_from: str


def granted(letter: Letter) -> LetterGranted:
    """The event that enters it."""
    return LetterGranted(
        letter=letter.letter,
        services=letter.services,
        holder=letter.holder,
        powers=letter.powers,
        valid_from=letter.valid_from,
        valid_to=letter.valid_to,
    )


@decides(GrantLetter)
def grant(hall: Hall, c: GrantLetter, stamp: Stamp) -> list[Event]:
    letter = c.letter
    if letter.letter in hall.letters:
        raise Refused("name_taken", name=letter.letter)
    if letter.holder not in hall.clerks:
        raise Refused("unknown_clerk")
    if not all(service in hall.services for service in letter.services):
        raise Refused("unknown_service")
    if letter.valid_to is not None and letter.valid_to < letter.valid_from:
        raise Refused("bad_request", why="valid_to")
    return [granted(letter)]


@decides(RevokeLetter)
def revoke(hall: Hall, c: RevokeLetter, stamp: Stamp) -> list[Event]:
    letter = hall.letters.get(c.letter)
    if letter is None:
        raise Refused("unknown_letter")
    if letter.revoked_from is not None:
        raise Refused("wrong_state")
    if c.revoked_from < letter.valid_from or (letter.valid_to is not None and c.revoked_from > letter.valid_to):
        raise Refused("bad_request", why="revoked_from")
    return [LetterRevoked(letter=c.letter, revoked_from=c.revoked_from)]


@evolves(LetterGranted)
def letter_granted(hall: Hall, e: LetterGranted, at: int, seq: int) -> None:
    hall.letters[e.letter] = Letter(
        letter=e.letter,
        services=e.services,
        holder=e.holder,
        powers=e.powers,
        valid_from=e.valid_from,
        valid_to=e.valid_to,
    )


@evolves(LetterRevoked)
def letter_revoked(hall: Hall, e: LetterRevoked, at: int, seq: int) -> None:
    hall.letters[e.letter] = msgspec.structs.replace(hall.letters[e.letter], revoked_from=e.revoked_from)


def letter_for(hall: Hall, *, clerk: str, service: str, power: str, day: date) -> str | None:
    """The letter under which this clerk may use this power for this item on that day; None when there is none."""
    text = day.isoformat()
    found = (
        letter.letter
        for letter in hall.letters.values()
        if letter.holder == clerk and letter.holds(service=service, power=power, day=text)
    )
    return next(found, None)


def is_authorised(hall: Hall, *, service: str, day: date) -> bool:
    """Whether one holder has all four powers for the item on that day."""
    text = day.isoformat()
    powers: dict[str, set[str]] = {}
    for letter in hall.letters.values():
        if service in letter.services and letter.runs_on(text):
            powers.setdefault(letter.holder, set()).update(letter.powers)
    return any(held.issuperset(POWERS) for held in powers.values())
