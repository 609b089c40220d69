"""Texts of the chosen language for Python and QML, switched at run time.

QML reads `Words.language` inside every binding that calls `Words.say`, so that all texts change at once. Whoever needs
no Qt (papers, views) takes `spoken.Spoken`, which `Words.spoken` gives for the language now chosen.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot

from assets.i18n import LANGUAGES, Catalogue

from .spoken import NAMES, Spoken

__all__ = ["NAMES", "Spoken", "Words", "next_language"]


class Words(QObject):
    """The catalogue seen in one language."""

    language_changed = Signal()

    def __init__(self, catalogue: Catalogue | None = None, *, language: str = "zh-Hans") -> None:
        super().__init__()
        self.catalogue = catalogue or Catalogue()
        self.spoken = Spoken(self.catalogue, language)

    def _get_language(self) -> str:
        return self.spoken.language

    def set_language(self, language: str) -> None:
        """Changes every text at once. `ValueError` for a language not offered."""
        if language not in LANGUAGES:
            raise ValueError(f"no language {language!r}")
        if language != self.spoken.language:
            self.spoken = Spoken(self.catalogue, language)
            self.language_changed.emit()

    language = Property(str, _get_language, set_language, notify=language_changed)

    @Slot(str, str, "QVariantMap", result=str)
    def text(self, key: str, language: str, values: dict[str, Any]) -> str:
        """For QML: the text `key` in `language`; whole numbers arrive from JavaScript as floats."""
        return self.catalogue.say(key, language, **{k: _whole(v) for k, v in values.items()})

    def say(self, key: str, **values: object) -> str:
        """The text `key` in the language now chosen."""
        return self.spoken.say(key, **values)

    def has(self, key: str) -> bool:
        """Whether there is such a text."""
        return self.spoken.has(key)

    def date(self, at: datetime) -> str:
        """Day and weekday: `11月24日 星期二`, `Tue 24 Nov`."""
        return self.spoken.date(at)

    def spans(self, hours: Iterable[Iterable[str]]) -> str:
        """Opening spans: `9:00–12:00 · 13:30–16:30`."""
        return self.spoken.spans(hours)

    def listed(self, parts: Iterable[str]) -> str:
        """Short things in a row: `3、4、5` or `3, 4, 5`."""
        return self.spoken.listed(parts)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def next_language(language: str, offered: list[str]) -> str:
    """The one that the language button shows: the next offered one."""
    known = [one for one in offered if one in LANGUAGES] or list(LANGUAGES)
    return known[(known.index(language) + 1) % len(known)] if language in known else known[0]
