"""The plain records that cross the program's rooms; ids are NewTypes of text uuids."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NewType

ArticleId = NewType("ArticleId", str)
DossierId = NewType("DossierId", str)
SourceId = NewType("SourceId", str)
TagId = NewType("TagId", str)
SpellingId = NewType("SpellingId", str)
MentionId = NewType("MentionId", str)
NoteId = NewType("NoteId", str)
CommitId = NewType("CommitId", str)
Sha256 = NewType("Sha256", str)
"""Lower-case hexadecimal, 64 characters."""

Basis = Literal["stated", "inferred", "analyst"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one working text, after the W3C Web Annotation position and quote selectors.

    `start` and `stop` count Unicode code points of the text whose SHA-256 is `text`; `stop` is excluded. `exact` is
    the text between them, `prefix` and `suffix` up to 32 code points before and after. A region of a page or picture
    alone has start = stop = 0, an empty `exact` and `text` = the SHA-256 of the original; `box` is left, top, right,
    bottom in millionths of the page or picture as displayed, origin top left. `page` counts from 1.
    """

    text: Sha256
    start: int
    stop: int
    exact: str
    prefix: str = ""
    suffix: str = ""
    page: int | None = None
    box: tuple[int, int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A value read from an article and where it was read: a passage of its text, or a metadata field of its file."""

    value: str
    basis: Basis = "stated"
    passage: Passage | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class DateFact:
    """A date as EDTF (ISO 8601-2 level 0/1), or the bounds of an unknown one, with what it rests on.

    `edtf` is null when the date is unknown; `bounds` is then an EDTF interval with an open end (`../2025-02-01`,
    `2025-06-20/..`) or a closed one, or null. `low` and `high` are ISO days for sorting and filters, both included,
    null at an open end. `printed` is the text as printed. `basis` is the basis of the date, else of its bounds.
    """

    edtf: str | None
    bounds: str | None = None
    low: str | None = None
    high: str | None = None
    printed: str = ""
    basis: Basis | None = None
    passage: Passage | None = None
    field: str | None = None
    warnings: tuple[str, ...] = ()
    year_from: tuple[ArticleId, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """What a reader makes of one file: plain data that crosses from a worker process.

    `parts` are the original's bytes in order, each part at most 1 MiB before compression; `compressed` says whether
    they are zlib streams. `text` obeys text rule 1 (`text/canonical.py`). Times are UTC, ISO 8601 to the second.
    `warnings` are codes of `phrases`.
    """

    sha256: Sha256
    size: int
    file_name: str
    media_type: str
    parts: tuple[bytes, ...]
    compressed: bool
    text: str
    text_sha256: Sha256
    reader: str
    encoding: str | None = None
    title: Fact | None = None
    publisher: Fact | None = None
    origin: Fact | None = None
    place: Fact | None = None
    language: Fact | None = None
    published: DateFact | None = None
    captured: str | None = None
    captured_from: str | None = None
    address: str | None = None
    warnings: tuple[str, ...] = ()
    text_key: str = ""
    """SHA-256 of the folded text with white space collapsed: equal for "the same text"; empty for no text."""
    names: tuple[str, ...] = field(default=())
    """Names of several words and acronyms, folded: only for texts whose date lacks its year."""
