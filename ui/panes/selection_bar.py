"""The bar Tag · Note that stands by what is selected in the reader."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from ui.theme import Look

_GAP = 8  # pixels between the words and the bar


class SelectionBar(QFrame):
    """Stands above the selection, or below it where there is no room; the keyboard's focus stays in the reader."""

    def __init__(self, over: QWidget, look: Look, *, tag: QAction, note: QAction) -> None:
        super().__init__(over)
        self._over = over
        self._look = look
        self.setObjectName("bar")
        self.setAccessibleName("For the selected words")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(3, 3, 3, 3)
        row.setSpacing(2)
        self.buttons: dict[str, QToolButton] = {}
        for icon, words, action in (("tag", "Tag", tag), ("note", "Note", note)):
            button = QToolButton()
            button.setText(f"{words}  {action.shortcut().toString()}")
            button.setToolTip(action.toolTip())
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setAccessibleName(words)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(action.trigger)
            row.addWidget(button)
            self.buttons[icon] = button
        self._dress()
        look.changed.connect(self._dress)
        self.hide()

    def _dress(self) -> None:
        for icon, button in self.buttons.items():
            button.setIcon(self._look.icon(icon, "ink"))

    def stand_by(self, area: QRect | None) -> None:
        """Stand by the area, in pixels of the widget that the bar lies over; hide where there is none."""
        over = self._over
        if area is None or area.bottom() < 0 or area.top() > over.height():
            self.hide()
            return
        size = self.sizeHint()
        top = area.top() - size.height() - _GAP
        if top < 0:
            top = area.bottom() + _GAP
        left = min(max(4, area.left() - 4), over.width() - size.width() - 4)
        self.setGeometry(left, top, size.width(), size.height())
        self.show()
        self.raise_()
