"""The zone `calls`: the call being spoken, and the ones that follow (design 5)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from display_wall import measure
from display_wall.calling import Call
from display_wall.texts import Texts, stacked
from display_wall.zones import Place

BAND, QUEUE, GAP = 148, 48, 12
"""Heights at unit 1: the band, the row of the next calls, the gap between (px)."""
WORD, PILL_PAD = 34, 44
_MARKS = re.compile(r"\{number\}|\{counter\}")


@dataclass(frozen=True)
class CallsZone:
    """The band in pieces around its two numbers, and the queue behind it."""

    seq: int = 0
    """Names the call; 0 while nobody is called. A new one blinks."""
    number: str = ""
    counter: str = ""
    before: str = ""
    between: str = ""
    after: str = ""
    none: str = ""
    """What stands in outline while nobody is called; when stale, whom to listen to."""
    queue: tuple[str, ...] = ()
    more: str = ""
    """How many calls wait beyond those shown."""
    band: float = BAND
    """Height of the band, px."""


def calls_zone(current: Call | None, waiting: Sequence[Call], *, place: Place, texts: Texts, red: bool) -> CallsZone:
    """The zone now; `red` while the wall is too old to call anybody."""
    roomy = place.h >= (BAND + GAP + QUEUE) * place.u
    band = min(place.h, BAND * place.u) if roomy else place.h
    if red or current is None:
        return CallsZone(none=texts.stack("wall.listen" if red else "wall.none"), band=place.h if red else band)
    before, between, after = _pieces(texts)
    shown, more = _queue(waiting, place=place, texts=texts) if roomy else ((), 0)
    return CallsZone(
        seq=current.seq * 16 + current.calls,
        number=current.number,
        counter=current.counter,
        before=before,
        between=between,
        after=after,
        queue=shown,
        more=f"+{more}" if more else "",
        band=band,
    )


def _pieces(texts: Texts) -> tuple[str, str, str]:
    """The words around number and counter, both languages stacked."""
    first = around(texts.catalogue.words(texts.first)["wall.call"])
    if texts.second is None:
        return first
    second = around(texts.catalogue.words(texts.second)["wall.call"])
    return stacked(first[0], second[0]), stacked(first[1], second[1]), stacked(first[2], second[2])


def around(sentence: str) -> tuple[str, str, str]:
    """A sentence with {number} and then {counter}, as the words before, between and after them."""
    before, between, after = _MARKS.split(sentence)
    return before.strip(), between.strip(), after.strip()


def _queue(waiting: Sequence[Call], *, place: Place, texts: Texts) -> tuple[tuple[str, ...], int]:
    """As many of the next calls as fit beside the label, oldest first, and how many do not."""
    px = WORD * place.u
    left = place.w - (measure.em(texts.beside("wall.next_calls")) + measure.em("+999") + 1) * px
    shown: list[str] = []
    for call in waiting:
        text = texts.say("wall.queued", number=call.number, counter=call.counter)
        left -= measure.em(text) * px + (PILL_PAD + 16) * place.u
        if left < 0:
            break
        shown.append(text)
    return tuple(shown), len(waiting) - len(shown)
