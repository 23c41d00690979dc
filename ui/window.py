"""The window: lays out and connects. It stands before any library is open, and imports nothing that opening needs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from casefile.errors import CasefileError
from ui import jobs
from ui.actions import Actions, Need
from ui.dialogs import files
from ui.jobs import Relay
from ui.notices import NoticeBar
from ui.opening import Wanted, open_wanted, sample
from ui.panes.start import StartPage, WaitingPage
from ui.panes.status import StatusLine
from ui.theme import Look

if TYPE_CHECKING:
    from casefile.door import Library
    from ui.desk import Desk

_SHOWN = 8000  # milliseconds that a passing message stands in the status bar


class Window(QMainWindow):
    """The one window: first page, waiting page or desk, with menu, notices and status."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.desk: Desk | None = None
        self._relay = Relay(self)
        self._leaving = False
        self._closing: threading.Thread | None = None
        self.commands = Actions(self, look, self._handlers())
        self.notice = NoticeBar()
        self.status = StatusLine()
        self._start = StartPage(self.commands)
        self._waiting = WaitingPage()
        self._lay_out()
        self._allow()
        look.changed.connect(self.commands.dress)
        QTimer.singleShot(0, self.commands.dress)

    def _handlers(self) -> dict[str, Callable[[], object]]:
        return {
            "open": lambda: files.ask_which(self, lambda path: self.open_library(Wanted(path))),
            "new": lambda: files.ask_where(self, lambda path: self._ask_passphrase(Wanted(path, new=True))),
            "sample": self._open_sample,
            "import": self._ask_what,
            "close": self.close_library,
            "quit": self.close,
            "undo": self._at_desk(lambda desk: desk.session.undo()),
            "redo": self._at_desk(lambda desk: desk.session.redo()),
            "next": self._at_desk(lambda desk: desk.case_files.go(1)),
            "previous": self._at_desk(lambda desk: desk.case_files.go(-1)),
            "tag": self._at_desk(lambda desk: desk.ask_for_tag()),
            "note": self._at_desk(lambda desk: desk.ask_for_note()),
            "light": lambda: self.look.wear("light"),
            "dark": lambda: self.look.wear("dark"),
        }

    def _at_desk(self, act: Callable[[Desk], object]) -> Callable[[], object]:
        return lambda: act(self.desk) if self.desk is not None else None

    def _lay_out(self) -> None:
        self.setWindowTitle("Casefile")
        self.resize(1440, 900)
        self.setMinimumSize(960, 560)
        self.setStatusBar(self.status)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._start)
        self._pages.addWidget(self._waiting)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notice)
        column.addWidget(self._pages, 1)
        self.setCentralWidget(middle)

    # ---- opening

    def open_library(self, wanted: Wanted) -> None:
        """Open or make the library on another thread; what is open now is closed first."""
        self.close_library(then=lambda: self._begin_to_open(wanted))

    def _begin_to_open(self, wanted: Wanted) -> None:
        self.notice.hide()
        self._wait(f"Opening {wanted.path.name}…")
        jobs.start(
            self._relay, lambda: open_wanted(wanted), then=self._opened, failed=lambda e: self._not_opened(wanted, e)
        )

    def _wait(self, line: str) -> None:
        self._waiting.say(line)
        self._pages.setCurrentWidget(self._waiting)

    def _opened(self, library: Library) -> None:
        from ui.desk import Desk
        from ui.session import Session

        session = Session(library, self)
        session.refused.connect(self._tell_error)
        session.saved.connect(lambda saved: self.status.say_library(library, saved=saved))
        self.desk = Desk(session, self.look, self.commands)
        self.desk.stirred.connect(self._allow)
        self.desk.case_files.import_wanted.connect(self._ask_what)
        self._pages.addWidget(self.desk)
        self._pages.setCurrentWidget(self.desk)
        self.desk.case_files.view.setFocus()
        self.setWindowTitle(f"{library.path.stem} – Casefile")
        self.status.say_library(library, saved=True)
        self._allow()

    def _not_opened(self, wanted: Wanted, error: BaseException) -> None:
        self._pages.setCurrentWidget(self.desk or self._start)
        if not isinstance(error, CasefileError):
            raise error
        if error.code == "passphrase_wanted":
            self._ask_passphrase(wanted)
        elif error.code == "passphrase_wrong" and wanted.passphrase_file is None:
            self._ask_passphrase(wanted, str(error))
        elif error.code == "library_held":
            self.notice.tell(str(error), offer=("Open for reading", lambda: self.open_library(wanted.reading())))
        else:
            self._tell_error(error)

    def _ask_passphrase(self, wanted: Wanted, said: str = "") -> None:
        from ui.dialogs.passphrase import PassphraseDialog

        dialog = PassphraseDialog(self, wanted.path.name, new=wanted.new, said=said)
        dialog.accepted.connect(lambda: self.open_library(wanted.by(dialog.given())))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _open_sample(self) -> None:
        self._wait("Making the sample library…")
        jobs.start(
            self._relay,
            sample,
            then=lambda p: self.open_library(Wanted(p)),
            failed=lambda e: self._not_opened(Wanted(Path()), e),
        )

    # ---- importing

    def _ask_what(self) -> None:
        files.ask_what(self, self.import_files)

    def import_files(self, paths: list[Path]) -> None:
        """Bring in files and folders, with progress and Cancel in the status bar."""
        assert self.desk is not None
        if self.desk.session.importing is not None:
            self.notice.tell("An import is running already. Wait until it ends, or cancel it.")
            return
        running = self.desk.session.import_files(paths)
        running.finished.connect(self._import_ended)
        self.status.watch(running)
        running.begin()

    def _import_ended(self, outcome: object) -> None:
        from casefile.progress import Cancelled
        from casefile.receiving import Report
        from ui import words

        self._allow()  # While the import ran, undo passed it over.
        if isinstance(outcome, Report):
            tell = self.notice.tell if outcome.refused else lambda said: self.status.showMessage(said, _SHOWN)
            tell(words.imported(outcome))
        elif isinstance(outcome, Cancelled):
            self.notice.tell(words.CANCELLED)
        elif isinstance(outcome, CasefileError):
            self._tell_error(outcome)
        elif isinstance(outcome, BaseException):
            raise outcome

    # ---- telling

    def _tell_error(self, error: CasefileError) -> None:
        self.notice.tell(str(error), alarm=True)

    def _allow(self) -> None:
        present: set[Need] = set()
        undo = redo = None
        if self.desk is not None:
            present.add("library")
            session = self.desk.session
            if session.writable:
                present.add("writable")
                undo, redo = session.undo_name(), session.redo_name()
                if self.desk.reader.selection() is not None:
                    present.add("selection")
        self.commands.allow(present, undo=undo, redo=redo)

    # ---- closing

    def close_library(self, *, then: Callable[[], object] | None = None) -> None:
        """Close the library once its queued steps are done, on another thread, and go back to the first page."""
        if self.desk is None:
            if then is not None:
                then()
            return
        session = self.desk.session
        session.prepare_to_close()
        self._wait("Saving and closing…")
        self._pages.removeWidget(self.desk)
        self.desk.deleteLater()
        self.desk = None
        self.status.say_nothing()
        self._allow()
        self.setWindowTitle("Casefile")

        def closed(_: None) -> None:
            session.deleteLater()
            self._closing = None
            self._pages.setCurrentWidget(self._start)
            if then is not None:
                then()

        def failed(error: BaseException) -> None:
            closed(None)
            raise error

        self._closing = jobs.start(self._relay, session.close, then=closed, failed=failed)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Close the library first; the window follows by itself."""
        if self.desk is None and self._closing is None:
            event.accept()
            return
        event.ignore()
        if not self._leaving:
            self._leaving = True
            self.close_library(then=self.close)

    def finish(self) -> None:
        """Wait until the library is closed: the process ends next."""
        if self.desk is not None:
            self.desk.session.prepare_to_close()
            self.desk.session.close()
        elif self._closing is not None:
            self._closing.join()
