"""The change log: steps become commits, jobs are undone and redone, fields tell their past. docs/format.md §7, §8."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from casefile import schema
from casefile.changes import Changes
from casefile.custody import DIGEST_VERSION, Cell, CommitHead, Value, canonical_json, commit_id, value_digest
from casefile.driver import Connection
from casefile.errors import CasefileError
from casefile.records import CommitId

SALT_BYTES = 16
UNDO, REDO = "undo", "redo"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a cell's log says of one change: its value and the commit that made it. Order is (counter, commit)."""

    value: Value
    counter: int
    commit: CommitId
    job: str
    action: str


@dataclass(slots=True)
class _Pending:
    """The cells that the triggers noted since the step began, with their values now."""

    cells: list[tuple[str, str, str, Value]] = field(default_factory=list[tuple[str, str, str, Value]])
    born: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def _pending(connection: Connection) -> _Pending:
    found = _Pending()
    updates: dict[tuple[str, str], dict[str, Value]] = {}
    born: set[tuple[str, str]] = set()
    for table, row, name, old in connection.execute("SELECT tbl, row, field, old FROM pending ORDER BY n"):
        if name is None:
            born.add((table, row))
            found.born[table].append(row)
        elif (table, row) not in born:
            updates.setdefault((table, row), {}).setdefault(name, old)
    for table in found.born:
        names = ("deleted", *schema.RECORDED[table].fields)
        columns = ", ".join(f"r.{name}" for name in names)
        for row, *values in connection.execute(
            f"SELECT r.id, {columns} FROM pending p JOIN {table} r ON r.id = p.row WHERE p.tbl = ? AND p.field IS NULL",
            (table,),
        ):
            found.cells.extend(
                (table, row, name, value) for name, value in zip(names, values, strict=True) if value is not None
            )
    for (table, row), olds in updates.items():
        columns = ", ".join(olds)
        values = connection.execute(f"SELECT {columns} FROM {table} WHERE id = ?", (row,)).fetchone()
        found.cells.extend(
            (table, row, name, value)
            for (name, old), value in zip(olds.items(), values, strict=True)
            if value != old or type(value) is not type(old)
        )
    return found


def mend_outside(connection: Connection) -> None:
    """Take back what another program wrote past the door and the log can't hold: fractions, bytes, erased cells filled.

    The cell gets back the value that stands in the log. All other such writes are left to be sealed.
    """
    for table, row in connection.execute("SELECT DISTINCT tbl, row FROM pending").fetchall():
        names = ("deleted", *schema.RECORDED[table].fields)
        values = connection.execute(f"SELECT {', '.join(names)} FROM {table} WHERE id = ?", (row,)).fetchone()
        standing = cell_log(connection, table, row)
        for name, value in zip(names, values, strict=True):
            erased = value is not None and is_erased(connection, (table, row, name))
            if erased or isinstance(value, bytes | float):
                back = standing[name][-1].value if name in standing else 0 if name == "deleted" else None
                set_fields(connection, table, row, {name: None if erased else back})


def heads(connection: Connection) -> tuple[CommitId, ...]:
    """The commits that no commit stands on, sorted; empty in a library without a step."""
    return tuple(CommitId(row[0]) for row in connection.execute("SELECT id FROM heads ORDER BY id"))


def seal(
    connection: Connection,
    *,
    action: str,
    params: Mapping[str, object],
    analyst: str,
    time: str,
    tombstones: Iterable[Cell] = (),
    entry: bool = False,
) -> Changes:
    """Make a commit of all that the triggers noted, and empty `pending`; inside the step's transaction.

    A step that changed nothing makes no commit, unless it is an `entry` or leaves tombstones. Raises CasefileError
    "erased" if a change touches what was erased for good.
    """
    pending = _pending(connection)
    if connection.execute("SELECT 1 FROM pending LIMIT 1").fetchone():
        connection.execute("DELETE FROM pending")
    buried = dict.fromkeys(tombstones)
    if not pending.cells and not buried and not entry:
        return Changes(action)
    _refuse_erased(connection, pending.cells, buried)
    # A cell that becomes null by being erased is told by its tombstone alone: a change would be one more trace of it.
    cells = [cell for cell in pending.cells if cell[:3] not in buried]
    parents = heads(connection)
    counter: int = connection.execute(
        "SELECT coalesce(max(counter), 0) + 1 FROM commits WHERE id IN (SELECT id FROM heads)"
    ).fetchone()[0]
    head = CommitHead(schema.VERSION, parents, counter, time, analyst, action, params)
    salts = os.urandom(SALT_BYTES * len(cells))
    rows: list[tuple[str, str, str, Value, bytes]] = []
    digests: list[tuple[str, str, str, bytes]] = []
    for place, (table, row, name, value) in enumerate(cells):
        salt = salts[place * SALT_BYTES : (place + 1) * SALT_BYTES]
        rows.append((table, row, name, value, salt))
        digests.append((table, row, name, value_digest(salt, value)))
    made = commit_id(head, digests, buried)
    number = write_head(connection, made, head)
    connection.executemany(
        "INSERT INTO changes (commit_n, ord, tbl, row, field, value, salt) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(number, place, *change) for place, change in enumerate(rows)],
    )
    connection.executemany("INSERT INTO tombstones VALUES (?, ?, ?, ?)", [(made, *cell) for cell in buried])
    connection.execute("DELETE FROM heads")
    connection.execute("INSERT INTO heads VALUES (?)", (made,))
    _remember(connection, made, params=params, analyst=analyst, action=action, changed=bool(rows), erases=bool(buried))
    touched: dict[str, set[str]] = defaultdict(set)
    for table, row, *_ in (*rows, *buried):
        touched[table].add(row)
    return Changes(
        action,
        {table: frozenset(ids) for table, ids in touched.items()},
        {table: frozenset(ids) for table, ids in pending.born.items()},
        made,
    )


