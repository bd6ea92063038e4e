"""Tables of spans, documents and relations as dataset entries: our own, and such as people made by hand.

What is read: a table of spans, and beside it one of documents with their texts and one of relations. Without a table of
documents each row has the text, or the first of a document's rows has it. A row has a label and says where it lies:
from start to end, by a length, by its quote where that stands once in the text, or nowhere, when no row does: then the
label is that of the whole text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotator.core.errors import DatasetError
from annotator.core.text import find_quotes
from annotator.formats.datasets.checks import shortened
from annotator.formats.datasets.entries import BadEntry, Entry, EntryError, FormatContext, SpanEntry
from annotator.formats.datasets.fields import checked
from annotator.formats.datasets.spooled_rows import Numbered, SpooledRows
from annotator.formats.datasets.table_cells import attribute_value, decimal, json_value, whole
from annotator.formats.datasets.table_columns import OF_DOCUMENTS, OF_RELATIONS, OF_SPANS, Columns, recognised
from annotator.formats.datasets.table_rows import KEYS, PART, RELATIONS, SPANS

_ORIGINS = frozenset(("manual", "imported", "suggested"))
_STATUSES = frozenset(("new", "in_progress", "done", "returned", "approved"))
_SOURCE = ("file", "format", "title", "date", "url", "language")
_PLAIN = ("layer", "round", "created", "note")
_PARAGRAPH_COUNTS = frozenset(("document_group", "beginning", "end", "segment"))
"""Headers of a program whose “Beginning” and “End” count paragraphs: there the segment alone says where it lies."""
UNLABELLED = "rows without a label"
UNKNOWN = "columns that were not understood"


@dataclass
class Table:
    """A table as it is read: `title` names it in messages, rows are numbered from 1, the header counted."""

    title: str
    header: Sequence[Any]
    rows: Iterable[Numbered]

    def __post_init__(self) -> None:
        self.rows = filter(_is_filled, self.rows)


@dataclass
class Tables:
    """The tables of one file; `beside` says in messages where the documents should have been."""

    file: str
    spans: Table
    documents: Table | None = None
    relations: Table | None = None
    beside: str = ""


def entries(tables: Tables, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    """Yield (row, entry); what is wrong with one row comes as a BadEntry of its own, before its document.

    Raises DatasetError where the tables lack what is needed to read any row; names the columns.
    """
    columns = recognised(tables.spans.header, OF_SPANS, context.codebook)
    has_documents = tables.documents is not None
    reader = _Spans(_settled(tables, columns, has_documents=has_documents), tables, context)
    for name in columns.unknown:
        context.losses.add(UNKNOWN, shortened(name))
    if tables.documents is not None:
        yield from _of_documents(tables, tables.documents, reader, context)
    else:
        yield from _of_texts(tables, reader)


def _settled(tables: Tables, columns: Columns, *, has_documents: bool) -> Columns:
    """Return the columns of the table of spans, those decided that have more than one meaning."""
    places = dict(columns.places)
    if _PARAGRAPH_COUNTS <= {str(cell).casefold().replace(" ", "_") for cell in tables.spans.header}:
        places.pop("start", None)
        places.pop("end", None)
    if has_documents and "text" in places and "quote" not in places:
        places["quote"] = places["text"]
    if "id" in places and "span" not in places and (has_documents or "document" in places):
        places["span"] = places["id"]
    elif "id" in places:
        places.setdefault("document", places["id"])
    places.setdefault("document", places.get("file", places.get("title", -1)))
    if places["document"] < 0:
        del places["document"]
    if "label" not in places and "labels" not in places:
        raise DatasetError(
            "{file} has no column of labels. Call it “label”; the columns are {columns}.{hint}",
            file=tables.spans.title,
            columns=shortened(", ".join(str(cell) for cell in tables.spans.header), 200) or "none",
            hint=" Is it the table of documents that lies beside one of spans? Choose that one."
            if "text" in places
            else "",
        )
    if not has_documents and "text" not in places:
        raise DatasetError(
            "{file} has no texts. Put them {beside}, with the columns “document” and “text”, or give each row a column "
            "“text”.",
            file=tables.file,
            beside=tables.beside,
        )
    return Columns(places, columns.attributes)


@dataclass
class _Spans:
    """Makes spans of rows."""

    columns: Columns
    tables: Tables
    context: FormatContext
    types: dict[str, str] = field(init=False)
    has_places: bool = field(init=False)

    def __post_init__(self) -> None:
        self.types = self.context.attribute_types()
        self.has_places = any(role in self.columns for role in ("start", "end", "quote", "fragments"))

    def document_of(self, row: Sequence[Any]) -> str:
        """Return what a row calls its document, nothing where it does not."""
        return self.columns.text(row, "document")

    def of(self, rows: Iterable[Numbered], text: str) -> tuple[list[SpanEntry], list[tuple[int, BadEntry]]]:
        """Return the spans of a document's rows, and what is wrong with the others."""
        found: list[SpanEntry] = []
        bad: list[tuple[int, BadEntry]] = []
        known: set[str] = set()
        for number, row in rows:
            try:
                made = self._of_row(number, row, text)
            except EntryError as error:
                bad.append((number, _at(self.tables.spans, number, error)))
                continue
            for span in made:
                if span["id"] in known and "span_id_is_loose" in self.columns:
                    span["id"] = f"{span['id']}.{number}"
                known.add(span["id"])
                found.append(span)
        return found, bad

    def _of_row(self, number: int, row: list[Any], text: str) -> list[SpanEntry]:
        labels = self._labels(row)
        if not labels:
            if any(self.columns.text(row, role).strip() for role in ("quote", "start", "span")):
                self.context.losses.add(UNLABELLED, f"{self.tables.spans.title}, row {number}")
            return []
        span: SpanEntry = {
            "id": self.columns.text(row, "span") or f"row{number}",
            "label": labels[0],
            "fragments": self._fragments(row, text),
        }
        quote = self.columns.text(row, "quote")
        if quote and self._is_placed(row):
            span["quote"] = quote
        self._add_more(span, row)
        more = [{**span, "id": f"{span['id']}.{place}", "label": label} for place, label in enumerate(labels[1:], 2)]
        return [span, *more]  # type: ignore[list-item]

    def _labels(self, row: list[Any]) -> list[str]:
        label = self.columns.text(row, "label").strip()
        if label:
            return [label]
        several = self.columns.text(row, "labels").replace("\n", ";").replace("|", ";").split(";")
        return [part for part in dict.fromkeys(map(str.strip, several)) if part]

    def _is_placed(self, row: list[Any]) -> bool:
        return self.columns.cell(row, "start") not in (None, "") or bool(self.columns.text(row, "fragments"))

    def _fragments(self, row: list[Any], text: str) -> list[list[int]]:
        fragments = json_value(self.columns.cell(row, "fragments"), "“fragments”")
        if fragments is not None:
            return _ranges(fragments, "“fragments”", least=1)
        start = whole(self.columns.cell(row, "start"), "“start”")
        if start is None:
            return [self._by_quote(row, text)]
        end = whole(self.columns.cell(row, "end"), "“end”")
        if end is None:
            length = whole(self.columns.cell(row, "length"), "“length”")
            end = start + (len(self.columns.text(row, "quote")) if length is None else length)
        if not 0 <= start < end:
            raise EntryError("from {start} to {end} is no stretch of a text.", start=start, end=end)
        return [[start, end]]

    def _by_quote(self, row: list[Any], text: str) -> list[int]:
        quote = self.columns.text(row, "quote")
        if not quote.strip():
            if self.has_places:
                raise EntryError("there is neither a start nor a quote, so it lies nowhere.")
            return [0, len(text)]
        if text.count(quote) == 1 and text.find(quote, text.find(quote) + 1) < 0:
            return [text.find(quote), text.find(quote) + len(quote)]
        places = find_quotes(text, quote)
        if len(places) == 1:
            return list(places[0])
        raise EntryError(
            "there is no start, and the quote stands {count} times in the text: “{quote}”."
            if places
            else "there is no start, and the quote does not stand in the text: “{quote}”.",
            count=len(places),
            quote=shortened(quote),
        )

    def _add_more(self, span: SpanEntry, row: list[Any]) -> None:
        columns = self.columns
        if columns.attributes:
            values = {
                key: value
                for key, place in columns.attributes.items()
                if place < len(row) and (value := attribute_value(self.types.get(key, ""), row[place])) is not None
            }
            span["attributes"] = values
        if "annotator" in columns:
            self._add_annotator(span, row)
        for key in _PLAIN:
            if key in columns:
                span[key] = columns.text(row, key)  # type: ignore[literal-required]
        if "origin" in columns and (origin := columns.text(row, "origin").strip()) in _ORIGINS:
            span["origin"] = origin
        if "score" in columns:
            span["score"] = decimal(columns.cell(row, "score"), "“score”")
        if "codebook" in columns:
            span["codebook"] = whole(columns.cell(row, "codebook"), "“codebook”") or 0
        if "decided_from" in columns:
            found = json_value(columns.cell(row, "decided_from"), "“decided_from”") or []
            span["decided_from"] = [checked(one, str, "“decided_from”") for one in checked(found, list, "“decided_from”")]
        if "pages" in columns:
            span["pages"] = checked(json_value(columns.cell(row, "pages"), "“pages”") or [], list, "“pages”")

    def _add_annotator(self, span: SpanEntry, row: list[Any]) -> None:
        annotator = self.columns.text(row, "annotator")
        span["annotator"] = annotator
        if "layer" not in self.columns:
            span["layer"] = annotator
        if annotator and (name := self.columns.text(row, "annotator_name")):
            self.context.names[annotator] = name


