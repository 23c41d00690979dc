"""Steps, undo and redo: what is logged, what comes back, what is left alone and who is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3
from hypothesis import given
from hypothesis import strategies as st

from casefile import identity
from casefile import library as libraries
from casefile.changes import Changes
from casefile.door import Library
from casefile.errors import CasefileError, LibraryUnusable
from casefile.exchange.export import recorded_rows

ByHand = Callable[..., list[tuple[Any, ...]]]


def add_article(library: Library, title: str = "ด่านปอยเปต") -> str:
    with library.step("article.import"):
        return library.insert("articles", identity.fresh(), title=title, number="TK-0001")


def add_note(library: Library, article: str, comment: str = "who pays?", **step: str) -> str:
    with library.step("note.add", **step):
        return library.insert("notes", identity.fresh(), article=article, comment=comment)


def set_title(library: Library, article: str, title: str | None) -> None:
    with library.step("article.set"):
        library.change("articles", article, title=title)


def title_of(library: Library, article: str) -> str | None:
    return library.query("SELECT title FROM articles WHERE id = ?", (article,))[0][0]


def state(library: Library) -> list[Any]:
    return list(recorded_rows(library))


def commits(library: Library) -> int:
    return library.query("SELECT count(*) FROM commits")[0][0]


def logged(library: Library) -> set[tuple[Any, ...]]:
    """Table, field and value of the latest commit's changes."""
    rows = library.query(
        "SELECT tbl, field, value FROM changes WHERE commit_n = (SELECT max(n) FROM commits) ORDER BY field"
    )
    return set(rows)


def close_and_open(library: Library, analyst: str = "Tan K") -> Library:
    library.close()
    return libraries.open(library.path, analyst=analyst, initials="TK")


# ---- steps


def test_a_step_logs_each_field_with_its_last_value_and_no_empty_one(library: Library) -> None:
    with library.step("article.import"):
        article = library.insert("articles", identity.fresh(), title="first", language="th")
        library.change("articles", article, title="ខ្មែរ", language=None)
    assert logged(library) == {("articles", "deleted", 0), ("articles", "title", "ខ្មែរ")}


def test_a_field_that_a_step_changes_back_is_not_logged(library: Library) -> None:
    article = add_article(library, "as it was")
    before = commits(library)
    with library.step("article.set"):
        library.change("articles", article, title="otherwise")
        library.change("articles", article, title="as it was")
    assert commits(library) == before


def test_a_step_that_changes_nothing_makes_no_commit_unless_it_is_an_entry(library: Library) -> None:
    with library.step("opened"):
        pass
    assert commits(library) == 0
    with library.step("opened", entry=True):
        pass
    assert commits(library) == 1
    assert logged(library) == set()


def test_a_failure_inside_a_step_leaves_nothing_of_it(library: Library) -> None:
    article = add_article(library)
    before = state(library)
    with pytest.raises(RuntimeError, match="stop"), library.step("article.set"):
        library.change("articles", article, title="half done")
        library.insert("notes", identity.fresh(), article=article, comment="half done")
        raise RuntimeError("stop")
    assert state(library) == before
    assert library.query("SELECT count(*) FROM pending") == [(0,)]
    set_title(library, article, "after")
    assert title_of(library, article) == "after"


def test_a_step_inside_a_step_joins_it(library: Library) -> None:
    with library.step("outer"):
        article = add_article(library)
        add_note(library, article)
    assert commits(library) == 1
    assert library.query("SELECT action FROM commits") == [("outer",)]


def test_a_failure_in_an_inner_step_takes_the_outer_one_with_it(library: Library) -> None:
    with pytest.raises(RuntimeError), library.step("outer"):
        add_article(library)
        with library.step("inner"):
            raise RuntimeError
    assert (commits(library), state(library)) == (0, [])


def test_a_committed_step_is_seen_by_another_connection_and_a_running_one_is_not(library: Library) -> None:
    other = sqlcipher3.connect(library.path)
    with library.step("article.import"):
        article = library.insert("articles", identity.fresh(), title="seen?")
        assert title_of(library, article) == "seen?"
        assert other.execute("SELECT count(*) FROM articles").fetchone() == (0,)
    assert other.execute("SELECT count(*) FROM articles").fetchone() == (1,)
    assert other.execute("SELECT count(*) FROM commits").fetchone() == (1,)
    other.close()


def test_a_write_outside_a_step_is_a_fault_of_the_program(library: Library) -> None:
    with pytest.raises(AssertionError, match="inside a step"):
        library.insert("articles", identity.fresh(), title="stray")
    library._writer.execute("BEGIN")
    with pytest.raises(AssertionError, match="past the door"):
        add_article(library)
    library._writer.execute("ROLLBACK")
    add_article(library)


