"""What the spans of a document inherit, put together from the project's rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from annotator.core.codebook import Codebook
from annotator.core.inheritance import Inheritance, Turn
from annotator.core.records import Document, DocumentValue, Entity
from annotator.session.entity_names import EntityNames
from annotator.storage.repository import Repository


def inheritance_of(
    repository: Repository,
    codebook: Codebook,
    document: Document,
    turns: Sequence[Turn] | None = None,
    names: EntityNames | None = None,
) -> Inheritance:
    """Return what the spans of a document inherit.

    Args:
        repository: the project.
        codebook: the codebook in use.
        document: the document.
        turns: its speakers' turns; read from its structure where they are not given.
        names: the names of the entities, for callers that ask for many documents.
    """
    if not any(attribute.inherits for attribute in codebook.attributes):
        return Inheritance(codebook, {})
    if turns is None:
        turns = turns_in(json.loads(repository.blobs.get(document.structure)))
    values = document_values(repository, codebook, document.id)
    return Inheritance(codebook, values, turns, (names or EntityNames(repository.rows)).name_of)


def turns_in(structure: dict[str, Any]) -> list[Turn]:
    """Return the speakers' turns in a structure as it is stored: parsed JSON of core.structure."""
    return [
        (start, end, str(data["speaker"]))
        for kind, start, end, _, data in structure["ranges"]
        if kind == "speaker" and data.get("speaker")
    ]


def document_values(repository: Repository, codebook: Codebook, document: str) -> dict[str, Any]:
    """Return a document's own values by attribute key, entities by name."""
    records = repository.rows.where(DocumentValue, "document", document)
    definitions = {attribute.id: attribute for attribute in codebook.attributes}
    entities = [r.value for r in records if definitions[r.attribute].type == "entity"]
    names = {entity.id: entity.name for entity in repository.rows.where_in(Entity, "id", sorted(entities))}
    found = {}
    for record in records:
        definition = definitions[record.attribute]
        found[definition.key] = names[record.value] if definition.type == "entity" else record.value
    return found
