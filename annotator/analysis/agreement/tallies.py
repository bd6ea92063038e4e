"""What one pass over documents counts: rows of sums, a row for each document, from which every figure follows.

All sums add up over documents, so that a figure over any of them (all, one, a month, a bootstrap sample) is the same
function of other sums.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations

import numpy as np

from annotator.analysis.agreement.matching import Edge, Group, Pair, matched_pairs, matched_units, possible_matches
from annotator.analysis.agreement.relations import relation_counts
from annotator.analysis.agreement.spans import SCHEMAS, candidates, span_credit, with_label
from annotator.analysis.agreement.unitising import UnitisingOf2004, label_sets, where_sums
from annotator.analysis.agreement.units import Interval, LayeredDocument, Unit, covered, shared_length, units_of

EVERY = 0
"""The place of all labels together, before those of each label, where sums are kept by label."""


class Tallies:
    """The sums of documents for some layers and labels.

    Arrays, for D documents, K labels, P pairs of layers:
    `where` (D, 1 + K, 4), `pair_where` (P, D, 4); `set_agreeing` (D), `set_values` (D, sets of labels);
    `label_diagonal`, `label_values` (D, K); `pair_diagonal`, `pair_one`, `pair_other` (P, D, K);
    `fleiss_agreeing`, `fleiss_units` (D), `fleiss_values` (D, K); `relations` (P, D, 3), `counts` (layers, D, K);
    `spans` (P, D, 1 + K, 6): right by each schema, then how many are held, and how many the reference has.
    `confused` counts matched units by the labels that two layers gave them.
    """

    def __init__(self, layers: Sequence[str], labels: Sequence[str]) -> None:
        """Count for these layers, by id, and label ids; of a pair the earlier layer is the reference."""
        self.layers = list(layers)
        self.labels = list(labels)
        self.pairs = list(combinations(range(len(layers)), 2))
        self.documents: list[LayeredDocument] = []
        self.older_unitising = UnitisingOf2004(len(layers), len(labels))
        self.confused: Counter[tuple[int, int]] = Counter()
        self._label_places = {label: place for place, label in enumerate(labels)}
        self._rows: defaultdict[str, list[object]] = defaultdict(list)
        self._sets: list[dict[frozenset[int], list[float]]] = []

    def add(self, document: LayeredDocument) -> bool:
        """Count a document; one in which fewer than two of the layers count says nothing and is left out."""
        present = [place for place, layer in enumerate(self.layers) if layer in document.annotations]
        if len(present) < 2:
            return False
        units = [units_of(document.annotations.get(layer, ()), self._label_places) for layer in self.layers]
        self.documents.append(
            LayeredDocument(
                document.id, document.characters, dict.fromkeys(document.annotations, ()), {}, document.month
            )
        )
        self._add_where(document, units, present)
        self._add_matched(document, units, present)
        counts = [Counter(unit.label for unit in layer) for layer in units]
        self._rows["counts"].append([[count[k] for k in range(len(self.labels))] for count in counts])
        return True

    def close(self) -> None:
        """Make the arrays, once all documents are in."""
        documents, labels, pairs = len(self.documents), len(self.labels), len(self.pairs)

        def array(name: str, *shape: int) -> np.ndarray:
            return np.array(self._rows.pop(name, []), float).reshape(documents, *shape)

        def by_pair(name: str, *shape: int) -> np.ndarray:
            return np.ascontiguousarray(array(name, pairs, *shape).swapaxes(0, 1))

        self.where = array("where", 1 + labels, 4)
        self.pair_where = by_pair("pair_where", 4)
        self.label_diagonal = array("label_diagonal", labels)
        self.label_values = array("label_values", labels)
        self.fleiss_agreeing = array("fleiss_agreeing")
        self.fleiss_units = array("fleiss_units")
        self.fleiss_values = array("fleiss_values", labels)
        self.pair_diagonal = by_pair("pair_diagonal", labels)
        self.pair_one = by_pair("pair_one", labels)
        self.pair_other = by_pair("pair_other", labels)
        self.spans = by_pair("spans", 1 + labels, 6)
        self.relations = by_pair("relations", 3)
        self.counts = array("counts", len(self.layers), labels).transpose(1, 0, 2)
        places: dict[frozenset[int], int] = {}
        for found in self._sets:
            for value in found:
                places.setdefault(value, len(places))
        self.set_agreeing = np.zeros(documents)
        self.set_values = np.zeros((documents, max(1, len(places))))
        for row, found in enumerate(self._sets):
            for value, (agreeing, often) in found.items():
                self.set_agreeing[row] += agreeing
                self.set_values[row, places[value]] = often

    # -- one document

    def _add_where(self, document: LayeredDocument, units: list[list[Unit]], present: list[int]) -> None:
        length = document.characters
        split: list[list[list[Unit]]] = [[[] for _ in present] for _ in self.labels]
        for place, layer in enumerate(present):
            for unit in units[layer]:
                split[unit.label][place].append(unit)
        by_label = [[covered(members) for members in layers] for layers in split]
        every = [covered(units[layer]) for layer in present]
        shared = self._add_pair_where(dict(zip(present, every, strict=True)), length)
        nothing = where_sums([[] for _ in present], length)
        of_labels = [where_sums(layers, length) if any(layers) else nothing for layers in by_label]
        self._rows["where"].append([where_sums(every, length, shared), *of_labels])
        self._sets.append(label_sets(by_label, len(present), length))
        if len(present) == len(self.layers):
            self.older_unitising.add(by_label, length)

    def _add_pair_where(self, every: dict[int, list[Interval]], characters: int) -> int:
        """Return how much pairs of layers cover both, over all pairs."""
        total, rows = 0, []
        for one, other in self.pairs:
            if one in every and other in every:
                shared = shared_length(every[one], every[other])
                total += shared
                rows.append(where_sums([every[one], every[other]], characters, shared))
            else:
                rows.append((0, 0, 0, 0))
        self._rows["pair_where"].append(rows)
        return total

    def _add_matched(self, document: LayeredDocument, units: list[list[Unit]], present: list[int]) -> None:
        edges = possible_matches(units)
        groups = matched_units(units, edges)
        self._add_coincidences(groups)
        self._add_fleiss(groups)
        self._add_pairs(document, units, edges, set(present))

    def _add_coincidences(self, groups: Iterable[Group]) -> None:
        diagonal, values = [0.0] * len(self.labels), [0.0] * len(self.labels)
        for group in groups:
            given = [unit.label for unit in group if unit is not None]
            if len(given) < 2:
                continue
            for label in given:
                values[label] += 1
                diagonal[label] += (given.count(label) - 1) / (len(given) - 1)
        self._rows["label_diagonal"].append(diagonal)
        self._rows["label_values"].append(values)

    def _add_fleiss(self, groups: Iterable[Group]) -> None:
        agreeing, units, values = 0.0, 0, [0] * len(self.labels)
        raters = len(self.layers)
        for group in groups:
            given = [unit.label for unit in group if unit is not None]
            if len(given) < raters:
                continue
            units += 1
            agreeing += sum(given.count(label) - 1 for label in given) / (raters * (raters - 1))
            for label in given:
                values[label] += 1
        self._rows["fleiss_agreeing"].append(agreeing)
        self._rows["fleiss_units"].append(units)
        self._rows["fleiss_values"].append(values)

    def _add_pairs(
        self, document: LayeredDocument, units: list[list[Unit]], edges: Sequence[Edge], present: set[int]
    ) -> None:
        rows: dict[str, list[object]] = {name: [] for name in ("diagonal", "one", "other", "spans", "relations")}
        for one, other in self.pairs:
            both = one in present and other in present
            here, there = (units[one], units[other]) if both else ([], [])
            found = matched_pairs(units, edges, one, other) if both else []
            self._add_kappa(rows, found)
            rows["spans"].append(self._span_sums(here, there))
            rows["relations"].append(self._relation_sums(document, (one, other), (here, there), found))
        for name, row in rows.items():
            self._rows[name if name in ("spans", "relations") else f"pair_{name}"].append(row)

    def _add_kappa(self, rows: dict[str, list[object]], found: list[Pair]) -> None:
        labels = len(self.labels)
        same, ones, others = [0] * labels, [0] * labels, [0] * labels
        for one, other in found:
            ones[one.label] += 1
            others[other.label] += 1
            same[one.label] += one.label == other.label
            self.confused[one.label, other.label] += 1
        for name, counts in (("diagonal", same), ("one", ones), ("other", others)):
            rows[name].append(counts)

    def _span_sums(self, reference: list[Unit], held: list[Unit]) -> list[list[float]]:
        possible = candidates(reference, held)
        sums: list[list[float]] = [[*span_credit(possible), len(held), len(reference)]]
        here, there = Counter(unit.label for unit in held), Counter(unit.label for unit in reference)
        for label in range(len(self.labels)):
            some = here[label] and there[label]
            credit = span_credit(with_label(possible, label)) if some else (0.0,) * len(SCHEMAS)
            sums.append([*credit, here[label], there[label]])
        return sums

    def _relation_sums(
        self, document: LayeredDocument, pair: tuple[int, int], units: tuple[list[Unit], list[Unit]], found: list[Pair]
    ) -> tuple[int, int, int]:
        relations = []
        for layer, of_layer in zip(pair, units, strict=True):
            rows = document.relations.get(self.layers[layer], ())
            ids = {unit.id for unit in of_layer} if rows else ()
            relations.append([row for row in rows if row.source in ids and row.target in ids])
        if not any(relations):
            return 0, 0, 0
        return relation_counts(relations[0], relations[1], {one.id: other.id for one, other in found})


def tally(
    documents: Iterable[LayeredDocument],
    layers: Sequence[str],
    labels: Sequence[str],
    check: Callable[[], None] = lambda: None,
) -> Tallies:
    """Count documents. `check` is called for each and raises where the work should stop."""
    found = Tallies(layers, labels)
    for document in documents:
        check()
        found.add(document)
    found.close()
    return found
