"""Making and opening libraries: the file's mark, its version, its key, its one writer. docs/format.md §1, §12."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from casefile import backup, driver, history, schema
from casefile.changes import Changes
from casefile.door import Library, told
from casefile.driver import Connection, DatabaseError, Key
from casefile.errors import LibraryUnusable
from casefile.lock import WriterLock

__all__ = ["Library", "create", "open"]


def create(path: Path | str, key: str | Key | None = None, *, analyst: str = "", initials: str = "") -> Library:
    """A new, empty library, open for writing. `key` is a passphrase or a raw key.

    Raises LibraryUnusable "library_exists", "no_such_folder", "no_rights", "disk_full".
    """
    path = _absolute(path)
    try:
        if path.exists():
            raise LibraryUnusable("library_exists", path=str(path))
        if not path.parent.is_dir():
            raise LibraryUnusable("no_such_folder", path=str(path.parent))
    except OSError as error:
        raise _told_of_creation(error, path) from error
    raw = driver.derive_key(key, driver.fresh_salt()) if isinstance(key, str) else key
    lock = WriterLock(path)
    lock.take()
    # Made under another name first: a file of this name is a whole library or is not there.
    working = path.with_name(f".{path.name}.part")
    try:
        _remove(working)
        connection = driver.connect(working, raw, write=True)
        schema.migrate(driver.database(connection))
        connection.close()
        working.rename(path)
    except (DatabaseError, OSError) as error:
        raise _told_of_creation(error, path) from error
    finally:
        _remove(working)
        lock.free()
    return open(path, raw, analyst=analyst, initials=initials)


def _remove(path: Path) -> None:
    for rest in ("", "-wal", "-shm"):
        with suppress(OSError):
            path.with_name(path.name + rest).unlink()


def _told_of_creation(error: DatabaseError | OSError, path: Path) -> Exception:
    if isinstance(error, DatabaseError):
        return (
            LibraryUnusable("no_rights", path=str(path), reason=str(error))
            if "open" in str(error)
            else told(error, path)
        )
    return LibraryUnusable("no_rights", path=str(path), reason=error.strerror or "")


def open(
    path: Path | str,
    key: str | Key | None = None,
    *,
    write: bool = True,
    analyst: str = "",
    initials: str = "",
) -> Library:
    """The library at `path`. `key` is a passphrase (str) or a raw key.

    Raises LibraryUnusable: "no_such_library", "not_a_library", "newer_library", "library_held" (only with `write`; it
    may be opened with write=False), "passphrase_wanted", "passphrase_wrong", "library_damaged", "older_library" (only
    without `write`).
    """
    path = _absolute(path)
    raw = _raw_key(path, key)
    lock = WriterLock(path) if write else None
    if lock is not None:
        lock.take()
    try:
        connection = _checked(path, raw, write=write)
        library = Library(path, connection, key=raw, lock=lock, analyst=analyst, initials=initials)
        if write:
            _record_outside(library, connection)
            _finish_erasing(path, connection, raw)
        return library
    except BaseException:
        if lock is not None:
            lock.free()
        raise


def _absolute(path: Path | str) -> Path:
    return Path(path).expanduser().absolute()


def _raw_key(path: Path, key: str | Key | None) -> Key | None:
    try:
        if path.is_dir():
            raise LibraryUnusable("not_a_library", path=str(path))
        if not path.exists():
            raise LibraryUnusable("no_such_library", path=str(path))
        plain = driver.is_plain(path)
        salt = driver.salt_of(path)
    except OSError as error:
        raise LibraryUnusable("no_rights", path=str(path), reason=error.strerror or "") from error
    if plain:
        return None
    if len(salt) < driver.SALT_BYTES or path.stat().st_size % driver.PAGE_SIZE:
        raise LibraryUnusable("not_a_library", path=str(path))
    if key is None:
        raise LibraryUnusable("passphrase_wanted", path=str(path))
    return driver.derive_key(key, salt) if isinstance(key, str) else key


def _checked(path: Path, key: Key | None, *, write: bool) -> Connection:
    # Looked at by a reading connection first: a writing one makes any SQLite file its own (WAL) before it can be asked.
    connection = _connected(path, key, write=False)
    try:
        version = _version(path, connection)
        if version < schema.VERSION and not write:
            raise LibraryUnusable("older_library", path=str(path), version=version)
        if write:
            connection.close()
            connection = _connected(path, key, write=True)
            if version < schema.VERSION:
                _migrate(path, connection, key, version)
            _mend_triggers(connection)
    except DatabaseError as error:
        connection.close()
        raise told(error, path) from error
    except BaseException:
        connection.close()
        raise
    return connection


def _connected(path: Path, key: Key | None, *, write: bool) -> Connection:
    try:
        return driver.connect(path, key, write=True) if write else driver.connect_reading(path, key)
    except driver.OperationalError as error:
        found = told(error, path)
        if isinstance(found, LibraryUnusable):
            raise found from error
        raise LibraryUnusable("no_rights", path=str(path), reason=str(error)) from error
    except DatabaseError as error:
        # It could be read so far that this was seen: the key is the right one.
        damaged = "malformed" in str(error)
        wrong = "library_damaged" if damaged else "passphrase_wrong" if key is not None else "not_a_library"
        raise LibraryUnusable(wrong, path=str(path)) from error


def _version(path: Path, connection: Connection) -> int:
    application, version = schema.marks(connection)
    if application != schema.APPLICATION_ID:
        raise LibraryUnusable("not_a_library", path=str(path))
    if version > schema.VERSION:
        raise LibraryUnusable("newer_library", path=str(path), version=version, known=schema.VERSION)
    return version


def _migrate(path: Path, connection: Connection, key: Key | None, version: int) -> None:
    backup.make(connection, backup.free_name(path, f"before-format-{version + 1}"), key)
    connection.execute("PRAGMA foreign_keys = OFF")
    schema.migrate(driver.database(connection))
    if connection.execute("PRAGMA foreign_key_check").fetchone():
        raise LibraryUnusable("library_damaged", path=str(path))
    connection.execute("PRAGMA foreign_keys = ON")


def _mend_triggers(connection: Connection) -> None:
    if schema.drift(connection):
        connection.execute("BEGIN IMMEDIATE")
        schema.make_triggers(connection)
        connection.execute("COMMIT")


def _record_outside(library: Library, connection: Connection) -> None:
    # Another program wrote past the door; its writes are kept and logged, and whoever opens the library is told.
    if connection.execute("SELECT 1 FROM pending LIMIT 1").fetchone():
        with library.step("outside"), library.derive() as writer:
            history.mend_outside(writer)
        library.outside = Changes("outside")


def _finish_erasing(path: Path, connection: Connection, key: Key | None) -> None:
    # Where it still can't be done (the disk is full, somebody reads), the note stays for the next opening.
    if backup.rewrite_wanted(path):
        with suppress(LibraryUnusable):
            backup.rewrite(connection, path, key)
