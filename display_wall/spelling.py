"""How a call is said: digits, letters and counter numbers as clips, and the English sentence. Pure.

Ticket numbers go digit by digit with all their zeros, 1 read 幺 (yāo); a counter's number is a normal number: 12 号窗口
is 十二号窗口 (domain.md 8). Phrases first: joins between single words are misheard (devices.md 12).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

DIGITS = ("ling2", "yi1", "er4", "san1", "si4", "wu3", "liu4", "qi1", "ba1", "jiu3")
YAO = "yao1"
TENS = ((1000, "qian1"), (100, "bai3"), (10, "shi2"))
LETTERS = {
    "A": ("ei1",), "B": ("bi4",), "C": ("xi1",), "D": ("di4",), "E": ("yi4",), "F": ("ai1", "fu2"), "G": ("ji4",),
    "H": ("ei1", "qu4"), "I": ("ai1",), "J": ("jie4",), "K": ("kai1",), "L": ("ai1", "lou4"), "M": ("ai1", "mu3"),
    "N": ("en1",), "O": ("ou1",), "P": ("pi4",), "Q": ("qiu1",), "R": ("a1", "er4"), "S": ("ai1", "si4"),
    "T": ("ti4",), "U": ("you1",), "V": ("wei1",), "W": ("da2", "bu4", "liu4"), "X": ("ai1", "ke4", "si1"),
    "Y": ("wai4",), "Z": ("zei4",),
}  # fmt: skip
"""English letter names in the nearest syllables, for a folder of syllables only; a clip `letter-A` is better."""
PREFIX = "cmn-"
"""Syllable files are named `cmn-{pinyin}{tone}`."""
ENGLISH_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True)
class Phrase:
    """One stretch of speech: a recording of its own, or groups of syllables with a short pause between the groups."""

    whole: str
    """Name of the clip that says all of it, without its ending."""
    groups: tuple[tuple[str, ...], ...] = ()
    """Names of clips to fall back on; empty when nothing but the recording will do."""


def call_phrases(number: str, counter: str, *, again: bool, yao: bool = True) -> list[Phrase]:
    """请 A 零四幺 号，到 三号窗口; `again` hurries: 请 A 零四幺 号，尽快到 三号窗口."""
    letters = number.rstrip("0123456789")
    digits = number[len(letters) :]
    hurry = ("jin3", "kuai4") if again else ()
    return [
        Phrase(f"prefix-{letters}" if letters else "prefix", _syllables(("qing3",)) + _letters(letters)),
        Phrase(f"number-{digits}", _syllables(spelled(digits, yao=yao))),
        Phrase("to-again" if again else "to", _syllables(("hao4",), (*hurry, "dao4"))),
        Phrase(f"counter-{counter}", _syllables((*counter_syllables(counter), "hao4", "chuang1", "kou3"))),
    ]


def _syllables(*groups: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(PREFIX + syllable for syllable in group) for group in groups if group)


def _letters(letters: str) -> tuple[tuple[str, ...], ...]:
    return tuple((f"letter-{letter}",) for letter in letters.upper())


def spelled(digits: str, *, yao: bool = True) -> tuple[str, ...]:
    """Digit by digit: `041` is ling2 si4 yao1."""
    return tuple(YAO if digit == "1" and yao else DIGITS[int(digit)] for digit in digits if digit.isdecimal())


def counter_syllables(counter: str) -> tuple[str, ...]:
    """A counter as a normal number: `12` is shi2 er4; a counter with a letter is spelled."""
    if counter.isdecimal() and int(counter) < 10_000:
        return number_syllables(int(counter))
    found: list[str] = []
    for character in counter.upper():
        found += LETTERS.get(character, ()) if not character.isdecimal() else (DIGITS[int(character)],)
    return tuple(found)


def number_syllables(n: int) -> tuple[str, ...]:
    """A number from 0 to 9,999 as one says it: 10 shi2, 12 shi2 er4, 105 yi1 bai3 ling2 wu3, 110 yi1 bai3 yi1 shi2."""
    if not 0 <= n < 10_000:
        raise ValueError(f"{n} is not said as a counter's number")
    if n < 10:
        return (DIGITS[n],)
    if n < 20:
        return ("shi2", DIGITS[n - 10]) if n > 10 else ("shi2",)
    said: list[str] = []
    gap = False
    for place, word in TENS:
        digit, n = divmod(n, place)
        if digit:
            said += ["ling2"] if gap else []
            said += [DIGITS[digit], word]
            gap = False
        else:
            gap = bool(said)
    if n:
        said += ["ling2"] if gap else []
        said.append(DIGITS[n])
    return tuple(said)


def resolve(phrases: Sequence[Phrase], available: Collection[str]) -> tuple[list[tuple[str, ...]], list[str]]:
    """The groups of clips to join, and the names that are missing; with anything missing the groups are useless."""
    groups: list[tuple[str, ...]] = []
    missing: list[str] = []
    for phrase in phrases:
        if phrase.whole in available:
            groups.append((phrase.whole,))
            continue
        found = [_with_letters(group, available) for group in phrase.groups]
        lacking = [name for group in found for name in group if name not in available]
        missing += lacking if phrase.groups else [phrase.whole]
        groups += found
    return groups, missing


def _with_letters(group: tuple[str, ...], available: Collection[str]) -> tuple[str, ...]:
    """A letter without its own clip is said by the nearest syllables."""
    name = group[0]
    if len(group) == 1 and name.startswith("letter-") and name not in available:
        return tuple(PREFIX + syllable for syllable in LETTERS.get(name.removeprefix("letter-"), ("ling2",)))
    return group


def vocabulary() -> frozenset[str]:
    """Every syllable and letter clip a call can need: what is worth decoding from a large folder."""
    syllables = {YAO, "qing3", "hao4", "dao4", "jin3", "kuai4", "chuang1", "kou3", *DIGITS, *(w for _, w in TENS)}
    syllables.update(syllable for names in LETTERS.values() for syllable in names)
    return frozenset({PREFIX + s for s in syllables} | {f"letter-{letter}" for letter in LETTERS})


def english(number: str) -> str:
    """A ticket number for an English synthesiser: `A012` is `A, zero one two`."""
    letters = number.rstrip("0123456789")
    digits = " ".join(ENGLISH_DIGITS[int(d)] for d in number[len(letters) :] if d.isdecimal())
    return ", ".join(filter(None, (" ".join(letters), digits)))