def _of_documents(
    tables: Tables, documents: Table, reader: _Spans, context: FormatContext
) -> Iterator[tuple[int, Entry | BadEntry]]:
    columns = recognised(documents.header, OF_DOCUMENTS)
    if "text" not in columns:
        raise DatasetError(
            "{table} has no column of texts. Call it “text”; the columns are {columns}.",
            table=documents.title,
            columns=shortened(", ".join(str(cell) for cell in documents.header), 200) or "none",
        )
    identity = next((role for role in ("document", "id", "file", "title") if role in columns), "")
    keyed = ((reader.document_of(row), number, row) for number, row in tables.spans.rows)
    with SpooledRows(keyed) as spans, _relations(tables.relations) as relations:
        finder = _Finder(spans, columns, identity)
        rows = iter(documents.rows)
        upcoming = next(rows, None)
        while upcoming is not None:
            (number, row), upcoming = upcoming, next(rows, None)
            is_only = upcoming is None and finder.count == 0
            try:
                entry = _document(columns, row, identity)
            except EntryError as error:
                finder.rows(row, is_only=is_only)
                yield number, _at(documents, number, error)
                continue
            key, found = finder.rows(row, is_only=is_only)
            entry["spans"], bad = reader.of(found, entry["text"])
            yield from bad
            if relations is not None:
                yield from relations.add(entry, key)
            yield number, entry
        yield from finder.left(tables.spans, documents)
        if relations is not None:
            yield from relations.left()


