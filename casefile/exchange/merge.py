"""Merging: the union of two sets of commits, every cell touched brought to its value. docs/format.md §10 is the law."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from casefile import backup, door, driver, erasing, history, identity, schema
from casefile.changes import Changes
from casefile.custody import Cell, Value, value_digest
from casefile.door import Library
from casefile.driver import Connection, Key
from casefile.errors import LibraryUnusable
from casefile.exchange.foreign import Foreign, opened
from casefile.ledger import Commit
from casefile.progress import Progress, Silent
from casefile.records import CommitId

MERGE = "merge"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell that both sides changed since they parted, to different values. Both stand in the log; one won.

    The field `deleted` also stands for a row that one side put in the Bin while the other changed it.
    """

    table: str
    row: str
    field: str
    ours: Value
    theirs: Value
    winner: Literal["ours", "theirs"]


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge brought: commits taken over, case files new here, conflicts, numbers that two case files bear."""

    commits: int
    articles: int
    conflicts: tuple[Conflict, ...] = ()
    same_numbers: tuple[str, ...] = ()
    backup: Path | None = None
    """The checked copy of this library that was made before; None where there was nothing to take over."""


class _Top(NamedTuple):
    """A change of a cell; the greatest by (counter, commit) stands."""

    counter: int
    commit: CommitId
    value: Value


_Row = tuple[str, str]


def merge(
    library: Library, other: Path | str, key: str | Key | None = None, *, progress: Progress | None = None
) -> Merged:
    """Take over what the library at `other` has and this one has not; `other` is only read, and checked whole before.

    A copy of this library opens with this one's key. In one transaction, after a checked backup: a failure leaves
    nothing. Merging again adds nothing. Raises LibraryUnusable "read_only", "other_damaged", "other_unsound",
    "newer_library", and what `library.open` raises for `other`; CasefileError as `backup.make` does.
    """
    if not library.writable:
        raise LibraryUnusable("read_only", path=str(library.path))
    other = Path(other).expanduser().absolute()
    with opened(other, key if key is not None else _own_key(library, other)) as foreign:
        foreign.check(progress or Silent())
        ours = {CommitId(row[0]) for row in library.query("SELECT id FROM commits")}
        if foreign.commits.keys() <= ours:
            return Merged(0, 0)
        kept = _back_up(library)
        union = _Union(library, foreign, ours)
        library.adopt(union.take_over, erases=union.erases)
        return union.outcome(kept)


def _own_key(library: Library, other: Path) -> Key | None:
    own = library.key
    if own is not None and other.is_file() and driver.salt_of(other) == own.salt:
        return own
    return None


def _back_up(library: Library) -> Path:
    connection = driver.connect(library.path, library.key, write=False)
    try:
        return backup.make(connection, backup.free_name(library.path, "before-merge"), library.key)
    finally:
        connection.close()


class _Union:
    """One merge while it runs: what they changed, what stands here, and what comes of both."""

    def __init__(self, library: Library, foreign: Foreign, ours: set[CommitId]) -> None:
        self._library = library
        self._foreign = foreign
        self._new_tombstones = foreign.tombstones_without(ours)
        self._buried: set[Cell] = set()
        self._theirs: dict[_Row, dict[str, _Top]] = defaultdict(dict)
        self._contents: set[tuple[str, str]] = set()
        self._touched: dict[str, set[str]] = defaultdict(set)
        self._born: dict[str, set[str]] = defaultdict(set)
        self.taken = 0
        self.conflicts: list[Conflict] = []

    @property
    def erases(self) -> bool:
        """Whether they bring tombstones."""
        return bool(self._new_tombstones)

    def take_over(self, connection: Connection) -> Changes:
        """Write all of it, inside the one transaction."""
        # Asked again: a step may have been made here since.
        ours = {CommitId(row[0]) for row in connection.execute("SELECT id FROM commits")}
        heads = history.heads(connection)
        (last,) = connection.execute("SELECT coalesce(max(n), 0) FROM commits").fetchone()
        self._buried.update(connection.execute("SELECT tbl, row, field FROM tombstones"), self._new_tombstones)
        for commit in self._foreign.without(ours):
            self._write_commit(connection, commit)
        erasing.forget(connection, self._new_tombstones)
        self._bring_contents(connection)
        self._settle(connection, last)
        connection.execute("DELETE FROM pending")
        made = self._join_heads(connection, heads)
        return Changes(MERGE, _frozen(self._touched), _frozen(self._born), made)

    # ---- the log

    def _write_commit(self, connection: Connection, commit: Commit) -> None:
        number = history.write_head(connection, commit.id, commit.head)
        rows: list[tuple[object, ...]] = []
        for place, change in enumerate(commit.changes):
            table, row, name, value, salt, digest = change
            if salt is not None and (table, row, name) in self._buried:
                value, salt, digest = None, None, value_digest(salt, value)
            rows.append((number, place, table, row, name, value, salt, digest))
            top = _Top(commit.head.counter, commit.id, value)
            cells = self._theirs[table, row]
            if name not in cells or top[:2] > cells[name][:2]:
                cells[name] = top
            if value is not None and (table, name) in schema.NAMES_CONTENT:
                self._contents.add((schema.NAMES_CONTENT[table, name], value))
        connection.executemany(
            "INSERT INTO changes (commit_n, ord, tbl, row, field, value, salt, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        connection.executemany(
            "INSERT INTO tombstones (commit_id, tbl, row, field) VALUES (?, ?, ?, ?)",
            [(commit.id, *cell) for cell in commit.tombstones],
        )
        self.taken += 1

    def _join_heads(self, connection: Connection, ours: tuple[CommitId, ...]) -> CommitId | None:
        connection.execute("DELETE FROM heads")
        connection.execute("INSERT INTO heads SELECT id FROM commits WHERE id NOT IN (SELECT parent FROM parents)")
        # Where all of ours are ancestors of theirs, the log just goes on from theirs.
        if not set(ours) & set(history.heads(connection)):
            return None
        return history.seal(
            connection,
            action=MERGE,
            params={"job": identity.fresh(), "commits": self.taken},
            analyst=self._library.analyst,
            time=door.utc_now(),
            entry=True,
        ).commit

    # ---- content

    def _bring_contents(self, connection: Connection) -> None:
        for kind, sha256 in sorted(self._contents):
            if connection.execute(f"SELECT 1 FROM {kind} WHERE sha256 = ?", (sha256,)).fetchone():
                continue
            if kind == "texts":
                rule, key, body = self._foreign.text(sha256)
                connection.execute(
                    "INSERT INTO texts (sha256, rule, key, length, body) VALUES (?, ?, ?, ?, ?)",
                    (sha256, rule, key, len(body), body),
                )
            else:
                size, compressed = self._foreign.original(sha256)
                connection.execute(
                    "INSERT INTO blobs (sha256, size, compressed) VALUES (?, ?, ?)", (sha256, size, compressed)
                )
                connection.executemany(
                    "INSERT INTO blob_parts (sha256, part, data) VALUES (?, ?, ?)",
                    ((sha256, place, part) for place, part in enumerate(self._foreign.parts(sha256))),
                )

    # ---- the rows

    def _settle(self, connection: Connection, last: int) -> None:
        """Bring every touched cell to its value: that of the greatest change, or null where it is erased."""
        erased: dict[_Row, dict[str, Value]] = defaultdict(dict)
        for table, row, name in self._new_tombstones:
            erased[table, row][name] = None
        rows_of: dict[str, list[str]] = defaultdict(list)
        for table, row in dict.fromkeys((*self._theirs, *erased)):
            rows_of[table].append(row)
        for table, rows in rows_of.items():
            present = {
                row
                for (row,) in connection.execute(
                    f"SELECT id FROM {table} WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(rows),)
                )
            }
            for row in rows:
                theirs = self._theirs.get((table, row), {})
                if row in present:
                    values = erased.get((table, row), {}) | self._winning(connection, table, row, theirs, last)
                    history.set_fields(connection, table, row, values)
                else:
                    self._bear(connection, table, row, theirs)
            self._touched[table].update(rows)
        for table, rows in rows_of.items():
            self._check_references(connection, table, rows)

    def _bear(self, connection: Connection, table: str, row: str, theirs: Mapping[str, _Top]) -> None:
        if "deleted" not in theirs:
            raise self._foreign.unsound(f"a row of {table} without a beginning")
        values = {name: theirs[name].value for name in sorted(theirs) if (table, row, name) not in self._buried}
        columns = ", ".join(("id", *values))
        marks = ", ".join("?" for _ in range(len(values) + 1))
        connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", (row, *values.values()))
        self._born[table].add(row)

    def _winning(
        self, connection: Connection, table: str, row: str, theirs: Mapping[str, _Top], last: int
    ) -> dict[str, Value]:
        """Those values of theirs that win over ours; what both sides changed goes to `conflicts`."""
        ours: dict[str, _Top] = {}
        shared: dict[str, _Top] = {}
        for name, value, counter, commit in connection.execute(
            "SELECT c.field, c.value, k.counter, k.id FROM changes c JOIN commits k ON k.n = c.commit_n "
            "WHERE c.row = ? AND c.tbl = ? AND c.commit_n <= ? ORDER BY k.counter, k.id",
            (row, table, last),
        ):
            ours[name] = _Top(counter, commit, value)
            if commit in self._foreign.commits:
                shared[name] = ours[name]
        changed_here = {name for name, mine in ours.items() if mine.commit not in self._foreign.commits}
        values: dict[str, Value] = {}
        for name, top in theirs.items():
            if (table, row, name) in self._buried:
                continue
            mine = ours.get(name, _Top(0, CommitId(""), None))
            wins = top[:2] > mine[:2]
            if wins:
                values[name] = top.value
            if name in changed_here and top[:2] > shared.get(name, _Top(0, CommitId(""), None))[:2]:
                self._conflict(table, row, name, mine.value, top.value, wins=wins)
        # Binned on one side and worked on by the other: the cells differ, but the analysts do not agree.
        if "deleted" in theirs and "deleted" not in changed_here and theirs["deleted"].value and changed_here:
            self._conflict(table, row, "deleted", ours["deleted"].value, 1, wins="deleted" in values)
        elif "deleted" in changed_here and "deleted" not in theirs and ours["deleted"].value and theirs:
            self._conflict(table, row, "deleted", 1, shared["deleted"].value, wins=False)
        return values

    def _conflict(self, table: str, row: str, name: str, ours: Value, theirs: Value, *, wins: bool) -> None:
        if ours != theirs:
            self.conflicts.append(Conflict(table, row, name, ours, theirs, "theirs" if wins else "ours"))

    def _check_references(self, connection: Connection, table: str, rows: list[str]) -> None:
        for name, target in schema.RECORDED[table].points_at.items():
            if connection.execute(
                f"SELECT 1 FROM {table} t WHERE id IN (SELECT value FROM json_each(?)) AND {name} IS NOT NULL "
                f"AND NOT EXISTS (SELECT 1 FROM {target} WHERE id = t.{name}) LIMIT 1",
                (json.dumps(rows),),
            ).fetchone():
                raise self._foreign.unsound(f"{table}.{name} points at nothing")

    # ---- the outcome

    def outcome(self, kept: Path) -> Merged:
        """What to tell, once the transaction is committed."""
        born = self._born.get("articles", set())
        numbers = self._library.query(
            "SELECT number FROM articles WHERE deleted = 0 AND number IN "
            "(SELECT number FROM articles WHERE id IN (SELECT value FROM json_each(?))) "
            "GROUP BY number HAVING count(*) > 1 ORDER BY number",
            (json.dumps(sorted(self._touched.get("articles", set()))),),
        )
        return Merged(self.taken, len(born), tuple(self.conflicts), tuple(str(number) for (number,) in numbers), kept)


def _frozen(rows: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {table: frozenset(ids) for table, ids in rows.items()}
