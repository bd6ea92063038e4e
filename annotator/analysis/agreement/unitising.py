"""Agreement on where there are units at all: what adds up over documents, and the coefficient of 2004."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from annotator.analysis.agreement.units import Interval, shared_length

Sums = tuple[float, float, float, float]


def where_sums(layers: Sequence[Sequence[Interval]], characters: int, shared: int | None = None) -> Sums:
    """Return what `coefficients.unitising_alpha` needs of one document with at least two layers.

    They are: the length of gaps and that of units, over all layers; the coincidences of a gap with a unit, counted from
    one side; and the pairs of a unit, or a gap's character, with itself, which no comparison can hold. `shared` is the
    sum over pairs of layers of what both cover, where it is known already.
    """
    units = own = 0
    for stretches in layers:
        for start, end in stretches:
            units += end - start
            own += (end - start) ** 2
    if shared is None:
        shared = sum(shared_length(one, other) for one, other in combinations(layers, 2))
    gaps = characters * len(layers) - units
    return gaps, units, units - 2 * shared / (len(layers) - 1), own + gaps


def label_sets(
    by_label: Sequence[Sequence[Sequence[Interval]]], layers: int, characters: int
) -> dict[frozenset[int], list[float]]:
    """Return, for each set of labels that characters have, [agreeing coincidences, how often] in one document.

    The unit is the character, the value the set of its labels in a layer; the empty set is a value as well. `by_label`
    holds, for each label, what each layer covers with it.
    """
    edges = [
        (edge, layer, label)
        for label, stretches in enumerate(by_label)
        for layer, intervals in enumerate(stretches)
        for interval in intervals
        for edge in interval
    ]
    edges.sort()
    now: list[frozenset[int]] = [frozenset()] * layers
    found: dict[frozenset[int], list[float]] = defaultdict(lambda: [0.0, 0.0])
    position = 0
    for at, layer, label in edges:
        if at > position:
            _count(found, now, at - position)
            position = at
        now[layer] = now[layer] ^ {label}
    if characters > position:
        _count(found, now, characters - position)
    return found


def _count(found: dict[frozenset[int], list[float]], values: Sequence[frozenset[int]], length: int) -> None:
    if values.count(values[0]) == len(values):
        sums = found[values[0]]
        sums[0] += length * len(values)
        sums[1] += length * len(values)
        return
    for value in set(values):
        same = values.count(value)
        sums = found[value]
        sums[0] += length * same * (same - 1) / (len(values) - 1)
        sums[1] += length * same


class UnitisingOf2004:
    """Krippendorff's alpha for unitising in its older form, over documents strung together as one continuum.

    It weighs how far edges lie apart by the square of the distance, and compares each label's units and gaps. Several
    labels are pooled by their disagreements, so that this one figure tells of where and which at once.
    Source: K. Krippendorff, Content Analysis, 2nd ed. 2004, section 11.6.
    """

    def __init__(self, layers: int, labels: int) -> None:
        self._layers = layers
        self._length = 0
        self._observed = [0.0] * labels
        self._units: list[list[int]] = [[] for _ in range(labels)]
        self._gaps: list[list[int]] = [[] for _ in range(labels)]
        self._unused = 0
        """Characters of documents so far: a label without units in one has a gap of that length in each layer."""
        self._whole_gaps: list[list[int]] = [[] for _ in range(labels)]

    def add(self, layers: Sequence[Sequence[Sequence[Interval]]], characters: int) -> None:
        """Add a document; `layers` holds, for each label, what each layer covers with it."""
        if not characters:
            return
        self._length += characters
        for label, stretches in enumerate(layers):
            if not any(stretches):
                self._whole_gaps[label].append(characters)
                continue
            for intervals in stretches:
                self._units[label] += [end - start for start, end in intervals]
                self._gaps[label] += _gaps(intervals, characters)
            self._observed[label] += sum(2 * _distance(one, other) for one, other in combinations(stretches, 2))

    def disagreements(self) -> list[tuple[float, float]]:
        """Return the observed and the expected disagreement of each label."""
        return [(self._observed_of(label), self._expected(label)) for label in range(len(self._units))]

    def alpha(self, label: int | None = None) -> float | None:
        """Return the coefficient of one label or of all; None where it is not defined."""
        chosen = self.disagreements() if label is None else [(self._observed_of(label), self._expected(label))]
        expected = sum(pair[1] for pair in chosen)
        return None if expected <= 0 else 1 - sum(pair[0] for pair in chosen) / expected

    def _observed_of(self, label: int) -> float:
        if not self._length:
            return 0.0
        return self._observed[label] / (self._layers * (self._layers - 1) * self._length**2)

    def _expected(self, label: int) -> float:
        units = np.array(self._units[label], float)
        if not len(units):
            return 0.0
        whole = np.repeat(np.array(self._whole_gaps[label], float), self._layers)
        gaps = np.sort(np.concatenate([np.array(self._gaps[label], float), whole]))
        among_units = (len(units) - 1) / 3 * (2 * units**3 - 3 * units**2 + units)
        first = np.searchsorted(gaps, units)
        room = np.append(np.cumsum(gaps[::-1])[::-1], 0.0)[first]
        in_gaps = units**2 * (room + (len(gaps) - first) * (1 - units))
        all_pairs = self._layers * self._length * (self._layers * self._length - 1) - (units * (units - 1)).sum()
        return 0.0 if all_pairs <= 0 else float(2 / self._length * (among_units + in_gaps).sum() / all_pairs)


def _gaps(intervals: Sequence[Interval], characters: int) -> list[int]:
    """Return the lengths of the gaps before, between and after ordered intervals."""
    edges = [0, *(edge for interval in intervals for edge in interval), characters]
    lengths = [edges[place + 1] - edges[place] for place in range(0, len(edges), 2)]
    return [length for length in lengths if length > 0]


def _distance(one: Sequence[Interval], other: Sequence[Interval]) -> float:
    """Return how far two layers of one label are apart: squares of what edges differ by, and of what meets a gap."""
    total = 0.0
    touched: set[Interval] = set()
    first = 0
    for start, end in one:
        while first < len(other) and other[first][1] <= start:
            first += 1
        place = first
        while place < len(other) and other[place][0] < end:
            there = other[place]
            total += (start - there[0]) ** 2 + (end - there[1]) ** 2
            touched.add(there)
            place += 1
        if place == first:
            total += (end - start) ** 2
    return total + sum((end - start) ** 2 for start, end in other if (start, end) not in touched)
