"""Documents as lists show them, and all that is needed to show one."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotator.core.coverage import merged
from annotator.core.inheritance import Inheritance, turns_of
from annotator.core.pages import PageLayout
from annotator.core.records import (
    Annotation,
    AttributeValue,
    Document,
    Entity,
    Fragment,
    Label,
    Note,
    ReadRange,
    Relation,
    Status,
)
from annotator.core.structure import Structure, decode_structure
from annotator.session.basic_queries import BasicQueries
from annotator.session.inherited import document_values, inheritance_of
from annotator.session.layouts import layout_of
from annotator.session.lineage import older_versions


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document as a list shows it: `status` is one's own, `spans` counts by label key over the layers one may see.

    `is_empty` says that one is done with it and has tagged nothing in it.
    """

    document: Document
    status: str
    spans: dict[str, int]
    is_empty: bool = False

    @property
    def span_count(self) -> int:
        """Return how many annotations the document has."""
        return sum(self.spans.values())


@dataclass(frozen=True, slots=True)
class DocumentContent:
    """All that is needed to show a document.

    `values` holds, by annotation id, the attribute values by key, entities by name; `notes` the note of each
    annotation or relation by its id; `document_values` what the document passes on to its spans, by key.
    """

    document: Document
    text: str
    structure: Structure
    annotations: list[Annotation]
    relations: list[Relation]
    values: dict[str, dict[str, Any]]
    notes: dict[str, str]
    status: str
    document_values: dict[str, Any]
    inheritance: Inheritance = field(compare=False)

    def quote(self, annotation: Annotation) -> str:
        """Return the text of the annotation's hull."""
        return self.text[annotation.start : annotation.end]


class DocumentQueries(BasicQueries):
    """What is shown of documents is what one may see."""

    def document_count(self) -> int:
        """Return how many documents there are."""
        return self._lists.document_count()

    def documents(self, *, after: Document | None = None, limit: int | None = None) -> list[DocumentRow]:
        """Return documents in the order in which they came, a page at a time by key where a limit is given."""
        key = None if after is None else (after.created, after.id)
        return self.document_rows(self._lists.document_ids(key, limit))

    def document_rows(self, ids: Sequence[str]) -> list[DocumentRow]:
        """Return the list rows of these documents, in this order; those gone or superseded are left out."""
        in_sight = self._lists.in_sight(ids)
        documents = {d.id: d for d in self._rows.where_in(Document, "id", ids) if d.id in in_sight}
        statuses = self._own_statuses(ids)
        counts, own = self._counts(ids)
        return [
            DocumentRow(
                documents[i],
                statuses.get(i, "new"),
                counts.get(i, {}),
                statuses.get(i) in ("done", "approved") and i not in own,
            )
            for i in ids
            if i in documents
        ]

    def _counts(self, ids: Sequence[str]) -> tuple[dict[str, dict[str, int]], set[str]]:
        """Return the numbers of spans by document and label key, and in which documents one has tagged anything."""
        labels = sorted(self._rows.all(Label), key=lambda label: label.position)
        keys = {label.id: label.key for label in labels}
        blank = dict.fromkeys(keys.values(), 0)
        counts = {i: dict(blank) for i in ids}
        visibility, own_layers = self.visibility(), self._session.own_layers(self._repository)
        own: set[str] = set()
        for document, layer, label, count in self._lists.layer_label_counts(ids):
            if layer in own_layers:
                own.add(document)
            if visibility.sees(layer):
                counts[document][keys[label]] += count
        return counts, own

    def _own_statuses(self, ids: Sequence[str]) -> dict[str, str]:
        return self._first_statuses(self._rows.where_in(Status, "document", ids))

    def _first_statuses(self, rows: Iterable[Status]) -> dict[str, str]:
        """Return the status of each document in the first of one's own layers that has one (layers.person_layers)."""
        own = self._session.own_layers(self._repository)
        found = {(row.document, row.layer): row.status for row in rows if row.layer in own}
        return {document: found[document, layer] for layer in reversed(own) for document, at in found if at == layer}

    def status_counts(self, documents: Collection[str] | None = None) -> dict[str, int]:
        """Return how many of the documents, or of all, have each status for oneself; those without one are new."""
        own = self._session.own_layers(self._repository)
        if documents is None and len(own) == 1:
            counts = {status: count for status, count in self._lists.status_counts(own[0]).items() if status != "new"}
            counts["new"] = self.document_count() - sum(counts.values())
            return counts
        known = self._first_statuses(self._rows.where_in(Status, "layer", own))
        wanted = self._lists.document_ids() if documents is None else documents
        return dict(Counter(known.get(i, "new") for i in wanted))

    def version(self, document: Document) -> int:
        """Return which version of its text a document is; the one that was imported is 1."""
        return 1 + len(older_versions(self._repository, document))

    def content(self, document: str) -> DocumentContent:
        """Return everything that is needed to show a document. Raises NotFoundError or ProjectFileError."""
        with self._repository.moment():
            return self._content(self.document(document))

    def _content(self, record: Document) -> DocumentContent:
        document = record.id
        visibility = self.visibility()
        annotations = self._rows.annotations(document, visibility.in_order())
        ids = [annotation.id for annotation in annotations]
        relations = [one for one in self._rows.where(Relation, "document", document) if visibility.sees(one.layer)]
        structure = decode_structure(json.loads(self._repository.blobs.get(record.structure)))
        return DocumentContent(
            record,
            self._repository.blobs.text(record.text),
            structure,
            annotations,
            relations,
            self.values(ids),
            {n.target: n.body for n in self._rows.where(Note, "document", document) if visibility.sees_note(n)},
            self._own_statuses([document]).get(document, "new"),
            self.document_values(document),
            self.inheritance(record, structure),
        )

    def document_values(self, document: str) -> dict[str, Any]:
        """Return a document's own values by attribute key, entities by name."""
        return document_values(self._repository, self.codebook(), document)

    def values(self, annotations: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Return attribute values by annotation id and attribute key, entities by name."""
        definitions = {d.id: d for d in self.codebook().attributes}
        records = self._rows.where_in(AttributeValue, "annotation", annotations)
        entities = {v.value for v in records if definitions[v.attribute].type == "entity"}
        names = {e.id: e.name for e in self._rows.where_in(Entity, "id", sorted(entities))}
        found: dict[str, dict[str, Any]] = defaultdict(dict)
        for value in records:
            definition = definitions[value.attribute]
            shown = names[value.value] if definition.type == "entity" else value.value
            found[value.annotation][definition.key] = shown
        return dict(found)

    def inheritance(self, document: Document, structure: Structure) -> Inheritance:
        """Return what the spans of a document inherit."""
        return inheritance_of(self._repository, self.codebook(), document, turns_of(structure.ranges))

    def pages(self, document: str, rest: float = 0.0) -> PageLayout:
        """Return where a document's words stand on its pages; without pages where it has none.

        `rest` is as in `read_pages`. Raises NotFoundError or ProjectFileError.
        """
        return layout_of(self._repository, self.document(document), rest) or PageLayout()

    def source(self, document: str) -> bytes:
        """Return the bytes of the file that a document was made of. Raises NotFoundError or ProjectFileError."""
        return self._repository.blobs.get(self.document(document).source)

    def read_ranges(self, document: str) -> list[Fragment]:
        """Return what one has marked as read in a document and holding nothing to tag, ordered and disjoint."""
        own = self._session.own_layers(self._repository)
        rows = self._rows.where(ReadRange, "document", document)
        return merged((row.start, row.end) for row in rows if row.layer in own)
