"""Another library, as a merge may see it: opened for reading only, and checked whole before anything is believed.

It may come from anybody. Only stored columns of tables are read, in one read transaction: no view, no virtual table,
no generated column, and no trigger, since nothing is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from casefile import content, ledger, schema
from casefile import library as libraries
from casefile.custody import Cell
from casefile.driver import Connection, DatabaseError, Key
from casefile.errors import LibraryUnusable
from casefile.exchange import shapes
from casefile.progress import Progress
from casefile.records import CommitId
from casefile.text import canonical

BLOB_LIMIT = 512 * 1024 * 1024
"""Bytes that an original may have: what the readers take, too."""

_READ: Mapping[str, frozenset[str]] = {
    "commits": frozenset({"n", "id", "version", "schema", "counter", "time", "analyst", "action", "params"}),
    "parents": frozenset({"child", "parent"}),
    "changes": frozenset({"commit_n", "ord", "tbl", "row", "field", "value", "salt", "digest"}),
    "tombstones": frozenset({"commit_id", "tbl", "row", "field"}),
    "blobs": frozenset({"sha256", "size", "compressed"}),
    "blob_parts": frozenset({"sha256", "part", "data"}),
    "texts": frozenset({"sha256", "rule", "body"}),
}


class Foreign:
    """A library to merge from; `commits` gives the counter of each of its commits by id, once `check` has passed."""

    def __init__(self, connection: Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self.commits: dict[CommitId, int] = {}

    def check(self, progress: Progress) -> None:
        """Raise LibraryUnusable "other_damaged", "other_unsound" or "newer_library" unless all of its log holds."""
        with self._reading():
            self._check_tables()
            for pragma in ("quick_check", "cipher_integrity_check"):
                for (said,) in self._connection.execute(f"PRAGMA {pragma}"):
                    if said != "ok":
                        raise self._damaged(str(said))
            (total,) = self._connection.execute("SELECT count(*) FROM commits").fetchone()
            progress.total(total)
            parents: dict[CommitId, tuple[CommitId, ...]] = {}
            for done, commit in enumerate(ledger.read(self._connection), 1):
                self._check_commit(commit)
                self.commits[commit.id] = commit.head.counter
                parents[commit.id] = commit.head.parents
                progress.done(done)
            for made, before in parents.items():
                if not all(parent in self.commits for parent in before):
                    raise self._damaged(f"step {made[:12]}")
                if self.commits[made] != 1 + max((self.commits[parent] for parent in before), default=0):
                    raise shapes.Misshapen(f"step {made[:12]}")

    def _check_tables(self) -> None:
        for table, wanted in _READ.items():
            kind = self._connection.execute(
                "SELECT type, sql LIKE 'CREATE VIRTUAL%' FROM sqlite_master WHERE name = ?", (table,)
            ).fetchall()
            stored = {row[1] for row in self._connection.execute(f"PRAGMA table_xinfo({table})") if row[6] == 0}
            if kind != [("table", 0)] or not wanted <= stored:
                raise shapes.Misshapen(f"table {table}")

    def _check_commit(self, commit: ledger.Commit) -> None:
        made_under = commit.head.schema
        if commit.fault == "unknown_digest_version" or (type(made_under) is int and made_under > schema.VERSION):
            raise LibraryUnusable("newer_library", path=str(self._path), version=str(made_under), known=schema.VERSION)
        if commit.fault is not None:
            raise self._damaged(f"step {str(commit.id)[:12]}")
        shapes.check_commit(commit)

    def _damaged(self, reason: str) -> LibraryUnusable:
        return LibraryUnusable("other_damaged", path=str(self._path), reason=reason)

    @contextmanager
    def _reading(self) -> Generator[None]:
        try:
            yield
        except DatabaseError as error:
            raise self._damaged(str(error)) from error
        except shapes.Misshapen as error:
            raise LibraryUnusable("other_unsound", path=str(self._path), reason=str(error)) from error

    def unsound(self, reason: str) -> LibraryUnusable:
        """The error for what can't be told before its commits are joined with ours."""
        return LibraryUnusable("other_unsound", path=str(self._path), reason=reason)

    def without(self, known: set[CommitId]) -> Iterator[ledger.Commit]:
        """Its commits that are not among the known, in the order of (counter, id): each after its parents."""
        with self._reading():
            numbers = {
                made: n for n, made in self._connection.execute("SELECT n, id FROM commits") if made not in known
            }
            order = sorted(numbers, key=lambda made: (self.commits[made], made))
            yield from ledger.read(self._connection, [numbers[made] for made in order])

    def tombstones_without(self, known: set[CommitId]) -> dict[Cell, None]:
        """The cells that its commits that are not among the known have erased."""
        with self._reading():
            rows = self._connection.execute("SELECT commit_id, tbl, row, field FROM tombstones").fetchall()
            unknown = self.commits.keys() - known
            return {(table, row, name): None for made, table, row, name in rows if made in unknown}

    def text(self, sha256: str) -> tuple[int, str, str]:
        """Rule, key and body of a text, its digest checked; the key is made here, never taken over."""
        with self._reading():
            row = self._connection.execute("SELECT rule, body FROM texts WHERE sha256 = ?", (sha256,)).fetchone()
            if row is None:
                raise self._damaged(f"text {sha256[:12]}")
            rule, body = row[0], shapes.check_text(row[1])
            if rule != canonical.RULE or hashlib.sha256(body.encode("utf-8")).hexdigest() != sha256:
                raise self._damaged(f"text {sha256[:12]}")
            return rule, canonical.same_text_key(body), body

    def original(self, sha256: str) -> tuple[int, int]:
        """Size of an original, and 1 if its parts are compressed, once all of it was read and its digest checked."""
        with self._reading():
            row = self._connection.execute("SELECT size, compressed FROM blobs WHERE sha256 = ?", (sha256,)).fetchone()
            if row is None or not isinstance(row[0], int) or row[0] > BLOB_LIMIT or row[1] not in (0, 1):
                raise self._damaged(f"original {sha256[:12]}")
            size, compressed = row
            try:
                parts = content.unpacked(self.parts(sha256), compressed=bool(compressed))
                whole = content.digest(parts, limit=BLOB_LIMIT) == (sha256, size)
            except ValueError:
                whole = False
            if not whole:
                raise self._damaged(f"original {sha256[:12]}")
            return size, compressed

    def parts(self, sha256: str) -> Iterator[bytes]:
        """The stored parts of an original, in their order."""
        with self._reading():
            yield from content.parts(self._connection, sha256)


@contextmanager
def opened(path: Path, key: str | Key | None) -> Generator[Foreign]:
    """The library at `path` for a merge, not yet checked. Raises LibraryUnusable as `library.open` does."""
    with libraries.open(path, key, write=False) as other:
        connection = other.reader()
        connection.text_factory = ledger.lenient
        connection.execute("BEGIN")
        yield Foreign(connection, path)
