"""Spawned processes with limits of time and memory, for the command and the window alike.

Documents are hostile, and the libraries that read them crash, hang and eat memory: each is read in a process that can
be killed without harm. Processes are spawned, never forked (a forked copy of a program with threads or Qt may hang),
end when this one ends, however it ends, and ignore Ctrl+C, which is for this one to act on.

Why not ProcessPoolExecutor: one dead worker breaks it for good, and a single worker of it can't be killed.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import connection, get_context
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from casefile.errors import CasefileError, Refused
from casefile.faults import Fault
from casefile.worker_process import OUT_OF_MEMORY, OUT_OF_TIME, errand, serve

if TYPE_CHECKING:
    from multiprocessing.connection import Connection, PipeConnection
    from multiprocessing.context import SpawnProcess

Item = TypeVar("Item")
Result = TypeVar("Result")

__all__ = ["Done", "Failed", "Fault", "Workers"]

SECONDS_PER_ITEM = 60.0
MEMORY = 2 * 1024 * 1024 * 1024
"""Bytes of address space a worker may have: the largest file three times over, and the libraries."""

LIMITED_BY_SYSTEM = sys.platform.startswith("linux")
"""macOS takes RLIMIT_AS and does not keep it, Windows has none: there the parent looks at the workers' memory."""

_CONTEXT = get_context("spawn")
_QUEUED = 2  # chunks a worker has: the one that it works on and the next, so that it never waits for the parent
_HELD_LIMIT = 64 * 1024 * 1024  # bytes of results held back for order, beyond which no further chunk is handed out
_STILLBORN_LIMIT = 3
_CODES = {OUT_OF_MEMORY: "reader_out_of_memory", OUT_OF_TIME: "reader_too_slow"}


@dataclass(frozen=True, slots=True)
class Done(Generic[Result]):
    """The result for the item number `index`, from 0."""

    index: int
    result: Result


@dataclass(frozen=True, slots=True)
class Failed:
    """The item number `index`, from 0, and why there is no result; a Fault is raised once all items are through."""

    index: int
    error: CasefileError | Fault


@dataclass(slots=True)
class _Chunk:
    """Items that a worker has not answered yet; the first has the number `first`."""

    first: int
    items: list[Any]


@dataclass(slots=True, eq=False)
class _Worker:
    process: SpawnProcess
    line: Connection | PipeConnection
    at: Any
    """The number of the item that the process is at, in memory shared with it; -1 before the first."""
    chunks: deque[_Chunk] = field(default_factory=deque[_Chunk])
    seen: int = -1
    since: float = 0.0


