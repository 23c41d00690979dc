"""What a step touched: the one notice that every view refreshes by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from casefile.records import CommitId


@dataclass(frozen=True, slots=True)
class Changes:
    """The ids of the rows that a step, an undo, a redo or a merge touched, by table.

    `born` are those among them that were new. `commit` is null where nothing was recorded (a merge that only took
    over).
    """

    action: str
    rows: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    born: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    commit: CommitId | None = None
    skipped: tuple[tuple[str, str, str], ...] = ()
    """Cells (table, row, field) that an undo or redo left alone, because they had changed since."""

    def touches(self, *tables: str, row: str | None = None) -> bool:
        """Whether any of the tables changed, or in them the one row."""
        return any(
            ids and (row is None or row in ids) for ids in (self.rows.get(table, frozenset()) for table in tables)
        )

    def __bool__(self) -> bool:
        return any(self.rows.values())
