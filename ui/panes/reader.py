"""The reader: one case file, large and calm, with its marks; what is selected in it can be tagged and noted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QToolTip

from ui import keys
from ui.panes.mark_painter import MarkPainter, first_in_sight, lines_in_sight
from ui.panes.marks import Mark, Span, sweep, within
from ui.panes.page import Page
from ui.panes.selection_bar import SelectionBar
from ui.theme import Look, reader_type
from ui.words import Header


class Reader(QTextEdit):
    """Shows a header, a text and its marks; all offsets it takes and gives are code points of the text."""

    selected = Signal(bool)
    """Whether words of the text are selected now."""

    def __init__(self, look: Look, *, tag: QAction, note: QAction) -> None:
        super().__init__()
        self.setObjectName("reader")
        self.setAccessibleName("Text of the case file")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setReadOnly(True)
        self.setAcceptDrops(False)
        self.setUndoRedoEnabled(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._look = look
        self._type = reader_type()
        self._header = Header("", "", "")
        self._text = ""
        self._marks: Sequence[Mark] = ()
        self._letters = {"T": tag, "N": note}
        self.addActions([tag, note])
        self.bar = SelectionBar(self.viewport(), look, tag=tag, note=note)
        self._lay_out()
        self.selectionChanged.connect(self._selection_changed)
        self.verticalScrollBar().valueChanged.connect(self._place_bar)
        look.changed.connect(self._dress)

    # ---- what is shown

    def show_text(self, header: Header, text: str) -> None:
        """Show a case file from its top; its marks follow by `show_marks`."""
        self._header, self._text, self._marks = header, text, ()
        self._lay_out()
        self.verticalScrollBar().setValue(0)
        self._selection_changed()

    def show_header(self, header: Header) -> None:
        """Show other facts above the same text, where it stands."""
        if header == self._header:
            return
        scrolled, marks = self.verticalScrollBar().value(), self._marks
        chosen = self.selection()
        self._header = header
        self._lay_out()
        self.show_marks(marks)
        self.verticalScrollBar().setValue(scrolled)
        if chosen is not None:
            self.select(*chosen)

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Mark these passages and no others; marks count code points of the text."""
        self._marks = marks
        place = self._page.to_position
        self._spans = sweep(
            Mark(place(mark.start), place(mark.stop), mark.sort, mark.key, mark.token, mark.words) for mark in marks
        )
        self.painting = MarkPainter(self._page, self._spans, self._look, self._type.body)
        self.viewport().update()

    @property
    def spans(self) -> Sequence[Span]:
        """The spans that are painted, in positions of the document."""
        return self._spans

    @property
    def marks(self) -> Sequence[Mark]:
        """The marks that are shown."""
        return self._marks

    def _lay_out(self) -> None:
        self._page = Page(self, self._header, self._text, look=self._look, type_=self._type)
        self._page.fit(self.viewport().width(), self._type.measure)
        self.show_marks(())

    def _dress(self) -> None:
        self._page.dress(self._header, self._look, self._type)
        self.viewport().update()

    # ---- selecting

    def selection(self) -> tuple[int, int] | None:
        """Start and stop of what is selected in the text, in code points; None for nothing, or white space alone."""
        cursor = self.textCursor()
        start, stop = self._page.to_offset(cursor.selectionStart()), self._page.to_offset(cursor.selectionEnd())
        return (start, stop) if self._text[start:stop].strip() else None

    def selected_words(self) -> str:
        """What is selected in the text, in one line."""
        chosen = self.selection()
        return "" if chosen is None else " ".join(self._text[slice(*chosen)].split())

    def select(self, start: int, stop: int) -> None:
        """Select a passage of the text."""
        cursor = self.textCursor()
        cursor.setPosition(self._page.to_position(start))
        cursor.setPosition(self._page.to_position(stop), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def reveal(self, start: int) -> None:
        """Put the caret at an offset of the text, and bring it into the upper third of the view."""
        cursor = self.textCursor()
        cursor.setPosition(self._page.to_position(start))
        self.setTextCursor(cursor)
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.cursorRect().top() - self.viewport().height() // 3)

    def clear_selection(self) -> None:
        """Select nothing, the caret staying where the selection ended."""
        cursor = self.textCursor()
        cursor.clearSelection()
        self.setTextCursor(cursor)

    def selection_area(self) -> QRect:
        """From where the selection begins to the foot of its last line in sight, in pixels of the viewport."""
        cursor = self.textCursor()
        edge = QTextCursor(cursor)
        edge.setPosition(cursor.selectionStart())
        area = self.cursorRect(edge)
        edge.setPosition(cursor.selectionEnd())
        end = self.cursorRect(edge)
        if end.top() == area.top():
            area.setRight(end.right())
        area.setBottom(min(end.bottom(), self.viewport().height()))
        return area

    def _selection_changed(self) -> None:
        chosen = self.selection() is not None
        self.selected.emit(chosen)
        self._place_bar()

    def _place_bar(self) -> None:
        self.bar.stand_by(self.selection_area() if self.selection() is not None else None)

    # ---- events

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint tints, then the words, then lines and signs."""
        lines = [line for line in lines_in_sight(self) if line.start >= self._page.begin]
        painter = QPainter(self.viewport())
        self.painting.under(painter, lines)
        painter.end()
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        self.painting.over(painter, lines)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep lines to the measure, and the line at the top where it is."""
        first = first_in_sight(self).position()
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            at_top = self.verticalScrollBar().value() == 0
            self._page.fit(self.viewport().width(), self._type.measure)
            if not at_top:
                cursor = QTextCursor(self.document())
                cursor.setPosition(first)
                self.verticalScrollBar().setValue(self.verticalScrollBar().value() + self.cursorRect(cursor).top())
        self._place_bar()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Let T and N act by their place on the keyboard, whatever its layout."""
        action = self._letters.get(keys.letter(event) or "")
        if action is not None and action.isEnabled():
            action.trigger()
            return
        cursor = self.textCursor()
        if cursor.position() < self._page.begin and not cursor.hasSelection():
            # Not when the text is shown: to move the caret Qt lays out all of it, at once.
            cursor.setPosition(self._page.begin)
            self.setTextCursor(cursor)
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Select the word, with its bar."""
        super().mouseDoubleClickEvent(event)
        self._place_bar()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the bar again for what is still selected."""
        super().focusInEvent(event)
        self._place_bar()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Take the bar away while something else is worked in; not while another program is."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.MenuBarFocusReason):
            self.bar.hide()

    def event(self, event: QEvent) -> bool:
        """Tell what stands under the pointer, when it rests."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            position = self.cursorForPosition(self.viewport().mapFrom(self, event.pos())).position()
            found = within(self._spans, position, position + 1)
            QToolTip.showText(event.globalPos(), "\n".join(found[0].words) if found else "", self)
            return True
        return super().event(event)
