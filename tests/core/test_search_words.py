"""Terms in texts: whole words, phrases, beginnings, parts of words, and trees of them."""

from __future__ import annotations

import pytest

from annotator.core.search_words import AllOf, AnyOf, Finder, Node, Term, Without, wanted_terms, without_exclusions


def places(text: str, node: Node, *, diacritics: bool = True, parts: bool = False) -> list[str]:
    found = Finder(node, diacritics=diacritics, parts=parts).places(text)
    assert found == sorted(found)
    return [text[start:end] for start, end in found]


@pytest.mark.parametrize(
    ("text", "term", "found"),
    [
        ("a port, sort of port", Term("ort"), []),
        ("sort ort", Term("ort"), ["ort"]),
        ("xb a b a b", Term("b a b"), ["b a b"]),
        ("aab aa", Term("aa"), ["aa"]),
        ("port ports portal", Term("port", begins=True), ["port", "ports", "portal"]),
        ("sport of ports", Term("of port", begins=True), ["of ports"]),
        ("don't dont don’t", Term("don't"), ["don't", "don’t"]),
        ("1,500 and 1500", Term("1,500"), ["1,500"]),
        ("東京東京", Term("東京"), ["東京", "東京"]),
        ("the 東京port", Term("port"), ["port"]),
        ("東 京", Term("東京"), ["東 京"]),
    ],
)
def test_words_are_whole(text: str, term: Term, found: list[str]) -> None:
    assert places(text, term) == found


@pytest.mark.parametrize(
    ("text", "term", "found"),
    [("sort of port", "ort", ["ort", "ort"]), ("U.S. and US", "u.s.", ["U.S."]), ("a\n b", "a b", ["a\n b"])],
)
def test_parts_of_words_keep_their_signs(text: str, term: str, found: list[str]) -> None:
    assert places(text, Term(term), parts=True) == found


def test_trees_hold_or_do_not() -> None:
    port, winter, ship = Term("port"), Term("winter"), Term("ship")
    text = "A port in winter."
    assert places(text, AllOf((port, winter))) == ["port", "winter"]
    assert places(text, AllOf((port, ship))) == []
    assert places(text, AnyOf((ship, winter))) == ["winter"]
    assert places(text, Without(port, (ship,))) == ["port"]
    assert places(text, Without(port, (ship, winter))) == []
    assert places(text, without_exclusions(Without(port, (winter,)))) == ["port"]
    assert list(wanted_terms(Without(AnyOf((port, ship)), (winter,)))) == [port, ship]


def test_places_that_overlap_are_told_once() -> None:
    assert places("the port of call", AnyOf((Term("port"), Term("port of call")))) == ["port of call"]


def test_diacritics_count_where_they_are_wanted() -> None:
    assert places("ёлка елка", Term("ёлка"), diacritics=False) == ["ёлка"]
    assert places("e\u0308 e", Term("ë"), diacritics=False) == ["e\u0308"]
    assert places("e\u0308 e", Term("e"), diacritics=False) == ["e"]
