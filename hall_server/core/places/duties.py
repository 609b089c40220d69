"""What every counter has to name (domain.md A4c), and what a hall has left open.

Fees and promised limits come with the items; a counter without items lacks them too.
"""

from __future__ import annotations

from ..hall import Hall
from ..people.counter import Counter


def lacking(hall: Hall) -> list[tuple[str, str]]:
    """(counter, what is missing) of every counter in use: `department items telephone first_contact_post`."""
    counters = sorted((c for c in hall.counters.values() if not c.retired), key=lambda c: (len(c.counter), c.counter))
    return [(c.counter, what) for c in counters for what in _lacking(hall, c)]


def _lacking(hall: Hall, counter: Counter) -> list[str]:
    known = {
        "department": counter.department,
        "items": any(s.state == "in_use" and s.line in counter.lines for s in hall.services.values()),
        "telephone": counter.phone,
        "first_contact_post": counter.post,
    }
    return [what for what, there in known.items() if not there]
