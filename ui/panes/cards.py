"""Cards: small panels that open by the selected words, to tag them or to write a note on them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from casefile import tags
from casefile.records import TagId
from casefile.tags import Tag
from ui import words
from ui.models.rows import Row, Rows
from ui.operations import TagChoice
from ui.panes.two_lines import TwoLines
from ui.theme import KINDS, Look

_OFFERED = 4  # tags that are offered for what was typed
_GAP = 8  # pixels between the words and the card


class Card(QFrame):
    """Opens by an area of the widget it lies over; Escape closes it."""

    closed = Signal()

    def __init__(self, over: QWidget, width: int) -> None:
        super().__init__(over)
        self.setObjectName("card")
        self.setAutoFillBackground(True)
        self.setFixedWidth(width)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(12, 10, 12, 12)
        self.column.setSpacing(8)
        self.hide()

    def open_by(self, area: QRect, room: QRect) -> None:
        """Open below the area, or above it where that is outside the room; in pixels of the widget below the card."""
        height = self.sizeHint().height()
        top = area.bottom() + _GAP
        if top + height > room.bottom():
            top = max(room.top() + _GAP, area.top() - _GAP - height)
        left = max(room.left() + _GAP, min(area.left(), room.right() - self.width() - _GAP))
        self.setGeometry(left, top, self.width(), height)
        self.show()
        self.raise_()

    def shut(self) -> None:
        """Close without doing anything."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.shut()
        else:
            super().keyPressEvent(event)


class TagCard(Card):
    """Asks what the selected words name: a tag that is known, or a new one of some kind."""

    accepted = Signal(object)
    """TagChoice."""

    def __init__(self, over: QWidget, look: Look) -> None:
        super().__init__(over, 340)
        self.setAccessibleName("Tag the selected words")
        self._look = look
        self._known: dict[tuple[str, str], Tag] = {}
        self.name = QLineEdit()
        self.name.setAccessibleName("Name of the tag")
        self.name.setPlaceholderText("Name")
        self.name.installEventFilter(self)
        self.matches = Rows()
        self.view = QListView()
        self.view.setAccessibleName("Known tags")
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setModel(self.matches)
        self._delegate = TwoLines(look, selects_without_focus=True)
        self.view.setItemDelegate(self._delegate)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.kind = QComboBox()
        self.kind.setAccessibleName("Kind of tag")
        for kind in KINDS:
            self.kind.addItem(_capital(words.kind(kind)), kind)
        self.kind.setCurrentIndex(KINDS.index("person"))
        self.said = QLabel()
        self.said.setObjectName("soft")
        self.accept_button = QPushButton("Tag")
        self.accept_button.setObjectName("chief")
        self.accept_button.setToolTip("Enter")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.kind, 1)
        row.addWidget(self.accept_button)
        for widget in (self.name, self.view):
            self.column.addWidget(widget)
        self.column.addLayout(row)
        self.column.addWidget(self.said)
        self.name.textChanged.connect(self._find)
        self.kind.currentIndexChanged.connect(self._recognise)
        self.name.returnPressed.connect(self.accept)
        self.accept_button.clicked.connect(self.accept)
        self.view.clicked.connect(self.accept)
        self.view.selectionModel().currentChanged.connect(self._recognise)
        self._dress()
        look.changed.connect(self._dress)

    def _dress(self) -> None:
        for place, kind in enumerate(KINDS):
            self.kind.setItemIcon(place, self._look.icon(kind, kind))

    def know(self, known: Sequence[Tag]) -> None:
        """Offer these tags by their names and spellings."""
        self._known = {}
        for tag in known:
            for name in (tag.name, *(spelling.text for spelling in tag.spellings)):
                self._known.setdefault((tag.kind, tags.folded(name)), tag)

    def ask(self, printed: str, area: QRect, room: QRect) -> None:
        """Open for words that are printed so; what is known of them is filled in."""
        self.name.setText(printed)
        self.name.selectAll()
        self._find(printed)
        self.open_by(area, room)
        self.name.setFocus(Qt.FocusReason.PopupFocusReason)

    def _find(self, typed: str) -> None:
        folded = tags.folded(typed)
        equal = next((kind for kind in KINDS if (kind, folded) in self._known), None)
        if equal is not None:
            self.kind.setCurrentIndex(KINDS.index(equal))
        found: dict[str, Tag] = {}
        if folded:
            # Names that begin so come before those that hold it further on.
            for begins in (True, False):
                for (_, name), tag in self._known.items():
                    if len(found) < _OFFERED and folded in name and name.startswith(folded) == begins:
                        found.setdefault(tag.id, tag)
        self.matches.show([_offered(tag) for tag in found.values()])
        self.view.setVisible(bool(found))
        self.view.setFixedHeight(len(found) * self._delegate.sizeHint(QStyleOptionViewItem(), QModelIndex()).height())
        self._recognise()
        if self.isVisible():
            self.resize(self.width(), self.sizeHint().height())

    def choice(self) -> TagChoice | None:
        """What is chosen now: the match that was moved to, else what was typed; None while there is no name."""
        row: Row | None = self.view.currentIndex().data(Rows.ROW)
        if row is not None:
            return TagChoice(row.icon, row.first, TagId(row.key))
        name = " ".join(self.name.text().split())
        kind = str(self.kind.currentData())
        known = self._known.get((kind, tags.folded(name)))
        if known is not None:
            return TagChoice(kind, known.name, known.id)
        return TagChoice(kind, name) if name else None

    def _recognise(self) -> None:
        choice = self.choice()
        self.accept_button.setEnabled(choice is not None)
        if choice is None:
            said = "Type a name."
        elif choice.tag is None:
            said = f"A new {words.kind(choice.kind)}."
        else:
            said = f"Known: {choice.name}, {words.kind(choice.kind)}"
        self.said.setText(said)

    def accept(self) -> None:
        """Take the choice and close."""
        choice = self.choice()
        if choice is not None:
            self.accepted.emit(choice)
            self.shut()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Let Up and Down, typed in the name, go through what is known."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None:
                row = max(-1, min(self.view.currentIndex().row() + step, self.matches.rowCount() - 1))
                self.view.setCurrentIndex(self.matches.index(row) if row >= 0 else QModelIndex())
                return True
        return super().eventFilter(watched, event)


