import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from casefile.text import fold

SCRIPTS = st.sampled_from(
    "aAéÉe\u0301\u0323đĐłøıİæÆßﬁŉǰΐςΣйЁ\u200b\u200c\u200d\u2060\ufeff\u00ad"
    " กำ\u0e4d\u0e32\u0e48\u0e38\u0e3aສ\u0ecd\u0ec9\u0eb2"
    "ស្ជា្\u17d2ကြောင့်\u1039中國々ガか\u3099한\u1112\u1161\u11ab\u0958\u0915\u093cअ👮🏽\u200d♀️🇹🇭\n\t\u3000.。។\u0345\u0300\ue000"
)
TEXTS = st.text(SCRIPTS, max_size=30) | st.text(max_size=30)


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("The RAID", "the raid"),
        ("Đắk Lắk, Hòa, HOÀ", "dak lak, hoa, hoa"),
        (unicodedata.normalize("NFD", "Đắk Lắk, Hòa"), "dak lak, hoa"),
        ("İstanbul ışık Øre Łódź Ærø", "istanbul isik ore lodz aero"),
        ("Ελλάς Ёлка Йод Straße", "ελλασ елка иод strasse"),
        ("x\u0302\u0323 q\u0301", "x q"),
        ("soft\u00adhyphen zero\u200bwidth word\u2060joiner", "softhyphen zerowidth wordjoiner"),
        ("ន\u17b7ង\u200bភ្នំ", "ន\u17b7ងភ្នំ"),
        ("ก\u0e4d\u0e32ลัง น\u0e49\u0e4d\u0e32 น\u0e4d\u0e49\u0e32", "กำลัง น้ำ น้ำ"),
        ("ທ\u0ecd\u0eb2 ນ\u0ecd\u0ec9\u0eb2", "ທຳ ນ້ຳ"),
        ("ที่ ប៉ោយប៉ែត ကို", "ที่ ប៉ោយប៉ែត ကို"),
    ],
)
def test_what_readers_take_for_the_same_folds_to_the_same(printed, folded):
    assert fold.fold(printed) == folded


@given(TEXTS)
@example("Æ\u0300\u1037")
def test_folding_twice_changes_nothing_more(text):
    assert fold.fold(fold.fold(text)) == fold.fold(text)


@given(TEXTS)
@example("ก\u0e4d\u0e48\u0e32\u0e32")
@example("e\u200b\u0301 \ufb01\u0301")
def test_the_mapped_text_is_the_folded_text(text):
    assert fold.fold_map(text).text == fold.fold(text)
    assert fold.compose_map(text).text == unicodedata.normalize("NFC", text)
    assert fold.fold_map(text).collapsed().text == fold.collapse(fold.fold(text))


@given(TEXTS, st.data())
def test_a_stretch_comes_from_a_part_of_the_text_that_folds_to_it_and_its_neighbours(text, data):
    folded = fold.fold_map(text)
    start = data.draw(st.integers(0, len(folded.text)))
    stop = data.draw(st.integers(start, len(folded.text)))
    first, last = folded.span(start, stop)
    assert 0 <= first <= last <= len(text)
    assert folded.text[start:stop] in fold.fold(text[first:last])
    assert start == stop or first < last


@given(st.text(SCRIPTS, max_size=20), st.text(st.characters(categories=["Ll", "Lu"]), min_size=1, max_size=8))
def test_a_word_between_spaces_is_mapped_to_itself(before, word):
    text = f"{before} {word} {before}"
    folded = fold.fold_map(text)
    inside = fold.fold(word)
    start = len(fold.fold(f"{before} "))
    assert folded.text[start : start + len(inside)] == inside
    assert folded.span(start, start + len(inside)) == (len(before) + 1, len(before) + 1 + len(word))


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        (unicodedata.normalize("NFD", "ở Đắk Lắk nay"), "dak lak", unicodedata.normalize("NFD", "Đắk Lắk")),
        ("\u200bនៅ\u200bភ្នំ\u200bពេញ\u200b", "ភ្នំពេញ", "ភ្នំ\u200bពេញ"),
        ("เมื่อก\u0e4d\u0e32ลังมา", "กำลัง", "ก\u0e4d\u0e32ลัง"),
        ("die Große Straße dort", "strasse", "Straße"),
        ("👮🏽 Łódź 👮", "lodz", "Łódź"),
        (unicodedata.normalize("NFD", "서울 경찰"), "울", unicodedata.normalize("NFD", "울")),
    ],
)
def test_a_found_word_leads_back_to_what_was_printed(text, wanted, found):
    folded = fold.fold_map(text)
    start = folded.text.index(wanted)
    first, last = folded.span(start, start + len(wanted))
    assert text[first:last] == found


def test_white_space_collapses_and_vanishes_where_words_are_not_spaced():
    assert fold.collapse("Royal \n Thai\tPolice") == "Royal Thai Police"
    assert fold.collapse("สม\n ชาย 中\n文 UNODC ไทย") == "สมชาย中文 UNODC ไทย"


def test_a_collapsed_stretch_leads_back_through_both_steps():
    text = "by Łukasz \n\n  Øre\u00ad\u200b, at สม\nชาย"
    folded = fold.fold_map(text).collapsed()
    assert [
        text[slice(*folded.span(start, start + len(word)))]
        for word in ("lukasz ore", "ore", "สมชาย", ",")
        for start in [folded.text.index(word)]
    ] == ["Łukasz \n\n  Øre", "Øre", "สม\nชาย", ","]


def test_one_folded_character_is_looked_up_among_many_blocks():
    text = "é\u00ad " * 500 + "zß"
    decomposed = unicodedata.normalize("NFD", text)
    folded = fold.fold_map(decomposed)
    assert folded.span(len(folded.text) - 3, len(folded.text)) == (len(decomposed) - 2, len(decomposed))
    assert folded.span(0, 0) == (0, 0)
