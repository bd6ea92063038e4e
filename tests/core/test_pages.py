"""Where words stand on pages: which boxes a stretch of the text gives, and the stored form."""

import json
from array import array

import pytest

from annotator.core.pages import Box, LeftOut, Page, PageLayout, add_word, check_layout, decode_pages, encode_pages

SHOWN = Box(0, 0, 600, 800)


def page(*words) -> Page:
    flat = array("i")
    for start, end, *box in words:
        add_word(flat, start, end, box)
    return Page(SHOWN, flat)


@pytest.fixture
def layout() -> PageLayout:
    """“We will help. / Later” on two lines, then a blank page, then “again.”"""
    first = page((0, 2, 10, 10, 30, 20), (3, 7, 34, 10, 60, 20), (8, 12, 64, 10.25, 90, 20), (14, 19, 10, 30, 50, 40))
    last = page((20, 25, 10.5, 10, 60, 20), (25, 26, 60, 10, 62, 20))
    return PageLayout((first, page(), last), (LeftOut(1, "footer", "Seite 1 – заява"),))


def test_words_of_one_line_share_a_box(layout):
    assert layout.boxes(0, 12) == [(1, [Box(10, 10, 90, 20)])]


def test_each_line_and_each_page_has_its_own(layout):
    assert layout.boxes(8, 26) == [(1, [Box(64, 10.25, 90, 20), Box(10, 30, 50, 40)]), (3, [Box(10.5, 10, 62, 20)])]


def test_words_far_apart_on_a_line_stay_apart():
    cells = PageLayout((page((0, 2, 10, 10, 30, 20), (3, 5, 200, 10, 220, 20)),))
    assert cells.boxes(0, 5) == [(1, [Box(10, 10, 30, 20), Box(200, 10, 220, 20)])]


def test_words_written_leftward_share_a_box_too():
    leftward = PageLayout((page((0, 4, 60, 10, 90, 20), (5, 8, 30, 10, 57, 20)),))
    assert leftward.boxes(0, 8) == [(1, [Box(30, 10, 90, 20)])]


def test_a_part_of_a_word_gives_its_share(layout):
    assert layout.boxes(3, 5) == [(1, [Box(34, 10, 47, 20)])]


def test_what_stands_on_no_page_gives_nothing(layout):
    assert layout.boxes(12, 14) == [] == PageLayout().boxes(0, 5)


def test_the_page_of_a_position(layout):
    assert [layout.page_of(position) for position in (0, 13, 19, 20, 99)] == [1, 1, 1, 3, 3]


def test_the_page_of_a_note_below_a_text_that_goes_on_overleaf():
    below = page((0, 5, 10, 10, 30, 20), (20, 25, 10, 700, 30, 710))
    overleaf = page((6, 19, 10, 10, 90, 20))
    both = PageLayout((below, overleaf))
    assert [both.page_of(position) for position in (2, 10, 22)] == [1, 2, 1]


def test_the_stored_form_is_exact_and_always_the_same(layout):
    stored = encode_pages(layout)
    again = decode_pages(json.loads(stored))
    assert encode_pages(again) == stored
    assert [list(one.words()) for one in again.pages] == [list(one.words()) for one in layout.pages]
    assert again.pages[0].shown == SHOWN
    assert again.left_out == layout.left_out


def test_a_layout_of_its_text_is_sound(layout):
    check_layout(layout, 26)
    check_layout(PageLayout(), 0)


@pytest.mark.parametrize(
    "bad",
    [
        Page(SHOWN, array("i", (0, 27, 0, 0, 1, 1))),
        Page(SHOWN, array("i", (-1, 2, 0, 0, 1, 1))),
        Page(SHOWN, array("i", (2, 2, 0, 0, 1, 1))),
        Page(SHOWN, array("i", (0, 2, 0))),
        Page(Box(0, 0, float("nan"), 1)),
    ],
)
def test_a_layout_of_another_text_is_not(bad):
    with pytest.raises(ValueError, match=r"page|word"):
        check_layout(PageLayout((bad,)), 26)
