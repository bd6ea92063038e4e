"""The values that a new span has from the beginning, by the defaults of its label's attributes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from annotator.core.codebook import Codebook
from annotator.core.inheritance import Inheritance
from annotator.core.records import Annotation, Document
from annotator.session.entity_names import EntityNames
from annotator.session.inherited import inheritance_of
from annotator.storage.repository import Repository


class Defaults:
    """The defaults of spans of one label. What a span inherits comes before a default."""

    def __init__(self, repository: Repository, codebook: Codebook, label_key: str) -> None:
        self._repository = repository
        self._codebook = codebook
        self._label_key = label_key
        self._attributes = [a for a in codebook.attributes_for(label_key) if a.default is not None]
        self._inherits = any(attribute.inherits for attribute in self._attributes)
        self._names = EntityNames(repository.rows)
        self._inheritances: dict[str, Inheritance] = {}

    def of(self, annotation: Annotation) -> Iterator[tuple[str, Any]]:
        """Yield (attribute key, value) for a span that is about to be stored."""
        inheritance = self._inheritance(annotation.document) if self._inherits else None
        inherited = inheritance.of(self._label_key, annotation.start) if inheritance else {}
        for attribute in self._attributes:
            if attribute.key not in inherited:
                yield attribute.key, attribute.default

    def _inheritance(self, document: str) -> Inheritance:
        if document not in self._inheritances:
            stored = self._repository.rows.get(Document, document)
            found = Inheritance(self._codebook, {})
            if stored is not None:
                found = inheritance_of(self._repository, self._codebook, stored, names=self._names)
            self._inheritances[document] = found
        return self._inheritances[document]
