"""Themes: every token is there in both, the palette and the style sheet come from tokens alone."""

import re

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from annotator import paths
from annotator.core.errors import BugError
from annotator.ui.theme import THEMES, apply_theme, label_color, load_theme, palette, style_sheet


def test_both_themes_have_the_same_tokens():
    light, dark = (load_theme(name) for name in THEMES)
    for part in ("colors", "numbers", "spacing", "radius", "type", "reading"):
        assert getattr(light, part).keys() == getattr(dark, part).keys()
    assert not light.dark
    assert dark.dark


@pytest.mark.parametrize("name", THEMES)
def test_colours_are_full_hex_and_the_sheet_is_made_of_them(name):
    theme = load_theme(name)
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in theme.colors.values())
    sheet = style_sheet(theme)
    assert "$" not in sheet
    body = re.sub(r"/\*.*?\*/", "", sheet, flags=re.S)
    assert set(re.findall("#[0-9a-fA-F]{3,8}", body)) <= set(theme.colors.values())


def test_the_sheet_names_no_colour_of_its_own():
    sheet = (paths.resources() / "themes" / "window.qss").read_text(encoding="utf-8")
    assert not re.search("#[0-9a-fA-F]{3,8}|rgb", sheet)


def test_applying_sets_palette_and_sheet_and_can_switch(qapp):
    before = QApplication.palette(), qapp.styleSheet(), qapp.font()
    try:
        for name in THEMES:
            theme = load_theme(name)
            apply_theme(qapp, theme)
            assert qapp.palette().color(QPalette.ColorRole.Window) == theme.color("window")
            assert qapp.palette().color(QPalette.ColorRole.Text) == theme.color("text")
            assert theme.hex("accent") in qapp.styleSheet()
    finally:
        qapp.setPalette(before[0])
        qapp.setStyleSheet(before[1])
        qapp.setFont(before[2])


def test_the_palette_differs_between_themes():
    light, dark = (palette(load_theme(name)) for name in THEMES)
    assert (
        light.color(QPalette.ColorRole.Base).lightness() > 200 > 100 > dark.color(QPalette.ColorRole.Base).lightness()
    )


def test_label_colours_follow_the_theme():
    light, dark = (load_theme(name) for name in THEMES)
    assert label_color(light, "#0b7a5c", "#3ecf9f").name() == "#0b7a5c"
    assert dark.label_color("#0b7a5c", "#3ecf9f").name() == "#3ecf9f"
    assert light.label_tint("#0b7a5c", "#3ecf9f").name() == "#ddece8"


def test_unknown_names_are_bugs():
    with pytest.raises(BugError):
        load_theme("sepia")
    with pytest.raises(BugError):
        load_theme("light").color("no such token")
