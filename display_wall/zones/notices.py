"""The zone `notices`: one sentence at a time, 8 s each, no moving text (design 2.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assets import tokens
from display_wall import measure
from display_wall.moment import Moment, when
from display_wall.texts import Texts
from display_wall.zones import Place, Seen
from hall_protocol.pictures import HallFace, Notice

PAGE_S = tokens()["motion_ms"]["notice_page"] / 1000
TEXT = 34
LABEL = 190
"""Width of the label before the sentence at unit 1 (px)."""


@dataclass(frozen=True)
class NoticesZone:
    """The sentence on show."""

    text: str = ""
    second: str = ""
    page: int = 0
    pages: int = 0


def notices_zone(notices: Sequence[Notice], hall: HallFace, *, place: Place, seen: Seen, now: Moment) -> NoticesZone:
    """The sentence whose turn it is; a sentence longer than the band is shown in parts, cut at words."""
    pages = [page for notice in running(notices, now) for page in _parts(notice.text, place, seen.texts)]
    pages += [page for texts in _standing(hall, seen.texts) for page in _parts(texts, place, seen.texts)]
    if not pages:
        return NoticesZone()
    number = int(now.mono_s // PAGE_S) % len(pages)
    return NoticesZone(*pages[number], page=number, pages=len(pages))


def running(notices: Sequence[Notice], now: Moment) -> list[Notice]:
    """Those that have begun and not ended; one without a readable time stands until it is taken away."""
    found = []
    for notice in notices:
        begins, ends = when(notice.from_), when(notice.to)
        if (begins is None or begins <= now.hall) and (ends is None or now.hall < ends):
            found.append(notice)
    return found


def _standing(hall: HallFace, texts: Texts) -> list[dict[str, str]]:
    """What every visitor should know, from the hall's own settings."""
    languages = [language for language in (texts.first, texts.second) if language]
    rules: list[dict[str, str]] = []
    if hall.calls_max:
        rules.append({la: texts.catalogue.say("wall.rule_calls", la, n=hall.calls_max) for la in languages})
    if hall.hotline:
        rules.append({la: texts.catalogue.say("wall.hotline", la, phone=hall.hotline) for la in languages})
    return rules


def _parts(text: dict[str, str], place: Place, texts: Texts) -> list[tuple[str, str]]:
    """Pages of one notice as (first language, second). Where two do not fit above each other they take turns."""
    px, width = TEXT * place.u, place.w - (LABEL + 80) * place.u
    first = measure.pieces(text.get(texts.first) or next(iter(text.values()), ""), px=px, width=width)
    second = measure.pieces(text.get(texts.second or "", ""), px=px, width=width) if texts.second else []
    if len(first) == len(second) and place.h >= 2 * px * measure.LINE:
        return list(zip(first, second, strict=True))
    return [(piece, "") for piece in (*first, *second)]
