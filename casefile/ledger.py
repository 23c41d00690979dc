"""The log read as a stream of whole commits, each held against its own id: for verifying, and before a merge."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, cast

from casefile.custody import DIGEST_VERSION, Cell, CommitHead, canonical_json, commit_id, value_digest
from casefile.driver import Connection
from casefile.records import CommitId

Fault = Literal["unknown_digest_version", "altered"]

Change = tuple[str, str, str, Any, bytes | None, bytes | None]
"""Table, row, field, value, salt, digest: as stored, so of any type in a file that somebody made by hand."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit as it lies in the log. `fault` says why its id can't be believed, or is None."""

    n: int
    id: CommitId
    version: int
    head: CommitHead
    changes: list[Change]
    tombstones: list[Cell]
    fault: Fault | None


def lenient(data: bytes) -> str:
    """Text of a file that may be made by hand: what is no UTF-8 becomes lone surrogates, which no digest fits."""
    return data.decode("utf-8", "surrogateescape")


def read(connection: Connection, numbers: Iterable[int] | None = None) -> Iterator[Commit]:
    """Every commit in the order of its number here, or those with the numbers given; one at a time in memory."""
    buried: dict[str, list[Cell]] = {}
    for commit, *cell in connection.execute("SELECT commit_id, tbl, row, field FROM tombstones"):
        buried.setdefault(commit, []).append(cast(Cell, tuple(cell)))
    if numbers is None:
        numbers = (n for (n,) in connection.execute("SELECT n FROM commits ORDER BY n"))
    for n in numbers:
        made, version, schema, counter, time, analyst, action, params = connection.execute(
            "SELECT id, version, schema, counter, time, analyst, action, params FROM commits WHERE n = ?", (n,)
        ).fetchone()
        parents = tuple(
            parent for (parent,) in connection.execute("SELECT parent FROM parents WHERE child = ?", (made,))
        )
        changes: list[Change] = connection.execute(
            "SELECT tbl, row, field, value, salt, digest FROM changes WHERE commit_n = ? ORDER BY ord", (n,)
        ).fetchall()
        tombstones = buried.get(made, [])
        held = _parameters(params)
        head = CommitHead(schema, parents, counter, time, analyst, action, held or {})
        fault: Fault | None = None
        if version != DIGEST_VERSION:
            fault = "unknown_digest_version"
        elif held is None or not _is_whole(made, head, changes, tombstones):
            fault = "altered"
        yield Commit(n, made, version, head, changes, tombstones, fault)


def _parameters(stored: object) -> dict[str, Any] | None:
    """The parameters, or None if they are not the canonical JSON of an object: another spelling has another digest."""
    if not isinstance(stored, str):
        return None
    try:
        held: Any = json.loads(stored)
        return (
            cast("dict[str, Any]", held)
            if type(held) is dict and canonical_json(cast(object, held)) == stored
            else None
        )
    except (ValueError, TypeError, RecursionError):
        return None


def _is_whole(made: str, head: CommitHead, changes: list[Change], tombstones: list[Cell]) -> bool:
    try:
        digests = [(table, row, name, _digest(value, salt, kept)) for table, row, name, value, salt, kept in changes]
        # The same cell twice would leave open which value is the commit's.
        return len({line[:3] for line in digests}) == len(digests) and commit_id(head, digests, tombstones) == made
    except (TypeError, ValueError, AttributeError):
        return False  # A value of a type that the log never holds.


def _digest(value: Any, salt: bytes | None, kept: bytes | None) -> bytes:
    if kept is not None:
        if value is not None or salt is not None or len(kept) != 32:
            raise ValueError("erased, and not erased")
        return kept
    if not isinstance(salt, bytes) or isinstance(value, float | bytes):
        raise TypeError("no value of the log")
    return value_digest(salt, value)
