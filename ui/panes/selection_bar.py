"""The bar Tag · Note that stands by what is selected in the reader."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

_GAP = 8  # pixels between the words and the bar


class SelectionBar(QFrame):
    """Stands above the selection, or below it where there is no room; the keyboard's focus stays in the reader."""

    def __init__(self, over: QWidget, tag: QAction, note: QAction) -> None:
        super().__init__(over)
        self._over = over
        self.setObjectName("bar")
        self.setAccessibleName("For the selected words")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(3, 3, 3, 3)
        row.setSpacing(2)
        for action, words in ((tag, "Tag"), (note, "Note")):
            button = QToolButton()
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setText(f"{words}  {action.shortcut().toString()}")
            button.setAccessibleName(words)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            # The action's own text is the menu's; it must not come back when the action changes.
            action.changed.connect(lambda b=button, w=words, a=action: b.setText(f"{w}  {a.shortcut().toString()}"))
            row.addWidget(button)
        self.hide()

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
        left = min(max(4, area.center().x() - size.width() // 2), over.width() - size.width() - 4)
        self.setGeometry(left, top, size.width(), size.height())
        self.show()
        self.raise_()
