"""Plain text files and pasted text."""

from __future__ import annotations

from casefile.readers.reading import Reading
from casefile.text import canonical

NAME = "plain"


def read(data: bytes, name: str) -> Reading:
    """Return the decoded text; bytes that fit no encoding become U+FFFD, with a warning. `name` is for refusals."""
    del name
    decoded = canonical.decode(data)
    return Reading(
        text=decoded.text,
        reader=NAME,
        encoding=decoded.encoding,
        warnings=("decoded_with_replacement",) if decoded.replaced else (),
    )
