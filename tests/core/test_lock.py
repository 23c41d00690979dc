"""One writer at a time, whoever it is and however it ends; readers beside it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from casefile import identity
from casefile import library as libraries
from casefile.door import Library
from casefile.errors import LibraryUnusable

HOLDER = """
import sys
from casefile import library
held = library.open(sys.argv[1], analyst="Li Na")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held_elsewhere(path: Path) -> Iterator[subprocess.Popen[str]]:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder
    finally:
        holder.kill()
        holder.communicate()


@pytest.fixture
def path(library: Library) -> Path:
    with library.step("article.import"):
        library.insert("articles", identity.fresh(), title="ปอยเปต")
    library.close()
    return library.path


def test_a_second_process_is_told_who_holds_the_library(path: Path) -> None:
    with held_elsewhere(path) as holder, pytest.raises(LibraryUnusable) as told:
        libraries.open(path)
    assert told.value.code == "library_held"
    assert f"process {holder.pid}" in str(told.value.values["holder"])
    assert f"process {holder.pid}" in str(told.value)


def test_beside_a_writer_the_library_opens_for_reading(path: Path) -> None:
    with held_elsewhere(path), libraries.open(path, write=False) as reader:
        assert not reader.writable
        assert reader.query("SELECT title FROM articles") == [("ปอยเปต",)]
        with pytest.raises(LibraryUnusable) as told, reader.step("article.set"):
            pass
        assert told.value.code == "read_only"


def test_a_reader_sees_what_the_writer_commits(library: Library) -> None:
    with libraries.open(library.path, write=False) as reader:
        assert reader.query("SELECT count(*) FROM articles") == [(0,)]
        with library.step("article.import"):
            library.insert("articles", identity.fresh(), title="西港")
        assert reader.query("SELECT title FROM articles") == [("西港",)]


def test_a_holder_that_was_killed_holds_nothing(path: Path) -> None:
    with held_elsewhere(path) as holder:
        holder.kill()
        holder.wait()
        with libraries.open(path) as library:
            assert library.writable


def test_a_holder_that_left_no_note_holds_all_the_same(path: Path) -> None:
    with held_elsewhere(path):
        path.with_name(f"{path.name}.holder").write_text("{", encoding="utf-8")
        with pytest.raises(LibraryUnusable, match="another process"):
            libraries.open(path)


def test_the_library_is_free_again_once_it_is_closed_and_the_note_is_gone(path: Path) -> None:
    for _ in range(2):
        with libraries.open(path):
            assert path.with_name(f"{path.name}.holder").exists()
        assert not path.with_name(f"{path.name}.holder").exists()


def test_a_library_that_cannot_be_opened_is_not_held(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + b"no library at all" * 40)
    for _ in range(2):
        with pytest.raises(LibraryUnusable) as told:
            libraries.open(path)
        assert told.value.code == "not_a_library"
