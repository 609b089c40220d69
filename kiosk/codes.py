"""What a scanned text is: the code on a ticket of this hall, an appointment's six digits, or nothing of ours. Pure.

A ticket's paper shows the address of its page, or its token alone in a hall without a public address. Whether a token
is genuine only the server can say; whatever else passes by a scanner is not acted on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_OPAQUE = r"[A-Za-z0-9_-]{23,128}"
_TICKET = re.compile(rf"(?:(?:https?://[^/\s?#]+)?(?:/[^/\s?#]+)*/t/)?({_OPAQUE})/?(?:[?#]\S*)?")
_APPOINTMENT = re.compile(r"[0-9]{6}")


@dataclass(frozen=True)
class TicketCode:
    """The token of a ticket's page."""

    token: str = field(repr=False)


@dataclass(frozen=True)
class AppointmentCode:
    """The six digits of an appointment."""

    digits: str = field(repr=False)


def read_code(text: str) -> TicketCode | AppointmentCode | None:
    """What was scanned; None for what is nothing of this hall's."""
    text = text.strip()
    if _APPOINTMENT.fullmatch(text):
        return AppointmentCode(text)
    found = _TICKET.fullmatch(text)
    return TicketCode(found[1]) if found else None
