"""The one object the kiosk's QML looks at: the present view, and touches on it. No rules."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

QML_IMPORT_NAME = "KioskModel"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class KioskScreen(QObject):
    """`view` is the dict of `views.present`; `touched(act, label)` is what a finger did."""

    view_changed = Signal()
    caption_changed = Signal()
    touched = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._view: dict[str, Any] = {}
        self._caption = ""

    @property
    def now_shown(self) -> dict[str, Any]:
        """The view on the screen, for Python."""
        return self._view

    def show(self, view: dict[str, Any]) -> bool:
        """Shows another view; an equal one changes nothing. Returns whether it was another one."""
        if view == self._view:
            return False
        self._view = view
        self.view_changed.emit()
        return True

    def set_caption(self, text: str) -> None:
        """What the voice says now; empty when it is quiet."""
        if text != self._caption:
            self._caption = text
            self.caption_changed.emit()

    @Slot(str, str)
    def touch(self, act: str, label: str) -> None:
        """QML: a finger was lifted on the item `act`, whose words are `label`."""
        self.touched.emit(act, label)

    def _get_view(self) -> dict[str, Any]:
        return self._view

    def _get_caption(self) -> str:
        return self._caption

    view = Property("QVariantMap", _get_view, notify=view_changed)  # type: ignore[arg-type]
    caption = Property(str, _get_caption, notify=caption_changed)
