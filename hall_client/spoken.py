"""The catalogue of texts bound to one language, and how dates and lists are said in it. No Qt."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from assets.i18n import LANGUAGES, Catalogue

NAMES = {"zh-Hans": "简体中文", "zh-Hant": "繁體中文", "en": "English"}
"""A language in its own words: this is never translated."""


class Spoken:
    """Texts of one language. Cheap to make, never changes."""

    def __init__(self, catalogue: Catalogue, language: str) -> None:
        """An unknown language becomes the first one."""
        self.catalogue = catalogue
        self.language = language if language in LANGUAGES else LANGUAGES[0]

    def say(self, key: str, **values: object) -> str:
        """The text `key` in this language."""
        return self.catalogue.say(key, self.language, **values)

    def has(self, key: str) -> bool:
        """Whether there is such a text."""
        return key in self.catalogue.words(self.language)

    def date(self, at: datetime) -> str:
        """Day and weekday: `11月24日 星期二`, `Tue 24 Nov`."""
        return self.say(
            "clock.date",
            month=self.say(f"clock.month_{at.month}"),
            day=at.day,
            weekday=self.say(f"clock.weekday_{at.isoweekday()}"),
        )

    def spans(self, hours: Iterable[Iterable[str]]) -> str:
        """Opening spans: `9:00–12:00 · 13:30–16:30`."""
        return " · ".join("–".join(t.removeprefix("0") for t in span) for span in hours)

    def listed(self, parts: Iterable[str]) -> str:
        """Short things in a row: `3、4、5` or `3, 4, 5`."""
        return self.say("clock.list_comma").join(parts)
