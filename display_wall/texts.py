"""The hall's own language, and a second one stacked under it in equal size where the hall has one. Pure."""

from __future__ import annotations

from datetime import datetime

from assets.i18n import LANGUAGES, Catalogue
from hall_protocol.pictures import HallFace


class Texts:
    """Says texts in one or two languages. `say` is the first alone, `stack` both on two lines."""

    def __init__(self, catalogue: Catalogue, *, first: str = "zh-Hans", second: str | None = None) -> None:
        self.catalogue = catalogue
        self.first = first if first in LANGUAGES else LANGUAGES[0]
        self.second = second if second in LANGUAGES and second != self.first else None

    @property
    def rows(self) -> int:
        """Text lines that one stacked text takes: 1 or 2."""
        return 2 if self.second else 1

    def alone(self) -> Texts:
        """The first language without the second, for a place too small for both."""
        return Texts(self.catalogue, first=self.first)

    def say(self, key: str, **values: object) -> str:
        """In the hall's own language."""
        return self.catalogue.say(key, self.first, **values)

    def say_second(self, key: str, **values: object) -> str:
        """In the second language; empty where there is none."""
        return self.catalogue.say(key, self.second, **values) if self.second else ""

    def stack(self, key: str, **values: object) -> str:
        """Both languages, one under the other."""
        return stacked(self.say(key, **values), self.say_second(key, **values))

    def beside(self, key: str, **values: object) -> str:
        """Both languages on one line, for a place with one line only."""
        return " ".join(dict.fromkeys(filter(None, (self.say(key, **values), self.say_second(key, **values)))))

    def has(self, key: str) -> bool:
        """Whether there is such a text."""
        return key in self.catalogue.words(self.first)

    def choose(self, texts: dict[str, str], fallback: str = "") -> str:
        """The one of `texts` (by language) for this wall, stacked; any language rather than none."""
        first = texts.get(self.first) or next(iter(texts.values()), fallback)
        return stacked(first, texts.get(self.second, "") if self.second else "")

    def date(self, at: datetime) -> str:
        """Day and weekday: `11月24日 星期二`."""
        return stacked(self._date(at, self.first), self._date(at, self.second) if self.second else "")

    def day(self, at: datetime) -> str:
        """Day of the year without the weekday, in the first language: `12月16日`, `16 Dec`."""
        return self.say("wall.day", month=self.say(f"clock.month_{at.month}"), day=at.day)

    def _date(self, at: datetime, language: str) -> str:
        say = self.catalogue.say
        month = say(f"clock.month_{at.month}", language)
        weekday = say(f"clock.weekday_{at.isoweekday()}", language)
        return say("clock.date", language, month=month, day=at.day, weekday=weekday)


class Second:
    """The second language behind the same two methods, for whoever says a whole phrase in one language."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    def say(self, key: str, **values: object) -> str:
        """In the second language."""
        return self.texts.say_second(key, **values)


def stacked(first: str, second: str) -> str:
    """`second` on its own line under `first`; once when they are the same or there is no second."""
    return first if not second or second == first else f"{first}\n{second}"


def texts_of(catalogue: Catalogue, hall: HallFace | None) -> Texts:
    """The texts a hall wants on its walls; the catalogue's first language before any hall is known."""
    if hall is None:
        return Texts(catalogue)
    first = hall.languages[0] if hall.languages else LANGUAGES[0]
    return Texts(catalogue, first=first, second=hall.second_language)
