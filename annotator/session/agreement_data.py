"""Figures of agreement as plain data, for the command line and for files: null where not defined, never NaN."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from annotator.analysis.agreement.figures import REASONS, Figure, Figures
from annotator.analysis.agreement.spans import SCHEMAS
from annotator.session.agreement import Agreement

ROWS = (
    ("alpha_unitising", "where", "Krippendorff's alpha for unitising: is anything tagged here"),
    ("f1_exact", "where", "F1 of spans, exact: the same edges"),
    ("f1_partial", "where", "F1 of spans, partial: an overlap counts one half"),
    ("alpha_labels", "which", "Krippendorff's alpha over labels of matched spans"),
    ("cohen", "which", "Cohen's kappa over labels of matched spans"),
    ("fleiss", "which", "Fleiss' kappa over spans that all layers have"),
    ("f1_type", "both", "F1 of spans, type: an overlap with the same label"),
    ("f1_strict", "both", "F1 of spans, strict: the same edges and label"),
    ("alpha_characters", "both", "Krippendorff's alpha over characters, by the set of their labels"),
    ("relations_f1", "relations", "F1 of relations"),
)
"""The figures in the order of a table: name, what they tell of, and in words."""


def as_data(agreement: Agreement) -> dict[str, Any]:
    """Return everything as JSON has it; figures are numbers or null, intervals and reasons stand beside them."""
    measured, keys = agreement.measured, {label.id: label.key for label in agreement.labels}
    used = {label for counts in measured.spans.values() for label, count in counts.items() if count}
    return {
        "documents": measured.documents,
        "layers": agreement.layer_names,
        **_main(measured.overall),
        "alpha_u": measured.alpha_u,
        "per_label": {
            keys[label]: {**_main(figures), "alpha_u": measured.alpha_u_by_label[label], **_beside(figures)}
            for label, figures in measured.by_label.items()
            if label in used
        },
        "round": agreement.round.name,
        **_beside(measured.overall),
        "pairs": [
            {"layers": [agreement.layer_name(one) for one in pair], **_main(figures), **_beside(figures)}
            for pair, figures in measured.by_pair.items()
        ],
        "per_document": [
            {"document": document, "title": agreement.titles[document], "spans": measured.document_spans[document]}
            | _main(figures)
            for document, figures in measured.by_document.items()
        ],
        "per_month": {
            month: {"documents": measured.months[month], **_main(figures)}
            for month, figures in measured.by_month.items()
        },
        "confused": [
            {"labels": [keys[one], keys[other]], "count": count}
            for (one, other), count in sorted(measured.confused.items(), key=lambda item: -item[1])
        ],
    }


def _main(figures: Figures) -> dict[str, Any]:
    return {
        "alpha_unitising": _value(figures, "alpha_unitising"),
        "alpha_labels": _value(figures, "alpha_labels"),
        "alpha_characters": _value(figures, "alpha_characters"),
        "kappa": {"cohen": _value(figures, "cohen"), "fleiss": _value(figures, "fleiss")},
        "f1": {schema: _value(figures, f"f1_{schema}") for schema in SCHEMAS},
        "relations_f1": _value(figures, "relations_f1"),
    }


def _value(figures: Figures, name: str) -> float | None:
    figure = figures.get(name)
    return None if figure is None else figure.value


def _beside(figures: Figures) -> dict[str, Any]:
    return {
        "intervals": {name: list(figure.interval) for name, figure in figures.items() if figure.interval is not None},
        "reasons": {name: REASONS[figure.reason] for name, figure in figures.items() if figure.reason},
        "precision": {schema: _value(figures, f"precision_{schema}") for schema in SCHEMAS},
        "recall": {schema: _value(figures, f"recall_{schema}") for schema in SCHEMAS},
    }


def as_lines(agreement: Agreement) -> Iterator[str]:
    """Yield the figures as a table for people."""
    measured = agreement.measured
    names = ", ".join(agreement.layer_names) or "none"
    yield f"Round {agreement.round.name} · layers: {names} · documents: {measured.documents}"
    if not measured.documents:
        yield REASONS[measured.overall["alpha_unitising"].reason]
        return
    yield ""
    for name, tells, words in ROWS:
        yield f"{tells:<9} {as_text(measured.overall[name]):<20} {words}"
    yield from _table("Label", {label.name: measured.by_label.get(label.id, {}) for label in agreement.labels})
    if len(agreement.layers) > 2:
        yield from _table("Pair", {agreement.pair_name(pair): figures for pair, figures in measured.by_pair.items()})
    for name, tells, _ in ROWS:
        figure = measured.overall[name]
        if figure.reason:
            yield f"{tells}: no {name}: {REASONS[figure.reason]}"


def _table(title: str, rows: Mapping[str, Figures]) -> Iterator[str]:
    names = ("alpha_unitising", "f1_strict", "f1_partial", "alpha_labels", "cohen")
    wide = max(len(row) for row in (title, *rows))
    yield ""
    yield f"{title:<{wide}}  {'where α':<20} {'F1 strict':<20} {'F1 partial':<20} {'which α':<20} κ"
    for row, figures in rows.items():
        cells = " ".join(f"{as_text(figures.get(name, Figure())):<20}" for name in names)
        yield f"{row:<{wide}}  {cells}".rstrip()
    yield ""


def as_text(figure: Figure) -> str:
    """Return a figure with its interval for a person, such as “0.83 [0.79, 0.87]”, or a dash."""
    if figure.value is None:
        return "–"
    value = f"{figure.value:.2f}"
    return value if figure.interval is None else f"{value} [{figure.interval[0]:.2f}, {figure.interval[1]:.2f}]"
