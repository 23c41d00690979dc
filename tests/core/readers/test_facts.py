from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from casefile.readers.facts import Facts, Metadata, read_facts
from casefile.records import Sha256
from casefile.text import edtf

ARTICLES = Path(__file__).resolve().parents[3] / ".." / "shared" / "articles"
BODY = (
    "\n\nOfficers said on Monday that the group had been at work for years. More is to follow, they added.\n\nThe end."
)


def read(text: str, metadata: Metadata | None = None, today: date | None = None) -> Facts:
    return read_facts(text, Sha256(hashlib.sha256(text.encode()).hexdigest()), metadata=metadata, today=today)


def values(text: str) -> tuple[str | None, ...]:
    """Title, published by, comes from, place and day."""
    facts = read(text)
    found = (facts.title, facts.publisher, facts.origin, facts.place)
    return (*(fact and fact.value for fact in found), facts.published and facts.published.edtf)


# The five articles


def article(number: str) -> str:
    found = sorted(ARTICLES.glob(f"{number}_*.txt"))
    if not found:
        pytest.skip("the folder with the five real articles is not here")
    return found[0].read_text(encoding="utf-8").replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("number", "names", "day", "bounds"),
    [
        ("000", (None, "Thai News Agency", "Phnom Penh"), "2025-03-15", None),
        ("001", (None, None, None), "2025-07-10", None),
        ("002", ("NNT", None, "BANGKOK, Thailand"), None, None),
        ("003", (None, None, "BANGKOK"), "2025-11-13", None),
        ("004", ("FRESH NEWS", None, "Phnom Penh"), None, "2025-06-20/.."),
    ],
)
def test_the_five_articles_give_their_facts(number, names, day, bounds):
    text = article(number)
    facts = read(text, today=date(2026, 1, 1))
    assert facts.published is not None and facts.published.passage is not None
    assert values(text)[1:] == (*names, day)
    assert facts.published.bounds == bounds
    assert facts.published.basis == ("stated" if day else "inferred" if bounds else None)
    assert facts.published.passage.exact == facts.published.printed
    assert facts.published.warnings == (() if day or bounds else ("year_not_printed",))
    assert facts.title is not None and facts.title.passage is not None
    assert facts.title.basis == ("stated" if number in ("001", "002") else "inferred")
    assert facts.language is not None and facts.language.value == "en"
    assert bool(facts.names) is (number == "002")


def test_the_article_without_a_year_says_the_phrase_that_bounds_it():
    published = read(article("002")).published
    assert published is not None
    assert (published.printed, published.bounds, published.low, published.high) == (
        "starting February 1",
        None,
        None,
        None,
    )


# Titles made from a sentence


def test_a_long_first_sentence_is_cut_between_words():
    sentence = "Officers of the border unit came by night " * 5
    fact = read(f"{sentence}and left. The rest follows here.\n\nMore.").title
    assert fact is not None and fact.passage is not None
    assert fact.basis == "inferred" and fact.value.endswith("…") and len(fact.value) <= 101
    assert sentence.startswith(fact.value[:-1] + " ")
    assert fact.passage.exact == sentence + "and left."


def test_ranks_do_not_end_a_sentence():
    assert (
        values("Pol. Gen. Anna Example met Lt. Col. Bo Sample. They left.\n\nMore.")[0]
        == "Pol. Gen. Anna Example met Lt. Col. Bo Sample."
    )


@pytest.mark.parametrize("unit", ["ผู้ต้องหา", "ក្រុមឧក្រិដ្ឋជន", "警方逮捕", "ရဲတပ်ဖွဲ့"])
def test_without_spaces_the_cut_falls_between_graphemes(unit):
    text = unit * 60
    fact = read(text).title
    assert fact is not None
    cut = fact.value.removesuffix("…")
    assert 85 <= len(cut) <= 100 and text.startswith(cut)
    assert cut[-1] not in "\u17d2\u1039"
    assert regex.findall(r"\X", text)[: len(regex.findall(r"\X", cut))] == regex.findall(r"\X", cut)


@pytest.mark.parametrize("text", ["", " \n\n ", "12345\n678\n"])
def test_a_text_without_words_gives_nothing(text):
    assert read(text) == Facts()


# Doubtful days


@pytest.mark.parametrize(
    ("line", "day", "bounds", "warnings"),
    [
        ("03/04/2025", None, "2025-03-04/2025-04-03", ("date_ambiguous",)),
        ("Thursday 03/04/2025", "2025-04-03", None, ()),
        ("Friday, July 10, 2025", "2025-07-10", None, ("weekday_differs",)),
        ("10 July 2099", "2099-07-10", None, ("date_in_future",)),
        ("10 July 2026", "2026-07-10", None, ()),
        ("July 10", None, None, ("year_not_printed",)),
        ("13-14 March 2025", None, "2025-03-13/2025-03-14", ()),
        ("March 2025", "2025-03", None, ()),
    ],
)
def test_a_doubtful_day_is_told(line, day, bounds, warnings):
    published = read(f"{line}\n\nBig raid on the border{BODY}", today=date(2025, 8, 1)).published
    assert published is not None and published.passage is not None
    assert (published.edtf, published.bounds, published.warnings) == (day, bounds, warnings)
    assert published.passage.exact == published.printed == line


