"""What a scanned text is: a ticket's code, a receipt's, an appointment's six digits, or nothing of ours. Pure.

A receipt shows the address of its case's page, or number and check code in a hall without a public address.
A ticket's paper shows the address of its page, or its token alone in a hall without a public address. Whether a token
is genuine only the server can say; whatever else passes by a scanner is not acted on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_OPAQUE = r"[A-Za-z0-9_-]{23,128}"
_TICKET = re.compile(rf"(?:(?:https?://[^/\s?#]+)?(?:/[^/\s?#]+)*/t/)?({_OPAQUE})/?(?:[?#]\S*)?")
_CASE = re.compile(rf"(?:https?://[^/\s?#]+)?(?:/[^/\s?#]+)*/c/({_OPAQUE})/?(?:[?#]\S*)?")
_RECEIPT = re.compile(r"CASE:([0-9A-Za-z-]{1,40}):([0-9A-Za-z-]{4,16})")
_APPOINTMENT = re.compile(r"[0-9]{6}")


@dataclass(frozen=True)
class TicketCode:
    """The token of a ticket's page."""

    token: str = field(repr=False)


@dataclass(frozen=True)
class AppointmentCode:
    """The six digits of an appointment."""

    digits: str = field(repr=False)


@dataclass(frozen=True)
class CaseCode:
    """What opens a case: the token of its page, or number and check code."""

    token: str = field(default="", repr=False)
    no: str = field(default="", repr=False)
    check_code: str = field(default="", repr=False)


def read_code(text: str) -> TicketCode | AppointmentCode | CaseCode | None:
    """What was scanned; None for what is nothing of this hall's."""
    text = text.strip()
    if (receipt := _RECEIPT.fullmatch(text)) is not None:
        return CaseCode(no=receipt[1], check_code=receipt[2])
    if (case := _CASE.fullmatch(text)) is not None:
        return CaseCode(token=case[1])
    if _APPOINTMENT.fullmatch(text):
        return AppointmentCode(text)
    found = _TICKET.fullmatch(text)
    return TicketCode(found[1]) if found else None
