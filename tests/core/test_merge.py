"""Merging: the union of two logs, conflicts named, tombstones from either side, and nothing taken from a bad file."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3

from casefile import articles, door, driver, history, identity, notes, receiving, tags
from casefile import library as libraries
from casefile.changes import Changes
from casefile.custody import CommitHead, canonical_json, commit_id, value_digest
from casefile.door import Library
from casefile.erasing import erase_values
from casefile.errors import LibraryUnusable
from casefile.exchange import merge as merging
from casefile.exchange.export import recorded_rows
from casefile.exchange.merge import Conflict, Merged, merge
from casefile.records import ArticleId
from casefile.verify import verify

Receive = Callable[..., ArticleId]
Pair = tuple[Library, Library]
STATEMENT = "On 3 March 2031 the Harbour Unit freed 12 people.\nเจ้าหน้าที่ช่วยเหลือ 12 คน\n"


def state(library: Library) -> list[Any]:
    return list(recorded_rows(library))


def heads(library: Library) -> list[Any]:
    return library.query("SELECT id FROM heads ORDER BY id")


def add_article(library: Library, title: str = "ด่าน", number: str = "TK-0001") -> str:
    with library.step("article.import"):
        return library.insert("articles", identity.fresh(), title=title, number=number)


def add_note(library: Library, article: str, comment: str) -> str:
    with library.step("note.add"):
        return library.insert("notes", identity.fresh(), article=article, comment=comment)


def set_fields(library: Library, table: str, row: str, **values: str | int | None) -> None:
    with library.step("work"):
        library.change(table, row, **values)


def cell(library: Library, table: str, row: str, name: str) -> Any:
    return library.query(f"SELECT {name} FROM {table} WHERE id = ?", (row,))[0][0]


def exchange(ours: Library, theirs: Library) -> Merged:
    """Merge both ways; both are then equal and verify. Returns what the first merge told."""
    told = merge(ours, theirs.path)
    merge(theirs, ours.path)
    assert state(ours) == state(theirs)
    assert heads(ours) == heads(theirs)
    for library in (ours, theirs):
        assert verify(library).problems == ()
    return told


def commits(library: Library) -> int:
    return library.query("SELECT count(*) FROM commits")[0][0]


@pytest.fixture
def pair(library: Library, tmp_path: Path) -> Iterator[Pair]:
    """Tan K's library with one article, and a copy of it in which Li Na goes on."""
    add_article(library)
    library.close()
    folder = tmp_path / "hers"
    folder.mkdir()
    shutil.copy(library.path, folder / "cases.casefile")
    with (
        libraries.open(library.path, analyst="Tan K", initials="TK") as ours,
        libraries.open(folder / "cases.casefile", analyst="Li Na", initials="LN") as theirs,
    ):
        yield ours, theirs


def the_article(library: Library) -> str:
    return library.query("SELECT id FROM articles ORDER BY n LIMIT 1")[0][0]


# ---- taking over


def test_an_empty_library_takes_over_everything(library: Library, tmp_path: Path, receive: Receive) -> None:
    article = receive(library, STATEMENT)
    notes.add(library, article, start=0, stop=7, comment="ใครบอก?")
    with libraries.create(tmp_path / "new.casefile", analyst="Li Na") as new:
        told = merge(new, library.path)
        assert (told.commits, told.articles, told.conflicts) == (commits(library), 1, ())
        assert state(new) == state(library)
        assert heads(new) == heads(library)
        assert articles.text(new, article) == STATEMENT
        assert verify(new).ok


def test_a_library_that_only_went_on_is_taken_over_without_a_commit_of_ours(pair: Pair) -> None:
    ours, theirs = pair
    set_fields(theirs, "articles", the_article(theirs), title="later")
    told: list[Changes] = []
    ours.on_change = told.append
    assert merge(ours, theirs.path).commits == 1
    assert told[0].commit is None
    assert heads(ours) == heads(theirs)
    assert ours.query("SELECT count(*) FROM commits WHERE action = 'merge'") == [(0,)]