class Workers:
    """Processes that map a function over items. A context manager: leaving it kills them, whatever they are doing.

    `count` is by default one less than the processors (one is left to who takes the results), at least 1, at most 4.
    `seconds_per_item` and `memory_bytes` (of one process) are limits that cost the item at fault, never the others.
    Processes start when first needed and are kept for the next `map`. Not for use by two threads at once.
    """

    def __init__(
        self, count: int | None = None, *, seconds_per_item: float = SECONDS_PER_ITEM, memory_bytes: int = MEMORY
    ) -> None:
        self.count = count if count is not None else max(1, min((os.cpu_count() or 1) - 1, 4))
        self._seconds = seconds_per_item
        self._memory = memory_bytes
        self._workers: list[_Worker] = []

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Kill the processes; results that were not taken are lost."""
        workers, self._workers = self._workers, []
        for worker in workers:
            worker.process.kill()
        for worker in workers:
            _bury(worker)

    def map(
        self, function: Callable[[Item], Result], items: Iterable[Item], *, chunk: int = 32
    ) -> Generator[Done[Result] | Failed]:
        """Yield what became of each item, in the order of the items; they are taken as they are needed.

        `function` and the items are pickled: the function stands at the top of an importable module (not of the
        program's main one), or is a `partial` of such. Errors of Failed: what the function raised as CasefileError;
        Refused reader_too_slow, reader_out_of_memory, reader_crashed; Fault for any other exception. The first Fault
        is raised in the end, so keep what was yielded before then. Ending the iteration early kills the workers.
        """
        size = max(1, min(chunk, -(-len(items) // (2 * self.count)))) if isinstance(items, Sequence) else chunk
        errand = _Errand(self, function, items, size)
        fault: Fault | None = None
        try:
            for outcome in errand.outcomes():
                if isinstance(outcome, Failed) and isinstance(outcome.error, Fault) and fault is None:
                    fault = outcome.error
                yield outcome
        finally:
            if not errand.finished:
                self.close()
        if fault is not None:
            raise fault

    def worker(self, place: int) -> _Worker:
        """Return the worker at the place, 0 to count - 1; the next process is started if there is none yet."""
        if place == len(self._workers):
            self._workers.append(self._start())
        return self._workers[place]

    @property
    def started(self) -> int:
        """How many processes run."""
        return len(self._workers)

    def dismiss(self, worker: _Worker) -> None:
        """Kill a process and forget it."""
        self._workers.remove(worker)
        worker.process.kill()
        _bury(worker)

    def fault_of(self, worker: _Worker, now: float) -> str | None:
        """Return the code of the limit that a silent worker broke, or None."""
        if worker.seen != worker.at.value:
            worker.seen, worker.since = worker.at.value, now
        elif now - worker.since > self._seconds and worker.seen >= 0:
            return "reader_too_slow"
        if not LIMITED_BY_SYSTEM and _memory_of(worker) > self._memory:
            return "reader_out_of_memory"
        return None

    @property
    def patience(self) -> float:
        """Seconds after which silent workers are looked at."""
        return min(1.0 if LIMITED_BY_SYSTEM else 0.2, self._seconds / 4)

    def _start(self) -> _Worker:
        ours, theirs = _CONTEXT.Pipe()
        at = _CONTEXT.RawValue("q", -1)
        limit = self._memory if LIMITED_BY_SYSTEM else None
        process = _CONTEXT.Process(
            target=serve, args=(theirs, at, self._seconds, limit), name="casefile worker", daemon=True
        )
        with _main_module_left_out():
            process.start()
        theirs.close()
        return _Worker(process, ours, at)


class _Errand:
    """One call of `map`: hands chunks to the workers and puts what they answer in order."""

    def __init__(self, workers: Workers, function: Callable[[Any], Any], items: Iterable[Any], size: int) -> None:
        self._workers = workers
        self._function = function
        self._chunks = _chunked(items, size)
        self._again: deque[_Chunk] = deque()
        self._stillborn = 0
        self._held: dict[int, tuple[Done[Any] | Failed, int]] = {}
        self._held_bytes = 0
        self._next = 0
        self._busy: list[_Worker] = []
        self.finished = False

    def outcomes(self) -> Iterator[Done[Any] | Failed]:
        while True:
            self._hand_out()
            if not self._busy:
                break
            self._listen()
            while self._next in self._held:
                outcome, size = self._held.pop(self._next)
                self._held_bytes -= size
                self._next += 1
                yield outcome
        self.finished = True

    def _hand_out(self) -> None:
        """Give each idle worker a chunk, then each a second one."""
        for queued in range(_QUEUED):
            for place in range(self._workers.count):
                if place < self._workers.started and len(self._workers.worker(place).chunks) > queued:
                    continue
                chunk = self._chunk()
                if chunk is None:
                    return
                self._send(self._workers.worker(place), chunk)

    def _chunk(self) -> _Chunk | None:
        if self._again:
            return self._again.popleft()
        # The item that the held ones wait for is in work: nothing is gained by running further ahead.
        return None if self._held_bytes > _HELD_LIMIT else next(self._chunks, None)

    def _send(self, worker: _Worker, chunk: _Chunk) -> None:
        if not worker.chunks:
            worker.seen, worker.since = -1, time.monotonic()
            self._busy.append(worker)
        worker.chunks.append(chunk)
        # A worker that has died meanwhile is met by `_listen` at the end of its line, which sees to the chunk.
        with suppress(OSError):
            worker.line.send_bytes(errand(self._function, chunk.first, chunk.items))

    def _listen(self) -> None:
        ready = connection.wait([worker.line for worker in self._busy], self._workers.patience)
        now = time.monotonic()
        for worker in list(self._busy):
            if worker.line in ready:
                try:
                    message = worker.line.recv_bytes()
                except (EOFError, OSError):
                    self._replace(worker, None)
                    continue
                self._take(worker, message, now)
            elif (code := self._workers.fault_of(worker, now)) and not worker.line.poll():
                # (It may have answered while the others were heard.)
                self._replace(worker, code)

    def _take(self, worker: _Worker, message: bytes, now: float) -> None:
        answers: list[tuple[bool, Any]] = pickle.loads(message)
        self._stillborn = 0
        worker.seen, worker.since = worker.at.value, now
        for succeeded, value in answers:
            chunk = worker.chunks[0]
            outcome = Done(chunk.first, value) if succeeded else Failed(chunk.first, value)
            self._hold(outcome, len(message) // len(answers))
            chunk.first += 1
            del chunk.items[0]
            if not chunk.items:
                worker.chunks.popleft()
        if not worker.chunks:
            self._busy.remove(worker)

    def _hold(self, outcome: Done[Any] | Failed, size: int) -> None:
        self._held[outcome.index] = outcome, size
        self._held_bytes += size

    def _replace(self, worker: _Worker, code: str | None) -> None:
        """Bury a worker; the item that it was at fails, the rest of its chunks goes to another."""
        self._workers.dismiss(worker)
        self._busy.remove(worker)
        at: int = worker.at.value
        if code is None:
            code = _CODES.get(worker.process.exitcode or 0, "reader_crashed")
        if at < 0:
            self._stillborn += 1
            if self._stillborn >= _STILLBORN_LIMIT:
                lost = worker.chunks.popleft()
                fault = Fault(f"Worker processes end before they start: exit code {worker.process.exitcode}.")
                for index in range(lost.first, lost.first + len(lost.items)):
                    self._hold(Failed(index, fault), 0)
        for chunk in reversed(worker.chunks):
            place = at - chunk.first
            if 0 <= place < len(chunk.items):
                self._hold(Failed(at, Refused(code)), 0)
                pieces = (_Chunk(chunk.first, chunk.items[:place]), _Chunk(at + 1, chunk.items[place + 1 :]))
            else:
                pieces = (chunk,)
            self._again.extendleft(piece for piece in reversed(pieces) if piece.items)


def _chunked(items: Iterable[Any], size: int) -> Iterator[_Chunk]:
    rest = iter(items)
    first = 0
    while piece := list(islice(rest, size)):
        yield _Chunk(first, piece)
        first += len(piece)


def _bury(worker: _Worker) -> None:
    worker.line.close()
    worker.process.join()


def _memory_of(worker: _Worker) -> int:
    import psutil

    try:
        return psutil.Process(worker.process.pid).memory_info().rss
    except psutil.NoSuchProcess:
        return 0


_main_module_lock = threading.Lock()


@contextmanager
def _main_module_left_out() -> Generator[None]:
    """Keep a spawned process from importing the main module: for the window, that would load Qt in each worker."""
    with _main_module_lock:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main