# Metadata


FIELD = "meta property=article:published_time"


def test_metadata_go_before_the_text_for_title_and_publisher():
    data = Metadata(
        title=" Big raid \n here ", publisher="Site Example", title_field="og:title", publisher_field="og:site_name"
    )
    facts = read("Big raid on the border\nMekong Example | 2025-07-10" + BODY, data)
    assert facts.title is not None and facts.publisher is not None and facts.origin is not None
    assert (facts.title.value, facts.title.field, facts.title.passage) == ("Big raid here", "og:title", None)
    assert (facts.publisher.value, facts.publisher.field) == ("Site Example", "og:site_name")
    assert facts.origin.value == "Mekong Example"


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2025-07-10", "2025-07-10"),
        ("2025-07-10T23:30:00+07:00", "2025-07-10"),
        ("2025-07-10 08:00", "2025-07-10"),
        ("2025-07", "2025-07"),
        ("Thu, 10 Jul 2025 08:00:00 GMT", "2025-07-10"),
        ("soon", None),
        ("", None),
        ("2025-02-30", None),
    ],
)
def test_an_undated_text_takes_the_day_of_its_metadata(value, day):
    published = read("Big raid on the border" + BODY, Metadata(published=value, published_field=FIELD)).published
    assert (published and published.edtf) == day
    if published is not None:
        assert (published.basis, published.field, published.passage) == ("stated", FIELD, None)


@pytest.mark.parametrize(
    ("declared", "warnings"),
    [
        ("2025-07-10", ()),
        ("2025-07", ()),
        ("2025-07-09T20:00:00Z", ()),
        ("2025-07-09", ("date_sources_differ",)),
        ("2025-07-12T20:00:00Z", ("date_sources_differ",)),
        ("2024", ("date_sources_differ",)),
    ],
)
def test_the_printed_day_is_kept_where_metadata_say_another(declared, warnings):
    published = read(
        f"10 July 2025\n\nBig raid on the border{BODY}", Metadata(published=declared, published_field=FIELD)
    ).published
    assert published is not None and published.passage is not None
    assert (published.edtf, published.warnings, published.passage.exact) == ("2025-07-10", warnings, "10 July 2025")


@pytest.mark.parametrize(
    ("line", "declared"), [("03/04/2025", "2025-04-03"), ("03/04/2025", "2025-03-04"), ("July 10", "2025-07-10")]
)
def test_metadata_settle_a_doubtful_printed_day_that_they_fit(line, declared):
    published = read(
        f"{line}\n\nBig raid on the border{BODY}", Metadata(published=declared, published_field=FIELD)
    ).published
    assert published is not None and published.passage is not None
    assert (published.edtf, published.printed, published.field, published.warnings) == (declared, line, FIELD, ())


def test_the_language_of_the_text_goes_before_the_declared_one():
    thai = read("ตำรวจบุกตึก\n\nเมื่อคืนนี้มีการจับกุมผู้ต้องหา", Metadata(language="en", language_field="html lang"))
    assert thai.language is not None and (thai.language.value, thai.language.field) == ("th", None)
    short = read("Razzia", Metadata(language="de_DE", language_field="html lang"))
    assert short.language is not None and (short.language.value, short.language.field) == ("de-DE", "html lang")
    assert read("Razzia", Metadata(language="not a code")).language is None


# Laws

WORDS = "BANGKOK; – ;(NNT);\n;\n\n;10 July 2025;2025-07-10; | ;Example News;By Anna Example;Updated ;. ;ตำรวจ"
MORE = "=;: ;2025年7月10日;March 3;🚓;e\u0301;03/04/2025;Source: ;13-14 "
YET_MORE = "ថ្ងៃទី១៥ ខែមីនា ឆ្នាំ២០២៥;will meet on ;According to Example News Agency, "
PIECES = st.sampled_from([*WORDS.split(";"), *MORE.split(";"), *YET_MORE.split(";")])


@given(st.lists(PIECES | st.text(max_size=5), max_size=16).map("".join))
def test_every_fact_lies_in_the_text_where_it_says(text: str):
    facts = read(text.replace("\r", "\n").replace("\x00", ""), today=date(2025, 8, 1))
    text = text.replace("\r", "\n").replace("\x00", "")
    for fact in (facts.title, facts.publisher, facts.origin, facts.place):
        if fact is not None:
            assert fact.passage is not None
            assert text[fact.passage.start : fact.passage.stop] == fact.passage.exact
            assert fact.value.strip() == fact.value != ""
    day = facts.published
    if day is not None:
        assert day.passage is not None
        assert text[day.passage.start : day.passage.stop] == day.passage.exact
        known = day.edtf or day.bounds
        assert known or day.warnings
        if known:
            assert (edtf.parse(known).low, edtf.parse(known).high) == (day.low, day.high)