def test_two_libraries_that_parted_are_joined_by_a_commit_without_changes(pair: Pair) -> None:
    ours, theirs = pair
    article = the_article(ours)
    add_note(ours, article, "ours")
    add_note(theirs, article, "theirs")
    parted = sorted([heads(ours)[0][0], heads(theirs)[0][0]])
    merge(ours, theirs.path)
    ((n, made, counter),) = ours.query("SELECT n, id, counter FROM commits WHERE action = 'merge'")
    assert counter == 3
    assert [row[0] for row in ours.query("SELECT parent FROM parents WHERE child = ? ORDER BY 1", (made,))] == parted
    assert ours.query("SELECT count(*) FROM changes WHERE commit_n = ?", (n,)) == [(0,)]
    assert {row[0] for row in ours.query("SELECT comment FROM notes")} == {"ours", "theirs"}
    exchange(ours, theirs)


def test_merging_again_adds_nothing_and_makes_no_backup(pair: Pair) -> None:
    ours, theirs = pair
    add_note(theirs, the_article(theirs), "hers")
    assert merge(ours, theirs.path).backup is not None
    before, count = state(ours), commits(ours)
    assert merge(ours, theirs.path) == Merged(0, 0)
    assert (state(ours), commits(ours)) == (before, count)
    assert merge(ours, ours.path) == Merged(0, 0)
    assert len(list((ours.path.parent / "cases backups").iterdir())) == 1


def test_the_other_library_is_only_read(pair: Pair) -> None:
    ours, theirs = pair
    add_note(theirs, the_article(theirs), "hers")
    theirs.close()
    before = theirs.path.read_bytes()
    merge(ours, theirs.path)
    assert theirs.path.read_bytes() == before


def test_a_checked_backup_of_ours_is_made_before(pair: Pair) -> None:
    ours, theirs = pair
    add_note(ours, the_article(ours), "ours")
    before = state(ours)
    add_note(theirs, the_article(theirs), "hers")
    kept = merge(ours, theirs.path).backup
    assert kept is not None
    with libraries.open(kept, write=False) as copy:
        assert state(copy) == before
        assert verify(copy).ok


def test_whoever_watches_is_told_once_and_search_and_tag_roots_follow(pair: Pair) -> None:
    ours, theirs = pair
    one = tags.add(theirs, kind="person", name="Sok Dara")
    other = tags.add(theirs, kind="person", name="Sok D.")
    tags.merge(theirs, one, other)
    article = receiving.receive_text(theirs, "A zebra in the harbour.\n").article
    add_note(theirs, article, "giraffe")
    told: list[Changes] = []
    ours.on_change = told.append
    merge(ours, theirs.path)
    (changes,) = told
    assert changes.born["articles"] == {article}
    assert changes.touches("tags", row=one)
    assert ours.query("SELECT tag, root FROM tag_roots") == [(one, other)]
    for index, word in (("article_index", "zebra"), ("note_index", "giraffe")):
        assert len(ours.query(f"SELECT rowid FROM {index} WHERE {index} MATCH ?", (word,))) == 1


def test_the_same_article_brought_in_twice_is_one_case_file_with_two_receipts(
    library: Library, tmp_path: Path, receive: Receive
) -> None:
    receive(library, STATEMENT)
    with libraries.create(tmp_path / "hers.casefile", analyst="Li Na", initials="LN") as theirs:
        receive(theirs, STATEMENT)
        told = exchange(library, theirs)
    assert library.query("SELECT count(*) FROM articles") == [(1,)]
    assert library.query("SELECT count(*) FROM receipts") == [(2,)]
    assert [(conflict.field, conflict.table) for conflict in told.conflicts] == [("number", "articles")]
    assert told.articles == 0


def test_numbers_that_two_case_files_bear_are_listed(pair: Pair) -> None:
    ours, theirs = pair
    add_article(ours, "one", "TK-0002")
    add_article(theirs, "two", "TK-0002")
    add_article(theirs, "three", "LN-0001")
    told = merge(ours, theirs.path)
    assert told.same_numbers == ("TK-0002",)
    assert ours.query("SELECT count(*) FROM articles WHERE number = 'TK-0002'") == [(2,)]


def test_a_library_with_a_passphrase_gives_and_takes(tmp_path: Path, library: Library) -> None:
    article = add_article(library)
    path = tmp_path / "kept.casefile"
    with libraries.create(path, "ฝน", analyst="Li Na") as kept:
        merge(kept, library.path)
        add_note(kept, article, "kept")
        with pytest.raises(LibraryUnusable) as told:
            merge(library, path)
        assert told.value.code == "passphrase_wanted"
        exchange_key = merge(library, path, "ฝน")
        assert exchange_key.commits == 1
        assert state(library) == state(kept)


