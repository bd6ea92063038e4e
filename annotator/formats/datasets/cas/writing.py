"""A document as feature structures: INCEpTION sees label, note, attributes and relations, the records have the rest.

A record is an object of JSON. What stands in a feature too is taken from there, if somebody has changed it since.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import orjson

from annotator.core.text import Utf16Positions
from annotator.formats.datasets.cas.structures import INITIAL_VIEW, Cas, Sofa, Structure
from annotator.formats.datasets.cas.types import (
    DOCUMENT,
    METADATA,
    OF_SPAN,
    RECORD,
    RELATION,
    SENTENCE,
    SPAN,
    clean,
    feature_name,
    unclean,
)
from annotator.formats.datasets.entries import Entry, SpanEntry, hull
from annotator.formats.datasets.extras import extras_of_document, extras_of_relation, extras_of_span

SOFA = "1"


def said(value: Any) -> str:
    """Return the value of an attribute as the text of a feature."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "; ".join(value)
    return json.dumps(value, ensure_ascii=False)


def text_hash(text: str) -> str:
    """Return what tells whether a text was changed."""
    return hashlib.sha256(text.encode()).hexdigest()


def cas_of(entry: Entry) -> Cas:
    """Return a document as a CAS with one text, whose ids are numbers from 1."""
    return _Making(entry).cas()


def attributes_of(entry: Entry) -> set[str]:
    """Return the names of the features that the attributes of a document need."""
    return {feature_name(key) for span in entry["spans"] for key in span.get("attributes", {})}


class _Making:
    def __init__(self, entry: Entry) -> None:
        self._entry = entry
        self._text = entry["text"]
        self._units = Utf16Positions(self._text)
        self._cas = Cas()

    def cas(self) -> Cas:
        entry, cas = self._entry, self._cas
        cas.sofas[SOFA] = Sofa(SOFA, INITIAL_VIEW, clean(self._text))
        self._add_document()
        for start, end in entry.get("sentences", ()):
            self._add(SENTENCE, {}, start, end)
        placed = {span["id"]: (self._add_span(span), span) for span in entry["spans"]}
        for relation in entry.get("relations", ()):
            self._add_relation(relation, placed[relation["from"]][0], *placed[relation["to"]])
        cas.members[SOFA] = set(cas.structures)
        return cas

    def _add(self, kind: str, features: dict[str, Any], start: int, end: int) -> str:
        identity = str(len(self._cas.structures) + 2)
        edges = {"sofa": SOFA, "begin": self._units.to_units(start), "end": self._units.to_units(end)}
        self._cas.structures[identity] = Structure(identity, kind, {**edges, **features})
        return identity

    def _add_document(self) -> None:
        entry = self._entry
        source = entry.get("source", {})
        about = {
            "language": source.get("language") or "x-unspecified",
            "documentTitle": source.get("title", ""),
            "documentId": entry.get("id", ""),
            "documentUri": source.get("url", ""),
        }
        self._add(METADATA, {key: clean(value) for key, value in about.items() if value}, 0, len(self._text))
        record: dict[str, Any] = {"id": entry.get("id", ""), "document": extras_of_document(entry, ("id",))}
        record["text_sha256"] = text_hash(self._text)
        if replaced := unclean(self._text):
            record["characters"] = replaced
        identity = str(len(self._cas.structures) + 2)
        self._cas.structures[identity] = Structure(identity, DOCUMENT, {"sofa": SOFA, RECORD: _json(record)})

    def _add_span(self, span: SpanEntry) -> str:
        start, end = hull(span)
        attributes = span.get("attributes", {})
        features = {key: clean(value) for key in OF_SPAN if (value := span.get(key))}  # type: ignore[arg-type]
        for key, value in attributes.items():
            features.setdefault(feature_name(key), clean(said(value)))
        record = {"id": span["id"], "label": span["label"], **extras_of_span(span)}
        if len(span["fragments"]) > 1 or span.get("pages"):
            record["fragments"] = span["fragments"]
        return self._add(SPAN, {**features, RECORD: _json(record)}, start, end)

    def _add_relation(self, relation: Any, source: str, target: str, span: SpanEntry) -> None:
        features = {"label": clean(relation["type"]), "Governor": source, "Dependent": target}
        if relation.get("note"):
            features["note"] = clean(relation["note"])
        features[RECORD] = _json({"type": relation["type"], **extras_of_relation(relation)})
        self._add(RELATION, features, *hull(span))


def _json(record: Mapping[str, Any]) -> str:
    """Return an object as text that any file can hold."""
    written = orjson.dumps(record).decode()
    return written if clean(written) == written else json.dumps(record, separators=(",", ":"), allow_nan=False)
