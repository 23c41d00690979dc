"""Paragraphs: the numbers in the reader's margin and in a citation are the same ones."""

from __future__ import annotations

import re
from bisect import bisect_right

# Working texts have LF alone for line ends (text rule 1); a line with ink on it is a paragraph.
_INK = re.compile(r"^[^\n]*\S[^\n]*", re.MULTILINE)


def starts(text: str) -> list[int]:
    """Where each paragraph starts, in code points; blank lines are none."""
    return [match.start() for match in _INK.finditer(text)]


def number_at(text: str, position: int) -> int:
    """The number, from 1, of the paragraph that the position stands in or after; 1 before the first."""
    return max(1, bisect_right(starts(text), position))
