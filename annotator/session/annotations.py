"""Verbs on annotations: tag, relabel, resize, delete, describe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from annotator.core.changes import ChangeSet, RowChange, deleted, made
from annotator.core.codebook import Codebook, check_value
from annotator.core.errors import NotFoundError, RefusedError
from annotator.core.ids import derived_id, new_id
from annotator.core.records import (
    Alias,
    Annotation,
    AttributeDefinition,
    AttributeValue,
    Document,
    Entity,
    Fragment,
    Label,
    Note,
    Project,
    Relation,
    Status,
)
from annotator.core.spans import check_fragments
from annotator.core.text import is_storable
from annotator.session.codebook import codebook_in_use
from annotator.session.span_edits import merge_changes, split_changes
from annotator.session.verb import Outcome, Verbs, verb
from annotator.storage.repository import Repository, now

TITLE_LENGTH = 40


def shortened(text: str, length: int = TITLE_LENGTH) -> str:
    """Return the text on one line, cut at `length` code points."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


class Annotations(Verbs):
    """Every verb takes ids, checks them, and refuses with a sentence."""

    @verb
    def tag(
        self,
        document: str,
        label: str,
        fragments: Sequence[Fragment],
        attributes: Mapping[str, Any] | None = None,
        note: str = "",
    ) -> Outcome[Annotation]:
        """Put a label on a span, in one's own layer.

        Args:
            document: the document's id.
            label: the label's id.
            fragments: ordered, disjoint `[start, end)` pairs in code points.
            attributes: values by attribute key.
            note: a remark, or nothing.

        Raises:
            UserError: a span outside the text or empty, a label that is missing or retired, a value that does not fit.
        """
        repository = self.session.repository
        stored = found(repository, Document, document, "document")
        chosen = usable_label(repository, label)
        check_fragments(fragments, stored.characters)
        project = repository.rows.all(Project)[0]
        annotation = Annotation(
            new_id(),
            document,
            self.session.own_layer(repository).id,
            chosen.id,
            self.session.person.id,
            project.codebook,
            now(),
            tuple((start, end) for start, end in fragments),
        )
        changes = [*made(annotation), *started(repository, document, annotation.layer)]
        if attributes:
            values = ValueWriter(repository, codebook_in_use(repository))
            for key, value in attributes.items():
                changes += values.changes(annotation, chosen.key, key, value)
        if note:
            changes += made(self._note(annotation, note))
        title = f"Tag “{quote(repository, stored, annotation)}” as {chosen.name}"
        return Outcome(ChangeSet(title, tuple(changes)), annotation)

    @verb
    def relabel(self, annotation: str, label: str) -> Outcome[Annotation]:
        """Give an annotation another label; its attributes, note and relations stay."""
        repository = self.session.repository
        before = found(repository, Annotation, annotation, "annotation")
        chosen = usable_label(repository, label)
        after = replace(before, label=chosen.id, codebook=repository.rows.all(Project)[0].codebook)
        if before.label == after.label:
            return Outcome(ChangeSet("", ()), before)
        title = f"Relabel “{self._quote(before)}” as {chosen.name}"
        return Outcome(ChangeSet(title, (RowChange(before, after),)), after)

    @verb
    def resize(self, annotation: str, fragments: Sequence[Fragment]) -> Outcome[Annotation]:
        """Move an annotation's edges; `fragments` as in `tag`."""
        repository = self.session.repository
        before = found(repository, Annotation, annotation, "annotation")
        document = found(repository, Document, before.document, "document")
        check_fragments(fragments, document.characters)
        after = replace(before, fragments=tuple((start, end) for start, end in fragments))
        if before == after:
            return Outcome(ChangeSet("", ()), before)
        title = f"Resize to “{quote(repository, document, after)}”"
        return Outcome(ChangeSet(title, (RowChange(before, after),)), after)

    @verb
    def split(self, annotation: str, at: int) -> Outcome[tuple[Annotation, Annotation]]:
        """Cut an annotation in two at a code point inside it; the second has the same attributes.

        Raises RefusedError where nothing but white space would be left on a side.
        """
        repository = self.session.repository
        record = found(repository, Annotation, annotation, "annotation")
        changes, parts = split_changes(repository, record, self._text(record), at)
        return Outcome(ChangeSet(f"Split “{self._quote(record)}”", tuple(changes)), parts)

    @verb
    def merge(self, annotations: Sequence[str]) -> Outcome[Annotation]:
        """Make several annotations of one label one, with all that hangs on them; the first in the text stays.

        Raises RefusedError where they differ in document, layer or label, or are fewer than two.
        """
        repository = self.session.repository
        records = [found(repository, Annotation, identity, "annotation") for identity in dict.fromkeys(annotations)]
        text = self._text(records[0]) if records else ""
        changes, kept = merge_changes(repository, records, text)
        return Outcome(ChangeSet(f"Merge into “{self._quote(kept)}”", tuple(changes)), kept)

    @verb
    def delete(self, annotations: Iterable[str]) -> Outcome[int]:
        """Delete annotations with their attributes, notes and relations; returns how many."""
        repository = self.session.repository
        records = [found(repository, Annotation, identity, "annotation") for identity in dict.fromkeys(annotations)]
        if not records:
            return Outcome(ChangeSet("", ()), 0)
        changes = delete_annotations(repository, records)
        label = repository.rows.get(Label, records[0].label)
        title = f"Delete {len(records)} spans"
        if len(records) == 1:
            title = f"Delete {label.name if label else 'span'} “{self._quote(records[0])}”"
        return Outcome(ChangeSet(title, tuple(changes)), len(records))

    @verb
    def set_attribute(self, annotation: str, key: str, value: Any) -> Outcome[Any]:
        """Set an attribute by key, or clear it with None; returns the value as stored (an entity by name)."""
        repository = self.session.repository
        record = found(repository, Annotation, annotation, "annotation")
        codebook = codebook_in_use(repository)
        label = found(repository, Label, record.label, "label")
        definition = codebook.attribute_by_key(key)
        changes = ValueWriter(repository, codebook).changes(record, label.key, key, value)
        title = f"Set {definition.name} of “{self._quote(record)}”"
        return Outcome(ChangeSet(title, tuple(changes)), check_value(definition, value))

    @verb
    def set_note(self, annotation: str, body: str) -> Outcome[None]:
        """Write an annotation's note, or remove it with empty text."""
        repository = self.session.repository
        record = found(repository, Annotation, annotation, "annotation")
        before = repository.rows.get(Note, derived_id(annotation, "note"))
        body = body.strip()
        refuse_unstorable(body)
        if (before.body if before else "") == body:
            return Outcome(ChangeSet("", ()), None)
        after = None
        if body:
            after = replace(before, body=body) if before else self._note(record, body)
        title = f"Note on “{self._quote(record)}”"
        return Outcome(ChangeSet(title, (RowChange(before, after),)), None)

    def _note(self, annotation: Annotation, body: str) -> Note:
        refuse_unstorable(body)
        return Note(
            derived_id(annotation.id, "note"),
            "annotation",
            annotation.id,
            annotation.document,
            annotation.layer,
            self.session.person.id,
            now(),
            body,
        )

    def _text(self, annotation: Annotation) -> str:
        repository = self.session.repository
        return repository.blobs.text(found(repository, Document, annotation.document, "document").text)

    def _quote(self, annotation: Annotation) -> str:
        repository = self.session.repository
        return quote(repository, found(repository, Document, annotation.document, "document"), annotation)


