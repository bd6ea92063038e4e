"""Snippets: one line around a place, with the place marked."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.snippets import LONGEST, snippet


def marked(text: str, start: int, end: int) -> list[str]:
    shown = snippet(text, start, end)
    return [shown.text[a:b] for a, b in shown.marks]


def test_white_space_is_tidied_and_words_stay_whole() -> None:
    text = "\n\n The first   sentence\nends.\n\nThe \u00a0 port\twas quiet. " + "Nothing happened. " * 20
    start = text.index("port")
    shown = snippet(text, start, start + 4)
    assert shown.text.startswith("The first sentence ends. The port was quiet. Nothing")
    assert shown.text.endswith(("happened.…", "Nothing…"))
    assert marked(text, start, start + 4) == ["port"]


def test_a_long_place_is_cut() -> None:
    text = "word " * 500
    shown = snippet(text, 100, 2000)
    assert len(shown.text) < LONGEST + 200
    assert shown.text.startswith("…")


def test_several_places_are_marked() -> None:
    shown = snippet("one two three", 0, 3, [(0, 3), (8, 13)])
    assert shown.marks == ((0, 3), (8, 13))


@pytest.mark.parametrize("unit", ["e\u0301", "👩\u200d🚒", "日", "क्षि"])
def test_no_character_is_cut_from_its_marks(unit: str) -> None:
    text = unit * 200
    start = len(unit) * 80
    shown = snippet(text, start, start + len(unit))
    inner = shown.text.strip("…")
    assert not unicodedata.category(inner[0]).startswith("M")
    assert inner[0] != "\u200d"
    assert inner[-1] != "\u200d"
    assert marked(text, start, start + len(unit)) == [unit]


@given(text=st.text(st.sampled_from("ab \n\t\0\u0301日🚢"), min_size=1, max_size=400), data=st.data())
def test_marks_hold_the_place(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    shown = snippet(text, start, end)
    assert "\n" not in shown.text
    wanted = "".join(text[start : min(end, start + LONGEST)].replace("\0", " ").split())
    assert "".join("".join(shown.text[a:b] for a, b in shown.marks).split()) == wanted
