"""Text cut into runs by script: nothing lost, nothing mixed, nothing that XML forbids."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.brief import runs

#: Every code point, lone surrogates too, and often the ones that hurt.
HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cs", "Cc"]),
        st.sampled_from("<>&\"'\ufffe\uffff\u202e\u200d\ufe0f“”()กขกิំ្មျ王🙂\u0301\u2028\r\n\t"),
    )
)


@given(HOSTILE)
def test_the_stretches_are_the_text_again(text: str):
    stretches = list(runs.by_script(text))
    assert "".join(stretch for _, stretch in stretches) == text
    assert all(stretch for _, stretch in stretches)
    assert all(one[0] != other[0] for one, other in pairwise(stretches))


@given(HOSTILE)
def test_printable_text_is_what_xml_can_hold_and_stays_so(text: str):
    kept = runs.printable(text)
    assert len(kept) <= len(text)
    assert not set(kept) & ({chr(c) for c in range(32)} - {"\t", "\n"} | {"\ufffe", "\uffff"})
    kept.encode("utf-8")
    assert runs.printable(kept) == kept


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("2025", [("latin", "2025")]),
        ("Name (ดารา) rest", [("latin", "Name ("), ("thai", "ดารา"), ("latin", ") rest")]),
        ("ดารา (Dara) และ", [("thai", "ดารา ("), ("latin", "Dara"), ("thai", ") และ")]),
        ("ดารา (3)", [("thai", "ดารา (3)")]),
        ("printed “พ.ค. 2567”", [("latin", "printed “"), ("thai", "พ.ค. 2567"), ("latin", "”")]),
        ("ទី២ at 5", [("khmer", "ទី២ "), ("latin", "at 5")]),
        ("林小舟，Lin", [("chinese", "林小舟，"), ("latin", "Lin")]),
        ("《林》", [("chinese", "《林》")]),
        ("Cafe\u0301 no", [("latin", "Cafe\u0301 no")]),
        ("3 🙂 4", [("latin", "3 "), ("emoji", "🙂"), ("latin", " 4")]),
        ("👮🏽‍♀️ดี", [("emoji", "👮🏽‍♀️"), ("thai", "ดี")]),
        ("© 2025", [("latin", "© 2025")]),
        ("မြန်မာ ລາວ", [("burmese", "မြန်မာ "), ("lao", "ລາວ")]),
    ],
)
def test_each_script_has_its_own_stretch(text: str, expected: list[tuple[str, str]]):
    assert list(runs.by_script(text)) == expected


def test_thai_is_set_as_complex_script_with_its_font_and_language():
    assert runs.xml("ดี") == (
        '<w:r><w:rPr><w:rFonts w:cs="Leelawadee UI"/><w:cs/><w:lang w:bidi="th-TH"/></w:rPr>'
        '<w:t xml:space="preserve">ดี</w:t></w:r>'
    )


def test_chinese_is_set_as_east_asian_in_the_language_that_is_known():
    assert '<w:rFonts w:hint="eastAsia" w:eastAsia="Microsoft YaHei"/><w:lang w:eastAsia="zh-TW"/>' in runs.xml(
        "林", language="zh-TW"
    )
    assert '<w:lang w:eastAsia="zh-CN"/>' in runs.xml("林", language="en")


def test_latin_words_of_a_thai_text_are_not_said_to_be_thai():
    assert runs.xml("Lin", language="th") == '<w:r><w:t xml:space="preserve">Lin</w:t></w:r>'
    assert '<w:lang w:val="vi"/>' in runs.xml("Lin", language="vi")


def test_markup_fields_and_a_language_that_is_none_stay_data():
    written = runs.xml('<w:t> & {PAGE} "\x07', language='x"/><w:evil')
    assert "&lt;w:t&gt; &amp; {PAGE}" in written and "\ufffd" in written
    assert "<w:evil" not in written


def test_line_ends_and_tabs_become_words_own():
    written = runs.xml("a\r\nb\tc\rd")
    assert written.count("<w:br/>") == 2
    assert written.count("<w:tab/>") == 1


def test_every_face_of_the_table_is_a_known_script_and_slot():
    assert runs.faces().keys() >= {"thai", "khmer", "lao", "burmese", "chinese", "emoji"}
    assert {face.slot for face in runs.faces().values()} == {"cs", "eastAsia", "all"}
