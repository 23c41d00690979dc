"""A library to test with, and the short ways of making one that has seen work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from casefile import driver
from casefile import library as libraries
from casefile.door import Library


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
                connection.execute(f"DROP TRIGGER {trigger}")
            return connection.execute(sql, parameters).fetchall()
        finally:
            connection.close()

    return run
