"""The rooms: receiving twice, sources and grades, tags merged and split, decisions that outlive re-runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from casefile import articles, dossiers, library, mentions, notes, receiving, sources, tags, verify
from casefile.door import Library
from casefile.errors import CasefileError

WIRE = (
    "Raid at the ferry\nDelta Wire | 2025-03-04\n\n"
    "RTF officers held two men at Old Ferry. The rtf map shows Old\nFerry.\n"
)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Library]:
    with library.create(tmp_path / "a.casefile", analyst="Tan K", initials="TK") as opened:
        yield opened


def test_the_same_bytes_again_are_a_further_receipt_and_no_second_case_file(made: Library) -> None:
    first = receiving.receive_text(made, WIRE, from_whom="desk")
    again = receiving.receive_text(made, WIRE, from_whom="a colleague")
    assert (first.became, again.became) == ("imported", "known")
    assert articles.ids(made) == [first.article]
    assert made.query("SELECT from_whom FROM receipts WHERE deleted = 0 ORDER BY n") == [("desk",), ("a colleague",)]


def test_the_same_text_in_other_bytes_is_a_further_original(made: Library) -> None:
    first = receiving.receive_text(made, WIRE)
    other = receiving.receive_text(made, WIRE.replace("\n", "\r\n").upper().encode("utf-16"))
    assert (other.became, other.article) == ("known", first.article)
    assert made.one("SELECT count(*) FROM originals WHERE article = ?", (first.article,)) == (2,)


def test_the_same_text_under_another_publisher_is_a_case_file_of_its_own_and_said(
    made: Library, tmp_path: Path
) -> None:
    page = (
        "<html><head><meta property='og:site_name' content='{}'><title>Raid</title></head><body><article>{}</article>"
    )
    body = "<p>" + "Officers held two men at the ferry on Tuesday, the ministry said in a statement. " * 8 + "</p>"
    for name in ("Delta Wire", "Hill Courier"):
        (tmp_path / f"{name}.html").write_text(page.format(name, body), encoding="utf-8")
    report = receiving.receive_paths(made, [tmp_path / "Delta Wire.html", tmp_path / "Hill Courier.html"])
    one, other = report.received
    assert (one.became, other.became) == ("imported", "imported")
    assert other.same_text_as == one.number
    assert {article.publisher for article in articles.some(made, articles.ids(made))} == {"Delta Wire", "Hill Courier"}


def test_bringing_in_what_lies_in_the_bin_restores_it_with_all_that_was_done(made: Library) -> None:
    first = receiving.receive_text(made, WIRE)
    notes.add(made, first.article, start=0, stop=4, comment="Mine")
    articles.put_in_bin(made, [first.article])
    assert articles.ids(made) == []
    again = receiving.receive_text(made, WIRE)
    assert (again.became, again.number) == ("restored", first.number)
    assert [note.comment for note in notes.of_article(made, first.article)] == ["Mine"]


def test_numbers_are_never_used_again(made: Library) -> None:
    first = receiving.receive_text(made, WIRE)
    made.undo()
    second = receiving.receive_text(made, WIRE + "More.\n")
    assert (first.number, second.number) == ("TK-0001", "TK-0002")


def test_a_letter_goes_to_the_origin_where_it_is_known_else_to_the_publisher(made: Library) -> None:
    article = receiving.receive_text(made, WIRE).article
    assert articles.grade(made, article, "b3").of == "publisher"
    articles.set_fields(made, article, {"origin": "Ferry Police"})
    assert articles.get(made, article).grade == "–3"
    graded = articles.grade(made, article, "C4")
    assert (graded.of, graded.source) == ("origin", "Ferry Police")
    assert {source.name: source.letter for source in sources.every(made)} == {"Delta Wire": "B", "Ferry Police": "C"}
    assert articles.get(made, article).grade == "C4"


def test_without_a_source_a_grade_changes_nothing(made: Library) -> None:
    article = receiving.receive_text(made, "A line that nobody signed.").article
    before = made.query("SELECT id FROM commits")
    with pytest.raises(CasefileError) as refused:
        articles.grade(made, article, "B2")
    assert refused.value.code == "no_source"
    assert made.query("SELECT id FROM commits") == before
    assert articles.get(made, article).grade is None


def test_one_source_however_it_is_written(made: Library) -> None:
    assert sources.find_or_add(made, "Délta  Wire") == sources.find_or_add(made, "delta wire")


def test_capitals_match_capitals_only_and_names_are_found_over_a_line_break(made: Library) -> None:
    article = receiving.receive_text(made, WIRE).article
    tags.add(made, kind="agency", name="River Task Force", spellings=["RTF"])
    tags.add(made, kind="place", name="Old Ferry")
    assert [found.text for found in mentions.suggestions(made, article)] == ["RTF", "Old Ferry", "Old\nFerry"]


def test_a_decision_is_not_asked_for_again_and_its_print_is_kept_as_a_spelling(made: Library) -> None:
    article = receiving.receive_text(made, WIRE.replace("Old Ferry", "OLD  FERRY", 1)).article
    tag = tags.add(made, kind="place", name="Old Ferry")
    first, second = mentions.suggestions(made, article)
    mentions.decide(made, article, [first.id], "confirmed")
    mentions.decide(made, article, [second.id[:8]], "rejected")
    assert mentions.suggestions(made, article) == []
    (listed,) = tags.every(made)
    assert (listed.id, listed.mentions) == (tag, 1)
    assert {spelling.text: spelling.articles for spelling in listed.spellings} == {"Old Ferry": 0, "OLD FERRY": 1}
    made.undo()
    assert [found.start for found in mentions.suggestions(made, article)] == [second.start]


def test_a_merge_of_tags_reads_as_one_and_a_split_is_exact(made: Library) -> None:
    article = receiving.receive_text(made, WIRE).article
    ferry = tags.add(made, kind="place", name="Old Ferry")
    landing = tags.add(made, kind="place", name="The Landing")
    mentions.add(made, article, start=0, stop=4, tag=landing)
    for found in mentions.suggestions(made, article):
        mentions.decide(made, article, [found.id], "confirmed")
    before = tags.every(made)
    tags.merge(made, landing, ferry)
    (one,) = tags.every(made)
    assert (one.name, one.mentions) == ("Old Ferry", 3)
    assert {spelling.text for spelling in one.spellings} == {"Old Ferry", "The Landing", "Raid"}
    assert {mention.tag for mention in mentions.of_article(made, article)} == {ferry}
    assert tags.resolve(made, "the landing") == ferry
    assert tags.resolve(made, "the landing", merged=True) == landing
    tags.split(made, landing)
    assert tags.every(made) == before


def test_a_tag_whose_root_goes_to_the_bin_stands_for_itself_again(made: Library) -> None:
    article = receiving.receive_text(made, WIRE).article
    ferry = tags.add(made, kind="place", name="Old Ferry")
    landing = tags.add(made, kind="place", name="The Landing")
    mentions.add(made, article, start=0, stop=4, tag=landing)
    tags.merge(made, landing, ferry)
    with made.step("tag.bin"):
        made.change("tags", ferry, deleted=1)
    assert [(tag.id, tag.mentions) for tag in tags.every(made)] == [(landing, 1)]
    assert verify.verify(made).ok
    made.undo()
    assert [(tag.id, tag.mentions) for tag in tags.every(made)] == [(ferry, 1)]


def test_tags_of_two_kinds_are_not_merged(made: Library) -> None:
    with pytest.raises(CasefileError, match="operation"):
        tags.merge(
            made, tags.add(made, kind="place", name="Ferry"), tags.add(made, kind="operation", name="Operation Ferry")
        )


def test_a_name_that_two_tags_bear_is_refused_as_ambiguous(made: Library) -> None:
    tags.add(made, kind="place", name="Ferry")
    tags.add(made, kind="operation", name="FERRY")
    with pytest.raises(CasefileError) as refused:
        tags.resolve(made, "ferry")
    assert refused.value.code == "tag_ambiguous"
    with pytest.raises(CasefileError, match="already"):
        tags.add(made, kind="place", name="ferry")
    tags.add(made, kind="place", name="ferry", spellings=["The Ferry"])
    assert [spelling.text for spelling in tags.every(made)[1].spellings] == ["Ferry", "The Ferry"]


@pytest.mark.parametrize("before", ["😀", "é", "ภาษาไทยกำลัง", "ខ្ញុំ", "a\r\nb\r\n", "👩‍👩‍👧‍👦 ก็"])
def test_what_is_marked_is_exactly_what_was_meant(made: Library, before: str) -> None:
    article = receiving.receive_text(made, f"{before} the gang — 王星 — fled".encode()).article
    text = articles.text(made, article)
    start = text.index("王星")
    note = notes.add(made, article, start=start, stop=start + 2, comment="who?")
    passage = notes.get(made, note).passage
    assert (passage.exact, text[passage.start : passage.stop]) == ("王星", "王星")
    assert text[: passage.start].endswith(passage.prefix)
    assert text[passage.stop :].startswith(passage.suffix)


def test_a_dossier_files_each_case_file_once_and_takes_it_out_again(made: Library) -> None:
    article = receiving.receive_text(made, WIRE).article
    dossier = dossiers.add(made, reference="D-1", title="Ferry")
    assert dossiers.file(made, dossier, [article]) == 1
    assert dossiers.file(made, dossier, [article]) == 0
    dossiers.take_out(made, dossier, [article])
    assert articles.ids(made, dossier=dossier) == []
    assert dossiers.file(made, dossier, [article]) == 1
    with pytest.raises(CasefileError, match="d-1"):
        dossiers.add(made, reference="d-1", title="Again")


def test_facts_set_by_hand_are_all_set_or_none(made: Library) -> None:
    article = receiving.receive_text(made, WIRE).article
    with pytest.raises(CasefileError):
        articles.set_fields(made, article, {"place": "Kampong", "published": "yesterday"})
    assert articles.get(made, article).place is None
    articles.set_fields(made, article, {"place": "Kampong", "published": "2025-03~", "marking": "tlp:white"})
    found = articles.get(made, article)
    assert found.published is not None
    assert (found.place, found.published.edtf, found.published.basis, found.marking) == (
        "Kampong",
        "2025-03~",
        "analyst",
        "TLP:CLEAR",
    )


def test_a_year_is_inferred_from_dated_case_files_that_share_names_and_from_no_others(made: Library) -> None:
    yearless = (
        "Police meet diplomats\n\nThe River Task Force and General Somsak Dao met. "
        "Talks will go on, starting February 1, "
        "at the Harbour Vale Centre.\n"
    )
    article = receiving.receive_text(made, yearless).article
    found = articles.get(made, article)
    assert [warning.code for warning in found.warnings] == ["year_not_printed"]
    receiving.receive_text(made, "Other matters\n2024-08-09\n\nNothing of the kind happened in Phuket.\n")
    assert articles.get(made, article).published == found.published
    dated = receiving.receive_text(
        made, "Raid\n2025-08-09\n\nThe River Task Force under Somsak Dao opened the Harbour Vale Centre.\n"
    )
    now = articles.get(made, article)
    assert now.published is not None
    assert (now.published.edtf, now.published.bounds, now.published.basis) == (None, "../2025-02-01", "inferred")
    assert now.published.year_from == (dated.article,)
    assert dated.number in now.warnings[-1].message
