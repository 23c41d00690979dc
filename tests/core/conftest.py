"""A library to test with, and the short ways of making one that has seen work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from casefile import driver, receiving
from casefile import library as libraries
from casefile.door import Library
from casefile.records import ArticleId


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty library without passphrase, open for writing under the name of Tan K."""
    with libraries.create(tmp_path / "cases.casefile", analyst="Tan K", initials="TK") as made:
        yield made


@pytest.fixture
def by_hand(library: Library) -> Callable[..., list[tuple[Any, ...]]]:
    """Run SQL on the library's file past the door, as another program would: its guarding triggers lifted if asked."""

    def run(sql: str, *parameters: object, unguarded: str = "") -> list[tuple[Any, ...]]:
        connection = driver.connect(library.path, library.key, write=True)
        try:
            for trigger in unguarded.split():
                connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
            return connection.execute(sql, parameters).fetchall()
        finally:
            connection.close()

    return run


@pytest.fixture
def receive() -> Callable[..., ArticleId]:
    """Bring a made-up text into a library as a file and return its article."""

    def run(library: Library, text: str, name: str = "statement.txt") -> ArticleId:
        return receiving.receive_text(library, text.encode("utf-8"), name=name).article

    return run
