"""One person with several ids, and the colours of people."""

from __future__ import annotations

import pytest

from annotator.core.palette import LEAST_CONTRAST, label_contrast
from annotator.core.person_colours import PERSON_COLOURS, is_colour, person_colours
from annotator.core.records import Annotator
from annotator.core.same_people import ids_of, people, resolved, role_of

A = Annotator("a", "A")
B = Annotator("b", "B", same_as="a", role="analyst")
C = Annotator("c", "C", same_as="b", role="analyst")
D = Annotator("d", "D", role="analyst")


def test_a_chain_of_joins_leads_to_one_id() -> None:
    known = [A, B, C, D]
    assert [resolved(known, one) for one in "abcdx"] == ["a", "a", "a", "d", "x"]
    assert ids_of(known, "b") == {"a", "b", "c"}
    assert ids_of(known, "d") == {"d"}
    assert people(known) == [A, D]
    assert [role_of(known, one) for one in "bcd"] == ["lead", "lead", "analyst"]


def test_who_comes_new_is_a_lead_only_among_leads() -> None:
    assert role_of([], "x") == role_of([A], "x") == "lead"
    assert role_of([A, D], "x") == "analyst"


def test_a_circle_ends() -> None:
    known = [Annotator("a", "A", same_as="b"), Annotator("b", "B", same_as="a"), Annotator("c", "C", same_as="b")]
    assert {resolved(known, one) for one in "abc"} == {"a"}


@pytest.mark.parametrize("pair", PERSON_COLOURS)
def test_default_colours_can_be_read(pair: tuple[str, str]) -> None:
    assert label_contrast(pair[0], dark=False) >= LEAST_CONTRAST
    assert label_contrast(pair[1], dark=True) >= LEAST_CONTRAST


@pytest.mark.parametrize("colour", ["#ffff00", "#000000", "#7f7f7f", "#FFFFFF"])
def test_a_chosen_colour_is_made_readable(colour: str) -> None:
    light, dark = person_colours(Annotator("a", "A", color=colour))
    assert label_contrast(light, dark=False) >= LEAST_CONTRAST
    assert label_contrast(dark, dark=True) >= LEAST_CONTRAST


def test_the_colour_of_an_id_stays() -> None:
    assert person_colours(A) == person_colours(Annotator("a", "Another name"))
    assert len({person_colours(Annotator(str(number), "A")) for number in range(60)}) == len(PERSON_COLOURS)


@pytest.mark.parametrize("text", ["", "red", "#12345", "#1234567", "#+f0000", "#12 456", "123456#"])
def test_what_is_no_colour(text: str) -> None:
    assert not is_colour(text)
