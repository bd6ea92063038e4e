"""Documents as AnnotationPages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote as quoted
from urllib.parse import unquote

from annotator.formats.datasets.entries import Entry, FormatContext, SpanEntry
from annotator.formats.datasets.extras import OWN, extras_of_document, extras_of_relation, extras_of_span
from annotator.formats.datasets.file_names import FileNames
from annotator.formats.datasets.lines import encode_line
from annotator.formats.datasets.output import Output

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
COLLECTION = "collection"
_COLLECTION_ID = "urn:x-annotator:collection"
_PERSON = "urn:x-annotator:person:"
_AROUND = 32
"""Code points of a text that a TextQuoteSelector repeats before and after its piece."""


def iri(kind: str, identity: str) -> str:
    """Return the IRI of something that only has an id here."""
    return f"urn:x-annotator:{kind}:{quoted(identity, safe='')}"


def person_of(identity: str) -> str:
    """Return the annotator that the id of a creator means."""
    return unquote(identity.removeprefix(_PERSON)) if identity.startswith(_PERSON) else identity


class PageWriter:
    """Writes a page for each document, linked to the next one; each is written when the next one is known."""

    def __init__(self, output: Output, context: FormatContext) -> None:
        self._output = output
        self._context = context
        self._names = FileNames(reserved=(COLLECTION,))
        self._waiting: tuple[str, dict[str, Any]] | None = None
        self._first = ""
        self._last = ""
        self._total = 0

    def add(self, entry: Entry) -> None:
        """Write the text of a document, and its page when the next one is added."""
        name = self._names.name(entry)
        items = _items(entry, f"{name}.txt", self._context)
        page = {
            "@context": CONTEXT,
            "id": f"{name}.jsonld",
            "type": "AnnotationPage",
            "partOf": _COLLECTION_ID,
            "startIndex": self._total,
            **({"prev": self._last} if self._last else {}),
        }
        self._output.path(f"{name}.txt").write_bytes(entry["text"].encode())
        self._write_waiting({"next": f"{name}.jsonld"})
        own = {"id": entry.get("id", ""), "document": extras_of_document(entry, ("id",))}
        self._waiting = name, {**page, "items": items, OWN: own}
        self._total += len(items)
        self._last = f"{name}.jsonld"
        self._first = self._first or self._last

    def finish(self) -> None:
        """Write the last page and the collection."""
        self._write_waiting({})
        title = {"label": self._context.title} if self._context.title else {}
        collection = {"@context": CONTEXT, "id": _COLLECTION_ID, "type": "AnnotationCollection", **title}
        collection |= {"total": self._total, "first": self._first, "last": self._last}
        self._output.path(f"{COLLECTION}.jsonld").write_bytes(encode_line(collection))

    def _write_waiting(self, more: Mapping[str, str]) -> None:
        if self._waiting is not None:
            name, page = self._waiting
            self._output.path(f"{name}.jsonld").write_bytes(encode_line({**page, **more}))


def _items(entry: Entry, source: str, context: FormatContext) -> list[dict[str, Any]]:
    spans = [_annotation(span, entry["text"], source, context.names) for span in entry["spans"]]
    return spans + [_link(one, context.names) for one in entry.get("relations", ())]


def _annotation(span: SpanEntry, text: str, source: str, names: Mapping[str, str]) -> dict[str, Any]:
    bodies = [_body("tagging", span["label"])]
    for key, value in span.get("attributes", {}).items():
        bodies.append(_body("classifying", f"{key}: {_shown(value)}"))
    if note := span.get("note", ""):
        bodies.append(_body("commenting", note))
    targets = [_target(start, end, text, source) for start, end in span["fragments"]]
    return {
        "id": iri("annotation", span["id"]),
        "type": "Annotation",
        "motivation": "tagging",
        **_creation(span, names),
        "body": bodies,
        "target": targets[0] if len(targets) == 1 else targets,
        OWN: {"id": span["id"], **extras_of_span(span, ("annotator", "created", "note"))},
    }


def _target(start: int, end: int, text: str, source: str) -> dict[str, Any]:
    around = {"prefix": text[max(0, start - _AROUND) : start], "suffix": text[end : end + _AROUND]}
    return {
        "source": source,
        "selector": [
            {"type": "TextQuoteSelector", "exact": text[start:end], **around},
            {"type": "TextPositionSelector", "start": start, "end": end},
        ],
    }


def _link(relation: Any, names: Mapping[str, str]) -> dict[str, Any]:
    own = {key: value for key, value in extras_of_relation(relation).items() if key not in _ELSEWHERE}
    bodies = [_body("tagging", relation["type"])]
    if relation.get("note"):
        bodies.append(_body("commenting", relation["note"]))
    return {
        "id": iri("relation", relation["id"]),
        "type": "Annotation",
        "motivation": "linking",
        **_creation(relation, names),
        "body": bodies,
        "target": [{"id": iri("annotation", relation[end])} for end in ("from", "to")],
        OWN: own,
    }


_ELSEWHERE = ("annotator", "created", "note")


def _body(purpose: str, value: str) -> dict[str, str]:
    return {"type": "TextualBody", "purpose": purpose, "value": value}


def _creation(one: Any, names: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if person := one.get("annotator"):
        name = {"name": names[person]} if person in names else {}
        found["creator"] = {"id": f"{_PERSON}{quoted(person, safe='')}", "type": "Person", **name}
    if one.get("created"):
        found["created"] = one["created"]
    return found


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