def _offered(tag: Tag) -> Row:
    also = [spelling.text for spelling in tag.spellings if spelling.text != tag.name]
    second = [words.kind(tag.kind), f"also printed {', '.join(also)}" if also else ""]
    return Row(tag.id, tag.kind, tag.kind, tag.name, words.DOT.join(part for part in second if part))


class NoteCard(Card):
    """Asks for the comment of a note."""

    accepted = Signal(str)

    def __init__(self, over: QWidget) -> None:
        super().__init__(over, 360)
        self.setAccessibleName("Note on the selected words")
        self.comment = QPlainTextEdit()
        self.comment.setAccessibleName("Comment")
        self.comment.setPlaceholderText("What does this passage tell?")
        self.comment.setTabChangesFocus(True)
        self.comment.setFixedHeight(96)
        self.comment.installEventFilter(self)
        hint = QLabel("Ctrl+Enter saves, Esc closes")
        hint.setObjectName("soft")
        self.save_button = QPushButton("Add note")
        self.save_button.setObjectName("chief")
        self.save_button.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addWidget(hint, 1)
        row.addWidget(self.save_button)
        self.column.addWidget(self.comment)
        self.column.addLayout(row)

    def ask(self, area: QRect, room: QRect) -> None:
        """Open with an empty comment."""
        self.comment.clear()
        self.open_by(area, room)
        self.comment.setFocus(Qt.FocusReason.PopupFocusReason)

    def accept(self) -> None:
        """Take the comment, which may be empty: a highlight alone, and close."""
        self.accepted.emit(self.comment.toPlainText())
        self.shut()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Let Ctrl+Enter save."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.accept()
            return True
        return super().eventFilter(watched, event)


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
