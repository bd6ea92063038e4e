"""Contrast as WCAG computes it, and the colours that ship against it."""

import tomllib

import pytest

from annotator import paths
from annotator.core.palette import (
    DARK_GROUNDS,
    LABEL_COLOURS,
    LIGHT_GROUNDS,
    channels,
    contrast_ratio,
    label_contrast,
    readable,
    relative_luminance,
    tint,
)


def _theme(name):
    return tomllib.loads((paths.resources() / "themes" / f"{name}.toml").read_text(encoding="utf-8"))


def test_luminance_of_the_ends_and_of_pure_green():
    assert relative_luminance("#000000") == 0
    assert relative_luminance("#ffffff") == pytest.approx(1)
    assert relative_luminance("#00ff00") == pytest.approx(0.7152)


def test_contrast_is_symmetric_and_known():
    assert contrast_ratio("#000000", "#ffffff") == pytest.approx(21)
    assert contrast_ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast_ratio("#123456", "#fedcba") == contrast_ratio("#fedcba", "#123456")


def test_tint_lies_between():
    assert tint("#000000", "#ffffff", 0) == "#ffffff"
    assert tint("#000000", "#ffffff", 1) == "#000000"
    assert tint("#0b7a5c", "#ffffff", 0.14) == "#ddece8"


@pytest.mark.parametrize("wrong", ["0b7a5c", "#fff", "#gggggg", ""])
def test_other_notations_are_refused(wrong):
    with pytest.raises(ValueError):
        channels(wrong)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("pair", LABEL_COLOURS)
def test_label_colours_can_be_read(name, pair):
    theme = _theme(name)
    colour = pair[theme["dark"]]
    for background in ("window", "surface", "surface_alt", "reading", "selected_row"):
        assert contrast_ratio(colour, theme["colors"][background]) >= 4.5
    tinted = tint(colour, theme["colors"]["reading"], theme["numbers"]["tint_share"])
    assert contrast_ratio(colour, tinted) >= 3
    assert contrast_ratio(theme["colors"]["text"], tinted) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
def test_text_and_marks_of_the_window_can_be_read(name):
    colors = _theme(name)["colors"]
    for background in ("window", "surface", "surface_alt", "reading"):
        for text in ("text", "text_muted", "text_faint", "accent", "link", "error", "warning", "success"):
            assert contrast_ratio(colors[text], colors[background]) >= 4.5, (text, background)
        for mark in ("focus", "caret", *(token for token in colors if token.startswith("status_"))):
            assert contrast_ratio(colors[mark], colors[background]) >= 3, (mark, background)
    assert contrast_ratio(colors["accent_text"], colors["accent"]) >= 4.5
    assert contrast_ratio(colors["text"], colors["selection"]) >= 4.5


@pytest.mark.parametrize(("name", "grounds"), [("light", LIGHT_GROUNDS), ("dark", DARK_GROUNDS)])
def test_the_grounds_of_labels_are_those_of_the_themes(name, grounds):
    colors = _theme(name)["colors"]
    assert {colors[token] for token in ("window", "surface", "surface_alt", "reading", "selected_row")} == {*grounds}


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("colour", ["#ffcc00", "#000000", "#ffffff", "#777777", "#0000ff", "#00ff00", "#0b7a5c"])
def test_a_colour_that_cannot_be_read_is_mended_as_little_as_needed(colour, dark):
    mended = readable(colour, dark=dark)
    assert label_contrast(mended, dark=dark) >= 4.5
    if label_contrast(colour, dark=dark) >= 4.5:
        assert mended == colour
    else:
        assert label_contrast(mended, dark=dark) < 5
