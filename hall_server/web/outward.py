"""What the watch of alarms sees: the managers' list as it is committed, every card in it, and the hall's own words."""

from __future__ import annotations

from hall_protocol.refusals import Refused

from ..alarms.sender import TROUBLE, View, Watch
from ..core.pictures.alerts import alerts, card_alert, cards_in_order
from ..core.stamp import text
from .house import House
from .public.words import Speech

CARD = "card/"


def watch_of(house: House) -> Watch:
    """The hall's watch; runs beside the clockwork."""

    async def look() -> View:
        view = view_of(house)
        try:
            await house.engine.settled()
        except Refused:
            return view_of(house)  # nothing can be stored: that itself is what has to be told
        return view

    return Watch(look=look, keys=house.data / "keys", on_trouble=lambda stands: house.alarm(TROUBLE, stands))


def view_of(house: House) -> View:
    """The list now. It shows the first score of cards only; outside each card is told."""
    hall, now = house.engine.hall, house.engine.clock.now()
    own = hall.settings.hall.languages[0]
    listed = [one for one in alerts(hall, house.eyes.sight(hall)) if not one.id.startswith(CARD)]
    return View(
        rules=hall.settings.alarms,
        alerts=[*listed, *(card_alert(hall, card) for card in cards_in_order(hall))],
        now=now,
        at=text(now, hall.zone),
        hall=hall.settings.hall.hall,
        hall_name=hall.settings.hall.name[own],
        say=Speech(own).say,
    )
