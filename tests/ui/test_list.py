from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QListView
from pytestqt.qtbot import QtBot

from casefile.articles import Article
from casefile.records import ArticleId
from ui.models.case_files import PAGE, CaseFiles
from ui.models.rows import Row, Rows
from ui.opening import Wanted
from ui.window import Window

from .conftest import RIVER, make, opened


def article(name: str) -> Article:
    nothing: dict[str, None] = dict.fromkeys(
        ("title_from", "publisher", "publisher_id", "origin", "origin_id", "place", "language", "published", "letter",
         "digit", "marking", "notes_marking", "text", "sha256", "media_type", "file_name")
    )  # fmt: skip
    return Article(id=ArticleId(name), number=name, title=f"Title {name}", state="new", warnings=(), **nothing)  # type: ignore[arg-type]


def fetched(ids: Sequence[ArticleId]) -> list[Article]:
    return [article(each) for each in ids]


def names(*numbers: int) -> list[ArticleId]:
    return [ArticleId(str(number)) for number in numbers]


@pytest.mark.usefixtures("qapp")
def test_the_model_keeps_qts_rules() -> None:
    model = CaseFiles(fetched)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.become(names(*range(20)))
    model.become(names(*range(5, 25)))
    model.become(names(*range(24, 4, -1)))
    model.forget()
    model.become([])


@pytest.mark.usefixtures("qapp")
def test_the_inspectors_model_keeps_qts_rules() -> None:
    model = Rows()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show([Row("k", "person", "person", "Anan", "person")])
    model.show([])


@given(st.lists(st.integers(0, 12), unique=True), st.lists(st.integers(0, 12), unique=True))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.usefixtures("qapp")
def test_rows_that_stay_are_the_same_rows_whatever_comes_and_goes(before: list[int], after: list[int]) -> None:
    model = CaseFiles(fetched)
    model.become(names(*before))
    held = {model.id_at(row): QPersistentModelIndex(model.index(row)) for row in range(len(before))}
    model.become(names(*after))
    assert [model.index(row).data() for row in range(model.rowCount())] == [f"Title {n}" for n in after]
    for each, index in held.items():
        assert each is not None
        assert (index.row() if index.isValid() else None) == model.row_of(each)


def test_ten_thousand_rows_are_fetched_by_the_page_and_only_when_shown(qapp: QApplication, qtbot: QtBot) -> None:
    model = CaseFiles(fetched)
    model.become(names(*range(10_000)))
    view = QListView()
    qtbot.addWidget(view)
    view.setUniformItemSizes(True)
    view.setModel(model)
    view.resize(300, 600)
    view.show()
    qtbot.waitExposed(view)
    view.grab()
    # The view asks for the last row too, to know how far it scrolls.
    assert model.fetches <= 2
    view.scrollTo(model.index(5_000))
    view.grab()
    assert model.fetches <= 4
    view.scrollTo(model.index(5_000 + PAGE // 2))
    view.grab()
    assert model.fetches <= 5


def test_the_selection_stays_when_rows_above_it_go(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    from casefile import articles

    desk = opened(window, qtbot, Wanted(make(tmp_path / "l.casefile", RIVER, "Second of all", "Third of all")))
    desk.case_files.go(2)
    first = desk.case_files.model.id_at(0)
    assert first is not None
    desk.session.do(lambda lib: articles.put_in_bin(lib, [first]))
    qtbot.waitUntil(lambda: desk.case_files.model.rowCount() == 2)
    assert desk.case_files.view.currentIndex().row() == 1
    assert desk.article is not None
    assert desk.article.number == "TK-0003"
    with qtbot.waitSignal(desk.session.changed):
        window.commands["undo"].trigger()
    qtbot.waitUntil(lambda: desk.case_files.model.rowCount() == 3)
    assert desk.case_files.view.currentIndex().row() == 2


def test_an_empty_library_says_what_to_do_and_shows_nothing(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    desk = opened(window, qtbot, Wanted(make(tmp_path / "empty.casefile")))
    assert desk.article is None
    assert desk.case_files.head.text() == "0 case files"
    assert not desk.case_files.view.isVisible()
    assert desk.reader.toPlainText().strip() == ""
