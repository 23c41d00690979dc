"""The schemes' data against the standards' own values, and what the program may not do with them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile import schemes
from casefile.errors import CasefileError

TLP = ("TLP:RED", "TLP:AMBER+STRICT", "TLP:AMBER", "TLP:GREEN", "TLP:CLEAR")


def test_every_scheme_in_the_folder_can_be_read():
    assert set(schemes.names()) >= {"tlp", "admiralty", "uk-3x5x2", "icd203", "phia"}
    for name in schemes.names():
        assert schemes.load(name).name


def test_tlp_has_its_five_labels_and_colours_strictest_first():
    tlp = schemes.marking()
    assert tuple(label.code for label in tlp.labels) == TLP
    assert [label.colour for label in tlp.labels] == ["#FF2B2B", "#FFC000", "#FFC000", "#33FF00", "#FFFFFF"]
    assert tlp.background == "#000000"


def test_red_asks_for_names_and_strict_for_the_organisation():
    asked = {label.code: label.asks_for for label in schemes.marking().labels if label.asks_for}
    assert asked == {"TLP:RED": "named recipients", "TLP:AMBER+STRICT": "the organisation"}


@given(st.lists(st.sampled_from(TLP), min_size=1))
def test_nothing_marked_is_stricter_than_the_strictest(codes: list[str]):
    strictest = schemes.marking().strictest(codes)
    assert strictest in codes
    assert all(TLP.index(strictest) <= TLP.index(code) for code in codes)


def test_amber_strict_is_stricter_than_amber_though_it_sorts_after_it():
    assert schemes.marking().strictest(["TLP:AMBER", "TLP:CLEAR", "TLP:AMBER+STRICT"]) == "TLP:AMBER+STRICT"


def test_the_old_white_becomes_clear():
    assert schemes.marking().label("TLP:WHITE").code == "TLP:CLEAR"
    assert schemes.marking().strictest(["TLP:WHITE"]) == "TLP:CLEAR"


def test_a_brief_of_nothing_marked_may_go_to_everyone():
    assert schemes.marking().strictest([]) == "TLP:CLEAR"


@pytest.mark.parametrize("code", ["", "RED", "TLP: RED", "SECRET", "TLP:ROT"])
def test_an_unknown_marking_is_refused_and_never_ranked(code: str):
    with pytest.raises(CasefileError) as told:
        schemes.marking().strictest(["TLP:CLEAR", code])
    assert told.value.code == "unknown_marking"
    assert "{" not in str(told.value) and str(told.value) != "unknown_marking"


def test_the_admiralty_grades_say_what_the_standard_says():
    reliability, credibility = schemes.grading().axes
    assert "".join(grade.code for grade in reliability.grades) == "ABCDEF"
    assert "".join(grade.code for grade in credibility.grades) == "123456"
    assert (reliability.of, credibility.of) == ("source", "case file")
    assert reliability.words("F") == "Reliability cannot be judged"
    assert credibility.words("6") == "Truth cannot be judged"


@given(st.sampled_from("ABCDEF"), st.sampled_from("123456"))
def test_a_grade_is_a_letter_and_a_digit(letter: str, digit: str):
    assert schemes.parse_grade(letter + digit) == (letter, digit)
    assert schemes.parse_grade(f" {letter.lower()} {digit}") == (letter, digit)


@pytest.mark.parametrize("text", ["", "B", "2", "2B", "G1", "A0", "A7", "B22", "– –", "not graded", "B²"])
def test_what_is_no_grade_is_refused(text: str):
    with pytest.raises(CasefileError) as told:
        schemes.parse_grade(text)
    assert told.value.code == "unknown_grade"
    assert "Admiralty" in str(told.value)


def test_the_uk_scheme_has_three_axes_and_no_digit_of_truth():
    uk = schemes.grading("uk-3x5x2")
    assert [axis.name for axis in uk.axes] == ["Source", "How the source knows", "Handling"]
    assert uk.parse("1A P") == ("1", "A", "P")
    assert uk.axes[2].grades[1].asks_for == "the conditions"
    with pytest.raises(CasefileError):
        uk.parse("B2")


def test_icd_203_gives_two_rows_for_seven_ranges_without_gaps():
    icd = schemes.likelihood()
    assert [(term.low, term.high) for term in icd.terms] == [
        (1, 5),
        (5, 20),
        (20, 45),
        (45, 55),
        (55, 80),
        (80, 95),
        (95, 99),
    ]
    assert all(len(term.words) == 2 for term in icd.terms)
    assert icd.confidence == ("High", "Moderate", "Low")


def test_phia_keeps_its_gaps_and_an_open_end_at_fifty():
    phia = schemes.likelihood("phia")
    assert [(term.low, term.high) for term in phia.terms] == [
        (0, 5),
        (10, 20),
        (25, 35),
        (40, 50),
        (55, 75),
        (80, 90),
        (95, 100),
    ]
    assert [term.words[0] for term in phia.terms if term.high_excluded] == ["realistic possibility"]


@pytest.mark.parametrize("name", ["nato", "../phrases/en", "", "TLP"])
def test_a_scheme_that_is_not_there_is_told(name: str):
    with pytest.raises(CasefileError) as told:
        schemes.load(name)
    assert told.value.code == "unknown_scheme"


def test_a_marking_is_not_taken_for_a_grading():
    with pytest.raises(CasefileError) as told:
        schemes.grading("tlp")
    assert told.value.code == "unknown_scheme"
