"""The figures of agreement, from tallies: over everything, by label, by pair, by document, by month, with intervals.

Where and which are told apart. **Where** layers tag is `alpha_unitising`: labels play no part in it. **Which** label
they give is `alpha_labels` (with kappa): measured on units that at least two layers tagged, so that what one overlooked
does not count against the labels. The span F1s tell of both: exact and partial of where, strict and type of which too.

Untagged text cannot swamp a figure. Those on matched units and the F1s know nothing of text that nobody tagged.
`alpha_unitising` and `alpha_characters` set what layers share against what chance would let them share with as much
tagged text in a text of that length: when untagged text grows, both shares of disagreement shrink alike, and the figure
approaches a limit below one instead of one.

A figure that is not defined is None with a reason, never NaN. That holds where only one label was given too: nltk calls
alpha and kappa 1 there, although chance alone would agree as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from annotator.analysis.agreement import coefficients
from annotator.analysis.agreement.spans import SCHEMAS
from annotator.analysis.agreement.tallies import EVERY, Tallies

SAMPLES = 1000
SEED = 20_040_254
LEVEL = 0.95
_CELLS = 4_000_000
"""How many weights a batch of bootstrap samples holds at most."""

REASONS = {
    "one_layer": "There is only one layer; agreement needs two.",
    "no_documents": "No document was worked on in two of the layers.",
    "nothing_tagged": "Nobody tagged anything.",
    "nothing_matched": "No span of one layer matches one of another.",
    "nothing_matched_by_all": "No span was tagged by all of the layers.",
    "no_variation": "Only one value was given, so that chance alone would agree as well.",
    "no_relations": "There are no relations.",
}
"""Why a figure is not defined."""

FIGURES = (
    *("alpha_unitising", "alpha_labels", "alpha_characters", "cohen", "fleiss"),
    *(f"{part}_{schema}" for schema in SCHEMAS for part in ("f1", "precision", "recall")),
    "relations_f1",
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its bootstrap interval at 95 %, or None and why there is none (a key of REASONS)."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str = ""

    @property
    def interval(self) -> tuple[float, float] | None:
        """Return the ends of the interval, or None."""
        return None if self.low is None or self.high is None else (self.low, self.high)


Figures = Mapping[str, Figure]
"""The figures by name."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of some documents. `by_label` is by label id, `by_pair` by two layer ids, `by_document` by id.

    `spans` counts spans by layer and label, `confused` matched units by the labels of two layers.
    `alpha_u` is the unitising alpha of 2004 of all labels, `alpha_u_by_label` that of each.
    """

    layers: tuple[str, ...]
    documents: int
    overall: Figures
    by_label: Mapping[str, Figures] = field(default_factory=dict)
    by_pair: Mapping[tuple[str, str], Figures] = field(default_factory=dict)
    by_document: Mapping[str, Figures] = field(default_factory=dict)
    by_month: Mapping[str, Figures] = field(default_factory=dict)
    months: Mapping[str, int] = field(default_factory=dict)
    spans: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    document_spans: Mapping[str, int] = field(default_factory=dict)
    confused: Mapping[tuple[str, str], int] = field(default_factory=dict)
    alpha_u: float | None = None
    alpha_u_by_label: Mapping[str, float | None] = field(default_factory=dict)


Values = dict[str, np.ndarray]
"""Values by figure, in an array."""

Weigh = Callable[[np.ndarray], np.ndarray]
"""Turns rows of documents (documents, …) into rows of sums: of all, of each by itself, of samples, of months."""


def total(rows: np.ndarray) -> np.ndarray:
    """Return the sum over all documents, as one row."""
    return rows.sum(axis=0, keepdims=True)


def each(rows: np.ndarray) -> np.ndarray:
    """Return the sums of each document by itself."""
    return rows


def overall_values(tallies: Tallies, weigh: Weigh) -> Values:
    """Return the figures of all labels and layers for each row of what `weigh` returns."""
    found: Values = {
        "alpha_unitising": coefficients.unitising_alpha(weigh(tallies.where[:, EVERY])),
        "alpha_labels": coefficients.nominal_alpha(
            weigh(tallies.label_diagonal.sum(axis=-1)), weigh(tallies.label_values)
        ),
        "alpha_characters": coefficients.nominal_alpha(weigh(tallies.set_agreeing), weigh(tallies.set_values)),
        "cohen": _mean([_cohen(tallies, pair, weigh) for pair in range(len(tallies.pairs))]),
        "fleiss": coefficients.fleiss_kappa(
            weigh(tallies.fleiss_agreeing), weigh(tallies.fleiss_units), weigh(tallies.fleiss_values)
        ),
        "relations_f1": _relations(weigh(tallies.relations.sum(axis=0))),
    }
    return {**found, **_span_values(weigh(tallies.spans[:, :, EVERY].sum(axis=0)))}


def pair_values(tallies: Tallies, pair: int, weigh: Weigh) -> Values:
    """Return the figures that are defined for one pair of layers alone."""
    one, other = tallies.pair_one[pair], tallies.pair_other[pair]
    diagonal = tallies.pair_diagonal[pair].sum(axis=-1)
    return {
        "alpha_unitising": coefficients.unitising_alpha(weigh(tallies.pair_where[pair])),
        "alpha_labels": coefficients.nominal_alpha(2 * weigh(diagonal), weigh(one + other)),
        "cohen": _cohen(tallies, pair, weigh),
        **_span_values(weigh(tallies.spans[pair][:, EVERY])),
        "relations_f1": _relations(weigh(tallies.relations[pair])),
    }


def label_values(tallies: Tallies, label: int, weigh: Weigh) -> Values:
    """Return the figures of one label: its spans against gaps, and it against all other labels."""
    where = weigh(tallies.where[:, 1 + label])
    given, units = weigh(tallies.label_values[:, label]), weigh(tallies.label_values.sum(axis=-1))
    agreeing = 2 * weigh(tallies.label_diagonal[:, label]) + units - 2 * given
    kappas = [_label_cohen(tallies, pair, label, weigh) for pair in range(len(tallies.pairs))]
    return {
        "alpha_unitising": coefficients.unitising_alpha(where),
        "alpha_labels": coefficients.nominal_alpha(agreeing, _against_rest(given, units)),
        "alpha_characters": coefficients.character_alpha(where),
        "cohen": _mean(kappas),
        **_span_values(weigh(tallies.spans[:, :, 1 + label].sum(axis=0))),
    }


def _against_rest(given: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Return how often a label was given, and how often any other one."""
    return np.stack([given, of - given], axis=-1)


