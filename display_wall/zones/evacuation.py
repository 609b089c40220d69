"""Leaving the building: overrides everything, in two languages, with the way out as seen from this screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from display_wall.moment import clock
from display_wall.texts import Texts
from hall_protocol.ids import Exit
from hall_protocol.pictures import Evacuation

EXITS = get_args(Exit)


@dataclass(frozen=True)
class EvacuationPage:
    """What everybody must see now."""

    exit: str = ""
    """`left right ahead back`, or empty where nobody told this screen's way: then no arrow is drawn."""
    title: str = ""
    title_second: str = ""
    way: str = ""
    way_second: str = ""
    steps: str = ""
    number: str = ""
    number_second: str = ""
    since: str = ""


def evacuation_page(evacuation: Evacuation | None, *, screen: str, texts: Texts) -> EvacuationPage | None:
    """The page of `screen`; None while nobody evacuates."""
    if evacuation is None:
        return None
    both = Texts(texts.catalogue, first=texts.first, second=other_language(texts))
    told = evacuation.exits.get(screen, "")
    way = f"evac.exit.{told}" if told in EXITS else "evac.way_unknown"
    return EvacuationPage(
        exit=told if told in EXITS else "",
        title=both.say("evac.title"),
        title_second=both.say_second("evac.title"),
        way=both.say(way),
        way_second=both.say_second(way),
        steps=both.say("evac.steps"),
        number=both.say("evac.number"),
        number_second=both.say_second("evac.number"),
        since=both.say("evac.since", time=clock(evacuation.since)),
    )


def other_language(texts: Texts) -> str:
    """Always two languages: the hall's second, else English, else Chinese."""
    return texts.second or ("en" if texts.first != "en" else "zh-Hans")
