import random
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile import identity
from casefile.records import TagId
from casefile.suggest.known import KnownSpelling, Spotter
from casefile.text import canonical


def spotter(*spellings):
    """A spotter of spellings given as text, or as (text, tag, kind)."""
    rows = [(s, f"tag of {s}", "person") if isinstance(s, str) else s for s in spellings]
    return Spotter(KnownSpelling(TagId(tag), kind, text) for text, tag, kind in rows)


def found(text, *spellings):
    return [s.text for s in spotter(*spellings).find(text, canonical.digest(text))]


def test_a_suggestion_says_what_stands_where_and_why():
    text = "👮 Yesterday Arun Dee’s boat left. ARUN DEE smiled."
    digest = canonical.digest(text)
    first, second = spotter(("Arun Dee", "t1", "person")).find(text, digest)
    assert (first.start, first.stop, first.text, first.tag, first.kind) == (12, 20, "Arun Dee", "t1", "person")
    assert (first.reason, first.score) == ("known_spelling", 1.0)
    assert (second.text, second.reason, second.score) == ("ARUN DEE", "known_spelling_folded", 0.9)
    assert first.id == identity.derived(digest, "12", "20", "person", "t1")
    assert first.id != second.id


def test_the_same_text_gives_the_same_suggestions_in_any_order_of_spellings():
    rows = [
        ("Arun Dee", "t1", "person"),
        ("Dee", "t2", "person"),
        ("arun dee", "t1", "person"),
        ("Dee", "t3", "agency"),
    ]
    text = "Arun Dee and Dee"
    digest = canonical.digest(text)
    assert spotter(*rows).find(text, digest) == spotter(*reversed(rows)).find(text, digest)


@pytest.mark.parametrize(
    ("text", "spelling", "printed"),
    [
        ("the Harbour \n  Police came", "Harbour Police", "Harbour \n  Police"),
        (unicodedata.normalize("NFD", "ở Đắk Lắk."), "Dak Lak", unicodedata.normalize("NFD", "Đắk Lắk")),
        ("พบสม\nชายที่บ้าน", "สมชาย", "สม\nชาย"),
        ("พบสมชาย\nใจดีที่บ้าน", "สมชาย ใจดี", "สมชาย\nใจดี"),
        ("พบสมชายใจดีที่บ้าน", "สมชาย ใจดี", "สมชายใจดี"),
        ("ក្រុង\u200bប៉ោយ\u200bប៉ែត\u200bនៅ", "ប៉ោយប៉ែត", "ប៉ោយ\u200bប៉ែត"),
        ("ก\u0e4d\u0e32ธรมา", "กำธร", "ก\u0e4d\u0e32ธร"),
        ("警方在太子集团大楼", "太子集团", "太子集团"),
        ("与UNODC合作", "UNODC", "UNODC"),
        ("บริษัทXplo จำกัด", "Xplo", "Xplo"),
        ("(Arun-Dee)", "Arun-Dee", "Arun-Dee"),
        ("an O’Dee's", "O’Dee", "O’Dee"),
        ("Große Straße", "GROSSE STRASSE", "Große Straße"),
        ("call +66 2 555 now", "+66 2 555", "+66 2 555"),
        ("รัก\nUNODC", "UNODC", "UNODC"),
    ],
)
def test_a_spelling_is_found_as_printed(text, spelling, printed):
    assert found(text, spelling) == [printed]


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("Arunee and Maarun", "Arun"),
        ("Arun2", "Arun"),
        ("2Arun", "Arun"),
        ("Aru\u0144 Dee\u0301s", "Dee"),
        ("ที่นี่", "ที"),
        ("ก่ำ", "ก"),
        ("ស្ជា", "ជា"),
        ("ស្ជា", "ស"),
        ("ตา กลับ", "ตาก"),
        ("it has arms", "HAS"),
        ("Has it", "HAS"),
        ("Straße", "SA"),
        ("ß", "s"),
        ("👨‍👩‍👧", "👩"),
    ],
)
def test_a_part_of_a_word_or_cluster_is_no_mention(text, spelling):
    assert found(text, spelling) == []