def test_a_copy_of_a_library_with_a_passphrase_opens_with_the_key_of_the_original(tmp_path: Path) -> None:
    path = tmp_path / "kept.casefile"
    with libraries.create(path, "ฝน", analyst="Tan K") as kept:
        article = add_article(kept)
    shutil.copy(path, tmp_path / "copy.casefile")
    with libraries.open(tmp_path / "copy.casefile", "ฝน", analyst="Li Na") as copy:
        add_note(copy, article, "from the copy")
    with libraries.open(path, "ฝน", analyst="Tan K") as kept:
        assert merge(kept, tmp_path / "copy.casefile").commits == 1
        assert verify(kept).ok


def test_a_large_original_comes_over_in_its_parts(library: Library, tmp_path: Path) -> None:
    data = os.urandom(2_500_000)
    digest = hashlib.sha256(data).hexdigest()
    with library.step("article.import"):
        article = library.insert("articles", identity.derived("article", digest), title="scan")
        library.insert("originals", identity.fresh(), article=article, sha256=digest, size=len(data))
        library.write("INSERT INTO blobs VALUES (?, ?, 0)", [(digest, len(data))])
        parts = [data[start : start + 2**20] for start in range(0, len(data), 2**20)]
        library.write(
            "INSERT INTO blob_parts (sha256, part, data) VALUES (?, ?, ?)",
            [(digest, place, parts[place]) for place in (2, 0, 1)],
        )
    with libraries.create(tmp_path / "new.casefile", analyst="Li Na") as new:
        merge(new, library.path)
        stored = new.query("SELECT data FROM blob_parts WHERE sha256 = ? ORDER BY part", (digest,))
        assert b"".join(row[0] for row in stored) == data
        assert verify(new).ok


# ---- conflicts


def test_a_cell_changed_on_both_sides_is_a_conflict_and_the_greater_commit_wins_in_both(pair: Pair) -> None:
    ours, theirs = pair
    article = the_article(ours)
    set_fields(ours, "articles", article, title="ours")
    set_fields(theirs, "articles", article, title="first")
    set_fields(theirs, "articles", article, title="theirs")
    told = exchange(ours, theirs)
    assert told.conflicts == (Conflict("articles", article, "title", "ours", "theirs", "theirs"),)
    assert cell(ours, "articles", article, "title") == "theirs"
    values = {row[0] for row in ours.query("SELECT value FROM changes WHERE field = 'title'")}
    assert {"ours", "theirs"} <= values


def test_ours_wins_where_ours_is_greater(pair: Pair) -> None:
    ours, theirs = pair
    article = the_article(ours)
    set_fields(theirs, "articles", article, title="theirs")
    for title in ("one", "two", "ours"):
        set_fields(ours, "articles", article, title=title)
    told = exchange(ours, theirs)
    assert told.conflicts == (Conflict("articles", article, "title", "ours", "theirs", "ours"),)
    assert cell(theirs, "articles", article, "title") == "ours"


def test_with_equal_counters_the_greater_id_wins_in_both(pair: Pair) -> None:
    ours, theirs = pair
    article = the_article(ours)
    set_fields(ours, "articles", article, title="ours")
    set_fields(theirs, "articles", article, title="theirs")
    winner = "ours" if heads(ours) > heads(theirs) else "theirs"
    (conflict,) = exchange(ours, theirs).conflicts
    assert conflict.winner == cell(ours, "articles", article, "title") == winner


def test_an_edit_flips_a_conflict_for_good(pair: Pair) -> None:
    ours, theirs = pair
    article = the_article(ours)
    set_fields(ours, "articles", article, title="ours")
    set_fields(theirs, "articles", article, title="theirs")
    (conflict,) = exchange(ours, theirs).conflicts
    lost = conflict.theirs if conflict.winner == "ours" else conflict.ours
    set_fields(ours, "articles", article, title=lost)
    assert exchange(theirs, ours).conflicts == ()
    assert cell(theirs, "articles", article, "title") == lost


