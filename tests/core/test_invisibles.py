"""Invisible characters: which they are, their names and places, and when they are suspicious."""

import unicodedata

import pytest

from annotator.core.invisibles import (
    InvisibleKind,
    abbreviation_of,
    code_of,
    count_deceptive,
    count_kinds,
    invisibles,
    kind_of,
    name_of,
)

DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def test_places_are_code_points_of_the_whole_text():
    text = "😀a\u202eb\u200cc\u00ad"
    assert [(found.position, found.kind) for found in invisibles(text)] == [
        (2, InvisibleKind.DIRECTION),
        (4, InvisibleKind.JOINER),
        (6, InvisibleKind.SOFT_HYPHEN),
    ]
    assert [found.position for found in invisibles(text, 3, 6)] == [4]


def test_plain_text_holds_none():
    assert list(invisibles("Plain, with a tab\tand a newline\nand a space\u00a0kept.")) == []


def test_every_format_character_of_unicode_is_known():
    visible = {
        "\u0600",
        "\u0601",
        "\u0602",
        "\u0603",
        "\u0604",
        "\u0605",
        "\u06dd",
        "\u070f",
        "\u0890",
        "\u0891",
        "\u08e2",
    }
    for code in range(0x10000):
        character = chr(code)
        if unicodedata.category(character) == "Cf" and character not in visible:
            assert next(invisibles(character), None), code_of(character)


@pytest.mark.parametrize(
    ("character", "kind", "name", "code", "abbreviation"),
    [
        ("\u202e", InvisibleKind.DIRECTION, "right-to-left override", "U+202E", "RLO"),
        ("\u200c", InvisibleKind.JOINER, "zero width non-joiner", "U+200C", "200C"),
        ("\u200b", InvisibleKind.ZERO_WIDTH, "zero width space", "U+200B", "200B"),
        ("\x07", InvisibleKind.CONTROL, "control character", "U+0007", "0007"),
        ("\ufe0f", InvisibleKind.VARIATION, "variation selector-16", "U+FE0F", "FE0F"),
        ("\U000e0041", InvisibleKind.OTHER, "tag latin capital letter a", "U+E0041", "E0041"),
    ],
)
def test_what_a_character_is_called(character, kind, name, code, abbreviation):
    assert kind_of(character) is kind
    assert (name_of(character), code_of(character), abbreviation_of(character)) == (name, code, abbreviation)


def test_every_direction_mark_has_its_short_name():
    names = [abbreviation_of(mark) for mark in DIRECTIONS]
    assert names == ["ALM", "LRM", "RLM", "LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"]
    assert all(kind_of(mark) is InvisibleKind.DIRECTION for mark in DIRECTIONS)


def test_a_visible_character_has_no_kind():
    with pytest.raises(ValueError, match="visible"):
        kind_of("a")


def test_kinds_are_counted():
    assert count_kinds("می\u200cروم \u202a1\u202c") == {InvisibleKind.JOINER: 1, InvisibleKind.DIRECTION: 2}


@pytest.mark.parametrize(
    "ordinary",
    [
        "می\u200cروم و کتاب\u200cها",
        "Donau\u00addampf\u00adschiff und Auf\u200clage",
        "क\u094d\u200dष",
        "👩\u200d👩\u200d👧 ❤\ufe0f",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f plays",
        "\ufeffA mark at the start, and \u200b between words",
        "ראש הממשלה\u200f (2024)",
        "葛\U000e0100城",
    ],
)
def test_ordinary_signs_are_not_suspicious(ordinary):
    assert not count_deceptive(ordinary)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("pay \u202e000,01\u202c euros, \u202e", {"\u202e": 2, "\u202c": 1}),
        ("an English\u200e line", {"\u200e": 1}),
        ("ראש\u200f \u202eהממשלה", {"\u202e": 1}),
        ("at\u200btack", {"\u200b": 1}),
        ("по\u2060гроза", {"\u2060": 1}),
        ("x\U000e0041\U000e0042", {"\U000e0041": 1, "\U000e0042": 1}),
        ("flag 🏴\U000e0067\U000e007f and tag \U000e0067", {"\U000e0067": 1}),
        ("a\ufe00\ufe01\ufe02", {"\ufe01": 1, "\ufe02": 1}),
        ("name\u3164", {"\u3164": 1}),
    ],
)
def test_suspicious_signs_are_counted(text, counts):
    assert count_deceptive(text) == counts
