"""Cases: what is one of them, and of which kind; whatever the spans, nothing is lost and nothing swallowed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.analysis import comparison
from annotator.analysis.comparison import cases, matched_pairs, overlap
from annotator.core.cases import Case
from annotator.core.ids import derived_id
from annotator.core.records import Annotation, Fragment, Relation

GOLD = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"


def span(layer: str, start: int, end: int, label: str = "pledge", *more: Fragment, name: str = "") -> Annotation:
    fragments = ((start, end), *more)
    identity = derived_id(GOLD, layer, name or f"{label} {fragments}")
    return Annotation(identity, "document", layer, label, "", "", "", fragments)


def related(source: Annotation, target: Annotation, kind: str = "conditions") -> Relation:
    identity = derived_id(source.id, kind, target.id)
    return Relation(identity, "document", source.layer, kind, source.id, target.id, "", "")


def compared(
    *annotations: Annotation, layers: str = "AB", relations: tuple[Relation, ...] = (), values: Any = None
) -> list[Case]:
    return cases("document", tuple(layers), annotations, relations, values or {}, GOLD)


def kinds(found: list[Case]) -> list[str]:
    return [case.kind for case in found]


def test_what_all_have_is_the_same() -> None:
    [case] = compared(span("A", 0, 10), span("B", 0, 10))
    assert (case.kind, case.start, case.end, case.layers) == ("same", 0, 10, ("A", "B"))
    assert [annotation.layer for annotation in case.annotations] == ["A", "B"]


def test_other_edges_another_label_and_both() -> None:
    assert kinds(compared(span("A", 0, 10), span("B", 0, 12))) == ["edges"]
    assert kinds(compared(span("A", 0, 10), span("B", 0, 10, "condition"))) == ["label"]
    assert kinds(compared(span("A", 0, 10), span("B", 4, 12, "condition"))) == ["label"]


def test_a_gap_is_an_edge() -> None:
    assert kinds(compared(span("A", 0, 10), span("B", 0, 3, "pledge", (5, 10)))) == ["edges"]


def test_what_one_layer_lacks_is_one_sided() -> None:
    found = compared(span("A", 0, 10), span("B", 20, 30))
    assert kinds(found) == ["one_sided", "one_sided"]
    assert found[0].of("B") == ()
    three = compared(span("A", 0, 10), span("B", 0, 10), layers="ABC")
    assert kinds(three) == ["one_sided"]


def test_values_and_relations_differ() -> None:
    one, other = span("A", 0, 10), span("B", 0, 10)
    assert kinds(compared(one, other, values={one.id: {"strength": "firm"}})) == ["attribute"]
    both = {one.id: {"strength": "firm"}, other.id: {"strength": "firm"}}
    [case] = compared(one, other, values=both)
    assert (case.kind, case.values) == ("same", both)
    ends = span("A", 20, 30, "condition"), span("B", 20, 30, "condition")
    relation = related(ends[0], one)
    found = compared(one, other, *ends, relations=(relation,), values=both)
    assert kinds(found) == ["same", "relation"]
    assert found[1].relations == (relation,)
    same = compared(one, other, *ends, relations=(relation, related(ends[1], other)), values=both)
    assert kinds(same) == ["same", "same"]
    kind = compared(one, other, *ends, relations=(relation, related(ends[1], other, "restates")), values=both)
    assert kinds(kind) == ["same", "relation"]


def test_a_relation_to_what_the_other_lacks_is_not_compared() -> None:
    condition = span("A", 20, 30, "condition")
    pledge = span("A", 0, 10)
    found = compared(condition, span("B", 20, 30, "condition"), pledge, relations=(related(condition, pledge),))
    assert kinds(found) == ["one_sided", "same"]


def test_what_one_cut_in_two_is_one_case() -> None:
    whole = span("A", 0, 100)
    cut = span("B", 0, 60), span("B", 61, 99, "condition")
    [case] = compared(whole, *cut)
    assert case.kind == "nesting"
    assert case.of("B") == cut
    [other_way] = compared(*(replace(one, layer="A") for one in cut), replace(whole, layer="B"))
    assert other_way.kind == "nesting"


def test_a_short_condition_still_belongs_to_its_pledge() -> None:
    assert kinds(compared(span("A", 0, 200), span("B", 0, 186), span("B", 187, 200, "condition"))) == ["nesting"]


def test_a_span_as_long_as_the_document_swallows_nothing() -> None:
    small = [span("B", start, start + 150) for start in range(0, 3000, 200)]
    found = compared(span("A", 0, 3000), *small)
    assert len(found) == len(small)
    assert Counter(kinds(found)) == {"one_sided": len(small) - 1, "edges": 1}
    matched = [span("A", one.start, one.end) for one in small]
    found = compared(span("A", 0, 3000), *matched, *small)
    assert Counter(kinds(found)) == {"same": len(small), "one_sided": 1}


def test_a_twin_in_one_layer_is_a_case_of_its_own() -> None:
    found = compared(span("A", 0, 10, name="one"), span("A", 0, 10, name="other"), span("B", 0, 10))
    assert sorted(kinds(found)) == ["one_sided", "same"]


def test_passes_go_before_overlap() -> None:
    exact = span("A", 0, 10), span("B", 0, 10)
    larger = span("B", 0, 11, "condition")
    assert (exact[0], exact[1]) in matched_pairs([exact[0]], [larger, exact[1]])
    same_label = span("B", 0, 5)
    assert (exact[0], same_label) in matched_pairs([exact[0]], [larger, same_label])
    same_place = span("B", 0, 10, "condition")
    assert (exact[0], same_place) in matched_pairs([exact[0]], [span("B", 0, 9), same_place])


def test_the_larger_overlap_wins() -> None:
    one, other = span("A", 0, 10), span("A", 8, 20)
    middle = span("B", 6, 18)
    assert matched_pairs([one, other], [middle]) == [(one, None), (other, middle)]


def test_touching_is_no_overlap() -> None:
    assert overlap([(0, 5)], [(5, 9)]) == 0
    assert overlap([(0, 4), (6, 8)], [(2, 7)]) == 3 / 8
    assert matched_pairs([span("A", 0, 5)], [span("B", 5, 9)]) == [(span("A", 0, 5), None), (None, span("B", 5, 9))]


def test_relations_and_layers_that_are_not_compared_do_not_count() -> None:
    stranger = span("C", 0, 10)
    [case] = compared(span("A", 0, 10), span("B", 0, 10), stranger, relations=(related(stranger, stranger),))
    assert case.kind == "same"


def test_the_work_grows_with_the_spans_and_not_with_their_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    count = 0

    def counted(one: Any, other: Any) -> float:
        nonlocal count
        count += 1
        return overlap(one, other)

    monkeypatch.setattr(comparison, "overlap", counted)
    spans = [span(layer, at * 10, at * 10 + 12 + at % 3, name=str(at)) for layer in "AB" for at in range(1000)]
    compared(span("A", 0, 10_000), *spans)
    assert count < 12 * len(spans)


def test_ids_follow_from_what_is_compared() -> None:
    one, other = span("A", 0, 10), span("B", 0, 10)
    [case] = compared(one, other)
    [moved] = compared(replace(one, fragments=((0, 9),)), other)
    [lacking] = compared(one)
    assert case.id == moved.id != lacking.id


LABELS = ("pledge", "condition", "criticism")


@st.composite
def layers_of(draw: st.DrawFn, names: str) -> list[Annotation]:
    found = []
    for layer in names:
        for place in range(draw(st.integers(0, 7))):
            cuts = draw(st.lists(st.integers(0, 60), min_size=2, max_size=4, unique=True).map(sorted))
            fragments = tuple(zip(cuts[::2], cuts[1::2], strict=False))
            label = draw(st.sampled_from(LABELS))
            found.append(span(layer, *fragments[0], label, *fragments[1:], name=str(place)))
    return found


@given(layers_of("AB"))
def test_matching_is_the_same_from_both_sides(annotations: list[Annotation]) -> None:
    one = [annotation for annotation in annotations if annotation.layer == "A"]
    other = [annotation for annotation in annotations if annotation.layer == "B"]
    pairs = matched_pairs(one, other)
    assert {(right, left) for left, right in pairs} == set(matched_pairs(other, one))
    assert Counter(left for left, _ in pairs if left) == Counter(one)
    assert Counter(right for _, right in pairs if right) == Counter(other)
    left_over = [left for left, right in pairs if right is None]
    others_left = [right for left, right in pairs if left is None]
    assert not any(overlap(a.fragments, b.fragments) for a in left_over if a for b in others_left if b)


@settings(max_examples=200)
@given(layers_of("ABC"), st.permutations("ABC"), st.randoms())
def test_each_annotation_is_in_one_case_whatever_the_order(
    annotations: list[Annotation], order: list[str], random: Any
) -> None:
    found = compared(*annotations, layers="ABC")
    assert Counter(a for case in found for a in case.annotations) == Counter(annotations)
    shuffled = list(annotations)
    random.shuffle(shuffled)
    again = compared(*shuffled, layers="".join(order))
    assert [(case.id, case.kind, set(case.annotations)) for case in found] == [
        (case.id, case.kind, set(case.annotations)) for case in again
    ]


@given(layers_of("AB"))
def test_the_pieces_of_a_case_do_not_overlap(annotations: list[Annotation]) -> None:
    for case in compared(*annotations):
        for layer in case.layers:
            own = case.of(layer)
            for place, one in enumerate(own):
                assert not any(overlap(one.fragments, other.fragments) for other in own[place + 1 :])


@given(layers_of("AB"))
def test_a_very_long_span_gathers_at_most_its_match(annotations: list[Annotation]) -> None:
    long = span("A", 0, 2000, name="long")
    found = compared(long, *annotations)
    [own] = [case for case in found if long in case.annotations]
    assert len(own.annotations) <= 2
    assert len(found) >= len(compared(*annotations)) - 1


@given(layers_of("A"))
def test_a_layer_agrees_with_itself(annotations: list[Annotation]) -> None:
    copy = [replace(a, layer="B", id=derived_id(a.id, "copy")) for a in annotations]
    found = compared(*annotations, *copy)
    assert kinds(found) == ["same"] * len(annotations)
