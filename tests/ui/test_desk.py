"""The desk by task, with the keys and the mouse of whoever sits at it."""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from casefile import articles, library, mentions, notes, tags
from casefile.records import Passage
from ui.desk import Desk
from ui.opening import Wanted
from ui.panes.reader import Reader
from ui.window import Window

from .conftest import CARDS, RIVER, make, opened

CTRL, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)


def shown_text(reader: Reader) -> str:
    return reader.toPlainText()


def point_of(reader: Reader, words: str, *, after: bool = False) -> QPoint:
    """Where in the viewport the words begin, or end."""
    units = shown_text(reader).encode("utf-16-le")
    begin = units.index(words.encode("utf-16-le")) // 2
    cursor = QTextCursor(reader.document())
    cursor.setPosition(begin + (len(words.encode("utf-16-le")) // 2 if after else 0))
    area = reader.cursorRect(cursor)
    return QPoint(area.left(), area.center().y())


def drag_over(reader: Reader, words: str) -> None:
    """Select the words with the mouse."""
    start, stop = point_of(reader, words), point_of(reader, words, after=True)
    view = reader.viewport()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, NONE, start)
    QTest.mouseMove(view, (start + stop) / 2)
    QTest.mouseMove(view, stop)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, NONE, stop)


def press(widget: QWidget | None, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    assert widget is not None
    QTest.keyClick(widget, key, modifiers)


def stored_mentions(desk: Desk) -> list[mentions.Mention]:
    assert desk.article is not None
    article = desk.article.id
    return desk.session.read(lambda lib: mentions.of_article(lib, article))


def stored_notes(desk: Desk) -> list[notes.Note]:
    assert desk.article is not None
    article = desk.article.id
    return desk.session.read(lambda lib: notes.of_article(lib, article))


def marked(desk: Desk, sort: str) -> list[str]:
    """What is painted as marked, read back from the document in Qt's own units."""
    units = shown_text(desk.reader).encode("utf-16-le")
    found: dict[str, list[tuple[int, int]]] = {}
    for span in desk.reader.spans:
        for mark in (*span.notes, *(mark for _, mark in span.lines)):
            if mark.sort == sort:
                found.setdefault(mark.key, []).append((span.start, span.stop))
    return [
        units[2 * min(start for start, _ in places) : 2 * max(stop for _, stop in places)].decode("utf-16-le")
        for places in found.values()
    ]


def tag_with_keys(desk: Desk, name: str | None, kind: str, qtbot: QtBot) -> None:
    press(desk.reader, Qt.Key.Key_T)
    assert desk.tag_card.isVisible()
    if name is not None:
        desk.tag_card.name.selectAll()
        QTest.keyClicks(desk.tag_card.name, name)
    desk.tag_card.kind.setFocus()
    QTest.keyClicks(desk.tag_card.kind, kind)
    with qtbot.waitSignal(desk.session.changed):
        press(desk.tag_card.name, Qt.Key.Key_Return)


def test_the_list_shows_what_is_in_the_library_and_the_first_is_read(desk: Desk) -> None:
    model = desk.case_files.model
    assert [model.index(row).data() for row in range(model.rowCount())] == [
        "Police inspect a riverside hotel",
        "Telenda to ask for passports",
    ]
    assert desk.case_files.head.text() == "2 case files"
    assert shown_text(desk.reader).endswith(RIVER)


def test_a_click_on_a_row_shows_its_case_file(desk: Desk) -> None:
    view = desk.case_files.view
    place = view.visualRect(desk.case_files.model.index(1)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, NONE, place)
    assert desk.article is not None
    assert desk.article.number == "TK-0002"
    assert shown_text(desk.reader).endswith(CARDS)


def test_alt_and_arrows_go_down_and_up_the_list(window: Window, desk: Desk) -> None:
    window.commands["next"].trigger()
    assert desk.article is not None
    assert desk.article.number == "TK-0002"
    window.commands["next"].trigger()
    assert desk.article.number == "TK-0002"
    window.commands["previous"].trigger()
    assert desk.article.number == "TK-0001"


def test_tag_and_note_then_undo_and_redo_by_name(window: Window, desk: Desk, qtbot: QtBot) -> None:
    assert not window.commands["tag"].isEnabled()
    drag_over(desk.reader, "Anan Ruangsri")
    assert desk.reader.bar.isVisible()
    tag_with_keys(desk, None, "Person", qtbot)
    assert [(m.name, m.kind, m.passage.exact) for m in stored_mentions(desk)] == [
        ("Anan Ruangsri", "person", "Anan Ruangsri")
    ]
    assert marked(desk, "mention") == ["Anan Ruangsri"]
    assert desk.inspector.tabText(0) == "Tags  1"

    drag_over(desk.reader, "counted 37 rooms")
    QTest.mouseClick(desk.reader.bar.buttons["note"], Qt.MouseButton.LeftButton)
    QTest.keyClicks(desk.note_card.comment, "who counted?")
    with qtbot.waitSignal(desk.session.changed):
        press(desk.note_card.comment, Qt.Key.Key_Return, CTRL)
    assert [note.comment for note in stored_notes(desk)] == ["who counted?"]
    assert marked(desk, "note") == ["counted 37 rooms"]
    assert desk.reader.hasFocus()

    assert window.commands["undo"].text() == "&Undo: new note"
    with qtbot.waitSignal(desk.session.changed):
        press(desk.reader, Qt.Key.Key_Z, CTRL)
    assert stored_notes(desk) == []
    assert marked(desk, "note") == []
    # The tag and its mention were one step, so they go together.
    assert window.commands["undo"].text() == "&Undo: new mention"
    with qtbot.waitSignal(desk.session.changed):
        press(desk.reader, Qt.Key.Key_Z, CTRL)
    assert stored_mentions(desk) == []
    assert desk.session.read(tags.every) == []
    assert marked(desk, "mention") == []

    for _ in range(2):
        with qtbot.waitSignal(desk.session.changed):
            press(desk.reader, Qt.Key.Key_Z, CTRL | SHIFT)
    assert marked(desk, "mention") == ["Anan Ruangsri"]
    assert marked(desk, "note") == ["counted 37 rooms"]
    assert not window.commands["redo"].isEnabled()


def test_a_known_name_is_used_again_and_its_other_places_are_suggested(desk: Desk, qtbot: QtBot) -> None:
    drag_over(desk.reader, "Border Fraud Unit")
    tag_with_keys(desk, None, "Agency", qtbot)
    qtbot.waitUntil(lambda: marked(desk, "suggestion") == ["Border Fraud Unit"])

    drag_over(desk.reader, "the Border Fraud Unit had")
    press(desk.reader, Qt.Key.Key_T)
    desk.tag_card.name.selectAll()
    QTest.keyClicks(desk.tag_card.name, "border fraud unit")
    assert desk.tag_card.said.text() == "Known: Border Fraud Unit, agency"
    with qtbot.waitSignal(desk.session.changed):
        press(desk.tag_card.name, Qt.Key.Key_Return)
    assert len({m.tag for m in stored_mentions(desk)}) == 1
    assert len(stored_mentions(desk)) == 2


def test_a_known_tag_is_chosen_from_what_is_offered(desk: Desk, qtbot: QtBot) -> None:
    drag_over(desk.reader, "Border Fraud Unit")
    tag_with_keys(desk, None, "Agency", qtbot)
    qtbot.waitUntil(lambda: desk.inspector.tags.rowCount() == 1)
    qtbot.waitUntil(lambda: marked(desk, "suggestion") != [])
    drag_over(desk.reader, "nobody")
    press(desk.reader, Qt.Key.Key_T)
    desk.tag_card.name.selectAll()
    QTest.keyClicks(desk.tag_card.name, "fraud")
    assert desk.tag_card.matches.index(0).data() == "Border Fraud Unit"
    press(desk.tag_card.name, Qt.Key.Key_Down)
    with qtbot.waitSignal(desk.session.changed):
        press(desk.tag_card.name, Qt.Key.Key_Return)
    (tag,) = desk.session.read(tags.every)
    assert {spelling.text for spelling in tag.spellings} == {"Border Fraud Unit", "nobody"}


def test_a_name_that_became_known_meanwhile_is_no_second_tag(desk: Desk, qtbot: QtBot) -> None:
    drag_over(desk.reader, "Vichet Sok")
    press(desk.reader, Qt.Key.Key_T)
    desk.tag_card.kind.setCurrentIndex(1)
    # Somebody else's step, of which the card has not heard.
    desk.session.library.submit(lambda: tags.add(desk.session.library, kind="person", name="VICHET  sok")).result()
    with qtbot.waitSignal(desk.session.changed):
        press(desk.tag_card.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(stored_mentions(desk)) == 1)
    assert [tag.name for tag in desk.session.read(tags.every)] == ["VICHET sok"]


def test_escape_closes_a_card_and_nothing_is_written(desk: Desk) -> None:
    drag_over(desk.reader, "Golden Carp")
    for key, card in ((Qt.Key.Key_T, desk.tag_card), (Qt.Key.Key_N, desk.note_card)):
        press(desk.reader, key)
        assert card.isVisible()
        press(QGuiApplication.focusObject(), Qt.Key.Key_Escape)  # type: ignore[arg-type]
        assert not card.isVisible()
    assert desk.reader.hasFocus()
    assert stored_mentions(desk) == []


def test_words_of_the_header_alone_can_be_neither_tagged_nor_noted(window: Window, desk: Desk) -> None:
    cursor = desk.reader.textCursor()
    cursor.setPosition(0)
    cursor.setPosition(8, QTextCursor.MoveMode.KeepAnchor)
    desk.reader.setTextCursor(cursor)
    assert desk.reader.selection() is None
    assert not window.commands["tag"].isEnabled()
    assert not desk.reader.bar.isVisible()


def test_the_keyboard_selects_from_the_first_word_of_the_text(desk: Desk) -> None:
    press(desk.reader, Qt.Key.Key_Right, CTRL | SHIFT)
    assert desk.reader.selected_words() == "Police"
    assert desk.reader.bar.isVisible()


def test_letters_act_by_their_place_under_a_thai_layout(desk: Desk) -> None:
    drag_over(desk.reader, "Golden Carp")
    scan = {"linux": 28, "win32": 0x14}.get(sys.platform, 0)
    typed = QKeyEvent(QEvent.Type.KeyPress, 0x0E30, NONE, scan, 0x11, 0, "ะ")
    QApplication.sendEvent(desk.reader, typed)
    assert desk.tag_card.isVisible()


def test_a_row_of_the_inspector_leads_to_its_passage(desk: Desk, qtbot: QtBot) -> None:
    drag_over(desk.reader, "asked nobody")
    press(desk.reader, Qt.Key.Key_N)
    with qtbot.waitSignal(desk.session.changed):
        press(desk.note_card.comment, Qt.Key.Key_Return, CTRL)
    with qtbot.waitSignal(desk.inspector.place_wanted) as told:
        desk.inspector.setCurrentIndex(1)
        view = desk.inspector.currentWidget().findChild(type(desk.case_files.view))
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, NONE, QPoint(60, 20))
    assert told.args == [RIVER.index("asked nobody")]


