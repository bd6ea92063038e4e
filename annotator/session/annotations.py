"""Verbs on annotations: tag, relabel, resize, delete, describe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from annotator.core.changes import ChangeSet, RowChange, deleted, made
from annotator.core.codebook import Codebook, check_value
from annotator.core.errors import NotFoundError, RefusedError
from annotator.core.ids import derived_id, new_id
from annotator.core.records import (
    Annotation,
    AttributeDefinition,
    AttributeValue,
    Document,
    DocumentValue,
    Fragment,
    Label,
    Layer,
    Note,
    Project,
    Record,
    Relation,
    Status,
)
from annotator.core.spans import check_fragments
from annotator.core.text import is_storable
from annotator.session.bulk_tags import EXISTING, BulkTags, Place, Tagged, relabelled
from annotator.session.codebook import codebook_in_use
from annotator.session.defaults import Defaults
from annotator.session.entity_names import EntityNames
from annotator.session.layers import person_layers
from annotator.session.note_rows import note_change, note_on
from annotator.session.span_edits import merge_changes, split_changes
from annotator.session.verb import Outcome, Verbs, verb
from annotator.storage.repository import Repository, now

TITLE_LENGTH = 40


def shortened(text: str, length: int = TITLE_LENGTH) -> str:
    """Return the text on one line, cut at `length` code points, with a sign for NUL, which a document may hold."""
    line = " ".join(text.split()).replace("\0", "␀")
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
            attributes: values by attribute key; one that is not here gets its default, unless the span inherits one.
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
        if attributes or repository.lists.has_defaults():
            codebook = codebook_in_use(repository)
            given = {**dict(Defaults(repository, codebook, chosen.key).of(annotation)), **(attributes or {})}
            values = ValueWriter(repository, codebook)
            for key, value in given.items():
                changes += values.changes(annotation, chosen.key, key, value)
        if note:
            changes += note_change(repository, note_on(annotation, note, self.session.person.id))
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
    def tag_all(self, label: str, places: Sequence[Place], existing: str = "skip") -> Outcome[Tagged]:
        """Tag many places in one's own layer as one step.

        `existing`, one of `EXISTING`, is for places on whose very characters one has set another label. A place that
        has the label already stays. Raises NotFoundError, or RefusedError for a place outside its text.
        """
        repository = self.session.repository
        chosen = usable_label(repository, label)
        if existing not in EXISTING:
            raise RefusedError("“{word}” is none of: {known}.", word=existing, known=", ".join(EXISTING))
        bulk = BulkTags(repository, self.session.own_layers(repository), self.session.person.id, chosen.id)
        changes, tagged = bulk.changes(places, existing)
        if repository.lists.has_defaults():
            changes += self._defaults(chosen, [c.record for c in changes if c.before is None])
        title = f"Tag {tagged.made + tagged.relabelled} places as {chosen.name}"
        return Outcome(ChangeSet(title, tuple(changes)), tagged)

    @verb
    def relabel_all(self, annotations: Iterable[str], label: str) -> Outcome[int]:
        """Give many annotations another label as one step; returns how many had another one."""
        repository = self.session.repository
        chosen = usable_label(repository, label)
        records = repository.rows.where_in(Annotation, "id", dict.fromkeys(annotations))
        changes = relabelled(records, chosen.id, repository.rows.all(Project)[0].codebook)
        title = f"Relabel {len(changes)} spans as {chosen.name}"
        return Outcome(ChangeSet(title, tuple(changes)), len(changes))

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
        records = found_all(repository, Annotation, annotations, "annotation")
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
        values = ValueWriter(repository, codebook)
        changes = values.changes(record, label.key, key, value)
        title = f"Set {definition.name} of “{self._quote(record)}”"
        return Outcome(ChangeSet(title, tuple(changes)), values.known_as(definition, value))

    @verb
    def set_attributes(self, annotations: Iterable[str], key: str, value: Any) -> Outcome[int]:
        """Set an attribute of several annotations by key, or clear it with None; returns how many change.

        Raises UserError, changing nothing, where it does not fit one of them.
        """
        repository = self.session.repository
        records = found_all(repository, Annotation, annotations, "annotation")
        codebook = codebook_in_use(repository)
        definition = codebook.attribute_by_key(key)
        keys = {label.id: label.key for label in repository.rows.all(Label)}
        values = ValueWriter(repository, codebook)
        values.read_ahead([record.id for record in records])
        changes = [values.changes(record, keys[record.label], key, value) for record in records]
        title = f"Set {definition.name} of {len(records)} spans"
        if len(records) == 1:
            title = f"Set {definition.name} of “{self._quote(records[0])}”"
        count = sum(1 for change in changes if change)
        return Outcome(ChangeSet(title, tuple(chain.from_iterable(changes))), count)

    @verb
    def place(self, annotation: str, fragments: Sequence[Fragment]) -> Outcome[Annotation]:
        """Give an annotation of an older version its place in the newest one; `fragments` as in `tag`.

        Its attributes and note go along, and relations whose other end is there. Raises UserError where it does not
        wait for a place.
        """
        from annotator.session.unplaced import place_changes

        changes, moved = place_changes(self.session.repository, annotation, fragments)
        return Outcome(changes, moved)

    @verb
    def dismiss_moved(self, annotations: Iterable[str]) -> Outcome[int]:
        """Let annotations of older versions wait no longer for a place; returns how many.

        Raises RefusedError where one does not wait.
        """
        from annotator.session.unplaced import dismiss_changes

        changes, count = dismiss_changes(self.session.repository, annotations)
        return Outcome(changes, count)

    @verb
    def set_note(self, annotation: str, body: str) -> Outcome[None]:
        """Write an annotation's note, or remove it with empty text."""
        repository = self.session.repository
        record = found(repository, Annotation, annotation, "annotation")
        note = note_on(record, body, self.session.person.id)
        title = f"Note on “{self._quote(record)}”"
        return Outcome(ChangeSet(title, note_change(repository, note)), None)

    def _defaults(self, label: Label, records: Iterable[Record]) -> list[RowChange]:
        """Return the changes that give the new annotations among the records their defaults."""
        repository, codebook = self.session.repository, codebook_in_use(self.session.repository)
        new = [record for record in records if isinstance(record, Annotation)]
        defaults, values = Defaults(repository, codebook, label.key), ValueWriter(repository, codebook)
        values.read_ahead([annotation.id for annotation in new])
        return [
            change
            for annotation in new
            for key, value in defaults.of(annotation)
            for change in values.changes(annotation, label.key, key, value)
        ]

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
        self._names = EntityNames(repository.rows)
        self._read: dict[str, AttributeValue] | None = None

    def read_ahead(self, annotations: Iterable[str]) -> None:
        """Read at once what annotations have, before changes to them and to no others are asked for."""
        self._read = {value.id: value for value in self._rows.where_in(AttributeValue, "annotation", annotations)}

    def known_as(self, definition: AttributeDefinition, value: Any) -> Any:
        """Return a value as it is stored once its changes are, an entity by its name."""
        checked = check_value(definition, value)
        return self._names.name_of(checked) if definition.type == "entity" and checked is not None else checked

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
        identity = derived_id(annotation.id, "attribute", definition.id)
        stored, made_entity = self._stored(definition, check_value(definition, value))
        after = None
        if stored is not None:
            after = AttributeValue(identity, annotation.id, annotation.layer, definition.id, stored)
        before = self._rows.get(AttributeValue, identity) if self._read is None else self._read.get(identity)
        return [*made_entity, *_change(before, after)]

    def document_changes(self, document: str, key: str, value: Any) -> list[RowChange]:
        """Return the changes that set `key` for a document. Raises UserError where the value does not fit."""
        definition = self._codebook.attribute_by_key(key)
        if value is not None and (definition.retired or not definition.inherits):
            raise RefusedError(
                "“{attribute}” is not taken over from documents. These are: {known}.",
                attribute=definition.name,
                known=", ".join(a.key for a in self._codebook.attributes if a.inherits and not a.retired) or "none",
            )
        identity = derived_id(document, "value", definition.id)
        stored, made_entity = self._stored(definition, check_value(definition, value))
        after = None if stored is None else DocumentValue(identity, document, definition.id, stored)
        return [*made_entity, *_change(self._rows.get(DocumentValue, identity), after)]

    def _stored(self, definition: AttributeDefinition, value: Any) -> tuple[Any, tuple[RowChange, ...]]:
        if value is None or definition.type != "entity":
            return value, ()
        identity, new = self._names.found_or_new(value)
        return identity, made(new) if new is not None else ()


