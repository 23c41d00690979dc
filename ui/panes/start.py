"""The quiet first page: look around the sample, make a library, open one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.actions import Actions

_PROMISE = (
    "Case files for analysts who work offline.\nEvery sentence of a brief is one click from the passage it rests on."
)
_OFFERS = (("Look around the sample", "sample"), ("New library…", "new"), ("Open…", "open"))


class StartPage(QWidget):
    """Shown while no library is open."""

    def __init__(self, commands: Actions) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        name = QLabel("Casefile")
        name.setObjectName("product")
        promise = QLabel(_PROMISE)
        promise.setObjectName("soft")
        row = QHBoxLayout()
        row.setSpacing(8)
        for words, command in _OFFERS:
            action = commands[command]
            button = QPushButton(words)
            button.setToolTip(action.toolTip())
            if not row.count():
                button.setObjectName("chief")
            button.clicked.connect(action.trigger)
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(name)
        column.addSpacing(6)
        column.addWidget(promise)
        column.addSpacing(28)
        column.addLayout(row)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addLayout(column)
        middle.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addLayout(middle)
        outer.addStretch(3)


class WaitingPage(QWidget):
    """Shown while a library opens or closes, with one line that says so."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._line = QLabel()
        self._line.setObjectName("soft")
        self._line.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.addWidget(self._line)

    def say(self, line: str) -> None:
        """Say what is waited for."""
        self._line.setText(line)
