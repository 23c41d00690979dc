"""What an attacker of the core found: each of these went wrong once."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casefile import articles, backup, dossiers, erasing, identity, mentions, notes, receiving, settings, sources, tags
from casefile import library as libraries
from casefile.brief import compose
from casefile.changes import Changes
from casefile.custody import Cell
from casefile.door import Library
from casefile.errors import CasefileError
from casefile.records import ArticleId
from casefile.search import find

Receive = Callable[..., ArticleId]

STATEMENT = "Boats at the weir\nMarsh Herald | 2025-03-04\n\nLKV officers stopped two boats at Reed Weir.\n"


@pytest.fixture
def article(library: Library, receive: Receive) -> ArticleId:
    """A case file with a date, a publisher and a place name."""
    return receive(library, STATEMENT)


def refusal(run: Callable[[], object]) -> str:
    """The code of the error that the call ends with."""
    with pytest.raises(CasefileError) as told:
        run()
    return told.value.code


# ---- steps


def test_a_step_whose_inner_step_failed_is_not_committed_though_the_failure_was_caught(library: Library) -> None:
    with pytest.raises(AssertionError, match="failed step"), library.step("outer"):
        library.insert("articles", identity.fresh(), title="whole")
        with pytest.raises(ValueError, match="stop"), library.step("inner"):
            library.insert("articles", identity.fresh(), title="half")
            raise ValueError("stop")
    assert library.query("SELECT count(*) FROM articles") == [(0,)]
    with library.step("after"):
        library.insert("articles", identity.fresh(), title="after")
    assert library.query("SELECT title FROM articles") == [("after",)]


def test_a_step_inside_derive_is_refused_since_nobody_would_log_it(library: Library) -> None:
    with pytest.raises(AssertionError, match="logged by nobody"), library.derive(), library.step("stray"):
        library.insert("articles", identity.fresh(), title="unlogged")
    assert library.query("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM pending)") == [(0, 0)]


def test_of_steps_in_several_threads_each_is_told_once(library: Library) -> None:
    told: list[Changes] = []
    library.on_change = told.append

    def work() -> None:
        for _ in range(60):
            with library.step("add"):
                library.insert("articles", identity.fresh(), title="x")

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert Counter(changes.commit for changes in told) == Counter(
        row[0] for row in library.query("SELECT id FROM commits")
    )


# ---- closing

CLOSED_WHILE_READ = """
import sys, threading, time
from pathlib import Path
from casefile import identity, library
from casefile.errors import LibraryUnusable
codes = []
def read(opened, reading):
    try:
        while True:
            reading.set()
            assert len(opened.query("SELECT id, title FROM articles ORDER BY title")) == 2000
    except LibraryUnusable as error:
        codes.append(error.code)
for place in range(8):
    opened = library.create(Path(sys.argv[1]) / f"{place}.casefile", analyst="T", initials="T")
    with opened.step("add"):
        for _ in range(2000):
            opened.insert("articles", identity.fresh(), title="x" * 200)
    reading = threading.Event()
    threads = [threading.Thread(target=read, args=(opened, reading)) for _ in range(3)]
    for thread in threads:
        thread.start()
    reading.wait()
    opened.close()
    for thread in threads:
        thread.join()