def _change(
    before: AttributeValue | DocumentValue | None, after: AttributeValue | DocumentValue | None
) -> list[RowChange]:
    return [RowChange(before, after)] if before != after else []


R = Any


def found(repository: Repository, record: type[R], identity: str, what: str) -> R:
    """Return the record with this id. Raises NotFoundError."""
    row = repository.rows.get(record, identity)
    if row is None:
        raise NotFoundError("There is no {what} “{id}” in this project.", what=what, id=identity)
    return row


def found_all(repository: Repository, record: type[R], identities: Iterable[str], what: str) -> list[R]:
    """Return the records with these ids, each once and in this order. Raises NotFoundError."""
    wanted = list(dict.fromkeys(identities))
    rows = {row.id: row for row in repository.rows.where_in(record, "id", wanted)}
    for identity in wanted:
        if identity not in rows:
            raise NotFoundError("There is no {what} “{id}” in this project.", what=what, id=identity)
    return [rows[identity] for identity in wanted]


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
    """Return the change that puts a new document in progress, or nothing.

    Whoever works under several ids may have begun it in another layer.
    """
    identity = derived_id(document, "status", layer)
    before = repository.rows.get(Status, identity)
    if before is not None and before.status != "new":
        return []
    if before is None and _is_begun_elsewhere(repository, document, layer):
        return []
    return [RowChange(before, Status(identity, document, layer, "in_progress"))]


def _is_begun_elsewhere(repository: Repository, document: str, layer: str) -> bool:
    record = repository.rows.get(Layer, layer)
    if record is None or record.annotator is None:
        return False
    layers = person_layers(repository, record.annotator, record.round)
    ids = [derived_id(document, "status", other.id) for other in layers if other.id != layer]
    return any(row.status != "new" for row in repository.rows.where_in(Status, "id", ids))


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
