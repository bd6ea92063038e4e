"""The columns of a dataset: said once, and written as `datasets` reads it in YAML, in Parquet and in Arrow.

A feature is the name of a value's type ("string", "int64", "float64"), `Classes`, a list of one feature, or a dict of
features. Lists are written as `list` in YAML and as JSON lists in the metadata of Parquet files: so versions of
`datasets` before and after 4.0 read them alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Feature = Any

_RANGE: Feature = ["int64"]
_SOURCE: Feature = dict.fromkeys(("file", "format", "title", "date", "url", "language"), "string")
_CODEBOOK: Feature = {"id": "string", "version": "int64"}

_SPAN: Feature = {
    "id": "string",
    "label": "string",
    "start": "int64",
    "end": "int64",
    "fragments": [_RANGE],
    "quote": "string",
    "attributes": [{"key": "string", "value": "string"}],
    "annotator": "string",
    "layer": "string",
    "round": "string",
    "origin": "string",
    "score": "float64",
    "decided_from": ["string"],
    "codebook": "int64",
    "created": "string",
    "note": "string",
    "pages": [{"page": "int64", "boxes": [["float64"]]}],
}

_RELATION: Feature = dict.fromkeys(("id", "type", "from", "to", "annotator", "layer", "created", "note"), "string")

DOCUMENTS: Mapping[str, Feature] = {
    "id": "string",
    "text": "string",
    "source": _SOURCE,
    "spans": [_SPAN],
    "relations": [_RELATION],
    "sentences": [_RANGE],
    "read": [_RANGE],
    "codebook": _CODEBOOK,
    "status": "string",
    "statuses": [{"layer": "string", "status": "string"}],
    "split": "string",
    "duplicate_group": "string",
}
"""A row for a document, with everything that a dataset line has."""


@dataclass(frozen=True, slots=True)
class Classes:
    """Whole numbers that stand for names, from 0 on: a ClassLabel."""

    names: tuple[str, ...]


def tokens(tags: tuple[str, ...]) -> Mapping[str, Feature]:
    """Return the columns of a row for a document as words with tags; `offsets` are where they stand in the text."""
    return {
        "id": "string",
        "tokens": ["string"],
        "ner_tags": [Classes(tags)],
        "offsets": [_RANGE],
        "text": "string",
        "source": _SOURCE,
        "sentences": [_RANGE],
        "read": [_RANGE],
        "codebook": _CODEBOOK,
        "status": "string",
        "split": "string",
        "duplicate_group": "string",
    }


def as_yaml(features: Mapping[str, Feature]) -> list[dict[str, Any]]:
    """Return columns as the list under `dataset_info: features:` of a dataset card."""
    return [{"name": name, **_yaml(feature)} for name, feature in features.items()]


def _yaml(feature: Feature) -> dict[str, Any]:
    if isinstance(feature, str):
        return {"dtype": feature}
    if isinstance(feature, Classes):
        names = {str(number): name for number, name in enumerate(feature.names)}
        return {"dtype": {"class_label": {"names": names}}}
    if isinstance(feature, dict):
        return {"struct": as_yaml(feature)}
    inner = feature[0]
    if isinstance(inner, Classes):
        # Programs that train on tags ask the column for its `feature`, which a sequence has in every version.
        return {"sequence": _yaml(inner)["dtype"]}
    if isinstance(inner, str):
        return {"list": inner}
    return {"list": as_yaml(inner) if isinstance(inner, dict) else _yaml(inner)}


def as_metadata(features: Mapping[str, Feature]) -> dict[str, Any]:
    """Return columns as the value of the key `huggingface` in the metadata of a Parquet file."""
    return {"info": {"features": {name: _metadata(feature) for name, feature in features.items()}}}


def _metadata(feature: Feature) -> Any:
    if isinstance(feature, str):
        return {"dtype": feature, "_type": "Value"}
    if isinstance(feature, Classes):
        return {"names": list(feature.names), "_type": "ClassLabel"}
    if isinstance(feature, dict):
        return {name: _metadata(inner) for name, inner in feature.items()}
    if isinstance(feature[0], Classes):
        return {"feature": _metadata(feature[0]), "_type": "Sequence"}
    return [_metadata(feature[0])]


def as_arrow(features: Mapping[str, Feature]) -> Any:
    """Return columns as a `pyarrow.Schema` with the metadata that `datasets` looks for."""
    import orjson
    import pyarrow

    schema = pyarrow.schema([(name, _arrow(feature)) for name, feature in features.items()])
    return schema.with_metadata({"huggingface": orjson.dumps(as_metadata(features))})


def _arrow(feature: Feature) -> Any:
    import pyarrow

    if isinstance(feature, Classes):
        return pyarrow.int64()
    if isinstance(feature, dict):
        return pyarrow.struct([(name, _arrow(inner)) for name, inner in feature.items()])
    if isinstance(feature, list):
        return pyarrow.list_(_arrow(feature[0]))
    return {"string": pyarrow.string(), "int64": pyarrow.int64(), "float64": pyarrow.float64()}[feature]


_MOST_NODES = 10_000
_DEEPEST = 20


def class_names(features: Any) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return the names of every ClassLabel by its path of columns, from features as a card or a file says them.

    A card has a list, a file an object. What is not understood is passed over: a card is written by people.
    """
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    walk = _in_yaml if isinstance(features, list) else _in_metadata
    for number, (path, names) in enumerate(walk(features, (), 0)):
        if number >= _MOST_NODES:
            break
        if names is not None:
            found.setdefault(path, names)
    return found


_Found = Iterator[tuple[tuple[str, ...], tuple[str, ...] | None]]
"""Paths with names, or with None where there is no ClassLabel: so that whoever walks can stop."""


def _in_yaml(feature: Any, path: tuple[str, ...], depth: int) -> _Found:
    yield path, None
    if depth > _DEEPEST:
        return
    if isinstance(feature, list):
        for one in feature:
            name = one.get("name") if isinstance(one, dict) else None
            yield from _in_yaml(one, (*path, name) if isinstance(name, str) else path, depth + 1)
    elif isinstance(feature, dict):
        names = _names(feature.get("class_label"))
        if names is not None:
            yield path, names
        for inner in feature.values():
            yield from _in_yaml(inner, path, depth + 1)


def _in_metadata(feature: Any, path: tuple[str, ...], depth: int) -> _Found:
    yield path, None
    if depth > _DEEPEST:
        return
    if isinstance(feature, list):
        for one in feature:
            yield from _in_metadata(one, path, depth + 1)
    elif isinstance(feature, dict) and not isinstance(feature.get("_type"), str):
        for name, inner in feature.items():
            yield from _in_metadata(inner, (*path, name), depth + 1)
    elif isinstance(feature, dict) and feature["_type"] == "ClassLabel":
        yield path, _names(feature)
    elif isinstance(feature, dict):
        yield from _in_metadata(feature.get("feature"), path, depth + 1)


def _names(label: Any) -> tuple[str, ...] | None:
    """Return the names of a ClassLabel, which stand in a list, or by their numbers."""
    names = label.get("names") if isinstance(label, dict) else None
    if isinstance(names, dict):
        try:
            ordered = sorted((int(number), name) for number, name in names.items())
        except (TypeError, ValueError):
            return None
        names = [name for _, name in ordered] if [n for n, _ in ordered] == list(range(len(ordered))) else None
    return tuple(map(str, names)) if isinstance(names, list) else None
