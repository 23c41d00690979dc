from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ui.offsets import Offsets

TEXTS = st.text(st.sampled_from("a\u0301 ก่\u1780\u17d2\n王😀👩\u200d🚀𝒳"), max_size=40)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(TEXTS)
def test_each_offset_is_the_length_of_what_stands_before_it_in_utf16(text: str) -> None:
    offsets = Offsets(text)
    assert [offsets.to_units(point) for point in range(len(text) + 1)] == [
        units(text[:point]) for point in range(len(text) + 1)
    ]
    assert offsets.units == units(text)


@given(TEXTS)
def test_there_and_back_is_the_same_offset(text: str) -> None:
    offsets = Offsets(text)
    for point in range(len(text) + 1):
        assert offsets.to_points(offsets.to_units(point)) == point


@given(TEXTS)
def test_an_offset_inside_a_surrogate_pair_is_that_of_its_character(text: str) -> None:
    offsets = Offsets(text)
    for point, character in enumerate(text):
        if character > "\uffff":
            assert offsets.to_points(offsets.to_units(point) + 1) == point


def test_offsets_beyond_the_ends_are_the_ends() -> None:
    offsets = Offsets("a😀b")
    assert (offsets.to_units(-3), offsets.to_units(9)) == (0, 4)
    assert (offsets.to_points(-3), offsets.to_points(9)) == (0, 3)
