"""Texts of the chosen language for Python and QML, and how dates and lists are said.

QML reads `Words.language` inside every binding that calls `Words.say`, so that all texts change at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot

from assets.i18n import LANGUAGES, Catalogue

NAMES = {"zh-Hans": "简体中文", "zh-Hant": "繁體中文", "en": "English"}
"""A language in its own words: this is never translated."""


class Words(QObject):
    """The catalogue seen in one language."""

    language_changed = Signal()

    def __init__(self, catalogue: Catalogue | None = None, *, language: str = "zh-Hans") -> None:
        super().__init__()
        self.catalogue = catalogue or Catalogue()
        self._language = language if language in LANGUAGES else LANGUAGES[0]

    def _get_language(self) -> str:
        return self._language

    def set_language(self, language: str) -> None:
        """Changes every text at once. `ValueError` for a language not offered."""
        if language not in LANGUAGES:
            raise ValueError(f"no language {language!r}")
        if language != self._language:
            self._language = language
            self.language_changed.emit()

    language = Property(str, _get_language, set_language, notify=language_changed)

    def say(self, key: str, **values: object) -> str:
        """The text `key` in the language now chosen."""
        return self.catalogue.say(key, self._language, **values)

    @Slot(str, str, "QVariantMap", result=str)
    def text(self, key: str, language: str, values: dict[str, Any]) -> str:
        """For QML: the text `key` in `language`; whole numbers arrive from JavaScript as floats."""
        return self.catalogue.say(key, language, **{k: _whole(v) for k, v in values.items()})

    def has(self, key: str) -> bool:
        """Whether there is such a text."""
        return key in self.catalogue.words(self._language)

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


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def next_language(language: str, offered: list[str]) -> str:
    """The one that the language button shows: the next offered one."""
    known = [one for one in offered if one in LANGUAGES] or list(LANGUAGES)
    return known[(known.index(language) + 1) % len(known)] if language in known else known[0]


class Spoken:
    """The catalogue bound to one language, for papers: no Qt, no signals."""

    def __init__(self, catalogue: Catalogue, language: str) -> None:
        self._catalogue = catalogue
        self.language = language if language in LANGUAGES else LANGUAGES[0]

    def say(self, key: str, **values: object) -> str:
        """The text `key` in this language."""
        return self._catalogue.say(key, self.language, **values)

    def listed(self, parts: Iterable[str]) -> str:
        """Short things in a row."""
        return self.say("clock.list_comma").join(parts)
