"""Which row names which other row. A row whose parent is gone cannot be shown, whoever made it.

How to add a reference: a field of a record that holds the id of a row goes into `_FIELDS`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

_FIELDS: dict[str, tuple[tuple[str, str], ...]] = {
    "project": (("codebook", "codebook"), ("round", "round")),
    "annotator": (("same_as", "annotator"),),
    "label": (("parent", "label"),),
    "alias": (("entity", "entity"),),
    "document": (("supersedes", "document"),),
    "document_value": (("document", "document"), ("attribute", "attribute_definition")),
    "layer": (("annotator", "annotator"), ("round", "round")),
    "annotation": (
        ("document", "document"),
        ("layer", "layer"),
        ("label", "label"),
        ("annotator", "annotator"),
        ("codebook", "codebook"),
    ),
    "attribute_value": (("annotation", "annotation"), ("layer", "layer"), ("attribute", "attribute_definition")),
    "relation": (
        ("document", "document"),
        ("layer", "layer"),
        ("type", "relation_type"),
        ("source", "annotation"),
        ("target", "annotation"),
        ("annotator", "annotator"),
    ),
    "note": (("document", "document"), ("layer", "layer"), ("annotator", "annotator")),
    "status": (("document", "document"), ("layer", "layer")),
    "read_range": (("document", "document"), ("layer", "layer")),
    "saved_search": (("annotator", "annotator"),),
    "unplaced": (("document", "document"), ("layer", "layer"), ("annotation", "annotation")),
    "assignment": (("round", "round"), ("document", "document"), ("annotator", "annotator")),
    "decision": (
        ("document", "document"),
        ("layer", "layer"),
        ("annotator", "annotator"),
        ("precedent", "label"),
    ),
    "diary_entry": (("annotator", "annotator"),),
    "release": (("annotator", "annotator"), ("codebook", "codebook")),
    "recipe": (("annotator", "annotator"),),
}

VALUES = ("attribute_value", "document_value")
"""Tables whose `value` holds the id of an entity where the attribute is one of entities."""


def parents(table: str, data: Mapping[str, Any], entity_attributes: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield (table, id) of the rows that a row names; `entity_attributes` are the ids of attributes of entities."""
    for field, parent in _FIELDS.get(table, ()):
        identity = data.get(field)
        if identity is not None:
            yield parent, identity
    if table == "note":
        yield data["kind"], data["target"]
    if table in VALUES and data["attribute"] in entity_attributes and isinstance(data["value"], str):
        yield "entity", data["value"]


def children(table: str) -> Iterator[tuple[str, str]]:
    """Yield (table, field) of the rows that may name a row of this table; values and notes are not among them."""
    for child, fields in _FIELDS.items():
        for field, parent in fields:
            if parent == table:
                yield child, field
