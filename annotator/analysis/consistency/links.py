"""Rules on relations: missing where a label needs one, and not allowed."""

from __future__ import annotations

from collections.abc import Iterator

from annotator.analysis.consistency.facts import Book, Finding, LayerFacts
from annotator.core.records import Annotation, RelationType


def check_unlinked(facts: LayerFacts, book: Book) -> Iterator[Finding]:
    """Find spans whose label says something of another span (see `Book.dependent`) and that lead to none.

    Where one span in the sentence alone could be meant, linking to it is the quick fix.
    """
    linked = {(relation.type, relation.source) for relation in facts.relations}
    for annotation in facts.annotations:
        for relation_type in book.dependent.get(annotation.label, ()):
            if (relation_type.id, annotation.id) in linked:
                continue
            target = _only_target(facts, book, annotation, relation_type)
            usable = {"fix": "link", "argument": target} if target else {}
            label = book.labels[annotation.label].name
            template = "This {label} leads to nothing by the relation “{relation_type}”."
            more = {"label": label, "relation_type": relation_type.name}
            yield facts.finding("unlinked", annotation, template, **more, **usable)


def _only_target(facts: LayerFacts, book: Book, annotation: Annotation, relation_type: RelationType) -> str | None:
    beside = facts.by_sentence[facts.sentence_at(annotation.start)]
    found = [one.id for one in beside if _may_lead(book, relation_type, annotation, one)]
    return found[0] if len(found) == 1 else None


def _may_lead(book: Book, relation_type: RelationType, source: Annotation, target: Annotation) -> bool:
    label = book.labels.get(target.label)
    if target.id == source.id or label is None or label.retired:
        return False
    return book.allows(relation_type.id, source.label, target.label)


def check_relations(facts: LayerFacts, book: Book) -> Iterator[Finding]:
    """Find relations that the codebook does not allow; turning one round is the quick fix where that helps."""
    there = {(relation.type, relation.source, relation.target) for relation in facts.relations}
    for relation in facts.relations:
        source, target = facts.by_id.get(relation.source), facts.by_id.get(relation.target)
        kind = book.relations.get(relation.type)
        if source is None or target is None or kind is None:
            continue
        if source.label not in book.labels or target.label not in book.labels:
            continue
        if not kind.retired and book.allows(kind.id, source.label, target.label):
            continue
        template = "The relation “{relation_type}” may not lead from {source} to {target}."
        if kind.retired:
            template = "The relation “{relation_type}” is out of use."
        turned = (relation.type, relation.target, relation.source)
        helps = not kind.retired and turned not in there and book.allows(kind.id, target.label, source.label)
        yield facts.finding(
            "relation_ends",
            source,
            template,
            relation_type=kind.name,
            source=book.labels[source.label].name,
            target=book.labels[target.label].name,
            relation=relation.id,
            fix="turn" if helps else "unrelate",
        )
