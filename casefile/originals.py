"""Originals: the files as received that a case file was made from, and the receipts that say how each came here."""

from __future__ import annotations

from dataclasses import dataclass

from casefile.door import Library
from casefile.records import ArticleId, Sha256


@dataclass(frozen=True, slots=True)
class Receipt:
    """One coming in: when (UTC), from whom, and how (`file` or `paste`)."""

    received: str
    from_whom: str | None
    how: str


@dataclass(frozen=True, slots=True)
class Original:
    """A file as received. `size` in bytes; `captured` (UTC) is when it was taken at its source, `address` where."""

    id: str
    sha256: Sha256
    file_name: str
    media_type: str
    size: int
    reader: str
    encoding: str | None
    address: str | None
    captured: str | None
    captured_from: str | None
    receipts: tuple[Receipt, ...]


def of_article(library: Library, article: ArticleId) -> list[Original]:
    """The article's originals, the first received first, each with its receipts in the order they came."""
    return [
        Original(row[0], Sha256(row[1]), *row[2:], receipts=_receipts(library, row[0]))
        for row in library.query(
            "SELECT id, sha256, file_name, media_type, size, reader, encoding, address, captured, captured_from "
            "FROM originals WHERE article = ? AND deleted = 0 ORDER BY n",
            (article,),
        )
    ]


def _receipts(library: Library, original: str) -> tuple[Receipt, ...]:
    rows = library.query(
        "SELECT received, from_whom, how FROM receipts WHERE original = ? AND deleted = 0 ORDER BY n", (original,)
    )
    return tuple(Receipt(*row) for row in rows)
