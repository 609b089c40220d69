"""How large things are on a wall: viewing distance, and how much room a text needs before it is drawn. Pure.

Widths are in em of the wall's one family (design 2.3): digits advance 0.59 em, Hanzi 1 em, what is not in the table is
taken wide on purpose, so that a text that fits here fits on the screen.
"""

from __future__ import annotations

import functools
import math
import unicodedata

from assets import tokens

_WALL = tokens()["wall"]
_TYPE = tokens()["type"]["wall"]
DIAGONAL_MM: float = _WALL["mm_per_px_55in"] * math.hypot(_WALL["width"], _WALL["height"])
"""Of the panel the sizes are made for, 55 inches."""
UNIT_MAX = 4.0
LINE = 1.3
"""Line height, em."""
_ADVANCE = [
    23, 37, 58, 59, 59, 97, 74, 33, 38, 38, 51, 59, 33, 37, 33, 40, 59, 59, 59, 59, 59, 59, 59, 59, 59, 59, 33, 33, 59,
    59, 59, 52, 101, 65, 69, 66, 72, 62, 59, 72, 76, 33, 57, 69, 58, 86, 75, 77, 67, 77, 69, 63, 63, 75, 62, 92, 63, 58,
    62, 38, 40, 38, 59, 57, 63, 60, 65, 53, 65, 59, 38, 60, 64, 31, 31, 61, 32, 97, 65, 63, 65, 65, 44, 50, 43, 64, 58,
    87, 57, 58, 52, 38, 30, 38, 59,
]  # fmt: skip
"""Hundredths of an em for the ASCII characters from the blank on: the wider of Regular and Bold (measured)."""
_OTHER = {"–": 0.54, "—": 0.91, "\u2060": 0.0}


def unit(*, distance_m: float, size: tuple[int, int]) -> float:
    """What all sizes of a screen are multiplied with, so that a row's number is comfortable at `distance_m`.

    At least 1: a short distance makes nothing smaller. Comfortable metres = mm × 0.4 (design 2.3).
    """
    mm_per_px = DIAGONAL_MM / max(1.0, math.hypot(*size))
    reach_m: float = _TYPE["row_number"] * mm_per_px * _WALL["comfortable_m_per_mm"]
    return min(UNIT_MAX, max(1.0, distance_m / reach_m))


@functools.lru_cache(maxsize=4096)
def em(text: str) -> float:
    """Width of one line of text, em."""
    return sum(_advance(character) for character in text)


def _advance(character: str) -> float:
    place = ord(character) - 32
    if 0 <= place < len(_ADVANCE):
        return _ADVANCE[place] / 100
    return _OTHER.get(character, 1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.75)


@functools.lru_cache(maxsize=4096)
def lines(text: str, *, px: float, width: float) -> int:
    """Lines that `text` takes when wrapped at `width` px; words are not broken where they are shorter than a line."""
    room = max(1.0, width / px)
    return sum(_lines(part, room) for part in text.split("\n"))


def _lines(text: str, room: float) -> int:
    count, used = 1, 0.0
    for word in _words(text):
        need = em(word)
        if used + em(word.rstrip()) <= room:
            used += need
        elif need <= room:
            count, used = count + 1, need
        else:
            over = used + need
            count, used = count + math.ceil(over / room) - 1, over % room
    return count


def _words(text: str) -> list[str]:
    """Pieces between which a line may break: every Hanzi by itself, Latin words whole with the space behind them."""
    words: list[str] = []
    run = ""
    for character in text:
        if unicodedata.east_asian_width(character) in "WF":
            if run:
                words.append(run)
            words.append(character)
            run = ""
        else:
            run += character
            if character == " ":
                words.append(run)
                run = ""
    return [*words, run] if run else words


def height(text: str, *, px: float, width: float) -> float:
    """Height of a wrapped text, px."""
    return float(lines(text, px=px, width=width) * px * LINE)


def pieces(text: str, *, px: float, width: float) -> list[str]:
    """`text` cut at words into parts that each fit one line of `width` px; nothing is lost (a notice by pages)."""
    room = max(1.0, width / px)
    parts: list[str] = []
    part = ""
    for word in _words(text):
        if part and em((part + word).rstrip()) > room:
            parts.append(part.strip())
            part = ""
        part += word
    if part.strip():
        parts.append(part.strip())
    return parts
