"""What a committed ChangeSet means for the table of all annotations."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.core.changes import ChangeSet
from annotator.core.corpus_query import CorpusFilter
from annotator.core.records import Annotation, AttributeValue, Note

_NAMES = ("label", "annotator", "round", "layer", "codebook", "project", "attribute_definition", "entity", "document")
_EVERYTHING = ("document", "document_value", "status", "round", "layer", "annotator", "label", "entity")


@dataclass(frozen=True, slots=True)
class Touched:
    """Ids of annotations; whether what there is to choose from changed; whether any row may have."""

    annotations: frozenset[str]
    names: bool
    everything: bool


def touched_by(changes: ChangeSet, wanted: CorpusFilter) -> Touched:
    """Return what a ChangeSet touches in the table that a filter lets through."""
    annotations = set()
    everything = False
    for change in changes.changes:
        record = change.record
        if isinstance(record, Annotation):
            annotations.add(record.id)
            everything |= wanted.needs_texts and change.before is None
        elif isinstance(record, AttributeValue):
            annotations.add(record.annotation)
        elif isinstance(record, Note) and record.kind == "annotation":
            annotations.add(record.target)
        elif record.table == "status":
            everything |= bool(wanted.statuses)
        elif record.table in _EVERYTHING:
            everything = True
    return Touched(frozenset(annotations), changes.touches(*_NAMES), everything)