def test_a_reading_connection_writes_nothing(library: Library) -> None:
    article = add_article(library, "as it was")
    with pytest.raises(LibraryUnusable, match="readonly"):
        library.query("UPDATE articles SET title = 'past the door'")
    assert title_of(library, article) == "as it was"


def test_a_row_is_never_removed_and_its_id_never_changed(library: Library) -> None:
    article = add_article(library)
    for sql in ("DELETE FROM articles WHERE id = ?", "UPDATE articles SET id = 'other' WHERE id = ?"):
        with pytest.raises(sqlcipher3.dbapi2.IntegrityError), library.step("stray"):
            library.write(sql, [(article,)])
    assert title_of(library, article) == "ด่านปอยเปต"


def test_a_row_that_points_at_nothing_is_refused_as_a_whole_step(library: Library) -> None:
    with pytest.raises(sqlcipher3.dbapi2.IntegrityError), library.step("note.add"):
        library.insert("notes", identity.fresh(), article=identity.fresh(), comment="an orphan")
    assert state(library) == []


def test_whoever_watches_is_told_once_for_each_step_after_it_is_committed(library: Library) -> None:
    told: list[tuple[Changes, int]] = []
    library.on_change = lambda changes: told.append((changes, commits(library)))
    with library.step("outer"):
        article = add_article(library)
        note = add_note(library, article)
    set_title(library, article, "later")
    with library.step("nothing"):
        pass
    first, second = told
    assert first[0].born == {"articles": frozenset({article}), "notes": frozenset({note})}
    assert first[1] == 1
    assert (second[0].rows, second[0].born) == ({"articles": frozenset({article})}, {})
    assert second[0].touches("articles", row=article)
    assert not second[0].touches("notes", "articles", row=note)


def test_nobody_is_told_of_a_step_that_failed(library: Library) -> None:
    told: list[Changes] = []
    library.on_change = told.append
    with pytest.raises(RuntimeError), library.step("article.import"):
        library.insert("articles", identity.fresh(), title="never")
        raise RuntimeError
    library.on_change(Changes("mark"))
    add_article(library)
    assert [changes.action for changes in told] == ["mark", "article.import"]


def test_steps_of_several_threads_wait_for_each_other(library: Library) -> None:
    article = add_article(library)

    def work() -> None:
        for _ in range(10):
            add_note(library, article)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert library.query("SELECT count(*) FROM notes") == [(40,)]
    assert library.query("SELECT max(counter), count(*) FROM commits") == [(41, 41)]


def test_a_queued_step_runs_on_the_writers_thread_and_gives_its_result_or_its_error(library: Library) -> None:
    article = library.submit(lambda: add_article(library)).result(10)
    assert title_of(library, article) == "ด่านปอยเปต"
    with pytest.raises(CasefileError, match="nothing to redo"):
        library.submit(library.redo).result(10)


# ---- undo and redo


def test_undo_takes_a_change_back_and_redo_puts_it_in_again(library: Library) -> None:
    article = add_article(library, "ปอยเปต")
    set_title(library, article, "Poi Pet")
    library.undo()
    assert title_of(library, article) == "ปอยเปต"
    library.redo()
    assert title_of(library, article) == "Poi Pet"


def test_undo_of_a_new_row_puts_it_in_the_bin_with_its_fields(library: Library) -> None:
    article = add_article(library)
    note = add_note(library, article, "keep me")
    library.undo()
    assert library.query("SELECT deleted, comment FROM notes WHERE id = ?", (note,)) == [(1, "keep me")]
    library.redo()
    assert library.query("SELECT deleted, comment FROM notes WHERE id = ?", (note,)) == [(0, "keep me")]


def test_undo_goes_back_step_by_step_and_redo_forward_again(library: Library) -> None:
    states = [state(library)]
    article = add_article(library)
    states.append(state(library))
    for title in ("one", "two", None, "four"):
        set_title(library, article, title)
        states.append(state(library))
    for before in reversed(states[:-1]):
        library.undo()
        assert state(library) == before
    for after in states[1:]:
        library.redo()
        assert state(library) == after


def test_what_there_is_to_undo_is_named_by_its_action_and_parameters(library: Library) -> None:
    assert (library.undo_name(), library.redo_name()) == (None, None)
    article = add_article(library)
    with library.step("mention.accept", n=3):
        library.change("articles", article, title="x")
    action, parameters = library.undo_name() or ("", {})
    assert (action, parameters["n"]) == ("mention.accept", 3)
    library.undo()
    assert (library.redo_name() or ("",))[0] == "mention.accept"
    assert (library.undo_name() or ("",))[0] == "article.import"


