"""What QML sees of each zone: the values of its dataclass, rows as a model. No rules here."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlElement

from display_wall.zones.approvals import ApprovalsZone, CaseRow, Total
from display_wall.zones.calls import CallsZone
from display_wall.zones.counters import CounterRow, CountersZone
from display_wall.zones.evacuation import EvacuationPage
from display_wall.zones.lines import LineRow, LinesZone
from display_wall.zones.notices import NoticesZone
from display_wall.zones.office import AlertRow, DeviceTile, OfficeZone, Tile
from display_wall.zones.post import Duty, PostZone
from display_wall.zones.services import ServiceRow, ServicesZone
from hall_client.rows import RowsModel

QML_IMPORT_NAME = "HallWall"
QML_IMPORT_MAJOR_VERSION = 1


@dataclass(frozen=True)
class TextRow:
    """A row that is one text."""

    text: str


@QmlElement
class CallsView(QObject):
    """The zone `calls`."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._zone = CallsZone()
        self._queue = RowsModel(TextRow, self)

    def show(self, zone: CallsZone) -> None:
        """Shows the band and the queue."""
        self._queue.show([TextRow(text) for text in zone.queue])
        if zone != self._zone:
            self._zone = zone
            self.changed.emit()

    seq = Property(int, lambda self: self._zone.seq, notify=changed)
    number = Property(str, lambda self: self._zone.number, notify=changed)
    counter = Property(str, lambda self: self._zone.counter, notify=changed)
    before = Property(str, lambda self: self._zone.before, notify=changed)
    between = Property(str, lambda self: self._zone.between, notify=changed)
    after = Property(str, lambda self: self._zone.after, notify=changed)
    none = Property(str, lambda self: self._zone.none, notify=changed)
    more = Property(str, lambda self: self._zone.more, notify=changed)
    band = Property(float, lambda self: self._zone.band, notify=changed)
    queue = Property(QObject, lambda self: self._queue, constant=True)


@QmlElement
class CountersView(QObject):
    """The zone `counters`."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._zone = CountersZone()
        self._rows = RowsModel(CounterRow, self)

    def show(self, zone: CountersZone) -> None:
        """Shows one page of counters."""
        before, self._zone = self._zone, zone
        self._rows.show(zone.rows)
        if zone != before:
            self.changed.emit()

    columns = Property(int, lambda self: self._zone.columns, notify=changed)
    perColumn = Property(int, lambda self: self._zone.per_column, notify=changed)
    rowHeight = Property(float, lambda self: self._zone.row_height, notify=changed)
    page = Property(int, lambda self: self._zone.page, notify=changed)
    pages = Property(int, lambda self: self._zone.pages, notify=changed)
    rows = Property(QObject, lambda self: self._rows, constant=True)


@QmlElement
class LinesView(QObject):
    """The zone `lines`."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._zone = LinesZone()
        self._rows = RowsModel(LineRow, self)

    def show(self, zone: LinesZone) -> None:
        """Shows one page of lines."""
        before, self._zone = self._zone, zone
        self._rows.show(zone.rows)
        if zone != before:
            self.changed.emit()

    title = Property(str, lambda self: self._zone.title, notify=changed)
    people = Property(str, lambda self: self._zone.people, notify=changed)
    wait = Property(str, lambda self: self._zone.wait, notify=changed)
    head = Property(float, lambda self: self._zone.head, notify=changed)
    page = Property(int, lambda self: self._zone.page, notify=changed)
    pages = Property(int, lambda self: self._zone.pages, notify=changed)
    rows = Property(QObject, lambda self: self._rows, constant=True)


@QmlElement
class ApprovalsView(QObject):
    """The zone `approvals`."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._zone = ApprovalsZone()
        self._rows = RowsModel(CaseRow, self)
        self._totals = RowsModel(Total, self)

    def show(self, zone: ApprovalsZone) -> None:
        """Shows one page of cases."""
        before, self._zone = self._zone, zone
        self._rows.show(zone.rows)
        self._totals.show(zone.totals)
        if zone != before:
            self.changed.emit()

    shares = Property("QVariantList", lambda self: list(self._zone.shares), notify=changed)  # type: ignore[arg-type]
    title = Property(bool, lambda self: self._zone.title, notify=changed)
    below = Property(bool, lambda self: self._zone.below, notify=changed)
    head = Property(float, lambda self: self._zone.head, notify=changed)
    columnHead = Property(float, lambda self: self._zone.column_head, notify=changed)
    page = Property(int, lambda self: self._zone.page, notify=changed)
    pages = Property(int, lambda self: self._zone.pages, notify=changed)
    pageText = Property(str, lambda self: self._zone.page_text, notify=changed)
    empty = Property(str, lambda self: self._zone.empty, notify=changed)
    rows = Property(QObject, lambda self: self._rows, constant=True)
    totals = Property(QObject, lambda self: self._totals, constant=True)


@QmlElement
class NoticesView(QObject):
    """The zone `notices`."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._zone = NoticesZone()

    def show(self, zone: NoticesZone) -> None:
        """Shows one sentence."""
        if zone != self._zone:
            self._zone = zone
            self.changed.emit()

    text = Property(str, lambda self: self._zone.text, notify=changed)
    second = Property(str, lambda self: self._zone.second, notify=changed)
    page = Property(int, lambda self: self._zone.page, notify=changed)


