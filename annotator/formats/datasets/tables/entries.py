"""Tables as dataset entries: a table of spans, and beside it those of documents with their texts and of relations.

Without a table of documents each row has the text, or the first of a document's rows has it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from annotator.core.errors import DatasetError
from annotator.formats.datasets.checks import shortened
from annotator.formats.datasets.entries import BadEntry, Entry, EntryError, FormatContext
from annotator.formats.datasets.tables.columns import OF_DOCUMENTS, Columns, recognised
from annotator.formats.datasets.tables.documents import document_of, source_of
from annotator.formats.datasets.tables.relations import RelationReader
from annotator.formats.datasets.tables.spans import SpanReader, reader_of
from annotator.formats.datasets.tables.spooled import SpooledRows
from annotator.formats.datasets.tables.table import Numbered, Table

Found = tuple[int, Entry | BadEntry]


@dataclass(frozen=True)
class Tables:
    """The tables of one file; `beside` says in messages where the documents would be if there were a table of them."""

    spans: Table
    documents: Table | None = None
    relations: Table | None = None
    beside: str = ""


def entries_of(tables: Tables, context: FormatContext) -> Iterator[Found]:
    """Yield (row, entry). What is wrong with one row comes as a BadEntry of its own, before its document.

    Raises DatasetError where the tables lack what is needed to read any row; names the columns there are.
    """
    documents = tables.documents
    reader = reader_of(tables.spans, context, tables.beside, has_documents=documents is not None)
    if documents is None:
        yield from _of_texts(reader)
        return
    columns = recognised(documents.header, OF_DOCUMENTS)
    if "text" not in columns:
        raise DatasetError(
            "{table} has no column of texts. Call it “text”; the columns are: {columns}.",
            table=documents.title,
            columns=documents.shown_header(),
        )
    keyed = ((reader.document_of(row), number, row) for number, row in reader.table.rows)
    with SpooledRows(keyed) as spans, RelationReader(tables.relations) as relations:
        finder = _Finder(spans, columns)
        for number, row, is_only in _with_outlook(documents.rows):
            try:
                name, rows = finder.rows(row, is_only=is_only)
                entry = document_of(columns, row, finder.identity)
            except EntryError as error:
                yield number, documents.at(number, error)
                continue
            entry["spans"], bad = reader.of(rows, entry["text"])
            yield from bad
            yield from relations.add(entry, name, is_only=is_only)
            yield number, entry
        yield from finder.left(reader.table, documents)
        yield from relations.left()


def _with_outlook(rows: Iterator[Numbered]) -> Iterator[tuple[int, list[Any], bool]]:
    """Yield numbers and rows, each with whether it is the only one."""
    first, second = next(rows, None), next(rows, None)
    if first is not None:
        yield *first, second is None
    if second is not None:
        yield *second, False
    for number, row in rows:
        yield number, row, False


class _Finder:
    """Finds the rows of each document: by its id, else by its title or the name of its file."""

    def __init__(self, spans: SpooledRows, columns: Columns) -> None:
        self.identity = next((role for role in ("document", "id", "file", "title") if role in columns), "")
        self._spans = spans
        self._columns = columns
        self._named: set[str] = set()

    def rows(self, row: list[Any], *, is_only: bool) -> tuple[str, list[Numbered]]:
        """Return under what name the rows of a document go, and the rows.

        Raises EntryError where another document of that title had rows before.
        """
        identity = self._columns.text(row, self.identity)
        found = self._spans.take(identity) if identity else []
        if found:
            return identity, found
        for name in {self._columns.text(row, role): None for role in ("title", "file")}:
            if name in self._named:
                raise EntryError("several documents are called “{name}”. Name them by their ids.", name=shortened(name))
            if name and (found := self._spans.take(name)):
                self._named.add(name)
                return name, found
        return identity, self._spans.take("") if is_only else []

    def left(self, spans: Table, documents: Table) -> Iterator[Found]:
        """Yield what is wrong with rows whose documents there are not."""
        for name in self._spans.names():
            for number, _ in self._spans.take(name):
                problem = EntryError("it names no document, and there are several.")
                if name:
                    problem = EntryError(
                        "its document “{name}” is not in {table}.", name=shortened(name), table=documents.title
                    )
                yield number, spans.at(number, problem)


def _of_texts(reader: SpanReader) -> Iterator[Found]:
    """Yield the documents of a table whose rows have their texts: those of one name, else those of one text."""
    columns, table = reader.columns, reader.table

    def key(row: list[Any]) -> str:
        name = reader.document_of(row)
        return f"n{name}" if name else "t" + hashlib.sha256(columns.text(row, "text").encode()).hexdigest()

    with SpooledRows((key(row), number, row) for number, row in table.rows) as spooled:
        for name in spooled.names():
            rows = spooled.take(name)
            number = rows[0][0]
            try:
                entry = _with_text(columns, rows, name[1:] if name[0] == "n" else "")
            except EntryError as error:
                yield number, table.at(number, error)
                continue
            entry["spans"], bad = reader.of(rows, entry["text"])
            yield from bad
            yield number, entry


def _with_text(columns: Columns, rows: list[Numbered], name: str) -> Entry:
    texts: dict[str, int] = {}
    for number, row in rows:
        if text := columns.text(row, "text"):
            texts.setdefault(text, number)
    if not texts:
        raise EntryError("there is no text.")
    if len(texts) > 1:
        raise EntryError(
            "the document “{name}” has another text in row {row}. Give each text a name of its own.",
            name=shortened(name),
            row=list(texts.values())[1],
        )
    row = rows[0][1]
    entry: Entry = {"text": next(iter(texts)), "source": source_of(columns, row), "spans": []}
    if name:
        entry["id"] = name
    if "split" in columns:
        entry["split"] = columns.text(row, "split") or None
    return entry