def _refuse_erased(
    connection: Connection, cells: Iterable[tuple[str, str, str, Value]], buried: Container[Cell]
) -> None:
    if not buried and not connection.execute("SELECT 1 FROM tombstones LIMIT 1").fetchone():
        return
    for table, row, name, value in cells:
        if value is not None and ((table, row, name) in buried or is_erased(connection, (table, row, name))):
            raise CasefileError("erased", table=table, row=row)


def is_erased(connection: Connection, cell: Cell) -> bool:
    """Whether a tombstone names the cell."""
    return (
        connection.execute("SELECT 1 FROM tombstones WHERE tbl = ? AND row = ? AND field = ?", cell).fetchone()
        is not None
    )


def write_head(connection: Connection, made: CommitId, head: CommitHead) -> int:
    """Write a commit without its changes, with its parents; return its number here."""
    cursor = connection.execute(
        "INSERT INTO commits (id, version, schema, counter, time, analyst, action, params) VALUES (?,?,?,?,?,?,?,?)",
        (
            made,
            DIGEST_VERSION,
            head.schema,
            head.counter,
            head.time,
            head.analyst,
            head.action,
            canonical_json(head.params),
        ),
    )
    number = cursor.lastrowid
    assert number is not None
    connection.executemany("INSERT INTO parents VALUES (?, ?)", [(made, parent) for parent in head.parents])
    return number


def _remember(
    connection: Connection,
    made: CommitId,
    *,
    params: Mapping[str, object],
    analyst: str,
    action: str,
    changed: bool,
    erases: bool,
) -> None:
    job = str(params["job"])
    steps_on = changed and action not in (UNDO, REDO)
    # Erasing can't be undone, so undo must not offer it either.
    state = "standing" if steps_on and not erases else "aside"
    if steps_on:
        connection.execute("UPDATE made_here SET state = 'gone' WHERE analyst = ? AND state = 'undone'", (analyst,))
    connection.execute(
        "INSERT INTO made_here (commit_id, job, analyst, state) VALUES (?, ?, ?, ?)", (made, job, analyst, state)
    )


def cell_log(connection: Connection, table: str, row: str) -> dict[str, list[Standing]]:
    """All changes of a row by field, the one that stands last."""
    log: dict[str, list[Standing]] = defaultdict(list)
    for name, value, counter, commit, job, action in connection.execute(
        "SELECT c.field, c.value, k.counter, k.id, k.job, k.action FROM changes c JOIN commits k ON k.n = c.commit_n "
        "WHERE c.row = ? AND c.tbl = ? ORDER BY k.counter, k.id",
        (row, table),
    ):
        log[name].append(Standing(value, counter, CommitId(commit), job, action))
    return log


def latest_job(connection: Connection, analyst: str, state: str, running: Iterable[str] = ()) -> str | None:
    """The job that undo (state "standing") or redo (state "undone") would take next, or None."""
    skip = tuple(running)
    marks = ", ".join("?" for _ in skip)
    # The job that was worked on last, be it by a step, an undo or a redo: a job that ran was passed over meanwhile.
    found = connection.execute(
        "SELECT l.job FROM made_here l WHERE EXISTS (SELECT 1 FROM made_here WHERE analyst = ?1 AND state = ?2) "
        "AND EXISTS (SELECT 1 FROM made_here m WHERE m.job = l.job AND m.analyst = ?1 AND m.state = ?2) "
        f"AND l.job NOT IN ({marks}) ORDER BY l.n DESC LIMIT 1",
        (analyst, state, *skip),
    ).fetchone()
    return None if found is None else str(found[0])


def job_action(connection: Connection, job: str) -> tuple[str, dict[str, Any]]:
    """The action code and parameters that a job is named by: those of its first commit."""
    action, params = connection.execute(
        "SELECT action, params FROM commits WHERE job = ? ORDER BY n LIMIT 1", (job,)
    ).fetchone()
    return str(action), json.loads(params)


