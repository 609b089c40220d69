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
PHRASE_MS = 50
"""Between two phrases (devices.md 12)."""
COMMA_MS = 180
"""At the comma of 号，到 when it is not inside a recording."""
AFTER_PLEASE_MS = 30
BEFORE_NUMBER_MS = 40


@dataclass(frozen=True)
class Said:
    """One clip of a sentence."""

    name: str
    pause_ms: int
    """Silence before it; 0 follows closely, one laid over the other."""


@dataclass(frozen=True)
class Slot:
    """One place in a sentence: the ways to fill it, best first, each the names of clips that follow closely."""

    ways: tuple[tuple[str, ...], ...]
    pause_ms: int = 0


@dataclass(frozen=True)
class Phrase:
    """One stretch of speech: a recording of its own, or slots to fill instead."""

    whole: str
    """Name of the clip that says all of it, without its ending."""
    slots: tuple[Slot, ...] = ()
    """Empty when nothing but the recording will do."""


def call_phrases(number: str, counter: str, *, again: bool, yao: bool = True) -> list[Phrase]:
    """请 A 零四幺 号，到 三号窗口; `again` hurries: 请 A 零四幺 号，尽快到 三号窗口."""
    letters = number.rstrip("0123456789")
    digits = number[len(letters) :]
    please = Slot((("please",), syllables("qing3")), PHRASE_MS)
    hurry = ("jin3", "kuai4") if again else ()
    to = (Slot((syllables("hao4"),)), Slot((syllables(*hurry, "dao4"),), COMMA_MS))
    return [
        Phrase(f"prefix-{letters}" if letters else "prefix", (please, *map(_letter, letters.upper()))),
        Phrase(f"number-{digits}", _digits(digits, yao=yao)),
        Phrase("to-again" if again else "to", to),
        Phrase(f"counter-{counter}", (Slot(_counter_ways(counter)),)),
    ]


def syllables(*names: str) -> tuple[str, ...]:
    """Their clips."""
    return tuple(PREFIX + name for name in names)


def _letter(letter: str) -> Slot:
    nearest = LETTERS.get(letter)
    return Slot(((f"letter-{letter}",), *((syllables(*nearest),) if nearest else ())), AFTER_PLEASE_MS)


def _digits(digits: str, *, yao: bool) -> tuple[Slot, ...]:
    said = spelled(digits, yao=yao)
    names = [digit for digit in digits if digit.isdecimal()]
    return tuple(
        Slot(((_digit_clip(digit, yao=yao),), syllables(syllable)), 0 if i else BEFORE_NUMBER_MS)
        for i, (digit, syllable) in enumerate(zip(names, said, strict=True))
    )


def _digit_clip(digit: str, *, yao: bool) -> str:
    """A recorded digit; 1 has two readings."""
    return "digit-1-yi" if digit == "1" and not yao else f"digit-{int(digit)}"


def _counter_ways(counter: str) -> tuple[tuple[str, ...], ...]:
    """With the changes of tone between neighbours where the folder has those syllables, else without."""
    plain = (*counter_syllables(counter), "hao4", "chuang1", "kou3")
    changed = in_context(plain)
    return tuple(dict.fromkeys((syllables(*changed), syllables(*plain))))


def in_context(said: Sequence[str]) -> tuple[str, ...]:
    """一 before 百 and 千 is yi4; of two third tones the first becomes a second: yi4 bai2 wu3."""
    out = list(said)
    for i, following in enumerate(said[1:]):
        if said[i] == "yi1" and following in ("bai3", "qian1"):
            out[i] = "yi4"
        elif said[i].endswith("3") and following.endswith("3"):
            out[i] = said[i][:-1] + "2"
    return tuple(out)


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


def resolve(phrases: Sequence[Phrase], available: Collection[str]) -> tuple[list[Said], list[str]]:
    """The clips to join, and the names that are missing; with anything missing the clips are useless."""
    sentence: list[Said] = []
    missing: list[str] = []
    for phrase in phrases:
        if phrase.whole in available or not phrase.slots:
            sentence.append(Said(phrase.whole, PHRASE_MS))
            missing += [] if phrase.whole in available else [phrase.whole]
            continue
        for slot in phrase.slots:
            names = next((way for way in slot.ways if all(name in available for name in way)), slot.ways[-1])
            missing += [name for name in names if name not in available]
            sentence += [Said(name, 0 if i else slot.pause_ms) for i, name in enumerate(names)]
    return sentence, missing


def vocabulary() -> frozenset[str]:
    """Every syllable and letter clip a call can need: what is worth decoding from a large folder."""
    said = {YAO, "qing3", "hao4", "dao4", "jin3", "kuai4", "chuang1", "kou3", *DIGITS, *(w for _, w in TENS)}
    said.update(syllable for names in LETTERS.values() for syllable in names)
    said.update(("yi4", "bai2", "wu2", "jiu2"))  # the changes of tone in counters from 100 on
    return frozenset({*syllables(*said)} | {f"letter-{letter}" for letter in LETTERS})


def english(number: str) -> str:
    """A ticket number for an English synthesiser: `A012` is `A, zero one two`."""
    letters = number.rstrip("0123456789")
    digits = " ".join(ENGLISH_DIGITS[int(d)] for d in number[len(letters) :] if d.isdecimal())
    return ", ".join(filter(None, (" ".join(letters), digits)))
