"""Numbers of the registers: one count a year and register, so that a person can quote them.

Complaints and the message book share theirs (domain.md 4.3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from ..hall import Hall

INQUIRY, BOOK, NOTICE, LOOP = "I", "", "N", "B"
"""What a number begins with: inquiries, complaints and messages, one-time notices, loops of bad ratings."""


class Step(msgspec.Struct):
    """What was done with an entry, when, by whom (actor as the journal names it), and what came out of it."""

    step: str
    at: int
    who: str
    outcome: str | None = None


def next_number(hall: Hall, register: str, *, at: int) -> str:
    """The number an entry made at `at` will have, `I2026-00017`."""
    year = hall.date_of(at)[:4]
    return f"{register}{year}-{hall.register_counts.get(register + year, 0) + 1:05d}"


def count(hall: Hall, number: str) -> None:
    """This number is given out. For `evolve`."""
    book, _, running = number.partition("-")
    hall.register_counts[book] = max(hall.register_counts.get(book, 0), int(running))
