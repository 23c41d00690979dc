"""Content: originals and texts by their SHA-256, read part by part, and dropped once no field names them."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator

from casefile import schema
from casefile.driver import Connection

PART_LIMIT = 1024 * 1024
"""Bytes that a part of an original may hold before compression (docs/format.md §13)."""


def parts(connection: Connection, sha256: str) -> Iterator[bytes]:
    """The stored parts of an original in their order, as they lie in the library."""
    for (data,) in connection.execute("SELECT data FROM blob_parts WHERE sha256 = ? ORDER BY part", (sha256,)):
        yield data


def unpacked(stored: Iterable[object], *, compressed: bool) -> Iterator[bytes]:
    """The parts as received. Raises ValueError for one that is no bytes or zlib stream, or holds more than it may."""
    for data in stored:
        if not isinstance(data, bytes):
            raise ValueError("not bytes")
        received = _opened(data) if compressed else data
        if len(received) > PART_LIMIT:
            raise ValueError("a part too large")
        yield received


def _opened(data: bytes) -> bytes:
    stream = zlib.decompressobj()
    try:
        # One byte more than allowed tells a part that swells, without unpacking all of it.
        received = stream.decompress(data, PART_LIMIT + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if not stream.eof or stream.unused_data:
        raise ValueError("not one whole stream")
    return received


def digest(received: Iterable[bytes], *, limit: int | None = None) -> tuple[str, int]:
    """SHA-256 and size of the bytes given part by part. Raises ValueError for more than `limit` bytes."""
    hashed, size = hashlib.sha256(), 0
    for data in received:
        hashed.update(data)
        size += len(data)
        if limit is not None and size > limit:
            raise ValueError("too large")
    return hashed.hexdigest(), size


def drop_unnamed(connection: Connection, candidates: Iterable[tuple[str, str]]) -> None:
    """Delete those of the contents (table, SHA-256) that no value of the log names any more, while erasing.

    The log decides, not the rows as they stand: what undo or the Bin can bring back must find its content.
    """
    wanted: dict[str, set[str]] = defaultdict(set)
    for kind, sha256 in candidates:
        wanted[kind].add(sha256)
    with schema.content_unguarded(connection):
        for kind, unnamed in wanted.items():
            named_in = " OR ".join(
                f"(tbl = '{table}' AND field = '{name}')"
                for (table, name), of in schema.NAMES_CONTENT.items()
                if of == kind
            )
            named = connection.execute(
                f"SELECT DISTINCT value FROM changes WHERE ({named_in}) AND value IN (SELECT value FROM json_each(?))",
                (json.dumps(sorted(unnamed)),),
            )
            unnamed.difference_update(row[0] for row in named)
            for table in ("blob_parts", "blobs") if kind == "blobs" else (kind,):
                connection.executemany(f"DELETE FROM {table} WHERE sha256 = ?", [(sha256,) for sha256 in unnamed])
