"""What the consistency check looks at, read from the project a portion of documents at a time."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from typing import Any

from annotator.analysis.consistency.facts import Book, LayerFacts
from annotator.core.codebook import Codebook
from annotator.core.inheritance import Inheritance
from annotator.core.records import Annotation, Document, Entity, Relation, Status, Unplaced
from annotator.session.codebook import codebook_in_use
from annotator.session.entity_names import EntityNames
from annotator.session.inherited import inheritance_of, turns_in
from annotator.session.rechecking import old_meanings
from annotator.storage.repository import Repository
from annotator.storage.sql import portions

PORTION = 50
"""Documents whose annotations are in memory at once."""


def book_of(repository: Repository) -> Book:
    """Return the codebook in use as the rules ask for it."""
    entities = {entity.id: entity.name for entity in repository.rows.all(Entity)}
    return Book(codebook_in_use(repository), old_meanings(repository), entities)


class FactsReader:
    """Reads what layers have in documents. Those without annotations or waiting spans are empty."""

    def __init__(self, repository: Repository, codebook: Codebook, layers: Collection[str]) -> None:
        self._repository = repository
        self._rows = repository.rows
        self._codebook = codebook
        self._layers = frozenset(layers)
        self._names = EntityNames(repository.rows)
        self._wants_turns = any(attribute.inherits == "turn" for attribute in codebook.attributes)

    def read(self, documents: Iterable[str]) -> Iterator[tuple[Document, list[LayerFacts]]]:
        """Yield each document that is there, with the layers that have something in it."""
        for portion in portions(documents, PORTION):
            yield from self._portion(portion)

    def _portion(self, ids: list[str]) -> Iterator[tuple[Document, list[LayerFacts]]]:
        documents = {document.id: document for document in self._rows.where_in(Document, "id", ids)}
        annotations = self._by_place(self._rows.where_in(Annotation, "document", ids))
        relations = self._by_place(self._rows.where_in(Relation, "document", ids))
        unplaced = self._by_place(self._rows.where_in(Unplaced, "document", ids))
        statuses = {(s.document, s.layer): s.status for s in self._rows.where_in(Status, "document", ids)}
        for identity in (one for one in ids if one in documents):
            places = sorted({place for found in (annotations, unplaced) for place in found if place[0] == identity})
            shared = self._shared(documents[identity]) if places else {}
            yield (
                documents[identity],
                [
                    LayerFacts(
                        **shared,
                        layer=place[1],
                        annotations=annotations.get(place, ()),
                        relations=relations.get(place, ()),
                        status=statuses.get(place, "new"),
                        unplaced=len(unplaced.get(place, ())),
                    )
                    for place in places
                ],
            )

    def _by_place(self, records: Iterable[Any]) -> dict[tuple[str, str], list[Any]]:
        """Return records by document and layer, those of other layers left out."""
        found: dict[tuple[str, str], list[Any]] = {}
        for record in records:
            if record.layer in self._layers:
                found.setdefault((record.document, record.layer), []).append(record)
        return found

    def _shared(self, document: Document) -> dict[str, Any]:
        """Return what all layers of a document have in common."""
        structure = json.loads(self._repository.blobs.get(document.structure))
        values = groupby(sorted(self._repository.lists.attribute_values(document.id)), key=lambda row: row[0])
        return {
            "document": document,
            "text": self._repository.blobs.text(document.text),
            "sentences": [(start, end) for start, end in structure["sentences"]],
            "values": {annotation: {row[1]: row[2] for row in rows} for annotation, rows in values},
            "inheritance": self._inheritance(document, structure),
        }

    def _inheritance(self, document: Document, structure: dict[str, Any]) -> Inheritance:
        turns = turns_in(structure) if self._wants_turns else ()
        return inheritance_of(self._repository, self._codebook, document, turns, self._names)