assert codes == ["library_closed"] * 24, codes
"""


def test_closing_while_other_threads_read_ends_their_reading_and_not_the_process(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CLOSED_WHILE_READ, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_closed_library_says_so_to_whoever_writes_or_queues(library: Library) -> None:
    library.submit(lambda: None).result(10)
    library.close()
    assert refusal(lambda: library.step("late").__enter__()) == "library_closed"
    assert refusal(lambda: library.submit(lambda: None)) == "library_closed"


def test_a_library_whose_file_is_gone_says_so_to_a_thread_that_begins_to_read(library: Library) -> None:
    library.query("SELECT 1")
    library.path.rename(library.path.with_suffix(".elsewhere"))
    codes: list[str] = []
    thread = threading.Thread(target=lambda: codes.append(refusal(lambda: library.query("SELECT 1 FROM articles"))))
    thread.start()
    thread.join()
    assert codes == ["no_such_library"]


def test_a_note_of_the_holder_that_cannot_be_written_keeps_nobody_out(library: Library) -> None:
    library.close()
    holder = library.path.with_name(f"{library.path.name}.holder")
    holder.mkdir()
    for _ in range(2):
        libraries.open(library.path).close()


# ---- undo and redo


def test_redo_does_again_what_was_undone_last_also_where_jobs_ran_side_by_side(
    library: Library, article: ArticleId
) -> None:
    with library.job() as job:
        with library.step("long", job=job):
            library.change("articles", article, place="Reed Weir")
        articles.set_fields(library, article, {"title": "Short"})
        with library.step("long", job=job):
            library.change("articles", article, language="en")
        library.undo()
    library.undo()
    assert (library.redo_name() or ("",))[0] == "long"
    library.redo()
    assert articles.get(library, article).place == "Reed Weir"
    library.redo()
    assert articles.get(library, article).title == "Short"
    assert (library.undo_name() or ("",))[0] == "article.set"


def test_undo_after_an_import_was_undone_and_repeated_gives_the_facts_of_the_import_back(
    library: Library, receive: Receive
) -> None:
    article = receive(library, STATEMENT)
    before = articles.get(library, article)
    library.undo()
    assert receive(library, STATEMENT) == article
    articles.set_fields(library, article, {"title": "Mine", "publisher": "Another Paper", "place": "Reed Weir"})
    library.undo()
    assert articles.get(library, article) == before
    library.undo()
    assert articles.ids(library) == []
    library.redo()
    assert articles.get(library, article) == before


def test_a_source_that_a_case_file_names_is_there_though_its_adding_was_undone(
    library: Library, receive: Receive
) -> None:
    receive(library, STATEMENT)
    library.undo()
    assert sources.every(library) == []
    article = receive(library, STATEMENT)
    assert [source.name for source in sources.every(library)] == ["Marsh Herald"]
    sources.grade(library, sources.find_or_add(library, "marsh herald"), "B")
    assert articles.get(library, article).grade == "B–"
    assert len(sources.every(library)) == 1


# ---- names and numbers


def test_initials_with_a_hyphen_do_not_make_numbers_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.FOLDER_VARIABLE, str(tmp_path))
    (tmp_path / settings.FILE_NAME).write_text('analyst = "Tan K"\ninitials = "T-K "\n', encoding="utf-8")
    initials = settings.load().initials
    with libraries.create(tmp_path / "n.casefile", analyst="Tan K", initials=initials) as library:
        numbers = [receiving.receive_text(library, f"text {place}").number for place in range(2)]
    assert numbers == ["TK-0001", "TK-0002"]


def test_a_tag_named_like_the_start_of_another_tags_id_is_found_by_its_name(library: Library) -> None:
    other = tags.add(library, kind="person", name="Somsak")
    number = tags.add(library, kind="identifier", name=other[:8], spellings=[other[:6]])
    assert tags.resolve(library, other[:8]) == number
    assert tags.resolve(library, other[:6]) == number
    assert tags.resolve(library, other) == other


@pytest.mark.parametrize("name", ["\u200b", " \u00ad\ufeff "])
def test_a_name_of_invisible_characters_is_no_name(library: Library, name: str) -> None:
    assert refusal(lambda: tags.add(library, kind="person", name=name)) == "name_empty"
    assert refusal(lambda: sources.find_or_add(library, name)) == "name_empty"


def test_half_a_character_is_refused_and_nothing_is_changed(library: Library, article: ArticleId) -> None:
    commits = library.query("SELECT id FROM commits")
    half = "x\ud83d"
    for run in (
        lambda: articles.set_fields(library, article, {"place": "Reed Weir", "title": half}),
        lambda: tags.add(library, kind="person", name=half),
        lambda: notes.add(library, article, start=0, stop=5, comment=half),
        lambda: dossiers.add(library, reference=half, title="x"),
        lambda: articles.resolve(library, half),
    ):
        assert refusal(run) == "text_unfit"
    assert library.query("SELECT id FROM commits") == commits
    assert library.prepared == {}


# ---- erased values


def test_a_note_and_a_mention_whose_passage_was_erased_are_passed_over(library: Library, article: ArticleId) -> None:
    gone = notes.add(library, article, start=0, stop=5, comment="who?")
    kept = notes.add(library, article, start=0, stop=9, comment="kept")
    tag = tags.add(library, kind="place", name="Reed Weir")
    (found,) = mentions.suggestions(library, article)
    (mention,) = mentions.decide(library, article, [found.id], "confirmed")
    dossier = dossiers.add(library, reference="D-1", title="Weir")
    dossiers.file(library, dossier, [article])
    cells: list[Cell] = [("notes", gone, "passage"), ("mentions", mention, "passage")]
    erasing.erase_values(library, cells)
    assert [note.id for note in notes.of_article(library, article)] == [kept]
    assert [note.id for note in notes.of_dossier(library, dossier)] == [kept]
    assert refusal(lambda: notes.get(library, gone)) == "no_such_note"
    assert mentions.of_article(library, article) == []
    assert [(listed.mentions, listed.articles) for listed in tags.every(library)] == [(0, 0)]
    assert find.search(library, "boats", tag=tag) == []
    assert [finding.comment for finding in compose.compose(library, dossier).findings] == ["kept"]


# ---- finding and briefs


def test_an_interval_open_at_the_end_that_counts_lets_everything_dated_through(
    library: Library, article: ArticleId, receive: Receive
) -> None:
    receive(library, "Nothing in this text bears a date.")
    assert [hit.article for hit in find.search(library, "", after="../2020")] == [article]
    assert [hit.article for hit in find.search(library, "", before="2030/..")] == [article]


def test_notes_that_nobody_marked_are_not_widened_by_the_marking_of_the_item(
    library: Library, article: ArticleId
) -> None:
    articles.set_fields(library, article, {"marking": "TLP:CLEAR"})
    notes.add(library, article, start=0, stop=5, comment="Our own view.")
    dossier = dossiers.add(library, reference="D-1", title="Weir")
    dossiers.file(library, dossier, [article])
    assert compose.compose(library, dossier).marking == "TLP:AMBER"
    assert compose.compose(library, dossier, marking="TLP:GREEN").marking == "TLP:GREEN"
    articles.set_fields(library, article, {"notes_marking": "TLP:CLEAR"})
    assert compose.compose(library, dossier).marking == "TLP:CLEAR"
    articles.set_fields(library, article, {"notes_marking": "", "marking": "TLP:RED"})
    assert compose.compose(library, dossier).marking == "TLP:RED"


# ---- files


def test_a_link_that_leads_to_itself_is_refused_and_the_rest_of_its_folder_goes_in(
    library: Library, tmp_path: Path
) -> None:
    folder = tmp_path / "inbox"
    (folder / "folder.txt").mkdir(parents=True)
    (folder / "a.txt").symlink_to(folder / "a.txt")
    (folder / "b.txt").symlink_to(folder, target_is_directory=True)
    (folder / "c.txt").write_text("A short statement.", encoding="utf-8")
    report = receiving.receive_paths(library, [folder])
    assert [Path(item.name).name for item in report.received] == ["c.txt"]
    assert [(Path(name).name, error.code) for name, error in report.refused] == [("a.txt", "unreadable_file")]
    assert [path.name for path in report.skipped] == ["b.txt"]


@pytest.mark.parametrize("place", ["a file/copy.casefile", f"{'x' * 300}.casefile", f"{'x' * 245}.casefile"])
def test_a_place_that_no_file_can_have_is_told(library: Library, tmp_path: Path, place: str) -> None:
    (tmp_path / "a file").touch()
    assert refusal(lambda: backup.make(library.reader(), tmp_path / place, None)) == "no_rights"
    assert refusal(lambda: libraries.create(tmp_path / place)) in ("no_rights", "no_such_folder")


def test_a_backup_of_a_library_that_is_written_meanwhile_is_made(library: Library, tmp_path: Path) -> None:
    stop = threading.Event()
    faults: list[BaseException] = []

    def work() -> None:
        try:
            while not stop.is_set():
                with library.step("add"):
                    library.insert("articles", identity.fresh(), title="x" * 500)
        except BaseException as fault:  # noqa: BLE001
            faults.append(fault)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        for place in range(5):
            backup.make(library.reader(), tmp_path / f"{place}.casefile", None)
    finally:
        stop.set()
        thread.join()
    assert faults == []
    counts: list[Any] = []
    for place in range(5):
        with libraries.open(tmp_path / f"{place}.casefile", write=False) as copy:
            counts.append(copy.query("SELECT count(*) FROM commits")[0][0])
            assert copy.query("SELECT count(*) FROM articles") == [(counts[-1],)]
    assert counts == sorted(counts)
