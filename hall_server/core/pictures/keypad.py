"""A rating keypad: with the ticket's own page the only picture that carries a nonce."""

from __future__ import annotations

from hall_protocol.pictures.keypad import KeypadPicture

from ..hall import Hall
from .sight import Sight, evacuation
from .ticket import rating_request, service_name


def keypad_picture(hall: Hall, sight: Sight, number: str) -> KeypadPicture | None:
    """The keypad of that counter; the question stays until it is answered or the next service begins."""
    counter = hall.counters.get(number)
    if counter is None:
        return None
    asked = hall.ratings.get(counter.rating or "")
    return KeypadPicture(
        counter=number,
        state=counter.state,
        clerk=counter.clerk,
        number=asked.number if asked else None,
        service_name=service_name(hall, asked.service, asked.line) if asked else None,
        rating_request=rating_request(hall, sight, counter.rating),
        key_window_s=hall.settings.rating.keypad_s,
        evacuation=evacuation(hall),
    )