def test_different_fields_and_equal_values_are_no_conflict(pair: Pair) -> None:
    ours, theirs = pair
    article = the_article(ours)
    set_fields(ours, "articles", article, title="the same", place="ours")
    set_fields(theirs, "articles", article, title="the same", language="km")
    assert exchange(ours, theirs).conflicts == ()
    assert ours.query("SELECT title, place, language FROM articles") == [("the same", "ours", "km")]


def test_a_conflict_is_told_once(pair: Pair) -> None:
    ours, theirs = pair
    article = the_article(ours)
    set_fields(ours, "articles", article, title="ours")
    set_fields(theirs, "articles", article, title="theirs")
    assert len(exchange(ours, theirs).conflicts) == 1
    set_fields(theirs, "articles", article, place="elsewhere")
    assert exchange(ours, theirs).conflicts == ()


@pytest.mark.parametrize("binned_by", ["ours", "theirs"])
def test_a_row_binned_on_one_side_and_changed_on_the_other_is_told(pair: Pair, binned_by: str) -> None:
    ours, theirs = pair
    article = the_article(ours)
    one, other = (ours, theirs) if binned_by == "ours" else (theirs, ours)
    set_fields(one, "articles", article, deleted=1)
    set_fields(other, "articles", article, title="still at work")
    (conflict,) = exchange(ours, theirs).conflicts
    assert (conflict.row, conflict.field, conflict.winner) == (article, "deleted", binned_by)
    assert cell(ours, "articles", article, "deleted") == 1
    assert cell(ours, "articles", article, "title") == "still at work"


def test_notes_from_both_sides_of_one_passage_stand_both(pair: Pair) -> None:
    ours, theirs = pair
    article = the_article(ours)
    for library in pair:
        add_note(library, article, "ซ้ำ")
    assert exchange(ours, theirs).conflicts == ()
    assert ours.query("SELECT count(*) FROM notes") == [(2,)]


def test_tags_merged_in_opposite_ways_resolve_to_one_in_both(pair: Pair) -> None:
    ours, theirs = pair
    one = tags.add(ours, kind="person", name="Sok Dara")
    other = tags.add(ours, kind="person", name="Sok D.")
    merge(theirs, ours.path)
    tags.merge(ours, one, other)
    tags.merge(theirs, other, one)
    exchange(ours, theirs)
    for library in pair:
        assert {root for _, root in library.query("SELECT tag, root FROM tag_roots")} == {min(one, other)}


# ---- undo after a merge


def test_after_a_merge_undo_takes_back_own_work_and_none_of_theirs(pair: Pair) -> None:
    ours, theirs = pair
    article = the_article(ours)
    set_fields(ours, "articles", article, place="ours")
    add_note(theirs, article, "hers")
    merge(ours, theirs.path)
    ours.undo()
    assert cell(ours, "articles", article, "place") is None
    assert ours.query("SELECT deleted FROM notes") == [(0,)]
    ours.redo()
    assert cell(ours, "articles", article, "place") == "ours"
    exchange(ours, theirs)


def test_undo_after_a_merge_leaves_alone_what_they_changed_since(pair: Pair) -> None:
    ours, theirs = pair
    article = the_article(ours)
    set_fields(ours, "articles", article, place="ours")
    merge(theirs, ours.path)
    set_fields(theirs, "articles", article, place="hers")
    merge(ours, theirs.path)
    assert ours.undo().skipped == (("articles", article, "place"),)
    assert cell(ours, "articles", article, "place") == "hers"


def test_an_undo_travels(pair: Pair) -> None:
    ours, theirs = pair
    article = the_article(ours)
    set_fields(ours, "articles", article, title="mistaken")
    merge(theirs, ours.path)
    ours.undo()
    merge(theirs, ours.path)
    assert cell(theirs, "articles", article, "title") == "ด่าน"


# ---- erasing


def test_what_they_erased_is_erased_here_and_nowhere_in_the_file(pair: Pair) -> None:
    ours, theirs = pair
    article = the_article(ours)
    note = add_note(ours, article, "Quillamore")
    merge(theirs, ours.path)
    set_fields(ours, "notes", note, comment="Quillamore again")
    erase_values(theirs, [("notes", note, "comment")])
    told = merge(ours, theirs.path)
    assert (told.conflicts, cell(ours, "notes", note, "comment")) == ((), None)
    assert b"Quillamore" not in ours.path.read_bytes()
    assert verify(ours).problems == ()
    exchange(ours, theirs)


