"""Rows of frozen dataclasses as a Qt model: a changed row is `dataChanged` on that row, never a reset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from PySide6.QtCore import (
    Property,
    QAbstractListModel,
    QByteArray,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

Index = QModelIndex | QPersistentModelIndex


class RowsModel(QAbstractListModel):
    """Shows rows of one dataclass; its fields are the roles."""

    count_changed = Signal()

    def __init__(self, row_type: type[Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names = [field.name for field in fields(row_type)]
        self._rows: list[Any] = []

    def rowCount(self, parent: Index | None = None) -> int:
        """Qt asks."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def roleNames(self) -> dict[int, QByteArray]:
        """Qt asks: one role a field."""
        return {Qt.ItemDataRole.UserRole + i: QByteArray(name.encode()) for i, name in enumerate(self._names)}

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt asks."""
        place = role - Qt.ItemDataRole.UserRole
        if not index.isValid() or not 0 <= place < len(self._names) or index.row() >= len(self._rows):
            return None
        return getattr(self._rows[index.row()], self._names[place])

    def show(self, rows: Sequence[Any]) -> None:
        """Makes these the rows; only what differs is told to the views."""
        common = min(len(rows), len(self._rows))
        changed = [i for i in range(common) if rows[i] != self._rows[i]]
        for i in changed:
            before, self._rows[i] = self._rows[i], rows[i]
            self.dataChanged.emit(self.index(i), self.index(i), self._differing(before, rows[i]))
        if len(rows) < len(self._rows):
            self.beginRemoveRows(QModelIndex(), len(rows), len(self._rows) - 1)
            del self._rows[len(rows) :]
            self.endRemoveRows()
            self.count_changed.emit()
        elif len(rows) > len(self._rows):
            self.beginInsertRows(QModelIndex(), len(self._rows), len(rows) - 1)
            self._rows.extend(rows[common:])
            self.endInsertRows()
            self.count_changed.emit()

    def _differing(self, before: Any, after: Any) -> list[int]:
        return [
            Qt.ItemDataRole.UserRole + i
            for i, name in enumerate(self._names)
            if getattr(before, name) != getattr(after, name)
        ]

    count = Property(int, lambda self: len(self._rows), notify=count_changed)
