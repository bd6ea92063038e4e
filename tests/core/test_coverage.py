"""Ranges in whole paragraphs: grown, joined over blank lines, taken apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.coverage import covers, joined, merged, share_of_paragraphs, touches, whole_paragraphs, without

TEXT = "\n  One line. \n\nTwo.\nThree\n \n"
ONE, TWO, THREE = (1, 13), (15, 19), (20, 25)


def test_a_range_grows_to_lines_and_not_to_blank_ones() -> None:
    assert [TEXT[a:b] for a, b in (ONE, TWO, THREE)] == ["  One line. ", "Two.", "Three"]
    assert whole_paragraphs(TEXT, 3, 4) == ONE
    assert whole_paragraphs(TEXT, 16, 16) == TWO
    assert whole_paragraphs(TEXT, 0, 14) == ONE
    assert whole_paragraphs(TEXT, 5, len(TEXT)) == (1, 25)
    assert whole_paragraphs(TEXT, 14, 14) == (14, 14)
    assert whole_paragraphs(TEXT, 19, 20) == TWO
    assert whole_paragraphs("текст", 2, 3) == (0, 5)
    assert whole_paragraphs("", 0, 0) == (0, 0)


def test_neighbours_become_one() -> None:
    assert joined(TEXT, [THREE, ONE]) == [ONE, THREE]
    assert joined(TEXT, [THREE, ONE, TWO]) == [(1, 25)]


def test_taking_out_leaves_no_blank_lines_at_the_ends() -> None:
    assert without(TEXT, (1, 25), TWO) == [ONE, THREE]
    assert without(TEXT, (1, 25), (0, 20)) == [THREE]
    assert without(TEXT, ONE, TWO) == [ONE]
    assert without(TEXT, ONE, (0, 25)) == []


def test_the_share_is_of_whole_paragraphs() -> None:
    text = "abcde\n\nfghij\nklmno"
    starts, ends = [0, 6, 7, 13], [5, 6, 12, 18]
    assert share_of_paragraphs(text, starts, ends, []) == 0.0
    assert share_of_paragraphs(text, starts, ends, [(1, 2), (3, 4)]) == 5 / 18
    assert share_of_paragraphs(text, starts, ends, [(1, 2), (8, 9)]) == 12 / 18
    assert share_of_paragraphs(text, starts, ends, [(1, 2), (14, 15)]) == 10 / 18
    assert share_of_paragraphs(text, starts, ends, [(0, 1), (8, 9), (17, 18)]) == 1.0
    assert share_of_paragraphs(text, starts, ends, [(0, 18)]) == 1.0
    assert share_of_paragraphs("", [0], [0], []) == 0.0


ranges = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)).map(lambda p: (p[0], p[0] + p[1])), max_size=8)


@given(ranges, st.integers(0, 45), st.integers(1, 9))
def test_a_union_holds_each_place_once(parts: list[tuple[int, int]], start: int, length: int) -> None:
    whole = merged(parts)
    places = {place for low, high in parts for place in range(low, high)}
    assert sorted(places) == [place for low, high in whole for place in range(low, high)]
    wanted = set(range(start, start + length))
    assert covers(whole, start, start + length) == (wanted <= places)
    assert touches(whole, start, start + length) == bool(wanted & places)


@given(st.text("a \n", max_size=30), st.data())
def test_marking_and_unmarking_stay_within_lines(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    low, high = whole_paragraphs(text, start, end)
    assert low == high or text[low:high].strip()
    assert low == 0 or low == high or text[low - 1] == "\n"
    assert high == len(text) or low == high or text[high] == "\n"
    everything = whole_paragraphs(text, 0, len(text))
    left = without(text, everything, (low, high))
    assert joined(text, [*left, *([(low, high)] if low < high else [])]) == (
        [everything] if everything[0] < everything[1] else []
    )