@pytest.mark.parametrize("gap", ["\n\n", "\n \n\n\n", ". ", ", "])
def test_a_name_does_not_reach_into_the_next_paragraph_or_sentence(gap):
    assert found(f"They freed Arun{gap}Dee said so", "Arun Dee") == []


def test_a_spelling_in_capitals_is_found_in_capitals():
    assert found("The HAS has it; “HAS”.", "HAS") == ["HAS", "HAS"]
    assert found("Interpol", "INTERPOL") == ["Interpol"]


def test_of_nested_matches_of_one_kind_the_longest_stays():
    rows = (("Arun Dee", "t1", "person"), ("Dee", "t2", "person"), ("Dee", "t3", "agency"))
    text = "Arun Dee met Dee"
    places = [(s.tag, s.start) for s in spotter(*rows).find(text, canonical.digest(text))]
    assert sorted(places) == [("t1", 0), ("t2", 13), ("t3", 5), ("t3", 13)]


def test_of_overlapping_matches_of_one_tag_the_longest_stays():
    rows = (("Bank of Arun", "t1", "agency"), ("Arun Holding Group", "t1", "agency"), ("Arun", "t2", "agency"))
    assert found("the Bank of Arun Holding Group", *rows) == ["Arun Holding Group"]


def test_overlapping_matches_of_two_tags_both_stay():
    rows = (("Bank of Arun", "t1", "agency"), ("Arun Holding", "t2", "agency"))
    assert found("the Bank of Arun Holding", *rows) == ["Bank of Arun", "Arun Holding"]


def test_a_name_that_two_tags_share_is_suggested_for_both():
    rows = (("Arun Dee", "t1", "person"), ("Arun Dee", "t2", "person"))
    assert found("Arun Dee", *rows) == ["Arun Dee", "Arun Dee"]


def test_one_tag_with_several_spellings_that_fold_alike_is_suggested_once():
    text = "ARUN DEE"
    (suggestion,) = spotter(("Arun Dee", "t1", "person"), ("ARUN DEE", "t1", "person")).find(
        text, canonical.digest(text)
    )
    assert suggestion.reason == "known_spelling"


def test_without_spellings_nothing_is_found():
    assert found("Arun Dee") == found("Arun Dee", "", " \n", "\u200b") == found("", "Arun") == []


@given(
    st.lists(st.text(st.sampled_from("aAé\u0301ßก่ำស្ជា中 \n.'👮\u200b"), max_size=5), max_size=6),
    st.text(st.sampled_from("aAé\u0301ßก่ำស្ជា中 \n.'👮\u200b"), max_size=30),
)
def test_suggestions_are_what_stands_in_the_text_and_never_repeat(spellings, text):
    suggestions = spotter(*dict.fromkeys(spellings)).find(text, canonical.digest(text))
    assert [text[s.start : s.stop] for s in suggestions] == [s.text for s in suggestions]
    assert len({s.id for s in suggestions}) == len(suggestions)
    assert [s.start for s in suggestions] == sorted(s.start for s in suggestions)


def test_twenty_thousand_spellings_cost_an_article_milliseconds():
    pick = random.Random(1)
    syllables = "ka ra so mi than chai wat pha suk lin wei xu an kok poi pet sor bun thai".split()
    full = [" ".join("".join(pick.choices(syllables, k=3)).capitalize() for _ in range(2)) for _ in range(20_000)]
    names = spotter(*dict.fromkeys(full))
    text = " ".join(f"two officers from the harbour met {name} at noon." for name in full[:40])
    digest = canonical.digest(text)
    best = min(_seconds(names, text, digest) for _ in range(20))
    assert len(names.find(text, digest)) >= 40
    assert best < 0.03


def _seconds(names, text, digest):
    start = time.process_time()
    names.find(text, digest)
    return time.process_time() - start


def test_a_text_full_of_one_name_is_searched_in_seconds():
    text = "Arun " * 20_000
    start = time.process_time()
    assert len(spotter("Arun").find(text, canonical.digest(text))) == 20_000
    assert time.process_time() - start < 10
