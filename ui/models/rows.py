"""Rows of the inspector: few, with an icon and two lines each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `start` is the offset in the text that it leads to, if it leads anywhere."""

    key: str
    icon: str
    token: str
    first: str
    second: str
    start: int | None = None


class Rows(QAbstractListModel):
    """A handful of rows."""

    ROW = Qt.ItemDataRole.UserRole
    """The Row itself."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Row] = []

    def show(self, rows: Sequence[Row]) -> None:
        """Hold these rows; the same again change nothing."""
        if list(rows) != self._rows:
            self.beginResetModel()
            self._rows = list(rows)
            self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008, N802
        """How many rows are held."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """First line, both lines for a screen reader, or the Row."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case self.ROW:
                return row
            case Qt.ItemDataRole.DisplayRole:
                return row.first
            case Qt.ItemDataRole.AccessibleTextRole | Qt.ItemDataRole.ToolTipRole:
                return f"{row.first}\n{row.second}" if row.second else row.first
            case _:
                return None
