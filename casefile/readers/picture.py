"""Pictures: kept as received, without text; reading what they show is the analyst's work."""

from __future__ import annotations

from casefile.readers.reading import Reading

NAME = "picture"


def read(data: bytes, name: str) -> Reading:
    """Return an empty text: nothing inside a picture is read, so nothing inside it can do harm."""
    del data, name
    return Reading(text="", reader=NAME)
