"""Every command of the window in one table: its words, keys, menu, icon, and what it needs to make sense."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from ui.theme import Look

Need = Literal["nothing", "library", "writable", "selection", "undo"]


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `keys` are QKeySequence's portable words; a letter alone acts in the reader only."""

    name: str
    text: str
    menu: str
    keys: tuple[str, ...] = ()
    icon: str | None = None
    tip: str = ""
    needs: Need = "nothing"
    line_before: bool = False


COMMANDS = (
    Command("open", "&Open…", "&File", ("Ctrl+O",), "open", "Open a library"),
    Command("new", "&New library…", "&File", ("Ctrl+N",), "new", "Make a new, empty library"),
    Command("sample", "Look around the &sample", "&File", (), "sample", "Open a small library made for looking around"),
    Command("import", "&Import files…", "&File", ("Ctrl+I",), "import", "Bring articles in", "writable", True),
    Command("close", "&Close library", "&File", ("Ctrl+W",), None, "Close this library", "library", True),
    Command("quit", "&Quit", "&File", ("Ctrl+Q",), None, "Close the library and leave"),
    Command("undo", "&Undo", "&Edit", ("Ctrl+Z",), "undo", "Take back what was done last", "undo"),
    Command("redo", "&Redo", "&Edit", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo", "Do again what was undone last", "undo"),
    Command("next", "&Next case file", "&Case file", ("Alt+Down",), None, "Show the next one of the list", "library"),
    Command("previous", "&Previous case file", "&Case file", ("Alt+Up",), None, "Show the one before it", "library"),
    Command("tag", "&Tag selection…", "&Tags", ("T",), "tag", "Say what the selected words name", "selection"),
    Command("note", "Add &note…", "&Tags", ("N",), "note", "Write a note on the selected words", "selection"),
    Command("light", "&Light", "&View", (), None, "Dark ink on light paper"),
    Command("dark", "&Dark", "&View", (), None, "Light ink on dark paper"),
)


class Actions:
    """The commands as QActions of a window, in its menus."""

    def __init__(self, window: QMainWindow, look: Look, handlers: Mapping[str, Callable[[], object]]) -> None:
        """Make them all; `handlers` has one for each name, neither more nor fewer."""
        assert set(handlers) == {command.name for command in COMMANDS}
        self._look = look
        self._made: dict[str, QAction] = {}
        menus = {}
        for command in COMMANDS:
            if command.menu not in menus:
                menus[command.menu] = window.menuBar().addMenu(command.menu)
            action = QAction(command.text, window)
            action.setToolTip(_tip(command))
            action.setStatusTip(command.tip)
            action.setShortcuts([QKeySequence(keys) for keys in command.keys])
            if any(len(keys) == 1 for keys in command.keys):
                # A letter types itself everywhere but in the reader, which takes the action as its own.
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(handlers[command.name])
            if command.line_before:
                menus[command.menu].addSeparator()
            menus[command.menu].addAction(action)
            self._made[command.name] = action

    def dress(self) -> None:
        """Give the actions their icons, in the colours of the theme; after the first paint is early enough."""
        for command in COMMANDS:
            if command.icon is not None:
                self._made[command.name].setIcon(self._look.icon(command.icon, "soft"))

    def __getitem__(self, name: str) -> QAction:
        return self._made[name]

    def allow(self, present: set[Need], *, undo: str | None, redo: str | None) -> None:
        """Enable the commands whose need is present, and disable the others.

        `undo` and `redo` say in words what they would do; None where there is nothing.
        """
        for name, words in (("undo", undo), ("redo", redo)):
            self._made[name].setText(f"&{name.capitalize()}" + (f": {words.replace('&', '&&')}" if words else ""))
        wanted = {"undo": undo is not None, "redo": redo is not None}
        for command in COMMANDS:
            allowed = wanted.get(command.name, command.needs == "nothing" or command.needs in present)
            self._made[command.name].setEnabled(allowed)


def _tip(command: Command) -> str:
    return f"{command.tip} ({command.keys[0]})" if command.keys else command.tip
