"""Rows of two lines: an icon, a name, and what is to be said of it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.models.rows import Row, Rows
from ui.theme import Look

_ROW_HEIGHT = 50


class TwoLines(QStyledItemDelegate):
    """Draws an icon, a line, and a softer line below it."""

    def __init__(self, look: Look, *, selects_without_focus: bool = False) -> None:
        """`selects_without_focus`: the current row stands out although the keyboard's focus is elsewhere."""
        super().__init__()
        self._always = selects_without_focus
        self._look = look
        self._small = QFont()
        self._small.setPixelSize(12)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802
        """All rows are of one height."""
        return QSize(100, _ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the row."""
        area: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue]
        state: QStyle.StateFlag = option.state  # pyright: ignore[reportAttributeAccessIssue]
        row: Row = index.data(Rows.ROW)
        painter.save()
        if state & QStyle.StateFlag.State_Selected and (self._always or state & QStyle.StateFlag.State_HasFocus):
            painter.fillRect(area, self._look["selection"])
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, self._look["panel"])
        self._look.icon(row.icon, row.token).paint(painter, QRect(area.left() + 16, area.top() + 7, 18, 18))
        left = area.left() + 44
        width = area.right() - 12 - left
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        for font, token, line, top, height in (
            (QFont(), "ink", row.first, area.top() + 4, 24),
            (self._small, "soft", row.second, area.top() + 27, 20),
        ):
            painter.setFont(font)
            painter.setPen(self._look[token])
            cut = QFontMetrics(font).elidedText(line, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRect(left, top, width, height), flags, cut)
        painter.restore()
