"""Checked copies of a library: whole, with the same key, opened and compared before they count."""

from __future__ import annotations

import itertools
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from casefile import driver, schema
from casefile.driver import Connection, DatabaseError, Key
from casefile.errors import CasefileError, LibraryUnusable

_COUNTED = ("articles", "originals", "texts", "commits", "changes")


def folder_of(library: Path) -> Path:
    """The folder of the library's own backups, beside it."""
    return library.with_name(f"{library.stem} backups")


def stamp() -> str:
    """The time as a part of a file name: UTC, sortable."""
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")


def free_name(library: Path, reason: str) -> Path:
    """Where the library's next own backup goes: its name, the reason, the time; a further count within one second."""
    name = f"{library.stem}-{reason}-{stamp()}"
    names = itertools.chain([name], (f"{name}-{count}" for count in itertools.count(2)))
    targets = (folder_of(library) / f"{free}{library.suffix}" for free in names)
    return next(target for target in targets if not target.exists())


def make(connection: Connection, target: Path, key: Key | None) -> Path:
    """Copy the library that the connection reads to `target`, check the copy, and only then give it its name.

    Raises CasefileError "target_exists", "no_rights", "disk_full" or "backup_failed"; nothing half-written stays.
    """
    working = target.with_name(f".{target.name}.part")
    try:
        if target.exists():
            raise CasefileError("target_exists", path=str(target))
        target.parent.mkdir(parents=True, exist_ok=True)
        working.unlink(missing_ok=True)
        before = _counts(connection)
        connection.execute("VACUUM INTO ?", (str(working),))
        application, version = schema.marks(connection)
        _check(connection, working, key, application, version, before=before)
        _sync(working)
        working.rename(target)
        _sync(target.parent)
    except OSError as error:
        raise CasefileError("no_rights", path=str(target), reason=error.strerror or str(error)) from error
    except DatabaseError as error:
        words = str(error)
        code = "disk_full" if "full" in words else "no_rights" if "unable to open" in words else "backup_failed"
        raise CasefileError(code, path=str(target), reason=str(error)) from error
    finally:
        _remove(working)
    return target


def _remove(working: Path) -> None:
    for rest in ("", "-wal", "-shm", "-journal"):
        with suppress(OSError):
            working.with_name(working.name + rest).unlink()


def _wanted(path: Path) -> Path:
    return path.with_name(f".{path.name}.rewrite")


def want_rewrite(path: Path) -> None:
    """Note beside the library that its file is to be made anew, before what asks for it is committed.

    Raises LibraryUnusable "no_rights".
    """
    try:
        _wanted(path).touch()
    except OSError as error:
        raise LibraryUnusable("no_rights", path=str(path), reason=error.strerror or "") from error


def rewrite_wanted(path: Path) -> bool:
    """Whether the file was to be made anew and nobody came to do it: the program was killed, or the disk was full."""
    return _wanted(path).exists()


def rewrite(connection: Connection, path: Path, key: Key | None) -> None:
    """Make the library's file anew from what is live in it, so that nothing erased stays in unused parts of its pages.

    Pages keep copies of older values where they were split or freed, whatever `secure_delete` says; and VACUUM in
    place would hold the whole library in memory, since temporary files are forbidden. The writing `connection` is
    outside a transaction. Readers may go on. Raises LibraryUnusable "traces_left"; the library is as before then.
    """
    working = path.with_name(f".{path.name}.rewritten")
    try:
        working.unlink(missing_ok=True)
        connection.execute("VACUUM INTO ?", (str(working),))
        copy = driver.connect(working, key, write=False)
        try:
            copy.backup(connection)
        finally:
            copy.close()
        busy: int = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise LibraryUnusable("traces_left", path=str(path), reason="busy")
        _wanted(path).unlink(missing_ok=True)
    except (OSError, DatabaseError) as error:
        raise LibraryUnusable("traces_left", path=str(path), reason=str(error)) from error
    finally:
        _remove(working)


def _check(
    connection: Connection, copy: Path, key: Key | None, application: int, version: int, *, before: dict[str, int]
) -> None:
    reader = driver.connect(copy, key, write=False)
    try:
        if schema.marks(reader) != (application, version):
            writer = driver.connect(copy, key, write=True)
            writer.execute(f"PRAGMA application_id = {application}")
            writer.execute(f"PRAGMA user_version = {version}")
            writer.close()
        answer = reader.execute("PRAGMA quick_check").fetchone()[0]
        # Another thread or process may write on meanwhile: the copy is of a moment between the two countings.
        after, found = _counts(connection), _counts(reader)
        whole = before.keys() == found.keys() and all(
            min(before[table], after[table]) <= found[table] <= max(before[table], after[table]) for table in found
        )
        if answer != "ok" or not whole or not _heads(reader) <= _commits(connection):
            raise LibraryUnusable("backup_failed", path=str(copy), reason=str(answer))
    finally:
        reader.close()


def _counts(connection: Connection) -> dict[str, int]:
    return {
        table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in _COUNTED
        if _has(connection, table)
    }


def _heads(connection: Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT id FROM heads")} if _has(connection, "heads") else set()


def _commits(connection: Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT id FROM commits")} if _has(connection, "commits") else set()


def _has(connection: Connection, table: str) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is not None


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows can't open a folder, and keeps names in its own journal.
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
