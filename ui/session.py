"""The session: the open library as Qt sees it. What was written comes back by one signal, on the window's thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from casefile import phrases
from casefile.changes import Changes
from casefile.door import Library
from casefile.errors import CasefileError
from ui.jobs import Import, Relay

T = TypeVar("T")


class Session(QObject):
    """An open library. Steps run on its writer thread, slow reads on a reader thread, quick ones where they are."""

    changed = Signal(object)
    """Changes: what a step, an undo, a redo or a merge touched. The only signal to refresh by."""
    refused = Signal(object)
    """CasefileError: a step was refused, and nothing was changed; to be told."""
    saved = Signal(bool)
    """Whether every step that was asked for is in the library."""

    def __init__(self, library: Library, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.library = library
        self.importing: Import | None = None
        self._relay = Relay(self)
        self._readers = ThreadPoolExecutor(1, thread_name_prefix="casefile-reader")
        self._waiting = 0
        self._closing = False
        library.on_change = self._told

    def _told(self, changes: Changes) -> None:
        self._relay.post(lambda: self._emit(changes))

    def _emit(self, changes: Changes) -> None:
        if not self._closing:
            self.changed.emit(changes)

    # ---- reading

    def read(self, function: Callable[[Library], T]) -> T:
        """What a quick, indexed read gives, at once."""
        return function(self.library)

    def ask(self, function: Callable[[Library], T], then: Callable[[T], object]) -> None:
        """Let the reader thread do a slow read; `then` gets the answer on the window's thread, unless it closes."""
        if not self._closing:
            future = self._readers.submit(function, self.library)
            future.add_done_callback(lambda done: self._relay.post(lambda: self._answered(done, then)))

    def _answered(self, future: Future[T], then: Callable[[T], object]) -> None:
        if self._closing or future.cancelled():
            return
        then(future.result())

    # ---- writing

    def do(self, function: Callable[[Library], T], then: Callable[[T], object] | None = None) -> None:
        """Queue a step for the writer thread. `changed` comes first, then `then` gets the step's result.

        A CasefileError goes to `refused`; any other error is raised in the window's thread, as a fault.
        """
        self._count(1)
        future = self.library.submit(lambda: function(self.library))
        future.add_done_callback(lambda done: self._relay.post(lambda: self._done(done, then)))

    def _done(self, future: Future[T], then: Callable[[T], object] | None) -> None:
        self._count(-1)
        try:
            result = future.result()
        except CasefileError as error:
            self.refused.emit(error)
            return
        if then is not None and not self._closing:
            then(result)

    def _count(self, more: int) -> None:
        self._waiting += more
        self.saved.emit(self._waiting == 0)

    @property
    def writable(self) -> bool:
        """Whether steps may be made: the library was not opened for reading only."""
        return self.library.writable

    # ---- undo and redo

    def undo(self) -> None:
        """Take back the analyst's latest job."""
        self.do(Library.undo)

    def redo(self) -> None:
        """Do again the job that was undone last."""
        self.do(Library.redo)

    def undo_name(self) -> str | None:
        """What undo would take back, in words; None where there is nothing."""
        return _named(self.library.undo_name())

    def redo_name(self) -> str | None:
        """What redo would do again, in words; None where there is nothing."""
        return _named(self.library.redo_name())

    # ---- importing

    def import_files(self, paths: Sequence[Path]) -> Import:
        """An import of files and folders, to be begun by the caller; one runs at a time."""
        assert self.importing is None
        self.importing = Import(self.library, paths, self._relay)
        self.importing.finished.connect(self._imported)
        return self.importing

    def _imported(self) -> None:
        self.importing = None

    # ---- closing

    def prepare_to_close(self) -> None:
        """Tell nobody anything from now on, and call a running import off."""
        self._closing = True
        if self.importing is not None:
            self.importing.cancel()

    def close(self) -> None:
        """Wait for an import in hand, for reads and for queued steps, and close the library; from any thread."""
        importing = self.importing
        if importing is not None and importing.thread_of_work is not None:
            importing.thread_of_work.join()
        self._readers.shutdown(wait=True, cancel_futures=True)
        self.library.close()


def _named(action: tuple[str, dict[str, Any]] | None) -> str | None:
    return None if action is None else phrases.action(*action)
