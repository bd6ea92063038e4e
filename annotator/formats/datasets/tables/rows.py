"""Dataset entries as rows of three tables: spans, documents and relations, for CSV files and spreadsheets alike.

A row a span repeats title, date, address and language of its document, so that it can be filtered and counted without
joining tables; the table of documents is what counts when they differ. Positions are code points, half-open.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from annotator.formats.datasets.checks import shortened
from annotator.formats.datasets.entries import Entry, FormatContext, Line, hull
from annotator.formats.datasets.holding import EVERYTHING, kept, loses
from annotator.formats.datasets.tables.cells import Cell, attribute_cell, json_text

NULS = "NUL characters in texts (each becomes U+FFFD)"
OTHER_ATTRIBUTES = "attributes that the codebook does not have"
LOSES = loses(EVERYTHING, more=(NULS, OTHER_ATTRIBUTES))

ATTRIBUTE = "attribute."
"""What the header of an attribute's column begins with; its key follows."""

SPANS, DOCUMENTS, RELATIONS = "spans", "documents", "relations"
PART = "part"
"""The column of spreadsheets that says which part of a row this is, such as “2 of 3”; blank where it is whole."""

_BEFORE = ("document", "title", "date", "url", "language", "span", "label", "start", "end", "fragments", "quote")
_AFTER = ("annotator", "annotator_name", "layer", "round", "origin", "score", "codebook", "created", "note")
_LAST = ("decided_from", "pages")
DOCUMENT_COLUMNS = (
    *("document", "title", "date", "url", "language", "file", "format", "status", "split", "duplicate_group"),
    *("codebook", "codebook_version", "statuses", "read", "sentences", "text"),
)
RELATION_COLUMNS = (
    *("document", "relation", "type", "from", "to", "from_label", "from_quote", "to_label", "to_quote"),
    *("annotator", "layer", "created", "note"),
)
KEYS = {SPANS: ("document", "span"), DOCUMENTS: ("document",), RELATIONS: ("document", "relation")}
"""The columns that the parts of a divided row repeat, by the table's name."""


def span_columns(context: FormatContext) -> tuple[str, ...]:
    """Return the header of the table of spans, a column for each attribute of the codebook."""
    attributes = (f"{ATTRIBUTE}{key}" for key in context.attribute_types())
    return (*_BEFORE, *attributes, *_AFTER, *_LAST)


def held(line: Line, context: FormatContext) -> Entry:
    """Return what tables keep of a line: everything, but that no program reads NUL in a table."""
    entry = kept(line, EVERYTHING, context.losses)
    if "\0" in entry["text"]:
        context.losses.add(NULS, shortened(line["source"]["title"] or line["id"]), entry["text"].count("\0"))
        entry["text"] = entry["text"].replace("\0", "\N{REPLACEMENT CHARACTER}")
    known = context.attribute_types()
    for span in entry["spans"]:
        attributes = span.get("attributes", {})
        if not attributes.keys() <= known.keys():
            for key in attributes.keys() - known.keys():
                context.losses.add(OTHER_ATTRIBUTES, key)
            span["attributes"] = {key: value for key, value in attributes.items() if key in known}
    return entry


def document_row(entry: Entry) -> list[Cell]:
    """Return the row of a document, in the order of `DOCUMENT_COLUMNS`."""
    source, codebook = entry.get("source", {}), entry.get("codebook", {})
    return [
        entry.get("id"),
        *(source.get(key) for key in ("title", "date", "url", "language", "file", "format")),
        *(entry.get(key) for key in ("status", "split", "duplicate_group")),
        codebook.get("id"),
        codebook.get("version"),
        *(_json_or_none(entry.get(key)) for key in ("statuses", "read", "sentences")),
        entry["text"],
    ]


class SpanRows:
    """Makes the rows of spans, in the order of `span_columns`."""

    def __init__(self, context: FormatContext) -> None:
        self._types = tuple(context.attribute_types().items())
        self._names = context.names

    def of(self, entry: Entry) -> Iterator[list[Cell]]:
        """Yield a row for each span of a document."""
        source, text, names, types = entry.get("source", {}), entry["text"], self._names, self._types
        before = [entry.get("id"), *(source.get(key) for key in ("title", "date", "url", "language"))]
        for span in entry["spans"]:
            start, end = hull(span)
            fragments, attributes = span["fragments"], span.get("attributes", {})
            annotator = span.get("annotator", "")
            yield [
                *before,
                span["id"],
                span["label"],
                start,
                end,
                json_text(fragments) if len(fragments) > 1 else None,
                text[start:end],
                *[attribute_cell(kind, attributes[key]) if key in attributes else None for key, kind in types],
                annotator,
                names.get(annotator),
                span.get("layer"),
                span.get("round"),
                span.get("origin"),
                span.get("score"),
                span.get("codebook"),
                span.get("created"),
                span.get("note"),
                _json_or_none(span.get("decided_from")),
                _json_or_none(span.get("pages")),
            ]


def relation_rows(entry: Entry) -> Iterator[list[Cell]]:
    """Yield a row for each relation of a document, in the order of `RELATION_COLUMNS`."""
    relations = entry.get("relations", ())
    if not relations:
        return
    ends = {span["id"]: (span["label"], entry["text"][slice(*hull(span))]) for span in entry["spans"]}
    for one in relations:
        yield [
            entry.get("id"),
            *(one[key] for key in ("id", "type", "from", "to")),
            *ends[one["from"]],
            *ends[one["to"]],
            *(one.get(key) for key in ("annotator", "layer", "created", "note")),
        ]


def _json_or_none(value: Any) -> str | None:
    return json_text(value) if value else None
