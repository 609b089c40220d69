"""What a bar beside the wall shows: the calls of the hall, or what else people should know (design 5). Pure.

The bar itself belongs to `hardware.led`; here is only which pages it shows now. A page that does not fit a bar is split
at words by the bar's driver, never cut.
"""

from __future__ import annotations

from dataclasses import dataclass

from display_wall.board import WallFace
from display_wall.moment import Moment
from display_wall.texts import Texts
from display_wall.zones.counters import AMBER_S, CallTimes
from display_wall.zones.notices import running
from hall_protocol.pictures.wall import WallPicture
from hardware.led.page import Page

BLINKS = 2
PAGES_MAX = 8


@dataclass(frozen=True)
class BarFace:
    """The pages of a bar; a bar is told only when this changes."""

    pages: tuple[Page, ...]
    blink: int = 0


def bar_face(
    picture: WallPicture | None, face: WallFace, *, calling: tuple[str, str] | None, texts: Texts, now: Moment,
    times: CallTimes,
) -> BarFace:  # fmt: skip
    """Evacuation first, then the stale sentence, the call in the band, calls nobody answered yet, idle pages."""
    if face.evacuation is not None:
        return BarFace(_pages(face.evacuation.title, face.evacuation.way, face.evacuation.title_second), BLINKS)
    if face.stale.step == "red" or picture is None:
        return BarFace(_pages(texts.say("led.stale")))
    if calling is not None:
        return BarFace(_pages(_call(texts, number=calling[1], counter=calling[0])), BLINKS)
    open_calls = _unanswered(picture, now, times)
    if open_calls:
        return BarFace(_pages(*(_call(texts, number=number, counter=counter) for counter, number in open_calls)))
    notices = [notice.text.get(texts.first, "") for notice in running(picture.notices, now)]
    hall = picture.hall.names.get(texts.first) or picture.hall.name
    return BarFace(_pages(hall, texts.say("led.idle"), *notices))


def _call(texts: Texts, *, number: str, counter: str) -> str:
    return texts.say("led.call", number=number, counter=counter)


def _unanswered(picture: WallPicture, now: Moment, times: CallTimes) -> list[tuple[str, str]]:
    """Counter and number of calls of the last minute whose visitor is not there yet, the newest first."""
    found = [
        (age, name, counter.number)
        for name, counter in picture.counters.items()
        if counter.number and counter.ticket_state == "called" and (age := times.age_s(name, now)) is not None
    ]
    return [(name, number) for age, name, number in sorted(found) if age < AMBER_S]


def _pages(*lines: str) -> tuple[Page, ...]:
    return tuple(Page((line,)) for line in dict.fromkeys(filter(None, lines)))[:PAGES_MAX]
