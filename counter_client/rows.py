"""Rows of a list for QML: one changed row is one `dataChanged`, never a reset that loses the scroll place."""

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
_ROOT = QModelIndex()


class RowsModel(QAbstractListModel):
    """Rows of one frozen dataclass; each field is a role of its name."""

    count_changed = Signal()

    def __init__(self, kind: type[Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names = [field.name for field in fields(kind)]
        self._rows: list[Any] = []

    def show(self, rows: Sequence[Any]) -> None:
        """These rows from now on."""
        kept = min(len(rows), len(self._rows))
        for i in range(kept):
            if self._rows[i] != rows[i]:
                self._rows[i] = rows[i]
                self.dataChanged.emit(self.index(i), self.index(i))
        if len(rows) > kept:
            self.beginInsertRows(_ROOT, kept, len(rows) - 1)
            self._rows.extend(rows[kept:])
            self.endInsertRows()
            self.count_changed.emit()
        elif len(self._rows) > kept:
            self.beginRemoveRows(_ROOT, kept, len(self._rows) - 1)
            del self._rows[kept:]
            self.endRemoveRows()
            self.count_changed.emit()

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Qt asks."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt asks."""
        place = role - Qt.ItemDataRole.UserRole - 1
        if not index.isValid() or not 0 <= place < len(self._names):
            return None
        return getattr(self._rows[index.row()], self._names[place])

    def roleNames(self) -> dict[int, QByteArray]:
        """Qt asks."""
        first = Qt.ItemDataRole.UserRole + 1
        return {first + i: QByteArray(name.encode()) for i, name in enumerate(self._names)}

    count = Property(int, lambda self: len(self._rows), notify=count_changed)
