"""The characters of font cards: GB2312, strictly. Pure.

Python's own codec takes the middle dot and the dash of GB2312 for two other characters than people type, so its GBK is
asked and the answer kept inside GB2312's rows. Signs that only look a little different are replaced by their like;
everything else is named as lost, never replaced silently.
"""

from __future__ import annotations

from functools import lru_cache

ALIKE = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"),
    **dict.fromkeys("\u2022\u2027\u30fb", "\u00b7"),
    **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u202f", " "),
    "\u2015": "\u2014",
    "\u00a5": "\uffe5",
}
"""Dashes, dots, blanks, the sign of the yuan."""


@lru_cache(maxsize=8192)
def encoded(character: str) -> bytes | None:
    """The one or two bytes of a character; None when the card has none for it. Control characters have none."""
    character = ALIKE.get(character, character)
    if character.isascii():
        return character.encode() if character.isprintable() else None
    try:
        raw = character.encode("gbk")
        raw.decode("gb2312")
    except UnicodeError:
        return None
    return raw


def decoded(raw: bytes) -> str:
    """What a card shows for these bytes."""
    return raw.decode("gbk", "replace")
