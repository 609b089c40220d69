"""A manager's word to one counter. The text is the manager's own and names no visitor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hall_protocol.refusals import Refused

from ..registry import Command, Event, decides, evolves
from ..stamp import Stamp

if TYPE_CHECKING:
    from ..hall import Hall

KEPT = 20


class Message(msgspec.Struct):
    """One message."""

    id: str
    counter: str
    at: int


class SendMessage(Command, frozen=True, kw_only=True):
    """To one counter. The words go to the vault under the message's id."""

    counter: str


class MessageSent(Event, frozen=True, kw_only=True):
    """Shown at the counter. Its words may name somebody, so they are in the vault, not here."""

    message: str
    counter: str


@decides(SendMessage)
def send(hall: Hall, c: SendMessage, stamp: Stamp) -> list[Event]:
    if c.counter not in hall.counters:
        raise Refused("unknown_counter")
    return [MessageSent(message=f"M{hall.seq + 1}", counter=c.counter)]


@evolves(MessageSent)
def sent(hall: Hall, e: MessageSent, at: int, seq: int) -> None:
    hall.messages.append(Message(id=e.message, counter=e.counter, at=at))
    del hall.messages[:-KEPT]
