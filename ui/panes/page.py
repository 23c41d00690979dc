"""The page: one case file set as a document, its header above its text. Only here is it known where the text begins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QFont, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextDocument, QTextFrameFormat
from PySide6.QtWidgets import QTextEdit

from casefile.text import paragraphs
from ui.offsets import Offsets
from ui.theme import Look, Type
from ui.words import Header

LEFT, RIGHT, TOP, BOTTOM = 76, 48, 36, 96
"""Pixels around the text; the left ones hold paragraph numbers, ticks and bars."""

_BETWEEN = 13  # pixels between paragraphs
_PIXEL = QTextBlockFormat.LineHeightTypes.FixedHeight.value
_HEADER = 3  # blocks


class Page:
    """One case file set in a document. Positions are the document's; offsets are code points of the text."""

    def __init__(self, view: QTextEdit, header: Header, text: str, *, look: Look, type_: Type) -> None:
        """Set header and text anew in the view's document, in one edit."""
        document = self._document = view.document()
        self._offsets = Offsets(text)
        lines = [" ".join(line.split()) for line in (header.crumb, header.title, header.facts)]
        document.setDefaultFont(type_.body)
        # Qt ends blocks at LF alone here: text rule 1 leaves no other line end in a text. Through the view, since
        # a caret left behind in the document would be pushed to its end.
        view.setPlainText("\n".join([*lines, text]))
        self.begin = document.findBlockByNumber(_HEADER).position()
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        _set_text(cursor, document, text, type_)
        self.dress(header, look, type_)
        cursor.endEditBlock()
        self._numbers = {self.to_position(start): n for n, start in enumerate(paragraphs.starts(text), 1)}

    def dress(self, header: Header, look: Look, type_: Type) -> None:
        """Give the header its type and the colours of the theme."""
        small = QTextCharFormat()
        small.setFontFamilies(QFont().families())
        small.setProperty(QTextCharFormat.Property.FontPixelSize, 12)
        small.setForeground(look["soft"])
        large = QTextCharFormat()
        large.setFont(type_.title)
        leading = type_.title_leading(header.title)
        self._header_line(0, small, 20, 2)
        self._header_line(1, large, leading, 10)
        self._header_line(2, small, 20, 18)

    def _header_line(self, number: int, characters: QTextCharFormat, leading: int, below: int) -> None:
        cursor = QTextCursor(self._document.findBlockByNumber(number))
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(characters)
        shape = QTextBlockFormat()
        shape.setLineHeight(leading, _PIXEL)
        shape.setBottomMargin(below)
        cursor.setBlockFormat(shape)

    def fit(self, width: float, measure: int) -> None:
        """Keep lines to the measure within that width of the view, the text in its middle where there is room."""
        left = max(LEFT, int((width - measure) / 2))
        shape = QTextFrameFormat()
        shape.setLeftMargin(left)
        shape.setRightMargin(max(RIGHT, int(width - left - measure)))
        shape.setTopMargin(TOP)
        shape.setBottomMargin(BOTTOM)
        self._document.setDocumentMargin(0)
        self._document.setPageSize(QSizeF(width, -1))
        self._document.rootFrame().setFrameFormat(shape)

    def to_position(self, offset: int) -> int:
        """The document's position of an offset of the text."""
        return self.begin + self._offsets.to_units(offset)

    def to_offset(self, position: int) -> int:
        """The offset in the text of a position of the document; in the header it is 0."""
        return self._offsets.to_points(position - self.begin)

    def number_at(self, position: int) -> int | None:
        """The number of the paragraph that begins exactly at this position, or None."""
        return self._numbers.get(position)


def _set_text(cursor: QTextCursor, document: QTextDocument, text: str, type_: Type) -> None:
    # Blank lines part paragraphs where there are any; where there are none, each line stands apart by itself.
    between = 0 if "\n\n" in text else _BETWEEN
    heights = list(_heights(text, type_))
    (usual, _), *_ = Counter(height for height in heights if height > _BETWEEN).most_common(1) or [(_BETWEEN, 0)]
    first = document.findBlockByNumber(_HEADER)
    cursor.setPosition(first.position())
    cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
    cursor.setBlockFormat(_line(usual, between))
    shapes = {height: _line(height, between if height > _BETWEEN else 0) for height in set(heights)}
    block = first
    for height in heights:
        if height != usual:
            cursor.setPosition(block.position())
            cursor.setBlockFormat(shapes[height])
        block = block.next()


def _heights(text: str, type_: Type) -> Iterator[int]:
    """Pixels from line to line in each paragraph; of several blank lines the first is a space, the others are none."""
    after_blank = True
    for line in text.split("\n"):
        blank = not line.strip()
        yield (1 if after_blank else _BETWEEN) if blank else type_.leading(line)
        after_blank = blank


def _line(height: int, below: int) -> QTextBlockFormat:
    shape = QTextBlockFormat()
    shape.setLineHeight(height, _PIXEL)
    shape.setBottomMargin(below)
    return shape
