"""Offsets: the one place that converts code points of a text to Qt's UTF-16 code units and back."""

from __future__ import annotations

import re
from bisect import bisect_left

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


class Offsets:
    """Offsets into one text. Characters above U+FFFF, two units each in UTF-16, are looked up by bisection."""

    def __init__(self, text: str) -> None:
        self._length = len(text)
        # Kept apart from the text: a text of a megabyte with ten emoji needs ten numbers.
        self._points = [match.start() for match in _ASTRAL.finditer(text)]
        self._units = [point + before for before, point in enumerate(self._points)]

    @property
    def units(self) -> int:
        """The length of the text in UTF-16 code units."""
        return self._length + len(self._points)

    def to_units(self, point: int) -> int:
        """The UTF-16 offset of a code point offset; beyond the text's ends it is the end."""
        point = min(max(point, 0), self._length)
        return point + bisect_left(self._points, point)

    def to_points(self, unit: int) -> int:
        """The code point offset of a UTF-16 offset; inside a surrogate pair it is that of the pair's character."""
        unit = min(max(unit, 0), self.units)
        return unit - bisect_left(self._units, unit)
