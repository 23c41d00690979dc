"""Marks: mentions, suggestions and notes laid side by side where they overlap. Pure; knows no Qt and no library."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Sort = Literal["mention", "suggestion", "note"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a text to be marked; `stop` is excluded, the unit is the caller's.

    `token` names the colour: the kind of a tag, or "note". `words` tell what the mark is.
    """

    start: int
    stop: int
    sort: Sort
    key: str
    token: str
    words: str


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch under one set of marks: notes tint it, mentions and suggestions underline it, each on its lane."""

    start: int
    stop: int
    notes: tuple[Mark, ...]
    lines: tuple[tuple[int, Mark], ...]

    @property
    def words(self) -> list[str]:
        """What each of its marks is: mentions and suggestions from the upper lane down, then notes."""
        return [mark.words for _, mark in self.lines] + [mark.words for mark in self.notes]


def sweep(marks: Iterable[Mark]) -> list[Span]:
    """The spans, in order and without overlap, that together show all marks; empty marks are left out.

    A mark keeps its lane from start to stop: the uppermost that is free where it begins. Costs n log n for n marks,
    and what overlaps.
    """
    waiting = sorted(
        (mark for mark in marks if mark.start < mark.stop), key=lambda mark: (mark.start, -mark.stop, mark.key)
    )
    open_marks: list[tuple[int, int, Mark, int | None]] = []
    lanes: set[int] = set()
    spans: list[Span] = []
    position = 0
    count = 0
    while count < len(waiting) or open_marks:
        ends = open_marks[0][0] if open_marks else None
        starts = waiting[count].start if count < len(waiting) else None
        here = min(edge for edge in (ends, starts) if edge is not None)
        if open_marks and position < here:
            spans.append(_span(position, here, open_marks))
        position = here
        while open_marks and open_marks[0][0] == here:
            lane = heapq.heappop(open_marks)[3]
            if lane is not None:
                lanes.discard(lane)
        while count < len(waiting) and waiting[count].start == here:
            mark = waiting[count]
            lane = None
            if mark.sort != "note":
                lane = next(lane for lane in range(len(lanes) + 1) if lane not in lanes)
                lanes.add(lane)
            heapq.heappush(open_marks, (mark.stop, count, mark, lane))
            count += 1
    return spans


def _span(start: int, stop: int, open_marks: Iterable[tuple[int, int, Mark, int | None]]) -> Span:
    present = sorted(open_marks, key=lambda entry: entry[1])
    return Span(
        start,
        stop,
        tuple(mark for _, _, mark, lane in present if lane is None),
        tuple(sorted(((lane, mark) for _, _, mark, lane in present if lane is not None), key=lambda pair: pair[0])),
    )


def within(spans: Sequence[Span], start: int, stop: int) -> Sequence[Span]:
    """Those of the spans that reach into the stretch."""
    first = bisect_right(spans, start, key=lambda span: span.stop)
    last = first
    while last < len(spans) and spans[last].start < stop:
        last += 1
    return spans[first:last]
