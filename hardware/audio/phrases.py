"""What a hall records: the names of the clips, and the words to say for each.

Mandarin and English have their words here. For another language (`bo`, `ii`) the list has the English meaning: the
speaker says it in that language, and no synthesiser is needed (domain.md 11).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from hardware.audio.spelling import ENGLISH_DIGITS, call_phrases, resolve

CHINESE = "零一二三四五六七八九"
WORDS = {
    "zh": {
        "prefix": "请 {letters}",
        "prefix-none": "请",
        "to": "号，到",
        "to-again": "号，尽快到",
        "counter": "{counter}号窗口",
        "stale": "请听窗口工作人员叫号",
        "evacuate": "请立即离开大厅，跟着工作人员走",
        "evacuate-left": "请立即离开大厅，走左侧安全出口",
        "evacuate-right": "请立即离开大厅，走右侧安全出口",
        "evacuate-ahead": "请立即离开大厅，走前方安全出口",
        "evacuate-back": "请立即离开大厅，走后方安全出口",
    },
    "en": {
        "prefix": "Ticket {letters}",
        "prefix-none": "Ticket",
        "to": "please go to",
        "to-again": "please hurry to",
        "counter": "counter {counter}",
        "stale": "Please listen to the staff",
        "evacuate": "Leave the building now. Follow the staff",
        "evacuate-left": "Leave the building now. Exit: left side",
        "evacuate-right": "Leave the building now. Exit: right side",
        "evacuate-ahead": "Leave the building now. Exit: straight ahead",
        "evacuate-back": "Leave the building now. Exit: behind you",
    },
}
SENTENCES = ("stale", "evacuate", "evacuate-left", "evacuate-right", "evacuate-ahead", "evacuate-back")
"""Beside calls; without a recording they are said in English."""


@dataclass(frozen=True)
class Wanted:
    """One recording to make."""

    name: str
    """The file's name without `.wav`."""
    text: str
    """The words to say."""


@dataclass(frozen=True)
class Hall:
    """What a hall's numbers are made of."""

    letters: Sequence[str]
    """Letters in front of numbers, one per line; empty texts for halls without."""
    counters: Sequence[str]
    numbers: Sequence[str] = ()
    """Numbers to record whole, `001` …; empty: the ten digits are recorded instead."""
    yao: bool = True


def wanted(hall: Hall, *, language: str = "zh") -> list[Wanted]:
    """All recordings of one language, in the order to say them."""
    words = WORDS["zh" if language.startswith("zh") else "en"]
    mandarin = language.startswith("zh")
    found = [
        Wanted(f"prefix-{letters}" if letters else "prefix", words["prefix" if letters else "prefix-none"].format(
            letters=letters
        ))
        for letters in hall.letters
    ]  # fmt: skip
    found += _numbers(hall, mandarin=mandarin)
    found += [Wanted(name, words[name]) for name in ("to", "to-again")]
    found += [
        Wanted(f"counter-{n}", words["counter"].format(counter=chinese_number(n) if mandarin else n))
        for n in hall.counters
    ]
    return found + [Wanted(name, words[name]) for name in SENTENCES]


def _numbers(hall: Hall, *, mandarin: bool) -> Iterator[Wanted]:
    if hall.numbers:
        for number in hall.numbers:
            text = "".join(chinese_digit(d, yao=hall.yao) for d in number) if mandarin else english_digits(number)
            yield Wanted(f"number-{number}", text)
        return
    for digit in "0123456789":
        name = "digit-1-yi" if digit == "1" and mandarin and not hall.yao else f"digit-{digit}"
        yield Wanted(name, chinese_digit(digit, yao=hall.yao) if mandarin else english_digits(digit))


def chinese_digit(digit: str, *, yao: bool = True) -> str:
    """As read inside a number: 1 is 幺."""
    return "幺" if digit == "1" and yao else CHINESE[int(digit)]


def english_digits(number: str) -> str:
    """`041` as `zero four one`."""
    return " ".join(ENGLISH_DIGITS[int(digit)] for digit in number)


def chinese_number(counter: str) -> str:
    """A counter as a normal number: `12` is 十二, `105` 一百零五; one with letters stays as it is written."""
    if not counter.isdecimal() or not 0 <= int(counter) < 1000:
        return counter
    hundreds, rest = divmod(int(counter), 100)
    tens, ones = divmod(rest, 10)
    if not hundreds and not tens:
        return CHINESE[ones]
    said = f"{CHINESE[hundreds]}百" if hundreds else ""
    if tens:
        said += ("" if tens == 1 and not hundreds else CHINESE[tens]) + "十"
    elif hundreds and ones:
        said += "零"
    return said + (CHINESE[ones] if ones else "")


def lacking(hall: Hall, available: Collection[str], *, language: str = "zh") -> list[Wanted]:
    """What is still to be recorded: everything neither a recording nor syllables can say. In that order."""
    sayable = set(available)
    return [want for want in wanted(hall, language=language) if not _can_say(want.name, sayable)]


def _can_say(name: str, available: set[str]) -> bool:
    if name in available:
        return True
    kind, _, rest = name.partition("-")
    yao = name != "digit-1-yi"
    calls = {
        "prefix": (0, rest + "0", "1", False),
        "digit": (1, rest.removesuffix("-yi"), "1", False),
        "number": (1, rest, "1", False),
        "to": (2, "0", "1", rest == "again"),
        "counter": (3, "0", rest, False),
    }
    if kind not in calls:
        return False
    place, number, counter, again = calls[kind]
    phrase = call_phrases(number, counter, again=again, yao=yao)[place]
    return not resolve([phrase], available)[1]
