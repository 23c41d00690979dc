"""All recorded rows as plain data: what "the same state" of two libraries means (docs/format.md §8)."""

from __future__ import annotations

from collections.abc import Iterator

from casefile import schema
from casefile.custody import Value
from casefile.door import Library


def recorded_rows(library: Library) -> Iterator[tuple[str, str, dict[str, Value]]]:
    """Table, id and fields of every recorded row that is not in the Bin, sorted by table and id; never `n`."""
    for table in sorted(schema.RECORDED):
        names = schema.RECORDED[table].fields
        for row, *values in library.query(f"SELECT id, {', '.join(names)} FROM {table} WHERE deleted = 0 ORDER BY id"):
            yield table, row, dict(zip(names, values, strict=True))
