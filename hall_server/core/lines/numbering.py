"""Numbers: a letter and digits, from the first number each day and line, never used again that day.

A ticket's id is its day and number, so that two tickets with one number cannot exist (domain.md 8, M3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..hall import Hall


def ticket_id(*, day: str, number: str) -> str:
    """`20261124-A047`."""
    return f"{day.replace('-', '')}-{number}"


def day_in(ticket: str) -> str:
    """The day a ticket id begins with, `YYYY-MM-DD`."""
    return f"{ticket[:4]}-{ticket[4:6]}-{ticket[6:8]}"


def number_in(ticket: str) -> str:
    """The number a ticket id ends with."""
    return ticket[9:]


def is_free(hall: Hall, *, day: str, number: str) -> bool:
    """Whether nobody holds or held that number that day, neither as a ticket nor in a kiosk's block."""
    ident = ticket_id(day=day, number=number)
    return ident not in hall.tickets and ident not in hall.set_aside and number not in hall.beyond.get(day, ())


def is_given_out(hall: Hall, *, day: str, number: str) -> bool:
    """Whether a number of that day was given out or set aside, also when its ticket is no longer kept."""
    if not is_free(hall, day=day, number=number):
        return True
    last = hall.last_number.get(day, {})
    return any(
        count_in(number, prefix=line.prefix) in range(hall.settings.queue.first_number, last.get(name, -1) + 1)
        for name, line in hall.lines.items()
    )


def count_in(number: str, *, prefix: str) -> int | None:
    """What a number of the line with that letter counts; None for a number of another line."""
    digits = number.removeprefix(prefix)
    is_count = number.startswith(prefix) and digits.isascii() and digits.isdecimal() and len(digits) <= 9
    return int(digits) if is_count else None


def next_numbers(hall: Hall, *, line: str, day: str, count: int) -> tuple[list[str], int]:
    """The next `count` free numbers of a line, and the counter value after them."""
    queue = hall.settings.queue
    last = hall.last_number.get(day, {}).get(line, queue.first_number - 1)
    numbers: list[str] = []
    while len(numbers) < count:
        last += 1
        number = f"{hall.lines[line].prefix}{last:0{queue.digits}d}"
        if is_free(hall, day=day, number=number):
            numbers.append(number)
    return numbers, last
