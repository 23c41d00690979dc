"""The status line: the library and whether all is saved, or how far an import is, with Cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStatusBar

from ui.jobs import Import

if TYPE_CHECKING:
    from casefile.door import Library


class StatusLine(QStatusBar):
    """One line at the foot of the window."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self._state = QLabel()
        self._work = QLabel()
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName("Import")
        self.cancel_button = QPushButton("Cancel")
        self.cancel_button.setObjectName("plain")
        self.cancel_button.clicked.connect(self._cancel)
        self._import: Import | None = None
        self.addWidget(self._state)
        for widget in (self._work, self._progress, self.cancel_button):
            self.addPermanentWidget(widget)
            widget.hide()

    def say_library(self, library: Library, *, saved: bool) -> None:
        """Say which library is open, and whether every step is in it."""
        kept = "read-only" if not library.writable else "all changes saved" if saved else "saving…"
        parts = (library.path.name, "encrypted" if library.encrypted else "", kept)
        self._state.setText(" · ".join(part for part in parts if part))

    def say_nothing(self) -> None:
        """Say nothing: no library is open."""
        self._state.clear()
        self._end()

    def watch(self, running: Import) -> None:
        """Show how far the import is, until it ends."""
        self._import = running
        running.progressed.connect(self._show_progress)
        running.finished.connect(self._end)
        self._work.setText("Importing…")
        self._progress.setRange(0, 0)
        for widget in (self._work, self._progress, self.cancel_button):
            widget.show()

    def _show_progress(self, done: int, items: int) -> None:
        if self._import is not None:
            self._progress.setRange(0, items)
            self._progress.setValue(done)
            self._work.setText(f"Importing {done:,} of {items:,}")

    def _cancel(self) -> None:
        if self._import is not None:
            self._import.cancel()
            self._work.setText("Stopping…")

    def _end(self) -> None:
        self._import = None
        for widget in (self._work, self._progress, self.cancel_button):
            widget.hide()
