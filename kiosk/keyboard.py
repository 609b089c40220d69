"""The keyboard on the screen: Pinyin to characters, Latin letters, figures and signs. Pure; keeps nothing itself."""

from __future__ import annotations

from functools import lru_cache

from .syllables import SYLLABLES

LETTERS = "QWERTYUIOPASDFGHJKLZXCVBNM"
ROWS = {
    "pinyin": "QWERTYUIOPASDFGHJKL，ZXCVBNM。？、",
    "latin": "QWERTYUIOPASDFGHJKL,ZXCVBNM.?-",
    "figures": "1234567890-/:;()“”@#，。？、！…年月日元",
}
"""Three rows of ten keys for each layout."""
LAYOUTS = tuple(ROWS)
CHOICES = 6
"""Characters offered at a time."""
TEXT_MOST = 200
"""Characters of a word left at a kiosk: a longer one is said at the counter."""
SYLLABLE_MOST = 6


@lru_cache(maxsize=512)
def candidates(typed: str) -> str:
    """Characters for what was typed so far: those of the syllable itself, then the first of each longer one."""
    longer = [s for s in SYLLABLES if s.startswith(typed) and s != typed] if typed else []
    return "".join(dict.fromkeys(SYLLABLES.get(typed, "") + "".join(SYLLABLES[s][:2] for s in longer)))


@lru_cache(maxsize=512)
def live(typed: str) -> frozenset[str]:
    """Letters with which what was typed is still the beginning of a syllable, as on the keys."""
    n = len(typed)
    return frozenset(s[n].upper() for s in SYLLABLES if len(s) > n and s.startswith(typed))


def offered(typed: str, page: int) -> tuple[str, int]:
    """The characters of a page, and how many pages there are."""
    found = candidates(typed)
    pages = max(1, -(-len(found) // CHOICES))
    at = page % pages
    return found[at * CHOICES : (at + 1) * CHOICES], pages


def live_keys(layout: str, typed: str) -> list[str]:
    """Keys that do something now; while a syllable is begun, only letters that go on with it."""
    if layout != "pinyin":
        return list(ROWS[layout])
    signs = [] if typed else [k for k in ROWS[layout] if k not in LETTERS]
    return sorted(live(typed)) + signs
