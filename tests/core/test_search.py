"""Finding by command line words: every script, notes and titles, filters, snippets with marks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile import articles, dossiers, library, mentions, notes, receiving, tags
from casefile.door import Library
from casefile.errors import CasefileError
from casefile.records import ArticleId
from casefile.search import find, query

REPORTS = {
    "raid": "Raid at the old ferry\nDelta Wire | 2025-03-04\n\nPolice raided two houses. Nobody was hurt in Đắk Lắk.\n",
    "thai": "ตำรวจแถลงผล\nDelta Wire | 2025-05-06\n\nตำรวจจับกุมผู้ต้องสงสัยที่ปอยเปต 😀 สองคน\r\nเมื่อวานนี้\n",
    "han": "合作\nDelta Wire | 2025-07-08\n\n两国警方加强了合作，逮捕三人。\n",
    "khmer": "Note on Khmer\n\nប៉ូលិស បានបង្ក្រាប ករណីមួយ នៅប៉ោយប៉ែត។\n",
}


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[tuple[Library, dict[str, ArticleId]]]:
    with library.create(tmp_path / "a.casefile", analyst="Tan K", initials="TK") as made:
        yield made, {name: receiving.receive_text(made, text).article for name, text in REPORTS.items()}


def names(filled: tuple[Library, dict[str, ArticleId]], line: str, **filters: str) -> list[str]:
    made, of = filled
    by_id = {article: name for name, article in of.items()}
    return sorted(by_id[hit.article] for hit in find.search(made, line, **filters))  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("police", ["raid"]),
        ("dak lak", ["raid"]),
        ("ĐẮK LẮK", ["raid"]),
        ("raids", ["raid"]),
        ("ตำ", ["thai"]),
        ("ปอยเปต", ["thai"]),
        ("จับกุม ปอยเปต", ["thai"]),
        ("警方", ["han"]),
        ("加强", ["han"]),
        ("ប៉ែត", ["khmer"]),
        ("police OR nobody", []),
        ('"two houses"', ["raid"]),
        ('"houses two"', []),
        ("hous* nob*", ["raid"]),
        ('"houses nobody"', []),
        ("", []),
        ("... ( ) *", []),
    ],
)
def test_words_are_found_in_every_script(
    filled: tuple[Library, dict[str, ArticleId]], line: str, wanted: list[str]
) -> None:
    assert names(filled, line) == wanted


def test_the_marks_of_a_snippet_are_the_words_as_printed(filled: tuple[Library, dict[str, ArticleId]]) -> None:
    made, _ = filled
    for line, printed in (
        ("raids houses", {"Raid", "raided", "houses"}),
        ("สองคน", {"สองคน"}),
        ("dak lak", {"Đắk", "Lắk"}),
    ):
        (hit,) = find.search(made, line)
        assert {hit.snippet[start:stop] for start, stop in hit.marks} == printed
        assert "\n" not in hit.snippet


def test_a_note_is_found_and_shown_where_most_of_the_words_stand(
    filled: tuple[Library, dict[str, ArticleId]],
) -> None:
    made, of = filled
    notes.add(made, of["raid"], start=0, stop=4, comment="Who paid for the houses?")
    (hit,) = find.search(made, "paid houses")
    assert hit.article == of["raid"]
    assert [hit.snippet[start:stop] for start, stop in hit.marks] == ["paid", "houses"]


def test_what_lies_in_the_bin_is_not_found_until_it_is_restored(
    filled: tuple[Library, dict[str, ArticleId]],
) -> None:
    made, of = filled
    articles.put_in_bin(made, [of["raid"]])
    assert names(filled, "police") == []
    made.undo()
    assert names(filled, "police") == ["raid"]


def test_filters_limit_by_dossier_tag_and_date(filled: tuple[Library, dict[str, ArticleId]]) -> None:
    made, of = filled
    dossier = dossiers.add(made, reference="D-1", title="One")
    dossiers.file(made, dossier, [of["raid"], of["han"]])
    tag = tags.add(made, kind="place", name="Poipet", spellings=["ปอยเปต"])
    (suggestion,) = mentions.suggestions(made, of["thai"])
    mentions.decide(made, of["thai"], [suggestion.id], "confirmed")
    tags.apply(made, tag, [of["han"]])
    assert names(filled, "", dossier=dossier) == ["han", "raid"]
    assert names(filled, "", tag=tag) == ["han", "thai"]
    assert names(filled, "", after="2025-05") == ["han", "thai"]
    assert names(filled, "", before="2025-05-06") == ["raid", "thai"]
    assert names(filled, "合作", dossier=dossier, after="2025-07-08", before="2025-07-08") == ["han"]
    with pytest.raises(CasefileError, match="date"):
        find.search(made, "police", after="yesterday")


def test_an_edited_title_is_found_at_once(filled: tuple[Library, dict[str, ArticleId]]) -> None:
    made, of = filled
    articles.set_fields(made, of["han"], {"title": "Two countries agree"})
    assert names(filled, "countries") == ["han"]
    made.undo()
    assert names(filled, "countries") == []


@given(st.text(max_size=40))
def test_no_line_is_ever_read_as_syntax_of_the_index(line: str) -> None:
    for term in query.parse(line):
        assert term.expression.startswith('"')
        assert term.expression.rstrip(" *").endswith('"')
        assert '"' not in term.expression.rstrip(" *")[1:-1]


def test_hostile_lines_find_nothing_and_harm_nothing(filled: tuple[Library, dict[str, ArticleId]]) -> None:
    made, _ = filled
    for line in ('a" OR 1=1 --', "title:police", "NEAR(a b)", "{police}", "^police", "-police", '"', "\x00", "\ud800"):
        find.search(made, line)