def test_what_was_erased_here_stays_erased_whatever_they_wrote_since(pair: Pair) -> None:
    ours, theirs = pair
    article = the_article(ours)
    note = add_note(ours, article, "Quillamore")
    merge(theirs, ours.path)
    erase_values(ours, [("notes", note, "comment")])
    for _ in range(5):
        set_fields(theirs, "notes", note, comment=f"Quillamore {identity.fresh()}", label="red")
    told = merge(ours, theirs.path)
    assert cell(ours, "notes", note, "comment") is None
    assert cell(ours, "notes", note, "label") == "red"
    assert told.conflicts == ()
    assert b"Quillamore" not in ours.path.read_bytes()
    exchange(ours, theirs)
    assert b"Quillamore" not in theirs.path.read_bytes()


def test_an_erased_text_does_not_come_back_with_a_merge(library: Library, tmp_path: Path, receive: Receive) -> None:
    article = receive(library, "Quillamore was seen at the pier.\n" * 9)
    ((original,),) = library.query("SELECT id FROM originals")
    with libraries.create(tmp_path / "hers.casefile", analyst="Li Na") as theirs:
        merge(theirs, library.path)
        cells = [("articles", article, "text"), ("originals", original, "text"), ("originals", original, "sha256")]
        erase_values(library, [*cells, ("articles", article, "title")])
        notes.add(theirs, article, start=0, stop=5, comment="hers")
        merge(library, theirs.path)
        assert library.query("SELECT count(*) FROM texts") == [(0,)]
        assert library.query("SELECT count(*) FROM blobs") == [(0,)]
        merge(theirs, library.path)
        assert theirs.query("SELECT count(*) FROM texts") == [(0,)]
        assert verify(library).problems == verify(theirs).problems == ()


# ---- failures leave nothing


def test_a_failure_half_way_leaves_nothing(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = pair
    add_note(ours, the_article(ours), "ours")
    add_note(theirs, the_article(theirs), "hers")
    before, count = state(ours), commits(ours)

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("stop")

    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(history, "seal", fails)
        merge(ours, theirs.path)
    assert (state(ours), commits(ours)) == (before, count)
    assert verify(ours).ok
    assert merge(ours, theirs.path).commits == 1


def test_a_library_open_for_reading_only_takes_nothing(pair: Pair) -> None:
    ours, theirs = pair
    with libraries.open(ours.path, write=False) as reader, pytest.raises(LibraryUnusable) as told:
        merge(reader, theirs.path)
    assert told.value.code == "read_only"


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "no_such_library"), (b"", "not_a_library"), (b"SQLite format 3\0" + b"\0" * 9000, "not_a_library")],
)
def test_what_is_no_library_is_refused(library: Library, tmp_path: Path, content: bytes | None, code: str) -> None:
    path = tmp_path / "odd.casefile"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(LibraryUnusable) as told:
        merge(library, path)
    assert told.value.code == code


# ---- hostile files


