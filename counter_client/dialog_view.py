"""What QML sees of the open dialog and of the shortcut card. No rules here: `dialogs.py` has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from hall_client.i18n import Words
from hall_client.rows import RowsModel

from .dialogs import Choice, Dialogs, Intent, Question
from .saying import Say, say, text_of

QML_IMPORT_NAME = "CounterDesk"
QML_IMPORT_MAJOR_VERSION = 1


@dataclass(frozen=True)
class ChoiceText:
    """An answer of a dialog, spoken."""

    label: str
    detail: str
    digit: str
    chosen: bool
    ready: bool


@QmlElement
class DialogView(QObject):
    """The open dialog; `kind` is empty while there is none."""

    changed = Signal()
    intended = Signal(object)
    """An `Intent` that was answered completely."""

    def __init__(
        self,
        words: Words,
        *,
        picture: Callable[[], dict[str, Any] | None],
        now: Callable[[], datetime],
        why: Callable[[str], Say | None],
        questions: Mapping[str, Question] | None = None,
        more: Callable[[str], tuple[Choice, ...]] = lambda _text: (),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._words, self._picture, self._now = words, picture, now
        self.dialogs = Dialogs(why, questions, more)
        self._choices = RowsModel(ChoiceText, self)
        self._reasons = RowsModel(ChoiceText, self)
        self._minutes = RowsModel(ChoiceText, self)
        self._told: tuple[str, ...] = ()
        self._keys = False

    # -- opening and showing --------------------------------------------------------------------------------------

    def open(self, kind: str, *, about: str = "") -> None:
        """Shows a dialog."""
        self.dialogs.open(kind, about=about)
        self.refresh()

    def close(self) -> None:
        """Takes dialog and shortcut card away; what was typed stays."""
        self._keys = False
        self.dialogs.close()
        self.refresh()
        self.changed.emit()

    def hold_keys(self, held: bool) -> None:
        """The shortcut card, while F1 is held."""
        if held != self._keys:
            self._keys = held
            self.changed.emit()

    def refresh(self) -> None:
        """Looks again at what the dialog shows."""
        sheet = self.dialogs.sheet(self._picture() or {}, now=self._now())
        told: tuple[str, ...] = ()
        if sheet is None:
            self.dialogs.close()
        else:
            speak = self._words.say
            self._choices.show(self._spoken(sheet.choices, sheet.chosen, digits=sheet.digits))
            self._reasons.show(self._spoken(sheet.reasons, sheet.reason, digits=False))
            minutes = [say("dialog.pause.minutes", n=m) if m else say("dialog.pause.open_end") for m in sheet.minutes]
            self._minutes.show(
                [ChoiceText(text_of(m, speak), "", "", i == sheet.minute, True) for i, m in enumerate(minutes)]
            )
            parts = (sheet.title, sheet.hint, sheet.asks, sheet.go, sheet.fault)
            more = (sheet.light, text_of(sheet.word, speak))
            counts = f"{len(sheet.choices)} {len(sheet.minutes)}"
            about = f"{sheet.kind} {self.dialogs.about}"
            told = (sheet.kind, sheet.text, *(text_of(part, speak) for part in parts), *more, counts, about)
        if told != self._told:
            self._told = told
            self.changed.emit()

    def _spoken(self, choices: tuple[Choice, ...], chosen: int, *, digits: bool) -> list[ChoiceText]:
        speak = self._words.say
        return [
            ChoiceText(
                text_of(c.label, speak),
                text_of(c.why or c.detail, speak),
                str(i + 1) if digits else "",
                i == chosen,
                c.why is None,
            )
            for i, c in enumerate(choices)
        ]

    # -- entering -------------------------------------------------------------------------------------------------

    def digit(self, n: int) -> bool:
        """A digit key: whether the dialog took it."""
        taken, intent = self.dialogs.digit(n, self._picture() or {}, now=self._now())
        if taken:
            self._went(intent)
        return taken

    @Slot(str)
    def typed(self, text: str) -> None:
        """The text field."""
        self.dialogs.type(text)
        self.refresh()

    @Slot(int)
    def choose(self, index: int) -> None:
        """A choice."""
        self._went(self.dialogs.choose(index, self._picture() or {}, now=self._now()))

    @Slot(int)
    def move(self, step: int) -> None:
        """Up or down among the choices."""
        self.dialogs.move(step, self._picture() or {}, now=self._now())
        self.refresh()

    @Slot(int)
    def chooseReason(self, index: int) -> None:
        """The reason of a transfer."""
        self.dialogs.choose_reason(index)
        self.refresh()

    @Slot(int)
    def chooseMinutes(self, index: int) -> None:
        """The expected length of a pause."""
        self.dialogs.choose_minute(index)
        self.refresh()

    @Slot()
    def confirm(self) -> None:
        """Enter."""
        self._went(self.dialogs.confirm(self._picture() or {}, now=self._now()))

    @Slot()
    def cancel(self) -> None:
        """Esc, or a click beside it."""
        self.close()

    def _went(self, intent: Intent | None) -> None:
        if intent is not None:
            self.intended.emit(intent)
        self.refresh()

    def _part(self, place: int) -> str:
        return self._told[place] if self._told else ""

    kind = Property(str, lambda self: self._part(0), notify=changed)
    text = Property(str, lambda self: self._part(1), notify=changed)
    title = Property(str, lambda self: self._part(2), notify=changed)
    hint = Property(str, lambda self: self._part(3), notify=changed)
    asks = Property(str, lambda self: self._part(4), notify=changed)
    go = Property(str, lambda self: self._part(5), notify=changed)
    fault = Property(str, lambda self: self._part(6), notify=changed)
    light = Property(str, lambda self: self._part(7), notify=changed)
    word = Property(str, lambda self: self._part(8), notify=changed)
    keys = Property(bool, lambda self: self._keys, notify=changed)
    choices = Property(QObject, lambda self: self._choices, constant=True)
    reasons = Property(QObject, lambda self: self._reasons, constant=True)
    minutes = Property(QObject, lambda self: self._minutes, constant=True)
    choiceCount = Property(int, lambda self: self._choices.rowCount(), notify=changed)
    minuteCount = Property(int, lambda self: self._minutes.rowCount(), notify=changed)
