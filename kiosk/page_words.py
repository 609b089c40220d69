"""Something to say: what about, the writing itself, and the number it got. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hall_client.spoken import Spoken

from . import keyboard
from .asked import CATEGORIES, MESSAGE
from .flow import Flow
from .view_parts import View, button

ICONS = {MESSAGE: "book-open", "consultation": "circle-question-mark", "suggestion": "star"}
REFUSALS = ("no_answer", "storage_unavailable", "too_many_requests")


TAIL, TAIL_LARGE = 100, 40
"""Characters of a long text that are on the screen: the end, where the writer is."""


def tail(text: str, most: int) -> str:
    """The end of a text, with a sign that there is more before it."""
    return text if len(text) <= most else "…" + text[-most:]


def about_name(about: str, words: Spoken) -> str:
    """What it is about, in words."""
    return words.say("message.book" if about == MESSAGE else f"complaint.category.{about}")


def other_ways(flow: Flow, words: Spoken) -> str:
    """The telephone, and the counter where it can be said instead."""
    hall: Mapping[str, Any] = (flow.world.picture or {}).get("hall") or {}
    desks = flow.index.desks if flow.index is not None else []
    said = words.say("words.at_counter", counter=desks[0]) if desks else words.say("words.at_desk")
    phone = str(hall.get("complaint_phone") or "")
    return f"{words.say('words.phone', phone=phone)} · {said}" if phone else said


def choose(flow: Flow, words: Spoken, own_name: str) -> View:
    """The message book, and what a complaint, a question or a suggestion is about."""
    tiles = [
        button(f"about:{about}", about_name(about, words), icon=ICONS.get(about, "message-circle-question-mark"))
        for about in (MESSAGE, *CATEGORIES)
    ]
    return {
        "title": words.say("words.title"),
        "hint": other_ways(flow, words),
        "tiles": tiles,
        "page": "",
        "previous": button("previous", words.say("list.previous"), icon="chevron-up", enabled=False),
        "next": button("next", words.say("list.next"), icon="chevron-down", enabled=False),
        "back": button("back", words.say("kiosk.back"), icon="arrow-left"),
    }


def write(flow: Flow, words: Spoken, own_name: str) -> View:
    """The text so far, characters to choose from, keys."""
    place = flow.place
    choices, pages = keyboard.offered(place.typed, place.page)
    layout = place.spot
    busy = place.refusal == "looking"
    following = keyboard.LAYOUTS[(keyboard.LAYOUTS.index(layout) + 1) % len(keyboard.LAYOUTS)]
    publish = None
    if place.about == MESSAGE:
        publish = button("publish", words.say("words.publish"), icon="check" if place.publish else "", on=place.publish)
    refused = ""
    if place.refusal and not busy:
        refused = words.say(f"words.{place.refusal}" if place.refusal in REFUSALS else "refused.other")
    return {
        "title": about_name(place.about, words),
        "hint": refused or other_ways(flow, words),
        "refused": bool(refused),
        "entered": tail(place.entered, TAIL_LARGE if flow.modes.large else TAIL),
        "typed": place.typed,
        "placeholder": words.say("words.placeholder"),
        "count": words.say("words.count", n=len(place.entered), of=keyboard.TEXT_MOST),
        "choices": [button(f"pick:{c}", c) for c in choices],
        "more": button("candidates", words.say("words.more"), icon="chevron-right", enabled=pages > 1),
        "keys": list(keyboard.ROWS[layout]),
        "live": keyboard.live_keys(layout, place.typed),
        "layout": button(f"layout:{following}", words.say(f"words.layout_{following}")),
        "space": button("space", words.say("words.space"), enabled=not place.typed),
        "erase": button("erase", words.say("search.erase"), icon="delete", enabled=bool(place.typed or place.entered)),
        "publish": publish,
        "send": button(
            "send", words.say("words.sending" if busy else "words.send"), icon="check",
            enabled=bool(place.entered.strip()) and not busy,
        ),
        "back": button("back", words.say("kiosk.back"), icon="arrow-left"),
    }  # fmt: skip


def sent(flow: Flow, words: Spoken, own_name: str) -> View:
    """It was taken in: its number, and what happens next."""
    place = flow.place
    return {
        "title": words.say("words.sent", no=place.number),
        "text": words.say("words.sent_message" if place.about == MESSAGE else "words.sent_complaint"),
        "next": other_ways(flow, words),
        "icon": "circle-check",
        "back": button("home", words.say("words.done"), icon="check"),
        "help": button("help", words.say("tool.help"), icon="hand-helping"),
    }
