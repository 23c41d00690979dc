from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from casefile import resources, tags
from ui.theme import KINDS, THEMES, Look, palettes, reader_type

GROUNDS = ("paper", "panel", "side", "selection", "note", "note_deep")
SURFACES = ("paper", "panel", "side", "selection")


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF()]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_words_hold_their_contrast_on_every_ground_they_stand_on(theme: str) -> None:
    tokens = palettes()[theme]
    pairs = [("ink", ground) for ground in GROUNDS]
    pairs += [(word, ground) for word in ("soft", "accent", "alarm", *KINDS) for ground in SURFACES]
    pairs += [("note_soft", "note"), ("on_accent", "accent")]
    poor = {pair: round(contrast(tokens[pair[0]], tokens[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in poor.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_lines_and_signs_hold_three_to_one(theme: str) -> None:
    tokens = palettes()[theme]
    pairs = [("key_border", ground) for ground in ("paper", "panel", "side")]
    pairs += [("note_bar", "panel"), ("note_bar", "paper")]
    pairs += [(kind, ground) for kind in KINDS for ground in ("note", "note_deep")]  # underlines on a tint
    poor = {pair: round(contrast(tokens[pair[0]], tokens[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in poor.items() if ratio < 3} == {}


def test_every_kind_of_tag_has_a_colour_and_an_icon_of_its_own() -> None:
    assert set(KINDS) == set(tags.KINDS)
    for theme in THEMES:
        assert len({palettes()[theme][kind] for kind in KINDS}) == len(KINDS)
    drawn = {(resources.path("style", "icons", f"{kind}.svg")).read_text() for kind in KINDS}
    assert len(drawn) == len(KINDS)


def test_both_themes_have_the_same_tokens() -> None:
    assert palettes()["light"].keys() == palettes()["dark"].keys()


def test_icons_take_on_the_colours_of_a_new_theme(look: Look) -> None:
    def colours() -> set[str]:
        image = look.icon("person", "person").pixmap(18, 18).toImage()
        found = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
        return {colour.name() for colour in found if colour.alpha() == 255}

    before = colours()
    look.wear("dark")
    assert before == {palettes()["light"]["person"].lower()}
    assert colours() == {palettes()["dark"]["person"].lower()}


def test_a_khmer_paragraph_gets_more_room_than_a_latin_one(qapp: QApplication) -> None:
    type_ = reader_type()
    assert type_.leading("ទ្វារបើកចំហ") > type_.leading("ประตูเปิด") > type_.leading("The doors were open")
    assert type_.leading("doors ទ្វារ") == type_.leading("ទ្វារ")
