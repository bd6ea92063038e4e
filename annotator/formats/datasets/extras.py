"""What only this program says of a document, a span or a relation, in the free place of another program's format.

Such a place is an object under the key `OWN`. What is nothing (see `OF_NOTHING`) is left out, and comes back as that.
People may change the file, so what comes back is checked as strictly as a dataset line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NotRequired, get_type_hints

from annotator.formats.datasets.entries import EntryError
from annotator.formats.datasets.holding import OF_DOCUMENTS, OF_RELATIONS, OF_SOURCES, OF_SPANS

OWN = "annotator-jsonl"
"""The key that the object stands under."""

OF_NOTHING: Mapping[str, Any] = {
    "attributes": {},
    "annotator": "",
    "layer": "",
    "round": "",
    "origin": "manual",
    "score": None,
    "decided_from": [],
    "codebook": 0,
    "created": "",
    "note": "",
    "pages": [],
}
"""The values of a span's optional keys that are not written."""

_DOCUMENT_OF_NOTHING: Mapping[str, Any] = {
    "sentences": [],
    "read": [],
    "status": None,
    "statuses": [],
    "split": None,
    "duplicate_group": None,
}


def extras_of_span(span: Mapping[str, Any], without: Iterable[str] = ()) -> dict[str, Any]:
    """Return what is to be said of a span, all but the keys that have a place of their own."""
    return {key: span[key] for key in OF_SPANS if key not in without and span[key] != OF_NOTHING[key]}


def extras_of_relation(relation: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is to be said of a relation, its id included."""
    found = {key: relation[key] for key in OF_RELATIONS if relation[key]}
    return {"id": relation["id"], **found}


def extras_of_document(entry: Mapping[str, Any], without: Iterable[str] = ()) -> dict[str, Any]:
    """Return what is to be said of a document, all but the keys that have a place of their own."""
    wanted = [key for key in (*OF_DOCUMENTS, "source") if key not in without]
    return {key: entry[key] for key in wanted if key == "codebook" or entry[key] != _DOCUMENT_OF_NOTHING.get(key)}


def span_of_extras(extras: Any, where: str) -> dict[str, Any]:
    """Return the optional keys of a span. Raises EntryError that says what is wrong; `where` names the span."""
    nothing = {**OF_NOTHING, "attributes": {}, "decided_from": [], "pages": []}
    return nothing | _checked("span", extras, where)


def relation_of_extras(extras: Any, where: str) -> dict[str, Any]:
    """Return the optional keys of a relation, and its id if it is said. Raises EntryError as `span_of_extras`."""
    found = _checked("relation", extras, where)
    identity = {"id": found["id"]} if found.get("id") else {}
    return {**identity, **{key: found.get(key, "") for key in OF_RELATIONS}}


def document_of_extras(extras: Any, source: Mapping[str, Any]) -> dict[str, Any]:
    """Return the optional keys of a document but its id; the file may say `source` elsewhere. Raises EntryError."""
    found = _checked("document", extras, "the document")
    entry = {key: found.get(key, _fresh(_DOCUMENT_OF_NOTHING.get(key))) for key in OF_DOCUMENTS if key != "id"}
    entry["codebook"] = found.get("codebook", {"id": "", "version": 0})
    said = {**source, **found.get("source", {})}
    return {**entry, "source": {key: text_of(said.get(key)) for key in OF_SOURCES}}


def text_of(value: Any) -> str:
    """Return a value of somebody else's data as text, nothing as an empty one."""
    return value if isinstance(value, str) else "" if value is None else str(value)


def _fresh(value: Any) -> Any:
    return value.copy() if isinstance(value, list | dict) else value


def _checked(kind: str, extras: Any, where: str) -> dict[str, Any]:
    from pydantic import ValidationError

    try:
        return _adapters()[kind].validate_python(extras)
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(map(str, problem["loc"])) or "the object"
        raise EntryError(
            "what “{own}” says of {where} is not what this program writes there: {place}: {reason}.",
            own=OWN,
            where=where,
            place=place,
            reason=problem["msg"],
        ) from error


@lru_cache(maxsize=1)
def _adapters() -> dict[str, Any]:
    """Return what checks each kind of object, made of the types of the dataset line."""
    from pydantic import ConfigDict, TypeAdapter, with_config
    from typing_extensions import TypedDict

    from annotator.formats.datasets import model

    strict = with_config(ConfigDict(strict=True, allow_inf_nan=False))

    def adapter(name: str, types: Mapping[str, Any], keys: Iterable[str]) -> Any:
        shape = TypedDict(name, {key: NotRequired[types[key]] for key in keys})  # type: ignore[misc]
        return TypeAdapter(strict(shape))

    source = strict(TypedDict("Source", dict.fromkeys(OF_SOURCES, NotRequired[str])))  # type: ignore[misc]
    of_documents = {**get_type_hints(model.DatasetDocument, include_extras=True), "source": source}
    return {
        "span": adapter("Span", get_type_hints(model.DatasetSpan, include_extras=True), OF_SPANS),
        "relation": adapter(
            "Relation", get_type_hints(model.DatasetRelation, include_extras=True), ("id", *OF_RELATIONS)
        ),
        "document": adapter("Document", of_documents, (*OF_DOCUMENTS, "source")),
    }