def _cohen(tallies: Tallies, pair: int, weigh: Weigh) -> np.ndarray:
    return coefficients.cohen_kappa(
        weigh(tallies.pair_diagonal[pair].sum(axis=-1)),
        weigh(tallies.pair_one[pair]),
        weigh(tallies.pair_other[pair]),
    )


def _label_cohen(tallies: Tallies, pair: int, label: int, weigh: Weigh) -> np.ndarray:
    units = weigh(tallies.pair_one[pair].sum(axis=-1))
    mine, theirs = weigh(tallies.pair_one[pair][:, label]), weigh(tallies.pair_other[pair][:, label])
    agreeing = 2 * weigh(tallies.pair_diagonal[pair][:, label]) + units - mine - theirs
    return coefficients.cohen_kappa(agreeing, _against_rest(mine, units), _against_rest(theirs, units))


def _span_values(sums: np.ndarray) -> Values:
    found: Values = {}
    for place, schema in enumerate(SCHEMAS):
        precision, recall, f1 = coefficients.precision_recall_f1(sums[..., place], sums[..., 4], sums[..., 5])
        found |= {f"f1_{schema}": f1, f"precision_{schema}": precision, f"recall_{schema}": recall}
    return found


def _relations(sums: np.ndarray) -> np.ndarray:
    return coefficients.precision_recall_f1(sums[..., 0], sums[..., 1], sums[..., 2])[2]