BEFORE = {
    "emoji": "😀👩‍🚀 arrived. ",
    "Thai": "ตำรวจกล่าวว่า ",
    "Khmer": "ទ្វារបើកចំហ ",
    "NFD": unicodedata.normalize("NFD", "Đắk Lắk, Café. "),
    "CRLF": "one\r\ntwo\r\n\r\n",
    "all of them": "😀 ตำรวจ\r\nទ្វារ" + unicodedata.normalize("NFD", "Lắk é ") + "𝒳 ",
}
MEANT = ("Vichet Sok", "ทนายความ", "មេធាវី", unicodedata.normalize("NFD", "Nguyễn Bá"), "👩‍🚀 Kim")


@pytest.mark.parametrize("meant", MEANT)
@pytest.mark.parametrize("before", BEFORE)
def test_what_is_marked_is_exactly_what_was_meant(
    window: Window, qtbot: QtBot, tmp_path: Path, before: str, meant: str
) -> None:
    path = make(tmp_path / "scripts.casefile", f"Title of it\n\n{BEFORE[before]}{meant} went home.\n")
    desk = opened(window, qtbot, Wanted(path))
    drag_over(desk.reader, meant)
    press(desk.reader, Qt.Key.Key_N)
    with qtbot.waitSignal(desk.session.changed):
        press(desk.note_card.comment, Qt.Key.Key_Return, CTRL)
    (note,) = stored_notes(desk)
    assert desk.article is not None
    article = desk.article.id
    text = desk.session.read(lambda lib: articles.text(lib, article))
    start = text.index(meant)
    assert (note.passage.start, note.passage.stop, note.passage.exact) == (start, start + len(meant), meant)
    assert marked(desk, "note") == [meant]


