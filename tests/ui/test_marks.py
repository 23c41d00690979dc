from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ui.panes.marks import Mark, Sort, sweep, within


def mark(start: int, stop: int, sort: Sort = "mention", key: str = "") -> Mark:
    return Mark(start, stop, sort, key, "person", f"{sort} {start}-{stop}")


@st.composite
def marks(draw: st.DrawFn) -> list[Mark]:
    count = draw(st.integers(0, 12))
    made = []
    for key in range(count):
        start = draw(st.integers(0, 30))
        sort: Sort = draw(st.sampled_from(("mention", "suggestion", "note")))
        made.append(mark(start, start + draw(st.integers(0, 12)), sort, str(key)))
    return made


@given(marks())
def test_every_place_is_under_just_the_marks_that_cover_it(given_marks: list[Mark]) -> None:
    spans = sweep(given_marks)
    for place in range(45):
        wanted = {each.key for each in given_marks if each.start <= place < each.stop}
        found = [span for span in spans if span.start <= place < span.stop]
        assert len(found) <= 1
        shown = {each.key for span in found for each in (*span.notes, *(one for _, one in span.lines))}
        assert shown == wanted


@given(marks())
def test_spans_stand_in_order_and_a_mark_keeps_its_lane_to_itself(given_marks: list[Mark]) -> None:
    spans = sweep(given_marks)
    assert all(one.stop <= other.start for one, other in pairwise(spans))
    lanes: dict[str, int] = {}
    for span in spans:
        assert span.start < span.stop
        assert len({lane for lane, _ in span.lines}) == len(span.lines)
        for lane, each in span.lines:
            assert lanes.setdefault(each.key, lane) == lane


@given(marks(), st.integers(0, 40), st.integers(1, 20))
def test_spans_within_a_stretch_are_those_that_reach_into_it(given_marks: list[Mark], start: int, length: int) -> None:
    spans = sweep(given_marks)
    stop = start + length
    assert list(within(spans, start, stop)) == [span for span in spans if span.start < stop and span.stop > start]


def test_a_name_inside_a_name_gets_a_lane_below_and_a_note_takes_none() -> None:
    spans = sweep([mark(0, 20, "note", "n"), mark(0, 20, "mention", "outer"), mark(5, 9, "suggestion", "inner")])
    assert [(span.start, span.stop, [(lane, m.key) for lane, m in span.lines]) for span in spans] == [
        (0, 5, [(0, "outer")]),
        (5, 9, [(0, "outer"), (1, "inner")]),
        (9, 20, [(0, "outer")]),
    ]
    assert all([m.key for m in span.notes] == ["n"] for span in spans)


def test_a_lane_that_was_left_is_taken_again() -> None:
    spans = sweep([mark(0, 5, key="a"), mark(5, 9, key="b")])
    assert [[lane for lane, _ in span.lines] for span in spans] == [[0], [0]]
