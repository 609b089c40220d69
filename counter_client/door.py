"""What QML sees of sign-in and lock (design, section 9). The PIN passes through once and is kept nowhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from hall_client.i18n import Words

from .errands import Errands
from .saying import text_of
from .whynot import refusal_text

QML_IMPORT_NAME = "CounterDesk"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class DoorView(QObject):
    """The card in the middle: staff number, PIN, and what is said about them."""

    changed = Signal()

    def __init__(
        self,
        errands: Errands,
        words: Words,
        *,
        picture: Callable[[], dict[str, Any] | None],
        offline: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._errands, self._words, self._picture, self._offline = errands, words, picture, offline
        self._missing = ""
        self._told: tuple[Any, ...] = ("", "", "", "", False, False)
        errands.done.connect(self._signed_in)

    def refresh(self) -> None:
        """Looks again."""
        sitting = self._errands.sitting
        counter = ((self._picture() or {}).get("counter") or {}).get("counter", "")
        if sitting.locked:
            title = self._words.say("signin.locked", clerk=sitting.clerk)
        else:
            title = self._words.say("signin.title", n=counter)
        told = (title, sitting.last_clerk, self._says(), self._other(), self._may(), self._errands.busy == "sign_in")
        if told != self._told:
            self._told = told
            self.changed.emit()

    def _says(self) -> str:
        sitting, refusal = self._errands.sitting, self._errands.refusal
        left = sitting.delay_left(now=self._errands.tick())
        if left:
            return self._words.say("signin.wait", n=left)
        if self._offline():
            return self._words.say("signin.offline")
        if self._missing:
            return self._words.say(self._missing)
        if refusal is not None and refusal.act == "sign_in":
            return text_of(refusal_text(refusal), self._words.say)
        return self._words.say(f"signin.ended.{sitting.ended}") if sitting.ended else ""

    def _other(self) -> str:
        """Somebody else stands at this counter in the hall's books."""
        sitting = self._errands.sitting
        there = ((self._picture() or {}).get("counter") or {}).get("clerk")
        if sitting.clerk is None and there and there != sitting.last_clerk:
            return self._words.say("signin.other", clerk=there)
        return ""

    def _may(self) -> bool:
        waits = self._errands.sitting.delay_left(now=self._errands.tick()) > 0
        return not waits and self._errands.busy is None and not self._offline()

    @Slot(str, str)
    def enter(self, clerk: str, pin: str) -> None:
        """Number and PIN were entered."""
        self._missing = self._errands.sign_in(clerk, pin) or ""
        self.refresh()

    @Slot()
    def switchClerk(self) -> None:
        """Somebody else at a locked screen."""
        self._errands.switch_clerk()

    @Slot(str)
    def setLanguage(self, language: str) -> None:
        """The language of this screen."""
        self._words.set_language(language)

    def _signed_in(self, act: str, _answer: dict[str, Any]) -> None:
        if act == "sign_in":
            self._missing = ""

    title = Property(str, lambda self: self._told[0], notify=changed)
    clerk = Property(str, lambda self: self._told[1], notify=changed)
    says = Property(str, lambda self: self._told[2], notify=changed)
    other = Property(str, lambda self: self._told[3], notify=changed)
    ready = Property(bool, lambda self: self._told[4], notify=changed)
    busy = Property(bool, lambda self: self._told[5], notify=changed)
