"""Cards: small panels that open by the selected words, to tag them or to write a note on them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from casefile import tags
from casefile.tags import Tag
from ui import words
from ui.operations import TagChoice
from ui.theme import KINDS, Look

_GAP = 8  # pixels between the words and the card


class Card(QFrame):
    """Opens by an area of the widget it lies over; Escape closes it."""

    closed = Signal()

    def __init__(self, over: QWidget, width: int) -> None:
        super().__init__(over)
        self._over = over
        self.setObjectName("card")
        self.setAutoFillBackground(True)
        self.setFixedWidth(width)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(12, 10, 12, 12)
        self.column.setSpacing(8)
        self.hide()

    def open_by(self, area: QRect) -> None:
        """Open below the area, in pixels of the widget that the card lies over, or above it where there is no room."""
        over = self._over
        height = self.sizeHint().height()
        top = area.bottom() + _GAP
        if top + height > over.height():
            top = max(_GAP, area.top() - _GAP - height)
        left = max(_GAP, min(area.left(), over.width() - self.width() - _GAP))
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
        self.column.addWidget(self.name)
        self.column.addLayout(row)
        self.column.addWidget(self.said)
        self._names = QStandardItemModel(self)
        self._complete()
        self.name.textChanged.connect(self._recognise)
        self.kind.currentIndexChanged.connect(self._recognise)
        self.name.returnPressed.connect(self.accept)
        self.accept_button.clicked.connect(self.accept)
        self._dress()
        look.changed.connect(self._dress)

    def _complete(self) -> None:
        completer = QCompleter(self._names, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        popup = QListView()
        popup.setAccessibleName("Known tags")
        completer.setPopup(popup)
        popup.clicked.connect(self._take)
        popup.selectionModel().currentChanged.connect(self._take)
        self.name.setCompleter(completer)

    def _dress(self) -> None:
        for place, kind in enumerate(KINDS):
            self.kind.setItemIcon(place, self._look.icon(kind, kind))

    def know(self, known: Sequence[Tag]) -> None:
        """Offer these tags by their names and spellings."""
        self._known = {}
        self._names.clear()
        for tag in known:
            for name in dict.fromkeys((tag.name, *(spelling.text for spelling in tag.spellings))):
                self._known.setdefault((tag.kind, tags.folded(name)), tag)
                item = QStandardItem(self._look.icon(tag.kind, tag.kind), name)
                item.setData(tag.kind, Qt.ItemDataRole.UserRole)
                item.setToolTip(f"{tag.name} · {words.kind(tag.kind)}")
                self._names.appendRow(item)

    def ask(self, printed: str, area: QRect) -> None:
        """Open for words that are printed so; what is known of them is filled in."""
        self.name.setText(printed)
        self.name.selectAll()
        folded = tags.folded(printed)
        kind = next((kind for kind in KINDS if (kind, folded) in self._known), None)
        if kind is not None:
            self.kind.setCurrentIndex(KINDS.index(kind))
        self._recognise()
        self.open_by(area)
        self.name.setFocus(Qt.FocusReason.PopupFocusReason)

    def _take(self, index: QModelIndex) -> None:
        kind = index.data(Qt.ItemDataRole.UserRole)
        if kind in KINDS:
            self.kind.setCurrentIndex(KINDS.index(kind))

    def choice(self) -> TagChoice | None:
        """What is chosen now; None while there is no name."""
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
            said = f"A new {words.kind(choice.kind).lower()}."
        else:
            said = f"Known: {choice.name}"
        self.said.setText(said)

    def accept(self) -> None:
        """Take the choice and close."""
        choice = self.choice()
        if choice is not None:
            self.accepted.emit(choice)
            self.shut()


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

    def ask(self, area: QRect) -> None:
        """Open with an empty comment."""
        self.comment.clear()
        self.open_by(area)
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
