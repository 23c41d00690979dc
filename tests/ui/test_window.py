from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from casefile import articles, library
from casefile.errors import CasefileError
from ui import notices
from ui.actions import COMMANDS
from ui.desk import Desk
from ui.dialogs.passphrase import PassphraseDialog
from ui.opening import Wanted
from ui.panes.marks import Mark
from ui.panes.reader import Reader
from ui.theme import Look
from ui.window import Window
from ui.words import Header

from .conftest import CARDS, RIVER, make, opened


def test_the_window_shows_before_anything_heavy_is_imported() -> None:
    probe = (
        "import sys, ui.__main__\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from ui.theme import Look\n"
        "from ui.window import Window\n"
        "application = QApplication([])\n"
        "window = Window(Look(application))\n"
        "window.show()\n"
        "window.grab()\n"
        "heavy = ('sqlite_utils', 'sqlcipher3', 'lxml', 'trafilatura', 'docx', 'filelock', 'rapidfuzz', 'regex',\n"
        "         'PySide6.QtSvg', 'casefile.door', 'casefile.library', 'ui.desk', 'ui.session')\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_first_page_offers_three_ways_in(window: Window) -> None:
    offered = [button.text() for button in window._start.findChildren(QPushButton)]
    assert offered == ["Look around the sample", "New library…", "Open…"]
    assert not window.commands["import"].isEnabled()


def test_the_sample_is_a_living_library_at_once(window: Window, qtbot: QtBot) -> None:
    (button,) = [b for b in window.findChildren(QPushButton) if b.text() == "Look around the sample"]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.desk is not None, timeout=60_000)
    desk = window.desk
    assert desk is not None
    qtbot.waitUntil(lambda: desk.case_files.model.rowCount() > 2)
    assert desk.article is not None
    assert desk.reader.marks


def nameless(root: QWidget) -> list[str]:
    """Widgets that take the focus and that a screen reader has no name for."""
    found = []
    for widget in root.findChildren(QWidget):
        if widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
            interface = QAccessible.queryAccessibleInterface(widget)
            if interface is None or not interface.text(QAccessible.Text.Name):
                found.append(f"{type(widget).__name__} {widget.objectName()}")
    return found


