"""Digests that tie the log together, and the function that takes a value out of it for good. docs/format.md §7, §9."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from casefile.records import CommitId

DIGEST_VERSION = 1
_FIRST_LINE = b"casefile commit 1\n"

Value = str | int | None
"""What a recorded field may hold."""

Cell = tuple[str, str, str]
"""Table, row id, field."""


def canonical_json(value: object) -> str:
    """The one JSON text of a value: no white space, keys sorted, non-ASCII as itself (docs/format.md §5)."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode("utf-8")


def value_digest(salt: bytes, value: Value) -> bytes:
    """The salted digest of a value, 32 bytes: without value and salt it tells nothing, and the graph still verifies."""
    if value is None:
        encoded = b"n"
    elif isinstance(value, int):
        encoded = b"i%d" % value
    else:
        encoded = b"s" + value.encode("utf-8")
    return hashlib.sha256(salt + encoded).digest()


@dataclass(frozen=True, slots=True)
class CommitHead:
    """Everything of a commit but its change rows. `time` is UTC; `params` holds codes, counts and ids only."""

    schema: int
    parents: tuple[CommitId, ...]
    counter: int
    time: str
    analyst: str
    action: str
    params: Mapping[str, object]


def commit_id(head: CommitHead, changes: Iterable[tuple[str, str, str, bytes]], tombstones: Iterable[Cell]) -> CommitId:
    """The commit's id: digest v1 over head, changes (table, row, field, value digest) and tombstones, in any order."""
    lines = sorted([table, row, field, digest.hex()] for table, row, field, digest in changes)
    content: Sequence[object] = [
        DIGEST_VERSION,
        head.schema,
        sorted(head.parents),
        head.counter,
        head.time,
        head.analyst,
        head.action,
        head.params,
        lines,
        sorted(list(cell) for cell in tombstones),
    ]
    return CommitId(hashlib.sha256(_FIRST_LINE + orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest())
