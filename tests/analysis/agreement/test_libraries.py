"""The figures equal those of nltk and nervaluate on the same data."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from nervaluate.evaluator import Evaluator
from nltk.metrics.agreement import AnnotationTask

from annotator.analysis.agreement.figures import Figures, measure
from annotator.analysis.agreement.matching import matched_units, possible_matches
from annotator.analysis.agreement.tallies import tally
from annotator.analysis.agreement.units import LayeredDocument, Unit, units_of
from tests.analysis.agreement.examples import LABELS, drawn, layered

PLACES = {label: place for place, label in enumerate(LABELS)}
SEEDS = range(8)
NERVALUATE = {"strict": "strict", "exact": "exact", "partial": "partial", "type": "ent_type"}


def units(document: LayeredDocument, layer: str) -> list[Unit]:
    return units_of(document.annotations[layer], PLACES)


def groups(documents: list[LayeredDocument], layers: tuple[str, ...]) -> list[tuple[Unit | None, ...]]:
    found = []
    for document in documents:
        of_layers = [units(document, layer) for layer in layers]
        found += matched_units(of_layers, possible_matches(of_layers))
    return found


def task(rows: list[tuple[Unit | None, ...]]) -> AnnotationTask:
    """Return nltk's task on groups of matched units."""
    return AnnotationTask(
        [
            (str(layer), str(item), str(unit.label))
            for item, row in enumerate(rows)
            for layer, unit in enumerate(row)
            if unit is not None
        ]
    )


def nervaluate(documents: list[LayeredDocument], pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """Return nervaluate's results with the documents of all pairs one after the other; its ends are inclusive."""

    def entities(document: LayeredDocument, layer: str) -> list[dict[str, Any]]:
        return [{"label": LABELS[u.label], "start": u.start, "end": u.end - 1} for u in units(document, layer)]

    true = [entities(document, one) for one, _ in pairs for document in documents]
    held = [entities(document, other) for _, other in pairs for document in documents]
    return Evaluator(true, held, list(LABELS), loader="dict").evaluate()


def assert_spans_equal(figures: Figures, results: dict[str, Any]) -> None:
    for ours, theirs in NERVALUATE.items():
        for part in ("precision", "recall", "f1"):
            expected = getattr(results[theirs], part)
            assert figures[f"{part}_{ours}"].value == pytest.approx(expected), (ours, part)


@pytest.mark.parametrize("seed", SEEDS)
class TestThreeLayers:
    def test_alpha_over_matched_units_is_nltks(self, seed: int) -> None:
        documents = drawn(seed)
        rows = [row for row in groups(documents, ("A", "B", "C")) if sum(unit is not None for unit in row) > 1]
        figure = measure(tally(documents, "ABC", LABELS), samples=0).overall["alpha_labels"]
        assert figure.value == pytest.approx(task(rows).alpha())

    def test_kappas_are_nltks(self, seed: int) -> None:
        documents = drawn(seed)
        found = measure(tally(documents, "ABC", LABELS), samples=0)
        by_pair = []
        for one, other in combinations("ABC", 2):
            rows = [row for row in groups(documents, (one, other)) if None not in row]
            by_pair.append(task(rows).kappa())
            assert found.by_pair[one, other]["cohen"].value == pytest.approx(by_pair[-1])
        assert found.overall["cohen"].value == pytest.approx(sum(by_pair) / 3)
        complete = [row for row in groups(documents, ("A", "B", "C")) if None not in row]
        assert found.overall["fleiss"].value == pytest.approx(task(complete).pi())

    def test_span_scores_are_nervaluates(self, seed: int) -> None:
        documents = drawn(seed, most=20)
        found = measure(tally(documents, "ABC", LABELS), samples=0)
        pairs = list(combinations("ABC", 2))
        for pair in pairs:
            assert_spans_equal(found.by_pair[pair], nervaluate(documents, [pair])["overall"])
        together = nervaluate(documents, pairs)
        assert_spans_equal(found.overall, together["overall"])
        for label in LABELS:
            assert_spans_equal(found.by_label[label], together["entities"][label])

    def test_alpha_over_characters_is_nltks(self, seed: int) -> None:
        documents = drawn(seed, documents=3)
        rows = []
        for document in documents:
            for at in range(document.characters):
                for layer in "ABC":
                    here = frozenset(u.label for u in units(document, layer) if u.start <= at < u.end)
                    rows.append((layer, f"{document.id}-{at}", here))
        expected = AnnotationTask(rows).alpha()
        figure = measure(tally(documents, "ABC", LABELS), samples=0).overall["alpha_characters"]
        assert figure.value == pytest.approx(expected)

    def test_one_label_over_characters_is_nltks(self, seed: int) -> None:
        documents = drawn(seed, documents=3)
        found = measure(tally(documents, "ABC", LABELS), samples=0)
        label = "pledge"
        rows = [
            (layer, f"{d.id}-{at}", any(u.label == 0 and u.start <= at < u.end for u in units(d, layer)))
            for d in documents
            for at in range(d.characters)
            for layer in "ABC"
        ]
        assert found.by_label[label]["alpha_characters"].value == pytest.approx(AnnotationTask(rows).alpha())

    def test_one_label_against_the_rest_is_nltks(self, seed: int) -> None:
        documents = drawn(seed)
        found = measure(tally(documents, "ABC", LABELS), samples=0)
        for place, label in enumerate(LABELS):
            rows = [
                (str(layer), str(item), unit.label == place)
                for item, row in enumerate(groups(documents, ("A", "B", "C")))
                for layer, unit in enumerate(row)
                if unit is not None and sum(other is not None for other in row) > 1
            ]
            assert found.by_label[label]["alpha_labels"].value == pytest.approx(AnnotationTask(rows).alpha())


def test_a_layer_that_was_not_in_a_document_is_missing_there() -> None:
    documents = [*drawn(3), layered({"A": [(0, 10, "pledge")], "C": [(0, 10, "signal")]}, document="only two")]
    rows = []
    for document in documents:
        of_layers = [units(document, layer) if layer in document.annotations else [] for layer in "ABC"]
        rows += matched_units(of_layers, possible_matches(of_layers))
    found = measure(tally(documents, "ABC", LABELS), samples=0)
    paired = [row for row in rows if sum(unit is not None for unit in row) > 1]
    assert found.overall["alpha_labels"].value == pytest.approx(task(paired).alpha())
    assert found.documents == 13


def test_a_long_span_of_the_reference_needs_one_per_cent() -> None:
    """nervaluate takes less than one per cent of the reference's span for no overlap."""
    documents = [layered({"A": [(0, 900, "pledge")], "B": [(893, 930, "pledge")]})]
    found = measure(tally(documents, "AB", LABELS), samples=0)
    assert_spans_equal(found.overall, nervaluate(documents, [("A", "B")])["overall"])
    assert found.overall["f1_type"].value == 0
    wider = [layered({"A": [(0, 900, "pledge")], "B": [(891, 930, "pledge")]})]
    assert measure(tally(wider, "AB", LABELS), samples=0).overall["f1_type"].value == 1
