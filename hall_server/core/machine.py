"""The machine: `decide` and `evolve` put together from the lives."""

from __future__ import annotations

from typing import Any

import msgspec

from . import day
from .hall import Hall
from .lines import block, calling, desk, ticket
from .matters import bad_rating, card, case, case_acts, complaint, inquiry, message_book, rating
from .oversight import accountability, authorisation, bulletin, finding, seal
from .people import account, counter, device, message, session
from .places import catalogue, config, notice
from .registry import DECIDERS, EVENT_TYPES, EVOLVERS, Command, Event, type_name
from .stamp import Stamp, instant

LIVES = (
    account,
    accountability,
    bad_rating,
    authorisation,
    block,
    bulletin,
    calling,
    card,
    case,
    case_acts,
    catalogue,
    complaint,
    config,
    counter,
    day,
    desk,
    device,
    finding,
    inquiry,
    message,
    message_book,
    notice,
    rating,
    seal,
    session,
    ticket,
)
"""Every life, so that importing the machine fills the registry."""

_encoder = msgspec.json.Encoder()
_decoders: dict[str, Any] = {}


def decide(hall: Hall, command: Command, stamp: Stamp) -> list[Event]:
    """Which events follow from a command; raises `Refused`. Changes nothing."""
    return DECIDERS[type(command)](hall, command, stamp)


def evolve(hall: Hall, event: Event, at: int) -> None:
    """Makes the next event true."""
    seq = hall.seq + 1
    EVOLVERS[type(event)](hall, event, at, seq)
    hall.seq = seq
    hall.at = at


def at_of(event: Event, stamp: Stamp) -> int:
    """The time an event bears: that of its command, but an offline ticket's is when the kiosk gave it out."""
    if isinstance(event, ticket.TicketIssued) and event.offline:
        return instant(event.issued_at)
    return stamp.at


def name_of(event: Event) -> str:
    """The journal's word for this event."""
    return type_name(type(event))


def encode(event: Event) -> bytes:
    """The event's data as JSON."""
    return _encoder.encode(event)


def decode(name: str, data: bytes | str) -> Event:
    """An event from the journal. KeyError for a word this version does not know."""
    decoder = _decoders.get(name)
    if decoder is None:
        decoder = _decoders[name] = msgspec.json.Decoder(EVENT_TYPES[name])
    return decoder.decode(data)  # type: ignore[no-any-return]
