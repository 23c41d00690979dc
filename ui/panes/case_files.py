"""The list of case files: number, title, source and date in words, and the grade at the right."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from casefile import articles
from casefile.articles import Article
from casefile.changes import Changes
from casefile.records import ArticleId
from ui import words
from ui.models.case_files import CaseFiles
from ui.session import Session
from ui.theme import Look

ROW_HEIGHT = 64
_EDGE = 16  # pixels from the row's edge to its words
_GRADE_WIDTH = 34


class CaseFileRow(QStyledItemDelegate):
    """Draws a row: a hairline below, and a bar at the left of the one that is shown."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._title = QFont()
        self._title.setWeight(QFont.Weight.DemiBold)
        self._small = QFont()
        self._small.setPixelSize(12)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802
        """All rows are of one height, with room for the tallest script."""
        return QSize(200, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the row."""
        area: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue]
        state: QStyle.StateFlag = option.state  # pyright: ignore[reportAttributeAccessIssue]
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, self._look["selection"])
            painter.fillRect(QRect(area.left(), area.top(), 3, area.height()), self._look["accent"])
        painter.setPen(self._look["line"])
        painter.drawLine(area.left() + _EDGE, area.bottom(), area.right(), area.bottom())
        article: Article | None = index.data(CaseFiles.ARTICLE)
        if article is not None:
            self._write(painter, area, article)
        painter.restore()

    def _write(self, painter: QPainter, area: QRect, article: Article) -> None:
        inner = area.adjusted(_EDGE, 6, -_EDGE, -6)
        upper = QRect(inner.left(), inner.top(), inner.width(), 28)
        lower = QRect(inner.left(), upper.bottom() + 1, inner.width() - _GRADE_WIDTH, inner.height() - 28)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(self._title)
        painter.setPen(self._look["ink"])
        painter.drawText(upper, flags, _cut(self._title, article.title, upper.width()))
        painter.setFont(self._small)
        painter.setPen(self._look["soft"])
        painter.drawText(lower, flags, _cut(self._small, words.source_and_date(article), lower.width()))
        if article.grade is not None:
            bold = QFont(self._small)
            bold.setWeight(QFont.Weight.Bold)
            painter.setFont(bold)
            painter.setPen(self._look["ink"])
        grade = QRect(lower.right() + 1, lower.top(), _GRADE_WIDTH, lower.height())
        painter.drawText(grade, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words.grade(article))

    def helpEvent(  # noqa: N802
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Show the whole title where the row cuts it."""
        if event.type() != QEvent.Type.ToolTip:
            return super().helpEvent(event, view, option, index)
        title = str(index.data() or "")
        cut = QFontMetrics(self._title).horizontalAdvance(title) > view.visualRect(index).width() - 2 * _EDGE
        QToolTip.showText(event.globalPos(), title if cut else "", view)
        return True


def _cut(font: QFont, line: str, width: int) -> str:
    return QFontMetrics(font).elidedText(" ".join(line.split()), Qt.TextElideMode.ElideRight, width)


class CaseFilesPane(QWidget):
    """The list with its head; `chosen` tells which case file is to be shown."""

    chosen = Signal(object)
    """ArticleId, or None where the list is empty."""
    import_wanted = Signal()

    def __init__(self, session: Session, look: Look) -> None:
        super().__init__()
        self.setObjectName("paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._asked = 0
        self.model = CaseFiles(lambda ids: session.read(lambda library: articles.some(library, ids)), self)
        self.head = QLabel("Case files")
        self.import_button = QPushButton(" Import")
        self.import_button.setAccessibleName("Import files")
        self.import_button.setToolTip("Bring articles in (Ctrl+I)")
        self.import_button.setEnabled(session.writable)
        self.import_button.clicked.connect(self.import_wanted)
        self.view = self._list(look)
        self._look = look
        self._lay_out()
        self._dress()
        look.changed.connect(self._dress)
        session.changed.connect(self.follow)
        self._read_ids()

    def _list(self, look: Look) -> QListView:
        view = QListView()
        view.setAccessibleName("Case files")
        view.setUniformItemSizes(True)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._delegate = CaseFileRow(look)
        view.setItemDelegate(self._delegate)
        view.setModel(self.model)
        view.selectionModel().currentChanged.connect(self._current_changed)
        return view

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(_EDGE, 12, 12, 10)
        top.addWidget(self.head, 1)
        top.addWidget(self.import_button)
        empty = QLabel("No case files yet.\n\nImport… brings in text, web pages,\nPDF and Word files.")
        empty.setObjectName("soft")
        empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        empty.setContentsMargins(_EDGE, 48, _EDGE, 0)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.view)
        self._pages.addWidget(empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._pages, 1)

    def _dress(self) -> None:
        self.import_button.setIcon(self._look.icon("import", "accent"))
        self.view.viewport().update()

    # ---- refreshing

    def follow(self, changes: Changes) -> None:
        """Show what changed in the list: rows that came or went, and facts of those that stay."""
        if changes.touches("articles", "sources", "originals"):
            self.model.forget()
        if changes.touches("articles"):
            self._read_ids()

    def _read_ids(self) -> None:
        self._asked += 1
        asked = self._asked
        self._session.ask(articles.ids, lambda ids: self._show_ids(ids) if asked == self._asked else None)

    def _show_ids(self, ids: list[ArticleId]) -> None:
        self.model.become(ids)
        self.head.setText(words.count(len(ids), "case file", "case files"))
        self._pages.setCurrentIndex(0 if ids else 1)
        if not self.view.currentIndex().isValid():
            if ids:
                self.view.setCurrentIndex(self.model.index(0))
            else:
                self.chosen.emit(None)

    # ---- choosing

    def _current_changed(self, current: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(self.model.id_at(current.row()))

    def go(self, by: int) -> None:
        """Choose the case file so many rows further down, or up for a negative number."""
        row = self.view.currentIndex().row() + by
        if self.model.id_at(row) is not None:
            self.view.setCurrentIndex(self.model.index(row))
