"""The library: the one door through which everything is read and written.

Every recorded write happens inside `with library.step("note.add"):`, one `BEGIN IMMEDIATE` transaction on the one
writing connection; a nested step joins the outer one. On leaving, the step becomes a commit of the log, the search
index follows, and `on_change` is told. A failure inside rolls everything back. `submit` queues a function for the
writer thread and gives a future. Reading goes over a connection of the calling thread's own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar

from casefile import backup, driver, history, identity
from casefile.changes import Changes
from casefile.custody import Cell, Value
from casefile.driver import Connection, DatabaseError, Key
from casefile.errors import CasefileError, LibraryUnusable
from casefile.lock import WriterLock
from casefile.search import index
from casefile.tag_roots import follow as follow_tag_roots

T = TypeVar("T")


def utc_now() -> str:
    """The time as the log and receipts write it: UTC, ISO 8601, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Library:
    """An open library. Made by `library.open` and `library.create`; closed by `close` or as a context manager.

    `analyst` is the name that its commits carry; `initials` begin the numbers of its case files. Methods may be called
    from any thread: writers wait for each other, readers have a connection each.
    """

    def __init__(
        self,
        path: Path,
        connection: Connection,
        *,
        key: Key | None,
        lock: WriterLock | None,
        analyst: str,
        initials: str,
    ) -> None:
        self.path = path
        self.analyst = analyst
        self.initials = initials
        self.on_change: Callable[[Changes], None] = _nobody
        self._key = key
        self._lock = lock
        self._writer = connection
        self._writing = threading.RLock()
        self._owner: int | None = None
        self._depth = 0
        self._stepping = False
        self._failed = False
        self._running: set[str] = set()
        self._buried: list[Cell] = []
        self._erased = False
        self._told: Changes | None = None
        self._readers: dict[int, tuple[Connection, threading.Lock]] = {}
        self._readers_guard = threading.Lock()
        self._queue: ThreadPoolExecutor | None = None
        self._closed = False
        #: What workers have made of texts already, by the text's SHA-256: index text, taken by the index in this step.
        self.prepared: dict[str, str] = {}
        self.outside: Changes | None = None

    # ---- opening and closing

    @property
    def writable(self) -> bool:
        """Whether this copy may be written: it holds the lock."""
        return self._lock is not None

    @property
    def encrypted(self) -> bool:
        """Whether the library has a passphrase."""
        return self._key is not None

    @property
    def key(self) -> Key | None:
        """The raw key, for copies and for readers in other processes of this program; None without a passphrase."""
        return self._key

    def close(self) -> None:
        """Wait for queued steps and running statements, fold the write-ahead log into the file, free the lock.

        Closing twice is fine. Whoever reads or writes later is told "library_closed".
        """
        with self._readers_guard:
            queue = self._queue
        if queue is not None:
            queue.shutdown(wait=True)
        with self._writing:
            with self._readers_guard:
                if self._closed:
                    return
                self._closed = True
                readers = list(self._readers.values())
                self._readers.clear()
            for reader, busy in readers:
                # Closed under a statement that another thread runs, the driver ends the whole process.
                with busy:
                    reader.close()
            self._writer.close()
            if self._lock is not None:
                self._lock.free()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- reading

    def query(self, sql: str, parameters: tuple[Value, ...] | Mapping[str, Value] = ()) -> list[tuple[Any, ...]]:
        """The rows of a SELECT. Inside a step it sees what the step has written; elsewhere what was committed.

        Raises LibraryUnusable "library_damaged", "disk_failed" or "library_closed".
        """
        with self._reading() as connection:
            return connection.execute(sql, parameters).fetchall()

    def one(self, sql: str, parameters: tuple[Value, ...] = ()) -> tuple[Any, ...] | None:
        """The first row of a SELECT, or None."""
        with self._reading() as connection:
            return connection.execute(sql, parameters).fetchone()

    def reader(self) -> Connection:
        """The calling thread's connection: the writing one inside a step, else a reading one of its own.

        Nobody may close the library while it is in use; `query` and `one` see to that themselves.
        """
        thread = threading.get_ident()
        return self._writer if self._owner == thread else self._reader_of(thread)[0]

    @contextmanager
    def _reading(self) -> Generator[Connection]:
        """The calling thread's connection for one statement, which closing waits for."""
        thread = threading.get_ident()
        try:
            if self._owner == thread:
                yield self._writer
                return
            connection, busy = self._reader_of(thread)
            with busy:
                self._want_open()
                yield connection
        except (DatabaseError, UnicodeEncodeError) as error:
            raise told(error, self.path) from error

    def _reader_of(self, thread: int) -> tuple[Connection, threading.Lock]:
        with self._readers_guard:
            self._want_open()
            reader = self._readers.get(thread)
            if reader is None:
                connect = partial(driver.connect, write=False) if self.writable else driver.connect_reading
                reader = self._readers[thread] = connect(self.path, self._key), threading.Lock()
            return reader

    def _want_open(self) -> None:
        if self._closed:
            raise LibraryUnusable("library_closed", path=str(self.path))

    # ---- writing

    @contextmanager
    def step(self, action: str, *, job: str | None = None, entry: bool = False, **params: str | int) -> Generator[None]:
        """One recorded step: all of it is committed, or none. `action` is a code; `params` codes, counts and ids.

        Steps of one job share `job` and are undone together. An `entry` is logged although it changes nothing. A step
        inside a step joins it: one transaction, one commit, the outer one's action; if it fails, so does the outer one.
        Raises LibraryUnusable "read_only", "library_closed", "disk_full" or "library_damaged" with nothing changed.
        """
        with self._transaction() as outermost:
            assert outermost or self._stepping, "a step inside `derive` would be logged by nobody"
            self._stepping = True
            yield
            if outermost:
                self._seal(action, job or identity.fresh(), params, entry=entry)

    @contextmanager
    def derive(self) -> Generator[Connection]:
        """Write derived or local tables, without log; inside a step it joins the step's transaction."""
        with self._transaction():
            yield self._writer

    def adopt(self, take_over: Callable[[Connection], Changes], *, erases: bool) -> Changes:
        """Let a merge write another library's log, content and rows, in one transaction and without a step's commit.

        `take_over` leaves `pending` empty and returns what it touched. `erases`: it brings tombstones.
        """
        with self._transaction() as outermost:
            assert outermost, "a merge is no part of a step"
            self._erased = erases
            changes = take_over(self._writer)
            self._follow(changes)
        return changes

    @contextmanager
    def _transaction(self) -> Generator[bool]:
        if not self.writable:
            raise LibraryUnusable("read_only", path=str(self.path))
        with self._writing:
            self._want_open()
            outermost = self._depth == 0
            if outermost:
                assert not self._writer.in_transaction, "a write went past the door"
                self._owner = threading.get_ident()
            self._depth += 1
            try:
                if outermost:
                    self._writer.execute("BEGIN IMMEDIATE")
                yield outermost
                if outermost:
                    assert not self._failed, "what a failed step inside this one has left can't be told apart"
                    self._writer.execute("COMMIT")
            except BaseException as error:
                self._failed = True
                if outermost:
                    self._roll_back()
                if isinstance(error, DatabaseError | UnicodeEncodeError):
                    raise told(error, self.path) from error
                raise
            finally:
                self._depth -= 1
                if outermost:
                    self._owner = None
                    self._stepping = self._failed = False
            if not outermost:
                return
            # Taken before another thread's step can put its own in their place.
            changes, self._told = self._told, None
            erased, self._erased = self._erased, False
        self._tell(changes, erased=erased)

    def _roll_back(self) -> None:
        self._told = None
        self._erased = False
        self._buried.clear()
        self.prepared.clear()
        if self._writer.in_transaction:
            self._writer.execute("ROLLBACK")

    def _seal(self, action: str, job: str, params: Mapping[str, str | int], *, entry: bool = False) -> Changes:
        changes = history.seal(
            self._writer,
            action=action,
            params={**params, "job": job},
            analyst=self.analyst,
            time=utc_now(),
            tombstones=self._buried,
            entry=entry,
        )
        self._buried.clear()
        self._follow(changes)
        return changes

    def _follow(self, changes: Changes) -> None:
        follow_tag_roots(self._writer, changes)
        index.follow(self._writer, changes, self.prepared)
        self.prepared.clear()
        if self._erased:
            index.compact(self._writer)
            backup.want_rewrite(self.path)
        self._told = changes

    def _tell(self, changes: Changes | None, *, erased: bool) -> None:
        if changes is not None and (changes or changes.commit):
            self.on_change(changes)
        if erased:
            with self._writing:
                backup.rewrite(self._writer, self.path, self._key)

    def insert(self, table: str, row: str, **values: Value) -> str:
        """Add a recorded row and return its id; call inside a step."""
        columns = ", ".join(("id", *values))
        marks = ", ".join("?" for _ in range(len(values) + 1))
        self._within().execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", (row, *values.values()))
        return row

    def change(self, table: str, row: str, **values: Value) -> None:
        """Set fields of a recorded row; call inside a step. The same values again change nothing."""
        settings = ", ".join(f"{name} = ?" for name in values)
        self._within().execute(f"UPDATE {table} SET {settings} WHERE id = ?", (*values.values(), row))

    def have(self, table: str, row: str, **values: Value) -> bool:
        """See that a row with a derived id is there: added, or out of the Bin. Return whether it was not before."""
        present = self.one(f"SELECT deleted FROM {table} WHERE id = ?", (row,))
        if present is None:
            self.insert(table, row, **values)
        elif present[0]:
            self.change(table, row, deleted=0)
        else:
            return False
        return True

    def write(self, sql: str, rows: list[tuple[Value | bytes, ...]]) -> None:
        """Run one statement for each of many rows; call inside a step. Never REPLACE: it skips triggers."""
        self._within().executemany(sql, rows)

    def bury(self, cells: list[Cell]) -> None:
        """Remember cells as erased for good with the step that runs (docs/format.md §9).

        After the step the library's file is made anew, which raises LibraryUnusable "traces_left" where it can't be.
        """
        self._within()
        self._buried.extend(cells)
        self._erased = True

    def _within(self) -> Connection:
        assert self._owner == threading.get_ident(), "recorded writes happen inside a step"
        return self._writer

    def submit(self, function: Callable[[], T]) -> Future[T]:
        """Queue a function for the writer thread; it opens its own steps. The future gives its result or its error."""
        with self._readers_guard:
            self._want_open()
            if self._queue is None:
                self._queue = ThreadPoolExecutor(1, thread_name_prefix="casefile-writer")
            return self._queue.submit(function)

    @contextmanager
    def job(self) -> Generator[str]:
        """The id of a job of several steps; while it runs, undo passes it over."""
        job = identity.fresh()
        self._running.add(job)
        try:
            yield job
        finally:
            self._running.discard(job)

    # ---- undo and redo

    def undo_name(self) -> tuple[str, dict[str, Any]] | None:
        """Action code and parameters of what `undo` would take back, or None."""
        return self._name("standing")

    def redo_name(self) -> tuple[str, dict[str, Any]] | None:
        """Action code and parameters of what `redo` would do again, or None."""
        return self._name("undone")

    def _name(self, state: str) -> tuple[str, dict[str, Any]] | None:
        with self._reading() as connection:
            job = history.latest_job(connection, self.analyst, state, tuple(self._running))
            return None if job is None else history.job_action(connection, job)

    def undo(self) -> Changes:
        """Take back this analyst's latest job of this copy; what has changed since is skipped and listed.

        Raises CasefileError "nothing_to_undo".
        """
        return self._travel(history.UNDO, "standing", "undone", history.put_back)

    def redo(self) -> Changes:
        """Do again the job that was undone last. Raises CasefileError "nothing_to_redo"."""
        return self._travel(history.REDO, "undone", "standing", history.put_again)

    def _travel(
        self, action: str, state: str, becomes: str, put: Callable[[Connection, str], tuple[Cell, ...]]
    ) -> Changes:
        with self._transaction():
            job = history.latest_job(self._writer, self.analyst, state, tuple(self._running))
            if job is None:
                raise CasefileError(f"nothing_to_{action}")
            skipped = put(self._writer, job)
            changes = self._seal(action, job, {"skipped": len(skipped)}, entry=True)
            self._writer.execute("UPDATE made_here SET state = ? WHERE job = ? AND state = ?", (becomes, job, state))
            changes = Changes(changes.action, changes.rows, changes.born, changes.commit, skipped)
            self._told = changes
        return changes


def _nobody(_: Changes) -> None:
    """Nobody watches yet."""


_BROKEN = ("malformed", "not a database", "Could not decode", "fts5 file format", "fts5: corrupt", "vtable constructor")


def told(error: DatabaseError | UnicodeEncodeError, path: Path) -> Exception:
    """The driver's error as one that the user can act on, else the error itself: it is a fault then."""
    if isinstance(error, UnicodeEncodeError):
        return CasefileError("text_unfit")
    words = str(error)
    if "full" in words:
        return LibraryUnusable("disk_full", path=str(path))
    if "readonly" in words:
        return LibraryUnusable("no_rights", path=str(path), reason=words)
    if "unable to open" in words:
        return LibraryUnusable("no_rights" if path.exists() else "no_such_library", path=str(path), reason=words)
    if "disk I/O" in words:
        return LibraryUnusable("disk_failed", path=str(path))
    if any(part in words for part in _BROKEN):
        return LibraryUnusable("library_damaged", path=str(path))
    if "locked" in words:
        return LibraryUnusable("library_busy", path=str(path))
    return error
