"""Rows of a table of spans as spans of a text, wherever the row says that they lie.

That is from start to end, from start by a length, by fragments, or by the quote where it stands once in the text. Where
the table has no column for any of these, a label is that of the whole text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from annotator.core.errors import DatasetError
from annotator.core.text import find_quotes, normalise_newlines
from annotator.formats.datasets.checks import shortened
from annotator.formats.datasets.entries import BadEntry, EntryError, FormatContext, SpanEntry
from annotator.formats.datasets.fields import checked, position
from annotator.formats.datasets.tables.cells import PLAIN_TEXTS, attribute_value, decimal, json_value, shown, whole
from annotator.formats.datasets.tables.columns import OF_SPANS, Columns, key_of, recognised
from annotator.formats.datasets.tables.documents import ranges
from annotator.formats.datasets.tables.table import Numbered, Table

UNLABELLED = "rows without a label"
UNKNOWN = "columns that were not understood"

_ORIGINS = frozenset(("manual", "imported", "suggested"))
_TEXTS = ("annotator", "layer", "round", "created", "note")
_PLACES = ("start", "end", "quote", "fragments")
_COUNTS_PARAGRAPHS = frozenset(("document_group", "beginning", "end", "segment"))
"""Headers of MAXQDA's list of coded segments: its beginnings and ends count paragraphs, so only the segment counts."""


class SpanReader:
    """Makes spans of the rows of a table. `loose_ids` says that an id may stand in several rows."""

    def __init__(self, table: Table, columns: Columns, context: FormatContext, *, loose_ids: bool) -> None:
        self.table = table
        self.columns = columns
        self._losses = context.losses
        self._names = context.names
        self._loose_ids = loose_ids
        self._width = len(table.header)
        self._has_places = any(role in columns for role in _PLACES)
        types = context.attribute_types()
        self._attributes = [(key, place, types.get(key, "")) for key, place in columns.attributes.items()]
        self._texts = [(key, columns.places[key]) for key in _TEXTS if key in columns]
        self._fields = [(columns.places[key], take) for key, take in _FIELDS.items() if key in columns]

    def document_of(self, row: Sequence[Any]) -> str:
        """Return what a row calls its document, nothing where it does not."""
        return self.columns.text(row, "document")

    def of(self, rows: Iterable[Numbered], text: str) -> tuple[list[SpanEntry], list[tuple[int, BadEntry]]]:
        """Return the spans of a document's rows, and what is wrong with other rows of it."""
        found: list[SpanEntry] = []
        bad: list[tuple[int, BadEntry]] = []
        known: set[str] = set()
        for number, row in rows:
            if len(row) < self._width:
                row.extend([None] * (self._width - len(row)))
            try:
                make = self._inside if self._holds_spans(row) else self._of_row
                for span in make(number, row, text):
                    if self._loose_ids and span["id"] in known:
                        span["id"] = f"{span['id']}.{number}"
                    known.add(span["id"])
                    found.append(span)
            except EntryError as error:
                bad.append((number, self.table.at(number, error)))
        return found, bad

    def _holds_spans(self, row: list[Any]) -> bool:
        """Say whether the cell of labels holds all spans of its text as JSON, as Label Studio writes CSV."""
        return self.columns.text(row, "label").startswith(("[{", '{"choices"'))

    def _inside(self, number: int, row: list[Any], text: str) -> list[SpanEntry]:
        found = json_value(self.columns.text(row, "label"), "“label”")
        spans: list[SpanEntry]
        if isinstance(found, dict):
            names = checked(found.get("choices"), list, "“choices”")
            spans = [{"id": "", "label": name, "fragments": [[0, len(text)]]} for name in names]
        else:
            spans = [one for region in found for one in _of_region(region, len(text))]
        for place, span in enumerate(spans, 1):
            span["label"] = checked(span["label"], str, "a label")
            span["id"] = f"row{number}.{place}"
            self._add_facts(span, row)
        return spans

    def _of_row(self, number: int, row: list[Any], text: str) -> list[SpanEntry]:
        columns = self.columns
        labels = self._labels(row)
        if not labels:
            if any(columns.text(row, role).strip() for role in ("quote", "start", "span")):
                self._losses.add(UNLABELLED, f"{self.table.title}, row {number}")
            return []
        quote = columns.text(row, "quote")
        fragments = self._stated(row, quote)
        span: SpanEntry = {
            "id": columns.text(row, "span") or f"row{number}",
            "label": labels[0],
            "fragments": fragments or [_by_quote(quote, text, has_places=self._has_places)],
        }
        if quote and fragments:
            span["quote"] = _with_line_ends_of(text, quote) if "\r" in quote else quote
        self._add_facts(span, row)
        others = ({**span, "id": f"{span['id']}.{place}", "label": label} for place, label in enumerate(labels[1:], 2))
        return [span, *others]  # type: ignore[list-item]

    def _add_facts(self, span: SpanEntry, row: list[Any]) -> None:
        self._add_attributes(span, row)
        for key, place in self._texts:
            span[key] = shown(row[place])
        for place, take in self._fields:
            take(span, row[place])
        if "annotator" in span:
            self._add_person(span, row)

    def _labels(self, row: list[Any]) -> list[str]:
        label = self.columns.text(row, "label").strip()
        if label:
            return [label]
        several = self.columns.text(row, "labels").replace("\n", ";").replace("|", ";").split(";")
        return [part for part in dict.fromkeys(map(str.strip, several)) if part]

    def _stated(self, row: list[Any], quote: str) -> list[list[int]] | None:
        """Return where the row says in numbers that its span lies, None where it does not."""
        columns = self.columns
        fragments = json_value(columns.cell(row, "fragments"), "“fragments”")
        if fragments is not None:
            return ranges(fragments, "“fragments”") or None
        start = whole(columns.cell(row, "start"), "“start”")
        if start is None:
            return None
        end = whole(columns.cell(row, "end"), "“end”")
        if end is None:
            length = whole(columns.cell(row, "length"), "“length”")
            end = start + (len(quote) if length is None else length)
        if not 0 <= start < end:
            raise EntryError("from {start} to {end} is no stretch of a text.", start=start, end=end)
        return [[start, end]]

    def _add_attributes(self, span: SpanEntry, row: list[Any]) -> None:
        if not self._attributes:
            return
        values = {}
        for key, place, kind in self._attributes:
            cell = row[place]
            if cell is None or cell == "":
                continue
            is_plain = kind in PLAIN_TEXTS and cell.__class__ is str and cell[0] != "j"
            values[key] = cell if is_plain else attribute_value(kind, cell)
        span["attributes"] = values

    def _add_person(self, span: SpanEntry, row: list[Any]) -> None:
        annotator = span.get("annotator", "")
        if "layer" not in self.columns:
            span["layer"] = annotator
        if annotator and (name := self.columns.text(row, "annotator_name")):
            self._names[annotator] = name


