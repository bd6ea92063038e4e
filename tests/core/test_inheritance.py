"""What spans inherit from the turn that they are in and from their document."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from annotator.core.codebook import Codebook
from annotator.core.inheritance import Inheritance, Inherited, effective, turns_of
from annotator.core.records import AttributeDefinition
from annotator.core.structure import FormatRange
from annotator.formats.codebooks import default_codebook

TURNS = [(0, 40, "THE CHAIR"), (42, 90, "Ms Duarte"), (92, 120, "the chair")]


def name_of(name: str) -> str:
    return "The chair of the council" if name.casefold() == "the chair" else name


@pytest.fixture
def codebook() -> Codebook:
    return default_codebook()


def inherited_in(inheritance: Inheritance, start: int, label: str = "pledge") -> dict[str, tuple[object, str]]:
    return {key: (one.value, one.origin) for key, one in inheritance.of(label, start).items()}


@pytest.mark.parametrize(
    ("start", "speaker"),
    [
        (0, "The chair of the council"),
        (39, "The chair of the council"),
        (42, "Ms Duarte"),
        (89, "Ms Duarte"),
        (119, "The chair of the council"),
    ],
)
def test_a_span_has_the_speaker_of_the_turn_that_holds_its_start(codebook: Codebook, start: int, speaker: str) -> None:
    inheritance = Inheritance(codebook, {"speaker": "the agency"}, TURNS, name_of)
    assert inherited_in(inheritance, start) == {"speaker": (speaker, "turn")}


@pytest.mark.parametrize("start", [40, 41, 90, 91, 120, 5000])
def test_outside_of_turns_it_has_the_documents_value(codebook: Codebook, start: int) -> None:
    inheritance = Inheritance(codebook, {"speaker": "the agency", "attribution": "narrator"}, TURNS, name_of)
    assert inherited_in(inheritance, start) == {
        "speaker": ("the agency", "document"),
        "attribution": ("narrator", "document"),
    }


def test_only_attributes_of_the_label_that_inherit_are_passed_on(codebook: Codebook) -> None:
    attributes = tuple(
        replace(a, inherits="document") if a.key == "strength" else replace(a, retired=a.key == "attribution")
        for a in codebook.attributes
    )
    values = {"strength": "firm", "attribution": "narrator", "certainty": "low"}
    inheritance = Inheritance(replace(codebook, attributes=attributes), values)
    assert inherited_in(inheritance, 3) == {"strength": ("firm", "document")}
    assert inherited_in(inheritance, 3, "criticism") == {}


def test_a_speaker_that_does_not_fit_gives_way_to_the_document(codebook: Codebook) -> None:
    moods = AttributeDefinition(
        "3f0b77a4-6f2c-4b8c-9d7e-0c9f5a4b1d11", "side", "Side", "choice", 99, (("duarte", "Ms Duarte"), ("x", "X"))
    )
    codebook = replace(codebook, attributes=(*codebook.attributes, replace(moods, inherits="turn")))
    inheritance = Inheritance(codebook, {"side": "x"}, TURNS)
    assert inheritance.of("pledge", 45)["side"] == Inherited("duarte", "turn")
    assert inheritance.of("pledge", 5)["side"] == Inherited("x", "document")


def test_without_turns_and_values_there_is_nothing(codebook: Codebook) -> None:
    assert not Inheritance(codebook, {})
    assert Inheritance(codebook, {}, TURNS)
    assert Inheritance(codebook, {}).of("pledge", 0) == {}
    no_turns = replace(codebook, attributes=tuple(replace(a, inherits="") for a in codebook.attributes))
    assert not Inheritance(no_turns, {}, TURNS)


def test_own_values_win(codebook: Codebook) -> None:
    inherited = {"speaker": Inherited("the agency", "document"), "hedged": Inherited(True, "document")}
    assert effective({"hedged": False, "target": "X"}, inherited) == {
        "speaker": "the agency",
        "hedged": False,
        "target": "X",
    }


def test_turns_are_the_speaker_ranges() -> None:
    ranges = (
        FormatRange("heading", 0, 5, 1),
        FormatRange("speaker", 7, 30, 0, {"speaker": "A. B.", "name_end": 12}),
        FormatRange("speaker", 31, 40, 0, {}),
    )
    assert turns_of(ranges) == [(7, 30, "A. B.")]


def test_the_time_for_a_span_does_not_grow_with_the_turns(codebook: Codebook) -> None:
    def cost(count: int) -> float:
        inheritance = Inheritance(codebook, {}, [(n * 100, n * 100 + 90, f"Speaker {n % 50}") for n in range(count)])
        places = [n * 7919 % (count * 100) for n in range(50_000)]
        inheritance.of("pledge", 0)
        begun = time.perf_counter()
        for place in places:
            inheritance.of("pledge", place)
        return time.perf_counter() - begun

    few, many = min(cost(100) for _ in range(3)), min(cost(20_000) for _ in range(3))
    assert many < 8 * few
