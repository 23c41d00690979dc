"""The inspector: the tags and notes of the case file that is shown."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QLabel,
    QListView,
    QStackedLayout,
    QTabWidget,
    QWidget,
)

from casefile.mentions import Mention
from casefile.notes import Note
from casefile.tags import Tag
from casefile.text import paragraphs
from ui import words
from ui.models.rows import Row, Rows
from ui.panes.two_lines import TwoLines
from ui.theme import Look

_QUOTED = 60  # code points of a quote in a row


class Inspector(QTabWidget):
    """Tags and notes; choosing one that stands in the text wants it shown there."""

    place_wanted = Signal(int)
    """The offset in the text, in code points, that is to be shown."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("inspector")
        self.setDocumentMode(True)
        self.setAccessibleName("About this case file")
        self.tabBar().setAccessibleName("Tags or notes")
        self.tabBar().setDrawBase(False)
        self._look = look
        self._delegate = TwoLines(look)
        self.tags = Rows()
        self.notes = Rows()
        self._pages: list[QStackedLayout] = []
        self._add("Tags", self.tags, "No tags yet.\n\nSelect a name in the text\nand press T.")
        self._add("Notes", self.notes, "No notes yet.\n\nSelect a passage\nand press N.")
        look.changed.connect(self.update)

    def _add(self, name: str, model: Rows, if_empty: str) -> None:
        view = QListView()
        view.setAccessibleName(name)
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setItemDelegate(self._delegate)
        view.setModel(model)
        view.clicked.connect(self._want_place)
        view.activated.connect(self._want_place)
        empty = QLabel(if_empty)
        empty.setObjectName("soft")
        empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        empty.setContentsMargins(16, 40, 16, 0)
        page = QWidget()
        page.setObjectName("paper")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        stack = QStackedLayout(page)
        stack.setContentsMargins(0, 6, 0, 0)
        stack.addWidget(empty)
        stack.addWidget(view)
        self._pages.append(stack)
        self.addTab(page, name)

    def _want_place(self, index: QModelIndex) -> None:
        row: Row = index.data(Rows.ROW)
        if row.start is not None:
            self.place_wanted.emit(row.start)

    def show_tags(self, mentions: Sequence[Mention], whole: Sequence[Tag]) -> None:
        """Show the tags mentioned in the text, in its order, then those that the whole case file carries besides."""
        by_tag: defaultdict[str, list[Mention]] = defaultdict(list)
        for mention in mentions:
            by_tag[mention.tag].append(mention)
        rows = [_mentioned(found) for found in by_tag.values()]
        rows += [
            Row(tag.id, tag.kind, tag.kind, tag.name, f"{words.kind(tag.kind)} · the whole case file")
            for tag in whole
            if tag.id not in by_tag
        ]
        self._show(0, self.tags, "Tags", rows)

    def show_notes(self, notes: Sequence[Note], text: str) -> None:
        """Show the notes in the order of their passages."""
        starts = paragraphs.starts(text)
        self._show(1, self.notes, "Notes", [_noted(note, bisect_right(starts, note.passage.start)) for note in notes])

    def _show(self, place: int, model: Rows, name: str, rows: Sequence[Row]) -> None:
        model.show(rows)
        self._pages[place].setCurrentIndex(1 if rows else 0)
        self.setTabText(place, f"{name}  {len(rows)}" if rows else name)


def _mentioned(found: Sequence[Mention]) -> Row:
    first = found[0]
    also = dict.fromkeys(" ".join(mention.passage.exact.split()) for mention in found)
    also.pop(first.name, None)
    printed = f"also printed {', '.join(also)}" if also else None
    second = [words.kind(first.kind), words.count(len(found), "mention", "mentions"), printed]
    return Row(
        first.tag,
        first.kind,
        first.kind,
        first.name,
        words.DOT.join(part for part in second if part),
        first.passage.start,
    )


def _noted(note: Note, paragraph: int) -> Row:
    quote = " ".join(note.passage.exact.split())
    quote = quote if len(quote) <= _QUOTED else f"{quote[:_QUOTED]}…"
    comment = " ".join(note.comment.split())
    where = f"¶ {max(1, paragraph)}"
    if not comment:
        return Row(note.id, "note", "note_bar", f"“{quote}”", where, note.passage.start)
    return Row(note.id, "note", "note_bar", comment, f"{where} · “{quote}”", note.passage.start)