def _of_region(data: Any, length: int) -> list[Any]:
    """Return the spans of one region, one for each of its labels; without a place it is the whole text."""
    region = checked(data, dict, "a part of “label”")
    labels = checked(region.get("labels") or region.get("choices") or [], list, "the labels in a part of “label”")
    if region.get("start") is None:
        return [{"label": label, "fragments": [[0, length]]} for label in labels]
    start, end = (position(region.get(name), f"“{name}” of a part of “label”") for name in ("start", "end"))
    if start >= end:
        raise EntryError("from {start} to {end} is no stretch of a text.", start=start, end=end)
    quote = {"quote": region["text"]} if isinstance(region.get("text"), str) else {}
    return [{"label": label, "fragments": [[start, end]], **quote} for label in labels]


def _with_line_ends_of(text: str, quote: str) -> str:
    """Return a quote whose line ends a program rewrote as the text has them."""
    return quote if "\r" in text else normalise_newlines(quote)


def _take_origin(span: SpanEntry, cell: Any) -> None:
    if (origin := shown(cell).strip()) in _ORIGINS:
        span["origin"] = origin


def _take_score(span: SpanEntry, cell: Any) -> None:
    span["score"] = decimal(cell, "“score”")


def _take_codebook(span: SpanEntry, cell: Any) -> None:
    span["codebook"] = whole(cell, "“codebook”") or 0


def _take_decided_from(span: SpanEntry, cell: Any) -> None:
    found = checked(json_value(cell, "“decided_from”") or [], list, "“decided_from”")
    span["decided_from"] = [checked(one, str, "a part of “decided_from”") for one in found]


def _take_pages(span: SpanEntry, cell: Any) -> None:
    span["pages"] = checked(json_value(cell, "“pages”") or [], list, "“pages”")


_FIELDS: dict[str, Callable[[SpanEntry, Any], None]] = {
    "origin": _take_origin,
    "score": _take_score,
    "codebook": _take_codebook,
    "decided_from": _take_decided_from,
    "pages": _take_pages,
}


def _by_quote(quote: str, text: str, *, has_places: bool) -> list[int]:
    """Return where a quote stands in the text, all white space being alike where it does not stand there as it is."""
    if not quote.strip():
        if has_places:
            raise EntryError("it has neither a start nor a quote, so it lies nowhere.")
        return [0, len(text)]
    start = text.find(quote)
    if start >= 0 and text.find(quote, start + 1) < 0:
        return [start, start + len(quote)]
    places = find_quotes(text, quote)
    if len(places) == 1:
        return list(places[0])
    raise EntryError(
        "it has no start, and its quote stands {count} times in the text: “{quote}”."
        if places
        else "it has no start, and its quote does not stand in the text: “{quote}”.",
        count=len(places),
        quote=shortened(quote),
    )


def reader_of(table: Table, context: FormatContext, beside: str, *, has_documents: bool) -> SpanReader:
    """Return the reader of a table, those columns decided that have more than one meaning.

    `beside` says in messages where a table of documents would have to be.

    Raises DatasetError where there are no labels or no texts; names the columns there are.
    """
    columns = recognised(table.header, OF_SPANS, context.codebook)
    places = dict(columns.places)
    if {key_of(name) for name in table.header} >= _COUNTS_PARAGRAPHS:
        del places["start"], places["end"]
    if has_documents and "text" in places:
        places.setdefault("quote", places["text"])
    loose_ids = "span" not in places
    if "id" in places:
        places.setdefault("span" if has_documents or "document" in places else "document", places["id"])
    for role in ("file", "title"):
        if role in places:
            places.setdefault("document", places[role])
    _refuse_useless(table, places, beside, has_documents=has_documents)
    for name in columns.unknown:
        context.losses.add(UNKNOWN, shortened(name))
    return SpanReader(table, Columns(places, columns.attributes), context, loose_ids=loose_ids)


def _refuse_useless(table: Table, places: dict[str, int], beside: str, *, has_documents: bool) -> None:
    if "label" not in places and "labels" not in places:
        raise DatasetError(
            "{table} has no column of labels. Call it “label”; the columns are: {columns}.",
            table=table.title,
            columns=table.shown_header(),
        )
    if not has_documents and "text" not in places:
        raise DatasetError(
            "{table} comes without the texts. Put them into {beside}, with the columns “document” and “text”, or give "
            "each row its text in a column “text”.",
            table=table.title,
            beside=beside,
        )