@QmlElement
class OfficeView(QObject):
    """The zone `manager`."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._zone = OfficeZone()
        self._tiles = RowsModel(Tile, self)
        self._alerts = RowsModel(AlertRow, self)
        self._devices = RowsModel(DeviceTile, self)

    def show(self, zone: OfficeZone) -> None:
        """Shows figures, what is to be done, devices."""
        self._tiles.show(zone.tiles)
        self._alerts.show(zone.alerts)
        self._devices.show(zone.devices)
        if zone != self._zone:
            self._zone = zone
            self.changed.emit()

    columns = Property(int, lambda self: self._zone.columns, notify=changed)
    narrow = Property(bool, lambda self: self._zone.narrow, notify=changed)
    more = Property(str, lambda self: self._zone.more, notify=changed)
    none = Property(str, lambda self: self._zone.none, notify=changed)
    tiles = Property(QObject, lambda self: self._tiles, constant=True)
    alerts = Property(QObject, lambda self: self._alerts, constant=True)
    devices = Property(QObject, lambda self: self._devices, constant=True)


@QmlElement
class PostView(QObject):
    """The zone `counter`."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._zone = PostZone()
        self._duties = RowsModel(Duty, self)

    def show(self, zone: PostZone) -> None:
        """Shows one counter."""
        self._duties.show(zone.duties)
        if zone != self._zone:
            self._zone = zone
            self.changed.emit()

    counter = Property(str, lambda self: self._zone.counter, notify=changed)
    department = Property(str, lambda self: self._zone.department, notify=changed)
    state = Property(str, lambda self: self._zone.state, notify=changed)
    number = Property(str, lambda self: self._zone.number, notify=changed)
    note = Property(str, lambda self: self._zone.note, notify=changed)
    amber = Property(bool, lambda self: self._zone.amber, notify=changed)
    page = Property(int, lambda self: self._zone.page, notify=changed)
    duties = Property(QObject, lambda self: self._duties, constant=True)


@QmlElement
class ServicesView(QObject):
    """The zone `catalogue`."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._zone = ServicesZone()
        self._rows = RowsModel(ServiceRow, self)

    def show(self, zone: ServicesZone) -> None:
        """Shows one page of a department."""
        self._rows.show(zone.rows)
        if zone != self._zone:
            self._zone = zone
            self.changed.emit()

    department = Property(str, lambda self: self._zone.department, notify=changed)
    contact = Property(str, lambda self: self._zone.contact, notify=changed)
    below = Property(bool, lambda self: self._zone.below, notify=changed)
    head = Property(float, lambda self: self._zone.head, notify=changed)
    shares = Property("QVariantList", lambda self: list(self._zone.shares), notify=changed)  # type: ignore[arg-type]
    page = Property(int, lambda self: self._zone.page, notify=changed)
    pageText = Property(str, lambda self: self._zone.page_text, notify=changed)
    foot = Property(str, lambda self: self._zone.foot, notify=changed)
    empty = Property(str, lambda self: self._zone.empty, notify=changed)
    rows = Property(QObject, lambda self: self._rows, constant=True)


@QmlElement
class EvacuationView(QObject):
    """The page that overrides everything."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page: EvacuationPage | None = None

    def show(self, page: EvacuationPage | None) -> None:
        """Shows the way out, or nothing."""
        if page != self._page:
            self._page = page
            self.changed.emit()

    def _text(self, name: str) -> str:
        return str(getattr(self._page, name)) if self._page else ""

    active = Property(bool, lambda self: self._page is not None, notify=changed)
    exit = Property(str, lambda self: self._text("exit"), notify=changed)
    title = Property(str, lambda self: self._text("title"), notify=changed)
    titleSecond = Property(str, lambda self: self._text("title_second"), notify=changed)
    way = Property(str, lambda self: self._text("way"), notify=changed)
    waySecond = Property(str, lambda self: self._text("way_second"), notify=changed)
    steps = Property(str, lambda self: self._text("steps"), notify=changed)
    number = Property(str, lambda self: self._text("number"), notify=changed)
    numberSecond = Property(str, lambda self: self._text("number_second"), notify=changed)
    since = Property(str, lambda self: self._text("since"), notify=changed)
