"""Work away from the window's thread: calls that come back to it, and imports with progress and cancel."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from casefile.progress import Cancelled

if TYPE_CHECKING:
    from casefile.door import Library
    from casefile.receiving import Report

T = TypeVar("T")


class Relay(QObject):
    """Carries calls from any thread to the thread that made it, in their order."""

    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._arrived.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def post(self, call: Callable[[], object]) -> None:
        """Let the relay's own thread make the call, later."""
        self._arrived.emit(call)

    @Slot(object)
    def _call(self, call: Callable[[], object]) -> None:
        call()


def start(
    relay: Relay, work: Callable[[], T], *, then: Callable[[T], object], failed: Callable[[BaseException], object]
) -> threading.Thread:
    """Do the work on a thread of its own; `then` gets its result, or `failed` its error, on the relay's thread."""

    def run() -> None:
        try:
            result = work()
        except Exception as error:  # noqa: BLE001  (whatever it is, the window's thread tells or reports it)
            # An error's name ends with its clause; the call is made later.
            relay.post(_bound(failed, error))
        else:
            relay.post(_bound(then, result))

    thread = threading.Thread(target=run, name="casefile-job", daemon=True)
    thread.start()
    return thread


def _bound(call: Callable[[Any], object], value: object) -> Callable[[], object]:
    return lambda: call(value)


class Import(QObject):
    """Files on their way into a library; it reads in worker processes and tells how far it is."""

    progressed = Signal(int, int)
    """Items done, and in all."""
    finished = Signal(object)
    """The Report, or the error that ended it: Cancelled, a CasefileError, or a fault of the program."""

    def __init__(self, library: Library, paths: Sequence[Path], relay: Relay) -> None:
        super().__init__()
        self._library = library
        self._paths = paths
        self._relay = relay
        self._stop = threading.Event()
        self._items = 0
        self._done = 0
        self._telling = False
        self.thread_of_work: threading.Thread | None = None

    def begin(self) -> None:
        """Start; ends with `finished`."""
        self.thread_of_work = start(self._relay, self._receive, then=self.finished.emit, failed=self.finished.emit)

    def cancel(self) -> None:
        """Ask it to end after the item in hand; what was committed stays."""
        self._stop.set()

    def _receive(self) -> Report:
        from casefile import faults, receiving

        report = receiving.receive_paths(self._library, self._paths, progress=self)
        for fault in report.faults:
            faults.write(fault)
        return report

    # ---- casefile.progress.Progress, called on the thread of the work

    def total(self, items: int) -> None:
        """There are so many files in all."""
        self._items = items
        self._tell()

    def done(self, items: int) -> None:
        """So many are read. Raises Cancelled once `cancel` was called."""
        if self._stop.is_set():
            raise Cancelled
        self._done = items
        self._tell()

    def _tell(self) -> None:
        # One call at a time is on its way, however fast the files go by.
        if not self._telling:
            self._telling = True
            self._relay.post(self._told)

    def _told(self) -> None:
        self._telling = False
        self.progressed.emit(self._done, self._items)
