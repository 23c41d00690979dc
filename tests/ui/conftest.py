"""A window with a library of invented articles, opened as the program opens it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casefile import library, receiving
from ui.desk import Desk
from ui.opening import Wanted
from ui.theme import Look
from ui.window import Window

RIVER = (
    "Police inspect a riverside hotel\n\n"
    "Col. Anan Ruangsri of the Border Fraud Unit counted 37 rooms at the Golden Carp.\n\n\n\n"
    "The lawyer Vichet Sok said that the doors were open, and that the Border Fraud Unit had asked nobody.\n"
)
CARDS = "Telenda to ask for passports\n\nTelenda asks who buys more than three cards, Mey Dara said.\n"


def make(path: Path, *texts: str, key: str | None = None) -> Path:
    """A library with an article for each text."""
    with library.create(path, key, analyst="Tan Keo", initials="TK") as made:
        for number, text in enumerate(texts, 1):
            receiving.receive_text(made, text.encode(), name=f"article-{number}.txt")
    return path


def opened(window: Window, qtbot: QtBot, wanted: Wanted) -> Desk:
    """The desk, once the library is open and its list is there."""
    window.open_library(wanted)
    qtbot.waitUntil(lambda: window.desk is not None)
    desk = window.desk
    assert desk is not None
    qtbot.waitUntil(lambda: desk.case_files.head.text() != "Case files")
    return desk


def close(window: Window, qtbot: QtBot) -> None:
    """Close the window as its frame does, and wait until the library is closed."""
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Look]:
    made = Look(qapp, "light")
    yield made
    made.deleteLater()


@pytest.fixture
def window(qtbot: QtBot, look: Look, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    monkeypatch.setattr("casefile.settings.initials_of", lambda _: "TK")
    made = Window(look)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    yield made
    close(made, qtbot)
    # Before the next window opens: the end of this one would take the focus from it.
    with qtbot.waitSignal(made.destroyed):
        made.deleteLater()


@pytest.fixture
def desk(window: Window, qtbot: QtBot, tmp_path: Path) -> Desk:
    """The window's desk over two articles, the first of them shown."""
    return opened(window, qtbot, Wanted(make(tmp_path / "river.casefile", RIVER, CARDS)))
