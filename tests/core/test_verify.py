"""Verifying finds what was altered, names whose it is, and finds nothing where nothing is wrong."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3

from casefile import articles, dossiers, driver, identity, notes, phrases, tags
from casefile import library as libraries
from casefile.door import Library
from casefile.errors import LibraryUnusable
from casefile.progress import Cancelled
from casefile.records import ArticleId
from casefile.verify import MOST_PROBLEMS, Problem, verify

ByHand = Callable[..., list[tuple[Any, ...]]]
Receive = Callable[..., ArticleId]

STATEMENT = """Raid at the river compound

On 12 May 2031 officers of the Lantern Unit freed 47 people near Ban Tha Nam. The unit said so on Tuesday.

เจ้าหน้าที่ช่วยเหลือผู้เสียหาย 47 คนที่บ้านท่าน้ำ
"""
OTHER = "ដំណឹង\n\nនៅថ្ងៃទី១៣ ខែឧសភា មនុស្ស ៤៧ នាក់ត្រូវបានសង្គ្រោះ។ 西港\n"


@pytest.fixture
def article(library: Library, receive: Receive) -> ArticleId:
    """A case file with a note, a tag and a dossier, and a second one beside it."""
    article = receive(library, STATEMENT)
    receive(library, OTHER, "news.txt")
    text = articles.text(library, article)
    start = text.index("47 people")
    notes.add(library, article, start=start, stop=start + 9, comment="คนละจำนวน?")
    tags.add(library, kind="agency", name="Lantern Unit")
    dossiers.add(library, reference="D-1", title="River")
    with library.step("article.set"):
        library.change("articles", article, state="relevant")
    library.undo()
    return article


def problems(library: Library) -> list[Problem]:
    found = verify(library)
    assert found.ok == (not found.problems)
    for problem in found.problems:
        sentence = phrases.problem(problem.code, dict(problem.values))
        assert problem.code in phrases.codes("problems"), problem
        assert "{" not in sentence, sentence
    return list(found.problems)


def codes(library: Library) -> list[str]:
    return [problem.code for problem in problems(library)]


def test_a_library_that_nobody_tampered_with_verifies(library: Library, article: ArticleId) -> None:
    found = verify(library)
    assert (found.ok, found.problems, found.articles) == (True, (), 2)
    assert found.commits == library.query("SELECT count(*) FROM commits")[0][0]
    assert [(head,) for head in found.heads] == library.query("SELECT id FROM heads")


def test_an_empty_library_verifies(library: Library) -> None:
    assert verify(library).ok
    assert verify(library).heads == ()


@pytest.mark.parametrize("write", [True, False])
def test_a_library_with_a_passphrase_verifies(tmp_path: Path, receive: Receive, write: bool) -> None:
    path = tmp_path / "kept.casefile"
    with libraries.create(path, "ฝน", analyst="Tan K", initials="TK") as library:
        receive(library, STATEMENT)
        assert verify(library).ok
    with libraries.open(path, "ฝน", write=write) as library:
        assert problems(library) == []


def test_verifying_writes_nothing(library: Library, article: ArticleId) -> None:
    library.close()
    before = library.path.read_bytes()
    with libraries.open(library.path, write=False) as reader:
        assert verify(reader).ok
    assert library.path.read_bytes() == before


# ---- originals and texts


def test_one_byte_of_an_original_changed_by_hand_names_the_case_file(
    library: Library, article: ArticleId, by_hand: ByHand
) -> None:
    sha256 = articles.get(library, article).sha256
    (data,) = library.query("SELECT data FROM blob_parts WHERE sha256 = ?", (sha256,))[0]
    for place in range(0, len(data), 7):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        by_hand("UPDATE blob_parts SET data = ? WHERE sha256 = ?", changed, sha256, unguarded="blob_parts_fixed")
        (found,) = (problem for problem in problems(library) if problem.code != "trigger_changed")
        assert (found.code, found.article, found.number) == ("original_altered", article, "TK-0001")


@pytest.mark.parametrize("data", [b"", b"no stream at all", "text", None, 7])
def test_a_bad_stream_is_a_problem_that_names_the_case_file(
    library: Library, article: ArticleId, by_hand: ByHand, data: object
) -> None:
    sha256 = articles.get(library, article).sha256
    if data is None:
        by_hand("DELETE FROM blob_parts WHERE sha256 = ?", sha256, unguarded="blob_parts_kept")
    else:
        by_hand("UPDATE blob_parts SET data = ? WHERE sha256 = ?", data, sha256, unguarded="blob_parts_fixed")
    found = [problem for problem in problems(library) if problem.code != "trigger_changed"]
    assert [(problem.code, problem.number) for problem in found] == [("original_altered", "TK-0001")]


def test_an_original_and_a_text_that_are_gone_are_missed(library: Library, article: ArticleId, by_hand: ByHand) -> None:
    sha256 = articles.get(library, article).sha256
    text = articles.get(library, article).text
    by_hand("DELETE FROM texts WHERE sha256 = ?", text, unguarded="texts_kept")
    by_hand("DELETE FROM blob_parts WHERE sha256 = ?", sha256, unguarded="blob_parts_kept")
    by_hand("DELETE FROM blobs WHERE sha256 = ?", sha256, unguarded="blobs_kept")
    found = {(problem.code, problem.number) for problem in problems(library)}
    assert {("original_missing", "TK-0001"), ("text_missing", "TK-0001")} <= found


def test_a_text_changed_by_hand_names_the_case_file(library: Library, article: ArticleId, by_hand: ByHand) -> None:
    by_hand("UPDATE texts SET body = replace(body, '47', '74') WHERE body LIKE '%47 people%'", unguarded="texts_fixed")
    (found,) = (problem for problem in problems(library) if problem.code != "trigger_changed")
    assert (found.code, found.article) == ("text_altered", article)


def test_a_wrong_key_of_a_text_is_found(library: Library, article: ArticleId, by_hand: ByHand) -> None:
    by_hand("UPDATE texts SET key = 'x' WHERE body LIKE '%47 people%'", unguarded="texts_fixed")
    assert codes(library) == ["trigger_changed", "text_key_wrong"]


# ---- rows and log


def test_a_note_changed_by_hand_is_named(library: Library, article: ArticleId, by_hand: ByHand) -> None:
    by_hand("UPDATE notes SET comment = 'ใครจ่าย'", unguarded="notes_changed")
    found = problems(library)
    assert [problem.code for problem in found] == ["trigger_changed", "row_altered"]
    assert (found[1].article, found[1].number, found[1].values["field"]) == (article, "TK-0001", "comment")


def test_a_note_changed_past_the_door_is_named_and_its_waiting_write_told(
    library: Library, article: ArticleId, by_hand: ByHand
) -> None:
    by_hand("UPDATE notes SET comment = 'another program'")
    found = problems(library)
    assert [(problem.code, problem.number) for problem in found] == [
        ("row_altered", "TK-0001"),
        ("write_unlogged", None),
    ]
    library.close()
    with libraries.open(library.path, analyst="Tan K") as again:
        assert problems(again) == []


def test_a_row_that_no_step_wrote_is_found(library: Library, article: ArticleId, by_hand: ByHand) -> None:
    by_hand("INSERT INTO notes (id, article, comment) VALUES ('x', ?, 'planted')", article, unguarded="notes_born")
    found = problems(library)
    assert [problem.code for problem in found] == ["trigger_changed", "row_unknown", "index_stale"]
    assert found[1].article == article


def test_a_row_that_was_removed_is_missed(library: Library, article: ArticleId, by_hand: ByHand) -> None:
    by_hand("DELETE FROM notes", unguarded="notes_kept")
    assert codes(library) == ["trigger_changed", "row_missing", "index_stale"]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE changes SET value = 'someone else' WHERE field = 'comment'",
        "UPDATE changes SET value = x'ff' WHERE field = 'comment'",
        "UPDATE changes SET value = CAST(x'ff' AS TEXT) WHERE field = 'comment'",
        "UPDATE changes SET value = 1.5 WHERE field = 'comment'",
        "UPDATE changes SET salt = randomblob(16) WHERE field = 'comment'",
        "UPDATE changes SET salt = NULL WHERE field = 'comment'",
        "UPDATE changes SET field = 'label' WHERE field = 'comment'",
        "UPDATE changes SET digest = randomblob(32) WHERE field = 'comment'",
        "UPDATE changes SET digest = randomblob(32), value = NULL, salt = NULL WHERE field = 'comment'",
    ],
)
def test_a_change_altered_in_the_log_names_its_commit(
    library: Library, article: ArticleId, by_hand: ByHand, sql: str
) -> None:
    ((commit,),) = library.query(
        "SELECT k.id FROM commits k JOIN changes c ON c.commit_n = k.n WHERE c.field = 'comment'"
    )
    by_hand(sql, unguarded="changes_fixed")
    found = [problem for problem in problems(library) if problem.code == "commit_altered"]
    assert [problem.commit for problem in found] == [commit]


@pytest.mark.parametrize(
    "change",
    [
        "time = '2020-01-01T00:00:00Z'",
        "analyst = 'Somebody'",
        "action = 'note.edit'",
        "params = '{}'",
        "params = replace(params, ',', ', ')",
        "params = replace(params, '{', '{\"n\":\"\\ud800\",')",
        "schema = 7",
        "counter = counter + 1",
        "counter = 'x'",
        "time = x'00'",
    ],
)
def test_every_part_of_a_commit_altered_by_hand_names_it(
    library: Library, article: ArticleId, by_hand: ByHand, change: str
) -> None:
    ((commit,),) = library.query("SELECT id FROM commits WHERE action = 'note.add'")
    by_hand(f"UPDATE commits SET {change} WHERE action = 'note.add'", unguarded="commits_fixed")
    found = [problem for problem in problems(library) if problem.code == "commit_altered"]
    assert [problem.commit for problem in found] == [commit]


def test_a_value_whose_digest_alone_is_left_without_having_been_erased_is_told(
    library: Library, article: ArticleId
) -> None:
    from casefile import erasing

    ((note,),) = library.query("SELECT id FROM notes")
    with library.step("quietly"):
        erasing.forget(library._writer, [("notes", note, "comment")])
    assert "value_gone" in codes(library)


def test_a_commit_of_a_later_digest_is_told_as_unknown(library: Library, article: ArticleId, by_hand: ByHand) -> None:
    by_hand("UPDATE commits SET version = 2 WHERE action = 'note.add'", unguarded="commits_fixed")
    assert codes(library) == ["trigger_changed", "commit_unknown_digest_version"]


def test_commits_cut_out_or_cut_off_are_found_where_anything_of_them_is_left(
    library: Library, article: ArticleId
) -> None:
    plain = sqlcipher3.connect(library.path)
    for table in ("commits", "parents", "changes"):
        plain.execute(f"DROP TRIGGER {table}_kept")
    plain.execute("DELETE FROM commits WHERE action = 'note.add'")
    plain.commit()
    plain.close()
    assert {"parent_unknown", "counter_wrong", "log_stray", "row_unknown"} <= set(codes(library))


def test_an_end_cut_off_with_all_that_it_wrote_shows_only_against_a_head_noted_elsewhere(
    library: Library, article: ArticleId, tmp_path: Path
) -> None:
    # The limit of every chain, said in the manual: only a head written down outside tells that steps are gone.
    library.close()
    earlier = tmp_path / "earlier.casefile"
    earlier.write_bytes(library.path.read_bytes())
    with libraries.open(library.path, analyst="Tan K") as later:
        notes_before = later.query("SELECT count(*) FROM notes")
        with later.step("article.set"):
            later.change("articles", article, title="Later")
        noted = verify(later).heads
    with libraries.open(earlier, analyst="Tan K") as cut:
        found = verify(cut)
        assert found.ok
        assert cut.query("SELECT count(*) FROM notes") == notes_before
        assert found.heads != noted
        assert not cut.query("SELECT 1 FROM commits WHERE id = ?", (noted[0],))


def test_heads_that_are_not_those_of_the_log_are_found(library: Library, article: ArticleId, by_hand: ByHand) -> None:
    by_hand("UPDATE heads SET id = (SELECT id FROM commits ORDER BY n LIMIT 1)")
    assert codes(library) == ["heads_wrong"]


def test_a_row_that_points_at_nothing_is_found(library: Library, article: ArticleId, by_hand: ByHand) -> None:
    plain = sqlcipher3.connect(library.path)
    plain.execute("UPDATE notes SET article = 'nowhere'")
    plain.commit()
    plain.close()
    assert "reference_broken" in codes(library)


# ---- tables, index, pages


def test_strange_tables_views_and_triggers_are_named(library: Library, by_hand: ByHand) -> None:
    by_hand("CREATE TABLE stray (a)")
    by_hand("CREATE VIEW spy AS SELECT 1")
    by_hand("DROP TABLE made_here")
    found = {(problem.code, problem.values["name"]) for problem in problems(library)}
    assert found == {("table_unknown", "stray"), ("trigger_changed", "spy"), ("table_missing", "made_here")}


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM article_index WHERE rowid = 1",
        "DELETE FROM indexed WHERE n = 1",
        "UPDATE indexed SET fold = 0 WHERE n = 1",
        "UPDATE indexed SET text = 'x' WHERE n = 1",
        "DELETE FROM note_index",
        "INSERT INTO note_index (rowid, comment) VALUES (99, 'left over')",
    ],
)
def test_an_index_that_is_not_up_to_date_is_found(
    library: Library, article: ArticleId, by_hand: ByHand, sql: str
) -> None:
    by_hand(sql)
    assert set(codes(library)) == {"index_stale"}


def test_an_index_that_is_broken_inside_is_found(library: Library, article: ArticleId, by_hand: ByHand) -> None:
    by_hand("UPDATE article_index_data SET block = zeroblob(30) WHERE id > 1000")
    assert "pages_damaged" in codes(library)


def test_tag_roots_that_are_not_up_to_date_are_found(library: Library, article: ArticleId, by_hand: ByHand) -> None:
    by_hand("INSERT INTO tag_roots SELECT id, id FROM tags LIMIT 1")
    assert codes(library) == ["tag_roots_stale"]


@pytest.mark.parametrize("key", [None, "ฝน"])
def test_damaged_pages_are_problems_and_never_a_traceback(tmp_path: Path, receive: Receive, key: str | None) -> None:
    path = tmp_path / "whole.casefile"
    with libraries.create(path, key, analyst="Tan K", initials="TK") as library:
        for n in range(12):
            article = receive(library, f"{STATEMENT} {n} " + f"{n} barges on the river. " * 300, f"{n}.txt")
            notes.add(library, article, start=0, stop=4, comment=f"note {n} " * 200)
    whole = path.read_bytes()
    pages = random.Random(7).sample(range(1, len(whole) // driver.PAGE_SIZE), 40)
    damaged = tmp_path / "damaged.casefile"
    for page in pages:
        start = page * driver.PAGE_SIZE
        damaged.write_bytes(whole[:start] + bytes(b ^ 0x5A for b in whole[start : start + 64]) + whole[start + 64 :])
        try:
            library = libraries.open(damaged, key, write=False)
        except LibraryUnusable as told:
            assert told.code == "library_damaged"
            continue
        with library:
            found = verify(library)
            assert not found.ok, page
            assert found.problems
            for problem in found.problems:
                assert phrases.problem(problem.code, dict(problem.values))


def test_a_library_full_of_problems_lists_so_many_and_says_that_there_are_more(
    library: Library, by_hand: ByHand
) -> None:
    with library.step("source.add"):
        for n in range(MOST_PROBLEMS + 50):
            library.insert("sources", identity.fresh(), name=f"{n}")
    by_hand("UPDATE sources SET name = name || '!'", unguarded="sources_changed")
    found = problems(library)
    assert len(found) == MOST_PROBLEMS + 1
    assert found[-1].code == "more_problems"


class Watching:
    def __init__(self, stop_at: int | None = None) -> None:
        self.all, self.said, self.stop_at = 0, [], stop_at

    def total(self, items: int) -> None:
        self.all = items

    def done(self, items: int) -> None:
        if self.stop_at is not None and items >= self.stop_at:
            raise Cancelled
        self.said.append(items)


def test_verifying_tells_how_far_it_is_and_stops_when_called_off(library: Library) -> None:
    with library.step("source.add"):
        for n in range(1200):
            library.insert("sources", identity.fresh(), name=f"{n}")
    watching = Watching()
    verify(library, progress=watching)
    assert watching.said == sorted(watching.said)
    assert watching.said[-1] == watching.all == 1201
    with pytest.raises(Cancelled):
        verify(library, progress=Watching(stop_at=600))
    assert verify(library).ok
