"""Notices: what happened, told in the window without stopping it; and faults of the program, reported and saved."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QMessageBox, QPushButton, QWidget


class NoticeBar(QFrame):
    """A line or a few under the menu, until dismissed or overtaken by the next; it never takes the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notice")
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._offer = QPushButton()
        self._offer.clicked.connect(self._take_offer)
        self._dismiss = QPushButton("Dismiss")
        self._dismiss.setObjectName("plain")
        self._dismiss.clicked.connect(self.hide)
        self._offered: Callable[[], object] | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 12, 8)
        row.addWidget(self._words, 1)
        row.addWidget(self._offer)
        row.addWidget(self._dismiss)
        self.hide()

    @property
    def words(self) -> str:
        """What it says; "" while it is hidden."""
        return self._words.text() if self.isVisible() else ""

    def tell(self, words: str, *, alarm: bool = False, offer: tuple[str, Callable[[], object]] | None = None) -> None:
        """Say it; with an offer, a button that does what it says."""
        self.setObjectName("alarm" if alarm else "notice")
        self.style().polish(self)
        self._words.setText(words)
        self._offered = offer[1] if offer else None
        self._offer.setText(offer[0] if offer else "")
        self._offer.setVisible(offer is not None)
        self.setAccessibleName(words)
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _take_offer(self) -> None:
        self.hide()
        if self._offered is not None:
            self._offered()


def report_faults(parent: QWidget, close_library: Callable[[], object]) -> None:
    """From now on, let any error that nobody caught be reported, told, and close the library."""
    told = False

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        nonlocal told
        if not isinstance(error, Exception):
            sys.__excepthook__(kind, error, trace)
            return
        saved = save_fault(error)
        # One fault often brings the next; each has its report, the first is told.
        if not told:
            told = True
            close_library()
            _tell_fault(parent, saved)

    sys.excepthook = report


def save_fault(error: BaseException) -> Path | None:
    """The report of the fault, without any text of the case; None where it could not be written."""
    from casefile import faults

    return faults.write(error)


def _tell_fault(parent: QWidget, saved: Path | None) -> None:
    box = QMessageBox(
        QMessageBox.Icon.Warning, "A fault of the program", "Casefile met a fault of its own.", parent=parent
    )
    box.setInformativeText(
        "What was saved is safe, and the library is being closed. The report says where the program failed; it holds "
        "no text of your case files."
        if saved
        else "What was saved is safe, and the library is being closed. No report could be written."
    )
    box.addButton(QMessageBox.StandardButton.Close)
    if saved is not None:
        keep = box.addButton("Save the report as…", QMessageBox.ButtonRole.ActionRole)
        keep.clicked.connect(lambda: _save_as(parent, saved))
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()


def _save_as(parent: QWidget, saved: Path) -> None:
    name, _ = QFileDialog.getSaveFileName(parent, "Save the report", saved.name)
    if name:
        shutil.copyfile(saved, name)