def test_with_nothing_left_undo_and_redo_say_so_and_change_nothing(library: Library) -> None:
    for travel, code in ((library.undo, "nothing_to_undo"), (library.redo, "nothing_to_redo")):
        with pytest.raises(CasefileError) as told:
            travel()
        assert told.value.code == code
    assert commits(library) == 0


def test_the_steps_of_one_job_are_undone_and_redone_together(library: Library) -> None:
    article = add_article(library)
    before = state(library)
    with library.job() as job:
        for comment in ("一", "二", "三"):
            add_note(library, article, comment, job=job)
    after = state(library)
    library.undo()
    assert state(library) == before
    library.redo()
    assert state(library) == after


def test_undo_passes_over_a_job_that_still_runs(library: Library) -> None:
    article = add_article(library, "old")
    set_title(library, article, "new")
    with library.job() as job:
        add_note(library, article, job=job)
        library.undo()
        assert title_of(library, article) == "old"
        assert library.query("SELECT deleted FROM notes") == [(0,)]
    library.undo()
    assert library.query("SELECT deleted FROM notes") == [(1,)]
    assert library.query("SELECT deleted FROM articles") == [(0,)]


def test_undo_leaves_alone_what_another_analyst_has_changed_since_and_says_so(library: Library) -> None:
    article = add_article(library, "a")
    with library.step("article.set"):
        library.change("articles", article, title="b", language="km")
    library = close_and_open(library, "Li Na")
    set_title(library, article, "c")
    library = close_and_open(library)
    changes = library.undo()
    assert changes.skipped == (("articles", article, "title"),)
    assert library.query("SELECT title, language FROM articles") == [("c", None)]
    library.close()


def test_a_new_row_that_another_analyst_has_worked_on_stays(library: Library) -> None:
    article = add_article(library)
    library = close_and_open(library, "Li Na")
    set_title(library, article, "hers")
    library = close_and_open(library)
    assert ("articles", article, "deleted") in library.undo().skipped
    assert library.query("SELECT deleted, title FROM articles") == [(0, "hers")]
    library.close()


def test_undo_of_work_on_a_row_whose_own_making_is_undone_knows_what_the_others_did(library: Library) -> None:
    article = add_article(library)
    for analyst, field, value in (("Li Na", "title", "hers"), ("Sok P", "place", "ប៉ោយប៉ែត")):
        library = close_and_open(library, analyst)
        with library.step("article.set"):
            library.change("articles", article, **{field: value})
    library = close_and_open(library)
    library.undo()
    library = close_and_open(library, "Li Na")
    library.undo()
    assert library.query("SELECT deleted, title, place FROM articles") == [(0, None, "ប៉ោយប៉ែត")]
    library = close_and_open(library, "Sok P")
    library.undo()
    assert state(library) == []
    library.redo()
    assert library.query("SELECT deleted, title, place FROM articles") == [(0, None, "ប៉ោយប៉ែត")]
    library.close()


def test_a_row_that_another_took_out_of_the_bin_stays_when_the_one_who_binned_it_undoes_that(library: Library) -> None:
    article = add_article(library)
    with library.step("article.bin"):
        library.change("articles", article, deleted=1)
    library = close_and_open(library, "Li Na")
    with library.step("article.restore"):
        library.change("articles", article, deleted=0)
    library = close_and_open(library)
    assert library.undo().skipped == (("articles", article, "deleted"),)
    assert library.query("SELECT deleted FROM articles") == [(0,)]
    library.close()


def test_jobs_of_two_analysts_done_again_in_another_order_keep_the_order_they_were_made_in(library: Library) -> None:
    article = add_article(library, "zero")
    set_title(library, article, "mine")
    library = close_and_open(library, "Li Na")
    set_title(library, article, "hers")
    library = close_and_open(library)
    library.undo()
    library = close_and_open(library, "Li Na")
    library.undo()
    assert title_of(library, article) == "zero"
    library.redo()
    library = close_and_open(library)
    assert library.redo().skipped == (("articles", article, "title"),)
    assert title_of(library, article) == "hers"
    library = close_and_open(library, "Li Na")
    library.undo()
    assert title_of(library, article) == "mine"
    library.close()


def test_an_analyst_undoes_only_steps_of_that_name(library: Library) -> None:
    add_article(library)
    library = close_and_open(library, "Li Na")
    with pytest.raises(CasefileError, match="nothing of yours"):
        library.undo()
    library.close()


def test_undo_and_redo_survive_a_restart(library: Library) -> None:
    article = add_article(library, "one")
    set_title(library, article, "two")
    library.undo()
    library = close_and_open(library)
    assert title_of(library, article) == "one"
    library.redo()
    library = close_and_open(library)
    assert title_of(library, article) == "two"
    library.undo()
    assert title_of(library, article) == "one"
    library.close()


