"""The `casefile-desk` command: the window, and in it the library that is named."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from ui import notices
from ui.opening import Wanted
from ui.theme import THEMES, Look
from ui.window import Window


def main(argv: Sequence[str] | None = None) -> int:
    """Show the window until it is closed; returns the exit status."""
    given = _parser().parse_args(argv)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("casefile-desk")
    application.setApplicationDisplayName("Casefile")
    window = Window(Look(application, given.theme))
    notices.report_faults(window, window.close_library)
    window.show()
    if given.library is not None:
        wanted = Wanted(given.library, passphrase_file=given.passphrase_file, read_only=given.read_only)
        # After the first paint: opening imports what the empty window does without.
        QTimer.singleShot(0, lambda: window.open_library(wanted))
    status = application.exec()
    window.finish()
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="casefile-desk", description="Work with case files in a window.")
    parser.add_argument("library", nargs="?", type=Path, metavar="LIBRARY", help="the library to open")
    parser.add_argument("--passphrase-file", type=Path, metavar="F", help="file with the passphrase in its first line")
    parser.add_argument("--read-only", action="store_true", help="open for reading only")
    parser.add_argument("--theme", choices=THEMES, help="light or dark; else as the system is set")
    return parser


if __name__ == "__main__":
    sys.exit(main())
