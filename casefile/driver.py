"""The one place that imports the SQLite driver and hands it to sqlite-utils.

The driver is sqlcipher3 for plain and encrypted libraries alike. sqlite-utils picks up `pysqlite3` where it finds one
and catches that module's errors, so sqlcipher3 stands in for it while sqlite-utils is imported, and is then taken out
again.
"""

from __future__ import annotations

import hashlib
import os
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

import sqlcipher3  # pyright: ignore[reportMissingTypeStubs]
from sqlcipher3 import dbapi2 as _dbapi2  # pyright: ignore[reportMissingTypeStubs]

if TYPE_CHECKING:
    # sqlcipher3 carries no types; it has those of the standard library's sqlite3, whose API it copies.
    from sqlite3 import Connection, Cursor, DatabaseError, IntegrityError, OperationalError
else:
    Connection = _dbapi2.Connection
    Cursor = _dbapi2.Cursor
    DatabaseError = _dbapi2.DatabaseError
    IntegrityError = _dbapi2.IntegrityError
    OperationalError = _dbapi2.OperationalError

_present = {name: sys.modules.get(name) for name in ("pysqlite3", "pysqlite3.dbapi2")}
sys.modules["pysqlite3"] = cast(Any, sqlcipher3)
sys.modules["pysqlite3.dbapi2"] = cast(Any, _dbapi2)
try:
    from sqlite_utils import Database, Migrations
finally:
    for _name, _module in _present.items():
        if _module is None:
            del sys.modules[_name]
        else:
            sys.modules[_name] = _module

__all__ = [
    "KEY_BYTES",
    "Connection",
    "Cursor",
    "Database",
    "DatabaseError",
    "IntegrityError",
    "Key",
    "Migrations",
    "OperationalError",
    "connect",
    "connect_reading",
    "database",
    "derive_key",
    "fresh_salt",
    "is_plain",
    "salt_of",
]

KDF_ROUNDS = 256_000
KEY_BYTES = 32
SALT_BYTES = 16
PAGE_SIZE = 4096
PLAIN_HEADER = b"SQLite format 3\0"
CACHE_KIB = 64 * 1024
CHECKPOINT_PAGES = 8192
"""32 MiB of write-ahead log before it is folded in: with SQLite's 4 MiB an import copies its index pages many times."""


@dataclass(frozen=True, slots=True)
class Key:
    """The raw key of an encrypted library and the salt in its first 16 bytes: what the passphrase was derived to."""

    raw: bytes
    salt: bytes

    def pragma(self) -> str:
        """The key as SQLCipher's raw-key literal, 96 hexadecimal digits."""
        return f"\"x'{self.raw.hex()}{self.salt.hex()}'\""

    def __repr__(self) -> str:
        return "Key(…)"


def derive_key(passphrase: str, salt: bytes) -> Key:
    """The raw key that SQLCipher 4 itself derives from the passphrase (NFC, UTF-8); takes about 0.3 s on purpose."""
    secret = unicodedata.normalize("NFC", passphrase).encode("utf-8")
    return Key(hashlib.pbkdf2_hmac("sha512", secret, salt, KDF_ROUNDS, KEY_BYTES), salt)


def salt_of(path: Path) -> bytes:
    """The salt in the first 16 bytes of an encrypted library."""
    with path.open("rb") as file:
        return file.read(SALT_BYTES)


def fresh_salt() -> bytes:
    """A salt for a new encrypted library."""
    return os.urandom(SALT_BYTES)


def is_plain(path: Path) -> bool:
    """Whether the file begins as an SQLite file that needs no key."""
    with path.open("rb") as file:
        return file.read(len(PLAIN_HEADER)) == PLAIN_HEADER


def connect(path: Path, key: Key | None, *, write: bool, immutable: bool = False) -> Connection:
    """A connection with every setting of docs/format.md §1; transactions are begun by hand, never by the driver.

    Raises DatabaseError at the first statement if the key is wrong or the file is no database. A reading connection
    never creates the file. `immutable` reads a closed library from a medium that can't be written.
    """
    mode = "rwc" if write else "ro"
    uri = f"file:{quote(str(path))}?mode={mode}" + ("&immutable=1" if immutable else "")
    connection = cast(Any, _dbapi2).connect(
        uri, uri=True, isolation_level=None, check_same_thread=False, timeout=30.0, cached_statements=256
    )
    try:
        _settings(connection, key, write=write)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_reading(path: Path, key: Key | None) -> Connection:
    """A reading connection, also to a library on a medium that can't be written at all."""
    try:
        return connect(path, key, write=False)
    except OperationalError:
        # Where neither the write-ahead log's files are there nor can be made, nobody can be writing.
        return connect(path, key, write=False, immutable=True)


def _settings(connection: Connection, key: Key | None, *, write: bool) -> None:
    if key is not None:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = {key.pragma()}")
        connection.execute("PRAGMA cipher_compatibility = 4")
        connection.execute(f"PRAGMA kdf_iter = {KDF_ROUNDS}")
        connection.execute(f"PRAGMA cipher_page_size = {PAGE_SIZE}")
        connection.execute("PRAGMA cipher_hmac_algorithm = HMAC_SHA512")
        connection.execute("PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_SHA512")
    # The first real statement: a wrong key shows here.
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    # 2 = memory: with files, text of an encrypted library would lie in the temporary folder in the clear.
    connection.execute("PRAGMA temp_store = 2")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    if write:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        connection.execute("PRAGMA recursive_triggers = ON")


def database(connection: Connection) -> Database:
    """sqlite-utils around the connection, without other packages' plugins."""
    return Database(cast(Any, connection), execute_plugins=False)
