"""A rating keypad `keypad:N`."""

from . import Evacuation, Picture
from .ticket import RatingRequest


class KeypadPicture(Picture, kw_only=True):
    """What the keypad of one counter may know; the only screen beside the ticket's page that sees a nonce."""

    counter: str
    state: str
    clerk: str | None = None
    number: str | None = None
    """Ticket the rating is about."""
    service_name: str | None = None
    rating_request: RatingRequest | None = None
    key_window_s: int
    """How long the keypad itself stays open, seconds."""
    evacuation: Evacuation | None = None