def _rows_of_job(connection: Connection, job: str) -> Iterator[tuple[str, str]]:
    yield from connection.execute(
        "SELECT DISTINCT c.tbl, c.row FROM commits k JOIN changes c ON c.commit_n = k.n "
        "WHERE k.job = ? AND k.action NOT IN (?, ?)",
        (job, UNDO, REDO),
    ).fetchall()


class _Effective:
    """Row logs as they count for the undo or redo of one job: the first changes of jobs that stand, and of that job.

    Undoing and redoing a job leaves it at its place, so their own changes don't count: when a job is done again after
    an earlier one was, it still comes after that.
    """

    def __init__(self, connection: Connection, job: str) -> None:
        self._connection = connection
        self._undone: dict[str, bool] = {job: False}

    def log(self, log: Mapping[str, list[Standing]]) -> dict[str, list[Standing]]:
        """The row's changes by field that count, the one that stands last; no field without such a change."""
        counted = {
            name: [
                change for change in changes if change.action not in (UNDO, REDO) and not self._is_undone(change.job)
            ]
            for name, changes in log.items()
        }
        return {name: changes for name, changes in counted.items() if changes}

    def _is_undone(self, job: str) -> bool:
        if job not in self._undone:
            (action,) = self._connection.execute(
                "SELECT action FROM commits WHERE job = ? ORDER BY counter DESC, id DESC LIMIT 1", (job,)
            ).fetchone()
            self._undone[job] = action == UNDO
        return self._undone[job]


def put_back(connection: Connection, job: str) -> tuple[Cell, ...]:
    """Give every cell of the job the value that would stand without it; return the cells skipped (changed since)."""
    skipped: list[Cell] = []
    effective = _Effective(connection, job)
    for table, row in _rows_of_job(connection, job):
        if _has_erased(connection, table, row):
            skipped.append((table, row, "deleted"))
            continue
        whole = cell_log(connection, table, row)
        log = effective.log(whole)
        if all(change.job == job for changes in log.values() for change in changes):
            set_fields(connection, table, row, {"deleted": 1})
            continue
        # Born in the job, or taken out of the Bin by it after the job that it was born in was undone.
        first = log.get("deleted", [None])[0]
        born_here = first is not None and first.job == job and first.value == 0
        values: dict[str, Value] = {}
        for name, changes in log.items():
            if all(change.job != job for change in changes):
                continue
            before = [change.value for change in changes if change.job != job]
            if changes[-1].job != job or (born_here and name == "deleted"):
                skipped.append((table, row, name))
            elif not born_here:
                values[name] = before[-1] if before else 0 if name == "deleted" else _kept_in_bin(whole, log, name)
        set_fields(connection, table, row, values)
    return tuple(skipped)


def _kept_in_bin(whole: Mapping[str, list[Standing]], log: Mapping[str, list[Standing]], name: str) -> Value:
    """What the field of a row has from its making, if that was undone and the row was then taken out of the Bin."""
    first = log.get("deleted", [None])[0]
    making = whole["deleted"][0].job
    if first is None or first.value != 0 or first.job == making:
        return None
    return next((change.value for change in reversed(whole[name]) if change.job == making), None)


def put_again(connection: Connection, job: str) -> tuple[Cell, ...]:
    """Give every cell of the job the value that the job gave it; return the cells skipped (changed since)."""
    skipped: list[Cell] = []
    effective = _Effective(connection, job)
    for table, row in _rows_of_job(connection, job):
        if _has_erased(connection, table, row):
            skipped.append((table, row, "deleted"))
            continue
        whole = cell_log(connection, table, row)
        values: dict[str, Value] = {}
        for name, changes in effective.log(whole).items():
            own = [change for change in changes if change.job == job]
            if own and changes[-1].job == job:
                values[name] = own[-1].value
            elif own:
                skipped.append((table, row, name))
        last = whole["deleted"][-1]
        if last.job == job and last.action == UNDO:
            # Undo binned the row although the job had not made it: nothing else that stood had worked on it.
            values.setdefault("deleted", 0)
        set_fields(connection, table, row, values)
    return tuple(skipped)


def _has_erased(connection: Connection, table: str, row: str) -> bool:
    found = connection.execute("SELECT 1 FROM tombstones WHERE tbl = ? AND row = ? LIMIT 1", (table, row)).fetchone()
    return found is not None


def set_fields(connection: Connection, table: str, row: str, values: Mapping[str, Value]) -> None:
    """Set fields of a recorded row; the triggers note what changes."""
    if values:
        settings = ", ".join(f"{name} = ?" for name in values)
        connection.execute(f"UPDATE {table} SET {settings} WHERE id = ?", (*values.values(), row))