class ValueWriter:
    """Makes the changes that set attribute values, finding or making the entities that they name."""

    def __init__(self, repository: Repository, codebook: Codebook) -> None:
        self._rows = repository.rows
        self._codebook = codebook
        self._fresh: dict[str, str] = {}

    def changes(self, annotation: Annotation, label_key: str, key: str, value: Any) -> list[RowChange]:
        """Return the changes that set `key` on the annotation. Raises UserError where the value does not fit."""
        definition = self._codebook.attribute_by_key(key)
        if value is not None and definition not in self._codebook.attributes_for(label_key):
            raise RefusedError(
                "“{attribute}” is not an attribute of {label}. It has: {known}.",
                attribute=definition.name,
                label=self._codebook.label_by_key(label_key).name,
                known=", ".join(attribute.key for attribute in self._codebook.attributes_for(label_key)),
            )
        checked = check_value(definition, value)
        identity = derived_id(annotation.id, "attribute", definition.id)
        before = self._rows.get(AttributeValue, identity)
        if checked is None:
            return list(deleted(before)) if before else []
        stored, made_entity = self._stored(definition, checked)
        after = AttributeValue(identity, annotation.id, annotation.layer, definition.id, stored)
        return [*made_entity, RowChange(before, after)] if before != after else []

    def _stored(self, definition: AttributeDefinition, value: Any) -> tuple[Any, tuple[RowChange, ...]]:
        if definition.type != "entity":
            return value, ()
        if value in self._fresh:
            return self._fresh[value], ()
        known = self._rows.where(Entity, "name", value)
        if known:
            return known[0].id, ()
        aliases = self._rows.where(Alias, "name", value)
        if aliases:
            return aliases[0].entity, ()
        entity = Entity(new_id(), value)
        self._fresh[value] = entity.id
        return entity.id, made(entity)


R = Any


def found(repository: Repository, record: type[R], identity: str, what: str) -> R:
    """Return the record with this id. Raises NotFoundError."""
    row = repository.rows.get(record, identity)
    if row is None:
        raise NotFoundError("There is no {what} “{id}” in this project.", what=what, id=identity)
    return row


def usable_label(repository: Repository, identity: str) -> Label:
    """Return the label. Raises NotFoundError or, where it is retired, RefusedError."""
    label = found(repository, Label, identity, "label")
    if label.retired:
        raise RefusedError("The label “{label}” is retired. Choose another.", label=label.name)
    return label


def refuse_unstorable(text: str) -> None:
    """Raise RefusedError where text other than a document's holds NUL or half a character (a lone surrogate)."""
    if not is_storable(text):
        raise RefusedError("The text holds a NUL or half a character. Take it out.")


def started(repository: Repository, document: str, layer: str) -> list[RowChange]:
    """Return the change that puts a new document in progress, or nothing."""
    identity = derived_id(document, "status", layer)
    before = repository.rows.get(Status, identity)
    if before is not None and before.status != "new":
        return []
    return [RowChange(before, Status(identity, document, layer, "in_progress"))]


def delete_annotations(repository: Repository, records: Sequence[Annotation]) -> list[RowChange]:
    """Return the changes that delete annotations and what hangs on them."""
    rows = repository.rows
    ids = [record.id for record in records]
    relations = {
        relation.id: relation for column in ("source", "target") for relation in rows.where_in(Relation, column, ids)
    }
    notes = rows.where_in(Note, "target", [*ids, *relations])
    values = rows.where_in(AttributeValue, "annotation", ids)
    return list(deleted(*notes, *relations.values(), *values, *records))


def quote(repository: Repository, document: Document, annotation: Annotation) -> str:
    """Return the annotation's text for a title, shortened."""
    text = repository.blobs.text(document.text)
    return shortened(text[annotation.start : annotation.end])