def test_marks_are_painted_where_the_words_stand(desk: Desk, qtbot: QtBot) -> None:
    desk.reader.select(RIVER.index("Vichet"), RIVER.index("Vichet") + len("Vichet Sok"))
    press(desk.reader, Qt.Key.Key_N)
    with qtbot.waitSignal(desk.session.changed):
        press(desk.note_card.comment, Qt.Key.Key_Return, CTRL)
    left, right = point_of(desk.reader, "Vichet Sok"), point_of(desk.reader, "Vichet Sok", after=True)
    image = desk.reader.viewport().grab().toImage()
    tint = desk.reader._look["note"].name()
    row = [image.pixelColor(x, left.y() - 8).name() for x in range(image.width())]
    tinted = [x for x, colour in enumerate(row) if colour == tint]
    assert abs(tinted[0] - left.x()) <= 1
    assert abs(tinted[-1] - right.x()) <= 2


def test_the_mouse_resting_on_a_mark_learns_what_it_is(desk: Desk, qtbot: QtBot) -> None:
    drag_over(desk.reader, "Golden Carp")
    tag_with_keys(desk, None, "Site", qtbot)
    (span,) = [span for span in desk.reader.spans if span.lines and span.lines[0][1].sort == "mention"]
    assert span.words == ["Golden Carp · site"]


