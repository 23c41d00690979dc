"""What a worker hands over: the article as read, and what the search index takes of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from casefile.readers import choose
from casefile.records import ReadArticle
from casefile.text import fold


@dataclass(frozen=True, slots=True)
class Ready:
    """An article ready to be brought in; `index_text` is `fold.index_text` of its text."""

    read: ReadArticle
    index_text: str


def from_file(path: Path) -> Ready:
    """The file, read and ready. Raises Refused as `choose.read` does."""
    return from_read(choose.read(path))


def from_text(text: str | bytes, *, file_name: str) -> Ready:
    """Pasted text, or bytes from a pipe, read and ready. Raises Refused as `choose.read_text` does."""
    return from_read(choose.read_text(text, file_name=file_name))


def from_read(read: ReadArticle) -> Ready:
    """The article as read, ready."""
    return Ready(read, fold.index_text(read.text))