class _Finder:
    """Finds the rows of each document: by its id, else by its title or file name."""

    def __init__(self, spans: SpooledRows, columns: Columns, identity: str) -> None:
        self.count = 0
        self._spans = spans
        self._columns = columns
        self._identity = identity
        self._named: set[str] = set()

    def rows(self, row: list[Any], *, is_only: bool) -> tuple[str, list[Numbered]]:
        """Return by what name the rows go, and the rows."""
        self.count += 1
        key = self._columns.text(row, self._identity)
        found = self._spans.take(key) if key else []
        if not found:
            for role in ("title", "file"):
                name = self._columns.text(row, role)
                if name and (taken := self._spans.take(name)):
                    return name, taken
        if is_only and not found:
            found = self._spans.take("")
        return key, found

    def left(self, spans: Table, documents: Table) -> Iterator[tuple[int, BadEntry]]:
        """Yield what is wrong with rows whose documents there are not."""
        for key in self._spans.keys():
            for number, _ in self._spans.take(key):
                problem = (
                    EntryError("the document “{name}” is not in {table}.", name=shortened(key), table=documents.title)
                    if key
                    else EntryError("no document is named, and there are several.")
                )
                yield number, _at(spans, number, problem)


def _document(columns: Columns, row: list[Any], identity: str) -> Entry:
    text = columns.text(row, "text")
    if not text:
        raise EntryError("there is no text.")
    source = {key: columns.text(row, key) for key in _SOURCE if key in columns}
    entry: Entry = {"text": text, "source": source, "spans": []}
    if name := columns.text(row, identity):
        entry["id"] = name
    for key in ("split", "duplicate_group"):
        if key in columns:
            entry[key] = columns.text(row, key) or None  # type: ignore[literal-required]
    if "status" in columns:
        status = columns.text(row, "status")
        entry["status"] = status if status in _STATUSES else None
    for key in ("read", "sentences"):
        if key in columns:
            entry[key] = _ranges(json_value(columns.cell(row, key), f"“{key}”") or [], f"“{key}”")  # type: ignore[literal-required]
    if "statuses" in columns:
        entry["statuses"] = _statuses(json_value(columns.cell(row, "statuses"), "“statuses”") or [])
    if "codebook" in columns and "codebook_version" in columns:
        version = whole(columns.cell(row, "codebook_version"), "“codebook_version”") or 0
        entry["codebook"] = {"id": columns.text(row, "codebook"), "version": version}
    return entry


def _statuses(data: Any) -> list[dict[str, str]]:
    found = []
    for one in checked(data, list, "“statuses”"):
        given = checked(one, dict, "a part of “statuses”")
        layer, status = given.get("layer"), given.get("status")
        if not isinstance(layer, str) or status not in _STATUSES:
            raise EntryError("a part of “statuses” is {found}, not a layer with its status.", found=f"{given!r:.60}")
        found.append({"layer": layer, "status": str(status)})
    return found


def _ranges(data: Any, what: str, least: int = 0) -> list[list[int]]:
    found = []
    for pair in checked(data, list, what):
        ends = checked(pair, list, f"a part of {what}")
        if len(ends) != 2 or not all(type(end) is int and end >= 0 for end in ends):
            raise EntryError("a part of {what} is {found}, not a start and an end.", what=what, found=f"{pair!r:.40}")
        found.append(ends)
    if len(found) < least:
        raise EntryError("{what} is empty.", what=what)
    return found