class Forger:
    """Writes what it likes into a library's file, with digests that fit: what a skilled hand can do."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def run(self, sql: str, *parameters: object) -> None:
        connection = sqlcipher3.connect(self.path, isolation_level=None)
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute(sql, parameters)
        connection.close()

    def commit(
        self,
        changes: list[tuple[Any, ...]],
        tombstones: list[tuple[str, str, str]] | None = None,
        **head: Any,
    ) -> None:
        connection = sqlcipher3.connect(self.path, isolation_level=None)
        parents = tuple(row[0] for row in connection.execute("SELECT id FROM heads"))
        counter = connection.execute("SELECT max(counter) + 1 FROM commits").fetchone()[0]
        given = {
            "schema": 1,
            "parents": parents,
            "counter": counter,
            "time": "2031-01-01T00:00:00Z",
            "analyst": "Li Na",
            "action": "note.add",
            "params": {"job": "j"},
        } | head
        made_of = CommitHead(**given)
        salt = bytes(16)
        lines = [(table, row, name, value_digest(salt, value)) for table, row, name, value in changes]
        made = commit_id(made_of, lines, tombstones or [])
        cursor = connection.execute(
            "INSERT INTO commits (id, version, schema, counter, time, analyst, action, params) "
            "VALUES (?, 1, ?, ?, ?, ?, ?, ?)",
            (
                made,
                *(given[name] for name in ("schema", "counter", "time", "analyst", "action")),
                canonical_json(given["params"]),
            ),
        )
        connection.executemany("INSERT INTO parents VALUES (?, ?)", [(made, parent) for parent in given["parents"]])
        connection.executemany(
            "INSERT INTO changes (commit_n, ord, tbl, row, field, value, salt) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(cursor.lastrowid, place, *change, salt) for place, change in enumerate(changes)],
        )
        connection.executemany(
            "INSERT INTO tombstones VALUES (?, ?, ?, ?)", [(made, *cell) for cell in tombstones or []]
        )
        connection.execute("DELETE FROM heads")
        connection.execute("INSERT INTO heads VALUES (?)", (made,))
        connection.close()


@pytest.fixture
def forger(pair: Pair) -> Forger:
    _, theirs = pair
    add_note(theirs, the_article(theirs), "hers")
    theirs.close()
    return Forger(theirs.path)


def refused(ours: Library, path: Path) -> LibraryUnusable:
    before, count = state(ours), commits(ours)
    with pytest.raises(LibraryUnusable) as told:
        merge(ours, path)
    assert (state(ours), commits(ours)) == (before, count)
    assert verify(ours).problems == ()
    assert str(path) in str(told.value)
    return told.value


ROW = "018f0000-0000-7000-8000-00000000000a"
PASSAGE = ["0" * 64, 0, 3, "abc", "", ""]


def born(table: str = "notes", row: str = ROW, **values: object) -> list[tuple[Any, ...]]:
    return [(table, row, "deleted", 0), *((table, row, name, value) for name, value in values.items())]


def test_a_forged_commit_that_could_be_honest_is_taken_over(pair: Pair, forger: Forger) -> None:
    ours = pair[0]
    forger.commit(born(comment="fine", passage=json.dumps(PASSAGE, separators=(",", ":"))))
    assert merge(ours, forger.path).commits == 2
    assert verify(ours).ok


@pytest.mark.parametrize(
    "changes",
    [
        born("commits", analyst="x"),
        born("sqlite_master", sql="x"),
        born("notes; DROP TABLE notes", comment="x"),
        born("pending", tbl="x"),
        born(n="7"),
        born(id="x"),
        [(*born(comment="x")[1][:2], "comment) VALUES ('x'); --", "x"), *born()],
        born(row="not-an-id", comment="x"),
        born(row=ROW.upper(), comment="x"),
        born(comment=7),
        born(comment="x" * 1_000_001),
        [("notes", ROW, "deleted", 2)],
        [("notes", ROW, "deleted", None)],
        [("notes", ROW, "deleted", "0")],
        [("notes", ROW, "comment", "a row without a beginning")],
        born("sources", party="yes"),
        born(article="not-an-id"),
        born(article=identity.fresh()),
        born("articles", text="../../etc/passwd"),
        born("articles", published="{not json"),
        born("articles", published="[]"),
        born("articles", published='{"low": 7}'),
        born("articles", published='{"low":"2031-01-01", "high":"2031-01-01"}'),
        born("articles", published='{"evil":"x"}'),
        born("articles", published='{"low":NaN}'),
        born("articles", published="[" * 100_000 + "]" * 100_000),
        born("articles", published='{"low":"\\ud800"}'),
        born("articles", title_from='{"basis":"guessed"}'),
        born("articles", title_from='{"passage":[1,2,3]}'),
        born("originals", warnings='{"a":1}'),
        born("originals", warnings="[1]"),
        born(passage="[]"),
        born(passage='["x",0,3,"abc","",""]x'),
        born(passage='["x",0,99,"abc","",""]'),
        born(passage='["x",0.0,3,"abc","",""]'),
        born(passage='["x",false,3,"abc","",""]'),
        born(passage='["x", 0, 3, "abc", "", ""]'),
        born("mentions", passage="{}"),
    ],
    ids=lambda changes: f"{changes[-1][0]}.{changes[-1][2]}={changes[-1][3]!r}"[:50].replace("/", "_"),
)
def test_a_change_that_this_program_never_writes_is_refused(
    pair: Pair, forger: Forger, changes: list[tuple[Any, ...]]
) -> None:
    forger.commit(changes)
    assert refused(pair[0], forger.path).code == "other_unsound"


@pytest.mark.parametrize(
    "head",
    [
        {"counter": 10**6},
        {"counter": 1},
        {"counter": 2**60},
        {"time": "tomorrow"},
        {"time": "๒๐๓๑-01-01T00:00:00Z"},
        {"analyst": "x" * 1001},
        {"action": "Robert'); DROP TABLE notes"},
        {"params": {}},
        {"params": {"job": 7}},
        {"params": {"job": "j", "more": "x" * 100_001}},
        {"schema": 0},
    ],
    ids=lambda head: str(head)[:40],
)
def test_a_commit_that_this_program_never_writes_is_refused(pair: Pair, forger: Forger, head: dict[str, Any]) -> None:
    forger.commit(born(comment="x"), **head)
    assert refused(pair[0], forger.path).code == "other_unsound"


def test_a_commit_on_parents_that_are_not_there_is_refused(pair: Pair, forger: Forger) -> None:
    forger.commit(born(comment="x"), parents=("f" * 64,), counter=1)
    assert refused(pair[0], forger.path).code == "other_damaged"


def test_a_step_of_a_newer_format_is_refused_as_newer(pair: Pair, forger: Forger) -> None:
    forger.commit(born(comment="x"), schema=2)
    assert refused(pair[0], forger.path).code == "newer_library"


@pytest.mark.parametrize(
    "cell",
    [
        ("notes", ROW, "deleted"),
        ("notes", ROW, "n"),
        ("commits", ROW, "analyst"),
        ("notes", "x", "comment"),
        ("notes", ROW, "comment"),
    ],
)
def test_a_tombstone_of_what_is_no_cell_is_refused(pair: Pair, forger: Forger, cell: tuple[str, str, str]) -> None:
    forger.commit([], [cell])
    assert refused(pair[0], forger.path).code == "other_unsound"


def test_the_same_cell_twice_in_one_step_is_refused(pair: Pair, forger: Forger) -> None:
    forger.commit([*born(comment="one"), ("notes", ROW, "comment", "two")])
    assert refused(pair[0], forger.path).code == "other_damaged"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE changes SET value = 'altered' WHERE field = 'comment'",
        "UPDATE changes SET value = CAST(x'ff' AS TEXT) WHERE field = 'comment'",
        "UPDATE commits SET analyst = 'Somebody' WHERE n = 1",
        "UPDATE commits SET params = '7' WHERE n = 2",
        "DELETE FROM commits WHERE n = 1",
        "DELETE FROM changes",
        "DELETE FROM parents",
        "INSERT INTO tombstones SELECT id, 'notes', 'x', 'comment' FROM commits",
    ],
)
def test_a_log_that_does_not_hold_is_refused(pair: Pair, forger: Forger, sql: str) -> None:
    forger.run(sql)
    assert refused(pair[0], forger.path).code == "other_damaged"


def test_stray_tombstones_of_no_commit_erase_nothing(pair: Pair, forger: Forger) -> None:
    ours = pair[0]
    forger.run("INSERT INTO tombstones VALUES ('nobody', 'articles', ?, 'title')", the_article(ours))
    merge(ours, forger.path)
    assert cell(ours, "articles", the_article(ours), "title") == "ด่าน"


@pytest.mark.parametrize(
    "steps",
    [
        ["ALTER TABLE changes RENAME TO hidden", "CREATE VIEW changes AS SELECT * FROM hidden"],
        [
            "ALTER TABLE commits RENAME TO hidden",
            "CREATE VIEW commits AS WITH RECURSIVE f(n) AS (SELECT 1 UNION ALL SELECT n FROM f) SELECT n FROM f",
        ],
        ["DROP TABLE texts"],
        ["DROP TABLE texts", "CREATE VIRTUAL TABLE texts USING fts5(sha256, rule, key, length, body)"],
        ["DROP TABLE texts", "CREATE TABLE texts (sha256, rule, body AS ('x'))"],
        ["ALTER TABLE changes DROP COLUMN salt"],
    ],
)
def test_tables_that_are_none_of_ours_are_refused_unread(pair: Pair, forger: Forger, steps: list[str]) -> None:
    for sql in steps:
        forger.run(sql)
    assert refused(pair[0], forger.path).code == "other_unsound"


def test_its_triggers_and_views_are_never_run(pair: Pair, forger: Forger) -> None:
    ours = pair[0]
    forger.run("CREATE TABLE marks (a)")
    for table in ("changes", "notes", "commits"):
        forger.run(f"CREATE VIEW seen_{table} AS SELECT * FROM {table}")
    connection = sqlcipher3.connect(forger.path)
    connection.execute("CREATE TRIGGER spy AFTER INSERT ON notes BEGIN INSERT INTO marks VALUES (1); END")
    connection.close()
    merge(ours, forger.path)
    assert sqlcipher3.connect(forger.path).execute("SELECT count(*) FROM marks").fetchone() == (0,)
    assert "marks" not in {row[0] for row in ours.query("SELECT name FROM sqlite_master")}


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE texts SET body = 'another text'", "other_damaged"),
        ("UPDATE texts SET body = x'00'", "other_unsound"),
        ("UPDATE texts SET body = body || char(0)", "other_unsound"),
        ("UPDATE texts SET rule = 9", "other_damaged"),
        ("DELETE FROM texts", "other_damaged"),
        ("UPDATE blob_parts SET data = zeroblob(10)", "other_damaged"),
        ("UPDATE blob_parts SET data = 'text'", "other_damaged"),
        ("UPDATE blobs SET size = size + 1", "other_damaged"),
        ("UPDATE blobs SET size = 10000000000", "other_damaged"),
        ("UPDATE blobs SET size = 'x'", "other_damaged"),
        ("UPDATE blobs SET compressed = 7", "other_damaged"),
        ("UPDATE blobs SET compressed = 1 - compressed", "other_damaged"),
        ("DELETE FROM blob_parts", "other_damaged"),
    ],
)
def test_content_that_is_not_what_its_digest_says_is_refused(
    library: Library, tmp_path: Path, receive: Receive, sql: str, code: str
) -> None:
    receive(library, STATEMENT)
    library.close()
    Forger(library.path).run(sql)
    with libraries.create(tmp_path / "new.casefile", analyst="Li Na") as ours:
        assert refused(ours, library.path).code == code
        assert ours.query("SELECT count(*) FROM blobs") == [(0,)]


def test_a_stream_that_swells_is_refused_before_it_fills_the_memory(
    library: Library, tmp_path: Path, receive: Receive
) -> None:
    import zlib

    press = zlib.compressobj(9)
    bomb = b"".join(press.compress(bytes(2**20)) for _ in range(200)) + press.flush()
    receive(library, STATEMENT)
    library.close()
    Forger(library.path).run("UPDATE blobs SET compressed = 1")
    Forger(library.path).run("UPDATE blob_parts SET data = ?", bomb)
    with libraries.create(tmp_path / "new.casefile", analyst="Li Na") as ours:
        assert refused(ours, library.path).code == "other_damaged"


def test_a_key_of_a_text_is_made_here_and_never_taken_over(library: Library, tmp_path: Path, receive: Receive) -> None:
    receive(library, STATEMENT)
    ((key,),) = library.query("SELECT key FROM texts")
    library.close()
    Forger(library.path).run("UPDATE texts SET key = 'planted', length = 9")
    with libraries.create(tmp_path / "new.casefile", analyst="Li Na") as ours:
        merge(ours, library.path)
        assert ours.query("SELECT key, length FROM texts") == [(key, len(STATEMENT))]


def test_damaged_pages_are_refused(pair: Pair, forger: Forger) -> None:
    whole = forger.path.read_bytes()
    for page in range(1, len(whole) // driver.PAGE_SIZE, 3):
        start = page * driver.PAGE_SIZE
        forger.path.write_bytes(whole[:start] + b"\xa5" * 64 + whole[start + 64 :])
        assert refused(pair[0], forger.path).code in ("other_damaged", "library_damaged")


def test_a_clock_years_ahead_wins_nothing(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = pair
    article = the_article(ours)
    with monkeypatch.context() as patched:
        patched.setattr(door, "utc_now", lambda: "2099-12-31T23:59:59Z")
        set_fields(theirs, "articles", article, title="from the future")
    set_fields(ours, "articles", article, title="one")
    set_fields(ours, "articles", article, title="two")
    exchange(ours, theirs)
    assert cell(theirs, "articles", article, "title") == "two"


def test_the_action_of_a_merge_has_a_name(pair: Pair) -> None:
    from casefile import phrases

    assert merging.MERGE in phrases.codes("actions")