def test_a_step_made_elsewhere_refreshes_what_is_shown(desk: Desk, qtbot: QtBot) -> None:
    lib = desk.session.library
    assert desk.article is not None
    article = desk.article.id
    with qtbot.waitSignal(desk.session.changed):
        desk.session.do(lambda lib: articles.set_fields(lib, article, {"title": "Another title", "publisher": "Wire"}))
    assert "Another title" in shown_text(desk.reader)
    assert desk.case_files.model.index(0).data() == "Another title"
    lib.submit(lambda: notes.add(lib, article, start=0, stop=6, comment="seen"))
    qtbot.waitUntil(lambda: marked(desk, "note") == ["Police"])


def test_a_refused_step_is_told_and_changes_nothing(window: Window, desk: Desk, qtbot: QtBot) -> None:
    assert desk.article is not None
    article = desk.article.id
    desk.session.do(lambda lib: notes.add(lib, article, start=5, stop=9_999))
    qtbot.waitUntil(lambda: window.notice.words != "")
    assert "Nothing was changed" in window.notice.words
    assert stored_notes(desk) == []


def test_nothing_is_lost_between_closing_and_opening_again(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    path = make(tmp_path / "river.casefile", RIVER)
    desk = opened(window, qtbot, Wanted(path))
    drag_over(desk.reader, "Golden Carp")
    press(desk.reader, Qt.Key.Key_N)
    press(desk.note_card.comment, Qt.Key.Key_Return, CTRL)
    # Closing comes before the step was acknowledged: it waits for it.
    window.close_library()
    qtbot.waitUntil(lambda: window._closing is None)
    with library.open(path, analyst="Tan Keo") as again:
        (article,) = articles.ids(again)
        passages: list[Passage] = [note.passage for note in notes.of_article(again, article)]
    assert [passage.exact for passage in passages] == ["Golden Carp"]
