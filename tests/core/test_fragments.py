"""Fragments put together and taken apart, against sets of positions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.fragments import Fragment, with_fragment, without_fragment
from annotator.core.spans import check_fragments

LENGTH = 40
stretches = st.tuples(st.integers(0, LENGTH), st.integers(0, LENGTH)).filter(lambda pair: pair[0] < pair[1])


def positions(fragments: tuple[Fragment, ...]) -> set[int]:
    return {place for start, end in fragments for place in range(start, end)}


def built(pieces: list[Fragment]) -> tuple[Fragment, ...]:
    fragments: tuple[Fragment, ...] = ()
    for piece in pieces:
        fragments = with_fragment(fragments, piece)
    return fragments


@given(st.lists(stretches, min_size=1), stretches)
def test_adding_and_taking_away_is_as_with_sets(pieces: list[Fragment], other: Fragment) -> None:
    fragments = built(pieces)
    check_fragments(fragments, LENGTH)
    assert positions(fragments) == {place for piece in pieces for place in range(*piece)}
    rest = without_fragment(fragments, other)
    if rest:
        check_fragments(rest, LENGTH)
    assert positions(rest) == positions(fragments) - set(range(*other))


def test_fragments_that_touch_become_one() -> None:
    assert with_fragment(((0, 5), (10, 12)), (5, 10)) == ((0, 12),)
    assert without_fragment(((0, 12),), (5, 10)) == ((0, 5), (10, 12))
