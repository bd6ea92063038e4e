"""All rules on one document and layer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from annotator.analysis.consistency.edges import check_edges, check_marks, check_spaces
from annotator.analysis.consistency.facts import Book, Finding, LayerFacts
from annotator.analysis.consistency.labels import check_definitions, check_done, check_duplicates, check_retired
from annotator.analysis.consistency.links import check_relations, check_unlinked
from annotator.analysis.consistency.values import check_foreign, check_required, check_speakers, check_unknown

Check = Callable[[LayerFacts, Book], Iterator[Finding]]

CHECKS: Mapping[str, Check] = {
    "unlinked": check_unlinked,
    "no_speaker": check_speakers,
    "required_missing": check_required,
    "inside_word": check_edges,
    "edge_spaces": check_spaces,
    "only_marks": check_marks,
    "duplicate": check_duplicates,
    "retired_label": check_retired,
    "definition_changed": check_definitions,
    "relation_ends": check_relations,
    "unknown_value": check_unknown,
    "foreign_attribute": check_foreign,
    "done_unplaced": check_done,
}
"""The rules that look at one document and layer alone; `repeats` has those that compare documents."""


def check_layer(facts: LayerFacts, book: Book, rules: Collection[str]) -> Iterator[Finding]:
    """Yield what the rules find in one layer of one document, rule by rule."""
    for rule, check in CHECKS.items():
        if rule in rules:
            yield from check(facts, book)
