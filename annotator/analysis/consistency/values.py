"""Rules on attributes: missing, unknown, or not the label's."""

from __future__ import annotations

import json
from collections.abc import Iterator

from annotator.analysis.consistency.facts import Book, Finding, LayerFacts
from annotator.core.attribute_values import check_value
from annotator.core.errors import UserError
from annotator.core.records import Annotation, AttributeDefinition


def check_speakers(facts: LayerFacts, book: Book) -> Iterator[Finding]:
    """Find spans that nobody says: they have no speaker of their own and inherit none.

    Where all others in the sentence have the same speaker, that is the quick fix.
    """
    for annotation in facts.annotations:
        attribute = book.speaker_of(annotation.label)
        if attribute is None or not _is_missing(facts, book, annotation, attribute):
            continue
        speaker = _speaker_beside(facts, book, annotation, attribute)
        usable = {"fix": "speaker", "argument": speaker} if speaker else {}
        label = book.labels[annotation.label].name
        yield facts.finding("no_speaker", annotation, "This {label} has no speaker.", label=label, **usable)


def _is_missing(facts: LayerFacts, book: Book, annotation: Annotation, attribute: AttributeDefinition) -> bool:
    if attribute.id in facts.values.get(annotation.id, ()):
        return False
    return not attribute.inherits or attribute.key not in facts.inherited(book, annotation)


def _speaker_beside(
    facts: LayerFacts, book: Book, annotation: Annotation, attribute: AttributeDefinition
) -> str | None:
    """Return the id of the one entity that speaks in the sentence, or None where there are none or several."""
    beside = facts.by_sentence[facts.sentence_at(annotation.start)]
    found = {facts.value(one.id, attribute.id) for one in beside} - {None}
    only = found.pop() if len(found) == 1 else None
    return only if only in book.entities else None


def check_required(facts: LayerFacts, book: Book) -> Iterator[Finding]:
    """Find spans without a value that the codebook requires, one finding for each attribute."""
    for annotation in facts.annotations:
        for attribute in book.required.get(annotation.label, ()):
            if not _is_missing(facts, book, annotation, attribute):
                continue
            template = "The attribute {attribute} is required and has no value."
            usable = {"fix": "default", "argument": attribute.id} if attribute.default is not None else {}
            yield facts.finding("required_missing", annotation, template, attribute=attribute.name, **usable)


def check_unknown(facts: LayerFacts, book: Book) -> Iterator[Finding]:
    """Find values that their attribute does not take."""
    for annotation in facts.annotations:
        own = book.attribute_ids(annotation.label)
        for identity, stored in facts.values.get(annotation.id, {}).items():
            if identity not in own or is_known(book, identity, stored):
                continue
            attribute = book.attributes[identity]
            template = "The attribute {attribute} has the value “{value}”, which the codebook does not know."
            value = json.loads(stored)
            shown = value if isinstance(value, str) else stored
            yield facts.finding(
                "unknown_value",
                annotation,
                template,
                attribute=attribute.name,
                value=shown[:80],
                fix="clear",
                argument=identity,
            )


def is_known(book: Book, attribute: str, stored: str) -> bool:
    """Say whether an attribute, by id, takes a value, as JSON text."""
    known = book.known_values.get((attribute, stored))
    if known is None:
        known = book.known_values[attribute, stored] = _fits(book, book.attributes[attribute], stored)
    return known


def _fits(book: Book, attribute: AttributeDefinition, stored: str) -> bool:
    value = json.loads(stored)
    if attribute.type == "entity":
        return not book.entities or value in book.entities
    try:
        return check_value(attribute, value) == value
    except UserError:
        return False


def check_foreign(facts: LayerFacts, book: Book) -> Iterator[Finding]:
    """Find values of attributes that the label does not have, as after another label was set."""
    for annotation in facts.annotations:
        values = facts.values.get(annotation.id)
        label = book.labels.get(annotation.label)
        if not values or label is None or values.keys() <= book.attribute_ids(annotation.label):
            continue
        for identity in sorted(values.keys() - book.attribute_ids(annotation.label)):
            attribute = book.attributes.get(identity)
            if attribute is None:
                continue
            template = "The label {label} does not have the attribute {attribute}, but the span has a value of it."
            if attribute.retired:
                template = "The attribute {attribute} is out of use, but the span has a value of it."
            yield facts.finding(
                "foreign_attribute",
                annotation,
                template,
                label=label.name,
                attribute=attribute.name,
                fix="clear",
                argument=identity,
            )