class _Relations:
    """Gives each document its relations."""

    def __init__(self, table: Table, spooled: SpooledRows, columns: Columns) -> None:
        self._table = table
        self._spooled = spooled
        self._columns = columns

    def __enter__(self) -> _Relations:
        return self

    def __exit__(self, *_: object) -> None:
        self._spooled.__exit__(None, None, None)

    def add(self, entry: Entry, key: str) -> Iterator[tuple[int, BadEntry]]:
        """Put the relations of a document into its entry, and yield what is wrong with others."""
        spans = {span["id"] for span in entry["spans"]}
        found: list[Any] = []
        for number, row in self._spooled.take(key):
            try:
                found.append(self._relation(number, row, spans))
            except EntryError as error:
                yield number, _at(self._table, number, error)
        entry["relations"] = found

    def left(self) -> Iterator[tuple[int, BadEntry]]:
        for key in self._spooled.keys():
            for number, _ in self._spooled.take(key):
                problem = EntryError("its document “{name}” is not there.", name=shortened(key))
                yield number, _at(self._table, number, problem)

    def _relation(self, number: int, row: list[Any], spans: set[str]) -> dict[str, str]:
        columns = self._columns
        kind = columns.text(row, "type").strip()
        if not kind:
            raise EntryError("the relation has no type.")
        found = {"id": columns.text(row, "relation") or f"relation{number}", "type": kind}
        for end in ("from", "to"):
            found[end] = columns.text(row, end)
            if found[end] not in spans:
                raise EntryError(
                    "the relation ends at span {span}, which is not there.", span=shortened(found[end]) or "?"
                )
        found |= {key: columns.text(row, key) for key in ("annotator", "layer", "created", "note") if key in columns}
        return found


class _NoRelations:
    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        pass


def _relations(table: Table | None) -> _Relations | _NoRelations:
    if table is None:
        return _NoRelations()
    columns = recognised(table.header, OF_RELATIONS)
    missing = [role for role in ("type", "from", "to") if role not in columns]
    if missing:
        raise DatasetError(
            "{table} has no column “{column}”. It needs “document”, “type”, “from” and “to”, with the ids of spans.",
            table=table.title,
            column=missing[0],
        )
    keyed = ((columns.text(row, "document"), number, row) for number, row in table.rows)
    return _Relations(table, SpooledRows(keyed), columns)


def _of_texts(tables: Tables, reader: _Spans) -> Iterator[tuple[int, Entry | BadEntry]]:
    """Yield the documents of a table whose rows have their texts: one a document's name, else one a text."""
    columns, table = reader.columns, tables.spans
    by_name = "document" in columns

    def key(row: list[Any]) -> str:
        if by_name and (name := reader.document_of(row)):
            return f"n{name}"
        return "t" + hashlib.sha256(columns.text(row, "text").encode()).hexdigest()

    with SpooledRows((key(row), number, row) for number, row in table.rows) as spooled:
        for name in spooled.keys():
            rows = spooled.take(name)
            number = rows[0][0]
            try:
                entry = _document_of(columns, rows, name[1:] if name[0] == "n" else "")
            except EntryError as error:
                yield number, _at(table, number, error)
                continue
            entry["spans"], bad = reader.of(rows, entry["text"])
            yield from bad
            yield number, entry


def _document_of(columns: Columns, rows: list[Numbered], identity: str) -> Entry:
    texts = {columns.text(row, "text"): number for number, row in reversed(rows)}
    first, *others = [(number, text) for text, number in reversed(texts.items()) if text] or [(0, "")]
    if not first[1]:
        raise EntryError("there is no text.")
    if others:
        raise EntryError(
            "the document “{name}” has another text in row {row}. Give each text a name of its own.",
            name=shortened(identity),
            row=others[0][0],
        )
    row = rows[0][1]
    source = {key: columns.text(row, key) for key in _SOURCE if key in columns}
    entry: Entry = {"text": first[1], "source": source, "spans": []}
    if identity:
        entry["id"] = identity
    if "split" in columns:
        entry["split"] = columns.text(row, "split") or None
    return entry


def _at(table: Table, number: int, error: EntryError) -> BadEntry:
    return BadEntry(EntryError("{table}, row {row}: " + error.template, table=table.title, row=number, **error.fields))


def _is_filled(numbered: Numbered) -> bool:
    return any(cell not in (None, "") for cell in numbered[1])


def joined_parts(table: Table, kind: str, unguarded: Callable[[Any], Any]) -> Table:
    raise NotImplementedError((SPANS, RELATIONS, KEYS, PART, unguarded, table, kind))
