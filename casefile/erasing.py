"""Erasing for good: values go from log, tables, index and file; their digests stay, so that the log still verifies.

docs/format.md §9 is the law. What is erased here may still lie in backups, packages and issued briefs.
"""

from __future__ import annotations

from collections.abc import Iterable

from casefile import content, schema
from casefile.custody import Cell, value_digest
from casefile.door import Library
from casefile.driver import Connection
from casefile.errors import CasefileError


def erase_values(library: Library, cells: Iterable[Cell]) -> None:
    """Erase every value that the cells (table, row, field) ever had, in one step or the step that runs.

    Each field becomes null, a tombstone keeps it so through every merge, and neither undo nor redo brings it back. A
    text or original that no value names any more goes too. The row itself stays; to bin it is the caller's choice.
    Cells erased before are passed over. Once the step is committed the library's file is made anew, and the bytes are
    nowhere in it. Raises CasefileError "no_such_cell" with nothing erased; LibraryUnusable "traces_left" with all
    erased but the file not made anew: erasing the same cells again then tries that again.
    """
    with library.step("erase"), library.derive() as connection:
        fresh = [cell for cell in dict.fromkeys(cells) if not _is_erased(connection, cell)]
        for table, row, name in fresh:
            library.change(table, row, **{name: None})
        forget(connection, fresh)
        library.bury(fresh)


def _is_erased(connection: Connection, cell: Cell) -> bool:
    table, row, name = cell
    # `deleted` is no value of anybody's; a row that is gone for good keeps it, or it would come back to the lists.
    if table not in schema.RECORDED or name not in schema.RECORDED[table].fields:
        raise CasefileError("no_such_cell", table=table, row=row, field=name)
    if connection.execute(f"SELECT 1 FROM {table} WHERE id = ?", (row,)).fetchone() is None:
        raise CasefileError("no_such_cell", table=table, row=row, field=name)
    return (
        connection.execute("SELECT 1 FROM tombstones WHERE tbl = ? AND row = ? AND field = ?", cell).fetchone()
        is not None
    )


def forget(connection: Connection, cells: Iterable[Cell]) -> None:
    """Take values and salts of the cells out of the log, keep their digests, and drop content that this leaves unnamed.

    The caller holds the transaction that also writes the tombstones.
    """
    contents: set[tuple[str, str]] = set()
    for table, row, name in cells:
        found = connection.execute(
            "SELECT commit_n, ord, value, salt FROM changes WHERE row = ? AND tbl = ? AND field = ? AND digest IS NULL",
            (row, table, name),
        ).fetchall()
        connection.executemany(
            "UPDATE changes SET value = NULL, salt = NULL, digest = ? WHERE commit_n = ? AND ord = ?",
            [(value_digest(salt, value), commit, place) for commit, place, value, salt in found],
        )
        kind = schema.NAMES_CONTENT.get((table, name))
        if kind is not None:
            contents.update((kind, value) for _, _, value, _ in found if value is not None)
    if contents:
        content.drop_unnamed(connection, contents)
