"""Asking for files: a library to open, where to make a new one, and what to import."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

_LIBRARIES = "Casefile libraries (*.casefile)"
_READABLE = "Articles (*.txt *.html *.htm *.mhtml *.docx *.pdf *.png *.jpg *.jpeg *.gif *.webp);;All files (*)"


def ask_which(parent: QWidget, then: Callable[[Path], object]) -> None:
    """Let `then` have the library that is to be opened, unless the analyst changes his mind."""
    dialog = QFileDialog(parent, "Open a library", "", _LIBRARIES)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    _open(dialog, lambda paths: then(paths[0]))


def ask_where(parent: QWidget, then: Callable[[Path], object]) -> None:
    """Let `then` have the path of a library that is to be made."""
    dialog = QFileDialog(parent, "New library", "", _LIBRARIES)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("casefile")
    dialog.selectFile("library.casefile")
    _open(dialog, lambda paths: then(paths[0]))


def ask_what(parent: QWidget, then: Callable[[list[Path]], object]) -> None:
    """Let `then` have the files that are to be imported."""
    dialog = QFileDialog(parent, "Import files", "", _READABLE)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    _open(dialog, then)


def _open(dialog: QFileDialog, then: Callable[[list[Path]], object]) -> None:
    dialog.accepted.connect(lambda: then([Path(name) for name in dialog.selectedFiles()]))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
