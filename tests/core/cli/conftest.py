"""Who works here, and a library that was brought some articles."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from casefile import settings

# The helpers beside the tests: importlib mode puts no folder on the path.
sys.path.insert(0, str(Path(__file__).resolve().parent))
from command_line import done, write_articles


@pytest.fixture(autouse=True)
def analyst(home: Path) -> None:
    """Tan K's settings, in the home folder of the test."""
    settings.folder().mkdir(parents=True, exist_ok=True)
    (settings.folder() / settings.FILE_NAME).write_text('analyst = "Tan K"\ninitials = "TK"\n', encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with five small articles of our own wording, in five scripts."""
    return write_articles(tmp_path / "articles")


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """An empty library."""
    path = tmp_path / "cases.casefile"
    done("new", path)
    return path


@pytest.fixture
def full(library: Path, folder: Path) -> Path:
    """A library with the five small articles."""
    done("import", library, folder)
    return library