def test_a_new_step_empties_redo_and_an_entry_does_not(library: Library) -> None:
    article = add_article(library, "one")
    set_title(library, article, "two")
    library.undo()
    with library.step("printed", entry=True):
        pass
    assert library.redo_name() is not None
    add_note(library, article)
    assert library.redo_name() is None
    with pytest.raises(CasefileError, match="nothing to redo"):
        library.redo()


def test_undo_passes_over_an_entry(library: Library) -> None:
    article = add_article(library, "one")
    set_title(library, article, "two")
    with library.step("printed", entry=True):
        pass
    library.undo()
    assert title_of(library, article) == "one"


def test_undo_and_redo_tell_whoever_watches_and_the_search_index_follows(library: Library) -> None:
    def found() -> int:
        return len(library.query("SELECT rowid FROM article_index WHERE article_index MATCH 'zebra'"))

    article = add_article(library, "zebra")
    told: list[str] = []
    library.on_change = lambda changes: told.append(changes.action)
    assert found() == 1
    library.undo()
    assert found() == 0
    library.redo()
    assert found() == 1
    set_title(library, article, "horse")
    assert found() == 0
    assert told == ["undo", "redo", "article.set"]


Edit = tuple[int, str | None]


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 2), st.sampled_from([None, "ก", "字", "e\u0301", "🙂"])), max_size=3))
)
def test_undoing_everything_and_doing_it_again_gives_every_state_once_more(
    tmp_path_factory: pytest.TempPathFactory, jobs: list[list[Edit]]
) -> None:
    path = tmp_path_factory.mktemp("law") / "law.casefile"
    with libraries.create(path, analyst="Tan K", initials="TK") as library:
        articles: dict[int, str] = {}
        states = [state(library)]
        for edits in jobs:
            with library.step("job"):
                for which, title in edits:
                    if which in articles:
                        library.change("articles", articles[which], title=title)
                    else:
                        articles[which] = library.insert("articles", identity.fresh(), title=title)
            if state(library) != states[-1]:
                states.append(state(library))
        for before in reversed(states[:-1]):
            library.undo()
            assert state(library) == before
        for after in states[1:]:
            library.redo()
            assert state(library) == after


# ---- writes of other programs


def test_what_another_program_writes_is_recorded_at_the_next_opening_and_told(
    library: Library, by_hand: ByHand
) -> None:
    article = add_article(library, "ours")
    library.close()
    plain = sqlcipher3.connect(library.path)
    plain.execute("UPDATE articles SET title = 'theirs'")
    plain.commit()
    plain.close()
    with libraries.open(library.path, analyst="Tan K") as again:
        assert again.outside is not None
        assert again.query("SELECT action FROM commits ORDER BY n DESC LIMIT 1") == [("outside",)]
        assert logged(again) == {("articles", "title", "theirs")}
        again.undo()
        assert title_of(again, article) == "ours"
    with libraries.open(library.path, analyst="Tan K") as again:
        assert again.outside is None


@pytest.mark.parametrize("value", [b"\xff\x00", 1.5])
def test_what_the_log_cannot_hold_is_put_back_when_another_program_wrote_it(
    library: Library, by_hand: ByHand, value: object
) -> None:
    add_article(library, "ours")
    with library.step("source.add"):
        source = library.insert("sources", identity.fresh(), name="X", party=1)
    library.close()
    by_hand("UPDATE articles SET title = ?, language = 'km'", value if isinstance(value, bytes) else "new")
    by_hand("UPDATE sources SET party = ?", value)
    with libraries.open(library.path, analyst="Tan K") as again:
        assert again.query("SELECT party FROM sources WHERE id = ?", (source,)) == [(1,)]
        assert again.query("SELECT title, language FROM articles") == [
            ("ours" if isinstance(value, bytes) else "new", "km")
        ]


# ---- closing


def test_a_closed_library_says_so_and_closing_twice_is_fine(library: Library) -> None:
    library.close()
    library.close()
    with pytest.raises(LibraryUnusable) as told:
        library.query("SELECT 1")
    assert told.value.code == "library_closed"


def test_closing_waits_for_the_queued_steps_and_folds_the_write_ahead_log_in(tmp_path: Path) -> None:
    library = libraries.create(tmp_path / "q.casefile", analyst="Tan K", initials="TK")
    article = add_article(library)
    for _ in range(5):
        library.submit(lambda: add_note(library, article))
    library.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["q.casefile", "q.casefile.lock"]
    with libraries.open(library.path, write=False) as again:
        assert again.query("SELECT count(*) FROM notes") == [(5,)]
