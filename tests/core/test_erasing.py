"""Erasing for good: the value is gone from log, tables, index and file, and nothing brings it back."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casefile import articles, backup, driver, identity, notes, receiving, tags
from casefile import library as libraries
from casefile.changes import Changes
from casefile.door import Library
from casefile.driver import Connection, Key
from casefile.erasing import erase_values
from casefile.errors import CasefileError, LibraryUnusable, Refused
from casefile.records import ArticleId
from casefile.verify import verify

Receive = Callable[..., ArticleId]
NEEDLE = "Quillamore"
THAI = "นายควิลลามอร์"


def files_with(folder: Path, *needles: str) -> list[str]:
    found = [path for path in folder.rglob("*") if path.is_file()]
    assert found
    return [path.name for path in found if any(needle.encode() in path.read_bytes() for needle in needles)]


def add_note(library: Library, article: str, comment: str) -> str:
    with library.step("note.add"):
        return library.insert("notes", identity.fresh(), article=article, comment=comment)


def add_article(library: Library, title: str) -> str:
    with library.step("article.import"):
        return library.insert("articles", identity.fresh(), title=title)


def cells_of(library: Library, table: str, row: str) -> list[tuple[str, str, str]]:
    columns = [row[1] for row in library.query(f"PRAGMA table_info({table})")]
    return [(table, row, name) for name in columns if name not in ("n", "id", "deleted")]


def test_the_bytes_of_an_erased_value_are_in_no_file_of_the_folder(library: Library) -> None:
    article = add_article(library, "River")
    note = add_note(library, article, f"{NEEDLE} {THAI} " * 500)
    notes.edit(library, note, f"then {NEEDLE}")
    assert files_with(library.path.parent, NEEDLE)
    erase_values(library, [("notes", note, "comment")])
    assert files_with(library.path.parent, NEEDLE, NEEDLE.lower(), THAI) == []
    library.close()
    assert files_with(library.path.parent, NEEDLE, NEEDLE.lower(), THAI) == []


@pytest.mark.parametrize("seed", range(6))
def test_no_trace_stays_however_pages_were_split_and_freed_before(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)

    def words(count: int) -> str:
        return " ".join(f"w{chance.randrange(300)}" for _ in range(count))

    with libraries.create(tmp_path / "worn.casefile", analyst="Tan K") as library:
        article = add_article(library, "River")
        rows: list[str] = []
        for _ in range(120):
            with library.step("work"):
                size = chance.choice([1, 10, 60, 900])
                if not rows or chance.random() < 0.4:
                    rows.append(library.insert("notes", identity.fresh(), article=article, comment=words(size)))
                else:
                    library.change("notes", chance.choice(rows), comment=f"{words(size)} {NEEDLE} {words(size)}")
        erase_values(library, [("notes", row, "comment") for row in rows])
        assert files_with(tmp_path, NEEDLE, NEEDLE.lower()) == []
        assert verify(library).ok


def test_after_erasing_the_library_verifies_and_the_field_is_null(library: Library) -> None:
    article = add_article(library, NEEDLE)
    with library.step("article.set"):
        library.change("articles", article, title=f"{NEEDLE} again", place="Ban Tha Nam")
    erase_values(library, [("articles", article, "title")])
    assert library.query("SELECT title, place, deleted FROM articles") == [(None, "Ban Tha Nam", 0)]
    assert verify(library).problems == ()
    rows = library.query("SELECT value, salt, length(digest) FROM changes WHERE field = 'title'")
    assert rows == [(None, None, 32), (None, None, 32)]
    assert library.query("SELECT tbl, row, field FROM tombstones") == [("articles", article, "title")]


def test_the_tombstone_travels_with_its_commit_and_no_change_tells_of_the_null(library: Library) -> None:
    article = add_article(library, NEEDLE)
    erase_values(library, [("articles", article, "title")])
    ((commit, action),) = library.query("SELECT id, action FROM commits ORDER BY n DESC LIMIT 1")
    assert action == "erase"
    assert library.query("SELECT commit_id FROM tombstones") == [(commit,)]
    assert library.query(
        "SELECT count(*) FROM changes c JOIN commits k ON k.n = c.commit_n WHERE k.id = ?", (commit,)
    ) == [(0,)]


def test_whoever_watches_is_told_and_the_index_forgets(library: Library) -> None:
    article = add_article(library, NEEDLE)
    note = add_note(library, article, f"{NEEDLE} here")
    told: list[Changes] = []
    library.on_change = told.append
    erase_values(library, [("articles", article, "title"), ("notes", note, "comment")])
    (changes,) = told
    assert changes.touches("articles", row=article)
    assert changes.touches("notes", row=note)
    for index in ("article_index", "note_index"):
        assert library.query(f"SELECT rowid FROM {index} WHERE {index} MATCH ?", (NEEDLE.lower(),)) == []


def test_undo_and_redo_never_bring_it_back(library: Library) -> None:
    article = add_article(library, "River")
    note = add_note(library, article, "plain")
    notes.edit(library, note, NEEDLE)
    library.undo()
    library.redo()
    erase_values(library, [("notes", note, "comment")])
    for _ in range(3):
        library.undo()
        assert library.query("SELECT comment FROM notes") == [(None,)]
    for _ in range(3):
        library.redo()
        assert library.query("SELECT comment FROM notes") == [(None,)]
    assert files_with(library.path.parent, NEEDLE) == []
    assert verify(library).ok


def test_erasing_is_never_what_undo_offers(library: Library) -> None:
    article = add_article(library, NEEDLE)
    with library.step("erase.person"):
        library.change("articles", article, deleted=1)
        erase_values(library, [("articles", article, "title")])
    assert (library.undo_name() or ("",))[0] == "article.import"


def test_a_later_write_to_an_erased_cell_is_refused_and_null_is_no_write(library: Library) -> None:
    article = add_article(library, NEEDLE)
    erase_values(library, [("articles", article, "title")])
    with pytest.raises(CasefileError) as told, library.step("article.set"):
        library.change("articles", article, title="again", place="elsewhere")
    assert told.value.code == "erased"
    with library.step("article.set"):
        library.change("articles", article, title=None, place="there")
    assert library.query("SELECT title, place FROM articles") == [(None, "there")]


def test_a_value_written_in_the_same_step_after_it_was_erased_is_refused(library: Library) -> None:
    article = add_article(library, NEEDLE)
    with pytest.raises(CasefileError) as told, library.step("outer"):
        erase_values(library, [("articles", article, "title")])
        library.change("articles", article, title="smuggled")
    assert told.value.code == "erased"
    assert library.query("SELECT title FROM articles") == [(NEEDLE,)]
    assert library.query("SELECT count(*) FROM tombstones") == [(0,)]


def test_what_was_written_in_the_same_step_before_it_was_erased_is_never_logged(library: Library) -> None:
    article = add_article(library, "River")
    with library.step("outer"):
        library.change("articles", article, title=NEEDLE, place="there")
        erase_values(library, [("articles", article, "title")])
    assert files_with(library.path.parent, NEEDLE) == []
    assert library.query("SELECT title, place FROM articles") == [(None, "there")]
    assert verify(library).ok


def test_another_program_that_fills_an_erased_cell_finds_it_empty_after_the_next_opening(
    library: Library, by_hand: Callable[..., list[tuple[Any, ...]]]
) -> None:
    article = add_article(library, NEEDLE)
    erase_values(library, [("articles", article, "title")])
    by_hand("UPDATE articles SET title = 'back again', place = 'there'")
    library.close()
    with libraries.open(library.path, analyst="Tan K") as again:
        assert again.query("SELECT title, place FROM articles") == [(None, "there")]
        assert verify(again).ok


@pytest.mark.parametrize(
    ("table", "field"),
    [
        ("articles", "no_such_field"),
        ("articles", "deleted"),
        ("articles", "id"),
        ("commits", "analyst"),
        ("x; --", "y"),
    ],
)
def test_a_cell_that_does_not_exist_is_refused_and_nothing_is_erased(library: Library, table: str, field: str) -> None:
    article = add_article(library, NEEDLE)
    with pytest.raises(CasefileError) as told:
        erase_values(library, [("articles", article, "title"), (table, article, field)])
    assert told.value.code == "no_such_cell"
    with pytest.raises(CasefileError):
        erase_values(library, [("articles", identity.fresh(), "title")])
    assert library.query("SELECT title FROM articles") == [(NEEDLE,)]
    assert library.query("SELECT count(*) FROM tombstones") == [(0,)]


def test_erasing_twice_adds_no_second_tombstone(library: Library) -> None:
    article = add_article(library, NEEDLE)
    for _ in range(2):
        erase_values(library, [("articles", article, "title")] * 2)
    assert library.query("SELECT count(*) FROM tombstones") == [(1,)]
    assert library.query("SELECT count(*) FROM commits") == [(2,)]


def test_a_text_and_an_original_that_nothing_names_any_more_go_too(library: Library, receive: Receive) -> None:
    article = receive(library, f"{NEEDLE} was seen at the pier.\n" * 40)
    other = receive(library, "A second statement stays.\n")
    (original,) = (row[0] for row in library.query("SELECT id FROM originals WHERE article = ?", (article,)))
    cells = [*cells_of(library, "articles", article), *cells_of(library, "originals", original)]
    # What holds the row in its place (whose it is) is erased with the rest: an erased row is nobody's.
    erase_values(library, cells)
    with library.step("article.bin"):
        library.change("articles", article, deleted=1)
        library.change("originals", original, deleted=1)
    assert articles.text(library, other) == "A second statement stays.\n"
    for content in ("texts", "blobs", "blob_parts"):
        assert library.query(f"SELECT count(*) FROM {content}") == [(1,)]
    assert files_with(library.path.parent, NEEDLE, NEEDLE.lower()) == []
    assert verify(library).problems == ()


def test_a_text_that_another_case_file_or_an_older_value_still_names_stays(library: Library, receive: Receive) -> None:
    article = receive(library, "Shared words.\n")
    text = articles.get(library, article).text
    (original,) = (row[0] for row in library.query("SELECT id FROM originals"))
    erase_values(library, [("articles", article, "text")])
    assert library.query("SELECT sha256 FROM texts") == [(text,)]
    with library.step("article.bin"):
        library.change("originals", original, deleted=1)
    erase_values(library, [("originals", original, "file_name")])
    assert library.query("SELECT sha256 FROM texts") == [(text,)]
    erase_values(library, [("originals", original, "text")])
    assert library.query("SELECT sha256 FROM texts") == []
    assert library.query("SELECT count(*) FROM blobs") == [(1,)]
    assert verify(library).ok


def test_after_content_went_it_is_guarded_again(library: Library, receive: Receive) -> None:
    article = receive(library, f"{NEEDLE}\n")
    (original,) = (row[0] for row in library.query("SELECT id FROM originals"))
    erase_values(library, [("articles", article, "text"), ("originals", original, "text")])
    with pytest.raises(driver.IntegrityError, match="insert only"), library.step("stray"):
        library.write("DELETE FROM blobs", [()])


def test_a_tag_and_what_it_merged_into_are_followed(library: Library) -> None:
    person = tags.add(library, kind="person", name=NEEDLE, spellings=[THAI])
    other = tags.add(library, kind="person", name="Somebody")
    tags.merge(library, person, other)
    assert library.query("SELECT count(*) FROM tag_roots") == [(1,)]
    cells = cells_of(library, "tags", person)
    for (row,) in library.query("SELECT id FROM spellings WHERE tag = ?", (person,)):
        cells += cells_of(library, "spellings", row)
    erase_values(library, cells)
    assert library.query("SELECT count(*) FROM tag_roots") == [(0,)]
    assert files_with(library.path.parent, NEEDLE, THAI) == []
    assert verify(library).ok


def test_readers_go_on_while_the_file_is_made_anew(library: Library) -> None:
    article = add_article(library, "River")
    note = add_note(library, article, NEEDLE)
    with libraries.open(library.path, write=False) as reader:
        assert reader.query("SELECT comment FROM notes") == [(NEEDLE,)]
        erase_values(library, [("notes", note, "comment")])
        assert reader.query("SELECT comment FROM notes") == [(None,)]
        assert reader.query("SELECT title FROM articles") == [("River",)]
        assert files_with(library.path.parent, NEEDLE) == []


def test_where_the_file_cannot_be_made_anew_it_is_told_and_erasing_again_mends_it(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = add_article(library, "River")
    note = add_note(library, article, NEEDLE)
    in_the_way = library.path.with_name(f".{library.path.name}.rewritten")
    in_the_way.mkdir()
    with pytest.raises(LibraryUnusable) as told:
        erase_values(library, [("notes", note, "comment")])
    assert told.value.code == "traces_left"
    assert library.query("SELECT comment FROM notes") == [(None,)]
    in_the_way.rmdir()
    erase_values(library, [("notes", note, "comment")])
    assert files_with(library.path.parent, NEEDLE) == []
    assert verify(library).ok


def test_an_erasing_that_was_cut_short_is_finished_at_the_next_opening(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = add_article(library, "River")
    note = add_note(library, article, f"{NEEDLE} " * 900)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    told: list[Changes] = []
    library.on_change = told.append
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(backup, "rewrite", killed)
        erase_values(library, [("notes", note, "comment")])
    assert told[0].touches("notes", row=note)
    library.close()
    assert files_with(library.path.parent, NEEDLE)
    with libraries.open(library.path, analyst="Tan K") as again:
        assert files_with(library.path.parent, NEEDLE) == []
        assert verify(again).ok
    assert {path.name.removeprefix(library.path.name) for path in library.path.parent.iterdir()} == {"", ".lock"}


def test_a_library_made_anew_keeps_its_marks_its_rows_and_its_undo(library: Library, receive: Receive) -> None:
    article = receive(library, "A statement.\n")
    note = add_note(library, article, NEEDLE)
    with library.step("article.set"):
        library.change("articles", article, title="later")
    before = library.query("SELECT n, id FROM articles UNION ALL SELECT n, id FROM commits")
    erase_values(library, [("notes", note, "comment")])
    library.close()
    with libraries.open(library.path, analyst="Tan K", initials="TK") as again:
        assert set(before) <= set(again.query("SELECT n, id FROM articles UNION ALL SELECT n, id FROM commits"))
        again.undo()
        assert articles.get(again, article).title != "later"
        assert verify(again).ok


def test_the_copy_that_a_file_is_made_anew_from_is_gone_even_when_that_fails(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(path: Path, key: Key | None, *, write: bool) -> Connection:
        raise driver.DatabaseError("database or disk is full")

    monkeypatch.setattr(backup.driver, "connect", fails)
    with pytest.raises(LibraryUnusable, match="full"):
        backup.rewrite(library._writer, library.path, None)
    assert {path.name.removeprefix(library.path.name) for path in library.path.parent.iterdir()} == {
        "",
        ".lock",
        ".holder",
        "-wal",
        "-shm",
    }


def test_bytes_that_were_erased_for_good_are_refused_and_the_rest_go_in(library: Library, tmp_path: Path) -> None:
    for name, text in (("gone.txt", "A name that had to go."), ("kept.txt", "Another matter altogether.")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    first = receiving.receive_paths(library, [tmp_path / "gone.txt"]).received[0]
    originals = library.query("SELECT id FROM originals WHERE article = ?", (first.article,))
    cells = [("originals", row, field) for (row,) in originals for field in ("sha256", "file_name", "text")]
    erase_values(library, [*cells, ("articles", first.article, "text"), ("articles", first.article, "title")])
    report = receiving.receive_paths(library, [tmp_path / "gone.txt", tmp_path / "kept.txt"])
    assert [Path(name).name for name, _ in report.refused] == ["gone.txt"]
    assert report.refused[0][1].code == "erased_for_good"
    assert [Path(item.name).name for item in report.received] == ["kept.txt"]
    with pytest.raises(Refused, match="erased for good"):
        receiving.receive_text(library, b"A name that had to go.")
    assert verify(library).ok