def test_whatever_takes_the_focus_has_a_name(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    assert nameless(window) == []
    desk = opened(window, qtbot, Wanted(make(tmp_path / "n.casefile", RIVER)))
    desk.reader.select(0, 6)
    for ask in (desk.ask_for_tag, desk.ask_for_note):
        ask()
        assert nameless(window) == []
    window.notice.tell("Something", offer=("Do it", lambda: None))
    assert nameless(window) == []
    for new in (True, False):
        dialog = PassphraseDialog(window, "n.casefile", new=new)
        dialog.show()
        assert nameless(dialog) == []
        dialog.close()
        dialog.deleteLater()


def test_no_two_commands_share_a_key() -> None:
    keys = [keys for command in COMMANDS for keys in command.keys]
    assert len(keys) == len(set(keys))


def test_a_file_that_is_no_library_is_told_in_words(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    other = tmp_path / "letter.casefile"
    other.write_text("Dear all")
    window.open_library(Wanted(other))
    qtbot.waitUntil(lambda: window.notice.words != "")
    with pytest.raises(CasefileError) as told:
        library.open(other)
    assert window.notice.words == str(told.value)
    assert window.desk is None


def test_a_library_that_is_held_may_be_opened_for_reading(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    path = make(tmp_path / "held.casefile", RIVER)
    with library.open(path, analyst="Mey Dara"):
        window.open_library(Wanted(path))
        qtbot.waitUntil(lambda: window.notice.words != "")
        (offer,) = [b for b in window.notice.findChildren(QPushButton) if b.text() == "Open for reading"]
        QTest.mouseClick(offer, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: window.desk is not None)
        desk = window.desk
        assert desk is not None
        qtbot.waitUntil(lambda: desk.article is not None)
        desk.reader.select(0, 6)
        assert not window.commands["tag"].isEnabled()
        assert not window.commands["import"].isEnabled()
        assert not desk.case_files.import_button.isEnabled()
        window.close_library()
        qtbot.waitUntil(lambda: window._closing is None)


def test_a_passphrase_is_asked_for_until_it_is_right(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    path = make(tmp_path / "secret.casefile", RIVER, key="ก้อนหิน")
    window.open_library(Wanted(path))

    def dialog() -> PassphraseDialog | None:
        found = QApplication.activeModalWidget()
        return found if isinstance(found, PassphraseDialog) else None

    qtbot.waitUntil(lambda: dialog() is not None)
    for passphrase in ("stone", "ก้อนหิน"):
        qtbot.waitUntil(lambda: dialog() is not None and not dialog().passphrase.text())  # type: ignore[union-attr]
        asked = dialog()
        assert asked is not None
        assert not asked.ok.isEnabled()
        asked.passphrase.setText(passphrase)  # No keyboard of a test types Thai.
        QTest.keyClick(asked.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.desk is not None)
    assert window.desk is not None
    assert window.desk.session.library.encrypted


def test_the_passphrase_may_come_from_a_file(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    path = make(tmp_path / "secret.casefile", RIVER, key="still water")
    words = tmp_path / "words.txt"
    words.write_text("still water\n")
    assert opened(window, qtbot, Wanted(path, passphrase_file=words)).session.library.encrypted


def test_a_new_library_is_made_and_open(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "fresh.casefile"
    desk = opened(window, qtbot, Wanted(path, new=True))
    assert path.exists()
    assert desk.session.writable
    assert window.windowTitle() == "fresh – Casefile"


def test_opening_another_library_closes_the_first(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    first, second = make(tmp_path / "first.casefile", RIVER), make(tmp_path / "second.casefile", CARDS)
    opened(window, qtbot, Wanted(first))
    window.open_library(Wanted(second))
    qtbot.waitUntil(lambda: window.windowTitle() == "second – Casefile")
    library.open(first).close()  # It is free again.


def test_files_are_imported_in_the_background_and_bad_ones_told(
    window: Window, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "incoming"
    folder.mkdir()
    (folder / "third.txt").write_text("Third of all\n\nThe ferry was late.\n", encoding="utf-8")
    (folder / "fourth.txt").write_text("Fourth of all\n\nThe ferry was early.\n", encoding="utf-8")
    (folder / "empty.txt").write_bytes(b"")
    window.import_files([folder])
    assert window.status.cancel_button.isVisible()
    qtbot.waitUntil(lambda: window.notice.words != "", timeout=60_000)
    assert window.notice.words.startswith("2 case files brought in.\nempty.txt: ")
    assert not window.status.cancel_button.isVisible()
    qtbot.waitUntil(lambda: desk.case_files.model.rowCount() == 4)
    assert desk.article is not None
    assert desk.article.number == "TK-0001"
    # A job is undone whole.
    window.commands["undo"].trigger()
    qtbot.waitUntil(lambda: desk.case_files.model.rowCount() == 2)


def test_an_import_that_is_cancelled_keeps_what_it_had(
    window: Window, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "incoming"
    folder.mkdir()
    for number in range(40):
        (folder / f"{number}.txt").write_text(f"Article {number}\n\nThe ferry was late {number} times.\n")
    window.import_files([folder])
    QTest.mouseClick(window.status.cancel_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "cancelled" in window.notice.words, timeout=60_000)
    assert desk.session.importing is None
    # The library goes on as before.
    window.commands["next"].trigger()
    assert desk.article is not None
    assert desk.article.number == "TK-0002"


def test_closing_during_an_import_waits_for_the_file_in_hand(
    window: Window, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "incoming"
    folder.mkdir()
    for number in range(40):
        (folder / f"{number}.txt").write_text(f"Article {number}\n\nThe ferry was late {number} times.\n")
    path = desk.session.library.path
    window.import_files([folder])
    window.close_library()
    qtbot.waitUntil(lambda: window._closing is None, timeout=60_000)
    with library.open(path) as again:
        assert len(articles.ids(again)) in (2, 42)


def test_the_theme_changes_while_a_case_file_is_shown(window: Window, desk: Desk) -> None:
    def ground() -> str:
        return desk.reader.viewport().grab().toImage().pixelColor(5, 5).name()

    before = ground()
    window.commands["dark"].trigger()
    assert (before, ground()) == ("#ffffff", "#1b1f24")


def test_a_fault_is_reported_without_a_word_of_the_case(home: Path) -> None:
    try:
        raise ValueError(f"can't read {RIVER}")
    except ValueError as error:
        saved = notices.save_fault(error)
    assert saved is not None
    report = saved.read_text()
    assert "ValueError" in report
    assert "test_window.py" in report
    assert "Ruangsri" not in report


def test_a_fault_closes_the_library_and_is_told_once(
    window: Window, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    path = desk.session.library.path
    notices.report_faults(window, window.close_library)
    for _ in range(2):
        error = RuntimeError("of the program")
        sys.excepthook(RuntimeError, error, None)
    boxes = [box for box in QApplication.topLevelWidgets() if type(box).__name__ == "QMessageBox" and box.isVisible()]
    assert len(boxes) == 1
    boxes[0].close()
    qtbot.waitUntil(lambda: window.desk is None and window._closing is None)
    library.open(path).close()


def changes_of_the_document(reader: Reader, text: str) -> int:
    """How often the document told of a change while the text was set."""
    told: list[int] = []
    connection = reader.document().contentsChange.connect(lambda *_: told.append(1))
    reader.show_text(Header("TK-0001", "A long article", ""), text)
    reader.document().contentsChange.disconnect(connection)
    return len(told)


def test_a_long_article_is_set_in_one_edit_and_paints_the_marks_in_sight_alone(
    look: Look, window: Window, qtbot: QtBot
) -> None:
    paragraph = "The ferry left the pier at nine, and Anan Ruangsri of the Border Fraud Unit was on it. " * 6
    text = "\n\n".join([paragraph] * 2_000)
    assert len(text) > 1_000_000
    step = len(paragraph) + 2
    marks = [Mark(n * step, n * step + 20, "mention", str(n), "person", "somebody") for n in range(2_000)]
    reader = Reader(look, tag=window.commands["tag"], note=window.commands["note"])
    qtbot.addWidget(reader)
    reader.resize(800, 800)
    # As many changes for a megabyte as for three lines: blocks are not told one by one.
    assert changes_of_the_document(reader, text) == changes_of_the_document(reader, "one\n\ntwo\n")
    reader.show_text(Header("TK-0001", "A long article", ""), text)
    reader.show()
    qtbot.waitExposed(reader)
    before = reader.document().revision()
    reader.show_marks(marks)
    for place in (0, reader.verticalScrollBar().maximum() // 2, reader.verticalScrollBar().maximum()):
        reader.verticalScrollBar().setValue(place)
        reader.grab()
        assert 0 < reader.painting.painted < 60
    assert len(reader.spans) == 2_000
    # Marks are painted over the document, not written into it.
    assert reader.document().revision() == before


def test_a_sample_that_cannot_be_made_is_told(window: Window, qtbot: QtBot, home: Path) -> None:
    (home / "data" / "casefile").write_text("a file where a folder is wanted")
    (home / "local" / "casefile").write_text("a file where a folder is wanted")
    (home / "Library").write_text("a file where a folder is wanted")
    window.commands["sample"].trigger()
    qtbot.waitUntil(lambda: window.notice.words != "", timeout=60_000)
    assert window.desk is None
    assert not window._waiting.isVisible()
