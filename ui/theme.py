"""The look of the window: our own light and dark palettes, fonts by script, and icons tinted to fit."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from string import Template
from typing import Any

from PySide6.QtCore import QByteArray, QLoggingCategory, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from casefile import resources

THEMES = ("light", "dark")
KINDS = ("operation", "person", "agency", "company", "place", "site", "identifier")
"""Kinds of tags that have a colour and an icon of their own; a kind that the user added has those of `tag`."""

_SAMPLE = "the police of two provinces said on Monday that the men were held at a hotel by the border crossing"


@cache
def palettes() -> Mapping[str, Mapping[str, str]]:
    """The tokens of each theme, as #RRGGBB."""
    return tomllib.loads(resources.text("style", "palettes.toml"))


@cache
def _fonts() -> dict[str, Any]:
    return tomllib.loads(resources.text("style", "fonts.toml"))


class Look(QObject):
    """The theme in use, and everything made from it. `changed` tells that colours are others now."""

    changed = Signal()

    def __init__(self, application: QApplication, theme: str | None = None) -> None:
        """Dress the application in `theme`, or else as the system asks, now and whenever it asks anew."""
        super().__init__(application)
        self._application = application
        self._icons: dict[tuple[str, str], QIcon] = {}
        self.name = ""
        # Qt prints of each family before the fitting one that it lacks the script: with every Khmer text.
        QLoggingCategory.setFilterRules("qt.text.font.db.info=false")
        application.setStyle("Fusion")
        application.setFont(_interface_font())
        if theme is None:
            application.styleHints().colorSchemeChanged.connect(self._follow_system)
        self.wear(theme or _of_system(application))

    def _follow_system(self) -> None:
        self.wear(_of_system(self._application))

    def wear(self, theme: str) -> None:
        """Change to the theme `light` or `dark`."""
        if theme == self.name:
            return
        self.name = theme
        self._tokens = palettes()[theme]
        self._icons.clear()
        self._application.setPalette(self._palette())
        sheet = Template(resources.text("style", "desk.qss"))
        icons = resources.path("style", "icons").as_posix()
        self._application.setStyleSheet(sheet.substitute(self._tokens, icons=icons))
        self.changed.emit()

    def __getitem__(self, token: str) -> QColor:
        """The colour of a token; ink for a kind of tag that has no colour of its own."""
        return QColor(self._tokens.get(token, self._tokens["ink"]))

    def icon(self, name: str, token: str = "ink") -> QIcon:
        """The icon in the colour of a token; that of a tag for a kind that has none of its own."""
        icon = self._icons.get((name, token))
        if icon is None:
            icon = self._icons[name, token] = _drawn(name, self[token])
        return icon

    def _palette(self) -> QPalette:
        palette = QPalette()
        role = QPalette.ColorRole
        for token, roles in {
            "paper": (role.Window, role.AlternateBase),
            "panel": (role.Base, role.Button, role.ToolTipBase),
            "ink": (role.WindowText, role.Text, role.ButtonText, role.ToolTipText, role.HighlightedText),
            "soft": (role.PlaceholderText,),
            "selection": (role.Highlight,),
            "accent": (role.Link, role.Accent),
            "line": (role.Mid, role.Midlight, role.Light),
            "key_border": (role.Dark, role.Shadow),
        }.items():
            for each in roles:
                palette.setColor(each, self[token])
        for each in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, each, self["soft"])
        return palette


def _of_system(application: QApplication) -> str:
    return "dark" if application.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"


def _drawn(name: str, colour: QColor) -> QIcon:
    from PySide6.QtSvg import QSvgRenderer

    file = resources.path("style", "icons", f"{name}.svg")
    svg = (file if file.is_file() else file.with_name("tag.svg")).read_text(encoding="utf-8")
    renderer = QSvgRenderer(QByteArray(svg.replace("<path ", f'<path fill="{colour.name()}" ').encode()))
    icon = QIcon()
    for scale in (1, 2, 3):
        pixmap = QPixmap(QSize(18, 18) * scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter)
        painter.end()
        icon.addPixmap(pixmap)
    return icon


def _interface_font() -> QFont:
    settings = _fonts()["interface"]
    font = QFont()
    font.setFamilies([*settings["families"], *font.families()])
    font.setPixelSize(settings["size"])
    return font


@dataclass(frozen=True, slots=True)
class Type:
    """The reader's type: its fonts, the width of a full line in pixels, and how far apart lines stand."""

    body: QFont
    title: QFont
    measure: int

    def leading(self, paragraph: str) -> int:
        """Pixels from line to line in a paragraph of body type: what its tallest script needs."""
        return round(self.body.pixelSize() * _leading(paragraph))

    def title_leading(self, title: str) -> int:
        """Pixels from line to line in the title: tighter than the body, yet enough for the tallest script."""
        return round(self.title.pixelSize() * (_leading(title) - 0.2))


def reader_type() -> Type:
    """The reader's type, from the families that this system has."""
    settings = _fonts()["reader"]
    present = set(QFontDatabase.families())
    families = [family for script in _scripts() for family in script["families"] if family in present]
    body = QFont()
    body.setFamilies([*families, "serif"])
    body.setPixelSize(settings["size"])
    title = QFont(body)
    title.setPixelSize(settings["title_size"])
    title.setWeight(QFont.Weight.DemiBold)
    return Type(body, title, round(QFontMetricsF(body).horizontalAdvance(_SAMPLE) / len(_SAMPLE) * settings["measure"]))


def _scripts() -> list[dict[str, Any]]:
    return [script for script in _fonts()["reader"].values() if isinstance(script, dict)]


@cache
def _tall() -> tuple[re.Pattern[str], list[tuple[re.Pattern[str], float]]]:
    with_ranges = [script for script in _scripts() if script["ranges"]]
    every = re.compile(f"[{''.join(script['ranges'] for script in with_ranges)}]")
    return every, [(re.compile(f"[{script['ranges']}]"), script["leading"]) for script in with_ranges]


def _leading(paragraph: str) -> float:
    every, scripts = _tall()
    leading: float = _fonts()["reader"]["leading"]
    if paragraph.isascii() or not every.search(paragraph):
        return leading
    return max([leading, *(needed for pattern, needed in scripts if pattern.search(paragraph))])
