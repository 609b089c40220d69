"""What QML sees of a wall: the values of a `WallFace`. No rules here; the zones are in `zone_views.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from display_wall.board import WallFace
from display_wall.texts import Texts
from display_wall.zone_views import (
    ApprovalsView,
    CallsView,
    CountersView,
    EvacuationView,
    LinesView,
    NoticesView,
    OfficeView,
    PostView,
    ServicesView,
)
from hall_client.rows import RowsModel

QML_IMPORT_NAME = "HallWall"
QML_IMPORT_MAJOR_VERSION = 1

VIEWS: dict[str, Callable[[QObject], Any]] = {
    "calls": CallsView,
    "counters": CountersView,
    "lines": LinesView,
    "approvals": ApprovalsView,
    "notices": NoticesView,
    "manager": OfficeView,
    "counter": PostView,
    "catalogue": ServicesView,
}
PARTS = {
    "calls": "calls",
    "counters": "counters",
    "lines": "lines",
    "approvals": "approvals",
    "notices": "notices",
    "manager": "offices",
    "counter": "posts",
    "catalogue": "services",
}
"""Where a zone's part is found in a `WallFace`."""


@dataclass(frozen=True)
class ZoneRow:
    """One zone's place on the screen and the view behind it."""

    zone: str
    zx: float
    zy: float
    zw: float
    zh: float
    view: QObject | None


@QmlElement
class WallScreen(QObject):
    """One screen."""

    changed = Signal()
    words_changed = Signal()
    size_changed = Signal()

    def __init__(self, face: WallFace, texts: Texts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._face = face
        self._texts = texts
        self._zones = RowsModel(ZoneRow, self)
        self._kinds: list[str] = []
        self._views: dict[tuple[int, str], Any] = {}
        self._evacuation = EvacuationView(self)
        self._show_zones(face)

    def show(self, face: WallFace, texts: Texts) -> None:
        """Shows `face`, said in `texts`."""
        before, self._face = self._face, face
        if (texts.first, texts.second) != (self._texts.first, self._texts.second):
            self._texts = texts
            self.words_changed.emit()
        if (before.plan.width, before.plan.height) != (face.plan.width, face.plan.height):
            self.size_changed.emit()
        self._show_zones(face)
        self._evacuation.show(face.evacuation)
        if _frame(before) != _frame(face):
            self.changed.emit()

    def _show_zones(self, face: WallFace) -> None:
        rows = []
        for i, zone in enumerate(face.zones):
            view = self._view(i, zone.zone)
            part = getattr(face, PARTS[zone.zone]).get(i) if zone.zone in PARTS else None
            if view is not None and part is not None:
                view.show(part)
            p = zone.place
            rows.append(ZoneRow(zone.zone, p.x, p.y, p.w, p.h, view))
        kinds = [row.zone for row in rows]
        if kinds != self._kinds:  # another layout: a zone never turns into one of another kind
            self._zones.show([])
            self._kinds = kinds
        self._zones.show(rows)

    def _view(self, place: int, zone: str) -> Any:
        if zone not in VIEWS:
            return None
        if (place, zone) not in self._views:
            self._views[place, zone] = VIEWS[zone](self)
        return self._views[place, zone]

    @Slot(str, str, result=str)
    def stack(self, key: str, _languages: str) -> str:
        """A heading in the wall's languages. The second argument is `languages`, so that a binding follows it."""
        return self._texts.stack(key)

    @Slot(str, str, result=str)
    def beside(self, key: str, _languages: str) -> str:
        """The same on one line."""
        return self._texts.beside(key)

    @Slot(str, str, result=str)
    def say(self, key: str, _languages: str) -> str:
        """In the hall's own language alone."""
        return self._texts.say(key)

    languages = Property(str, lambda self: f"{self._texts.first}+{self._texts.second}", notify=words_changed)
    counterWord = Property(str, lambda self: _counter_word(self._texts), notify=words_changed)
    textRows = Property(int, lambda self: self._texts.rows, notify=words_changed)
    width = Property(int, lambda self: self._face.plan.width, notify=size_changed)
    height = Property(int, lambda self: self._face.plan.height, notify=size_changed)
    unit = Property(float, lambda self: self._face.plan.unit, notify=changed)
    header = Property(float, lambda self: self._face.plan.header, notify=changed)
    bandHeight = Property(float, lambda self: self._face.plan.band, notify=changed)
    hall = Property(str, lambda self: self._face.hall, notify=changed)
    date = Property(str, lambda self: self._face.date, notify=changed)
    clock = Property(str, lambda self: self._face.clock, notify=changed)
    step = Property(str, lambda self: self._face.stale.step, notify=changed)
    mark = Property(str, lambda self: self._face.stale.mark, notify=changed)
    band = Property(str, lambda self: self._face.stale.band, notify=changed)
    minutes = Property(str, lambda self: self._face.stale.minutes, notify=changed)
    dim = Property(bool, lambda self: self._face.dim, notify=changed)
    staffOnly = Property(bool, lambda self: bool(self._face.offices), notify=changed)
    zones = Property(QObject, lambda self: self._zones, constant=True)
    evacuation = Property(EvacuationView, lambda self: self._evacuation, constant=True)


def _counter_word(texts: Texts) -> str:
    """What stands behind a counter's number in its row: `号`; nothing in a language that needs no word there."""
    return texts.say("wall.counter_row", counter="").strip()


def _frame(face: WallFace) -> tuple[object, ...]:
    """Everything that is not in a zone."""
    return (face.plan, face.hall, face.date, face.clock, face.stale, face.dim, bool(face.offices))
