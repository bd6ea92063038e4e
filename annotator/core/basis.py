"""What a decision was made on, as a decision keeps it: plain data that goes into JSON as it is.

`layers` are those compared and `chosen` those whose version went to gold, by id; `start` and `end` the hull in code
points, half-open. `annotations` and `relations` hold by id what there was: layer, label, fragments and values, or
layer, type, source and target. Entities stand by their id.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.core.cases import Case
from annotator.core.records import Annotation, Fragment, Relation

Basis = Mapping[str, Any]
RawValues = Mapping[str, Mapping[str, Any]]
"""Attribute values as they are stored, by annotation id and attribute id."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a project has now: ids of labels in use, of attributes, of entities."""

    labels: Collection[str]
    attributes: Collection[str]
    entities: Collection[str]
    entity_attributes: Collection[str]


def basis_of(case: Case, raw: RawValues, chosen: Sequence[str]) -> dict[str, Any]:
    """Return the basis of a decision on a case."""
    return {
        "layers": list(case.layers),
        "chosen": list(chosen),
        "start": case.start,
        "end": case.end,
        "annotations": {a.id: _annotation(a, raw.get(a.id, {})) for a in case.annotations},
        "relations": {r.id: _relation(r) for r in case.relations},
    }


def _annotation(annotation: Annotation, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "layer": annotation.layer,
        "label": annotation.label,
        "fragments": [list(fragment) for fragment in annotation.fragments],
        "values": [{"attribute": key, "value": values[key]} for key in sorted(values)],
    }


def _relation(relation: Relation) -> dict[str, Any]:
    return {"layer": relation.layer, "type": relation.type, "source": relation.source, "target": relation.target}


def annotations_in(basis: Basis) -> Mapping[str, Mapping[str, Any]]:
    """Return the annotations that were decided on, by id."""
    return basis.get("annotations", {})


def values_in(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of an annotation that was decided on, by attribute id."""
    return {value["attribute"]: value["value"] for value in entry.get("values", ())}


def fragments_in(entry: Mapping[str, Any]) -> tuple[Fragment, ...]:
    """Return the fragments of an annotation that was decided on."""
    return tuple((start, end) for start, end in entry["fragments"])


def hull_of(basis: Basis) -> Fragment:
    """Return where a decision stands in the text."""
    return basis.get("start", 0), basis.get("end", 0)


def is_unchanged(basis: Basis, case: Case, raw: RawValues, known: Known) -> bool:
    """Say whether a case is as it was when it was decided.

    What a change of the whole project did is none: labels and entities that were merged into others, attributes that
    were taken out. Neither is a layer that came in later and has nothing here.
    """
    before = annotations_in(basis)
    if set(before) != {annotation.id for annotation in case.annotations}:
        return False
    if not all(_is_same(before[a.id], a, raw.get(a.id, {}), known) for a in case.annotations):
        return False
    links = {(r["type"], r["source"], r["target"]) for r in basis.get("relations", {}).values()}
    return links == {(relation.type, relation.source, relation.target) for relation in case.relations}


def _is_same(before: Mapping[str, Any], now: Annotation, values: Mapping[str, Any], known: Known) -> bool:
    if fragments_in(before) != now.fragments:
        return False
    if before["label"] != now.label and before["label"] in known.labels:
        return False
    earlier = {key: value for key, value in values_in(before).items() if key in known.attributes}
    if set(earlier) != set(values):
        return False
    return all(
        value == values[key] or (key in known.entity_attributes and value not in known.entities)
        for key, value in earlier.items()
    )


def moved(
    basis: Basis, new_id: Callable[[str], str], place: Callable[[str, tuple[Fragment, ...]], Sequence[Fragment]]
) -> dict[str, Any]:
    """Return the basis for a new version of the document.

    `new_id` gives the id that a row has there. `place` says where the fragments lie in the new text that an annotation,
    by its id before, had when it was decided on; where they have no place they stay, so that the case is open again.
    """
    before = annotations_in(basis)
    annotations = {new_id(i): _moved(entry, place(i, fragments_in(entry))) for i, entry in before.items()}
    relations = {
        new_id(i): {**entry, "source": new_id(entry["source"]), "target": new_id(entry["target"])}
        for i, entry in basis.get("relations", {}).items()
    }
    fragments = [fragment for entry in annotations.values() for fragment in entry["fragments"]]
    start, end = hull_of(basis)
    if fragments:
        start, end = min(fragment[0] for fragment in fragments), max(fragment[1] for fragment in fragments)
    return {**basis, "start": start, "end": end, "annotations": annotations, "relations": relations}


def _moved(entry: Mapping[str, Any], fragments: Sequence[Fragment]) -> Mapping[str, Any]:
    return {**entry, "fragments": [list(fragment) for fragment in fragments]} if fragments else entry


def is_basis(data: Any) -> bool:
    """Say whether plain data from outside can be read as a basis; parts of it may be missing."""
    if not isinstance(data, Mapping):
        return False
    annotations, relations = data.get("annotations", {}), data.get("relations", {})
    start, end = hull_of(data)
    return (
        all(_are_texts(data.get(name, [])) for name in ("layers", "chosen"))
        and type(start) is type(end) is int
        and 0 <= start <= end
        and isinstance(annotations, Mapping)
        and all(map(_is_annotation, annotations.values()))
        and isinstance(relations, Mapping)
        and all(_has_texts(entry, ("layer", "type", "source", "target")) for entry in relations.values())
    )


def _are_texts(items: Any) -> bool:
    return isinstance(items, list | tuple) and all(isinstance(item, str) for item in items)


def _has_texts(entry: Any, names: Sequence[str]) -> bool:
    return isinstance(entry, Mapping) and all(isinstance(entry.get(name), str) for name in names)


def _is_annotation(entry: Any) -> bool:
    if not _has_texts(entry, ("layer", "label")):
        return False
    fragments, values = entry.get("fragments"), entry.get("values", [])
    return (
        isinstance(fragments, list | tuple)
        and bool(fragments)
        and all(map(_is_fragment, fragments))
        and isinstance(values, list | tuple)
        and all(_has_texts(value, ("attribute",)) and "value" in value for value in values)
    )


def _is_fragment(fragment: Any) -> bool:
    is_pair = isinstance(fragment, list | tuple) and len(fragment) == 2
    return is_pair and all(type(place) is int for place in fragment) and 0 <= fragment[0] < fragment[1]
