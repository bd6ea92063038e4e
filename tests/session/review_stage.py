"""A project under review: a lead, analysts with layers of their own, and spans put into them without a session each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from annotator.core.changes import ChangeSet, RowChange, deleted, made
from annotator.core.ids import derived_id, new_id
from annotator.core.records import (
    Annotation,
    Annotator,
    AttributeValue,
    Decision,
    Fragment,
    Layer,
    Record,
    Relation,
    Status,
)
from annotator.session.review_documents import ReviewCase
from annotator.session.review_queue import ReviewQueue
from annotator.session.session import Session
from annotator.session.verb import Outcome
from annotator.storage.repository import now
from tests.support import add_document

PLEDGE, CONDITION, WHOLE, CRITICISM, SIGNAL = (18, 45), (46, 67), (18, 68), (69, 114), (115, 151)
"""Places in the text of tests.support."""


class ReviewStage:
    """One document, and a layer for each name; what is put there is committed."""

    def __init__(self, session: Session, *names: str) -> None:
        self.session = session
        self.document = add_document(session).id
        self.codebook = session.queries.codebook()
        self.labels = {label.key: label.id for label in self.codebook.labels}
        self.layers: dict[str, str] = {}
        for name in names or ("A", "B"):
            self.join(name)

    def join(self, name: str, annotator: str | None = None) -> str:
        project = self.session.queries.project()
        person = Annotator(annotator or derived_id(project.id, name), f"Analyst {name}", role="analyst")
        layer = Layer(derived_id(person.id, "layer", project.round), "annotator", person.id, project.round)
        self.put(person, layer)
        self.layers[name] = layer.id
        return person.id

    def put(self, *records: Record) -> None:
        self.session.perform(lambda: Outcome(ChangeSet("Put", made(*records)), None, undoable=False))

    def change(self, *changes: RowChange) -> None:
        self.session.perform(lambda: Outcome(ChangeSet("Change", changes), None, undoable=False))

    def tag(
        self, layer: str, label: str, *fragments: Fragment, document: str | None = None, **values: Any
    ) -> Annotation:
        owner = next(one for one in self.session.queries.layers() if one.id == self.layers[layer])
        version = self.session.queries.project().codebook
        annotation = Annotation(
            new_id(),
            document or self.document,
            owner.id,
            self.labels[label],
            owner.annotator or "",
            version,
            now(),
            fragments,
        )
        rows = [self._value(annotation, key, value) for key, value in values.items()]
        self.put(annotation, *rows)
        return annotation

    def _value(self, annotation: Annotation, key: str, value: Any) -> AttributeValue:
        definition = self.codebook.attribute_by_key(key)
        identity = derived_id(annotation.id, "attribute", definition.id)
        return AttributeValue(identity, annotation.id, annotation.layer, definition.id, value)

    def relate(self, source: Annotation, kind: str, target: Annotation) -> Relation:
        relation = Relation(
            new_id(),
            source.document,
            source.layer,
            self.codebook.relation_by_key(kind).id,
            source.id,
            target.id,
            source.annotator,
            now(),
        )
        self.put(relation)
        return relation

    def delete(self, annotation: Annotation) -> None:
        values = self.session.reading.rows.where(AttributeValue, "annotation", annotation.id)
        self.change(*deleted(*values, annotation))

    def status(self, layer: str, status: str, document: str | None = None) -> None:
        where = document or self.document
        identity = derived_id(where, "status", self.layers[layer])
        before = self.session.reading.rows.get(Status, identity)
        self.change(RowChange(before, Status(identity, where, self.layers[layer], status)))

    def done(self) -> None:
        for layer in self.layers:
            self.status(layer, "done")

    @property
    def queue(self) -> ReviewQueue:
        return self.session.queries.review()

    def case(self, place: int = 0) -> ReviewCase:
        return self.queue.cases[place]

    def decision(self, place: int = 0) -> Decision:
        found = self.case(place).decision
        assert found is not None
        return found

    def decide(self, choice: str, place: int = 0, **details: Any) -> Decision:
        return self.session.review.decide(self.document, self.case(place).case.id, choice, **details)

    @property
    def gold(self) -> list[Annotation]:
        queue = self.queue
        found = self.session.reading.rows.where(Annotation, "layer", queue.gold)
        return sorted(found, key=lambda one: (one.start, one.end, one.label))

    def spans(self, annotations: Sequence[Annotation] | None = None) -> list[tuple[str, tuple[Fragment, ...]]]:
        keys = {identity: key for key, identity in self.labels.items()}
        return [(keys[one.label], one.fragments) for one in (self.gold if annotations is None else annotations)]

    def gold_values(self) -> list[dict[str, Any]]:
        values = self.session.queries.values([one.id for one in self.gold])
        return [values.get(one.id, {}) for one in self.gold]

    def gold_relations(self) -> list[Relation]:
        return self.session.reading.rows.where(Relation, "layer", self.queue.gold)
