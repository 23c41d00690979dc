"""Painting marks: tints under the words in sight, lines below them, and signs in the margin beside them.

Marks are painted, not written into the document: an article with 5,000 of them costs what those in sight cost, and
taking one away repaints and lays out nothing anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF, QTextBlock, QTextLine
from PySide6.QtWidgets import QTextEdit

from ui.panes.marks import Mark, Span, within
from ui.panes.page import TOP, Page
from ui.theme import Look

_LINE = 1.6  # pixels of an underline
_LANE = 3.0  # pixels from one underline to the next
_BELOW = 3.5  # pixels from the baseline to the first underline
_TINT_UP, _TINT_DOWN = 1.08, 0.42  # of the type size, from the baseline
_SIGNS = 14  # pixels from the text's left edge to the signs in the margin
_BARS = 3
_NUMBERS = 40  # pixels from the text's left edge to the end of a paragraph's number


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text in sight: positions of the document, and where it stands in the view."""

    start: int
    stop: int
    left: float
    right: float
    baseline: float
    top: float
    bottom: float
    block: QTextBlock
    line: QTextLine

    def x(self, position: int) -> float:
        """Where in the view a position of this line stands."""
        # The binding gives x and the position that it belongs to; its stub says `object`.
        found: Any = self.line.cursorToX(min(max(position, self.start), self.stop) - self.block.position())
        # White space at the end of a line hangs over the measure; marks end with the words.
        return min(self.left + float(found[0]), self.right)


def first_in_sight(view: QTextEdit) -> QTextBlock:
    """The block at the top of the view."""
    if view.verticalScrollBar().value() <= TOP:
        # Asked for a place above the text, Qt answers with the end of what it has laid out so far.
        return view.document().begin()
    return view.cursorForPosition(view.viewport().rect().topLeft()).block()


def lines_in_sight(view: QTextEdit) -> Iterator[Line]:
    """The lines of the document that the view shows now, from the top."""
    layout = view.document().documentLayout()
    scrolled = QPointF(view.horizontalScrollBar().value(), view.verticalScrollBar().value())
    height = view.viewport().height()
    block = first_in_sight(view)
    while block.isValid():
        corner = layout.blockBoundingRect(block).topLeft() - scrolled
        if corner.y() > height:
            return
        shown = block.layout()
        count = shown.lineCount()
        for number in range(count):
            line = shown.lineAt(number)
            top = corner.y() + line.y()
            # Lines are set closer or wider than they are tall; signs in the margin run on from one to the next.
            bottom = corner.y() + shown.lineAt(number + 1).y() if number + 1 < count else top + line.height()
            if top > height or bottom < 0:
                continue
            start = block.position() + line.textStart()
            yield Line(
                start=start,
                stop=start + line.textLength(),
                left=corner.x(),
                right=corner.x() + line.x() + line.naturalTextWidth(),
                baseline=top + line.ascent(),
                top=top,
                bottom=bottom,
                block=block,
                line=line,
            )
        block = block.next()


class MarkPainter:
    """Paints the marks of one page; `spans` are in positions of the document."""

    def __init__(self, page: Page, spans: Sequence[Span], look: Look, body: QFont) -> None:
        self._page = page
        self._spans = spans
        self._look = look
        self._size = body.pixelSize()
        self.painted = 0
        """How many spans the last painting drew: those in sight, however many the page has."""

    def under(self, painter: QPainter, lines: Sequence[Line]) -> None:
        """Paint what lies beneath the words: the tints of notes, deeper where notes overlap."""
        for line in lines:
            for span in within(self._spans, line.start, line.stop):
                if span.notes:
                    left = line.x(span.start)
                    area = QRectF(
                        left,
                        line.baseline - _TINT_UP * self._size,
                        line.x(span.stop) - left,
                        (_TINT_UP + _TINT_DOWN) * self._size,
                    )
                    painter.fillRect(area, self._look["note" if len(span.notes) == 1 else "note_deep"])

    def over(self, painter: QPainter, lines: Sequence[Line]) -> None:
        """Paint lines below the words, and in the margin paragraph numbers, ticks of suggestions and bars of notes."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.painted = 0
        for line in lines:
            spans = within(self._spans, line.start, line.stop)
            self.painted += len(spans)
            for span in spans:
                for lane, mark in span.lines:
                    self._underline(painter, line, span, lane, mark)
            self._signs(painter, line, spans)
            self._number(painter, line)

    def _underline(self, painter: QPainter, line: Line, span: Span, lane: int, mark: Mark) -> None:
        pen = QPen(self._look[mark.token], _LINE)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if mark.sort == "suggestion":
            pen.setDashPattern([1.4, 1.6])
            # Dots go on evenly from span to span of one suggestion.
            pen.setDashOffset((line.x(span.start) - line.x(mark.start)) / _LINE)
        painter.setPen(pen)
        y = line.baseline + _BELOW + _LANE * lane
        painter.drawLine(QLineF(line.x(span.start), y, line.x(span.stop), y))

    def _signs(self, painter: QPainter, line: Line, spans: Sequence[Span]) -> None:
        # One bar for a note, further ones beside it for as many as overlap: a deeper tint is not the only sign.
        # On whole pixels, or the pieces of a bar show where they meet.
        left, top, bottom = line.left - _SIGNS, round(line.top), round(line.bottom)
        for _ in range(min(_BARS, max((len(span.notes) for span in spans), default=0))):
            painter.fillRect(QRectF(round(left), top, 3, bottom - top), self._look["note_bar"])
            left -= 5
        suggested = next((mark for span in spans for _, mark in span.lines if mark.sort == "suggestion"), None)
        if suggested is not None and line.start <= suggested.start < line.stop:
            self._tick(painter, QPointF(left - 7, line.baseline), self._look[suggested.token])

    def _tick(self, painter: QPainter, at: QPointF, colour: QColor) -> None:
        pen = QPen(colour, 1.5)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF([at + QPointF(-1, -5), at + QPointF(1.5, -2), at + QPointF(6.5, -9)]))

    def _number(self, painter: QPainter, line: Line) -> None:
        number = self._page.number_at(line.block.position()) if line.start == line.block.position() else None
        if number is None:
            return
        font = QFont()
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(self._look["soft"])
        width = QFontMetricsF(font).horizontalAdvance(str(number))
        painter.drawText(QPointF(line.left - _NUMBERS - width, line.baseline), str(number))
