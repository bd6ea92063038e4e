"""Agreement of 3 layers over 1,000 documents: the point values beside the libraries' own time, and the bootstrap."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import combinations
from typing import Any

from nervaluate.evaluator import Evaluator
from nltk.metrics.agreement import AnnotationTask

from annotator.analysis.agreement.figures import SAMPLES, measure
from annotator.analysis.agreement.matching import Group, matched_units, possible_matches
from annotator.analysis.agreement.tallies import tally
from annotator.analysis.agreement.units import LayeredDocument, Unit, units_of
from tests.analysis.agreement.examples import LABELS, drawn
from tests.benchmarks.repeated import measured, sized

Report = Callable[[str], None]
LAYERS = ("A", "B", "C")
DOCUMENTS = sized(200, 1000)
PLACES = {label: place for place, label in enumerate(LABELS)}


def library_data(documents: list[LayeredDocument]) -> tuple[list[Any], list[Any], dict[tuple[str, str], Any]]:
    """Return what nltk takes for alpha, for Fleiss' kappa, and what nltk and nervaluate take for each pair."""
    units = [{layer: units_of(d.annotations[layer], PLACES) for layer in LAYERS} for d in documents]
    groups = matched(units, LAYERS)
    alpha = nltk_rows([group for group in groups if sum(unit is not None for unit in group) > 1])
    complete = nltk_rows([group for group in groups if None not in group])
    pairs = {}
    for one, other in combinations(LAYERS, 2):
        rows = nltk_rows([group for group in matched(units, (one, other)) if None not in group])
        pairs[one, other] = (rows, entities(units, one), entities(units, other))
    return alpha, complete, pairs


def matched(units: list[dict[str, list[Unit]]], layers: tuple[str, ...]) -> list[Group]:
    found: list[Group] = []
    for of_layers in units:
        chosen = [of_layers[layer] for layer in layers]
        found += matched_units(chosen, possible_matches(chosen))
    return found


def nltk_rows(groups: list[Group]) -> list[tuple[str, str, str]]:
    return [
        (str(layer), str(item), str(unit.label))
        for item, group in enumerate(groups)
        for layer, unit in enumerate(group)
        if unit is not None
    ]


def entities(units: list[dict[str, list[Unit]]], layer: str) -> list[list[dict[str, Any]]]:
    return [[{"label": LABELS[u.label], "start": u.start, "end": u.end - 1} for u in one[layer]] for one in units]


def library_seconds(data: tuple[list[Any], list[Any], dict[tuple[str, str], Any]]) -> float:
    """Return the seconds that nltk and nervaluate need for their figures of data in their own form."""
    alpha, complete, pairs = data
    begun = time.perf_counter()
    AnnotationTask(alpha).alpha()
    AnnotationTask(complete).pi()
    for rows, true, held in pairs.values():
        AnnotationTask(rows).kappa()
        Evaluator(true, held, list(LABELS), loader="dict").evaluate()
    return time.perf_counter() - begun


def own_seconds(documents: list[LayeredDocument]) -> tuple[float, float]:
    """Return the seconds for every point value, and those for everything with its intervals once it is counted."""
    begun = time.perf_counter()
    tallies = tally(documents, LAYERS, LABELS)
    measure(tallies, samples=0)
    points = time.perf_counter()
    measure(tallies, samples=SAMPLES)
    return points - begun, time.perf_counter() - points


def test_point_values_and_bootstrap_beside_the_libraries(report: Report) -> None:
    documents = drawn(1, DOCUMENTS, most=40)
    spans = sum(len(rows) for document in documents for rows in document.annotations.values())
    data = library_data(documents)

    def all_three() -> tuple[float, float, float]:
        return library_seconds(data), *own_seconds(documents)

    def reached(found: tuple[float, float, float]) -> bool:
        return found[1] <= 1.5 * found[0] and found[2] <= 5 * found[0]

    found = measured(all_three, reached)
    libraries, points, bootstrap = found
    report(
        f"agreement of 3 layers over {DOCUMENTS:,} documents, {spans:,} spans: libraries {1000 * libraries:.0f} ms, "
        f"all our point values {1000 * points:.0f} ms, ratio {points / libraries:.2f} (<= 1.5); "
        f"{SAMPLES:,} bootstrap samples {1000 * bootstrap:.0f} ms, ratio {bootstrap / libraries:.2f} (<= 5)"
    )
    assert reached(found)