def _mean(values: Sequence[np.ndarray]) -> np.ndarray:
    """Return the mean of the values that are defined, row by row."""
    stacked = np.stack(values)
    defined = ~np.isnan(stacked)
    count = defined.sum(axis=0)
    summed = np.where(defined, stacked, 0.0).sum(axis=0)
    return np.divide(summed, count, out=np.full(count.shape, np.nan), where=count > 0)


Scope = tuple[str, int]
"""What figures are of: ("overall", 0), ("label", place) or ("pair", place)."""


def bootstrap(
    documents: int,
    scopes: Mapping[Scope, Callable[[Weigh], Values]],
    samples: int = SAMPLES,
    check: Callable[[int, int], None] = lambda done, of: None,
) -> dict[Scope, dict[str, tuple[float, float]]]:
    """Return intervals by figure: percentiles over samples of the documents, drawn with replacement.

    The draws are the same each time, and for all scopes. A figure has no interval where there is only one document, or
    where it is not defined in half of the samples.
    Source: B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap, 1993, ch. 13; whole documents are drawn since
    what stands in one document is not independent.
    """
    if documents < 2 or samples < 1:
        return {scope: {} for scope in scopes}
    generator = np.random.default_rng(SEED)
    drawn: dict[Scope, dict[str, list[np.ndarray]]] = {scope: {} for scope in scopes}
    share = np.full(documents, 1 / documents)
    batch = max(1, min(samples, _CELLS // documents))
    for begun in range(0, samples, batch):
        weights = generator.multinomial(documents, share, size=min(batch, samples - begun)).astype(float)
        for scope, values in scopes.items():
            check(begun, samples)
            for name, found in _at_once(values, weights).items():
                drawn[scope].setdefault(name, []).append(found)
    return {
        scope: {name: interval for name, parts in of.items() if (interval := _interval(parts, samples)) is not None}
        for scope, of in drawn.items()
    }


def _at_once(values: Callable[[Weigh], Values], weights: np.ndarray) -> Values:
    """Return the values for each row of weights, which are multiplied once with all that the values are made of.

    Weights are far larger than what they are multiplied with; going through them again and again takes the time.
    """
    columns: list[np.ndarray] = []

    def collect(rows: np.ndarray) -> np.ndarray:
        columns.append(rows.reshape(len(rows), -1))
        return total(rows)

    values(collect)
    sums = np.split(weights @ np.hstack(columns), np.cumsum([part.shape[1] for part in columns])[:-1], axis=1)
    following = iter(sums)
    return values(partial(_next_sums, following))


def _next_sums(following: Iterator[np.ndarray], rows: np.ndarray) -> np.ndarray:
    """Return the sums of rows that were collected in this order."""
    sums = next(following)
    return sums.reshape(len(sums), *rows.shape[1:])


def _interval(parts: Sequence[np.ndarray], samples: int) -> tuple[float, float] | None:
    found = np.concatenate(parts)
    found = found[~np.isnan(found)]
    if 2 * len(found) <= samples:
        return None
    low, high = np.quantile(found, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def measure(
    tallies: Tallies,
    *,
    samples: int = SAMPLES,
    check: Callable[[int, int], None] = lambda done, of: None,
) -> Measured:
    """Return every figure of what was counted, with intervals from so many bootstrap samples.

    `check` is told now and then how many samples are done of how many, and raises where the work should stop.
    """
    layers, labels = tallies.layers, tallies.labels
    if len(layers) < 2 or not tallies.documents:
        reason = "one_layer" if len(layers) < 2 else "no_documents"
        return Measured(tuple(layers), 0, {name: Figure(reason=reason) for name in FIGURES})
    scopes = _scopes(tallies)
    intervals = bootstrap(len(tallies.documents), scopes, samples, check)
    found = {
        scope: _figures(
            {name: float(array[0]) for name, array in values(total).items()},
            intervals[scope],
            _evidence(tallies, scope),
        )
        for scope, values in scopes.items()
    }
    older = tallies.older_unitising
    return Measured(
        layers=tuple(layers),
        documents=len(tallies.documents),
        overall=found["overall", 0],
        by_label={label: found["label", place] for place, label in enumerate(labels)},
        by_pair={(layers[i], layers[j]): found["pair", place] for place, (i, j) in enumerate(tallies.pairs)},
        by_document=_rows(tallies, [document.id for document in tallies.documents], each),
        spans={
            layer: {label: int(tallies.counts[i, :, k].sum()) for k, label in enumerate(labels)}
            for i, layer in enumerate(layers)
        },
        document_spans={
            document.id: int(count)
            for document, count in zip(tallies.documents, tallies.counts.sum(axis=(0, 2)), strict=True)
        },
        confused={(labels[one], labels[other]): count for (one, other), count in tallies.confused.items()},
        alpha_u=older.alpha(),
        alpha_u_by_label={label: older.alpha(place) for place, label in enumerate(labels)},
        **_over_time(tallies),
    )


def _scopes(tallies: Tallies) -> dict[Scope, Callable[[Weigh], Values]]:
    scopes: dict[Scope, Callable[[Weigh], Values]] = {("overall", 0): partial(overall_values, tallies)}
    for place in range(len(tallies.labels)):
        scopes["label", place] = partial(label_values, tallies, place)
    for place in range(len(tallies.pairs)):
        scopes["pair", place] = partial(pair_values, tallies, place)
    return scopes


class _Evidence(NamedTuple):
    """How many spans figures stand on, how many matched units, and how many that all layers tagged."""

    spans: float
    matched: float
    complete: float


def _evidence(tallies: Tallies, scope: Scope) -> _Evidence:
    kind, place = scope
    matched, complete = tallies.label_values.sum(), tallies.fleiss_units.sum()
    if kind == "label":
        return _Evidence(tallies.counts[:, :, place].sum(), matched, complete)
    if kind == "pair":
        matched = tallies.pair_one[place].sum()
        return _Evidence(tallies.spans[place][:, EVERY, 4:].sum(), matched, matched)
    return _Evidence(tallies.counts.sum(), matched, complete)


def _over_time(tallies: Tallies) -> dict[str, Any]:
    """Return the figures, and how many documents there are, by month; documents without one are left out."""
    months = sorted({document.month for document in tallies.documents} - {""})
    if not months:
        return {}
    rows = np.array([[document.month == month for document in tallies.documents] for month in months], float)
    counts = {month: int(row.sum()) for month, row in zip(months, rows, strict=True)}
    return {"by_month": _rows(tallies, months, partial(np.matmul, rows)), "months": counts}


def _rows(tallies: Tallies, names: Sequence[str], weigh: Weigh) -> dict[str, Figures]:
    """Return the figures of each row, without intervals, by the rows' names."""
    values = overall_values(tallies, weigh)
    spans = weigh(tallies.counts.sum(axis=(0, 2))).tolist()
    matched = weigh(tallies.label_values.sum(axis=-1)).tolist()
    evidence = map(_Evidence, spans, matched, weigh(tallies.fleiss_units).tolist())
    by_row = zip(*(array.tolist() for array in values.values()), strict=True)
    return {
        name: _figures(dict(zip(values, row, strict=True)), {}, known)
        for name, row, known in zip(names, by_row, evidence, strict=True)
    }


def _figures(values: Mapping[str, float], intervals: Mapping[str, tuple[float, float]], evidence: _Evidence) -> Figures:
    return {
        name: Figure(reason=_reason(name, evidence))
        if value != value  # NaN
        else Figure(value, *intervals.get(name, (None, None)))
        for name, value in values.items()
    }


def _reason(name: str, evidence: _Evidence) -> str:
    """Return why a figure is not defined."""
    if name == "relations_f1":
        return "no_relations"
    if not evidence.spans:
        return "nothing_tagged"
    if name in ("alpha_labels", "cohen", "fleiss") and not evidence.matched:
        return "nothing_matched"
    return "nothing_matched_by_all" if name == "fleiss" and not evidence.complete else "no_variation"
