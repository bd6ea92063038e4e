"""Rules on labels: out of use, defined anew, set twice; and on a document that is done too early."""

from __future__ import annotations

from collections.abc import Iterator

from annotator.analysis.consistency.facts import Book, Finding, LayerFacts
from annotator.core.records import Annotation, Fragment

_Twin = tuple[str, tuple[Fragment, ...]]


def check_duplicates(facts: LayerFacts, _book: Book) -> Iterator[Finding]:
    """Find spans that have label and characters of another one; the one with the smallest id is not a finding.

    Where the two say different things by an attribute, merging would lose one: then there is no quick fix.
    """
    kept: dict[_Twin, Annotation] = {}
    for annotation in sorted(facts.annotations, key=lambda one: one.id):
        first = kept.setdefault((annotation.label, annotation.fragments), annotation)
        if first is annotation:
            continue
        if _contradict(facts, first, annotation):
            template = "The same characters have this label twice, with different attributes."
            yield facts.finding("duplicate", annotation, template)
        else:
            template = "The same characters have this label twice."
            yield facts.finding("duplicate", annotation, template, fix="merge", argument=first.id)


def _contradict(facts: LayerFacts, one: Annotation, other: Annotation) -> bool:
    mine, theirs = facts.values.get(one.id, {}), facts.values.get(other.id, {})
    return any(mine[attribute] != theirs[attribute] for attribute in mine.keys() & theirs.keys())


def check_retired(facts: LayerFacts, book: Book) -> Iterator[Finding]:
    """Find spans whose label is out of use."""
    for annotation in facts.annotations:
        label = book.labels.get(annotation.label)
        if label is None or not label.retired:
            continue
        above = book.labels.get(label.parent or "")
        usable = {"fix": "parent", "argument": above.id} if above is not None and not above.retired else {}
        template = "The label {label} is out of use. Give the span another one."
        yield facts.finding("retired_label", annotation, template, label=label.name, **usable)


def check_definitions(facts: LayerFacts, book: Book) -> Iterator[Finding]:
    """Find spans that were tagged under another definition."""
    for annotation in facts.annotations:
        label = book.labels.get(annotation.label)
        if label is None or label.retired or annotation.codebook not in book.changed.get(annotation.label, ()):
            continue
        template = "The definition of {label} was changed since. Say that the span still fits, or change it."
        yield facts.finding("definition_changed", annotation, template, label=label.name, fix="confirm")


def check_done(facts: LayerFacts, _book: Book) -> Iterator[Finding]:
    """Find a document that is done although spans wait for a place in it."""
    if facts.unplaced and facts.status in ("done", "approved"):
        template = "The document is done, but 1 span of an earlier version waits for a place."
        if facts.unplaced > 1:
            template = "The document is done, but {count} spans of an earlier version wait for a place."
        fields = {"count": facts.unplaced}
        yield Finding(
            "done_unplaced", facts.document.id, facts.layer, None, template, fields, title=facts.document.title
        )
