"""What the spans of a document inherit, put together from the project's rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from annotator.core.codebook import Codebook
from annotator.core.inheritance import Inheritance, Turn, folded_name
from annotator.core.records import Alias, Document, DocumentValue, Entity
from annotator.storage.repository import Repository


def inheritance_of(
    repository: Repository,
    codebook: Codebook,
    document: Document,
    turns: Sequence[Turn] | None = None,
    names: Callable[[], Mapping[str, str]] | None = None,
) -> Inheritance:
    """Return what the spans of a document inherit.

    Args:
        repository: the project.
        codebook: the codebook in use.
        document: the document.
        turns: its speakers' turns; read from its structure where they are not given.
        names: returns what `entity_names` does, for callers that ask for many documents.
    """
    if not any(attribute.inherits for attribute in codebook.attributes):
        return Inheritance(codebook, {})
    if turns is None:
        turns = turns_in(json.loads(repository.blobs.get(document.structure)))
    values = document_values(repository, codebook, document.id)
    return Inheritance(codebook, values, turns, (names() if names else entity_names(repository)) if turns else {})


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


def entity_names(repository: Repository) -> dict[str, str]:
    """Return the names of the entities by the folded form of each name and alias; names come before aliases."""
    entities = sorted(repository.rows.all(Entity), key=lambda entity: (entity.name, entity.id))
    by_id = {entity.id: entity.name for entity in entities}
    names: dict[str, str] = {}
    for entity in entities:
        names.setdefault(folded_name(entity.name), entity.name)
    for alias in sorted(repository.rows.all(Alias), key=lambda alias: (alias.name, alias.id)):
        if alias.entity in by_id:
            names.setdefault(folded_name(alias.name), by_id[alias.entity])
    return names
